"""Why a meeting was cancelled is kept with it, and read wherever its date is named."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarEvent
from bot.calendar.changes import Change, Method, Why, after, change
from bot.calendar.event import Event
from bot.calendar.mails import letter
from bot.meetings import Meeting
from tests.calendar_jour_fixe import BEN, OFFICE, ONCE, SECOND, STAMP, TUESDAYS, WEDNESDAY, to_ben
from tests.jour_fixe import arranged
from tests.office import Office, open_office
from tests.test_calendars import EXT, mailed

FAIR = "because of the fair"


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


@pytest.fixture
def mailing(database_url: str) -> Iterator[Office]:
    """Anna's jour fixe every Tuesday, with somebody outside, whose calendars know it."""
    with open_office(database_url, is_mailing=True) as office:
        arranged(office)
        office.says(f"/po-meet invite {EXT}")
        mailed(office)
        yield office


def kept(office: Office) -> list[str | None]:
    """The reasons kept with the meetings there are rows of."""
    found: list[str | None] = office.stored(lambda session: list(session.scalars(_REASONS)))
    return found


_REASONS = select(Meeting.reason).order_by(Meeting.day)


def part(content: bytes, kind: str) -> str:
    """One of the three ways a mail says it."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    found = next(one for one in mail.iter_parts() if one.get_content_type() == kind)
    payload = found.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def told(office: Office, kind: str) -> str:
    """What the last mail to who is outside says."""
    return part([m for m in office.box.mails if m.recipients == (EXT,)][-1].content, kind)


def event_in(calendar: str | bytes) -> Any:
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    return event


# --- In Slack -------------------------------------------------------------------------------


def test_a_cancelled_date_shows_why(jour_fixe: Office) -> None:
    told = jour_fixe.says(f"/po-meet cancel tue {FAIR} sure=yes")
    assert told.startswith(f"Tue 1 Dec, 10:00 cancelled, reason: {FAIR}\nJour fixe\n")
    shown = jour_fixe.says("/po-meet show 1 dec")
    assert "Cancelled · Tuesday, December 1st" in shown
    assert f"Reason: {FAIR}\n" in shown
    jour_fixe.says("/po-meet cancel 8 dec sure=yes")
    assert "Reason" not in jour_fixe.says("/po-meet show 8 dec")


def test_the_dates_of_a_series_name_those_that_were_cancelled(jour_fixe: Office) -> None:
    jour_fixe.says(f"/po-meet cancel tue {FAIR} sure=yes")
    jour_fixe.says("/po-meet cancel 15 dec sure=yes")
    shown = jour_fixe.says("/po-meet series")
    assert f"Tue 1 Dec 2026 is cancelled: {FAIR}" in shown
    assert "Tue 15 Dec 2026 is cancelled.\n" in shown
    jour_fixe.says("/po-meet restore 15 dec")
    assert "15 Dec 2026 is cancelled" not in jour_fixe.says("/po-meet series")


def test_what_was_to_be_once_says_why_it_is_not(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet new Talk on 4 dec 10:00-11:00 with @ben")
    jour_fixe.says("/po-meet invite of Talk")
    jour_fixe.says(f"/po-meet cancel 4 dec {FAIR} of Talk sure=yes")
    shown = jour_fixe.says("/po-meet series of Talk")
    assert "No date lies ahead." in shown
    assert f"Fri 4 Dec 2026 is cancelled: {FAIR}" in shown


def test_a_restored_date_knows_no_reason_any_more(jour_fixe: Office) -> None:
    jour_fixe.says(f"/po-meet cancel tue {FAIR} sure=yes")
    jour_fixe.says("/po-meet restore 1 dec")
    assert kept(jour_fixe) == [None]
    jour_fixe.says("/po-meet cancel 1 dec sure=yes")
    assert "fair" not in jour_fixe.says("/po-meet show 1 dec")


def test_undo_forgets_the_reason_and_the_undo_of_a_restoring_has_it_again(
    jour_fixe: Office,
) -> None:
    jour_fixe.says(f"/po-meet cancel tue {FAIR} sure=yes")  # makes the row
    jour_fixe.says("/po undo")
    assert kept(jour_fixe) == [None]
    jour_fixe.says("/po-meet cancel tue the other fair sure=yes")
    jour_fixe.says("/po undo")
    assert kept(jour_fixe) == [None]
    jour_fixe.says(f"/po-meet cancel tue {FAIR} sure=yes")
    jour_fixe.says("/po-meet restore 1 dec")
    jour_fixe.says("/po undo")
    assert kept(jour_fixe) == [FAIR]
    assert f"Reason: {FAIR}" in jour_fixe.says("/po-meet show 1 dec")


def test_the_card_and_the_agenda_in_the_channel_say_why(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet publish")
    jour_fixe.says(f"/po-meet cancel tue {FAIR} sure=yes")
    jour_fixe.delivered()
    seen = jour_fixe.sees()
    assert any(f"Cancelled: Jour fixe, Tue 1 Dec 2026, reason: {FAIR}." in text for text in seen)


def test_a_reason_is_shown_as_it_was_typed(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet cancel tue *nobody* is <here> & `there` sure=yes")
    assert "Reason: *nobody* is <here> & `there`\n" in jour_fixe.says("/po-meet show 1 dec")
    assert "is cancelled: *nobody* is <here> & `there`" in jour_fixe.says("/po-meet series")


# --- By mail --------------------------------------------------------------------------------


def test_the_cancellation_says_why_in_each_of_its_parts(mailing: Office) -> None:
    mailing.says(f"/po-meet cancel tue {FAIR} sure=yes")
    assert mailed(mailing)[EXT] == "Cancelled: Jour fixe, Tue 1 Dec 10:00"
    assert f"Reason: {FAIR}\n" in told(mailing, "text/plain")
    assert FAIR in told(mailing, "text/html")
    event = event_in(told(mailing, "text/calendar"))
    assert event["COMMENT"] == FAIR
    assert event["DESCRIPTION"] == f"{FAIR}\n\nA meeting of Alpha, chaired by Anna."


def test_of_two_cancelled_dates_each_has_its_reason(mailing: Office) -> None:
    mailing.says(f"/po-meet cancel tue {FAIR} sure=yes")
    mailing.says("/po-meet cancel 8 dec sure=yes")
    mailed(mailing)
    words = f"Cancelled: Tue 1 Dec 2026 ({FAIR}); Tue 8 Dec 2026\n"
    assert words in told(mailing, "text/plain")
    assert "COMMENT" not in event_in(told(mailing, "text/calendar"))


def test_what_was_to_be_once_is_cancelled_with_its_reason(mailing: Office) -> None:
    mailing.says(f"/po-meet new Talk on 4 dec 10:00-11:00 with {EXT}")
    mailing.says("/po-meet invite of Talk")
    mailed(mailing)
    mailing.says(f"/po-meet cancel 4 dec {FAIR} of Talk sure=yes")
    mailed(mailing)
    assert f"Reason: {FAIR}\n" in told(mailing, "text/plain")
    event = event_in(told(mailing, "text/calendar"))
    assert (event["STATUS"], event["COMMENT"]) == ("CANCELLED", FAIR)


def test_a_reason_taken_back_in_time_is_mailed_to_nobody(mailing: Office) -> None:
    mailing.says(f"/po-meet cancel tue {FAIR} sure=yes")
    mailing.says("/po-meet restore 1 dec")
    assert mailed(mailing) == {}
    mailing.says(f"/po-meet cancel tue {FAIR} sure=yes")
    mailing.says("/po-meet restore 1 dec")
    mailing.says("/po-meet cancel 1 dec the lift is broken sure=yes")
    mailed(mailing)
    assert "Reason: the lift is broken\n" in told(mailing, "text/plain")
    assert not any(FAIR.encode() in mail.content for mail in mailing.box.mails)


def test_another_reason_for_what_is_cancelled_already_is_no_mail(mailing: Office) -> None:
    mailing.says(f"/po-meet cancel tue {FAIR} sure=yes")
    mailed(mailing)
    mailing.says("/po-meet restore 1 dec")
    mailing.says("/po-meet cancel 1 dec the lift is broken sure=yes")
    assert mailed(mailing) == {}


def test_what_was_published_without_reasons_is_as_it_was(mailing: Office) -> None:
    def states(session: Session) -> list[Any]:
        return list(session.scalars(select(CalendarEvent.state)))

    mailing.says("/po-meet cancel tue sure=yes")
    mailed(mailing)
    (state,) = mailing.stored(states)
    assert "reasons" not in state
    assert Event.of_dict(state).reasons == {}


# --- What a calendar holds ------------------------------------------------------------------


def cancellation(event: Event, told: Change, held: Event) -> bytes:
    number = "<token@firm.example>"
    sent = letter(event, held, told, 2, STAMP, OFFICE, BEN, number, "Alpha", "Europe/Berlin")
    return sent.mime


def test_the_same_reason_is_always_the_same_bytes() -> None:
    wanted = WEDNESDAY.without(SECOND, FAIR)
    found = change(WEDNESDAY, wanted, STAMP)
    assert found == Change(Method.CANCEL, Why.DROPPED, SECOND, FAIR)
    once, again = (cancellation(wanted, found, WEDNESDAY) for _turn in range(2))
    assert once == again
    assert cancellation(Event.of_dict(wanted.as_dict()), found, WEDNESDAY) == once
    assert after(WEDNESDAY, wanted, found) == wanted


def test_an_event_forgets_why_a_date_was_dropped_that_is_back() -> None:
    dropped = TUESDAYS.without(SECOND, FAIR)
    assert Event.of_dict(dropped.as_dict()) == dropped
    back = dropped.having(TUESDAYS.usual(SECOND), SECOND)
    assert back.reasons == {}
    assert dropped.without(SECOND).reasons == {}
    assert dropped.master == TUESDAYS
    assert change(dropped, TUESDAYS.without(SECOND, "the lift"), STAMP) is None


def test_whatever_was_typed_as_a_reason_breaks_no_line() -> None:
    hostile = "no\r\nEND:VEVENT\nBEGIN:VALARM\x00; a, b\\n\u2028" + "ü" * 400
    told = Change(Method.CANCEL, Why.DROPPED, date(2026, 12, 8), hostile)
    event = event_in(to_ben(TUESDAYS.without(SECOND, hostile), told))
    assert event["COMMENT"].startswith("no\nEND:VEVENT\nBEGIN:VALARM; a, b\\n")
    words = part(cancellation(TUESDAYS.without(SECOND, hostile), told, TUESDAYS), "text/plain")
    assert "Reason: no END:VEVENT BEGIN:VALARM; a, b\\n" in words
    assert max(map(len, words.splitlines())) < 400


def test_a_note_that_is_empty_leaves_the_reason_alone() -> None:
    told = Change(Method.CANCEL, Why.ENDED, reason=FAIR)
    event = event_in(to_ben(replace(ONCE, note=""), told))
    assert event["DESCRIPTION"] == FAIR
