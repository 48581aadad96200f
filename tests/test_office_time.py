"""Office time: in a workspace on this machine it can be moved, and nothing else moves with it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot import clock
from bot.app import Bot
from bot.clock import OfficeClock
from bot.config import SettingsError, read_settings
from bot.delivery.decisions import bring_forward
from bot.delivery.outbox import Delivery, State, promise
from bot.demo import run_demo
from bot.manifest import manifest_of
from bot.messages import said
from slackbox import Box, Channel, Person
from tests.browser import PATIENCE_MS, open_browser
from tests.test_command_line import jourfixe

MONDAY = datetime(2026, 11, 23, 7, 55, tzinfo=ZoneInfo("Europe/Berlin"))
YEAR = timedelta(days=365)
ELSEWHERE = (
    "https://slack.com/api/",
    "https://127.0.0.1.example.com/api/",
    "https://localhost.example.com/api/",
    "https://127.0.0.1@example.com/api/",
    "https://example.com/127.0.0.1/",
    "https://10.0.0.1/api/",
)


# --- Where it may be moved ------------------------------------------------------------------


@pytest.mark.parametrize("address", ELSEWHERE)
def test_office_time_stays_where_slack_is_not_on_this_machine(address: str) -> None:
    settings = read_settings(SLACK_API_URL=address)
    office_clock = OfficeClock(is_movable=settings.is_local)
    with pytest.raises(ValueError, match="only in a workspace on this machine"):
        office_clock.move(MONDAY)
    assert abs(office_clock() - clock.now()) < timedelta(seconds=5)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_bot_told_another_time_does_not_start_there(address: str, database_url: str) -> None:
    settings = read_settings(
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_API_URL=address,
        DATABASE_URL=database_url,
        JOURFIXE_OFFICE_CLOCK=MONDAY.isoformat(),
    )
    with pytest.raises(SettingsError, match=r"JOURFIXE_OFFICE_CLOCK: .*on this machine"):
        Bot(settings)


# --- What does not move with it ---------------------------------------------------------------


class Desk:
    """A bot whose office is a year ahead, and Anna, who types to it."""

    def __init__(self, box: Box, bot: Bot, anna: Person, place: Channel) -> None:
        self.box, self.bot, self.anna, self.place = box, bot, anna, place

    def sees(self, text: str) -> None:
        """Wait until *text* stands in the channel."""
        self.box.wait_for(
            lambda: any(text in self.box.text_of(m) for m in self.anna.reads(self.place))
        )


@contextmanager
def open_desk(database_url: str, *, is_socket: bool) -> Iterator[Desk]:
    with Box() as box:
        app = box.install(manifest_of(read_settings()))
        anna = box.user("anna", real_name="Anna")
        place = box.channel("alpha", members=[anna])
        settings = read_settings(
            SLACK_BOT_TOKEN=app.bot_token,
            SLACK_APP_TOKEN=app.app_token if is_socket else "",
            SLACK_SIGNING_SECRET="" if is_socket else app.signing_secret,
            PORT=None if is_socket else 0,
            SLACK_API_URL=box.api_url,
            DATABASE_URL=database_url,
            JOURFIXE_OFFICE_CLOCK=(clock.now() + YEAR).isoformat(),
        )
        bot = Bot(settings)
        bot.start()
        try:
            if bot.web is not None:
                app.request_url = f"http://127.0.0.1:{bot.web.port}/slack/events"
            yield Desk(box, bot, anna, place)
        finally:
            bot.stop()


@pytest.mark.parametrize("is_socket", [True, False], ids=["socket", "signed http"])
def test_requests_and_deliveries_work_in_an_office_a_year_ahead(
    database_url: str, *, is_socket: bool
) -> None:
    with open_desk(database_url, is_socket=is_socket) as desk:
        desk.anna.types("/po project new Alpha", desk.place)
        told = desk.anna.types("/po-action add order paint by tomorrow", desk.place).text
        due = (clock.now() + YEAR).astimezone(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
        assert f"{due:%Y}" in told
        desk.sees("order paint")
        with desk.bot.sessions() as session:
            for delivery in session.scalars(select(Delivery)):
                assert abs(delivery.made_at - clock.now() - YEAR) < timedelta(minutes=1)
                assert abs(delivery.due_at - clock.now()) < timedelta(minutes=1)
        desk.bot.office_clock.move(clock.now() + 2 * YEAR)
        desk.anna.types("/po-action add order glue", desk.place)
        desk.sees("order glue")


def test_what_is_promised_for_later_comes_with_the_leap(database_url: str) -> None:
    with open_desk(database_url, is_socket=True) as desk:
        now = desk.bot.office_clock()
        with desk.bot.sessions.begin() as session:
            later = now + timedelta(hours=12)
            promise(session, "a", desk.place.id, said("Good morning"), now, at=later)
        desk.bot.worker.wake()
        with desk.bot.sessions.begin() as session:
            bring_forward(session, timedelta(hours=11))
        desk.bot.worker.wake()
        with desk.bot.sessions.begin() as session:
            waiting = session.scalars(select(Delivery)).one()
            assert waiting.state is State.WAITING
            assert waiting.due_at - clock.now() < timedelta(hours=1)
            bring_forward(session, timedelta(hours=1))
        desk.bot.worker.wake()
        desk.sees("Good morning")


# --- The demo ---------------------------------------------------------------------------------


def test_the_demo_refuses_a_text_that_is_no_moment(tmp_path: Path) -> None:
    done = jourfixe(tmp_path, "demo", "--at", "monday early")
    assert done.returncode == 2
    assert "“monday early” is no day and hour, such as 2026-11-23 07:55." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_newcomer_sees_a_monday_happen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ended: list[float] = []

    def look(browser: Browser) -> Callable[[], None]:
        def wait() -> None:
            lines = capsys.readouterr().out.splitlines()
            assert "In the office it is Mon 23 Nov 2026, 07:55 in Europe/Berlin" in "".join(lines)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(next(line for line in lines if line.startswith("http")))
            monday(page)
            page.close()
            ended.append(time.monotonic())

        return wait

    with open_browser() as browser:
        run_demo(0, "2026-11-23 07:55", look(browser))
    assert time.monotonic() - ended[0] < 20


def monday(page: Page) -> None:
    """What Anna does: she looks, lets the morning come, and reads her digest."""
    now = page.locator(".office-now")
    expect(now).to_have_text("Mon 23 Nov 2026, 07:55")
    page.get_by_role("button", name="Next working day 08:25").click()
    expect(now).to_have_text("Mon 23 Nov 2026, 08:25")
    page.get_by_role("button", name="+10 min").click()
    expect(now).to_have_text("Mon 23 Nov 2026, 08:35")
    page.get_by_role("link", name="Jourfixe").click()
    digest = page.get_by_role("article").filter(has_text="Your day, Mon 23 Nov")
    expect(digest).to_contain_text("sign the interface contract")
    expect(digest.locator("time").first).to_have_attribute(
        "title", "Monday, 23 November 2026 at 08:35"
    )
