"""Mail when servers refuse, put off, break off or fall silent: nothing is lost, nobody waits."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.delivery.gates import Gate
from bot.delivery.mailing import refused
from bot.delivery.outbox import Delivery
from tests.mail_office import mail_office, mail_to, mails, waits_for
from tests.office import Office
from tests.post import CONNECT, CUT, DATA, END, HANG, MAIL, RCPT, Post, open_post

BEN, CARLA, DORA = "ben@firm.example", "carla@firm.example", "dora@firm.example"
LONGEST_S = 20


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
def office(database_url: str, post: Post) -> Iterator[Office]:
    with mail_office(database_url, post) as office:
        yield office


def left_out(office: Office, *addresses: str) -> dict[str, str]:
    """Which addresses are left out from now on, and why."""
    found: dict[str, str] = office.stored(lambda s: refused(s, addresses))
    return found


def waits_until_tried(office: Office, to: str) -> Delivery:
    """The mail, once something went wrong with it that is not the end of it."""
    office.box.wait_for(lambda: mail_to(office, to).error, timeout=20)
    return mail_to(office, to)


# --- The server as such ---------------------------------------------------------------------


def test_while_the_server_is_away_nothing_is_lost_and_it_is_left_alone(
    office: Office, post: Post
) -> None:
    post.close()
    tos = [f"p{number}@firm.example" for number in range(20)]
    mails(office, *tos)
    waits_until_tried(office, tos[0])
    post.open()
    office.delivered()
    assert sorted(mail.to for mail in post.mails) == sorted(tos)
    tried = office.stored(lambda s: s.scalars(select(Delivery.attempts)).all())
    assert max(tried) == 1  # who was not let in did not try


@pytest.mark.parametrize("step", [CONNECT, MAIL])
@pytest.mark.parametrize("says", ["421 4.3.2 going down", "450 4.7.1 slow down", "550 5.7.1 who?"])
def test_what_the_server_says_to_everybody_kills_no_mail(
    office: Office, post: Post, step: str, says: str
) -> None:
    post.fails(step, says)
    mails(office, BEN, CARLA)
    assert waits_until_tried(office, BEN).error
    office.says("/po-action add order paint")  # Slack goes on meanwhile
    office.box.wait_for(lambda: "order paint" in "".join(texts(office)))
    assert mail_to(office, BEN).state == mail_to(office, CARLA).state == "waiting"
    begun = len(post.seen)
    time.sleep(1)
    assert len(post.seen) - begun < 20
    post.mends()
    office.delivered()
    assert [mail.to for mail in post.mails] == [BEN, CARLA]
    assert left_out(office, BEN, CARLA) == {}


def texts(office: Office) -> list[str]:
    return [office.box.text_of(message) for message in office.anna.reads(office.alpha)]


def test_a_refused_slack_token_keeps_no_mail_back(office: Office, post: Post) -> None:
    office.says("/po-action add order glue")
    office.delivered()
    office.app.token_error = "token_revoked"
    office.says("/po-action add order paint")
    mails(office, BEN)
    waits_for(office, BEN, "sent")
    assert len(post.to(BEN)) == 1
    office.app.token_error = None
    assert any("order paint" in text for text in office.sees())


def test_a_slack_that_is_too_busy_keeps_no_mail_back(office: Office, post: Post) -> None:
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=8, times=2)
    office.says("/po-action add order paint")
    office.says("/po-action add order glue owner @ben")
    post_gate = select(Gate.name).where(Gate.name == "post")
    office.box.wait_for(lambda: office.stored(lambda s: s.scalar(post_gate)))
    mails(office, BEN)
    waits_for(office, BEN, "sent")
    assert office.stored(lambda s: s.scalar(post_gate)) == "post"


# --- One reader -----------------------------------------------------------------------------


def test_who_is_put_off_gets_the_same_mail_later_and_holds_up_nobody(
    office: Office, post: Post
) -> None:
    post.fails(RCPT, "450 4.2.0 greylisted, come back", to=BEN, times=3)
    mails(office, BEN, CARLA, DORA)
    office.delivered()
    assert [mail.to for mail in post.mails] == [CARLA, DORA, BEN]
    assert post.tries(BEN) == 4
    assert mail_to(office, BEN).attempts == 4
    assert left_out(office, BEN) == {}


def test_who_is_put_off_often_waits_no_longer_than_an_operator_sets(
    database_url: str, post: Post
) -> None:
    quick = {"JOURFIXE_MAIL_BACKOFF_SECONDS": 0.05, "JOURFIXE_MAIL_BACKOFF_MAX_SECONDS": 0.05}
    post.fails(RCPT, "450 4.2.0 greylisted, come back", to=BEN, times=12)
    with mail_office(database_url, post, **quick) as office:
        mails(office, BEN)
        office.delivered()
        assert post.tries(BEN) == 13


def test_who_is_put_off_for_too_long_is_given_up(database_url: str, post: Post) -> None:
    quick = {"JOURFIXE_MAIL_HOURS": 0.0001, "JOURFIXE_MAIL_BACKOFF_SECONDS": 0.001}
    post.fails(RCPT, "450 4.2.0 mailbox full", to=BEN)
    with mail_office(database_url, post, **quick) as office:
        mails(office, BEN, CARLA, project="ALPHA")
        assert waits_for(office, BEN, "dead").error == "450 4.2.0 mailbox full"
        assert post.tries(BEN) >= 10
        assert left_out(office, BEN) == {BEN: "450 4.2.0 mailbox full"}


@pytest.mark.parametrize("step", [RCPT, DATA, END])
def test_a_refused_mail_is_given_up_and_the_lead_is_told(
    office: Office, post: Post, step: str
) -> None:
    post.fails(step, "550 5.1.1 <b>no such user</b>\x07", to=BEN)
    mails(office, BEN, CARLA, project="ALPHA")
    assert waits_for(office, BEN, "dead").error == "550 5.1.1 <b>no such user</b>"
    waits_for(office, CARLA, "sent")
    told = office.told(office.anna)
    assert told == [
        f"A mail to {BEN} was refused: 550 5.1.1 <b>no such user</b>. No more are sent there for "
        "now."
    ]
    assert left_out(office, BEN.upper(), CARLA) == {BEN.upper(): "550 5.1.1 <b>no such user</b>"}


def test_a_mail_of_no_project_that_is_refused_is_told_to_the_operator(
    office: Office, post: Post
) -> None:
    post.fails(RCPT, "550 5.1.1 no such user", to=BEN)
    mails(office, BEN)
    waits_for(office, BEN, "dead")
    assert f"A mail to {BEN} was refused" in office.told(office.dora)[0]


# --- Lost answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", [RCPT, DATA])
def test_a_line_cut_before_the_mail_was_sent_costs_one_more_try(
    office: Office, post: Post, step: str
) -> None:
    post.fails(step, CUT, to=BEN, times=1)
    mails(office, BEN, CARLA)
    office.delivered()
    assert sorted(mail.to for mail in post.mails) == [BEN, CARLA]


def test_after_a_lost_answer_the_same_mail_is_sent_again(office: Office, post: Post) -> None:
    post.fails(END, CUT, to=BEN, times=2)
    mails(office, BEN, CARLA)
    office.delivered()
    assert len(post.to(CARLA)) == 1
    copies = post.to(BEN)
    assert len(copies) == 3
    assert len({mail.data for mail in copies}) == 1
    assert len({mail.message_id for mail in copies}) == 1
    assert not mail_to(office, BEN).is_unsure


@pytest.mark.parametrize("step", [CONNECT, MAIL, RCPT, DATA, END])
def test_a_server_that_falls_silent_is_given_up(office: Office, post: Post, step: str) -> None:
    post.fails(step, HANG, times=1)
    mails(office, BEN, CARLA)
    office.delivered()
    assert {mail.to for mail in post.mails} == {BEN, CARLA}
    assert len({mail.message_id for mail in post.mails}) == 2


def test_asked_to_end_nobody_waits_for_a_silent_server(database_url: str, post: Post) -> None:
    post.fails(END, HANG)
    with mail_office(database_url, post, JOURFIXE_MAIL_SECONDS=50) as office:
        mails(office, BEN)
        office.box.wait_for(lambda: post.mails)
        begun = time.monotonic()
        office.bot.stop()
        assert time.monotonic() - begun < LONGEST_S
        assert mail_to(office, BEN).leased_until is not None  # another process will see to it


def test_after_a_lease_ran_out_the_same_mail_is_sent_again(database_url: str, post: Post) -> None:
    post.fails(END, HANG, times=1)
    with mail_office(database_url, post, JOURFIXE_MAIL_SECONDS=50) as office:
        mails(office, BEN)
        office.box.wait_for(lambda: post.mails)
        with office.bot.sessions.begin() as session:  # as long after as nobody would run this test
            row = session.scalars(select(Delivery).where(Delivery.key == f"Jour fixe:{BEN}")).one()
            row.leased_until = row.tried_at
        post.close()  # the first worker is let go
        post.open()
        office.delivered()
        assert len(post.to(BEN)) == 2
        assert len({mail.data for mail in post.to(BEN)}) == 1
