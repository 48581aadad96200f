"""Incoming mail: whatever it says is done once, in the transaction that remembers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.calendar.answers import MailDesk, take
from bot.calendar.bounces import Bounce, note_bounces, read_bounces
from bot.calendar.envelopes import UnreadableError, parse_mail
from bot.calendar.replies import Reply, read_replies
from bot.db import Base, insert_into


class ReceivedMail(Base):
    """A mail that was read; who finds it again does nothing. *read_at* is machine time."""

    __tablename__ = "received_mail"

    key: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime] = mapped_column(index=True)
    is_understood: Mapped[bool]


@dataclass(frozen=True)
class Incoming:
    """What a mail says: answers, or that a mail of ours came back; *why* nothing."""

    replies: Sequence[Reply] = ()
    bounces: Sequence[Bounce] = ()
    why: str = ""

    @property
    def sender(self) -> str:
        """Who answers, where somebody does."""
        return self.replies[0].sender if self.replies else ""

    @property
    def principal(self) -> str:
        """Whom somebody else answers for; "" where they do for themself."""
        first = self.replies[0] if self.replies else None
        return first.attendee if first is not None and first.is_on_behalf else ""


def read_mail(data: bytes) -> Incoming:
    """What the mail *data* says; it never raises."""
    try:
        mail = parse_mail(data)
        bounces = read_bounces(mail)
        if bounces is not None:
            return Incoming(bounces=bounces)
        return Incoming(replies=read_replies(mail))
    except UnreadableError as error:
        return Incoming(why=str(error))


def claim(session: Session, key: str, now: datetime) -> bool:
    """Take a mail to do what it says; False where that was done. Waits for who is about to."""
    row = insert_into(session, ReceivedMail).values(key=key, read_at=now, is_understood=False)
    taken = session.execute(row.on_conflict_do_nothing().returning(ReceivedMail.key))
    return taken.first() is not None


def keep_understood(session: Session, key: str) -> None:
    """Remember that a mail said something to us."""
    done = update(ReceivedMail).where(ReceivedMail.key == key)
    session.execute(done.values(is_understood=True))


def received(session: Session, key: str) -> ReceivedMail | None:
    """What is known of a mail that was read before."""
    return session.scalar(select(ReceivedMail).where(ReceivedMail.key == key))


def forget(session: Session, before: datetime) -> None:
    """Drop what no mailbox brings again."""
    session.execute(delete(ReceivedMail).where(ReceivedMail.read_at < before))


def do(desk: MailDesk, mail: Incoming) -> bool:
    """Do what *mail* says; False where that is nothing of ours."""
    if mail.replies:
        return take(desk, mail.replies)
    return bool(mail.bounces) and note_bounces(desk.session, mail.bounces, desk.now)
