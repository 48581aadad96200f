"""Editions: which state of an event in calendars an answer is to, and how new that one was."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarEdition, CalendarEvent
from bot.meeting_dates import Date
from bot.meetings import rule_on


def newest(session: Session, uid: str) -> int:
    """The SEQUENCE of an event as it was last published; 0 before it was."""
    known = select(CalendarEvent.sequence).where(CalendarEvent.uid == uid)
    return session.scalar(known) or 0


def newest_of(session: Session, found: Date) -> int:
    """The same for the event a date belongs to."""
    return newest(session, rule_on(found.series, found.day).uid)


def published_at(session: Session, uid: str, sequence: int | None) -> datetime | None:
    """When what was published under that SEQUENCE was changed last; None where nobody knows."""
    return session.scalar(
        select(CalendarEdition.changed_at)
        .join(CalendarEvent, CalendarEvent.id == CalendarEdition.event_id)
        .where(CalendarEvent.uid == uid, CalendarEdition.sequence == sequence)
    )
