"""Rescheduling: one meeting is moved or cancelled, a series gets another rhythm, or ends."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.meetings import Series
from tests.jour_fixe import BERLIN, arranged, clicked, coming
from tests.office import Office


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


# --- One meeting of many --------------------------------------------------------------------


def test_the_bare_command_is_the_next_meeting(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet")
    assert told.startswith("Jour fixe\n")
    assert "10:00–10:45 Europe/Berlin" in told
    assert "No answer yet: Anna, Ben" in told
    assert "[I’ll be there] [Can’t] [Maybe] [Move …] [Cancel] [Agenda] [Series]" in told
    assert "[Move …]" not in jour_fixe.says("/po-meet", jour_fixe.ben)


def test_shortly_before_it_its_chair_starts_it_by_a_button(jour_fixe: Office) -> None:
    assert "[Start]" not in jour_fixe.says("/po-meet")
    jour_fixe.now = datetime(2026, 12, 1, 9, 50, tzinfo=BERLIN)
    answer = jour_fixe.types("/po-meet")
    assert "[Start]" not in jour_fixe.says("/po-meet", jour_fixe.ben)
    assert "write into the thread" in clicked(jour_fixe, "Start", answer, "write into the thread")


def test_one_is_moved_to_a_day_of_its_own_week(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    told = jour_fixe.says("/po-meet move tue to wed 14:00 because of the fair sure=yes")
    assert told.startswith("Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00\nJour fixe\n")
    assert "[Show] [Undo]" in told
    assert coming(jour_fixe, 2) == ["Wed 02 Dec 14:00", "Tue 08 Dec 10:00"]
    shown = jour_fixe.says("/po-meet show 2 dec")
    assert "instead of Tue 1 Dec 2026" in shown
    assert "No answer yet: Anna, Ben" in shown  # another time: everybody is asked anew
    last = jour_fixe.told(jour_fixe.ben)[-1]
    assert "moved: Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00, reason: because of the fair" in last


def test_a_move_without_its_target_is_asked_for(jour_fixe: Office) -> None:
    jour_fixe.types("/po-meet move tue sure=yes")
    assert jour_fixe.anna.view is not None
    jour_fixe.anna.fills({"To": "wed 14:00", "Reason": "the fair"})
    assert jour_fixe.anna.submits() == {}
    assert coming(jour_fixe, 1) == ["Wed 02 Dec 14:00"]


def test_undo_moves_it_back_and_says_so(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert "There: Ben" in jour_fixe.says("/po-meet")
    again = "Anna took that back: it takes place on Tue 1 Dec, 10:00 again"
    assert again in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Wed 2 Dec" not in jour_fixe.told(jour_fixe.ben)[-1]


def test_what_was_answered_to_a_move_that_is_undone_counts_no_more(jour_fixe: Office) -> None:
    for _again in range(2):
        jour_fixe.passes(minutes=1)
        jour_fixe.says("/po-meet move 1 dec to wed 14:00 sure=yes")
        jour_fixe.says("/po-meet no 2 dec", jour_fixe.ben)
        jour_fixe.says("/po undo")
        assert "No answer yet: Anna, Ben" in jour_fixe.says("/po-meet show 1 dec")


def test_what_was_moved_first_of_all_is_undone_too(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move tue to 11:00-12:00 sure=yes")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 11:00"]
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_what_is_cancelled_already_is_restored_by_a_click(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet cancel tue sure=yes")
    jour_fixe.passes(minutes=11)
    assert "Undo works for 10 minutes only." in jour_fixe.says("/po undo")
    answer = jour_fixe.types("/po-meet cancel 1 dec sure=yes")
    assert "It is cancelled; meet restore takes that back." in answer.text
    clicked(jour_fixe, "Restore it", answer, "takes place after all")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_one_is_cancelled_by_a_button_that_asks(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet")
    (asked,) = [
        element["confirm"]
        for block in answer.blocks
        for element in block.get("elements", ())
        if "confirm" in element
    ]
    assert asked["confirm"]["text"] == "Cancel the meeting"
    assert asked["deny"]["text"] == "Keep it"
    assert asked["style"] == "danger"
    jour_fixe.anna.clicks("Cancel", answer)
    jour_fixe.box.wait_for(lambda: "Tue 1 Dec, 10:00 cancelled" in answer.text)
    assert coming(jour_fixe, 1) == ["Tue 08 Dec 10:00"]
    assert "Cancelled" in jour_fixe.says("/po-meet show 1 dec")
    assert "cancelled: Tue 1 Dec, 10:00" in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Anna: Jour fixe, cancelled: Tue 1 Dec, 10:00" in "\n".join(
        jour_fixe.box.text_of(m)
        for parent in jour_fixe.anna.reads(jour_fixe.alpha)
        for m in jour_fixe.anna.reads(jour_fixe.alpha, thread=parent)
    )


def test_a_cancelled_one_takes_place_after_all(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet cancel tue sure=yes")
    assert "takes place after all" in jour_fixe.says("/po-meet restore 1 dec")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert "takes place after all" in jour_fixe.told(jour_fixe.ben)[-1]


def test_what_was_told_of_a_meeting_before_is_not_answered_once_it_is_cancelled(
    jour_fixe: Office,
) -> None:
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    told = jour_fixe.told(jour_fixe.ben)[-1]
    assert told.partition("moved:")[2].count("[I’ll be there]") == 1
    jour_fixe.says("/po-meet cancel 2 dec sure=yes")
    told = jour_fixe.told(jour_fixe.ben)[-1]
    assert "cancelled: Wed 2 Dec, 14:00" in told
    assert "[I’ll be there]" not in told.partition("moved:")[2]
    jour_fixe.says("/po undo")
    told = jour_fixe.told(jour_fixe.ben)[-1]
    assert told.partition("moved:")[2].count("[I’ll be there]") == 1


def test_a_meeting_moved_to_a_holiday_says_so(jour_fixe: Office) -> None:
    assert "Fri 25 Dec 2026 is a holiday" in jour_fixe.says(
        "/po-meet move 22 dec to fri 9:00 sure=yes"
    )


# --- This and all that follow ---------------------------------------------------------------


def test_a_new_rhythm_holds_from_its_day_on(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    assert told.startswith("every Tue, 10:00–10:45 → every Wed, 11:00–11:45, from Wed 16 Dec 2026")
    assert coming(jour_fixe) == [
        "Tue 01 Dec 10:00",
        "Tue 08 Dec 10:00",
        "Wed 16 Dec 11:00",
        "Wed 23 Dec 11:00",
    ]
    assert "from Wed 16 Dec 2026" in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po undo")
    assert coming(jour_fixe)[2:] == ["Tue 15 Dec 10:00", "Tue 22 Dec 10:00"]


def test_calendars_know_what_comes_after_a_change_by_another_name(jour_fixe: Office) -> None:
    def uids(session: Session) -> list[str]:
        series = session.scalars(select(Series)).one()
        return [*(rule.uid for rule in series.earlier), series.uid]

    (first,) = jour_fixe.stored(uids)
    jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    jour_fixe.says("/po-meet change every thu from 1 feb")
    names = jour_fixe.stored(uids)
    assert len(set(names)) == 3
    assert names[0] == first
    assert coming(jour_fixe, 10)[-2:] == ["Wed 27 Jan 11:00", "Thu 04 Feb 11:00"]
    jour_fixe.says("/po-meet change every mon 9:00 from 14 dec")  # before the others began
    assert jour_fixe.stored(uids)[0] == first
    assert len(jour_fixe.stored(uids)) == 2
    assert coming(jour_fixe, 3)[1:] == ["Tue 08 Dec 10:00", "Mon 14 Dec 09:00"]


def test_what_was_moved_is_gone_with_the_day_it_was_of(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move 15 dec to thu 9:00 sure=yes")
    jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    assert "Thu 17 Dec 09:00" not in coming(jour_fixe)
    assert coming(jour_fixe)[2] == "Wed 16 Dec 11:00"


def test_the_hours_alone_change_for_what_is_known_already(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes 8 dec", jour_fixe.ben)
    jour_fixe.says("/po-meet change every tue 11:00-12:00 from 2 dec")
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 08 Dec 11:00"]


def test_an_end_leaves_out_what_comes_after(jour_fixe: Office) -> None:
    assert "Jour fixe ends before Tue 15 Dec 2026." in jour_fixe.says(
        "/po-meet end from 15 dec sure=yes"
    )
    assert coming(jour_fixe) == ["Tue 01 Dec 10:00", "Tue 08 Dec 10:00"]
    assert "The last day is Mon 14 Dec 2026." in jour_fixe.says("/po-meet series")
    jour_fixe.says("/po-meet end sure=yes")
    assert "Alpha has no meeting ahead." in jour_fixe.says("/po-meet")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_what_has_begun_today_stays_as_it_is(jour_fixe: Office) -> None:
    jour_fixe.now = datetime(2026, 12, 1, 10, 5, tzinfo=BERLIN)
    told = jour_fixe.says("/po-meet change every tue 11:00-12:00")
    assert "from Tue 8 Dec 2026" in told
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 08 Dec 11:00"]


def test_another_weekday_is_that_of_the_next_meetings_own_week(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet change every mon")
    assert told.startswith("every Tue, 10:00–10:45 → every Mon, 10:00–10:45, from Mon 30 Nov 2026")
    jour_fixe.now = datetime(2026, 12, 7, 11, tzinfo=BERLIN)  # that of this week is over
    assert "from Tue 15 Dec 2026" in jour_fixe.says("/po-meet change every tue")
    assert coming(jour_fixe, 1) == ["Tue 15 Dec 10:00"]


@pytest.mark.both_databases
def test_a_rhythm_changed_there_and_back_loses_no_meeting(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes 1 dec", jour_fixe.ben)
    jour_fixe.says("/po-meet cancel 8 dec sure=yes")
    jour_fixe.says("/po-meet change every wed")
    assert coming(jour_fixe, 2) == ["Wed 02 Dec 10:00", "Wed 09 Dec 10:00"]
    assert "from Tue 1 Dec 2026" in jour_fixe.says("/po-meet change every tue")
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 15 Dec 10:00"]  # as it was before
    assert "There: Ben\nNo answer yet: Anna" in jour_fixe.says("/po-meet show 1 dec")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 2) == ["Wed 02 Dec 10:00", "Wed 09 Dec 10:00"]


def test_a_later_end_brings_back_what_an_earlier_one_left_out(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move 15 dec to 16 dec 9:00 sure=yes")
    jour_fixe.says("/po-meet move 8 dec to 9 dec 9:00 sure=yes")
    jour_fixe.says("/po-meet end from 15 dec sure=yes")
    assert coming(jour_fixe) == ["Tue 01 Dec 10:00", "Wed 09 Dec 09:00"]
    jour_fixe.says("/po-meet end from 20 dec sure=yes")
    assert coming(jour_fixe) == ["Tue 01 Dec 10:00", "Wed 09 Dec 09:00", "Tue 15 Dec 10:00"]


# --- What stands in the channel -------------------------------------------------------------


def standing(office: Office, said: str) -> list[str]:
    """What the channel shows of a meeting that people may still answer to, or that was one."""
    return [text for text in office.sees() if said in text]


@pytest.fixture
def published(jour_fixe: Office) -> Office:
    """The card of the next meeting is in the channel, and its agenda."""
    jour_fixe.ticks()
    jour_fixe.waits_until(27, 9)
    jour_fixe.says("/po-meet topic Budget")
    jour_fixe.says("/po-meet publish")
    jour_fixe.passes(minutes=5)
    return jour_fixe


def test_what_stands_follows_another_hour(published: Office) -> None:
    published.says("/po-meet change every tue 14:00-15:00")
    (card,) = standing(published, "No answer yet")
    assert "14:00–15:00 Europe/Berlin" in card
    (agenda,) = standing(published, "Budget")
    assert "1:00 PM · 60 min" in agenda
    published.says("/po undo")
    (agenda,) = standing(published, "Budget")
    assert "9:00 AM · 45 min" in agenda


def test_what_stands_says_that_the_rhythm_or_an_end_leaves_it_out(published: Office) -> None:
    published.says("/po-meet change every wed from 1 dec")
    assert standing(published, "Budget") == []
    assert len(standing(published, "Cancelled: Jour fixe, Tue 1 Dec 2026.")) == 1
    assert len(standing(published, "Jour fixe\nCancelled")) == 1
    published.says("/po undo")
    assert len(standing(published, "Budget")) == 1
    assert len(standing(published, "No answer yet")) == 1
    published.says("/po-meet end sure=yes")
    assert standing(published, "Budget") == []
    assert len(standing(published, "Jour fixe\nCancelled")) == 1
    assert standing(published, "[I’ll be there]") == []


def test_a_card_alone_follows_too(jour_fixe: Office) -> None:
    jour_fixe.ticks()
    jour_fixe.waits_until(27, 9)
    assert len(standing(jour_fixe, "what should we talk about?")) == 1
    jour_fixe.says("/po-meet edit title=Weekly")
    assert standing(jour_fixe, "what should we talk about?")[0].startswith("Weekly")
    jour_fixe.says("/po-meet change every wed from 1 dec")
    assert standing(jour_fixe, "what should we talk about?") == []
    assert len(standing(jour_fixe, "Weekly\nCancelled")) == 1


def test_what_stands_follows_another_title_and_place(published: Office) -> None:
    published.says("/po-meet edit title=Weekly place Room 5")
    (agenda,) = standing(published, "Budget")
    assert "Weekly" in agenda
    (card,) = standing(published, "No answer yet")
    assert card.startswith("Weekly")
    assert "Room 5" in card


# --- Two at once ------------------------------------------------------------------------------


def test_a_date_moved_onto_another_one_is_said_to_be_so(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet move 1 dec to 8 dec 10:30 sure=yes")
    assert "At the same time: Jour fixe, Tue 8 Dec, 10:00." in told
    assert "At the same time" not in jour_fixe.says("/po-meet move 15 dec to 16 dec 10:00 sure=yes")
    jour_fixe.says("/po-meet cancel 22 dec sure=yes")
    assert "At the same time" not in jour_fixe.says("/po-meet move 29 dec to 22 dec 10:00 sure=yes")
    told = jour_fixe.says("/po-meet restore 22 dec")
    assert "At the same time: Jour fixe, Tue 22 Dec, 10:00." in told


def test_a_new_series_beside_another_one_is_said_to_be_so(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet new Sync every tue 9:30-10:30 with @ben")
    assert told.count("At the same time: Jour fixe, Tue 1 Dec, 10:00.") == 1
    assert "At the same time" not in jour_fixe.says("/po-meet new Talk every tue 9:00-10:00")
    jour_fixe.says("/po-meet invite of Talk")
    told = jour_fixe.says("/po-meet change every tue 9:30-10:15 of Talk")
    assert "At the same time: Jour fixe, Tue 1 Dec, 10:00." in told


# --- Undo says what it took back, and no more -------------------------------------------------


def test_an_undone_cancellation_says_once_that_the_meeting_takes_place_again(
    jour_fixe: Office,
) -> None:
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    jour_fixe.says("/po-meet cancel 2 dec sure=yes")
    jour_fixe.says("/po undo")
    told = "\n".join(jour_fixe.told(jour_fixe.ben))
    assert told.count("it takes place on Wed 2 Dec, 14:00 again") == 1
    assert "moved: Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00" in told
    assert "cancelled" not in told


def test_undoing_that_a_meeting_takes_place_after_all_says_that_it_is_cancelled(
    jour_fixe: Office,
) -> None:
    jour_fixe.says("/po-meet cancel 1 dec sure=yes")
    jour_fixe.says("/po-meet restore 1 dec")
    jour_fixe.says("/po undo")
    told = "\n".join(jour_fixe.told(jour_fixe.ben))
    assert told.count("Anna took that back: Tue 1 Dec, 10:00 is cancelled again") == 1
    assert "takes place after all" not in told


def test_an_answer_undone_leaves_what_was_told_of_a_move(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet invite @carla")
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    jour_fixe.says("/po-meet yes 2 dec", jour_fixe.ben)
    jour_fixe.says("/po undo", jour_fixe.ben)
    told = jour_fixe.told(jour_fixe.carla)[-1]
    assert "Anna: moved: Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00" in told
    assert "took that back" not in told
    assert "No answer yet: Anna, Ben, Carla" in jour_fixe.says("/po-meet show 2 dec")


@pytest.mark.parametrize(
    "line", ["publish", "start", "invite @carla", "uninvite @ben", "pause", "taker @ben"]
)
def test_what_else_is_undone_leaves_what_was_told_of_times(jour_fixe: Office, line: str) -> None:
    jour_fixe.says("/po-meet change every tue 11:00 from 1 dec")
    jour_fixe.now = datetime(2026, 12, 1, 10, 55, tzinfo=BERLIN)
    jour_fixe.says("/po-meet move 1 dec to 11:30 sure=yes")
    jour_fixe.says(f"/po-meet {line}")
    assert "Undone" in jour_fixe.says("/po undo")
    told = "\n".join(jour_fixe.told(jour_fixe.ben))
    assert "Anna: every Tue, 10:00–10:45 → every Tue, 11:00–11:45, from Tue 1 Dec 2026" in told
    assert "Anna: moved: Tue 1 Dec, 11:00 → Tue 1 Dec, 11:30" in told
    assert "took the invitation back" not in told


def test_a_series_resumed_and_paused_again_is_not_taken_back(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet pause")
    jour_fixe.says("/po-meet resume")
    jour_fixe.says("/po undo")
    told = jour_fixe.told(jour_fixe.ben)
    assert told[-1].startswith("Anna invites you: every Tue")
    assert "Paused" in jour_fixe.says("/po-meet series")


def test_a_rhythm_undone_says_so_where_it_was_told(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet change every wed 11:00")
    jour_fixe.says("/po undo")
    last = jour_fixe.told(jour_fixe.ben)[-1]
    assert "Anna: that was taken back: every Tue, 10:00–10:45" in last
    assert "Wed" not in last


def test_ending_a_series_is_asked_about_first(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet end")
    assert "Is that what you want?" in answer.text
    assert "every Tue" in jour_fixe.says("/po-meet series")
    jour_fixe.anna.clicks("Yes, do it", answer)
    jour_fixe.box.wait_for(lambda: "[Undo]" in answer.text)
    assert "Alpha has no meeting ahead." in jour_fixe.says("/po-meet")
