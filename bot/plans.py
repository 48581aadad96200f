"""Plans: on which local days and at which local time something happens, whatever the clocks do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.workdays import WorkCalendar

_DAY = timedelta(days=1)
OPENS, ENDS = time(7), time(20)
"""Between these hours of a working day the office may still say what it should have said before."""


@dataclass(frozen=True)
class Turn:
    """One time something is to happen, in its period, such as ``2026-W48``."""

    period: str
    day: date
    at: datetime


@dataclass(frozen=True)
class Plan:
    """The *weekdays* (Monday is 0) and the local time *at*, in *zone*.

    A *weekly* plan has one turn a week. Where its day is a holiday of *calendar*, that is on the
    working day before, else the one after, of the same week; a daily plan leaves holidays out.
    """

    zone: str
    at: time
    weekdays: frozenset[int]
    weekly: bool = False
    calendar: WorkCalendar | None = None

    def turn_on(self, day: date) -> Turn | None:
        """The turn on *day*, where it has one."""
        if self.weekly:
            return self._turn(day) if day == self._day_in_week(day) else None
        return self._turn(day) if day.weekday() in self.weekdays and self._works(day) else None

    def turns_from(self, day: date) -> Iterator[Turn]:
        """The turns on *day* and after, without end."""
        while True:
            turn = self.turn_on(day)
            if turn is not None:
                yield turn
            day += _DAY

    def missed(self, since: datetime, now: datetime) -> list[Turn]:
        """The turns from *since* to *now*, both included."""
        found: list[Turn] = []
        for turn in self.turns_from(self.local(since).date()):
            if turn.at > now:
                return found
            if turn.at >= since:
                found.append(turn)
        return found

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def is_open(self, moment: datetime) -> bool:
        """Whether *moment* lies in the hours of a working day."""
        local = self.local(moment)
        return OPENS <= local.time() < ENDS and self._is_worked(local.date())

    def opens_after(self, moment: datetime) -> datetime:
        """When the hours of the next working day begin."""
        local = self.local(moment)
        day = local.date() if local.time() < OPENS else local.date() + _DAY
        while not self._is_worked(day):
            day += _DAY
        return moment_of(day, OPENS, self.zone)

    def _turn(self, day: date) -> Turn:
        week = day.isocalendar()
        period = f"{week.year}-W{week.week:02}" if self.weekly else day.isoformat()
        return Turn(period, day, moment_of(day, self.at, self.zone))

    def _day_in_week(self, day: date) -> date | None:
        """The day of the turn in the week of *day*; None in a week of holidays only."""
        monday = day - timedelta(days=day.weekday())
        wanted = min(self.weekdays)
        if wanted > 4 or self.calendar is None:
            return monday + wanted * _DAY
        order = [*range(wanted, -1, -1), *range(wanted + 1, 5)]
        days = (monday + number * _DAY for number in order)
        return next((found for found in days if self._works(found)), None)

    def _works(self, day: date) -> bool:
        return self.calendar is None or self.calendar.holiday_name(day) is None

    def _is_worked(self, day: date) -> bool:
        return (self.calendar or WorkCalendar(None, None)).is_working(day)


def moment_of(day: date, at: time, zone: str) -> datetime:
    """The moment of a local time: the first of two in autumn, what follows the gap in spring.

    PEP 495 reads a time inside a gap with the offset of before, which is as long after the gap
    as the time lies inside it.
    """
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
