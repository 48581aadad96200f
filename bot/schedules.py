"""Schedules: when each job is to run next for each project or person."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    event,
    exists,
    func,
    inspect,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from bot.db import Base, Sessions, insert_into, locked
from bot.history import Audited
from bot.people import Person
from bot.preferences import Preference
from bot.projects import Project

PLAN_ANEW = datetime(1970, 1, 1, tzinfo=UTC)
"""A `Schedule.next_at` that says: it is new, or what it goes by has changed; work it out."""

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""A `Schedule.next_at` that says: it is switched off."""

PROJECTS, PEOPLE = "project", "person"


class Schedule(Base):
    """When *job* runs next for one subject, a project or a person.

    *pending_at* is the turn that is still owed where *next_at* is not that turn itself: it was
    missed and waits for the office to open, or the plan has changed. Both are office time;
    *leased_until*, until when the process that took it may work on it, is machine time.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("job", "subject_id"),
        Index("ix_schedule_next", "job", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    next_at: Mapped[datetime]
    pending_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]


class JobSetting(Audited, Base):
    """What a project has set differently from what is usual for a job."""

    __tablename__ = "job_setting"
    __table_args__ = (UniqueConstraint("project_id", "job"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    job: Mapped[str]
    is_on: Mapped[bool] = mapped_column(default=True)
    weekday: Mapped[int | None]
    at: Mapped[str | None]


def complete(session: Session, jobs: Collection[tuple[str, str]]) -> None:
    """See to it that every open project and every person has a row for each of *jobs*.

    A job is its name and what its subjects are.
    """
    for name, subject in jobs:
        source = Project if subject == PROJECTS else Person
        is_wanted = (
            Project.closed_at.is_(None)
            if subject == PROJECTS
            else and_(Person.is_active, Person.is_bot.is_(False))
        )
        has_row = exists().where(Schedule.job == name, Schedule.subject_id == source.id)
        values = select(
            literal(name), literal(subject), source.id, literal(PLAN_ANEW, Schedule.next_at.type)
        ).where(is_wanted, ~has_row)
        columns = ["job", "subject", "subject_id", "next_at"]
        adding = insert_into(session, Schedule).from_select(columns, values)
        session.execute(adding.on_conflict_do_nothing())


def take(
    session: Session, job: str, now: datetime, machine_now: datetime, lease: timedelta, count: int
) -> list[Schedule]:
    """The next rows of *job* that are due, kept from other processes for *lease*.

    Each is of whoever took it as long as the lease it was taken with stands.
    """
    rows = session.scalars(
        select(Schedule)
        .where(Schedule.job == job, Schedule.next_at <= now, _free(machine_now))
        .order_by(Schedule.next_at, Schedule.id)
        .limit(count)
        .with_for_update(skip_locked=True)
    ).all()
    session.execute(
        update(Schedule)
        .where(Schedule.id.in_([row.id for row in rows]))
        .values(leased_until=machine_now + lease)
        .execution_options(synchronize_session=False)
    )
    for row in rows:
        set_committed_value(row, "leased_until", machine_now + lease)
    return list(rows)


def is_any_due(session: Session, job: str, now: datetime, machine_now: datetime) -> bool:
    """Whether there is anything of *job* to take."""
    is_due = exists().where(Schedule.job == job, Schedule.next_at <= now, _free(machine_now))
    return bool(session.scalar(select(is_due)))


def _free(machine_now: datetime) -> ColumnElement[bool]:
    return or_(Schedule.leased_until.is_(None), Schedule.leased_until <= machine_now)


def put_back(session: Session, rows: Sequence[tuple[Schedule, datetime, datetime | None]]) -> None:
    """Let each row run next when it is said; the last is the turn it owes, where there is one.

    One whose plan has changed since it was taken, or that another process has taken, is left
    as it is.
    """
    values: list[dict[str, Any]] = [
        {"row": row.id, "lease": row.leased_until, "next": next_at, "owed": pending_at}
        for row, next_at, pending_at in rows
    ]
    if values:
        session.connection().execute(_PUT_BACK, values)


def drop(session: Session, rows: Sequence[Schedule]) -> None:
    """Forget *rows*: their subject is closed or gone. `complete` makes them anew."""
    if rows:
        taken = [{"row": row.id, "lease": row.leased_until} for row in rows]
        session.connection().execute(_DROP, taken)


def delay(session: Session, rows: Sequence[Schedule], machine_until: datetime) -> None:
    """Let nobody try *rows* again before *machine_until*."""
    if rows:
        taken = [{"row": row.id, "lease": row.leased_until, "until": machine_until} for row in rows]
        session.connection().execute(_DELAY, taken)


_TABLE = Base.metadata.tables[Schedule.__tablename__]
_MOMENT = Schedule.next_at.type
_IS_MINE = and_(
    _TABLE.c.id == bindparam("row"),
    _TABLE.c.leased_until == bindparam("lease", type_=_MOMENT),
)
_PUT_BACK = (
    update(_TABLE)
    .where(_IS_MINE)
    .values(
        next_at=bindparam("next", type_=_MOMENT),
        pending_at=bindparam("owed", type_=_MOMENT),
        leased_until=None,
    )
)
_DROP = delete(_TABLE).where(_IS_MINE)
_DELAY = update(_TABLE).where(_IS_MINE).values(leased_until=bindparam("until", type_=_MOMENT))


def settings_of(session: Session, projects: Collection[int]) -> dict[tuple[int, str], JobSetting]:
    """What *projects*, by primary key, have set for their jobs, by project and job."""
    rows = session.scalars(select(JobSetting).where(JobSetting.project_id.in_(sorted(projects))))
    return {(row.project_id, row.job): row for row in rows}


def setting_of(session: Session, project: Project, job: str) -> JobSetting:
    """The row of what *project* has set for *job*, made where there is none."""
    statement = select(JobSetting).where(JobSetting.project_id == project.id, JobSetting.job == job)
    blank = {"project_id": project.id, "job": job}
    return locked(session, JobSetting, statement, blank)


def watch(sessions: Sessions) -> None:
    """See to it that whatever a schedule goes by, its next run is worked out anew when it changes.

    Typed, undone, or told by Slack: a flush that writes it also marks the schedule.
    """
    event.listen(sessions, "before_flush", _mark)


_OWED = case(
    (Schedule.next_at == PLAN_ANEW, Schedule.pending_at),
    else_=func.coalesce(Schedule.pending_at, Schedule.next_at),
)


def _mark(session: Session, context: object, instances: object) -> None:
    changed = [*session.dirty, *session.deleted, *(r for r in session.new if _is_setting(r))]
    projects = {key for row in changed if (key := _project_of(session, row)) is not None}
    people = {key for row in changed if (key := _person_of(session, row)) is not None}
    for subject, keys in ((PROJECTS, projects), (PEOPLE, people)):
        if keys:
            session.execute(
                update(Schedule)
                .where(Schedule.subject == subject, Schedule.subject_id.in_(sorted(keys)))
                .values(next_at=PLAN_ANEW, pending_at=_OWED, leased_until=None)
                .execution_options(synchronize_session=False)
            )


def _is_setting(row: object) -> bool:
    return isinstance(row, JobSetting | Preference)


def _project_of(session: Session, row: object) -> int | None:
    if isinstance(row, JobSetting):
        return row.project_id
    if isinstance(row, Project) and session.is_modified(row):
        return row.id
    return None


def _person_of(session: Session, row: object) -> int | None:
    if isinstance(row, Preference):
        return row.person_id
    if isinstance(row, Person) and _has_moved(row):
        return row.id
    return None


def _has_moved(person: Person) -> bool:
    """Whether where or whether the person is has changed; Slack tells the same often."""
    state = inspect(person)
    return any(state.attrs[name].history.has_changes() for name in ("timezone", "is_active"))
