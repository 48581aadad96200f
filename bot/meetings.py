"""Meetings: series with a rule, their single meetings, who is invited and who will come."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from bot.db import Base
from bot.history import Audited
from bot.people import Person
from bot.plans import moment_of
from bot.projects import Project

_DAY = timedelta(days=1)


class SeriesState(StrEnum):
    """A *draft* invites nobody; a *paused* series does not take place until it is resumed; an
    *ended* one is over."""

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


class Asked:
    """What everybody invited is asked about.

    What was answered to how it was before *asked_at* does not count: it is otherwise since. As long
    as calendars are not told of that, *told* is how they know it, as `how` has it, and
    *asked_before* what *asked_at* was.
    """

    asked_at: Mapped[datetime | None]
    asked_before: Mapped[datetime | None]
    told: Mapped[str | None]

    def ask_anew(self, was: str, how: str, now: datetime) -> None:
        """Ask about *how* it is instead of how it *was*; about nothing new where calendars know it
        so, and about nothing at all where it does not take place."""
        if self.told is None:
            self.told, self.asked_before = was, self.asked_at
        if how == self.told:
            self.asked_at, self.asked_before, self.told = self.asked_before, None, None
        elif how:
            self.asked_at = now


class Rule(Asked):
    """When meetings take place: that of a series, or one it had."""

    uid: Mapped[str]
    rule: Mapped[str | None]
    first_day: Mapped[date]
    at: Mapped[str]
    minutes: Mapped[int]
    zone: Mapped[str]

    @property
    def how(self) -> str:
        """Which meetings it is, in a word."""
        return f"{self.uid} {self.rule} {self.first_day} {self.at}+{self.minutes} {self.zone}"


class Series(Rule, Audited, Base):
    """Meetings that come again by a *rule* (RFC 5545), or one that does not (*rule* is None).

    *first_day* is where the rule is counted from, *last_day* the last on which it may fall, *at*
    the local time in *zone*, *minutes* the length. *uid* is its name in calendars. *number* is
    what it is called by in its project. Where its rule was changed from a day on, the *earlier*
    ones hold until then. Its row is never deleted.
    """

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
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
    earlier: Mapped[list["EarlierRule"]] = relationship(order_by="EarlierRule.first_day")

    def withdraw(self, now: datetime) -> None:
        """Take back a series that was made by mistake."""
        self.state = SeriesState.ENDED

    def has_ended(self, today: date) -> bool:
        """Whether it has no more meetings."""
        is_past = self.last_day is not None and self.last_day < today
        return self.state is SeriesState.ENDED or is_past


class EarlierRule(Rule, Audited, Base):
    """When a series took place until its rule was changed; columns as in `Series`.

    Calendars know what came before a change and what comes after it by different names.
    """

    __tablename__ = "earlier_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    rule: Mapped[str | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    at: Mapped[str]
    minutes: Mapped[int]
    zone: Mapped[str]
    uid: Mapped[str] = mapped_column(unique=True)


class Invitee(Audited, Base):
    """Somebody invited to a series: a person in Slack, or a plain mail address.

    The row stays when they are *removed*, for what they answered to meetings that were.
    """

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
    removed_at: Mapped[datetime | None]

    def withdraw(self, now: datetime) -> None:
        """Take back an invitation that was made by mistake."""
        self.removed_at = now


class Meeting(Asked, Audited, Base):
    """One meeting of a series; *day* is the one the rule names, whatever it was moved to.

    *thread_id* is the message in whose thread its minutes are taken. The row is made when there is
    first something to know of it: it was moved, cancelled, answered to, or its agenda begun. One
    that is cancelled because the rule no longer names its day is *left_out*: it takes place again
    once the rule names it. The *reason* is why somebody cancelled it, as they typed it.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("series_id", "day"),
        Index("ix_meeting_starts", "starts_at"),
        Index(
            "ix_meeting_open",
            "thread_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str | None]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    left_out: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    reason: Mapped[str | None]
    chair_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    minute_taker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def withdraw(self, now: datetime) -> None:
        """Take back what was first done to it: it is as its series has it."""
        session = object_session(self)
        if session is None:
            raise LookupError("a meeting without its session")
        series = session.get_one(Series, self.series_id)
        rule = rule_on(series, self.day)
        self.state, self.minutes, self.place = MeetingState.PLANNED, rule.minutes, series.place
        self.starts_at = moment_of(self.day, hour_of(rule), rule.zone)
        self.chair_id, self.minute_taker_id = series.chair_id, series.minute_taker_id
        self.published_at = self.asked_at = self.asked_before = self.told = self.reason = None
        self.left_out = False


class Rsvp(Audited, Base):
    """What an invitee answered for one meeting, *at* which moment; *by_id* is who did for them.

    *sequence* is that of the event in calendars when they did (RFC 5546, 2.1.5), *asked_at* how new
    what they answered to was.
    """

    __tablename__ = "rsvp"
    __table_args__ = (UniqueConstraint("meeting_id", "invitee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"))
    coming: Mapped[Coming]
    remark: Mapped[str | None]
    at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    asked_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


def series_of(session: Session, project: Project) -> Sequence[Series]:
    """The series of *project* that are not over, the oldest first."""
    return session.scalars(
        select(Series)
        .where(Series.project_id == project.id, Series.state != SeriesState.ENDED)
        .order_by(Series.id)
    ).all()


def ended_series(session: Session, project: Project) -> Sequence[Series]:
    """The series of *project* that are over for good, the latest first."""
    return session.scalars(
        select(Series)
        .where(Series.project_id == project.id, Series.state == SeriesState.ENDED)
        .order_by(Series.id.desc())
    ).all()


def take_turns(session: Session, project_id: int) -> None:
    """Have whoever changes meetings of a project do so one after the other.

    Called before anything is read that is to be changed; other locks are taken after this one, or
    two would wait for each other.
    """
    one = select(Project.id).where(Project.id == project_id)
    session.execute(one.with_for_update(key_share=True))


def next_number(session: Session, project: Project) -> int:
    """The number the next series of *project* is called by."""
    take_turns(session, project.id)
    newest = select(func.max(Series.number)).where(Series.project_id == project.id)
    return (session.scalar(newest) or 0) + 1


def invitees_of(session: Session, series: Series) -> Sequence[Invitee]:
    """Everybody invited to *series*, in the order they were."""
    return session.scalars(
        select(Invitee)
        .where(Invitee.series_id == series.id, Invitee.removed_at.is_(None))
        .order_by(Invitee.id)
    ).all()


def rule_on(series: Series, day: date) -> Series | EarlierRule:
    """What says when the meeting of *day* is: an earlier rule of *series*, or its own."""
    return next((rule for rule in series.earlier if day <= rule.last_day), series)


def is_host(person: Person, meeting: Meeting | Series) -> bool:
    """Whether *person* chairs *meeting*, or all of a series, or takes its minutes."""
    return person.id in (meeting.chair_id, meeting.minute_taker_id)


def how_of(series: Series, meeting: Meeting) -> str:
    """How *meeting* is, in a word; none where it does not take place."""
    if meeting.state is MeetingState.CANCELLED:
        return ""
    at = meeting.starts_at.astimezone(UTC)
    return f"{rule_on(series, meeting.day).how} {at:%Y%m%dT%H%M}+{meeting.minutes}"


def hour_of(rule: Series | EarlierRule) -> time:
    """The local time meetings by *rule* begin at."""
    return time.fromisoformat(rule.at)
