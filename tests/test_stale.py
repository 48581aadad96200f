"""Stale: on Friday noon leads and office hear of a status that was due and did not come."""

import pytest
from sqlalchemy import select

from bot.delivery.outbox import TOO_LATE, Delivery, State
from slackbox import Person
from tests.office import Office


@pytest.fixture
def due(office: Office) -> Office:
    """Monday, 30 November; Alpha, without a status yet, owes one on Thursday; Carla is office."""
    office.says("/po project people @carla office")
    office.says("/po project people @ben member")
    office.ticks()
    office.waits_until(30, 10)
    return office


def told(office: Office, who: Person) -> list[str]:
    """What *who* was told of a stale status."""
    return [text for text in office.told(who) if "stale" in text]


@pytest.mark.both_databases
def test_lead_and_office_hear_on_friday_noon(due: Office) -> None:
    due.waits_until(4, 11, 59, month=12)
    assert not told(due, due.anna)
    due.waits_until(4, 12, 0, month=12)
    expected = "Status of Alpha\nstale: there has been none yet\n[Report …]"
    assert told(due, due.anna) == [expected]
    assert told(due, due.carla) == [expected]
    assert not told(due, due.ben)
    due.waits_until(4, 13, 0, month=12)
    assert len(told(due, due.anna)) == 1


@pytest.mark.parametrize("line", ["/po-status green all is well", "/po-status same"])
def test_a_status_reported_or_confirmed_is_not_stale(due: Office, line: str) -> None:
    due.says("/po-status green first")
    due.waits_until(10, 11, 0, month=12)
    due.says(line)
    due.waits_until(11, 12, 0, month=12)
    assert not told(due, due.anna)


def test_the_last_status_is_named_and_can_be_confirmed(due: Office) -> None:
    due.says("/po-status green all is well")
    due.waits_until(11, 12, 0, month=12)
    (text,) = told(due, due.carla)
    assert "stale: the last one is of Mon 30 Nov\n[Report …] [Same as last time]" in text
    due.carla.clicks("Same as last time", due.told_messages(due.carla)[-1])
    for who in (due.anna, due.carla):
        due.box.wait_for(lambda w=who: "🟢 GREEN" in due.told(w)[-1])  # type: ignore[misc] # bound


def test_after_downtime_it_comes_late_in_working_hours(due: Office) -> None:
    due.waits_until(4, 23, 0, month=12)
    assert not told(due, due.anna)
    due.waits_until(5, 10, 0, month=12)
    assert not told(due, due.anna)
    due.waits_until(7, 7, 30, month=12)
    assert len(told(due, due.anna)) == 1
    due.waits_until(11, 12, 0, month=12)
    assert len(told(due, due.anna)) == 2


def test_a_status_reported_in_the_meantime_ends_it(due: Office) -> None:
    due.now = due.now.replace(month=12, day=5)
    due.says("/po-status green all is well")
    due.waits_until(7, 8, 0, month=12)
    assert not told(due, due.anna)


def test_a_week_later_it_is_said_again(due: Office) -> None:
    due.waits_until(4, 12, 0, month=12)
    due.waits_until(11, 12, 0, month=12)
    assert len(told(due, due.anna)) == 2


def test_a_project_may_have_it_on_another_day_or_off(due: Office) -> None:
    due.says("/po settings job stale off")
    due.waits_until(4, 12, 0, month=12)
    assert not told(due, due.anna)


def test_the_round_of_a_week_is_earlier_where_friday_is_a_holiday(due: Office) -> None:
    due.says("/po project set country=DE")
    due.now = due.now.replace(month=12, day=15)
    assert "Next update due Wednesday, December 23rd" in due.says("/po-status green all is well")
    for day, words in ((21, ""), (22, "due Wed 23 Dec, 12:00"), (23, "due today, 12:00")):
        due.waits_until(day, 8, 30, month=12)
        asked = [text for text in due.told(due.anna) if "Status of Alpha\ndue" in text]
        assert words in (asked or [""])[-1]
        assert bool(asked) is bool(words)
    due.waits_until(24, 11, 59, month=12)
    assert not told(due, due.anna)
    due.waits_until(24, 12, 0, month=12)
    assert len(told(due, due.anna)) == 1
    due.waits_until(31, 12, 0, month=12)  # New Year's Day is a Friday, too
    assert len(told(due, due.anna)) == 2


def test_a_project_that_is_told_earlier_on_friday_is_told_that_friday(due: Office) -> None:
    due.says("/po settings job stale fri 09:00")
    due.waits_until(4, 9, 0, month=12)
    assert len(told(due, due.anna)) == 1


def test_a_stale_status_nobody_got_to_read_is_said_to_be_given_up(due: Office) -> None:
    due.waits_until(4, 12, 0, month=12)
    assert told(due, due.anna)
    with due.bot.sessions.begin() as session:
        stale = select(Delivery).where(Delivery.key.startswith("stale"))
        for delivery in session.scalars(stale).all():
            delivery.state, delivery.error, delivery.ts = State.DEAD, TOO_LATE, None
    assert "given up (too late)" in due.says("/po jobs")
