"""Arranging meetings: a series is made, checked and begun; what is usual for it is handed on."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from sqlalchemy import or_, select

from bot.arguments import IncompleteError
from bot.context import Context
from bot.errors import UserError
from bot.hosting import current_series
from bot.hours import USUAL_MINUTES
from bot.invitations import invite
from bot.language import _
from bot.meetings import (
    Meeting,
    MeetingState,
    Part,
    Series,
    SeriesState,
    next_number,
)
from bot.people import People, Person
from bot.plans import moment_of
from bot.reading import says_none
from bot.recurrence import Recurrence, days_of
from bot.rhythm import Rhythm
from bot.telling import announce_series, tell_invited

TITLE_LIMIT = 200


def make_series(
    context: Context,
    title: str,
    when: Rhythm,
    *,
    since: date | None,
    zone: str | None,
    place: str | None,
    chair: Person,
    taker: Person | None,
) -> Series:
    """A new series as a draft. Raises `UserError` for a time that is over or not complete."""
    check_title(context, title)
    check_zone(zone)
    series = Series(
        project_id=context.project.id,
        number=next_number(context.session, context.project),
        title=title.strip(),
        zone=zone or context.project.timezone,
        place=place_said(place),
        chair_id=chair.id,
        minute_taker_id=taker.id if taker else None,
        state=SeriesState.DRAFT,
        uid=str(uuid4()),
        made_by=context.actor.id,
        made_at=context.now,
    )
    set_rhythm(context, series, when, since)
    context.session.add(series)
    context.session.flush()
    hosts = (chair,) if taker is None else (chair, taker)
    invite(context.session, series, context.actor.team, People(hosts), Part.REQUIRED)
    return series


def set_rhythm(context: Context, series: Series, when: Rhythm, since: date | None) -> None:
    """Let *series* take place by *when*, from the first day on that fits, not before *since*."""
    if when.hours is None:
        raise IncompleteError(
            _("At what time? Such as `{words} 10:00-10:45`.").format(words=when.words), field="when"
        )
    series.rule = when.recurrence.rule() if when.recurrence else None
    series.at = when.hours.at.isoformat("minutes")
    series.minutes = when.hours.minutes or series.minutes or USUAL_MINUTES
    series.last_day = None
    series.first_day = when.day or since or context.today
    if when.recurrence is not None:
        series.first_day = _first_day(context, series, when.recurrence)
    elif _starts(series, series.first_day) <= context.now:
        raise UserError(_("That time is over."), field="when")


def _first_day(context: Context, series: Series, rule: Recurrence) -> date:
    """The first day from `first_day` on that fits; every other week is counted from there."""
    days = days_of(replace(rule, interval=1).rule(), series.first_day)
    return next(day for day in days if _starts(series, day) > context.now)


def _starts(series: Series, day: date) -> datetime:
    return moment_of(day, time.fromisoformat(series.at), series.zone)


def check_title(context: Context, title: str, but: Series | None = None) -> None:
    """Raise `UserError` for a title that is empty or too long, or that another meeting has."""
    if not title.strip():
        raise IncompleteError(_("Title is missing."), field="title")
    if len(title.strip()) > TITLE_LIMIT:
        text = _("A meeting’s title has at most {count} characters.")
        raise UserError(text.format(count=TITLE_LIMIT), field="title")
    folded = title.strip().casefold()
    others = (series for series in current_series(context) if series is not but)
    if any(series.title.casefold() == folded for series in others):
        raise UserError(_("There is a meeting of that name already."), field="title")


def hand_on(context: Context, series: Series, column: str, value: Any) -> None:
    """Let *series* have another place, chair or minute taker; the meetings of it to come, too,
    but those that have one of their own. What is off the plan may come back."""
    usual = getattr(series, column)
    known = (MeetingState.PLANNED, MeetingState.CANCELLED)
    ahead = select(Meeting).where(
        Meeting.series_id == series.id,
        Meeting.state.in_(known),
        or_(Meeting.starts_at > context.now, Meeting.day >= context.today),
    )
    for meeting in context.session.scalars(ahead.order_by(Meeting.day)):
        if getattr(meeting, column) == usual:
            setattr(meeting, column, value)
    setattr(series, column, value)


def place_said(text: str | None) -> str | None:
    """The place somebody named; None where they said that there is none."""
    named = (text or "").strip(" ,;")
    return None if says_none(named) else named or None


def check_zone(zone: str | None) -> None:
    """Raise `UserError` for a time zone there is not."""
    if zone is not None and zone not in available_timezones():
        text = _("I do not know the time zone `{zone}`; write it like `Europe/Berlin`.")
        raise UserError(text.format(zone=zone), field="zone")


def require_person(person: Person | None, field: str) -> None:
    """Raise `UserError` for somebody who cannot have a part in a meeting."""
    if person is not None and (person.is_bot or not person.is_active):
        raise UserError(_("That must be a person who is active in Slack."), field=field)


def require_people(who: People | None, field: str) -> None:
    """As `require_person`, for each of *who*."""
    for person in who.people if who else ():
        require_person(person, field)


def begin_series(context: Context, series: Series) -> None:
    """Let a draft take place: the channel and everybody invited in Slack hear of it."""
    series.state = SeriesState.ACTIVE
    context.session.flush()
    announce_series(context, series, _("it takes place"))
    tell_invited(context, series)
