"""Occurrences: the ledger of what the clock has done, one line for each turn of each job."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Index,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base, insert_into
from bot.delivery.outbox import Delivery, State


class Outcome(StrEnum):
    """What became of a turn.

    *empty*: there was nothing to say; *skipped*: it was not wanted, *why* says so; *merged*: it
    was missed, and the next one says it all; *dropped*: it was missed, and of no use any more.
    """

    SENT = "sent"
    DONE = "done"
    EMPTY = "empty"
    SKIPPED = "skipped"
    MERGED = "merged"
    DROPPED = "dropped"


class Occurrence(Base):
    """One turn of a job for one subject; *period* is in local terms, such as ``2026-W43``."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("job", "subject_id", "period"),
        Index("ix_occurrence_planned", "job", "subject_id", "planned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    subject_id: Mapped[int]
    period: Mapped[str]
    planned_at: Mapped[datetime]
    ran_at: Mapped[datetime]
    outcome: Mapped[Outcome]
    why: Mapped[str | None]
    delivery_key: Mapped[str | None]


def record(session: Session, rows: Sequence[dict[str, Any]]) -> set[tuple[int, str]]:
    """Write *rows* down; the answer says which were not there before, by subject and period.

    The unique key decides between planners that have rendered the same turn.
    """
    if not rows:
        return set()
    statement = insert_into(session, Occurrence).on_conflict_do_nothing()
    found = session.execute(
        statement.returning(Occurrence.subject_id, Occurrence.period),
        [{"why": None, "delivery_key": None} | row for row in rows],
    )
    return {(subject, period) for subject, period in found}


def known(session: Session, job: str, subjects: Collection[int], since: datetime) -> set[Any]:
    """The turns of *job* that were recorded already, by subject and period."""
    rows = session.execute(
        select(Occurrence.subject_id, Occurrence.period).where(
            Occurrence.job == job,
            Occurrence.subject_id.in_(sorted(subjects)),
            Occurrence.planned_at >= since,
        )
    )
    return {(subject, period) for subject, period in rows}


def last_sent(session: Session, job: str, subjects: Collection[int]) -> dict[int, datetime]:
    """Until when what was sent of *job* to each of *subjects* has told everything.

    What was given up on the way to Slack has told nothing.
    """
    rows = session.execute(
        select(Occurrence.subject_id, func.max(Occurrence.ran_at))
        .join(Delivery, Delivery.key == Occurrence.delivery_key)
        .where(
            Occurrence.job == job,
            Occurrence.subject_id.in_(sorted(subjects)),
            Occurrence.outcome == Outcome.SENT,
            Delivery.state.in_((State.SENT, State.WAITING, State.HELD)),
        )
        .group_by(Occurrence.subject_id)
    )
    return {subject: at for subject, at in rows}


def latest(session: Session, job: str, subject: int, count: int) -> Sequence[Occurrence]:
    """The last *count* turns of *job* for one subject, the latest first."""
    return session.scalars(
        select(Occurrence)
        .where(Occurrence.job == job, Occurrence.subject_id == subject)
        .order_by(Occurrence.planned_at.desc(), Occurrence.id.desc())
        .limit(count)
    ).all()
