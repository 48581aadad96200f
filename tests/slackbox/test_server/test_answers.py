"""Answers people click at an invitation: mails of their own, in the mailbox of who invited."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from imap_tools import MailBoxUnencrypted

from slackbox import Box, ImpossibleError
from tests.mails import DROPPED, MOVED, SERIES, hand_in, written

from .conftest import Place
from .test_page_api import Page

DESK = "desk@office.example"


@pytest.fixture
def url(box: Box) -> str:
    return box.mailbox(DESK)


def inbox(url: str) -> list[EmailMessage]:
    """What stands in the mailbox, as an IMAP client reads it."""
    door = urlsplit(url)
    host, user, password = door.hostname or "", door.username or "", door.password or ""
    with MailBoxUnencrypted(host, door.port or 0).login(user, password) as mailbox:
        fetched = mailbox.fetch(mark_seen=False)
        return [message_from_bytes(mail.obj.as_bytes(), policy=default) for mail in fetched]


def calendar_of(mail: EmailMessage) -> Any:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == calendar["METHOD"] == "REPLY"
    return calendar


def answers(box: Box, mail: str, answer: str) -> None:
    post = box.backend.post
    box.wait(post.answer(post.mail(mail), answer))


@pytest.mark.parametrize(
    ("answer", "subject"),
    [
        ("ACCEPTED", "Accepted: Jour fixe"),
        ("TENTATIVE", "Tentative: Jour fixe"),
        ("DECLINED", "Declined: Jour fixe"),
    ],
)
def test_an_answer_is_a_reply_from_the_reader_to_the_organizer(
    box: Box, url: str, answer: str, subject: str
) -> None:
    hand_in(box, written("Invitation", lines=f"SEQUENCE:3\n{SERIES}"))
    answers(box, "m1", answer)
    (reply,) = inbox(url)
    assert (reply["From"], reply["To"]) == ("Anna Kern <anna@firm.example>", f"Desk <{DESK}>")
    assert reply["Subject"] == subject
    calendar = calendar_of(reply)
    (event,) = calendar.events
    assert (event["UID"], event["SEQUENCE"]) == ("series@office.example", 3)
    assert str(event["ATTENDEE"]) == "mailto:anna@firm.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == answer
    assert event["RRULE"]["FREQ"] == ["WEEKLY"]
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Berlin"]
    assert box.mails[0].answer == answer


def test_an_answer_to_one_date_names_it(box: Box, url: str) -> None:
    hand_in(box, written("Moved", lines=MOVED))
    answers(box, "m1", "DECLINED")
    (event,) = calendar_of(inbox(url)[0]).events
    assert event["RECURRENCE-ID"].dt.isoformat() == "2026-12-01T10:00:00+01:00"


def test_nobody_is_asked_by_a_cancellation_or_by_another_organizer(box: Box, url: str) -> None:
    hand_in(
        box,
        written("Cancelled", lines=DROPPED, method="CANCEL"),
        written("No calendar"),
        written("Invitation", lines=SERIES),
    )
    answers(box, "m3", "ACCEPTED")
    box.mailbox("else@office.example")
    for mail in ("m1", "m2", "m3"):
        assert not box.backend.post.awaits(box.backend.post.mail(mail))
        with pytest.raises(ImpossibleError, match="Nobody here reads answers"):
            answers(box, mail, "ACCEPTED")


def test_without_a_mailbox_there_is_nothing_to_click(place: Place) -> None:
    hand_in(place.box, written("Invitation", lines=SERIES))
    page = Page(place, place.anna.id)
    assert page.read("mail", id="m1")["awaits_answer"] is False
    told = page.send("answer-mail", mail="m1", answer="ACCEPTED")
    assert told == {"ok": False, "error": "Nobody here reads answers to this mail."}


def test_an_answer_there_is_not_is_refused(place: Place, url: str) -> None:
    hand_in(place.box, written("Invitation", lines=SERIES))
    told = Page(place, place.anna.id).send("answer-mail", mail="m1", answer="PERHAPS")
    assert told == {"ok": False, "error": "This mail waits for no answer."}


def test_what_is_mailed_to_the_mailbox_s_address_is_in_it(box: Box, url: str) -> None:
    hand_in(box, written("A question", DESK), written("Not for the desk"))
    assert [mail["Subject"] for mail in inbox(url)] == ["A question"]


def test_the_mailbox_comes_back_at_the_same_door_with_what_it_had(box: Box, url: str) -> None:
    hand_in(box, written("A question", DESK))
    box.stop()
    box.start()
    assert [mail["Subject"] for mail in inbox(url)] == ["A question"]
