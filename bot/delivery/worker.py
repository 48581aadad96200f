"""The delivery worker: claims what is due, sends it once, and writes down what came of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import clock
from bot.db import Sessions, Unavailable, reading
from bot.delivery.claims import claim, settle
from bot.delivery.outbox import Delivery, State, post_anew

log = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=5)
PAUSE_S = 0.02  # between two deliveries, so that people's commands come first
REST_S = 5.0  # how long the worker sleeps when nobody wakes it
AUTH_PAUSE = timedelta(minutes=1)


class BusyError(Exception):
    """Slack asks to wait."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__("ratelimited")
        self.pause = pause


class NotSentError(Exception):
    """Slack was not reached: nothing can have been posted."""


class UnsureError(Exception):
    """It may have been posted or not: the answer got lost."""


class TokenError(Exception):
    """The token does not work; nothing is wrong with the message."""


class RejectedError(Exception):
    """Slack will never take this message there; the text is Slack's name for the reason."""


class GoneError(RejectedError):
    """The message to be updated, or the one to be replied to, was deleted."""


@dataclass(frozen=True)
class Sent:
    """Where a message stands."""

    channel: str
    ts: str


class Sender(Protocol):
    """What the worker sends with; raises the errors above."""

    def post(self, delivery: Delivery, thread: str | None) -> Sent: ...

    def update(self, delivery: Delivery) -> Sent: ...

    def look_up(self, delivery: Delivery, thread: str | None) -> Sent | None:
        """Where the message stands already, by its token."""
        ...


Rejected = Callable[[Session, Delivery, str, datetime], None]
"""Told, in a transaction, of a delivery Slack will never take."""


class Worker:
    """A thread that keeps Slack as the outbox says; wake it after a commit."""

    def __init__(
        self, sessions: Sessions, sender: Sender, rejected: Rejected, lease: timedelta
    ) -> None:
        self._sessions = sessions
        self._sender = sender
        self._rejected = rejected
        self._lease = lease
        self._wanted = Event()
        self._ends = Event()
        self._thread = Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was promised."""
        self._wanted.set()

    def stop(self) -> None:
        """Finish what is being sent, then end."""
        self._ends.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._ends.is_set():
            self._wanted.clear()
            try:
                while not self._ends.is_set() and self.deliver_next():
                    self._ends.wait(PAUSE_S)
            except Unavailable as error:
                log.warning("the database is not available: %s", error.orig)
            except Exception:  # the thread must outlive whatever one delivery does
                log.exception("delivery")
            self._wanted.wait(self._rest())

    def _rest(self) -> float:
        """For how many seconds there is nothing to do, as far as is known."""
        now = clock.now()
        try:
            with reading(self._sessions) as session:
                due = session.scalar(
                    select(func.min(Delivery.due_at)).where(
                        Delivery.state == State.WAITING, Delivery.due_at > now
                    )
                )
        except SQLAlchemyError:
            return REST_S
        return REST_S if due is None else min(REST_S, (due - now).total_seconds())

    def deliver_next(self) -> bool:
        """Send the next message that is due; False where there is none."""
        now = clock.now()
        with self._sessions.begin() as session:
            claimed = claim(session, now, self._lease)
        if claimed is None:
            return False
        delivery, thread = claimed
        outcome = self._attempt(delivery, thread, clock.now())
        with self._sessions.begin() as session:
            if settle(session, delivery, outcome) is State.DEAD:
                self._rejected(session, delivery, str(outcome["error"]), clock.now())
        return True

    def _attempt(self, delivery: Delivery, thread: str | None, now: datetime) -> dict[str, Any]:
        """What came of one attempt, as the columns to set."""
        try:
            sent = self._send(delivery, thread)
        except BusyError as error:
            return _later(delivery, now, error.pause, "ratelimited", attempts=delivery.attempts - 1)
        except TokenError as error:
            return _later(delivery, now, AUTH_PAUSE, str(error))
        except NotSentError as error:
            return _later(delivery, now, _backoff(delivery), str(error))
        except UnsureError as error:
            return _later(delivery, now, _backoff(delivery), str(error), is_unsure=True)
        except GoneError as error:
            self._post_thread_anew(delivery)
            return _later(delivery, now, _backoff(delivery), str(error))
        except RejectedError as error:
            return {"state": State.DEAD, "error": str(error)}
        return {
            "state": State.SENT,
            "sent_version": delivery.version,
            "sent_channel": sent.channel,
            "ts": sent.ts,
            "is_unsure": False,
            "error": None,
        } | _without_file(delivery)

    def _post_thread_anew(self, delivery: Delivery) -> None:
        with self._sessions.begin() as session:
            post_anew(session, delivery.parent_id)

    def _send(self, delivery: Delivery, thread: str | None) -> Sent:
        if delivery.ts is not None:
            try:
                return self._sender.update(delivery)
            except GoneError:
                pass  # it stands no longer, so it is posted anew
        # After an attempt whose end nobody saw, posting blindly could post it twice.
        if delivery.is_unsure and (found := self._sender.look_up(delivery, thread)):
            return found
        return self._sender.post(delivery, thread)


def _without_file(delivery: Delivery) -> dict[str, Any]:
    """A file is kept no longer than until it is sent."""
    if "file" not in delivery.content:
        return {}
    return {"content": {k: v for k, v in delivery.content.items() if k != "file"}}


def _later(
    delivery: Delivery, now: datetime, pause: timedelta, error: str, **values: Any
) -> dict[str, Any]:
    return {"due_at": now + pause, "error": error, **values}


def _backoff(delivery: Delivery) -> timedelta:
    return min(timedelta(seconds=2.0 ** min(delivery.attempts, 9)), LONGEST_PAUSE)
