"""Mailing: letters promised through the outbox, and the addresses that take none."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import clock
from bot.db import Base, Sessions, insert_into, say
from bot.delivery.installation import token_for
from bot.delivery.outbox import MAILTO, PROMISED, RETOLD, Delivery, Medium
from bot.projects import Project

IS_MAILING = "jourfixe_is_mailing"
MAIL = "mail"
"""Where the letter is in a delivery's content, until it is sent."""


@dataclass(frozen=True)
class Letter:
    """A mail to one address; *mime* is all of it, to the byte as it is sent.

    It is of use *until* that moment, in office time, or for ever. *before* is what its reader had
    until then, by whoever keeps the books of that: what they have still where it is not sent.
    """

    to: str
    subject: str
    mime: bytes
    until: datetime | None = None
    before: dict[str, Any] | None = None


class MailAddress(Base):
    """An address a mail was refused at, in lower case: it is left out until somebody says so.

    *refused_at* is office time, *reason* what the mail server said.
    """

    __tablename__ = "mail_address"

    address: Mapped[str] = mapped_column(primary_key=True)
    refused_at: Mapped[datetime]
    reason: Mapped[str]


def say_mailing(sessions: Sessions) -> None:
    """Let sessions know that mail is sent from here."""
    say(sessions, **{IS_MAILING: True})


def is_mailing(session: Session) -> bool:
    """Whether mail is sent from here."""
    return IS_MAILING in session.info


def message_id(session: Session, key: str, sender_address: str) -> str:
    """The Message-ID of the mail promised under *key*: whoever makes it again makes the same."""
    return f"<{token_for(session, key)}@{sender_address.rpartition('@')[2]}>"


def promise_mails(
    session: Session,
    letters: Mapping[str, Letter],
    now: datetime,
    *,
    project: Project | None = None,
) -> None:
    """Promise that *letters* will be mailed; promised again under its key one is one mail still.

    To one address mails go out in the order they were promised. What was in them is dropped once
    they are sent. One that is of no use any more is given up.
    """
    known = set(session.scalars(select(Delivery.key).where(Delivery.key.in_(sorted(letters)))))
    for key, letter in letters.items():
        if key not in known:
            session.add(_delivery(session, key, letter, now, project))
            session.info[PROMISED] = True


def _delivery(
    session: Session, key: str, letter: Letter, now: datetime, project: Project | None
) -> Delivery:
    due_at = clock.now()
    return Delivery(
        token=token_for(session, key),
        key=key,
        medium=Medium.MAIL,
        project_id=project.id if project else None,
        channel=f"{MAILTO}{letter.to}",
        content={
            "text": letter.subject,
            "blocks": [],
            MAIL: {
                "to": letter.to,
                "mime": b64encode(letter.mime).decode(),
                "before": letter.before,
            },
        },
        made_at=now,
        due_at=due_at,
        useless_at=due_at + (letter.until - now) if letter.until is not None else None,
        forget_at=now + RETOLD,
    )


def letter_of(delivery: Delivery) -> Letter:
    """The letter of a delivery that is not sent yet."""
    kept = delivery.content[MAIL]
    mime = b64decode(kept["mime"])
    return Letter(kept["to"], delivery.content["text"], mime, before=kept["before"])


def address_of(delivery: Delivery) -> str:
    """Whom a mail is for."""
    return delivery.channel.removeprefix(MAILTO)


def refuse(session: Session, address: str, reason: str, now: datetime) -> None:
    """Leave *address* out from now on: a mail to it was refused, or came back."""
    marking = insert_into(session, MailAddress).values(
        address=_folded(address), refused_at=now, reason=reason
    )
    session.execute(
        marking.on_conflict_do_update(
            index_elements=[MailAddress.address],
            set_={"refused_at": marking.excluded.refused_at, "reason": marking.excluded.reason},
        )
    )


def refused(session: Session, addresses: Iterable[str]) -> dict[str, str]:
    """Those of *addresses* that are left out, each as it was given, with the reason."""
    given = {address: _folded(address) for address in addresses}
    rows = session.execute(
        select(MailAddress.address, MailAddress.reason).where(
            MailAddress.address.in_(sorted(set(given.values())))
        )
    )
    reasons = {address: reason for address, reason in rows}
    return {address: reasons[folded] for address, folded in given.items() if folded in reasons}


def try_again(session: Session, address: str) -> None:
    """Mail to *address* again, for somebody says that it is right."""
    session.execute(
        delete(MailAddress)
        .where(MailAddress.address == _folded(address))
        .execution_options(synchronize_session=False)
    )


def _folded(address: str) -> str:
    return address.strip().casefold()
