"""The demo: a Slack workspace in a box, the bot joined to it, and a sample project."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, select

from bot import clock
from bot.app import Bot
from bot.catalogue import completions
from bot.commands import COMMANDS
from bot.config import read_settings
from bot.delivery.decisions import bring_forward
from bot.delivery.outbox import Delivery, State
from bot.manifest import manifest_of
from bot.workdays import WorkCalendar
from slackbox import Box, ImpossibleError, OfficeTime, Person, Step, read_moment

FOLDER = Path("demo")
PORT = 8420
ROOT = "po"
PATIENCE_S = 10

GATHERED = timedelta(minutes=10)
"""So long after a change its mails are out."""

OFFICE = "office@jourfixe.example"
LOOPBACK = "127.0.0.1"

ZONE = ZoneInfo("Europe/Berlin")
"""Where the people of the sample are: what is typed as office time is read there."""

CALENDAR = WorkCalendar("DE")
BEFORE_THE_DIGEST = time_of_day(8, 25)

Story = tuple[tuple[int, str, str], ...]
"""Who typed what how many working days before the demo begins."""

PILOT: Story = (
    (13, "anna", "/po project new Pilot plant"),
    (13, "anna", "/po project set country=DE"),
    (13, "anna", "/po project people @ben office"),
    (13, "anna", "/po project people @carla sponsor"),
    (12, "anna", "/po-status green Concept approved, team complete"),
    (12, "anna", "/po ms add Test site ready by in 12 wd owner @ben"),
    (12, "anna", "/po ms add Test devices delivered by in 15 wd owner @dan"),
    (12, "anna", "/po ms add Pilot live by in 60 wd owner @anna"),
    (12, "anna", "/po ms baseline set"),
    (11, "anna", "/po-action add @ben send contract draft to the supplier by in 8 wd"),
    (11, "ben", "/po-action accept A1"),
    (10, "ben", "/po-action add @dan order test devices by in 4 wd"),
    (10, "dan", "/po-action accept A2"),
    (9, "anna", "/po-action add @anna book the room for the pilot by in 9 wd"),
    (9, "ben", "/po-action add check the customs papers"),
    (
        9,
        "anna",
        '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben @dan '
        "lee@supplier.example optional @carla place Room 4",
    ),
    (9, "anna", "/po-meet invite"),
    (8, "ben", "/po-risk add Supplier has no capacity p4 i5 owner @ben review in 7 wd"),
    (8, "ben", "/po-risk add Test site floods in spring p2 i4 owner @dan"),
    (4, "anna", "/po-risk score R1 p3 i5 second supplier signed"),
    (3, "dan", "/po ms forecast M2 in 8 wd supplier late"),
    (2, "dan", "/po issue add Test system is down severity high owner @ben by in 2 wd"),
    (2, "anna", "/po decision add We use test site B because cheaper and closer"),
    (2, "ben", "/po-meet topic Decide on the test site 15m @dan"),
    (1, "anna", "/po-status amber cost=amber Supplier late by a week, pilot still on time"),
)
BILLING: Story = (
    (6, "carla", "/po project new Billing"),
    (6, "carla", "/po-status red Interface specification is missing"),
    (5, "carla", "/po-action add @anna sign the interface contract by in 3 wd"),
)


def run_demo(port: int, at: str, wait: Callable[[], object]) -> None:
    """Run it until *wait* returns; the page's address is printed on a line of its own.

    Office time begins *at* a day and an hour in the sample's zone, or now where none is given.
    Raises `click.BadParameter` for a text that is neither.
    """
    begins = _moment(at) if at else clock.now()
    FOLDER.mkdir(exist_ok=True)
    box = _open_box(port)
    try:
        # Another demo may run beside this one, at a port of its own.
        file = FOLDER / f"jourfixe-{urlsplit(box.url).port}.db"
        for old in FOLDER.glob(f"{file.name}*"):
            old.unlink()
        people = _people(box)
        bot = _join(box, f"sqlite:///{file.resolve()}", people["anna"].id, _sample_begins(begins))
        try:
            _fill(box, bot, people, begins)
            bot.start_looking()  # not before: the clock would remind of every day of the sample
            box.office_time = OfficeTime(bot.office_clock, lambda to: _move(bot, to), STEPS)
            click.echo("A Slack workspace in a box, with Jourfixe in it. Open this page:")
            click.echo(box.url)
            click.echo(f"In the office it is {_said(bot.office_clock())}; the page can move it.")
            click.echo("Ctrl-C ends it all. Next time it begins afresh.")
            wait()
        finally:
            bot.stop()
    finally:
        box.stop()


# --- Office time ------------------------------------------------------------------------------


def _moment(text: str) -> datetime:
    try:
        return read_moment(text, ZONE)
    except ImpossibleError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%a %-d %b %Y, %H:%M} in {ZONE.key}"


def _before(begins: datetime, days: int) -> datetime:
    """The morning so many working days before."""
    day = CALENDAR.add(begins.astimezone(ZONE).date(), -days)
    return datetime.combine(day, time_of_day(10), ZONE)


def _sample_begins(begins: datetime) -> datetime:
    return _before(begins, max(days for days, _who, _line in PILOT + BILLING))


def _next_digest(now: datetime) -> datetime:
    """Just before the next morning's digests, on a working day."""
    here = now.astimezone(ZONE)
    morning = datetime.combine(here.date(), BEFORE_THE_DIGEST, ZONE)
    if here < morning and CALENDAR.is_working(here.date()):
        return morning
    return datetime.combine(CALENDAR.next_working(here.date()), BEFORE_THE_DIGEST, ZONE)


STEPS = (
    Step("+10 min", lambda now: now + timedelta(minutes=10)),
    Step("+1 h", lambda now: now + timedelta(hours=1)),
    Step(f"Next working day {BEFORE_THE_DIGEST:%H:%M}", _next_digest),
)


def _move(bot: Bot, to: datetime) -> None:
    """Move office time, and have done what falls due by it."""
    leap = to - bot.office_clock()
    bot.office_clock.move(to)
    with bot.sessions.begin() as session:
        bring_forward(session, leap)
    bot.scheduler.wake()
    bot.worker.wake()
    if bot.mail_worker is not None:
        bot.mail_worker.wake()


# --- The box and the bot in it ----------------------------------------------------------------


def _open_box(port: int) -> Box:
    """The box at *port*; at the usual one, or any that is free, where it is 0."""
    for candidate in (port,) if port else (PORT, 0):
        box = Box(port=candidate)
        with suppress(OSError):
            box.start()
            return box
    raise click.ClickException(f"Port {port} is taken; choose another with --port.")


def _join(box: Box, database_url: str, admin: str, begins: datetime) -> Bot:
    """Install the bot in the box and connect it over Socket Mode, exactly as to Slack.

    Its office time is *begins*; its scheduler is not started yet.
    """
    app = box.install(manifest_of(read_settings(SLACK_SIGNING_SECRET="", JOURFIXE_ROOT=ROOT)))
    box.command_help = _completions()
    box.first_lines = [f"/{ROOT} project new My project", f"/{ROOT} my", f"/{ROOT} help"]
    door = _free_port()
    settings = read_settings(
        SLACK_BOT_TOKEN=app.bot_token,
        SLACK_APP_TOKEN=app.app_token,
        SLACK_SIGNING_SECRET="",
        SLACK_API_URL=box.api_url,
        DATABASE_URL=database_url,
        JOURFIXE_ROOT=ROOT,
        JOURFIXE_ADMINS=admin,
        JOURFIXE_OFFICE_CLOCK=begins.isoformat(),
        SMTP_URL=box.smtp_url,
        MAIL_FROM=f"Jourfixe <{OFFICE}>",
        IMAP_URL=box.mailbox(OFFICE),
        JOURFIXE_MAIL_POLL_SECONDS=2,
        JOURFIXE_TICK_SECONDS=2,  # who moves the time is waiting for what happens
        JOURFIXE_HOST=LOOPBACK,
        PORT=door,
        PUBLIC_URL=f"http://{LOOPBACK}:{door}",
    )
    bot = Bot(settings)
    bot.start_sending()
    bot.connect()
    return bot


def _free_port() -> int:
    """A port nobody listens at, for the feeds, whose address has to be known before."""
    with socket.create_server((LOOPBACK, 0)) as tried:
        return int(tried.getsockname()[1])


def _people(box: Box) -> dict[str, Person]:
    names = {
        "anna": "Anna Kern",
        "ben": "Ben Adler",
        "carla": "Carla Ruiz",
        "dan": "Dan Okafor",
    }
    people = {
        handle: box.user(handle, real_name=name, email=f"{handle}@firm.example")
        for handle, name in names.items()
    }
    people["eve"] = box.user(
        "eve", real_name="Eve Guest", email="eve@guest.example", is_restricted=True
    )
    return people


def _completions() -> list[dict[str, object]]:
    """What the page's command box completes: every line with its usage and an example."""
    return [
        {
            "command": command,
            "completions": [
                {"text": usage.stem, "usage": usage.usage, "example": usage.example}
                for usage in known
            ],
        }
        for command, known in completions(COMMANDS, ROOT).items()
    ]


def _fill(box: Box, bot: Bot, people: dict[str, Person], begins: datetime) -> None:
    """Let the people type the sample projects, line by line and day by day."""
    box.office_time = OfficeTime(bot.office_clock, bot.office_clock.move)
    pilot = box.channel("pilot-plant", members=list(people.values()))
    billing = box.channel("billing", members=[people["carla"], people["anna"]])
    box.channel("general", members=list(people.values()), with_bot=False)
    lines = [(pilot, *line) for line in PILOT] + [(billing, *line) for line in BILLING]
    for channel, days, handle, line in sorted(lines, key=lambda line: -line[1]):
        moment = max(_before(begins, days), bot.office_clock())
        if moment - bot.office_clock() > GATHERED:
            _send_mails(bot)
        bot.office_clock.move(moment)
        people[handle].types(line, channel)
        _wait_until_delivered(bot)
    bot.office_clock.move(begins)
    box.forget_ephemerals()


def _send_mails(bot: Bot) -> None:
    """Let the day's mails go out before it is another day."""
    bot.office_clock.move(bot.office_clock() + GATHERED)
    bot.scheduler.do_errands()
    _wait_until_delivered(bot)


def _wait_until_delivered(bot: Bot) -> None:
    deadline = time.monotonic() + PATIENCE_S
    waiting = select(func.count()).select_from(Delivery).where(Delivery.state == State.WAITING)
    while time.monotonic() < deadline:
        with bot.sessions() as session:
            if not session.scalar(waiting):
                return
        time.sleep(0.02)
