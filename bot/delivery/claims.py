"""Claims: which delivery a worker takes next, and what it writes down when it has tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from bot.delivery import gates
from bot.delivery.installation import Installation
from bot.delivery.outbox import Delivery, Medium, State
from bot.delivery.presence import is_doubted
from bot.delivery.sending import Sent
from bot.timings import Timings


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours for the length of a lease, with its thread's ts.

    Where *readable_at* is set it may stand already: history is to be read first, not before then.
    """

    delivery: Delivery
    thread: str | None
    readable_at: datetime | None


def claim(
    session: Session, now: datetime, timings: Timings, medium: Medium = Medium.SLACK
) -> Claim | None:
    """Take the next delivery that leaves by *medium* so that no other worker sends it."""
    _end_leases(session, now, timings.settle, medium)
    closed = gates.closed_at(session, now, medium)
    if gates.all_of(medium) in closed:
        return None
    doubted_at, readable_at = _doubt(session, medium)
    may_take = (Delivery.medium == medium) & _may_take(
        now, closed, doubted_at, is_readable=readable_at is None or readable_at <= now
    )
    while row := _next(session, now, may_take):
        delivery, thread = row
        if _take(session, delivery, now, timings.lease):
            session.refresh(delivery)
            if delivery.is_unsure and delivery.ts is None:
                return Claim(delivery, thread, delivery.due_at)
            return Claim(
                delivery, thread, readable_at if is_doubted(delivery, doubted_at) else None
            )
        # Another worker was quicker; others may wait behind what it took.
    return None


def _doubt(session: Session, medium: Medium) -> tuple[datetime | None, datetime | None]:
    """Before when what is due may stand already, and from when on history tells.

    A mail has no history; made twice it is the same mail, and shown once.
    """
    if medium is Medium.MAIL:
        return None, None
    row = session.execute(select(Installation.doubted_at, Installation.readable_at)).first()
    return (row.doubted_at, row.readable_at) if row is not None else (None, None)


def _end_leases(session: Session, now: datetime, settle: timedelta, medium: Medium) -> None:
    """Whoever let a lease run out may have posted: history tells, once it has settled."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.state == State.WAITING,
            Delivery.medium == medium,
            Delivery.tried_at.is_not(None),
            Delivery.leased_until <= now,
        )
        .values(
            leased_until=None,
            fence=Delivery.fence + 1,
            is_unsure=True,
            unsure_at=func.coalesce(Delivery.unsure_at, now),
            reads=0,
            due_at=now + settle,
        )
        .execution_options(synchronize_session=False)
    )


def _may_take(
    now: datetime, closed: frozenset[str], doubted_at: datetime | None, *, is_readable: bool
) -> ColumnElement[bool]:
    """What the gates, and histories that have not settled, let through."""
    is_new = Delivery.ts.is_(None)
    is_old = Delivery.due_at < doubted_at if doubted_at is not None else false()
    # What may stand already is looked for first, however late it is.
    is_of_use = or_(Delivery.useless_at.is_(None), Delivery.useless_at > now)
    allowed: ColumnElement[bool] = or_(is_of_use, ~is_new, Delivery.is_unsure, is_old)
    if gates.POST in closed:
        allowed = and_(allowed, ~is_new)
    if gates.UPDATE in closed:
        allowed = and_(allowed, is_new)
    if gates.READ in closed:
        allowed = and_(allowed, or_(~is_new, ~or_(Delivery.is_unsure, is_old)))
    if not is_readable:
        allowed = and_(allowed, or_(~is_new, Delivery.is_unsure, ~is_old))
    if channels := gates.channels_behind(closed):
        allowed = and_(allowed, or_(~is_new, Delivery.channel.not_in(channels)))
    return allowed


def _next(
    session: Session, now: datetime, may_take: ColumnElement[bool]
) -> Row[Delivery, str | None] | None:
    """The first delivery that is due.

    A channel's messages come in order: one in flight, and nothing passes one that was tried.
    What is due later, such as a digest, is passed until then.
    """
    parent = aliased(Delivery)
    tried = aliased(Delivery)
    in_the_way = (
        select(tried.id)
        .where(
            tried.channel == Delivery.channel,
            tried.state == State.WAITING,
            tried.tried_at.is_not(None),
            or_(tried.leased_until.is_not(None), tried.id < Delivery.id),
        )
        .correlate(Delivery)
    )
    return session.execute(
        select(Delivery, parent.ts)
        .outerjoin(parent, parent.id == Delivery.parent_id)
        .where(
            Delivery.state == State.WAITING,
            Delivery.due_at <= now,
            Delivery.leased_until.is_(None),
            or_(Delivery.parent_id.is_(None), parent.ts.is_not(None)),
            may_take,
            ~in_the_way.exists(),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def _take(session: Session, delivery: Delivery, now: datetime, lease: timedelta) -> bool:
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
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).first()
    return taken is not None


def stand(session: Session, delivery: Delivery, sent: Sent) -> bool:
    """Keep where *delivery* stands, whoever holds it by now.

    False where it ought not to: it stands elsewhere already, or was given up meanwhile.
    """
    kept = session.execute(
        update(Delivery)
        .where(
            Delivery.id == delivery.id,
            Delivery.channel == delivery.channel,
            Delivery.state.not_in([State.DEAD, State.CANCELLED]),
            or_(Delivery.ts.is_(None), Delivery.ts == (delivery.ts or sent.ts)),
        )
        .values(ts=sent.ts, sent_channel=sent.channel)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).first()
    return kept is not None


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
