"""Mails: an invitation and its changes as a mail whose calendar part a calendar takes (RFC 6047).

The same arguments are always the same bytes, so that a mail that is sent again is that mail.
"""

from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote
from functools import lru_cache
from hashlib import sha256

from bot.calendar.addresses import fit
from bot.calendar.changes import Change, Method
from bot.calendar.course import ALONE, Course
from bot.calendar.differences import Line
from bot.calendar.event import Event
from bot.calendar.lines import one_line
from bot.calendar.wording import Wording, wording
from bot.calendar.writing import Attendee, Party, told
from bot.delivery.mailing import Letter
from bot.language import _
from bot.messages import shortened
from bot.pages import letter as page

NAME_LIMIT = 100
LINE_LIMIT = 76
"""Characters in a line of what is quoted-printable (RFC 2045, 6.7), or has encoded words in a head
(RFC 2047, 2)."""


def letter(
    wanted: Event | None,
    held: Event | None,
    change: Change,
    sequence: int,
    stamp: datetime,
    organizer: Party,
    attendee: Attendee,
    message_id: str,
    project: str,
    home: str,
    course: Course = ALONE,
) -> Letter:
    """The mail that tells *attendee* of *change*: their calendar *held* one, another is *wanted*.

    *stamp* is when that changed, *home* the zone of the *project*, *course* that of the series.
    Raises ValueError, such as for an address that is none; that is for this mail alone.
    """
    event = wanted or held
    if event is None:
        raise ValueError("a mail about no meeting")
    says = wording(wanted, held, change, stamp, attendee, project, home, course)
    calendar = told(event, change, sequence, stamp, organizer, attendee)
    # The same three times, the calendar's last, for that is the one a program is to prefer.
    body = (*body_of(_plain(says), page("invitation", told=says)), _part(calendar, change.method))
    written = mail(body, says.subject, stamp, organizer, attendee.party, message_id)
    return replace(written, before=held.as_dict() if held is not None else None)


def body_of(plain: str, html: str) -> tuple[bytes, ...]:
    """What a mail says, as text and as a page: the parts of its body."""
    return _text_part(plain, "plain"), _text_part(html, "html")


@lru_cache(maxsize=32)  # the same goes to many, and the library takes its time
def _text_part(words: str, subtype: str) -> bytes:
    part = EmailMessage(policy=SMTP.clone(max_line_length=LINE_LIMIT))
    part.set_content(words, subtype=subtype, cte="quoted-printable")
    del part["MIME-Version"]
    return part.as_bytes()


def is_request(letter: Letter) -> bool:
    """Whether *letter* puts something into a calendar, rather than takes it away."""
    return b"\r\n" + _kind(Method.REQUEST) in letter.mime


def _kind(method: Method) -> bytes:
    return f"Content-Type: text/calendar; method={method.value}; charset=UTF-8\r\n".encode()


def _part(calendar: bytes, method: Method) -> bytes:
    head = _kind(method) + b"Content-Transfer-Encoding: base64\r\n\r\n"
    return head + encodebytes(calendar).replace(b"\n", b"\r\n")


def mail(
    body: Sequence[bytes], subject: str, stamp: datetime, sender: Party, to: Party, message_id: str
) -> Letter:
    """A mail to one address that says each part of its *body* instead of the others.

    Raises ValueError for an address that is none.
    """
    # In no part: they are quoted-printable, where a hexadecimal digit follows "=", or base64.
    boundary = f"=_{sha256(message_id.encode()).hexdigest()[:32]}"
    # The library's own folding loses and doubles blanks beside encoded words.
    head = {
        "From": _mailbox("From", sender),
        "To": _mailbox("To", to),
        "Subject": _encoded("Subject", _in_a_head(subject)),
        "Date": format_datetime(stamp),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"',
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode()
    limit = f"\r\n--{boundary}".encode()
    parts = b"".join(limit + b"\r\n" + part for part in body)
    return Letter(fit(to.address), subject, lines + parts + limit + b"--\r\n")


def _mailbox(header: str, party: Party) -> str:
    """Whom a mail is from or for; a name that is none is left out."""
    name, address = shortened(_in_a_head(party.name), NAME_LIMIT), fit(party.address)
    if not name:
        return address
    if name.isascii():
        return f'"{quote(name)}" <{address}>'
    shown = _encoded(header, name)
    last = f"{header}: {shown} <{address}>".rpartition("\r\n")[2]
    blank = " " if len(last) <= LINE_LIMIT else "\r\n "
    return f"{shown}{blank}<{address}>"


def _encoded(header: str, words: str) -> str:
    charset = "us-ascii" if words.isascii() else "utf-8"
    longest = LINE_LIMIT - 1  # the library does not count the blank a line goes on with
    return Header(words, charset, longest, header).encode(linesep="\r\n")


def _in_a_head(typed: str) -> str:
    """What was typed, as it stands in the head of a mail.

    What looks like an encoded word (RFC 2047) would be decoded, and may hold whatever it likes.
    """
    return one_line(typed).replace("=?", "= ?")


def _plain(says: Wording) -> str:
    """All of it as plain text."""
    blocks = [
        f"{says.kind}: {says.title}",
        says.lead,
        "\n".join(map(_line, says.lines)),
        "\n".join([_("Next dates:"), *(f"- {date}" for date in says.dates)]) if says.dates else "",
        "\n".join(says.closing),
        f"--\nJourfixe · {says.project}",
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _line(line: Line) -> str:
    return f"{line.label}: {f'{line.was} → ' if line.was else ''}{line.now}"
