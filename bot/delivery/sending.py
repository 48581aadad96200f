"""Sending: what delivery asks of Slack, or of a mail server, and what may come of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.delivery.outbox import Delivery


class BusyError(Exception):
    """We are to wait before anything more is asked for behind *gate*."""

    def __init__(self, pause: timedelta, gate: str, why: str = "ratelimited") -> None:
        super().__init__(why)
        self.pause = pause
        self.gate = gate


class NotSentError(Exception):
    """It did not get through: nothing can have been posted."""


class UnsureError(Exception):
    """It may have been posted or not: the answer got lost."""


class TokenError(Exception):
    """The token, or the login, does not work; nothing is wrong with the message."""


class RejectedError(Exception):
    """This message will never be taken there; the text is what Slack or the server calls it."""


class GoneError(RejectedError):
    """The message to be updated, or the one to be replied to, was deleted."""


class UnreadableError(Exception):
    """Slack does not let us read there, so nobody can tell what stands."""


@dataclass(frozen=True)
class Sent:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Standing(Sent):
    """A message of ours found in Slack; *shows* is the print of its content, where it has one."""

    shows: str | None = None


class Sender(Protocol):
    """What the worker sends with; raises the errors above."""

    def post(self, delivery: Delivery, thread: str | None) -> Sent: ...

    def update(self, delivery: Delivery) -> Sent: ...

    def delete(self, sent: Sent) -> None:
        """Take back a message that was just posted by this sender."""
        ...

    def read(
        self, delivery: Delivery, thread: str | None, since: datetime
    ) -> Mapping[str, Standing]:
        """What we posted *since* in the channel or thread *delivery* belongs to, by `mark`."""
        ...


def print_of(content: Mapping[str, Any]) -> str:
    """A short print of *content*: what stands in Slack carries it, and so tells what it shows."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def mark(delivery: Delivery) -> str:
    """What its message is recognised by: the token, or the name of the file it carries."""
    return file_name(delivery) if "file" in delivery.content else delivery.token


def file_name(delivery: Delivery) -> str:
    """A name no other file has: messages with files carry no metadata."""
    stem, dot, suffix = delivery.content["file"]["name"].rpartition(".")
    return f"{stem}-{delivery.token[:8]}{dot}{suffix}"
