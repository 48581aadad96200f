"""Mails go out as they were promised: to the byte, once, in order, over one connection."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.delivery.outbox import Delivery, State
from tests.mail_office import (
    SENDER,
    letter,
    mail_office,
    mail_to,
    mails,
    promises,
    waits_for,
)
from tests.office import Office, open_office
from tests.post import DATA, MAIL, RCPT, Post, open_post

BEN, CARLA = "ben@firm.example", "carla@firm.example"


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


@pytest.fixture
def office(database_url: str, post: Post) -> Iterator[Office]:
    with mail_office(database_url, post) as office:
        yield office


def test_a_mail_is_handed_over_to_the_byte(office: Office, post: Post) -> None:
    written = letter(office.bot.sessions, "one", BEN, "Jour fixe moved")
    promises(office.bot.sessions, {"one": written})
    office.delivered()
    (mail,) = post.mails
    assert (mail.sender, mail.to, mail.data) == (SENDER, BEN, written.mime)
    assert mail.message_id.endswith("@firm.example>")
    assert "\r\n.\r\n.. and more" in mail.parsed.get_content()


def test_what_was_in_a_mail_is_dropped_once_it_is_sent(office: Office, post: Post) -> None:
    mails(office, BEN)
    sent = waits_for(office, BEN, "sent")
    assert sent.content == {"text": "Jour fixe", "blocks": []}
    assert post.to(BEN)[0].message_id == f"<{sent.token}@firm.example>"


def test_what_is_promised_twice_is_mailed_once(office: Office, post: Post) -> None:
    mails(office, BEN)
    mails(office, BEN)
    waits_for(office, BEN, "sent")
    mails(office, BEN)
    mails(office, CARLA)
    office.delivered()
    assert [mail.to for mail in post.mails] == [BEN, CARLA]


def test_a_mail_has_the_same_message_id_whoever_plans_it(office: Office) -> None:
    again = letter(office.bot.sessions, "one", BEN, "Jour fixe")
    assert letter(office.bot.sessions, "one", BEN, "Jour fixe") == again
    assert letter(office.bot.sessions, "two", BEN, "Jour fixe") != again


def test_mails_to_one_address_come_in_order_and_hold_up_nobody_else(
    office: Office, post: Post
) -> None:
    post.fails(RCPT, "450 4.2.0 greylisted", to=BEN, times=2)
    for words in ("first", "second", "third"):
        mails(office, BEN, CARLA, words=words)
    office.delivered()
    assert [mail.parsed["Subject"] for mail in post.to(BEN)] == ["first", "second", "third"]
    assert [mail.parsed["Subject"] for mail in post.to(CARLA)] == ["first", "second", "third"]
    assert {mail.to for mail in post.mails[:3]} == {CARLA}


def test_a_burst_goes_over_one_connection_which_ends_with_it(office: Office, post: Post) -> None:
    mails(office, *(f"p{number}@firm.example" for number in range(30)))
    office.delivered()
    assert {mail.number for mail in post.mails} == {1}
    office.box.wait_for(lambda: post.is_idle)
    mails(office, BEN)
    office.delivered()
    assert post.to(BEN)[0].number == 2
    assert post.connections == 2


@pytest.mark.parametrize("does", ["cut", "421 4.7.0 too many mails in this session"])
def test_a_connection_the_server_ends_is_renewed(office: Office, post: Post, does: str) -> None:
    tos = [f"p{number}@firm.example" for number in range(20)]
    for after in (3, 9):
        post.fails(MAIL, does, times=1, after=after)
    mails(office, *tos)
    office.delivered()
    assert sorted(mail.to for mail in post.mails) == sorted(tos)
    assert post.connections == 3
    assert not office.stored(
        lambda s: s.scalars(select(Delivery).where(Delivery.attempts > 1)).all()
    )


def test_a_project_without_a_channel_goes_on_mailing(office: Office, post: Post) -> None:
    mails(office, BEN, project="ALPHA")
    post.fails(RCPT, "450 4.2.0 greylisted", to=BEN, times=1)
    office.anna.archives(office.alpha)
    office.box.wait_for(lambda: "can no longer post" in "".join(office.told(office.anna)))
    mails(office, CARLA, project="ALPHA")
    waits_for(office, CARLA, "sent")
    waits_for(office, BEN, "sent")
    assert (len(post.to(BEN)), len(post.to(CARLA))) == (1, 1)


def test_an_address_outside_of_ascii_is_mailed_where_the_server_can(
    office: Office, post: Post
) -> None:
    mails(office, "jürgen@firm.example", BEN, "anna@bücher.example")
    office.delivered()
    (one,) = post.to("jürgen@firm.example")
    assert one.is_utf8
    assert [mail.is_utf8 for mail in post.to(BEN)] == [False]
    assert len(post.mails) == 3


def test_an_address_the_server_cannot_be_told_is_refused_alone(database_url: str) -> None:
    with open_post(takes_utf8=False) as post, mail_office(database_url, post) as office:
        mails(office, BEN, "jürgen@firm.example", CARLA)
        office.delivered()
        assert [mail.to for mail in post.mails] == [BEN, CARLA]
        assert "SMTPUTF8" in str(mail_to(office, "jürgen@firm.example").error)


@pytest.mark.parametrize(
    "to",
    [
        "eve@firm.example>\r\nDATA\r\nhello",
        "eve@firm.example\nRCPT TO:<all@firm.example",
        "<eve@firm.example> SIZE=1",
        "eve@firm.example,all@firm.example",
        "eve",
        "",
        "eve@firm.example\x00",
        "@firm.example",
    ],
)
def test_a_hostile_address_reaches_no_server_and_stops_nobody_else(
    office: Office, post: Post, to: str
) -> None:
    harmless = letter(office.bot.sessions, "eve", BEN, "Jour fixe")
    promises(office.bot.sessions, {f"Jour fixe:{to}": replace(harmless, to=to)})
    mails(office, BEN, CARLA)
    office.delivered()
    assert [mail.to for mail in post.mails] == [BEN, CARLA]
    assert mail_to(office, to).state is State.DEAD
    steps = {step for step, _at in post.seen}
    assert not any("all@" in step or "eve" in step for step in steps)


def test_without_a_mail_server_there_is_nothing_that_mails(database_url: str) -> None:
    with open_office(database_url) as office:
        assert office.bot.mail_worker is None
        office.says("/po-action add order paint")
        assert any("order paint" in text for text in office.sees())


def test_what_the_server_says_at_data_concerns_this_mail_alone(office: Office, post: Post) -> None:
    post.fails(DATA, "554 5.7.1 no", to=BEN)
    mails(office, BEN, CARLA)
    office.delivered()
    assert [mail.to for mail in post.mails] == [CARLA]
    assert mail_to(office, BEN).error == "554 5.7.1 no"
    assert post.connections == 1
