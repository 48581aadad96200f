"""Yearly changes of clocks, as a POSIX TZ rule has them (IEEE 1003.1, 8.3; RFC 8536, 3.3)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_NAME = r"<[-+\w]{3,}>|[A-Za-z]{3,}"
_TIME = r"[-+]?\d{1,3}(?::\d\d){0,2}"
_RULE = re.compile(
    rf"(?P<usual>{_NAME})(?P<usual_west>{_TIME})(?:(?P<other>{_NAME})(?P<other_west>{_TIME})?"
    rf",(?P<begins>[^,/]+)(?:/(?P<begins_at>{_TIME}))?,(?P<ends>[^,/]+)(?:/(?P<ends_at>{_TIME}))?)?"
)
_WEEKDAY = re.compile(r"M(\d{1,2})\.([1-5])\.([0-6])")
_NUMBER = re.compile(r"(J?)(\d{1,3})")
LAST = 5
"""The week of a month that is its last, whether the fourth or the fifth."""


@dataclass(frozen=True)
class Clock:
    """How far local time is ahead of UTC, and what it is called."""

    offset: timedelta
    name: str


@dataclass(frozen=True)
class ClockChange:
    """The moment *at* which the clocks of a zone change."""

    at: datetime
    before: Clock
    after: Clock

    @property
    def local(self) -> datetime:
        """What the clocks show just before."""
        return self.at + self.before.offset


@dataclass(frozen=True)
class WeekdayOfMonth:
    """The *week*-th *weekday* of a *month*, Sunday being 0; `LAST` is the last."""

    month: int
    week: int
    weekday: int

    def on(self, year: int) -> date:
        """The day in *year*."""
        first = date(year, self.month, 1)
        days = (self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1)
        return first + timedelta(days=days if days < monthrange(year, self.month)[1] else days - 7)


@dataclass(frozen=True)
class DayOfYear:
    """The *number*-th day of a year, from 1; where it *skips* 29 February that is none."""

    number: int
    skips: bool

    def on(self, year: int) -> date:
        """The day in *year*."""
        if not self.skips:
            return date(year, 1, 1) + timedelta(days=self.number - 1)
        return (date(2001, 1, 1) + timedelta(days=self.number - 1)).replace(year=year)


@dataclass(frozen=True)
class YearlyChange:
    """A change every year, *past* the midnight a day begins with, by the clock that goes."""

    day: WeekdayOfMonth | DayOfYear
    past: timedelta
    before: Clock
    after: Clock

    def in_year(self, year: int) -> ClockChange:
        """The change in *year*."""
        local = datetime.combine(self.day.on(year), time(), UTC) + self.past
        return ClockChange(local - self.before.offset, self.before, self.after)


@dataclass(frozen=True)
class ClockRule:
    """The *usual* clock of a zone, and the two changes of a year where it has another, too."""

    usual: Clock
    yearly: tuple[YearlyChange, ...] = ()

    @classmethod
    def of(cls, rule: str) -> "ClockRule":
        """What a POSIX TZ rule says. Raises ValueError for what is none."""
        found = _RULE.fullmatch(rule)
        if found is None:
            raise ValueError(f"no rule for clocks: {rule!r}")
        usual = Clock(-_span(found["usual_west"]), found["usual"].strip("<>"))
        if found["other"] is None:
            return cls(usual)
        ahead = usual.offset + timedelta(hours=1)
        other = Clock(
            -_span(found["other_west"]) if found["other_west"] else ahead,
            found["other"].strip("<>"),
        )
        begins = YearlyChange(_day(found["begins"]), _span(found["begins_at"] or "2"), usual, other)
        ends = YearlyChange(_day(found["ends"]), _span(found["ends_at"] or "2"), other, usual)
        # One goes on into the other all year where it ends as it begins (RFC 8536, 3.3.1).
        is_always = ends.in_year(2000).at == begins.in_year(2001).at
        return cls(other) if is_always else cls(usual, (begins, ends))

    def changes(self, first_year: int, last_year: int) -> list[ClockChange]:
        """The changes of these years, in their order."""
        years = range(first_year, last_year + 1)
        found = (change.in_year(year) for year in years for change in self.yearly)
        return sorted(found, key=lambda change: change.at)


def _span(told: str) -> timedelta:
    """Hours, minutes and seconds, which may be more than a day or less than nothing."""
    hours, minutes, seconds = (int(part) for part in f"{told.lstrip('+-')}:0:0".split(":")[:3])
    span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -span if told.startswith("-") else span


def _day(told: str) -> WeekdayOfMonth | DayOfYear:
    if found := _WEEKDAY.fullmatch(told):
        month, week, weekday = map(int, found.groups())
        date(2000, month, 1)  # a month there is
        return WeekdayOfMonth(month, week, weekday)
    if found := _NUMBER.fullmatch(told):
        number = int(found[2])
        return DayOfYear(number, skips=True) if found[1] else DayOfYear(number + 1, skips=False)
    raise ValueError(f"no day of a year: {told!r}")
