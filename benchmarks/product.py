"""The real bot in its own process, as an operator starts it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import sessionmaker

from benchmarks.box import Facts
from benchmarks.client import Client
from benchmarks.figures import FailedError
from benchmarks.processes import Process, free_port, python, wait_until_open
from bot.db import Sessions, open_engine, reading

WAITING = text("SELECT count(*) FROM delivery WHERE state = 'waiting'")
ACTIONS = text("SELECT count(*) FROM action")
PATIENCE_S = 600.0


class Product:
    """A bot that serves, with a project in the channel."""

    def __init__(self, process: Process, port: int, facts: Facts, sessions: Sessions) -> None:
        self.process = process
        self.port = port
        self.facts = facts
        self._sessions = sessions

    def client(self) -> Client:
        """A connection of its own."""
        return Client(self.port, self.facts)

    def actions(self) -> int:
        """How many actions are stored."""
        with reading(self._sessions) as session:
            return int(session.scalar(ACTIONS) or 0)

    def wait_until_delivered(self) -> None:
        """Wait until every card is posted, so that this bot takes no time from what comes next."""
        deadline = time.monotonic() + PATIENCE_S
        while self._waiting():
            if time.monotonic() > deadline:
                raise FailedError("the cards do not get posted")
            time.sleep(0.01)

    def _waiting(self) -> int:
        with reading(self._sessions) as session:
            return int(session.scalar(WAITING) or 0)


def environment(facts: Facts, database_url: str, port: int) -> dict[str, str]:
    """The settings of a bot in HTTP mode."""
    return {
        "SLACK_BOT_TOKEN": facts.bot_token,
        "SLACK_SIGNING_SECRET": facts.signing_secret,
        "SLACK_API_URL": facts.api_url,
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }


@contextmanager
def served(facts: Facts, database_url: str, folder: Path, **more: str) -> Iterator[Product]:
    """A bot on the database at *database_url*, with a project made in it; *more* are settings."""
    port = free_port()
    engine = open_engine(database_url)
    sessions = sessionmaker(engine)
    settings = environment(facts, database_url, port) | more
    with python("-m", "bot", "serve", cwd=folder, env=settings) as process:
        wait_until_open(port, process)
        product = Product(process, port, facts, sessions)
        client = product.client()
        client.types("/po", "project new Bench")
        client.close()
        yield product
    engine.dispose()
