"""The demo: a Slack workspace in a box, the bot joined to it, and a sample project."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
from sqlalchemy import func, select

from bot.app import Bot
from bot.catalogue import completions
from bot.commands import COMMANDS
from bot.config import read_settings
from bot.delivery.outbox import Delivery, State
from bot.manifest import manifest_of
from slackbox import Box, Person

FOLDER = Path("demo")
PORT = 8420
ROOT = "po"
PATIENCE_S = 10

PILOT = (
    ("anna", "/po project new Pilot plant"),
    ("anna", "/po project set country=DE"),
    ("anna", "/po project people @ben office"),
    ("anna", "/po project people @carla sponsor"),
    ("anna", "/po-status green Concept approved, team complete"),
    ("anna", "/po-action add @ben send contract draft to the supplier by next fri"),
    ("ben", "/po-action accept A1"),
    ("ben", "/po-action add @dan order test devices by in 5 wd"),
    ("anna", "/po-action add @anna book the room for the pilot by end of month"),
    ("ben", "/po-action add check the customs papers"),
    ("ben", "/po-risk add Supplier has no capacity p4 i5 owner @ben review in 2 weeks"),
    ("ben", "/po-risk add Test site floods in spring p2 i4 owner @dan"),
    ("anna", "/po-risk score R1 p3 i5 second supplier signed"),
    ("dan", "/po issue add Test system is down severity high owner @ben by fri"),
    ("anna", "/po decision add We use test site B because cheaper and closer"),
    ("anna", "/po-status amber cost=amber Supplier late by a week, pilot still in June"),
)
BILLING = (
    ("carla", "/po project new Billing"),
    ("carla", "/po-status red Interface specification is missing"),
    ("carla", "/po-action add @anna sign the interface contract by next wed"),
)


def run_demo(port: int, wait: Callable[[], object]) -> None:
    """Run it until *wait* returns; the page's address is printed on a line of its own."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / "jourfixe.db"
    for old in FOLDER.glob("jourfixe.db*"):
        old.unlink()
    box = _open_box(port)
    try:
        people = _people(box)
        bot = _join(box, f"sqlite:///{file.resolve()}", people["anna"].id)
        try:
            _fill(box, bot, people)
            click.echo("A Slack workspace in a box, with Jourfixe in it. Open this page:")
            click.echo(box.url)
            click.echo("Ctrl-C ends it all. Next time it begins afresh.")
            wait()
        finally:
            bot.stop()
    finally:
        box.stop()


def _open_box(port: int) -> Box:
    """The box at *port*; at the usual one, or any that is free, where it is 0."""
    for candidate in (port,) if port else (PORT, 0):
        box = Box(port=candidate)
        with suppress(OSError):
            box.start()
            return box
    raise click.ClickException(f"Port {port} is taken; choose another with --port.")


def _join(box: Box, database_url: str, admin: str) -> Bot:
    """Install the bot in the box and connect it over Socket Mode, exactly as to Slack."""
    app = box.install(manifest_of(read_settings(SLACK_SIGNING_SECRET="", JOURFIXE_ROOT=ROOT)))
    box.command_help = _completions()
    settings = read_settings(
        SLACK_BOT_TOKEN=app.bot_token,
        SLACK_APP_TOKEN=app.app_token,
        SLACK_SIGNING_SECRET="",
        SLACK_API_URL=box.api_url,
        DATABASE_URL=database_url,
        JOURFIXE_ROOT=ROOT,
        JOURFIXE_ADMINS=admin,
        PORT=None,
    )
    bot = Bot(settings)
    bot.start()
    return bot


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
    people["eve"] = box.user("eve", real_name="Eve Guest", is_restricted=True)
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


def _fill(box: Box, bot: Bot, people: dict[str, Person]) -> None:
    """Let the people type the sample projects, line by line."""
    pilot = box.channel("pilot-plant", members=list(people.values()))
    billing = box.channel("billing", members=[people["carla"], people["anna"]])
    box.channel("general", members=list(people.values()), with_bot=False)
    for channel, lines in ((pilot, PILOT), (billing, BILLING)):
        for handle, line in lines:
            people[handle].types(line, channel)
    _wait_until_delivered(bot)
    box.forget_ephemerals()


def _wait_until_delivered(bot: Bot) -> None:
    deadline = time.monotonic() + PATIENCE_S
    waiting = select(func.count()).select_from(Delivery).where(Delivery.state == State.WAITING)
    while time.monotonic() < deadline:
        with bot.sessions() as session:
            if not session.scalar(waiting):
                return
        time.sleep(0.02)
