"""The command line: serve, demo, migrate, manifest, doctor."""

import gc
import json
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NoReturn

import click

from bot.config import Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from bot.deliveries import Deliveries


@click.group()
@click.version_option(package_name="jourfixe")
def main() -> None:
    """Jourfixe: the project office inside a team's Slack."""


@main.command()
def serve() -> None:
    """Serve a Slack workspace, by the settings in the environment or in .env."""
    gc.disable()  # until it runs: nearly all that is made before stays
    settings = _settings()
    _log_as(settings.log_format)
    from bot.app import Bot  # noqa: PLC0415 - so that --help and mistakes answer at once

    try:
        bot = Bot(settings)
    except SettingsError as error:
        _fail(str(error))
    except Exception as error:
        logging.getLogger(__name__).debug("start", exc_info=True)
        _fail(f"Jourfixe did not start: {error}")
    _run(bot)


@main.command()
@click.option("--port", default=0, help="The page's port; 0 takes a free one.")
@click.option("--at", default="", help="Office time to begin at, such as “2026-11-23 07:55”.")
def demo(port: int, at: str) -> None:
    """Try it without Slack: a workspace in a box, the bot in it, and a sample project."""
    _log_as("text", logging.WARNING)
    from bot.demo import run_demo  # noqa: PLC0415 - only the demo needs the box

    run_demo(port, at, _told_to_end().get)


@main.command()
def migrate() -> None:
    """Bring the database up to date, with a backup first."""
    from bot.migrate import upgrade  # noqa: PLC0415 - Alembic is slow to import

    upgrade(_settings().database_url)
    click.echo("The database is up to date.")


@main.command()
@click.option("--format", "form", type=click.Choice(["json", "yaml"]), default="json")
@click.option("--link", is_flag=True, help="The address of Slack's “create app” page, filled in.")
def manifest(form: str, link: bool) -> None:
    """Print the manifest of the Slack app."""
    from bot.manifest import as_link, as_yaml, manifest_of  # noqa: PLC0415 - as above

    made = manifest_of(_settings())
    if link:
        click.echo(as_link(made))
    else:
        click.echo(as_yaml(made) if form == "yaml" else json.dumps(made, indent=2))


@main.command()
def doctor() -> None:
    """Say what is wrong with the settings, tokens and database, and how to mend it."""
    from bot.doctor import examine  # noqa: PLC0415 - as above

    if not examine():
        sys.exit(1)


@main.command()
@click.option("--project", metavar="KEY", help="Every turn of the jobs of this project.")
def jobs(project: str | None) -> None:
    """Say what the clock did and will do: how many schedules each job has, which are late."""
    from bot.errors import UserError  # noqa: PLC0415 - as above
    from bot.jobs_table import print_jobs  # noqa: PLC0415 - as above

    try:
        print_jobs(_settings(), project)
    except UserError as error:
        _fail(str(error))


@main.group()
def deliveries() -> None:
    """See what was promised to be sent, and decide what is held, dead or doubtful."""


@deliveries.command("list")
@click.option("--state", type=click.Choice(["waiting", "sent", "held", "dead", "cancelled"]))
@click.option("--project", metavar="KEY", help="Only what is of this project.")
@click.option("--most", default=50, help="How many, the newest first.")
def list_deliveries(state: str | None, project: str | None, most: int) -> None:
    """List the newest deliveries, with why they wait."""
    with _deliveries() as found:
        found.show_list(state, project, most)


@deliveries.command()
@click.argument("number", type=int)
def show(number: int) -> None:
    """Show one delivery with all that is known of it."""
    with _deliveries() as found:
        found.show(number)


@deliveries.command()
@click.argument("number", type=int)
def requeue(number: int) -> None:
    """Send one that is held, dead or cancelled, even if it may stand already."""
    with _deliveries() as found:
        found.requeue(number)


@deliveries.command()
@click.argument("number", type=int)
def cancel(number: int) -> None:
    """Give one up that was not sent yet, with its replies."""
    with _deliveries() as found:
        found.cancel(number)


@deliveries.command()
@click.option("--hours", default=24.0, help="How far to look back.")
def verify(hours: float) -> None:
    """Compare what was sent with what stands in Slack; changes nothing."""
    with _deliveries() as found:
        if not found.verify(hours):
            sys.exit(1)


@contextmanager
def _deliveries() -> Iterator["Deliveries"]:
    from bot.deliveries import Deliveries  # noqa: PLC0415 - as above
    from bot.errors import UserError  # noqa: PLC0415 - as above

    try:
        yield Deliveries(_settings())
    except UserError as error:
        _fail(str(error))


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsError as error:
        _fail(str(error))


def _fail(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(2)


def _log_as(form: str, level: int = logging.INFO) -> None:
    from bot.logs import set_up  # noqa: PLC0415 - as above

    set_up(form, level)


def _told_to_end() -> SimpleQueue[int]:
    """Gets an item when the process is asked to end.

    A `SimpleQueue` is the one thing that may be filled inside a signal handler: an `Event` set
    while the main thread waits for it locks up for good.
    """
    told: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda caught, _frame: told.put(caught))
    return told


def _run(bot: Any) -> None:
    told = _told_to_end()
    _spare_collector()
    bot.start()
    logging.getLogger(__name__).info("Jourfixe is serving")
    told.get()
    bot.stop()


def _spare_collector() -> None:
    """Look for garbage less often, and not among what stays: that was a sixth of each command."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


if __name__ == "__main__":
    main()
