"""Days named by the calendar: 30 nov, 30.11., 2026-11-30, 03/04, KW 49, end of november."""

import re
from datetime import date

from bot.dates.basis import Basis, DateOrder, real_days
from bot.dates.errors import AmbiguousDate
from bot.dates.rule import (
    GAP,
    MAYBE_GAP,
    MONTH,
    NO_AMOUNT,
    NUMBER,
    SPACED_YEAR,
    STOP,
    WEEKDAY,
    rule,
)
from bot.dates.spans import SHIFT, add_months, end_of, shift_of
from bot.dates.vocabulary import MONTHS, PERIODS, WEEKDAYS, Unit, any_unit, unit_of

_DAY_STARTS = {"0", *WEEKDAYS}


def _dated(
    match: re.Match[str], basis: Basis, month: int, day: int, year: str | None = None
) -> date:
    """The day, which must be the weekday that was typed with it."""
    if year:
        found = date(_full_year(year), month, day)
    else:
        found = basis.without_year(lambda in_year: date(in_year, month, day))
    weekday = match.groupdict().get("weekday")
    if weekday and WEEKDAYS[weekday] != found.weekday():
        raise ValueError(f"{found} is no {weekday}")
    return found


def _full_year(typed: str) -> int:
    year = int(typed)
    return year + 2000 if len(typed.strip()) == 2 else year


def _worded(match: re.Match[str], basis: Basis) -> date:
    return _dated(match, basis, MONTHS[match["month"]], int(match["day"]), match["year"])


def _numeric(match: re.Match[str], basis: Basis) -> date:
    return _dated(match, basis, int(match["month"]), int(match["day"]), match["year"])


def _decimal_or_day(match: re.Match[str], basis: Basis) -> date | None:
    """30.11 without its last dot is a day only where it could be one, else it is a number."""
    if not (1 <= int(match["day"]) <= 31 and 1 <= int(match["month"]) <= 12):
        return None
    return _dated(match, basis, int(match["month"]), int(match["day"]))


def _either_order(match: re.Match[str], basis: Basis) -> date:
    numbers = int(match["first"]), int(match["second"])

    def reading(month_at: int) -> date:
        return _dated(match, basis, numbers[month_at], numbers[1 - month_at], match["year"])

    month_first = basis.order is DateOrder.MONTH_FIRST
    readings = real_days(reading, (0, 1) if month_first else (1, 0))
    if not readings:
        raise ValueError("neither order gives a day")
    if basis.order is None and len(set(readings)) == 2:
        raise AmbiguousDate((readings[0], readings[1]), match[0])
    return readings[0]


def _day_of_month(match: re.Match[str], basis: Basis) -> date:
    """The next month that has this day: at most two months on."""
    this_month = basis.today.replace(day=1)
    days = real_days(
        lambda ahead: add_months(this_month, ahead).replace(day=int(match["day"])), range(3)
    )
    return min(day for day in days if day >= basis.today)


def _week(match: re.Match[str], basis: Basis) -> date:
    week = int(match["week"])
    year = match["year"] or match["spaced"]
    if year:
        return date.fromisocalendar(_full_year(year), week, 5)
    return basis.without_year(lambda in_year: date.fromisocalendar(in_year, week, 5))


def _iso_week(match: re.Match[str], _: Basis) -> date:
    return date.fromisocalendar(int(match["year"]), int(match["week"]), 5)


def _end_of_period(match: re.Match[str], basis: Basis) -> date:
    shift = shift_of(match["shift"]) if match["shift"] else 0
    return end_of(unit_of(match["period"], PERIODS), basis.today, shift)


def _end_of_named_period(match: re.Match[str], basis: Basis) -> date:
    period = {"w": Unit.WEEK, "m": Unit.MONTH, "q": Unit.QUARTER, "y": Unit.YEAR}
    word = match["word"]
    unit = period[word[2]] if word.startswith("eo") else unit_of(word.removesuffix("ende"), PERIODS)
    return end_of(unit, basis.today)


def _end_of_month(match: re.Match[str], basis: Basis) -> date:
    month = MONTHS[match["month"]] if match["month"] else 3 * int(match["quarter"])
    if match["year"]:
        return end_of(Unit.MONTH, date(int(match["year"]), month, 1))
    return basis.without_year(lambda in_year: end_of(Unit.MONTH, date(in_year, month, 1)))


def _end_of_year(match: re.Match[str], _: Basis) -> date:
    return date(int(match["year"]), 12, 31)


_ON_WEEKDAY = rf"(?:(?P<weekday>{WEEKDAY})\.?,?{GAP}(?:(?:the|den|dem){GAP})?)?"
_TH = r"(?:st|nd|rd|th)"
_YEAR = rf"(?:,?{GAP}(?P<year>{SPACED_YEAR}))?"
_ANY_YEAR = rf"[0-9]{{4}}|[0-9]{{2}}|\s{SPACED_YEAR}"
_END_OF = f"(?:end(?:{GAP}of)?|ende){GAP}"
_WEEK_NUMBER = rf"(?:cw|kw|(?:calendar{GAP})?week|(?:kalender)?woche){MAYBE_GAP}(?P<week>{NUMBER})"

RULES = (
    rule(
        _DAY_STARTS,
        rf"{_ON_WEEKDAY}(?P<day>{NUMBER})(?:{_TH}|\.)?{MAYBE_GAP}(?:of{GAP})?"
        rf"(?P<month>{MONTH})\.?{_YEAR}",
        _worded,
        is_dated=True,
    ),
    rule(
        [*MONTHS, *WEEKDAYS],
        rf"{_ON_WEEKDAY}(?P<month>{MONTH})\.?{MAYBE_GAP}(?P<day>{NUMBER})(?:{_TH}|\.)?{_YEAR}",
        _worded,
        is_dated=True,
    ),
    rule(
        _DAY_STARTS,
        rf"{_ON_WEEKDAY}(?P<day>{NUMBER})\.\s?(?P<month>{NUMBER})\.(?P<year>{_ANY_YEAR})?",
        _numeric,
        is_dated=True,
    ),
    rule(
        _DAY_STARTS,
        rf"{_ON_WEEKDAY}(?P<day>{NUMBER})\.(?P<month>[0-9]{{2}}){NO_AMOUNT}",
        _decimal_or_day,
    ),
    rule(
        _DAY_STARTS,
        rf"{_ON_WEEKDAY}(?P<day>{NUMBER})\.(?P<month>[0-9])",
        _decimal_or_day,
        is_whole=True,
    ),
    rule(
        {"0"},
        rf"(?P<year>[0-9]{{4}})([-/.])(?P<month>{NUMBER})\2(?P<day>{NUMBER})",
        _numeric,
        is_dated=True,
    ),
    rule(
        _DAY_STARTS,
        rf"{_ON_WEEKDAY}(?P<first>{NUMBER})/(?P<second>{NUMBER})"
        rf"(?:/(?P<year>[0-9]{{4}}|[0-9]{{2}}))?{NO_AMOUNT}",
        _either_order,
        is_dated=True,
    ),
    rule(
        _DAY_STARTS,
        rf"{_ON_WEEKDAY}(?P<first>{NUMBER})-(?P<second>{NUMBER})-(?P<year>[0-9]{{4}})",
        _either_order,
        is_dated=True,
    ),
    rule({"0"}, rf"(?P<day>{NUMBER}){_TH}{STOP}", _day_of_month),
    rule({"0"}, rf"(?P<day>{NUMBER})\.", _day_of_month, is_whole=True),
    rule(
        {"cw", "kw", "week", "woche", "kalenderwoche", "calendar", "end", "ende"},
        rf"(?:{_END_OF}(?:der{GAP})?)?{_WEEK_NUMBER}"
        rf"(?:\s?/\s?(?P<year>[0-9]{{4}}|[0-9]{{2}})|{GAP}(?P<spaced>{SPACED_YEAR}))?{NO_AMOUNT}",
        _week,
    ),
    rule({"0"}, r"(?P<year>[0-9]{4})-?w(?P<week>[0-9]{2})", _iso_week),
    rule(
        {"eow", "eom", "eoq", "eoy", "monatsende", "quartalsende", "jahresende"},
        r"(?P<word>eo[wmqy]|(?:monats|quartals|jahres)ende)",
        _end_of_named_period,
    ),
    rule(
        {"end", "ende"},
        rf"{_END_OF}(?:(?:the|der|des){GAP})?(?:(?P<shift>{SHIFT}){GAP})?"
        rf"(?P<period>{any_unit(PERIODS)})",
        _end_of_period,
    ),
    rule(
        {"end", "ende"},
        rf"{_END_OF}(?:(?P<month>{MONTH})\.?|q(?P<quarter>[1-4]))"
        rf"(?:(?:{GAP}|/)(?P<year>{SPACED_YEAR}))?",
        _end_of_month,
        is_dated=True,
    ),
    rule({"end", "ende"}, f"{_END_OF}(?P<year>{SPACED_YEAR})", _end_of_year),
)
