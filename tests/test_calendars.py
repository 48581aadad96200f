"""Calendars: who is mailed what after a meeting changed, and who is left alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from slackbox import Answer
from tests.jour_fixe import BERLIN, arranged, clicked
from tests.office import Office, open_office
from tests.strict_client import StrictClient

EXT = "ext@firm.example"


@pytest.fixture
def mailing(database_url: str) -> Iterator[Office]:
    """Anna's jour fixe every Tuesday, with Ben and somebody outside, whose calendars know it."""
    with open_office(database_url, is_mailing=True) as office:
        arranged(office)
        office.says(f"/po-meet invite {EXT}")
        assert sorted(mailed(office)) == ["anna@firm.example", "ben@firm.example", EXT]
        yield office


def mailed(office: Office, minutes: int = 6) -> dict[str, str]:
    """What went out in the next minutes: the subject by address; nobody gets two."""
    before = len(office.box.mails)
    office.passes(minutes=minutes)
    office.ticks()
    office.delivered()
    new = office.box.mails[before:]
    assert len({mail.recipients for mail in new}) == len(new)
    return {mail.recipients[0]: mail.subject for mail in new}


def subjects(office: Office) -> list[str]:
    """What went out in the next minutes."""
    before = len(office.box.mails)
    office.passes(minutes=6)
    office.ticks()
    office.delivered()
    return [mail.subject for mail in office.box.mails[before:]]


def calendar_of(office: Office, address: str) -> StrictClient:
    """The calendar of *address*, after all its mails."""
    client = StrictClient(address)
    for mail in office.box.mails:
        if mail.recipients == (address,):
            client.gets(mail.content)
    return client


def shown(office: Office, address: str, days: int = 16) -> list[str]:
    """What the calendar of *address* shows of the next days, in Berlin's time."""
    until = office.now + timedelta(days=days)
    return [
        f"{start.astimezone(BERLIN):%a %d %b %H:%M} {minutes} {title} {place}".strip()
        for start, minutes, title, place in calendar_of(office, address).shows(office.now, until)
    ]


def test_everybody_invited_has_it_in_their_calendar(mailing: Office) -> None:
    for address in ("anna@firm.example", "ben@firm.example", EXT):
        assert shown(mailing, address) == [
            "Tue 01 Dec 10:00 45 Jour fixe",
            "Tue 08 Dec 10:00 45 Jour fixe",
        ]


def test_an_answer_says_who_will_be_mailed(mailing: Office) -> None:
    told = mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    assert "3 people will be mailed in 5 minutes: Anna, Ben, ext@firm.example." in told


def test_a_moved_date_is_told_with_its_old_and_its_new_time(mailing: Office) -> None:
    mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    told = mailed(mailing)
    assert len(told) == 3
    assert told[EXT] == "Moved: Jour fixe, Tue 1 Dec 10:00 → Wed 2 Dec 14:00"
    assert shown(mailing, EXT)[0] == "Wed 02 Dec 14:00 45 Jour fixe"


def test_what_is_changed_within_five_minutes_is_one_mail(mailing: Office) -> None:
    mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    mailing.passes(minutes=2)
    mailing.says("/po-meet edit place Room 5")
    assert len(mailed(mailing)) == 3
    assert shown(mailing, EXT) == [
        "Wed 02 Dec 14:00 45 Jour fixe Room 5",
        "Tue 08 Dec 10:00 45 Jour fixe Room 5",
    ]


def test_what_was_taken_back_in_time_is_not_mailed(mailing: Office) -> None:
    answer = mailing.types("/po-meet cancel 1 dec sure=yes")
    mailing.passes(minutes=2)
    clicked(mailing, "Undo", answer, "Undone")
    assert mailed(mailing) == {}


def test_whoever_changed_it_may_have_nobody_mailed(mailing: Office) -> None:
    answer = mailing.types("/po-meet move 1 dec to wed 14:00 sure=yes")
    clicked(mailing, "Mail nobody", answer, "Nobody is mailed")
    assert mailed(mailing) == {}
    mailing.says("/po-meet cancel 8 dec sure=yes")
    assert len(mailed(mailing)) == 3
    assert shown(mailing, EXT) == ["Wed 02 Dec 14:00 45 Jour fixe"]


def test_mail_does_not_wait_where_somebody_says_so(mailing: Office) -> None:
    answer = mailing.types("/po-meet move 1 dec to wed 14:00 sure=yes")
    clicked(mailing, "Mail now", answer, "3 people are mailed now")
    assert len(mailed(mailing, minutes=0)) == 3


def test_a_dropped_date_leaves_the_others_and_comes_back_with_the_whole(mailing: Office) -> None:
    mailing.says("/po-meet cancel 1 dec sure=yes")
    assert len(mailed(mailing)) == 3
    assert shown(mailing, EXT) == ["Tue 08 Dec 10:00 45 Jour fixe"]
    mailing.says("/po-meet restore 1 dec")
    assert len(mailed(mailing)) == 3
    assert shown(mailing, EXT)[0] == "Tue 01 Dec 10:00 45 Jour fixe"


def test_only_who_is_added_or_removed_is_mailed(mailing: Office) -> None:
    mailing.says("/po-meet invite @carla")
    assert list(mailed(mailing)) == ["carla@firm.example"]
    assert shown(mailing, "carla@firm.example")[0] == "Tue 01 Dec 10:00 45 Jour fixe"
    mailing.says(f"/po-meet uninvite {EXT}")
    assert list(mailed(mailing)) == [EXT]
    assert shown(mailing, EXT) == []
    mailing.says(f"/po-meet invite {EXT}")
    assert list(mailed(mailing)) == [EXT]
    assert len(shown(mailing, EXT)) == 2


def test_another_rhythm_from_a_day_on_ends_the_old_and_begins_a_new_one(mailing: Office) -> None:
    mailing.says("/po-meet change every wed 11:00 from 7 dec")
    assert subjects(mailing) == ["From Wed 9 Dec: Jour fixe, every Wed, 11:00–11:45"] * 6
    assert shown(mailing, EXT) == [
        "Tue 01 Dec 10:00 45 Jour fixe",
        "Wed 09 Dec 11:00 45 Jour fixe",
    ]


def test_a_rhythm_that_is_taken_back_frightens_nobody(mailing: Office) -> None:
    mailing.says("/po-meet cancel 15 dec sure=yes")
    mailed(mailing)
    mailing.says("/po-meet change every wed 11:00 from 7 dec")
    assert len(subjects(mailing)) == 6
    mailing.says("/po undo")
    assert subjects(mailing) == ["As before: Jour fixe, every Tue, 10:00–10:45"] * 6
    assert not any(b"Cancelled" in mail.content for mail in mailing.box.mails[-6:])


def test_times_in_a_zone_of_their_own_say_so(mailing: Office) -> None:
    mailing.says("/po-meet new Call on 30 nov 10:00-11:00 zone=America/New_York with @ben")
    mailing.says("/po-meet invite of Call")
    subject = "Invitation: Call, Mon 30 Nov 10:00 (America/New_York)"
    assert mailed(mailing)["ben@firm.example"] == subject


def test_an_ended_series_leaves_the_calendars(mailing: Office) -> None:
    mailing.says("/po-meet end sure=yes")
    assert len(mailed(mailing)) == 3
    assert shown(mailing, EXT, days=60) == []


def test_an_answer_and_an_agenda_are_nobodys_mail(mailing: Office) -> None:
    mailing.says("/po-meet rsvp no", mailing.ben)
    mailing.says("/po-meet topic Decide test site 15m")
    mailing.says("/po-meet publish")
    assert mailed(mailing) == {}


def test_nobody_is_mailed_of_what_is_over(mailing: Office) -> None:
    mailing.says("/po-meet new Talk on 25 nov 10:00-11:00 with @ben")
    mailing.says("/po-meet invite of Talk")
    assert len(mailed(mailing)) == 2
    mailing.now = mailing.now.replace(day=26)
    assert "Room 9" in mailing.says("/po-meet edit place Room 9 of Talk")
    assert mailed(mailing) == {}


def test_holidays_are_left_out(mailing: Office) -> None:
    mailing.says("/po-meet new Standup every fri 9:00-9:15 with @ben from 18 dec")
    mailing.says("/po-meet invite of Standup")
    mailed(mailing)
    days = [line for line in shown(mailing, "ben@firm.example", 50) if "Standup" in line]
    assert [day[:10] for day in days] == ["Fri 18 Dec", "Fri 08 Jan"]


def test_of_several_meetings_the_one_that_changed_is_mailed(mailing: Office) -> None:
    mailing.says("/po-meet new Talk every wed 9:00 with @ben guest@firm.example")
    mailing.says("/po-meet invite of Talk")
    mailed(mailing)
    mailing.says("/po-meet end of Talk sure=yes")
    assert "Nobody is mailed." in mailing.says("/po-meet nomail of 2")
    assert "3 people are mailed now." in mailing.says("/po-meet mail of Talk")
    assert "3 people are mailed now." in mailing.says("/po-meet mail")
    mailed(mailing)
    assert "Nothing waits to be mailed." in mailing.says("/po-meet mail")
    assert "Talk" in mailing.says("/po-meet resend guest@firm.example")
    assert "Jour fixe is mailed again" in mailing.says(f"/po-meet resend {EXT}")
    mailing.says("/po-meet new Plan every wed 12:00")
    mailing.says("/po-meet move tue to wed 14:00 of 1 sure=yes")
    mailing.says("/po-meet place Room 9 of Plan")
    assert "Nobody is mailed." in mailing.says("/po-meet nomail")


def test_somebody_who_lost_it_gets_all_of_it_again(mailing: Office) -> None:
    mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    mailed(mailing)
    before = len(mailing.box.mails)
    told = mailing.says(f"/po-meet resend {EXT}")
    assert f"mailed again to {EXT}" in told
    mailing.delivered()
    assert [mail.recipients for mail in mailing.box.mails[before:]] == [(EXT,)]
    lost = StrictClient(EXT)
    lost.gets(mailing.box.mails[-1].content)
    assert lost.shows(mailing.now, mailing.now + timedelta(days=9))[0][0].day == 2
    assert "is not invited" in mailing.says("/po-meet resend @carla")


def test_what_is_mailed_again_is_what_holds_while_a_change_waits(mailing: Office) -> None:
    mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    mailing.says(f"/po-meet resend {EXT}")
    mailing.delivered()
    assert shown(mailing, EXT, 9) == ["Wed 02 Dec 14:00 45 Jour fixe"]
    assert shown(mailing, "ben@firm.example", 9) == ["Tue 01 Dec 10:00 45 Jour fixe"]
    assert sorted(mailed(mailing)) == ["anna@firm.example", "ben@firm.example"]
    assert shown(mailing, "ben@firm.example", 9) == ["Wed 02 Dec 14:00 45 Jour fixe"]


def test_a_meeting_about_to_be_cancelled_is_not_mailed_again(mailing: Office) -> None:
    mailing.says(f"/po-meet new Talk on 2 dec 9:00-9:30 with {EXT}")
    mailing.says("/po-meet invite of Talk")
    mailed(mailing)
    mailing.says("/po-meet cancel 2 dec of Talk sure=yes")
    before = len(mailing.box.mails)
    answer = mailing.types(f"/po-meet resend {EXT} of Talk")
    assert "waits to be mailed" in answer.text
    assert len(mailing.box.mails) == before
    clicked(mailing, "Mail now", answer, "mailed now")
    assert mailed(mailing, 0)[EXT].startswith("Cancelled")
    assert "Nothing of Talk was mailed yet" in mailing.says(f"/po-meet resend {EXT} of Talk")


def test_without_a_mail_server_nobody_is_mailed_and_nothing_is_said_of_it(office: Office) -> None:
    arranged(office)
    assert "mailed" not in office.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    assert "SMTP_URL" in office.says("/po-meet mail")
    office.passes(minutes=6)
    office.ticks()
    assert office.box.mails == []


def test_a_thousand_are_mailed_in_parts(mailing: Office) -> None:
    everybody = " ".join(f"p{number}@firm.example" for number in range(60))
    answer: Answer = mailing.types(f"/po-meet invite {everybody} sure=yes")
    assert "60 people will be mailed" in answer.text
    assert "and 55 more" in answer.text
    assert len(mailed(mailing)) == 60


def test_the_holidays_of_later_years_are_told_before_they_come(mailing: Office) -> None:
    mailing.says("/po-meet new Standup every weekday 9:00-9:15 with @ben from 1 dec")
    mailing.says("/po-meet invite of Standup")
    mailed(mailing)
    mailing.now = datetime(2028, 8, 1, 9, tzinfo=BERLIN)
    mailing.ticks()
    mailing.passes(minutes=6)
    mailing.ticks()
    mailing.delivered()
    mailing.now = datetime(2029, 12, 20, 9, tzinfo=BERLIN)
    days = [line[:10] for line in shown(mailing, "ben@firm.example", 14) if "Standup" in line]
    assert "Tue 25 Dec" not in days
    assert "Thu 27 Dec" in days


def test_who_cannot_be_written_to_keeps_nobody_elses_mail_back(mailing: Office) -> None:
    mailing.box.user("zoe", real_name="Zoë", email="zoë@firm.example").joins(mailing.alpha)
    mailing.says("/po-meet invite @zoe @carla")
    assert list(mailed(mailing)) == ["carla@firm.example"]
    assert "A mail to zoë@firm.example was refused" in "".join(mailing.told(mailing.anna))
    assert mailed(mailing) == {}


def test_what_changes_many_meetings_is_told_in_a_line(mailing: Office) -> None:
    for number in range(4):
        mailing.says(f"/po-meet new Talk {number} every fri {9 + number}:00 with @ben from 4 dec")
        mailing.says(f"/po-meet invite of Talk {number}")
    mailing.passes(minutes=6)
    mailing.ticks()
    told = mailing.says("/po project set country=FR")
    assert "3 people will be mailed in a few minutes, of 5 meetings." in told


def test_what_is_paused_is_in_no_calendar_until_it_is_resumed(mailing: Office) -> None:
    assert shown(mailing, EXT)
    mailing.says("/po-meet pause")
    assert "paused until further notice" in mailed_text(mailing)
    assert shown(mailing, EXT) == []
    mailing.says("/po-meet resume")
    mailed(mailing)
    assert shown(mailing, EXT)[0].startswith("Tue 01 Dec 10:00")


def mailed_text(office: Office) -> str:
    """What the plain text of the next mail to somebody outside says."""
    mailed(office)
    sent = next(mail for mail in reversed(office.box.mails) if mail.recipients == (EXT,))
    message = message_from_bytes(sent.content, policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
