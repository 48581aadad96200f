"""The database: base class, column types, sessions."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    PoolProxiedConnection,
    Select,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InvalidatePoolError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from bot.timings import LOCK_WAIT_S

CONSTRAINT_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
STATEMENT_MS = 10_000
READ_ONLY = "jourfixe_read_only"
FILE = "jourfixe_file"
TURN = "jourfixe_turn"
POOL = 16  # as many as the web door has threads

DEADLOCK, LOCK_TIMEOUT, OUT_OF_TIME = "40P01", "55P03", "57014"
UNIQUE_VIOLATION = "23505"

Unavailable = OperationalError
"""What a locked, full or lost database raises."""

OUT_OF_REACH = ("08", "53", "57P")
"""How PostgreSQL's codes begin where the connection, room or the server itself is lost."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; naive ones are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        StrEnum: Enum(StrEnum, native_enum=False, length=20, values_callable=_values),
    }


T = TypeVar("T", bound=Base)
R = TypeVar("R")
Sessions = sessionmaker[Session]


def open_sessions(url: str, lock_wait: float = LOCK_WAIT_S) -> Sessions:
    """Connect to the database at *url*; use the result as ``with sessions.begin() as session``.

    *lock_wait* is for how many seconds one waits for what others hold.
    """
    engine = open_engine(url, lock_wait)
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        _keep_to_file(engine, str(engine.url.database))
    return sessionmaker(engine, expire_on_commit=False)


def say(sessions: Sessions, **known: Any) -> None:
    """Have every session know that, in its ``info``, beside what it was told before."""
    sessions.configure(info=sessions.kw.get("info", {}) | known)


def open_engine(url: str, lock_wait: float = LOCK_WAIT_S) -> Engine:
    """An engine with the settings each database needs to lose nothing.

    Raises ``sqlalchemy.exc.ArgumentError`` for an address that is none.
    """
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        engine = create_engine(
            where,
            pool_size=POOL,
            connect_args={"timeout": lock_wait},
            hide_parameters=True,  # what a restricted project holds is not for the log
        )
        queue = _Queue(lock_wait)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", queue.begin)
        event.listen(engine, "checkin", queue.leave)
        return engine
    if where.drivername == "postgresql":
        where = where.set(drivername="postgresql+psycopg")
    options = f"-c lock_timeout={round(lock_wait * 1000)} -c statement_timeout={STATEMENT_MS}"
    return create_engine(
        where,
        pool_pre_ping=True,
        pool_size=POOL,
        connect_args={"options": options, "connect_timeout": max(2, round(lock_wait))},
        hide_parameters=True,
    )


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A transaction that only reads: on SQLite it does not wait for writers."""
    with sessions() as session:
        session.connection(execution_options={READ_ONLY: True})
        yield session


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say what is done about what a unique key finds there already."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def locked(session: Session, table: type[T], statement: Select[T], blank: dict[str, Any]) -> T:
    """The row *statement* selects, for changing it; where there is none, *blank* becomes it.

    Of several that find none at once, all get the same one, one after the other.
    """
    asked = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(asked)
    if row is None:
        session.execute(insert_into(session, table).values(blank).on_conflict_do_nothing())
        row = session.scalars(asked).one()
    return row


def is_out_of_reach(error: SQLAlchemyError) -> bool:
    """Whether the database is locked, full or lost, rather than refusing this one statement."""
    if isinstance(error, DBAPIError) and not error.connection_invalidated:
        code = getattr(error.orig, "sqlstate", None)
        return isinstance(error, OperationalError) and (
            code is None or code.startswith(OUT_OF_REACH)
        )
    return isinstance(error, DBAPIError | InvalidatePoolError | PoolTimeout)


def is_deadlock(error: OperationalError) -> bool:
    """Whether PostgreSQL has undone a transaction because another and it waited for each other."""
    return getattr(error.orig, "sqlstate", None) == DEADLOCK


def is_held_up(error: OperationalError) -> bool:
    """Whether the database is there, but others had it for too long: another time it may do."""
    code = getattr(error.orig, "sqlstate", None)
    is_locked = code is None and "locked" in str(error.orig)
    return is_locked or code in (DEADLOCK, LOCK_TIMEOUT, OUT_OF_TIME)


def is_outrun(error: DBAPIError) -> bool:
    """Whether PostgreSQL has refused what another made meanwhile; done anew, it is found."""
    return getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION


def retried(work: Callable[[], R]) -> R:
    """Do *work*; once more where another was in its way at the same time, so that it was undone."""
    try:
        return work()
    except OperationalError as error:
        if not is_deadlock(error):
            raise
    except IntegrityError as error:
        if not is_outrun(error):
            raise
    return work()


def _keep_to_file(engine: Engine, file: str) -> None:
    """Let no connection write to a file that was removed or replaced: it would be for nobody."""

    def look_first(*_call: object) -> None:
        if _identity(file) is None:  # otherwise SQLite would make an empty one
            raise sqlite3.OperationalError(f"there is no file {file}")

    def remember(connection: object, record: PoolProxiedConnection) -> None:
        record.info[FILE] = _identity(file)

    def compare(connection: object, record: PoolProxiedConnection, proxy: object) -> None:
        if record.info[FILE] != _identity(file):
            raise InvalidatePoolError(f"{file} is another one than before")

    event.listen(engine, "do_connect", look_first)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _identity(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


class _Queue:
    """Lets the writers of this process at a SQLite file one after the other.

    SQLite itself lets them sleep and look again, longer each time; of sixteen at once some are
    never lucky.
    """

    def __init__(self, lock_wait: float) -> None:
        self._turn = Lock()
        self._wait = lock_wait

    def begin(self, connection: Connection) -> None:
        # A transaction that reads first and writes later fails if another has written in between.
        if connection.get_execution_options().get(READ_ONLY, False):
            connection.exec_driver_sql("BEGIN")
            return
        deadline = time.monotonic() + self._wait
        has_turn = TURN in connection.info or self._turn.acquire(timeout=self._wait)
        if not has_turn:
            locked = sqlite3.OperationalError("database is locked")
            raise OperationalError("BEGIN IMMEDIATE", None, locked)
        connection.info[TURN] = True
        left = max(0, round((deadline - time.monotonic()) * 1000))  # for writers elsewhere
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {left}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def leave(self, connection: object, record: ConnectionPoolEntry) -> None:
        if record.info.pop(TURN, False):
            self._turn.release()
