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
    told = jour_fixe.says("/po-meet move tue to wed 14:00 because of the fair")
    assert told.startswith("Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00\nJour fixe\n")
    assert "[Show] [Undo]" in told
    assert coming(jour_fixe, 2) == ["Wed 02 Dec 14:00", "Tue 08 Dec 10:00"]
    shown = jour_fixe.says("/po-meet show 2 dec")
    assert "instead of Tue 1 Dec 2026" in shown
    assert "No answer yet: Anna, Ben" in shown  # another time: everybody is asked anew
    last = jour_fixe.told(jour_fixe.ben)[-1]
    assert "moved: Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00, reason: because of the fair" in last


def test_a_move_without_its_target_is_asked_for(jour_fixe: Office) -> None:
    jour_fixe.types("/po-meet move tue")
    assert jour_fixe.anna.view is not None
    jour_fixe.anna.fills({"To": "wed 14:00", "Reason": "the fair"})
    assert jour_fixe.anna.submits() == {}
    assert coming(jour_fixe, 1) == ["Wed 02 Dec 14:00"]


def test_undo_moves_it_back_and_says_so(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    jour_fixe.says("/po-meet move tue to wed 14:00")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert "There: Ben" in jour_fixe.says("/po-meet")
    assert "Anna took that back: Tue 1 Dec, 10:00" in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Wed 2 Dec" not in jour_fixe.told(jour_fixe.ben)[-1]


def test_what_was_moved_first_of_all_is_undone_too(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move tue to 11:00-12:00")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 11:00"]
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_one_is_cancelled_by_a_button_that_asks(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet")
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
    jour_fixe.says("/po-meet cancel tue")
    assert "takes place after all" in jour_fixe.says("/po-meet restore 1 dec")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert "takes place after all" in jour_fixe.told(jour_fixe.ben)[-1]


def test_a_meeting_moved_to_a_holiday_says_so(jour_fixe: Office) -> None:
    assert "Fri 25 Dec 2026 is a holiday" in jour_fixe.says("/po-meet move 22 dec to fri 9:00")


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
    jour_fixe.says("/po-meet move 15 dec to thu 9:00")
    jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    assert "Thu 17 Dec 09:00" not in coming(jour_fixe)
    assert coming(jour_fixe)[2] == "Wed 16 Dec 11:00"


def test_the_hours_alone_change_for_what_is_known_already(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes 8 dec", jour_fixe.ben)
    jour_fixe.says("/po-meet change every tue 11:00-12:00 from 2 dec")
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 08 Dec 11:00"]


def test_an_end_leaves_out_what_comes_after(jour_fixe: Office) -> None:
    assert "Jour fixe ends before Tue 15 Dec 2026." in jour_fixe.says("/po-meet end from 15 dec")
    assert coming(jour_fixe) == ["Tue 01 Dec 10:00", "Tue 08 Dec 10:00"]
    assert "The last day is Mon 14 Dec 2026." in jour_fixe.says("/po-meet series")
    jour_fixe.says("/po-meet end")
    assert "Alpha has no meeting ahead." in jour_fixe.says("/po-meet")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_what_has_begun_today_stays_as_it_is(jour_fixe: Office) -> None:
    jour_fixe.now = datetime(2026, 12, 1, 10, 5, tzinfo=BERLIN)
    told = jour_fixe.says("/po-meet change every tue 11:00-12:00")
    assert "from Tue 8 Dec 2026" in told
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 08 Dec 11:00"]
