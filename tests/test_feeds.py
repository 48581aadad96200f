"""Feeds: a calendar to subscribe to shows what its person may see, and the same bytes twice."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse

import pytest
from icalendar import Calendar
from sqlalchemy import select

from bot.calendar.books import CalendarEvent
from bot.calendar.feeds import CalendarFeed
from bot.inbound import Inbound
from slackbox import Person
from tests.jour_fixe import arranged
from tests.office import Office, open_office
from tests.thread import Thread

PUBLIC = "https://pm.firm.example"


@pytest.fixture
def open_door(database_url: str) -> Iterator[Office]:
    """Anna's jour fixe, in an office whose web door calendars can reach."""
    with open_office(database_url, PUBLIC_URL=PUBLIC) as office:
        arranged(office)
        office.says('/po ms add "Pilot live" 18 dec owner @anna')
        office.says("/po-action add @ben book the room by 10 dec")
        published(office)
        yield office


def published(office: Office) -> None:
    """Let five minutes go by, so that what was changed is published."""
    office.passes(minutes=6)
    office.ticks()


def subscribed(office: Office, words: str = "", who: Person | None = None) -> str:
    """The path of a new feed of Anna's."""
    found = re.search(f"{PUBLIC}(/cal/[\\w-]{{43}}\\.ics)", office.says(f"/po-meet {words}", who))
    assert found is not None
    return found[1]


def fetched(office: Office, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """What a calendar program gets."""
    assert office.bot.web is not None
    connection = HTTPConnection("127.0.0.1", office.bot.web.port, timeout=20)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def titles(body: bytes) -> list[str]:
    """What stands in a feed, in its order."""
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(body).walk("VEVENT")]


def test_a_feed_shows_meetings_and_milestones_and_nobody_invited(open_door: Office) -> None:
    response, body = fetched(open_door, subscribed(open_door, "feed"))
    assert response.getheader("Content-Type") == "text/calendar; charset=utf-8"
    assert response.getheader("Cache-Control") == "private, max-age=900"
    assert titles(body) == ["Jour fixe", "M1: Pilot live"]
    assert b"METHOD:PUBLISH" in body
    assert b"ATTENDEE" not in body
    assert b"DTSTART;VALUE=DATE:20261218" in body


def test_due_actions_are_shown_to_who_wants_them(open_door: Office) -> None:
    path = subscribed(open_door, "feed actions=yes milestones=no", open_door.ben)
    assert titles(fetched(open_door, path)[1]) == ["Jour fixe", "A1: book the room"]
    told = open_door.says("/po-meet feed actions=no", open_door.ben)
    assert "It shows meetings." in told
    assert "/cal/" not in told
    assert titles(fetched(open_door, path)[1]) == ["Jour fixe"]


def test_the_same_state_is_the_same_bytes_and_is_not_sent_twice(open_door: Office) -> None:
    path = subscribed(open_door, "feed")
    first, body = fetched(open_door, path)
    tag, changed = first.getheader("ETag"), first.getheader("Last-Modified")
    open_door.passes(hours=5)
    assert fetched(open_door, path)[1] == body
    assert tag is not None
    assert changed is not None
    assert fetched(open_door, path, If_None_Match=tag)[0].status == 304
    assert fetched(open_door, path, If_Modified_Since=changed)[0].status == 304
    open_door.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    published(open_door)
    again, moved = fetched(open_door, path, If_None_Match=tag)
    assert again.status == 200
    assert moved != body
    assert again.getheader("Last-Modified") != changed
    assert b"RECURRENCE-ID;TZID=Europe/Berlin:20261201T100000" in moved


@pytest.mark.parametrize(
    "line",
    ["/po ms done M1", "/po ms drop M1", "/po-meet feed milestones=no", "/po-meet end sure=yes"],
)
def test_who_asks_by_time_alone_learns_that_something_is_gone(open_door: Office, line: str) -> None:
    path = subscribed(open_door, "feed")
    first, body = fetched(open_door, path)
    changed = first.getheader("Last-Modified")
    assert changed is not None
    open_door.says(line)
    published(open_door)
    again, less = fetched(open_door, path, If_Modified_Since=changed)
    assert again.status == 200
    assert len(titles(less)) < len(titles(body))


def test_what_changes_within_a_second_is_newer_too(open_door: Office) -> None:
    path = subscribed(open_door, "feed")
    changed = fetched(open_door, path)[0].getheader("Last-Modified")
    assert changed is not None
    open_door.says("/po-meet feed milestones=no")
    assert fetched(open_door, path, If_Modified_Since=changed)[0].status == 200


def test_who_is_uninvited_from_the_newest_learns_it_by_time_alone(open_door: Office) -> None:
    open_door.says('/po-meet new "Second" every wed 10:00-10:45 with @ben from 2 dec')
    open_door.says("/po-meet invite of 2")
    published(open_door)
    path = subscribed(open_door, "feed milestones=no", open_door.ben)
    changed = fetched(open_door, path)[0].getheader("Last-Modified")
    assert changed is not None
    open_door.says("/po-meet uninvite @ben of 2")
    published(open_door)
    again, less = fetched(open_door, path, If_Modified_Since=changed)
    assert (again.status, titles(less)) == (200, ["Jour fixe"])


def test_what_breaks_leaves_no_address_in_the_log(
    open_door: Office, caplog: pytest.LogCaptureFixture
) -> None:
    path = subscribed(open_door, "feed")
    with open_door.bot.sessions.begin() as session:
        for event in session.scalars(select(CalendarEvent)):
            event.state = {"uid": "of another version"}
    assert fetched(open_door, path)[0].status == 500
    assert "a calendar is not shown: KeyError" in caplog.text
    assert path.removesuffix(".ics") not in caplog.text


@pytest.mark.both_databases
@pytest.mark.parametrize("whose", ["", " project"])
def test_several_asked_for_at_once_are_one(database_url: str, whose: str) -> None:
    with open_office(database_url, PUBLIC_URL=PUBLIC) as office:
        arranged(office)
        with ThreadPoolExecutor(4) as crew:
            told = list(crew.map(office.says, [f"/po-meet feed{whose}"] * 4))
        addresses = [found for text in told for found in re.findall(f"{PUBLIC}(/cal/.*?ics)", text)]
        assert len(addresses) == 1
        assert fetched(office, addresses[0])[0].status == 200
        office.says(f"/po-meet nofeed{whose}")
        assert fetched(office, addresses[0])[0].status == 404
        assert not office.stored(lambda session: session.scalars(select(CalendarFeed)).all())


def test_of_an_address_only_a_hash_is_kept(open_door: Office) -> None:
    secret = subscribed(open_door, "feed")[len("/cal/") : -len(".ics")]

    def kept(session: object) -> str:
        rows = [
            *session.query(CalendarFeed).all(),  # type: ignore[attr-defined] # any Session
            *session.query(Inbound).all(),  # type: ignore[attr-defined] # any Session
        ]
        return "".join(str(vars(row)) for row in rows)

    assert secret not in open_door.stored(kept)


def test_a_new_address_closes_the_old_one_and_it_can_be_taken_back(open_door: Office) -> None:
    old = subscribed(open_door, "feed")
    assert "shown only once" in open_door.says("/po-meet feed")
    new = subscribed(open_door, "newfeed")
    assert fetched(open_door, old)[0].status == 404
    assert fetched(open_door, new)[0].status == 200
    open_door.says("/po-meet nofeed")
    assert fetched(open_door, new)[0].status == 404
    assert fetched(open_door, "/cal/guessed.ics")[0].status == 404


def test_who_is_uninvited_or_may_not_read_sees_it_no_more(open_door: Office) -> None:
    path = subscribed(open_door, "feed", open_door.ben)
    assert titles(fetched(open_door, path)[1]) == ["Jour fixe", "M1: Pilot live"]
    open_door.says("/po project set visibility=restricted")
    assert titles(fetched(open_door, path)[1]) == ["Jour fixe"]
    open_door.says("/po-meet uninvite @ben")
    assert titles(fetched(open_door, path)[1]) == []


def test_a_project_has_a_feed_for_who_may_read_it(open_door: Office) -> None:
    path = subscribed(open_door, "feed project actions=yes", open_door.carla)
    shown = titles(fetched(open_door, path)[1])
    assert shown == ["Jour fixe", "M1: Pilot live", "A1: book the room"]
    open_door.says("/po project set visibility=restricted")
    assert fetched(open_door, path)[0].status == 404
    assert "has no feed" in open_door.says("/po-meet newfeed project")


def test_nothing_confidential_is_in_a_feed(open_door: Office) -> None:
    open_door.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @ben')
    open_door.says("/po-meet invite of Board")
    open_door.says("/po-meet topic Salaries 5m confidential=yes of Board")
    thread = Thread(open_door, "Board")
    thread.write("#topic Salaries")
    thread.write("A: @ben cut them by fri")
    open_door.says("/po-meet close of Board")
    for who, line in ((open_door.anna, "feed project"), (open_door.ben, "feed")):
        path = subscribed(open_door, f"{line} actions=yes", who)
        shown = titles(fetched(open_door, path)[1])
        assert "A1: book the room" in shown
        assert not any("cut them" in title for title in shown)


def test_who_has_left_has_no_feed(open_door: Office) -> None:
    path = subscribed(open_door, "feed", open_door.ben)
    open_door.box.change(open_door.ben, deleted=True)
    open_door.box.wait_for(lambda: fetched(open_door, path)[0].status == 404)


def test_without_a_public_address_there_are_no_feeds(office: Office) -> None:
    assert "PUBLIC_URL" in office.says("/po-meet feed")
