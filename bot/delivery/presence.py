"""Presence: notes that somebody works on this database, and doubts what it says after a gap.

A row nobody has claimed cannot have been posted, as long as this database is the only one that
was ever worked on. After a backup was restored, or a standby took over, somebody may have posted
what this one believes is waiting. So a beat in the database tells how long nobody was there:

* While beats follow each other nothing is doubted.
* At the start, and when the database is back, what was due before is looked up in history first:
  one read of each channel, at once. An ordinary restart so costs a read, and no waiting.
* After a longer gap, or when the beat went back, somebody may have posted until a moment ago
  without our knowing: the same, but only once history has settled. One read is then enough.
"""

from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from bot.delivery import installation
from bot.delivery.installation import ONLY, Installation
from bot.delivery.outbox import Delivery, Medium, State
from bot.timings import Timings

MISSED = 3  # beats in a row, before it counts as a gap


class Presence:
    """What one process knows of its own beats."""

    def __init__(self, timings: Timings) -> None:
        self._timings = timings
        self._last: datetime | None = None
        self._was_away = True
        self.next_at: datetime | None = None

    def was_away(self) -> None:
        """The database did not answer: it may come back as another one."""
        self._was_away = True
        self.next_at = None

    def beat(self, session: Session, now: datetime) -> None:
        """Note that somebody is there, and doubt what there is to doubt."""
        # Made first where there is none; two processes that beat come one after the other.
        installation.of(session)
        row = session.scalars(
            select(Installation)
            .where(Installation.id == ONLY)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        stored = row.beat_at
        if self._may_have_missed(session, stored, now):
            _doubt(row, now, now + self._timings.settle)
            _doubt_tried(session, now, now + self._timings.settle)
        elif stored is not None and self._was_away:
            _doubt(row, now, now)
        row.beat_at = now if stored is None else max(stored, now)

    def _may_have_missed(self, session: Session, stored: datetime | None, now: datetime) -> bool:
        """Whether somebody may have posted whom this database knows nothing of."""
        if stored is None:  # nobody was ever there, unless it was an older version
            return session.scalar(select(Delivery.id).limit(1)) is not None
        went_back = self._last is not None and stored < self._last
        return went_back or now - stored >= max(self._timings.settle, MISSED * self._timings.beat)

    def has_beaten(self, now: datetime) -> None:
        """The beat is committed."""
        self._last, self._was_away = now, False
        self.next_at = now + self._timings.beat


def is_doubted(delivery: Delivery, doubted_at: datetime | None) -> bool:
    """Whether somebody this database knows nothing of may have posted *delivery*."""
    return (
        delivery.ts is None
        and not delivery.is_unsure
        and doubted_at is not None
        and delivery.due_at < doubted_at
    )


def _doubt(row: Installation, now: datetime, readable_at: datetime) -> None:
    row.doubted_at = max(row.doubted_at or now, now)
    row.readable_at = max(row.readable_at or readable_at, readable_at)


def _doubt_tried(session: Session, now: datetime, readable_at: datetime) -> None:
    """The same for rows whose time says nothing: those put off, and those held."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.medium == Medium.SLACK,
            Delivery.ts.is_(None),
            Delivery.leased_until.is_(None),
            or_(
                and_(Delivery.state == State.WAITING, Delivery.tried_at.is_not(None)),
                Delivery.state == State.HELD,
            ),
        )
        .values(
            is_unsure=True,
            unsure_at=func.coalesce(Delivery.unsure_at, now),
            reads=0,
            due_at=readable_at,
        )
        .execution_options(synchronize_session=False)
    )
