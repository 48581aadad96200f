"""A meeting that goes on elsewhere keeps what was written where it began, and hears on there."""

import time
from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from slackbox import Channel
from tests.office import Office
from tests.thread import QUESTION, TICK, Thread, captures, marks_at, read_again, records

KEPT = [("A1", "book room", "Ben"), ("D1", "we use site B", None)]


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a meeting with two records, whose card says that Ben was there."""
    found = Thread(office)
    found.write("D: we use site B")
    found.write("A: @ben book room by fri", office.ben)
    office.bot.attendant.attend()
    office.delivered()
    return found


def bound(office: Office) -> Channel:
    """Another channel, to which the project has moved."""
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    office.says("/po project bind ALPHA", where=beta)
    return beta


def moved(office: Office, thread: Thread) -> Channel:
    return bound(office)


def archived(office: Office, thread: Thread) -> Channel:
    office.anna.archives(office.alpha)
    return bound(office)


def posted_anew(office: Office, thread: Thread) -> Channel:
    """Somebody deletes the card, and something changes it."""
    client = WebClient(office.app.bot_token, base_url=office.box.api_url)
    client.chat_delete(channel=office.alpha.id, ts=thread.head.ts)
    office.says("/po-meet present @carla")
    return office.alpha


def cards(office: Office, channel: Channel) -> list[str]:
    return [text for text in office.sees(office.anna, channel) if "Minutes of" in text]


def goes_on(office: Office, channel: Channel) -> None:
    """Let the card come to stand in *channel*, and the bot read all threads that may count."""
    office.bot.attendant.attend()
    office.delivered()
    office.box.wait_for(lambda: cards(office, channel))
    time.sleep(0.3)  # what is younger may be missing in a history that lags
    read_again(office)


@pytest.mark.parametrize("leaves", [moved, archived, posted_anew])
def test_no_record_is_lost_when_the_card_comes_to_stand_elsewhere(
    office: Office, thread: Thread, leaves: Callable[[Office, Thread], Channel]
) -> None:
    channel = leaves(office, thread)
    goes_on(office, channel)
    read_again(office)
    assert [row[:3] for row in records(office)] == KEPT
    assert "we use site B" in office.says("/po-meet close", where=channel) + office.says(
        "/po-meet minutes", where=channel
    )


def test_what_is_written_on_in_the_thread_that_was_is_taken_down(
    office: Office, thread: Thread
) -> None:
    goes_on(office, moved(office, thread))
    line, unclear = thread.write("D: and site C"), thread.write("A: paint the wall")
    office.box.wait_for(lambda: marks_at(line) == {TICK} and marks_at(unclear) == {QUESTION})
    assert captures(office, "decision") == ["we use site B", "and site C"]


def test_who_writes_on_in_the_thread_that_was_reads_once_where_it_goes_on(
    office: Office, thread: Thread
) -> None:
    goes_on(office, moved(office, thread))
    said = "This meeting goes on in the thread of its card in the channel of Alpha."
    for words in ("N: one", "N: two"):
        thread.write(words)
    office.box.wait_for(lambda: any(said in text for text in thread.whispers(office.anna)))
    assert sum(said in text for text in thread.whispers(office.anna)) == 1
    assert not any(said in text for text in thread.whispers(office.ben))


def test_the_card_that_was_left_says_that_the_project_has_moved(
    office: Office, thread: Thread
) -> None:
    beta = moved(office, thread)
    goes_on(office, beta)
    read_again(office)
    said = "Alpha has moved to another channel: its minutes go on there."
    office.box.wait_for(lambda: any(said in text for text in cards(office, office.alpha)))
    assert not any("Next" in text for text in cards(office, office.alpha))
    assert not any(said in text for text in cards(office, beta))


def test_a_line_deleted_in_the_thread_that_was_is_taken_back(
    office: Office, thread: Thread
) -> None:
    line = thread.write("D: and site C")
    goes_on(office, moved(office, thread))
    office.app.request_url = None  # nobody hears what happens now
    office.anna.deletes(line)
    read_again(office)
    assert captures(office, "decision") == ["we use site B"]


@pytest.mark.both_databases
def test_lines_of_both_threads_are_in_the_minutes(office: Office, thread: Thread) -> None:
    beta = moved(office, thread)
    goes_on(office, beta)
    thread.write("N: from the old place")
    head = next(m for m in office.anna.reads(beta) if "Minutes of" in office.box.text_of(m))
    office.ben.says("N: from the new place", beta, thread=head)
    office.says("/po-meet close", where=beta)
    shown = office.says("/po-meet minutes", where=beta)
    assert "from the old place" in shown
    assert "from the new place" in shown
