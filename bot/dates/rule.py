"""One way to write a day: how its text looks, and what it means."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from bot.dates.basis import Basis
from bot.dates.vocabulary import MONTHS, WEEKDAYS, one_of

GAP = r"\s{1,3}"
MAYBE_GAP = r"\s{0,3}"
NUMBER = "[0-9]{1,2}"
WEEKDAY = one_of(WEEKDAYS)
MONTH = one_of(MONTHS)
# A year after a blank must look like one, else "30 nov 5000 invites" would be the year 5000.
SPACED_YEAR = "(?:19|20)[0-9]{2}"

# A date ends with its word: not inside `mo-fr`, `1.2.3`, `friday's`, `10:30` or `2.5%`.
_END = r"(?![\w%‰€$£]|[-/.:'’@+]\w)"
# What follows makes these numbers an amount, a share or a place, and no day.
NO_AMOUNT = (
    r"(?!\s{0,3}(?:[%‰€$£]|(?:percent|prozent|of|von|days?|tagen?|weeks?|wochen?|months?|monaten?"
    r"|hours?|stunden?|minutes?|minuten?|millions?|millionen|mio|mrd|eur|euros?|usd|points?"
    r"|punkten?|times|mal|kg|km|h|k|m|x)\b))"
)
# The end of the text or of a clause.
STOP = r"(?=\s*(?:$|[.,;:!?)]))"

Meaning = Callable[[re.Match[str], Basis], date | None]


@dataclass(frozen=True)
class Rule:
    """`starts` are the words it may begin with, `0` standing for any digit.

    `meaning` gives None when the text is no date after all, and raises ValueError or
    OverflowError when there is no such day. `is_dated` says that the year was typed, so that
    a day in the past is probably a slip in the year. `is_whole` rules are too vague to count
    in the middle of a sentence.
    """

    starts: frozenset[str]
    pattern: re.Pattern[str]
    meaning: Meaning
    is_dated: bool
    is_whole: bool


def rule(
    starts: Iterable[str],
    pattern: str,
    meaning: Meaning,
    *,
    is_dated: bool = False,
    is_whole: bool = False,
) -> Rule:
    """A rule for lower-case text, its pattern ending where a word ends."""
    return Rule(frozenset(starts), re.compile(pattern + _END), meaning, is_dated, is_whole)
