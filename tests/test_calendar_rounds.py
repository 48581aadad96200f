"""Rounds of mails to calendars on ordinary bad days: restored, doubled, broken, many at once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.calendar.books import CalendarCopy, CalendarEvent, CalendarRound
from bot.calendar.organizer import organizer_of
from bot.calendar.rounds import CalendarRounds
from bot.delivery.installation import Installation
from bot.people import Person
from slackbox import Mail
from tests.jour_fixe import BERLIN, arranged, clicked
from tests.office import Office, open_office
from tests.strict_client import StrictClient

BEN = "ben@firm.example"


@pytest.fixture
def mailing(database_url: str) -> Iterator[Office]:
    """Anna's jour fixe every Tuesday, which Ben has in his calendar."""
    with open_office(database_url, is_mailing=True) as office:
        arranged(office)
        sent(office)
        yield office


def sent(office: Office, minutes: int = 6) -> list[Mail]:
    """What goes out in the next minutes."""
    before = len(office.box.mails)
    office.passes(minutes=minutes)
    office.ticks()
    office.delivered()
    return office.box.mails[before:]


def to(mails: list[Mail]) -> list[str]:
    return sorted(mail.recipients[0] for mail in mails)


def test_an_address_in_other_letters_is_the_same_calendar(mailing: Office) -> None:
    with mailing.bot.sessions.begin() as session:
        session.execute(update(Person).where(Person.name == "Ben").values(email="Ben@Firm.example"))
    for number in range(3):
        mailing.says(f"/po-meet edit place Room {number}")
        assert sorted(address.casefold() for address in to(sent(mailing))) == [
            "anna@firm.example", BEN,
        ]  # fmt: skip
    client = StrictClient(BEN)
    for mail in mailing.box.mails:
        if mail.recipients[0].casefold() == BEN:
            client.gets(mail.content)
    assert client.shows(mailing.now, mailing.now + timedelta(days=8))[0][3] == "Room 2"


def test_mail_nobody_asks_where_something_before_it_waits(mailing: Office) -> None:
    mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    mailing.passes(minutes=2)
    answer = mailing.types("/po-meet edit title=Weekly")
    told = clicked(mailing, "Mail nobody", answer, "Something was changed before it")
    assert "[Mail nobody of any of it]" in told
    assert len(sent(mailing)) == 2


def test_what_is_mailed_after_a_backup_was_restored_is_taken(mailing: Office) -> None:
    def state(session: object) -> list[tuple[int, object, object]]:
        rows = session.scalars(select(CalendarEvent))  # type: ignore[attr-defined] # any Session
        return [(row.sequence, row.state, row.changed_at) for row in rows]

    ((sequence, kept, changed_at),) = mailing.stored(state)
    for number in range(3):
        mailing.says(f"/po-meet edit place Room {number}")
        sent(mailing)
    known = {mail.header("Message-ID") for mail in mailing.box.mails}
    client = StrictClient(BEN)
    for mail in mailing.box.mails:
        if mail.recipients[0] == BEN:
            client.gets(mail.content)
    with mailing.bot.sessions.begin() as session:  # as it was, and somebody has been away
        session.execute(
            update(CalendarEvent).values(sequence=sequence, state=kept, changed_at=changed_at)
        )
        session.execute(update(Installation).values(doubted_at=mailing.now))
    mailing.says("/po-meet edit place Room 9")
    new = sent(mailing)
    assert to(new) == ["anna@firm.example", BEN]
    assert known.isdisjoint(mail.header("Message-ID") for mail in new)
    client.gets(new[-1].content)


def test_of_two_processes_one_gives_way_and_nothing_is_lost(mailing: Office) -> None:
    mailing.says("/po-meet invite @carla")
    mailing.passes(minutes=6)
    organizer = organizer_of(mailing.settings)

    class Slow(CalendarRounds):
        """Another process, which has read the round and comes to write long after."""

        def _do(self, row: CalendarRound, now: object) -> None:
            mailing.ticks()
            mailing.says("/po-meet move 1 dec to wed 14:00 sure=yes")
            super()._do(row, mailing.now)

    Slow(mailing.bot.sessions, organizer, lambda: None).do_some(mailing.now)
    assert to(sent(mailing)) == ["anna@firm.example", BEN, "carla@firm.example"]


def test_a_series_that_cannot_be_told_keeps_no_other_waiting(mailing: Office) -> None:
    with mailing.bot.sessions.begin() as session:
        session.execute(update(CalendarCopy).values(holds={"uid": "torn"}))
    mailing.says("/po-meet edit place Room 1")
    mailing.says("/po-meet new Talk every wed 10:00-10:45 with @carla from 2 dec")
    mailing.says("/po-meet invite of Talk")
    assert to(sent(mailing)) == ["anna@firm.example", "carla@firm.example"]


def test_what_changes_while_calendars_are_told_waits_minutes_whatever_the_zone(
    mailing: Office,
) -> None:
    mailing.now = mailing.now.astimezone(BERLIN)
    mailing.says("/po-meet edit place Room 1")
    mailing.passes(minutes=6)
    mailing.says("/po-meet edit place Room 2")  # its round is due, and nobody has told it yet
    due = mailing.stored(lambda session: session.scalar(select(CalendarRound.due_at)))
    assert due == mailing.now + timedelta(minutes=5)
