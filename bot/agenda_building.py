"""Building the agenda of a meeting from what is open; what people arranged stays as they did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from bot import progress, status
from bot.agenda import AgendaItem, ItemState, Section, Topic
from bot.agenda_sources import SOURCES, Facts, LastMinutes, Point, held_words, topic
from bot.meetings import Date, Meeting, MeetingState, Series, date_of, days_from, meeting_on
from bot.minutes import Approval, Minutes
from bot.people import Person, by_id
from bot.progress import Progress
from bot.projects import Project, people_with
from bot.register import WITHDRAWN, Link
from bot.registers.actions import Action
from bot.registers.decisions import Decision
from bot.report_lines import Teller
from bot.reports import beginning
from bot.values import Role

ORDER = list(Section)
WEEK = timedelta(weeks=1)
LOOK = timedelta(days=70)
"""So far around a meeting the ones before and after it are looked for."""

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
    rows, topics = _rows(session, found), _topics(session, found)
    chair, taker = _hosts(found)
    others = {chair, taker, *(row.presenter_id for row in rows)}
    others |= {person for row in topics for person in (row.raised_by, row.presenter_id)}
    facts, people = _facts(session, project, found, now, others)
    points = [point for source in SOURCES if (point := source(facts)) is not None]
    _carry_on(session, found, points)
    points += [topic(facts, row) for row in topics]
    agenda = Agenda(project, found, facts, people=people)
    _arrange(agenda, points, rows)
    return agenda


def _hosts(found: Date) -> tuple[int, int | None]:
    """Who chairs the meeting, and who takes its minutes."""
    host: Meeting | Series = found.meeting or found.series
    return host.chair_id, host.minute_taker_id


def keep(session: Session, agenda: Agenda) -> Meeting:
    """Write down *agenda* as it stands, and the meeting where there is no row of it yet."""
    found = agenda.date
    if found.meeting is not None:
        found = replace(found, meeting=session.get_one(Meeting, found.meeting.id))
    meeting = meeting_on(session, found)
    agenda.date = replace(found, meeting=meeting)
    gone = {row.id: row for row in _rows(session, agenda.date) if row.state is ItemState.PLANNED}
    for place, slot in enumerate((*agenda.slots, *agenda.parked, *agenda.dropped), 1):
        slot.row = _kept(session, meeting, slot, place)
        gone.pop(slot.row.id, None)
    for row in gone.values():
        session.delete(row)
    session.flush()
    return meeting


def is_as_read(session: Session, agenda: Agenda) -> bool:
    """Whether nobody has arranged it since it was read, in another transaction."""
    slots = (*agenda.slots, *agenda.parked, *agenda.dropped)
    read = {slot.row.id: _arranged(slot.row) for slot in slots if slot.row is not None}
    known = {row.id: _arranged(row) for row in _rows(session, agenda.date)}
    return all(known.get(key) == arranged for key, arranged in read.items())


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
    """Behind the last one of its own section, or of one before it."""
    rank = ORDER.index(point.section)
    before = [n for n, slot in enumerate(slots, 1) if ORDER.index(slot.point.section) <= rank]
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


def _topics(session: Session, found: Date) -> Sequence[Topic]:
    """What was proposed for this meeting, or for one before that did not come to it."""
    meeting = aliased(Meeting)
    mine = meeting.id == (found.meeting.id if found.meeting else None)
    is_over = meeting.state.in_((MeetingState.CLOSED, MeetingState.CANCELLED))
    was_never = (meeting.state == MeetingState.PLANNED) & (meeting.starts_at < found.starts_at)
    return session.scalars(
        select(Topic)
        .outerjoin(meeting, meeting.id == Topic.meeting_id)
        .where(
            Topic.series_id == found.series.id,
            Topic.closed_at.is_(None),
            or_(Topic.meeting_id.is_(None), mine, is_over, was_never),
        )
        .order_by(Topic.carried.desc(), Topic.id)
    ).all()


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


def _facts(
    session: Session, project: Project, found: Date, now: datetime, others: Iterable[int | None]
) -> tuple[Facts, dict[int, Person]]:
    """What there is to know, and everybody who is named in it, besides *others*."""
    before, until, last = _around(session, project, found, now)
    since = before or beginning(project, now)
    changed = progress.since(session, {project.id: since}, now, with_open=True)[project.id]
    update = status.latest(session, project)
    leads = [lead for lead in people_with(session, project, Role.LEAD) if lead.is_active]
    wanted = {*others, *_owners(changed), *(lead.id for lead in leads)}
    if update is not None:
        wanted |= {update.author_id, update.on_behalf_of}
    people = by_id(session, wanted)
    today = project.local_date(now)
    facts = Facts(
        project=project,
        today=today,
        on=project.local_date(found.starts_at),
        now=now,
        since=since,
        until=until,
        progress=changed,
        teller=Teller(project, {key: person.name for key, person in people.items()}, today),
        update=update,
        chair_id=_hosts(found)[0],
        lead_id=leads[0].id if leads else None,
        last=_minutes_of(session, project, last),
        followed=_followed(session, changed),
    )
    return facts, people


def _owners(changed: Progress) -> Iterable[int | None]:
    """Who owns something that is open, or owned something that changed."""
    yield from (entry.owner_id for entry in changed.open)
    for change in changed.entries:
        yield change.entry.owner_id
        yield from (told.get("owner_id") for told in (change.before, change.after))


def _minutes_of(session: Session, project: Project, meeting: Meeting | None) -> LastMinutes | None:
    """The newest minutes of *meeting*, in one query with what was objected to them."""
    if meeting is None:
        return None
    waiting = (
        select(func.count(Approval.id))
        .where(
            Approval.minutes_id == Minutes.id,
            ~Approval.is_approved,
            Approval.resolved_at.is_(None),
        )
        .correlate(Minutes)
        .scalar_subquery()
    )
    row = session.execute(
        select(Minutes, waiting)
        .where(Minutes.meeting_id == meeting.id)
        .order_by(Minutes.version.desc())
        .limit(1)
    ).first()
    return (
        None if row is None else LastMinutes(row[0], project.local_date(meeting.starts_at), row[1])
    )


def _followed(session: Session, changed: Progress) -> dict[int, list[Action]]:
    """The actions each open decision led to, done ones too."""
    decisions = [entry.id for entry in changed.open if isinstance(entry, Decision)]
    if not decisions:
        return {}
    names = (Decision.__tablename__, Action.__tablename__)
    there = select(Link.from_id.label("decision"), Link.to_id.label("action")).where(
        Link.from_kind == names[0], Link.to_kind == names[1], Link.from_id.in_(decisions)
    )
    back = select(Link.to_id, Link.from_id).where(
        Link.to_kind == names[0], Link.from_kind == names[1], Link.to_id.in_(decisions)
    )
    links = there.union(back).subquery()
    rows = session.execute(
        select(links.c.decision, Action)
        .join(Action, Action.id == links.c.action)
        .where(Action.outcome.is_distinct_from(WITHDRAWN))
        .order_by(Action.number)
    )
    found: dict[int, list[Action]] = {}
    for decision, action in rows:
        found.setdefault(decision, []).append(action)
    return found


def _around(
    session: Session, project: Project, found: Date, now: datetime
) -> tuple[datetime | None, date, Meeting | None]:
    """When the meeting before was, the day of the one after, and the last one that was held.

    Where nobody takes minutes here, the one before is taken for held.
    """
    series = found.series
    rows = session.scalars(
        select(Meeting).where(
            Meeting.series_id == series.id, Meeting.starts_at > found.starts_at - 5 * LOOK
        )
    ).all()
    known = {row.day: row for row in rows}
    held = [r for r in rows if r.state is MeetingState.CLOSED and r.starts_at < found.starts_at]
    last = max(held, key=lambda row: row.starts_at, default=None)
    others = [d for d in _near(series, project, found.day, known) if d.day != found.day]
    later = [d.starts_at for d in others if d.starts_at > found.starts_at]
    earlier = [d.starts_at for d in others if series.made_at <= d.starts_at < now]
    earlier = [starts for starts in earlier if starts < found.starts_at]
    following = min(later, default=found.starts_at + WEEK)
    before = (last.closed_at or last.starts_at) if last else max(earlier, default=None)
    return before, project.local_date(following), last


def _near(
    series: Series, project: Project, day: date, known: Mapping[date, Meeting]
) -> Iterator[Date]:
    """The dates of *series* around *day* on which there is, or was, a meeting."""
    for other in days_from(series, project, day - LOOK):
        if other > day + LOOK:
            return
        found = date_of(series, other, known.get(other))
        if not found.is_cancelled:
            yield found
