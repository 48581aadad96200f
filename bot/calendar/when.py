"""When events take place, in words."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from bot.calendar.event import Event, Instance
from bot.dates import format_day
from bot.hours import hours_words
from bot.language import current
from bot.plans import moment_of
from bot.rhythm import series_words

_LONGEST = timedelta(days=2)  # a meeting that is not over began after that, whatever its zone


def day_words(day: date) -> str:
    """``Tue 1 Dec 2026``."""
    return format_day(day, current())


def instance_words(instance: Instance) -> str:
    """``Tue 1 Dec 2026, 10:00–10:45``."""
    return f"{day_words(instance.day)}, {hours_words(instance.at, instance.minutes)}"


def with_place(instance: Instance, usual: str = "") -> str:
    """``Tue 1 Dec 2026, 10:00–10:45, Room 5``; without the place where that is the *usual* one."""
    words = instance_words(instance)
    has_place = instance.place and instance.place != usual
    return f"{words}, {instance.place}" if has_place else words


def event_words(event: Event) -> str:
    """``every Tue, 10:00–10:45``, or when it takes place once."""
    if event.rule is None:
        return instance_words(event.usual(event.first_day))
    return series_words(event.rule, event.first_day, event.at, event.minutes)


def short_day_words(day: date, stamp: datetime) -> str:
    """``Tue 1 Dec``; with the year where it is not that of *stamp*."""
    return format_day(day, current(), year=day.year != stamp.year)


def from_to(was: Instance, now: Instance, stamp: datetime) -> str:
    """``Tue 1 Dec 10:00 → Wed 2 Dec 14:00``, or one of them where they begin together.

    The year is left out where both are in that of *stamp*.
    """
    years = {was.day.year, now.day.year}
    shown = [
        f"{format_day(one.day, current(), year=years != {stamp.year})} {one.at:%H:%M}"
        for one in (was, now)
    ]
    return " → ".join(dict.fromkeys(shown))


def in_zone(words: str, zone: str, home: str) -> str:
    """Times of day in *words*, with their zone where that is not the one at *home*."""
    return words if zone == home or not words else f"{words} ({zone})"


def event_from_to(was: Event, now: Event, stamp: datetime, home: str) -> str:
    """The same of events: ``every Tue, 10:00–10:45 → every Wed, 14:00–15:00``, and in which zone
    where that is not the one at *home*, or is another now."""
    if was.zone != now.zone:
        each = (event_from_to(event, event, stamp, "") for event in (was, now))
        return " → ".join(each)
    if was.rule is None and now.rule is None:
        words = from_to(was.usual(was.first_day), now.usual(now.first_day), stamp)
    else:
        words = " → ".join(dict.fromkeys(map(event_words, (was, now))))
    return in_zone(words, now.zone, home)


def next_words(event: Event, stamp: datetime, most: int) -> Iterator[str]:
    """The dates after *stamp*, at *most* so many, in the order of the days the rule names."""
    near = stamp.date() - _LONGEST
    days = (day for day in event.days() if day >= near or day in event.moved)
    return islice(_after(event, days, stamp), most)


def _after(event: Event, days: Iterable[date], stamp: datetime) -> Iterator[str]:
    for day in days:
        found = event.instance(day)
        if found is None:
            continue
        ends_at = moment_of(found.day, found.at, event.zone) + timedelta(minutes=found.minutes)
        if ends_at > stamp:
            yield with_place(found, event.place)
