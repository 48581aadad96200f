"""Replies: what a mail's calendar part answers to an invitation, as values (RFC 5546, RFC 6047)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from icalendar.parser import Contentline, Parameters

from bot.calendar.envelopes import (
    UnreadableError,
    address_in,
    message_id_of,
    parts_of,
    payload_of,
    sender_of,
    text_of,
)
from bot.calendar.moments import Moment, minutes_of, read_moment

CALENDARS = frozenset({"text/calendar", "application/ics"})
METHODS = frozenset({"REPLY", "COUNTER"})
LARGEST_CALENDAR = 256_000  # characters
MOST_EVENTS = 50
MOST_ATTENDEES = 200
MOST_REPLIES = 200  # of one mail
LONGEST_UID = 255
LONGEST_COMMENT = 500

_FOLDS = re.compile(rb"\r?\n[ \t]")
_TEXT_FOLDS = re.compile(r"\r?\n[ \t]")
_LINES = re.compile(r"\r\n|\n|\r")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Reply:
    """What one attendee says to an event, or to its date *recurrence*.

    Addresses are casefolded; *sender* is who the mail is from. *recurrence* is in UTC; without a
    zone it is in the event's, a bare date is that of its day. *starts_at* and *minutes* are what a
    COUNTER proposes.
    """

    method: str
    uid: str
    recurrence: Moment | None
    attendee: str
    sender: str
    partstat: str
    name: str = ""
    sent_by: str = ""
    delegated_to: tuple[str, ...] = ()
    sequence: int | None = None
    stamp: datetime | None = None
    comment: str = ""
    starts_at: Moment | None = None
    minutes: int | None = None
    message_id: str = ""

    @property
    def is_own(self) -> bool:
        """Whether whoever sent it answers for themself."""
        return self.sender == self.attendee

    @property
    def is_on_behalf(self) -> bool:
        """Whether the attendee's calendar names the sender as the one who answers for them."""
        return not self.is_own and self.sender == self.sent_by


@dataclass
class _Component:
    """The lines of a calendar or an event: name, parameters, value."""

    lines: list[tuple[str, Parameters, str]] = field(default_factory=list)

    def all(self, name: str) -> Iterator[tuple[Parameters, str]]:
        return ((params, value) for known, params, value in self.lines if known == name)

    def first(self, name: str) -> tuple[Parameters, str] | None:
        return next(self.all(name), None)

    def value(self, name: str) -> str:
        found = self.first(name)
        return found[1].strip() if found else ""


def read_replies(mail: Message) -> list[Reply]:
    """The answers in *mail*. Raises `UnreadableError` where there is none, whatever else
    is in it."""
    try:
        return _read(mail)
    except UnreadableError:
        raise
    except Exception as error:  # what hostile mails make of parsers has no name
        raise UnreadableError(f"no parser reads it: {error!r}"[:200]) from error


def _read(mail: Message) -> list[Reply]:
    sender = sender_of(mail)
    found: list[Reply] = []
    for part in parts_of(mail):
        if part.get_content_type() in CALENDARS:
            found += _in_calendar(part, sender, message_id_of(mail), _sent_at(mail))
    if not found:
        raise UnreadableError("there is no answer to an invitation in it")
    return list(dict.fromkeys(found))[:MOST_REPLIES]


def _sent_at(mail: Message) -> datetime | None:
    """When the mail says that it was sent, for events that do not say when they were written."""
    try:
        sent_at = parsedate_to_datetime(str(mail.get("Date", "")))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return sent_at.replace(tzinfo=UTC) if sent_at.tzinfo is None else sent_at.astimezone(UTC)


def _in_calendar(
    part: Message, sender: str, message_id: str, sent_at: datetime | None
) -> Iterator[Reply]:
    calendar, events = _components(_unfolded(part))
    method = (calendar.value("METHOD") or str(part.get_param("method") or "")).upper()
    if method not in METHODS:
        return
    for event in events:
        try:
            yield from _in_event(event, method, sender, message_id, sent_at)
        except (ValueError, OverflowError):
            continue  # one event nobody can read leaves the others as they are


def _unfolded(part: Message) -> str:
    """The calendar's text; lines are joined as bytes, for some break them within a character."""
    text = text_of(part, _FOLDS.sub(b"", payload_of(part)))
    if len(text) > LARGEST_CALENDAR:
        raise UnreadableError("its calendar is too long")
    return _TEXT_FOLDS.sub("", text)


def _components(text: str) -> tuple[_Component, list[_Component]]:
    """The calendar's own lines, and those of its events without what is inside them."""
    calendar, events = _Component(), list[_Component]()
    open_: list[str] = []
    for line in _content_lines(text):
        name, _params, value = line
        kind = value.strip().upper()
        if name == "BEGIN":
            open_.append(kind)
            if open_ == ["VCALENDAR", "VEVENT"] and len(events) < MOST_EVENTS:
                events.append(_Component())
        elif name == "END":
            del open_[-1:]
        elif open_ == ["VCALENDAR"]:
            calendar.lines.append(line)
        elif open_ == ["VCALENDAR", "VEVENT"] and events:
            events[-1].lines.append(line)
    return calendar, events


def _content_lines(text: str) -> Iterator[tuple[str, Parameters, str]]:
    for line in _LINES.split(text):
        try:
            parts = Contentline(line).parts  # type: ignore[no-untyped-call] # it is not typed
            name, params, value = parts()
        except ValueError:
            continue  # such as a line of a comment that was broken in two
        yield str(name).upper(), params, str(value)


def _in_event(
    event: _Component, method: str, sender: str, message_id: str, sent_at: datetime | None
) -> Iterator[Reply]:
    """One answer for each attendee named. Raises `ValueError` for what cannot be read."""
    uid = event.value("UID")
    if not uid or len(uid) > LONGEST_UID or not uid.isprintable():
        raise ValueError("an event without a name")
    recurrence = _moment(event, "RECURRENCE-ID")
    stamp = _moment(event, "DTSTAMP")
    starts_at, minutes = _proposed(event) if method == "COUNTER" else (None, None)
    for number, (params, value) in enumerate(event.all("ATTENDEE")):
        attendee = address_in(value) or address_in(_one(params, "EMAIL"))
        if not attendee or number >= MOST_ATTENDEES:
            continue
        yield Reply(
            method, uid, recurrence, attendee, sender,
            partstat=(_one(params, "PARTSTAT") or "NEEDS-ACTION").upper(),
            name=_plain(_one(params, "CN")),
            sent_by=address_in(_one(params, "SENT-BY")),
            delegated_to=tuple(filter(None, map(address_in, _many(params, "DELEGATED-TO")))),
            sequence=_sequence(event),
            stamp=stamp if isinstance(stamp, datetime) and stamp.tzinfo else sent_at,
            comment=_comment(event, params),
            starts_at=starts_at, minutes=minutes, message_id=message_id,
        )  # fmt: skip


def _moment(event: _Component, name: str) -> Moment | None:
    """Raises `ValueError` where it is there and cannot be read: an answer to one date must never
    become one to all of them."""
    found = event.first(name)
    if found is None:
        return None
    return read_moment(found[1].strip(), _one(found[0], "TZID"))


def _proposed(event: _Component) -> tuple[Moment | None, int | None]:
    starts_at, ends_at = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if not isinstance(starts_at, datetime):
        return starts_at, None
    return starts_at, minutes_of(starts_at, ends_at, event.value("DURATION"))


def _sequence(event: _Component) -> int | None:
    number = event.value("SEQUENCE")
    return int(number) if _NUMBER.fullmatch(number) else None


def _comment(event: _Component, attendee: Parameters) -> str:
    """What they add; Google has it beside the attendee."""
    told = " ".join(value for _params, value in event.all("COMMENT"))
    return _plain(told) or _plain(_one(attendee, "X-RESPONSE-COMMENT"))


def _plain(text: str) -> str:
    """*text* on one line, without what steers a terminal or turns the writing round."""
    text = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], text)
    shown = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(shown.split())[:LONGEST_COMMENT]


def _many(params: Parameters, name: str) -> list[str]:
    value = params.get(name, [])
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]


def _one(params: Parameters, name: str) -> str:
    return next(iter(_many(params, name)), "")
