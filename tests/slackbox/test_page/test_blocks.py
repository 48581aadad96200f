"""Block Kit as the page draws it, and what one does in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Office
from .desk import CARD

Opens = Callable[..., Page]


@pytest.fixture
def card(opens: Opens, office: Office) -> Locator:
    """A card just posted, found again by its timestamp whatever becomes of it."""
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="Alpha", blocks=CARD)
    return opens().locator(f'#place [data-ts="{posted["ts"]}"]')


def shown(opens: Opens, office: Office, *blocks: dict[str, Any], text: str = "text") -> Locator:
    """A message of these blocks, on screen."""
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text=text, blocks=list(blocks))
    return opens().locator(f'#place [data-ts="{posted["ts"]}"]')


def test_text_fields_and_tables_are_drawn(card: Locator) -> None:
    expect(card.get_by_role("heading", name="Alpha")).to_be_visible()
    expect(card.locator("strong", has_text="Bold")).to_be_visible()
    expect(card.locator("em", has_text="italic")).to_be_visible()
    expect(card.locator("code", has_text="code")).to_be_visible()
    expect(card.get_by_role("img", name=":large_green_circle:")).to_be_visible()
    expect(card.locator(".field")).to_have_text(["Cost\nG", "Scope\nA"])
    expect(card.get_by_role("columnheader")).to_have_text(["Id", "Thing"])
    expect(card.get_by_role("cell")).to_have_text(["A1", "Order devices"])


def test_an_option_is_picked_by_typing(card: Locator) -> None:
    select = card.get_by_role("combobox", name="Set colour")
    select.click()
    select.fill("amb")
    select.press("Enter")
    expect(card).to_contain_text("Chose Amber")


def test_a_person_is_picked_with_the_pointer(card: Locator) -> None:
    card.get_by_role("combobox", name="Give to").click()
    card.page.get_by_role("option", name="Ben Okafor").click()
    expect(card).to_contain_text("Given to @Ben Okafor")


def test_a_date_is_picked(card: Locator) -> None:
    card.locator("input[type=date]").fill("2026-12-04")
    expect(card).to_contain_text("Due 2026-12-04")


def test_an_overflow_menu_offers_its_options(card: Locator) -> None:
    card.get_by_role("button", name="More options").click()
    card.page.get_by_role("menuitem", name="History").click()
    expect(card).to_contain_text("Chose History")


def test_a_wide_step_is_confirmed_first(card: Locator) -> None:
    card.get_by_role("button", name="Delete").click()
    question = card.page.get_by_role("dialog", name="Delete it?")
    question.get_by_role("button", name="Keep").click()
    expect(card.get_by_role("heading", name="Alpha")).to_be_visible()
    card.get_by_role("button", name="Delete").click()
    question.get_by_role("button", name="Yes, delete").click()
    expect(card).to_contain_text("Deleted")


def test_rich_text_keeps_its_structure(opens: Opens, office: Office) -> None:
    def words(text: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": text, "style": style}

    def section(*elements: dict[str, Any]) -> dict[str, Any]:
        return {"type": "rich_text_section", "elements": list(elements)}

    elements = [
        section(
            words("A12", bold=True),
            {"type": "user", "user_id": office.ben.id},
            {"type": "emoji", "name": "warning"},
            {"type": "link", "url": "https://example.com/plan", "text": "plan"},
            {"type": "link", "url": "javascript:alert(1)", "text": "trap"},
            {"type": "date", "timestamp": 1764000000, "format": "{date_long}", "fallback": "then"},
        ),
        {"type": "rich_text_list", "style": "bullet", "elements": [section(words("one"))]},
        {"type": "rich_text_quote", "elements": [words("quoted")]},
        {"type": "rich_text_preformatted", "elements": [words("*not bold*")]},
    ]
    message = shown(opens, office, {"type": "rich_text", "elements": elements})
    expect(message.locator("strong")).to_have_text("A12")
    expect(message.locator(".mention")).to_have_text("@Ben Okafor")
    expect(message.get_by_role("img", name=":warning:")).to_be_visible()
    expect(message.get_by_role("link", name="plan")).to_have_attribute(
        "href", "https://example.com/plan"
    )
    expect(message.get_by_role("link", name="trap")).to_have_count(0)
    expect(message.locator("time.moment")).to_contain_text("November 2025")
    expect(message.get_by_role("listitem")).to_have_text("one")
    expect(message.locator("blockquote")).to_have_text("quoted")
    expect(message.locator("pre")).to_have_text("*not bold*")


def test_numbers_go_on_after_a_deeper_list_and_begin_anew_after_bullets(
    opens: Opens, office: Office
) -> None:
    def items(style: str, indent: int, *texts: str) -> dict[str, Any]:
        lines = [{"type": "text", "text": text} for text in texts]
        sections = [{"type": "rich_text_section", "elements": [line]} for line in lines]
        return {"type": "rich_text_list", "style": style, "indent": indent, "elements": sections}

    message = shown(
        opens,
        office,
        {
            "type": "rich_text",
            "elements": [
                items("bullet", 0, "a point", "another"),
                items("ordered", 0, "first", "second"),
                items("bullet", 1, "of the second"),
                items("ordered", 0, "third"),
            ],
        },
    )
    ordered = message.locator("ol")
    expect(ordered).to_have_count(2)
    assert ordered.evaluate_all("lists => lists.map(list => list.start)") == [1, 3]


def test_mrkdwn_is_formatted_where_it_is_meant_and_nowhere_else(
    opens: Opens, office: Office
) -> None:
    text = (
        "*bold* ~gone~ snake_case_name 3 * 4 * 5 &lt;b&gt; "
        f"<@{office.anna.id}> <#{office.alpha.id}> <https://example.com|site> "
        "<!date^1764000000^{date_num}|then>\n> quoted\n```a *b*\n<x```"
    )
    message = shown(opens, office, {"type": "section", "text": {"type": "mrkdwn", "text": text}})
    expect(message.locator("strong")).to_have_text("bold")
    expect(message.locator("s")).to_have_text("gone")
    expect(message).to_contain_text("snake_case_name 3 * 4 * 5 <b>")
    expect(message.locator(".mention")).to_have_text(["@Anna Kern", "#alpha"])
    expect(message.get_by_role("link", name="site")).to_have_attribute("target", "_blank")
    expect(message.locator("time.moment")).to_have_text("2025-11-24")
    expect(message.locator("blockquote")).to_have_text("quoted")
    expect(message.locator("pre")).to_have_text("a *b*\n<x")


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c636460f80f0001050101cfa7c06c0000000049454e44ae426082"
)


def test_pictures_are_shown_and_files_offered(opens: Opens, office: Office) -> None:
    for name, content in (("heat.png", PIXEL), ("actions.csv", b"id\r\nA1\r\n")):
        office.bot.files_upload_v2(
            channel=office.alpha.id, filename=name, title=f"The {name}", content=content
        )
    page = opens()
    picture = page.get_by_role("img", name="The heat.png").last
    expect(picture).to_have_js_property("naturalWidth", 1)
    table = page.get_by_role("link", name="The actions.csv").last
    address = table.evaluate("link => link.href")
    served = page.request.get(address)
    assert served.body() == b"id\r\nA1\r\n"


def test_reactions_and_edits_show(opens: Opens, office: Office) -> None:
    message = shown(opens, office, text="to be changed")
    ts = message.get_attribute("data-ts") or ""
    office.bot.reactions_add(channel=office.alpha.id, timestamp=ts, name="white_check_mark")
    expect(message.get_by_role("list", name="Reactions")).to_contain_text("1")
    office.bot.chat_update(channel=office.alpha.id, ts=ts, text="changed")
    expect(message).to_contain_text("changed (edited)")
