"""Commands typed into the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Opens = Callable[..., Page]

HOSTILE = "<img src=x onerror=\"document.title='taken'\"> & <b>bold</b> \\ 'it''s'"


def types(page: Page, text: str) -> None:
    """What a person does: click into the box, type, Enter."""
    page.locator("#composer").fill(text)
    page.keyboard.press("Enter")


def test_a_typed_command_is_answered_to_its_sender_only(opens: Opens) -> None:
    page = opens()
    types(page, "/desk-add chairs for the meeting room")
    answer = page.get_by_role("article").filter(has_text="Added: chairs for the meeting room")
    expect(answer).to_contain_text("Only visible to you")
    expect(page.locator("#composer")).to_have_value("")


def test_a_clicked_button_changes_its_message(opens: Opens) -> None:
    page = opens()
    types(page, "/desk-add something to undo")
    answer = page.get_by_role("article").filter(has_text="Added: something to undo")
    answer.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article").filter(has_text="Undone.").last).to_be_visible()
    expect(answer).to_have_count(0)


def test_hostile_text_is_shown_as_text(opens: Opens) -> None:
    page = opens()
    types(page, f"/desk-add {HOSTILE}")
    types(page, f"said {HOSTILE}")
    expect(page.get_by_role("article").filter(has_text=f"Added: {HOSTILE}").last).to_be_visible()
    expect(page.get_by_role("article").filter(has_text=f"said {HOSTILE}").last).to_be_visible()
    hostile = page.get_by_role("article").filter(has_text=HOSTILE)
    expect(hostile.locator("img, b")).to_have_count(0)
    assert "taken" not in page.title()


def test_a_command_nobody_answers_says_so_and_keeps_the_text(opens: Opens) -> None:
    page = opens()
    types(page, "/desk-silent keep this")
    expect(page.get_by_role("alert").filter(has_text="/desk-silent")).to_be_visible()
    expect(page.locator("#composer")).to_have_value("/desk-silent keep this")


def test_the_slash_proposes_commands_with_usage_and_example(opens: Opens) -> None:
    page = opens()
    page.locator("#composer").press_sequentially("/desk-add")
    proposals = page.get_by_role("listbox", name="Completions").get_by_role("option")
    expect(proposals.filter(has_text="Add a thing")).to_be_visible()
    urgent = proposals.filter(has_text="/desk-add urgent")
    expect(urgent).to_contain_text("/desk-add urgent <title>")
    expect(urgent).to_contain_text("e.g. /desk-add urgent call the supplier")
    page.locator("#composer").press_sequentially(" u")
    expect(proposals).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("#composer")).to_have_value("/desk-add urgent ")


def test_arrow_keys_choose_and_enter_completes(opens: Opens) -> None:
    page = opens()
    page.locator("#composer").press_sequentially("/desk-add ")
    active = page.locator(".completions .active")
    expect(page.get_by_role("option").filter(has_text="/desk-add urgent")).to_be_visible()
    expect(active).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(active).to_contain_text("/desk-add urgent")
    page.keyboard.press("ArrowDown")
    expect(active).to_contain_text("/desk-add later")
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_have_value("/desk-add later ")
    expect(page.locator(".composer .usage").first).to_contain_text("/desk-add later <title>")


def test_up_from_the_line_chooses_the_last_proposal(opens: Opens) -> None:
    page = opens()
    page.locator("#composer").press_sequentially("/desk-add ")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".completions .active")).to_contain_text("/desk-add later")


@pytest.mark.parametrize("line", ["urg", "urgent", "help"])
def test_enter_sends_the_line_as_typed_beside_longer_proposals(opens: Opens, line: str) -> None:
    page = opens()
    page.locator("#composer").press_sequentially(f"/desk-add {line}")
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_have_value("")
    answer = page.get_by_text(f"Added: {line}", exact=True)
    expect(answer.last).to_be_visible()


def test_enter_sends_a_short_command_that_is_the_beginning_of_others(opens: Opens) -> None:
    page = opens()
    page.locator("#composer").press_sequentially("/desk")
    expect(page.get_by_role("option").filter(has_text="/desk-form")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_have_value("")
    expect(page.get_by_text("Added:", exact=True).last).to_be_visible()


def test_the_at_sign_proposes_people(opens: Opens) -> None:
    page = opens()
    page.locator("#composer").press_sequentially("/desk give this to @be")
    expect(page.get_by_role("option").filter(has_text="Ben Okafor")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_have_value("/desk give this to @ben ")


def test_up_recalls_the_last_line_and_shift_enter_makes_a_new_one(opens: Opens) -> None:
    page = opens()
    types(page, "a line worth recalling")
    expect(page.locator("#composer")).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#composer")).to_have_value("a line worth recalling")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and another")
    expect(page.locator("#composer")).to_have_value("a line worth recalling\nand another")
