"""Wordings that our own grammar lacks, left to the library dateparser."""

import re
from datetime import date, datetime, time

from bot.dates.basis import Basis, DateOrder
from bot.dates.vocabulary import MONTHS, UNITS, WEEKDAYS, any_unit

_LONGEST = 40
_WORD = re.compile(r"[^\W\d_]+")
_UNIT = re.compile(any_unit(UNITS))
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
# Two bare numbers in a row would be read in either order without asking.
_BARE_NUMBERS = re.compile(r"[0-9]\s*[-/.,\s]\s*[0-9]")
_SAYS_PAST = re.compile(r"\b(?:ago|vor|last|letzte\w*|[0-9]{4})\b")


def guess(text: str, basis: Basis) -> date | None:
    """What dateparser makes of a short text that names a month, a weekday or a unit of time.

    It makes something of almost everything: the first of some month of "½ tues", a day long gone
    of "montag 9 uhr". So a guess counts only if it is the weekday, the day, the month and the year
    that the text names, and lies behind us only where the text says so.
    """
    folded = text.lower()
    words = set(_WORD.findall(folded))
    if not _is_worth_guessing(folded, words):
        return None
    found = _dateparser_reads(text, basis)
    if found is None or not _agrees(found, folded, words):
        return None
    return found if found >= basis.today or _SAYS_PAST.search(folded) else None


def _is_worth_guessing(text: str, words: set[str]) -> bool:
    if len(text) > _LONGEST or _BARE_NUMBERS.search(text):
        return False
    return any(word in MONTHS or word in WEEKDAYS or _UNIT.fullmatch(word) for word in words)


def _agrees(found: date, text: str, words: set[str]) -> bool:
    months = {MONTHS[word] for word in words & MONTHS.keys()}
    numbers = {int(number) for number in _NUMBER.findall(text)} if months else set()
    return (
        months <= {found.month}
        and (not numbers or found.day in numbers)
        and {WEEKDAYS[word] for word in words & WEEKDAYS.keys()} <= {found.weekday()}
        and {int(year) for year in _YEAR.findall(text)} <= {found.year}
    )


def _dateparser_reads(text: str, basis: Basis) -> date | None:
    # Its import takes 110 ms and seldom is anything left for it to read. It comes without types.
    import dateparser  # type: ignore[import-untyped]  # noqa: PLC0415 - see above

    found = dateparser.parse(
        text,
        languages=["en", "de"],
        settings={
            "PREFER_DATES_FROM": "past" if basis.past else "future",
            # Calendar days have no zone; dateparser wants a moment, and noon is far from midnight.
            "RELATIVE_BASE": datetime.combine(basis.today, time(12)),
            "REQUIRE_PARTS": ["day"],
            "DATE_ORDER": "MDY" if basis.order is DateOrder.MONTH_FIRST else "DMY",
        },
    )
    return found.date() if found else None
