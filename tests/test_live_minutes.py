"""Minutes taken live: lines of a meeting's thread become records, and follow their lines."""

from datetime import date

import pytest

from tests.office import Office
from tests.postman import carrying
from tests.thread import (
    FRIDAY,
    QUESTION,
    TICK,
    Thread,
    captures,
    items,
    read_again,
    records,
)


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a meeting Anna has just started."""
    return Thread(office)


# --- Lines and records ------------------------------------------------------------------------


@pytest.mark.both_databases
def test_each_kind_of_line_becomes_its_record(office: Office, thread: Thread) -> None:
    lines = [
        thread.write("A: @ben book room by fri"),
        thread.write("D: we use site B, because cheaper", office.ben),
        thread.write("R: customs delay p3 i4", office.carla),
        thread.write("I: test system is down severity high owner @ben by fri"),
        thread.write("N: the supplier was not there"),
    ]
    assert records(office) == [
        ("A1", "book room", "Ben", FRIDAY),
        ("R1", "customs delay", None, date(2026, 12, 8)),
        ("I1", "test system is down", "Ben", FRIDAY),
        ("D1", "we use site B", None, None),
    ]
    assert captures(office, "note") == ["the supplier was not there"]
    assert [thread.mark(line) for line in lines] == [{TICK}] * 5


@pytest.mark.parametrize("line", ["A: @ben @carla both by 4 dec", "A: @ben order by mid december"])
def test_two_owners_or_a_day_nobody_can_read_are_a_gap(
    office: Office, thread: Thread, line: str
) -> None:
    assert thread.mark(thread.write(line)) == {QUESTION}
    ((name, _title, owner, due),) = records(office)
    assert (name, None) in ((name, owner), (name, due))
    why = "that is one person" if owner is None else "I cannot read “mid december” as a date"
    assert why in thread.bot_says()[-1]


@pytest.mark.parametrize(
    "line", ["@ben @carla both", "@ben and @carla tidy up", "tidy up @ben @carla"]
)
def test_of_two_owners_neither_is_lost_from_the_text(
    office: Office, thread: Thread, line: str
) -> None:
    thread.write(f"A: {line} by fri")
    assert records(office) == [("A1", line, None, FRIDAY)]


def test_meetbots_and_the_scribes_words_do_the_same(office: Office, thread: Thread) -> None:
    for line in (
        "#action @ben to book room by fri",
        "#agreed: we use site B",
        "#accepted the minutes",
        "ACTION: Carla to write the report by fri",
        "RESOLVED: we ship",
        "PROPOSED: we wait",
        "# info nobody was ill",
        "#idea a party",
        "#link https://example.com/a the plan",
        "a : @ben do it by fri",
        "d:done so",
    ):
        thread.write(line, office.carla)
    assert [row[:3] for row in records(office)] == [
        ("A1", "book room", "Ben"),
        ("A2", "write the report", "Carla"),
        ("A3", "do it", "Ben"),
        ("D1", "we use site B", None),
        ("D2", "the minutes", None),
        ("D3", "we ship", None),
        ("D4", "done so", None),
    ]
    assert captures(office, "proposal", "note", "idea", "link") == [
        "we wait", "nobody was ill", "a party", "https://example.com/a the plan",
    ]  # fmt: skip


def test_a_name_that_several_have_is_nobodys(office: Office, thread: Thread) -> None:
    carl = office.box.user("carlo", real_name="Carla Bruni")
    office.anna.invites(office.alpha, carl)
    thread.write("hello", carl)
    thread.write("hello", office.carla)
    thread.write("ACTION: Carla to write the report by fri")
    assert records(office) == [("A1", "Carla to write the report", None, FRIDAY)]


def test_talk_is_left_alone(office: Office, thread: Thread) -> None:
    talk = [
        thread.write("we were proposed #agreed yesterday"),
        thread.write("I think A: is not it"),
        thread.write("#103 is the ticket"),
        thread.write("what comes next?"),
        thread.write("R:\\plans\\table.csv"),
    ]
    assert records(office) == []
    assert captures(office) == []
    assert [thread.mark(line) for line in talk] == [set()] * 5


@pytest.mark.parametrize("slip", ["#topc Risks", "#endmeetiung", "ACTOIN: book it", "A:", "!lst"])
def test_a_slip_gets_a_question_mark(office: Office, thread: Thread, slip: str) -> None:
    line = thread.write(slip)
    assert thread.mark(line) == {QUESTION}
    assert records(office) == []
    assert "not understood" in thread.bot_says()[-1]


def test_lines_elsewhere_are_nothing(office: Office, thread: Thread) -> None:
    office.anna.says("A: @ben book room by fri", office.alpha)
    other = office.anna.says("Lunch?", office.alpha)
    office.anna.says("A: @ben book room by fri", office.alpha, thread=other)
    assert records(office) == []


def test_several_lines_in_one_message_are_several_records(office: Office, thread: Thread) -> None:
    line = thread.write("A: @ben book room by fri\nas we said\nD: we use site B")
    assert [row[:2] for row in records(office)] == [("A1", "book room"), ("D1", "we use site B")]
    office.anna.edits(line, "D: we use site C\nA: @ben book hall by fri")
    assert sorted(row[1] for row in records(office)) == ["book hall", "we use site C"]
    office.anna.deletes(line)
    assert records(office) == []


def test_a_record_leads_back_to_its_line(office: Office, thread: Thread) -> None:
    line = thread.write("A: @ben book room by fri")
    shown = office.types("/po-action show A1").message
    assert shown is not None
    address = f"/archives/{office.alpha.id}/p{line.ts.replace('.', '')}?thread_ts={thread.head.ts}"
    assert address in str(shown.blocks).replace("&amp;", "&")


# --- Edited, deleted, taken back --------------------------------------------------------------


@pytest.mark.both_databases
def test_an_edited_line_changes_its_record_and_keeps_its_number(
    office: Office, thread: Thread
) -> None:
    line = thread.write("A: book room")
    assert thread.mark(line) == {QUESTION}
    office.anna.edits(line, "A: @ben book the big room by fri")
    assert records(office) == [("A1", "book the big room", "Ben", FRIDAY)]
    assert thread.mark(line) == {TICK}


def test_what_somebody_changed_by_hand_stays_when_the_line_is_edited(
    office: Office, thread: Thread
) -> None:
    line = thread.write("A: @ben book room by fri")
    office.says("/po-action give A1 @carla")
    office.anna.edits(line, "A: @ben book the big room by fri")
    assert records(office) == [("A1", "book the big room", "Carla", FRIDAY)]


def test_a_deleted_line_withdraws_its_record(office: Office, thread: Thread) -> None:
    line = thread.write("A: @ben book room by fri")
    office.anna.deletes(line)
    assert records(office) == []
    thread.write("A: @ben book hall by fri")
    assert records(office) == [("A2", "book hall", "Ben", FRIDAY)]


def test_a_line_that_becomes_another_kind_becomes_another_record(
    office: Office, thread: Thread
) -> None:
    line = thread.write("A: @ben book room by fri")
    office.anna.edits(line, "D: we book a room")
    assert [row[:2] for row in records(office)] == [("D1", "we book a room")]
    office.anna.edits(line, "never mind")
    assert records(office) == []
    assert thread.mark(line) == set()


def test_talk_that_is_edited_into_a_line_is_one(office: Office, thread: Thread) -> None:
    line = thread.write("book room")
    office.anna.edits(line, "A: @ben book room by fri")
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


def test_undo_takes_back_the_last_line_of_who_types_it(office: Office, thread: Thread) -> None:
    thread.write("D: one", office.ben)
    thread.write("D: two", office.carla)
    undo = thread.write("!undo", office.ben)
    assert [row[1] for row in records(office)] == ["two"]
    assert thread.mark(undo) == {TICK}
    assert thread.mark(thread.write("!undo", office.ben)) == {QUESTION}


def test_undo_of_a_host_takes_back_the_last_line_of_anybody(office: Office, thread: Thread) -> None:
    thread.write("D: one", office.ben)
    line = thread.write("D: two", office.carla)
    thread.write("#undo")
    assert [row[1] for row in records(office)] == ["one"]
    assert thread.mark(line) == set()


def test_an_undo_that_is_deleted_brings_the_line_back(office: Office, thread: Thread) -> None:
    thread.write("A: @ben book room by fri")
    undo = thread.write("!undo")
    assert records(office) == []
    office.anna.deletes(undo)
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


def test_undo_as_a_command_takes_a_line_back_for_good(office: Office, thread: Thread) -> None:
    thread.write("A: @ben book room by fri")
    assert "Undone: A: @ben book room by fri" in office.says("/po undo")
    assert records(office) == []
    office.bot.attendant.read_again()
    office.bot.attendant.attend()
    assert records(office) == []


@pytest.mark.both_databases
def test_a_line_delivered_twice_is_one(office: Office, thread: Thread) -> None:
    with carrying(office) as postman:
        thread.write("A: @ben book room by fri")
        for _again in range(3):
            assert postman.again(postman.round("book room")).status == 200
    assert [row[0] for row in records(office)] == ["A1"]


def test_a_line_told_after_its_edit_and_its_deletion_changes_nothing(
    office: Office, thread: Thread
) -> None:
    with carrying(office) as postman:
        line = thread.write("A: @ben book room by fri")
        first = postman.round("book room")
        office.anna.edits(line, "A: @ben book hall by fri")
        assert postman.again(first).status == 200
        assert [row[1] for row in records(office)] == ["book hall"]
        second = postman.round("message_changed")
        office.anna.deletes(line)
        postman.again(first)
        postman.again(second)
    assert records(office) == []


# --- What is missing --------------------------------------------------------------------------


def test_what_misses_something_is_listed_in_one_message(office: Office, thread: Thread) -> None:
    first = thread.write("A: book room")
    second = thread.write("A: @ben write the report", office.ben)
    (told,) = thread.bot_says()
    assert "2 lines miss something" in told
    assert "A1 · book room (written by Anna): who, and until when?" in told
    assert "A2 · write the report · Ben (written by Ben): until when?" in told
    office.anna.edits(first, "A: @ben book room by fri")
    (told,) = thread.bot_says()
    assert "1 line misses something" in told
    office.says("/po-action move A2 fri", office.ben)
    office.bot.attendant.attend()
    (told,) = thread.bot_says()
    assert "Nothing is missing any more" in told
    assert thread.mark(second) == {TICK}


def test_a_day_in_the_past_is_asked_about_and_the_action_kept(
    office: Office, thread: Thread
) -> None:
    line = thread.write("A: @ben book room by 3 nov 2026")
    assert [row[0] for row in records(office)] == ["A1"]
    assert thread.mark(line) == {QUESTION}
    assert "in the past" in thread.bot_says()[-1]


def test_nobody_gets_an_action_who_may_not_read_the_project(office: Office, thread: Thread) -> None:
    line = thread.write("A: @gus water the plants by fri")
    assert records(office) == [("A1", "water the plants", None, FRIDAY)]
    assert thread.mark(line) == {QUESTION}
    assert "may not read" in thread.bot_says()[-1]


def test_list_whispers_what_was_captured(office: Office, thread: Thread) -> None:
    thread.write("A: @ben book room by fri")
    thread.write("N: it rains", office.ben)
    thread.write("!list", office.ben)
    told = office.box.wait_for(lambda: thread.whispers(office.ben))[0]
    assert "2 lines captured" in told
    assert "A1 · book room · Ben · Fri 27 Nov 2026" in told
    assert "note: it rains" in told


# --- Who may ----------------------------------------------------------------------------------


def test_a_guest_is_refused_and_their_topic_is_nothing(office: Office, thread: Thread) -> None:
    line = thread.write("A: @ben water the plants by fri", office.gus)
    topic = thread.write("#topic plants", office.gus)
    step = thread.write("next", office.gus)
    assert records(office) == []
    assert items(office) == []
    assert thread.mark(line) == {QUESTION}
    assert (thread.mark(topic), thread.mark(step)) == (set(), set())
    told = office.box.wait_for(lambda: thread.whispers(office.gus))
    assert "one has to be" in told[0]


def test_only_who_runs_the_meeting_goes_on(office: Office, thread: Thread) -> None:
    thread.write("#topic Status")
    step = thread.write("next", office.ben)
    assert thread.mark(step) == set()
    assert items(office) == [("Status", "now")]
    assert "Only who chairs" in office.box.wait_for(lambda: thread.whispers(office.ben))[0]
    read_again(office)
    assert not any("miss" in text or "Only who chairs" in text for text in thread.bot_says())
    office.delivered()
    assert len(thread.whispers(office.ben)) == 1


def test_a_step_that_came_to_nothing_is_told_to_who_took_it_alone(
    office: Office, thread: Thread
) -> None:
    thread.write("next")
    (told,) = office.box.wait_for(lambda: thread.whispers(office.anna))
    assert "“next” came to nothing: there is no further item." in told
    assert not any("no further item" in text for text in thread.bot_says())


def test_what_misses_something_names_its_owner_and_has_a_button_each(
    office: Office, thread: Thread
) -> None:
    for number in range(1, 18):
        thread.write(f"A: @ben thing {number}")
    (told,) = thread.bot_says()
    assert "17 lines miss something" in told
    assert "A15 · thing 15 · Ben (written by Anna): until when?" in told
    assert "and 2 more" in told
    assert "[A15 …]" in told
    assert "A16" not in told


def test_what_is_asked_about_a_line_has_no_raw_marks_in_it(office: Office, thread: Thread) -> None:
    thread.write("A: @nobody book room by fri")
    (told,) = thread.bot_says()
    assert "“@nobody”" in told
    assert "`" not in told


def test_a_chair_named_in_the_thread_may_go_on(office: Office, thread: Thread) -> None:
    thread.write("#topic Status")
    thread.write("#chair @ben")
    assert thread.mark(thread.write("next", office.ben)) == {TICK}
    assert items(office) == [("Status", "done")]
