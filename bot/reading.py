"""Reading one value: a day, a person, an entry, a colour or a number, where it stands in a line."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from bot.dates import (
    WEEKDAYS,
    AmbiguousDate,
    DateOrder,
    ImpossibleDate,
    PastDate,
    format_day,
    leading_date,
    read_date,
)
from bot.errors import UserError
from bot.grammar import Argument, Grammar
from bot.language import _, current
from bot.people import Person
from bot.register import Entry
from bot.typed import Line, flat
from bot.values import Level, Rag, UserId, Weekday, Word
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
SPANS = re.compile(r"\d|an? |eine")
MYSELF = ("me", "mich", "mir", "@me", "@mich", "@mir")

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


def read(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    """The value of *argument* that starts at *place* in *line*, and where it ends.

    Raises `UserError` for what reads as its type but is wrong: a day in the past, an entry that
    is not there.
    """
    kind = argument.kind
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member(argument, line, place, now)
    return READERS.get(kind, _word)(argument, line, place, now)


def _date(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    if argument.field.spans and SPANS.match(line.text, place):
        found = _day(argument, f"in {line.text[place:]}", now)
        if found is not None:
            return found[0], place + found[1] - len("in ")
    found = _day(argument, line.text[place:], now)
    return None if found is None else (found[0], place + found[1])


def _day(argument: Argument, text: str, now: Reading) -> Found:
    """The day *text* starts with."""
    facts: dict[str, Any] = {"old": now.old, "order": now.order, "calendar": now.calendar}
    facts["past"] = argument.field.past
    try:
        found = leading_date(text, now.today, **facts)
        if found is not None or argument.is_option:
            return found
        return read_date(text, now.today, **facts), len(text)
    except (PastDate, AmbiguousDate, ImpossibleDate) as error:
        raise UserError(_no_day(error, text), field=argument.name) from None
    except ValueError:
        return None


def _no_day(error: ValueError, text: str) -> str:
    """Why a text that names a day is refused."""
    if isinstance(error, PastDate):
        return past_day(error.day, error.proposal)
    if isinstance(error, AmbiguousDate):
        one, other = (format_day(day, current()) for day in error.choices)
        question = _("Is that {one} or {other}? Please write the month as a word.")
        return question.format(one=one, other=other)
    return _("No plan knows such a day: `{text}`.").format(text=flat(text)[:40])


def past_day(day: date, proposal: date) -> str:
    """Why a day in the past is refused, with one that would do."""
    question = _("{day} is in the past. Do you mean {proposal}?")
    return question.format(day=format_day(day, current()), proposal=format_day(proposal, current()))


def _person(argument: Argument, line: Line, place: int, now: Reading) -> Found:
    mention = line.mention_at(place)
    if mention is not None:
        return now.find_person(mention.user), mention.end
    match = WORD.match(line.text, place)
    word = match[0].rstrip(",;:") if match else ""
    if word.lower() in MYSELF:
        return now.actor, place + len(word)
    if not word.startswith("@") or len(word) == 1:
        return None
    person = now.find_called(word[1:])
    if person is None:
        text = _(
            "I do not know `{word}`. Type @ and pick the person from Slack's list, or put the text"
            " into quotation marks."
        )
        raise UserError(text.format(word=word), field=argument.name)
    return person, place + len(word)


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
    match = WORD.match(line.text, place)
    return (_choice(argument, match[0]), match.end()) if match else None


def _choice(argument: Argument, word: str) -> str:
    """*word*, where it is one of those there are to choose from."""
    choices = argument.field.choices
    if not choices or word.lower() in choices:
        return word.lower() if choices else word
    close = get_close_matches(word.lower(), choices, 1)
    text = _("I know no {label} `{word}`.")
    if close:
        text += " " + _("Did you mean `{close}`?")
    text += " " + _("There are: {choices}.")
    told = text.format(
        label=_(argument.field.label).lower(),
        word=flat(word)[:40],
        close=close[0] if close else "",
        choices=", ".join(f"`{choice}`{_called(argument, choice)}" for choice in choices),
    )
    raise UserError(told, field=argument.name)


def _called(argument: Argument, choice: str) -> str:
    """The other name of *choice*, in brackets."""
    name = next((name for name, word in argument.field.called if word == choice), choice)
    return "" if name.lower() == choice else f" ({_(name)})"


READERS: dict[Any, Callable[[Argument, Line, int, Reading], Found]] = {
    date: _date,
    Person: _person,
    Entry: _entry,
    Level: _level,
    int: _number,
    time: _time,
    Word: _word,
}


def from_form(
    grammar: Grammar, fields: dict[str, str | None], now: Reading, subject: dict[str, Any]
) -> dict[str, Any]:
    """The values of a filled-in form: what is chosen there needs no reading, only checking.

    Raises `UserError`, naming the field, for a day in the past that was not there before.
    """
    values: dict[str, Any] = {}
    for argument in grammar.arguments:
        raw = fields.get(argument.name)
        if raw is None:
            if argument.name in fields and argument.default is None:
                values[argument.name] = None
            continue
        value = _chosen(argument, raw, now)
        if isinstance(value, date):
            _check_day(argument, value, now, subject)
        values[argument.name] = value
    return values


def _chosen(argument: Argument, raw: str, now: Reading) -> Any:
    if argument.kind is date:
        return date.fromisoformat(raw)
    if argument.kind is Person:
        return now.find_person(UserId(raw))
    if argument.kind is str:
        return raw
    if argument.kind is time:
        return time.fromisoformat(raw)
    found = read(argument, Line(raw), 0, now)
    return found[0] if found else None


def _check_day(argument: Argument, day: date, now: Reading, subject: dict[str, Any]) -> None:
    is_as_before = any(getattr(entry, "due", None) == day for entry in subject.values())
    if day < now.today and not argument.field.past and not is_as_before:
        proposal = now.calendar.next_working(now.today)
        raise UserError(past_day(day, proposal), field=argument.name)
