"""Correcting minutes: whoever runs a meeting changes a line of its draft, asked or unasked."""

import pytest
from sqlalchemy import select

from bot.minutes import Minutes
from tests.office import Office
from tests.thread import Thread

WHOLE = "Action A1 · ask tax · Carla · Fri 4 Dec 2026"


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a closed meeting of Anna, who chaired it, Ben and Carla."""
    return held(office)


def held(office: Office) -> Thread:
    thread = Thread(office)
    thread.write("N: we meet in Room 5")
    thread.write("D: we use site B", office.ben)
    thread.write("A: @carla ask legal by 4 dec", office.carla)
    office.says("/po-meet close")
    office.ticks()
    return thread


def versions(office: Office) -> list[tuple[int, str]]:
    rows = office.stored(lambda s: s.scalars(select(Minutes).order_by(Minutes.id)).all())
    return [(row.version, row.state.value) for row in rows]


def text(office: Office) -> str:
    newest = select(Minutes).order_by(Minutes.id.desc()).limit(1)
    found: str = office.stored(lambda session: session.scalars(newest).one().text)
    return found


def everybody_approves(office: Office) -> None:
    for who in (office.anna, office.ben, office.carla):
        office.says("/po-meet approve", who)


def test_reopened_minutes_are_corrected_and_everybody_is_asked_anew(
    office: Office, thread: Thread
) -> None:
    everybody_approves(office)
    assert "[Correct a line …]" in office.says("/po-meet reopen the action is wrong")
    answer = office.says('/po-meet correct ask tax quote="ask legal"')
    assert "Version 3 waits for approval" in answer
    change = f"“Action A1 · ask legal · Carla · Fri 4 Dec 2026” now reads “{WHOLE}”"
    assert f"Anna: {change}" in answer
    assert versions(office) == [(1, "superseded"), (2, "superseded"), (3, "draft")]
    assert "- **Action** A1 · ask tax · Carla · Fri 4 Dec 2026\n" in text(office)
    assert "A1 · ask tax" in office.says("/po-action show A1")
    card = thread.bot_says()[-1]
    assert "Draft minutes, version 3: 0 of 3 agree" in card
    assert f"Anna: {change}" in card
    everybody_approves(office)
    assert versions(office)[-1] == (3, "approved")


def test_a_draft_nobody_objected_to_is_corrected_and_who_agreed_is_asked_again(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet approve", office.ben)
    assert "0 of 3 agree" in office.says("/po-meet correct Room 7 quote=Room 5")
    assert "- we meet in Room 7 (Anna)\n" in text(office)
    assert "version 2: 1 of 3 agree" in office.says("/po-meet approve", office.ben)


@pytest.mark.parametrize(
    "typed",
    [
        f"{WHOLE}",
        f'{WHOLE} quote="ask legal"',
        f"{WHOLE} quote=Action A1 · ask legal · Carla · Fri 4 Dec 2026",
        'ask tax quote="ASK  Legal"',
        "ask tax quote=«ask legal»",
        'quote="ask legal" ask tax',
        "tax quote=legal",
        f"line 6: {WHOLE}",
        f"Zeile 6: {WHOLE}",
        f"{WHOLE} line=6",
        "tax quote=legal line=6",
    ],
)
def test_the_line_is_named_as_one_types_it(office: Office, thread: Thread, typed: str) -> None:
    assert "Version 2 waits for approval" in office.says(f"/po-meet correct {typed}")
    assert "- **Action** A1 · ask tax · Carla · Fri 4 Dec 2026\n" in text(office)
    assert "ask legal" not in text(office)


def test_who_was_there_is_corrected_by_how_the_line_begins(office: Office, thread: Thread) -> None:
    office.says("/po-meet correct Present: Anna, Ben, Carla, Dora")
    assert "- Present: Anna, Ben, Carla, Dora\n" in text(office)


def test_a_line_nobody_can_tell_is_asked_for_and_chosen_by_a_click(
    office: Office, thread: Thread
) -> None:
    asked = office.types("/po-meet correct we meet in Room 7 (Anna)")
    assert "Which line?" in asked.text
    assert versions(office) == [(1, "draft")]
    office.anna.clicks("4 · we meet in Room 5 (Anna)", asked)
    office.box.wait_for(lambda: "Version 2 waits for approval" in asked.text)
    assert "- we meet in Room 7 (Anna)\n" in text(office)
    assert "Room 5" not in text(office)


def test_words_of_several_lines_are_asked_back(office: Office, thread: Thread) -> None:
    asked = office.says("/po-meet correct Cara quote=Carla")
    assert "Which line?" in asked
    assert "[3 · Present: Anna, Ben, Carla]" in asked
    assert "[6 · Action A1 · ask legal · Carla · Fri 4 Dec 2026]" in asked
    assert "Room 5" not in asked
    office.says("/po-meet correct Cara quote=Carla line=3")
    assert "- Present: Anna, Ben, Cara\n" in text(office)


def test_what_is_missing_is_added(office: Office, thread: Thread) -> None:
    assert "[None of them: add it]" in office.says("/po-meet correct Money was not spoken of")
    answer = office.says("/po-meet correct Money was not spoken of line=0")
    assert "Anna added: “Money was not spoken of”" in answer
    assert text(office).endswith("\n## Corrections\n- Money was not spoken of\n")


def test_a_line_there_is_not_is_refused(office: Office, thread: Thread) -> None:
    assert "There is no line 9: these minutes have 6." in office.says("/po-meet correct x line=9")
    assert "No line of the minutes says “Rom 5”." in office.says("/po-meet correct x quote=Rom 5")
    assert versions(office) == [(1, "draft")]


def test_the_form_corrects_too(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    answer = office.types("/po-meet reopen the room is wrong")
    office.anna.clicks("Correct a line …", answer)
    office.anna.fills({"It shall read": "Room 7", "The line as it is": "Rom 5"})
    assert office.anna.submits() == {"The line as it is": "No line of the minutes says “Rom 5”."}
    office.anna.fills({"The line as it is": "Room 5"})
    assert office.anna.submits() == {}
    assert "- we meet in Room 7 (Anna)\n" in text(office)


def test_a_lead_who_was_not_there_corrects_and_who_does_not_run_the_meeting_may_not(
    office: Office, thread: Thread
) -> None:
    office.says("/po project people @dora lead")
    assert "one has to be" in office.says("/po-meet correct Room 7 quote=Room 5", office.ben)
    assert "Room 5" not in office.says("/po-meet correct Room 7", office.carla)
    assert versions(office) == [(1, "draft")]
    answer = office.says("/po-meet correct Room 7 quote=Room 5 in ALPHA", office.dora)
    assert "Dora: “we meet in Room 5 (Anna)” now reads “we meet in Room 7 (Anna)”" in answer


def test_a_correction_of_another_line_answers_no_objection(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    office.says('/po-meet correct site C quote="site B"')
    assert "Ben objects to “we meet in Room 5 (Anna)”: it was Room 7" in thread.bot_says()[-1]
    answer = office.says('/po-meet correct Room 7 quote="Room 5"')
    assert "Ben objected; “we meet in Room 5 (Anna)” now reads “we meet in Room 7" in answer
    assert "Ben objects" not in thread.bot_says()[-1]


def test_approved_minutes_are_corrected_after_a_reopening_only(
    office: Office, thread: Thread
) -> None:
    everybody_approves(office)
    answer = office.says("/po-meet correct Room 7 quote=Room 5")
    assert "No minutes wait for approval. meet reopen makes a new version" in answer
    assert versions(office) == [(1, "approved")]


def test_a_correction_is_undone(office: Office, thread: Thread) -> None:
    office.says("/po-meet correct Room 7 quote=Room 5")
    assert "Undone" in office.says("/po undo")
    assert versions(office) == [(1, "draft"), (2, "withdrawn")]


# --- Several drafts ---------------------------------------------------------------------------


@pytest.fixture
def two(office: Office) -> Office:
    """Drafts of Tue 24 Nov and of Tue 1 Dec wait, and silence is no consent."""
    held(office)
    office.says("/po-meet silence 0 of 1")
    office.waits_until(1, 9, month=12)
    thread = Thread(office)
    thread.write("N: we meet in Room 9")
    thread.write("N: it rains", office.ben)
    office.says("/po-meet close")
    return office


def test_a_quote_tells_which_of_two_drafts_is_corrected(two: Office) -> None:
    assert "Tue 24 Nov 2026, version 2" in two.says("/po-meet correct Room 7 quote=Room 5")
    assert "Tue 1 Dec 2026, version 2" in two.says("/po-meet correct Room 7 quote=Room 9")


def test_a_day_tells_which_of_two_drafts_is_corrected(two: Office) -> None:
    asked = two.says("/po-meet correct at Room 7 quote=in Room")
    assert "Which one?" in asked
    assert "[Jour fixe, Tue 24 Nov 2026, 09:00]" in asked
    typed = "/po-meet correct at Room quote=in Room day="
    assert "Tue 24 Nov 2026, version 2" in two.says(f"{typed}24 nov")
    assert "Tue 1 Dec 2026, version 2" in two.says(f"{typed}tue")


@pytest.mark.parametrize("day", ["24 nov", "on 24 nov", "24.11.", "am 24. November", "day=24 nov"])
def test_a_day_tells_which_minutes_are_approved(two: Office, day: str) -> None:
    assert "Which one?" in two.says("/po-meet approve", two.ben)
    assert "Tue 24 Nov 2026, version 1: 1 of 3 agree" in two.says(
        f"/po-meet approve {day}", two.ben
    )
    assert "Tue 1 Dec 2026, version 1: 1 of 2 agree" in two.says("/po-meet approve tue", two.ben)


def test_a_day_without_minutes_that_wait_names_those_that_do(two: Office) -> None:
    answer = two.says("/po-meet approve 25 nov", two.ben)
    assert "No minutes of that day wait for your approval." in answer
    assert "Jour fixe, Tue 24 Nov 2026, Jour fixe, Tue 1 Dec 2026" in answer
    assert "Jour fixe" not in two.says("/po-meet approve and good", two.ben)


def test_a_day_tells_which_minutes_are_objected_to(two: Office) -> None:
    answer = two.says("/po-meet object not on 24 nov day=24 nov", two.ben)
    assert "not on 24 nov" in answer
    assert "Tue 24 Nov 2026, version 1" in answer
