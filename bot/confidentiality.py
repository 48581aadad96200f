"""Confidentiality: who reads what was said about the confidential items of a meeting."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.agenda import AgendaItem, Topic
from bot.history import Change, ChangeItem
from bot.invitations import invited_to, seat_for
from bot.meetings import Meeting, Part, Series, is_host
from bot.minutes import Approval, Attendance, Capture, Minutes
from bot.pages import LOCK
from bot.projects import Project
from bot.register import Entry, Note
from bot.registers import REGISTERS
from bot.rights import Right, Rights

E = TypeVar("E", bound=Entry)


def insight(session: Session, rights: Rights, meetings: Iterable[Meeting]) -> set[int]:
    """Of which of *meetings* the person with *rights* reads what is confidential, by their ids.

    Who was invited when it was held or was there, and who may run it: chair, minute taker, lead
    and office.
    """
    person = rights.person
    known = {meeting.id: meeting for meeting in meetings}
    found = {m.id for m in known.values() if _runs(session, rights, m)}
    rest = [meeting for meeting in known.values() if meeting.id not in found]
    if not rest:
        return found
    found |= set(
        session.scalars(
            select(Attendance.meeting_id).where(
                Attendance.person_id == person.id,
                Attendance.meeting_id.in_(sorted(meeting.id for meeting in rest)),
            )
        )
    )
    seats = invited_to(session, rest)
    return found | {
        key for key, rows in seats.items() if any(row.person_id == person.id for row in rows)
    }


def reads_all_of(session: Session, rights: Rights, meeting: Meeting | Series) -> bool:
    """Whether that person reads what is confidential in *meeting*, or in one of a series to come
    of which nothing is known yet."""
    if isinstance(meeting, Meeting):
        return meeting.id in insight(session, rights, [meeting])
    seat = seat_for(session, meeting, rights.person)
    is_named = seat is not None and seat.person_id is not None  # as in what `insight` goes by
    is_invited = seat is not None and is_named and seat.part is not Part.INFORMED
    return is_invited or _runs(session, rights, meeting)


def _runs(session: Session, rights: Rights, meeting: Meeting | Series) -> bool:
    project = session.get_one(Project, meeting.project_id)
    return is_host(rights.person, meeting) or rights.may(Right.HOST, project)


def readable(session: Session, rights: Rights, entries: Sequence[E]) -> list[E]:
    """Those of *entries*, all of projects that person may read, they may read themselves.

    What is confidential is read by its owner, by who raised it, and by who reads all of the
    meeting it is of.
    """
    mine = rights.person.id
    asked = {
        entry.secret_of_id
        for entry in entries
        if entry.secret_of_id is not None and mine not in (entry.owner_id, entry.opened_by)
    }
    if not asked:
        return list(entries)
    meetings = session.scalars(select(Meeting).where(Meeting.id.in_(sorted(asked))))
    hidden = asked - insight(session, rights, meetings)
    return [
        entry
        for entry in entries
        if entry.secret_of_id not in hidden or mine in (entry.owner_id, entry.opened_by)
    ]


def untold(
    session: Session, rights: Rights, project: Project, changes: Iterable[Change]
) -> set[int]:
    """Which of *changes* of *project* touch something confidential, by their ids.

    None for who may run any of its meetings, and none of that person's own.
    """
    if rights.may(Right.HOST, project):
        return set()
    asked = [change.id for change in changes if change.actor_id != rights.person.id]
    found: set[int] = set()
    for kind, secret in _SECRET:
        is_one = (ChangeItem.kind == kind) & ChangeItem.object_id.in_(secret)
        touching = select(ChangeItem.change_id).where(ChangeItem.change_id.in_(asked), is_one)
        found |= set(session.scalars(touching))
    return found


def _secret_entries() -> Iterator[tuple[str, Select[int]]]:
    """Confidential entries, and what is noted at them."""
    for register in REGISTERS:
        kind = register.entry.__tablename__
        secret = select(register.entry.id).where(~register.entry.is_public())
        yield kind, secret
        is_there = (Note.kind == kind) & Note.object_id.in_(secret)
        yield Note.__tablename__, select(Note.id).where(is_there)


_SECRET: tuple[tuple[str, Select[int]], ...] = (
    (Topic.__tablename__, select(Topic.id).where(Topic.is_confidential)),
    (AgendaItem.__tablename__, select(AgendaItem.id).where(AgendaItem.is_confidential)),
    (
        Capture.__tablename__,
        select(Capture.id)
        .join(AgendaItem, AgendaItem.id == Capture.item_id)
        .where(AgendaItem.is_confidential),
    ),
    (
        Approval.__tablename__,
        select(Approval.id)
        .join(Minutes, Minutes.id == Approval.minutes_id)
        .where(Minutes.text.contains(LOCK)),
    ),
    *_secret_entries(),
)
"""What is confidential: kinds of rows, each with those that are."""


def may_read(session: Session, rights: Rights, entry: Entry) -> bool:
    """Whether that person, who may read its project, may read *entry*."""
    return bool(readable(session, rights, [entry]))
