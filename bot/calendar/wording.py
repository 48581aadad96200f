"""Wording: what a mail says in words of an event and of what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.calendar.changes import Change, Method, Why
from bot.calendar.course import Course, begun, course_lines, ended, replaced
from bot.calendar.differences import Line, changed_lines, line, place_lines, single_dates
from bot.calendar.event import Event
from bot.calendar.lines import one_line
from bot.calendar.when import (
    day_words,
    event_from_to,
    event_words,
    from_to,
    in_zone,
    instance_words,
    next_words,
    short_day_words,
)
from bot.calendar.writing import Attendee, Role
from bot.language import N_, _
from bot.messages import shortened

NEXT = 4
"""So many of the dates to come are listed."""

TITLE_LIMIT = 100
REASON_LIMIT = 300
_PARTS = {
    Role.CHAIR: N_("You chair it."),
    Role.REQUIRED: N_("Your presence is required."),
    Role.OPTIONAL: N_("Your presence is optional."),
    Role.INFORMED: N_("Nobody waits for your answer."),
}


@dataclass(frozen=True)
class Wording:
    """What one mail says; *dates* are the next, *closing* are sentences below all."""

    subject: str
    kind: str
    title: str
    lead: str
    lines: Sequence[Line]
    dates: Sequence[str]
    closing: Sequence[str]
    project: str


def wording(
    wanted: Event | None,
    held: Event | None,
    change: Change,
    stamp: datetime,
    attendee: Attendee,
    project: str,
    home: str,
    course: Course,
) -> Wording:
    """What the mail of *change* says to *attendee*, from what a calendar *held* to what is
    *wanted* of it, in the *course* of its series.

    Times in the zone at *home* need no more words. Raises ValueError where there is nothing to
    tell of.
    """
    event = _shown(wanted or held)
    before = _shown(held or event)
    if change.day is not None:
        kind, about, lead, lines = _single(event, before, change, change.day, stamp, home)
    elif change.method is Method.CANCEL:
        kind, about, lead, lines = _gone(event, change, course, stamp, home)
    elif held is None or change.why is Why.INVITED:
        kind, about, lead, lines = _new(event, course, stamp, home, attendee.role)
    else:
        kind, about, lead, lines = _changed(event, before, course, stamp, home)
    has_more = wanted is not None and event.rule is not None
    dates = tuple(next_words(event, stamp, NEXT)) if has_more else ()
    subject = ", ".join(filter(None, (f"{kind}: {event.title}", about)))
    return Wording(
        subject, kind, event.title, lead, (*lines, Line(_("Project"), one_line(project))),
        dates, tuple(_closing(event, change, attendee)), one_line(project),
    )  # fmt: skip


_Told = tuple[str, str, str, list[Line]]
"""The kind of a mail, what its subject says behind the title, a sentence, and the lines below."""


def _shown(event: Event | None) -> Event:
    """*event* as words show it: nothing that was typed breaks a line or hides others."""
    if event is None:
        raise ValueError("a mail about no meeting")
    moved = {day: replace(one, place=one_line(one.place)) for day, one in event.moved.items()}
    return replace(
        event,
        title=shortened(one_line(event.title), TITLE_LIMIT) or _("A meeting"),
        place=one_line(event.place),
        moved=moved,
        reasons={day: _reason(why) for day, why in event.reasons.items()},
    )


def _reason(why: str) -> str:
    return shortened(one_line(why), REASON_LIMIT)


def _new(event: Event, course: Course, stamp: datetime, home: str, role: Role) -> _Told:
    lines = [Line(_("When"), event_words(event)), *_known(event), *course_lines(course, stamp)]
    if event.last_day is not None and event.rule is not None:
        lines.insert(1, Line(_("Until"), day_words(event.last_day)))
    if turn := begun(event, course, stamp):
        return turn.kind, in_zone(turn.about, event.zone, home), turn.lead, lines
    about = event_from_to(event, event, stamp, home)
    if course.after is not None and event.last_day is not None:
        until = _("until {day}").format(day=short_day_words(event.last_day, stamp))
        about = f"{about}, {until}"
    if role is Role.INFORMED:
        return _("For your information"), about, _("You are told of this meeting."), lines
    return _("Invitation"), about, _("You are invited to this meeting."), lines


def _single(
    event: Event, before: Event, change: Change, day: date, stamp: datetime, home: str
) -> _Told:
    """One date that was moved, changed, or dropped."""
    now, was = event.instance(day), before.instance(day) or before.usual(day)
    about = in_zone(from_to(was, now or was, stamp), event.zone, home)
    if now is None:
        lines = [Line(_("When"), instance_words(was)), *_why(change), _zone(event)]
        lines += place_lines(was.place, was.place)
        kind, lead = _("Cancelled"), _("This date does not take place.")
    else:
        lines = [line(_("When"), instance_words(now), instance_words(was)), _zone(event)]
        lines += place_lines(now.place, was.place)
        is_moved = (now.day, now.at) != (was.day, was.at)
        kind = _("Moved") if is_moved else _("Changed")
        lead = _("This date was moved.") if is_moved else _("This date has changed.")
    return kind, about, lead, [*lines, Line(_("Otherwise"), event_words(event))]


def _gone(event: Event, change: Change, course: Course, stamp: datetime, home: str) -> _Told:
    lines = [Line(_("When"), event_words(event)), *_why(change), *_known(event)]
    if change.why is Why.REMOVED:
        lead = _("You are no longer invited to this meeting; it leaves your calendar.")
        return _("No longer invited"), "", lead, lines
    if turn := replaced(event, course, stamp):
        return turn.kind, in_zone(turn.about, event.zone, home), turn.lead, []
    lead = _("This meeting does not take place any more.")
    return _("Cancelled"), event_from_to(event, event, stamp, home), lead, lines


def _changed(event: Event, before: Event, course: Course, stamp: datetime, home: str) -> _Told:
    """An event that is told as a whole, with all that is otherwise in it."""
    dates = single_dates(event, before, stamp)
    lines = [*changed_lines(event, before, dates), *course_lines(course, stamp)]
    if turn := ended(event, before, course, stamp):
        return turn.kind, in_zone(turn.about, event.zone, home), turn.lead, lines
    lead = _("This meeting has changed:") if lines[0].is_news else _("This is how it stands now:")
    about = event_from_to(before, event, stamp, home)
    if about == event_from_to(event, event, stamp, home):
        return _("Changed"), in_zone(dates.about(stamp), event.zone, home), lead, lines
    return _("Changed") if event.rule else _("Moved"), about, lead, lines


def _closing(event: Event, change: Change, attendee: Attendee) -> Iterator[str]:
    if event.note and change.method is Method.REQUEST:
        yield one_line(event.note)
    if change.method is Method.CANCEL:
        yield _("There is nothing to answer.")
        return
    yield _(_PARTS[attendee.role])
    if attendee.role is not Role.INFORMED:
        yield _answering(attendee)
        if event.rule and change.day is None:
            yield _("An answer to the series holds for every date you do not answer singly.")


def _answering(attendee: Attendee) -> str:
    if attendee.is_in_slack:
        return _("Please answer with the buttons of your mail program or calendar, or in Slack.")
    return _("Please answer with the buttons of your mail program or calendar.")


def _why(change: Change) -> list[Line]:
    reason = _reason(change.reason)
    return [Line(_("Reason"), reason)] if reason else []


def _zone(event: Event) -> Line:
    return Line(_("Time zone"), event.zone)


def _known(event: Event) -> list[Line]:
    return [_zone(event), *place_lines(event.place, event.place)]
