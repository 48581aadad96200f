"""What a mail program sends when somebody clicks Accept, Maybe or Decline at an invitation."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any

from icalendar import Calendar, Event, vDatetime

from slackbox.calendars import Party
from slackbox.mail import Mail
from slackbox.refusals import ImpossibleError

WORDS = {"ACCEPTED": "accepted", "TENTATIVE": "tentatively accepted", "DECLINED": "declined"}
SUBJECTS = {"ACCEPTED": "Accepted", "TENTATIVE": "Tentative", "DECLINED": "Declined"}


def invitee(mail: Mail) -> Party | None:
    """Whose answer an invitation waits for; None where nobody is asked."""
    if mail.told is None or mail.told.method != "REQUEST" or mail.told.any.organizer is None:
        return None
    reader = mail.recipients[0].lower()
    return next((one for one in mail.told.any.attendees if one.address.lower() == reader), None)


def answered(mail: Mail, answer: str, at: float) -> EmailMessage:
    """The mail with somebody's *answer*, sent *at* a time (RFC 5546, 3.2.3; RFC 6047).

    Raises ImpossibleError where nobody is asked, or for an answer there is not.
    """
    person, told = invitee(mail), mail.told
    if person is None or told is None or told.any.organizer is None or answer not in WORDS:
        raise ImpossibleError("This mail waits for no answer.")
    moment = datetime.fromtimestamp(at, UTC)
    reply = EmailMessage(policy=SMTP)
    reply["From"] = formataddr((person.name, person.address))
    reply["To"] = formataddr((told.any.organizer.name, told.any.organizer.address))
    reply["Subject"] = f"{SUBJECTS[answer]}: {' '.join(told.any.title.split())}"
    reply["Date"] = format_datetime(moment)
    reply["Message-ID"] = make_msgid(domain=person.address.rpartition("@")[2])
    reply.set_content(f"{person.name or person.address} has {WORDS[answer]} this invitation.\n")
    content = _reply(mail.calendar, person.address, answer, moment)
    parameters = {"method": "REPLY", "charset": "UTF-8"}
    reply.add_alternative(content, maintype="text", subtype="calendar", params=parameters)
    return reply


def _reply(calendar: bytes, address: str, answer: str, moment: datetime) -> bytes:
    """The invitation handed back: its zones, and its first event with the answer of one."""
    asked = Calendar.from_ical(calendar)
    reply = Calendar()
    reply.add("PRODID", "-//Workspace in a box//EN")
    reply.add("VERSION", "2.0")
    reply.add("METHOD", "REPLY")
    for zone in asked.timezones:
        reply.add_component(zone)
    reply.add_component(_with_answer(asked.events[0], address, answer, moment))
    return bytes(reply.to_ical())


def _with_answer(event: Event, address: str, answer: str, moment: datetime) -> Event:
    mine: Any = next(
        each for each in event.attendees if each.lower().removeprefix("mailto:") == address.lower()
    )
    mine.params["PARTSTAT"] = answer
    mine.params.pop("RSVP", None)
    event["ATTENDEE"] = mine
    event["DTSTAMP"] = vDatetime(moment)
    return event
