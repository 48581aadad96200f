"""In whatever order Slack tells of a thread, once or again, the same records come of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import history, schedules
from bot.agenda import items_of
from bot.capturing.hearing import taken
from bot.capturing.lines import Heard
from bot.capturing.opening import begin
from bot.channels import Channel
from bot.config import read_settings
from bot.context import Context, Place
from bot.db import Sessions, open_sessions
from bot.meetings import Meeting
from bot.minutes import Capture
from bot.people import Person
from bot.projects import Project, give_role
from bot.register import WITHDRAWN
from bot.registers import of_kind
from bot.rights import Rights
from bot.values import Role, Visibility
from tests.office import NOW

TEAM = "T1"
NAMES = ("anna", "ben", "carla")
BASE = int(NOW.timestamp()) - 3600

LINES = st.sampled_from(
    [
        "A: <@Uben> book room by fri",
        "A: book room",
        "A: Carla to write the report",
        "ACTION: <@Ucarla> ask the supplier until 30 nov",
        "D: site B because cheaper",
        "RESOLVED: site C",
        "R: customs delay p3 i4",
        "R: customs delay p5 i5 review in 3 weeks",
        "R: customs delay p2 i2 review in 3 weeks",
        "I: test system down severity high",
        "N: it rains",
        "#topic Status",
        "Topic: Risks",
        "next",
        "park",
        "!undo",
        "#undo",
        "just talk",
        "A: one\nD: two",
        "https://example.com/x",
    ]
)


@dataclass(frozen=True)
class Told:
    """One thing Slack tells: who of it, and what."""

    author: str
    heard: Heard


def edited(*texts: str) -> tuple[list[Told], list[Told]]:
    """A line that is edited, and that Slack tells of from its end."""
    ts = f"{BASE}.000000"
    stamps = [ts, *(f"{BASE + number}.000000" for number in range(1, len(texts)))]
    told = [Told("ben", Heard(ts, stamp, text)) for stamp, text in zip(stamps, texts, strict=True)]
    return told, told[::-1]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Told], list[Told]]:
    """What happens in a thread in its order, and the same as Slack may tell it."""
    clock = count(1)
    story: list[Told] = []
    for number in range(draw(st.integers(1, 9))):
        author = draw(st.sampled_from(NAMES))
        ts = f"{BASE + number * 10}.{number:06}"
        told = [Told(author, Heard(ts, ts, draw(LINES)))]
        for _edit in range(draw(st.integers(0, 2))):
            stamp = f"{BASE + 1000 + next(clock)}.000000"
            told.append(Told(author, Heard(ts, stamp, draw(LINES))))
        if draw(st.integers(0, 4)) == 0:
            told.append(Told(author, Heard(ts, ts, is_deleted=True)))
        story += told
    again = draw(st.lists(st.sampled_from(story), max_size=6))
    return story, draw(st.permutations([*story, *again]))


class Room:
    """A database with a project in which meetings are held, one after the other."""

    def __init__(self, url: str) -> None:
        self.sessions: Sessions = open_sessions(url)
        history.watch(self.sessions)
        schedules.watch(self.sessions)
        self.settings = read_settings()
        self._number = count(1)
        with self.sessions.begin() as session:
            session.add_all(_person(name) for name in NAMES)

    def plays(self, told: list[Told]) -> Any:
        """What there is after a meeting in which Slack told that."""
        number = next(self._number)
        with self.sessions.begin() as session:
            context = self._as(session, "anna", _project(session, number))
            meeting = begin(context, f"Meeting {number}")
            history.write(session)
        for one in told:
            with self.sessions.begin() as session:
                project = session.scalars(select(Project).where(Project.key == f"P{number}X")).one()
                context = self._as(session, one.author, project)
                taken(context, session.get_one(Meeting, meeting.id), one.heard)
                history.write(session)
        with self.sessions() as session:
            return _outcome(session, session.get_one(Meeting, meeting.id))

    def _as(self, session: Session, name: str, project: Project) -> Context:
        person = session.scalars(select(Person).where(Person.handle == name)).one()
        history.begin(session, person, "test", NOW)
        rights = Rights(session, person, NOW)
        return Context(session, person, Place(), NOW, self.settings, rights).about(project)


def _person(name: str) -> Person:
    return Person(
        team=TEAM, slack_id=f"U{name}", handle=name, name=name.title(), timezone="Europe/Berlin",
        locale="en-US", is_guest=False, is_active=True, is_bot=False, refreshed_at=NOW,
    )  # fmt: skip


def _project(session: Session, number: int) -> Project:
    history.begin(session, None, "test", NOW)
    project = Project(
        key=f"P{number}X", name=f"P{number}", channel=f"C{number}", timezone="Europe/Berlin",
        made_at=NOW, visibility=Visibility.INTERNAL,
    )  # fmt: skip
    session.add(project)
    session.add(
        Channel(
            id=f"C{number}", name=f"c{number}", is_private=False, is_archived=False,
            has_bot=True, refreshed_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    for name in NAMES:
        person = session.scalars(select(Person).where(Person.handle == name)).one()
        give_role(session, project, person, Role.LEAD if name == "anna" else Role.MEMBER)
    session.flush()
    return project


def _outcome(session: Session, meeting: Meeting) -> Any:
    """The records, notes and items, without the numbers, which go by who came first."""
    items = {item.id: item for item in items_of(session, meeting)}
    rows = session.scalars(
        select(Capture).where(Capture.meeting_id == meeting.id).order_by(Capture.ts)
    )
    lines = []
    live = set()
    for row in rows:
        if not row.counts:
            continue
        item = items[row.item_id].title if row.item_id else None
        line: tuple[Any, ...] = (row.ts, row.mark, row.words, item, row.problem)
        register = of_kind(row.kind) if row.kind else None
        if register is not None and row.object_id is not None:
            entry = session.get_one(register.entry, row.object_id)
            live.add((row.kind, entry.id))
            line += (entry.title, entry.owner_id, entry.due, entry.outcome, *_extra(entry))
        lines.append(line)
    return (
        lines,
        _strays(session, meeting, live),
        [(item.title, item.state, item.begun_at, item.ended_at) for item in items.values()],
    )


def _extra(entry: Any) -> tuple[Any, ...]:
    names = ("reason", "probability", "impact", "severity")
    return tuple(getattr(entry, name, None) for name in names)


def _strays(session: Session, meeting: Meeting, live: set[tuple[str | None, int]]) -> int:
    """Records no line stands behind."""
    strays = 0
    for kind in ("action", "decision", "risk", "issue"):
        register = of_kind(kind)
        assert register is not None
        entries = session.scalars(
            select(register.entry).where(
                register.entry.project_id == meeting.project_id,
                register.entry.outcome.is_distinct_from(WITHDRAWN),
            )
        )
        strays += sum((kind, entry.id) not in live for entry in entries)
    return strays


def different(expected: Any, found: Any) -> list[Any]:
    """What is otherwise, side by side."""
    return [
        pair
        for one, other in zip(expected, found, strict=True)
        if one != other
        for pair in zip_longest(_parts(one), _parts(other))
        if pair[0] != pair[1]
    ]


def _parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    """Where the meetings are held."""
    room = Room(database_url)
    yield room
    room.sessions.kw["bind"].dispose()


@pytest.mark.both_databases
@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink one would take minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
@example(edited("R: customs delay p3 i4", "R: customs delay p5 i5 review in 3 weeks"))
@example(
    edited("R: customs delay p5 i5 review in 3 weeks", "R: customs delay p2 i2 review in 3 weeks")
)
@example(edited("A: book room", "just talk", "A: Carla to write the report"))
def test_any_order_ends_in_the_same_records(
    room: Room, story: tuple[list[Told], list[Told]]
) -> None:
    happened, told = story
    in_order = room.plays(happened)
    assert in_order[1] == 0
    assert different(in_order, room.plays(told)) == []
