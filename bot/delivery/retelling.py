"""Retelling: what was told is said anew in its place, or not at all where it never stood."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.delivery.installation import Installation
from bot.delivery.notices import Notice, compose
from bot.delivery.outbox import PROMISED, SETTLED, Delivery, State
from bot.messages import Message


def retell(
    session: Session,
    about: str,
    now_so: Callable[[str], Message | None],
    since: datetime | None = None,
    *,
    by: int | None = None,
    asks: bool = False,
) -> None:
    """Say anew what is so about *about*: to each Slack user told of it, what *now_so* says.

    With *since*, only in what was made after that; with *by*, only what that change told. Unless
    it *asks* or shows something still, it is settled by that.
    """
    for notice, delivery in told_of(session, about, since):
        if by is not None and notice.change_id != by:
            continue
        message = now_so(delivery.channel)
        if message is not None:
            say_anew(session, notice, delivery, message.as_payload(), asks=asks)


def told_of(
    session: Session, about: str, since: datetime | None = None
) -> list[tuple[Notice, Delivery]]:
    """What was told about *about*, in what was made *since* then, kept from the worker."""
    known = select(Notice, Delivery).join(Delivery, Delivery.id == Notice.delivery_id)
    if since is not None:
        known = known.where(Delivery.made_at >= since)
    rows = session.execute(
        known.where(Notice.about == about)
        .with_for_update(of=Delivery, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [(notice, delivery) for notice, delivery in rows]


def say_anew(
    session: Session,
    notice: Notice,
    delivery: Delivery,
    content: dict[str, Any],
    *,
    asks: bool = False,
) -> None:
    """Let *notice*, a part of *delivery*, say something else in its place.

    Unless it still *asks*, it is settled; a message that never stood and asks nothing any more
    is given up, until one of its things is asked about again.
    """
    notice.content, notice.is_settled = content, not asks
    session.flush()
    compose(session, delivery)
    if delivery.ts is None and notice.stand is not None:
        _weigh(session, delivery)


def _weigh(session: Session, delivery: Delivery) -> None:
    """Give the thread of *delivery* up if nothing in it asks any more, or take it up again."""
    root = delivery.parent_id or delivery.id
    is_of_it = or_(Delivery.id == root, Delivery.parent_id == root)
    count = session.scalar(select(func.count()).where(is_of_it))
    thread = session.scalars(
        select(Delivery)
        .where(is_of_it)
        # Two who wait for each other's part would wait forever.
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    doubted_at = session.scalar(select(Installation.doubted_at))
    if len(thread) != count or any(_may_stand(each, doubted_at) for each in thread):
        return
    asking = session.scalar(
        select(Notice.id)
        .where(
            Notice.delivery_id.in_([each.id for each in thread]),
            Notice.stand.is_not(None),
            ~Notice.is_settled,
        )
        .limit(1)
    )
    for each in thread:
        if asking is None and each.state in (State.WAITING, State.HELD):
            each.state, each.error, each.tried_at = State.CANCELLED, SETTLED, None
            each.fence += 1
        elif asking is not None and each.state is State.CANCELLED and each.error == SETTLED:
            each.state, each.error = State.WAITING, None
            session.info[PROMISED] = True


def _may_stand(delivery: Delivery, doubted_at: datetime | None) -> bool:
    """Whether it stands in Slack, is about to, or may without our knowing."""
    is_doubted = doubted_at is not None and delivery.due_at < doubted_at
    is_taken = delivery.leased_until is not None
    return delivery.ts is not None or is_taken or delivery.is_unsure or is_doubted
