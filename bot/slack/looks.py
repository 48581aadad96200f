"""Looks: which open meetings are to be looked at, so that forgotten ones cost nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import history
from bot.meeting_threads import Open


class Looks:
    """Knows in which projects something was done, and when time alone makes a meeting due."""

    def __init__(self) -> None:
        self._turn = 0
        self._numbers: tuple[int, ...] = ()
        self._touched: dict[int, int] = {}
        self._looked: dict[int, int] = {}
        self._due: dict[int, datetime | None] = {}

    def begin(self, session: Session) -> None:
        """Find out what was done since the last turn; and since the one before, for changes do
        not become known in the order of their numbers.
        """
        self._turn += 1
        if self._numbers:
            touched = history.projects_since(session, self._numbers[0])
            self._touched |= dict.fromkeys(touched, self._turn)
        self._numbers = (*self._numbers[-1:], history.last_number(session))

    def is_wanted(self, one: Open, now: datetime) -> bool:
        """Whether there may be something new to show of a meeting."""
        looked, due = self._looked.get(one.meeting, -1), self._due.get(one.meeting)
        return self._touched.get(one.project, 0) > looked or (due is not None and due <= now)

    def done(self, one: Open, due: datetime | None) -> None:
        """Note that a meeting was looked at, and when time alone makes it *due* again."""
        self._looked[one.meeting], self._due[one.meeting] = self._turn, due
