"""Mail as operators and chairs see it: what was refused, what to do, and a burst of mails."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from bot.delivery.mailing import refused
from bot.delivery.outbox import Delivery, Medium, State
from slackbox import Message
from tests.jour_fixe import arranged
from tests.mail_office import mail_office, mail_to, mails, waits_for
from tests.office import Office
from tests.post import RCPT, Post, open_post
from tests.test_deliveries import typed

BEN, EXT = "ben@firm.example", "ext@firm.example"
NO_USER = "550 5.1.1 no such user"
MAILS = 300


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
def office(database_url: str, post: Post) -> Iterator[Office]:
    with mail_office(database_url, post) as office:
        yield office


@pytest.fixture
def patient(database_url: str, post: Post) -> Iterator[Office]:
    """An office that tries a mail again after an hour only."""
    pauses = ("JOURFIXE_MAIL_BACKOFF_SECONDS", "JOURFIXE_MAIL_BACKOFF_MAX_SECONDS")
    with mail_office(database_url, post, **dict.fromkeys(pauses, 3600)) as office:
        yield office


# --- Who runs the meeting -------------------------------------------------------------------


def rounds(office: Office) -> None:
    """Let five minutes pass, and all mails of them go out, or be given up."""
    office.passes(minutes=6)
    office.ticks()
    office.delivered()


def refusals(office: Office) -> list[Message]:
    """What Anna, the chair, was told of mails that were refused."""
    return [m for m in office.told_messages(office.anna) if "refused" in office.box.text_of(m)]


def test_the_chair_reads_that_an_invitation_was_refused_and_has_it_mailed_again(
    office: Office, post: Post
) -> None:
    post.fails(RCPT, NO_USER, to=EXT)
    arranged(office)
    office.says(f"/po-meet invite {EXT}")
    rounds(office)
    told = refusals(office)
    assert len(told) == 1
    words = office.box.text_of(told[0])
    assert f"A mail to {EXT} was refused: {NO_USER}." in words
    assert "nothing more about Jour fixe is mailed there" in words
    assert len(post.to(BEN)) == 1
    post.mends()
    office.says("/po-meet edit place Room 5")
    rounds(office)
    assert (len(post.to(BEN)), len(post.to(EXT))) == (2, 0)  # it is left out
    office.anna.clicks("Mail it again", told[0])
    office.box.wait_for(lambda: post.to(EXT))
    (mail,) = post.to(EXT)
    assert "Room 5" in str(mail.parsed.get_body(("plain",)))
    assert office.stored(lambda s: refused(s, [EXT])) == {}


def test_the_chair_reads_of_every_refusal_though_it_is_the_same_day(
    office: Office, post: Post
) -> None:
    post.fails(RCPT, NO_USER, to=EXT)
    arranged(office)
    office.says(f"/po-meet invite {EXT}")
    rounds(office)
    (first,) = refusals(office)
    office.anna.clicks("Mail it again", first)
    office.box.wait_for(lambda: len(refusals(office)) == 2)
    assert office.stored(lambda s: refused(s, [EXT])) == {EXT: NO_USER}


# --- Operators ------------------------------------------------------------------------------


def test_mails_are_listed_and_shown_with_what_became_of_them(office: Office, post: Post) -> None:
    post.fails(RCPT, NO_USER, to=BEN)
    mails(office, BEN, EXT)
    number = waits_for(office, BEN, "dead").id
    listed = typed(office, "list", "--state", "dead")
    assert f"mailto:{BEN}" in listed
    assert NO_USER in listed
    shown = typed(office, "show", str(number))
    assert "medium" in shown
    assert "Jour fixe" in shown


def test_an_operator_has_a_refused_mail_sent_again(office: Office, post: Post) -> None:
    post.fails(RCPT, NO_USER, to=BEN)
    mails(office, BEN)
    number = waits_for(office, BEN, "dead").id
    post.mends()
    assert "will be sent" in typed(office, "requeue", str(number))
    waits_for(office, BEN, "sent")
    assert len(post.to(BEN)) == 1
    assert office.stored(lambda s: refused(s, [BEN])) == {}
    told = typed(office, "requeue", str(number), code=2)
    assert "It was mailed already" in told
    assert "It was sent already" in typed(office, "cancel", str(number), code=2)


def test_a_cancelled_mail_is_not_sent(office: Office, post: Post) -> None:
    post.fails(RCPT, "450 4.2.0 later", to=BEN)
    mails(office, BEN)
    office.box.wait_for(lambda: mail_to(office, BEN).error)
    office.box.wait_for(lambda: mail_to(office, BEN).leased_until is None)
    assert "is cancelled" in typed(office, "cancel", str(mail_to(office, BEN).id))
    post.mends()
    mails(office, EXT)
    office.delivered()
    assert [mail.to for mail in post.mails] == [EXT]


def test_verify_compares_what_stands_in_slack_and_leaves_mails_out(
    office: Office, post: Post
) -> None:
    mails(office, BEN)
    office.says("/po-action add order paint")
    office.delivered()
    assert "1 messages compared in 1 places" in typed(office, "verify")


def test_whose_invitation_an_operator_cancels_is_mailed_nothing_until_all_is_mailed_again(
    patient: Office, post: Post
) -> None:
    office = patient
    post.fails(RCPT, "450 4.2.0 later", to=BEN)
    arranged(office)
    office.passes(minutes=6)
    office.ticks()
    office.box.wait_for(lambda: (mail := calendar_mail(office)).error and not mail.leased_until)
    assert "is cancelled" in typed(office, "cancel", str(calendar_mail(office).id))
    post.mends()
    office.says("/po-meet move 1 dec to wed 14:00 sure=yes")
    rounds(office)
    assert post.to(BEN) == []
    office.box.wait_for(lambda: refusals(office))
    assert "an operator cancelled it" in office.box.text_of(refusals(office)[0])
    office.anna.clicks("Mail it again", refusals(office)[0])
    office.box.wait_for(lambda: post.to(BEN))
    (mail,) = post.to(BEN)
    assert mail.parsed["Subject"].startswith("Invitation")


def calendar_mail(office: Office) -> Delivery:
    """The mail that invites Ben."""
    query = select(Delivery).where(Delivery.channel == f"mailto:{BEN}").limit(1)
    found: Delivery = office.stored(lambda s: s.scalar(query))
    return found


# --- A burst --------------------------------------------------------------------------------


def test_while_a_burst_of_mails_goes_out_commands_are_answered(office: Office, post: Post) -> None:
    mails(office, *(f"p{number}@firm.example" for number in range(MAILS)))
    waiting = select(func.count()).where(
        Delivery.medium == Medium.MAIL, Delivery.state == State.WAITING
    )
    typed_meanwhile = 0
    while office.stored(lambda s: s.scalar(waiting)):
        assert "paint" in office.says(f"/po-action add paint {typed_meanwhile}")
        typed_meanwhile += 1
    assert typed_meanwhile > 10
    assert len({mail.to for mail in post.mails}) == len(post.mails) == MAILS
    assert {mail.number for mail in post.mails} == {1}
