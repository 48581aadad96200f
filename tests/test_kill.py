"""Ends of all kinds: nothing that was acknowledged is lost, and nothing stands twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select

from bot.config import read_settings
from bot.db import Sessions, open_sessions
from bot.delivery.outbox import Delivery, State
from bot.manifest import manifest_of
from bot.registers.actions import Action
from slackbox import Box, NoAck
from tests.office import QUICK

KILLS = 8  # and in the end everybody at once
LEASE_S = 4


class Crew:
    """Processes of the bot on one database, and Anna who types as fast as she is answered."""

    def __init__(self, box: Box, url: str, folder: Path) -> None:
        self.box = box
        self.url = url
        self.folder = folder
        self.anna = box.user("anna", real_name="Anna")
        self.app = box.install(manifest_of(read_settings()))
        self.alpha = box.channel("alpha", members=[self.anna])
        self.running: list[subprocess.Popen[bytes]] = []
        self.acked: list[str] = []
        self._stops = Event()
        self._hands = Thread(target=self._type)

    def hires(self) -> subprocess.Popen[bytes]:
        """Start one more process."""
        environment = os.environ | {
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_APP_TOKEN": self.app.app_token,
            "SLACK_API_URL": self.box.api_url,
            "DATABASE_URL": self.url,
            "JOURFIXE_LEASE_SECONDS": str(LEASE_S),
            **{name: str(value) for name, value in QUICK.items()},
            "JOURFIXE_HTTP_SECONDS": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"], env=environment, cwd=self.folder
        )
        self.running.append(process)
        return process

    def is_there(self, count: int) -> None:
        """Wait until so many processes are connected."""
        self.box.wait_for(lambda: self.box.connections >= count, timeout=30)

    def kills(self, process: subprocess.Popen[bytes]) -> None:
        """End a process as a power cut would."""
        process.kill()
        process.wait()
        self.running.remove(process)

    def begins_typing(self) -> None:
        """Let Anna type, until she is stopped."""
        self._hands.start()

    def goes_on(self) -> None:
        """Wait until one more line is acknowledged."""
        typed = len(self.acked)
        self.box.wait_for(lambda: len(self.acked) > typed, timeout=30)

    def stops_typing(self) -> None:
        """Let Anna finish her line."""
        self._stops.set()
        if self._hands.is_alive():
            self._hands.join()

    def _type(self) -> None:
        number = 0
        while not self._stops.is_set():
            number += 1
            title = f"paint {number:04d}"
            try:
                answer = self.anna.types(f"/po-action add {title}", self.alpha)
            except NoAck:
                self._stops.wait(0.05)
                continue
            if title in answer.text and "NOT SAVED" not in answer.text:
                self.acked.append(title)

    def stored(self) -> Counter[str]:
        """How often each title is in the database."""
        with opened(self.url) as sessions, sessions() as session:
            return Counter(session.scalars(select(Action.title)))

    def shown(self) -> Counter[str]:
        """How often each title has a card in the channel, when all is delivered."""
        waiting = select(Delivery.id).where(Delivery.state != State.SENT).limit(1)
        with opened(self.url) as sessions:

            def is_delivered() -> bool:
                with sessions() as session:
                    return session.scalar(waiting) is None

            self.box.wait_for(is_delivered, timeout=60)
        texts = (m.text for m in self.anna.reads(self.alpha) if m.ephemeral_for is None)
        return Counter(t.splitlines()[0].split(" · ")[1] for t in texts if "paint" in t)


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    """The database, as a bystander looks into it."""
    sessions = open_sessions(url)
    try:
        yield sessions
    finally:
        sessions.kw["bind"].dispose()


@pytest.fixture
def crew(empty_database_url: str, tmp_path: Path) -> Iterator[Crew]:
    """A workspace and an empty database; nobody works yet."""
    folder = tmp_path / "anywhere"
    folder.mkdir()
    with Box() as box:
        crew = Crew(box, empty_database_url, folder)
        try:
            yield crew
        finally:
            crew.stops_typing()
            for process in list(crew.running):
                crew.kills(process)


@pytest.mark.both_databases
def test_killed_at_any_moment_nothing_acknowledged_is_lost_or_stands_twice(crew: Crew) -> None:
    chance = random.Random(7)
    crew.hires()
    crew.is_there(1)
    crew.anna.types("/po project new Alpha", crew.alpha)
    crew.hires()
    crew.is_there(2)
    crew.begins_typing()
    for _kill in range(KILLS):
        crew.goes_on()
        time.sleep(chance.uniform(0, 0.1))
        crew.kills(chance.choice(crew.running))
        crew.hires()
    crew.stops_typing()
    for process in list(crew.running):
        crew.kills(process)
    crew.hires()
    stored, shown = crew.stored(), crew.shown()
    print(f"{KILLS + 2} kills, {len(crew.acked)} acked, {len(stored)} stored, {len(shown)} shown")
    assert len(crew.acked) >= KILLS
    assert set(crew.acked) <= set(stored)
    assert set(stored.values()) == {1}
    assert shown == stored


def test_asked_to_end_the_bot_ends_in_time_and_loses_nothing(crew: Crew) -> None:
    process = crew.hires()
    crew.is_there(1)
    crew.anna.types("/po project new Alpha", crew.alpha)
    crew.begins_typing()
    crew.box.wait_for(lambda: len(crew.acked) > 10, timeout=20)
    crew.box.faults.add("chat.postMessage", "hang")
    crew.box.wait_for(lambda: crew.box.faults.waiting == 0, timeout=20)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    crew.running.remove(process)
    crew.stops_typing()
    stored = crew.stored()
    assert set(crew.acked) <= set(stored)
    assert set(stored.values()) == {1}
    crew.hires()
    assert crew.shown() == stored
