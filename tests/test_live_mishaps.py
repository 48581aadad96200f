"""Mishaps around a meeting: left open, begun by mistake or twice, or where not all may read it."""

import pytest

from slackbox import Answer, Message
from tests.office import Office
from tests.postman import carrying
from tests.thread import (
    QUESTION,
    TICK,
    Thread,
    captures,
    items,
    marks_at,
    read_again,
    records,
    states,
)


@pytest.fixture
def two(office: Office) -> tuple[Thread, Thread]:
    """The threads of two meetings of one series: nobody has closed the one of yesterday."""
    office.says('/po-meet new "Jour fixe" every day 10:00-10:45 with @ben')
    office.says("/po-meet invite")
    first = Thread(office, "")
    office.passes(days=1)
    return first, Thread(office, "")


def reads(office: Office, answer: Answer, words: str) -> None:
    """Wait until *answer*, in which something was clicked, says so."""
    office.box.wait_for(lambda: words in answer.text, timeout=20)


# --- Two meetings open at once ----------------------------------------------------------------


def test_of_two_open_meetings_the_one_that_is_clicked_is_closed(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    asked = office.types("/po-meet close")
    assert "Which one?" in asked.text
    assert "[Jour fixe, Tue 24 Nov 2026, 09:00] [Jour fixe, Wed 25 Nov 2026, 09:00]" in asked.text
    office.anna.clicks("Jour fixe, Tue 24 Nov 2026, 09:00", asked)
    reads(office, asked, "Meeting closed\nJour fixe, Tue 24 Nov 2026")
    assert states(office) == ["closed", "open"]
    assert "Meeting closed\nJour fixe, Wed 25 Nov 2026" in office.says("/po-meet close")


def test_the_buttons_of_a_card_are_about_its_meeting(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    first, second = two
    first.write("#topic Old matters")
    second.write("#topic New matters")
    office.bot.attendant.attend()
    office.delivered()
    office.anna.clicks("Park", first.head)
    office.box.wait_for(lambda: any("That was the last" in text for text in first.bot_says()))
    assert items(office)[-1] == ("New matters", "now")
    assert not any("That was the last item" in text for text in second.bot_says())
    office.anna.clicks("Close", first.head)
    office.box.wait_for(lambda: states(office) == ["closed", "open"])


def test_what_is_typed_in_a_thread_is_about_its_meeting(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    two[0].write("@Jourfixe meet close")
    office.box.wait_for(lambda: states(office) == ["closed", "open"])


def test_a_meeting_of_another_project_is_not_to_be_closed_by_its_number(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    office.says("/po project new Beta", office.ben, beta)
    told = office.says("/po-meet close meeting=1 in BETA", office.ben, beta)
    assert "There is no such meeting here." in told
    assert "one has to be" in office.says("/po-meet close meeting=1 in ALPHA", office.carla)
    assert states(office) == ["open", "open"]


def test_the_button_of_a_meeting_that_is_over_says_so(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    office.says("/po-meet close meeting=1")
    assert "That meeting is closed already." in office.says("/po-meet next meeting=1")


def test_of_two_meetings_of_a_day_the_minutes_that_are_clicked_are_shown(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    two[0].write("N: old")
    two[1].write("N: new")
    for number in (1, 2):
        office.says(f"/po-meet close meeting={number}")
    office.passes(hours=2)
    office.says("/po-meet start Jour fixe again")
    office.says("/po-meet close")
    asked = office.types("/po-meet minutes wed")
    office.anna.clicks("Jour fixe, Wed 25 Nov 2026, 09:00", asked)
    reads(office, asked, "new (Anna)")


# --- Begun by mistake -------------------------------------------------------------------------


@pytest.fixture
def series(office: Office) -> None:
    """A jour fixe on Tuesdays, today in an hour, with a topic."""
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben @carla')
    office.says("/po-meet invite")
    office.says("/po-meet topic Budget")


def head(office: Office) -> Message:
    """The newest card of a meeting."""
    office.delivered()
    seen = [m for m in office.anna.reads(office.alpha) if m.ephemeral_for is None]
    return next(m for m in reversed(seen) if "Minutes of" in office.box.text_of(m))


def test_the_start_of_a_meeting_that_is_open_says_so_with_its_thread(
    office: Office, series: None
) -> None:
    office.says("/po-meet start")
    said = "is open already: write into the thread of its card in the channel."
    for line in ("/po-meet start", "/po-meet start Jour fixe", "/po-meet start of 1"):
        told = office.says(line, office.ben)
        assert f"Minutes of Jour fixe, Tue 24 Nov {said}" in told
        assert "[List]" in told
    assert states(office) == ["open"]


def test_a_talk_that_is_open_is_not_begun_twice(office: Office) -> None:
    office.says("/po-meet start Talk")
    assert "Talk, Tue 24 Nov is open already" in office.says("/po-meet start talk", office.ben)
    office.says("/po-meet close")
    assert "Talk" in office.says("/po-meet start Talk")
    assert states(office) == ["closed", "open"]


@pytest.mark.both_databases
@pytest.mark.parametrize("publishes", [True, False])
def test_a_start_is_not_undone_once_lines_were_written(
    office: Office, series: None, publishes: bool
) -> None:
    if publishes:
        office.says("/po-meet publish")
    begun = office.types("/po-meet start")
    office.carla.says("A: @ben book room by fri", office.alpha, thread=head(office))
    office.anna.clicks("Undo", begun)
    reads(office, begun, "Lines were written down in that meeting since")
    assert states(office) == ["open"]
    office.anna.clicks("Close it", begun)
    office.box.wait_for(lambda: states(office) == ["closed"])


@pytest.mark.both_databases
@pytest.mark.parametrize("publishes", [True, False])
def test_a_start_that_is_undone_can_be_done_anew_and_loses_nothing(
    office: Office, series: None, publishes: bool
) -> None:
    if publishes:
        office.says("/po-meet publish")
    begun = office.types("/po-meet start")
    card = head(office)
    office.anna.clicks("Undo", begun)
    reads(office, begun, "Undone: meet start")
    assert states(office) == ["planned"]
    office.delivered()
    shown = office.box.text_of(card)
    assert "Anna took the start back: nothing is written down here." in shown
    assert "[Next]" not in shown
    line = office.carla.says("A: @ben book room by fri", office.alpha, thread=card)
    talk = office.carla.says("are we late?", office.alpha, thread=card)
    office.bot.attendant.react()
    assert (marks_at(line), marks_at(talk)) == ({QUESTION}, set())
    assert records(office) == []
    told = office.box.wait_for(
        lambda: [m for m in office.carla.reads(office.alpha, thread=card) if m.ephemeral_for]
    )
    assert "the start of this meeting was taken back" in office.box.text_of(told[0])
    office.passes(minutes=1)
    office.says("/po-meet start")
    read_again(office)
    assert head(office) is card
    assert "[Next]" in office.box.text_of(card)
    assert [row[1] for row in records(office)] == ["book room"]
    assert marks_at(line) == {TICK}
    assert items(office)[-1][0] == "Budget"


def test_a_start_in_a_thread_is_undone_there(office: Office, series: None) -> None:
    parent = office.anna.says("Shall we?", office.alpha)
    office.anna.says("#startmeeting Jour fixe", office.alpha, thread=parent)
    office.passes(minutes=1)
    assert "Undone" in office.says("/po undo")
    office.delivered()
    told = [office.box.text_of(m) for m in office.anna.reads(office.alpha, thread=parent)]
    assert any("Anna took the start back" in text for text in told)
    elsewhere = office.anna.says("#startmeeting Jour fixe", office.alpha)
    office.bot.attendant.react()
    assert marks_at(elsewhere) == {QUESTION}
    office.anna.says("#startmeeting Jour fixe", office.alpha, thread=parent)
    office.ben.says("N: we are here", office.alpha, thread=parent)
    assert states(office) == ["open"]
    assert captures(office, "note") == ["we are here"]


def test_a_meeting_begun_at_once_is_undone_too(office: Office) -> None:
    thread = Thread(office, "Ad hoc")
    assert "Undone" in office.says("/po undo")
    office.delivered()
    assert "Anna took the start back" in office.box.text_of(thread.head)
    assert "No meeting of Alpha is open" in office.says("/po-meet close")


@pytest.mark.both_databases
def test_lines_under_a_topic_that_is_undone_belong_to_the_one_before(office: Office) -> None:
    thread = Thread(office)
    thread.write("#topic Status")
    thread.write("#topic Money", office.ben)
    thread.write("N: all well", office.carla)
    assert "Undone: #topic Money" in office.says("/po undo", office.ben)
    assert items(office) == [("Status", "now")]
    office.says("/po-meet close")
    assert "1. Status\n• all well (Carla)" in "\n".join(thread.bot_says())


def test_a_topic_or_a_step_that_is_undone_leads_back(office: Office) -> None:
    thread = Thread(office)
    thread.write("#topic Status")
    topic = thread.write("#topic Money")
    assert "Undone" in office.says("/po undo")
    assert items(office) == [("Status", "now")]
    assert thread.mark(topic) == set()
    step = thread.write("next")
    thread.write("N: behind it", office.ben)
    assert "Undone" in office.says("/po undo")
    assert thread.mark(step) == set()
    office.says("/po-meet close")
    assert "1. Status\n• behind it (Ben)" in "\n".join(thread.bot_says())


# --- Begun once -------------------------------------------------------------------------------


def test_a_start_that_is_edited_after_the_end_begins_nothing(office: Office) -> None:
    start = office.anna.says("#startmeeting Budget talk", office.alpha)
    office.anna.says("N: all well", office.alpha, thread=start)
    office.passes(minutes=5)
    office.anna.says("#endmeeting", office.alpha, thread=start)
    office.anna.edits(start, "#startmeeting Budget talks")
    assert states(office) == ["closed"]
    office.passes(minutes=5)
    again = office.anna.says("#startmeeting Budget talk", office.alpha, thread=start)
    assert states(office) == ["closed"]
    office.bot.attendant.react()
    assert marks_at(again) == {QUESTION}


def test_a_start_told_again_after_the_end_begins_nothing(office: Office) -> None:
    with carrying(office) as postman:
        start = office.anna.says("#startmeeting Budget talk", office.alpha)
        told = postman.round("startmeeting")
        office.anna.says("#endmeeting", office.alpha, thread=start)
        assert postman.again(told).status == 200
    assert states(office) == ["closed"]


# --- Where not everybody may read it ----------------------------------------------------------


@pytest.mark.parametrize("is_private", [False, True])
def test_where_the_bot_is_not_no_meeting_is_started(office: Office, *, is_private: bool) -> None:
    lobby = office.box.channel("lobby", members=[office.anna], with_bot=False, private=is_private)
    office.says("/po project new Lobby", where=lobby)
    told = office.says("/po-meet start Talk", where=lobby)
    assert "I am not in the channel of Lobby: invite me there first." in told
    assert states(office) == []


def test_no_minutes_are_taken_where_not_everybody_may_read_them(
    office: Office, series: None
) -> None:
    office.says("/po project set visibility=restricted")
    told = office.says("/po-meet start")
    assert "No minutes can be taken in Alpha: not everybody in its channel may read it." in told
    line = office.anna.says("#startmeeting Jour fixe", office.alpha)
    office.bot.attendant.react()
    assert marks_at(line) == {QUESTION}
    assert states(office) == []


def test_what_may_not_be_posted_any_more_is_not_said_to_be_in_the_thread(office: Office) -> None:
    thread = Thread(office)
    thread.write("N: all well")
    office.says("/po project set visibility=restricted")
    told = office.says("/po-meet close")
    assert "The draft is not posted, for not everybody in its channel may read it" in told
    assert not any("Draft minutes" in text for text in thread.bot_says())


# --- Long messages ----------------------------------------------------------------------------


def test_sixty_lines_in_a_message_are_sixty_records(office: Office) -> None:
    thread = Thread(office)
    line = thread.write("\n".join(f"A: @ben thing {n} by fri" for n in range(60)))
    assert [row[1] for row in records(office)] == [f"thing {n}" for n in range(60)]
    assert thread.mark(line) == {TICK}


def test_what_is_not_kept_of_a_message_gets_a_question_mark(office: Office) -> None:
    thread = Thread(office)
    line = thread.write("\n".join(f"N: thing {n}" for n in range(210)))
    assert len(captures(office, "note")) == 200
    assert thread.mark(line) == {QUESTION}
    assert (
        "“N: thing 200” (written by Anna): only 200 lines of a message are read"
        in thread.bot_says()[-1]
    )
    office.anna.edits(line, "\n".join(f"N: thing {n}" for n in range(200)) + "\ntalk")
    assert thread.mark(line) == {TICK}
