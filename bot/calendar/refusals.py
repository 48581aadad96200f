"""Refusals: a mail was not taken, so who runs the meeting is told, and its address left out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import life
from bot.calendar.addresses import comparable
from bot.calendar.books import CalendarCopy, CalendarEvent
from bot.delivery.mailing import address_of, refuse, refused
from bot.delivery.outbox import Delivery, promise
from bot.language import _, speaking
from bot.meetings import Series, SeriesState
from bot.messages import Button, Message, said
from bot.people import Person
from bot.projects import Project, heads

MOST_TOLD = 5  # series of one address, each of whose chairs is told


def mail_rejected(session: Session, delivery: Delivery, error: str, now: datetime) -> None:
    """Leave the address of a mail that was refused out, and tell who runs the meetings it is of.

    What its calendar was to be told is lost, so nothing more makes sense there until all is
    mailed again. What else waits for an address that is left out already tells nobody again.
    """
    address = address_of(delivery)
    if refused(session, [address]):
        refuse(session, address, error, now)
        return
    found = _series_of(session, address)
    leave_out(session, address, error, found, now, f"{delivery.token}:{delivery.fence}")
    if not found:
        life.rejected(session, delivery, error, now)


def leave_out(
    session: Session,
    address: str,
    error: str,
    found: Sequence[Series],
    now: datetime,
    attempt: str | None = None,
) -> None:
    """Mail nothing more to *address*, and tell who runs the series *found* why.

    *attempt* names what failed, so that it is told again when it fails once more; else once a day.
    """
    refuse(session, address, error, now)
    for series in found:
        for person in _hosts(session, series):
            key = f"{life.REJECTED}{address}:{series.id}:{person.id}:{attempt or now.date()}"
            with speaking(person.locale):
                words = _words(session, series, address, error)
                promise(session, key, person.slack_id, words, now, is_passing=True)


def _series_of(session: Session, address: str) -> Sequence[Series]:
    """The series that *address* has in its calendar, by our mails."""
    wanted = comparable(address)
    mailbox = f"{wanted.rpartition('@')[0]}@"  # a domain may be written in two ways
    near = session.execute(
        select(CalendarEvent.series_id, CalendarCopy.address)
        .join(CalendarCopy, CalendarCopy.event_id == CalendarEvent.id)
        .where(
            func.lower(CalendarCopy.address).startswith(mailbox, autoescape=True),
            CalendarCopy.holds.is_not(None),
        )
    )
    holding = {series_id for series_id, held in near if comparable(held) == wanted}
    return session.scalars(
        select(Series)
        .where(Series.state != SeriesState.ENDED, Series.id.in_(sorted(holding)))
        .order_by(Series.id)
        .limit(MOST_TOLD)
    ).all()


def _hosts(session: Session, series: Series) -> list[Person]:
    """The chair, or who leads the project where the chair has left."""
    chair = session.get_one(Person, series.chair_id)
    if chair.is_active:
        return [chair]
    return heads(session, session.get_one(Project, series.project_id))


def _words(session: Session, series: Series, address: str, error: str) -> Message:
    project = session.get_one(Project, series.project_id)
    text = _(
        "A mail to {address} was refused: {why}. So nothing more about {title} is mailed there. "
        "Is the address right?"
    )
    ref = f"{address} of {series.number} in {project.key}"
    return said(text.format(address=address, why=error, title=series.title)).with_buttons(
        [
            Button(_("Mail it again"), f"meet resend {ref}"),
            Button(_("Uninvite"), f"meet uninvite {ref}"),
        ]
    )
