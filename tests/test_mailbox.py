"""The mailbox: answers come in by real IMAP, each is done once; what is none is left to people."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from bot.app import Bot
from bot.calendar.envelopes import LARGEST_MAIL
from bot.calendar.incoming import ReceivedMail
from bot.channels import Channel, ChannelMember
from bot.errors import MissingFactsError
from bot.imap import Unreached
from bot.mail_settings import MailServer
from bot.mailbox import Mailbox
from bot.meeting_cards import post_card
from bot.meeting_dates import next_dates
from bot.meetings import Invitee, Rsvp, Series
from bot.projects import Project
from tests.client_replies import CLIENTS, calendar, mail, outlook
from tests.imap import ImapServer, Postbox, Tripwire, open_imap
from tests.mailed import Post, open_mailed
from tests.post import make_certificate
from tests.test_command_line import jourfixe


@pytest.fixture
def box(imap: ImapServer) -> Postbox:
    return imap.postbox()


@pytest.fixture
def post(database_url: str, box: Postbox) -> Iterator[Post]:
    with open_mailed(database_url, box) as post:
        yield post


def count_of(post: Post, table: type) -> int:
    found: int = post.office.stored(
        lambda session: session.scalar(select(func.count()).select_from(table))
    )
    return found


@pytest.mark.both_databases
def test_an_answer_by_mail_is_as_good_as_a_click(post: Post) -> None:
    post.says("DECLINED", 1, comment="At the dentist")
    assert "Can’t: Ben: “At the dentist”" in post.shows()
    assert "Ben cannot come: At the dentist" in post.office.told(post.office.anna)[-1]
    assert (post.box.unseen(), post.box.read(), post.box.put_aside()) == (0, 1, [])


def test_every_client_is_read(post: Post) -> None:
    for day, client in zip(
        (1, 8, 15, 22), ("Google", "Apple", "Nextcloud", "Exchange"), strict=True
    ):
        post.says("ACCEPTED", day, by=CLIENTS[client])
        assert "There: Ben" in post.shows(day)
    for client in ("Outlook", "Thunderbird", "floating"):
        post.says("DECLINED", 1, by=CLIENTS[client], comment=client)
        assert f"Can’t: Ben: “{client}”" in post.shows()
    assert post.box.read() == 7


def test_a_mail_that_comes_again_does_nothing(post: Post) -> None:
    answer = post.says("DECLINED", 1)
    post.office.says("/po-meet yes tue", post.office.ben)
    later = answer.but(stamp=post.office.now + timedelta(hours=1))
    post.arrives(outlook(answer), outlook(later), b"Received: by another\r\n" + outlook(answer))
    assert "There: Ben" in post.shows()
    assert (post.box.unseen(), post.box.read(), post.box.put_aside()) == (0, 4, [])
    assert count_of(post, ReceivedMail) == 1


def test_what_nobody_here_understands_is_left_to_people(post: Post) -> None:
    office = post.office
    away = mail(post.answer("", number="away"), "text/plain", b"I am away until Monday.",
                "Auto-Submitted: auto-replied")  # fmt: skip
    invitation = mail(post.answer("", number="invitation"), "text/calendar; method=REQUEST",
                      calendar(["UID:x"], method="REQUEST").encode())  # fmt: skip
    other = outlook(post.answer("ACCEPTED", 1, uid="of-another-house", number="other"))
    forged = outlook(post.answer("DECLINED", 1, sender="eve@else.example", number="forged"))
    before = len(office.told(office.anna))
    post.arrives(away, invitation, b"\x00\xff", other, forged)
    assert sorted(post.box.put_aside()) == sorted(
        [f"<{name}@client.example>" for name in ("away", "invitation", "other", "forged")]
        + ["None"]
    )
    assert "No answer yet: Anna, Ben" in post.shows()
    assert len(office.told(office.anna)) == before
    post.looks()
    assert len(post.box.put_aside()) == 5
    assert (post.box.unseen(), post.box.read()) == (0, 0)


def test_a_huge_mail_is_left_to_people_unread(post: Post) -> None:
    answer = post.answer("DECLINED", 1)
    post.arrives(outlook(answer) + b"x" * LARGEST_MAIL)
    assert post.box.put_aside() == [answer.message_id]
    assert "No answer yet: Anna, Ben" in post.shows()


@pytest.mark.both_databases
def test_two_processes_at_one_mailbox_do_everything_once(post: Post) -> None:
    office = post.office
    answers = [outlook(post.answer("DECLINED", day, comment=f"{day}")) for day in (1, 8, 15, 22)]
    strange = [mail(post.answer("", number=f"{n}"), "text/plain", b"Hello") for n in range(6)]
    before = len(office.told(office.anna))
    second = Bot(office.settings, lambda: office.now)
    try:
        post.box.put(*answers, *strange)
        assert second.mailbox is not None
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(look) for look in (post.mailbox.look, second.mailbox.look)]:
                done.result()
        post.looks()
    finally:
        second.stop()
    assert count_of(post, Rsvp) == 4
    told = "".join(office.told(office.anna)[before:])
    assert [told.count(f"Ben cannot come: {day}\n") for day in (1, 8, 15, 22)] == [1, 1, 1, 1]
    assert sorted(post.box.put_aside()) == sorted(f"<{n}@client.example>" for n in range(6))
    assert (post.box.unseen(), post.box.read()) == (0, 4)


def test_a_mail_nobody_could_store_is_read_again(post: Post, imap: ImapServer) -> None:
    """The database was out of reach: the mail stays unread, and nothing is lost."""
    with post.office.bot.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE received_mail RENAME TO elsewhere")
    post.box.put(outlook(post.answer("DECLINED", 1)))
    with pytest.raises(Exception, match="received_mail"):
        post.mailbox.look()
    assert (post.box.unseen(), post.box.put_aside()) == (1, [])
    with post.office.bot.sessions.begin() as session:
        session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO received_mail")
    post.looks()
    assert "Can’t: Ben" in post.shows()
    assert post.box.unseen() == 0


@pytest.mark.both_databases
def test_an_answer_waits_for_who_holds_what_it_changes(post: Post) -> None:
    """Others are at the invitations for longer than anybody waits: it is read at the next look."""
    post.says("ACCEPTED", 1)
    with post.office.bot.sessions.begin() as session:
        session.execute(select(Invitee.id).with_for_update()).all()
        post.box.put(outlook(post.answer("DECLINED", 1)), b"Hello")
        with suppress(OperationalError):  # SQLite has one writer: the whole look waits
            post.mailbox.look()
    assert post.box.unseen() in (1, 2)
    post.looks()
    assert "Can’t: Ben" in post.shows()
    assert (post.box.unseen(), post.box.put_aside()) == (0, ["None"])


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_an_answer_the_database_had_no_time_for_is_read_again(post: Post) -> None:
    sessions = post.office.bot.sessions
    with sessions.begin() as session:
        session.connection().exec_driver_sql(
            "CREATE FUNCTION run_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'canceling statement' USING ERRCODE = '57014'; END $$;"
            "CREATE TRIGGER runs_late BEFORE INSERT ON rsvp EXECUTE FUNCTION run_late()"
        )
    post.arrives(outlook(post.answer("DECLINED", 1)))
    assert (post.box.unseen(), post.box.put_aside()) == (1, [])
    with sessions.begin() as session:
        session.connection().exec_driver_sql("DROP TRIGGER runs_late ON rsvp")
    post.looks()
    assert "Can’t: Ben" in post.shows()


def test_it_is_looked_into_by_itself_again_and_again(database_url: str) -> None:
    with open_imap() as server:
        box = server.postbox()
        with open_mailed(database_url, box, JOURFIXE_MAIL_POLL_SECONDS=0.1) as post:
            post.box.put(outlook(post.answer("DECLINED", 1)))
            post.office.box.wait_for(lambda: "Can’t: Ben" in post.shows())
            server.stop()
            read = post.mailbox.last_read
            with pytest.raises(Unreached):
                post.mailbox.look()
            post.office.says("/po-meet yes tue", post.office.ben)
            assert "There: Ben" in post.shows()  # Slack goes on
            again = ImapServer(server.port)
            try:
                with Postbox(server.port, "", "").opened() as anew:
                    anew.create(box.folder)
                post.office.box.wait_for(lambda: post.mailbox.last_read != read)
            finally:
                again.stop()


def test_a_wrong_password_is_told_and_nothing_else_suffers(
    database_url: str, imap: ImapServer, box: Postbox
) -> None:
    wrong = box.url.replace("pa%20ss", "wrong")
    with open_mailed(database_url, box, IMAP_URL=wrong, JOURFIXE_MAIL_POLL_SECONDS=0.1) as post:
        with pytest.raises(Unreached):
            post.mailbox.look()
        assert "No answer yet" in post.shows()
        assert post.mailbox.last_read is None
        assert b"jourfixe_mailbox_age_seconds" not in post.office.bot.metrics.text()


def test_a_mailbox_is_read_in_secret_where_its_certificate_is_trusted(
    database_url: str, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path)
    with open_imap(certificate) as server:
        box = server.postbox()
        box.put(b"Hello")
        trusted = {"MAIL_CA_FILE": str(certificate[0])}
        with open_mailed(database_url, box, **trusted) as post:
            post.looks()
            assert box.put_aside() == ["None"]
    with open_imap(certificate) as server:
        box = server.postbox()
        with (
            open_mailed(f"{database_url}-2", box) as post,
            pytest.raises(Unreached, match="certificate verify failed"),
        ):
            post.mailbox.look()


def test_a_mailbox_that_hangs_is_given_up(database_url: str, imap: ImapServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        box = Postbox(port, "INBOX", "Aside")
        with open_mailed(database_url, box, JOURFIXE_MAIL_SECONDS=0.3) as post:
            with pytest.raises(Unreached):
                post.mailbox.look()
            assert "No answer yet" in post.shows()


def test_operators_see_how_the_mailbox_is(post: Post) -> None:
    post.says("DECLINED", 1)
    post.arrives(b"Hello")
    told = post.office.bot.metrics.text().decode()
    assert 'jourfixe_mails_read_total{outcome="done"} 1.0' in told
    assert 'jourfixe_mails_read_total{outcome="unread"} 1.0' in told
    assert "jourfixe_mailbox_age_seconds 0." in told
    assert post.office.bot.parts_ready()["database"]


@pytest.mark.parametrize(
    ("password", "finding"),
    [
        ("pa%20ss", "ok    IMAP_URL opens Test-"),
        ("wrong", "FAIL  IMAP_URL opens Test-"),
    ],
)
def test_the_doctor_opens_the_mailbox(
    post: Post, tmp_path: Path, password: str, finding: str
) -> None:
    settings = post.office.settings
    told = jourfixe(
        tmp_path,
        "doctor",
        settings={
            "SLACK_BOT_TOKEN": settings.slack_bot_token,
            "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
            "SLACK_API_URL": settings.slack_api_url,
            "PORT": "0",
            "IMAP_URL": post.box.url.replace("pa%20ss", password),
        },
    )
    assert finding in told.stdout
    assert "pa%20ss" not in told.stdout


def test_a_slack_that_is_silent_only_delays_an_answer(post: Post) -> None:
    """Who may see the card cannot be asked: the mail stays unread until it can."""
    office = post.office
    with office.bot.sessions.begin() as session:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        (found,) = next_dates(session, series, project, office.now, 1)
        assert post_card(session, project, found, office.now) is not None
    office.says("/po project set visibility=restricted")
    with office.bot.sessions.begin() as session:
        session.execute(delete(ChannelMember))
        session.execute(delete(Channel))
    office.box.faults.add("conversations.members", "drop_before", None)
    post.arrives(outlook(post.answer("DECLINED", 1)))
    assert (post.box.unseen(), post.box.put_aside()) == (1, [])
    office.box.faults.clear()
    post.looks()
    assert "Can’t: Ben" in post.shows()
    assert post.box.unseen() == 0


class Nobody:
    """A directory that does not tell."""

    def fetch(self, missing: MissingFactsError) -> bool:
        return False


@pytest.mark.parametrize("words", [b"STORE", b"COPY", b"EXPUNGE", b"RFC822.SIZE", b"LOGIN"])
def test_a_line_that_breaks_anywhere_loses_nothing_and_doubles_nothing(
    database_url: str, imap: ImapServer, words: bytes
) -> None:
    box = imap.postbox()
    with Tripwire(imap.port, words) as line:
        by_line = replace(box, port=line.port)
        short = {"JOURFIXE_LEASE_SECONDS": 1, "JOURFIXE_HTTP_SECONDS": 0.3}
        with open_mailed(database_url, box, **short, JOURFIXE_MAIL_SECONDS=0.9) as post:
            mailbox = Mailbox(
                post.office.bot.sessions,
                MailServer.read(by_line.url, "imap"),
                post.office.settings,
                "T",
                lambda: post.office.now,
                Nobody(),
                lambda: None,
            )
            strange = mail(post.answer("", number="strange"), "text/plain", b"Hello")
            post.box.put(outlook(post.answer("DECLINED", 1)), strange)
            with pytest.raises(Unreached):
                mailbox.look()
            assert line.has_cut
            deadline = time.monotonic() + 20
            while box.unseen() and time.monotonic() < deadline:
                mailbox.look()
            told = "".join(post.office.told(post.office.anna))
            assert told.count("Ben cannot come") == 1
            assert box.put_aside() == ["<strange@client.example>"]
            assert count_of(post, Rsvp) == 1
