"""Mailing: what commands take while a series is mailed to all who are invited to it."""

import time
from contextlib import closing
from pathlib import Path
from statistics import quantiles

from sqlalchemy import TextClause, text
from sqlalchemy.orm import sessionmaker

from benchmarks.box import Facts
from benchmarks.client import Client
from benchmarks.figures import FailedError, Figure, Goal
from benchmarks.product import PATIENCE_S, served
from bot.db import Sessions, open_engine, reading

AT_ONCE = 50  # addresses in one line
SENT = text("SELECT count(*) FROM delivery WHERE medium = 'mail' AND state = 'sent'")
MAILED = text("SELECT count(*) FROM delivery WHERE medium = 'mail'")
TIME = {"MAIL_FROM": "Jourfixe <office@firm.example>", "JOURFIXE_TICK_SECONDS": "0.2"}
FEW = 5


def commands_while_mailed(
    facts: Facts, folder: Path, attendees: int, commands: int, goal: Goal
) -> Figure:
    """Commands while *attendees* are mailed a series, beside those while nobody is."""
    url = f"sqlite:///{folder / 'mailing.db'}"
    settings = TIME | {"SMTP_URL": facts.smtp_url}
    with (
        served(facts, url, folder, **settings) as product,
        closing(product.client()) as client,
    ):
        quiet = [client.adds() for _number in range(commands)]
        product.wait_until_delivered()
        _invite(client, attendees)
        engine = open_engine(url)
        sessions = sessionmaker(engine)
        busy: list[float] = []
        begun = time.perf_counter()
        client.types("/po-meet", "mail")
        while _count(sessions, SENT) < attendees:
            busy += [client.adds() for _number in range(FEW)]
            if time.perf_counter() - begun > PATIENCE_S:
                raise FailedError(f"of {attendees} mails {_count(sessions, MAILED)} were made")
        lasted = time.perf_counter() - begun
        engine.dispose()
    mine, theirs = (quantiles(seconds, n=100)[98] for seconds in (busy, quiet))
    measured = (
        f"{mine / theirs:.2f} × ({mine * 1e3:.1f} : {theirs * 1e3:.1f} ms, "
        f"{attendees:,} mails in {lasted:.0f} s)"
    )
    return Figure(goal, measured, mine / theirs <= goal.limit)


def _invite(client: Client, attendees: int) -> None:
    client.types("/po-meet", "new Townhall every tue 10:00-10:45")
    for first in range(0, attendees, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, attendees))
        everybody = " ".join(f"p{number}@firm.example" for number in numbers)
        client.types("/po-meet", f"invite {everybody} sure=yes")
    client.types("/po-meet", "invite sure=yes")


def _count(sessions: Sessions, what: TextClause) -> int:
    with reading(sessions) as session:
        return int(session.scalar(what) or 0)
