"""What the meaning of a typed day depends on besides its words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.workdays import WorkCalendar

JUST_PASSED = timedelta(days=60)
"""A day typed without a year that lies no further back was hardly meant to be that of next year."""


class DateOrder(StrEnum):
    """How a workspace reads 03/04."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True)
class Basis:
    """The reader's today, the due date so far, and the customs of the workspace."""

    today: date
    old: date | None
    order: DateOrder | None
    past: bool
    calendar: WorkCalendar

    def without_year(self, in_year: Callable[[int], date]) -> date:
        """The next such day, today included, or the one just passed; where the past is allowed,
        the nearest one.

        `in_year` raises ValueError for a year that lacks the day. The longest wait is that for
        a 29 February across a year like 2100, eight years; the Friday of last year's week 53 may
        still lie ahead.
        """
        first, last = self.today.year - (8 if self.past else 1), self.today.year + 8
        days = real_days(in_year, range(first, last + 1))
        if self.past:
            return min(days, key=lambda day: abs(day - self.today))
        return min(day for day in days if day - self.today >= -JUST_PASSED)

    def next_time(self, day: date) -> date:
        """When the day and month of *day* come next."""
        years = range(self.today.year, self.today.year + 9)
        return min(d for d in real_days(day.replace, years) if d >= self.today)

    def is_thinkable(self, day: date) -> bool:
        """Whether a project could mean this day: not before 1990, at most 50 years ahead."""
        return 1990 <= day.year <= self.today.year + 50


def real_days(day_of: Callable[[int], date], numbers: Iterable[int]) -> list[date]:
    """The days of these numbers, without those that no calendar has."""
    days = []
    for number in numbers:
        try:
            days.append(day_of(number))
        except ValueError:
            continue
    return days
