"""Modals, message shortcuts and the app's Home tab."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Office

Opens = Callable[..., Page]


@pytest.fixture
def form(opens: Opens) -> Locator:
    """The form, opened by a command."""
    page = opens()
    page.locator("#composer").fill("/desk-form")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Add a thing")
    expect(dialog).to_be_visible()
    return dialog


def test_a_form_has_labels_hints_and_optional_marks(form: Locator) -> None:
    title = form.get_by_label("Title")
    expect(title).to_be_focused()
    expect(title).to_have_accessible_description("In one line.")
    expect(form.locator(".field-label", has_text="Owner")).to_have_text("Owner (optional)")


def test_an_empty_required_field_is_refused_below_itself(form: Locator) -> None:
    form.get_by_role("button", name="Add").click()
    field = form.locator(".field-block", has_text="Title")
    expect(field.get_by_role("alert")).to_have_text("Please complete this required field.")
    expect(form.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Title")).to_be_focused()


def test_what_the_app_refuses_stands_below_the_field(form: Locator) -> None:
    form.get_by_label("Title").fill("nothing")
    form.get_by_label("Title").press("Enter")
    expect(form.get_by_role("alert").first).to_have_text("Nothing is not a thing.")
    expect(form.get_by_label("Title")).to_have_value("nothing")


def test_a_filled_form_is_stored_and_closes(form: Locator, opens: Opens, office: Office) -> None:
    form.get_by_label("Title").fill("a thing of the form")
    owner = form.get_by_role("combobox", name="Owner")
    owner.click()
    form.page.get_by_role("option", name="Ben Okafor").click()
    form.get_by_label("Due").fill("2026-12-04")
    form.get_by_label("Note").fill("two\nlines")
    form.get_by_role("button", name="Add").click()
    expect(form).to_have_count(0)
    expect(form.page.locator("#sidebar .unread", has_text="Desk")).to_be_visible()
    form.page.locator("#sidebar").get_by_role("link", name="Desk").click()
    expect(form.page.get_by_text("Stored: a thing of the form")).to_be_visible()


def test_escape_closes_the_list_first_and_then_the_form(form: Locator) -> None:
    form.get_by_role("combobox", name="Owner").click()
    form.page.keyboard.press("Escape")
    expect(form).to_be_visible()
    expect(form.page.get_by_role("listbox", name="Owner: choices")).to_be_hidden()
    form.page.keyboard.press("Escape")
    expect(form).to_have_count(0)


def test_a_form_comes_back_as_it_was_left(form: Locator) -> None:
    form.get_by_label("Title").fill("half a title")
    form.get_by_role("button", name="Details").click()
    details = form.page.get_by_role("dialog", name="Details")
    expect(details).to_contain_text("All there is to know.")
    form.page.keyboard.press("Escape")
    expect(form.get_by_label("Title")).to_have_value("half a title")


def test_the_focus_stays_inside_the_form(form: Locator) -> None:
    for _ in range(12):
        form.page.keyboard.press("Tab")
        outside = (
            "document.activeElement !== document.body && !document.activeElement.closest('dialog')"
        )
        assert not form.page.evaluate(outside)


def test_a_button_opens_the_form_filled_in(opens: Opens) -> None:
    page = opens()
    page.locator("#composer").fill("/desk-add for the form")
    page.keyboard.press("Enter")
    answer = page.get_by_role("article").filter(has_text="Added: for the form")
    answer.get_by_role("button", name="Edit").click()
    expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value("from the button")


def test_a_message_shortcut_carries_the_message(opens: Opens, office: Office) -> None:
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="worth a thing")
    page = opens()
    message = page.locator(f'#place [data-ts="{posted["ts"]}"]')
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Add as thing").click()
    expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value("worth a thing")


def test_the_home_tab_shows_what_the_app_published(opens: Opens) -> None:
    page = opens(place="home")
    home = page.get_by_role("tabpanel")
    expect(home.get_by_role("heading", name="Good morning")).to_be_visible()
    home.get_by_role("button", name="Greet").click()
    expect(home.get_by_role("heading", name="Greeted")).to_be_visible()
    page.get_by_role("tab", name="Messages").click()
    expect(page.get_by_role("log")).to_be_visible()
