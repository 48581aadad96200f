"""The table of meetings: when each was, who was there, and what it came to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.confidential import Readable
from bot.invitations import invited_to
from bot.meeting_dates import Date, date_of, dates_from
from bot.meetings import Coming, Invitee, Meeting, MeetingState, Series, SeriesState
from bot.minutes import CURRENT, Attendance, Capture, Minutes, Outsider
from bot.minutes_text import records_of
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import Entry
from bot.rsvps import answers_by_date

HEAD = (
    "series", "day", "start", "minutes", "place", "state", "reason", "chair", "minute_taker",
    "present", "absent", "regrets", "minutes_version", "minutes_state", "minutes_approved",
    "decisions", "actions",
)  # fmt: skip
NOT_HELD = "not held"
"""The state of a meeting whose time has gone by and that nobody opened."""

AHEAD = 10
"""So many of the dates to come of a series have a row, whether anything is known of them or not."""


@dataclass
class _Facts:
    """What is known of the meetings of a project, read with one query for each kind of thing."""

    project: Project
    now: datetime
    people: dict[int, Person]
    present: dict[int, list[int]] = field(default_factory=dict)
    outsiders: dict[int, list[Outsider]] = field(default_factory=dict)
    absent: dict[int, list[str]] = field(default_factory=dict)
    regrets: dict[tuple[int, date], list[str]] = field(default_factory=dict)
    minutes: dict[int, Minutes] = field(default_factory=dict)
    records: dict[int, Counter[str]] = field(default_factory=dict)

    def name(self, key: int | None) -> str | None:
        return self.people[key].name if key else None

    def called(self, invitee: Invitee) -> str:
        return self.name(invitee.person_id) or invitee.address or ""


def meeting_rows(
    session: Session, project: Project, by: Readable[Entry], now: datetime
) -> list[list[Any]]:
    """A row for each meeting of *project* that was, is ahead or is called off, by its time.

    Of the records those are counted that its reader may read, as *by* says.
    """
    dates = _dates(session, project, now)
    meetings = [found.meeting for found in dates if found.meeting is not None]
    facts = _read(session, project, by, now, dates, [meeting.id for meeting in meetings])
    return [_row(facts, found) for found in dates]


def _dates(session: Session, project: Project, now: datetime) -> list[Date]:
    """The dates of every series up to now and the next ones, and those there is a row of."""
    rows = session.scalars(select(Meeting).where(Meeting.project_id == project.id)).all()
    series = {
        one.id: one
        for one in session.scalars(select(Series).where(Series.project_id == project.id))
    }
    found = {
        (m.series_id, m.day): date_of(series[m.series_id], m.day, m)
        for m in rows
        if _is_one(series[m.series_id], m, now)
    }
    for one in series.values():
        if one.state is SeriesState.ACTIVE:
            for date_ in _dates_of(session, one, project, now):
                found.setdefault((one.id, date_.day), date_)
    return sorted(found.values(), key=lambda one: (one.starts_at, one.series.id))


def _is_one(series: Series, meeting: Meeting, now: datetime) -> bool:
    """Whether *meeting* was held, was to be or is to be: a start that was undone is none."""
    if meeting.state in (MeetingState.OPEN, MeetingState.CLOSED):
        return True
    if meeting.left_out or series.state is SeriesState.DRAFT:
        return False
    was_on = series.rule is not None and meeting.ends_at <= now
    return was_on or series.state is not SeriesState.ENDED


def _dates_of(session: Session, series: Series, project: Project, now: datetime) -> Iterator[Date]:
    """The dates of *series* that are over, and the next ones."""
    first = min([series.first_day, *(rule.first_day for rule in series.earlier)])
    begins = datetime.combine(first, time.min, ZoneInfo(project.timezone))
    dates = dates_from(session, series, project, begins)
    ahead = 0
    for date_ in dates:
        ahead += date_.ends_at > now
        if ahead > AHEAD:
            return
        yield date_


def _read(
    session: Session,
    project: Project,
    by: Readable[Entry],
    now: datetime,
    dates: Sequence[Date],
    ids: Sequence[int],
) -> _Facts:
    there = session.execute(
        select(Attendance.meeting_id, Attendance.person_id)
        .where(Attendance.meeting_id.in_(ids))
        .order_by(Attendance.since, Attendance.id)
    ).all()
    absent = list(_regrets(session, dates))
    named: set[int | None] = {person for _meeting, person in there}
    named |= {invitee.person_id for _key, invitee in absent}
    known = (found.meeting for found in dates if found.meeting is not None)
    held = [meeting for meeting in known if meeting.closed_at is not None]
    expected = invited_to(session, held)
    named |= {invitee.person_id for rows in expected.values() for invitee in rows}
    for found in dates:
        host = found.meeting or found.series
        named |= {host.chair_id, host.minute_taker_id}
    facts = _Facts(project, now, by_id(session, named))
    for meeting_id, person_id in there:
        facts.present.setdefault(meeting_id, []).append(person_id)
    for key, invitee in absent:
        facts.regrets.setdefault(key, []).append(facts.called(invitee))
    noted = select(Outsider).where(Outsider.meeting_id.in_(ids)).order_by(Outsider.id)
    for row in session.scalars(noted):
        facts.outsiders.setdefault(row.meeting_id, []).append(row)
    for found in dates:
        if found.meeting is not None and found.meeting.id in expected:
            facts.absent[found.meeting.id] = _absent(facts, found, expected[found.meeting.id])
    facts.minutes = _minutes(session, ids)
    facts.records = _records(session, ids, by)
    return facts


def _regrets(session: Session, dates: Sequence[Date]) -> Iterator[tuple[tuple[int, date], Invitee]]:
    """Who cannot come to which meeting, in the order they said so."""
    wanted = {found.series.id for found in dates}
    rows = session.scalars(select(Invitee).where(Invitee.series_id.in_(wanted)))
    invitees = {row.id: row for row in rows}
    for found, answers in zip(dates, answers_by_date(session, dates), strict=True):
        for row in sorted(answers.values(), key=lambda row: (row.at, row.id)):
            if row.coming is Coming.NO:
                yield (found.series.id, found.day), invitees[row.invitee_id]


def _absent(facts: _Facts, found: Date, expected: Iterable[Invitee]) -> list[str]:
    """Who was expected and neither there nor had sent regrets, as far as anybody saw."""
    meeting_id = found.meeting.id if found.meeting else 0
    there = set(facts.present.get(meeting_id, ()))
    noted = facts.outsiders.get(meeting_id, [])
    seen = {row.address.casefold() for row in noted if not row.was_there}
    regrets = facts.regrets.get((found.series.id, found.day), [])
    return [
        facts.called(row)
        for row in expected
        if row.person_id not in there
        and (row.person_id is not None or (row.address or "").casefold() in seen)
        and facts.called(row) not in regrets
    ]


def _minutes(session: Session, ids: Sequence[int]) -> dict[int, Minutes]:
    """The version of each meeting's minutes that counts."""
    rows = session.scalars(
        select(Minutes).where(Minutes.meeting_id.in_(ids), Minutes.state.in_(sorted(CURRENT)))
    )
    return {row.meeting_id: row for row in rows}


def _records(session: Session, ids: Sequence[int], by: Readable[Entry]) -> dict[int, Counter[str]]:
    """How many records of each kind came of each meeting, of those *by* says."""
    captures = session.scalars(
        select(Capture).where(
            Capture.meeting_id.in_(ids),
            Capture.kind.is_not(None),
            Capture.removed_at.is_(None),
            ~Capture.is_undone,
        )
    ).all()
    entries = records_of(session, captures)
    told = {(entry.__tablename__, entry.id) for entry in by([*entries.values()])}
    found: dict[int, Counter[str]] = {}
    for meeting_id, kind, key in {(c.meeting_id, c.kind or "", c.object_id) for c in captures}:
        if (kind, key) in told:
            found.setdefault(meeting_id, Counter())[kind] += 1
    return found


def _row(facts: _Facts, found: Date) -> list[Any]:
    host = found.meeting or found.series
    key = found.meeting.id if found.meeting else 0
    minutes = facts.minutes.get(key)
    approved = minutes.approved_at if minutes else None
    counts = facts.records.get(key, Counter())
    starts = found.starts_at.astimezone(ZoneInfo(facts.project.timezone))
    return [
        found.series.title,
        starts.date(),
        starts,
        found.minutes,
        host.place,
        _state(facts, found),
        found.reason or None,
        facts.name(host.chair_id),
        facts.name(host.minute_taker_id),
        ", ".join(_present(facts, key)),
        ", ".join(facts.absent.get(key, ())),
        ", ".join(facts.regrets.get((found.series.id, found.day), ())),
        minutes.version if minutes else None,
        minutes.state if minutes else None,
        facts.project.local_date(approved) if approved else None,
        counts["decision"],
        counts["action"],
    ]


def _present(facts: _Facts, meeting_id: int) -> list[str]:
    names = [facts.people[one].name for one in facts.present.get(meeting_id, ())]
    outside = facts.outsiders.get(meeting_id, ())
    return [*names, *(row.address for row in outside if row.was_there)]


def _state(facts: _Facts, found: Date) -> str:
    state = found.meeting.state if found.meeting else MeetingState.PLANNED
    is_missed = state is MeetingState.PLANNED and found.ends_at <= facts.now
    return NOT_HELD if is_missed else state.value
