"""Readers: whose calendars are told of a series, and by which address."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.calendar.addresses import UnfitAddressError, fit
from bot.calendar.books import CalendarCopy, CalendarEvent
from bot.calendar.writing import Role
from bot.delivery.mailing import refused
from bot.meetings import Invitee, Part, Series, invitees_of
from bot.people import Person, by_id

_ROLES = {
    Part.REQUIRED: Role.REQUIRED,
    Part.OPTIONAL: Role.OPTIONAL,
    Part.INFORMED: Role.INFORMED,
}


@dataclass(frozen=True)
class Reader:
    """Somebody whose calendar is told: their *address*, and what they are to the meeting."""

    invitee_id: int
    address: str
    name: str
    role: Role
    is_in_slack: bool = False

    @property
    def folded(self) -> str:
        """The address as it is compared."""
        return self.address.casefold()

    @classmethod
    def of_copy(cls, copy: CalendarCopy) -> "Reader":
        """Who a calendar was of that is to be told for the last time."""
        return cls(copy.invitee_id, copy.address, "", Role(copy.part))


@dataclass(frozen=True)
class Audience:
    """Whose calendars are told of a series, by folded address.

    *silent* are invited, but by no address that is known just now, or have left: what their
    calendars hold is left alone. *refused* ones take no mail.
    """

    readers: Mapping[str, Reader]
    silent: frozenset[int]
    refused: Mapping[str, str]

    def is_out_of_reach(self, folded: str, copy: CalendarCopy | None) -> bool:
        """Whether nothing can be told there, which is no reason to cancel anything."""
        is_silent = copy is not None and copy.invitee_id in self.silent
        return folded in self.refused or (is_silent and folded not in self.readers)


def audience_of(session: Session, series: Series) -> Audience:
    """Those invited to *series*; of several with one address it is the first."""
    invitees = invitees_of(session, series)
    people = by_id(session, (invitee.person_id for invitee in invitees))
    found: dict[str, Reader] = {}
    silent = set(session.scalars(_left(series)))
    for invitee in invitees:
        person = people.get(invitee.person_id) if invitee.person_id else None
        address = _fitted(person.email if person is not None else invitee.address)
        if address is None:
            silent.add(invitee.id)
        elif person is None or (person.is_active and not person.is_bot):
            name = person.name if person else ""
            role = _role(series, invitee)
            reader = Reader(invitee.id, address, name, role, is_in_slack=person is not None)
            found.setdefault(reader.folded, reader)
    told = (
        select(CalendarCopy.address).join(CalendarEvent).where(CalendarEvent.series_id == series.id)
    )
    addresses = {*(reader.address for reader in found.values()), *session.scalars(told)}
    gone = {address.casefold(): why for address, why in refused(session, addresses).items()}
    return Audience(found, frozenset(silent), gone)


def _fitted(address: str | None) -> str | None:
    """*address* as mails and the books have it; one that no mail can be sent to as it is."""
    try:
        return fit(address) if address else None
    except UnfitAddressError:
        return address


def _left(series: Series) -> Select[int]:
    """Who was ever invited to *series* and is nobody in Slack any more."""
    is_gone = or_(Person.is_active.is_(False), Person.is_bot)
    return (
        select(Invitee.id)
        .join(Person, Person.id == Invitee.person_id)
        .where(Invitee.series_id == series.id, is_gone)
    )


def _role(series: Series, invitee: Invitee) -> Role:
    return Role.CHAIR if invitee.person_id == series.chair_id else _ROLES[invitee.part]
