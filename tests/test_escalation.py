"""Escalation: overdue by three working days it goes to the lead, by seven to the sponsor."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.delivery.outbox import SETTLED, TOO_LATE, Delivery, State
from slackbox import Person
from tests.office import Office

DECEMBER = 12


@pytest.fixture
def late(office: Office) -> Office:
    """Tuesday, 24 November; Ben's action A1 is due today, Carla is the sponsor, Anna leads."""
    office.says("/po project people @ben member")
    office.says("/po project people @carla sponsor")
    office.says("/po-action add @ben order test devices by 24 nov")
    office.says("/po-action accept A1", office.ben)
    office.says("/po-status green all is well")
    office.ticks()
    return office


def told(office: Office, who: Person) -> int:
    """How many escalations *who* got so far."""
    return sum(text.startswith("Overdue in") for text in office.told(who))


def days_until(office: Office, day: int, month: int = 11) -> None:
    """Let every morning come up to that day's, nine o'clock."""
    last = office.now
    for number in range(24, 55):
        when = last.replace(month=11, day=1) if number < 31 else last.replace(month=12, day=1)
        when = when.replace(day=number if number < 31 else number - 30, hour=9, minute=0)
        if when > last and (when.month, when.day) <= (month, day):
            office.now = when
            office.ticks()


@pytest.mark.both_databases
def test_the_lead_hears_on_the_third_working_day_and_the_sponsor_on_the_seventh(
    late: Office,
) -> None:
    days_until(late, 26)
    assert told(late, late.anna) == 0
    days_until(late, 27)
    assert told(late, late.anna) == 1
    assert late.told(late.anna)[-1] == (
        "Overdue in Alpha\n1 action is so late that it is brought to you\norder test devices\n"
        "A1 · Ben · 3 working days late (Tue 24 Nov)\n[Move …] [Give …] [Show]"
    )
    days_until(late, 2, DECEMBER)
    assert told(late, late.carla) == 0
    days_until(late, 3, DECEMBER)
    assert told(late, late.carla) == 1
    assert "7 working days late" in late.told(late.carla)[-1]
    days_until(late, 10, DECEMBER)
    assert (told(late, late.anna), told(late, late.carla)) == (1, 1)


def test_the_owner_hears_on_the_first_working_day_in_the_digest(late: Office) -> None:
    late.waits_until(25, 8, 30)
    assert "1 working day late" in late.told(late.ben)[-1]
    days_until(late, 4, DECEMBER)
    assert told(late, late.ben) == 0


def test_holidays_are_not_counted(late: Office) -> None:
    late.says("/po project set country=US")  # Thursday is Thanksgiving
    days_until(late, 27)
    assert told(late, late.anna) == 0
    days_until(late, 30)
    assert told(late, late.anna) == 1


def test_another_date_begins_anew(late: Office) -> None:
    days_until(late, 27)
    late.says("/po-action move A1 30 nov", late.ben)
    late.box.wait_for(lambda: "✓ order test devices · Ben: Tue 24" in late.told(late.anna)[-1])
    days_until(late, 2, DECEMBER)
    assert told(late, late.anna) == 1
    days_until(late, 3, DECEMBER)
    assert told(late, late.anna) == 2
    assert "3 working days late (Mon 30 Nov)" in late.told(late.anna)[-1]


def test_what_is_blocked_or_snoozed_rests(late: Office) -> None:
    late.says("/po-action add @ben book the room by 24 nov")
    late.says("/po-action block A1 waiting for legal", late.ben)
    late.says("/po snooze A2 1 week", late.ben)
    days_until(late, 30)
    assert told(late, late.anna) == 0
    days_until(late, 1, DECEMBER)
    assert "book the room" in late.told(late.anna)[-1]
    assert "order test devices" not in late.told(late.anna)[-1]
    late.says("/po-action unblock A1", late.ben)
    days_until(late, 2, DECEMBER)
    assert "order test devices" in late.told(late.anna)[-1]


def test_a_lead_who_owns_it_is_not_told_and_another_lead_is(late: Office) -> None:
    late.says("/po-action give A1 @anna")
    days_until(late, 27)
    assert told(late, late.anna) == 0
    late.says("/po project people @ben lead")
    days_until(late, 30)
    assert told(late, late.anna) == 0
    assert told(late, late.ben) == 1
    days_until(late, 3, DECEMBER)
    assert told(late, late.carla) == 1


def test_whoever_becomes_sponsor_hears_the_next_morning(late: Office) -> None:
    late.says("/po project remove @carla sponsor")
    days_until(late, 4, DECEMBER)
    assert told(late, late.carla) == 0
    late.says("/po project people @carla sponsor")
    days_until(late, 7, DECEMBER)
    assert told(late, late.carla) == 1


def test_several_are_one_message_the_latest_first(late: Office) -> None:
    late.says("/po-action add @ben book the room by 24 nov")
    late.says("/po-action add nobody owns this by 24 nov")
    days_until(late, 30)
    (text,) = (text for text in late.told(late.anna) if text.startswith("Overdue in"))
    assert "3 actions are so late that they are brought to you" in text
    assert "A3 · nobody · 3 working days late" in text


def test_nobody_is_woken_in_new_york(late: Office) -> None:
    late.box.change(late.carla, tz="America/New_York")
    late.box.settle()
    days_until(late, 3, DECEMBER)  # nine in Berlin is three in the morning there
    with late.bot.sessions() as session:
        row = session.scalars(
            select(Delivery).where(Delivery.channel == late.carla.id).order_by(Delivery.id.desc())
        ).first()
    assert row is not None
    due = late.now + (row.due_at - datetime.now(tz=ZoneInfo("UTC")))
    local = due.astimezone(ZoneInfo("America/New_York"))
    assert (local.hour, local.minute) in ((7, 29), (7, 30))
    assert row.ts is None


def test_buttons_of_an_escalation_do_the_thing(late: Office) -> None:
    days_until(late, 27)
    message = late.told_messages(late.anna)[-1]
    late.anna.clicks("Give …", message)
    late.anna.fills({"New owner": late.carla.id})
    assert late.anna.submits() == {}
    late.box.wait_for(lambda: "✓ order test devices · given to Carla" in late.told(late.anna)[-1])


def test_the_sponsor_is_offered_only_what_a_sponsor_may_do(late: Office) -> None:
    days_until(late, 3, DECEMBER)
    message = late.told_messages(late.carla)[-1]
    assert "[Note …] [Show]" in late.box.text_of(message)
    late.carla.clicks("Note …", message)
    late.carla.fills({"Note": "shall I call them?"})
    assert late.carla.submits() == {}
    late.box.wait_for(lambda: "noted: shall I call them?" in late.told(late.carla)[-1])
    assert "[Note …] [Show]" in late.told(late.carla)[-1]


def test_after_two_weeks_without_the_bot_each_is_told_once(late: Office) -> None:
    late.waits_until(9, 9, 0, month=12)
    assert (told(late, late.anna), told(late, late.carla)) == (1, 1)
    days_until(late, 11, DECEMBER)
    assert (told(late, late.anna), told(late, late.carla)) == (1, 1)


def test_all_that_was_missed_is_one_message_and_todays_another(late: Office) -> None:
    late.says("/po-action add @ben book the room by 26 nov")
    late.says("/po-action add @ben print the plan by 27 nov")
    late.waits_until(2, 9, 0, month=12)
    missed, today = sorted(late.told(late.anna)[-2:], key=lambda text: "print the plan" in text)
    assert "order test devices" in missed
    assert "book the room" in missed
    assert "1 action is so late" in today
    assert "print the plan" in today
    assert told(late, late.anna) == 2
    days_until(late, 4, DECEMBER)
    assert told(late, late.anna) == 2


def test_a_project_may_switch_it_off(late: Office) -> None:
    late.says("/po settings job escalation off")
    days_until(late, 7, DECEMBER)
    assert (told(late, late.anna), told(late, late.carla)) == (0, 0)


@pytest.mark.both_databases
def test_what_is_settled_before_it_is_sent_is_not_sent_until_it_is_asked_again(
    late: Office,
) -> None:
    late.box.change(late.carla, tz="America/New_York")
    late.box.settle()
    days_until(late, 3, DECEMBER)  # nine in Berlin is three in the morning there
    waits = select(Delivery).where(Delivery.channel == late.carla.id).order_by(Delivery.id.desc())
    late.says("/po-action done A1", late.ben)
    given_up = late.stored(lambda s: s.scalars(waits).first())
    assert (given_up.state, given_up.error) == (State.CANCELLED, SETTLED)
    late.says("/po undo", late.ben)
    again = late.stored(lambda s: s.scalars(waits).first())
    assert (again.id, again.state, again.error) == (given_up.id, State.WAITING, None)
    assert "order test devices" in again.content["text"]
    late.says("/po-action note A1 the supplier called", late.ben)
    assert late.stored(lambda s: s.scalars(waits).first()).state is State.WAITING


def gives_up(office: Office, who: Person) -> None:
    """Let Slack have been out so long that the escalation to *who* was given up."""
    with office.bot.sessions.begin() as session:
        escalation = session.scalars(
            select(Delivery)
            .where(Delivery.channel == who.id, Delivery.key.startswith("escalation"))
            .order_by(Delivery.id.desc())
        ).first()
        assert escalation is not None
        escalation.state, escalation.error, escalation.ts = State.DEAD, TOO_LATE, None


@pytest.mark.both_databases
def test_a_rung_whose_message_was_given_up_is_climbed_again(late: Office) -> None:
    days_until(late, 27)
    assert told(late, late.anna) == 1
    gives_up(late, late.anna)
    assert "given up (too late)" in late.says("/po jobs")
    days_until(late, 30)
    assert told(late, late.anna) == 2
    days_until(late, 2, DECEMBER)
    assert told(late, late.anna) == 2


def test_only_the_one_whose_message_was_given_up_is_told_again(late: Office) -> None:
    late.says("/po project people @dora lead")
    days_until(late, 27)
    assert (told(late, late.anna), told(late, late.dora)) == (1, 1)
    gives_up(late, late.dora)
    assert "sent, 1 of 2 given up (too late)" in late.says("/po jobs")
    late.says("/po project people @carla lead")  # a new lead is not told of what is known
    days_until(late, 30)
    assert (told(late, late.anna), told(late, late.dora), told(late, late.carla)) == (1, 2, 0)
