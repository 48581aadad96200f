"""Attempts: one try to have a delivery stand, and what its end means for the row."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.delivery import gates
from bot.delivery.claims import Claim
from bot.delivery.mailing import MAIL
from bot.delivery.outbox import HIDDEN, RESTRICTED, TOO_LATE, UNREADABLE, Delivery, State
from bot.delivery.readings import Readings
from bot.delivery.sending import (
    BusyError,
    GoneError,
    NotSentError,
    RejectedError,
    Sender,
    Sent,
    Standing,
    TokenError,
    UnreadableError,
    UnsureError,
    print_of,
)
from bot.timings import CALLS, Timings

BULKY = {"file", MAIL}

MayPost = Callable[[Delivery], bool]
"""Whether everybody who would see the message may; asked outside of any transaction."""

Readable = Callable[[Delivery], dict[str, Any] | None]
"""What of the message whoever it is for may read now; None where that is nothing any more.

Asked outside of any transaction; raises `NotSentError` where that is not known just now.
"""


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the columns to set, where the message stands, a gate to close."""

    values: dict[str, Any]
    stands: Sent | None = None
    is_posted: bool = False  # by this attempt: where it stands elsewhere already, it is taken back
    closes: tuple[str, datetime, str] | None = None
    parent_is_gone: bool = False


class _LeaseTooShortError(Exception):
    """Another worker may take over before the call would end."""


class Attempts:
    """Tries deliveries with one sender, each once."""

    def __init__(
        self,
        sender: Sender,
        timings: Timings,
        now: Callable[[], datetime],
        may_post: MayPost,
        readable: Readable,
    ) -> None:
        self._sender = sender
        self._timings = timings
        self._now = now
        self._may_post = may_post
        self._readable = readable
        self._readings = Readings(sender)
        self._chance = random.Random()  # noqa: S311 # spreads retries, keeps no secret

    def make(self, claim: Claim) -> Outcome:
        """Have the message stand as it ought to, if it may and can."""
        delivery, now = claim.delivery, self._now
        not_counted = {"attempts": delivery.attempts - 1}
        try:
            return self._bring(claim)
        except _LeaseTooShortError:
            return Outcome(not_counted)
        except BusyError as error:
            closes = error.gate, now() + error.pause, str(error)
            return Outcome(not_counted | {"error": str(error)}, closes=closes)
        except TokenError as error:
            gate = gates.all_of(delivery.medium)
            closes = gate, now() + self._timings.auth_pause, str(error)
            return Outcome(not_counted | {"error": str(error)}, closes=closes)
        except NotSentError as error:
            later = {"due_at": now() + self._backoff(delivery), "error": str(error)}
            return Outcome(later | self._still_doubted(claim))
        except UnsureError as error:
            return Outcome(self._unsure(delivery, str(error)))
        except GoneError as error:
            later = {"due_at": now() + self._backoff(delivery), "tried_at": None}
            return Outcome(later | {"error": str(error)}, parent_is_gone=True)
        except RejectedError as error:
            return Outcome({"state": State.DEAD, "error": str(error)})

    def _bring(self, claim: Claim) -> Outcome:
        delivery = claim.delivery
        told = self._readable(delivery)
        if told is not None:  # the outbox goes on keeping all of it
            delivery.content = told
        if delivery.ts is not None:
            if told is None:  # what stands is left as it stands
                return Outcome(_sent(delivery))
            try:
                return self._update(delivery)
            except GoneError:
                pass  # it stands no longer, so it is posted anew
        elif claim.readable_at is not None and (known := self._look(claim, claim.readable_at)):
            return known
        if told is not None:
            return self._post(claim)
        return Outcome({"state": State.CANCELLED, "error": HIDDEN})

    def _update(self, delivery: Delivery) -> Outcome:
        self._check_lease(delivery, calls=1)
        try:
            sent = self._sender.update(delivery)
        except UnsureError as error:  # made twice it shows the same
            raise NotSentError(str(error)) from error
        return Outcome(_sent(delivery), stands=sent)

    def _look(self, claim: Claim, readable_at: datetime) -> Outcome | None:
        """Whether it stands already, or is to be looked for again; None where it is to be posted.

        Posting blindly could post it twice.
        """
        delivery = claim.delivery
        try:
            found = self._readings.standing(claim, readable_at, self._now())
        except UnreadableError as error:
            # Only an answer that got lost is reason enough to bother a person with.
            is_held = delivery.is_unsure and self._timings.policy(delivery.channel) == "hold"
            error_text = f"{UNREADABLE}: {error}"
            return Outcome({"state": State.HELD, "error": error_text}) if is_held else None
        if found is not None:
            return _adopted(delivery, found)
        if not delivery.is_unsure or delivery.reads + 1 >= self._timings.reads:
            return None
        return Outcome(
            {
                "reads": delivery.reads + 1,
                "due_at": self._now() + self._timings.read_gap,
                "attempts": delivery.attempts - 1,
            }
        )

    def _post(self, claim: Claim) -> Outcome:
        delivery = claim.delivery
        if delivery.useless_at is not None and delivery.useless_at <= self._now():
            return Outcome({"state": State.DEAD, "error": TOO_LATE})
        if not self._may_post(delivery):
            values = {"state": State.HELD, "error": RESTRICTED}
            return Outcome(values | {"due_at": self._now() + self._timings.recheck})
        self._check_lease(delivery, calls=CALLS if "file" in delivery.content else 1)
        sent = self._sender.post(delivery, claim.thread)
        return Outcome(_sent(delivery), stands=sent, is_posted=True)

    def _check_lease(self, delivery: Delivery, calls: int) -> None:
        left = delivery.leased_until
        if left is None or left - self._now() <= calls * self._timings.http:
            raise _LeaseTooShortError

    def _still_doubted(self, claim: Claim) -> dict[str, Any]:
        """What was doubted for the time it was due at still is when it is due later."""
        if claim.readable_at is None or claim.delivery.is_unsure:
            return {}
        return {"is_unsure": True, "unsure_at": self._now(), "reads": self._timings.reads - 1}

    def _unsure(self, delivery: Delivery, error: str) -> dict[str, Any]:
        now = self._now()
        pause = max(self._timings.settle, self._backoff(delivery))
        doubt = {"is_unsure": True, "unsure_at": delivery.unsure_at or now, "reads": 0}
        return doubt | {"due_at": now + pause, "error": error}

    def _backoff(self, delivery: Delivery) -> timedelta:
        """The pause before the next attempt, a quarter more or less: not all come at once."""
        return self._timings.backoff(delivery.attempts) * self._chance.uniform(0.75, 1.25)


def _sent(delivery: Delivery) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": State.SENT,
        "sent_version": delivery.version,
        "is_unsure": False,
        "unsure_at": None,
        "reads": 0,
        "error": None,
    }
    if BULKY & delivery.content.keys():  # kept no longer than until it is sent
        values["content"] = {k: v for k, v in delivery.content.items() if k not in BULKY}
    return values


def _adopted(delivery: Delivery, found: Standing) -> Outcome:
    """It stands; where it may show something older it is updated in place next."""
    if found.shows in (None, print_of(delivery.content)):
        return Outcome(_sent(delivery), stands=found)
    values = {"is_unsure": False, "unsure_at": None, "reads": 0, "attempts": 0}
    return Outcome(values, stands=found)
