"""The floor: a bare server that does the SQL of one command by hand, and nothing else."""

import json
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from waitress.server import create_server

from benchmarks.box import Facts
from benchmarks.client import Client
from benchmarks.figures import FailedError
from benchmarks.processes import PATIENCE_S, free_port, python, wait_until_open

THREADS = 16
ANSWER = json.dumps({"response_type": "ephemeral", "text": "A1 · added"}).encode()


@dataclass(frozen=True)
class Statement:
    """One statement with what it was given in the first recorded command and in the second."""

    sql: str
    first: list[Any]
    second: list[Any]


class Floor:
    """A bare server that runs."""

    def __init__(self, port: int, facts: Facts) -> None:
        self._port, self._facts = port, facts

    def client(self) -> Client:
        """A connection of its own."""
        return Client(self._port, self._facts)


@contextmanager
def served(facts: Facts, folder: Path) -> Iterator[Floor]:
    """A bare server that executes, for every request, what the bot executes to add an action."""
    file, recorded = str(folder / "floor.db"), str(folder / "statements.json")
    told = json.dumps(asdict(facts))
    with python("-m", "benchmarks.recording", told, file, recorded, cwd=folder) as process:
        if process.wait(PATIENCE_S):
            raise FailedError("nothing was recorded; see the log")
    port = free_port()
    arguments = ("-m", "benchmarks.floor", str(port), file, recorded)
    with python(*arguments, cwd=folder) as process:
        wait_until_open(port, process)
        yield Floor(port, facts)


class Hand:
    """Executes the statements with the driver alone, the parameters moved on by one command."""

    def __init__(self, file: str, statements: list[Statement]) -> None:
        self._file = file
        self._statements = statements
        self._turn = threading.Lock()
        self._numbers = count(2)  # two commands were done when they were recorded
        self._own = threading.local()

    def execute(self) -> None:
        with self._turn:  # SQLite's own way to wait would leave some of sixteen without a turn
            self._do(self._connection(), next(self._numbers))

    def _do(self, connection: sqlite3.Connection, number: int) -> None:
        for statement in self._statements:
            given = [
                moved(first, second, number)
                for first, second in zip(statement.first, statement.second, strict=True)
            ]
            connection.execute(statement.sql, given).fetchall()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._own, "connection"):
            connection = sqlite3.connect(self._file, timeout=2, isolation_level=None)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            self._own.connection = connection
        found: sqlite3.Connection = self._own.connection
        return found


def moved(first: Any, second: Any, number: int) -> Any:
    """A parameter as the command *number* gives it: keys count on, texts stay unlike each other."""
    if first == second:
        return first
    return first + (second - first) * number if isinstance(first, int) else f"{first}-{number}"


def _application(hand: Hand) -> Callable[..., Iterable[bytes]]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(ANSWER)))]

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        parse_qs(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        hand.execute()
        start_response("200 OK", headers)
        return [ANSWER]

    return answer


def _serve(port: str, file: str, recorded: str) -> None:
    statements = [Statement(**told) for told in json.loads(Path(recorded).read_text())]
    app = _application(Hand(file, statements))
    create_server(app, host="127.0.0.1", port=int(port), threads=THREADS, ident="").run()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
