"""Readership: who may read what waits is asked when it is sent, not only when promised."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot import life
from bot.db import Sessions, reading
from bot.delivery.outbox import Delivery
from bot.delivery.sending import NotSentError
from bot.errors import MissingFactsError
from bot.knowing import Facts, knowing
from bot.screening import screened

T = TypeVar("T")


class Readership:
    """Says of a delivery whether, and what of it, whoever it is for may read by now."""

    def __init__(self, sessions: Sessions, facts: Facts, now: Callable[[], datetime]) -> None:
        """*now* tells office time."""
        self._sessions = sessions
        self._facts = facts
        self._now = now

    def may_see(self, delivery: Delivery) -> bool:
        """Whether all who would see *delivery* may; where Slack does not tell, it waits."""
        try:
            return self._with_facts(lambda session: life.may_see(session, delivery))
        except LookupError:
            return False

    def readable(self, delivery: Delivery) -> dict[str, Any] | None:
        """What of *delivery* whoever it is for may read; None where that is nothing any more.

        Raises `NotSentError` where Slack does not tell.
        """
        if delivery.project_id is not None:  # for a channel: see `may_see`
            return delivery.content
        try:
            return self._with_facts(lambda session: screened(session, delivery, self._now()))
        except LookupError as error:
            raise NotSentError(str(error)) from error

    def _with_facts(self, look: Callable[[Session], T]) -> T:
        """What *look* finds; what the database does not know Slack is asked for.

        Raises `LookupError` where Slack does not tell.
        """

        def work() -> T:
            with reading(self._sessions) as session:
                return look(session)

        try:
            return knowing(self._facts, work)
        except MissingFactsError as missing:
            raise LookupError("Slack does not tell who may read it") from missing
