"""Reminding: the buttons of a digest do the thing, and the message shows what became of it."""

import pytest

from slackbox import Message, Person
from tests.office import Office


@pytest.fixture
def reminded(office: Office) -> Office:
    """Wednesday morning; Ben has just been reminded of A1 and A2, both due yesterday."""
    office.says("/po project people @ben member")
    for title in ("order test devices", "book the room"):
        office.says(f"/po-action add @ben {title} by 24 nov")
    for name in ("A1", "A2"):
        office.says(f"/po-action accept {name}", office.ben)
    office.ticks()
    office.waits_until(25, 8, 30)
    return office


def digest(office: Office, who: Person) -> Message:
    return [m for m in office.told_messages(who) if "Your day" in office.box.text_of(m)][-1]


def shows(office: Office, text: str) -> bool:
    """Whether Ben's digest comes to say *text*."""
    office.box.wait_for(lambda: text in office.box.text_of(digest(office, office.ben)))
    return True


def lines(office: Office) -> list[str]:
    return office.box.text_of(digest(office, office.ben)).splitlines()


@pytest.mark.both_databases
def test_done_in_the_digest_closes_it_and_leaves_one_small_line(reminded: Office) -> None:
    reminded.ben.clicks("Done", digest(reminded, reminded.ben), near="order test devices")
    assert shows(reminded, "✓ order test devices · A1 closed, 1 working day late")
    assert "A1 · order test devices" not in reminded.says("/po-action")
    told = lines(reminded)
    assert "book the room" in told
    assert sum(line.startswith("[Done]") for line in told) == 1
    assert len([m for m in reminded.told(reminded.ben) if "Your day" in m]) == 1


def test_move_in_the_digest_asks_for_the_date_and_keeps_the_reason(reminded: Office) -> None:
    reminded.ben.clicks("Move …", digest(reminded, reminded.ben), near="order test devices")
    reminded.ben.fills({"New date": "2026-12-04", "Note": "waiting for legal"})
    assert reminded.ben.submits() == {}
    assert shows(reminded, "✓ order test devices · Tue 24 Nov → Fri 4 Dec, moved once")


def test_what_is_typed_instead_settles_it_too(reminded: Office) -> None:
    reminded.says("/po-action done A1", reminded.ben)
    assert shows(reminded, "✓ order test devices · A1 closed")


def test_what_somebody_else_did_is_shown_with_their_name(reminded: Office) -> None:
    reminded.says("/po-action done A1")
    assert shows(reminded, "✓ order test devices · Anna: A1 closed")


@pytest.mark.both_databases
def test_undone_it_is_asked_again_with_its_buttons(reminded: Office) -> None:
    answer = reminded.ben.clicks("Done", digest(reminded, reminded.ben), near="order test")
    assert answer is not None
    assert shows(reminded, "✓ order test devices")
    reminded.ben.clicks("Undo", answer)
    assert shows(reminded, "undone: done")
    told = lines(reminded)
    assert sum(line.startswith("[Done]") for line in told) == 2
    assert "A1 · 1 working day late (Tue 24 Nov)" in told
    reminded.ben.clicks("Done", digest(reminded, reminded.ben), near="order test devices")
    assert shows(reminded, "✓ order test devices · A1 closed")


def test_reopened_it_is_asked_again(reminded: Office) -> None:
    reminded.says("/po-action done A1", reminded.ben)
    assert shows(reminded, "✓ order test devices")
    reminded.says("/po-action reopen A1")
    assert shows(reminded, "Anna: reopened")
    assert sum(line.startswith("[Done]") for line in lines(reminded)) == 2


def test_a_note_stands_beside_the_reminder_which_goes_on_asking(reminded: Office) -> None:
    reminded.says("/po-action note A1 the supplier <!channel> called")
    assert shows(reminded, "Anna: noted: the supplier <!channel> called")
    told = digest(reminded, reminded.ben)
    assert "<!channel>" not in told.text
    assert sum(line.startswith("[Done]") for line in lines(reminded)) == 2


def test_clicked_twice_the_second_click_says_that_it_is_closed(reminded: Office) -> None:
    message = digest(reminded, reminded.ben)
    blocks = list(message.blocks)
    reminded.ben.clicks("Done", message, near="order test devices")
    assert shows(reminded, "✓ order test devices")
    reminded.box.call(lambda: setattr(message, "blocks", blocks))  # a page that is behind
    answer = reminded.ben.clicks("Done", message, near="order test devices")
    reminded.box.wait_for(lambda: "A1 is closed" in (answer.text if answer else ""))


def test_an_old_digest_still_works_and_says_what_became_of_things(reminded: Office) -> None:
    old = digest(reminded, reminded.ben)
    reminded.waits_until(26, 8, 30)
    new = digest(reminded, reminded.ben)
    assert old.ts != new.ts
    reminded.ben.clicks("Done", old, near="order test devices")
    for message in (old, new):
        reminded.box.wait_for(
            lambda m=message: "✓ order test devices" in reminded.box.text_of(m)  # type: ignore[misc] # bound
        )


def test_after_days_an_old_digest_says_that_the_thing_is_closed(reminded: Office) -> None:
    old = digest(reminded, reminded.ben)
    reminded.waits_until(7, 8, 30, month=12)
    reminded.says("/po-action done A1")
    answer = reminded.ben.clicks("Done", old, near="order test devices")
    reminded.box.wait_for(lambda: "A1 is closed" in (answer.text if answer else ""))


def test_what_was_given_to_somebody_else_is_theirs_to_close(reminded: Office) -> None:
    old = list(digest(reminded, reminded.ben).blocks)
    reminded.says("/po-action give A1 @carla")
    assert shows(reminded, "✓ order test devices · Anna: given to Carla")
    message = digest(reminded, reminded.ben)
    reminded.box.call(lambda: setattr(message, "blocks", old))
    answer = reminded.ben.clicks("Done", message, near="order test devices")
    reminded.box.wait_for(lambda: "one has to be" in (answer.text if answer else ""))


def test_accept_in_the_digest_settles_the_request(reminded: Office) -> None:
    reminded.says("/po-action add @ben write the press release by 15 dec")
    reminded.waits_until(26, 8, 30)
    reminded.ben.clicks("Accept", digest(reminded, reminded.ben))
    assert shows(reminded, "✓ write the press release · accepted")


def test_accepted_when_it_is_late_it_is_still_there_to_be_done(reminded: Office) -> None:
    reminded.says("/po-action add @ben write the press release by 25 nov")
    reminded.waits_until(26, 8, 30)
    assert "[Accept] [Propose date …] [Decline …] [Done]" in "\n".join(lines(reminded))
    answer = reminded.ben.clicks("Accept", digest(reminded, reminded.ben), near="press release")
    assert shows(reminded, "(Wed 25 Nov)\naccepted\n[Done] [Move …]")
    assert answer is not None
    reminded.ben.clicks("Undo", answer)
    assert shows(reminded, "not accepted yet\nundone: accepted\n[Accept] [Propose date …]")
    reminded.says("/po-action accept A3", reminded.ben)
    assert shows(reminded, "(Wed 25 Nov)\naccepted\n[Done] [Move …]")
    reminded.says("/po-action done A3", reminded.ben)
    assert shows(reminded, "✓ write the press release · A3 closed, 1 working day late")


def test_a_date_proposed_in_the_digest_is_shown_there(reminded: Office) -> None:
    reminded.says("/po-action add @ben write the press release by 15 dec")
    reminded.waits_until(26, 8, 30)
    reminded.says("/po-action propose A3 2026-12-17", reminded.ben)
    assert shows(reminded, "✓ write the press release · proposed Thu 17 Dec 2026")


def test_a_risk_is_rescored_in_the_digest(reminded: Office) -> None:
    reminded.says("/po project people @ben office")
    reminded.says("/po-risk add Supplier has no capacity p4 i5 owner @ben")
    reminded.waits_until(2, 8, 30, month=12)
    reminded.ben.clicks("Rescore …", digest(reminded, reminded.ben))
    reminded.ben.fills({"Probability": "2", "Impact": "3"})
    assert reminded.ben.submits() == {}
    assert shows(reminded, "✓ Supplier has no capacity · 20 → 6, falling")


def test_a_status_taken_back_is_asked_for_again(reminded: Office) -> None:
    reminded.waits_until(2, 8, 30, month=12)

    def says(text: str) -> bool:
        shown = reminded.box.text_of(digest(reminded, reminded.anna))
        return text in shown

    answer = reminded.types("/po-status amber supplier late")
    reminded.box.wait_for(lambda: says("✓ Status of Alpha · 🟡 AMBER"))
    reminded.anna.clicks("Undo", answer)
    reminded.box.wait_for(lambda: says("Status of Alpha\ndue Thu 3 Dec, 12:00\ntaken back"))
    assert says("[Report …]")
