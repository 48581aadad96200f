"""An office that mails: letters are promised as the calendar does, and go to a post office."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Any

from sqlalchemy import select

from bot.db import Sessions
from bot.delivery.mailing import Letter, message_id, promise_mails
from bot.delivery.outbox import Delivery
from bot.projects import with_key
from tests.office import NOW, Office, open_office
from tests.post import Post

SENDER = "office@firm.example"
MAILING = {
    "MAIL_FROM": f"Jourfixe <{SENDER}>",
    "JOURFIXE_MAIL_SECONDS": 2,
    "JOURFIXE_MAIL_BACKOFF_SECONDS": 0.2,
    "JOURFIXE_BACKOFF_MAX_SECONDS": 0.4,
}


@contextmanager
def mail_office(database_url: str, post: Post, **settings: Any) -> Iterator[Office]:
    """An office whose mails go to *post*."""
    mailing: dict[str, Any] = {"SMTP_URL": post.url()} | MAILING | settings
    with open_office(database_url, **mailing) as office:
        yield office


def letter(sessions: Sessions, key: str, to: str, words: str) -> Letter:
    """A mail as it is written."""
    mail = EmailMessage(SMTP if to.isascii() else SMTPUTF8)
    mail["From"], mail["Subject"] = MAILING["MAIL_FROM"], words
    mail["To"] = to
    with sessions.begin() as session:
        mail["Message-ID"] = message_id(session, key, SENDER)
    mail.set_content(f"{words}\r\n.\r\n.. and more\r\n")
    return Letter(to, words, mail.as_bytes())


def mails(office: Office, *tos: str, words: str = "Jour fixe", project: str | None = None) -> None:
    """Promise a mail to each of *tos*, by the key of its address and words."""
    sessions = office.bot.sessions
    letters = {f"{words}:{to}": letter(sessions, f"{words}:{to}", to, words) for to in tos}
    promises(sessions, letters, project)
    assert office.bot.mail_worker is not None
    office.bot.mail_worker.wake()


def promises(sessions: Sessions, letters: dict[str, Letter], project: str | None = None) -> None:
    """Promise *letters* by their keys."""
    with sessions.begin() as session:
        of = with_key(session, project) if project else None
        for key, written in letters.items():
            promise_mails(session, {key: written}, NOW, project=of)


def mail_to(office: Office, to: str, words: str = "Jour fixe") -> Delivery:
    """What became of a mail."""
    found: Delivery = office.stored(
        lambda s: s.scalar(select(Delivery).where(Delivery.key == f"{words}:{to}"))
    )
    return found


def waits_for(office: Office, to: str, state: str, words: str = "Jour fixe") -> Delivery:
    """The mail, once it is in that *state*."""
    office.box.wait_for(lambda: mail_to(office, to, words).state == state, timeout=20)
    return mail_to(office, to, words)
