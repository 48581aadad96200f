"""Knowing: work that lacks a fact is rolled back, Slack is asked for it, and it is done again."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.db import retried
from bot.errors import MissingFactsError

T = TypeVar("T")
TRIES = 6  # each asks Slack for something the database did not know


class Facts(Protocol):
    """Who knows what the database does not."""

    def fetch(self, missing: MissingFactsError) -> bool:
        """Store the facts; False when Slack did not tell them."""
        ...


def knowing(facts: Facts, work: Callable[[], T]) -> T:
    """What *work* gives; what it lacks is asked for outside its transaction.

    Raises `MissingFactsError` where Slack does not tell, and `LookupError` where it tells one
    thing after the other and never all of it.
    """
    for _try in range(TRIES):
        try:
            return retried(work)
        except MissingFactsError as missing:
            if not facts.fetch(missing):
                raise
    raise LookupError("Slack tells one thing after the other of what is needed")


def knowing_most(facts: Facts, work: Callable[[frozenset[str]], T]) -> T:
    """The same, for work that can do without some of it.

    *work* takes the channels Slack does not tell of (whoever may be there, nobody is let in) and
    the threads that were asked about.
    """
    untold: set[str] = set()

    class _MostFacts:
        def fetch(self, missing: MissingFactsError) -> bool:
            is_told = facts.fetch(missing)
            if missing.thread is not None:
                untold.add(missing.thread)
                return True
            if is_told or missing.channel is None or missing.channel in untold:
                return is_told
            untold.add(missing.channel)
            return True

    return knowing(_MostFacts(), lambda: work(frozenset(untold)))
