"""Moved dates: wherever a meeting was moved to, it is the next, the one meant, and is not lost."""

from datetime import datetime

import pytest

from tests.jour_fixe import BERLIN, arranged, coming
from tests.office import Office


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


def daily(office: Office) -> Office:
    """A stand-up every working day, of which the one of 18 December was moved to today."""
    office.says("/po project set zone=Europe/Berlin")
    office.says('/po-meet new "Stand-up" every weekday 9:30-9:45 with @ben')
    office.says("/po-meet invite")
    office.now = datetime(2026, 11, 24, 10, 0, tzinfo=BERLIN)
    office.says("/po-meet move 18 dec to 24 nov 12:00 sure=yes")
    return office


# --- The next is the next -------------------------------------------------------------------


def test_one_moved_from_far_ahead_is_the_next(office: Office) -> None:
    daily(office)
    assert coming(office, 2) == ["Tue 24 Nov 12:00", "Wed 25 Nov 09:30"]
    assert "12:00–12:15" in office.says("/po-meet show")
    assert "Tue 24 Nov, 12:00" in office.says("/po-meet yes", office.ben)
    assert "next Tue 24 Nov, 12:00" in office.says("/po-meet list")


def test_one_moved_far_away_is_not_the_next(jour_fixe: Office) -> None:
    for day in ("1 dec", "8 dec", "15 dec"):
        jour_fixe.says(f"/po-meet move {day} to 20 jan 15:00 sure=yes")
    assert coming(jour_fixe, 2) == ["Tue 22 Dec 10:00", "Tue 29 Dec 10:00"]


# --- Another country ------------------------------------------------------------------------


def test_one_that_was_moved_takes_place_where_its_first_day_becomes_a_holiday(
    jour_fixe: Office,
) -> None:
    jour_fixe.says("/po-meet move 8 dec to wed 14:00 sure=yes")
    jour_fixe.says("/po project set country=AT subdivision=9")
    assert coming(jour_fixe, 3) == ["Tue 01 Dec 10:00", "Wed 09 Dec 14:00", "Tue 15 Dec 10:00"]


# --- Room and chair -------------------------------------------------------------------------


def test_one_that_is_restored_is_where_the_others_are_by_then(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet cancel tue sure=yes")
    jour_fixe.says("/po-meet place Room 5")
    jour_fixe.says("/po-meet chair @ben")
    jour_fixe.says("/po-meet restore 1 dec")
    told = jour_fixe.says("/po-meet show 1 dec")
    assert "Room 5" in told
    assert "chairs this one" not in told


def test_one_that_comes_back_with_its_weekday_is_where_the_others_are_by_then(
    jour_fixe: Office,
) -> None:
    jour_fixe.says("/po-meet edit place=Room 1")
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    jour_fixe.says("/po-meet change every wed")
    jour_fixe.says("/po-meet edit place=Room 5")
    jour_fixe.says("/po-meet change every tue")
    assert "Room 5" in jour_fixe.says("/po-meet show 1 dec")


# --- Another rhythm -------------------------------------------------------------------------


def test_one_moved_before_the_new_rhythm_begins_stays(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move tue to fri 27 nov 9:00 sure=yes")
    jour_fixe.says("/po-meet change every wed from 30 nov")
    assert coming(jour_fixe, 3) == ["Fri 27 Nov 09:00", "Wed 02 Dec 10:00", "Wed 09 Dec 10:00"]
    assert "10:00 cancelled" in jour_fixe.says("/po-meet cancel 2 dec sure=yes")


def test_one_moved_by_hand_stays_where_the_rhythm_still_has_its_day(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move 1 dec to fri 4 dec 15:00 sure=yes")
    told = jour_fixe.says("/po-meet edit when every tue 11:00")
    assert told.startswith("every Tue, 10:00–10:45 → every Tue, 11:00–11:45, from Tue 1 Dec 2026")
    assert coming(jour_fixe, 2) == ["Fri 04 Dec 15:00", "Tue 08 Dec 11:00"]
    assert "Gone" not in told


def test_one_moved_by_hand_that_goes_with_its_day_is_named(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move 15 dec to thu 9:00 sure=yes")
    told = jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    gone = "Gone with it, though moved by hand: Thu 17 Dec, 09:00."
    assert gone in told
    assert gone in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po undo")
    assert "Thu 17 Dec 09:00" in coming(jour_fixe)


def test_one_moved_beyond_the_end_is_named(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move 15 dec to thu 9:00 sure=yes")
    told = jour_fixe.says("/po-meet end from 14 dec sure=yes")
    assert told.startswith("Jour fixe ends before Mon 14 Dec 2026. Gone with it, though moved")
    assert "Thu 17 Dec, 09:00." in told
    jour_fixe.says("/po-meet end from 28 dec sure=yes")
    assert coming(jour_fixe, 3)[2] == "Tue 15 Dec 10:00"
