"""Building the agenda of a meeting from what is open; what people arranged stays as they did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.agenda import AgendaItem, ItemState, Section, Topic
from bot.agenda_facts import hosts_of, read_facts
from bot.agenda_points import Facts, Point, held_words
from bot.agenda_sources import SOURCES, topic
from bot.date_names import DateName, name_of
from bot.meeting_dates import Date, meeting_on, next_planned
from bot.meetings import Meeting, MeetingState, Series
from bot.people import Person
from bot.projects import Project

ORDER = list(Section)

Key = tuple[Section, str | None, int | None]
"""What an item is about: for most of them, the section is enough."""


@dataclass
class Slot:
    """One place on an agenda: a point found now, the row that keeps how people arranged it."""

    point: Point
    row: AgendaItem | None = None
    minutes: int = 0
    presenter_id: int | None = None
    state: ItemState = ItemState.PLANNED
    is_set: bool = False

    @property
    def name(self) -> str:
        """What it is called in a line: ``risks``, ``T14``."""
        if self.row is not None:
            return self.row.name
        point = self.point
        return f"T{point.object_id}" if point.section is Section.TOPICS else point.section.value


@dataclass
class Agenda:
    """What a meeting is to talk about, in order; what was *parked* or dropped stands apart."""

    project: Project
    date: Date
    name: DateName
    facts: Facts
    slots: list[Slot] = field(default_factory=list)
    parked: list[Slot] = field(default_factory=list)
    dropped: list[Slot] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """How long all of it takes."""
        return sum(slot.minutes for slot in self.slots)

    @property
    def excess(self) -> int:
        """How many minutes there are too many; negative where some are left."""
        return self.minutes - self.date.minutes

    @property
    def held(self) -> str:
        """What is to be known of the minutes of the last meeting."""
        return held_words(self.facts)

    def named(self, name: str) -> Slot | None:
        """The item called *name*, or the one at that place."""
        known = {slot.name.lower(): slot for slot in (*self.slots, *self.parked, *self.dropped)}
        known |= {str(place): slot for place, slot in enumerate(self.slots, 1)}
        return known.get(name.lower())


def build(session: Session, project: Project, found: Date, now: datetime) -> Agenda:
    """The agenda of a meeting as it would be now; nothing is written.

    Once the meeting has begun nothing joins it by itself: it says what it said, of today.
    """
    rows, topics = _rows(session, found), _topics(session, project, found, now)
    chair, taker = hosts_of(found)
    others = {chair, taker, *(row.presenter_id for row in rows)}
    others |= {person for row in topics for person in (row.raised_by, row.presenter_id)}
    facts, people = read_facts(session, project, found, now, others)
    points = [point for source in SOURCES if (point := source(facts)) is not None]
    _carry_on(session, found, points)
    points += [topic(facts, row) for row in topics]
    agenda = Agenda(project, found, name_of(session, project, found), facts, people=people)
    _arrange(agenda, points, rows)
    return agenda


def keep(session: Session, agenda: Agenda) -> Meeting:
    """Write down *agenda* as it stands, and the meeting where there is no row of it yet."""
    meeting = meeting_on(session, agenda.date)
    agenda.date = replace(agenda.date, meeting=meeting)
    gone = {row.id: row for row in _rows(session, agenda.date) if row.state is ItemState.PLANNED}
    for place, slot in enumerate((*agenda.slots, *agenda.parked, *agenda.dropped), 1):
        slot.row = _kept(session, meeting, slot, place)
        gone.pop(slot.row.id, None)
    for row in gone.values():
        session.delete(row)
    session.flush()
    return meeting


def is_as_read(session: Session, agenda: Agenda, found: Date) -> bool:
    """Whether nobody has written or arranged it, or moved its meeting, since it was read in
    another transaction; *found* is the date as it is now."""
    slots = (*agenda.slots, *agenda.parked, *agenda.dropped)
    read = {slot.row.id: _arranged(slot.row) for slot in slots if slot.row is not None}
    known = {row.id: _arranged(row) for row in _rows(session, found)}
    was = agenda.date
    return known == read and (was.starts_at, was.minutes) == (found.starts_at, found.minutes)


def _arranged(row: AgendaItem) -> tuple[object, ...]:
    return (row.position, row.state, row.minutes, row.presenter_id)


def prepare(session: Session, project: Project, meeting: Meeting, now: datetime) -> Agenda:
    """The agenda of *meeting* as it is to be gone through, written down."""
    series = session.get_one(Series, meeting.series_id)
    found = Date(series, meeting.day, meeting.starts_at, meeting.minutes, meeting)
    agenda = build(session, project, found, now)
    keep(session, agenda)
    return agenda


def _kept(session: Session, meeting: Meeting, slot: Slot, place: int) -> AgendaItem:
    point = slot.point
    row = session.get(AgendaItem, slot.row.id) if slot.row is not None else None
    if row is None:
        row = AgendaItem(
            meeting_id=meeting.id, section=point.section, kind=point.kind,
            object_id=point.object_id,
        )  # fmt: skip
        session.add(row)
    row.position, row.state = place, slot.state
    row.title, row.source = point.title, point.source
    row.minutes, row.presenter_id, row.is_set = slot.minutes, slot.presenter_id, slot.is_set
    row.is_confidential, row.carried = point.is_confidential, point.carried
    session.flush()
    if point.kind == Topic.__tablename__:
        session.get_one(Topic, point.object_id).meeting_id = meeting.id
    return row


def _arrange(agenda: Agenda, points: Sequence[Point], rows: Sequence[AgendaItem]) -> None:
    """Put every point where its row has it; what is new behind what its section follows."""
    found = {_key_of(point): point for point in points}
    meeting = agenda.date.meeting
    is_begun = meeting is not None and meeting.state is not MeetingState.PLANNED
    slots = []
    for row in rows:
        point = found.pop((row.section, row.kind, row.object_id), None)
        if point is None and (is_begun or row.state is ItemState.DROPPED or _is_typed(row)):
            point = _point_of(row)
        if point is not None:
            slots.append(_slot_of(point, row))
    for point in found.values() if not is_begun else ():
        place = _place_for(point, slots)
        slots.insert(place, Slot(point, None, point.minutes, point.presenter_id))
    for slot in slots:
        parts = {ItemState.PARKED: agenda.parked, ItemState.DROPPED: agenda.dropped}
        parts.get(slot.state, agenda.slots).append(slot)


def _is_typed(row: AgendaItem) -> bool:
    """Whether somebody put it there, rather than a source or a topic."""
    return row.section is Section.TOPICS and row.kind is None


def _slot_of(point: Point, row: AgendaItem) -> Slot:
    is_set = row.is_set or row.state is not ItemState.PLANNED
    minutes = row.minutes if is_set else point.minutes
    presenter = row.presenter_id if is_set else point.presenter_id
    return Slot(point, row, minutes, presenter, row.state, row.is_set)


def _point_of(row: AgendaItem) -> Point:
    """What was on the agenda and is no longer found, because it was settled meanwhile."""
    return Point(
        row.section, row.title, row.source, row.minutes, row.presenter_id,
        kind=row.kind, object_id=row.object_id, is_confidential=row.is_confidential,
        carried=row.carried,
    )  # fmt: skip


def _place_for(point: Point, slots: Sequence[Slot]) -> int:
    """Behind the last one of its own section, or of one before it, that is gone through."""
    rank = ORDER.index(point.section)
    before = [
        place
        for place, slot in enumerate(slots, 1)
        if slot.state is ItemState.PLANNED and ORDER.index(slot.point.section) <= rank
    ]
    return max(before, default=0)


def _key_of(point: Point) -> Key:
    return (point.section, point.kind, point.object_id)


def _rows(session: Session, found: Date) -> Sequence[AgendaItem]:
    if found.meeting is None:
        return ()
    return session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == found.meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def _topics(session: Session, project: Project, found: Date, now: datetime) -> Sequence[Topic]:
    """What was proposed for this meeting; for the next one that nobody has begun, what waits."""
    first = next_planned(session, found.series, project, now)
    is_next = first is None or found.starts_at <= first.starts_at
    known = session.execute(
        select(Topic, Meeting)
        .outerjoin(Meeting, Meeting.id == Topic.meeting_id)
        .where(Topic.series_id == found.series.id, Topic.closed_at.is_(None))
        .order_by(Topic.carried.desc(), Topic.id)
    )
    pairs: list[tuple[Topic, Meeting | None]] = [(row, meeting) for row, meeting in known]
    mine = found.meeting.id if found.meeting is not None else 0
    return [
        row
        for row, meeting in pairs
        if row.meeting_id == mine or (is_next and _waits(meeting, now))
    ]


def _waits(meeting: Meeting | None, now: datetime) -> bool:
    """Whether a topic is on no agenda, or was on that of a *meeting* that did not come to it."""
    if meeting is None or meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED):
        return True
    return meeting.state is MeetingState.PLANNED and meeting.ends_at <= now


def _carry_on(session: Session, found: Date, points: Iterable[Point]) -> None:
    """Count how often what a meeting finds by itself was put off already."""
    last = (
        select(Meeting.id)
        .where(
            Meeting.series_id == found.series.id,
            Meeting.state == MeetingState.CLOSED,
            Meeting.starts_at < found.starts_at,
        )
        .order_by(Meeting.starts_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(AgendaItem.section, AgendaItem.carried).where(
            AgendaItem.meeting_id == last,
            AgendaItem.state == ItemState.CARRIED,
            AgendaItem.section != Section.TOPICS,
        )
    )
    carried = {section: count + 1 for section, count in rows}
    for point in points:
        point.carried = carried.get(point.section, point.carried)
