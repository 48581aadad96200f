"""Unsent mails: who one is for is asked again as it is sent; what was not sent nobody holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.addresses import comparable
from bot.calendar.books import CalendarCopy, CalendarEvent
from bot.calendar.mails import is_request
from bot.calendar.readers import audience_of
from bot.calendar.watching import begin_round
from bot.delivery.mailing import letter_of
from bot.delivery.outbox import Delivery, State
from bot.meetings import Invitee, Series
from bot.people import Person

OUTRUN = "what it goes on from was not sent"


def may_have(session: Session, delivery: Delivery) -> bool:
    """Whether whoever a mail is for is invited still; a cancellation is for who is not."""
    if not is_request(letter_of(delivery)):
        return True
    _calendar, uid, _number, folded = delivery.key.split(":")[:4]
    event = _event(session, uid)
    if event is None:
        return False
    copy = _copy(session, event, folded)
    if copy is not None and _is_invited(session, copy):  # so that a thousand are not asked for one
        return True
    return folded in audience_of(session, session.get_one(Series, event.series_id)).readers


def take_back(session: Session, delivery: Delivery, now: datetime) -> None:
    """Let the books say of a mail that is given up that it was not sent, and what is to follow.

    What would go on from it is given up with it. Who may have got it is taken to have it, and so
    is who got a later one.
    """
    _calendar, uid, number, folded = delivery.key.split(":")[:4]
    event = _event(session, uid)
    copy = _copy(session, event, folded) if event is not None else None
    if event is None or copy is None or delivery.is_unsure:
        return
    later = _unsent_after(session, delivery, uid)
    if int(number) + len(later) != copy.mails or any(one.leased_until for one in later):
        return
    for one in later:
        if one.state is State.WAITING:
            one.state, one.error, one.tried_at = State.CANCELLED, OUTRUN, None
            one.fence += 1
    copy.holds = letter_of(delivery).before
    begin_round(session, {event.series_id}, now)


def _event(session: Session, uid: str) -> CalendarEvent | None:
    return session.scalar(select(CalendarEvent).where(CalendarEvent.uid == uid))


def _copy(session: Session, event: CalendarEvent, folded: str) -> CalendarCopy | None:
    return session.scalar(
        select(CalendarCopy)
        .where(CalendarCopy.event_id == event.id, CalendarCopy.address == folded)
        .execution_options(populate_existing=True)
    )


def _is_invited(session: Session, copy: CalendarCopy) -> bool:
    """Whether who the last mail was for is invited by that address."""
    invitee = session.get_one(Invitee, copy.invitee_id)
    if invitee.removed_at is not None:
        return False
    if invitee.person_id is None:
        return comparable(invitee.address or "") == copy.address
    person = session.get_one(Person, invitee.person_id)
    is_theirs = comparable(person.email or "") == copy.address
    return is_theirs and person.is_active and not person.is_bot


def _unsent_after(session: Session, delivery: Delivery, uid: str) -> Sequence[Delivery]:
    """The mails to the same address that follow *delivery* and were not sent either."""
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.channel == delivery.channel,
            Delivery.id > delivery.id,
            Delivery.state.in_([State.WAITING, State.DEAD]),
            Delivery.key.startswith(f"calendar:{uid}:", autoescape=True),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
