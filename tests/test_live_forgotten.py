"""Meetings nobody closes: they cost nothing, and they do not stay open for ever."""

from tests.office import Office
from tests.statements import statements
from tests.thread import TICK, Thread, read_again


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
