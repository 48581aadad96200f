"""Takes the README's pictures: one morning of the demo's project, as the people in it see it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import open_browser

FOLDER = Path(__file__).parent
BEGINS = "2026-11-24 08:20"  # a Tuesday: the digest comes at half past eight, the jour fixe at ten
LONG_MS = 60_000
NARROW, WIDE = (1000, 760), (1280, 900)


@contextmanager
def demo() -> Iterator[str]:
    """The demo at that hour; the address of its page."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--at", BEGINS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(line.strip() for line in process.stdout if line.startswith("http"))
        finally:
            process.terminate()


class Screen:
    """The demo's page, used by hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(LONG_MS)
        expect.set_options(timeout=LONG_MS)

    def goes_to(self, place: str) -> None:
        """Open a channel or the conversation with the bot."""
        self.page.locator("#sidebar").get_by_role("link", name=place).first.click()

    def is_now(self, name: str) -> None:
        """Go on as somebody else."""
        self.page.locator(".identity").click()
        self.page.get_by_role("option", name=name).click()
        expect(self.page.locator(".identity")).to_contain_text(name)

    def types(self, line: str, shows: str) -> None:
        """Type a line into the channel and wait for what is read then."""
        self.page.locator("#composer").fill(line)
        self.page.keyboard.press("Escape")  # what completes it would cover the page
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#place").get_by_text(shows).last).to_be_visible()

    def writes(self, mark: str, text: str) -> None:
        """Write a line into the open thread and wait for the bot's mark at it."""
        thread = self.page.locator("#thread")
        thread.locator(".composer-input").fill(f"{mark} {text}")
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Enter")
        mine = thread.get_by_role("article").filter(has_not=self.page.locator(".app-mark"))
        expect(mine.filter(has_text=text).locator(".reaction")).to_be_visible()

    def leaps(self, *steps: str) -> None:
        """Move office time on."""
        for step in steps:
            self.page.locator(".leaps").get_by_role("button", name=step, exact=True).click()

    def opens_thread(self, text: str) -> None:
        """Open the thread of the newest message that says so."""
        head = self.page.locator("#place").get_by_role("article").filter(has_text=text).last
        head.hover()
        head.get_by_role("button", name="Reply in thread").first.click()

    def takes(self, name: str, size: tuple[int, int] = WIDE) -> None:
        """Keep what stands on the page, once nothing moves any more."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=FOLDER / f"{name}.png")
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def digest(screen: Screen) -> None:
    screen.leaps("+10 min")
    screen.goes_to("Jourfixe")
    expect(screen.page.get_by_text("Your day").last).to_be_visible()
    screen.takes("digest", NARROW)


def channel(screen: Screen) -> None:
    screen.goes_to("pilot-plant")
    screen.types("/po-action add @dan mount the sensors by next fri", "mount the sensors")
    screen.types("/po-action", "Open actions")
    screen.takes("channel")


def agenda(screen: Screen) -> None:
    screen.types("/po-meet agenda", "Reorder")
    screen.takes("agenda", (1100, 1060))


def live(screen: Screen) -> None:
    screen.leaps("+1 h", "+10 min", "+10 min", "+10 min")
    screen.types("/po-meet start", "write into the thread")
    screen.opens_thread("Minutes are taken in the thread")
    screen.writes("N:", "devices arrive on Monday")
    screen.is_now("Dan Okafor")
    screen.writes("A: @dan", "order the pump by next fri")
    screen.is_now("Ben Adler")
    screen.writes("R: @ben", "customs delay p3 i4")
    screen.writes("A:", "rent a crane")
    screen.is_now("Anna Kern")
    screen.writes("D:", "we use site B, because it is cheaper and closer")
    screen.takes("live")


def minutes(screen: Screen) -> None:
    screen.leaps("+10 min", "+10 min", "+10 min")
    screen.types("/po-meet close", "Approve")
    screen.takes("minutes", (1280, 1000))


def invitation(screen: Screen) -> None:
    screen.types("/po-meet move 1 dec to wed 14:00", "Yes, do it")
    screen.page.get_by_role("button", name="Yes, do it").last.click()
    expect(screen.page.locator("#place").get_by_text("Undo").last).to_be_visible()
    screen.leaps("+10 min")
    screen.goes_to("Mail")
    row = screen.page.locator(".mail-row").filter(has_text="Moved").first
    row.click()
    screen.takes("invitation", (1280, 1000))


PICTURES: tuple[Callable[[Screen], None], ...] = (
    digest,
    channel,
    agenda,
    live,
    minutes,
    invitation,
)


if __name__ == "__main__":
    with demo() as url, open_browser() as browser:
        screen = Screen(browser.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}))
        screen.page.goto(url)
        for picture in PICTURES:
            picture(screen)
