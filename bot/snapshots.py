"""Snapshots: the figures of a project at the end of each week, kept so that trends can be told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.projects import Project
from bot.register import WITHDRAWN, AnyRegister
from bot.registers.actions import ACTIONS
from bot.registers.issues import ISSUES
from bot.registers.milestones import MILESTONES, slip
from bot.registers.risks import HIGH, RISKS
from bot.status import StatusUpdate
from bot.values import Rag

COUNTED: tuple[AnyRegister, ...] = (ACTIONS, ISSUES, RISKS, MILESTONES)
Rows = Sequence[Row[Any]]


class Snapshot(Base):
    """The figures of one project at a moment; *period* is the week, such as ``2026-W48``.

    *exposure* is the sum of the scores of all open risks, *slip* how many working days the open
    milestone that slipped most is behind its baseline.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("project_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    period: Mapped[str]
    at: Mapped[datetime]
    overall: Mapped[Rag | None]
    actions_open: Mapped[int]
    actions_overdue: Mapped[int]
    issues_open: Mapped[int]
    issues_overdue: Mapped[int]
    risks_open: Mapped[int]
    risks_high: Mapped[int]
    exposure: Mapped[int]
    milestones_open: Mapped[int]
    milestones_late: Mapped[int]
    slip: Mapped[int]

    @property
    def overdue(self) -> int:
        """How much was late, of whatever register."""
        return self.actions_overdue + self.issues_overdue + self.milestones_late


def take(session: Session, wanted: Sequence[tuple[Project, str, datetime]]) -> list[Snapshot]:
    """The figures of each project as they were at a moment, named by its period.

    What was open is exact, also for a moment that has passed. Dates, scores and baselines are
    those of now: what was changed between the moment and now counts as if it had been so.
    """
    if not wanted:
        return []
    ids = sorted({project.id for project, _period, _at in wanted})
    moments = sorted({at for _project, _period, at in wanted})
    rows = {r.noun: _rows(session, r, ids, moments[0], moments[-1]) for r in COUNTED}
    colours = {at: _colours(session, ids, at) for at in moments}
    return [
        Snapshot(
            project_id=project.id,
            period=period,
            at=at,
            overall=colours[at].get(project.id),
            **_figures(project, at, {noun: _open(rows[noun], project, at) for noun in rows}),
        )
        for project, period, at in wanted
    ]


def _rows(
    session: Session, register: AnyRegister, ids: Collection[int], first: datetime, last: datetime
) -> dict[int, list[Row[Any]]]:
    """What was open at some time from *first* to *last*, by project."""
    entry = register.entry
    more = {RISKS.noun: ("probability", "impact"), MILESTONES.noun: ("baseline",)}
    names = ("project_id", "due", "opened_at", "closed_at", *more.get(register.noun, ()))
    found = session.execute(
        select(*(getattr(entry, name) for name in names)).where(
            entry.project_id.in_(ids),
            entry.opened_at <= last,
            or_(entry.closed_at.is_(None), entry.closed_at > first),
            entry.outcome.is_distinct_from(WITHDRAWN),
        )
    )
    rows: dict[int, list[Row[Any]]] = {}
    for row in found:
        rows.setdefault(row.project_id, []).append(row)
    return rows


def _open(rows: dict[int, list[Row[Any]]], project: Project, at: datetime) -> Rows:
    """What of *project* was open at that moment."""
    return [
        row
        for row in rows.get(project.id, ())
        if row.opened_at <= at and (row.closed_at is None or row.closed_at > at)
    ]


def _figures(project: Project, at: datetime, rows: dict[str, Rows]) -> dict[str, int]:
    today = project.local_date(at)
    actions, issues, risks, milestones = (rows[register.noun] for register in COUNTED)
    scores = [risk.probability * risk.impact for risk in risks]
    slips = (slip(row.baseline, row.due, project.calendar) or 0 for row in milestones)
    return {
        "actions_open": len(actions),
        "actions_overdue": _late(actions, today),
        "issues_open": len(issues),
        "issues_overdue": _late(issues, today),
        "risks_open": len(risks),
        "risks_high": sum(score >= HIGH for score in scores),
        "exposure": sum(scores),
        "milestones_open": len(milestones),
        "milestones_late": _late(milestones, today),
        "slip": max(slips, default=0),
    }


def _late(rows: Iterable[Row[Any]], today: date) -> int:
    return sum(row.due is not None and row.due < today for row in rows)


def _colours(session: Session, ids: Collection[int], at: datetime) -> dict[int, Rag]:
    """The overall colour each project had at that moment."""
    newest = (
        select(func.max(StatusUpdate.id))
        .where(
            StatusUpdate.project_id.in_(ids),
            StatusUpdate.at <= at,
            StatusUpdate.withdrawn_at.is_(None),
        )
        .group_by(StatusUpdate.project_id)
    )
    rows = session.execute(
        select(StatusUpdate.project_id, StatusUpdate.overall).where(StatusUpdate.id.in_(newest))
    )
    return {project: Rag(overall) for project, overall in rows}


def trend(session: Session, projects: Collection[int], count: int) -> dict[int, list[Snapshot]]:
    """The last *count* snapshots of each of *projects*, by primary key, the oldest first."""
    age = func.row_number().over(partition_by=Snapshot.project_id, order_by=Snapshot.at.desc())
    ranked = (
        select(Snapshot.id, age.label("age"))
        .where(Snapshot.project_id.in_(sorted(projects)))
        .subquery()
    )
    rows = session.scalars(
        select(Snapshot)
        .join(ranked, ranked.c.id == Snapshot.id)
        .where(ranked.c.age <= count)
        .order_by(Snapshot.project_id, Snapshot.at)
    )
    found: dict[int, list[Snapshot]] = {}
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found
