"""Zones: the VTIMEZONE of a zone, by yearly rules wherever it has any (RFC 5545, 3.6.5).

No RDATE: several readers take the hours after the first of them for those of before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

from bot.calendar.clock_changes import FIRST_YEAR, Clocks, clocks_of
from bot.calendar.lines import local, text
from bot.calendar.yearly_changes import LAST, Clock, ClockChange, DayOfYear, YearlyChange
from bot.recurrence import DAY_CODES

YEARS_AHEAD = 20
"""So long ahead changes are told one by one that follow no rule, such as those of Ramadan."""

_CYCLE = range(2000, 2028)  # after 28 years every day of the year has the same weekday again


@dataclass(frozen=True)
class _Observance:
    """A change of clocks, once or by a *rule*."""

    change: ClockChange
    rule: str | None = None


@lru_cache(maxsize=256)
def vtimezone(zone: str, since: date) -> tuple[str, ...]:
    """The content lines of *zone*, for what takes place on *since* or later.

    Raises `zoneinfo.ZoneInfoNotFoundError` for a zone that is none.
    """
    start = datetime.combine(since, time(), UTC) - timedelta(days=1)
    found = _observances(clocks_of(zone), start)
    usual = min(one.change.after.offset for one in found)
    lines = [line for one in found for line in _lines(one, usual)]
    return ("BEGIN:VTIMEZONE", f"TZID:{text(zone)}", *lines, "END:VTIMEZONE")


def _observances(clocks: Clocks, start: datetime) -> list[_Observance]:
    """What the clocks show from *start* on, the single changes first."""
    first, *singly = _singly(clocks, start)
    since = singly[-1].at if singly else first.at
    yearly = [one for change in clocks.rule.yearly for one in _by_rule(change, since)]
    if yearly and min(one.change.at for one in yearly) <= start:
        return yearly
    # Of what was before a zone's first change vobject thinks as of UTC, so that this begins early.
    return [*map(_Observance, (_since_ever(first.after), *singly)), *yearly]


def _since_ever(clock: Clock) -> ClockChange:
    return ClockChange(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - clock.offset, clock, clock)


def _singly(clocks: Clocks, start: datetime) -> list[ClockChange]:
    """The change that holds at *start*, and those after it for some years."""
    changes = [_since_ever(clocks.first), *clocks.singly]
    gone = [change for change in changes if change.at <= start]
    ahead = [change for change in changes if change.at > start]
    end = start.year + YEARS_AHEAD
    near = [change for change in ahead if change.at.year <= end]
    if len(near) < len(ahead):  # then the usual clock is what goes on
        while near and near[-1].after.offset != clocks.rule.usual.offset:
            near.pop()
    return [*gone[-1:], *near]


def _by_rule(change: YearlyChange, since: datetime) -> Iterator[_Observance]:
    """A yearly change, from its first time after *since* on.

    One rule for each month it falls in: a change at 24:00 may be on the first of the next.
    """
    turns = [change.in_year(year) for year in _CYCLE]
    for month, of_month in groupby(sorted(turns, key=_month), _month):
        days = sorted({turn.local.day for turn in of_month})
        first = next(
            turn
            for turn in map(change.in_year, range(since.year, since.year + 2 * len(_CYCLE)))
            if turn.at > since and _month(turn) == month
        )
        yield _Observance(first, f"FREQ=YEARLY;{_parts(change, month, days)}")


def _month(change: ClockChange) -> int:
    return change.local.month


def _parts(change: YearlyChange, month: int, days: list[int]) -> str:
    """What of an RRULE says on which *days* of a *month* the clocks change."""
    day, later = change.day, change.past // timedelta(days=1)
    if isinstance(day, DayOfYear):
        return f"BYMONTH={month};BYMONTHDAY={days[0]}" if day.skips else f"BYYEARDAY={day.number}"
    code = DAY_CODES[(day.weekday - 1 + later) % 7]
    if later == 0:
        return f"BYMONTH={month};BYDAY={-1 if day.week == LAST else day.week}{code}"
    return f"BYMONTH={month};BYMONTHDAY={','.join(map(str, days))};BYDAY={code}"


def _lines(observance: _Observance, usual: timedelta) -> Iterator[str]:
    change = observance.change
    # What calls its winter "summer time" (Dublin) is told the other way round, for not every
    # reader knows a summer time that is behind.
    kind = "DAYLIGHT" if change.after.offset > usual else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{local(change.local)}"
    if observance.rule is not None:
        yield f"RRULE:{observance.rule}"
    yield f"TZOFFSETFROM:{_offset(change.before)}"
    yield f"TZOFFSETTO:{_offset(change.after)}"
    yield f"TZNAME:{text(change.after.name)}"
    yield f"END:{kind}"


def _offset(clock: Clock) -> str:
    minutes, seconds = divmod(abs(int(clock.offset.total_seconds())), 60)
    sign = "-" if clock.offset < timedelta() else "+"
    end = f"{seconds:02}" if seconds else ""
    return f"{sign}{minutes // 60:02}{minutes % 60:02}{end}"
