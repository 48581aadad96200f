"""Dates of meetings: on which days a series takes place, and which of them comes next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, takewhile

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.meetings import (
    EarlierRule,
    Meeting,
    MeetingState,
    Series,
    SeriesState,
    hour_of,
    rule_on,
    take_turns,
)
from bot.plans import moment_of
from bot.projects import Project
from bot.recurrence import days_of


@dataclass(frozen=True)
class Date:
    """One date of a series, with its meeting where there is a row of it yet."""

    series: Series
    day: date
    starts_at: datetime
    minutes: int
    meeting: Meeting | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_cancelled(self) -> bool:
        return self.meeting is not None and self.meeting.state is MeetingState.CANCELLED

    @property
    def reason(self) -> str:
        """Why it was cancelled, where somebody said so."""
        return (self.meeting.reason or "") if self.meeting is not None else ""

    @property
    def named_at(self) -> datetime:
        """When the rule has it, wherever it was moved to."""
        rule = rule_on(self.series, self.day)
        return moment_of(self.day, hour_of(rule), rule.zone)

    @property
    def is_moved(self) -> bool:
        """Whether somebody had it at another time, or longer or shorter, than its rule."""
        usual = (self.named_at, rule_on(self.series, self.day).minutes)
        return (self.starts_at, self.minutes) != usual

    @property
    def takes_place(self) -> bool:
        """Whether people are to come: not to a draft, nor while its series is paused."""
        return self.series.state is SeriesState.ACTIVE and not self.is_settled

    @property
    def is_planned(self) -> bool:
        """Whether it is ahead still: nobody has begun or cancelled it."""
        return self.meeting is None or self.meeting.state is MeetingState.PLANNED

    @property
    def is_settled(self) -> bool:
        """Whether it will not be, or has been."""
        is_closed = self.meeting is not None and self.meeting.state is MeetingState.CLOSED
        return is_closed or self.is_cancelled


def rule_days(series: Series, first: date) -> Iterator[date]:
    """The days of *series* from *first* on, holidays too, without end where it has none."""
    rules: list[Series | EarlierRule] = [*series.earlier, series]
    for rule in rules:
        for day in _days_of(rule):
            if rule.last_day is not None and day > rule.last_day:
                break
            if day >= first:
                yield day


def _days_of(rule: Series | EarlierRule) -> Iterator[date]:
    return iter([rule.first_day]) if rule.rule is None else days_of(rule.rule, rule.first_day)


def dates_from(
    session: Session, series: Series, project: Project, moment: datetime
) -> Iterator[Date]:
    """The dates of *series* that are not over at *moment*, cancelled and moved ones too.

    In the order of the days the rule names; a moved one stands where it was.
    """
    yield from dates_among(
        series, project, moment, rows_of(session, [series], project.local_date(moment))[series.id]
    )


Rows = Mapping[date, Meeting]
"""The meetings of a series there are rows of, by their day."""


def rows_of(session: Session, many: Iterable[Series], day: date) -> dict[int, Rows]:
    """The rows of meetings of several series that may be on *day* or later, in one query."""
    found: dict[int, dict[date, Meeting]] = {series.id: {} for series in many}
    if found:
        is_near = Meeting.series_id.in_(sorted(found)) & (Meeting.day >= day - FARTHEST)
        for meeting in session.scalars(select(Meeting).where(is_near)):
            found[meeting.series_id][meeting.day] = meeting
    return dict(found)


def dates_among(series: Series, project: Project, moment: datetime, known: Rows) -> Iterator[Date]:
    """As `dates_from`, where the rows are *known* already."""
    for day in rule_days(series, project.local_date(moment) - FARTHEST):
        found = date_of(series, day, known.get(day))
        if found.ends_at > moment and not is_on_holiday(found, project):
            yield found


def is_on_holiday(found: Date, project: Project) -> bool:
    """Whether a date is left out for a holiday: not one that comes once, or that was moved."""
    if found.series.rule is None or found.is_moved:
        return False
    return project.calendar.holiday_name(found.day) is not None


FARTHEST = timedelta(days=60)
"""How far from where it was a date may be moved: so far is looked for those of a day."""


def up_to(dates: Iterable[Date], last: date) -> Iterator[Date]:
    """Those of *dates* that may be on the day *last* or before, wherever they were moved to."""
    return takewhile(lambda found: found.day <= last + FARTHEST, dates)


def lasting(day: date) -> ColumnElement[bool]:
    """What holds for a series that may have a meeting on *day* or later, whatever was moved.

    One that was over before needs no end to be written down: years of them cost nothing.
    """
    first = day - FARTHEST
    return and_(
        Series.state != SeriesState.ENDED,
        or_(Series.rule.is_not(None), Series.first_day >= first),
        or_(Series.last_day.is_(None), Series.last_day >= first),
    )


def lasting_series(session: Session, project: Project, day: date) -> Sequence[Series]:
    """The series of *project* that may have a meeting on *day* or later, the oldest first."""
    statement = select(Series).where(Series.project_id == project.id, lasting(day))
    known = statement.options(selectinload(Series.earlier)).order_by(Series.id)
    return session.scalars(known).all()


def date_of(series: Series, day: date, meeting: Meeting | None) -> Date:
    """The date of *series* the rule names by *day*, with its *meeting* where there is a row."""
    if meeting is not None:
        return Date(series, day, meeting.starts_at, meeting.minutes, meeting)
    rule = rule_on(series, day)
    return Date(series, day, moment_of(day, hour_of(rule), rule.zone), rule.minutes, None)


def next_dates(
    session: Session, series: Series, project: Project, moment: datetime, count: int
) -> list[Date]:
    """The next *count* dates on which there will be a meeting, in the order of time."""
    rows = rows_of(session, [series], project.local_date(moment))[series.id]
    return _nearest(series, project, moment, rows, count)


def next_planned(
    session: Session, series: Series, project: Project, moment: datetime
) -> Date | None:
    """The next date of *series* that nobody has begun; None where there is none."""
    coming = next_dates(session, series, project, moment, AT_ONCE + 1)
    return next((found for found in coming if found.is_planned), None)


AT_ONCE = 2
"""So many meetings of a series may be open at their time: one runs over, the next has begun."""


def _nearest(
    series: Series, project: Project, moment: datetime, rows: Rows, count: int
) -> list[Date]:
    known = (date_of(series, day, row) for day, row in rows.items())
    sooner = (one.day for one in known if one.starts_at < one.named_at and not one.is_settled)
    last_sooner = max(sooner, default=date.min)
    found: list[Date] = []
    for one in dates_among(series, project, moment, rows):
        before = sum(other.starts_at <= one.named_at for other in found)
        if before >= count and one.day > last_sooner:
            break
        if not one.is_settled:
            found.append(one)
    return sorted(found, key=lambda one: one.starts_at)[:count]


def next_by(
    session: Session, series: Series, project: Project, rule: Series | EarlierRule, moment: datetime
) -> Date | None:
    """The first date to come that *rule* names and on which there will be a meeting."""
    coming = dates_from(session, series, project, moment)
    if rule.last_day is not None:
        last = rule.last_day
        coming = takewhile(lambda found: found.day <= last, coming)
    theirs = (one for one in coming if rule_on(series, one.day) is rule and not one.is_settled)
    return next(theirs, None)


def next_of_each(
    session: Session, many: Iterable[Series], project: Project, moment: datetime
) -> dict[int, Date]:
    """The next meeting of each of several series of *project* that has one, by series."""
    pairs = [(series, project) for series in many]
    return {found.series.id: found for found in next_of_all(session, pairs, moment, 1)}


def next_of_all(
    session: Session, many: Sequence[tuple[Series, Project]], moment: datetime, count: int
) -> list[Date]:
    """The next *count* meetings of each of several series, of whichever projects."""
    first = min((project.local_date(moment) for _series, project in many), default=date.max)
    rows = rows_of(session, [series for series, _project in many], first)
    return [
        found
        for series, project in many
        for found in _nearest(series, project, moment, rows[series.id], count)
    ]


def next_meeting(session: Session, project: Project, moment: datetime) -> Date | None:
    """The next date on which there will be a meeting of *project*, of all its active series."""
    coming = lasting_series(session, project, project.local_date(moment))
    active = [series for series in coming if series.state is SeriesState.ACTIVE]
    found = next_of_each(session, active, project, moment).values()
    return min(found, key=lambda date_: date_.starts_at, default=None)


def colliding(session: Session, project: Project, dates: Sequence[Date]) -> list[Date]:
    """Other meetings of *project* at the time of one of *dates*: of each series the first."""
    if not dates:
        return []
    first = min(found.starts_at for found in dates)
    last = project.local_date(max(found.ends_at for found in dates))
    coming = lasting_series(session, project, project.local_date(first))
    active = [series for series in coming if series.state is SeriesState.ACTIVE]
    rows = rows_of(session, active, project.local_date(first))
    return [
        other
        for series in active
        for other in islice(
            _at_once(up_to(dates_among(series, project, first, rows[series.id]), last), dates), 1
        )
    ]


def _at_once(others: Iterable[Date], dates: Sequence[Date]) -> Iterator[Date]:
    for other in others:
        if not other.is_settled and any(_overlap(one, other) for one in dates):
            yield other


def _overlap(one: Date, other: Date) -> bool:
    """Whether both take place at once and are not the same."""
    is_same = (one.series.id, one.day) == (other.series.id, other.day)
    return not is_same and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def read_anew(session: Session, found: Date) -> Date:
    """A date that was read in another transaction, as it is by now."""
    series = session.get_one(Series, found.series.id)
    return date_of(series, found.day, session.scalar(_row_on(series, found.day)))


def _row_on(series: Series, day: date) -> Select[Meeting]:
    known = select(Meeting).where(Meeting.series_id == series.id, Meeting.day == day)
    return known.execution_options(populate_existing=True)


def meeting_on(session: Session, found: Date) -> Meeting:
    """The row of the meeting of a date as it is by now, for changing it; made where there is none.

    Of two who touch a meeting at once, the second finds what the first has made of it.
    """
    series = found.series
    take_turns(session, series.project_id)
    known = session.scalar(_row_on(series, found.day).with_for_update())
    if known is not None:
        return known
    meeting = Meeting(
        project_id=series.project_id,
        series_id=series.id,
        day=found.day,
        starts_at=found.starts_at,
        minutes=found.minutes,
        place=series.place,
        chair_id=series.chair_id,
        minute_taker_id=series.minute_taker_id,
    )
    session.add(meeting)
    session.flush()
    return meeting
