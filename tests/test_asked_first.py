"""Asked first: whoever moves or cancels a meeting, or has many told of what they change in one."""

from collections.abc import Iterator

import pytest

from tests.jour_fixe import JOUR_FIXE, arranged, clicked, coming
from tests.office import Office, open_office

MANY = " ".join(f"p{n}@firm.example" for n in range(11))


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


@pytest.fixture
def big(database_url: str) -> Iterator[Office]:
    """The jour fixe with more than ten who are mailed."""
    with open_office(database_url, is_mailing=True) as office:
        office.says("/po project set zone=Europe/Berlin country=DE subdivision=BE")
        office.says(JOUR_FIXE.replace(" from", f" {MANY} from"))
        office.says("/po-meet invite sure=yes")
        office.passes(minutes=6)
        office.ticks()
        yield office


# --- One meeting ----------------------------------------------------------------------------


def test_a_move_is_asked_about_with_what_was_understood(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet move tue to wed 14:00")
    asked = "Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00: 1 person will be told. Is that what you want?"
    assert answer.text.startswith(asked)
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert not any("moved" in told for told in jour_fixe.told(jour_fixe.ben))
    clicked(jour_fixe, "Yes, do it", answer, "[Undo]")
    assert coming(jour_fixe, 1) == ["Wed 02 Dec 14:00"]
    jour_fixe.box.wait_for(lambda: "moved" in jour_fixe.told(jour_fixe.ben)[-1])


def test_a_cancellation_is_asked_about(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet cancel tue because of the fair")
    asked = "Tue 1 Dec, 10:00 cancelled, reason: because of the fair: 1 person will be told."
    assert answer.text.startswith(asked)
    clicked(jour_fixe, "Yes, do it", answer, "[Undo]")
    assert "because of the fair" in jour_fixe.says("/po-meet show 1 dec")
    assert "sure" not in jour_fixe.says("/po-meet show 1 dec")


def test_nobody_is_asked_where_nobody_is_told(office: Office) -> None:
    office.says("/po-meet new Thinking every tue 9:00")
    office.says("/po-meet invite")
    assert "[Undo]" in office.says("/po-meet move tue to wed 9:00")


def test_a_form_is_as_good_as_an_answer(jour_fixe: Office) -> None:
    jour_fixe.types("/po-meet move tue")
    jour_fixe.anna.fills({"To": "wed 14:00"})
    assert jour_fixe.anna.submits() == {}
    assert coming(jour_fixe, 1) == ["Wed 02 Dec 14:00"]


# --- A weekday it was moved from ------------------------------------------------------------


def test_a_weekday_a_meeting_was_moved_from_is_asked_about(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    answer = jour_fixe.types("/po-meet cancel tue the fair")
    assert "Tue 1 Dec 2026 was moved to Wed 2 Dec, 14:00. Which one?" in answer.text
    told = clicked(jour_fixe, "Tue 8 Dec, 10:00", answer, "Is that what you want?")
    assert told.startswith("Tue 8 Dec, 10:00 cancelled, reason: the fair: 1 person")
    clicked(jour_fixe, "Yes, do it", answer, "[Undo]")
    assert coming(jour_fixe, 2) == ["Wed 02 Dec 14:00", "Tue 15 Dec 10:00"]


def test_a_date_a_meeting_was_moved_from_means_it(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    assert jour_fixe.says("/po-meet cancel 1 dec sure=yes").startswith("Wed 2 Dec, 14:00 canc")


# --- Many -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("change every thu 9:00 from 4 jan", "every Thu"),
        ("edit when every wed", "every Wed"),
        ("edit title=Board", ""),
        ("place Room 5", "Room 5"),
        ("chair @ben", "Ben chairs Jour fixe"),
        ("place Room 6 on 8 dec", "Room 6"),
        ("end from 1 feb", "ends before"),
    ],
)
def test_what_more_than_ten_are_mailed_is_asked_about(big: Office, line: str, asked: str) -> None:
    before = big.says("/po-meet series")
    answer = big.types(f"/po-meet {line}")
    assert "13 people will be told. Is that what you want?" in answer.text
    assert asked in answer.text
    assert big.says("/po-meet series") == before
    clicked(big, "Yes, do it", answer, "[Undo]")
    assert "13 people will be mailed in 5 minutes" in answer.text


def test_an_undo_that_many_are_mailed_is_asked_about(big: Office) -> None:
    big.says("/po-meet move 8 dec to wed 14:00 sure=yes")
    big.passes(minutes=6)
    big.ticks()
    assert "13 people will be told." in big.says("/po undo")
    assert "Wed 09 Dec 14:00" in coming(big)


def test_one_more_is_invited_without_a_question(big: Office) -> None:
    assert "1 person will be mailed" in big.says("/po-meet invite one@firm.example")


def test_another_country_that_many_are_mailed_of_is_asked_about(big: Office) -> None:
    assert "13 people will be told." in big.says("/po project set country=AT subdivision=9")
