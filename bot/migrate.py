"""Brings the database to the schema this version needs, whoever starts first."""

import logging
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, inspect, text

from bot.db import open_engine

LOCK = 0x6A6F7572  # "jour": the key of PostgreSQL's advisory lock
LOCK_WAIT_S = 600  # as long as a migration of somebody else may take
POLL_S = 0.1
VERSION_TABLE = "alembic_version"

log = logging.getLogger(__name__)


class SchemaTooNewError(Exception):
    """The database was written by a newer version than this one, which must not touch it."""


class BrokenReferencesError(Exception):
    """A migration would have left rows that point nowhere; it was taken back."""


def upgrade(url: str) -> None:
    """Migrate the database at *url* to the newest schema; of many starters one does it.

    A SQLite file that holds tables is first copied to ``<file>.before-<its revision>``. Raises
    `SchemaTooNewError`, and `sqlalchemy.exc.OperationalError` where the database is out of reach.
    """
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", leave_references_alone)
    try:
        with _alone(engine):
            _upgrade(engine)
    finally:
        engine.dispose()


def revisions() -> list[str]:
    """The revisions this version knows, the oldest first; their files begin with them."""
    return sorted(file.stem.partition("_")[0] for file in _folder().glob("versions/[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at; None for one that was never migrated."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 # a constant
    return found


def _upgrade(engine: Engine) -> None:
    known = revisions()
    with engine.connect() as connection:
        found = revision_of(connection)
        has_tables = found is not None or bool(inspect(connection).get_table_names())
    if found is not None and found not in known:
        raise SchemaTooNewError(
            f"A newer Jourfixe wrote this database: it is at revision {found}, and this version "
            f"knows none after {known[-1]}. Install the newer version again, or restore a copy "
            "made before it."
        )
    if not known or found == known[-1]:
        return
    if has_tables and engine.dialect.name == "sqlite":
        log.info("database copied to %s", _keep_copy(engine, found or "0000"))
    _migrate(engine)
    log.info("database migrated from %s to %s", found, known[-1])


def _migrate(engine: Engine) -> None:
    # Imported only where there is something to do: it would double the time of a plain start.
    from alembic import command  # noqa: PLC0415 # see above
    from alembic.config import Config  # noqa: PLC0415 # see above

    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = '30s'"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "sqlite":
            check_references(connection)


def _folder() -> Path:
    """The migrations: inside the package in a wheel, beside it in a checkout."""
    here = Path(__file__).parent
    inside = here / "migrations"
    return inside if inside.is_dir() else here.parent / "migrations"


# --- One at a time --------------------------------------------------------------------------


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    with (
        _alone_on_sqlite(engine) if engine.dialect.name == "sqlite" else _alone_on_postgres(engine)
    ):
        yield


@contextmanager
def _alone_on_postgres(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Asked again and again: a statement that waits would hold up CREATE INDEX CONCURRENTLY.
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}):
            time.sleep(POLL_S)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})


@contextmanager
def _alone_on_sqlite(engine: Engine) -> Iterator[None]:
    # An empty database beside the real one: its lock ends with its process, on every system.
    # The real one cannot be its own lock: its journal is switched, and it is copied, under it.
    lock = create_engine(
        URL.create("sqlite", database=f"{engine.url.database}-migrating"),
        poolclass=NullPool,
        connect_args={"timeout": LOCK_WAIT_S, "isolation_level": None},
    )
    with lock.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        yield


# --- SQLite ---------------------------------------------------------------------------------


def leave_references_alone(connection: sqlite3.Connection, record: object) -> None:
    """Let tables be made anew on *connection*: what points to them stays."""
    # SQLite alters a table by making it anew; dropping the old one would drop what points to it.
    connection.execute("PRAGMA foreign_keys = OFF")


def check_references(connection: Connection) -> None:
    """Raise `BrokenReferencesError` where a row points to one that is not there."""
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise BrokenReferencesError(f"{len(broken)} rows point nowhere, in: {tables}")


def _keep_copy(engine: Engine, revision: str) -> Path:
    file = Path(engine.url.database or "")
    copy = file.with_name(f"{file.name}.before-{revision}")
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    part.touch(0o600)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    shutil.copymode(file, part)
    return part.replace(copy)
