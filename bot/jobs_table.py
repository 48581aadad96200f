"""The jobs table: what an operator sees of the clock, over all projects or for one."""

import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import OfficeClock, read_shift
from bot.config import Settings
from bot.db import open_sessions, reading
from bot.delivery.occurrences import Occurrence, Outcome, latest
from bot.errors import UserError
from bot.job import AnyJob, ProjectJob
from bot.jobs import JOBS
from bot.projects import Project, with_key
from bot.runs import Runs, runs_of, when
from bot.schedules import NEVER, PLAN_ANEW, Schedule

WIDTH = 160
"""Of a table nobody looks at in a terminal."""

LATE_AFTER = timedelta(minutes=5)
SPAN = timedelta(days=7)
SHOWN = 8
"""So many of the last turns are shown of each job of a project."""


def print_jobs(
    settings: Settings,
    project: str | None = None,
    now: datetime | None = None,
    console: Console | None = None,
) -> None:
    """Print how every job stands, or the last turns of those of *project*, by its key.

    *now* is office time. Raises `UserError` for a project or a database that is not there.
    """
    width = None if sys.stdout.isatty() else WIDTH
    console = console or Console(soft_wrap=True, highlight=False, width=width)
    now = now or _office_time(settings)
    _require_database(settings)
    sessions = open_sessions(settings.database_url)
    try:
        with reading(sessions) as session:
            table = (
                _overview(session, now)
                if project is None
                else _of_project(session, _found(session, project), now)
            )
        console.print(table)
    except SQLAlchemyError as error:
        first_line = str(error).splitlines()[0]
        raise UserError(f"{first_line}. `jourfixe doctor` says more.") from None
    finally:
        sessions.kw["bind"].dispose()


def _found(session: Session, key: str) -> Project:
    project = with_key(session, key)
    if project is None:
        raise UserError(f"There is no project {key.upper()}.")
    return project


def _require_database(settings: Settings) -> None:
    """To look must not make one."""
    where = make_url(settings.database_url)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").exists():
        raise UserError("There is no database yet; it is made at the first start.")


def _office_time(settings: Settings) -> datetime:
    try:
        shift = read_shift(settings.office_clock) if settings.office_clock else None
        return OfficeClock(shift, is_movable=settings.is_local)()
    except ValueError as error:
        raise UserError(f"JOURFIXE_OFFICE_CLOCK: {error}") from None


def _overview(session: Session, now: datetime) -> Table:
    table = Table(title="Jobs (moments in UTC)", title_justify="left", box=None, pad_edge=False)
    for head in ("job", "of", "rows", "off", "late", "last run", "next run"):
        is_number = head in ("rows", "off", "late")
        table.add_column(head, justify="right" if is_number else "left", no_wrap=True)
    table.add_column("last 7 days")
    for job in JOBS:
        table.add_row(job.name, job.subject, *_counted(session, job, now), _week(session, job, now))
    return table


def _counted(session: Session, job: AnyJob, now: datetime) -> Iterator[str]:
    """How many schedules a job has, how many are off and late; when it ran and runs."""
    of_job = select(func.count()).where(Schedule.job == job.name)
    is_late = (Schedule.next_at > PLAN_ANEW) & (Schedule.next_at < now - LATE_AFTER)
    for condition in (Schedule.next_at >= PLAN_ANEW, Schedule.next_at == NEVER, is_late):
        yield str(session.scalar(of_job.where(condition)))
    yield _at(session.scalar(select(func.max(Occurrence.ran_at)).where(Occurrence.job == job.name)))
    coming = (
        (Schedule.job == job.name) & (Schedule.next_at > PLAN_ANEW) & (Schedule.next_at < NEVER)
    )
    yield _at(session.scalar(select(func.min(Schedule.next_at)).where(coming)))


def _week(session: Session, job: AnyJob, now: datetime) -> str:
    rows = session.execute(
        select(Occurrence.outcome, func.count())
        .where(Occurrence.job == job.name, Occurrence.ran_at > now - SPAN)
        .group_by(Occurrence.outcome)
    )
    counts: Mapping[Outcome, int] = {outcome: count for outcome, count in rows}
    told = (f"{counts[outcome]} {outcome.value}" for outcome in Outcome if outcome in counts)
    return ", ".join(told) or "—"


def _of_project(session: Session, project: Project, now: datetime) -> Table:
    title = f"{project.key} · {project.name} · {project.timezone} (moments in UTC)"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for head in ("job", "period", "planned", "ran", "outcome"):
        table.add_column(head, no_wrap=True)
    table.add_column("why")
    table.add_column("delivery", overflow="fold")
    for job in JOBS:
        if isinstance(job, ProjectJob):
            _add_turns(table, session, job, project.id, now)
    return table


def _add_turns(table: Table, session: Session, job: AnyJob, project: int, now: datetime) -> None:
    runs = runs_of(session, job, [project], now).get(project)
    table.add_row(job.name, *_next(runs))
    past = latest(session, job.name, project, SHOWN)
    for one in past:
        told = (one.outcome.value, one.why or "", one.delivery_key or "")
        table.add_row("", one.period, _at(one.planned_at), _at(one.ran_at), *told)


def _next(runs: Runs | None) -> Collection[str]:
    if runs is None:
        return ("next", "—", "", "closed")
    if runs.plan is None:
        return ("next", "—", "", "off")
    shown = "at once" if runs.is_due else _at(runs.next_at)
    return ("next", shown, "", when(runs.plan))


def _at(moment: datetime | None) -> str:
    return "—" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
