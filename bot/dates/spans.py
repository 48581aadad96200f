"""Days counted from today or from the old due date: tomorrow, next fri, in 2 weeks, +10 wd."""

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.dates.basis import Basis
from bot.dates.rule import GAP, MAYBE_GAP, NO_AMOUNT, STOP, WEEKDAY, rule
from bot.dates.vocabulary import (
    COUNTS,
    DISTANCES,
    PERIODS,
    UNITS,
    WEEKDAYS,
    Unit,
    any_unit,
    one_of,
    spellings,
    unit_of,
)

# Which week, month or year is meant, seen from this one.
_SHIFTS = {
    -1: ("last", "letzte", "vergangene"),
    0: ("this", "diese"),
    1: ("next", "nächste", "kommende", "coming"),
}
_SHIFT_OF = {
    word: shift for shift, stems in _SHIFTS.items() for stem in stems for word in spellings(stem)
}
_COMING = ("kommende", "coming")
SHIFT = f"{one_of(_SHIFT_OF)}[nrsm]?"
SHIFT_WORDS = [word + ending for word in _SHIFT_OF for ending in ("", "n", "r", "s", "m")]
# "so" and "do" are words of their own: Sunday and Thursday only where a clause ends with them.
_PLAIN_WEEKDAY = rf"(?P<weekday>(?:so|do)(?:\.|{STOP})|(?!(?:so|do)\b){WEEKDAY}\.?)"
_WORDED_UNIT = any_unit(UNITS)


def shift_of(word: str) -> int:
    """-1, 0 or 1 for last, this and next."""
    return _SHIFT_OF[word] if word in _SHIFT_OF else _SHIFT_OF[word[:-1]]


def add_months(day: date, count: int) -> date:
    """The same day so many months later, or the last day of a month too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of(period: Unit, today: date, shift: int = 0) -> date:
    """The Friday of a week, or the last day of a month, quarter or year.

    This week's Friday is over on a weekend; then the coming one is meant.
    """
    if period is Unit.WEEK:
        shift += shift == 0 and today.weekday() > 4
        return _weekday_in_week(today, 4, shift)
    length = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[period]
    first = date(today.year, today.month - (today.month - 1) % length, 1)
    return add_months(first, length * (shift + 1)) - timedelta(days=1)


def _weekday_in_week(today: date, weekday: int, shift: int) -> date:
    return today + timedelta(days=weekday - today.weekday() + 7 * shift)


def _coming(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _near_day(match: re.Match[str], basis: Basis) -> date:
    return basis.today + timedelta(days=DISTANCES[match["word"]])


def _after_or_before(match: re.Match[str], basis: Basis) -> date:
    return basis.today + timedelta(days=2 if match["side"] == "after tomorrow" else -2)


def _weekday(match: re.Match[str], basis: Basis) -> date:
    return _coming(basis.today, WEEKDAYS[match["weekday"].rstrip(".")])


def _shifted_weekday(match: re.Match[str], basis: Basis) -> date:
    weekday, word = WEEKDAYS[match["weekday"]], match["shift"]
    shift = shift_of(word)
    if shift == 1 and not word.startswith(_COMING):
        return _weekday_in_week(basis.today, weekday, 1)
    if shift == 1:
        return _coming(basis.today, weekday)
    if shift == 0:
        return _coming(basis.today - timedelta(days=1), weekday)
    return _coming(basis.today - timedelta(days=8), weekday)


def _weekday_of_shifted_week(match: re.Match[str], basis: Basis) -> date:
    return _weekday_in_week(basis.today, WEEKDAYS[match["weekday"]], shift_of(match["shift"]))


def _shifted_period(match: re.Match[str], basis: Basis) -> date:
    return end_of(unit_of(match["period"], PERIODS), basis.today, shift_of(match["shift"]))


def _ahead(start: date, count: int, unit: Unit, basis: Basis) -> date:
    if unit is Unit.WORKING_DAY:
        return basis.calendar.add(start, count)
    if unit is Unit.MONTH:
        return add_months(start, count)
    if unit is Unit.YEAR:
        return add_months(start, 12 * count)
    return start + timedelta(days=count * (7 if unit is Unit.WEEK else 1))


def _in_span(match: re.Match[str], basis: Basis) -> date:
    count = COUNTS[match["word"]] if match["word"] else int(match["count"])
    return _ahead(basis.today, count, unit_of(match["unit"], UNITS), basis)


def _plus_span(match: re.Match[str], basis: Basis) -> date:
    letter_or_word = match["unit"] or "d"
    unit = Unit.MONTH if letter_or_word == "m" else unit_of(letter_or_word, UNITS)
    return _ahead(basis.old or basis.today, int(match["count"]), unit, basis)


_WEEK = f"(?:{PERIODS[Unit.WEEK]})"

RULES = (
    rule(DISTANCES, f"(?P<word>{one_of(DISTANCES)})", _near_day),
    rule({"day"}, f"day{GAP}(?P<side>after tomorrow|before yesterday)", _after_or_before),
    rule(WEEKDAYS, _PLAIN_WEEKDAY, _weekday),
    rule(SHIFT_WORDS, rf"(?P<shift>{SHIFT}){GAP}(?P<weekday>{WEEKDAY})\.?", _shifted_weekday),
    rule(
        SHIFT_WORDS,
        rf"(?P<shift>{SHIFT}){GAP}{_WEEK}{GAP}(?:on{GAP}|am{GAP})?(?P<weekday>{WEEKDAY})\.?",
        _weekday_of_shifted_week,
    ),
    rule(
        WEEKDAYS,
        rf"(?P<weekday>{WEEKDAY})\.?{GAP}(?:of{GAP}|in{GAP}|der{GAP})?(?P<shift>{SHIFT}){GAP}{_WEEK}",
        _weekday_of_shifted_week,
    ),
    rule(SHIFT_WORDS, f"(?P<shift>{SHIFT}){GAP}(?P<period>{any_unit(PERIODS)})", _shifted_period),
    rule(
        {"in"},
        f"in{GAP}(?:(?P<count>[0-9]{{1,20}}){MAYBE_GAP}|(?P<word>{one_of(COUNTS)}){GAP})"
        rf"(?P<unit>{_WORDED_UNIT})(?:[s'’]{{0,2}}{GAP}time)?",
        _in_span,
    ),
    rule(
        {"+"},
        rf"\+{MAYBE_GAP}(?P<count>[0-9]{{1,20}}){MAYBE_GAP}(?P<unit>{_WORDED_UNIT}|m)",
        _plus_span,
    ),
    # A lone number is days, unless it is an amount or the beginning of a telephone number.
    rule({"+"}, rf"\+(?P<count>[0-9]{{1,3}})(?P<unit>)(?!\s*[0-9]){NO_AMOUNT}", _plus_span),
)
