"""The office as people use it: the real bot, the real page, a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from slackbox import Channel, Person
from tests.browser import PATIENCE_MS, open_browser
from tests.office import Office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


class Screen:
    """The page as one person has it open."""

    def __init__(self, browser: Browser, office: Office) -> None:
        self._office = office
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 860})
        self.page.set_default_timeout(PATIENCE_MS)

    def opens(self, who: Person, place: Channel | str) -> None:
        where = place if isinstance(place, str) else place.id
        self.page.goto(f"{self._office.box.url}/?as={who.id}#{where}")
        self.page.locator(".identity").wait_for(state="attached")

    def types(self, line: str) -> None:
        self.page.locator("#composer").fill(line)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Enter")

    def message(self, text: str) -> Locator:
        """The last message that says *text*."""
        return self.page.get_by_role("article").filter(has_text=text).last

    def receipt(self, text: str) -> Locator:
        """The receipt, for one person's eyes, that says *text*."""
        mine = self.page.get_by_role("article").filter(has_text="Only visible to you")
        return mine.filter(has_text=text).last

    def clicks(self, label: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=label, exact=True).click()

    def form(self) -> Locator:
        return self.page.get_by_role("dialog")


@pytest.fixture
def screen(browser: Browser, office: Office) -> Iterator[Screen]:
    screen = Screen(browser, office)
    screen.opens(office.anna, office.alpha)
    yield screen
    screen.page.close()


def test_a_typed_action_is_a_receipt_for_me_and_a_card_for_all(screen: Screen) -> None:
    screen.types("/po-action add send contract draft by next fri")
    expect(screen.receipt("A1 · send contract draft · Fri 4 Dec 2026")).to_be_visible()
    expect(screen.message("raised by Anna")).to_contain_text("send contract draft")


def test_a_clicked_undo_takes_it_back_on_the_card_too(screen: Screen) -> None:
    screen.types("/po-action add send contract draft")
    screen.clicks("Undo", screen.receipt("A1"))
    expect(screen.message("Undone: ")).to_be_visible()
    expect(screen.message("raised by Anna")).to_contain_text("withdrawn")


def test_a_risk_is_raised_by_its_form_alone(screen: Screen) -> None:
    screen.types("/po-risk")
    form = screen.form()
    form.get_by_label("Event").fill("Supplier's *late* & <b>sorry</b>")
    screen.clicks("Save", form)
    line = "R1 · Supplier's *late* & <b>sorry</b> · 9 of 25, medium"
    expect(screen.receipt(line)).to_be_visible()


def test_a_mistake_in_a_form_stands_beside_its_field(screen: Screen) -> None:
    screen.types("/po project new")
    form = screen.form()
    form.get_by_label("Name").fill("Alpha")
    screen.clicks("Save", form)
    expect(form).to_contain_text("There is a project of that name already.")


def test_what_was_given_is_accepted_in_the_direct_message(screen: Screen, office: Office) -> None:
    office.says("/po-action add @ben order test devices by fri")
    office.delivered()
    screen.opens(office.ben, office.ben.dm)
    screen.clicks("Accept", screen.message("Anna gave you A1"))
    expect(screen.message("You accepted A1")).to_be_visible()


def test_a_message_becomes_an_action_by_its_shortcut(screen: Screen, office: Office) -> None:
    office.ben.says("We need more test devices", office.alpha)
    screen.message("We need more test devices").hover()
    screen.clicks("More actions", screen.message("We need more test devices"))
    screen.page.get_by_role("menuitem", name="Add as action").click()
    form = screen.form()
    expect(form.get_by_label("Title")).to_have_value("We need more test devices")
    screen.clicks("Save", form)
    expect(screen.message("raised by Anna")).to_contain_text("We need more test devices")


def test_a_line_in_a_thread_is_typed_to_the_bot_by_name(screen: Screen, office: Office) -> None:
    parent = office.ben.says("Who books the room?", office.alpha)
    office.anna.says("@Jourfixe action add book the room by fri", office.alpha, thread=parent)
    expect(screen.message("raised by Anna")).to_contain_text("book the room")


def test_home_shows_my_list_and_my_projects(screen: Screen, office: Office) -> None:
    office.says("/po-action add @anna book the room by fri")
    office.says("/po-status red Everything is late")
    screen.opens(office.anna, "home")
    expect(screen.page.get_by_text("A1 · book the room")).to_be_visible()
    expect(screen.page.get_by_text("ALPHA · Alpha")).to_be_visible()
