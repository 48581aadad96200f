"""What a calendar is told is written as RFC 5545 and 5546 have it, to the byte."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events  # type: ignore[import-untyped]  # it has no types
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar.addresses import mailto
from bot.calendar.changes import Method
from bot.calendar.envelopes import address_in
from bot.calendar.event import Event, Instance
from bot.calendar.writing import AllDay, Attendee, Party, Published, Role, feed, told
from tests.calendar_jour_fixe import (
    BEN,
    CHANGED,
    ENDED,
    INVITED,
    OFFICE,
    ONCE,
    REMOVED,
    SECOND,
    STAMP,
    TUESDAYS,
    WEDNESDAY,
    dropped,
    moved,
    to_ben,
)

THIRD = date(2026, 12, 15)
MILESTONE = AllDay(
    "milestone-1@firm.example", date(2027, 1, 29), "Milestone: Go-live", "Alpha", 2, STAMP,
    "https://firm.slack.com/archives/C1/p1",
)  # fmt: skip


def lines(data: bytes) -> list[str]:
    """The content lines, unfolded."""
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def parts(data: bytes) -> list[list[str]]:
    """The content lines of each VEVENT."""
    text = "\n".join(lines(data))
    return [
        found.split("\n") for found in re.findall(r"BEGIN:VEVENT\n(.*?)\nEND:VEVENT", text, re.S)
    ]


def test_an_invitation_to_a_series_reads_so() -> None:
    (event,) = parts(to_ben(TUESDAYS.without(SECOND)))
    assert event == [
        "UID:series-1@firm.example",
        "DTSTAMP:20261124T090000Z",
        "LAST-MODIFIED:20261124T090000Z",
        "SEQUENCE:0",
        "RRULE:FREQ=WEEKLY;BYDAY=TU",
        "EXDATE;TZID=Europe/Berlin:20261208T100000",
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        "DTEND;TZID=Europe/Berlin:20261201T104500",
        "SUMMARY:Jour fixe",
        "LOCATION:Room 4",
        "DESCRIPTION:A meeting of Alpha\\, chaired by Anna.",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        'ORGANIZER;CN="Jourfixe":mailto:office@firm.example',
        'ATTENDEE;CN="Ben Ito";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;'
        "PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ben@firm.example",
    ]


def test_the_whole_holds_its_overrides_with_the_sequence_of_the_whole() -> None:
    data = to_ben(WEDNESDAY.having(Instance(THIRD, time(9), 30, ""), THIRD), CHANGED, sequence=7)
    master, second, third = parts(data)
    assert [found.count("SEQUENCE:7") for found in (master, second, third)] == [1, 1, 1]
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000" in second
    assert "DTSTART;TZID=Europe/Berlin:20261209T140000" in second
    assert "LOCATION:Room 5" in second
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261215T100000" in third
    assert not any(line.startswith("LOCATION") for line in third)
    assert not any(line.startswith("EXDATE") for line in master)


def test_a_moved_date_is_told_alone() -> None:
    (event,) = parts(to_ben(WEDNESDAY, moved(SECOND), sequence=1))
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000" in event
    assert "DTEND;TZID=Europe/Berlin:20261209T150000" in event
    assert not any(line.startswith(("RRULE", "EXDATE")) for line in event)


def test_a_date_that_is_as_usual_again_is_told_alone_too() -> None:
    (event,) = parts(to_ben(TUESDAYS, moved(SECOND), sequence=2))
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000" in event
    assert "DTSTART;TZID=Europe/Berlin:20261208T100000" in event


def test_a_dropped_date_is_cancelled_alone_by_the_day_the_rule_names() -> None:
    data = to_ben(WEDNESDAY.without(SECOND), dropped(SECOND), sequence=2)
    (event,) = parts(data)
    assert "METHOD:CANCEL" in lines(data)
    assert "STATUS:CANCELLED" in event
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261208T100000" in event


def test_an_ended_series_is_cancelled_as_a_whole() -> None:
    data = to_ben(WEDNESDAY, ENDED, sequence=3)
    (event,) = parts(data)
    assert "METHOD:CANCEL" in lines(data)
    assert "STATUS:CANCELLED" in event
    assert not any(line.startswith("RECURRENCE-ID") for line in event)


def test_who_is_no_longer_invited_reads_of_no_status_and_no_date() -> None:
    data = to_ben(WEDNESDAY, REMOVED, sequence=3)
    (event,) = parts(data)
    assert "METHOD:CANCEL" in lines(data)
    assert not any(line.startswith(("STATUS", "RECURRENCE-ID")) for line in event)
    (attendee,) = (line for line in event if line.startswith("ATTENDEE"))
    assert "PARTSTAT" not in attendee
    assert "RSVP" not in attendee


@pytest.mark.parametrize(
    ("role", "told_as"),
    [(Role.CHAIR, "ROLE=CHAIR;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"),
     (Role.OPTIONAL, "ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"),
     (Role.INFORMED, "ROLE=NON-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE")],
)  # fmt: skip
def test_everybody_reads_what_they_are_to_the_meeting(role: Role, told_as: str) -> None:
    data = told(TUESDAYS, INVITED, 0, STAMP, OFFICE, replace(BEN, role=role))
    assert any(told_as in line for line in lines(data))


def test_nobody_reads_who_else_is_invited() -> None:
    assert to_ben(TUESDAYS).count(b"ATTENDEE") == 1


def test_the_end_of_a_rule_is_the_moment_of_its_last_date_in_utc() -> None:
    (event,) = parts(to_ben(replace(TUESDAYS, last_day=date(2027, 6, 1))))
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270601T080000Z" in event


def test_a_rule_begins_with_its_first_date_that_takes_place() -> None:
    event = replace(
        TUESDAYS, first_day=date(2026, 11, 27), rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"
    )
    first, second, *_others = (day for day, _n in zip(event.days(), range(4), strict=False))
    (whole,) = parts(to_ben(event.without(first)))
    assert f"DTSTART;TZID=Europe/Berlin:{second:%Y%m%d}T100000" in whole
    assert not any(line.startswith("EXDATE") for line in whole)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TH", "FREQ=DAILY;INTERVAL=4",
     "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR",
     "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO"],
)  # fmt: skip
def test_a_later_beginning_counts_the_same_intervals(rule: str) -> None:
    event = replace(TUESDAYS, rule=rule)
    days = [day for day, _n in zip(event.days(), range(12), strict=False)]
    for count in range(1, 4):
        late = event
        for day in days[:count]:
            late = late.without(day)
        since, until = (datetime.combine(day, time(), UTC) for day in (days[0], days[-1]))
        found = recurring_ical_events.of(Calendar.from_ical(to_ben(late))).between(since, until)
        assert [one["DTSTART"].dt.date() for one in found] == days[count:-1]


def test_what_takes_place_once_has_no_rule() -> None:
    (event,) = parts(to_ben(ONCE))
    assert not any(line.startswith(("RRULE", "EXDATE")) for line in event)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
@example("ä" * 200, "😀" * 100)
@example("\\" * 200, "," * 200)
@example("\0\x07\x1b\x7f\x85\u2028\ud800", "\r\n\r\n")
def test_no_line_is_longer_than_75_octets_and_no_control_character_goes_out(
    title: str, note: str
) -> None:
    data = to_ben(replace(TUESDAYS, title=title, note=note, place=title))
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line.decode("utf-8"))
    assert len(parts(data)) == 1


def test_the_same_arguments_are_the_same_bytes_in_any_process() -> None:
    script = (
        "import sys; from tests.test_calendar_text import *;"
        "event = WEDNESDAY.without(THIRD).without(date(2026, 12, 29));"
        "out = sys.stdout.buffer;"
        "out.write(to_ben(event));"
        "out.write(feed('Ben', [Published(event, 1, STAMP)], [MILESTONE]))"
    )
    paths = ":".join(filter(None, sys.path))
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": paths, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]  # fmt: skip
    assert runs[0] == runs[1]
    event = WEDNESDAY.without(THIRD).without(date(2026, 12, 29))
    assert runs[0].startswith(to_ben(event))


def test_whatever_is_told_holds_no_list_of_dates_and_no_range() -> None:
    for change in (INVITED, CHANGED, ENDED, REMOVED, moved(SECOND), dropped(THIRD)):
        data = to_ben(WEDNESDAY.without(THIRD), change)
        assert b"RDATE" not in data
        assert b"THISANDFUTURE" not in data
        assert data.count(b"BEGIN:VTIMEZONE") == 1
        assert (b"METHOD:REQUEST" in data) == (change.method is Method.REQUEST)


def test_a_feed_names_nobody_and_says_how_often_to_look() -> None:
    data = feed("Jour fixe of Ben, Ito", [Published(WEDNESDAY, 4, STAMP)], [MILESTONE])
    head = lines(data)[:10]
    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jourfixe//Jourfixe//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Jour fixe of Ben\\, Ito",
        "X-WR-CALNAME:Jour fixe of Ben\\, Ito",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VTIMEZONE",
    ]
    assert b"ATTENDEE" not in data
    assert b"mailto:" not in data
    assert [found[0] for found in parts(data)] == [
        "UID:series-1@firm.example", "UID:series-1@firm.example", "UID:milestone-1@firm.example",
    ]  # fmt: skip


def test_a_feed_shows_a_milestone_all_day_without_taking_the_time() -> None:
    *_meetings, milestone = parts(feed("Ben", [], [MILESTONE]))
    assert milestone == [
        "UID:milestone-1@firm.example",
        "DTSTAMP:20261124T090000Z",
        "LAST-MODIFIED:20261124T090000Z",
        "SEQUENCE:2",
        "DTSTART;VALUE=DATE:20270129",
        "DTEND;VALUE=DATE:20270130",
        "SUMMARY:Milestone: Go-live",
        "DESCRIPTION:Alpha",
        "URL:https://firm.slack.com/archives/C1/p1",
        "TRANSP:TRANSPARENT",
    ]


def test_a_feed_holds_each_zone_once_from_its_first_meeting_on() -> None:
    there = replace(TUESDAYS, uid="there", zone="America/New_York", first_day=date(2027, 1, 5))
    events = [Published(event, 0, STAMP) for event in (TUESDAYS, there, ONCE, WEDNESDAY)]
    data = feed("Ben", events, [])
    assert [line for line in lines(data) if line.startswith("TZID:")] == [
        "TZID:America/New_York", "TZID:Europe/Berlin",
    ]  # fmt: skip


def test_a_feed_is_read_as_one_calendar() -> None:
    there = replace(TUESDAYS, uid="there", zone="America/New_York")
    events = [Published(WEDNESDAY, 0, STAMP), Published(there, 0, STAMP)]
    calendar = Calendar.from_ical(feed("Ben", events, [MILESTONE]))
    since, until = datetime(2027, 1, 25, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
    found = recurring_ical_events.of(calendar).between(since, until)
    starts = sorted(str(one["DTSTART"].dt) for one in found)
    assert starts == ["2027-01-26 10:00:00+01:00", "2027-01-26 10:00:00-05:00", "2027-01-29"]


def test_a_feed_of_nothing_is_a_calendar_still() -> None:
    assert Calendar.from_ical(feed("", [], [])).events == []


def test_a_link_that_is_typed_cannot_begin_another_line() -> None:
    evil = replace(MILESTONE, url="https://x.example/\r\nATTENDEE:mailto:eve@evil.example")
    (day,) = parts(feed("Ben", [], [evil]))
    assert not any(line.startswith("ATTENDEE") for line in day)


@pytest.mark.parametrize(
    "address",
    ["o'brien+x=y@firm.example", "user%40relay@firm.example", "a?subject=x&y#z@firm.example",
     "{x}|y~`!$*/^_-@x.example"],
)  # fmt: skip
def test_a_strange_address_is_the_same_when_it_comes_back_in_an_answer(address: str) -> None:
    assert address_in(mailto(address)) == address
    (event,) = Calendar.from_ical(
        told(TUESDAYS, INVITED, 0, STAMP, OFFICE, Attendee(Party("", address), Role.REQUIRED))
    ).events
    assert address_in(str(event["ATTENDEE"])) == address


def test_who_cannot_be_mailed_stops_nobody_else() -> None:
    nobody = Attendee(Party("Eve", "eve@evil.example\r\nATTENDEE:x"), Role.REQUIRED)
    with pytest.raises(ValueError, match="no mail can be sent"):
        told(TUESDAYS, INVITED, 0, STAMP, OFFICE, nobody)


def test_a_meeting_of_the_past_week_has_the_hours_of_its_zone() -> None:
    """A moved date may lie before the first date of its rule."""
    early = TUESDAYS.having(Instance(date(2026, 10, 20), time(10), 45, "Room 4"), date(2026, 12, 1))
    assert length_of(early) == timedelta(minutes=45)


def length_of(event: Event) -> timedelta:
    *_master, single = Calendar.from_ical(to_ben(event)).events
    return single.end - single.start
