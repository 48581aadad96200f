"""The page without a mouse, on a phone, in the dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Office
from .desk import CARD

Opens = Callable[..., Page]

WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"


def test_a_command_a_form_and_a_menu_by_keyboard_only(opens: Opens) -> None:
    page = opens()
    expect(page.locator("#composer")).to_be_focused()
    page.keyboard.type("/desk-fo")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Add a thing")
    expect(dialog.get_by_label("Title")).to_be_focused()
    page.keyboard.type("typed only")
    page.keyboard.press("Tab")
    page.keyboard.type("ben")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("combobox", name="Owner")).to_have_value("Ben Okafor")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#composer")).to_be_focused()
    page.keyboard.type("a line for the menu")
    page.keyboard.press("Enter")
    said = page.get_by_role("article").filter(has_text="a line for the menu")
    expect(said).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(said).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(said.get_by_role("button", name="More actions")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Add as thing")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value("a line for the menu")


def test_the_arrow_keys_walk_through_messages(opens: Opens, office: Office) -> None:
    stamps = [
        office.bot.chat_postMessage(channel=office.alpha.id, text=f"step {number}")["ts"]
        for number in range(3)
    ]
    page = opens()
    last = page.locator(f'#place [data-ts="{stamps[2]}"]')
    last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(f'#place [data-ts="{stamps[1]}"]')).to_be_focused()
    page.keyboard.press("End")
    expect(last).to_be_focused()


def test_the_focus_can_be_seen(opens: Opens) -> None:
    page = opens()
    page.locator("#sidebar").get_by_role("link", name="alpha").focus()
    page.keyboard.press("Shift+Tab")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"


def test_the_person_is_switched_by_keyboard(opens: Opens) -> None:
    page = opens()
    page.get_by_role("button", name="You are Anna Kern").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="Anna Kern")).to_be_focused()
    page.keyboard.type("b")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="You are Ben Okafor")).to_be_visible()


def test_a_phone_never_scrolls_sideways(opens: Opens, office: Office) -> None:
    office.bot.chat_postMessage(channel=office.alpha.id, text="Alpha", blocks=CARD)
    office.bot.chat_postMessage(channel=office.alpha.id, text="x" * 400)
    page = opens(phone=True)
    expect(page.get_by_text("x" * 400)).to_be_visible()
    for place in (office.alpha.id, "home"):
        page.goto(f"{office.box.url}/#{place}")
        page.wait_for_timeout(200)
        wide, room = page.evaluate(WIDTHS)
        assert wide <= room == 390


def test_on_a_phone_the_sidebar_is_a_drawer_and_a_thread_fills_the_screen(
    opens: Opens, office: Office
) -> None:
    posted = office.bot.chat_postMessage(channel=office.alpha.id, text="small screen")
    page = opens(phone=True)
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    page.get_by_role("button", name="Channels and people").tap()
    expect(page.locator("#sidebar").get_by_role("link", name="alpha")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).not_to_be_in_viewport()
    page.goto(f"{office.box.url}/#{office.alpha.id}/t{posted['ts']}")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_be_visible()
    assert thread.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.go_back()
    expect(thread).to_be_hidden()


# Every pair of a text and the ground it stands on must reach 4.5 to 1 (WCAG 2.1, AA).
PALE = """() => {
  const channel = (part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const share = [0.2126, 0.7152, 0.0722];
  const light = (rgb) => share.reduce((sum, part, at) => sum + part * channel(rgb[at] / 255), 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.9) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility({ visibilityProperty: true })) continue;
    const [one, other] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const name = `${node.tagName}.${node.className} ${node.textContent.slice(0, 30)}`;
    if (ratio < 4.5) pale.push(`${name}: ${ratio.toFixed(2)}`);
  }
  return pale;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(opens: Opens, office: Office, scheme: str) -> None:
    office.bot.chat_postMessage(channel=office.alpha.id, text="Alpha", blocks=CARD)
    office.bot.chat_postEphemeral(channel=office.alpha.id, user=office.anna.id, text="a secret")
    page = opens(scheme=scheme)
    expect(page.get_by_text("a secret").last).to_be_visible()
    page.locator("#composer").press_sequentially("/desk-a")
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate(PALE) == []
