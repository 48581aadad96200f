"""Recurrence: on which days something comes again, as RFC 5545 has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import dropwhile

from dateutil.rrule import rrulestr

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Every(StrEnum):
    """What a rule counts in."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"


@dataclass(frozen=True)
class Recurrence:
    """Every so many days, weeks or months.

    *weekdays* count from Monday, 0. A monthly rule has either a *monthday* or one weekday with its
    *place* in the month: 1 to 4, or -1 for the last.
    """

    every: Every
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    monthday: int | None = None
    place: int | None = None

    @classmethod
    def of(cls, rule: str) -> "Recurrence":
        """The recurrence whose `rule` that is."""
        parts = dict(part.split("=") for part in rule.split(";"))
        days = [day for day in parts.get("BYDAY", "").split(",") if day]
        place = days[0][:-2] if days else ""
        return cls(
            Every(parts["FREQ"]),
            int(parts.get("INTERVAL", 1)),
            tuple(DAY_CODES.index(day[-2:]) for day in days),
            int(parts["BYMONTHDAY"]) if "BYMONTHDAY" in parts else None,
            int(place) if place else None,
        )

    def rule(self) -> str:
        """The value of an RRULE (RFC 5545, 3.3.10)."""
        parts = [f"FREQ={self.every.value}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            place = "" if self.place is None else str(self.place)
            parts.append("BYDAY=" + ",".join(f"{place}{DAY_CODES[day]}" for day in self.weekdays))
        if self.monthday is not None:
            parts.append(f"BYMONTHDAY={self.monthday}")
        return ";".join(parts)


def days_of(rule: str, first: date, since: date | None = None) -> Iterator[date]:
    """The days of an RRULE counted from *first*, without end; *first* only where it is one.

    From *since* on, where that is said: then the years before it cost nothing.
    """
    near = first if since is None or since <= first else _jumped(Recurrence.of(rule), first, since)
    start = datetime.combine(near, time())
    days = (moment.date() for moment in rrulestr(rule, dtstart=start))
    return dropwhile(lambda day: since is not None and day < since, days)


def _jumped(rule: Recurrence, first: date, since: date) -> date:
    """The last day not after *since* from which *rule* counts as from *first*.

    That is a whole number of its intervals later; weeks begin on Monday (RFC 5545, WKST).
    """
    if rule.every is Every.MONTH:
        months = (since.year - first.year) * 12 + since.month - first.month
        if months < rule.interval:
            return first
        months = first.month - 1 + months - months % rule.interval
        return date(first.year + months // 12, months % 12 + 1, 1)
    step = rule.interval * (7 if rule.every is Every.WEEK else 1)
    days = (since - first).days
    return first + timedelta(days=days - days % step)
