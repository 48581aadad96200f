"""The demo: mail goes out by SMTP, answers come back by IMAP, threads are listened to."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.demo import run_demo
from tests.browser import PATIENCE_MS, open_browser


@pytest.fixture
def opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str, Callable[[Page], None]], None]:
    """Runs a demo that begins at a moment, and has somebody do something in its page."""
    monkeypatch.chdir(tmp_path)

    def run(begins: str, does: Callable[[Page], None]) -> None:
        def wait() -> None:
            lines = capsys.readouterr().out.splitlines()
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(next(line for line in lines if line.startswith("http")))
            does(page)
            page.close()

        with open_browser() as browser:
            run_demo(0, begins, wait)

    return run


def test_a_newcomer_sees_invitations_go_out_and_answers_come_back(
    opens: Callable[[str, Callable[[Page], None]], None],
) -> None:
    def looks(page: Page) -> None:
        answer(page)
        move(page)

    opens("2026-11-23 08:25", looks)


def test_a_line_in_a_meetings_thread_gets_its_mark(
    opens: Callable[[str, Callable[[Page], None]], None],
) -> None:
    opens("2026-11-24 09:58", captures)


def captures(page: Page) -> None:
    """Anna starts the jour fixe and writes into its thread."""
    page.get_by_role("link", name="pilot-plant").click()
    types(page, "/po-meet start")
    card = page.get_by_role("article").filter(has_text="Minutes are taken in the thread").last
    card.hover()
    card.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("combobox", name="Reply").fill("D: we test at site B")
    page.keyboard.press("Enter")
    line = thread.get_by_role("article").filter(has_text="D: we test at site B").first
    marks = line.get_by_role("list", name="Reactions")
    expect(marks).to_contain_text("1")


def answer(page: Page) -> None:
    """Somebody outside Slack accepts, Ben declines; the channel reads who is there."""
    page.get_by_role("link", name="Mail").click()
    expect(page.locator(".mail-row")).to_have_count(5)
    page.locator(".mail-row").filter(has_text="lee@supplier.example").click()
    card = page.get_by_role("region", name="Calendar")
    expect(card).to_contain_text("every week on Tuesday, 10:00–10:45")
    card.get_by_role("button", name="Accept").click()
    page.locator(".mail-row").filter(has_text="Ben Adler").click()
    expect(card).to_contain_text("Ben Adler")
    card.get_by_role("button", name="Decline").click()
    page.get_by_role("link", name="pilot-plant").click()
    for _try in range(20):
        types(page, "/po-meet show")
        told = page.get_by_role("article").last
        expect(told).to_contain_text("No answer yet")
        if "Can’t: Ben Adler" in told.inner_text():
            break
        page.wait_for_timeout(500)
    expect(told).to_contain_text("There: lee@supplier.example")
    expect(told).to_contain_text("Can’t: Ben Adler")


def move(page: Page) -> None:
    """A date is moved: five minutes later everybody's calendar is told of it."""
    types(page, "/po-meet move 2026-12-01 to wed 14:00 sure=yes")
    receipt = page.get_by_role("article").filter(has_text="5 people will be mailed")
    expect(receipt).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="+10 min").click()
    page.get_by_role("link", name="Mail").click()
    expect(page.locator(".mail-row")).to_have_count(10)
    page.locator(".mail-row").filter(has_text="Anna Kern").first.click()
    card = page.get_by_role("region", name="Calendar")
    expect(card).to_contain_text("Tue 1 Dec 2026, 10:00 → Wed 2 Dec 2026, 14:00–14:45")


def types(page: Page, line: str) -> None:
    page.locator("#composer").fill(line)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("#composer")).to_have_value("")
