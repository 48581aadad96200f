"""The delivery worker: a thread that keeps Slack as the outbox says, or mails what is in it."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import clock
from bot.db import Sessions, Unavailable, is_held_up, reading
from bot.delivery import gates
from bot.delivery.attempts import Attempts, MayPost, Outcome, Readable
from bot.delivery.claims import Claim, claim, settle, stand
from bot.delivery.decisions import cancel_replies, expire, post_anew, recheck
from bot.delivery.gates import Gate
from bot.delivery.installation import Installation
from bot.delivery.outbox import Delivery, Medium, State
from bot.delivery.presence import Presence
from bot.delivery.sending import Sender, Sent
from bot.timings import Timings

log = logging.getLogger(__name__)

PAUSE_S = 0.02  # between two deliveries, so that people's commands come first
REST_S = 5.0  # how long the worker sleeps when nobody wakes it
TRIES = 3  # to take back what stands twice, and to write down what was posted

Rejected = Callable[[Session, Delivery, str, datetime], None]
"""Told, in a transaction, of a delivery that was given up or is held, and why."""

Hidden = Callable[[Session, Delivery], None]
"""Told, in a transaction, of a delivery that was given up for nobody may read it any more."""


def _always(delivery: Delivery) -> bool:
    return True


def _all(delivery: Delivery) -> dict[str, Any]:
    return delivery.content


def _told(session: Session, delivery: Delivery) -> None:
    """Nothing more is to be done."""


class Worker:
    """Sends what was promised; wake it after a commit."""

    def __init__(
        self,
        sessions: Sessions,
        sender: Sender,
        rejected: Rejected,
        timings: Timings,
        *,
        now: Callable[[], datetime] = clock.now,
        may_post: MayPost = _always,
        readable: Readable = _all,
        hidden: Hidden = _told,
        sent: Callable[[], None] = lambda: None,
        rests: Callable[[], None] = lambda: None,
        medium: Medium = Medium.SLACK,
    ) -> None:
        """*now* is machine time; only what leaves by *medium* is sent.

        *may_post* is asked before each message, *readable* what of it; *hidden* is told where that
        is nothing, *sent* after it, *rests* when there is nothing left to send.
        """
        self._sessions = sessions
        self._sender = sender
        self._rejected = rejected
        self._timings = timings
        self._now = now
        self._hidden = hidden
        self._sent = sent
        self._rests = rests
        self._medium = medium
        self._attempts = Attempts(sender, timings, now, may_post, readable)
        # What stands in Slack is looked up after a gap; nobody can look up what was mailed.
        self._presence = Presence(timings) if medium is Medium.SLACK else None
        self._tends_at: datetime | None = None
        self._wanted = Event()
        self._ends = Event()
        self._thread = Thread(target=self._run, name=f"delivery-{medium}", daemon=True)

    def start(self) -> None:
        """Begin to send; a token that works now was perhaps refused before."""
        with self._sessions.begin() as session:
            gates.open_all(session, self._medium)
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
                self._work()
            except Unavailable as error:
                if self._presence is not None:
                    self._presence.was_away()
                log.warning("the database is not available: %s", error.orig)
            except Exception:  # the thread must outlive whatever one delivery does
                log.exception("delivery")
            self._rests()
            self._wanted.wait(self._rest())

    def _work(self) -> None:
        """Send all that is due."""
        while not self._ends.is_set():
            self.tend()
            if not self.deliver_next():
                return
            self._ends.wait(PAUSE_S)

    def tend(self) -> None:
        """Note that somebody is there, and see to what time alone changes; now and then."""
        presence, now = self._presence, self._now()
        next_at = presence.next_at if presence is not None else self._tends_at
        if next_at is not None and now < next_at:
            return
        with self._sessions.begin() as session:
            if presence is not None:
                presence.beat(session, now)
                recheck(session, now)
            # Of two to one address, what was had before the first counts in the end.
            for delivery in reversed(expire(session, now, self._medium)):
                self._rejected(session, delivery, str(delivery.error), now)
        self._tends_at = now + self._timings.beat
        if presence is not None:
            presence.has_beaten(now)

    def _rest(self) -> float:
        """For how many seconds there is nothing to do, as far as is known."""
        now = self._now()
        due = select(func.min(Delivery.due_at)).where(
            Delivery.state == State.WAITING,
            Delivery.medium == self._medium,
            Delivery.due_at > now,
        )
        opens = select(func.min(Gate.closed_until)).where(Gate.closed_until > now)
        readable = select(Installation.readable_at).where(Installation.readable_at > now)
        try:
            with reading(self._sessions) as session:
                moments = [session.scalar(query) for query in (due, opens, readable)]
        except SQLAlchemyError:
            return REST_S
        moments.append(self._presence.next_at if self._presence is not None else None)
        known = [(moment - now).total_seconds() for moment in moments if moment is not None]
        return max(0.0, min([REST_S, *known]))

    def deliver_next(self) -> bool:
        """Send the next message that is due; False where there is none."""
        with self._sessions.begin() as session:
            claimed = claim(session, self._now(), self._timings, self._medium)
        if claimed is None:
            return False
        outcome = self._attempts.make(claimed)
        is_there = self._keep(claimed, outcome)
        if outcome.stands is not None and not is_there and outcome.is_posted:
            self._take_back(outcome.stands)
        if outcome.values.get("state") is State.SENT:
            self._sent()
        return True

    def _keep(self, claimed: Claim, outcome: Outcome, tries: int = TRIES) -> bool:
        """Write down what came of it, which nobody else knows: not given up at the first try."""
        try:
            with self._sessions.begin() as session:
                return self._write_down(session, claimed, outcome)
        except Unavailable as error:
            if tries == 1 or not is_held_up(error):
                raise
        return self._keep(claimed, outcome, tries - 1)

    def _write_down(self, session: Session, claimed: Claim, outcome: Outcome) -> bool:
        """Keep what came of it; False where the message stands elsewhere already."""
        delivery, now, values = claimed.delivery, self._now(), outcome.values
        is_there = outcome.stands is None or stand(session, delivery, outcome.stands)
        if not is_there:  # what stands may show something else: it is updated in place
            values = {"is_unsure": False, "reads": 0}
        if outcome.closes is not None:
            gate, until, reason = outcome.closes
            if gate == gates.all_of(self._medium):
                log.warning("nothing leaves by %s until %s: %s", self._medium, until, reason)
            gates.close(session, gate, until, reason, now)
        if outcome.parent_is_gone:
            post_anew(session, delivery.parent_id)
        state = settle(session, delivery, values)
        if state is State.CANCELLED:
            cancel_replies(session, delivery, str(values.get("error")))
            self._hidden(session, delivery)
        if state is State.DEAD or (state is State.HELD and values.get("state") is State.HELD):
            self._rejected(session, delivery, str(values["error"]), now)
        return is_there

    def _take_back(self, sent: Sent) -> None:
        """Delete what we just posted, for somebody else's post of the same was first."""
        for _try in range(TRIES):
            try:
                self._sender.delete(sent)
            except Exception:  # whatever it was, nothing else depends on it
                log.warning("%s in %s stands twice", sent.ts, sent.channel, exc_info=True)
            else:
                return
