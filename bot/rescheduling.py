"""Rescheduling: one meeting is moved, cancelled, or takes place after all; where it takes place."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.arranging import hand_on
from bot.called_off import with_reason
from bot.context import Context
from bot.date_names import name_of
from bot.errors import UserError
from bot.hours import Hours
from bot.language import _
from bot.meeting_cards import refresh_card, when_words
from bot.meeting_dates import FARTHEST, Date, meeting_on
from bot.meetings import Meeting, MeetingState, Series, SeriesState, how_of
from bot.pages import moment
from bot.plans import moment_of
from bot.rhythm import Slot
from bot.rsvps import ask_anew
from bot.telling import PLACE, announce_series, tell_invitees


def move_meeting(context: Context, found: Date, to: Slot, reason: str) -> str:
    """Let the meeting of a date be at another time; the answer is what changed, in words.

    Raises `UserError` for a time that is over, too far off, or the one it has.
    """
    meeting = changeable(context, found)
    zone = found.series.zone
    starts_at, minutes = _target(context, found, to)
    if (starts_at, minutes) == (meeting.starts_at, meeting.minutes):
        raise UserError(_("It is at that time already."), field="to")
    if starts_at <= context.now:
        text = _("{moment} is over.")
        raise UserError(text.format(moment=moment(starts_at, zone)), field="to")
    if abs(starts_at - moment_of(found.day, time(), zone)) > FARTHEST:
        text = _("That is too far off: cancel it and plan another.")
        raise UserError(text, field="to")
    was, how = moment(meeting.starts_at, zone), how_of(found.series, meeting)
    meeting.starts_at, meeting.minutes = starts_at, minutes
    context.session.flush()
    ask_anew(context.session, found.series, meeting, how, context.now)
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
    meeting = changeable(context, found)
    how = how_of(found.series, meeting)
    meeting.state, meeting.reason = MeetingState.CANCELLED, reason or None
    context.session.flush()
    ask_anew(context.session, found.series, meeting, how, context.now)
    _tell(context, found, _("cancelled: {day}").format(day=when_words(found, found.series.zone)),
          reason)  # fmt: skip


def restore_meeting(context: Context, found: Date) -> None:
    """Let a cancelled meeting take place after all."""
    if found.meeting is None or not found.is_cancelled:
        raise UserError(_("It is not cancelled."))
    how = how_of(found.series, found.meeting)
    found.meeting.state, found.meeting.reason = MeetingState.PLANNED, None
    context.session.flush()
    ask_anew(context.session, found.series, found.meeting, how, context.now)
    when = when_words(found, found.series.zone)
    _tell(context, found, _("takes place after all: {day}").format(day=when), "")


def changeable(context: Context, found: Date) -> Meeting:
    """The meeting's row. Raises `UserError` where it is open, over or cancelled."""
    if found.is_cancelled:
        name = name_of(context.session, context.project, found)
        text = _("It is cancelled; `meet restore` takes that back.")
        raise UserError(text, line=f"meet restore {name.words}", label=_("Restore it"))
    meeting = meeting_on(context.session, found)
    if meeting.state is not MeetingState.PLANNED:
        raise UserError(_("It has begun already."))
    return meeting


def change_place(context: Context, found: Date, place: str | None) -> str:
    """Let the meeting of a date be somewhere else than usual; the answer says where."""
    meeting, words = changeable(context, found), place_words(place)
    is_new, meeting.place = meeting.place != place, place
    context.session.flush()
    if is_new and found.series.state is SeriesState.ACTIVE:
        told = f"{context.actor.name}: {words}"
        tell_invitees(context, found.series, told, as_it_is(context, found), kind=PLACE)
    return words


def change_usual_place(context: Context, series: Series, place: str | None) -> str:
    """Let *series* be somewhere else from now on; the answer says where."""
    is_new, words = series.place != place, place_words(place)
    hand_on(context, series, "place", place)
    context.session.flush()
    if is_new and series.state is SeriesState.ACTIVE:
        tell_invitees(context, series, f"{context.actor.name}: {words}", kind=PLACE)
    return words


def place_words(place: str | None) -> str:
    """Where a meeting takes place now, in words."""
    if place is None:
        return _("it has no place any more")
    return _("it takes place here: {place}").format(place=place)


def _tell(context: Context, found: Date, words: str, reason: str) -> None:
    """Let the channel and everybody invited know, as the row has it now."""
    words = with_reason(words, reason)
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
