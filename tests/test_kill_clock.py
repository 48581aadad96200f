"""Three days of the clock under kills, freezes and faults: all that is due is said, once."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db import reading
from bot.delivery.outbox import Delivery, State
from bot.registers.actions import Action
from slackbox import Box, Channel, Message, Person
from tests.crew import Crew, Fate, Hands, opened, types
from tests.plan_of_what_is_due import (
    END,
    LATEST_END,
    SET_UP,
    START,
    Team,
    everything_due,
    teams,
)

KILL_S = float(os.environ.get("JOURFIXE_KILL_SECONDS", "60"))
SEED = os.environ.get("JOURFIXE_KILL_SEED", "2026")
TICK_S = 0.4
LEASE_S = 3.0
HISTORY_LAG_S = 1.5
SETTLE_S = 3.0
LATEST_S = 240
SAYING_S = 2
FEW = 10
WEEKEND = timedelta(hours=40)  # longer before Monday an office was open
TIMINGS = {
    "JOURFIXE_TICK_SECONDS": TICK_S,
    "JOURFIXE_BEAT_SECONDS": 0.3,
    "JOURFIXE_LEASE_SECONDS": LEASE_S,
    "JOURFIXE_HTTP_SECONDS": 0.9,
    "JOURFIXE_QUICK_SECONDS": 1.2,
    "JOURFIXE_SETTLE_SECONDS": SETTLE_S,
    "JOURFIXE_MEMBERS_MINUTES": 24 * 60,  # of office time, which runs some thousand times as fast
    "JOURFIXE_PEOPLE_HOURS": 24 * 365,
}


class Office:
    """Ten teams and Anna, the crew that serves them, and what they read."""

    def __init__(self, box: Box, url: str, folder: Path) -> None:
        self.box = box
        self.crew = Crew(box, url, folder)
        self.crew.settings |= TIMINGS
        self.start_s = 0.0  # how long it takes a process, alone
        self.teams = teams()
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        for team in self.teams:
            names = [team.lead, team.sponsor, *team.members]
            for name in names:
                self.people[name] = box.user(name, tz=team.zone)
            members = [self.people[name] for name in names]
            self.channels[team.name] = box.channel(team.name, members=members)
        self.anna = box.user("anna")
        self.alpha = box.channel("alpha", members=[self.anna])

    def lives(self, office: datetime, machine: datetime, speed: float) -> None:
        """Let whoever is hired from now on live in this office time."""
        told = f"{office.isoformat()}@{machine.isoformat()}x{speed:.3f}"
        self.crew.settings["JOURFIXE_OFFICE_CLOCK"] = told

    def is_set_up(self) -> None:
        """Type everything the plan goes by, three weeks before; then the power is cut."""
        self.lives(SET_UP, datetime.now(UTC), 0)
        with self.crew.unhurried():
            self.crew.hires()
            begins = time.monotonic()
            self.crew.is_there(1)
            self.start_s = time.monotonic() - begins
            types(self.anna, "/po project new Alpha", self.alpha)
            for team in self.teams:
                self.starts(team)
            self.waits_for_the_outbox()
            time.sleep(3 * TICK_S)  # the clock gets to know whom it has met
            self.crew.kills_all()

    def starts(self, team: Team) -> None:
        """Make the project of *team*."""
        lead, channel = self.people[team.lead], self.channels[team.name]
        types(lead, f"/po project new {team.name}", channel)
        types(lead, f"/po project people @{team.sponsor} sponsor", channel)
        day = ("mon", "tue", "wed", "thu", "fri")[team.report_day]
        types(lead, f"/po settings job report {day} at {team.report_at:%H:%M}", channel)
        for task in team.tasks:
            line = f"/po-action add @{task.owner} {task.title} by {task.due.isoformat()}"
            types(lead, line, channel)

    def waits_for_the_outbox(self) -> None:
        """Until nothing waits to be sent."""
        waiting = select(Delivery.id).where(Delivery.state.in_([State.WAITING, State.HELD]))
        deadline = time.monotonic() + LATEST_S
        with opened(self.crew.url) as sessions:
            while True:
                with reading(sessions) as session:
                    if session.scalar(waiting.limit(1)) is None:
                        return
                assert time.monotonic() < deadline, "the outbox does not become empty"
                time.sleep(0.2)

    def stored(self) -> Counter[str]:
        """How often each action is in the database."""
        with opened(self.crew.url) as sessions, reading(sessions) as session:
            return Counter(session.scalars(select(Action.title)))

    # What is read

    def read(self) -> Counter[tuple[str, str]]:
        """Where what stands, how often, as the plan calls it."""
        found: Counter[tuple[str, str]] = Counter()
        for name, person in self.people.items():
            for message in person.reads(person.dm):
                found.update((name, what) for what in self.direct(person, message))
        for team in self.teams:
            found.update((team.name, what) for what in self.reported(team))
        return found

    def direct(self, person: Person, message: Message) -> Iterator[str]:
        """What one direct message tells, with its thread."""
        thread = [message, *(m for m in person.reads(person.dm, message) if m is not message)]
        text = "\n".join(self.box.text_of(each) for each in thread)
        titles = re.findall(r"repair \w+", text)
        if told := re.match(r"Your day, (\w+ \d+ \w+)", text):
            yield told[1]
            yield from (f"{told[1]} {title}" for title in titles)
        elif text.startswith("Overdue in "):
            yield from (f"overdue {title}" for title in titles)
        elif told := re.match(r"Status of (\w+)\W+stale", text):
            yield f"stale {told[1]}"

    def reported(self, team: Team) -> Iterator[str]:
        """The reports that stand in the channel of *team*: the late one, and those after it."""
        messages = self.people[team.lead].reads(self.channels[team.name])
        texts = [self.box.text_of(m) for m in messages if m.ephemeral_for is None]
        told = [text for text in texts if re.search(r", week to |no change since ", text)]
        for number, text in enumerate(told):
            week = re.search(r"week to (\w+ \d+ \w+)", told[0])
            what = "after" if number else "of"
            yield f"report {what} {week[1] if week else text}"

    def cards(self) -> Counter[str]:
        """How often each of Anna's actions has a card."""
        texts = (m.text for m in self.anna.reads(self.alpha) if m.ephemeral_for is None)
        heads = (text.splitlines()[0].split(" · ") for text in texts)
        return Counter(head[1] for head in heads if len(head) > 1 and "paint" in head[1])

    def tokens(self) -> Counter[str]:
        """How often each delivery stands, by what its message is signed with."""
        channels = self.box.call(lambda: list(self.box.backend.workspace.channels.values()))
        messages = [m for channel in channels for m in channel.messages.values() if not m.deleted]
        signed = [m.metadata["event_payload"]["id"] for m in messages if m.metadata]
        return Counter(signed)


@pytest.fixture
def office(empty_database_url: str, tmp_path: Path) -> Iterator[Office]:
    """A workspace and an empty database; nobody works yet."""
    with Box() as box:
        box.history_lag = HISTORY_LAG_S
        office = Office(box, empty_database_url, tmp_path)
        try:
            yield office
        finally:
            office.crew.kills_all()


@pytest.mark.both_databases
def test_in_days_of_kills_all_that_is_due_is_said_once(office: Office, database_kind: str) -> None:
    crew, box = office.crew, office.box
    office.is_set_up()
    fate = Fate(crew, random.Random(f"{SEED} {database_kind}"), LEASE_S)
    speed = (END - START).total_seconds() / KILL_S
    is_there = timedelta(seconds=1 + 6 * office.start_s)
    begins = datetime.now(UTC) + min(is_there, WEEKEND / speed)
    office.lives(START, begins, speed)
    crew.hires(3)
    crew.is_there(3)
    hands = Hands(office.anna, office.alpha, pause=0.2)
    hands.start()
    fate.strikes_until(begins.timestamp() + KILL_S)
    hands.rest()
    box.faults.clear()
    crew.kills_all()
    # On a slow machine they live longer than they were meant to, and are to do what is due then.
    end = max(END, START + (datetime.now(UTC) - begins) * speed)
    assert end < LATEST_END, "the machine stood still"

    due = [d for team in office.teams for d in everything_due(team, end)]
    expected = Counter((d.place, d.what) for d in due)

    def moment(at: datetime) -> float:
        return begins.timestamp() + (at - START).total_seconds() / speed

    # What is left out, or merged into the next, must have had nobody to say it: in all its
    # hours they worked too shortly to find that whoever took it was killed, and to say it then.
    missed = {
        (d.place, d.what)
        for d in due
        if crew.worked(moment(d.since), moment(d.until)) < LEASE_S + SAYING_S + office.start_s
    }
    office.lives(end, datetime.now(UTC), 0)
    settles_at = time.monotonic()
    crew.hires(3)
    crew.is_there(3)
    while not expected <= office.read() and time.monotonic() - settles_at < LATEST_S / 2:
        time.sleep(0.5)
    office.waits_for_the_outbox()
    time.sleep(LEASE_S + SETTLE_S)  # whoever is still to say something twice
    office.waits_for_the_outbox()
    shown, cards, stored = office.read(), office.cards(), office.stored()
    lost, more = expected - shown, shown - expected
    merged = {place for place, what in missed & set(lost) if what.startswith("report of")}
    more = Counter({told: n for told, n in more.items() if told[0] not in merged})
    twice = [token for token, count in office.tokens().items() if count > 1]
    told = crew.types("deliveries", "verify", "--hours", "1")
    failed = Counter(kind for _method, kind in box.faults.happened)
    figures = (
        f"{database_kind}, seed {SEED}: {len(due)} things due until {end:%a %H:%M}, "
        f"{len(hands.acked)} lines acked; "
        f"{dict(fate.happened)}, {failed.total()} faults {dict(failed)}; settled in "
        f"{time.monotonic() - settles_at:.0f} s; lost {lost.total()}, "
        f"of it {len(missed & set(lost))} while nobody was there, "
        f"twice {more.total() + len(twice)}"
    )
    print(figures)
    crew.writes_its_story([*fate.story, figures, *map(str, lost), *map(str, more)])
    assert not more, more
    assert not set(lost) - missed, lost
    assert len(missed & set(lost)) < len(due) / FEW, "they were hardly ever there"
    assert not twice
    assert told.returncode == 0, told.stdout + told.stderr
    paints = Counter({title: n for title, n in stored.items() if title.startswith("paint")})
    assert set(hands.acked) <= set(paints)
    assert set(paints.values()) <= {1}
    assert cards == paints
