"""Undo: what was done last is taken back, as long as nobody built on it."""

import pytest

from tests.office import Office

pytestmark = pytest.mark.both_databases  # each stores days and texts in its own way

CONTRACT = "/po-action add @ben send contract draft by next fri"


def test_a_new_entry_is_taken_back_by_click(office: Office) -> None:
    answer = office.types(CONTRACT)
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: answer.text.startswith("Undone: action add @ben send contract"))
    assert "There is no action A1 in Alpha." in office.says("/po-action show A1")
    assert "withdrawn" in office.sees()[0]


def test_whoever_was_told_reads_that_it_was_taken_back(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po undo")
    (told,) = office.told(office.ben)
    assert told.startswith("Anna took it back: A1 · send contract draft")


def test_undo_is_typed_too_again_and_again(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action move A1 +2 weeks")
    office.says("/po-action note A1 spoke to the supplier")
    assert office.says("/po undo") == "Undone: action note A1 spoke to the supplier"
    undone, now = office.says("/po undo").splitlines()
    assert undone == "Undone: action move A1 +2 weeks"
    assert now == "A1 · send contract draft · Ben · Fri 4 Dec 2026"
    assert "Ben · Fri 4 Dec 2026" in office.says("/po-action")
    office.says("/po undo")
    assert "There is nothing of yours to undo." not in office.says("/po undo")


def test_undoing_a_move_leaves_the_owner_their_question(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action move A1 +2 weeks")
    office.says("/po undo")
    (told,) = office.told(office.ben)
    assert "Anna gave you A1" in told
    assert "[Accept] [Propose date] [Decline]" in told


def test_an_acceptance_taken_back_asks_again(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action accept A1", office.ben)
    office.says("/po undo", office.ben)
    (told,) = office.told(office.ben)
    assert "A1 waits for your answer" in told
    assert "[Accept] [Propose date] [Decline]" in told


def test_what_somebody_changed_since_is_left_and_the_reason_said(office: Office) -> None:
    answer = office.types(CONTRACT)
    office.says("/po-action move A1 mon waiting for legal", office.ben)
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "Ben changed it since" in answer.text)
    assert "(“action move A1 mon waiting for legal”), so it is left as it is now." in answer.text
    assert "Mon 30 Nov 2026" in office.says("/po-action")


def test_ones_own_later_change_is_to_be_undone_first(office: Office) -> None:
    answer = office.types(CONTRACT)
    office.says("/po-action move A1 mon")
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "You changed it since" in answer.text)
    assert "(“action move A1 mon”): undo that first." in answer.text


def test_what_somebody_took_back_themselves_is_no_hindrance(office: Office) -> None:
    answer = office.types(CONTRACT)
    office.says("/po-action move A1 mon", office.ben)
    office.says("/po undo", office.ben)
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: answer.text.startswith("Undone"))


def test_after_ten_minutes_it_is_too_late(office: Office) -> None:
    office.says(CONTRACT)
    office.passes(minutes=10, seconds=1)
    answer = office.types("/po undo")
    assert "Undo works for 10 minutes only. action edit ALPHA-A1 changes it by hand." in answer.text
    assert "meet restore" not in answer.text
    office.anna.clicks("Edit …", answer)
    assert office.anna.view is not None
    assert "A1 · send contract draft" in office.says("/po-action")


def test_what_was_closed_is_opened_again_when_undo_is_too_late(office: Office) -> None:
    office.says(CONTRACT)
    answer = office.types("/po-action done A1")
    office.passes(minutes=11)
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "action reopen ALPHA-A1 opens it again." in answer.text)
    office.anna.clicks("Reopen", answer)
    office.box.wait_for(lambda: "A1 is open again" in answer.text)


def test_a_status_that_is_taken_back_says_which_one_holds(office: Office) -> None:
    office.says("/po-status amber Supplier late")
    office.says("/po-status red Supplier broke")
    assert "Status: 🟡 AMBER" in office.says("/po undo")
    assert "Anna took this status back. It stands as before: 🟡 AMBER" in office.sees()[-1]
    assert "Status: no status yet" in office.says("/po undo")


def test_what_was_clicked_nobody_is_said_to_have_typed(office: Office) -> None:
    answer = office.types(CONTRACT)
    office.passes(minutes=11)
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "Undo works for 10 minutes only." in answer.text)
    assert "You typed" not in answer.text
    assert "/po undo" not in answer.text


def test_nothing_is_undone_twice(office: Office) -> None:
    answer = office.types(CONTRACT)
    office.says("/po undo")
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "That is undone already." in answer.text)


def test_nobody_undoes_what_somebody_else_did(office: Office) -> None:
    office.says(CONTRACT)
    assert "There is nothing of yours to undo." in office.says("/po undo", office.ben)
    assert "There is nothing of yours to undo." in office.says("/po undo 2", office.ben)


def test_a_closed_entry_is_open_again(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action done A1 signed")
    office.says("/po undo")
    shown = office.says("/po-action show A1")
    assert "done" not in shown
    assert "signed" not in shown


def test_a_risk_that_did_not_occur_after_all_is_a_risk_again(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p4 i5")
    office.says("/po-risk occurred R1")
    office.says("/po undo")
    assert "R1 · Supplier has no capacity" in office.says("/po-risk list")
    assert "None." in office.says("/po issue list")


def test_a_score_taken_back_leaves_the_history(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p4 i5")
    office.says("/po-risk score R1 p1")
    office.says("/po undo")
    assert "History 20, 15" in office.says("/po-risk score R1 p3")


def test_the_audit_trail_keeps_both(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po undo")
    undo, add, _project = office.says("/po audit").splitlines()[1:]
    assert undo.endswith("Anna · undo · A1")
    assert add.endswith("Anna · action add @ben send contract draft by next fri · A1 · undone")


def test_what_a_form_did_is_undone_too(office: Office) -> None:
    opened = office.types("/po-action add")
    office.anna.fills({"Title": "send contract draft"})
    office.anna.submits()
    office.box.wait_for(lambda: "A1 · send contract draft" in opened.text)
    office.anna.clicks("Undo", opened)
    office.box.wait_for(lambda: "Undone: action add send contract draft" in opened.text)
    assert "A1 · send contract draft · withdrawn" in opened.text


def test_a_scored_or_moved_entry_is_put_back_with_its_times(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p2 i2")
    office.says("/po-risk score R1 p5 i5 worse")
    assert office.says("/po undo").startswith("Undone: risk score R1 p5 i5 worse\nR1 · ")
    assert "4 of 25" in office.says("/po-risk show R1")


def test_who_was_given_it_by_mistake_is_told_that_it_was_taken_back(office: Office) -> None:
    office.says("/po-action add @anna paint")
    office.says("/po-action give A1 @ben")
    office.says("/po undo")
    (told,) = office.told(office.ben)
    assert "Anna took it back: A1 · paint · Anna" in told
    assert "Accept" not in told


def test_taking_a_refusal_back_leaves_what_else_was_told(office: Office) -> None:
    office.says("/po-action add @me order pumps by 4 dec", office.ben)
    for _time in range(3):
        office.says("/po-action move A1 +1 week", office.ben)
    office.says("/po-action give A1 @carla", office.ben)
    office.says("/po-action propose A1 8 jan waiting for a quote", office.carla)
    office.says("/po-action decline A1 no time", office.carla)
    before = office.told(office.ben)[0]
    assert "Carla declined it: no time" in before
    office.says("/po undo", office.carla)
    (proposed,) = office.told(office.ben)
    assert "Carla proposes Fri 8 Jan 2027: waiting for a quote" in proposed
    assert "[Agree]" in proposed
    assert "Carla took the refusal back: A1 · order pumps" in proposed
    assert "declined" not in proposed
    (moved,) = office.told(office.anna)
    assert "Ben moved A1" in moved
    assert "took" not in moved


def test_a_proposal_taken_back_lets_the_one_before_ask_again(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 2026-12-11 I am on leave", office.ben)
    office.says("/po-action propose A1 2026-12-14", office.ben)
    office.says("/po undo", office.ben)
    first, second = office.told(office.anna)[0].split("Ben took the proposal back")
    assert "Ben proposes Fri 11 Dec 2026: I am on leave" in first
    assert "[Agree]" in first
    assert "[Agree]" not in second


def test_an_agreement_taken_back_asks_again(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 2026-12-11", office.ben)
    office.says("/po-action agree A1")
    office.says("/po undo")
    (told,) = office.told(office.anna)
    assert "Ben proposes Fri 11 Dec 2026" in told
    assert "[Agree]" in told
    assert "Anna took the agreement back" in office.told(office.ben)[0]
    assert "You proposed Fri 11 Dec 2026 for A1" in office.told(office.ben)[0]


def test_the_move_the_lead_was_told_of_is_taken_back_there_too(office: Office) -> None:
    office.says("/po-action add @me send contract draft by next fri", office.ben)
    for _time in range(3):
        office.says("/po-action move A1 +1 week", office.ben)
    office.says("/po undo", office.ben)
    (told,) = office.told(office.anna)
    assert told.startswith("Ben took the move back: A1 · send contract draft · Ben · Fri 18 Dec")
