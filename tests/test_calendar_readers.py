"""Every calendar program shows each meeting when it takes place, whatever the clocks do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
import vobject  # type: ignore[import-untyped]  # it has no types
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar.event import Event, Instance
from bot.calendar.lines import one_line
from bot.calendar.writing import Attendee, Party, Role, told
from tests.caldav import CalDav, caldav_server
from tests.calendar_jour_fixe import INVITED, OFFICE, SECOND, STAMP, TUESDAYS, WEDNESDAY, to_ben
from tests.calendar_readers import (
    READERS,
    Reader,
    Seen,
    by_khal,
    by_recurring_ical_events,
    by_vobject,
)

SINCE, UNTIL = datetime(2026, 11, 30, tzinfo=UTC), datetime(2027, 12, 20, tzinfo=UTC)
SOON = datetime(2026, 12, 20, tzinfo=UTC)
RULES = (
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=MONTHLY;BYMONTHDAY=1",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYDAY=2WE",
    "FREQ=MONTHLY;BYDAY=-1FR",
)
HOURS = {  # on both sides of UTC's midnight
    "Europe/Berlin": time(10),
    "America/New_York": time(23, 30),
    "Asia/Kolkata": time(5),
    "Africa/Casablanca": time(0, 15),
}

every_reader = pytest.mark.parametrize("reader", READERS)
every_zone = pytest.mark.parametrize("zone", HOURS)


def planned(event: Event, until: datetime = UNTIL) -> list[Seen]:
    """What anybody is to see of *event*."""
    found = []
    for one in event.occurrences():
        if one.day > until.date() + timedelta(days=40):
            break
        if SINCE <= one.starts_at < until:
            found.append(Seen(one.starts_at, one.minutes, event.title, one.place))
    return sorted(found)


def _uid(*names: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for name in names for sign in f"{name} ")


def eventful(rule: str, zone: str) -> Event:
    """A series of which dates were dropped and moved, the first of them, too."""
    event = replace(TUESDAYS, uid=_uid(rule, zone), rule=rule, zone=zone, at=HOURS[zone])
    days = [*islice(event.days(), 6)]
    later = Instance(days[3] + timedelta(days=1), time(14), 60, "Room 5")
    earlier = Instance(days[4] - timedelta(days=2), time(9, 5), 20, "")
    event = event.without(days[0]).without(days[2])
    return event.having(later, days[3]).having(earlier, days[4])


def by_our_rules(data: bytes, zone: str) -> bytes:
    """The same with a zone no program knows by its name: it has to go by what we say of it.

    Else each goes by its own data, and of some zones (Casablanca) not all have heard the same.
    """
    return data.replace(zone.encode(), f"Firm/{zone}".encode())


@every_zone
@every_reader
def test_every_rhythm_is_shown_right_through_both_changes_of_clocks(
    reader: Reader, zone: str
) -> None:
    for rule in RULES:
        event = eventful(rule, zone)
        seen = reader(by_our_rules(to_ben(event), zone), SINCE, UNTIL)
        assert seen == planned(event), rule


@every_zone
@every_reader
def test_the_last_date_is_shown_and_none_after_it(reader: Reader, zone: str) -> None:
    for rule in RULES[::2]:
        event = eventful(rule, zone)
        last = [*islice(event.days(), 9)][-1]
        for day in (last, last - timedelta(days=1)):
            ended = replace(event, last_day=day)
            seen = reader(by_our_rules(to_ben(ended), zone), SINCE, UNTIL)
            assert seen == planned(ended), rule


@every_reader
def test_a_program_that_knows_the_zone_shows_the_same(reader: Reader) -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Kolkata"):
        event = eventful(RULES[0], zone)
        assert reader(to_ben(event), SINCE, UNTIL) == planned(event), zone


@every_reader
def test_what_takes_place_once_is_shown_once(reader: Reader) -> None:
    for zone, at in HOURS.items():
        once = replace(TUESDAYS, uid=_uid("once", zone), rule=None, zone=zone, at=at)
        assert reader(by_our_rules(to_ben(once), zone), SINCE, UNTIL) == planned(once)
        assert len(planned(once)) == 1


@every_reader
def test_a_date_moved_to_the_day_of_another_hides_neither(reader: Reader) -> None:
    event = TUESDAYS.having(Instance(SECOND + timedelta(7), time(15), 45, "Room 4"), SECOND)
    assert reader(to_ben(event), SINCE, UNTIL) == planned(event)


HOSTILE = st.one_of(
    st.text(max_size=120),
    st.text(st.sampled_from(' "\\,;:=^\nnN\r\tTä→😀é\u200d\0\x85\u2028BEGIN:V'), max_size=120),
)


@pytest.mark.parametrize("reader", [by_recurring_ical_events, by_vobject, by_khal])
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(HOSTILE, HOSTILE, HOSTILE)
@example("Jour\r\nEND:VEVENT", "x\nATTENDEE:mailto:eve@evil.example", "\\n\\,\\;")
@example("C:\\new", "C:\\New", "a\\\\n")
def test_hostile_titles_and_places_come_back_as_they_were_typed(
    reader: Reader, title: str, place: str, note: str
) -> None:
    event = replace(WEDNESDAY, title=title, place=place, note=note)
    wanted = [
        Seen(one.starts_at, one.minutes, one_line(title), one_line(one.place))
        for one in planned(event, SOON)
    ]
    assert reader(to_ben(event), SINCE, SOON) == wanted


@settings(max_examples=60, deadline=None)
@given(HOSTILE)
@example('Ben";PARTSTAT=ACCEPTED:mailto:eve@evil.example')
@example("Ben\r\nATTENDEE:mailto:eve@evil.example")
@example("^n^'^^")
@example(", ; : \\")
def test_hostile_names_name_one_attendee_and_nothing_else(name: str) -> None:
    named = Attendee(Party(name, "ben@firm.example"), Role.OPTIONAL)
    data = told(TUESDAYS, INVITED, 0, STAMP, OFFICE, named)
    shown = one_line(name).replace('"', "'").replace("^", "ˆ").replace("\\", "/")
    (event,) = Calendar.from_ical(data).events
    assert event["ATTENDEE"] == "mailto:ben@firm.example"
    assert event["ATTENDEE"].params == {
        "CN": shown or "ben@firm.example",
        "CUTYPE": "INDIVIDUAL", "ROLE": "OPT-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }  # fmt: skip
    (calendar,) = vobject.readComponents(data.decode())
    (attendee,) = calendar.vevent.attendee_list
    assert attendee.value == "mailto:ben@firm.example"
    assert attendee.params["CN"] == [shown or "ben@firm.example"]
    assert attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]


@pytest.fixture(scope="module")
def dav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalDav]:
    with caldav_server(tmp_path_factory.mktemp("radicale")) as server:
        server.make()
        yield server


@every_zone
def test_a_calendar_server_keeps_the_whole_and_expands_every_date(dav: CalDav, zone: str) -> None:
    events = [eventful(rule, zone) for rule in RULES]
    until = datetime(2027, 7, 1, tzinfo=UTC)
    for event in events:
        data = by_our_rules(to_ben(event), zone)
        dav.put(event.uid, data)
        kept = dav.get(event.uid)
        assert by_recurring_ical_events(kept, SINCE, until) == planned(event, until)
    mine = {event.uid for event in events}
    shown = [
        seen
        for data in dav.expanded(SINCE, until)
        if str(Calendar.from_ical(data).events[0]["UID"]) in mine
        for seen in by_recurring_ical_events(data, SINCE, until)
    ]
    assert sorted(shown) == sorted(seen for event in events for seen in planned(event, until))


def test_a_calendar_server_takes_the_whole_again_after_it_changed(dav: CalDav) -> None:
    until = datetime(2027, 7, 1, tzinfo=UTC)
    dav.put("again", to_ben(TUESDAYS))
    changed = replace(WEDNESDAY, title="Steering", last_day=date(2027, 5, 1)).without(
        date(2027, 1, 5)
    )
    dav.put("again", to_ben(changed, sequence=1))
    assert by_vobject(dav.get("again"), SINCE, until) == planned(changed, until)
