"""Ends of all kinds: nothing that was acknowledged is lost, and nothing stands twice."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db import reading
from bot.delivery.outbox import Delivery, State
from bot.registers.actions import Action
from slackbox import Box
from tests.crew import Crew, Hands, opened, types

KILLS = 8  # and in the end everybody at once
QUICKER = {"JOURFIXE_LEASE_SECONDS": 4, "JOURFIXE_HTTP_SECONDS": 1}


class Office:
    """Processes of the bot on one database, and Anna who types as fast as she is answered."""

    def __init__(self, box: Box, url: str, folder: Path) -> None:
        self.box = box
        self.crew = Crew(box, url, folder)
        self.crew.settings |= QUICKER
        self.anna = box.user("anna", real_name="Anna")
        self.alpha = box.channel("alpha", members=[self.anna])
        self.hands = Hands(self.anna, self.alpha)

    def opens(self, count: int) -> None:
        """Start so many processes, make the project, and let Anna type."""
        with self.crew.unhurried():
            self.crew.hires()
            self.crew.is_there(1)
            types(self.anna, "/po project new Alpha", self.alpha)
        self.crew.hires(count - 1)
        self.crew.is_there(count)
        self.hands.start()

    def goes_on(self, count: int = 1) -> None:
        """Wait until so many more lines are acknowledged."""
        typed = len(self.hands.acked) + count
        self.box.wait_for(lambda: len(self.hands.acked) >= typed, timeout=30)

    def stored(self) -> Counter[str]:
        """How often each title is in the database."""
        with opened(self.crew.url) as sessions, reading(sessions) as session:
            return Counter(session.scalars(select(Action.title)))

    def shown(self) -> Counter[str]:
        """How often each title has a card in the channel, when all is delivered."""
        waiting = select(Delivery.id).where(Delivery.state != State.SENT).limit(1)
        with opened(self.crew.url) as sessions:

            def is_delivered() -> bool:
                with reading(sessions) as session:
                    return session.scalar(waiting) is None

            self.box.wait_for(is_delivered, timeout=60)
        texts = (m.text for m in self.anna.reads(self.alpha) if m.ephemeral_for is None)
        return Counter(t.splitlines()[0].split(" · ")[1] for t in texts if "paint" in t)


@pytest.fixture
def office(empty_database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A workspace and an empty database; nobody works yet."""
    with Box() as box:
        office = Office(box, empty_database_url, tmp_path)
        try:
            yield office
        finally:
            office.hands.rest()
            office.crew.kills_all()


@pytest.mark.both_databases
def test_killed_at_any_moment_nothing_acknowledged_is_lost_or_stands_twice(office: Office) -> None:
    chance, crew, acked = random.Random(7), office.crew, office.hands.acked
    office.opens(2)
    for _kill in range(KILLS):
        office.goes_on()
        time.sleep(chance.uniform(0, 0.1))
        crew.kills(chance.choice(crew.running))
        crew.hires()
    office.hands.rest()
    crew.kills_all()
    crew.hires()
    stored, shown = office.stored(), office.shown()
    print(f"{KILLS + 2} kills, {len(acked)} acked, {len(stored)} stored, {len(shown)} shown")
    assert len(acked) >= KILLS
    assert set(acked) <= set(stored)
    assert set(stored.values()) == {1}
    assert shown == stored


def test_asked_to_end_the_bot_ends_in_time_and_loses_nothing(office: Office) -> None:
    office.opens(1)
    (member,) = office.crew.running
    office.goes_on(10)
    office.box.faults.add("chat.postMessage", "hang")
    office.box.wait_for(lambda: office.box.faults.waiting == 0)
    member.process.send_signal(signal.SIGTERM)
    assert member.process.wait(timeout=20) == 0
    office.crew.leaves(member)
    office.hands.rest()
    stored = office.stored()
    assert set(office.hands.acked) <= set(stored)
    assert set(stored.values()) == {1}
    office.crew.hires()
    assert office.shown() == stored
