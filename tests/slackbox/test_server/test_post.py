"""The post office: what is handed in by SMTP is kept, read, and written into calendars."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from time import process_time
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slackbox import Box, Mail, OfficeTime, Person
from slackbox.calendar_sheet import sheet
from slackbox.calendars import read
from tests.mails import CALENDAR, DROPPED, MOVED, SERIES, hand_in, written

from .conftest import Place
from .test_page_api import Page

MONDAY = datetime(2026, 11, 23, 8, 25, tzinfo=UTC)
ENDLESS_S = 20


def drawn(mail: Mail, now: datetime = MONDAY) -> dict[str, Any]:
    assert mail.told is not None
    return sheet(mail.told, mail.held, now)


def days(mail: Mail, mark: str) -> list[str]:
    """The days drawn with *mark*, as their month and number."""
    return [
        f"{month['title']} {day['day']}"
        for month in drawn(mail)["months"]
        for week in month["weeks"]
        for day in week
        if day and day["mark"] == mark
    ]


def invited(*lines: str, method: str = "REQUEST") -> bytes:
    text = CALENDAR.format(method=method, to="a@b.example", title="T", lines="\n".join(lines))
    return text.encode()


# --- Received ---------------------------------------------------------------------------------


def test_a_mail_handed_in_is_kept_with_its_parts(box: Box) -> None:
    (mail,) = hand_in(box, written("Grüße: Zoë", html="<b>Hello</b>", lines=SERIES))
    assert mail.recipients == ("anna@firm.example",)
    assert mail.sender == "desk@office.example"
    assert mail.subject == "Grüße: Zoë"
    assert mail.plain.strip() == "Grüße: Zoë, in plain words."
    assert mail.html.strip() == "<b>Hello</b>"
    assert mail.calendar.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"METHOD:REQUEST\r\n" in mail.calendar


def test_a_mail_is_stamped_with_office_time(box: Box) -> None:
    box.office_time = OfficeTime(lambda: MONDAY, lambda to: None)
    (mail,) = hand_in(box, written("Hello"))
    assert mail.received_at == MONDAY.timestamp()


def test_who_waits_for_a_mail_is_told_of_it(box: Box) -> None:
    hand_in(box, written("Hello"))
    assert box.wait_for(lambda: box.mails)[0].subject == "Hello"


def test_the_post_office_comes_back_at_the_same_door_with_what_it_had(box: Box) -> None:
    door = box.smtp_url
    hand_in(box, written("Before"))
    box.stop()
    with pytest.raises(OSError):
        hand_in(box, written("Meanwhile"))
    box.start()
    assert box.smtp_url == door
    hand_in(box, written("After"))
    assert [mail.subject for mail in box.mails] == ["Before", "After"]


def test_a_box_that_stops_cuts_who_is_still_handing_in(box: Box) -> None:
    door = urlsplit(box.smtp_url)
    with smtplib.SMTP(door.hostname or "", door.port or 0, timeout=5) as smtp:
        smtp.ehlo()
        box.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            smtp.noop()


# --- Read -------------------------------------------------------------------------------------


def test_a_series_is_drawn_in_its_first_two_months_without_what_is_dropped(box: Box) -> None:
    (mail,) = hand_in(box, written("Invitation", lines=SERIES))
    assert drawn(mail)["badge"] == "Invitation"
    assert drawn(mail)["when"] == "every week on Tuesday, until 23 Mar 2027, 10:00–10:45"
    assert drawn(mail)["zone"] == "Europe/Berlin"
    assert days(mail, "meeting") == [
        "November 2026 24", "December 2026 1", "December 2026 8", "December 2026 15",
        "December 2026 29",
    ]  # fmt: skip
    assert days(mail, "dropped") == ["December 2026 22"]


def test_a_moved_date_is_drawn_into_the_series_its_reader_has(box: Box) -> None:
    _, mail = hand_in(box, written("Invitation", lines=SERIES), written("Moved", lines=MOVED))
    assert drawn(mail)["badge"] == "Update"
    assert drawn(mail)["dates"] == [
        {"was": "Tue 1 Dec 2026, 10:00", "now": "Wed 2 Dec 2026, 14:00–14:45"}
    ]
    assert days(mail, "left") == ["December 2026 1"]
    assert days(mail, "moved") == ["December 2026 2"]
    assert "December 2026 8" in days(mail, "meeting")


def test_a_moved_date_of_a_series_nobody_told_of_stands_alone(box: Box) -> None:
    (mail,) = hand_in(box, written("Moved", lines=MOVED))
    assert drawn(mail)["badge"] == "Invitation"
    assert (days(mail, "left"), days(mail, "moved")) == (["December 2026 1"], ["December 2026 2"])
    assert days(mail, "meeting") == []


def test_a_dropped_date_and_an_ended_series_are_struck(box: Box) -> None:
    _, dropped, ended = hand_in(
        box,
        written("Invitation", lines=SERIES),
        written("Cancelled", lines=DROPPED, method="CANCEL"),
        written("Ended", lines=f"{SERIES}\nSTATUS:CANCELLED", method="CANCEL"),
    )
    assert drawn(dropped)["badge"] == drawn(ended)["badge"] == "Cancellation"
    assert drawn(dropped)["dates"] == [{"was": "Tue 8 Dec 2026, 10:00–10:45", "now": None}]
    assert days(dropped, "dropped") == ["December 2026 8", "December 2026 22"]
    assert days(ended, "meeting") == []
    assert len(days(ended, "dropped")) == 6


def test_a_moved_date_of_a_series_that_is_taken_away_is_struck_where_it_was(box: Box) -> None:
    _, _, removed = hand_in(
        box,
        written("Invitation", lines=SERIES),
        written("Moved", lines=MOVED),
        written("Removed", lines=SERIES, method="CANCEL"),
    )
    assert days(removed, "dropped")[:3] == [
        "November 2026 24",
        "December 2026 2",
        "December 2026 8",
    ]


def test_dates_an_update_leaves_out_are_struck(box: Box) -> None:
    shorter = SERIES.replace("20270323", "20261201").replace("T100000", "T110000")
    _, mail = hand_in(box, written("Invitation", lines=SERIES), written("Sooner", lines=shorter))
    assert drawn(mail)["badge"] == "Update"
    assert days(mail, "meeting") == ["November 2026 24"]
    assert "December 2026 15" in days(mail, "dropped")
    assert "December 2026 22" not in days(mail, "dropped")
    assert drawn(mail)["dates"] == []


def test_everybody_has_a_calendar_of_their_own(box: Box) -> None:
    hand_in(box, written("Invitation", lines=SERIES))
    (mail,) = hand_in(box, written("Invitation", "ben@firm.example", lines=SERIES))
    assert drawn(mail)["badge"] == "Invitation"


def test_who_was_uninvited_and_invited_again_has_an_invitation(box: Box) -> None:
    *_, mail = hand_in(
        box,
        written("Invitation", lines=SERIES),
        written("Removed", lines=SERIES, method="CANCEL"),
        written("Invitation", lines=SERIES),
    )
    assert drawn(mail)["badge"] == "Invitation"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "every 2 weeks on Tuesday and Thursday"),
        ("FREQ=WEEKLY;COUNT=5", "every week on Tuesday, 5 times"),
        ("FREQ=MONTHLY;BYDAY=2TU", "every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", "every month on the last Tuesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=24;UNTIL=20270124", "every month on day 24, until 24 Jan 2027"),
        ("FREQ=SECONDLY", "repeats"),
    ],
)
def test_a_rhythm_is_said_in_words(rule: str, words: str) -> None:
    told = read(invited("DTSTART:20261124T100000", "DURATION:PT45M", f"RRULE:{rule}"))
    assert told is not None
    assert sheet(told, None, MONDAY)["when"] == f"{words}, 10:00–10:45"


def test_whole_days_and_what_takes_place_once_are_said_by_their_day() -> None:
    told = read(invited("DTSTART;VALUE=DATE:20261124"))
    assert told is not None
    assert sheet(told, None, MONDAY)["when"] == "Tue 24 Nov 2026"


def test_ten_o_clock_stays_ten_o_clock_when_clocks_change() -> None:
    told = read(
        invited(
            "DTSTART;TZID=Europe/Berlin:20261006T100000",
            "DURATION:PT45M",
            "RRULE:FREQ=WEEKLY;UNTIL=20261103T090000Z",
        )
    )
    assert told is not None
    assert told.entry is not None
    starts = told.entry.starts(datetime(2027, 1, 1))  # noqa: DTZ001  local time of the rule
    assert [f"{start:%d %H}" for start in starts] == ["06 10", "13 10", "20 10", "27 10", "03 10"]


# --- Hostile ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "calendar",
    [
        b"",
        b"no calendar",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        invited("DTSTART:never"),
        invited("DTEND:20261124T100000"),
        invited("DTSTART:99991231T235900", "DURATION:P9D"),
        invited("DTSTART:20261124T100000", "SEQUENCE:many"),
        invited("DTSTART:20261124T100000", "EXDATE:x", "RRULE:y"),
    ],
)
def test_a_calendar_nobody_can_read_stops_no_mail(box: Box, calendar: bytes) -> None:
    mail = EmailMessage()
    mail["To"], mail["From"] = "anna@firm.example", "desk@office.example"
    mail.set_content(calendar, maintype="text", subtype="calendar")
    (kept,) = hand_in(box, mail)
    assert kept.calendar == calendar
    box.backend.post.mail(kept.id)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;UNTIL=19700101T000000Z",
    ],
)
def test_a_rule_without_end_is_drawn_at_once(rule: str) -> None:
    told = read(invited("DTSTART:19700102T100000", f"RRULE:{rule}"))
    assert told is not None
    began = process_time()
    assert sheet(told, None, MONDAY)["months"]
    assert process_time() - began < ENDLESS_S


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd_to_be_kept(content: bytes) -> None:
    mail = Mail("m1", "", ("a@b",), content, 0.0)
    assert isinstance(mail.subject + mail.plain + mail.html, str)
    read(mail.calendar)


@given(st.text(max_size=60))
def test_no_calendar_text_is_too_odd_to_be_looked_at(text: str) -> None:
    read(invited("DTSTART:20261124T100000", text))


def test_a_header_nobody_can_parse_is_shown_as_it_came() -> None:
    mail = Mail("m1", "", ("a@b",), b"To: =?utf-8?q?=\r\nContent-Type: text/plain; x\r\n\r\n", 0.0)
    assert mail.header("To")


# --- The page's side --------------------------------------------------------------------------


def test_the_page_lists_the_newest_first_and_counts_what_was_not_opened(place: Place) -> None:
    page = Page(place, place.anna.id)
    hand_in(place.box, written("First"), written("Second", "eva@else.example", lines=SERIES))
    listed = page.read("mails")
    assert [mail["subject"] for mail in listed["mails"]] == ["Second", "First"]
    assert [mail["to"] for mail in listed["mails"]] == ["eva@else.example", "Anna Kern"]
    assert [mail["badge"] for mail in listed["mails"]] == ["Invitation", None]
    assert page.read("state")["unread_mails"] == 2
    assert page.read("mail", id="m1")["unread"] == 1
    assert page.read("state")["unread_mails"] == 1
    assert Page(place, place.ben.id).read("state")["unread_mails"] == 2


def test_words_find_mails_by_person_address_and_subject(place: Place) -> None:
    page = Page(place, place.anna.id)
    hand_in(place.box, written("Red paint"), written("Red glue", "eva@else.example"))
    for words, found in [("red", 2), ("KERN", 1), ("else.example glue", 1), ("blue", 0)]:
        assert len(page.read("mails", words=words)["mails"]) == found, words


def test_only_so_many_are_listed_at_once(place: Place) -> None:
    page = Page(place, place.anna.id)
    hand_in(place.box, *(written(f"Mail {number}") for number in range(4)))
    listed = page.read("mails", limit="3")
    assert (len(listed["mails"]), listed["has_more"]) == (3, True)
    listed = page.read("mails", limit="4")
    assert (len(listed["mails"]), listed["has_more"]) == (4, False)


def test_pages_hear_of_a_mail(place: Place) -> None:
    heard = Page(place, place.anna.id).follow()
    next(heard)
    hand_in(place.box, written("Hello"))
    assert next(heard) == {"type": "mail"}


def test_a_mail_that_is_not_there_is_said_so(place: Place) -> None:
    page = Page(place, place.anna.id)
    for mail_id in ("m1", "m0", "", "x", "m²"):
        assert page.read("mail", id=mail_id) == {"error": "There is no such mail."}


def test_what_was_said_stays_readable_where_the_calendar_is_not(place: Place, anna: Person) -> None:
    lines = "DTSTART:99991201T235900\nDURATION:PT1M\nRRULE:FREQ=DAILY"
    hand_in(place.box, written("Late", lines=lines))
    mail = Page(place, anna.id).read("mail", id="m1")
    assert mail["calendar"] is None
    assert "99991201T235900" in mail["source"]
