"""The decision log: why, until when, what took its place, what carries it out."""

import pytest

from tests.office import Office
from tests.thread import Thread


@pytest.fixture
def decided(office: Office) -> Office:
    """Site B was decided, then site C, which came off better."""
    office.says("/po decision add We use test site B because cheaper revisit in 3 months")
    office.says("/po decision add We use test site C because nearer")
    return office


def test_a_decision_is_superseded_by_another_and_both_say_so(decided: Office) -> None:
    answer = decided.says("/po decision supersede D1 by D2")
    assert "D1 is superseded by D2" in answer
    assert "D1 · We use test site B · revisit Wed 24 Feb 2027 · superseded by D2" in decided.says(
        "/po decision closed"
    )
    assert "superseded by D2" in decided.says("/po decision show D1")
    assert "Supersedes: D1" in decided.says("/po decision show D2")
    assert any("superseded by D2" in said for said in decided.sees())


def test_the_words_between_may_be_left_out_and_a_remark_be_added(decided: Office) -> None:
    decided.says("/po decision supersede D1 D2 the lease ended")
    shown = decided.says("/po decision show D1")
    assert "superseded by D2" in shown
    assert "the lease ended" in shown


@pytest.mark.both_databases
def test_a_new_decision_says_at_once_what_it_supersedes(decided: Office) -> None:
    answer = decided.says("/po decision add We use site D supersedes D2 because both are full")
    assert "D2 is superseded" in answer
    assert "D3 · We use site D" in answer
    assert "Because: both are full" in decided.says("/po decision show D3")
    assert "Supersedes: D2" in decided.says("/po decision show D3")
    assert "superseded by D3" in decided.says("/po decision show D2")
    assert "Undone" in decided.says("/po undo")
    assert "superseded" not in decided.says("/po decision show D2")


def test_a_decision_is_superseded_once_and_never_by_itself(decided: Office) -> None:
    assert "cannot take its own place" in decided.says("/po decision supersede D1 D1")
    decided.says("/po decision supersede D1 D2")
    assert "superseded by D2 already" in decided.says("/po decision supersede D1 by D2")
    assert "cannot take its own place" in decided.says("/po decision supersede D2 by D1")


def test_a_superseded_decision_may_be_reopened(decided: Office) -> None:
    decided.says("/po decision supersede D1 by D2")
    decided.says("/po decision reopen D1")
    assert "superseded" not in decided.says("/po decision show D1")
    assert "Supersedes" not in decided.says("/po decision show D2")


def test_only_who_may_change_a_decision_supersedes_it(decided: Office) -> None:
    assert "one has to be" in decided.says("/po decision supersede D1 by D2", decided.carla)
    answer = decided.says("/po decision add We use site D supersedes D2", decided.carla)
    assert "one has to be" in answer
    assert "There is no decision `D3`".replace("`", "") in decided.says(
        "/po decision show D3"
    ).replace("`", "")


def test_the_log_is_searched_superseded_ones_too(decided: Office) -> None:
    decided.says("/po decision supersede D1 by D2")
    shown = decided.says("/po-meet decisions site")
    assert "Decisions of Alpha with “site” (2)" in shown
    assert "superseded by D2" in shown
    assert "We use test site C" in decided.says("/po-meet decisions nearer")
    assert "We use test site B" not in decided.says("/po-meet decisions")


def test_a_decision_is_linked_to_the_action_that_carries_it_out(decided: Office) -> None:
    decided.says("/po-action add @ben sign the lease by fri")
    assert "Carried out by A1" in decided.says("/po decision link D1 A1")
    assert "carried out by A1 · sign the lease" in decided.says("/po decision show D1")
    assert "carries out D1 · We use test site B" in decided.says("/po-action show A1")
    assert "linked already" in decided.says("/po decision link D1 to A1")
    assert "Only an action" in decided.says("/po decision link D1 D2")


def test_a_decision_returns_to_the_agenda_when_its_action_is_done(decided: Office) -> None:
    decided.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna')
    decided.says("/po-meet invite")
    decided.says("/po-action add @anna sign the lease by fri")
    decided.says("/po decision link D2 A1")
    assert "D2" not in decided.says("/po-meet agenda")
    decided.passes(days=1)
    decided.says("/po-action done A1")
    assert "D2" in decided.says("/po-meet agenda")


def test_a_decision_returns_to_the_agenda_when_its_day_comes(decided: Office) -> None:
    decided.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna')
    decided.says("/po-meet invite")
    decided.says("/po decision add We try it out revisit next mon")
    assert "We try it out" not in decided.says("/po-meet agenda")
    decided.passes(days=6)
    assert "We try it out" in decided.says("/po-meet agenda")


def test_a_decision_of_a_meeting_is_in_the_log_with_its_reason(office: Office) -> None:
    thread = Thread(office)
    thread.write("D: we use site B, because cheaper")
    office.says("/po-meet close")
    assert "D1 · we use site B" in office.says("/po-meet decisions cheaper")
    assert "Because: cheaper" in office.says("/po decision show D1")
