"""An operator starts any version on any database: it is brought up to date, or left alone."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from bot.db import open_engine
from bot.migrate import SchemaTooNewError, revision_of, revisions, upgrade
from tests.office import open_office
from tests.thread import Thread

TREE = Path(__file__).parents[1]
STARTERS = 15
START = """
import logging, os, sys
from bot.migrate import upgrade

logging.basicConfig(level=logging.INFO)

def start():
    if child := os.fork():
        return child
    upgrade(sys.argv[1])
    os._exit(0)  # anything raised above ends with 1

started = [start() for _ in range(int(sys.argv[2]))]
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in started))
"""
UPGRADE = "import sys; from bot.migrate import upgrade; upgrade(sys.argv[1])"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("project") as table:
        table.alter_column("name", new_column_name="title")
    {more}
"""


def execute(url: str, statement: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = open_engine(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def revision(url: str) -> str | None:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = revision_of(connection)
    engine.dispose()
    return found


def script(url: str) -> Config:
    """What a developer's alembic goes by."""
    config = Config()
    config.set_main_option("script_location", str(TREE / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def copies_beside(url: str) -> list[Path]:
    return sorted(file_of(url).parent.glob("*.before-*"))


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package as a wheel lays it out, away from any checkout."""
    site = tmp_path / "site"
    shutil.copytree(TREE / "bot", site / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TREE / "migrations", site / "bot" / "migrations")
    return site


def run_upgrade(site: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", UPGRADE, url],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=site.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def add_next(site: Path, more: str = "") -> None:
    """A version to come, which makes a table anew that others point to."""
    file = site / "bot" / "migrations" / "versions" / "9000_next.py"
    file.write_text(NEXT.format(newest=revisions()[-1], more=more))


def add_project(url: str) -> None:
    """A project with a lead, so that one row points to two others."""
    execute(
        url,
        "INSERT INTO person (id, team, slack_id, handle, name, timezone, locale, is_guest, "
        "is_active, is_bot, refreshed_at) VALUES (1, 'T1', 'U1', 'ann', 'Ann', 'UTC', 'en', "
        "false, true, false, '2026-01-05 09:00:00')",
    )
    execute(
        url,
        "INSERT INTO project (id, key, name, visibility, timezone, made_at) "
        "VALUES (1, 'ALPHA', 'New kitchen', 'internal', 'UTC', '2026-01-05 09:00:00')",
    )
    execute(url, "INSERT INTO project_role (project_id, person_id, role) VALUES (1, 1, 'lead')")


# --- The first start ------------------------------------------------------------------------


@pytest.mark.both_databases
def test_an_empty_database_gets_every_table(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    assert revision(empty_database_url) == revisions()[-1]
    assert {"project", "action", "risk", "issue", "decision"} <= tables(empty_database_url)


@pytest.mark.both_databases
def test_of_many_starters_one_migrates_and_none_fails(empty_database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START, empty_database_url, str(STARTERS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("database migrated") == 1
    assert revision(empty_database_url) == revisions()[-1]


def test_a_missing_folder_is_named_as_sqlite_names_it(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="unable to open database file"):
        upgrade(f"sqlite:///{tmp_path / 'nowhere' / 'jourfixe.db'}")


def test_an_installed_bot_carries_its_migrations(installed: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'jourfixe.db'}"
    done = run_upgrade(installed, url)
    assert done.returncode == 0, done.stderr
    assert revision(url) == revisions()[-1]


# --- Later starts ---------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_start_with_nothing_to_do_leaves_everything_alone(database_url: str) -> None:
    add_project(database_url)
    upgrade(database_url)
    assert revision(database_url) == revisions()[-1]


def test_a_start_with_nothing_to_do_does_without_alembic(sqlite_url: str) -> None:
    probe = f"{UPGRADE}; assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", probe, sqlite_url], check=True)
    assert copies_beside(sqlite_url) == []


def test_a_newer_version_keeps_a_copy_and_every_row(installed: Path, sqlite_url: str) -> None:
    add_project(sqlite_url)
    file_of(sqlite_url).chmod(0o640)
    add_next(installed)
    done = run_upgrade(installed, sqlite_url)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(file_of(sqlite_url))) as now:
        assert now.execute("SELECT title FROM project").fetchall() == [("New kitchen",)]
        assert now.execute("SELECT role FROM project_role").fetchall() == [("lead",)]
    (copy,) = copies_beside(sqlite_url)
    assert copy.name == f"{file_of(sqlite_url).name}.before-{revisions()[-1]}"
    assert copy.stat().st_mode & 0o777 == 0o640
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT name FROM project").fetchall() == [("New kitchen",)]


def test_a_migration_that_leaves_rows_pointing_nowhere_is_taken_back(
    installed: Path, sqlite_url: str
) -> None:
    add_project(sqlite_url)
    add_next(installed, more='op.execute("DELETE FROM person")')
    done = run_upgrade(installed, sqlite_url)
    assert done.returncode == 1
    assert "1 rows point nowhere, in: project_role" in done.stderr
    assert revision(sqlite_url) == revisions()[-1]
    with closing(sqlite3.connect(file_of(sqlite_url))) as now:
        assert now.execute("SELECT name FROM project").fetchall() == [("New kitchen",)]
        assert now.execute("SELECT name FROM person").fetchall() == [("Ann",)]


def test_a_file_with_tables_of_somebody_else_is_copied_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    execute(url, "CREATE TABLE recipe (name VARCHAR)")
    upgrade(url)
    (copy,) = copies_beside(url)
    assert copy.name == "shared.db.before-0000"
    assert tables(f"sqlite:///{copy}") == {"recipe"}


@pytest.mark.both_databases
def test_a_database_of_a_newer_version_is_refused_and_left_alone(database_url: str) -> None:
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNewError, match=f"revision 9999.*none after {revisions()[-1]}"):
        upgrade(database_url)
    assert revision(database_url) == "9999"


# --- For developers -------------------------------------------------------------------------


@pytest.mark.both_databases
def test_models_and_migrations_agree(database_url: str) -> None:
    command.check(script(database_url))  # raises with the differences


@pytest.mark.both_databases
def test_every_migration_can_be_taken_back(database_url: str) -> None:
    command.downgrade(script(database_url), "base")
    assert tables(database_url) == {"alembic_version"}
    upgrade(database_url)
    assert revision(database_url) == revisions()[-1]


@pytest.mark.both_databases
def test_a_migration_is_taken_back_with_all_that_people_have_typed(database_url: str) -> None:
    with open_office(database_url) as office:
        office.says("/po-risk add fire p4 i5 owner @ben")
        office.says("/po-action add @ben order paint by fri")
        office.says("/po-risk occurred R1")
        office.delivered()
    for older in revisions()[-2::-1]:
        command.downgrade(script(database_url), older)
    upgrade(database_url)
    with open_office(database_url) as office:
        assert "order paint" in office.says("/po-action list")


@pytest.mark.both_databases
def test_what_people_were_told_before_is_forgotten_too_and_cards_are_not(database_url: str) -> None:
    with open_office(database_url) as office:
        office.says("/po-action add @ben order paint by fri")
        office.says("/po-action move A1 2026-12-03 the shop is closed", office.ben)
        office.delivered()
    command.downgrade(script(database_url), "0005")
    execute(database_url, "UPDATE delivery SET forget_at = NULL")
    upgrade(database_url)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT key, forget_at IS NULL FROM delivery")).all()
    engine.dispose()
    assert {key.partition(":")[0]: bool(is_kept) for key, is_kept in rows} == {
        "card": True,
        "notice": False,
        "remark": False,
    }


@pytest.mark.both_databases
def test_lines_of_older_versions_know_the_thread_they_were_written_in(database_url: str) -> None:
    with open_office(database_url) as office:
        line = Thread(office).write("D: we use site B")
    command.downgrade(script(database_url), "0007")
    upgrade(database_url)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT capture.ts, delivery.id FROM capture"
                " JOIN meeting_thread ON meeting_thread.id = capture.thread_id"
                " JOIN delivery ON delivery.ts = meeting_thread.ts"
                " AND delivery.sent_channel = meeting_thread.channel"
                " WHERE delivery.key = 'meeting:1'"
            )
        ).all()
    engine.dispose()
    assert [ts for ts, _card in rows] == [line.ts]


@pytest.mark.both_databases
def test_what_older_versions_recorded_of_something_confidential_is_known_as_such(
    database_url: str,
) -> None:
    with open_office(database_url) as office:
        office.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @ben')
        office.says("/po-meet invite")
        office.says("/po-meet topic Salaries 5m confidential=yes")
        thread = Thread(office, "Board")
        for line in ("#topic Lunch", "D: we order pizza", "#topic Salaries", "D: we cut them"):
            thread.write(line)
    command.downgrade(script(database_url), "0008")
    upgrade(database_url)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT title, secret_of_id FROM decision")).all()
    engine.dispose()
    assert dict(map(tuple, rows)) == {"we order pizza": None, "we cut them": 1}


def test_a_migration_begins_with_its_revision_and_follows_the_one_before() -> None:
    directory = ScriptDirectory(str(TREE / "migrations"))
    assert [each.revision for each in directory.walk_revisions()] == revisions()[::-1]


def test_no_migration_knows_the_bot() -> None:
    for file in (TREE / "migrations" / "versions").glob("*.py"):
        assert "import bot" not in file.read_text()
        assert "from bot" not in file.read_text()
