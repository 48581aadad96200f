"""Watching: whatever calendars show of a series, a round begins when a flush changes it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import event, func, inspect, or_, select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarRound
from bot.db import Sessions, insert_into, say
from bot.gathering import gather
from bot.history import doing_in, is_changing
from bot.meetings import EarlierRule, Invitee, Meeting, MeetingState, Series
from bot.people import Person
from bot.projects import Project

CHANGED, CLOCK = "jourfixe_calendars", "jourfixe_clock"
SHOWN: dict[type, frozenset[str]] = {
    Series: frozenset(
        "title rule first_day last_day at minutes zone place chair_id state uid".split()
    ),
    EarlierRule: frozenset("rule first_day last_day at minutes zone uid".split()),
    Invitee: frozenset({"part", "removed_at"}),
    Meeting: frozenset({"starts_at", "minutes", "place"}),
    Project: frozenset({"name", "country", "subdivision", "closed_at"}),
    Person: frozenset({"email", "is_active", "is_bot"}),
}
BEGINS = (EarlierRule, Invitee, Person)
"""What changes a series by being there; a meeting that gets its row is as it was without."""


def watch(sessions: Sessions, clock: Callable[[], datetime]) -> None:
    """See to it that calendars are told of whatever was typed, undone, answered or met in Slack.

    *clock* tells the office time of what Slack says by itself.
    """

    # In the sessions, for what listens to them is kept as long as all it knows: for ever.
    say(sessions, **{CLOCK: clock})
    event.listen(sessions, "before_flush", _mark)


def _mark(session: Session, context: object, instances: object) -> None:
    keys = _changed(session)
    if keys:
        now = doing_in(session).at if is_changing(session) else session.info[CLOCK]()
        begin_round(session, keys, now)
        session.info.setdefault(CHANGED, set()).update(keys)


def begin_round(session: Session, series_ids: Iterable[int], now: datetime) -> None:
    """Have calendars told of these series; what changes while they are told begins anew."""
    for series_id in sorted(series_ids):
        gather(session, CalendarRound, series_id, now, changed_at=now, is_silent=False)


def begin_silently(session: Session, series_ids: Iterable[int], now: datetime) -> None:
    """Have these series published at once and nobody mailed; what waits already stays as it is."""
    for series_id in sorted(series_ids):
        begun = insert_into(session, CalendarRound).values(
            series_id=series_id, due_at=now, changed_at=now, number=0, is_silent=True
        )
        session.execute(begun.on_conflict_do_nothing())


def changed_in(session: Session) -> set[int]:
    """The series that were changed in *session* for calendars."""
    found: set[int] = session.info.get(CHANGED, set())
    return found


def _changed(session: Session) -> set[int]:
    """The series of which a flush changes something calendars show."""
    rows = [row for row in (*session.dirty, *session.deleted) if _is_shown(session, row)]
    rows += [row for row in session.new if isinstance(row, BEGINS)]
    return {key for row in rows for key in _series_of(session, row)}


def _is_shown(session: Session, row: object) -> bool:
    """Whether calendars show what is changed of *row*."""
    names = SHOWN.get(type(row))
    if names is None:
        return False
    state = inspect(row)
    changed = {attribute.key for attribute in state.attrs if attribute.history.has_changes()}
    if isinstance(row, Meeting) and "state" in changed:
        told = state.attrs["state"].history
        if MeetingState.CANCELLED in (*told.added, *told.deleted):
            return True
    return row in session.deleted or bool(names & changed)


def _series_of(session: Session, row: object) -> Iterable[int]:
    if isinstance(row, Series):
        return [row.id]
    if isinstance(row, Project):
        return session.scalars(select(Series.id).where(Series.project_id == row.id))
    if isinstance(row, EarlierRule | Invitee | Meeting):
        return [row.series_id]
    return _with(session, row) if isinstance(row, Person) else []


def _with(session: Session, person: Person) -> Iterable[int]:
    """The series somebody is invited to, in Slack or by the address they have or had."""
    told = inspect(person).attrs["email"].history
    addresses = {address.lower() for address in told.sum() if address}
    return session.scalars(
        select(Invitee.series_id).where(
            Invitee.removed_at.is_(None),
            or_(Invitee.person_id == person.id, func.lower(Invitee.address).in_(sorted(addresses))),
        )
    )
