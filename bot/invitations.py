"""Invitations: who is invited to a meeting, who will come, and whether there are enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from bot.history import Change, ChangeItem
from bot.meeting_dates import Date, lasting, next_of_all
from bot.meetings import Coming, Invitee, Meeting, Part, Series, SeriesState, invitees_of
from bot.people import People, Person, by_id, with_address
from bot.preferences import wishes_of
from bot.projects import Project
from bot.rsvps import answers_by_date, answers_to


@dataclass(frozen=True)
class Seat:
    """One who is invited, and what is known of their coming to one meeting.

    *answered_by* is who said it for them, where that was somebody else.
    """

    invitee: Invitee
    person: Person | None
    coming: Coming | None = None
    remark: str | None = None
    is_away: bool = False
    answered_by: str = ""

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.invitee.address or ""

    @property
    def is_required(self) -> bool:
        return self.invitee.part is Part.REQUIRED

    @property
    def is_absent(self) -> bool:
        """Whether they said that they cannot come, or are away and did not say otherwise."""
        return self.coming is Coming.NO or (self.is_away and self.coming is None)


@dataclass(frozen=True)
class Quorum:
    """How many of the required can come, as far as is known."""

    required: int
    absent: int
    is_chair_absent: bool

    @property
    def is_at_risk(self) -> bool:
        """Whether half of the required or the chair will be missing."""
        return self.is_chair_absent or 2 * self.absent >= max(self.required, 1)


def seats_of(session: Session, found: Date, project: Project) -> list[Seat]:
    """Everybody invited to the meeting of a date, with their answers and who is away."""
    invitees = invitees_of(session, found.series)
    people = by_id(session, (invitee.person_id for invitee in invitees))
    wishes = wishes_of(session, people)
    answers = answers_to(session, found)
    proxies = by_id(session, (answer.by_id for answer in answers.values()))
    day = project.local_date(found.starts_at)
    seats = []
    for invitee in invitees:
        person = people.get(invitee.person_id) if invitee.person_id else None
        answer = answers.get(invitee.id)
        is_away = person is not None and wishes[person.id].is_away(day)
        is_away = is_away or (person is not None and not person.is_active)
        coming, remark = (answer.coming, answer.remark) if answer else (None, None)
        proxy = proxies.get(answer.by_id) if answer and answer.by_id else None
        by = proxy.name if proxy else ""
        seats.append(Seat(invitee, person, coming, remark, is_away, by))
    return seats


def quorum_of(found: Date, seats: Sequence[Seat]) -> Quorum:
    """Whether enough of the required will come."""
    required = [seat for seat in seats if seat.is_required]
    chair_id = found.meeting.chair_id if found.meeting else found.series.chair_id
    chair = next((seat for seat in seats if seat.invitee.person_id == chair_id), None)
    absent = sum(seat.is_absent for seat in required)
    return Quorum(len(required), absent, chair is not None and chair.is_absent)


def is_for(person: Person) -> ColumnElement[bool]:
    """What holds for the invitations of *person*: by the address they have in Slack, too, which
    may have been a plain one when it was invited."""
    mine = Invitee.person_id == person.id
    if person.email:
        by_address = func.lower(Invitee.address) == person.email.lower()
        mine |= Invitee.person_id.is_(None) & by_address
    return mine & Invitee.removed_at.is_(None)


def seat_for(session: Session, series: Series, person: Person) -> Invitee | None:
    """The invitation of *person* to *series*; in their own name, where there are two."""
    return session.scalar(
        select(Invitee)
        .where(Invitee.series_id == series.id, is_for(person))
        .order_by(Invitee.person_id.is_(None), Invitee.id)
        .limit(1)
    )


def invited_to(
    session: Session, meetings: Iterable[Meeting], *, informed: bool = False
) -> dict[int, list[Invitee]]:
    """Who was invited while each of *meetings* was held, in the order they were; two queries.

    Who came later was no part of it; who has gone since was. Who was only to be *informed* is
    among them where asked.
    """
    held = {meeting.id: meeting for meeting in meetings}
    rows = session.scalars(
        select(Invitee)
        .where(Invitee.series_id.in_(sorted({m.series_id for m in held.values()})))
        .order_by(Invitee.id)
    ).all()
    moments = {key: _moments(meeting) for key, meeting in held.items()}
    done = _done_since(session, rows, min((m[0] for m in moments.values()), default=None))
    return {
        key: [
            row
            for row in rows
            if row.series_id == meeting.series_id
            and any(_was_invited(row, done.get(row.id, ()), m, informed) for m in moments[key])
        ]
        for key, meeting in held.items()
    }


def _moments(meeting: Meeting) -> tuple[datetime, datetime]:
    """When *meeting* began and when it ended, or ought to."""
    began = meeting.opened_at or meeting.starts_at
    return began, max(began, meeting.closed_at or meeting.ends_at)


Done = tuple[datetime, ChangeItem]
"""What was done to a row, and when."""


def _done_since(
    session: Session, rows: Sequence[Invitee], moment: datetime | None
) -> dict[int, list[Done]]:
    """What was done to each of *rows* since *moment*, the last first."""
    if moment is None or not rows:
        return {}
    found = session.execute(
        select(Change.at, ChangeItem)
        .join(ChangeItem, ChangeItem.change_id == Change.id)
        .where(
            ChangeItem.kind == Invitee.__tablename__,
            ChangeItem.object_id.in_([row.id for row in rows]),
            Change.at > moment,
        )
        .order_by(ChangeItem.id.desc())
    )
    done: dict[int, list[Done]] = {}
    for at, item in found:
        done.setdefault(item.object_id, []).append((at, item))
    return done


def _was_invited(row: Invitee, done: Iterable[Done], moment: datetime, informed: bool) -> bool:
    """Whether *row* invited somebody at *moment*, before what was *done* to it since."""
    state: dict[str, Any] = {"removed_at": row.removed_at, "part": row.part}
    for at, item in done:
        if at <= moment:
            break
        if item.before is None:
            return False
        state |= item.before
    return state["removed_at"] is None and (informed or state["part"] != Part.INFORMED)


def invite(session: Session, series: Series, team: str, who: People, part: Part) -> list[Invitee]:
    """Invite everybody in *who* as *part*; the answer is those for whom that changes something.

    An address of somebody in Slack is that person, and was if it was invited before.
    """
    people = {person.id: person for person in who.people}
    addresses = []
    for address in who.addresses:
        person = with_address(session, team, address)
        if person is None:
            addresses.append(address)
        else:
            people[person.id] = person
    rows = session.scalars(select(Invitee).where(Invitee.series_id == series.id)).all()
    by_person = {row.person_id: row for row in rows if row.person_id}
    by_address = {(row.address or "").casefold(): row for row in rows if row.address}
    wanted = [
        (
            by_person.get(key) or by_address.get((person.email or "").casefold()),
            Invitee(series_id=series.id, person_id=key, part=part),
        )
        for key, person in people.items()
    ] + [
        (by_address.get(a.casefold()), Invitee(series_id=series.id, address=a, part=part))
        for a in addresses
    ]
    return [row for known, new in wanted if (row := _invited(session, known, new))]


def _invited(session: Session, known: Invitee | None, new: Invitee) -> Invitee | None:
    """*known* with the part of *new*, or *new*; None where nothing changes."""
    if known is None:
        session.add(new)
        session.flush()
        return new
    is_same = known.removed_at is None and known.part is new.part
    if is_same and known.person_id == new.person_id:
        return None
    if known.person_id != new.person_id:
        known.person_id, known.address = new.person_id, None
    known.part, known.removed_at = new.part, None
    session.flush()
    return known


def uninvite(
    session: Session, series: Series, team: str, who: People, now: datetime
) -> list[Invitee]:
    """Invite those in *who* no longer; the answer is those who were invited."""
    resolved = {a: with_address(session, team, a) for a in who.addresses}
    meant = [person for person in (*who.people, *resolved.values()) if person is not None]
    people = {person.id for person in meant}
    addresses = {a.casefold() for a in (*who.addresses, *(p.email for p in meant if p.email))}
    gone = [
        invitee
        for invitee in invitees_of(session, series)
        if invitee.person_id in people or (invitee.address or "").casefold() in addresses
    ]
    for invitee in gone:
        invitee.removed_at = now
    session.flush()
    return gone


def named(session: Session, invitees: Iterable[Invitee]) -> list[str]:
    """The invitees by name, or by address."""
    rows = list(invitees)
    people = by_id(session, (row.person_id for row in rows))
    return [people[row.person_id].name if row.person_id else row.address or "" for row in rows]


def my_dates(
    session: Session, person: Person, now: datetime, count: int
) -> list[tuple[Project, Date, Coming | None]]:
    """The next dates *person* is invited to in all projects, with what they answered."""
    rows = session.execute(
        select(Series, Project, Invitee.id)
        .join(Invitee, Invitee.series_id == Series.id)
        .join(Project, Project.id == Series.project_id)
        .where(
            is_for(person),
            Series.state == SeriesState.ACTIVE,
            lasting(now.date() - timedelta(days=1)),  # somewhere it is yesterday still
            Project.closed_at.is_(None),
        )
        .options(selectinload(Series.earlier))
        .order_by(Series.id, Invitee.person_id.is_not(None))
    ).all()  # of two invitations to one series the one in their own name comes last
    seats = {series.id: (project, seat) for series, project, seat in rows}
    pairs = list({series: (series, project) for series, project, _seat in rows}.values())
    found = next_of_all(session, pairs, now, count)
    nearest = sorted(found, key=lambda one: one.starts_at)[:count]
    told = []
    for date_, answers in zip(nearest, answers_by_date(session, nearest), strict=True):
        project, seat = seats[date_.series.id]
        told.append((project, date_, answers[seat].coming if seat in answers else None))
    return told
