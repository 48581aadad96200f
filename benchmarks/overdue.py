"""Overdue milestones out of very many, found by the index and by reading them all."""

import time
from datetime import timedelta
from statistics import median
from typing import Any, cast

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    create_engine,
    insert,
    literal,
    make_url,
    select,
    text,
)

from benchmarks.portfolio import LONG_AGO, TODAY
from bot.db import UtcDateTime
from bot.migrate import upgrade
from bot.registers.milestones import Milestone

ROUNDS = 5
KINDS = 400
"""Of so many milestones two are open and overdue; half of the others are closed."""

_TABLE = cast(Table, Milestone.__table__)
_KIND = Table(
    "milestone_kind",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("due", Date),
    Column("closed_at", UtcDateTime),
    prefixes=["TEMPORARY"],
)


def filled(url: str, count: int) -> Engine:
    """A database at *url* with *count* milestones, and nothing they would belong to."""
    upgrade(url)
    where = make_url(url)
    if where.drivername == "postgresql":
        where = where.set(drivername="postgresql+psycopg")
    engine = create_engine(where)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))  # no foreign keys
        _KIND.create(connection)
        connection.execute(insert(_KIND), [_kind(number) for number in range(KINDS)])
        values = _numbered(count)
        connection.execute(insert(_TABLE).from_select(list(values.selected_columns.keys()), values))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return engine


def _kind(number: int) -> dict[str, Any]:
    is_late = number % (KINDS // 2) == 0
    is_closed = number % 2 == 1
    days = -1 - number % 50 if is_late or is_closed else number
    return {
        "number": number,
        "due": TODAY + timedelta(days=days),
        "closed_at": LONG_AGO if is_closed else None,
    }


def _numbered(count: int) -> Select[Any]:
    """The columns of *count* milestones, ten in a project."""
    first = select(literal(0).label("n")).cte("numbers", recursive=True)
    numbers = first.union_all(select(first.c.n + 1).where(first.c.n < count - 1))
    return (
        select(
            (numbers.c.n // 10 + 1).label("project_id"),
            (numbers.c.n % 10 + 1).label("number"),
            literal("Pilot live").label("title"),
            literal(0).label("moves"),
            literal(1).label("opened_by"),
            literal(LONG_AGO, UtcDateTime()).label("opened_at"),
            _KIND.c.due,
            _KIND.c.closed_at,
        )
        .select_from(numbers)
        .join(_KIND, _KIND.c.number == numbers.c.n % KINDS)
    )


def found(engine: Engine) -> tuple[float, float]:
    """Seconds to find all that is overdue, by the bot's condition and by a full scan."""
    wanted = select(_TABLE.c.id, _TABLE.c.project_id, _TABLE.c.due).where(
        _TABLE.c.closed_at.is_(None), _TABLE.c.due < TODAY
    )
    with engine.connect() as connection:
        by_index = [_timed(connection, wanted) for _round in range(ROUNDS)]
        connection.execute(text("DROP INDEX ix_milestone_due"))
        scanned = [_timed(connection, wanted) for _round in range(ROUNDS)]
    return median(by_index), median(scanned)


def _timed(connection: Connection, wanted: Select[Any]) -> float:
    begun = time.perf_counter()
    connection.execute(wanted).all()
    return time.perf_counter() - begun
