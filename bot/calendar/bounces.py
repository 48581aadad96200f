"""Bounces: a mail server writes that it could not deliver what we mailed (RFC 3464)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.envelopes import UnreadableError, head_of, parts_of, payload_of
from bot.calendar.refusals import mail_rejected
from bot.delivery.mailing import address_of, refused
from bot.delivery.outbox import Delivery, Medium

LONGEST_REASON = 300
ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})

_TOKEN = re.compile(r"<([\w.+-]{8,100})@[^<>@\s]{1,255}>")


@dataclass(frozen=True)
class Bounce:
    """A mail of ours, by its *token*, that reached nobody, and why."""

    token: str
    reason: str


def read_bounces(mail: Message) -> list[Bounce] | None:
    """What the report *mail* says of mails that failed for good; nothing where they are only late.

    None where it is no such report. Raises `UnreadableError` where it does not say of which mail.
    """
    try:
        return _read(mail) if _is_report(mail) else None
    except UnreadableError:
        raise
    except Exception as error:  # what hostile mails make of parsers has no name
        raise UnreadableError(f"no parser reads it: {error!r}"[:200]) from error


def _is_report(mail: Message) -> bool:
    kind = str(mail.get_param("report-type") or "").casefold()
    return mail.get_content_type() == "multipart/report" and kind == "delivery-status"


def _read(mail: Message) -> list[Bounce]:
    parts = list(parts_of(mail))
    tokens = dict.fromkeys(token for part in parts for token in _tokens_in(part))
    if not tokens:
        raise UnreadableError("it does not say which mail it is about")
    reasons = [
        _reason(block)
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if str(block.get("Action", "")).strip().casefold() == "failed"
    ]
    return [Bounce(token, "; ".join(reasons)[:LONGEST_REASON]) for token in tokens if reasons]


def _tokens_in(part: Message) -> Iterator[str]:
    """The name of the mail that *part* is a copy of, or the head of."""
    if part.get_content_type() not in ORIGINALS:
        return
    for head in _inside(part)[:1]:
        found = _TOKEN.fullmatch(str(head.get("Message-ID", "")).strip())
        if found is not None:
            yield found[1]


def _blocks(part: Message) -> Sequence[Message]:
    """The groups of fields of a delivery status, one for each address."""
    return _inside(part)


def _inside(part: Message) -> list[Message]:
    """The messages in *part*, or what it says read as the head of one."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return [one for one in inside if isinstance(one, Message)]
    return [head_of(payload_of(part))]


def _reason(block: Message) -> str:
    told = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(block.get("Status", ""))
    shown = "".join(c if c.isprintable() else " " for c in told)
    return " ".join(shown.split()) or "failed"


def note_bounces(session: Session, bounces: Sequence[Bounce], now: datetime) -> bool:
    """Mark whom our mails did not reach, and have it told; False for what is not ours.

    Whoever it is said to have been, it counts for the address we mailed: that one passes it on.
    """
    is_ours = False
    for bounce in bounces:
        delivery = session.scalar(select(Delivery).where(Delivery.token == bounce.token))
        if delivery is None or delivery.medium is not Medium.MAIL:
            continue
        is_ours = True
        if not refused(session, [address_of(delivery)]):
            mail_rejected(session, delivery, bounce.reason, now)
    return is_ours
