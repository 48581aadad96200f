"""Succession: a series goes by another rhythm from a day on, or ends; what is known follows."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import takewhile
from uuid import uuid4

from sqlalchemy import or_, select

from bot.arranging import set_rhythm
from bot.context import Context
from bot.errors import UserError
from bot.hours import Hours
from bot.language import _
from bot.meeting_cards import rhythm_words, with_card
from bot.meeting_dates import date_of, dates_from, meeting_on, next_dates, rule_days
from bot.meetings import EarlierRule, Meeting, MeetingState, Series, SeriesState
from bot.pages import day as day_words
from bot.plans import moment_of
from bot.rhythm import Rhythm
from bot.rsvps import ask_all_anew, ask_anew
from bot.telling import announce_series, tell_invitees

_DAY = timedelta(days=1)
NEAR = 10
"""So many meetings ahead may have a card in the channel already."""


def change_rhythm(context: Context, series: Series, when: Rhythm, since: date | None) -> str:
    """Let *series* take place by another rhythm from a day on; the answer says what changed.

    What was before stays as it was: calendars know it by the name it had.
    """
    if when.recurrence is None or series.rule is None:
        raise UserError(_("What takes place once is moved: `meet move`."), field="when")
    old_words, start = rhythm_words(series), since or _next_day(context, series)
    if start < context.today:
        raise UserError(_("{day} is in the past.").format(day=day_words(start)), field="since")
    kept = Hours(time.fromisoformat(series.at), series.minutes)
    hours = when.hours or kept
    when = replace(when, hours=replace(hours, minutes=hours.minutes or kept.minutes))
    if series.state is SeriesState.DRAFT:
        set_rhythm(context, series, when, since)
    else:
        _succeed(context, series, when, start)
    context.session.flush()
    words = f"{old_words} → {rhythm_words(series)}"
    if series.state is not SeriesState.DRAFT:
        words += f", {_('from {day}').format(day=day_words(series.first_day))}"
        announce_series(context, series, words)
    if series.state is SeriesState.ACTIVE:
        tell_invitees(context, series, f"{context.actor.name}: {words}")
    return words


def _next_day(context: Context, series: Series) -> date:
    """The first day another rhythm holds on: in the week of the next meeting, so that Tuesday
    can become Monday, unless one of that week has begun; today where there is none.
    """
    week = context.today - timedelta(days=context.today.weekday())
    since = moment_of(week, time(), series.zone)
    begun = week - _DAY
    for found in dates_from(context.session, series, context.project, since):
        if found.starts_at <= context.now and not found.is_cancelled:
            begun = found.day
        elif not found.is_settled:
            monday = found.day - timedelta(days=found.day.weekday())
            return found.day if begun >= monday else max(context.today, monday)
    return context.today


def _succeed(context: Context, series: Series, when: Rhythm, start: date) -> None:
    """Keep the rule so far until *start*, and go by another from then on."""
    last_day = series.last_day
    _keep_shown(context, series)
    _cut(context, series, start)
    if series.first_day < start:
        kept = EarlierRule(
            series_id=series.id, rule=series.rule, first_day=series.first_day,
            last_day=min(start - _DAY, last_day or date.max), at=series.at,
            minutes=series.minutes, zone=series.zone, uid=series.uid,
        )  # fmt: skip
        series.earlier.append(kept)
        series.uid = str(uuid4())
    else:
        ask_all_anew(context.session, series)
    set_rhythm(context, series, when, start)
    series.last_day = last_day
    context.session.flush()
    _follow(context, series, start)


def _cut(context: Context, series: Series, start: date) -> None:
    """Let earlier rules end before *start*."""
    for rule in list(series.earlier):
        if rule.first_day >= start:
            series.earlier.remove(rule)
            context.session.delete(rule)
        else:
            rule.last_day = min(rule.last_day, start - _DAY)
    context.session.flush()


def _keep_shown(context: Context, series: Series) -> None:
    """What the channel has a card of is known, so that its card can say what becomes of it."""
    coming = next_dates(context.session, series, context.project, context.now, NEAR)
    for found in with_card(context.session, coming):
        meeting_on(context.session, found)


def _follow(context: Context, series: Series, start: date) -> None:
    """Meetings already known from *start* on are at the time the rules say, or are left out.

    One that was left out before takes place again where the rules name its day again.
    """
    is_ahead = (Meeting.state == MeetingState.PLANNED) & (Meeting.starts_at > context.now)
    rows = context.session.scalars(
        select(Meeting).where(
            Meeting.series_id == series.id,
            Meeting.day >= start,
            or_(is_ahead, Meeting.left_out),
        )
    ).all()
    last = max((meeting.day for meeting in rows), default=start)
    days = set(takewhile(lambda day: day <= last, rule_days(series, start)))
    for meeting in rows:
        if meeting.day in days:
            _put_on_rule(context, series, meeting)
        else:
            meeting.state, meeting.left_out = MeetingState.CANCELLED, True
    context.session.flush()


def _put_on_rule(context: Context, series: Series, meeting: Meeting) -> None:
    """Let *meeting* take place when its rule says; calendars may know it by another name now, so
    everybody is asked anew."""
    named = date_of(series, meeting.day, None)
    meeting.state, meeting.left_out = MeetingState.PLANNED, False
    meeting.starts_at, meeting.minutes = named.starts_at, named.minutes
    ask_anew(context.session, meeting, context.now)


def end_series(context: Context, series: Series, since: date | None) -> str:
    """Let *series* have no more meetings from a day on; the answer says so."""
    start = since or context.today
    if start < context.today:
        raise UserError(_("{day} is in the past.").format(day=day_words(start)), field="since")
    was_active = series.state is SeriesState.ACTIVE
    _keep_shown(context, series)
    if series.last_day is not None:  # a later end brings back what the one before left out
        first = max(context.today, min(start, series.last_day + _DAY))
    else:
        first = start
    _cut(context, series, start)
    series.last_day = start - _DAY
    if start <= context.today:
        series.state = SeriesState.ENDED
    context.session.flush()
    _follow(context, series, first)
    text = _("{title} has ended.") if start <= context.today else _("{title} ends before {day}.")
    words = text.format(title=series.title, day=day_words(start))
    if was_active:
        announce_series(context, series, words)
        tell_invitees(context, series, f"{context.actor.name}: {words}")
    return words
