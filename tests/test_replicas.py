"""Replicas, restarts and restored backups: whoever plans the same turn again, it is said once."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from bot.app import Bot
from bot.errors import MissingFactsError
from bot.job import Result, Round
from bot.jobs.digest import DIGEST
from bot.people import Person
from bot.scheduler import Scheduler
from slackbox import Box
from tests.crew import Crew, types
from tests.office import Office, open_office

READERS = 200
TICK_S = 0.5
LEASE_S = 1.0
SHORT: dict[str, Any] = {"JOURFIXE_HTTP_SECONDS": 0.3, "JOURFIXE_LEASE_SECONDS": LEASE_S}
PATIENCE_S = 20


@pytest.fixture
def replicas(database_url: str) -> Iterator[Office]:
    """Anna's project with something for everybody, some of it late."""
    with open_office(database_url, **SHORT) as office:
        for who in (office.anna, office.ben, office.carla):
            office.says(f"/po-action add @{who.name} order paint by 2026-11-25")
            office.says(f"/po-action add @{who.name} buy brushes by 2026-11-30")
        office.ticks()
        yield office


class Nobody:
    """A directory that does not tell."""

    def fetch(self, missing: MissingFactsError) -> bool:
        return False


@contextmanager
def another(office: Office) -> Iterator[Bot]:
    """One more bot on the same database."""
    bot = Bot(office.settings, lambda: office.now)
    bot.start()
    try:
        yield bot
    finally:
        bot.stop()


def heard(office: Office) -> Counter[tuple[str, str]]:
    """What the clock told: the first line of each direct message, and of each report."""
    people = (office.anna, office.ben, office.carla)
    told = [(who.name, text) for who in people for text in office.told(who)]
    told += [("alpha", text) for text in office.sees() if "week to" in text]
    kinds = re.compile(r"Your day|Overdue in|week to")
    return Counter((where, t.splitlines()[0]) for where, t in told if kinds.search(t))


def test_a_backup_of_the_morning_has_nothing_of_the_day_said_again(
    replicas: Office, database_url: str, tmp_path: Path
) -> None:
    office = replicas
    file = Path(database_url.removeprefix("sqlite:///"))
    office.waits_until(30, 8)
    office.delivered()
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(tmp_path / "old")) as other:
        one.backup(other)
    before = heard(office)
    office.says("/po-action add @ben hang the sign by 2026-12-01")
    office.waits_until(30, 9, 30)
    said = heard(office)
    assert (said - before).total() == 4  # a digest each, and what is late to Anna, who leads
    office.bot.stop()
    for rest in file.parent.glob(f"{file.name}*"):
        rest.unlink()
    shutil.copyfile(tmp_path / "old", file)
    office.bot = Bot(office.settings, lambda: office.now)
    office.start()
    office.waits_until(30, 11)
    assert heard(office) == said
    office.waits_until(1, 9, month=12)
    assert (heard(office) - said).total() == 3


def test_a_backup_of_days_ago_has_no_escalation_said_again(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    for number, day in enumerate((24, 25, 26), 1):
        office.says(f"/po-action add @ben thing {number} by 2026-11-{day}")
    office.ticks()
    office.waits_until(26, 9)
    office.delivered()
    file = Path(database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(tmp_path / "old")) as other:
        one.backup(other)

    def overdue() -> list[str]:
        return [text for text in office.told(office.anna) if text.startswith("Overdue")]

    for day in (27, 30):
        office.waits_until(day, 9)
        assert f"thing {1 if day == 27 else 2}" in overdue()[-1]
    assert len(overdue()) == 2
    office.bot.stop()
    for rest in file.parent.glob(f"{file.name}*"):
        rest.unlink()
    shutil.copyfile(tmp_path / "old", file)
    office.bot = Bot(office.settings, lambda: office.now)
    office.start()
    office.waits_until(1, 9, month=12)
    assert len(overdue()) == 3
    assert "thing 3" in overdue()[-1]
    assert "1 action is" in overdue()[-1]
    for day in (2, 3):
        office.waits_until(day, 9, month=12)
    assert len(overdue()) == 3


@pytest.mark.both_databases
def test_two_that_tick_at_the_same_instant_say_everything_once(replicas: Office) -> None:
    office = replicas
    with another(office) as second, ThreadPoolExecutor(2) as threads:
        for day in (25, 26, 27, 30):
            office.now = office.now.replace(day=day, hour=16)
            together = Barrier(2)

            def tick(bot: Bot, together: Barrier = together) -> None:
                together.wait()
                bot.scheduler.tick()

            list(threads.map(tick, (office.bot, second)))
    found = heard(office)
    assert set(found.values()) == {1}
    digests = [line for _where, line in found if line.startswith("Your day")]
    assert len(digests) == 3 * 4
    assert sum("week to" in line for _where, line in found) == 1


@pytest.mark.both_databases
def test_who_slept_past_the_lease_finds_the_turn_done(replicas: Office) -> None:
    office = replicas
    asleep, wakes = Event(), Event()

    def build(round_: Round[Person]) -> Sequence[Result]:
        built = DIGEST.build(round_)
        asleep.set()
        wakes.wait(PATIENCE_S)
        return built

    bot = office.bot
    sleeper = Scheduler(
        bot.sessions,
        [replace(DIGEST, build=build)],  # type: ignore[arg-type] # it is a job of people
        office.settings,
        lambda: office.now,
        Nobody(),
        bot.worker.wake,
    )
    office.now = office.now.replace(day=25, hour=9)
    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(sleeper.tick)
        assert asleep.wait(PATIENCE_S)
        office.ticks()
        assert heard(office).total() == 0  # somebody is at it
        time.sleep(LEASE_S)
        office.ticks()
        assert heard(office).total() == 3
        wakes.set()
        late.result()
    office.ticks()
    assert set(heard(office).values()) == {1}
    office.waits_until(26, 9)
    assert heard(office).total() == 6


def test_asked_to_end_amid_two_hundred_digests_each_comes_once(
    empty_database_url: str, tmp_path: Path
) -> None:
    with Box() as box:
        crew = Crew(box, empty_database_url, tmp_path)
        crew.settings["JOURFIXE_TICK_SECONDS"] = TICK_S
        people = [box.user(f"reader{number}") for number in range(READERS)]
        anna = box.user("anna")
        alpha = box.channel("alpha", members=[anna, *people])
        try:
            lives_at(crew, 23, 6)
            crew.hires()
            crew.is_there(1)
            box.ack_seconds = PATIENCE_S
            types(anna, "/po project new Alpha", alpha)
            for person in people:
                types(anna, f"/po-action add @{person.name} order paint by 2026-11-24", alpha)
            time.sleep(3 * TICK_S)  # the clock gets to know whom it has met
            crew.kills_all()
            lives_at(crew, 23, 9)
            member = crew.hires()
            mornings = "Your day, Mon 23 Nov"

            def digests() -> list[int]:
                return [
                    sum(m.text.startswith(mornings) for m in person.reads(person.dm))
                    for person in people
                ]

            until(lambda: sum(digests()) >= READERS // 10)
            member.process.send_signal(signal.SIGTERM)
            assert member.process.wait(timeout=20) == 0
            assert sum(digests()) < READERS
            crew.leaves(member)
            crew.hires()
            until(lambda: sum(digests()) >= READERS)
            assert crew.types("deliveries", "verify").returncode == 0
            assert digests() == [1] * READERS
        finally:
            crew.kills_all()


def lives_at(crew: Crew, day: int, hour: int) -> None:
    """Let the office's clock stand still at that hour of November 2026."""
    now = datetime.now(UTC).isoformat()
    crew.settings["JOURFIXE_OFFICE_CLOCK"] = f"2026-11-{day}T{hour:02}:00+01:00@{now}x0"


def until(holds: Callable[[], bool]) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
