"""Lines that come late, twice or many at once: the minutes are as if the bot had been there."""

import random
import time

import pytest

from bot.app import Bot
from bot.meetings import MeetingState
from tests.office import Office, open_office
from tests.postman import carrying
from tests.test_inbound import sqlite_locked
from tests.thread import (
    FRIDAY,
    QUESTION,
    TICK,
    Thread,
    faces,
    items,
    marks_at,
    read_again,
    records,
    state,
)


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a meeting Anna has just started."""
    return Thread(office)


# --- While the bot was away -------------------------------------------------------------------


def test_what_was_missed_is_read_again(office: Office, thread: Thread) -> None:
    kept = thread.write("A: @ben book room by fri")
    gone = thread.write("D: we use site B")
    office.app.request_url = None  # nobody hears what happens now
    thread.write("R: customs delay p3 i4", office.ben)
    thread.write("#topic Risks", office.carla)
    office.anna.edits(kept, "A: @carla book room by fri")
    office.anna.deletes(gone)
    time.sleep(0.3)  # what is younger may be missing in a history that lags
    read_again(office)
    assert [row[:3] for row in records(office)] == [
        ("A1", "book room", "Carla"),
        ("R1", "customs delay", None),
    ]
    assert items(office) == [("Risks", "now")]
    assert faces(office) == ["Anna", "Ben", "Carla"]


def test_what_was_missed_is_read_when_the_bot_starts(office: Office, thread: Thread) -> None:
    office.bot.stop()
    office.app.request_url = None
    line = thread.write("A: @ben book room by fri")
    office.bot = Bot(office.settings, lambda: office.now)
    office.start()
    office.box.wait_for(lambda: TICK in marks_at(line))
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


def test_what_was_missed_is_read_after_a_reconnect(sqlite_url: str) -> None:
    with open_office(sqlite_url, is_socket=True) as office:
        thread = Thread(office)
        office.box.retry_delays = ()
        office.box.drop_sockets()
        lines = [thread.write(f"A: @ben thing {n} by fri") for n in range(5)]
        office.box.wait_for(lambda: all(TICK in marks_at(line) for line in lines))
        assert sorted(row[1] for row in records(office)) == [f"thing {n}" for n in range(5)]


def test_a_line_the_database_could_not_take_is_read_again(office: Office, thread: Thread) -> None:
    with sqlite_locked(office.settings.database_url):
        line = thread.write("A: @ben book room by fri")
    office.box.wait_for(lambda: TICK in marks_at(line))
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


@pytest.mark.parametrize("closing", ["typed", "written"])
def test_a_line_that_was_not_stored_is_read_before_the_meeting_closes(
    office: Office, thread: Thread, closing: str
) -> None:
    with sqlite_locked(office.settings.database_url):
        line = thread.write("A: @ben book room by fri")
    if closing == "typed":
        assert "Meeting closed" in office.says("/po-meet close")
    else:
        thread.write("#endmeeting")
    assert state(office) is MeetingState.CLOSED
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]
    assert "A1 · book room" in thread.bot_says()[-1]
    assert thread.mark(line) == {TICK}


def test_an_end_that_was_not_heard_is_the_end(office: Office, thread: Thread) -> None:
    office.app.request_url, url = None, office.app.request_url
    thread.write("N: all well")
    thread.write("#endmeeting")
    office.app.request_url = url
    assert "No meeting of Alpha is open." in office.says("/po-meet close")
    assert "all well (Anna)" in thread.bot_says()[-1]


def test_a_meeting_closes_where_slack_does_not_tell_its_thread(
    office: Office, thread: Thread
) -> None:
    thread.write("N: all well")
    office.box.faults.add("conversations.replies", "error:internal_error", times=9)
    assert "Meeting closed" in office.says("/po-meet close")


# --- Slack as it is ---------------------------------------------------------------------------


def test_marks_come_later_where_slack_asks_to_wait(office: Office, thread: Thread) -> None:
    office.box.faults.add("reactions.add", "ratelimited", times=2, seconds=1)
    line = thread.write("A: @ben book room by fri")
    office.box.wait_for(lambda: TICK in marks_at(line))


@pytest.mark.parametrize(
    "kind", ["error:internal_error", "error:token_revoked", "error_before", "drop_before"]
)
def test_a_mark_that_failed_is_put_when_slack_takes_it_again(
    office: Office, thread: Thread, kind: str
) -> None:
    office.box.faults.add("reactions.add", kind, times=2)
    line = thread.write("A: @ben book room by fri")

    def stands() -> bool:
        office.bot.attendant.react()
        return TICK in marks_at(line)

    office.box.wait_for(stands)


def test_a_mark_slack_refuses_is_not_asked_for_again(office: Office, thread: Thread) -> None:
    office.box.faults.add("reactions.add", "error:not_reactable")
    refused = thread.write("A: @ben book room by fri")
    office.bot.attendant.react()
    line = thread.write("D: we use site B")
    office.box.wait_for(lambda: TICK in marks_at(line))
    assert thread.mark(refused) == set()


def test_a_mark_stands_once_however_often_it_is_put(office: Office, thread: Thread) -> None:
    line = thread.write("A: book room")
    office.anna.edits(line, "A: @ben book room by fri")
    office.anna.edits(line, "A: book room")
    assert thread.mark(line) == {QUESTION}
    office.anna.deletes(line)
    office.bot.attendant.react()


def test_without_the_scope_for_histories_no_minutes_are_begun(office: Office) -> None:
    scopes = frozenset({"commands", "chat:write"})
    office.bot.office._scopes = scopes
    assert "channels:history" in office.says("/po-meet start Ad hoc")
    assert state(office) is None


@pytest.mark.both_databases
def test_many_at_once_lose_nothing_and_double_nothing(office: Office) -> None:
    thread = Thread(office)
    people = [office.box.user(f"p{n}", real_name=f"Person {n}") for n in range(20)]
    for person in people:
        office.anna.invites(office.alpha, person)
    with carrying(office) as postman:
        for number in range(100):
            person = people[number % len(people)]
            person.says(
                f"A: @ben thing {number} by fri", office.alpha, thread=thread.head, wait=False
            )
        office.box.settle(timeout=60)
        letters = [made for made in postman.rounds if b"thing" in made.letter.body]
        for made in random.Random(4).sample(letters, 30):
            postman.again(made)
    assert sorted(row[1] for row in records(office)) == sorted(f"thing {n}" for n in range(100))
    numbers = sorted(int(row[0][1:]) for row in records(office))
    assert numbers == list(range(1, 101))
    assert len(faces(office)) == 21
