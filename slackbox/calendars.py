"""Calendar parts as values: what one tells, and what the calendar of its reader then holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from itertools import islice, takewhile
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vCalAddress
from icalendar.prop import vRecur

LONGEST = 2_000
"""So many dates of a rule are looked at: a hostile one has no end."""

DAYS_AND_LONGER = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True)
class Party:
    """Somebody an event names: the organizer, or who is invited."""

    name: str
    address: str
    role: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Entry:
    """A VEVENT in the local time of its *zone* (None: floating, or whole days).

    *replaces* is the start its RECURRENCE-ID names, None in what stands for the whole series.
    """

    uid: str
    title: str
    place: str
    note: str
    zone: tzinfo | None
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool
    replaces: datetime | None
    is_cancelled: bool
    sequence: int
    rule: vRecur | None
    dropped: frozenset[datetime]
    organizer: Party | None
    attendees: tuple[Party, ...]

    def starts(self, until: datetime) -> list[datetime]:
        """When it begins, up to a moment: once, or as often as its rule has it, dropped ones too.

        Counted in local time, as RFC 5545 (3.3.10) wants it: ten o'clock stays ten o'clock.
        """
        rule = self.rule
        if rule is None or rule["FREQ"][0] not in DAYS_AND_LONGER:
            return [self.starts_at]
        try:
            whole: Any = vRecur(rule | self._end(rule))
            dates = rrulestr(whole.to_ical().decode(), dtstart=self.starts_at)
            return list(takewhile(lambda start: start <= until, islice(dates, LONGEST)))
        except (ValueError, TypeError):  # a rule nobody can read
            return [self.starts_at]

    def _end(self, rule: vRecur) -> dict[str, list[datetime]]:
        """UNTIL in the local time the rule counts in: calendars write it in UTC."""
        last = rule.get("UNTIL")
        if not last:
            return {}
        if isinstance(last[0], datetime):
            return {"UNTIL": [_local(last[0], self.zone)]}
        return {"UNTIL": [datetime.combine(last[0], time.max)]}


@dataclass(frozen=True)
class Told:
    """What one calendar part says: its method, the entry of a series, those of single dates."""

    method: str
    uid: str
    entry: Entry | None
    singles: Mapping[datetime, Entry]

    @property
    def any(self) -> Entry:
        """The entry of the series, or that of a single date."""
        return self.entry or next(iter(self.singles.values()))


@dataclass(frozen=True)
class Held:
    """What a calendar holds under one UID."""

    entry: Entry | None = None
    singles: Mapping[datetime, Entry] = field(default_factory=dict)
    is_cancelled: bool = False

    def after(self, told: Told) -> Held:
        """It, once a mail was read, as a mail program does it (RFC 5546, 3.2)."""
        if told.method == "CANCEL" and not told.singles:
            return replace(self, entry=told.entry or self.entry, is_cancelled=True)
        if told.method == "CANCEL":
            gone = {at: replace(one, is_cancelled=True) for at, one in told.singles.items()}
            return replace(self, singles={**self.singles, **gone})
        if told.entry is not None:
            return Held(told.entry, told.singles)
        return replace(self, singles={**self.singles, **told.singles}, is_cancelled=False)


def read(calendar: bytes) -> Told | None:
    """What a calendar part tells of its first event; None where it has none, or is no calendar."""
    if not calendar:
        return None
    try:
        parsed = Calendar.from_ical(calendar)
        entries = [_entry(event) for event in parsed.events]
    except (ValueError, LookupError, AttributeError, TypeError, OverflowError):  # so it is none
        return None
    if not entries:
        return None
    uid = entries[0].uid
    entries = [entry for entry in entries if entry.uid == uid]
    whole = next((entry for entry in entries if entry.replaces is None), None)
    singles = {entry.replaces: entry for entry in entries if entry.replaces is not None}
    return Told(str(parsed.get("METHOD", "PUBLISH")).upper(), uid, whole, singles)


def _entry(event: Event) -> Entry:
    start, end = event.start, event.end
    zone = getattr(start, "tzinfo", None)
    recurrence: Any = event.get("RECURRENCE-ID")
    organizer: Any = event.get("ORGANIZER")
    dropped = (each for each in event.exdates if isinstance(each, date))
    return Entry(
        uid=str(event.get("UID", "")),
        title=str(event.get("SUMMARY", "")),
        place=str(event.get("LOCATION", "")),
        note=str(event.get("DESCRIPTION", "")),
        zone=zone,
        starts_at=_local(start, zone),
        ends_at=_local(end, zone),
        is_all_day=not isinstance(start, datetime),
        replaces=None if recurrence is None else _local(recurrence.dt, zone),
        is_cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
        sequence=int(event.get("SEQUENCE", 0)),
        rule=next(iter(event.rrules), None),
        dropped=frozenset(_local(each, zone) for each in dropped),
        organizer=None if organizer is None else _party(organizer),
        attendees=tuple(_party(each) for each in event.attendees),
    )


def _local(moment: date, zone: tzinfo | None) -> datetime:
    """A day or a moment as the clock on the wall of *zone* shows it."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo is None or zone is None:
        return moment.replace(tzinfo=None)
    return moment.astimezone(zone).replace(tzinfo=None)


def _party(who: vCalAddress) -> Party:
    about = who.params
    return Party(
        name=str(about.get("CN", "")),
        address=str(who).removeprefix("mailto:").removeprefix("MAILTO:"),
        role=str(about.get("ROLE", "")).upper(),
        answer=str(about.get("PARTSTAT", "")).upper(),
    )
