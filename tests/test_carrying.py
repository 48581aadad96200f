"""Carrying on: what a meeting does not finish comes to one there is."""

import pytest

from tests.office import Office
from tests.test_agenda import below, meets
from tests.thread import Thread

ONCE = '"Kick-off" today 10:00-11:00 with @ben @carla'
NOWHERE = "Not finished, and there is no further meeting of Kick-off: Choose a colour"


@pytest.fixture
def once(office: Office) -> Office:
    """A meeting that takes place once, closed in the first of its two topics."""
    meets(office, ONCE)
    office.says("/po-meet topic Talk about money")
    office.says("/po-meet topic Choose a colour 15m @carla", office.ben)
    return office


def closes(office: Office) -> Thread:
    office.passes(minutes=55)
    thread = Thread(office, "")
    thread.write("N: we begin")
    office.says("/po-meet close")
    return thread


def jour_fixe(office: Office) -> None:
    meets(office, '"Jour fixe" every tue 14:00-14:45 with @ben from 1 dec')


def test_without_a_further_meeting_nothing_is_said_to_be_carried(once: Office) -> None:
    thread = closes(once)
    left = once.says("/po-meet unfinished")
    for told in (left, thread.bot_says()[-1], "\n".join(thread.bot_says())):
        assert "carried" not in told
    assert NOWHERE in left
    assert "[Drop] [Action …]" in left
    assert "There is no further meeting of Kick-off." in once.says("/po-meet carry")


def test_what_is_left_is_carried_to_another_meeting_by_a_click(once: Office) -> None:
    jour_fixe(once)
    thread = closes(once)
    answer = once.types("/po-meet unfinished")
    assert NOWHERE in answer.text
    once.anna.clicks("Carry to Jour fixe", answer)
    once.box.wait_for(lambda: "carried to Jour fixe, Tue 1 Dec 2026" in answer.text)
    told = "Not finished, so carried to Jour fixe, Tue 1 Dec 2026: Choose a colour"
    assert any(told in said for said in thread.bot_says())
    lines = once.says("/po-meet agenda on 1 dec").splitlines()
    assert "carried once" in below(lines, "1 · Choose a colour · 15 min · Carla")


def test_which_meeting_takes_it_can_be_typed_and_is_asked_for(once: Office) -> None:
    jour_fixe(once)
    closes(once)
    once.says("/po-meet publish on 1 dec")
    asked = once.says("/po-meet carry")
    assert "There is no further meeting of Kick-off. Which meeting?" in asked
    assert "[2 · Jour fixe]" in asked
    assert "carried to Jour fixe, Tue 1 Dec 2026" in once.says("/po-meet carry to Jour fixe")
    assert "Choose a colour" in once.sees()[-1]
    once.says("/po-meet drop")
    assert "Choose a colour" not in once.sees()[-1]


def test_a_meeting_arranged_later_takes_it_too(once: Office) -> None:
    closes(once)
    meets(once, '"Kick-off 2" thu 10:00-11:00 with @ben')
    answer = once.types("/po-meet unfinished")
    once.anna.clicks("Carry to Kick-off 2", answer)
    once.box.wait_for(lambda: "carried to Kick-off 2, Thu 26 Nov 2026" in answer.text)
    assert "Choose a colour" in once.says("/po-meet agenda")


def test_the_last_date_of_a_series_that_ends_carries_nothing_either(office: Office) -> None:
    meets(office, '"Jour fixe" every tue 10:00-10:45 with @ben')
    office.says("/po-meet end from 2 dec sure=yes")
    office.passes(days=7)
    office.says("/po-meet topic Talk about money")
    office.says("/po-meet topic Choose a colour")
    closes(office)
    left = office.says("/po-meet unfinished")
    assert "Not finished, and there is no further meeting of Jour fixe: Choose a colour" in left
