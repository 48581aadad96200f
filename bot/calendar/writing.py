"""Writing: what a calendar is told of events, as iCalendar (RFC 5545, 5546, 7986).

The same arguments are always the same bytes: nothing is invented, and no clock is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.calendar.addresses import mailto
from bot.calendar.changes import Change, Method, Why
from bot.calendar.event import Event, Instance
from bot.calendar.lines import address, local, one_line, quoted, text, utc, written
from bot.calendar.lines import day as day_value
from bot.calendar.zones import vtimezone
from bot.plans import moment_of

PRODUCT = "-//Jourfixe//Jourfixe//EN"
REFRESHED = "PT6H"
_STATUS = {Why.ENDED: "CANCELLED", Why.DROPPED: "CANCELLED", Why.REMOVED: None}


@dataclass(frozen=True)
class Party:
    """Somebody with a mail address."""

    name: str
    address: str


class Role(Enum):
    """What an attendee is to a meeting (RFC 5545, 3.2.16)."""

    CHAIR = "CHAIR"
    REQUIRED = "REQ-PARTICIPANT"
    OPTIONAL = "OPT-PARTICIPANT"
    INFORMED = "NON-PARTICIPANT"


@dataclass(frozen=True)
class Attendee:
    """Who is invited, and as what; who *is in Slack* can answer there, too."""

    party: Party
    role: Role
    is_in_slack: bool = False


@dataclass(frozen=True)
class Published:
    """An event as it was last published."""

    event: Event
    sequence: int
    stamp: datetime


@dataclass(frozen=True)
class AllDay:
    """Something a feed shows at the top of a day, such as a milestone."""

    uid: str
    day: date
    title: str
    note: str
    sequence: int
    stamp: datetime
    url: str | None = None


def told(
    event: Event,
    change: Change,
    sequence: int,
    stamp: datetime,
    organizer: Party,
    attendee: Attendee,
) -> bytes:
    """What the mail to *attendee* says of *event*, for their calendar.

    A cancelled *event* is as the calendar holds it. Raises ValueError for an address that is none.
    """
    writer = _Writer(
        Published(event, sequence, stamp),
        (_organizer(organizer), _attendee(attendee, change.method)),
        _STATUS.get(change.why, "CONFIRMED"),
        is_busy=attendee.role is not Role.INFORMED,
        comment=change.reason,
    )
    if change.day is not None:
        body = writer.single(change.day)
    elif change.method is Method.CANCEL:
        body = writer.master()
    else:
        body = writer.whole()
    return written(
        _calendar([f"METHOD:{change.method.value}"], [*vtimezone(event.zone, _since(event)), *body])
    )


def feed(name: str, events: Sequence[Published], days: Sequence[AllDay]) -> bytes:
    """The calendar called *name* that others subscribe to; it names nobody who is invited."""
    since: dict[str, date] = {}
    for published in events:
        event = published.event
        since[event.zone] = min(_since(event), since.get(event.zone, date.max))
    head = [
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESHED}",
        f"X-PUBLISHED-TTL:{REFRESHED}",
    ]
    body = [line for zone in sorted(since) for line in vtimezone(zone, since[zone])]
    for published in events:
        body += _Writer(published, (), "CONFIRMED").whole()
    for found in days:
        body += _all_day(found)
    return written(_calendar(head, body))


def _calendar(head: list[str], body: list[str]) -> list[str]:
    start = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    return [*start, *head, *body, "END:VCALENDAR"]


def _since(event: Event) -> date:
    """The first day of which the calendar has to know the hours."""
    return min([event.first_day, *event.moved, *(found.day for found in event.moved.values())])


@dataclass(frozen=True)
class _Writer:
    """Writes the VEVENTs of one event; *people* are the lines that name them.

    Whose calendar it is *is busy* then, unless they are only told of it. The *comment* stands above
    the note too, for few calendars show it where it belongs (RFC 5546, 3.2.5).
    """

    published: Published
    people: tuple[str, ...]
    status: str | None
    is_busy: bool = True
    comment: str = ""

    @property
    def event(self) -> Event:
        return self.published.event

    @property
    def _note(self) -> str:
        return "\n\n".join(filter(None, (self.comment, self.event.note)))

    def whole(self) -> list[str]:
        """The event with all its single dates."""
        start = self._start()
        singles = [
            line for day in sorted(self.event.moved) if day >= start for line in self.single(day)
        ]
        return [*self.master(), *singles]

    def master(self) -> list[str]:
        """The event as the rule has it, without the dates that were dropped."""
        start = self._start()
        return self._component(self.event.usual(start), self._rule(start))

    def single(self, day: date) -> list[str]:
        """The date of *day*; as it would be where it was dropped."""
        instance = self.event.instance(day) or self.event.usual(day)
        return self._component(instance, [self._at("RECURRENCE-ID", self.event.starts(day))])

    def _component(self, instance: Instance, rule: list[str]) -> list[str]:
        event, stamp = self.event, utc(self.published.stamp)
        starts_at = moment_of(instance.day, instance.at, event.zone)
        return [
            "BEGIN:VEVENT",
            f"UID:{text(event.uid)}",
            f"DTSTAMP:{stamp}",
            f"LAST-MODIFIED:{stamp}",
            f"SEQUENCE:{self.published.sequence}",
            *rule,
            self._at("DTSTART", starts_at),
            self._at("DTEND", starts_at + timedelta(minutes=instance.minutes)),
            *_texts(event.title, self._note, instance.place),
            *([f"COMMENT:{text(self.comment)}"] if self.comment else []),
            *([f"STATUS:{self.status}"] if self.status else []),
            f"TRANSP:{'OPAQUE' if self.is_busy else 'TRANSPARENT'}",
            *self.people,
            "END:VEVENT",
        ]

    def _start(self) -> date:
        """The first day that was not dropped.

        From there the rule counts as from the first: it has no COUNT, and every day of a rule is
        a whole number of its intervals from every other.
        """
        days = (day for day in self.event.days() if day not in self.event.dropped)
        return next(days, self.event.first_day)

    def _rule(self, start: date) -> list[str]:
        event = self.event
        if event.rule is None:
            return []
        until = f";UNTIL={utc(event.starts(event.last_day))}" if event.last_day else ""
        dropped = (day for day in sorted(event.dropped) if day >= start)
        return [
            f"RRULE:{event.rule}{until}",
            *(self._at("EXDATE", event.starts(day)) for day in dropped),
        ]

    def _at(self, name: str, moment: datetime) -> str:
        zone = self.event.zone
        return f"{name};TZID={zone}:{local(moment.astimezone(ZoneInfo(zone)))}"


def _texts(title: str, note: str, place: str) -> Iterator[str]:
    yield f"SUMMARY:{text(one_line(title))}"
    if place:
        yield f"LOCATION:{text(one_line(place))}"
    if note:
        yield f"DESCRIPTION:{text(note)}"


def _all_day(found: AllDay) -> list[str]:
    stamp = utc(found.stamp)
    return [
        "BEGIN:VEVENT",
        f"UID:{text(found.uid)}",
        f"DTSTAMP:{stamp}",
        f"LAST-MODIFIED:{stamp}",
        f"SEQUENCE:{found.sequence}",
        f"DTSTART;VALUE=DATE:{day_value(found.day)}",
        f"DTEND;VALUE=DATE:{day_value(found.day + timedelta(days=1))}",
        *_texts(found.title, found.note, ""),
        *([f"URL:{address(found.url)}"] if found.url else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _organizer(organizer: Party) -> str:
    return f"ORGANIZER;CN={_called(organizer)}:{mailto(organizer.address)}"


def _attendee(attendee: Attendee, method: Method) -> str:
    party = attendee.party
    params = f"CN={_called(party)};CUTYPE=INDIVIDUAL;ROLE={attendee.role.value}"
    if method is Method.REQUEST:
        rsvp = "FALSE" if attendee.role is Role.INFORMED else "TRUE"
        params += f";PARTSTAT=NEEDS-ACTION;RSVP={rsvp}"
    return f"ATTENDEE;{params}:{mailto(party.address)}"


def _called(party: Party) -> str:
    return quoted(one_line(party.name) or party.address)
