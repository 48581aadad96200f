"""Status updates: how a project stands, in colours and a sentence, and when the next is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.history import Audited
from bot.people import Person
from bot.projects import Project
from bot.values import Rag, Trend

DIMENSIONS = ("overall", "schedule", "cost", "scope", "quality", "resources")
DUE_TIME = time(12)
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


class StatusUpdate(Audited, Base):
    """How a project stood at a moment, as somebody reported it."""

    __tablename__ = "status_update"
    __table_args__ = (Index("ix_status_update_latest", "project_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    overall: Mapped[Rag]
    schedule: Mapped[Rag | None]
    cost: Mapped[Rag | None]
    scope: Mapped[Rag | None]
    quality: Mapped[Rag | None]
    resources: Mapped[Rag | None]
    trend: Mapped[Trend]
    was: Mapped[Rag | None]
    text: Mapped[str | None]
    next_steps: Mapped[str | None]
    help_needed: Mapped[str | None]
    is_confirmation: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]

    def colours(self) -> dict[str, Rag]:
        """The colour of every dimension that has one."""
        given = {name: getattr(self, name) for name in DIMENSIONS}
        return {name: rag for name, rag in given.items() if rag is not None}

    def withdraw(self, now: datetime) -> None:
        """Take the update back: the one before it counts again."""
        self.withdrawn_at = now


def latest(session: Session, project: Project) -> StatusUpdate | None:
    """The status *project* has now."""
    return next(iter(history(session, project, 1)), None)


def history(session: Session, project: Project, count: int) -> Sequence[StatusUpdate]:
    """The last *count* updates, the latest first."""
    return session.scalars(
        select(StatusUpdate)
        .where(StatusUpdate.project_id == project.id, StatusUpdate.withdrawn_at.is_(None))
        .order_by(StatusUpdate.id.desc())
        .limit(count)
    ).all()


def latest_by_project(session: Session, projects: Sequence[Project]) -> dict[int, StatusUpdate]:
    """The status of each of *projects* that has one, by project id, in one query."""
    newest = (
        select(func.max(StatusUpdate.id))
        .where(
            StatusUpdate.project_id.in_([project.id for project in projects]),
            StatusUpdate.withdrawn_at.is_(None),
        )
        .group_by(StatusUpdate.project_id)
    )
    rows = session.scalars(select(StatusUpdate).where(StatusUpdate.id.in_(newest)))
    return {row.project_id: row for row in rows}


def stand(last: StatusUpdate | None) -> str:
    """Which status is the present one, as a reminder keeps it."""
    return str(last.id if last else 0)


def heading(old: Rag | None, new: Rag) -> Trend:
    """Where a colour is going."""
    if old is None or old == new:
        return Trend.STEADY
    return Trend.FALLING if new.rank > old.rank else Trend.RISING


@dataclass(frozen=True)
class StatusRound:
    """The round of a week: the status is *asked* for, is *due* at noon, and counts no longer.

    Those are Wednesday, Thursday and Friday, and where there are holidays the last three, or at
    least two, working days of the week.
    """

    asked: date
    due: date
    stale: date

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which a status that is due is asked for."""
        return self.asked, self.due, self.stale


def round_in_week(project: Project, day: date) -> StatusRound | None:
    """The round of *project* in the week of *day*; None where hardly anybody works in it."""
    monday = day - day.weekday() * _DAY
    week = (monday + number * _DAY for number in range(5))
    worked = [each for each in week if project.calendar.is_working(each)]
    return StatusRound(worked[-3:][0], *worked[-2:]) if len(worked) > 1 else None


def next_due(project: Project, given: datetime) -> datetime:
    """When the next update is due after one *given*: at noon in the round of a later week."""
    day, found = project.local_date(given), None
    while found is None:
        day += _WEEK
        found = round_in_week(project, day)
    return _noon(project, found.due)


def goes_stale(project: Project, due: datetime) -> datetime:
    """When a status that was *due* and did not come counts no longer: a working day later."""
    return _noon(project, project.calendar.next_working(project.local_date(due)))


def _noon(project: Project, day: date) -> datetime:
    return datetime.combine(day, DUE_TIME, ZoneInfo(project.timezone))


def add(
    session: Session, project: Project, author: Person, update: StatusUpdate, at: datetime
) -> StatusUpdate:
    """Put *update* on record as the present status of *project*."""
    update.project_id, update.author_id, update.at = project.id, author.id, at
    session.add(update)
    session.flush()
    return update


def heading_of_scores(old: int, new: int) -> Trend:
    """Where a risk's score is going."""
    if old == new:
        return Trend.STEADY
    return Trend.FALLING if new < old else Trend.RISING
