"""Naming an agenda by its day or meeting, and what is or was on it by its title."""

import pytest

from tests.jour_fixe import arranged
from tests.office import Office
from tests.thread import Thread


@pytest.fixture
def steered(office: Office) -> Office:
    """The jour fixe with two topics, and a steering committee on Thursdays."""
    arranged(office)
    office.says("/po-meet new Lenkungskreis every thu 14:00 30m with @ben from 30 nov")
    office.says("/po-meet invite of 2")
    for title in ("Who pays", "Colour of the box"):
        office.says(f"/po-meet topic {title} of 1")
    return office


def order(said: str) -> list[str]:
    """The titles of an agenda, as they stand."""
    titles = ("Who pays", "Colour of the box")
    return sorted((title for title in titles if title in said), key=said.index)


@pytest.mark.parametrize(
    "words",
    ["tue", "next tue", "nächsten Dienstag", "1 dec", "on tue", "1.12.", "Jour fixe", '"jour fixe"',
     "jour", "1 dec Jour fixe", "Jour fixe on tue"],
)  # fmt: skip
def test_an_agenda_is_found_by_a_day_or_a_meeting_as_people_type_them(
    steered: Office, words: str
) -> None:
    assert steered.says(f"/po-meet agenda {words}").startswith("Jour fixe, Tue 1 Dec 2026\n")


@pytest.mark.parametrize("words", ["md 3 dec", "thu 3 dec md", "Lenkungskreis md", "md of 2"])
def test_a_file_is_asked_for_before_or_behind_the_day(steered: Office, words: str) -> None:
    assert "alpha-agenda-2026-12-03.md" in steered.says(f"/po-meet agenda {words}")


def test_words_that_name_no_agenda_are_said_with_what_may_be_typed(steered: Office) -> None:
    told = steered.says("/po-meet agenda next")
    assert told.startswith("I do not understand next here. There are: md, pdf, file.\n")
    assert "/po meet agenda [md|pdf] [on DATE] [of TITLE]" in told
    assert "Did you mean pdf?" in steered.says("/po-meet agenda pfd")
    assert "[Thu 3 Dec 2026]" in steered.says("/po-meet agenda 03/12")
    answer = steered.types("/po-meet agenda Lenkungskries")
    assert "There is no meeting “Lenkungskries” in Alpha; there are:" in answer.text
    steered.anna.clicks("2 · Lenkungskreis", answer)
    steered.box.wait_for(lambda: answer.text.startswith("Lenkungskreis, Thu 3 Dec 2026\n"))


def test_an_agenda_is_published_and_arranged_for_a_day_as_people_type_it(steered: Office) -> None:
    swapped = ["Colour of the box", "Who pays"]
    assert order(steered.says("/po-meet reorder 2 1 tue")) == swapped
    assert order(steered.says("/po-meet item 1 down tue")) == [*reversed(swapped)]
    told = steered.says("/po-meet item 1 25m next tue")
    assert "1 · Who pays · 25 min" in told
    assert "2 · Colour of the box · 5 min" in steered.says("/po-meet item 2 5m on tue")
    assert "The agenda for Tue 1 Dec 2026 is in the channel" in steered.says("/po-meet publish tue")


def test_an_item_is_named_by_its_title_or_its_beginning(steered: Office) -> None:
    assert (
        order(steered.says('/po-meet item "Colour of the box" first tue'))[0] == "Colour of the box"
    )
    assert order(steered.says("/po-meet item who first tue"))[0] == "Who pays"
    assert "A1 · Who pays" in steered.says(
        '/po-meet turn "who pays" into action @ben by fri on tue'
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("15m Parkplätze", "Parkplätze · 15 min · Anna"),
        ("20 min Versicherung @ben", "Versicherung · 20 min · Ben"),
        ("Catering 1h", "Catering · 60 min · Anna"),
        ("Workshop 1.5 h", "Workshop · 90 min · Anna"),
        ("The 2h rule of the house", "The 2h rule of the house · Anna"),
        ("2 Stunden weniger 0m", "Between 1 and 600 minutes, please."),
    ],
)
def test_how_long_a_topic_takes_stands_before_or_behind_it(
    office: Office, words: str, told: str
) -> None:
    arranged(office)
    assert told in office.says(f"/po-meet topic {words}")


def test_a_draft_has_no_agenda_yet_and_is_offered_to_be_made_known(office: Office) -> None:
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben')
    answer = office.types("/po-meet agenda")
    assert "Jour fixe is a draft: nobody is told of it yet." in answer.text
    office.anna.clicks("Invite", answer)
    office.box.wait_for(lambda: "invited" in answer.text)
    assert office.says("/po-meet agenda").startswith("Jour fixe, Tue 24 Nov 2026\n")


def test_an_item_of_which_there_are_two_is_asked_about(steered: Office) -> None:
    steered.says("/po-meet topic Colour of the lid of 1")
    answer = steered.types("/po-meet item colour last tue")
    assert "Which one?" in answer.text
    steered.anna.clicks("Colour of the box", answer)
    steered.box.wait_for(lambda: "3 · Colour of the box" in answer.text)


@pytest.fixture
def left(steered: Office) -> Office:
    """The jour fixe was closed before anything was talked about but the first item."""
    steered.says("/po-meet topic Summer party of 1")
    steered.waits_until(1, 10, month=12)
    Thread(steered)
    steered.says("/po-meet close of 1")
    return steered


def test_what_was_not_finished_is_named_by_its_title(left: Office) -> None:
    assert "Dropped: Colour of the box" in left.says("/po-meet drop colour of the box")
    assert "the next meeting: Colour of the box" in left.says("/po-meet carry Col")
    assert "the next meeting: Colour of the box" in left.says(
        '/po-meet carry item="Colour of the box"'
    )
    assert "left no such topic" in left.says("/po-meet drop 2")


@pytest.mark.parametrize(
    "words", ["Summer party @ben by fri", "@ben by fri item=summer", "summer @ben by fri"]
)
def test_what_was_not_finished_becomes_an_action_by_its_title(left: Office, words: str) -> None:
    assert "A1 · Summer party · Ben · Fri 4 Dec 2026" in left.says(f"/po-meet action {words}")
    assert "Dropped: Summer party" in left.says("/po-meet unfinished")


def test_an_action_with_other_words_asks_which_topic_it_is_for(left: Office) -> None:
    answer = left.types("/po-meet action Order lids @ben by fri")
    assert "[Colour of the box] [Summer party]" in answer.text
    left.anna.clicks("Colour of the box", answer)
    left.box.wait_for(lambda: "A1 · Order lids · Ben" in answer.text)
    assert "Dropped: Colour of the box" in left.says("/po-meet unfinished")


@pytest.mark.parametrize("line", ["pause Lenkungskreis", "series lenk", "show lenk"])
def test_a_meeting_is_named_without_of_where_nothing_else_is_said(
    steered: Office, line: str
) -> None:
    told = steered.says(f"/po-meet {line}")
    assert "Lenkungskreis" in told
    assert "Which meeting?" not in told
    assert "understand" not in told
