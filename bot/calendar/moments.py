"""Moments: a date or time as a calendar writes it, in whichever way its zone is named."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

Moment = datetime | date
"""In UTC; or without a zone, which is then the event's; or a bare date."""

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)", re.IGNORECASE)
_SPAN = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+S)?)?")
LONGEST = timedelta(days=7)


def read_moment(text: str, zone: str = "") -> Moment:
    """What *text* is, where the TZID is *zone*. Raises `ValueError` for what is no moment."""
    if day := _DATE.fullmatch(text):
        return date(*map(int, day.groups()))
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"no date and no time: {text[:40]}")
    year, month, day_, hour, minute, second = map(int, found.groups()[:6])
    # A leap second is the one before it: calendars have none.
    local = datetime(year, month, day_, hour, minute, min(second, 59))  # noqa: DTZ001 - see below
    if found[7]:
        return local.replace(tzinfo=UTC)
    known = zone_called(zone)
    return local.replace(tzinfo=ZoneInfo(known)).astimezone(UTC) if known else local


def in_utc(moment: datetime, zone: str) -> datetime:
    """*moment* in UTC; where it has no zone, it is in *zone*."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_called(name: str) -> str | None:
    """The IANA name of the zone a calendar calls *name*: by it, as Windows does, or with its
    maker's in front of it; None where nobody knows it."""
    name = name.strip().strip('"')
    if name in _zones():
        return name
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    steps = name.split("/")
    tails = ("/".join(steps[-count:]) for count in (3, 2) if len(steps) > count)
    return next((tail for tail in tails if tail in _zones()), None)


def minutes_of(starts_at: datetime, ends_at: Moment | None, span: str) -> int | None:
    """How long something is by its end or its length; None where neither can be read."""
    length = _length(span)
    is_same = isinstance(ends_at, datetime) and bool(ends_at.tzinfo) == bool(starts_at.tzinfo)
    if is_same and isinstance(ends_at, datetime):
        length = ends_at - starts_at
    if length is None or not timedelta(0) < length <= LONGEST:
        return None
    return int(length / timedelta(minutes=1))


def _length(span: str) -> timedelta | None:
    found = _SPAN.fullmatch(span)
    if not span or found is None:
        return None
    weeks, days, hours, minutes = (int(number or 0) for number in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
