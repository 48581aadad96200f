"""Rhythm: when something happens, once or again and again, and how it reads in words."""

from dataclasses import dataclass, field
from datetime import date, time

from bot.dates import short_weekday
from bot.hours import Hours, hours_words
from bot.language import _, current, plural
from bot.recurrence import Every, Recurrence

WORKWEEK = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Slot:
    """A day and hours on it, as far as they were said; *weekday* where only that was, *said* as
    all of it was typed."""

    day: date | None = None
    weekday: int | None = None
    hours: Hours | None = None
    said: str = field(default="", compare=False)

    @property
    def at(self) -> time | None:
        """From when, where that was said."""
        return self.hours.at if self.hours else None

    @property
    def words(self) -> str:
        """``2026-12-02 14:00``, as it may be typed again."""
        day = self.day.isoformat() if self.day else ""
        return f"{day} {self.hours.words if self.hours else ''}".strip()


@dataclass(frozen=True)
class Rhythm:
    """When something happens: by a *recurrence*, or once on a *day*; *hours* where said."""

    recurrence: Recurrence | None
    day: date | None
    hours: Hours | None

    @property
    def words(self) -> str:
        """``every 2 weeks on Tue, 10:00–10:45``, as it may be typed again."""
        rule = recurrence_words(self.recurrence) if self.recurrence else f"{self.day}"
        return f"{rule}, {self.hours.words}" if self.hours else rule


def recurrence_words(rule: Recurrence) -> str:
    """A rule in words: ``every 2 weeks on Tue``, ``every last Fri of the month``."""
    if rule.every is Every.DAY:
        text = plural("every day", "every {count} days", rule.interval)
        return text.format(count=rule.interval)
    if rule.every is Every.WEEK:
        return _weekly_words(rule)
    if rule.place is None:
        text = plural("every month on the {day}", "every {count} months on the {day}",
                      rule.interval)  # fmt: skip
        return text.format(count=rule.interval, day=_ordinal(rule.monthday or 1))
    weekday = short_weekday(rule.weekdays[0], current())
    place = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last")}
    text = plural("every {place} {weekday} of the month",
                  "every {count} months on the {place} {weekday}", rule.interval)  # fmt: skip
    return text.format(count=rule.interval, place=place[rule.place], weekday=weekday)


def _weekly_words(rule: Recurrence) -> str:
    if rule.weekdays == WORKWEEK and rule.interval == 1:
        return _("every weekday")
    names = [short_weekday(number, current()) for number in rule.weekdays]
    weekdays = names[0]
    if len(names) > 1:
        weekdays = _("{some} and {last}").format(some=", ".join(names[:-1]), last=names[-1])
    text = plural("every {weekdays}", "every {count} weeks on {weekdays}", rule.interval)
    return text.format(count=rule.interval, weekdays=weekdays)


def _ordinal(number: int) -> str:
    if current() != "en":
        return f"{number}."
    tens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def series_words(rule: str | None, day: date, at: time, minutes: int) -> str:
    """The rhythm of a series as it is stored, in words that may be typed again."""
    if rule is None:
        return f"{day.isoformat()}, {hours_words(at, minutes)}"
    return f"{recurrence_words(Recurrence.of(rule))}, {hours_words(at, minutes)}"
