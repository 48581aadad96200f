"""Minutes taken live: lines of a meeting's thread become records, and follow their lines."""

import random
import time
from datetime import date

import pytest
from sqlalchemy import select

from bot.app import Bot
from bot.meetings import Meeting, MeetingState
from bot.minutes import Attendance
from bot.people import Person as KnownPerson
from tests.office import Office, open_office
from tests.postman import carrying
from tests.test_inbound import sqlite_locked
from tests.thread import QUESTION, TICK, Thread, captures, items, marks_at, records

FRIDAY = date(2026, 11, 27)


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


def test_meetbots_and_the_scribes_words_do_the_same(office: Office, thread: Thread) -> None:
    for line in (
        "#action @ben to book room by fri",
        "#agreed we use site B",
        "#accepted the minutes",
        "ACTION: Carla to write the report by fri",
        "RESOLVED: we ship",
        "PROPOSED: we wait",
        "#info nobody was ill",
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
    office.bot.attendant.look_again()
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
    assert "A1 · book room (Anna): who, and until when?" in told
    assert "A2 · write the report (Ben): until when?" in told
    office.anna.edits(first, "A: @ben book room by fri")
    (told,) = thread.bot_says()
    assert "1 line misses something" in told
    office.says("/po-action move A2 fri", office.ben)
    office.bot.attendant.look_again()
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
    assert thread.mark(step) == {QUESTION}
    assert items(office) == [("Status", "now")]
    assert "Only who chairs" in office.box.wait_for(lambda: thread.whispers(office.ben))[0]


def test_a_chair_named_in_the_thread_may_go_on(office: Office, thread: Thread) -> None:
    thread.write("#topic Status")
    thread.write("#chair @ben")
    assert thread.mark(thread.write("next", office.ben)) == {TICK}
    assert items(office) == [("Status", "done")]


# --- The course of the meeting ----------------------------------------------------------------


def test_topics_become_items_and_lines_belong_to_them(office: Office, thread: Thread) -> None:
    thread.write("#topic Status", office.ben)
    thread.write("N: all well")
    thread.write("Topic: Risks", office.carla)
    assert items(office) == [("Status", "done"), ("Risks", "now")]
    office.bot.attendant.look_again()
    assert any("Now: 2 · Risks" in text for text in office.sees())


def test_a_topic_taken_back_leaves_no_item(office: Office, thread: Thread) -> None:
    thread.write("#topic Status")
    thread.write("#topic Risks")
    thread.write("#undo")
    assert items(office) == [("Status", "now")]


@pytest.fixture
def planned(office: Office) -> Thread:
    """A jour fixe with three topics on its agenda, begun on its day by its chair."""
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben @carla')
    office.says("/po-meet invite")
    for topic in ("Test site 5m", "Money 10m", "Travel 15m"):
        office.says(f"/po-meet topic {topic}", office.ben)
    office.passes(minutes=58)
    return Thread(office, "")


def test_a_planned_meeting_opens_with_its_agenda(office: Office, planned: Thread) -> None:
    assert "Minutes of Jour fixe, Tue 24 Nov" in office.box.text_of(planned.head)
    topics = [item for item in items(office) if item[0] in ("Test site", "Money", "Travel")]
    assert len(topics) == 3
    assert [state for _title, state in items(office)].count("now") == 1


def test_next_and_park_go_through_the_agenda(office: Office, planned: Thread) -> None:
    planned.write("#topic money", office.ben)
    assert ("Money", "now") in items(office)
    planned.write("park")
    assert ("Money", "parked") in items(office)
    for _step in range(6):
        planned.write("next")
    assert not [item for item in items(office) if item[1] == "planned"]
    assert any("That was the last item" in text for text in planned.bot_says())


def test_each_step_is_told_in_the_thread_and_told_anew_when_taken_back(
    office: Office, planned: Thread
) -> None:
    planned.write("#topic Test site")
    planned.write("next")
    assert any("Money (10 min)" in text for text in planned.bot_says())
    planned.write("!undo")
    assert ("Test site", "now") in items(office)
    assert any("Taken back. Now:" in text for text in planned.bot_says())


def test_an_item_that_overruns_is_told_once(office: Office, planned: Thread) -> None:
    planned.write("#topic Test site")
    office.passes(minutes=4)
    office.bot.attendant.look_again()
    assert not any("has had its" in text for text in planned.bot_says())
    office.passes(minutes=2)
    office.bot.attendant.look_again()
    office.bot.attendant.look_again()
    told = [text for text in planned.bot_says() if "has had its 5 min" in text]
    assert len(told) == 1


def test_who_said_yes_is_expected_and_who_comes_is_added(office: Office) -> None:
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben @carla')
    office.says("/po-meet invite")
    office.says("/po-meet yes", office.ben)
    office.passes(minutes=58)
    thread = Thread(office, "")
    assert faces(office) == ["Anna", "Ben"]
    thread.write("good morning", office.carla)
    assert faces(office) == ["Anna", "Ben", "Carla"]


def test_only_who_runs_it_opens_a_planned_meeting(office: Office) -> None:
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben @carla')
    office.says("/po-meet invite")
    office.passes(minutes=58)
    assert "one has to be" in office.says("/po-meet start", office.ben)


# --- Attendance, start and end ----------------------------------------------------------------


def faces(office: Office) -> list[str]:
    """Who was there."""
    statement = select(KnownPerson.name).join(Attendance, Attendance.person_id == KnownPerson.id)
    return sorted(office.stored(lambda s: list(s.scalars(statement))))


def state(office: Office) -> MeetingState:
    """How the latest meeting stands."""
    found: MeetingState = office.stored(
        lambda s: s.scalar(select(Meeting.state).order_by(Meeting.id.desc()))
    )
    return found


def test_who_speaks_is_there(office: Office, thread: Thread) -> None:
    assert faces(office) == ["Anna"]
    thread.write("good morning", office.ben)
    thread.write("I am here too", office.ben)
    assert faces(office) == ["Anna", "Ben"]
    office.bot.attendant.look_again()
    assert any("Present: Anna, Ben" in text for text in office.sees())


def test_a_meeting_is_started_in_any_thread(office: Office) -> None:
    office.box.settle()
    parent = office.anna.says("Let us meet", office.alpha)
    office.anna.says("#startmeeting Ad hoc", office.alpha, thread=parent)
    office.anna.says("A: @ben book room by fri", office.alpha, thread=parent)
    assert [row[1] for row in records(office)] == ["book room"]
    office.delivered()
    told = [office.box.text_of(m) for m in office.anna.reads(office.alpha, thread=parent)]
    assert any("Minutes of Ad hoc, Tue 24 Nov" in text for text in told)


def test_a_meeting_is_started_by_a_message_of_its_own(office: Office) -> None:
    head = office.anna.says("#startmeeting Ad hoc", office.alpha)
    office.ben.says("#topic Status", office.alpha, thread=head)
    assert items(office) == [("Status", "now")]


def test_a_guest_starts_nothing(office: Office) -> None:
    head = office.gus.says("#startmeeting Ad hoc", office.alpha)
    office.anna.says("A: @ben book room by fri", office.alpha, thread=head)
    assert records(office) == []
    office.bot.attendant.react()
    assert marks_at(head) == {QUESTION}


def test_without_a_meeting_that_is_due_a_title_is_asked_for(office: Office) -> None:
    assert "meet start TITLE begins one" in office.says("/po-meet start")


def test_after_the_end_nothing_follows(office: Office, thread: Thread) -> None:
    line = thread.write("A: @ben book room by fri")
    thread.write("#endmeeting", office.ben)
    assert state(office) is MeetingState.OPEN
    thread.write("#endmeeting")
    assert state(office) is MeetingState.CLOSED
    office.anna.edits(line, "A: @ben burn room by fri")
    office.anna.deletes(line)
    thread.write("A: too late")
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


def test_owners_hear_of_it_when_the_meeting_ends_and_not_before(
    office: Office, thread: Thread
) -> None:
    for number in range(3):
        thread.write(f"A: @ben thing {number} by fri")
    assert office.told(office.ben) == []
    thread.write("#endmeeting")
    (told,) = office.told(office.ben)
    assert told.count("[Accept]") == 3


def test_next_and_park_can_be_typed_and_clicked(office: Office, thread: Thread) -> None:
    thread.write("#topic Status")
    assert "That was the last item" in office.says("/po-meet park")
    assert items(office) == [("Status", "parked")]
    assert "Now: 1 · Status" in office.says("/po-meet next")
    assert "whoever" not in office.says("/po-meet captured")
    office.bot.attendant.read_again()
    office.bot.attendant.look_again()
    assert items(office) == [("Status", "now")]


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
    office.box.wait_for(lambda: TICK in marks_at(line), timeout=10)
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


def test_what_was_missed_is_read_after_a_reconnect(sqlite_url: str) -> None:
    with open_office(sqlite_url, is_socket=True) as office:
        thread = Thread(office)
        office.box.retry_delays = ()
        office.box.drop_sockets()
        lines = [thread.write(f"A: @ben thing {n} by fri") for n in range(5)]
        office.box.wait_for(lambda: all(TICK in marks_at(line) for line in lines), timeout=15)
        assert sorted(row[1] for row in records(office)) == [f"thing {n}" for n in range(5)]


def test_a_line_the_database_could_not_take_is_read_again(office: Office, thread: Thread) -> None:
    with sqlite_locked(office.settings.database_url):
        line = thread.write("A: @ben book room by fri")
    office.box.wait_for(lambda: TICK in marks_at(line), timeout=20)
    assert records(office) == [("A1", "book room", "Ben", FRIDAY)]


def read_again(office: Office) -> None:
    """Have the bot read the threads of open meetings."""
    office.bot.attendant.read_again()
    office.bot.attendant.look_again()


# --- Slack as it is ---------------------------------------------------------------------------


def test_marks_come_later_where_slack_asks_to_wait(office: Office, thread: Thread) -> None:
    office.box.faults.add("reactions.add", "ratelimited", times=2, seconds=1)
    line = thread.write("A: @ben book room by fri")
    office.box.wait_for(lambda: TICK in marks_at(line), timeout=15)


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
