"""The words in which English and German name days, weekdays, months and spans of time."""

import re
from collections.abc import Iterable
from enum import Enum
from itertools import product


class Unit(Enum):
    """What spans are counted in."""

    DAY = "day"
    WORKING_DAY = "working day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


# The second spelling is that of keyboards without umlauts, the third that of decomposed Unicode.
_UMLAUTS = {"ä": ("ä", "ae", "a\u0308"), "ü": ("ü", "ue", "u\u0308")}


def spellings(word: str) -> list[str]:
    """All the ways to type a German word that has umlauts."""
    return ["".join(letters) for letters in product(*(_UMLAUTS.get(c, (c,)) for c in word))]


def _numbered(lines: Iterable[str], first: int) -> dict[str, int]:
    """Each line's words with the line's number."""
    return {
        typed: number
        for number, line in enumerate(lines, first)
        for word in line.split()
        for typed in spellings(word)
    }


WEEKDAYS = _numbered(
    (
        "mon monday mo montag",
        "tue tues tuesday di dienstag",
        "wed weds wednesday mi mittwoch",
        "thu thur thurs thursday do donnerstag",
        "fri friday fr freitag",
        "sat saturday sa samstag sonnabend",
        "sun sunday so sonntag",
    ),
    first=0,
)

MONTHS = _numbered(
    (
        "jan january januar jänner",
        "feb february februar feber",
        "mar march mär märz mrz",
        "apr april",
        "may mai",
        "jun june juni",
        "jul july juli",
        "aug august",
        "sep sept september",
        "oct october okt oktober",
        "nov november",
        "dec december dez dezember",
    ),
    first=1,
)

COUNTS = _numbered(
    (
        "a an one ein eine einem einen einer",
        "two zwei",
        "three drei",
        "four vier",
        "five fünf",
        "six sechs",
        "seven sieben",
        "eight acht",
        "nine neun",
        "ten zehn",
    ),
    first=1,
)

DISTANCES = _numbered(
    ("vorgestern", "yesterday gestern", "today heute", "tomorrow morgen", "übermorgen"),
    first=-2,
)

UNITS = {
    Unit.DAY: r"d|days?|tag(?:en?)?",
    Unit.WORKING_DAY: r"wds?|at|(?:working|work|business)[\s-]?days?|(?:arbeits|werk)tag(?:en?)?",
    Unit.WEEK: r"w|wks?|weeks?|wochen?",
    Unit.MONTH: r"months?|monat(?:en?)?",
    Unit.YEAR: r"years?|jahr(?:en?)?",
}

PERIODS = {
    Unit.WEEK: r"week|woche",
    Unit.MONTH: r"month|monat(?:s|es)?",
    Unit.QUARTER: r"quarter|quartals?",
    Unit.YEAR: r"year|jahr(?:s|es)?",
}


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longer ones first."""
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, longest_first)) + ")"


def any_unit(units: dict[Unit, str]) -> str:
    """A pattern for any of these units, to be told apart by `unit_of`."""
    return "(?:" + "|".join(units.values()) + ")"


def unit_of(word: str, units: dict[Unit, str]) -> Unit:
    """Which unit a matched word names."""
    return next(unit for unit, pattern in units.items() if re.fullmatch(pattern, word))
