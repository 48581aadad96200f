"""Where a conversation stands when its messages change."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Office

Opens = Callable[..., Page]

TOP = "node => node.getBoundingClientRect().top"
NUMBERS = count(1)
BELOW = "node => node.scrollHeight - node.scrollTop - node.clientHeight"


@pytest.fixture
def channel(office: Office) -> Any:
    """A channel of its own for each test, long enough to scroll."""
    made = office.box.channel(
        f"long-{next(NUMBERS)}", members=[office.anna], private=False, with_bot=True
    )
    chat(office, made, 30)
    return made


def chat(office: Office, channel: Any, lines: int) -> list[str]:
    stamps = []
    for number in range(lines):
        text = f"line {number}\nand what follows"
        stamps.append(office.bot.chat_postMessage(channel=channel.id, text=text)["ts"])
    return stamps


def lists(page: Page) -> Locator:
    """Ask for the list; the message it comes in."""
    page.locator("#composer").fill("/desk-list")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next").wait_for()
    stamp = page.locator("#place .message").last.get_attribute("data-ts")
    return page.locator(f'#place [data-ts="{stamp}"]')


def settled(page: Page) -> None:
    """Two frames: whatever the browser adjusts of its own accord is adjusted."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_turned_page_stays_where_it_is(opens: Opens, office: Office, channel: Any) -> None:
    page = opens(place=channel)
    answer = lists(page)
    chat(office, channel, 30)
    expect(page.locator("#place .message")).to_have_count(61)
    answer.scroll_into_view_if_needed()
    answer.get_by_role("button", name="Next").scroll_into_view_if_needed()
    settled(page)
    before = answer.evaluate(TOP)
    answer.get_by_role("button", name="Next").click()
    expect(answer.get_by_role("button", name="Previous")).to_be_attached()
    settled(page)
    assert answer.evaluate(TOP) == pytest.approx(before, abs=1)
    assert page.locator("#place .message").nth(30).get_attribute("data-ts") == (
        answer.get_attribute("data-ts")
    )
    inside = page.evaluate("document.activeElement.closest('.message')?.dataset.ts")
    assert inside == answer.get_attribute("data-ts")


def test_at_the_end_a_turned_page_is_seen_to_its_end(opens: Opens, channel: Any) -> None:
    page = opens(place=channel)
    answer = lists(page)
    answer.get_by_role("button", name="Next").click()
    expect(answer.get_by_role("button", name="Previous")).to_be_in_viewport()
    settled(page)
    assert page.get_by_role("log").evaluate(BELOW) <= 1


def test_a_message_that_grows_above_moves_nothing(
    opens: Opens, office: Office, channel: Any
) -> None:
    page = opens(place=channel)
    stamps = chat(office, channel, 30)
    expect(page.locator("#place .message")).to_have_count(60)
    read = page.locator(f'#place [data-ts="{stamps[0]}"]')
    read.evaluate("node => node.scrollIntoView({block: 'center'})")
    settled(page)
    before = read.evaluate(TOP)
    history = office.bot.conversations_history(channel=channel.id, limit=100)["messages"]
    first = history[-1]["ts"]
    office.bot.chat_update(channel=channel.id, ts=first, text="now\n" * 20)
    expect(page.locator("#place .message").first).to_contain_text("now")
    settled(page)
    assert read.evaluate(TOP) == pytest.approx(before, abs=1)
    office.bot.chat_delete(channel=channel.id, ts=first)
    expect(page.locator("#place .message")).to_have_count(59)
    settled(page)
    assert read.evaluate(TOP) == pytest.approx(before, abs=1)


def test_an_answer_for_the_reader_is_scrolled_to_from_the_end(
    opens: Opens, office: Office, channel: Any
) -> None:
    page = opens(place=channel)
    expect(page.locator("#place .message")).to_have_count(30)
    text = "answer\n" * 12
    office.bot.chat_postEphemeral(channel=channel.id, user=office.anna.id, text=text)
    expect(page.locator("#place .ephemeral")).to_be_in_viewport(ratio=0.95)


def test_an_answer_for_the_reader_does_not_tear_them_from_what_they_read(
    opens: Opens, office: Office, channel: Any
) -> None:
    page = opens(place=channel)
    expect(page.locator("#place .message")).to_have_count(30)
    page.get_by_role("log").evaluate("node => { node.scrollTop = 200; }")
    settled(page)
    office.bot.chat_postEphemeral(channel=channel.id, user=office.anna.id, text="not now")
    expect(page.locator("#place .ephemeral")).to_be_attached()
    settled(page)
    assert page.get_by_role("log").evaluate("node => node.scrollTop") == 200
    page.get_by_role("button", name="New below").click()
    expect(page.locator("#place .ephemeral")).to_be_in_viewport()
    expect(page.get_by_role("button", name="New below")).to_be_hidden()
    expect(page.get_by_role("log")).to_be_focused()


def test_who_sends_a_command_is_taken_to_its_answer(opens: Opens, channel: Any) -> None:
    page = opens(place=channel)
    expect(page.locator("#place .message")).to_have_count(30)
    page.get_by_role("log").evaluate("node => { node.scrollTop = 0; }")
    settled(page)
    answer = lists(page)
    expect(answer.get_by_role("button", name="Next")).to_be_in_viewport()
