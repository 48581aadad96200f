"""Forgetting: what was sent loses its content once nothing says it anew, then its row."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.delivery.notices import Notice
from bot.delivery.outbox import KEPT, Delivery, State

AT_ONCE = 100  # forgotten in one transaction, so that people's commands come in between

IS_OVER = Delivery.state.in_([State.SENT, State.DEAD, State.CANCELLED])


def forget_some(session: Session, now: datetime) -> bool:
    """Forget the content, and in the end the rows, of some that are due to be; False if none is."""
    reply = aliased(Delivery)
    has_replies = select(reply.id).where(reply.parent_id == Delivery.id).exists()
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.forget_at <= now, IS_OVER, or_(~Delivery.is_forgotten, ~has_replies))
        .order_by(Delivery.forget_at)
        .limit(AT_ONCE)
        .with_for_update(of=Delivery, skip_locked=True)
    ).all()
    told = [row for row in rows if not row.is_forgotten]
    gone = [row.id for row in rows if row.is_forgotten]
    session.execute(delete(Notice).where(Notice.delivery_id.in_([row.id for row in told])))
    if told:
        session.execute(update(Delivery), [_emptied(row, now) for row in told])
    session.execute(
        delete(Delivery).where(Delivery.id.in_(gone)).execution_options(synchronize_session=False)
    )
    return bool(rows)


def _emptied(row: Delivery, now: datetime) -> dict[str, Any]:
    """What is left of *row*: that it was sent is known as long as what the clock did."""
    return {
        "id": row.id,
        "content": {"text": "", "blocks": []},
        "is_forgotten": True,
        "forget_at": max(now, row.made_at + KEPT),
    }
