"""Actions, as people type them and read them back."""

import pytest

from tests.office import Office

CONTRACT = "/po-action add @ben send contract draft by next fri"


def test_an_action_is_understood_and_told(office: Office) -> None:
    answer = office.says(CONTRACT)
    assert "A1 · send contract draft · Ben · Fri 4 Dec 2026" in answer
    (told,) = office.told(office.ben)
    assert "Anna gave you A1" in told
    assert "[Accept] [Propose date] [Decline]" in told


def test_whoever_takes_an_action_themselves_is_told_nothing(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    assert office.told(office.anna) == []


def test_the_channel_sees_the_action_once_and_what_comes_later_in_its_thread(
    office: Office,
) -> None:
    office.says(CONTRACT)
    office.says("/po-action move A1 +2 weeks waiting for legal")
    office.delivered()
    (card,) = [m for m in office.anna.reads(office.alpha) if m.ephemeral_for is None]
    assert office.box.text_of(card).startswith("A1 · send contract draft\nBen · Fri 18 Dec 2026")
    _card, remark = office.anna.reads(office.alpha, thread=card)
    assert "Anna: Fri 4 Dec → Fri 18 Dec, moved once" in office.box.text_of(remark)
    assert "“waiting for legal”" in office.box.text_of(remark)


def test_without_owner_and_date_it_is_kept_and_asked_for(office: Office) -> None:
    answer = office.types("/po-action add order test devices")
    assert "A1 · order test devices\nKept. Who, and until when?" in answer.text
    office.anna.clicks("Open form", answer)
    office.anna.fills({"Owner": office.ben, "Due": office.now.date()})
    assert office.anna.submits() == {}
    assert "A1 · order test devices · Ben · Tue 24 Nov 2026" in office.says("/po-action")


def test_done_says_how_early_or_late(office: Office) -> None:
    office.says("/po-action add send contract draft by thu")
    answer = office.says("/po-action done A1 signed copy in the folder")
    assert "A1 closed, 2 working days early" in answer
    office.says("/po-action add write report by wed")
    office.passes(days=2)
    assert "A2 closed, 1 working day late" in office.says("/po-action done A2")


def test_what_is_dropped_is_neither_early_nor_late(office: Office) -> None:
    office.says("/po-action add send contract draft by thu")
    assert office.says("/po-action drop A1").startswith("A1 closed as dropped\n")


def test_the_note_of_closing_is_kept(office: Office) -> None:
    office.says(CONTRACT)
    receipt = office.says("/po-action done A1 signed copy in the folder")
    assert "Note: signed copy in the folder" in receipt
    assert "Anna: signed copy in the folder" in office.says("/po-action show A1")


def test_an_action_is_closed_once(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action drop A1 not needed")
    assert "A1 is closed already" in office.says("/po-action done A1")


def test_a_moved_action_says_from_where_to_where(office: Office) -> None:
    office.says(CONTRACT)
    answer = office.says("/po-action move A1 +2 weeks waiting for legal")
    assert "Fri 4 Dec → Fri 18 Dec, moved once, reason kept" in answer


def test_the_third_move_tells_the_lead(office: Office) -> None:
    office.says("/po-action add @me send contract draft by next fri", office.ben)
    for _time in range(2):
        office.says("/po-action move A1 +1 week", office.ben)
    assert office.told(office.anna) == []
    office.says("/po-action move A1 +1 week supplier is late", office.ben)
    (told,) = office.told(office.anna)
    assert "Ben moved A1: Fri 18 Dec → Fri 25 Dec, moved 3 times: “supplier is late”" in told


def test_the_fourth_move_tells_the_lead_nothing_new(office: Office) -> None:
    office.says("/po-action add @me send contract draft by next fri", office.ben)
    for _time in range(4):
        office.says("/po-action move A1 +1 week", office.ben)
    (told,) = office.told(office.anna)
    assert told.count("moved") == 2
    assert "moved 3 times" in told


def test_a_date_moved_answers_what_was_proposed_for_it(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 11 dec", office.ben)
    office.says("/po-action move A1 9 dec")
    (told,) = office.told(office.anna)
    assert told.startswith("A1 moved: Fri 4 Dec → Wed 9 Dec, moved once")
    assert "[Agree]" not in told
    assert "No other date was proposed." in office.says("/po-action agree A1")


def test_a_date_on_a_weekend_is_taken_with_a_hint_and_a_way_out(office: Office) -> None:
    answer = office.types("/po-action add @ben water the plants by sat")
    assert "Sat 28 Nov 2026 is no working day (weekend)." in answer.text
    office.anna.clicks("Mon 30 Nov 2026", answer)
    assert "A1 · water the plants · Ben · Mon 30 Nov 2026" in office.says("/po-action")


def test_who_is_given_an_action_has_to_accept(office: Office) -> None:
    office.says("/po-action add send contract draft by next fri")
    assert "Ben has to accept." in office.says("/po-action give A1 @ben")
    assert "Anna gave you A1" in office.told(office.ben)[-1]


def test_accepting_by_click_settles_the_message(office: Office) -> None:
    office.says(CONTRACT)
    office.ben.clicks("Accept", office.told_messages(office.ben)[-1])
    assert office.told(office.ben)[0] == "You accepted A1 · send contract draft"
    assert "You have accepted it already." in office.says("/po-action accept A1", office.ben)


def test_what_is_given_to_another_or_closed_asks_nobody_any_more(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action give A1 @carla")
    assert office.told(office.ben)[0].startswith("A1 was given to Carla · send contract draft")
    assert "[Accept]" in office.told(office.carla)[0]
    office.says("/po-action done A1", office.carla)
    assert office.told(office.carla)[0] == "A1 is closed · send contract draft"
    office.says("/po undo", office.carla)
    assert "A1 waits for your answer" in office.told(office.carla)[0]
    assert "[Accept]" in office.told(office.carla)[0]
    office.says("/po undo")
    assert "[Accept]" not in office.told(office.carla)[0]
    assert "A1 waits for your answer" in office.told(office.ben)[0]
    office.types("/po-action edit A1")
    office.anna.fills({"Owner": None})
    assert office.anna.submits() == {}
    assert office.told(office.ben)[0].startswith("A1 is nobody's now · send contract draft")


def test_what_was_answered_stays_as_it_was_answered(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action accept A1", office.ben)
    office.says("/po-action done A1", office.ben)
    assert office.told(office.ben)[0] == "You accepted A1 · send contract draft"
    office.says("/po undo", office.ben)
    assert office.told(office.ben)[0] == "You accepted A1 · send contract draft"


def test_a_date_proposed_for_what_is_closed_waits_for_no_answer(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 11 dec", office.ben)
    office.says("/po-action done A1", office.ben)
    (told,) = office.told(office.anna)
    assert told.startswith("A1 is closed")
    assert "[Agree]" not in told
    office.says("/po undo", office.ben)
    assert "[Agree]" in office.told(office.anna)[0]


def test_only_who_was_given_it_accepts(office: Office) -> None:
    office.says(CONTRACT)
    answer = office.says("/po-action accept A1", office.carla)
    assert "Only the one it was given to can do that." in answer


def test_declining_goes_back_to_whoever_gave_it(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action decline A1 not my field", office.ben)
    (told,) = office.told(office.anna)
    assert "Ben declined it: not my field" in told
    assert "Declined: not my field" in office.says("/po-action show A1")
    assert office.told(office.ben) == ["You declined A1 · send contract draft"]


def test_a_proposed_date_is_agreed_with_one_click(office: Office) -> None:
    office.says(CONTRACT)
    office.ben.clicks("Propose date", office.told_messages(office.ben)[-1])
    office.ben.fills({"Proposed date": "2026-12-11", "Note": "I am on leave"})
    assert office.ben.submits() == {}
    asked = office.told_messages(office.anna)[-1]
    assert "Ben proposes Fri 11 Dec 2026: I am on leave" in office.box.text_of(asked)
    office.anna.clicks("Agree", asked)
    assert "Fri 11 Dec 2026" in office.says("/po-action")


def test_what_asked_for_a_date_shows_the_answer_and_what_was_agreed_is_accepted(
    office: Office,
) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 2026-12-11", office.ben)
    assert "You proposed Fri 11 Dec 2026 for A1" in office.told(office.ben)[0]
    office.says("/po-action propose A1 2026-12-14", office.ben)
    first, second = office.told(office.anna)[0].split("Ben proposes Mon 14 Dec")
    assert "Ben proposed another date after this for A1" in first
    assert "[Agree]" not in first
    assert "[Agree]" in second
    office.says("/po-action agree A1")
    assert "You agreed to Mon 14 Dec 2026 for A1" in office.told(office.anna)[0]
    assert "[Agree]" not in office.told(office.anna)[0]
    assert "You have accepted it already." in office.says("/po-action accept A1", office.ben)


def test_what_somebody_else_proposed_is_not_accepted_by_whose_it_is_now(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 2026-12-11", office.ben)
    office.says("/po-action give A1 @carla")
    office.says("/po-action agree A1")
    assert "A1" in office.says("/po-action accept A1", office.carla)
    assert "accepted it already" in office.says("/po-action accept A1", office.carla)


def test_a_blocked_action_names_what_it_waits_for(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-risk add Customs may be slow")
    answer = office.says("/po-action block A1 R1 papers are missing")
    assert "Blocked by R1 · papers are missing" in answer
    assert "It rests" in answer
    assert "A1 · send contract draft · blocked · Ben" in office.says("/po-action")
    assert "blocks A1 · send contract draft" in office.says("/po-risk show R1")


def test_unblocked_it_goes_on(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action block A1 waiting for the customs papers")
    assert "Unblocked" in office.says("/po-action unblock A1")
    assert "blocked" not in office.says("/po-action")
    assert "It is not blocked." in office.says("/po-action unblock A1")


def test_nothing_waits_for_itself(office: Office) -> None:
    office.says(CONTRACT)
    assert "Nothing waits for itself." in office.says("/po-action block A1 A1")


def test_a_closed_action_is_offered_to_be_opened_again(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action done A1")
    answer = office.types("/po-action move A1 mon")
    assert "A1 is closed." in answer.text
    office.anna.clicks("Run: action reopen A1", answer)
    assert office.box.wait_for(lambda: "A1 is open again" in answer.text)


def test_a_name_alone_shows_everything_known(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action note A1 spoke to the supplier", office.carla)
    shown = office.says("/po A1")
    assert shown == office.says("/po-action show a1") == office.says("/po action A1")
    assert "Carla: spoke to the supplier" in shown
    assert "Alpha · raised by Anna · Tue 24 Nov 2026" in shown


def test_someone_who_left_cannot_be_given_anything(office: Office) -> None:
    office.says("/po-action add @ben water the plants")
    office.box.change(office.carla, deleted=True)
    office.box.settle()
    assert "Carla is not active in Slack any more." in office.says("/po-action give A1 @carla")


def test_a_bot_owns_nothing(office: Office) -> None:
    answer = office.says("/po-action add @Jourfixe water the plants")
    assert "A bot cannot own anything." in answer


def test_a_member_moves_their_own_but_not_what_is_anothers(office: Office) -> None:
    office.says(CONTRACT)
    assert "one has to be: lead, office" in office.says("/po-action move A1 mon", office.carla)
    assert "moved once" in office.says("/po-action move A1 mon", office.ben)


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("done A1 A2", ""),
        ("done A1, A2 signed", "signed"),
        ("close a1 and A2, A1", ""),
        ("drop A1 & A2: not needed", "not needed"),
    ],
)
def test_several_named_in_one_line_are_closed_each(office: Office, line: str, note: str) -> None:
    office.says("/po-action add paint by fri")
    office.says("/po-action add sing by fri")
    answer = office.types(f"/po-action {line}")
    assert "A1 closed" in answer.text
    assert "A2 closed" in answer.text
    assert answer.text.count("Note: ") == answer.text.count(f"Note: {note}") == 2 * bool(note)
    assert "None." in office.says("/po-action list")
    office.says("/po undo")
    assert "(2)" in office.says("/po-action list")


def test_several_are_moved_in_one_line(office: Office) -> None:
    office.says("/po-action add paint by fri")
    office.says("/po-action add sing by thu")
    answer = office.says("/po-action move A1 A2 +1 week waiting for legal")
    assert "Fri 27 Nov → Fri 4 Dec" in answer
    assert "Thu 26 Nov → Thu 3 Dec" in answer


def test_of_several_all_are_closed_or_none(office: Office) -> None:
    office.says("/po-action add paint")
    answer = office.says("/po-action done A1, A99")
    assert "There is no action A99 in Alpha. So none of them was changed." in answer
    assert "paint" in office.says("/po-action list")


def test_a_name_that_may_begin_the_note_is_asked_about(office: Office) -> None:
    office.says("/po-action add paint")
    office.says("/po-action add sing")
    answer = office.types("/po-action done A1 A2 took over")
    assert "Is A2 meant too, or does it begin the text?" in answer.text
    office.anna.clicks("Only A1", answer)
    office.box.wait_for(lambda: "Note: A2 took over" in answer.text)
    answer = office.types("/po-action reopen A1 A2")
    assert "A2 is open. So none of them was changed." in answer.text
    office.says("/po-action reopen A1")
    answer = office.types("/po-action done A1 A2 took over")
    office.anna.clicks("A1, A2", answer)
    office.box.wait_for(lambda: "A2 closed" in answer.text)


def test_a_date_that_is_no_working_day_is_said_once(office: Office) -> None:
    answer = office.types("/po-action add @anna paint by 28 nov")
    assert "Sat 28 Nov 2026 is no working day (weekend)." in answer.text
    assert "[Mon 30 Nov 2026]" in answer.text
    for line in ("note A1 blue", "give A1 @ben", "edit A1 paint it", "block A1 no paint"):
        assert "no working day" not in office.says(f"/po-action {line}"), line
    assert "no working day" in office.says("/po-action move A1 29 nov")
    assert "no working day" in office.says("/po-action edit A1 by 6 dec")


def test_what_was_dropped_is_not_early(office: Office) -> None:
    office.says(CONTRACT)
    answer = office.says("/po-action drop A1 not needed")
    assert "A1 closed as dropped" in answer
    assert "early" not in answer


def test_a_proposed_date_is_seen_wherever_the_action_is(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action propose A1 11 dec waiting for a quote", office.ben)
    shown = office.says("/po-action show A1")
    assert "Waits for Anna: Ben proposes Fri 11 Dec 2026" in shown
    assert "Ben: waiting for a quote" in shown
    assert "A1 · send contract draft · proposed: Fri 11 Dec 2026 · Ben" in office.says("/po-action")
    office.says("/po-action agree A1")
    assert "proposed" not in office.says("/po-action")


def test_a_list_of_ones_own_does_not_repeat_whose_it_is(office: Office) -> None:
    office.says(CONTRACT)
    assert "A1 · send contract draft · Fri 4 Dec 2026" in office.says("/po-action by person")
    assert "A1 · send contract draft · Fri 4 Dec 2026" in office.says("/po-action mine", office.ben)


def test_what_is_overdue_stands_out(office: Office) -> None:
    office.says(CONTRACT)
    office.passes(days=14)
    late = "⚠ A1 · send contract draft · Ben · Fri 4 Dec 2026 · overdue"
    assert late in office.says("/po-action")
