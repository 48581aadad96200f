"""Retention: once a day what nobody asks for any more is dropped, a batch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.db import Base, Sessions
from bot.delivery.forgetting import AT_ONCE, forget_some
from bot.delivery.occurrences import Occurrence
from bot.delivery.outbox import KEPT
from bot.inbound import Inbound, KeptLine
from bot.preferences import Snooze

REPLAYED = timedelta(days=7)
"""How long a replay of a request is recognised; Slack's own retries end within an hour."""


@dataclass(frozen=True)
class Aged:
    """Rows of *table* are dropped once *at* lies so long back; the oldest come first by *order*."""

    table: type[Base]
    key: InstrumentedAttribute[Any]
    at: InstrumentedAttribute[Any]
    order: InstrumentedAttribute[Any]
    age: timedelta

    def drop_some(self, session: Session, now: datetime) -> bool:
        """Drop some of what is old; False where nothing is."""
        # Only the oldest are looked at: to ask a ledger for all that are old takes a look at each.
        oldest = session.execute(
            select(self.key, self.at)
            .order_by(self.order)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        first = _day(now - self.age)
        old = [key for key, at in oldest if _day(at) < first]
        dropping = delete(self.table).where(self.key.in_(old))
        session.execute(dropping.execution_options(synchronize_session=False))
        return bool(old)


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


AGED: Sequence[Aged] = (
    Aged(Inbound, Inbound.key, Inbound.at, Inbound.at, REPLAYED),
    Aged(KeptLine, KeptLine.id, KeptLine.at, KeptLine.at, REPLAYED),
    Aged(Occurrence, Occurrence.id, Occurrence.ran_at, Occurrence.id, KEPT),
    Aged(Snooze, Snooze.id, Snooze.until, Snooze.until, KEPT),
)
"""What is kept of each table: of requests what tells a replay, of the clock a year and more."""


class Retention:
    """Drops, while the bot runs, what would make its database grow for ever."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._done_on: date | None = None

    def do_some(self, now: datetime) -> bool:
        """Drop some of what is old, by office time; False where that is done for the day."""
        if self._done_on == now.date():
            return False
        with self._sessions.begin() as session:
            dropped = [forget_some(session, now), *(each.drop_some(session, now) for each in AGED)]
        if not any(dropped):
            self._done_on = now.date()
        return any(dropped)
