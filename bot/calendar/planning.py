"""Planning: what calendars are to show of a series, as its rules and its meetings have it now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarEvent, CalendarRound
from bot.calendar.event import Event, Instance
from bot.language import _, speaking
from bot.meeting_dates import date_of
from bot.meetings import EarlierRule, Meeting, MeetingState, Series, SeriesState, hour_of
from bot.people import Person
from bot.projects import Project

YEARS_AHEAD = 2


def horizon_of(today: date) -> date:
    """Up to when the holidays of a series are left out of what is published *today*."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def events_of(session: Session, series: Series, project: Project, horizon: date) -> list[Event]:
    """What calendars are to show of *series*, the earliest rule first: nothing unless it takes
    place.

    Calendars know no holidays, so those up to *horizon* are days that were dropped.
    """
    if series.state is not SeriesState.ACTIVE or project.closed_at is not None:
        return []
    chair = _chair_name(session, series)
    with speaking(None):  # whoever has it published, all calendars show the same
        note = _("A meeting of {project}, chaired by {chair}.")
    note = note.format(project=project.name, chair=chair)
    meetings = session.scalars(select(Meeting).where(Meeting.series_id == series.id)).all()
    if series.rule is None:
        event = _event(series, series, note, chair)
        return _once(event, meetings) if event else []
    rules: list[Series | EarlierRule] = [*series.earlier, series]
    events = (_event(rule, series, note, chair) for rule in rules)
    return [
        _dated(event, series, meetings, project, horizon) for event in events if event is not None
    ]


def called_off_because(session: Session, series: Series) -> str:
    """Why it does not take place: it is paused, or what was to be once was cancelled for it."""
    if series.state is SeriesState.PAUSED:
        with speaking(None):
            return _("paused until further notice")
    if series.rule is not None:
        return ""
    is_off = (Meeting.series_id == series.id) & (Meeting.state == MeetingState.CANCELLED)
    return session.scalar(select(Meeting.reason).where(is_off)) or ""


def unpublished(session: Session, most: int = 25) -> set[int]:
    """Series calendars ought to show of which nothing was ever published, at *most* so many.

    They are from before there were calendars here. Those that wait to be told are left out.
    """
    keys = session.scalars(
        select(Series.id)
        .join(Project, Project.id == Series.project_id)
        .outerjoin(CalendarEvent, CalendarEvent.series_id == Series.id)
        .outerjoin(CalendarRound, CalendarRound.series_id == Series.id)
        .where(
            Series.state == SeriesState.ACTIVE,
            Project.closed_at.is_(None),
            CalendarEvent.id.is_(None),
            CalendarRound.series_id.is_(None),
        )
        .order_by(Series.id)
    )
    return set(islice((key for key in keys if _is_shown(session, key)), most))


def _is_shown(session: Session, key: int) -> bool:
    """Whether there is any event: what took place once may have been cancelled."""
    series = session.get_one(Series, key)
    return bool(events_of(session, series, session.get_one(Project, series.project_id), date.min))


def _chair_name(session: Session, series: Series) -> str:
    """How calendars call the chair: who is called otherwise now is no other chair."""
    states = session.scalars(
        select(CalendarEvent.state)
        .where(CalendarEvent.series_id == series.id, CalendarEvent.state.is_not(None))
        .order_by(CalendarEvent.id.desc())
    )
    known = (state["chair"] for state in states if state and state["chair_id"] == series.chair_id)
    return next(known, None) or session.get_one(Person, series.chair_id).name


def _event(rule: Series | EarlierRule, series: Series, note: str, chair: str) -> Event | None:
    """What a rule says, without its single dates; None where it names no day."""
    event = Event(
        rule.uid, series.title, series.place or "", note, rule.zone, rule.first_day,
        hour_of(rule), rule.minutes, rule.rule, rule.last_day,
        chair_id=series.chair_id, chair=chair,
    )  # fmt: skip
    return event if next(event.days(), None) is not None else None


def _once(event: Event, meetings: Sequence[Meeting]) -> list[Event]:
    """What takes place once: where it is moved, that is when it is."""
    for meeting in meetings:
        if meeting.state is MeetingState.CANCELLED:
            return []
        found = _instance(event, meeting)
        event = replace(
            event, place=found.place, first_day=found.day, at=found.at, minutes=found.minutes
        )
    return [event]


def _dated(
    event: Event, series: Series, meetings: Sequence[Meeting], project: Project, horizon: date
) -> Event:
    """*event* with its holidays, and with the dates that were cancelled or are otherwise."""
    until = max([horizon, *(meeting.day for meeting in meetings)])
    days = set(takewhile(lambda day: day <= until, event.days()))
    moved = {row.day for row in meetings if date_of(series, row.day, row).is_moved}
    for day in sorted(days - moved):
        if day <= horizon and project.calendar.holiday_name(day) is not None:
            event = event.without(day)
    for meeting in meetings:
        if meeting.day not in days or meeting.day in event.dropped:
            continue
        if meeting.state is MeetingState.CANCELLED:
            event = event.without(meeting.day, meeting.reason or "")
        elif (found := _instance(event, meeting)) != event.usual(meeting.day):
            event = event.having(found, meeting.day)
    return event


def _instance(event: Event, meeting: Meeting) -> Instance:
    local = meeting.starts_at.astimezone(ZoneInfo(event.zone))
    return Instance(local.date(), local.time(), meeting.minutes, meeting.place or "")
