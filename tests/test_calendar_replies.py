"""Answers to invitations are read whoever wrote them; what is hostile is refused, never a crash."""

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.bounces import read_bounces
from bot.calendar.envelopes import LARGEST_MAIL, UnreadableError, key_of, parse_mail
from bot.calendar.incoming import read_mail
from bot.calendar.moments import Moment, in_utc, read_moment, zone_called
from bot.calendar.replies import Reply, read_replies
from tests.client_replies import (
    CLIENTS,
    Answer,
    bounce,
    calendar,
    counter,
    delegated,
    mail,
    multipart,
    part,
    utc,
)

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=UTC)  # 10:00 in Berlin
BEN = Answer("the-uid", "ben@firm.example", "DECLINED", TUESDAY, 3, comment="At the dentist")


def read(data: bytes) -> Reply:
    """The only answer in a mail."""
    (reply,) = read_replies(parse_mail(data))
    return reply


def instant(moment: Moment | None) -> datetime:
    """A moment of one date, as Berlin has it."""
    if isinstance(moment, datetime):
        return in_utc(moment, "Europe/Berlin")
    assert moment == date(2026, 12, 1)
    return TUESDAY


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_is_understood(client: str) -> None:
    reply = read(CLIENTS[client](BEN))
    assert (reply.method, reply.uid, reply.attendee) == ("REPLY", "the-uid", "ben@firm.example")
    assert (reply.partstat, reply.sequence, reply.comment) == ("DECLINED", 3, "At the dentist")
    assert reply.sender == "ben@firm.example"
    assert reply.is_own
    assert reply.stamp == BEN.stamp
    assert reply.message_id == BEN.message_id
    assert instant(reply.recurrence) == TUESDAY


@pytest.mark.parametrize("client", CLIENTS)
def test_an_answer_to_all_dates_names_none(client: str) -> None:
    reply = read(CLIENTS[client](BEN.but(recurrence=None, comment="")))
    assert reply.recurrence is None
    assert reply.comment == ""


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("India Standard Time", "Asia/Calcutta"),
        ("Eastern Standard Time", "America/New_York"),
        ('"Morocco Standard Time"', "Africa/Casablanca"),
        ("/freeassociation.sourceforge.net/America/Argentina/Salta", "America/Argentina/Salta"),
        ("/citadel.org/20211207_1/Asia/Kolkata", "Asia/Kolkata"),
        ("Customized Time Zone", None),
        ("../../etc/passwd", None),
        ("Europe", None),
        ("", None),
    ],
)
def test_a_zone_is_known_by_each_of_its_names(name: str, zone: str | None) -> None:
    assert zone_called(name) == zone


def test_a_moment_is_the_same_whichever_way_it_is_written() -> None:
    berlin = [
        read_moment("20261201T090000Z"),
        read_moment("20261201T100000", "Europe/Berlin"),
        read_moment("20261201T100000", "W. Europe Standard Time"),
        read_moment("20261201T143000", "India Standard Time"),
        read_moment("20261201T100000"),
        read_moment("20261201T100000", "Customized Time Zone"),
    ]
    for moment in berlin:
        assert isinstance(moment, datetime)
        assert in_utc(moment, "Europe/Berlin") == TUESDAY


@pytest.mark.parametrize("named", ["soon", "20261301", "20261201T250000Z", "", "99999999T000000"])
def test_a_date_that_cannot_be_read_never_becomes_all_of_them(named: str) -> None:
    data = CLIENTS["floating"](BEN).replace(b"20261201T100000", named.encode())
    with pytest.raises(UnreadableError):
        read_replies(parse_mail(data))


@pytest.mark.parametrize("uid", ["", "a\x00b", "x" * 300, "a\u202eb"])
def test_an_event_without_a_name_is_none(uid: str) -> None:
    lines = [f"UID:{uid}", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example"]
    with pytest.raises(UnreadableError):
        read_replies(
            parse_mail(mail(BEN, "text/calendar; charset=utf-8", calendar(lines).encode()))
        )


def test_half_a_character_is_never_kept() -> None:
    lines = ["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example", "COMMENT:a+2AA-b"]
    reply = read(mail(BEN, "text/calendar; charset=utf-7", calendar(lines).encode()))
    assert reply.comment == "a b"


def test_one_event_nobody_can_read_leaves_the_others() -> None:
    good, bad = BEN.but(uid="good"), BEN.but(uid="bad")
    lines = [
        f"UID:{bad.uid}", "RECURRENCE-ID:soon", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example",
        "END:VEVENT", "BEGIN:VEVENT",
        f"UID:{good.uid}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{good.who}",
        "END:VEVENT", "BEGIN:VEVENT",
        f"UID:{good.uid}", "RECURRENCE-ID:20261201T090000Z",
        f"ATTENDEE;PARTSTAT=DECLINED:mailto:{good.who}",
    ]  # fmt: skip
    found = read_replies(parse_mail(mail(BEN, "text/calendar", calendar(lines).encode())))
    assert [(r.uid, r.partstat, r.recurrence) for r in found] == [
        ("good", "ACCEPTED", None),
        ("good", "DECLINED", TUESDAY),
    ]


def test_an_answer_is_found_in_a_mail_that_was_passed_on() -> None:
    inner = part("message/rfc822", CLIENTS["Outlook"](BEN))
    data = mail(BEN.but(sender="mallory@else.example"), 'multipart/mixed; boundary="=_o"',
                multipart(inner).replace(b"--=_b\r\n", b"--=_o\r\n", 1)
                + b"--=_o--\r\n")  # fmt: skip
    reply = read(data)
    assert reply.sender == "mallory@else.example"
    assert not reply.is_own  # who passes it on does not answer for him


def test_a_line_broken_within_a_character_is_one_line() -> None:
    text = calendar(
        ["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example", "COMMENT:Grüße"]
    ).encode()
    broken = text.replace("ü".encode(), b"\xc3\r\n \xbc")
    assert read(mail(BEN, "text/calendar; charset=utf-8", broken)).comment == "Grüße"


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=x-none", "; charset=ascii"])
def test_a_wrong_character_set_costs_at_most_a_letter(charset: str) -> None:
    lines = ["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example", "COMMENT:Grüße"]
    for written in ("utf-8", "cp1252"):
        data = mail(BEN, f"text/calendar{charset}", calendar(lines).encode(written))
        assert read(data).comment == "Grüße"


def test_utf_16_is_read_where_it_is_named() -> None:
    lines = ["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example", "COMMENT:Grüße"]
    encoded = calendar(lines).encode("utf-16")
    assert read(mail(BEN, "text/calendar; charset=utf-16", encoded)).comment == "Grüße"


def test_what_is_said_is_plain_and_short() -> None:
    nasty = "a\\nb\u202ec\x07d <!channel> *bold* " + "x" * 5000
    lines = ["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example", f"COMMENT:{nasty}"]
    reply = read(mail(BEN, "text/calendar; charset=utf-8", calendar(lines).encode()))
    assert reply.comment.startswith("a b c d <!channel> *bold* xxx")
    assert len(reply.comment) == 500


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "REFRESH", "ADD", ""])
def test_what_is_no_answer_is_none(method: str) -> None:
    lines = ["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example"]
    data = mail(BEN, "text/calendar", calendar(lines, method=method).encode())
    with pytest.raises(UnreadableError):
        read_replies(parse_mail(data))


def test_a_missing_method_is_that_of_the_part() -> None:
    text = calendar(["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example"])
    data = mail(BEN, "text/calendar; method=REPLY", text.replace("METHOD:REPLY\r\n", "").encode())
    assert read(data).method == "REPLY"


def test_a_missing_stamp_is_the_mails() -> None:
    text = calendar(["UID:u", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@firm.example"])
    assert read(mail(BEN, "text/calendar", text.encode())).stamp == BEN.stamp


def test_who_answers_for_another_is_told_apart() -> None:
    attendee = (
        'ATTENDEE;SENT-BY="mailto:sam@firm.example";PARTSTAT=ACCEPTED:mailto:boss@firm.example'
    )
    text = calendar(["UID:u", attendee]).encode()
    sam = read(mail(BEN.but(sender="Sam <SAM@firm.example>"), "text/calendar", text))
    assert (sam.is_own, sam.is_on_behalf) == (False, True)
    ben = read(mail(BEN, "text/calendar", text))
    assert (ben.is_own, ben.is_on_behalf) == (False, False)


def test_a_mail_from_several_is_from_nobody() -> None:
    data = CLIENTS["Outlook"](BEN.but(sender="ben@firm.example, carla@firm.example"))
    assert read(data).sender == ""


def test_another_time_is_proposed() -> None:
    reply = read(counter(BEN, datetime(2026, 12, 2, 13, tzinfo=UTC), 45))
    assert (reply.method, reply.starts_at, reply.minutes) == (
        "COUNTER", datetime(2026, 12, 2, 13, tzinfo=UTC), 45,
    )  # fmt: skip


def test_who_is_sent_instead_is_named() -> None:
    first, second = read_replies(parse_mail(delegated(BEN, "carla@firm.example")))
    assert (first.partstat, first.delegated_to) == ("DELEGATED", ("carla@firm.example",))
    assert second.attendee == "carla@firm.example"
    assert not second.is_own


def test_a_mail_is_known_by_its_name_and_its_sender() -> None:
    data = CLIENTS["Outlook"](BEN)
    assert key_of(data) == key_of(b"Received: by another\r\n" + data)
    assert key_of(data) != key_of(CLIENTS["Outlook"](BEN.but(number="2")))
    assert key_of(data) != key_of(CLIENTS["Outlook"](BEN.but(sender="eve@else.example")))
    nameless = data.replace(b"Message-ID", b"X-Other")
    assert key_of(nameless) == key_of(nameless) != key_of(nameless + b" ")


# --- Mails that come back ---------------------------------------------------------------------


def test_a_mail_that_came_back_is_known_by_its_token() -> None:
    bounces = read_bounces(parse_mail(bounce("<abcdef012345@firm.example>", "x@else.example")))
    assert bounces is not None
    (found,) = bounces
    assert (found.token, found.reason) == ("abcdef012345", "550 5.1.1 no such user here")


def test_a_mail_that_is_only_late_did_not_come_back() -> None:
    late = bounce("<abcdef012345@firm.example>", "x@else.example")
    assert read_bounces(parse_mail(late.replace(b"Action: failed", b"Action: delayed"))) == []


def test_a_report_that_names_no_mail_is_not_understood() -> None:
    report = bounce("<abcdef012345@firm.example>", "x@else.example")
    with pytest.raises(UnreadableError):
        read_bounces(parse_mail(report.replace(b"Message-ID: <abcdef", b"X-Any: <abcdef")))


# --- Whatever anybody may send ----------------------------------------------------------------

ALL = [make(BEN) for make in CLIENTS.values()] + [
    counter(BEN, TUESDAY),
    delegated(BEN, "carla@firm.example"),
    bounce("<abcdef012345@firm.example>", "x@else.example"),
]
SPLICES = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [b"\r\n", b"\r\n\r\n", b"BEGIN:VEVENT\r\n", b"END:VCALENDAR", b'"', b";", b":",
                 b"=_b", b"--=_b", b"\x00", b"\xff\xfe", b"charset*=utf-8''%FF", b"RECURRENCE-ID:",
                 b"TZID=", b"multipart/mixed", b"message/rfc822", b"base64", b"=?utf-8?q?=00?="]
            ),
        ),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def spliced(data: bytes, splices: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, new in splices:
        at = int(where * len(data))
        data = data[:at] + new + data[at + length :]
    return data


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(ALL), SPLICES)
def test_no_mail_is_too_broken(data: bytes, splices: list[tuple[float, int, bytes]]) -> None:
    broken = spliced(data, splices)
    said = read_mail(broken)
    assert said.why or said.replies or said.bounces is not None
    key_of(broken)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    read_mail(data)
    key_of(data)


def nested(depth: int) -> bytes:
    data = CLIENTS["floating"](BEN)
    for number in range(depth):
        kind = f'multipart/mixed; boundary="b{number}"'.encode()
        data = (b"Content-Type: " + kind + b"\r\n\r\n--b%d\r\n" % number + data
                + b"\r\n--b%d--\r\n" % number)  # fmt: skip
    return b"From: ben@firm.example\r\n" + data


def crowded(boundary: str, depth: int, end: bytes = b"\r\n") -> bytes:
    """Multiparts in one another, then as many lines that nearly end each as there is room for."""
    data = b"From: a@b.example\r\n"
    for number in range(depth):
        kind = f"multipart/mixed; {boundary.format(number)}".encode()
        data += b"Content-Type: " + kind + b"\r\n\r\n--b%d\r\n" % number
    data = (data + b"Content-Type: text/plain\r\n\r\n").replace(b"\r\n", end)
    return data + b"--\n" * ((LARGEST_MAIL - len(data)) // 3)


HUGE: dict[str, Any] = {
    "nested multiparts": lambda: nested(150),
    "too many multiparts": lambda: nested(5_000),
    "nested messages": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    "too large": lambda: CLIENTS["Google"](BEN) + b"x" * LARGEST_MAIL,
    "short lines": lambda: CLIENTS["Google"](BEN) + b"x\r\n" * 300_000,
    "one long line": lambda: mail(BEN, "text/calendar", b"ATTENDEE;" + b'a="b";' * 40_000),
    "quotes": lambda: mail(BEN, "text/calendar", b"ATTENDEE;" + b'"' * 250_000),
    "a long comment": lambda: mail(
        BEN, "text/calendar", calendar(["UID:u", "COMMENT:" + "\\," * 100_000]).encode()
    ),
    "many events": lambda: mail(
        BEN, "text/calendar", calendar(["UID:u", "END:VEVENT", "BEGIN:VEVENT"] * 5_000).encode()
    ),
    "many attendees": lambda: mail(
        BEN, "text/calendar",
        calendar(["UID:u", *(f"ATTENDEE:mailto:a{n}@b.example" for n in range(6_000))]).encode(),
    ),
    "many boundaries": lambda: mail(BEN, "multipart/mixed; " + "boundary=x; " * 5_000, b""),
    "many folds": lambda: mail(BEN, "text/calendar", b"UID:\r\n " * 40_000),
    "boundaries in a character set": lambda: crowded("boundary*=us-ascii''b{}", 190),
    "boundaries in pieces": lambda: crowded("boundary*0*=b{}", 190),
    "spaced boundaries": lambda: crowded("boundary\x1c=b{}", 190),
    "lines of another system": lambda: crowded("boundary=b{}", 190, b"\n"),
    "a boundary without an end": lambda: mail(
        BEN, 'multipart/mixed; boundary=x; a="' + ";" * 200_000, b""
    ),
    "a report without an end": lambda: mail(
        BEN, 'multipart/report; boundary=x; a="' + ";" * 200_000, b""
    ),
    "a long head": lambda: b"From: " + b"a@b.example, " * 50_000 + b"\r\n\r\n",
    "a deep address": lambda: b"From: " + b"(" * 100_000 + b"\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("what", HUGE)
def test_huge_mails_cost_little(what: str) -> None:
    data = HUGE[what]()
    began = time.process_time()
    said = read_mail(data)
    key_of(data)
    assert time.process_time() - began < 5
    assert len(said.replies) <= 200 or said.why


def test_the_stamp_is_in_utc_whatever_is_written() -> None:
    assert utc(BEN.stamp) == "20261123T080000Z"
