"""Rescheduling: one meeting is moved or cancelled, a series changes its rhythm or ends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.arranging import announce_series, invitation, set_rhythm, tell_invitees
from bot.context import Context
from bot.delivery.outbox import find
from bot.delivery.retelling import retell
from bot.errors import UserError
from bot.hours import Hours
from bot.invitations import forget_answers
from bot.language import _
from bot.meeting_cards import call_of, refresh_card, rhythm_words, when_words
from bot.meeting_dates import FARTHEST, Date, meeting_on, next_dates, rule_days
from bot.meetings import EarlierRule, Meeting, MeetingState, Series, SeriesState
from bot.pages import day as day_words
from bot.pages import moment
from bot.plans import moment_of
from bot.projects import Project
from bot.rhythm import Rhythm, Slot

_DAY = timedelta(days=1)


# --- One meeting ----------------------------------------------------------------------------


def move_meeting(context: Context, found: Date, to: Slot, reason: str) -> str:
    """Let the meeting of a date be at another time; the answer is what changed, in words.

    Raises `UserError` for a time that is over, too far off, or the one it has.
    """
    meeting = _changeable(context, found)
    zone = found.series.zone
    starts_at, minutes = _target(context, found, to)
    if (starts_at, minutes) == (meeting.starts_at, meeting.minutes):
        raise UserError(_("It is at that time already."), field="to")
    if starts_at <= context.now:
        text = _("{moment} is over.")
        raise UserError(text.format(moment=moment(starts_at, zone)), field="to")
    if abs(starts_at - moment_of(found.day, time(), zone)) > FARTHEST:
        raise UserError(_("That is too far off: cancel it and plan another."), field="to")
    was = moment(meeting.starts_at, zone)
    meeting.starts_at, meeting.minutes = starts_at, minutes
    context.session.flush()
    forget_answers(context.session, meeting.id)
    words = f"{was} → {moment(starts_at, zone)}"
    _tell(context, found, _("moved: {words}").format(words=words), reason)
    return words


def _target(context: Context, found: Date, to: Slot) -> tuple[datetime, int]:
    """When *to* is: a bare weekday is that of the meeting's own week, unless that is over."""
    local = found.starts_at.astimezone(ZoneInfo(found.series.zone))
    hours = to.hours or Hours(local.time())
    day = to.day or local.date()
    if to.weekday is not None:
        day = local.date() + timedelta(days=to.weekday - local.weekday())
        if moment_of(day, hours.at, found.series.zone) <= context.now:
            day += timedelta(weeks=1)
    starts_at = moment_of(day, hours.at, found.series.zone)
    return starts_at, hours.minutes or found.minutes


def cancel_meeting(context: Context, found: Date, reason: str) -> None:
    """Let the meeting of a date not take place."""
    meeting = _changeable(context, found)
    meeting.state = MeetingState.CANCELLED
    context.session.flush()
    _tell(context, found, _("cancelled: {day}").format(day=when_words(found, found.series.zone)),
          reason)  # fmt: skip


def restore_meeting(context: Context, found: Date) -> None:
    """Let a cancelled meeting take place after all."""
    if found.meeting is None or not found.is_cancelled:
        raise UserError(_("It is not cancelled."))
    found.meeting.state = MeetingState.PLANNED
    context.session.flush()
    forget_answers(context.session, found.meeting.id)
    when = when_words(found, found.series.zone)
    _tell(context, found, _("takes place after all: {day}").format(day=when), "")


def _changeable(context: Context, found: Date) -> Meeting:
    """The meeting's row. Raises `UserError` where it is open, over or cancelled."""
    if found.is_cancelled:
        raise UserError(_("It is cancelled; `meet restore` takes that back."))
    meeting = meeting_on(context.session, found)
    if meeting.state is not MeetingState.PLANNED:
        raise UserError(_("It has begun already."))
    return meeting


def _tell(context: Context, found: Date, words: str, reason: str) -> None:
    """Let the channel and everybody invited know, as the row has it now."""
    if reason:
        words = _("{words}, reason: {reason}").format(words=words, reason=reason)
    now_so = as_it_is(context, found)
    refresh_card(context.session, context.project, now_so, context.now,
                 f"{context.actor.name}: {words}")  # fmt: skip
    if found.series.state is SeriesState.ACTIVE:
        announce_series(context, found.series, f"{found.series.title}, {words}")
        tell_invitees(context, found.series, f"{context.actor.name}: {words}", now_so)


def as_it_is(context: Context, found: Date) -> Date:
    """The date as its row has it now."""
    meeting = meeting_on(context.session, found)
    return replace(found, starts_at=meeting.starts_at, minutes=meeting.minutes, meeting=meeting)


def tell_taken_back(context: Context, meeting: Meeting) -> None:
    """Let the channel, and whoever was told, see that a change of *meeting* was taken back."""
    series = context.session.get_one(Series, meeting.series_id)
    found = Date(series, meeting.day, meeting.starts_at, meeting.minutes, meeting)
    project = context.session.get_one(Project, meeting.project_id)
    when = when_words(found, series.zone)
    words = _("{who} took that back: {when}").format(who=context.actor.name, when=when)
    refresh_card(context.session, project, found, context.now, words)
    message = invitation(context, series, words, found)
    retell(context.session, f"meeting:{call_of(found)}", lambda _user: message, asks=True)


# --- A series -------------------------------------------------------------------------------


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
    """The day of the next meeting, so that one that has begun today stays as it is."""
    coming = next_dates(context.session, series, context.project, context.now, 2)
    return next((d.day for d in coming if d.starts_at > context.now), context.today)


def _succeed(context: Context, series: Series, when: Rhythm, start: date) -> None:
    """Keep the rule so far until *start*, and go by another from then on."""
    last_day = series.last_day
    _cut(context, series, start)
    if series.first_day < start:
        kept = EarlierRule(
            series_id=series.id, rule=series.rule, first_day=series.first_day,
            last_day=min(start - _DAY, last_day or date.max), at=series.at,
            minutes=series.minutes, zone=series.zone, uid=series.uid,
        )  # fmt: skip
        series.earlier.append(kept)
        series.uid = str(uuid4())
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


def _follow(context: Context, series: Series, start: date) -> None:
    """Meetings already known from *start* on are at the new time, or do not take place."""
    planned = _planned(context, series, start)
    last = max((meeting.day for meeting in planned), default=start)
    days = set(takewhile(lambda day: day <= last, rule_days(series, start)))
    for meeting in planned:
        if meeting.day not in days:
            meeting.state = MeetingState.CANCELLED
            continue
        meeting.starts_at = moment_of(meeting.day, time.fromisoformat(series.at), series.zone)
        meeting.minutes = series.minutes
        forget_answers(context.session, meeting.id)


def _planned(context: Context, series: Series, start: date) -> Sequence[Meeting]:
    return context.session.scalars(
        select(Meeting).where(
            Meeting.series_id == series.id,
            Meeting.day >= start,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > context.now,
        )
    ).all()


def end_series(context: Context, series: Series, since: date | None) -> str:
    """Let *series* have no more meetings from a day on; the answer says so."""
    start = since or context.today
    if start < context.today:
        raise UserError(_("{day} is in the past.").format(day=day_words(start)), field="since")
    was_active = series.state is SeriesState.ACTIVE
    for meeting in _planned(context, series, start):
        meeting.state = MeetingState.CANCELLED
    _cut(context, series, start)
    series.last_day = start - _DAY
    if start <= context.today:
        series.state = SeriesState.ENDED
    context.session.flush()
    text = _("{title} has ended.") if start <= context.today else _("{title} ends before {day}.")
    words = text.format(title=series.title, day=day_words(start))
    if was_active:
        announce_series(context, series, words)
        tell_invitees(context, series, f"{context.actor.name}: {words}")
    return words


def take_back_series(context: Context, series: Series) -> None:
    """Let the channel, and whoever was told, see that a change of *series* was taken back."""
    context.session.refresh(series)
    project = context.session.get_one(Project, series.project_id)
    if find(context.session, f"card:series:{series.id}") is None:
        return
    words = _("that was taken back: {rhythm}").format(rhythm=rhythm_words(series))
    announce_series(context, series, words)
    told = invitation(context, series, f"{context.actor.name}: {words}", None)
    retell(context.session, f"series:{series.id}", lambda _user: told, asks=True)
    if series.state is not SeriesState.ACTIVE:
        text = _("{who} took the invitation back.").format(who=context.actor.name)
        taken = invitation(context, series, text, None)
        for found in next_dates(context.session, series, project, context.now, 1):
            retell(context.session, f"new:meeting:{call_of(found)}", lambda _user: taken, asks=True)
