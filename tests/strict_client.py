"""A calendar that believes nothing but its mails, and takes none that is out of order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar


@dataclass
class Kept:
    """One UID as it stands in the calendar: its series, its single dates, the newest it heard."""

    series: Any
    heard: tuple[int, datetime]
    singles: dict[datetime, Any] = field(default_factory=dict)
    dropped: set[datetime] = field(default_factory=set)


class StrictClient:
    """The calendar of one *address*; what a client may refuse, it refuses."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.kept: dict[str, Kept] = {}
        self.mails = 0

    def gets(self, mail: bytes) -> None:
        """Read a mail as a client does; an AssertionError says what is wrong with it."""
        message = message_from_bytes(mail, policy=policy.default)
        assert isinstance(message, EmailMessage)
        parts = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
        assert len(parts) == 1
        assert parts[0] is list(message.walk())[-1], "the calendar is not the last part"
        data = parts[0].get_payload(decode=True)
        assert isinstance(data, bytes)
        assert b"\n" not in data.replace(b"\r\n", b""), "a bare line feed"
        calendar = Calendar.from_ical(data)
        method = str(calendar["METHOD"])
        assert parts[0].get_param("method") == method
        events = [c for c in calendar.subcomponents if c.name == "VEVENT"]
        assert len({str(event["UID"]) for event in events}) == 1
        for event in events:
            attendee = event["ATTENDEE"]
            assert str(attendee).casefold() == f"mailto:{self.address}".casefold()
        self.mails += 1
        if method == "CANCEL":
            self._cancel(events)
        else:
            self._request(events)

    def _request(self, events: list[Any]) -> None:
        uid = str(events[0]["UID"])
        heard = max(_order(event) for event in events)
        known = self.kept.get(uid)
        assert known is None or heard >= known.heard, "older than what is known"
        assert known is None or heard > known.heard or heard[0] == known.heard[0]
        whole = [event for event in events if "RECURRENCE-ID" not in event]
        if whole:
            (series,) = whole
            kept = self.kept[uid] = Kept(series, heard)
            kept.dropped = {moment for moment in _excluded(series)}
        else:
            assert known is not None, "a single date of what is not known"
            kept, kept.heard = known, heard
        singles = [(moment, event) for event in events if (moment := _recurrence(event))]
        last = max((moment for moment, _event in singles), default=heard[1])
        starts = set(_starts(kept.series, until=last))
        for moment, event in singles:
            assert moment in starts, "a date the rule does not name"
            assert moment not in kept.dropped, "a date that was cancelled comes back alone"
            kept.singles[moment] = event

    def _cancel(self, events: list[Any]) -> None:
        uid = str(events[0]["UID"])
        assert uid in self.kept, "what is cancelled was never known"
        known = self.kept[uid]
        for event in events:
            assert _order(event) >= known.heard, "older than what is known"
            known.heard = _order(event)
            moment = _recurrence(event)
            if moment is None:
                del self.kept[uid]
                return
            assert moment in set(_starts(known.series, until=moment))
            known.dropped.add(moment)
            known.singles.pop(moment, None)

    def shows(self, since: datetime, until: datetime) -> list[tuple[datetime, int, str, str]]:
        """Start, minutes, title and place of all that is not over then, up to *until*."""
        found = [one for kept in self.kept.values() for one in _shown(kept, until)]
        return sorted(
            one for one in found if one[0] + timedelta(minutes=one[1]) > since and one[0] < until
        )


def _shown(kept: Kept, until: datetime) -> Iterator[tuple[datetime, int, str, str]]:
    far = until + timedelta(days=70)  # a date that was moved may stand in for a later one
    for moment in _starts(kept.series, until=far):
        if moment in kept.dropped:
            continue
        event = kept.singles.get(moment, kept.series)
        starts_at = _utc(event["DTSTART"].dt) if moment in kept.singles else moment
        length = _utc(event["DTEND"].dt) - _utc(event["DTSTART"].dt)
        place = str(event.get("LOCATION", ""))
        yield starts_at, length // timedelta(minutes=1), str(event["SUMMARY"]), place


def _starts(series: Any, until: datetime) -> Iterator[datetime]:
    """The moments the rule names, dropped ones too, worked out on the clock of its zone."""
    first = series["DTSTART"]
    zone = ZoneInfo(str(first.params["TZID"]))
    local = first.dt.replace(tzinfo=None)
    if "RRULE" not in series:
        yield _utc(first.dt)
        return
    text = series["RRULE"].to_ical().decode()
    parts = dict(part.split("=") for part in text.split(";"))
    last = None
    if "UNTIL" in parts:
        assert parts["UNTIL"].endswith("Z"), "UNTIL is not in UTC"
        last = datetime.strptime(parts.pop("UNTIL"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    rule = ";".join(f"{key}={value}" for key, value in parts.items())
    for found in rrulestr(rule, dtstart=local):
        moment = found.replace(tzinfo=zone).astimezone(UTC)
        if moment > min(until, last or until):
            return
        yield moment


def _excluded(series: Any) -> Iterator[datetime]:
    listed = series.get("EXDATE", [])
    for one in listed if isinstance(listed, list) else [listed]:
        for value in one.dts:
            yield _utc(value.dt)


def _recurrence(event: Any) -> datetime | None:
    return _utc(event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in event else None


def _order(event: Any) -> tuple[int, datetime]:
    return int(event["SEQUENCE"]), event["DTSTAMP"].dt


def _utc(moment: datetime | date) -> datetime:
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)
