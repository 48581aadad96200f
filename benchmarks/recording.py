"""The SQL of one command, written down statement for statement as the bot executes it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.box import Facts
from benchmarks.client import ADD
from benchmarks.floor import Statement
from benchmarks.product import environment
from bot.app import Bot
from bot.config import read_settings
from bot.context import Place
from bot.inbound import Request
from bot.values import ChannelId

COMMIT, ROLLBACK = "COMMIT", "ROLLBACK"


Executed = list[tuple[str, list[Any]]]


def record(facts: Facts, file: str) -> list[Statement]:
    """What adding an action executes; the SQLite *file* is left as two commands leave it."""
    bot = Bot(read_settings(**environment(facts, f"sqlite:///{file}", 0)))
    executed = _listen(bot)
    _types(bot, facts, "0", "project new Bench")
    runs = []
    for number in (1, 2):
        executed.clear()
        _types(bot, facts, str(number), f"action add {ADD.format(number=number)}")
        runs.append(list(executed))
    bot.stop()
    pairs = zip(*runs, strict=True)
    return [Statement(sql, first, second) for (sql, first), (_same, second) in pairs]


def _types(bot: Bot, facts: Facts, key: str, line: str) -> None:
    place = Place(ChannelId(facts.channel))
    answer = bot.office.answer(
        Request(f"{facts.team}:trigger-{key}", facts.team, facts.user, line, place)
    )
    if not answer.is_change:
        raise RuntimeError(f"{line}: {answer}")


def _listen(bot: Bot) -> Executed:
    """A list that grows by every statement the bot executes from here on."""
    executed: Executed = []
    engine = bot.sessions.kw["bind"]

    @event.listens_for(engine, "before_cursor_execute")
    def executing(
        connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, is_many: bool
    ) -> None:
        is_list = is_many and isinstance(parameters[0], tuple)  # else many rows in one VALUES
        executed.extend((sql, list(given)) for given in (parameters if is_list else [parameters]))

    event.listen(engine, "commit", lambda _connection: executed.append((COMMIT, [])))
    event.listen(engine, "rollback", lambda _connection: executed.append((ROLLBACK, [])))
    return executed


if __name__ == "__main__":
    statements = record(Facts(**json.loads(sys.argv[1])), sys.argv[2])
    Path(sys.argv[3]).write_text(json.dumps([asdict(statement) for statement in statements]))
