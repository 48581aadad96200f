"""Publishing: what calendars are to show of a series, in numbered editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarEdition, CalendarEvent
from bot.calendar.course import ALONE, Course
from bot.calendar.event import Event
from bot.calendar.planning import called_off_because, events_of, horizon_of
from bot.delivery.installation import Installation
from bot.meetings import Series
from bot.projects import Project

LEAP = 100
NEAR = timedelta(days=180)
"""So long before the horizon of a series is reached, more of its holidays are published."""


@dataclass(frozen=True)
class Publication:
    """The event of one UID as it is published from now on.

    *event* None: it is no more, and the *reason* is what was said of that.
    """

    uid: str
    event: Event | None
    sequence: int
    changed_at: datetime
    horizon: date
    is_new: bool
    course: Course = ALONE
    reason: str = ""


def publications(
    session: Session, series: Series, project: Project, changed_at: datetime
) -> list[Publication]:
    """Every event of *series* as it is to be published, the oldest first, changed or not.

    The holidays of more years come with what is told as a whole anyway, or when they are near.
    """
    known = session.scalars(
        select(CalendarEvent).where(CalendarEvent.series_id == series.id).order_by(CalendarEvent.id)
    ).all()
    today = project.local_date(changed_at)
    doubted_at = session.scalar(select(Installation.doubted_at))
    farther = horizon_of(today)
    horizon = max((row.horizon for row in known), default=farther)
    wanted = {event.uid: event for event in events_of(session, series, project, horizon)}
    if horizon < farther and (horizon - today < NEAR or _is_other(known, wanted)):
        horizon = farther
        wanted = {event.uid: event for event in events_of(session, series, project, horizon)}
    told = [
        _publication(row, wanted.pop(row.uid, None), changed_at, horizon, doubted_at)
        for row in known
    ]
    reason = called_off_because(session, series)
    told = [replace(one, reason=reason) if one.event is None else one for one in told]
    new = [Publication(uid, event, 0, changed_at, horizon, True) for uid, event in wanted.items()]
    return _in_course([*told, *new], changed_at)


def _in_course(told: Sequence[Publication], changed_at: datetime) -> list[Publication]:
    """Each with what comes before and after it in the series, or instead of it."""
    coming = sorted(
        (one.event for one in told if one.event is not None), key=lambda event: event.first_day
    )
    if not coming:
        return list(told)
    gone = [n for n, one in enumerate(told) if one.event is None and one.changed_at == changed_at]
    latest = next(n for n, one in enumerate(told) if one.event is coming[-1])
    found = []
    for number, one in enumerate(told):
        if one.event is None:
            course = Course(instead=coming[-1], is_back=latest < number)
        else:
            at = coming.index(one.event)
            course = Course(
                before=coming[at - 1] if at else None,
                after=coming[at + 1] if at + 1 < len(coming) else None,
                is_back=any(later > number for later in gone),
            )
        found.append(replace(one, course=course))
    return found


def _is_other(known: Sequence[CalendarEvent], wanted: Mapping[str, Event]) -> bool:
    """Whether more than single dates have changed."""
    masters = {row.uid: Event.of_dict(row.state).master for row in known if row.state}
    return masters != {uid: event.master for uid, event in wanted.items()}


def _publication(
    row: CalendarEvent,
    event: Event | None,
    changed_at: datetime,
    horizon: date,
    doubted_at: datetime | None,
) -> Publication:
    if row.state == (event.as_dict() if event else None):
        is_farther = horizon > row.horizon
        return Publication(row.uid, event, row.sequence, row.changed_at, horizon, is_farther)
    # This may be a restored backup, and calendars know more than it does.
    is_doubted = doubted_at is not None and doubted_at > row.changed_at
    step = LEAP if is_doubted else 1
    return Publication(row.uid, event, row.sequence + step, changed_at, horizon, True)


def publish(session: Session, series_id: int, published: Publication) -> None:
    """Write down what calendars show from now on."""
    row = session.scalar(select(CalendarEvent).where(CalendarEvent.uid == published.uid))
    is_same = row is not None and row.sequence == published.sequence
    if row is None:
        row = CalendarEvent(series_id=series_id, uid=published.uid)
        session.add(row)
    row.state = published.event.as_dict() if published.event else None
    row.sequence, row.changed_at = published.sequence, published.changed_at
    row.horizon = published.horizon
    session.flush()
    if not is_same:
        session.add(
            CalendarEdition(
                event_id=row.id, sequence=published.sequence, changed_at=published.changed_at
            )
        )
