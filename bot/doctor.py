"""The doctor: what is wrong with settings, tokens and database, and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings, SettingsError, read_settings
from bot.db import open_engine
from bot.imap import Unreached, open_inbox
from bot.migrate import revision_of, revisions
from bot.pdf import NoPdfError, is_installed, print_page
from bot.scopes import SCOPES
from bot.slack.client import Unreachable, granted, open_client, reason
from bot.smtp_advice import TROUBLES, advice_on, reason_of, try_out


@dataclass(frozen=True)
class Finding:
    """One thing examined: whether it is well, and what to do where it is not."""

    what: str
    is_well: bool
    advice: str = ""


def examine(console: Console | None = None) -> bool:
    """Print what is found; whether all is well."""
    console = console or Console(soft_wrap=True, highlight=False)
    findings = list(_findings())
    for finding in findings:
        mark = "[green]ok  [/green]" if finding.is_well else "[red]FAIL[/red]"
        console.print(f"{mark}  {finding.what}")
        if not finding.is_well:
            console.print(f"      {finding.advice}", markup=False)
    return all(finding.is_well for finding in findings)


def _findings() -> Iterator[Finding]:
    try:
        settings = read_settings()
        settings.check_to_serve()
    except SettingsError as error:
        yield Finding("settings", False, str(error).replace("\n", "\n      "))
        return
    yield Finding("settings", True)
    yield from _tokens(settings)
    yield _database(settings)
    yield from _outgoing(settings)
    yield from _paper(settings)
    yield from _mailbox(settings)


def _tokens(settings: Settings) -> Iterator[Finding]:
    client = open_client(settings)
    yield from _bot_token(lambda: client.auth_test())
    if settings.slack_app_token:
        advice = "Make an app-level token with the scope connections:write under Basic Information."
        yield _asked(
            "SLACK_APP_TOKEN opens Socket Mode",
            lambda: client.apps_connections_open(app_token=settings.slack_app_token),
            advice,
        )


def _bot_token(ask: Callable[[], Any]) -> Iterator[Finding]:
    advice = "Install the app into your workspace and copy its Bot User OAuth Token."
    what = "SLACK_BOT_TOKEN is known to Slack"
    try:
        told = ask()
    except Unreachable as error:
        yield Finding(what, False, f"{reason(error)}. {advice}")
        return
    yield Finding(what, True)
    for scope in SCOPES:
        if scope.name not in granted(told):
            text = f"Without it: {scope.without}. Add it under OAuth & Permissions, reinstall."
            yield Finding(f"scope {scope.name}", False, text)


def _asked(what: str, ask: Callable[[], object], advice: str) -> Finding:
    try:
        ask()
    except Unreachable as error:
        return Finding(what, False, f"{reason(error)}. {advice}")
    return Finding(what, True)


def _mailbox(settings: Settings) -> Iterator[Finding]:
    """Whether the mailbox answers come into can be read."""
    server = settings.imap
    if server is None:
        return
    what = f"IMAP_URL opens {server.folder} at {server.host}"
    try:
        with open_inbox(server, settings.mail_tls(), settings.mail_seconds) as inbox:
            inbox.unseen()
    except (*Unreached, UnicodeError) as error:
        advice = "Look at host, port, user, password and folder; signs in them are %-encoded."
        yield Finding(what, False, f"{error}. {advice}")
        return
    yield Finding(what, True)


def _paper(settings: Settings) -> Iterator[Finding]:
    """Whether a PDF can be made, where the extra for it is installed."""
    if not is_installed():
        return
    what = "minutes and agendas come as PDF"
    try:
        print_page("<p>Jourfixe</p>", settings.font_folder)
    except NoPdfError as error:
        yield Finding(what, False, f"{error}.")
    else:
        yield Finding(what, True)


def _outgoing(settings: Settings) -> Iterator[Finding]:
    """Whether mails can leave, how secretly, and in the name they are to."""
    server = settings.smtp
    if server is None:
        return
    what = f"SMTP_URL opens {server.host}, port {server.port}, and it takes {settings.mail_from}"
    try:
        told = try_out(server, settings.mail_tls(), settings.mail_address, settings.mail_seconds)
    except TROUBLES as error:
        yield Finding(what, False, f"{reason_of(error)}. {advice_on(error)}")
        return
    yield Finding(f"{what} ({told})", True)


def _database(settings: Settings) -> Finding:
    what = "the database answers"
    try:
        where = make_url(settings.database_url)
        if where.get_backend_name() == "sqlite" and not Path(where.database or "").exists():
            return Finding("the database is made at the first start", True)
        engine = open_engine(settings.database_url)
        with engine.connect() as connection:
            revision = revision_of(connection)
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        first_line = str(error).splitlines()[0]
        return Finding(what, False, f"{first_line}. Check DATABASE_URL.")
    known = revisions()
    if revision is not None and revision not in known:
        return Finding(what, False, f"It is newer ({revision}) than this version of Jourfixe.")
    return Finding(f"{what} ({revision or 'empty; it is set up at the first start'})", True)
