"""Naming meetings: the words behind ``of`` mean a series or nothing, never a reason or a title."""

import pytest

from tests.jour_fixe import arranged, clicked, coming
from tests.office import Office


@pytest.fixture
def supplied(office: Office) -> Office:
    """The jour fixe, and a talk with suppliers on Thursdays."""
    arranged(office)
    office.says('/po-meet new "Supplier sync" every thu 14:00 30m with @ben from 30 nov')
    office.says("/po-meet invite of 2")
    return office


@pytest.mark.parametrize(
    "line",
    [
        'cancel of "Supplir sync"',
        'yes of "Supplir sync"',
        'no 1 dec of "Supplir sync"',
        'topic Decide it of "Supplir sync"',
        'place Room 12 of "Supplir sync"',
        "cancel of Supplir sync",
        "cancel of Supplir sync, Ben is away",
        "topic Decide it of Suplier sync 15m",
        "show of Supplir sync",
        'start of "Supplir sync"',
        "start of Supplir sync",
    ],
)
def test_a_mistyped_name_does_nothing_to_another_meeting(supplied: Office, line: str) -> None:
    before = supplied.says("/po-meet show of 1"), supplied.says("/po-meet show of 2")
    told = supplied.says(f"/po-meet {line}")
    assert "There is no meeting “Sup" in told
    assert "[2 · Supplier sync]" in told
    assert before == (supplied.says("/po-meet show of 1"), supplied.says("/po-meet show of 2"))


@pytest.mark.parametrize("name", ["7", '"Board"', '"Sup plier"'])
def test_what_is_quoted_or_a_number_names_a_meeting_only(supplied: Office, name: str) -> None:
    answer = supplied.types(f"/po-meet cancel of {name} sure=yes")
    title = name.strip('"')
    assert f"There is no meeting “{title}” in Alpha" in answer.text
    assert "[1 · Jour fixe] [2 · Supplier sync]" in answer.text


def test_the_meeting_chosen_takes_the_place_of_the_wrong_name(supplied: Office) -> None:
    answer = supplied.types('/po-meet cancel 3 dec of "Supplir sync" Ben & Carla are away')
    clicked(supplied, "2 · Supplier sync", answer, "Is that what you want?")
    told = clicked(supplied, "Yes, do it", answer, "[Undo]")
    reason = "Ben & Carla are away"
    assert told.startswith(f"Thu 3 Dec, 14:00 cancelled, reason: {reason}\nSupplier sync")
    assert "Tue 01 Dec 10:00" in coming(supplied)


@pytest.mark.parametrize("name", ["Supplier", "supp", '"Supplier"', "supplier sync"])
def test_the_beginning_of_a_name_is_enough(supplied: Office, name: str) -> None:
    assert "it takes place here: Room 12\n" in supplied.says(f"/po-meet place Room 12 of {name}")
    assert supplied.says(f"/po-meet cancel of {name} 17 dec sure=yes").startswith(
        "Thu 17 Dec, 14:00"
    )
    told = supplied.says(f"/po-meet cancel of {name} on 10 dec sure=yes")
    assert told.startswith("Thu 10 Dec, 14:00 cancelled\nSupplier sync")


def test_words_that_are_near_no_name_stay_text(supplied: Office) -> None:
    told = supplied.says("/po-meet topic The state of the union of Jour fixe")
    assert "The state of the union" in told
    told = supplied.says("/po-meet topic A matter of taste of 2")
    assert "A matter of taste" in told


# --- Starting -------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["of 1", 'of "Jour fixe"', "of jour", "Jour fixe", '"Jour fixe"'])
def test_a_meeting_is_started_by_its_name(supplied: Office, words: str) -> None:
    assert "Jour fixe is not due now. The next: Tue 1 Dec, 10:00." in supplied.says(
        f"/po-meet start {words}"
    )
    supplied.waits_until(1, 9, 55, month=12)
    assert supplied.says(f"/po-meet start {words}").startswith(
        "Minutes of Jour fixe, Tue 1 Dec: write into the thread"
    )


def test_a_draft_is_not_started(supplied: Office) -> None:
    supplied.says("/po-meet new Talk on 24 nov 15:00")
    assert "Talk does not take place just now." in supplied.says("/po-meet start Talk")


# --- What is no title, and what is ----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (
            '"Bad mail" on 1 dec 10:00 with foo@bar @nobody joe@@acme',
            "foo@bar is no mail address.",
        ),
        (
            '"Sync" every thu 14:00 optional @carla mia@acme.example informed place Room 9',
            "I do not understand informed here: type it like informed @WHO",
        ),
        ("Sync every thu 14:00 with mia@acme.example optional", "understand optional here"),
        ('"Sync" every thu 14:00 soon', "I do not understand soon here."),
    ],
)
def test_words_nobody_understands_become_no_title(
    office: Office, line: str, complaint: str
) -> None:
    assert complaint in office.says(f"/po-meet new {line}")
    assert "None yet." in office.says("/po-meet list")


def test_a_title_may_end_with_a_blank_or_be_corrected(supplied: Office) -> None:
    told = supplied.says('/po-meet new "Long title " on 1 dec 12:00')
    assert told.startswith("3 · Long title\n")
    told = supplied.says('/po-meet edit title "Short one" place Room 7 of 3')
    assert told.startswith("3 · Short one\n")
    assert "Room 7" in told


def test_a_day_that_is_past_is_said_to_be(supplied: Office) -> None:
    told = supplied.says("/po-meet move 3 dec to 20 nov 14:00 of 2 sure=yes")
    assert "Fri 20 Nov 2026 is in the past. Do you mean Sat 20 Nov 2027?" in told
    told = supplied.says("/po-meet move 3 dec to 20 nov 2027 14:00 of 2 sure=yes")
    assert "That is too far off: cancel it and plan another." in told
