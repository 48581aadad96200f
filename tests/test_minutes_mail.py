"""Minutes by mail: who is informed reads what was decided, once, and nothing confidential."""

from collections.abc import Iterator, Sequence
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import history
from bot.agenda import AgendaItem
from bot.calendar.organizer import organizer_of
from bot.delivery.outbox import Delivery
from bot.gathering import AT_ONCE
from bot.minutes_mail import Issue, Mailing, MinutesMails
from bot.people import Person
from tests.office import Office, open_office
from tests.thread import Thread

SERIES = (
    '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben ext@firm.example '
    "informed boss@firm.example @dora"
)


@pytest.fixture
def mailing(database_url: str) -> Iterator[Office]:
    """An office in which mail is sent, with a jour fixe that others are informed of."""
    with open_office(database_url, is_mailing=True) as office:
        office.says(SERIES)
        office.says("/po-meet invite")
        mailed(office)
        office.passes(hours=1)
        yield office


def mailed(office: Office) -> dict[str, EmailMessage]:
    """What goes out in the next minutes, by address."""
    before = len(office.box.mails)
    office.passes(minutes=6)
    office.ticks()
    office.delivered()
    new = office.box.mails[before:]
    assert len({mail.recipients for mail in new}) == len(new)
    return {mail.recipients[0]: mail.message for mail in new}


def body(mail: EmailMessage, kind: str) -> str:
    """What a mail says, as *kind* has it."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_who_is_informed_or_not_in_slack_reads_the_draft(mailing: Office) -> None:
    thread = Thread(mailing, "")
    thread.write("D: we use site B, because cheaper", mailing.ben)
    thread.write("A: @ben book the <b>room</b> by fri")
    mailing.says("/po-meet close")
    told = mailed(mailing)
    assert sorted(told) == ["boss@firm.example", "dora@firm.example", "ext@firm.example"]
    mail = told["boss@firm.example"]
    assert mail["Subject"] == "Draft minutes: Jour fixe, Tue 24 Nov 2026"
    assert mail["From"] == "Jourfixe <office@firm.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        assert "we use site B" in body(mail, kind)
        assert "0 of 2 agree" in body(mail, kind)
    assert "book the <b>room</b>" in body(mail, "plain")
    assert "book the &lt;b&gt;room&lt;/b&gt;" in body(mail, "html")
    assert mailed(mailing) == {}


def test_the_same_text_is_mailed_once_and_another_version_again(mailing: Office) -> None:
    thread = Thread(mailing, "")
    thread.write("D: we use site B", mailing.ben)
    mailing.says("/po-meet close")
    mailed(mailing)
    mailing.says("/po-meet object it was site C quote=site", mailing.ben)
    mailing.says("/po-meet correct Decision D1 · we use site C")
    told = mailed(mailing)
    assert len(told) == 3
    assert "we use site C" in body(told["boss@firm.example"], "plain")
    mailing.says("/po-meet approve")
    mailing.says("/po-meet approve", mailing.ben)
    assert mailed(mailing) == {}


def test_what_is_confidential_is_not_mailed(mailing: Office) -> None:
    thread = Thread(mailing, "")
    thread.write("#topic Salaries")
    thread.write("D: cut them")
    with mailing.bot.sessions.begin() as session:
        history.begin(session, None, "test", mailing.now)
        salaries = select(AgendaItem).where(AgendaItem.title == "Salaries")
        session.scalars(salaries).one().is_confidential = True
    mailing.says("/po-meet close")
    told = mailed(mailing)
    text = body(told["boss@firm.example"], "plain")
    assert "cut them" not in text
    assert "Salaries" not in text


def test_a_close_that_is_taken_back_in_time_is_not_mailed(mailing: Office) -> None:
    Thread(mailing, "").write("D: we use site B")
    mailing.says("/po-meet close")
    mailing.says("/po undo")
    assert mailed(mailing) == {}


def test_what_is_restricted_goes_to_nobody_outside(mailing: Office) -> None:
    Thread(mailing, "").write("D: we use site B")
    mailing.says("/po project set visibility=restricted")
    mailing.says("/po-meet close")
    assert "ext@firm.example" not in mailed(mailing)


def test_who_is_invited_later_is_not_mailed_what_was_before_and_who_was_there_still_is(
    mailing: Office,
) -> None:
    mailing.says("/po-meet uninvite @dora")
    mailed(mailing)
    thread = Thread(mailing, "")
    mailing.passes(minutes=1)
    mailing.says("/po-meet invite during@else.example")
    mailed(mailing)
    thread.write("D: we use site B", mailing.ben)
    mailing.says("/po-meet close")
    first = ["boss@firm.example", "during@else.example", "ext@firm.example"]
    assert sorted(mailed(mailing)) == first
    mailing.says("/po-meet uninvite ext@firm.example")
    mailing.says("/po-meet invite later@else.example @dora")
    mailed(mailing)
    mailing.says("/po-meet object it was site C quote=site", mailing.ben)
    mailing.says("/po-meet correct Decision D1 · we use site C")
    assert sorted(mailed(mailing)) == first


def test_a_correction_that_is_undone_is_mailed_again(mailing: Office) -> None:
    Thread(mailing, "").write("D: we use site B", mailing.ben)
    mailing.says("/po-meet close")
    mailed(mailing)
    mailing.says("/po-meet object it was site C quote=site", mailing.ben)
    mailing.says("/po-meet correct Decision D1 · we use site C")
    mailed(mailing)
    mailing.says("/po undo")
    told = mailed(mailing)
    assert len(told) == 3
    assert "we use site B" in body(told["ext@firm.example"], "plain")
    assert mailed(mailing) == {}


def test_minutes_that_cannot_be_told_keep_no_others_waiting(mailing: Office) -> None:
    for _day in range(2):
        Thread(mailing, "").write("D: we use site B")
        mailing.says("/po-meet close")
        mailing.passes(days=7)

    class Torn(MinutesMails):
        """One in which the first minutes cannot be told, whatever the reason."""

        def _mailings(self, session: Session, issue: Issue) -> Iterator[Mailing]:
            if issue.title == "Jour fixe, Tue 24 Nov 2026":
                raise LookupError(issue.title)
            return super()._mailings(session, issue)

    mails = Torn(mailing.bot.sessions, organizer_of(mailing.settings), lambda: None)
    before = len(mailing.box.mails)
    while mails.do_some(mailing.now):
        pass
    mailing.delivered()
    told = [mail.message["Subject"] for mail in mailing.box.mails[before:]]
    assert told == ["Draft minutes: Jour fixe, Tue 1 Dec 2026"] * 3
    assert mailed(mailing) == {}  # the first are tried again, but not at once
    mailing.passes(minutes=10)
    assert {mail["Subject"] for mail in mailed(mailing).values()} == {
        "Minutes: Jour fixe, Tue 24 Nov 2026"  # by now silence was consent
    }


@pytest.mark.both_databases
def test_minutes_for_many_are_written_some_at_a_time_so_that_others_have_their_turn(
    mailing: Office,
) -> None:
    many = [f"reader{number}@firm.example" for number in range(AT_ONCE + 5)]
    mailing.says(f"/po-meet invite {' '.join(many)} informed sure=yes")
    mailed(mailing)
    Thread(mailing, "").write("D: we use site B")
    mailing.says("/po-meet close")
    mailing.passes(minutes=6)
    mails = MinutesMails(mailing.bot.sessions, organizer_of(mailing.settings), lambda: None)
    promised = []
    while mails.do_some(mailing.now):
        promised.append(len(letters(mailing)))
    everybody = {*many, "boss@firm.example", "dora@firm.example", "ext@firm.example"}
    assert promised == [AT_ONCE, len(everybody)]
    assert {key.rpartition(":")[2] for key in letters(mailing)} == everybody


def letters(office: Office) -> Sequence[str]:
    """The keys of the minutes that were promised to be mailed."""
    mine = select(Delivery.key).where(Delivery.key.startswith("minutes-mail:"))
    keys: Sequence[str] = office.stored(lambda session: session.scalars(mine).all())
    return keys


def test_of_minutes_that_cannot_be_mailed_somewhere_the_chair_is_told(mailing: Office) -> None:
    Thread(mailing, "").write("D: we use site B")
    mailing.says("/po-meet close")
    mailing.box.change(mailing.dora, email="dörä@firm.example")
    address = select(Person.email).where(Person.slack_id == mailing.dora.id)
    mailing.box.wait_for(lambda: "dörä" in mailing.stored(lambda s: s.scalar(address)))
    mailing.passes(minutes=6)
    mails = MinutesMails(mailing.bot.sessions, organizer_of(mailing.settings), lambda: None)
    while mails.do_some(mailing.now):
        pass
    mailed_to = {key.rpartition(":")[2] for key in letters(mailing)}
    assert mailed_to == {"boss@firm.example", "ext@firm.example"}
    (told,) = [words for words in mailing.told(mailing.anna) if "dörä@firm.example" in words]
    assert "A mail to dörä@firm.example was refused" in told
    assert "[Mail it again]" in told
