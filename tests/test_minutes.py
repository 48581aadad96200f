"""Minutes: a meeting closes, what was said stands in a text, what came of it in the channel."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import history
from bot.agenda import AgendaItem, Topic
from bot.minutes import Minutes
from bot.minutes_views import outside, plain
from tests.office import Office
from tests.thread import Thread

SERIES = '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben @carla taker @ben'


@pytest.fixture
def thread(office: Office) -> Thread:
    """A meeting that has talked about two topics and come to a decision, two actions, a risk."""
    thread = Thread(office)
    thread.write("#topic Where we test")
    thread.write("D: we use site B, because cheaper", office.ben)
    thread.write("A: @ben book room by fri")
    thread.write("#link https://example.com/a_b the plan")
    thread.write("#topic Who pays")
    thread.write("R: customs delay p3 i4", office.carla)
    thread.write("A: @carla ask legal by 4 dec")
    thread.write("N: the supplier was not there")
    return thread


def text(office: Office) -> str:
    """The newest version of the minutes, to the letter."""
    newest = select(Minutes).order_by(Minutes.id.desc()).limit(1)
    found: str = office.stored(lambda session: session.scalars(newest).one().text)
    return found


def draft(thread: Thread) -> str:
    """The draft as the meeting's thread shows it."""
    return next(said for said in reversed(thread.bot_says()) if "Draft minutes" in said)


def digest(office: Office) -> str:
    """The card the channel has of the meeting."""
    return next(said for said in reversed(office.sees()) if "Show the minutes" in said)


@pytest.mark.both_databases
def test_a_meeting_closes_with_its_draft_in_the_thread(office: Office, thread: Thread) -> None:
    office.passes(minutes=40)
    answer = office.says("/po-meet close")
    assert "Meeting closed\nJour fixe, Tue 24 Nov 2026" in answer
    assert "Asked to approve: Anna, Ben, Carla." in answer
    assert text(office) == (
        "# Jour fixe, Tue 24 Nov 2026\n\n"
        "- **Alpha** · Tue 24 Nov, 09:00–09:40 (Europe/Berlin)\n"
        "- Chair: Anna\n\n"
        "## Attendance\n\n"
        "- Present: Anna, Ben, Carla\n\n"
        "## 1. Where we test\n\n"
        "- **Decision** D1 · we use site B, because cheaper\n"
        "- **Action** A1 · book room · Ben · Fri 27 Nov 2026\n"
        "- the plan <https://example.com/a_b>\n\n"
        "## 2. Who pays\n\n"
        "- **Risk** R1 · customs delay · 12 of 25, medium · review Tue 8 Dec 2026\n"
        "- **Action** A2 · ask legal · Carla · Fri 4 Dec 2026\n"
        "- the supplier was not there (Anna)\n"
    )
    shown = draft(thread)
    assert "• Decision D1 · we use site B, because cheaper" in shown
    assert "• the plan https://example.com/a_b" in shown
    assert "Draft minutes, version 1: 0 of 3 agree" in shown


def test_the_channel_reads_what_came_of_it_by_person(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    shown = digest(office)
    assert "Draft minutes: those who were there are asked to approve them" in shown
    assert "Decided\n• D1 · we use site B" in shown
    assert "Ben\n• A1 · book room · Fri 27 Nov 2026" in shown
    assert "Carla\n• A2 · ask legal · Fri 4 Dec 2026" in shown
    assert "Raised\n• R1 · customs delay" in shown
    assert "the supplier" not in shown


def test_the_card_of_the_meeting_shows_that_it_is_over(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    head = office.sees()[0]
    assert "Minutes of Jour fixe" in head
    assert "[Next]" not in head


def test_owners_hear_what_became_theirs_when_it_closes(office: Office, thread: Thread) -> None:
    assert office.told(office.carla) == []
    office.says("/po-meet close")
    assert "A2 · ask legal" in office.told(office.carla)[-1]


def test_an_action_is_linked_to_the_decision_of_its_topic(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    assert "carried out by A1 · book room" in office.says("/po decision show D1")
    assert "carries out D1 · we use site B" in office.says("/po-action show A1")
    assert "carries out" not in office.says("/po-action show A2")


def test_an_action_before_its_decision_is_linked_to_it_all_the_same(office: Office) -> None:
    thread = Thread(office)
    thread.write("#topic Where we test")
    thread.write("A: @ben book room by fri")
    thread.write("D: we use site B")
    office.says("/po-meet close")
    assert "carried out by A1" in office.says("/po decision show D1")


def test_a_meeting_closes_once(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    assert "No meeting of Alpha is open" in office.says("/po-meet close")
    assert office.stored(lambda s: len(s.scalars(select(Minutes)).all())) == 1


@pytest.mark.both_databases
def test_of_two_who_close_at_once_one_does(office: Office, thread: Thread) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _n: office.says("/po-meet close"), range(2)))
    assert sum("Meeting closed" in answer for answer in answers) == 1
    assert office.stored(lambda s: len(s.scalars(select(Minutes)).all())) == 1


def test_only_who_runs_a_meeting_closes_it(office: Office, thread: Thread) -> None:
    assert "one has to be: lead, office" in office.says("/po-meet close", office.carla)
    office.says("/po project people @carla office")
    assert "Meeting closed" in office.says("/po-meet close", office.carla)


def test_the_minute_taker_closes_it(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    office.passes(hours=1)
    office.says("/po-meet start", office.ben)
    assert "Meeting closed" in office.says("/po-meet close", office.ben)
    assert "- Chair: Anna · Minutes: Ben" in text(office)


def test_regrets_and_who_did_not_come_are_named(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    office.says("/po-meet no on a train", office.carla)
    office.passes(hours=1)
    thread = Thread(office, "")
    thread.write("N: we wait")
    office.says("/po-meet close")
    assert "- Present: Anna\n" in text(office)
    assert "- Absent: Ben\n" in text(office)
    assert "- Regrets: Carla\n" in text(office)


def test_who_is_away_is_not_called_absent(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    office.says("/po away until fri", office.ben)
    office.passes(hours=1)
    Thread(office, "").write("N: we wait")
    office.says("/po-meet close")
    assert "- Away: Ben\n" in text(office)


def test_a_meeting_nobody_said_anything_in_has_minutes_too(office: Office) -> None:
    Thread(office)
    office.says("/po-meet close")
    assert "- Present: Anna\n" in text(office)


# --- What was not finished --------------------------------------------------------------------


@pytest.fixture
def rest(office: Office) -> Thread:
    """A meeting with three topics of which it came to one."""
    office.says(SERIES)
    office.says("/po-meet invite")
    for topic in ("Where we test", "Who pays", "Summer party"):
        office.says(f"/po-meet topic {topic}")
    office.passes(hours=1)
    thread = Thread(office, "")
    thread.write("N: we begin")
    return thread


def topics(office: Office) -> list[tuple[str, int, str | None]]:
    """Every topic, how often it was carried, and how it ended."""

    def look(session: Session) -> list[tuple[str, int, str | None]]:
        rows = session.scalars(select(Topic).order_by(Topic.id))
        return [(row.title, row.carried, row.outcome) for row in rows]

    found: list[tuple[str, int, str | None]] = office.stored(look)
    return found


def test_what_was_not_finished_is_carried_unless_somebody_says_otherwise(
    office: Office, rest: Thread
) -> None:
    answer = office.says("/po-meet close")
    assert "2 topics were not finished:" in answer
    assert "Not finished, so carried to the next meeting: Who pays" in answer
    assert topics(office) == [
        ("Where we test", 0, "discussed"), ("Who pays", 1, None), ("Summer party", 1, None),
    ]  # fmt: skip
    assert "## Not finished\n" in text(office)
    assert "Who pays" in digest(office)


def test_a_topic_is_dropped_by_a_click_in_the_thread(office: Office, rest: Thread) -> None:
    answer = office.types("/po-meet close")
    office.anna.clicks("Drop", answer, near="Summer party")
    office.box.wait_for(lambda: topics(office)[2] == ("Summer party", 1, "dropped"))
    assert any("Dropped: Summer party" in said for said in rest.bot_says())
    assert "Dropped: Summer party" in office.says("/po-meet unfinished")


def test_a_dropped_topic_may_be_carried_after_all(office: Office, rest: Thread) -> None:
    office.says("/po-meet close")
    number = office.stored(
        lambda s: s.scalar(select(AgendaItem.id).where(AgendaItem.title == "Who pays"))
    )
    office.says(f"/po-meet drop item={number}")
    assert "dropped already" in office.says(f"/po-meet drop item={number}")
    assert "carried to the next meeting" in office.says(f"/po-meet carry item={number}")
    assert topics(office)[1] == ("Who pays", 1, None)
    assert "Who pays" in office.says("/po-meet agenda")


def test_a_topic_becomes_an_action_by_a_form_that_is_filled_in(
    office: Office, rest: Thread
) -> None:
    answer = office.types("/po-meet close")
    office.anna.clicks("Action …", answer, near="Summer party")
    assert office.anna.view is not None
    assert "Summer party" in office.box.text_of(office.anna.view)
    office.anna.fills({"Owner": office.ben})
    assert office.anna.submits() == {}
    assert "A1 · Summer party · Ben" in office.says("/po-action")
    assert topics(office)[2][2] == "action"
    assert any("Anna made it an action: Summer party" in said for said in rest.bot_says())


def test_what_is_confidential_is_not_named_when_it_was_not_finished(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    for words in ("Salary of Gus confidential=yes", "Summer party", "Who pays"):
        office.says(f"/po-meet topic {words}")
    office.says("/po-meet start")
    office.says("/po-meet park")
    closed = office.says("/po-meet close")
    asked = office.says("/po-meet drop", office.carla)
    assert "[Confidential item]" in asked
    number = office.stored(
        lambda s: s.scalar(select(AgendaItem.id).where(AgendaItem.is_confidential))
    )
    assert "A1 · Confidential item" in office.says(f"/po-meet action item={number} owner=@ben")
    for told in (closed, asked, *office.sees(), *office.told(office.ben)):
        assert "Salary" not in told


def test_others_do_not_decide_what_becomes_of_a_topic(office: Office, rest: Thread) -> None:
    office.says("/po-meet close")
    assert "one has to be" in office.says("/po-meet drop item=1", office.carla)
    assert "There is no such item here." in office.says("/po-meet drop item=99")


def test_what_is_said_after_the_last_item_stands_after_the_agenda(
    office: Office, rest: Thread
) -> None:
    for line in ("N: site B", "next", "next", "N: Ben sings", "next", "N: one more thing"):
        rest.write(line)
    rest.write("A: @ben order it by fri")
    office.says("/po-meet close")
    assert text(office).partition("## 1. ")[2] == (
        "Where we test\n\n- we begin (Anna)\n- site B (Anna)\n\n"
        "## 2. Who pays\n\n- Nothing was noted.\n\n"
        "## 3. Summer party\n\n- Ben sings (Anna)\n\n"
        "## After the agenda\n\n"
        "- one more thing (Anna)\n"
        "- **Action** A1 · order it · Ben · Fri 27 Nov 2026\n"
    )
    assert "Before the agenda" not in draft(rest)


def test_what_is_said_before_and_after_the_topics_is_told_apart(office: Office) -> None:
    thread = Thread(office)
    for line in ("N: we wait", "#topic Who pays", "N: nobody", "next", "N: one more thing"):
        thread.write(line)
    office.says("/po-meet close")
    headings = [line for line in text(office).split("\n") if line[:3] in ("## ", "- w", "- o")]
    assert headings == [
        "## Attendance", "## Before the agenda", "- we wait (Anna)", "## 1. Who pays",
        "## After the agenda", "- one more thing (Anna)",
    ]  # fmt: skip


def test_a_parked_topic_of_the_thread_does_not_begin_the_agenda(office: Office) -> None:
    thread = Thread(office)
    for line in ("N: we wait", "#topic Who pays", "park", "#topic Summer party"):
        thread.write(line)
    office.says("/po-meet close")
    assert "## Before the agenda\n\n- we wait (Anna)\n" in text(office)


def test_a_meeting_nobody_wrote_a_line_in_talked_about_nothing(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    office.says("/po-meet topic Who pays")
    office.passes(hours=1)
    Thread(office, "")
    office.passes(days=1)
    assert "1 topic was not finished:" in office.says("/po-meet close")
    assert topics(office) == [("Who pays", 1, None)]
    assert text(office).endswith("## Not finished\n\n- 1\\. Who pays\n")
    assert "Tue 24 Nov, 10:00–10:45 (Europe/Berlin)" in text(office)  # it was forgotten overnight


def test_what_was_dropped_before_a_meeting_is_not_carried_by_it(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    for topic in ("Where we test", "Who pays", "Summer party"):
        office.says(f"/po-meet topic {topic}")
    office.says("/po-meet item T2 drop")
    office.passes(hours=1)
    Thread(office, "").write("N: we begin")
    answer = office.says("/po-meet close")
    assert "1 topic was not finished:" in answer
    assert "Who pays" not in answer + text(office) + digest(office)
    assert topics(office)[1] == ("Who pays", 0, "dropped")
    assert "Who pays" not in office.says("/po-meet agenda")
    assert "Dropped: Who pays" in office.says("/po-meet unfinished")


def test_what_was_parked_is_said_to_be_put_off_whatever_it_is(office: Office) -> None:
    office.says(SERIES)
    office.says("/po-meet invite")
    office.says("/po-risk add Supplier has no capacity p4 i5 @ben")
    office.says("/po-meet topic Who pays")
    office.passes(hours=1)
    thread = Thread(office, "")
    for line in ("park", "N: everybody"):
        thread.write(line)
    office.says("/po-meet close")
    assert "## 2. Who pays\n\n- everybody (Anna)\n" in text(office)
    assert "## Not finished\n\n- 1\\. Risks\n" in text(office)
    assert "no topic is left" in office.says("/po-meet unfinished")
    lines = office.says("/po-meet agenda").splitlines()
    risks = next(n for n, line in enumerate(lines) if "Risks · " in line)
    assert "carried once" in lines[risks:]


# --- Undo -------------------------------------------------------------------------------------


def test_closing_too_early_is_undone(office: Office, thread: Thread) -> None:
    answer = office.types("/po-meet close")
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "Undone" in answer.text)
    assert any("Version 1 was taken back" in said for said in thread.bot_says())
    assert "The minutes were taken back" in digest(office)
    assert "[Close]" in office.sees()[0]
    thread.write("D: we ship")
    assert "Meeting closed" in office.says("/po-meet close")
    assert "D2 · we ship" in text(office)
    assert "version 2" in draft(thread)


def test_closing_is_not_undone_once_somebody_has_answered(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    office.says("/po-meet approve", office.ben)
    assert "Ben changed it since" in office.says("/po undo")


# --- Reading them -----------------------------------------------------------------------------


def test_minutes_are_read_again_by_day_or_as_the_last_ones(office: Office, thread: Thread) -> None:
    assert "has no minutes yet" in office.says("/po-meet minutes")
    office.says("/po-meet close")
    for line in ("/po-meet minutes", "/po-meet minutes last", "/po-meet minutes tue",
                 "/po minutes", "/po minutes 24 nov"):  # fmt: skip
        assert "Decision D1 · we use site B" in office.says(line)
    assert "There are no minutes of that day" in office.says("/po-meet minutes 20 nov")
    assert "cannot read" in office.says("/po-meet minutes blurb")


def test_minutes_come_as_a_file(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    answer = office.says("/po-meet minutes file")
    assert "alpha-minutes-2026-11-24-v1.md comes as a direct message." in answer
    office.delivered()
    (file,) = office.told_messages(office.anna)[-1].files
    known = office.box.backend.workspace.files[file]
    assert (known.content or b"").decode() == text(office)


def test_who_is_of_another_project_reads_none_of_it(office: Office, thread: Thread) -> None:
    office.says("/po-meet close")
    eve = office.box.user("eve", real_name="Eve")
    there = office.box.channel("there", members=[eve])
    assert "we use site B" not in office.says("/po-meet minutes in ALPHA", eve, there)
    assert "we use site B" not in office.says("/po-meet minutes minutes=1", office.gus)


def test_a_long_meeting_is_split_and_paged(office: Office) -> None:
    thread = Thread(office)
    for number in range(60):
        thread.write(f"N: {number} " + "word " * 60)
    office.says("/po-meet close")
    parts = [said for said in thread.bot_says() if "word" in said]
    assert len(parts) > 1
    answer = office.types("/po-meet minutes")
    assert "[Next page]" in answer.text
    assert "0 word" in answer.text
    assert "59 word" in "\n".join(parts)


# --- Hostile text -----------------------------------------------------------------------------

HOSTILE = "*bold* _it_ `c` <!channel> [a](b) # no & <script> \\ ~x~ | 1. one"


def test_what_was_typed_is_text_in_every_view(office: Office) -> None:
    thread = Thread(office)
    thread.write(f"N: {HOSTILE}")
    thread.write(f"D: # {HOSTILE}", office.ben)
    office.says("/po-meet close")
    assert HOSTILE in draft(thread)
    assert f"D1 · # {HOSTILE}" in digest(office)
    assert HOSTILE in plain(text(office))
    assert r"\*bold\* \_it\_ \`c\` \<!channel\>" in text(office)


# --- What leaves the project ------------------------------------------------------------------


def test_what_is_confidential_stays_inside(office: Office) -> None:
    thread = Thread(office)
    thread.write("#topic Where we test")
    thread.write("D: we use site B")
    thread.write("#topic Salaries")
    with office.bot.sessions.begin() as session:
        history.begin(session, None, "test", office.now)
        salaries = select(AgendaItem).where(AgendaItem.title == "Salaries")
        session.scalars(salaries).one().is_confidential = True
    thread.write("A: @ben cut them by fri")
    office.says("/po-meet close")
    assert "## 2. 🔒 Salaries" in text(office)
    assert "cut them" in office.says("/po-meet minutes")
    assert "cut them" not in office.says("/po-meet minutes", office.carla)
    assert "cut them" not in draft(thread)
    assert "Confidential, left out" in draft(thread)
    assert "cut them" not in digest(office)
    assert "1 confidential record is left out" in digest(office)
    gone = outside(text(office))
    assert "we use site B" in gone
    for secret in ("Salaries", "cut them"):
        assert secret not in gone
    assert "Confidential, left out" in gone
