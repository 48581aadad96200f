"""Inbound: every request is done once, and what could not be stored comes back as it was."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from bot.app import Bot
from bot.config import read_settings
from bot.delivery.outbox import Delivery
from bot.history import Change
from bot.registers.actions import Action
from tests.office import Office, open_office
from tests.postman import Letter, carrying, sealed
from tests.relay import Relay


def titles(office: Office) -> list[str]:
    """The actions there are."""
    found: list[str] = office.stored(lambda s: list(s.scalars(select(Action.title))))
    return found


def changes(office: Office) -> int:
    """How many changes were written down."""
    number: int = office.stored(lambda s: s.scalar(select(func.count()).select_from(Change)))
    return number


# --- Replays --------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_replayed_command_changes_nothing_and_gets_the_same_answer(office: Office) -> None:
    with carrying(office) as postman:
        office.says("/po-action add @ben don't order   paint")
        before = changes(office)
        first = postman.round("command=%2Fpo-action")
        for _again in range(3):
            assert postman.again(first) == first.receipts[0]
    assert titles(office) == ["don't order   paint"]
    assert changes(office) == before
    assert len([text for text in office.sees() if "paint" in text]) == 1
    assert len(office.told(office.ben)) == 1


def test_a_replayed_click_does_nothing_twice(office: Office) -> None:
    answer = office.types("/po-action add order paint")
    with carrying(office) as postman:
        office.anna.clicks("Undo", answer)
        office.box.wait_for(lambda: "Undone" in answer.text)
        before = changes(office)
        assert postman.again(postman.round("block_actions")).status == 200
    office.delivered()
    assert changes(office) == before
    assert "Undone" in answer.text


def test_a_replayed_form_is_stored_once(office: Office) -> None:
    with carrying(office) as postman:
        office.says("/po-action add")
        office.anna.fills({"Title": "order paint"})
        assert office.anna.submits() == {}
        before = changes(office)
        assert postman.again(postman.round("view_submission")).status == 200
    assert titles(office) == ["order paint"]
    assert changes(office) == before


def test_a_form_with_a_mistake_may_be_sent_again(office: Office) -> None:
    office.says("/po-action add")
    office.anna.fills({"Title": "order paint", "Due": office.now.date().replace(year=2025)})
    assert "in the past" in office.anna.submits()["Due"]
    office.anna.fills({"Due": None})
    assert office.anna.submits() == {}
    assert titles(office) == ["order paint"]


def test_a_replayed_event_is_stored_once(office: Office) -> None:
    with carrying(office) as postman:
        office.anna.says("@Jourfixe action add order paint", office.alpha)
        before = changes(office)
        assert postman.again(postman.round("app_mention")).status == 200
    assert titles(office) == ["order paint"]
    assert changes(office) == before


def test_an_event_slack_brings_again_is_not_dropped(office: Office) -> None:
    """Its first attempt may have been lost before it was stored."""
    with carrying(office) as postman:
        office.anna.says("@Jourfixe action add order paint", office.alpha)
        letter = postman.round("app_mention").letter
        fresh = letter.body.replace(letter.words["event_id"].encode(), b"EvAGAIN")
        retry = letter.headers | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
        stamp = letter.headers["X-Slack-Request-Timestamp"]
        assert postman.carry(sealed(office, Letter(retry, fresh), stamp)).status == 200
    assert titles(office) == ["order paint", "order paint"]


@pytest.mark.both_databases
def test_two_commands_at_once_are_two(office: Office) -> None:
    with carrying(office) as postman:
        office.says("/po-action add order paint")
        office.says("/po-action add order paint")
        assert len(postman.rounds) >= 2
    assert titles(office) == ["order paint"] * 2


def test_two_copies_of_the_bot_make_one_row_of_one_command(postgres_url: str) -> None:
    with open_office(postgres_url) as office:
        twin = Bot(read_settings(**office.settings.model_dump(by_alias=True)), lambda: office.now)
        twin.start()
        assert twin.web is not None
        try:
            with carrying(office, twin.web.port) as postman:
                for number in range(20):
                    office.says(f"/po-action add @ben paint {number}")
                carried = list(postman.rounds)  # events of what was posted are still on their way
                office.box.wait_for(lambda: all(len(made.receipts) == 2 for made in carried))
                for made in carried:
                    assert len(set(made.receipts)) == 1
                    assert made.receipts[0].status == 200
        finally:
            twin.stop()
        assert sorted(titles(office)) == sorted(f"paint {n}" for n in range(20))
        shown = [text for text in office.sees() if "paint" in text]
        assert len(shown) == len(set(shown)) == 20
        numbers = office.stored(lambda s: list(s.scalars(select(Action.number))))
        assert sorted(numbers) == list(range(1, 21))


def test_two_leads_who_remove_each_other_leave_one(postgres_url: str) -> None:
    with open_office(postgres_url) as office:
        office.says("/po project people @ben lead")
        with office.bot.sessions.begin() as session:
            session.execute(select(Delivery).with_for_update())
        office.anna.says("@Jourfixe project remove @ben lead", office.alpha, wait=False)
        office.ben.says("@Jourfixe project remove @anna lead", office.alpha, wait=False)
        office.box.settle()
        leads = office.says("/po project people", office.carla)
        assert leads.count("lead") == 1


# --- Not saved ------------------------------------------------------------------------------


@contextmanager
def sqlite_locked(url: str) -> Iterator[None]:
    """Somebody else writes to the file, and does not come to an end."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


@contextmanager
def postgres_locked(url: str) -> Iterator[None]:
    """Somebody else holds the tables."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE project, action, inbound IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


TEXT = "NOT SAVED: action add don't lose \\ “this”  <&>"


@pytest.mark.both_databases
def test_a_locked_database_gives_the_text_back_in_time(office: Office, database_kind: str) -> None:
    lock = sqlite_locked if database_kind == "sqlite" else postgres_locked
    with lock(office.settings.database_url):
        assert office.says("/po-action add don't lose \\ “this”  <&>").startswith(TEXT)
    assert titles(office) == []
    assert "A1 · don't lose \\ “this”  <&>" in office.says(
        "/po-action add don't lose \\ “this”  <&>"
    )


@pytest.mark.parametrize(
    "line", ["/po project show", "/po-status red x", f"/po actoin add {'x' * 2500}", "/po my"]
)
def test_whatever_is_typed_at_a_locked_database_is_answered_in_time(
    office: Office, line: str
) -> None:
    office.says("/po-action add order paint")
    with sqlite_locked(office.settings.database_url):
        assert office.says(line, office.ben)


def test_a_form_at_a_locked_database_keeps_what_was_filled_in(office: Office) -> None:
    office.says("/po-action add")
    office.anna.fills({"Title": "don't lose this"})
    with sqlite_locked(office.settings.database_url):
        (complaint,) = office.anna.submits().values()
    assert "NOT SAVED" in complaint
    assert office.anna.submits() == {}
    assert titles(office) == ["don't lose this"]


def test_a_click_at_a_locked_database_is_answered(office: Office) -> None:
    answer = office.types("/po-action add order paint")
    with sqlite_locked(office.settings.database_url):
        clicked = office.anna.clicks("Undo", answer)
        office.box.wait_for(
            lambda: "NOT SAVED" in (answer.text + (clicked.text if clicked else ""))
        )
    assert titles(office) == ["order paint"]


def test_a_mention_at_a_locked_database_is_answered(office: Office) -> None:
    with sqlite_locked(office.settings.database_url):
        said = office.anna.says("@Jourfixe action add order paint", office.alpha)
        office.box.wait_for(
            lambda: any(
                "NOT SAVED: action add order paint" in office.box.text_of(m)
                for m in office.anna.reads(office.alpha)
            )
        )
    office.box.wait_for(lambda: said.reactions)
    assert titles(office) == []


def test_a_postgres_that_is_gone_is_told_and_serves_again(postgres_url: str) -> None:
    with Relay(postgres_url) as relay, open_office(relay.url) as office:
        office.says("/po-action add before")
        office.delivered()
        relay.cut()
        assert office.says("/po-action add meanwhile") == "NOT SAVED: action add meanwhile"
        assert "NOT SAVED" in office.says("/po-action list")
        relay.mend()
        assert "A2 · after" in office.says("/po-action add after")
        assert titles(office) == ["before", "after"]
        assert any("after" in text for text in office.sees())


def test_a_removed_file_is_told_and_serves_again_when_it_is_back(office: Office) -> None:
    file = Path(office.settings.database_url.removeprefix("sqlite:///"))
    away = file.with_name("away")
    office.says("/po-action add before")
    office.delivered()
    file.rename(away)
    assert office.says("/po-action add meanwhile") == "NOT SAVED: action add meanwhile"
    assert not file.exists()
    away.rename(file)
    assert "A2 · after" in office.says("/po-action add after")
    assert titles(office) == ["before", "after"]


def test_a_restored_file_is_what_is_read_and_written_from_then_on(office: Office) -> None:
    file = Path(office.settings.database_url.removeprefix("sqlite:///"))
    office.says("/po-action add before")
    office.delivered()
    copy = file.with_name("copy")
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    office.says("/po-action add lost in the restore")
    office.delivered()
    for part in file.parent.glob(f"{file.name}-*"):
        part.unlink()
    copy.replace(file)
    assert "A2 · after" in office.says("/po-action add after")
    with sqlite3.connect(file) as connection:
        rows = [row[0] for row in connection.execute("SELECT title FROM action ORDER BY id")]
    assert rows == ["before", "after"]
