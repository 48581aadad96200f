"""People, channels, threads and links between them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Office

Opens = Callable[..., Page]


def says(page: Page, text: str) -> None:
    page.locator("#composer").fill(text)
    page.keyboard.press("Enter")


def test_a_newcomer_is_somebody_in_a_channel_at_once(browser: Browser, office: Office) -> None:
    page = browser.new_page()
    page.goto(office.box.url)
    expect(page.get_by_role("button", name="You are Anna Kern")).to_be_visible()
    expect(page.get_by_role("combobox", name="Message #alpha")).to_be_focused()
    page.context.close()


def test_another_person_sees_their_own_workspace(opens: Opens) -> None:
    page = opens()
    says(page, "/desk-add seen by anna alone")
    expect(page.get_by_text("Added: seen by anna alone")).to_be_visible()
    page.get_by_role("button", name="You are Anna Kern").click()
    page.get_by_role("option", name="Ben Okafor").click()
    expect(page.get_by_role("button", name="You are Ben Okafor")).to_be_visible()
    expect(page.locator("#sidebar").get_by_role("link", name="beta")).not_to_have_class("faded")
    expect(page.get_by_text("Added: seen by anna alone")).to_have_count(0)
    says(page, "ben was here")
    mine = page.get_by_role("article", name="Ben Okafor").filter(has_text="ben was here")
    expect(mine).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="You are Ben Okafor")).to_be_visible()


def test_messages_of_others_arrive_and_mark_their_channel(opens: Opens, office: Office) -> None:
    page = opens(office.ben, office.beta)
    alpha = page.locator("#sidebar").get_by_role("link", name="alpha")
    office.anna.says("are you there, ben?", office.alpha)
    expect(alpha).to_have_class("place-link unread")
    alpha.click()
    expect(page.get_by_role("log")).to_contain_text("are you there, ben?")
    expect(alpha).not_to_have_class("place-link unread")


def test_a_channel_one_is_not_in_offers_to_join(opens: Opens, office: Office) -> None:
    gamma = office.box.channel("gamma", members=[office.ben], private=False, with_bot=False)
    page = opens(place=gamma)
    page.get_by_role("button", name="Join channel").click()
    expect(page.get_by_role("combobox", name="Message #gamma")).to_be_visible()


def test_an_empty_channel_proposes_to_invite_the_app_and_slack_does(
    opens: Opens, office: Office
) -> None:
    delta = office.box.channel("delta", members=[office.anna], private=False, with_bot=False)
    page = opens(place=delta)
    tries = page.get_by_role("group", name="Try one of these").get_by_role("button")
    expect(tries).to_have_text(["/invite @desk", "/desk-add a first thing"])
    tries.first.click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("has joined the channel")
    assert office.bot.auth_test()["user_id"] in delta.members
    says(page, "/invite nobody")
    expect(page.get_by_role("alert")).to_contain_text("/invite takes who is to come in")


def test_a_thread_is_answered_in_its_panel(opens: Opens, office: Office) -> None:
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="a thing to talk about")
    page = opens()
    message = page.locator(f'#place [data-ts="{posted["ts"]}"]')
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("combobox", name="Reply")).to_be_focused()
    page.keyboard.type("talking")
    page.keyboard.press("Enter")
    expect(thread.get_by_role("article").filter(has_text="talking")).to_be_visible()
    expect(message.get_by_role("button", name="1 reply")).to_be_visible()
    expect(page.locator("#place").get_by_text("talking", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()
    expect(message).to_be_focused()


def test_the_app_answers_a_mention_in_the_thread(opens: Opens, office: Office) -> None:
    page = opens()
    says(page, "@desk do you hear me?")
    message = page.get_by_role("article").filter(has_text="do you hear me?")
    message.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Heard you.")


def test_a_command_in_a_thread_is_refused_in_slacks_words(opens: Opens, office: Office) -> None:
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="no commands below")
    page = opens(place=f"{office.alpha.id}/t{posted['ts']}")
    reply = page.get_by_role("combobox", name="Reply")
    reply.fill("/desk-add in vain")
    reply.press("Escape")
    expect(reply).to_have_value("/desk-add in vain")
    reply.press("Enter")
    refusal = page.get_by_role("alert").filter(has_text="is not supported in threads. Sorry!")
    expect(refusal).to_have_text("/desk-add is not supported in threads. Sorry!")
    expect(reply).to_have_value("/desk-add in vain")


def test_a_permalink_opens_its_message(opens: Opens, office: Office) -> None:
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="linked to")
    for number in range(25):
        office.bot.chat_postMessage(channel=office.alpha.id, text=f"later {number}")
    page = opens(place=f"{office.alpha.id}/p{posted['ts'].replace('.', '')}")
    message = page.locator(f'#place [data-ts="{posted["ts"]}"]')
    expect(message).to_be_focused()
    expect(message).to_be_in_viewport()


def test_a_link_to_a_reply_opens_its_thread(opens: Opens, office: Office) -> None:
    parent = office.bot.chat_postMessage(channel=office.alpha.id, text="linked from elsewhere")
    reply = office.bot.chat_postMessage(
        channel=office.alpha.id, thread_ts=parent["ts"], text="the reply meant"
    )
    link = office.bot.chat_getPermalink(channel=office.alpha.id, message_ts=reply["ts"])
    text = f"See <{link['permalink'].replace('&', '&amp;')}|what was said>"
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text=text)
    page = opens()
    page.locator(f'#place [data-ts="{posted["ts"]}"]').get_by_role("link").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(f'[data-ts="{reply["ts"]}"]')).to_be_focused()


def test_the_address_an_app_gets_for_a_message_opens_it(opens: Opens, office: Office) -> None:
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="opened from a mail")
    for number in range(25):
        office.bot.chat_postMessage(channel=office.alpha.id, text=f"since then {number}")
    link = office.bot.chat_getPermalink(channel=office.alpha.id, message_ts=posted["ts"])
    page = opens()
    page.goto(link["permalink"])
    message = page.locator(f'#place [data-ts="{posted["ts"]}"]')
    expect(message).to_be_focused()
    expect(message).to_be_in_viewport()
    page.goto(link["permalink"].rpartition("/")[0])
    expect(page.get_by_role("combobox", name="Message #alpha")).to_be_visible()


def test_the_address_of_a_reply_opens_its_thread(opens: Opens, office: Office) -> None:
    parent = office.bot.chat_postMessage(channel=office.alpha.id, text="asked in a mail")
    reply = office.bot.chat_postMessage(
        channel=office.alpha.id, thread_ts=parent["ts"], text="answered in a mail"
    )
    link = office.bot.chat_getPermalink(channel=office.alpha.id, message_ts=reply["ts"])
    page = opens()
    page.goto(link["permalink"])
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(f'[data-ts="{reply["ts"]}"]')).to_be_focused()


@pytest.mark.parametrize(
    "path", ["archives/C1/p12..", "archives/C1/p", "archives/C1/x1", "archives/"]
)
def test_an_address_of_no_message_is_not_found(opens: Opens, office: Office, path: str) -> None:
    response = opens().request.get(f"{office.box.url}/{path}", max_redirects=0)
    assert response.status == 404


@pytest.mark.parametrize(("name", "private"), [("for-everybody", False), ("for-members", True)])
def test_a_channel_is_added_for_all_or_for_its_members(
    opens: Opens, office: Office, name: str, private: bool
) -> None:
    page = opens()
    page.get_by_role("button", name="Add a channel").click()
    dialog = page.get_by_role("dialog", name="Add a channel")
    dialog.get_by_label("Name").fill(name)
    tick = dialog.get_by_role("checkbox", name="Private")
    expect(tick).not_to_be_checked()
    tick.set_checked(private)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name=f"Message #{name}")).to_be_visible()
    ben = opens(office.ben)
    expect(ben.locator("#sidebar").get_by_role("link", name="alpha")).to_be_visible()
    seen = ben.locator("#sidebar").get_by_role("link", name=name)
    expect(seen).to_have_count(0 if private else 1)


def test_a_channel_whose_name_is_taken_is_not_added(opens: Opens) -> None:
    page = opens()
    page.get_by_role("button", name="Add a channel").click()
    page.get_by_role("dialog").get_by_label("Name").fill("alpha")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.error")).to_be_visible()


def test_one_edits_and_deletes_what_one_said(opens: Opens) -> None:
    page = opens()
    says(page, "a mistake")
    message = page.get_by_role("article").filter(has_text="a mistake").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_label("Edit message").fill("a correction")
    page.keyboard.press("Enter")
    corrected = page.get_by_role("article").filter(has_text="a correction")
    expect(corrected).to_contain_text("(edited)")
    corrected.hover()
    corrected.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(corrected).to_have_count(0)
