"""Answers to invitations as mail clients are documented to write them; none was captured.

What is typical of each is from the protocols' documents ([MS-OXCICAL] for Exchange and Outlook) and
from reports of bugs in public trackers.
"""

from __future__ import annotations

import quopri
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from textwrap import wrap
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = "office@firm.example"
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """What somebody clicked in their calendar; *recurrence* is the moment of one date."""

    uid: str
    who: str
    partstat: str = "ACCEPTED"
    recurrence: datetime | None = None
    sequence: int = 0
    stamp: datetime = MONDAY
    comment: str = ""
    number: str = "1"
    sender: str = ""
    starts_at: datetime = datetime(2026, 12, 1, 9, tzinfo=UTC)

    @property
    def from_(self) -> str:
        return self.sender or self.who

    @property
    def message_id(self) -> str:
        return f"<{self.number}@client.example>"

    def but(self, **changes: object) -> Answer:
        """The same, but for *changes*."""
        return replace(self, **changes)  # type: ignore[arg-type] # checked where it is read


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y%m%dT%H%M%S")


def calendar(lines: list[str], *, method: str = "REPLY", prodid: str = "-//client//EN") -> str:
    """An iCalendar object with one event of *lines*, folded as RFC 5545 has it."""
    whole = [
        "BEGIN:VCALENDAR", f"PRODID:{prodid}", "VERSION:2.0", f"METHOD:{method}",
        "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in whole)


def _folded(line: str) -> str:
    return "\r\n ".join(line[at : at + 74] for at in range(0, len(line), 74)) or line


def mail(answer: Answer, content_type: str, body: bytes, *heads: str) -> bytes:
    """A mail from whoever answers to the office."""
    lines = [
        f"From: {answer.from_}", f"To: {OFFICE}", "Subject: Re: Jour fixe",
        f"Date: {format_datetime(answer.stamp)}", f"Message-ID: {answer.message_id}",
        "MIME-Version: 1.0", f"Content-Type: {content_type}", *heads,
    ]  # fmt: skip
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def part(content_type: str, body: bytes, *heads: str) -> bytes:
    lines = [f"Content-Type: {content_type}", *heads]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n"


def multipart(*parts: bytes) -> bytes:
    return b"".join(b"--=_b\r\n" + each for each in parts) + b"--=_b--\r\n"


BASE64 = "Content-Transfer-Encoding: base64"
QUOTED = "Content-Transfer-Encoding: quoted-printable"


def base64(text: str, charset: str = "utf-8") -> bytes:
    return "\r\n".join(wrap(b64encode(text.encode(charset)).decode(), 76)).encode()


def outlook(answer: Answer) -> bytes:
    """Outlook by way of Exchange: Windows' names of zones, no ORGANIZER, a comment ends a line."""
    recurrence = answer.recurrence
    zone = "W. Europe Standard Time"
    lines = [
        f"ATTENDEE;PARTSTAT={answer.partstat};CN={answer.who}:MAILTO:{answer.who}",
        *([f"COMMENT;LANGUAGE=de-DE:{answer.comment}\\n"] if answer.comment else []),
        f"UID:{answer.uid}",
        *([f"RECURRENCE-ID;TZID={zone}:{local(recurrence)}"] if recurrence else []),
        "SUMMARY;LANGUAGE=de-DE:Zugesagt: Jour fixe",
        f"DTSTART;TZID={zone}:{local(answer.starts_at)}",
        f"DTSTAMP:{utc(answer.stamp)}",
        f"SEQUENCE:{answer.sequence}",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ]
    text = calendar(lines, prodid="Microsoft Exchange Server 2010")
    zones = (
        f"BEGIN:VTIMEZONE\r\nTZID:{zone}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"
        "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    text = text.replace("BEGIN:VEVENT", f"{zones}BEGIN:VEVENT")
    body = multipart(
        part('text/plain; charset="iso-8859-1"', b"", QUOTED),
        part('text/calendar; charset="utf-8"; method=REPLY', base64(text), BASE64),
    )
    return mail(answer, 'multipart/alternative; boundary="=_b"', body, "Content-Language: de-DE")


def exchange(answer: Answer) -> bytes:
    """Exchange on behalf of a mailbox: the calendar alone, latin-1, lines broken anywhere."""
    lines = [
        f"UID:{answer.uid}", f"DTSTAMP:{utc(answer.stamp)}", f"SEQUENCE:{answer.sequence}",
        *([f"RECURRENCE-ID:{utc(answer.recurrence)}"] if answer.recurrence else []),
        f"ATTENDEE;CN=Müller;PARTSTAT={answer.partstat}:mailto:{answer.who}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
    ]  # fmt: skip
    text = calendar(lines, prodid="Microsoft Exchange Server 2007")
    content_type = 'text/calendar; method=REPLY; charset="iso-8859-1"'
    return mail(answer, content_type, base64(text, "iso-8859-1"), BASE64)


def google(answer: Answer) -> bytes:
    """Google Calendar: an alternative and the same as application/ics, the comment at the
    attendee."""
    said = f';X-RESPONSE-COMMENT="{answer.comment}"' if answer.comment else ""
    lines = [
        f"DTSTART:{utc(answer.starts_at)}", f"DTSTAMP:{utc(answer.stamp)}",
        f"ORGANIZER;CN=Jourfixe:mailto:{OFFICE}", f"UID:{answer.uid}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer.partstat};"
        f"CN={answer.who};X-NUM-GUESTS=0{said}:mailto:{answer.who}",
        *([f"RECURRENCE-ID:{utc(answer.recurrence)}"] if answer.recurrence else []),
        f"SEQUENCE:{answer.sequence}", "STATUS:CONFIRMED", "TRANSP:OPAQUE",
    ]  # fmt: skip
    text = calendar(lines, prodid="-//Google Inc//Google Calendar 70.9054//EN")
    inner = multipart(
        part("text/plain; charset=UTF-8; format=flowed; delsp=yes", b"Ben has accepted", BASE64),
        part('text/calendar; charset="UTF-8"; method=REPLY', text.encode(), "X-Any: 1"),
    ).replace(b"=_b", b"=_i")
    body = multipart(
        part('multipart/alternative; boundary="=_i"', inner),
        part(
            'application/ics; name="invite.ics"', base64(text), BASE64,
            'Content-Disposition: attachment; filename="invite.ics"',
        ),
    )  # fmt: skip
    return mail(answer, 'multipart/mixed; boundary="=_b"', body)


def apple(answer: Answer) -> bytes:
    """Calendar on a Mac: the attendee's EMAIL beside a principal of CalDAV, no method there."""
    lines = [
        f"ATTENDEE;CN=\"Ben\";CUTYPE=INDIVIDUAL;EMAIL={answer.who};PARTSTAT={answer.partstat}:"
        "/principals/users/2f3a/",
        f"DTSTAMP:{utc(answer.stamp)}", f"ORGANIZER:mailto:{OFFICE}",
        *([f"RECURRENCE-ID;TZID=Europe/Berlin:{local(answer.recurrence)}"]
          if answer.recurrence else []),
        f"SEQUENCE:{answer.sequence}", f"UID:{answer.uid}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
    ]  # fmt: skip
    text = calendar(lines, prodid="-//Apple Inc.//macOS 14.5//EN")
    body = multipart(
        part("text/plain; charset=us-ascii", b"Ben has accepted."),
        part(
            'text/calendar; charset=utf-8; name="iCal-20261123.ics"',
            quopri.encodestring(text.encode()), QUOTED,
            "Content-Disposition: attachment; filename=iCal-20261123.ics",
        ),
    )  # fmt: skip
    return mail(answer, 'multipart/mixed; boundary="=_b"', body)


def thunderbird(answer: Answer) -> bytes:
    """Thunderbird: the zone with its maker's name before it, everybody's lines kept in order."""
    zone = "/mozilla.org/20050126_1/Europe/Berlin"
    lines = [
        "CREATED:20261120T080000Z", f"DTSTAMP:{utc(answer.stamp)}", f"UID:{answer.uid}",
        "SUMMARY:Jour fixe", f"ORGANIZER;RSVP=TRUE;CN=Jourfixe:mailto:{OFFICE}",
        f"ATTENDEE;RSVP=TRUE;PARTSTAT={answer.partstat};ROLE=REQ-PARTICIPANT:mailto:{answer.who}",
        *([f"RECURRENCE-ID;TZID={zone}:{local(answer.recurrence)}"] if answer.recurrence else []),
        f"DTSTART;TZID={zone}:{local(answer.starts_at)}", f"SEQUENCE:{answer.sequence}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
        "BEGIN:VALARM", "ACTION:DISPLAY", "UID:another", "TRIGGER:-PT15M", "END:VALARM",
    ]  # fmt: skip
    text = calendar(lines, prodid="-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN")
    body = multipart(
        part("text/plain; charset=UTF-8", b"Ben has accepted."),
        part('text/calendar; method=REPLY; charset="UTF-8"', text.encode()),
        part('application/ics; name="invite.ics"', base64(text), BASE64),
    )
    return mail(answer, 'multipart/mixed; boundary="=_b"', body)


def nextcloud(answer: Answer) -> bytes:
    """Nextcloud (sabre/vobject): REQUEST-STATUS, CN another address, a date by VALUE=DATE."""
    recurrence = answer.recurrence
    lines = [
        f"UID:{answer.uid}", f"DTSTAMP:{utc(answer.stamp)}", f"SEQUENCE:{answer.sequence}",
        f"DTSTART;TZID=Europe/Berlin:{local(answer.starts_at)}", "SUMMARY:Jour fixe",
        f"ORGANIZER;CN=Jourfixe:mailto:{OFFICE}",
        *([f"RECURRENCE-ID;VALUE=DATE:{local(recurrence)[:8]}"] if recurrence else []),
        f"ATTENDEE;PARTSTAT={answer.partstat};CN=ben@private.example:mailto:{answer.who}",
        "REQUEST-STATUS:2.0;Success",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
    ]  # fmt: skip
    text = calendar(lines, prodid="-//Sabre//Sabre VObject 4.5.4//EN")
    inner = part("text/calendar; method=REPLY; charset=UTF-8", quopri.encodestring(text.encode()),
                 QUOTED, "Content-Disposition: inline; filename=event.ics")  # fmt: skip
    return mail(answer, 'multipart/mixed; boundary="=_b"', multipart(inner))


def floating(answer: Answer) -> bytes:
    """A client that leaves zones out: a time is the organizer's."""
    lines = [
        f"UID:{answer.uid}", f"DTSTAMP:{utc(answer.stamp)}", f"SEQUENCE:{answer.sequence}",
        *([f"RECURRENCE-ID:{local(answer.recurrence)}"] if answer.recurrence else []),
        f"ATTENDEE;PARTSTAT={answer.partstat}:mailto:{answer.who}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
    ]  # fmt: skip
    return mail(answer, "application/ics; method=reply", calendar(lines).encode())


CLIENTS: dict[str, Callable[[Answer], bytes]] = {
    "Outlook": outlook,
    "Exchange": exchange,
    "Google": google,
    "Apple": apple,
    "Thunderbird": thunderbird,
    "Nextcloud": nextcloud,
    "floating": floating,
}


def counter(answer: Answer, starts_at: datetime, minutes: int = 60) -> bytes:
    """Another time proposed, as Outlook and Google do it."""
    ends_at = datetime.fromtimestamp(starts_at.timestamp() + 60 * minutes, UTC)
    lines = [
        f"UID:{answer.uid}", f"DTSTAMP:{utc(answer.stamp)}", f"SEQUENCE:{answer.sequence}",
        *([f"RECURRENCE-ID:{utc(answer.recurrence)}"] if answer.recurrence else []),
        f"DTSTART:{utc(starts_at)}", f"DTEND:{utc(ends_at)}",
        f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{answer.who}",
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
    ]  # fmt: skip
    text = calendar(lines, method="COUNTER")
    return mail(answer, "text/calendar; method=COUNTER; charset=utf-8", text.encode())


def delegated(answer: Answer, to: str) -> bytes:
    """Somebody sends another: both stand in the answer (RFC 5546, 3.2.3)."""
    lines = [
        f"UID:{answer.uid}", f"DTSTAMP:{utc(answer.stamp)}",
        *([f"RECURRENCE-ID:{utc(answer.recurrence)}"] if answer.recurrence else []),
        f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{to}":mailto:{answer.who}',
        f'ATTENDEE;PARTSTAT=NEEDS-ACTION;DELEGATED-FROM="mailto:{answer.who}":mailto:{to}',
        *([f"COMMENT:{answer.comment}"] if answer.comment else []),
    ]  # fmt: skip
    return mail(answer, "text/calendar; method=REPLY", calendar(lines).encode())


def bounce(message_id: str, to: str, reason: str = "550 5.1.1 no such user here") -> bytes:
    """What a mail server writes that could not deliver a mail (RFC 3464)."""
    report = (
        f"Reporting-MTA: dns; mx.firm.example\r\n\r\nFinal-Recipient: rfc822; {to}\r\n"
        f"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; {reason}\r\n"
    )
    original = f"From: {OFFICE}\r\nTo: {to}\r\nMessage-ID: {message_id}\r\nSubject: Jour fixe\r\n"
    body = multipart(
        part("text/plain; charset=utf-8", b"I could not deliver it."),
        part("message/delivery-status", report.encode()),
        part("text/rfc822-headers", original.encode()),
    )
    daemon = Answer("", "mailer-daemon@mx.firm.example", number=f"bounce-{to}")
    kind = 'multipart/report; report-type=delivery-status; boundary="=_b"'
    return mail(daemon, kind, body, "Auto-Submitted: auto-replied")
