"""Readers of minutes by mail: who was invited when the meeting was held, and may read it now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audience import readers, roles_in
from bot.calendar.writing import Party
from bot.history import Change, ChangeItem
from bot.meetings import Invitee, Meeting, Part
from bot.people import by_id
from bot.projects import Project
from bot.values import Visibility


def readers_of(session: Session, meeting: Meeting, project: Project) -> list[Party]:
    """Who is mailed the minutes: those informed, and whoever was invited by a plain address.

    Of what is restricted only those in Slack who may read it.
    """
    invitees = _invited_to(session, meeting)
    people = by_id(session, (one.person_id for one in invitees if one.person_id))
    known = readers(session, people.values(), [project], roles_in(session, [project.id]))
    is_restricted = project.visibility is Visibility.RESTRICTED
    found: dict[str, Party] = {}
    for one in invitees:
        person = people.get(one.person_id) if one.person_id else None
        if person is None and one.address and not is_restricted:
            found.setdefault(one.address.casefold(), Party("", one.address))
        elif person is not None and person.email and one.part is Part.INFORMED:
            may_read = (person.id, project.id) in known or not is_restricted
            if may_read and person.is_active:
                found.setdefault(person.email.casefold(), Party(person.name, person.email))
    return list(found.values())


def _invited_to(session: Session, meeting: Meeting) -> list[Invitee]:
    """Who was invited while *meeting* was held, in the order they were.

    Who came later was no part of it; who has gone since was, and reads what is corrected.
    """
    rows = session.scalars(
        select(Invitee).where(Invitee.series_id == meeting.series_id).order_by(Invitee.id)
    ).all()
    began = meeting.opened_at or meeting.starts_at
    ended = max(began, meeting.closed_at or meeting.ends_at)
    done: dict[int, list[tuple[datetime, ChangeItem]]] = {row.id: [] for row in rows}
    for at, item in _done_since(session, done, began):
        done[item.object_id].append((at, item))
    return [
        row
        for row in rows
        if any(
            _was_invited(row, [item for at, item in done[row.id] if at > moment])
            for moment in (began, ended)
        )
    ]


def _done_since(session: Session, keys: Iterable[int], moment: datetime) -> Sequence[Any]:
    """What was done to invitations since *moment*, the first first."""
    return session.execute(
        select(Change.at, ChangeItem)
        .join(ChangeItem, ChangeItem.change_id == Change.id)
        .where(
            ChangeItem.kind == Invitee.__tablename__,
            ChangeItem.object_id.in_(sorted(keys)),
            Change.at > moment,
        )
        .order_by(ChangeItem.id)
    ).all()


def _was_invited(row: Invitee, since: Sequence[ChangeItem]) -> bool:
    """Whether *row* invited somebody before what was done to it *since*."""
    for item in since:
        if item.before is None:
            return False
        if "removed_at" in item.before:
            return item.before["removed_at"] is None
    return row.removed_at is None
