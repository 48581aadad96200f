"""Resending: somebody whose calendar lost a series is mailed all of it again."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select

from bot.calendar.addresses import comparable
from bot.calendar.books import CalendarCopy, CalendarEvent, CalendarRound
from bot.calendar.changes import Change, Method, Why
from bot.calendar.event import Event
from bot.calendar.mailings import Mailing, keep
from bot.calendar.organizer import organizer_of
from bot.calendar.publishing import Publication, publications, publish
from bot.calendar.readers import Reader, audience_of
from bot.context import Context
from bot.delivery.mailing import message_id, promise_mails, try_again
from bot.errors import UserError
from bot.language import _
from bot.meetings import Series
from bot.people import People


def resend_to(context: Context, series: Series, who: People) -> list[str]:
    """Mail everybody in *who* all there is of *series* as it is now; the answer is their names.

    Addresses that took no mail are tried again. Raises `UserError` for who is not invited, or
    has no address.
    """
    addresses = _addresses(who)
    for address in addresses:
        try_again(context.session, address)
    readers = [_reader(context, series, folded) for folded in addresses]
    is_waiting = _publish_what_waits(context, series)
    events = context.session.scalars(
        select(CalendarEvent)
        .where(CalendarEvent.series_id == series.id, CalendarEvent.state.is_not(None))
        .order_by(CalendarEvent.id)
    ).all()
    ahead = [row for row in events if _is_ahead(context, row)]
    if not ahead and is_waiting:
        text = _("What was changed of {title} waits to be mailed, and nothing of it is ahead.")
        line = f"meet mail of {series.number} in {context.project.key}"
        raise UserError(text.format(title=series.title), line=line, label=_("Mail now"))
    if not ahead:
        text = _("Nothing of {title} was mailed yet, or all of it is over.")
        raise UserError(text.format(title=series.title))
    for event in ahead:
        for reader in readers:
            _resend(context, event, reader)
    return [reader.name or reader.address for reader in readers]


def _publish_what_waits(context: Context, series: Series) -> bool:
    """Publish what was changed of *series*, so that nobody is mailed what holds no longer.

    Everybody else is told of it when its round is due. The answer is whether there is one.
    """
    waiting = context.session.get(
        CalendarRound, series.id, with_for_update=True, populate_existing=True
    )
    if waiting is None:
        return False
    waiting.number += 1  # whoever is telling it just now works it out anew
    for one in publications(context.session, series, context.project, waiting.changed_at):
        if one.is_new:
            publish(context.session, series.id, one)
    return True


def _is_ahead(context: Context, row: CalendarEvent) -> bool:
    return row.state is not None and Event.of_dict(row.state).takes_place_after(context.now)


def _addresses(who: People) -> list[str]:
    """The addresses of *who* as they are compared. Raises `UserError` where one has none."""
    found = [comparable(address) for address in who.addresses]
    for person in who.people:
        if person.email is None:
            text = _("Slack does not tell me the mail address of {name}.")
            raise UserError(text.format(name=person.name), field="who")
        found.append(comparable(person.email))
    return found


def _reader(context: Context, series: Series, folded: str) -> Reader:
    reader = audience_of(context.session, series).readers.get(folded)
    if reader is None:
        text = _("{address} is not invited to {title}.")
        raise UserError(text.format(address=folded, title=series.title), field="who")
    return reader


def _resend(context: Context, row: CalendarEvent, reader: Reader) -> None:
    """Mail one event, whatever the calendar holds."""
    event = Event.of_dict(row.state) if row.state else None
    organizer = organizer_of(context.settings)
    if event is None or organizer is None:
        return
    published = Publication(row.uid, event, row.sequence, context.now, row.horizon, False)
    copy = context.session.scalar(
        select(CalendarCopy).where(
            CalendarCopy.event_id == row.id, CalendarCopy.address == reader.folded
        )
    )
    mails = copy.mails if copy is not None else 0
    mailing = Mailing(published, reader, Change(Method.REQUEST, Why.INVITED), None, mails)
    key = f"{mailing.key}:{uuid4()}"
    number = message_id(context.session, key, organizer.address)
    try:
        written = mailing.letter(organizer, number, context.project)
    except ValueError as error:
        text = _("I cannot write a mail to {address}.").format(address=reader.address)
        raise UserError(text, field="who") from error
    # Where it is not sent after all, their calendar holds what it may hold still.
    written = replace(written, before=copy.holds if copy is not None else None)
    promise_mails(context.session, {key: written}, context.now, project=context.project)
    keep(context.session, [mailing])
