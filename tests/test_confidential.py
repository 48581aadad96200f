"""What is confidential in a meeting is read by who was invited or there, and by nobody else."""

import pytest
from sqlalchemy import select

from bot.minutes import Minutes
from tests.office import Office
from tests.thread import Thread

SECRET = "80000"


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of an open meeting of Anna and Ben that talks about what Gus earns."""
    office.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @ben')
    office.says("/po-meet invite")
    office.says("/po-meet topic Salary of Gus 5m confidential=yes")
    thread = Thread(office, "Board")
    thread.write("#topic Salary of Gus")
    thread.write("D: Gus gets 80000 from January")
    thread.write("N: Gus wanted 90000", office.ben)
    thread.write("A: @ben tell Gus of his 80000 by fri")
    return thread


@pytest.fixture
def closed(office: Office, thread: Thread) -> Thread:
    office.says("/po-meet close")
    return thread


def text(office: Office) -> str:
    newest = select(Minutes).order_by(Minutes.id.desc()).limit(1)
    found: str = office.stored(lambda session: session.scalars(newest).one().text)
    return found


def tells(thread: Thread, secret: str = SECRET) -> list[str]:
    """What the bot says of a secret in the channel and its threads."""
    office = thread.office
    office.bot.attendant.attend()
    office.delivered()
    said = [m for m in office.anna.reads(office.alpha) if m.bot_id and m.ephemeral_for is None]
    return [words for m in said if secret in (words := office.box.text_of(m))]


# --- Entries ----------------------------------------------------------------------------------

LINES = (
    "/po-action",
    "/po-action find Gus",
    "/po-action show A1",
    "/po-action move A1 10 dec",
    "/po decision",
    "/po decision closed",
    "/po decision show D1",
    "/po-meet decisions",
    "/po-meet decisions Gus",
    "/po-meet minutes",
)


def test_what_was_recorded_is_read_by_those_invited(office: Office, closed: Thread) -> None:
    for line in ("/po-action", "/po-action show A1", "/po-meet decisions", "/po-meet minutes"):
        assert SECRET in office.says(line, office.ben)
    for line in LINES:
        assert SECRET not in office.says(line, office.carla)
    assert "There is no action A1 in Alpha." in office.says("/po-action show A1", office.carla)


def test_in_a_public_project_nobody_else_reads_it(office: Office, closed: Thread) -> None:
    office.says("/po project set visibility=public")
    erna = office.box.user("erna", real_name="Erna")
    for line in LINES:
        assert SECRET not in office.says(f"{line} in ALPHA", erna)


def test_it_is_in_the_export_of_those_invited_only(office: Office, closed: Thread) -> None:
    assert "1 line" in office.says("/po export actions csv", office.ben)
    assert "0 lines" in office.says("/po export actions csv", office.carla)


def test_nothing_of_it_is_posted(office: Office, closed: Thread) -> None:
    office.says("/po-action move A1 25 nov", office.ben)
    office.says("/po-action done A1", office.ben)
    office.says("/po-meet publish")
    for day in (26, 27, 30):
        office.waits_until(day, 15)
    assert tells(closed) == []
    assert not any(SECRET in told for told in office.told(office.carla))


def test_it_is_brought_to_the_lead_and_to_no_sponsor_who_was_not_there(
    office: Office, closed: Thread
) -> None:
    office.says("/po project people @carla sponsor")
    office.ticks()
    for day in (2, 8):
        office.waits_until(day, 9, month=12)
    assert any("tell Gus" in told for told in office.told(office.anna))
    assert not any("tell Gus" in told for told in office.told(office.carla))


def test_the_audit_trail_tells_it_to_those_who_may_run_meetings(
    office: Office, closed: Thread
) -> None:
    office.says("/po project people @carla program")
    office.says('/po-meet object it was 85000 quote="80000 from January"', office.ben)
    office.says("/po-action note A1 not before he has signed the 80000", office.ben)
    assert "85000" in office.says("/po audit")
    trail = office.says("/po audit", office.carla)
    assert "something confidential" in trail
    for secret in (SECRET, "85000", "90000", "Salary"):
        assert secret not in trail


def test_its_owner_is_told_of_it_and_reads_it(office: Office, thread: Thread) -> None:
    thread.write("A: @carla book 80000 by fri")
    office.says("/po-meet close")
    assert any("book 80000" in told for told in office.told(office.carla))
    assert "book 80000" in office.says("/po-action", office.carla)
    assert "tell Gus" not in office.says("/po-action", office.carla)


def test_a_line_that_moves_to_another_item_is_as_confidential_as_that(
    office: Office, thread: Thread
) -> None:
    said = thread.write("#topic Lunch")
    thread.write("A: @ben order pizza for 80000 by fri")
    assert "order pizza" in office.says("/po-action", office.carla)
    office.anna.deletes(said)
    office.bot.attendant.attend()
    assert "order pizza" not in office.says("/po-action", office.carla)


def test_what_was_captured_is_listed_for_those_invited(office: Office, thread: Thread) -> None:
    assert SECRET in office.says("/po-meet captured", office.ben)
    assert SECRET not in office.says("/po-meet captured", office.carla)


def test_what_misses_a_date_is_asked_for_without_its_words(office: Office, thread: Thread) -> None:
    thread.write("A: count the 80000")
    assert any("A2 (" in said and "who, and until when?" in said for said in thread.bot_says())
    assert tells(thread) == []


def test_a_confidential_topic_turned_into_an_issue_stays_one(office: Office) -> None:
    office.says('/po-meet new "Board" every tue 10:00-10:45 with @anna @ben')
    office.says("/po-meet invite")
    office.says("/po-meet topic Gus wants 80000 confidential=yes")
    assert "I1" in office.says("/po-meet turn T1 into issue @ben")
    assert SECRET in office.says("/po issue", office.ben)
    assert SECRET not in office.says("/po issue", office.carla)
    assert not any(SECRET in said for said in office.sees())


def test_what_was_not_finished_and_becomes_an_action_stays_one(office: Office) -> None:
    office.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @ben')
    office.says("/po-meet invite")
    for words in ("Lunch", "Gus wants 80000 confidential=yes"):
        office.says(f"/po-meet topic {words}")
    thread = Thread(office, "Board")
    office.says("/po-meet close")
    assert "A1" in office.says("/po-meet unfinished") + office.says(
        "/po-meet action pay Gus 80000 item=2 owner=@ben"
    )
    assert SECRET in office.says("/po-action", office.ben)
    assert SECRET not in office.says("/po-action", office.carla)
    assert tells(thread) == []


# --- Who reads it -----------------------------------------------------------------------------


def test_who_is_invited_later_reads_nothing_of_before(office: Office, closed: Thread) -> None:
    office.passes(hours=2)
    office.says("/po-meet invite @carla of Board")
    for line in LINES:
        assert SECRET not in office.says(line, office.carla)


def test_who_was_there_reads_it(office: Office, thread: Thread) -> None:
    thread.write("N: hello", office.carla)
    office.says("/po-meet close")
    assert SECRET in office.says("/po-meet minutes", office.carla)
    assert SECRET in office.says("/po-action", office.carla)


def test_who_was_invited_and_is_no_longer_still_reads_it(office: Office) -> None:
    office.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @carla')
    office.says("/po-meet invite")
    office.says("/po-meet topic Salary of Gus 5m confidential=yes")
    thread = Thread(office, "Board")
    thread.write("#topic Salary of Gus")
    thread.write("D: Gus gets 80000 from January")
    office.says("/po-meet close")
    office.passes(hours=2)
    office.says("/po-meet uninvite @carla of Board")
    assert SECRET in office.says("/po-meet minutes", office.carla)
    assert SECRET in office.says("/po decision", office.carla)


def test_who_is_only_informed_does_not_read_it(office: Office) -> None:
    office.says('/po-meet new "Board" every tue 9:30-10:30 with @anna @ben informed @carla')
    office.says("/po-meet invite")
    office.says("/po-meet topic Gus gets 80000 5m confidential=yes")
    assert SECRET in office.says("/po-meet agenda", office.ben)
    assert SECRET not in office.says("/po-meet agenda", office.carla)


def test_the_lead_reads_of_what_they_may_run(office: Office) -> None:
    office.says("/po project people @carla lead")
    line = '/po-meet new "Board" every tue 9:30-10:30 with @anna @ben chair=@ben'
    office.says(line)
    office.says("/po-meet invite")
    office.says("/po-meet topic Salary of Gus 5m confidential=yes")
    thread = Thread(office, "Board")
    thread.write("#topic Salary of Gus", office.ben)
    thread.write("D: Gus gets 80000 from January", office.ben)
    office.says("/po-meet close")
    for line in ("/po-meet minutes", "/po decision"):
        assert SECRET in office.says(line, office.carla)


# --- Objections and corrections ---------------------------------------------------------------


def test_an_objection_to_a_confidential_line_is_shown_without_it(
    office: Office, closed: Thread
) -> None:
    answer = office.says('/po-meet object it was 85000 quote="80000 from January"', office.ben)
    assert "80000" in answer
    assert "Ben objects to something confidential" in closed.bot_says()[-1]
    assert tells(closed) == tells(closed, "85000") == []
    assert "80000 from January" in office.told(office.anna)[-1]
    office.anna.clicks("Correct for Ben …", office.told_messages(office.anna)[-1])
    assert office.anna.view is not None
    assert SECRET in office.box.text_of(office.anna.view)


def test_a_correction_of_a_confidential_line_is_confidential(
    office: Office, closed: Thread
) -> None:
    office.says('/po-meet object it was 85000 quote="80000 from January"', office.ben)
    answer = office.says("/po-meet correct Decision D1 · Gus gets 85000 from January")
    assert "85000" in answer
    assert "85000" in text(office)
    assert "Ben objected; something confidential reads otherwise now" in closed.bot_says()[-1]
    assert tells(closed) == tells(closed, "85000") == []
    assert "85000" not in office.says("/po-meet minutes", office.carla)


def test_a_correction_nobody_asked_for_keeps_what_is_confidential(
    office: Office, closed: Thread
) -> None:
    assert "85000" in office.says("/po-meet correct 85000 quote=80000 line=4")
    assert "- **Decision** D1 · Gus gets 85000 from January\n" in text(office)
    assert "Anna: something confidential reads otherwise now" in closed.bot_says()[-1]
    assert tells(closed) == tells(closed, "85000") == []


def test_a_correction_that_quotes_no_line_is_taken_for_confidential(
    office: Office, closed: Thread
) -> None:
    office.says("/po-meet object it was 85000", office.ben)
    office.says("/po-meet correct Gus gets 85000")
    assert "- 🔒 Gus gets 85000\n" in text(office)
    assert tells(closed, "85000") == []


def test_an_objection_that_is_not_followed_is_shown_without_its_words(
    office: Office, closed: Thread
) -> None:
    office.says('/po-meet object it was 85000 quote="80000 from January"', office.ben)
    office.says("/po-meet overrule we said 80000")
    assert "Ben's objection to something confidential was not followed." in closed.bot_says()[-1]
    assert tells(closed) == tells(closed, "85000") == []


# --- The sign of it ---------------------------------------------------------------------------


def test_a_lock_that_was_typed_hides_nothing(office: Office) -> None:
    thread = Thread(office)
    thread.write("#topic Buy a 🔒 for the bikes")
    thread.write("D: we buy two")
    thread.write("N: 🔒 they cost 20")
    thread.write("#topic 🔒 Keys")
    thread.write("N: Ben has one")
    office.says("/po-meet close")
    read = office.says("/po-meet minutes", office.carla)
    for words in ("Buy a 🔒 for the bikes", "we buy two", "🔒 they cost 20", "🔒 Keys", "has one"):
        assert words in read
    assert "left out" not in read
