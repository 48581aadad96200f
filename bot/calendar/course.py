"""Course: what comes before and after an event in its series, or instead of it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar.differences import Line
from bot.calendar.event import Event
from bot.calendar.when import day_words, event_words, short_day_words
from bot.language import _


@dataclass(frozen=True)
class Course:
    """The other events of a series, which calendars know by other names, beside one of it.

    *instead* is what takes place instead of one that does not any more. It *is back* where a later
    rhythm was just taken back.
    """

    before: Event | None = None
    after: Event | None = None
    instead: Event | None = None
    is_back: bool = False


ALONE = Course()


@dataclass(frozen=True)
class Turn:
    """A series that goes by another rhythm from a day on: the *kind* of a mail, the rhythm its
    subject names, and what it says first."""

    kind: str
    about: str
    lead: str


def begun(event: Event, course: Course, stamp: datetime) -> Turn | None:
    """An event that is new in a calendar, and follows on another."""
    if course.before is None or _first(event) < stamp.date():
        return None
    words = _("This mail is about the dates from then on; another is about those before.")
    return _turn(course.before, event, stamp, words)


def ended(event: Event, held: Event, course: Course, stamp: datetime) -> Turn | None:
    """An event that has another end than a calendar *held*, for another follows on it."""
    if course.is_back and _goes_on(event, held):
        return _back(event, "")
    if course.after is None or event.last_day == held.last_day:
        return None
    words = _("This mail is about the dates until then; another brings those after.")
    return _turn(event, course.after, stamp, words)


def replaced(held: Event, course: Course, stamp: datetime) -> Turn | None:
    """An event that is no more, while its series goes on."""
    if course.instead is None:
        return None
    text = _("This mail takes out of your calendar: {words}.")
    words = text.format(words=event_words(held))
    if course.is_back:
        return _back(course.instead, words)
    return _turn(held, course.instead, stamp, words)


def course_lines(course: Course, stamp: datetime) -> Iterator[Line]:
    """What is ahead beside an event."""
    if course.before is not None and course.before.takes_place_after(stamp):
        last = course.before.last_day
        until = _("until {day}").format(day=day_words(last)) if last else ""
        yield Line(_("Before"), ", ".join(filter(None, (event_words(course.before), until))))
    if course.after is not None:
        since = _("from {day}").format(day=day_words(_first(course.after)))
        yield Line(_("After that"), f"{event_words(course.after)}, {since}")


def _turn(was: Event, now: Event, stamp: datetime, more: str) -> Turn:
    since, text = _first(now), _("From {day} on: {now} instead of {was}.")
    words = text.format(day=day_words(since), now=event_words(now), was=event_words(was))
    kind = _("From {day}").format(day=short_day_words(since, stamp))
    return Turn(kind, event_words(now), f"{words} {more}".strip())


def _back(event: Event, more: str) -> Turn:
    words = _("Back to {words}.").format(words=event_words(event))
    return Turn(_("As before"), event_words(event), f"{words} {more}".strip())


def _goes_on(event: Event, held: Event) -> bool:
    if held.last_day is None:
        return False
    return event.last_day is None or event.last_day > held.last_day


def _first(event: Event) -> date:
    """The first day it takes place on."""
    return next((day for day in event.days() if day not in event.dropped), event.first_day)
