"""Reading a rhythm: rules and single dates as people type them, in English and German."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.dates import WEEKDAYS, DateOrder, leading_date, short_weekday
from bot.dates.rule import WEEKDAY
from bot.dates.vocabulary import COUNTS, one_of, spellings
from bot.errors import UserError
from bot.hours import leading_hours
from bot.language import _
from bot.recurrence import Every, Recurrence
from bot.rhythm import WORKWEEK, Rhythm, Slot
from bot.workdays import WorkCalendar

WINDOW = 200  # no rhythm in words is longer


def _german(*words: str) -> list[str]:
    return [typed for word in words for typed in spellings(word)]


_EVERY = "(?:every|each|jede[nrsm]?)"
_DAY = rf"(?:{WEEKDAY})s?(?!\w)\.?"
_AND = r"(?:\s{0,2}[-–/+,&]\s{0,2}|\s{0,2},?\s{1,2}(?:and|und|to|bis|through)\s{1,2})"
_DAYS = rf"(?P<days>{_DAY}(?:{_AND}{_DAY}){{0,6}})"
# "every so often", "every do": no English sentence means Sunday or Thursday by them.
_NO_DAY = r"(?!(?:mo|di|mi|do|fr|sa|so)\b)"
_PLACES = {
    "first": 1, "1st": 1, "erste": 1, "1.": 1,
    "second": 2, "2nd": 2, "zweite": 2, "2.": 2, "other": 0, "andere": 0,
    "third": 3, "3rd": 3, "dritte": 3, "3.": 3,
    "fourth": 4, "4th": 4, "vierte": 4, "4.": 4,
    "last": -1, "letzte": -1,
}  # fmt: skip
"""Which of its kind in a month; 0 is every other."""
_PLACE = f"(?P<place>{one_of(_PLACES)})[nrsm]?"
_OF_MONTH = (
    r"\s{1,3}(?:(?:of|in)\s{1,3}(?:the|each|every)\s{1,3}month|im\s{1,3}monat"
    r"|(?:des|jedes|eines\s{1,3}jeden)\s{1,3}monats|(?:a|per|pro)\s{1,3}monat?(?:h)?)(?!\w)"
)
_POINTS = r"(?:\s{0,2},)?\s{1,3}(?:(?:on|am|jeweils|the|den|an)\s{1,3}){0,3}"
_NUMBER = (
    rf"(?P<count>[0-9]{{1,3}}|{one_of(COUNTS)}|other|second|2nd|2\.|zweite[nrsm]?|andere[nrsm]?)"
)
_UNITS = {
    Every.DAY: "days?|tage?",
    Every.WEEK: "weeks?|wochen?|fortnight",
    Every.MONTH: "months?|monate?n?",
}
_WORKDAY = r"weekdays?|(?:working|work|business)[\s-]?days?|(?:arbeits|werk)tage?"
_ADVERBS = {
    **dict.fromkeys(["daily", *_german("täglich")], (Every.DAY, 1)),
    **dict.fromkeys(["weekly", *_german("wöchentlich")], (Every.WEEK, 1)),
    **dict.fromkeys(
        ["fortnightly", "biweekly", *_german("zweiwöchentlich", "14-tägig", "vierzehntägig")],
        (Every.WEEK, 2),
    ),
    **dict.fromkeys(["monthly", "monatlich"], (Every.MONTH, 1)),
}


@dataclass(frozen=True)
class _Read:
    """A rule read up to *end*; one that *needs_hours* is none without hours behind it."""

    recurrence: Recurrence | None
    end: int
    needs_hours: bool = False


_Reader = Callable[[re.Match[str], str], "_Read | None"]


def leading_rhythm(
    text: str, today: date, *, order: DateOrder | None = None, calendar: WorkCalendar
) -> tuple[Rhythm, int] | None:
    """The rhythm *text* starts with, and how many characters it takes; None if with none.

    Raises `UserError` for what reads as one and cannot be: hours no clock shows, a day gone by.
    """
    folded = text[:WINDOW].replace("İ", "i").lower()
    first = leading_hours(folded, 0)
    place = _behind(folded, first[1]) if first else 0
    read = _rule_at(folded, place)
    if read is None:
        return None if first else _once(text[:WINDOW], folded, today, order, calendar)
    behind = None if first else leading_hours(folded, read.end)
    hours, end = (behind or (None, read.end)) if first is None else (first[0], read.end)
    is_alone = hours is not None or not folded[end:].strip(" .,")
    if read.recurrence is None and is_alone:
        raise UserError(_("On which day? Such as `every tue 10:00` or `every month on the 15th`."))
    if read.recurrence is None or (read.needs_hours and not is_alone):
        return None
    return Rhythm(read.recurrence, None, hours), end


def leading_slot(
    text: str, today: date, *, order: DateOrder | None = None, calendar: WorkCalendar
) -> tuple[Slot, int] | None:
    """A day, hours or both at the start of *text*: ``wed 14:00``, ``11:00``, ``2 dec``."""
    window = text[:WINDOW]
    folded = window.replace("İ", "i").lower()
    hours = leading_hours(folded, 0)
    if hours is not None:
        return Slot(hours=hours[0], said=window[: hours[1]].strip()), hours[1]
    found = leading_date(window, today, order=order, calendar=calendar)
    if found is None:
        return None
    day, end = found
    word = folded[:end].strip().removeprefix("on ").removeprefix("am ").strip(" .")
    to = _TO.search(folded, end)
    is_other = to is not None and _names_day(window[to.end() :], today, order, calendar)
    hours = leading_hours(folded[: to.start()] if to and is_other else folded, end)
    last = hours[1] if hours else end
    slot = Slot(day, WEEKDAYS.get(word), hours[0] if hours else None, window[:last].strip())
    return slot, last


def _names_day(text: str, today: date, order: DateOrder | None, calendar: WorkCalendar) -> bool:
    """Whether *text* starts with a day, if only one nobody can meet on."""
    try:
        return leading_date(text, today, order=order, calendar=calendar) is not None
    except ValueError:
        return True


def _once(
    text: str, folded: str, today: date, order: DateOrder | None, calendar: WorkCalendar
) -> tuple[Rhythm, int] | None:
    """One day: with hours behind it, else ``on …`` at the very end."""
    is_pointed = re.match(r"(?:on|am)\s", folded) is not None
    try:
        found = leading_date(text, today, order=order, calendar=calendar)
    except ValueError:
        if is_pointed:
            raise
        return None
    if found is None:
        return None
    day, end = found
    hours = leading_hours(folded, end)
    if hours is None:
        is_last = is_pointed and not folded[end:].strip(" .,")
        return (Rhythm(None, day, None), end) if is_last else None
    return Rhythm(None, day, hours[0]), hours[1]


def _behind(text: str, place: int) -> int:
    match = re.compile(r"(?:\s{0,2},)?\s{1,3}").match(text, place)
    return match.end() if match else place


def _rule_at(text: str, place: int) -> "_Read | None":
    for pattern, reader in _RULES:
        match = pattern.match(text, place)
        if match is not None and (read := reader(match, text)) is not None:
            return read
    return None


def _placed(match: re.Match[str], text: str) -> "_Read | None":
    """``every first tue``, ``the last fri of the month``, ``every second tue``."""
    place, day = _PLACES[match["place"]], _weekdays(match["day"])
    if match["tail"] is not None and place != 0:
        return _Read(Recurrence(Every.MONTH, weekdays=day, place=place), match.end())
    if match["every"] is None:
        return None
    if place in (1, -1):
        return _Read(Recurrence(Every.MONTH, weekdays=day, place=place), match.end())
    if place in (0, 2):
        return _Read(Recurrence(Every.WEEK, 2, weekdays=day), match.end())
    text = _("Is that every {count} weeks, or once a month? Write `every {count} weeks on {day}`"
             " or `every {place} {day} of the month`.")  # fmt: skip
    shown = short_weekday(day[0], "en").lower()
    raise UserError(text.format(count=place, day=shown, place=("third", "fourth")[place - 3]))


def _on_monthday(match: re.Match[str], text: str) -> "_Read | None":
    """``every 15th``, ``on the 15th of every month``."""
    if match["tail"] is None and match["every"] is None:
        return None
    return _Read(Recurrence(Every.MONTH, monthday=_monthday(match["number"])), match.end())


def _counted(match: re.Match[str], text: str) -> "_Read | None":
    """``every 2 weeks on tue``, ``alle 3 tage``, ``every month on the 15th``."""
    every = next(e for e, words in _UNITS.items() if re.fullmatch(words, match["unit"]))
    interval = _count(match["count"])
    if match["unit"] == "fortnight":
        interval *= 2
    return _with_days(every, interval, text, match.end(), needs_hours=False)


def _adverb(match: re.Match[str], text: str) -> "_Read | None":
    every, interval = _ADVERBS[match["adverb"]]
    return _with_days(every, interval, text, match.end(), needs_hours=True)


def _with_days(every: Every, interval: int, text: str, end: int, *, needs_hours: bool) -> "_Read":
    """What follows a unit: the days of the week or of the month it is on."""
    if every is Every.MONTH:
        return _in_month(interval, text, end)
    days = _ON_DAYS.match(text, end)
    if every is Every.DAY and (days is None or interval % 7):
        return _Read(Recurrence(Every.DAY, interval), end, needs_hours)
    weeks = interval // 7 if every is Every.DAY else interval
    if days is None:
        return _Read(None, end)
    return _Read(Recurrence(Every.WEEK, weeks, weekdays=_weekdays(days["days"])), days.end())


def _in_month(interval: int, text: str, end: int) -> "_Read":
    placed = _ON_PLACED.match(text, end)
    if placed is not None and _PLACES[placed["place"]] != 0:
        weekdays, place = _weekdays(placed["day"]), _PLACES[placed["place"]]
        rule = Recurrence(Every.MONTH, interval, weekdays=weekdays, place=place)
        return _Read(rule, placed.end())
    on = _ON_MONTHDAY.match(text, end)
    if on is None:
        return _Read(None, end)
    return _Read(Recurrence(Every.MONTH, interval, monthday=_monthday(on["number"])), on.end())


def _on_weekdays(match: re.Match[str], text: str) -> "_Read | None":
    return _Read(Recurrence(Every.WEEK, weekdays=_weekdays(match["days"])), match.end())


def _on_plural(match: re.Match[str], text: str) -> "_Read | None":
    """``tuesdays``, ``dienstags und donnerstags``."""
    found = _on_weekdays(match, text)
    return found and _Read(found.recurrence, found.end, needs_hours=True)


def _on_workdays(match: re.Match[str], text: str) -> "_Read | None":
    needs_hours = match["every"] is None
    return _Read(Recurrence(Every.WEEK, weekdays=WORKWEEK), match.end(), needs_hours)


def _rule(pattern: str, reader: _Reader) -> tuple[re.Pattern[str], _Reader]:
    return re.compile(pattern + r"(?!\w)"), reader


_ON = r"(?:(?:jeweils|on|am|the|den)\s{1,3}){1,3}"
_PLURAL = rf"(?:{one_of(w for w in WEEKDAYS if w.endswith(('day', 'tag', 'woch', 'abend')))})s"
_RULES = (
    _rule(
        rf"(?:(?P<every>{_EVERY})\s{{1,3}}|{_ON}){_PLACE}\s{{1,3}}(?P<day>{_DAY})(?P<tail>{_OF_MONTH})?",
        _placed,
    ),
    _rule(rf"(?P<every>{_EVERY}\s{{1,3}})?(?:{_WORKDAY}|werktags)", _on_workdays),
    _rule(
        rf"(?:{_EVERY}|alle)\s{{1,3}}(?:{_NUMBER}\s{{0,3}})?(?P<unit>{'|'.join(_UNITS.values())})",
        _counted,
    ),
    _rule(
        rf"(?:(?P<every>{_EVERY})\s{{1,3}}|{_ON})(?P<number>[0-9]{{1,2}})(?:st|nd|rd|th|\.)(?P<tail>{_OF_MONTH})?",
        _on_monthday,
    ),
    _rule(rf"(?P<adverb>{one_of(_ADVERBS)})", _adverb),
    _rule(rf"(?:(?:every|each)\s{{1,3}}{_NO_DAY}|jede[nrsm]?\s{{1,3}}){_DAYS}", _on_weekdays),
    _rule(
        rf"(?:(?:on|jeweils)\s{{1,3}})?(?P<days>{_PLURAL}(?:{_AND}{_PLURAL}){{0,6}})", _on_plural
    ),
)
_TO = re.compile(r"\s(?:to|until|till|bis)\s{1,3}")
_ON_DAYS = re.compile(_POINTS + _DAYS)
_ON_PLACED = re.compile(rf"{_POINTS}{_PLACE}\s{{1,3}}(?P<day>{_DAY})")
_ON_MONTHDAY = re.compile(rf"{_POINTS}(?P<number>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?(?![\w:.])")


def _count(word: str | None) -> int:
    if word is None:
        return 1
    count = COUNTS.get(word, 2) if not word.isdecimal() else int(word)
    if not 1 <= count <= 99:
        raise UserError(_("A rhythm counts from 1 to 99."))
    return count


def _monthday(number: str) -> int:
    if not 1 <= int(number) <= 31:
        raise UserError(_("No month has a day {number}.").format(number=int(number)))
    return int(number)


def _weekdays(typed: str) -> tuple[int, ...]:
    """The weekdays named in *typed*, from Monday, 0."""
    found: set[int] = set()
    last, is_range = None, False
    for piece in re.split(rf"({_AND})", typed):
        word = piece.strip(" .,")
        number = WEEKDAYS.get(word, WEEKDAYS.get(word.removesuffix("s")))
        if number is None:
            is_range = word in ("-", "–", "to", "bis", "through")
            continue
        if is_range and last is not None:
            found |= {(last + step) % 7 for step in range((number - last) % 7)}
        found.add(number)
        last, is_range = number, False
    return tuple(sorted(found))
