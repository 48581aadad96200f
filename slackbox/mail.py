"""A mail as it was received, read by the standard library's email package."""

from __future__ import annotations

import email
from dataclasses import dataclass, field
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from functools import cached_property

from slackbox.calendars import Held, Told

CALENDARS = ("text/calendar", "application/ics")


@dataclass(eq=False)
class Mail:
    """One mail that went out: its envelope, its bytes, and what a mail program shows of it.

    *received_at* is office time, in seconds. *told* is its calendar part as values, None where it
    has none or one nobody can read; *held* what the reader's calendar had under that UID before;
    *answer* what was clicked at it.
    """

    id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    received_at: float
    told: Told | None = field(default=None, repr=False)
    held: Held | None = field(default=None, repr=False)
    readers: set[str] = field(default_factory=set, repr=False)
    answer: str = ""

    @cached_property
    def message(self) -> EmailMessage:
        """It as parsed."""
        return email.message_from_bytes(self.content, policy=SMTP)

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.header("Subject")

    @cached_property
    def plain(self) -> str:
        """Its text part; empty where it has none."""
        return _text(self.message.get_body(("plain",)))

    @cached_property
    def html(self) -> str:
        """Its HTML part as it came, not to be trusted; empty where it has none."""
        return _text(self.message.get_body(("html",)))

    @cached_property
    def calendar(self) -> bytes:
        """The bytes of its calendar part; empty where it has none."""
        for part in self.message.walk():
            if part.get_content_type() in CALENDARS:
                return _bytes(part)
        return b""

    def header(self, name: str) -> str:
        """A header as people read it, or as it came where nobody can; empty where it has none."""
        try:
            return str(self.message.get(name, ""))
        except (ValueError, LookupError, AttributeError):  # what the parser does to hostile ones
            raw = {key.lower(): value for key, value in self.message.raw_items()}
            return str(raw.get(name.lower(), ""))


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    content = _bytes(part)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset nobody knows
        return content.decode("utf-8", "replace")
