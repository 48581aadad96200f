"""Peopling: who a series is for, who chairs it, and what they hear of that."""

import pytest

from tests.jour_fixe import JOUR_FIXE, arranged
from tests.office import Office


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


def test_the_form_changes_only_what_was_touched(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet invite boss@firm.example informed")
    jour_fixe.types("/po-meet edit")  # without a word it asks
    jour_fixe.anna.fills({"Title": "Weekly", "Required": [jour_fixe.anna, jour_fixe.carla]})
    assert jour_fixe.anna.submits() == {}
    told = jour_fixe.says("/po-meet series")
    assert "1 · Weekly\nevery Tue, 10:00–10:45" in told
    assert "Required: Anna, Carla" in told
    assert "Informed: boss@firm.example" in told


def test_people_come_and_go(jour_fixe: Office) -> None:
    assert "Carla invited to Jour fixe, optional." in jour_fixe.says(
        "/po-meet invite @carla optional"
    )
    assert "Anna invites you" in jour_fixe.told(jour_fixe.carla)[-1]
    assert "sent from here: ext@firm.example." in jour_fixe.says("/po-meet invite ext@firm.example")
    assert "Ben, ext@firm.example no longer invited" in jour_fixe.says(
        "/po-meet uninvite @ben, ext@firm.example"
    )
    assert "you are not expected any more" in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po-meet invite @ben")
    told = jour_fixe.says("/po-meet series")
    assert "Required: Anna, Ben\nOptional: Carla" in told


def test_an_address_of_somebody_in_slack_is_that_person(jour_fixe: Office) -> None:
    jour_fixe.says("/po-action add @carla x by fri")
    assert "Carla invited" in jour_fixe.says("/po-meet invite Carla@firm.example")
    assert "They are invited already." in jour_fixe.says("/po-meet invite ben@firm.example")


# --- What they hear of it -------------------------------------------------------------------


def test_who_joins_or_leaves_by_an_edit_hears_of_it(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet edit with @carla informed boss@firm.example")
    (told,) = jour_fixe.told(jour_fixe.carla)
    assert told.startswith("Anna invites you: every Tue, 10:00–10:45\nJour fixe · Tue 1 Dec, 10:00")
    assert "[I’ll be there] [Can’t] [Maybe]" in told
    last = jour_fixe.told(jour_fixe.ben)[-1]
    assert "Anna: you are not expected any more\nJour fixe" in last
    jour_fixe.says("/po undo")
    assert jour_fixe.told(jour_fixe.carla)[-1].startswith("Anna took the invitation back.")
    assert "Anna took that back: you are invited" in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Required: Anna, Ben" in jour_fixe.says("/po-meet series")


def test_who_only_changes_their_part_hears_nothing(jour_fixe: Office) -> None:
    known = jour_fixe.told(jour_fixe.ben)
    jour_fixe.says("/po-meet edit with @anna optional @ben")
    assert "Required: Anna\nOptional: Ben" in jour_fixe.says("/po-meet series")
    assert jour_fixe.told(jour_fixe.ben) == known


def test_people_of_a_draft_hear_nothing(office: Office) -> None:
    office.says(JOUR_FIXE)
    office.says("/po-meet edit with @carla chair @ben")
    assert office.told(office.carla) == office.told(office.ben) == []


@pytest.mark.parametrize(
    ("line", "now", "before"),
    [
        ("chair @carla", "you chair it from now on", "Carla chairs it"),
        ("edit chair @carla", "you chair it from now on", "Carla chairs it"),
        ("taker @carla", "you take its minutes from now on", "Carla takes its minutes"),
        ("edit taker @carla", "you take its minutes from now on", "Carla takes its minutes"),
    ],
)
def test_who_runs_it_from_now_on_hears_of_it_and_who_did(
    jour_fixe: Office, line: str, now: str, before: str
) -> None:
    jour_fixe.says("/po-meet chair @ben")
    jour_fixe.says("/po-meet taker @ben")
    jour_fixe.passes(minutes=5)
    jour_fixe.says(f"/po-meet {line}")
    (told,) = jour_fixe.told(jour_fixe.carla)
    assert "Anna invites you: every Tue" in told
    assert f"Anna: {now}\nJour fixe" in told
    assert f"Anna: {before}" in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po undo")
    (told,) = jour_fixe.told(jour_fixe.carla)
    assert "Anna took the invitation back." in told
    assert now not in told
    assert before not in jour_fixe.told(jour_fixe.ben)[-1]


def test_the_card_in_the_channel_shows_who_is_invited_now(jour_fixe: Office) -> None:
    jour_fixe.ticks()
    jour_fixe.waits_until(27, 9)
    jour_fixe.says("/po-meet invite @carla")
    assert sum("No answer yet: Anna, Ben, Carla" in text for text in jour_fixe.sees()) == 1
    jour_fixe.says("/po-meet uninvite @ben")
    assert sum("No answer yet: Anna, Carla" in text for text in jour_fixe.sees()) == 1


# --- Of one meeting only --------------------------------------------------------------------


def test_one_meeting_is_chaired_by_somebody_else(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet invite @carla")
    told = jour_fixe.says("/po-meet chair @ben on 8 dec")
    assert told.startswith("Ben chairs Jour fixe on Tue 8 Dec 2026.")
    assert "Ben chairs this one." in jour_fixe.says("/po-meet show 8 dec")
    assert "chairs" not in jour_fixe.says("/po-meet show 1 dec")
    assert "Anna: you chair this one\nJour fixe · Tue 8 Dec" in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Tue 8 Dec" in jour_fixe.says("/po-meet move 8 dec to wed 9:00 sure=yes", jour_fixe.ben)
    assert "lead, office" in jour_fixe.says(
        "/po-meet move 15 dec to wed 9:00 sure=yes", jour_fixe.ben
    )
    jour_fixe.says("/po-meet chair @carla")
    assert "Ben chairs this one." in jour_fixe.says("/po-meet show 9 dec")


def test_another_chair_of_one_meeting_is_undone(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet chair @ben tue")
    jour_fixe.says("/po undo")
    assert "chairs" not in jour_fixe.says("/po-meet show 1 dec")
    assert "Anna took that back." in jour_fixe.told(jour_fixe.ben)[-1]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("chair @carla on 1 dec", "Carla is not invited to Jour fixe; first: meet invite."),
        ("chair nobody", "I cannot read nobody as who."),
        ("chair @ben on 2 dec", "There is no meeting on Wed 2 Dec 2026."),
        ("edit chair nobody", "I do not understand chair nobody here"),
    ],
)
def test_who_cannot_chair_is_told_why(jour_fixe: Office, line: str, complaint: str) -> None:
    assert complaint in jour_fixe.says(f"/po-meet {line}")


def test_nobody_takes_the_minutes_of_one_meeting_or_of_all(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet taker @ben")
    told = jour_fixe.says("/po-meet taker nobody on 1 dec")
    assert told.startswith("Nobody takes the minutes of Jour fixe on Tue 1 Dec 2026.")
    assert "The minutes of this one: nobody." in jour_fixe.says("/po-meet show 1 dec")
    assert "Minute taker: Ben" in jour_fixe.says("/po-meet series")
    assert "Nobody takes the minutes" in jour_fixe.says("/po-meet taker nobody")
    assert "Minute taker: nobody" in jour_fixe.says("/po-meet series")


# --- Where it is, and what can be emptied -----------------------------------------------------


@pytest.mark.parametrize("line", ["edit place Room 5", "place Room 5"])
def test_another_place_reaches_meetings_that_are_known_already(
    jour_fixe: Office, line: str
) -> None:
    jour_fixe.says("/po-meet place Room 1")
    jour_fixe.says("/po-meet yes 1 dec", jour_fixe.ben)
    told = jour_fixe.says("/po-meet place Room 7 on 8 dec")
    assert told.startswith("Tue 8 Dec, 10:00: it takes place here: Room 7\nJour fixe")
    jour_fixe.passes(minutes=5)
    jour_fixe.says(f"/po-meet {line}")
    assert "Room 5" in jour_fixe.says("/po-meet show 1 dec")
    assert "Room 7" in jour_fixe.says("/po-meet show 8 dec")  # it has one of its own
    assert "Room 5" in jour_fixe.says("/po-meet show 15 dec")
    last = jour_fixe.told(jour_fixe.ben)[-1]
    assert "Anna: it takes place here: Room 5" in last
    jour_fixe.says("/po-meet place Room 5")  # that is nothing new
    assert jour_fixe.told(jour_fixe.ben)[-1] == last
    jour_fixe.says("/po undo")
    assert "Room 1" in jour_fixe.says("/po-meet show 1 dec")
    assert "Room 5" not in jour_fixe.told(jour_fixe.ben)[-1]


@pytest.mark.parametrize("line", ["edit place none, taker nobody", 'edit place="" taker=-'])
def test_place_and_minute_taker_are_emptied_by_a_word(jour_fixe: Office, line: str) -> None:
    jour_fixe.says("/po-meet edit place Room 1, taker @ben")
    told = jour_fixe.says("/po-meet series")
    assert "Minute taker: Ben" in told
    assert "Place: Room 1" in told
    jour_fixe.says("/po-meet yes 1 dec", jour_fixe.ben)
    jour_fixe.says(f"/po-meet {line}")
    told = jour_fixe.says("/po-meet series")
    assert "Minute taker: nobody" in told
    assert "Place" not in told
    assert "Room" not in jour_fixe.says("/po-meet show 1 dec")


def test_place_and_minute_taker_are_emptied_in_the_form(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet edit place Room 1, taker @ben")
    jour_fixe.types("/po-meet edit")
    jour_fixe.anna.fills({"Place or link": None, "Minute taker": None})
    assert jour_fixe.anna.submits() == {}
    told = jour_fixe.says("/po-meet series")
    assert "Minute taker: nobody" in told
    assert "Place" not in told


@pytest.mark.parametrize(
    ("label", "complaint"),
    [
        ("Title", "Title is missing."),
        ("When", "When does it take place?"),
        ("Chair", "Somebody has to chair it."),
    ],
)
def test_what_cannot_be_empty_is_asked_for(jour_fixe: Office, label: str, complaint: str) -> None:
    jour_fixe.types("/po-meet edit")
    jour_fixe.anna.fills({label: None})
    assert jour_fixe.anna.submits() == {label: complaint}


def test_of_very_many_only_the_first_are_named(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet invite " + " ".join(f"p{n}@firm.example" for n in range(60)))
    for line in ("series", "show"):
        told = jour_fixe.says(f"/po-meet {line}")
        assert "p20@firm.example" in told
        assert "p59@firm.example" not in told
        assert "and 22 more" in told
