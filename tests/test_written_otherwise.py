"""An address is the same however it is written: in big letters, or with a domain in its own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from bot.calendar.addresses import comparable
from bot.calendar.books import CalendarCopy
from bot.calendar.bounces import Bounce, note_bounces
from bot.people import Person
from tests.jour_fixe import arranged
from tests.mail_office import mail_office
from tests.office import Office
from tests.post import RCPT, Post, open_post
from tests.test_mail_operating import NO_USER, refusals, rounds

TYPED, MAILED = "Ben@Müller.example", "Ben@xn--mller-kva.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
def office(database_url: str, post: Post) -> Iterator[Office]:
    """Anna's jour fixe, whose Ben has an address in a domain of his own language."""
    with mail_office(database_url, post) as office:
        office.says("/po-action list", office.ben)
        with office.bot.sessions.begin() as session:
            session.execute(update(Person).where(Person.name == "Ben").values(email=TYPED))
        yield office


@pytest.mark.parametrize(
    "written", [TYPED, MAILED, "ben@müller.example", " ben@XN--mller-kva.example "]
)
def test_however_it_is_written_it_is_compared_as_one(written: str) -> None:
    assert comparable(written) == MAILED.lower()


def test_what_no_mail_can_be_sent_to_is_compared_as_it_is() -> None:
    assert comparable("Zoë@firm.example ") == "zoë@firm.example"


def test_the_chair_reads_that_a_mail_there_was_refused(office: Office, post: Post) -> None:
    post.fails(RCPT, NO_USER, to=MAILED)
    arranged(office)
    rounds(office)
    (told,) = refusals(office)
    assert f"A mail to {MAILED} was refused: {NO_USER}." in office.box.text_of(told)
    assert "nothing more about Jour fixe is mailed there" in office.box.text_of(told)


@pytest.mark.parametrize("kept", [TYPED, "ben@müller.example"])
def test_so_they_do_where_the_books_have_it_otherwise(
    office: Office, post: Post, kept: str
) -> None:
    arranged(office)
    rounds(office)
    (mail,) = post.to(MAILED)
    with office.bot.sessions.begin() as session:  # as it was before both were written alike
        held = session.scalars(select(CalendarCopy).where(CalendarCopy.address.contains("ben@")))
        held.one().address = kept
        token = mail.message_id.strip("<>").partition("@")[0]
        assert note_bounces(session, [Bounce(token, NO_USER)], office.now)
    office.bot.worker.wake()
    office.delivered()
    (told,) = refusals(office)
    assert f"A mail to {MAILED} was refused: {NO_USER}." in office.box.text_of(told)
    assert "nothing more about Jour fixe is mailed there" in office.box.text_of(told)


def test_all_there_is_is_mailed_there_again(office: Office, post: Post) -> None:
    arranged(office)
    rounds(office)
    before = len(post.to(MAILED))
    assert "is mailed again to Ben" in office.says("/po-meet resend @ben")
    office.delivered()
    office.box.wait_for(lambda: len(post.to(MAILED)) == before + 1)


def test_minutes_are_not_mailed_where_mail_was_refused(office: Office, post: Post) -> None:
    post.fails(RCPT, NO_USER, to=MAILED)
    arranged(office)
    office.says("/po-meet invite @ben informed")
    rounds(office)
    assert len(refusals(office)) == 1
    post.mends()
    office.says("/po-meet invite informed@firm.example")
    office.says("/po-meet start")
    office.says("/po-meet close")
    rounds(office)
    office.box.wait_for(lambda: post.to("informed@firm.example"))
    assert post.to(MAILED) == []
