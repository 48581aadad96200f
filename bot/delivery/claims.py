"""Claims: which delivery a worker takes next, and what it writes down when it has tried."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.delivery.outbox import Delivery, State


def claim(session: Session, now: datetime, lease: timedelta) -> tuple[Delivery, str | None] | None:
    """Take the next delivery so that no other worker sends it, with its thread's ts."""
    while row := _next(session, now):
        delivery, thread = row
        if _take(session, delivery, now, lease):
            session.refresh(delivery)
            return delivery, thread
        # Another worker was quicker; others may wait behind what it took.
    return None


def _next(session: Session, now: datetime) -> Row[Delivery, str | None] | None:
    """The first delivery that is due.

    A channel's messages come in order: one in flight, and behind one that waits nothing passes.
    """
    parent = aliased(Delivery)
    earlier = aliased(Delivery)
    is_first_to_wait = and_(earlier.id < Delivery.id, earlier.due_at > now)
    in_the_way = (
        select(earlier.id)
        .where(
            earlier.channel == Delivery.channel,
            earlier.state == State.WAITING,
            or_(earlier.leased_until > now, is_first_to_wait),
        )
        .correlate(Delivery)
    )
    return session.execute(
        select(Delivery, parent.ts)
        .outerjoin(parent, parent.id == Delivery.parent_id)
        .where(
            Delivery.state == State.WAITING,
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
            or_(Delivery.parent_id.is_(None), parent.ts.is_not(None)),
            ~in_the_way.exists(),
        )
        .order_by(Delivery.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def _take(session: Session, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
    ended_unseen = delivery.leased_until is not None
    taken = session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery.id,
            Delivery.fence == delivery.fence,
            Delivery.state == State.WAITING,
        )
        .values(
            fence=delivery.fence + 1,
            leased_until=now + lease,
            tried_at=func.coalesce(Delivery.tried_at, now),
            attempts=delivery.attempts + 1,
            is_unsure=delivery.is_unsure or ended_unseen,
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


def settle(session: Session, delivery: Delivery, outcome: dict[str, Any]) -> State | None:
    """Write down what came of it, and say what state that is.

    None where another worker has taken over meanwhile. What has a newer version goes on waiting,
    or stays held, whatever became of the old one.
    """
    values = outcome | {"leased_until": None}
    if "state" in outcome:
        is_outdated = Delivery.version > delivery.version
        values["state"] = case(
            (is_outdated, Delivery.state), else_=literal(outcome["state"], Delivery.state.type)
        )
        values["tried_at"] = None
    return session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.fence == delivery.fence)
        .values(**values)
        .returning(Delivery.state)
        .execution_options(synchronize_session=False)
    )
