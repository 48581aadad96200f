"""Meetings: series with a rule, their single meetings, who is invited and who will come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.history import Audited
from bot.people import Person
from bot.plans import moment_of
from bot.projects import Project
from bot.recurrence import days_of

_DAY = timedelta(days=1)


class SeriesState(StrEnum):
    """A *draft* invites nobody; a *paused* series builds no agendas; an *ended* one is over."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class MeetingState(StrEnum):
    """*Open* is while minutes are taken in its thread."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Part(StrEnum):
    """What somebody is to a meeting."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    INFORMED = "informed"


class Coming(StrEnum):
    """What somebody answered to an invitation."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class Series(Audited, Base):
    """Meetings that come again by a *rule* (RFC 5545), or one that does not (*rule* is None).

    *first_day* is where the rule is counted from, *last_day* the last on which it may fall, *at*
    the local time in *zone*, *minutes* the length. *uid* is its name in calendars. Its row is
    never deleted.
    """

    __tablename__ = "series"
    __table_args__ = (Index("ix_series_project", "project_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str]
    rule: Mapped[str | None]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    at: Mapped[str]
    minutes: Mapped[int]
    zone: Mapped[str]
    place: Mapped[str | None]
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    minute_taker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consent_days: Mapped[int] = mapped_column(default=3)
    state: Mapped[SeriesState] = mapped_column(default=SeriesState.DRAFT)
    uid: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    def withdraw(self, now: datetime) -> None:
        """Take back a series that was made by mistake."""
        self.state = SeriesState.ENDED


class Invitee(Audited, Base):
    """Somebody invited to a series: a person in Slack, or a plain mail address."""

    __tablename__ = "invitee"
    __table_args__ = (
        UniqueConstraint("series_id", "person_id"),
        UniqueConstraint("series_id", "address", name="uq_invitee_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str | None]
    part: Mapped[Part] = mapped_column(default=Part.REQUIRED)


class Meeting(Audited, Base):
    """One meeting of a series; *day* is the one the rule names, whatever it was moved to.

    The row is made when there is first something to know of it: it was moved, cancelled,
    answered to, or its agenda begun.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("series_id", "day"), Index("ix_meeting_starts", "starts_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str | None]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    minute_taker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Rsvp(Audited, Base):
    """What an invitee answered for one meeting."""

    __tablename__ = "rsvp"
    __table_args__ = (UniqueConstraint("meeting_id", "invitee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"))
    coming: Mapped[Coming]
    remark: Mapped[str | None]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Date:
    """One date of a series, with its meeting where there is a row of it yet."""

    series: Series
    day: date
    starts_at: datetime
    minutes: int
    meeting: Meeting | None

    @property
    def is_cancelled(self) -> bool:
        return self.meeting is not None and self.meeting.state is MeetingState.CANCELLED


def series_of(session: Session, project: Project) -> Sequence[Series]:
    """The series of *project* that are not over, the oldest first."""
    return session.scalars(
        select(Series)
        .where(Series.project_id == project.id, Series.state != SeriesState.ENDED)
        .order_by(Series.id)
    ).all()


def invitees_of(session: Session, series: Series) -> Sequence[Invitee]:
    """Everybody invited to *series*, in the order they were."""
    return session.scalars(
        select(Invitee).where(Invitee.series_id == series.id).order_by(Invitee.id)
    ).all()


def days_from(series: Series, project: Project, first: date) -> Iterator[date]:
    """The days of *series* from *first* on; holidays of the project are left out."""
    if series.rule is None:
        yield from (series.first_day for _once in range(series.first_day >= first))
        return
    for day in days_of(series.rule, series.first_day):
        if series.last_day is not None and day > series.last_day:
            return
        if day >= first and project.calendar.holiday_name(day) is None:
            yield day


def dates_from(
    session: Session, series: Series, project: Project, moment: datetime
) -> Iterator[Date]:
    """The dates of *series* that are not over at *moment*, cancelled and moved ones too.

    In the order of the days the rule names; a moved one stands where it was.
    """
    known = {
        meeting.day: meeting
        for meeting in session.scalars(select(Meeting).where(Meeting.series_id == series.id))
    }
    first = project.local_date(moment) - _LOOK_BACK
    for day in days_from(series, project, first):
        meeting = known.get(day)
        starts_at = meeting.starts_at if meeting else moment_of(day, _at(series), series.zone)
        minutes = meeting.minutes if meeting else series.minutes
        if starts_at + timedelta(minutes=minutes) > moment:
            yield Date(series, day, starts_at, minutes, meeting)


_LOOK_BACK = timedelta(days=60)  # a date may have been moved as far from where it was


def next_dates(
    session: Session, series: Series, project: Project, moment: datetime, count: int
) -> list[Date]:
    """The next *count* dates on which there will be a meeting, in the order of time."""
    coming = (d for d in dates_from(session, series, project, moment) if not d.is_cancelled)
    return sorted(islice(coming, count), key=lambda found: found.starts_at)


def meeting_on(session: Session, found: Date) -> Meeting:
    """The row of the meeting of a date, made where there is none."""
    if found.meeting is not None:
        return found.meeting
    series = found.series
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


def is_host(person: Person, meeting: Meeting) -> bool:
    """Whether *person* chairs *meeting* or takes its minutes."""
    return person.id in (meeting.chair_id, meeting.minute_taker_id)


def _at(series: Series) -> time:
    return time.fromisoformat(series.at)
