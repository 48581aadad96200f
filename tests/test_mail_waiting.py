"""Mails that wait while the mail server is away: who may still have them, what is too late."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import clock
from bot.calendar.unsent import OUTRUN
from bot.delivery import gates
from bot.delivery.mailing import refused
from bot.delivery.outbox import HIDDEN, TOO_LATE, Delivery, Medium
from tests.mail_office import letter, promises
from tests.office import NOW, Office, open_office
from tests.test_calendars import mailed, shown
from tests.thread import Thread

EXT, BEN = "ext@firm.example", "ben@firm.example"


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office in which mail is sent, with a jour fixe that all who are invited know of."""
    with open_office(database_url, is_mailing=True, JOURFIXE_BEAT_SECONDS=0.1) as office:
        office.says(
            f'/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben {EXT} '
            "informed boss@firm.example @dora"
        )
        office.says("/po-meet invite")
        mailed(office)
        yield office


@contextmanager
def away(office: Office) -> Iterator[None]:
    """The mail server is away until what is done meanwhile is done."""
    with office.bot.sessions.begin() as session:
        now = clock.now()
        gates.close(session, gates.MAIL, now + timedelta(minutes=10), "down", now)
    yield
    with office.bot.sessions.begin() as session:
        gates.open_all(session, Medium.MAIL)
    assert office.bot.mail_worker is not None
    office.bot.mail_worker.wake()
    office.delivered()


def passes(office: Office) -> None:
    """Let what was changed be told."""
    office.passes(minutes=6)
    office.ticks()


def why_not(office: Office, address: str) -> list[str | None]:
    """Why mails to *address* were not sent."""
    theirs = Delivery.channel == f"mailto:{address}"
    query = select(Delivery.error).where(theirs, Delivery.error.is_not(None)).order_by(Delivery.id)
    return list(office.stored(lambda s: s.scalars(query).all()))


def test_minutes_that_wait_are_mailed_to_who_may_read_them_still(office: Office) -> None:
    Thread(office, "").write("D: we use site B", office.ben)
    office.says("/po-meet close")
    before = len(office.box.mails)
    with away(office):
        passes(office)
        office.says("/po project set visibility=restricted")
    assert [mail.recipients for mail in office.box.mails[before:]] == [("dora@firm.example",)]
    assert why_not(office, EXT) == [HIDDEN]
    office.says("/po project set visibility=internal")
    office.says("/po-meet object it was site C quote=site", office.ben)
    office.says("/po-meet correct Decision D1 · we use site C")
    assert len(mailed(office)) == 3


def test_who_is_uninvited_while_all_of_it_waits_to_be_sent_again_is_told(office: Office) -> None:
    with away(office):
        assert "mailed" in office.says(f"/po-meet resend {EXT}")
        office.passes(minutes=1)
        assert "1 person will be mailed" in office.says(f"/po-meet uninvite {EXT}")
    assert why_not(office, EXT) == [HIDDEN]
    assert mailed(office) == {EXT: "No longer invited: Jour fixe"}
    assert shown(office, EXT) == []


def test_who_is_invited_no_longer_gets_no_invitation_that_waited(office: Office) -> None:
    before = len(office.box.mails)
    with away(office):
        office.says("/po-meet invite new@else.example")
        passes(office)
        office.says("/po-meet uninvite new@else.example")
    assert why_not(office, "new@else.example") == [HIDDEN]
    passes(office)
    office.delivered()
    assert office.box.mails[before:] == []
    office.says("/po-meet invite new@else.example")
    assert list(mailed(office)) == ["new@else.example"]
    assert "Tue 01 Dec 10:00 45 Jour fixe" in shown(office, "new@else.example")


@pytest.mark.both_databases
def test_whose_change_waited_when_they_were_uninvited_reads_that_they_are(office: Office) -> None:
    with away(office):
        office.says("/po-meet move 1 dec to wed 14:00 sure=yes")
        passes(office)
        office.says(f"/po-meet uninvite {EXT}")
        passes(office)
    assert why_not(office, EXT)[0] == HIDDEN
    passes(office)
    office.delivered()
    assert shown(office, EXT) == []
    assert "Wed 02 Dec 14:00 45 Jour fixe" in shown(office, BEN)


def test_who_is_invited_again_in_time_misses_nothing_that_waited(office: Office) -> None:
    with away(office):
        office.says("/po-meet move 1 dec to wed 14:00 sure=yes")
        passes(office)
        office.says(f"/po-meet uninvite {EXT}")
        office.says(f"/po-meet invite {EXT}")
    passes(office)
    office.delivered()
    assert "Wed 02 Dec 14:00 45 Jour fixe" in shown(office, EXT)


def test_a_mail_that_comes_too_late_is_given_up_and_its_address_is_not(office: Office) -> None:
    with away(office):
        late = replace(letter(office.bot.sessions, "one", BEN, "Late"), until=NOW)
        promises(office.bot.sessions, {"one": late})
        promises(office.bot.sessions, {"two": letter(office.bot.sessions, "two", BEN, "In time")})
        office.box.wait_for(lambda: why_not(office, BEN) == [TOO_LATE])
    assert [mail.subject for mail in office.box.mails if mail.recipients == (BEN,)][-1] == "In time"
    assert office.stored(lambda s: refused(s, [BEN])) == {}
    assert not [told for told in office.told(office.anna) if "refused" in told]


@pytest.mark.both_databases
def test_who_got_nothing_of_what_came_too_late_is_told_what_holds_then(office: Office) -> None:
    with away(office):
        office.says("/po-meet invite new@else.example")
        passes(office)
        office.says("/po-meet move 8 dec to wed 14:00 sure=yes")
        passes(office)
        with office.bot.sessions.begin() as session:
            theirs = Delivery.channel == "mailto:new@else.example"
            first = session.scalars(select(Delivery).where(theirs).order_by(Delivery.id)).first()
            assert first is not None
            first.useless_at = clock.now()
        office.box.wait_for(lambda: why_not(office, "new@else.example") == [TOO_LATE, OUTRUN])
    assert list(mailed(office)) == ["new@else.example"]
    dates = shown(office, "new@else.example")
    assert "Tue 01 Dec 10:00 45 Jour fixe" in dates
    assert "Wed 09 Dec 14:00 45 Jour fixe" in dates


def test_a_mail_of_one_date_is_of_use_until_that_is_over(office: Office) -> None:
    with away(office):
        office.says("/po-meet move 1 dec to mon 30 nov 14:00 sure=yes")
        passes(office)
        theirs = select(Delivery).where(Delivery.channel == f"mailto:{BEN}")
        newest = theirs.order_by(Delivery.id.desc()).limit(1)
        waiting: Delivery = office.stored(lambda s: s.scalars(newest).one())
        assert waiting.useless_at is not None
        over = office.now.replace(month=12, day=1, hour=10, minute=45)
        assert waiting.useless_at - waiting.due_at == over - office.now
