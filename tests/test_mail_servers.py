"""Mail servers that want TLS or a login, and what the doctor says of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot.__main__ import main
from bot.delivery.gates import Gate
from tests.mail_office import MAILING, SENDER, mail_office, mail_to, mails
from tests.office import Office
from tests.post import MAIL, USER, Post, make_certificate, open_post

BEN = "ben@firm.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def goes_out(url: str, post: Post, **settings: Any) -> None:
    """A mail gets there."""
    with mail_office(url, post, **settings) as office:
        mails(office, BEN)
        office.delivered()
    assert len(post.to(BEN)) == 1


def stays(url: str, post: Post, **settings: Any) -> str:
    """A mail waits, and why; nothing of it was told to the server, and it may go out later."""
    with mail_office(url, post, **settings) as office:
        mails(office, BEN)
        gate = office.box.wait_for(lambda: office.stored(lambda s: s.scalar(select(Gate))))
        assert (gate.name, mail_to(office, BEN).state) == ("mail", "waiting")
        assert not [step for step, _at in post.seen if step.startswith(MAIL)]
        return str(gate.reason)


# --- TLS and logins -------------------------------------------------------------------------


@pytest.mark.parametrize("is_tls", [False, True])
def test_mails_go_out_encrypted_to_a_server_whose_certificate_is_trusted(
    database_url: str, certificate: tuple[Path, Path], is_tls: bool
) -> None:
    with open_post(certificate=certificate, is_tls=is_tls, wants_login=True) as post:
        goes_out(database_url, post, SMTP_URL=post.url(USER), MAIL_CA_FILE=str(certificate[0]))
        (mail,) = post.mails
        assert mail.is_encrypted
        assert mail.user == USER


@pytest.mark.parametrize("is_tls", [False, True])
def test_a_certificate_nobody_trusts_gets_no_mail(
    database_url: str, certificate: tuple[Path, Path], is_tls: bool
) -> None:
    with open_post(certificate=certificate, is_tls=is_tls) as post:
        assert "certificate verify failed" in stays(database_url, post)


def test_a_server_without_starttls_is_told_no_password(database_url: str) -> None:
    with open_post(wants_login=True) as post:
        assert "no STARTTLS" in stays(database_url, post, SMTP_URL=post.url(USER))


def test_without_a_login_starttls_is_done_where_it_is_offered(
    database_url: str, certificate: tuple[Path, Path]
) -> None:
    with open_post(certificate=certificate) as post:
        goes_out(database_url, post, MAIL_CA_FILE=str(certificate[0]))
        assert post.mails[0].is_encrypted


def test_without_starttls_a_mail_goes_out_in_the_clear_where_that_is_asked_for(
    database_url: str,
) -> None:
    with open_post(wants_login=True) as post:
        goes_out(database_url, post, SMTP_URL=post.url(USER, "?starttls=no"))
        assert (post.mails[0].is_encrypted, post.mails[0].user) == (False, USER)


def test_a_wrong_password_kills_no_mail(database_url: str) -> None:
    with open_post(wants_login=True) as post:
        url = post.url("somebody@else.example", "?starttls=no")
        assert "535" in stays(database_url, post, SMTP_URL=url)


# --- The doctor -----------------------------------------------------------------------------


@pytest.fixture
def post() -> Iterator[Post]:
    with open_post() as post:
        yield post


def examined(office: Office, **settings: str) -> str:
    """What the doctor says of the mail server."""
    given = office.settings
    environment = {
        "DATABASE_URL": given.database_url,
        "SLACK_BOT_TOKEN": given.slack_bot_token,
        "SLACK_SIGNING_SECRET": given.slack_signing_secret,
        "SLACK_API_URL": given.slack_api_url,
        "PORT": "1",
        "MAIL_FROM": str(MAILING["MAIL_FROM"]),
        "COLUMNS": "300",
    }
    told = CliRunner().invoke(main, ["doctor"], env=environment | settings).output
    _before, _mark, mail = told.partition("SMTP_URL opens ")
    return mail


def test_the_doctor_says_how_mails_leave(
    office: Office, certificate: tuple[Path, Path], post: Post
) -> None:
    told = examined(office, SMTP_URL=post.url())
    assert f"it takes Jourfixe <{SENDER}> (NOT encrypted, without a login)" in told
    with open_post(certificate=certificate, wants_login=True) as safe:
        authority = {"MAIL_CA_FILE": str(certificate[0])}
        assert "(encrypted, logged in)" in examined(office, SMTP_URL=safe.url(USER), **authority)
        assert not safe.mails
        assert "MAIL_CA_FILE names" in examined(office, SMTP_URL=safe.url(USER))
        wrong = examined(office, SMTP_URL=safe.url("eve@firm.example"), **authority)
        assert "535" in wrong
        assert "%-encoded" in wrong
        tls = safe.url(USER).replace("smtp:", "smtps:")
        assert "465" in examined(office, SMTP_URL=tls, **authority)


def test_the_doctor_says_what_keeps_mails_from_leaving(office: Office, post: Post) -> None:
    assert "Try smtps://" in examined(office, SMTP_URL=post.url(USER))
    post.fails(MAIL, "553 5.7.1 not your address")
    told = examined(office, SMTP_URL=post.url())
    assert "553 5.7.1 not your address. The server must let this login" in told
    post.close()
    assert "refused. Look at the host and the port" in examined(office, SMTP_URL=post.url())
    post.open()
    assert examined(office) == ""


def test_the_doctor_shows_no_password(office: Office, post: Post) -> None:
    assert "pa%20ss" not in examined(office, SMTP_URL=post.url(USER))
