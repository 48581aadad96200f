"""What people read in their mail of a meeting, and what their mail program reads."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, time, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.calendar.addresses import UnfitAddressError, fit
from bot.calendar.changes import Change, Method, Why
from bot.calendar.course import ALONE, Course
from bot.calendar.event import Event, Instance
from bot.calendar.lines import one_line
from bot.calendar.mails import NAME_LIMIT, letter
from bot.calendar.writing import Attendee, Party, Role, told
from bot.delivery.mailing import Letter
from bot.messages import shortened
from tests.calendar_jour_fixe import (
    BEN,
    CHANGED,
    ENDED,
    INVITED,
    OFFICE,
    ONCE,
    REMOVED,
    SECOND,
    STAMP,
    TUESDAYS,
    WEDNESDAY,
    dropped,
    moved,
    to_ben,
)

BERLIN = "Europe/Berlin"
NUMBER = "<token@firm.example>"


def written(
    wanted: Event | None,
    held: Event | None = None,
    change: Change = INVITED,
    attendee: Attendee = BEN,
    course: Course = ALONE,
) -> Letter:
    return letter(wanted, held, change, 0, STAMP, OFFICE, attendee, NUMBER, "Alpha", BERLIN, course)


def read(sent: Letter) -> EmailMessage:
    mail = message_from_bytes(sent.mime, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def plain(sent: Letter) -> str:
    return part(sent, "text/plain")


def part(sent: Letter, kind: str) -> str:
    found = next(one for one in read(sent).iter_parts() if one.get_content_type() == kind)
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_mail_says_it_three_times_and_the_calendar_comes_last() -> None:
    mail = read(written(TUESDAYS))
    assert mail.get_content_type() == "multipart/alternative"
    kinds = [found.get_content_type() for found in mail.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    *_others, calendar = mail.iter_parts()
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_param("charset") == "UTF-8"
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar.get_payload(decode=True) == to_ben(TUESDAYS)


def test_a_cancellation_is_one_in_both_places() -> None:
    *_others, calendar = read(written(None, TUESDAYS, ENDED)).iter_parts()
    assert calendar.get_param("method") == "CANCEL"
    assert b"METHOD:CANCEL\r\n" in calendar.get_payload(decode=True)


def test_the_head_says_who_when_and_that_a_program_wrote_it() -> None:
    mail = read(written(TUESDAYS))
    assert mail["From"] == "Jourfixe <office@firm.example>"
    assert mail["To"] == "Ben Ito <ben@firm.example>"
    assert mail["Message-ID"] == NUMBER
    assert mail["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(mail["Date"]) == STAMP
    assert not mail.defects


def test_no_line_of_a_mail_ends_in_anything_but_crlf_nor_is_too_long() -> None:
    title = "Überblick über alle Gewerke " * 12
    for line in written(replace(TUESDAYS, title=title)).mime.split(b"\r\n"):
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) < 998
        assert line.isascii()


def test_no_line_that_is_encoded_is_longer_than_its_kind_may_be() -> None:
    zoe = Party("Zoë Überall von der Küste zu Zürich", f"{'z' * 30}@firm.example")
    title = "Überblick über alle Gewerke = " * 9
    event = replace(TUESDAYS, title=title, place="Straße " * 30)
    sent = written(event, attendee=Attendee(zoe, Role.REQUIRED))
    lines = sent.mime.split(b"\r\n")
    assert max(map(len, lines)) <= 76
    (to,) = read(sent)["To"].addresses
    assert (to.display_name, to.addr_spec) == (zoe.name, zoe.address)


def test_an_invitation_says_when_where_how_often_and_how_to_answer() -> None:
    sent = written(WEDNESDAY)
    assert sent.subject == "Invitation: Jour fixe, every Tue, 10:00–10:45"
    assert plain(sent) == (
        "Invitation: Jour fixe\n"
        "\n"
        "You are invited to this meeting.\n"
        "\n"
        "When: every Tue, 10:00–10:45\n"
        "Time zone: Europe/Berlin\n"
        "Where: Room 4\n"
        "Project: Alpha\n"
        "\n"
        "Next dates:\n"
        "- Tue 1 Dec 2026, 10:00–10:45\n"
        "- Wed 9 Dec 2026, 14:00–15:00, Room 5\n"
        "- Tue 15 Dec 2026, 10:00–10:45\n"
        "- Tue 22 Dec 2026, 10:00–10:45\n"
        "\n"
        "A meeting of Alpha, chaired by Anna.\n"
        "Your presence is required.\n"
        "Please answer with the buttons of your mail program or calendar, or in Slack.\n"
        "An answer to the series holds for every date you do not answer singly.\n"
        "\n"
        "--\n"
        "Jourfixe · Alpha\n"
    )


def test_a_moved_date_has_its_old_and_its_new_time_in_the_subject() -> None:
    sent = written(WEDNESDAY, TUESDAYS, moved(SECOND))
    assert sent.subject == "Moved: Jour fixe, Tue 8 Dec 10:00 → Wed 9 Dec 14:00"
    assert "When: Tue 8 Dec 2026, 10:00–10:45 → Wed 9 Dec 2026, 14:00–15:00\n" in plain(sent)
    assert "Time zone: Europe/Berlin\n" in plain(sent)
    assert "Where: Room 4 → Room 5\n" in plain(sent)
    assert "Otherwise: every Tue, 10:00–10:45\n" in plain(sent)
    assert "An answer to the series" not in plain(sent)  # that one is asked about by itself


def test_a_date_that_is_moved_back_is_told_so() -> None:
    sent = written(TUESDAYS, WEDNESDAY, moved(SECOND))
    assert sent.subject == "Moved: Jour fixe, Wed 9 Dec 14:00 → Tue 8 Dec 10:00"


def test_a_date_with_another_room_was_not_moved() -> None:
    elsewhere = TUESDAYS.having(replace(TUESDAYS.usual(SECOND), place="Room 6"), SECOND)
    sent = written(elsewhere, TUESDAYS, moved(SECOND))
    assert sent.subject == "Changed: Jour fixe, Tue 8 Dec 10:00"
    assert "Where: Room 4 → Room 6\n" in plain(sent)


def test_a_moved_meeting_that_takes_place_once_has_both_times_in_the_subject() -> None:
    later = replace(ONCE, first_day=date(2026, 12, 2), at=time(14))
    sent = written(later, ONCE, CHANGED)
    assert sent.subject == "Moved: Kickoff, Tue 1 Dec 10:00 → Wed 2 Dec 14:00"
    assert "the series" not in plain(sent)


def test_a_dropped_date_is_named_and_the_next_ones_are_told() -> None:
    sent = written(TUESDAYS.without(SECOND), TUESDAYS, dropped(SECOND))
    assert sent.subject == "Cancelled: Jour fixe, Tue 8 Dec 10:00"
    assert "This date does not take place.\n" in plain(sent)
    assert "- Tue 15 Dec 2026" in plain(sent)
    assert "- Tue 8 Dec 2026" not in plain(sent)
    assert "There is nothing to answer." in plain(sent)


def test_a_dropped_date_that_had_been_moved_is_told_by_where_it_was() -> None:
    sent = written(TUESDAYS.without(SECOND), WEDNESDAY, dropped(SECOND))
    assert sent.subject == "Cancelled: Jour fixe, Wed 9 Dec 14:00"


def test_a_changed_series_says_what_was_and_what_is() -> None:
    other = replace(
        TUESDAYS, title="Steering", at=time(14), place="", last_day=date(2027, 6, 1),
        note="A meeting of Alpha, chaired by Ben.",
    )  # fmt: skip
    sent = written(other, TUESDAYS, CHANGED)
    assert sent.subject == "Changed: Steering, every Tue, 10:00–10:45 → every Tue, 14:00–14:45"
    assert plain(sent).split("\n\n")[2] == (
        "Title: Jour fixe → Steering\n"
        "When: every Tue, 10:00–10:45 → every Tue, 14:00–14:45\n"
        "Until: without end → Tue 1 Jun 2027\n"
        "Where: Room 4 → no place yet\n"
        "Note: A meeting of Alpha, chaired by Anna. → A meeting of Alpha, chaired by Ben.\n"
        "Time zone: Europe/Berlin\n"
        "Project: Alpha"
    )


def test_several_changed_dates_are_listed() -> None:
    other = WEDNESDAY.without(date(2026, 12, 15)).without(date(2026, 12, 22))
    sent = written(other, TUESDAYS.without(date(2026, 12, 29)), CHANGED)
    assert sent.subject == "Changed: Jour fixe, Tue 8 Dec 10:00 → Wed 9 Dec 14:00, 3 more"
    lines = plain(sent).split("\n\n")[2].split("\n")
    assert lines[:3] == [
        "Date: Tue 8 Dec 2026, 10:00–10:45, Room 4 → Wed 9 Dec 2026, 14:00–15:00, Room 5",
        "Cancelled: Tue 15 Dec 2026; Tue 22 Dec 2026",
        "Takes place again: Tue 29 Dec 2026",
    ]


def test_a_date_that_was_moved_is_told_beside_another_room() -> None:
    other = replace(TUESDAYS, place="Room 6")
    other = other.having(Instance(date(2026, 12, 9), time(14), 45, "Room 6"), SECOND)
    sent = written(other, TUESDAYS, CHANGED)
    assert sent.subject == "Changed: Jour fixe, Tue 8 Dec 10:00 → Wed 9 Dec 14:00"
    assert (
        plain(sent)
        .split("\n\n")[2]
        .startswith(
            "Where: Room 4 → Room 6\n"
            "Date: Tue 8 Dec 2026, 10:00–10:45 → Wed 9 Dec 2026, 14:00–14:45\n"
        )
    )


def test_a_date_that_is_where_it_was_does_not_repeat_its_room() -> None:
    other = TUESDAYS.without(date(2026, 12, 15))
    other = other.having(Instance(SECOND, time(14), 45, "Room 4"), SECOND)
    said = plain(written(other, TUESDAYS, CHANGED))
    assert "Date: Tue 8 Dec 2026, 10:00–10:45 → Tue 8 Dec 2026, 14:00–14:45\n" in said


def test_many_moved_dates_are_counted() -> None:
    days = [date(2026, 12, 1) + timedelta(weeks=week) for week in range(8)]
    other = TUESDAYS
    for day in days:
        other = other.having(Instance(day, time(14), 45, "Room 4"), day)
    sent = written(other, TUESDAYS, CHANGED)
    assert sent.subject == "Changed: Jour fixe, Tue 1 Dec 10:00 → Tue 1 Dec 14:00, 7 more"
    assert plain(sent).count("Date: ") == 5
    assert "More dates: 3 are otherwise\n" in plain(sent)


def test_holidays_far_ahead_are_no_news_where_something_else_has_changed() -> None:
    other = TUESDAYS.without(date(2028, 12, 26))
    assert "2028" not in plain(written(replace(other, place="Room 6"), TUESDAYS, CHANGED))
    farther = other.without(date(2029, 12, 25))
    assert "Cancelled: Tue 26 Dec 2028; " in plain(written(farther, TUESDAYS, CHANGED))


def test_times_in_another_zone_than_the_projects_say_so_in_the_subject() -> None:
    there = replace(ONCE, zone="America/New_York")
    assert written(there).subject == "Invitation: Kickoff, Tue 1 Dec 10:00 (America/New_York)"
    assert written(there, ONCE, CHANGED).subject == (
        "Moved: Kickoff, Tue 1 Dec 10:00 (Europe/Berlin) → Tue 1 Dec 10:00 (America/New_York)"
    )
    series = replace(TUESDAYS, zone="America/New_York")
    assert written(series.without(SECOND), series, dropped(SECOND)).subject == (
        "Cancelled: Jour fixe, Tue 8 Dec 10:00 (America/New_York)"
    )


EARLIER = replace(TUESDAYS, last_day=date(2026, 12, 14))
FRIDAYS = replace(
    TUESDAYS, uid="series-2@firm.example", first_day=date(2026, 12, 18), at=time(11),
    rule="FREQ=WEEKLY;BYDAY=FR",
)  # fmt: skip


def test_another_rhythm_from_a_day_on_is_told_so_in_both_mails() -> None:
    ending = written(EARLIER, TUESDAYS, CHANGED, course=Course(after=FRIDAYS))
    beginning = written(FRIDAYS, course=Course(before=EARLIER))
    for sent in (ending, beginning):
        assert sent.subject == "From Fri 18 Dec: Jour fixe, every Fri, 11:00–11:45"
        assert (
            "From Fri 18 Dec 2026 on: every Fri, 11:00–11:45 instead of every Tue, 10:00–10:45. "
        ) in plain(sent)
    assert "Until: without end → Mon 14 Dec 2026\n" in plain(ending)
    assert "After that: every Fri, 11:00–11:45, from Fri 18 Dec 2026\n" in plain(ending)
    assert "You are invited" not in plain(beginning)
    assert "Before: every Tue, 10:00–10:45, until Mon 14 Dec 2026\n" in plain(beginning)


def test_who_is_invited_to_both_reads_what_comes_after_and_before() -> None:
    first = written(EARLIER, course=Course(after=FRIDAYS))
    assert first.subject == "Invitation: Jour fixe, every Tue, 10:00–10:45, until Mon 14 Dec"
    assert "After that: every Fri, 11:00–11:45, from Fri 18 Dec 2026\n" in plain(first)


def test_a_rhythm_that_is_taken_back_is_told_as_what_it_goes_back_to() -> None:
    held = replace(EARLIER, dropped=frozenset())
    wanted = TUESDAYS.without(date(2026, 12, 22))
    again = written(wanted, held, CHANGED, course=Course(is_back=True))
    gone = written(None, FRIDAYS, ENDED, course=Course(instead=wanted, is_back=True))
    for sent in (again, gone):
        assert sent.subject == "As before: Jour fixe, every Tue, 10:00–10:45"
        assert "Back to every Tue, 10:00–10:45." in plain(sent)
        assert "Cancelled" not in plain(sent)
    assert "This mail takes out of your calendar: every Fri, 11:00–11:45.\n" in plain(gone)


def test_a_rhythm_another_takes_the_place_of_is_not_the_end() -> None:
    gone = written(None, FRIDAYS, ENDED, course=Course(instead=TUESDAYS))
    assert "instead of every Fri, 11:00–11:45." in plain(gone)
    assert "Cancelled" not in plain(gone)


def test_a_dropped_date_behind_a_new_end_does_not_take_place_again() -> None:
    held = TUESDAYS.without(date(2028, 12, 26))
    wanted = replace(TUESDAYS, last_day=date(2026, 12, 14))
    said = plain(written(wanted, held, CHANGED))
    assert "Until: without end → Mon 14 Dec 2026" in said
    assert "Takes place again" not in said


def test_dates_that_are_over_are_not_told() -> None:
    begun = replace(TUESDAYS, first_day=date(2026, 10, 6))
    other = begun.without(date(2026, 10, 13))
    assert "13 Oct" not in plain(written(replace(other, place="Room 6"), begun, CHANGED))


def test_who_is_told_of_the_end_or_is_invited_no_more_has_nothing_to_answer() -> None:
    ended, removed = written(None, TUESDAYS, ENDED), written(None, TUESDAYS, REMOVED)
    assert ended.subject == "Cancelled: Jour fixe, every Tue, 10:00–10:45"
    assert removed.subject == "No longer invited: Jour fixe"
    for sent in (ended, removed):
        assert "There is nothing to answer." in plain(sent)
        assert "Next dates" not in plain(sent)


def test_who_is_only_informed_is_asked_nothing() -> None:
    sent = written(TUESDAYS, attendee=replace(BEN, role=Role.INFORMED))
    assert sent.subject == "For your information: Jour fixe, every Tue, 10:00–10:45"
    assert "You are told of this meeting.\n" in plain(sent)
    assert "Nobody waits for your answer." in plain(sent)
    assert not re.search("invited|[Pp]lease answer", plain(sent))
    calendar = told(TUESDAYS, INVITED, 0, STAMP, OFFICE, replace(BEN, role=Role.INFORMED))
    assert b"TRANSP:TRANSPARENT" in calendar


def test_only_who_is_in_slack_is_asked_to_answer_there() -> None:
    assert "or in Slack" in plain(written(TUESDAYS))
    said = plain(written(TUESDAYS, attendee=replace(BEN, is_in_slack=False)))
    assert "Please answer with the buttons of your mail program or calendar.\n" in said
    assert "Slack" not in said


def test_another_year_is_not_taken_for_this_one() -> None:
    sent = written(replace(ONCE, first_day=date(2027, 12, 1)), ONCE, CHANGED)
    assert sent.subject == "Moved: Kickoff, Tue 1 Dec 2026 10:00 → Wed 1 Dec 2027 10:00"


def test_a_mail_about_nothing_is_none() -> None:
    with pytest.raises(ValueError, match="no meeting"):
        written(None, None, ENDED)


def test_the_page_loads_nothing_and_shows_what_was_typed_as_text() -> None:
    title = '<img src="https://evil.example/x.png"><script>alert(1)</script> & {{ 7 * 7 }}'
    shown = part(written(replace(TUESDAYS, title=title)), "text/html")
    assert not re.search(r"<(img|script|link|iframe|form|base|meta http)|url\(|@import", shown)
    assert title in unescape(shown)
    assert "Next dates" in shown


def test_the_same_change_is_the_same_mail_to_the_byte() -> None:
    script = (
        "import sys; from tests.test_calendar_mails import *;"
        "wanted = WEDNESDAY.without(date(2026, 12, 22));"
        "sys.stdout.buffer.write(written(wanted, TUESDAYS, CHANGED).mime)"
    )
    paths = ":".join(filter(None, sys.path))
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], check=True, capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": paths, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert runs[0].startswith(b"From: ")


def in_words(head: str) -> str:
    return str(make_header(decode_header(head)))


HOSTILE = st.one_of(
    st.text(max_size=150),
    st.text(
        st.sampled_from(' "\\,;:=?_()<>@[]^\n\r\t\0\x85\u2028ä→😀é\u200d\u202eab'), max_size=150
    ),
)


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE)
@example("Ben\r\nBcc: all@firm.example", "Jour fixe\r\n\r\nBEGIN:VCALENDAR")
@example("=?utf-8?q?Ben=0D=0ABcc:_all@firm.example?=", "=?utf-8?b?PHNjcmlwdD4=?=")
@example("\ud800Ben\udfff", "\ufdd0\x00")
@example('"Ben" <boss@firm.example>', "," * 200)
def test_hostile_names_and_titles_stay_text_in_the_head(name: str, title: str) -> None:
    sent = written(
        replace(TUESDAYS, title=title), attendee=replace(BEN, party=Party(name, "b@x.example"))
    )
    head = message_from_bytes(sent.mime)
    assert head.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    ]  # fmt: skip
    assert [address for _name, address in getaddresses([head["To"]])] == ["b@x.example"]
    ((shown, _address),) = getaddresses([head["To"]])
    assert in_words(shown) == shortened(one_line(name).replace("=?", "= ?"), NAME_LIMIT)
    assert in_words(head["Subject"]) == sent.subject.replace("=?", "= ?")
    assert not read(sent).defects


@pytest.mark.parametrize(
    "address",
    ["o'brien+x=y@firm.example", "user%relay@firm.example", "a&b?c@firm.example", 
     "{x}|y~@x.example",     "a#b/c!@sub.firm.example", "x@localhost", f"{'l' * 64}@firm.example"],
)  # fmt: skip
def test_strange_addresses_are_mailed_as_they_are(address: str) -> None:
    sent = written(TUESDAYS, attendee=replace(BEN, party=Party("Ben", address)))
    assert sent.to == fit(address) == address
    assert [found.addr_spec for found in read(sent)["To"].addresses] == [address]


def test_a_domain_in_another_script_is_written_as_mail_servers_know_it() -> None:
    sent = written(TUESDAYS, attendee=replace(BEN, party=Party("Ben", "ben@müller.example")))
    assert sent.to == "ben@xn--mller-kva.example"


@pytest.mark.parametrize(
    "address",
    ["", "ben", "ben@", "@firm.example", "ben@firm.example\r\nRCPT TO:<x@y.example>",
     "a b@firm.example", "ben@firm..example", ".ben@firm.example", "<ben@firm.example>",
     "ben@firm.example,eve@evil.example", "bén@firm.example", "ben@[127.0.0.1]",
     "ben\0@firm.example", f"{'l' * 300}@firm.example", f"ben@{'d' * 64}.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused_for_this_mail_alone(address: str) -> None:
    with pytest.raises(UnfitAddressError):
        written(TUESDAYS, attendee=replace(BEN, party=Party("Ben", address)))
    assert isinstance(UnfitAddressError(), ValueError)
    assert written(TUESDAYS).to == "ben@firm.example"


def test_who_has_no_name_is_mailed_by_the_address_alone() -> None:
    someone = Attendee(Party(" \r\n", "guest@other.example"), Role.OPTIONAL)
    assert read(written(TUESDAYS, attendee=someone))["To"] == "guest@other.example"
    assert b'CN="guest@other.example"' in told(TUESDAYS, INVITED, 0, STAMP, OFFICE, someone)


def test_a_calendar_is_told_everything_again_as_an_invitation() -> None:
    again = written(WEDNESDAY, WEDNESDAY, Change(Method.REQUEST, Why.INVITED))
    assert again.subject.startswith("Invitation: ")
