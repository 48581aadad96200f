"""Names of dates: how a line names one date of a series, and which dates a day and an hour mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.meeting_dates import Date, dates_from, up_to
from bot.meetings import Series
from bot.plans import moment_of
from bot.projects import Project


@dataclass(frozen=True)
class DateName:
    """What a date is called: by its day; *at* which hour where the series has several that day."""

    day: date
    at: time | None
    series: str

    @property
    def moment(self) -> str:
        """``2026-12-08 14:00``, as the day and hours of a meeting are typed."""
        return f"{self.day.isoformat()} {self.at:%H:%M}" if self.at else self.day.isoformat()

    @property
    def words(self) -> str:
        """``2026-12-08 14:00 of 1 in ALPHA``, for verbs that take a day and hours."""
        return f"{self.moment} {self.series}"

    @property
    def options(self) -> str:
        """``day=2026-12-08 at=14:00 of 1 in ALPHA``, for verbs that take a day by its name."""
        at = f" {hour_option(self.at)}" if self.at else ""
        return f"day={self.day.isoformat()}{at} {self.series}"


def hour_option(at: time) -> str:
    """How a line that takes a day by its name says at which hour."""
    return f"at={at:%H:%M}"


def name_of(session: Session, project: Project, found: Date) -> DateName:
    """What *found* is called, whatever others there are."""
    day, others = project.local_date(found.starts_at), others_that_day(session, project, found)
    series = f"of {found.series.number} in {project.key}"
    is_alike = any(one.starts_at == found.starts_at for one in others)
    if is_alike and _is_alone(session, project, found):
        return DateName(found.day, None, series)
    return DateName(day, hour_of_date(found) if others else None, series)


def _is_alone(session: Session, project: Project, found: Date) -> bool:
    """Whether the day it was moved from means *found* and nothing else."""
    first = moment_of(
        min(found.day, project.local_date(found.starts_at)), time(), found.series.zone
    )
    known = dates_on(session, found.series, project, first, found.day)
    return [one.day for one in known] == [found.day]


def others_that_day(session: Session, project: Project, found: Date) -> list[Date]:
    """The other dates of the same series on the day of *found*."""
    day = project.local_date(found.starts_at)
    first = moment_of(day, time(), project.timezone)
    known = dates_on(session, found.series, project, first, day)
    return [one for one in known if one.day != found.day]


def dates_on(
    session: Session, series: Series, project: Project, moment: datetime, day: date
) -> list[Date]:
    """The dates of *series* on *day* that are not over at *moment*; else the one moved from it."""
    near = list(up_to(dates_from(session, series, project, moment), day))
    there = [found for found in near if project.local_date(found.starts_at) == day]
    return there or [found for found in near if found.day == day]


def begun_at(dates: Iterable[Date], at: time) -> list[Date]:
    """Those of *dates* that begin at that hour; else those the rule has then."""
    known = list(dates)
    there = [found for found in known if hour_of_date(found) == at]
    return there or [found for found in known if _hour(found.named_at, found) == at]


def hour_of_date(found: Date) -> time:
    """When a date begins, as clocks show it where its series is at home."""
    return _hour(found.starts_at, found)


def _hour(moment: datetime, found: Date) -> time:
    return moment.astimezone(ZoneInfo(found.series.zone)).time()
