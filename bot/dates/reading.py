"""Reading a calendar day from what a person typed."""

import re
from datetime import date
from typing import NamedTuple

from bot.dates import named, spans
from bot.dates.basis import Basis, DateOrder
from bot.dates.errors import AmbiguousDate, ImpossibleDate, PastDate
from bot.dates.guess import guess
from bot.dates.rule import Rule
from bot.workdays import WorkCalendar

# No date in words is longer; a long title is not folded again and again.
_LONGEST = 120
_OPENING = re.compile(
    r"\s*(?:(?:on|by|until|till|the|am|bis|den|zum)\s{1,3}){0,3}"
    r"(?P<first>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*|[0-9+])"
)


class _Found(NamedTuple):
    day: date
    end: int
    is_dated: bool


def read_date(
    text: str,
    today: date,
    *,
    old: date | None = None,
    order: DateOrder | None = None,
    past: bool = False,
    calendar: WorkCalendar,
) -> date:
    """The day that the whole text names.

    Spans with a plus count from `old` where it is given. `order` settles 03/04. With `past`, a
    day behind us is fine, and a day without a year is the one nearest to today. Raises PastDate,
    AmbiguousDate, ImpossibleDate, or a plain ValueError for a text that is no date.
    """
    basis = Basis(today, old, order, past, calendar)
    words = " ".join(text.split())
    for whole in (words, words.rstrip(" .,;!?")):
        found = _find(whole, basis, is_whole=True)
        if found:
            return _checked(found, basis, text)
    guessed = guess(words, basis)
    if guessed is None:
        raise ValueError(f"not a date: {text[:_LONGEST]}")
    return _checked(_Found(guessed, len(text), is_dated=False), basis, text)


def leading_date(
    text: str,
    today: date,
    *,
    old: date | None = None,
    order: DateOrder | None = None,
    past: bool = False,
    calendar: WorkCalendar,
) -> tuple[date, int] | None:
    """The longest date the text starts with, and how many characters it takes.

    None if it starts with none; `so` and `do` are Sunday and Thursday only where a clause ends
    with them. Raises PastDate, AmbiguousDate and ImpossibleDate as `read_date` does.
    """
    basis = Basis(today, old, order, past, calendar)
    found = _find(text[:_LONGEST], basis, is_whole=False)
    return found and (_checked(found, basis, text[: found.end]), found.end)


def _find(text: str, basis: Basis, *, is_whole: bool) -> _Found | None:
    """The longest of the readings that our own grammar has for the text."""
    folded = _folded(text)
    opening = _OPENING.match(folded)
    if not opening:
        return None
    first, start = opening["first"], opening.start("first")
    readings = [
        (match, rule)
        for rule in _BY_START.get("0" if first.isdecimal() else first, ())
        if is_whole or not rule.is_whole
        if (match := (rule.pattern.fullmatch if is_whole else rule.pattern.match)(folded, start))
    ]
    for match, rule in sorted(readings, key=lambda reading: -reading[0].end()):
        day = _meaning(match, rule, basis, text)
        if day:
            return _Found(day, match.end(), rule.is_dated)
    return None


def _folded(text: str) -> str:
    """Lower case of the same length: İ is the one letter that would become two."""
    return text.replace("İ", "i").lower()


def _meaning(match: re.Match[str], rule: Rule, basis: Basis, text: str) -> date | None:
    try:
        return rule.meaning(match, basis)
    except AmbiguousDate:
        raise
    except (ValueError, OverflowError) as error:
        raise ImpossibleDate(text[: match.end()].strip()) from error


def _checked(found: _Found, basis: Basis, text: str) -> date:
    if not basis.is_thinkable(found.day):
        raise ImpossibleDate(text.strip()[:_LONGEST])
    if found.day < basis.today and not basis.past:
        raise PastDate(found.day, _proposal(found, basis), text.strip()[:_LONGEST])
    return found.day


def _proposal(found: _Found, basis: Basis) -> date:
    """Next time that day and month come, if they were typed; else the next working day."""
    if not found.is_dated:
        return basis.calendar.next_working(basis.today)
    return basis.next_time(found.day)


def _by_start() -> dict[str, tuple[Rule, ...]]:
    rules: dict[str, tuple[Rule, ...]] = {}
    for rule in (*named.RULES, *spans.RULES):
        for word in rule.starts:
            rules[word] = (*rules.get(word, ()), rule)
    return rules


_BY_START = _by_start()
