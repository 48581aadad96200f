"""The VTIMEZONE of a zone shows the hours its people live by, in readers not of our making."""

import io
import struct
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Timezone

from bot.calendar.clock_changes import clocks_of
from bot.calendar.yearly_changes import ClockRule, DayOfYear, WeekdayOfMonth
from bot.calendar.zones import vtimezone

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 12, 31, tzinfo=UTC)
TODAY = date(2026, 1, 1)
TOLD_SINGLY = {"Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"}
HARD = [
    *sorted(TOLD_SINGLY),
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Nuuk", "UTC",
    "Africa/Cairo", "Antarctica/Troll", "Asia/Jerusalem", "Asia/Kolkata", "Australia/Lord_Howe",
    "Pacific/Chatham", "America/Santiago", "Pacific/Easter", "America/St_Johns", "Etc/GMT-14",
]  # fmt: skip


def written(zone: str, since: date = TODAY) -> str:
    lines = ["BEGIN:VCALENDAR", *vtimezone(zone, since), "END:VCALENDAR"]
    return "\r\n".join(lines) + "\r\n"


def tellings(zone: ZoneInfo) -> Iterator[datetime]:
    """Moments beside every change of the clocks, and some with none near."""
    yield FIRST
    step, before = timedelta(days=3), FIRST
    while before < LAST:
        after = before + step
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            changed_at = change_between(zone, before, after)
            yield from (changed_at + timedelta(hours=hours) for hours in (-30, -3, 3, 30))
            yield from (changed_at - timedelta(seconds=1), changed_at)
        before = after
    yield LAST


def change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        is_before = middle.astimezone(zone).utcoffset() == offset
        before, after = (middle, after) if is_before else (before, middle)
    return after


def is_clear(local: datetime) -> bool:
    """Whether the clocks show that time once."""
    return local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()


def test_every_zone_there_is_has_the_right_hours_until_2036() -> None:
    for name in sorted(zoneinfo.available_timezones()):
        is_as_lived(name)


@pytest.mark.parametrize("name", HARD)
def test_the_hours_are_right_to_a_second_reader(name: str) -> None:
    zone = ZoneInfo(name)
    lines = "\r\n".join(vtimezone(name, TODAY))
    component = Timezone.from_ical(lines)
    assert isinstance(component, Timezone)
    read = component.to_tz(lookup_tzid=False)  # else it would take Python's own zone
    for moment in tellings(zone):
        local = moment.astimezone(zone)
        if is_clear(local):
            assert local.replace(tzinfo=read).utcoffset() == local.utcoffset(), local


def test_a_zone_has_yearly_rules_and_never_a_list_of_dates() -> None:
    for name in sorted(zoneinfo.available_timezones()):
        lines = vtimezone(name, TODAY)
        assert not any(line.startswith("RDATE") for line in lines), name
        assert len(lines) < 30 or name in TOLD_SINGLY, name
        has_rule = bool(clocks_of(name).rule.yearly)
        assert has_rule == any(line.startswith("RRULE") for line in lines), name


def test_a_zone_without_rules_is_one_standard_time() -> None:
    assert vtimezone("Asia/Kolkata", TODAY) == (
        "BEGIN:VTIMEZONE", "TZID:Asia/Kolkata", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0530", "TZOFFSETTO:+0530", "TZNAME:IST", "END:STANDARD", "END:VTIMEZONE",
    )  # fmt: skip


def test_berlin_reads_as_calendars_know_it() -> None:
    lines = vtimezone("Europe/Berlin", TODAY)
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in lines
    assert "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" in lines
    assert lines.count("TZOFFSETTO:+0200") == lines.count("TZOFFSETTO:+0100") == 1


def test_dublins_winter_is_no_summer_time() -> None:
    text = written("Europe/Dublin")
    daylight = text[text.index("BEGIN:DAYLIGHT") : text.index("END:DAYLIGHT")]
    assert "TZOFFSETTO:+0100" in daylight


@pytest.fixture
def zone_of(tmp_path: Path) -> Iterator[Callable[[str, list[tuple[datetime, int]], str], str]]:
    """Makes a zone of its own changes of clocks, each to so many hours, and of a rule for later."""

    def make(name: str, changes: list[tuple[datetime, int]], rule: str) -> str:
        hours = sorted({hour for _at, hour in changes})
        empty = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4) + b"\0" * 6 + b"XXX\0"
        counts = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, len(changes), len(hours), 4)
        moments = b"".join(struct.pack(">q", int(at.timestamp())) for at, _hour in changes)
        kinds = bytes(hours.index(hour) for _at, hour in changes)
        types = b"".join(struct.pack(">lBB", hour * 3600, 0, 0) for hour in hours)
        data = empty + counts + moments + kinds + types + b"XXX\0" + f"\n{rule}\n".encode()
        (tmp_path / name).write_bytes(data)
        return name

    known = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path), *known])
    yield make
    zoneinfo.reset_tzpath(known)


def ramadans(until: int) -> list[tuple[datetime, int]]:
    """An hour back for a month each year, eleven days earlier every time."""
    first, month = datetime(2020, 4, 19, 2, tzinfo=UTC), timedelta(days=35)
    starts = [first + number * timedelta(days=354) for number in range(90)]
    return [
        change
        for start in starts
        if start.year <= until
        for change in ((start, 0), (start + month, 1))
    ]


def test_clocks_that_follow_no_rule_are_told_one_by_one_for_twenty_years(zone_of: Any) -> None:
    zone = zone_of("Ramadan", ramadans(2080), "<+01>-1")
    lines = vtimezone(zone, TODAY)
    starts = [line for line in lines if line.startswith("DTSTART:")]
    assert starts[0] == "DTSTART:19700101T000000"
    assert "DTSTART:2044" < starts[-1] < "DTSTART:2047"
    assert [line for line in lines if line.startswith("TZOFFSETTO")][-1] == "TZOFFSETTO:+0100"
    assert not any(line.startswith(("RRULE", "RDATE")) for line in lines)
    is_as_lived(zone)


def test_where_clocks_follow_a_rule_but_for_some_years_those_come_first(zone_of: Any) -> None:
    changes = [change for change in ramadans(2029) if change[0].year > 2024]
    zone = zone_of("Mixed", changes, "EET-1EEST,M3.5.0,M10.5.0/3")
    lines = vtimezone(zone, TODAY)
    assert sum(line.startswith("RRULE") for line in lines) == 2
    is_as_lived(zone)


def test_a_summer_time_that_begins_otherwise_once_is_told(zone_of: Any) -> None:
    changes = [
        (datetime(2025, 10, 26, 1, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 1),
        (datetime(2027, 4, 18, 1, tzinfo=UTC), 2),
    ]
    is_as_lived(zone_of("Late", changes, "CET-1CEST,M3.5.0,M10.5.0/3"))


def test_a_last_change_for_good_is_told_whatever_the_hours_are_called_then(zone_of: Any) -> None:
    zone = zone_of(
        "Forever",
        [(datetime(2025, 11, 2, 8, tzinfo=UTC), -7), (datetime(2026, 3, 8, 9, tzinfo=UTC), -6)],
        "CST6",
    )
    is_as_lived(zone)


def is_as_lived(name: str) -> None:
    """Whether somebody who goes by what is written reads the hours people live by."""
    zone, read = ZoneInfo(name), tzical(io.StringIO(written(name))).get()
    for moment in tellings(zone):
        local = moment.astimezone(zone)
        if is_clear(local):
            assert local.replace(tzinfo=read).utcoffset() == local.utcoffset(), (name, local)


def test_what_began_in_an_earlier_time_of_a_zone_has_the_hours_of_then() -> None:
    since = date(2013, 6, 3)  # in Moscow the clocks were put back for good in October 2014
    read = tzical(io.StringIO(written("Europe/Moscow", since))).get()
    for day in (since, date(2014, 10, 25), date(2014, 10, 27), date(2026, 12, 1)):
        local = datetime.combine(day, time(10), ZoneInfo("Europe/Moscow"))
        assert local.replace(tzinfo=read).utcoffset() == local.utcoffset(), day


def test_what_is_no_zone_is_refused() -> None:
    for name in ("Mars/Olympus", "../../etc/passwd", ""):
        with pytest.raises((zoneinfo.ZoneInfoNotFoundError, ValueError)):
            vtimezone(name, TODAY)


def test_a_rule_may_name_its_days_in_three_ways() -> None:
    rule = ClockRule.of("<-03>3<-02>,M3.5.0/-1,J60/26:30")
    begins, ends = rule.yearly
    assert begins.day == WeekdayOfMonth(3, 5, 0)
    assert begins.in_year(2027).local == datetime(2027, 3, 27, 23, tzinfo=UTC)
    assert ends.day == DayOfYear(60, skips=True)
    for year in (2027, 2028):  # the sixtieth day without 29 February is 1 March in both
        assert ends.in_year(year).local == datetime(year, 3, 2, 2, 30, tzinfo=UTC)
    counted, _back = ClockRule.of("AAA-1BBB,59,300").yearly
    assert counted.in_year(2027).local == datetime(2027, 3, 1, 2, tzinfo=UTC)
    assert counted.in_year(2028).local == datetime(2028, 2, 29, 2, tzinfo=UTC)


def test_a_summer_time_that_lasts_all_year_is_the_usual_time() -> None:
    rule = ClockRule.of("EST5EDT,0/0,J365/25")  # the example of RFC 8536, 3.3.1
    assert rule.yearly == ()
    assert rule.usual.name == "EDT"
    assert rule.usual.offset == timedelta(hours=-4)


@pytest.mark.parametrize(
    "text", ["", "CET", "CET-1CEST", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,x,y"]
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ClockRule.of(text)
