"""What a meeting did not finish: its thread and the next agenda say what became of it."""

import pytest

from slackbox import Message
from tests.office import Office
from tests.test_agenda import meets
from tests.thread import Thread

CARRIED = "Not finished, so carried to the next meeting: "
OPEN = "It is on the agenda of Jour fixe, Tue 1 Dec 2026, which is open"


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a closed meeting that came to one of three topics."""
    meets(office)
    for topic in ("Where we test", "Who pays", "Summer party"):
        office.says(f"/po-meet topic {topic}")
    office.passes(minutes=55)
    thread = Thread(office, "")
    office.says("/po-meet close")
    office.ticks()
    return thread


def card(thread: Thread) -> Message:
    """What asks in the thread what becomes of the rest."""
    office = thread.office
    office.delivered()
    seen = office.anna.reads(office.alpha, thread=thread.head)
    said = [m for m in seen if m.bot_id and m.ephemeral_for is None]
    return next(m for m in reversed(said) if "Summer party" in office.box.text_of(m))


def told(thread: Thread, word: str = "Summer party") -> str:
    """What the thread says of one topic."""
    thread.bot_says()
    lines = thread.office.box.text_of(card(thread)).splitlines()
    return next(line for line in reversed(lines) if word in line)


def clicks(thread: Thread, button: str, now: str) -> None:
    """Anna clicks *button* at the party, and the thread says *now*."""
    office = thread.office
    office.anna.clicks(button, card(thread), near="Summer party")
    office.box.wait_for(lambda: now in told(thread))


def whispers(thread: Thread, words: str) -> bool:
    return any(words in said for said in thread.whispers(thread.office.anna))


def published(office: Office) -> str:
    """The newest agenda in the channel."""
    return [text for text in office.sees() if "of 45 minutes" in text][-1]


def publishes(office: Office) -> None:
    office.waits_until(27, 9)
    office.waits_until(30, 9)


def test_a_drop_that_is_undone_is_asked_about_again(office: Office, thread: Thread) -> None:
    clicks(thread, "Drop", "Dropped: Summer party")
    assert "Undone" in office.says("/po undo")
    assert f"{CARRIED}Summer party" in told(thread)
    clicks(thread, "Drop", "Dropped: Summer party")


def test_an_action_that_is_undone_is_a_topic_again(office: Office, thread: Thread) -> None:
    office.anna.clicks("Action …", card(thread), near="Summer party")
    office.anna.fills({"Owner": office.ben})
    assert office.anna.submits() == {}
    assert "Anna made it an action: Summer party" in told(thread)
    assert "Undone" in office.says("/po undo")
    assert f"{CARRIED}Summer party" in told(thread)
    assert "Summer party" in office.says("/po-meet agenda")
    clicks(thread, "Drop", "Dropped: Summer party")


def test_the_published_agenda_follows_what_becomes_of_a_topic_and_its_undo(
    office: Office, thread: Thread
) -> None:
    publishes(office)
    assert "Summer party" in published(office)
    clicks(thread, "Drop", "Dropped: Summer party")
    assert "Summer party" not in published(office)
    assert "Undone" in office.says("/po undo")
    assert "Summer party" in published(office)
    office.anna.clicks("Action …", card(thread), near="Summer party")
    office.anna.fills({"Owner": office.ben})
    assert office.anna.submits() == {}
    assert "Summer party" not in published(office)
    assert "Undone" in office.says("/po undo")
    assert "Summer party" in published(office)


@pytest.mark.parametrize("button", ["Carry", "Drop"])
def test_what_an_open_meeting_goes_through_is_not_decided_elsewhere(
    office: Office, thread: Thread, button: str
) -> None:
    office.waits_until(1, 10, month=12)
    Thread(office, "")
    office.anna.clicks(button, card(thread), near="Summer party")
    office.box.wait_for(lambda: whispers(thread, OPEN))
    assert f"{CARRIED}Summer party" in told(thread)
    assert "Summer party" in office.says("/po-meet agenda on 1 dec")


def test_what_a_later_meeting_talked_about_is_not_carried(office: Office, thread: Thread) -> None:
    office.waits_until(1, 10, month=12)
    later = Thread(office, "")
    later.write("next")
    office.says("/po-meet close")
    office.anna.clicks("Carry", card(thread), near="Who pays")
    meanwhile = "It was settled in Jour fixe, Tue 1 Dec 2026 meanwhile."
    office.box.wait_for(lambda: whispers(thread, meanwhile))
    assert "Who pays" not in office.says("/po-meet agenda on 8 dec")
