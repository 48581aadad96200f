"""Decisions: what becomes of deliveries other than by being sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.delivery.installation import Installation
from bot.delivery.mailing import address_of, try_again
from bot.delivery.outbox import PROMISED, RESTRICTED, TOO_LATE, Delivery, Medium, State
from bot.errors import UserError
from bot.language import _

AT_ONCE = 100  # given up in one transaction


def expire(session: Session, now: datetime, medium: Medium) -> Sequence[Delivery]:
    """Give up what nobody has a use for any more, unless it stands or may stand."""
    doubted_at = session.scalar(select(Installation.doubted_at))
    is_certain = Delivery.is_unsure.is_(False)
    if doubted_at is not None and medium is Medium.SLACK:
        is_certain &= Delivery.due_at >= doubted_at
    late = session.scalars(
        select(Delivery)
        .where(
            Delivery.ts.is_(None),
            Delivery.medium == medium,
            Delivery.useless_at <= now,
            Delivery.leased_until.is_(None),
            or_(
                Delivery.state == State.HELD,
                (Delivery.state == State.WAITING) & is_certain,
            ),
        )
        .order_by(Delivery.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for delivery in late:
        delivery.state, delivery.error, delivery.tried_at = State.DEAD, TOO_LATE, None
    session.flush()
    return late


def recheck(session: Session, now: datetime) -> None:
    """Try again what was held because not everybody in the channel may read it."""
    session.execute(
        update(Delivery)
        .where(Delivery.state == State.HELD, Delivery.error == RESTRICTED, Delivery.due_at <= now)
        .values(state=State.WAITING)
        .execution_options(synchronize_session=False)
    )


def post_anew(session: Session, delivery_id: int | None) -> None:
    """Have a message stand again that was deleted in Slack."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == State.SENT)
        .values(state=State.WAITING, due_at=clock.now(), sent_version=0, sent_channel=None, ts=None)
    )


def bring_forward(session: Session, leap: timedelta) -> None:
    """Let what is promised for later come sooner: office time was moved ahead by *leap*."""
    for delivery in session.scalars(
        select(Delivery).where(
            Delivery.state == State.WAITING,
            Delivery.due_at > clock.now(),
            Delivery.tried_at.is_(None),
        )
    ):
        delivery.due_at -= leap
        if delivery.useless_at is not None:
            delivery.useless_at -= leap


def requeue(session: Session, number: int) -> Delivery:
    """Send a delivery that is held, dead or cancelled, whoever thinks it may stand already.

    What stands already is said anew. Raises `UserError` where there is nothing to decide.
    """
    delivery = _undecided(session, number)
    if delivery.medium is Medium.MAIL:
        _check_mail(delivery)
        try_again(session, address_of(delivery))
    if delivery.state is State.SENT:
        delivery.version += 1
    delivery.state, delivery.error, delivery.attempts = State.WAITING, None, 0
    delivery.is_unsure, delivery.unsure_at, delivery.reads = False, None, 0
    delivery.due_at, delivery.useless_at, delivery.tried_at = clock.now(), None, None
    session.info[PROMISED] = True
    return delivery


def cancel(session: Session, number: int) -> Delivery:
    """Give a delivery up, with its replies; what stands in Slack is left as it stands."""
    delivery = _undecided(session, number)
    if delivery.state is State.SENT:
        raise UserError(_("It was sent already; what was sent is left as it is."))
    if delivery.ts is not None:  # only a change of what stands is given up
        delivery.state, delivery.sent_version = State.SENT, delivery.version
        return delivery
    delivery.state, delivery.tried_at, delivery.fence = State.CANCELLED, None, delivery.fence + 1
    cancel_replies(session, delivery)
    return delivery


def cancel_replies(session: Session, delivery: Delivery, why: str | None = None) -> None:
    """Give up what waits to be said below *delivery*, which will not stand."""
    replies = session.scalars(
        select(Delivery)
        .where(Delivery.parent_id == delivery.id, Delivery.state.in_([State.WAITING, State.HELD]))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for reply in replies:
        reply.state, reply.tried_at, reply.fence = State.CANCELLED, None, reply.fence + 1
        reply.error = why or reply.error


def delivery_of(session: Session, number: int, *, is_locked: bool = False) -> Delivery:
    """The delivery an operator names. Raises `UserError` where there is none."""
    delivery = session.get(
        Delivery, number, with_for_update=is_locked or None, populate_existing=True
    )
    if delivery is None:
        raise UserError(_("There is no delivery {number}.").format(number=number))
    return delivery


def _check_mail(delivery: Delivery) -> None:
    if delivery.state is State.SENT:
        raise UserError(
            _("It was mailed already. `meet resend` mails somebody all of a meeting again.")
        )


def _undecided(session: Session, number: int) -> Delivery:
    delivery = delivery_of(session, number, is_locked=True)
    if delivery.leased_until is not None and delivery.leased_until > clock.now():
        raise UserError(_("It is being sent just now; please look again in a minute."))
    if delivery.is_forgotten:
        raise UserError(_("It is too old: what it said is forgotten."))
    return delivery
