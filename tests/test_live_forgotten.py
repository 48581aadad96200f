"""Meetings nobody closes: they cost nothing, and they do not stay open for ever."""

import pytest

from tests.office import Office
from tests.statements import statements
from tests.thread import TICK, Thread, read_again, states


def asked_in_a_turn(office: Office) -> int:
    """How much the database is asked by a turn of the bot in which nothing was done."""
    for _turn in range(3):
        office.bot.attendant.attend()
        office.delivered()
    with statements(office) as asked:
        office.bot.attendant.attend()
    assert not any(sql.startswith(("UPDATE", "INSERT", "BEGIN IMMEDIATE")) for sql, _v in asked)
    return len(asked)


def test_open_meetings_in_which_nothing_is_done_cost_nothing(office: Office) -> None:
    Thread(office, "one")
    alone = asked_in_a_turn(office)
    for title in ("two", "three", "four"):
        Thread(office, title)
    assert asked_in_a_turn(office) == alone


def test_what_is_done_in_a_project_shows_in_its_open_meetings_all_the_same(office: Office) -> None:
    thread = Thread(office)
    line = thread.write("A: @ben book room")
    asked_in_a_turn(office)
    assert any("1 line misses something" in text for text in thread.bot_says())
    office.says("/po-action move A1 4 dec", office.ben)
    office.bot.attendant.attend()
    assert any("Nothing is missing any more" in text for text in thread.bot_says())
    assert thread.mark(line) == {TICK}


def test_a_thread_in_which_nothing_was_written_for_long_is_read_seldom(office: Office) -> None:
    thread = Thread(office)
    thread.write("D: we use site B")
    office.bot.attendant.attend()
    reads = sum(call.method == "conversations.replies" for call in office.box.calls)
    for _turn in range(3):
        office.bot.attendant.attend()
    assert sum(call.method == "conversations.replies" for call in office.box.calls) == reads
    read_again(office)
    assert sum(call.method == "conversations.replies" for call in office.box.calls) > reads


def mornings(office: Office, day: int) -> list[str]:
    """What Anna's personal digest says that morning."""
    office.waits_until(day - 1, 18)
    office.waits_until(day, 8, 31)
    office.delivered()
    return [text for text in office.told(office.anna) if "Meetings left open" in text]


def test_the_chair_is_reminded_the_next_working_morning_and_closes_with_a_click(
    office: Office,
) -> None:
    Thread(office).write("D: we use site B")
    (told,) = mornings(office, 25)
    assert "Minutes of Jour fixe, Tue 24 Nov 2026" in told
    assert "still open: closes by itself on Fri 27 Nov" in told
    message = next(
        m for m in office.told_messages(office.anna) if "left open" in office.box.text_of(m)
    )
    office.anna.clicks("Close", message)
    office.box.wait_for(lambda: states(office) == ["closed"])
    office.delivered()
    assert "Jour fixe, Tue 24 Nov 2026: closed" in office.box.text_of(message)


def test_the_reminder_of_an_open_meeting_is_snoozed(office: Office) -> None:
    Thread(office)
    office.says("/po snooze meeting 1 1 week")
    assert not mornings(office, 25)


@pytest.mark.both_databases
def test_a_meeting_everybody_forgot_closes_by_itself_and_says_so(office: Office) -> None:
    thread = Thread(office)
    thread.write("D: we use site B")
    for day in (25, 26):
        office.waits_until(day, 17, 1)
        office.ticks()
    assert states(office) == ["open"]
    office.waits_until(27, 17, 1)
    office.ticks()
    said = "it is closed now, with what was captured."
    assert states(office) == ["closed"]
    assert any(said in text for text in thread.shows())
    assert any("D1 · we use site B" in text for text in thread.shows())
    office.waits_until(30, 9)
    office.ticks()
    office.delivered()
    (told,) = [text for text in office.told(office.anna) if said in text]
    assert "Jour fixe, Tue 24 Nov 2026" in told


def test_a_meeting_in_which_somebody_still_writes_stays_open(office: Office) -> None:
    thread = Thread(office)
    office.waits_until(26, 12)
    thread.write("D: we use site B")
    office.waits_until(27, 17, 1)
    office.ticks()
    assert states(office) == ["open"]


def test_a_project_may_leave_its_meetings_open(office: Office) -> None:
    Thread(office)
    office.says("/po settings job closing off")
    office.waits_until(30, 17, 1)
    office.ticks()
    assert states(office) == ["open"]
