"""Status updates: how a project stands, in colours and a sentence, and when the next is due."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.history import Audited
from bot.people import Person
from bot.projects import Project
from bot.values import Rag, Trend

DIMENSIONS = ("overall", "schedule", "cost", "scope", "quality", "resources")
DUE_WEEKDAY = 3  # Thursday
DUE_TIME = time(12)
STALE_AFTER = timedelta(days=1)


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


def next_due(project: Project, given: datetime) -> datetime:
    """When the next update is due after one *given*: Thursday noon of the following week."""
    zone = ZoneInfo(project.timezone)
    day = given.astimezone(zone).date()
    thursday = day - timedelta(days=day.weekday() - DUE_WEEKDAY) + timedelta(weeks=1)
    return datetime.combine(thursday, DUE_TIME, zone)


def goes_stale(due: datetime) -> datetime:
    """When a status that was *due* and did not come counts no longer: a day later."""
    return due + STALE_AFTER


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
