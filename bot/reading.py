"""Reading one value: a day, a person, an entry, a colour or a number, where it stands in a line."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import Any

from bot.complaints import no_choice, no_person, unreadable_day
from bot.dates import (
    WEEKDAYS,
    AmbiguousDate,
    DateOrder,
    ImpossibleDate,
    PastDate,
    leading_date,
    read_date,
)
from bot.errors import UserError
from bot.grammar import Argument, Grammar
from bot.language import _
from bot.meetings import Series
from bot.people import ADDRESS, People, Person, leading_address
from bot.register import Entry
from bot.rhythm import Rhythm, Slot
from bot.rhythm_reading import leading_rhythm, leading_slot
from bot.series_names import SeriesName
from bot.typed import Line, leading_quotation
from bot.values import Length, Level, Rag, UserId, Weekday, Word
from bot.workdays import WorkCalendar

WORD = re.compile(r"\S+")
ENTRY = re.compile(r"(?:([A-Za-z][A-Za-z0-9]{1,9})-)?([A-Za-z])?(\d{1,9})(?=$|[\s,;:]|\.(?!\S))")
COLOURS = {
    "g": Rag.GREEN, "grün": Rag.GREEN, "gruen": Rag.GREEN,
    "a": Rag.AMBER, "yellow": Rag.AMBER, "gelb": Rag.AMBER,
    "r": Rag.RED, "rot": Rag.RED,
}  # fmt: skip
HOUR = re.compile(
    r"[-–]?\s*(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:\s*(?P<sign>am|pm|uhr|h))?(?![\w:.])",
    re.IGNORECASE,
)
"""An hour of the day; the dash before it parts it from another (``19:00-07:30``)."""
_MINUTES = r"(?P<minutes>\d{1,3})"
_HOURS = r"(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)\s?(?:h|hours?|std|stunden?)"
LENGTH = re.compile(
    rf"(?:{_HOURS}|{_MINUTES}\s?(?:m|min|mins|minutes?|minuten?|['’′])?)(?=$|[\s,;])", re.IGNORECASE
)
"""How long something takes: ``15m``, ``15 min``, ``15``, ``1h``."""
SPANS = re.compile(r"\d|an? |eine")
DAYS = re.compile(
    r"(?:(?P<count>\d{1,3})|an?|one|eine[nr]?)\s+(?:days?|tage?)(?!\w)", re.IGNORECASE
)
AND = re.compile(r"[\s,;]+(?:(?:and|und|&)\s+)?")
"""What may stand between two of several people."""
MOST_MINUTES = 600
NONE = re.compile(r"(?:none|nobody|no one|nowhere|keine[rn]?|niemand|-|–)(?=$|[\s,;])", re.I)
MYSELF = ("me", "mich", "mir", "@me", "@mich", "@mir")

_LASTING = rf"(?:{_HOURS}|{_MINUTES}(?:\s?(?:min|mins|minutes?|minuten?)|m|['’′]))"
LASTING = re.compile(rf"{_LASTING}(?=$|[\s,;])", re.IGNORECASE)
"""How long something takes."""
LASTING_BEHIND = re.compile(_LASTING + r"(?=\s*(?:$|[@,;]|\w+=|of\s[#\d\"“„«]))", re.IGNORECASE)
"""The same, behind the text it is said of."""
ALONE = {Rhythm: re.compile(""), Length: LASTING}
ALONE_IN_TEXT = ALONE | {Length: LASTING_BEHIND}
"""Kinds of option whose value needs no word before it, and what it has to look like."""

Found = tuple[Any, int] | None
"""A value and where it ends; None where nothing there reads as its type."""


@dataclass(frozen=True)
class Reading:
    """What is needed to read words: the day it is, and who and what the words may name."""

    today: date
    calendar: WorkCalendar
    order: DateOrder | None
    actor: Person
    find_person: Callable[[UserId], Person]
    find_called: Callable[[str], Person | None]
    find_entry: Callable[[re.Match[str], Argument], Entry | None]
    old: date | None = None
    find_series: Callable[[SeriesName], tuple[Series, int] | None] = lambda _name: None
    has_text: bool = True
    stops: frozenset[str] = frozenset()
    lists_names: bool = False

    def of(self, grammar: Grammar) -> "Reading":
        """The same, of a verb: whether it takes text or names, and which words end that."""
        stops = frozenset(word for one in grammar.arguments for word in one.field.words)
        return replace(
            self, has_text=grammar.has_text, stops=stops, lists_names=grammar.lists_names
        )


def read(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    """The value of *argument* that starts at *place* in *line*, and where it ends.

    Raises `UserError` for what reads as its type but is wrong: a day in the past, an entry that
    is not there.
    """
    kind = argument.kind
    if argument.field.may_be_none and (none := NONE.match(line.text, place)):
        return None, none.end()
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(argument, line, place, now)
    return READERS.get(kind, _word)(argument, line, place, now)


def says_none(text: str) -> bool:
    """Whether *text* says that there is to be nobody, or nothing."""
    return NONE.fullmatch(text) is not None


def _date(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    if argument.field.skips and (skipped := DAYS.match(line.text, place)):
        count = int(skipped["count"] or 1)
        found = _day(argument, f"in {count + 1} wd", now, guesses=False)
        return None if found is None else (found[0], skipped.end())
    if argument.field.spans and SPANS.match(line.text, place):
        found = _day(argument, f"in {line.text[place:]}", now, guesses=False)
        if found is not None:
            return found[0], place + found[1] - len("in ")
    found = _day(argument, line.text[place:], now, guesses=not argument.is_option)
    return None if found is None else (found[0], place + found[1])


def _day(argument: Argument, text: str, now: Reading, *, guesses: bool) -> Found:
    """The day *text* starts with, or all of it, where that may be guessed."""
    facts: dict[str, Any] = {"old": now.old, "order": now.order, "calendar": now.calendar}
    facts["past"] = argument.field.past
    try:
        found = leading_date(text, now.today, **facts)
        if found is not None or not guesses:
            return found
        return read_date(text, now.today, **facts), len(text)
    except (PastDate, AmbiguousDate, ImpossibleDate) as error:
        raise unreadable_day(error, argument) from None
    except ValueError:
        return None


def _person(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    mention = line.mention_at(place)
    if mention is not None:
        return now.find_person(mention.user), mention.end
    match = WORD.match(line.text, place)
    word = match[0].rstrip(",;:") if match else ""
    if word.lower() in MYSELF:
        return now.actor, place + len(word)
    address = leading_address(line.text[place:])
    if not address and (not word.startswith("@") or len(word) == 1):
        return None
    person = now.find_called(address or word[1:])
    if person is None:
        raise no_person(argument, address or word)
    return person, place + len(address or word)


def people_at(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    """Everybody named from *place* on, by mention, handle or mail address."""
    people: dict[int, Person] = {}
    addresses: dict[str, str] = {}
    end = None
    while place < len(line.text):
        address = ADDRESS.match(line.text, place)
        if address is not None:
            addresses.setdefault(address[0].casefold(), address[0])
            end = address.end()
        elif found := _person(argument, line, place, now):
            people[found[0].id] = found[0]
            end = found[1]
        else:
            break
        gap = AND.match(line.text, end)
        if gap is None:
            break
        place = gap.end()
    return None if end is None else (People((*people.values(),), (*addresses.values(),)), end)


def _rhythm(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    return _timed(leading_rhythm, argument, line, place, now)


def _slot(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    return _timed(leading_slot, argument, line, place, now)


def _timed(
    leading: Callable[..., Found], argument: Argument, line: Line, place: int, now: Reading
) -> Found:
    text = line.text[place:]
    try:
        found = leading(text, now.today, order=now.order, calendar=now.calendar)
    except UserError as error:
        error.field = argument.name
        raise
    except (PastDate, AmbiguousDate, ImpossibleDate) as error:
        raise unreadable_day(error, argument) from None
    return None if found is None else (found[0], place + found[1])


def _series(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    words = line.text[:place].lower().split()
    name = SeriesName(
        line.text[place:],
        is_said=bool(words) and re.sub(r"=.*", "", words[-1]) in argument.names,
        may_be_text=now.has_text,
        may_be_over=argument.field.past,
        stops=now.stops,
    )
    found = now.find_series(name)
    return None if found is None else (found[0], place + found[1])


def _entry(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    match = ENTRY.match(line.text, place)
    entry = now.find_entry(match, argument) if match else None
    return None if match is None or entry is None else (entry, match.end())


def _level(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    match = re.compile(r"[1-5](?!\S)").match(line.text, place)
    return (Level(int(match[0])), match.end()) if match else None


def _number(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    match = re.compile(r"\d{1,9}(?!\S)").match(line.text, place)
    return (int(match[0]), match.end()) if match else None


def _length(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    match = LENGTH.match(line.text, place)
    if match is None:
        return None
    minutes = (
        int(match["minutes"])
        if match["minutes"]
        else round(60 * float(match["hours"].replace(",", ".")))
    )
    if not 1 <= minutes <= MOST_MINUTES:
        text = _("Between 1 and {most} minutes, please.")
        raise UserError(text.format(most=MOST_MINUTES), field=argument.name)
    return Length(minutes), match.end()


def _member(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    match = WORD.match(line.text, place)
    if match is None:
        return None
    word = match[0].lower().rstrip(",;:")
    if argument.kind is Rag and word in COLOURS:
        return COLOURS[word], match.end()
    if argument.kind is Weekday and word.rstrip(".") in WEEKDAYS:
        return list(Weekday)[WEEKDAYS[word.rstrip(".")]], match.end()
    return (argument.kind(word), match.end()) if word in list(argument.kind) else None


def _time(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    match = HOUR.match(line.text, place)
    if match is None:
        return None
    hour, minute, sign = int(match["hour"]), int(match["minute"] or 0), match["sign"]
    if sign and sign.lower() in HALVES:
        hour = hour % 12 + HALVES[sign.lower()] if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        text = _("No clock shows `{text}`; write it like `16:00`.")
        raise UserError(text.format(text=match[0].strip(" -–")), field=argument.name)
    return time(hour, minute), match.end()


HALVES = {"am": 0, "pm": 12}


def _word(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    for name, word in argument.field.called:
        match = re.compile(rf"{re.escape(_(name).rstrip('?'))}\??(?!\S)", re.IGNORECASE).match(
            line.text, place
        )
        if match and line.text[place : match.end()].lower() != word:
            return word, match.end()
    if argument.field.name and (end := leading_quotation(line.text[place:])):
        return line.text[place + 1 : place + end - 1], place + end
    match = WORD.match(line.text, place)
    return (_choice(argument, match[0]), match.end()) if match else None


def _choice(argument: Argument, word: str) -> str:
    """*word*, where it is one of those there are to choose from."""
    choices = argument.field.choices
    if not choices or word.lower() in choices:
        return word.lower() if choices else word
    raise no_choice(argument, word)


READERS: dict[Any, Callable[[Argument, Line, int, Reading], Found]] = {
    date: _date,
    Person: _person,
    Entry: _entry,
    Level: _level,
    int: _number,
    Length: _length,
    time: _time,
    Word: _word,
    People: people_at,
    Rhythm: _rhythm,
    Slot: _slot,
    Series: _series,
}
