"""The course of a meeting: begun, gone through item by item, attended and ended."""

import pytest

from bot.meetings import MeetingState
from tests.office import Office
from tests.thread import FRIDAY, QUESTION, Thread, faces, items, marks_at, records, state


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a meeting Anna has just started."""
    return Thread(office)


# --- The course of the meeting ----------------------------------------------------------------


def test_topics_become_items_and_lines_belong_to_them(office: Office, thread: Thread) -> None:
    thread.write("#topic Status", office.ben)
    thread.write("N: all well")
    thread.write("Topic: Risks", office.carla)
    assert items(office) == [("Status", "done"), ("Risks", "now")]
    office.bot.attendant.attend()
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


@pytest.mark.parametrize("label", ["Next", "Park"])
def test_a_step_somebody_took_already_skips_nothing(
    office: Office, planned: Thread, label: str
) -> None:
    planned.write("#topic Test site")
    answer = office.types("/po-meet next")
    assert "Now: " in answer.text
    assert "Money" in answer.text
    planned.write("next")
    office.anna.clicks(label, answer)
    office.box.wait_for(lambda: "Travel" in answer.text)
    assert ("Money", "done") in items(office)
    assert ("Travel", "now") in items(office)


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
    office.bot.attendant.attend()
    assert not any("has had its" in text for text in planned.bot_says())
    office.passes(minutes=2)
    office.bot.attendant.attend()
    office.bot.attendant.attend()
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


def test_who_speaks_is_there(office: Office, thread: Thread) -> None:
    assert faces(office) == ["Anna"]
    thread.write("good morning", office.ben)
    thread.write("I am here too", office.ben)
    assert faces(office) == ["Anna", "Ben"]
    office.bot.attendant.attend()
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


def test_nobody_is_asked_to_accept_what_they_took_themselves(
    office: Office, thread: Thread
) -> None:
    thread.write("A: @ben mine by fri", office.ben)
    thread.write("A: @ben given by fri")
    thread.write("#endmeeting")
    (told,) = office.told(office.ben)
    assert told.count("[Accept]") == 1
    assert "given" in told
    assert "mine" not in told


def test_next_and_park_can_be_typed_and_clicked(office: Office, thread: Thread) -> None:
    thread.write("#topic Status")
    assert "That was the last item" in office.says("/po-meet park")
    assert items(office) == [("Status", "parked")]
    assert "Now: 1 · Status" in office.says("/po-meet next")
    assert "whoever" not in office.says("/po-meet captured")
    office.bot.attendant.read_again()
    office.bot.attendant.attend()
    assert items(office) == [("Status", "now")]


# --- Who was there is corrected ---------------------------------------------------------------


@pytest.fixture
def expected(office: Office) -> Thread:
    """The thread of a jour fixe Ben and Carla have said yes to; Ben has written something."""
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben @carla')
    office.says("/po-meet invite")
    for who in (office.ben, office.carla):
        office.says("/po-meet yes", who)
    office.passes(minutes=58)
    thread = Thread(office, "")
    thread.write("good morning", office.ben)
    return thread


@pytest.mark.both_databases
def test_who_said_yes_and_was_not_heard_is_told_and_corrected_by_a_click(
    office: Office, expected: Thread
) -> None:
    closed = office.types("/po-meet close")
    assert "[Carla was not there]" in closed.text
    assert "Present: Ben, Anna\n• Said yes, not heard here: Carla" in expected.bot_says()[-1]
    office.anna.clicks("Carla was not there", closed)
    office.box.wait_for(lambda: "version 2: 0 of 2 agree" in expected.bot_says()[-1], timeout=20)
    assert "Present: Ben, Anna\n• Absent: Carla" in expected.bot_says()[-1]
    assert "That is what is known already." in office.says("/po-meet absent @carla")
    assert "one has to be" in office.says("/po-meet present @carla", office.ben)
    assert "version 3" in office.says("/po-meet present @carla")
    assert "Present: Ben, Anna, Carla" in expected.bot_says()[-1]


def test_several_and_people_without_slack_are_noted_and_everybody_invited_is_listed(
    office: Office,
) -> None:
    office.says(
        '/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben lee@supplier.example '
        "joe@acme.example mia@acme.example optional @carla informed pat@acme.example"
    )
    office.says("/po-meet invite")
    office.passes(minutes=58)
    thread = Thread(office, "")
    told = office.says("/po-meet present lee@supplier.example @ben")
    assert "Ben, lee@supplier.example were there" in told
    assert any("Present: Anna, Ben, lee@supplier.example" in text for text in office.sees())
    office.says("/po-meet close")
    draft = thread.bot_says()[-1]
    assert "Present: Anna, Ben, lee@supplier.example" in draft
    assert "Optional, not there: Carla" in draft
    assert "Invited by mail, no answer: joe@acme.example, mia@acme.example" in draft
    assert "pat@acme.example" not in draft
    told = office.says("/po-meet absent lee@supplier.example joe@acme.example @ben")
    assert "Ben, lee@supplier.example, joe@acme.example were not there: version 2" in told
    draft = thread.bot_says()[-1]
    assert "Absent: Ben, lee@supplier.example, joe@acme.example" in draft
    assert "Ben was there" in office.says("/po-meet present ben@firm.example")
    office.says("/po undo")
    office.says("/po undo")
    assert "Present: Anna, Ben, lee@supplier.example" in office.says("/po-meet minutes")


def test_who_is_there_is_corrected_while_the_meeting_is_open(
    office: Office, expected: Thread
) -> None:
    assert "Carla was not there" in office.says("/po-meet absent @carla")
    assert faces(office) == ["Anna", "Ben"]
    office.says("/po-meet present @dora")
    assert any("Present: Ben, Anna, Dora" in text for text in office.sees())
    expected.write("sorry, I am late", office.carla)
    assert faces(office) == ["Anna", "Ben", "Carla", "Dora"]
