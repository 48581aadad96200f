"""The grammar of typed text: a verb's signature says what is typed.

Positional parameters are read in their order, keyword-only ones wherever they stand as
``name=value``, ``word value`` or ``p4``; the last text takes what is left, to the letter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from inspect import Parameter, signature
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from bot.dates import (
    AmbiguousDate,
    DateOrder,
    ImpossibleDate,
    PastDate,
    format_day,
    leading_date,
    read_date,
)
from bot.errors import UserError
from bot.fields import Field
from bot.language import _, current
from bot.people import Person
from bot.register import Entry
from bot.typed import Line, Span, flat, quotations, unquoted
from bot.values import Level, Rag, UserId
from bot.workdays import WorkCalendar

WORD = re.compile(r"\S+")
NAMED = re.compile(r"([^\W\d]\w*)=")
COMPACT = re.compile(r"([a-z])([1-5])(?!\S)", re.IGNORECASE)
PREPOSITIONS = frozenset(
    [
        "to",
        "with",
        "for",
        "from",
        "by",
        "of",
        "and",
        "an",
        "at",
        "on",
        "via",
        "als",
        "mit",
        "für",
        "von",
        "und",
        "bei",
        "zu",
        "an",
        "or",
        "oder",
        "after",
        "before",
        "ask",
        "tell",
        "call",
        "see",
        "frag",
        "frage",
    ]
)
COLOURS = {
    "g": Rag.GREEN, "grün": Rag.GREEN, "gruen": Rag.GREEN,
    "a": Rag.AMBER, "yellow": Rag.AMBER, "gelb": Rag.AMBER,
    "r": Rag.RED, "rot": Rag.RED,
}  # fmt: skip


class IncompleteError(UserError):
    """Something needed was not typed; a form asks for it."""


@dataclass(frozen=True)
class Argument:
    """One parameter of a verb."""

    name: str
    kind: Any
    field: Field
    is_required: bool
    is_option: bool
    default: Any

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand before ``=``."""
        return tuple(dict.fromkeys((self.name.rstrip("_"), *self.field.words)))

    def usage(self) -> str:
        """How it is shown in a usage line, such as ``[by DATE]``."""
        shown = self.field.shown or (
            f"{self.names[0]}=…" if self.is_option else self.names[0].upper()
        )
        return shown if self.is_required else f"[{shown}]"


@dataclass(frozen=True)
class Grammar:
    """What a verb understands."""

    arguments: tuple[Argument, ...]

    @property
    def places(self) -> list[Argument]:
        return [argument for argument in self.arguments if not argument.is_option]

    @property
    def options(self) -> list[Argument]:
        return [argument for argument in self.arguments if argument.is_option]

    def usage(self) -> str:
        """The arguments as the help shows them."""
        return "".join(f" {a.usage()}" for a in self.arguments if not a.field.typed_only)


@dataclass(frozen=True)
class Reading:
    """What is needed to read words: the day it is, and who and what the words may name."""

    today: date
    calendar: WorkCalendar
    order: DateOrder | None
    actor: Person
    find_person: Callable[[UserId], Person]
    find_called: Callable[[str], Person | None]
    find_entry: Callable[[re.Match[str], Any], Entry | None]
    old: date | None = None


def grammar_of(function: Callable[..., Any], skip: int = 0) -> Grammar:
    """The grammar a signature stands for, less its first *skip* parameters."""
    parameters = list(signature(function, eval_str=True).parameters.values())[skip:]
    return Grammar(tuple(_argument(parameter) for parameter in parameters))


def _argument(parameter: Parameter) -> Argument:
    kind, told = parameter.annotation, None
    if get_origin(kind) is Annotated:
        kind, *rest = get_args(kind)
        told = next((item for item in rest if isinstance(item, Field)), None)
    if get_origin(kind) in (Union, UnionType):
        kind = next(k for k in get_args(kind) if k is not type(None))
    return Argument(
        parameter.name,
        kind,
        told or Field(parameter.name.rstrip("_").capitalize()),
        parameter.default is Parameter.empty,
        parameter.kind is Parameter.KEYWORD_ONLY,
        None if parameter.default is Parameter.empty else parameter.default,
    )


def parse(
    grammar: Grammar, line: Line, reading: Reading, *, lenient: bool = False
) -> dict[str, Any]:
    """Read *line* by *grammar*: the values by name.

    Raises `UserError` for what cannot be read and `IncompleteError` for what is missing, unless
    *lenient*: then whatever can be read is, for a form to start from.
    """
    return _Parser(grammar, line, reading, lenient).parse()


@dataclass
class _Parser:
    grammar: Grammar
    line: Line
    reading: Reading
    lenient: bool
    values: dict[str, Any] = field(default_factory=dict)
    cuts: list[Span] = field(default_factory=list)
    open: tuple[Argument, int, int] | None = None

    def parse(self) -> dict[str, Any]:
        self._leading_entries()
        self._options()
        self.line = self.line.without(self.cuts)
        self._bare_people()
        self._places()
        if not self.lenient:
            self._complain_of_gaps()
        return self.values

    # Entries come first, so that "+2 weeks" knows the old date.
    def _leading_entries(self) -> None:
        for argument in self.grammar.places:
            if argument.kind is not Entry or not (value := self._read(argument, 0)):
                return
            self.values[argument.name] = value[0]
            self.reading = replace(self.reading, old=value[0].due)
            self.line = self.line.part(value[1])

    def _options(self) -> None:
        quoted = self._quotations()
        ends = dict(quoted)
        place = 0
        while match := WORD.search(self.line.text, place):
            start = match.start()
            if start in ends:
                place = ends[start]
                continue
            end = self._lenient(self._option_at, start, quoted)
            if end is not None:
                self._close_text(start)
                if self.open is None or self.open[1] != start:
                    self.cuts.append((start, end))
            place = max(match.end(), end or 0)
        self._close_text(len(self.line.text))

    def _quotations(self) -> list[Span]:
        try:
            return quotations(self.line.text)
        except ValueError as error:
            if self.lenient:
                return []
            rest = self.line.text[error.args[0] :][:20]
            text = _("A quotation mark opens at `{rest}` and never closes.")
            raise UserError(text.format(rest=rest)) from None

    def _lenient(self, read: Callable[..., int | None], *arguments: Any) -> int | None:
        try:
            return read(*arguments)
        except UserError:
            if self.lenient:
                return None
            raise

    def _option_at(self, start: int, quoted: list[Span]) -> int | None:
        named = NAMED.match(self.line.text, start)
        if named and named.end() < len(self.line.text):
            return self._named(named, quoted)
        compact = COMPACT.match(self.line.text, start)
        if compact and (argument := self._option_called(compact[1], Level)):
            self._take(argument, Level(int(compact[2])))
            return compact.end()
        return self._worded(start)

    def _option_called(self, name: str, kind: Any = None) -> Argument | None:
        wanted = name.lower()
        for argument in self.grammar.arguments:
            if wanted in argument.names and kind in (None, argument.kind):
                return argument
        return None

    def _named(self, named: re.Match[str], quoted: list[Span]) -> int:
        argument = self._option_called(named[1])
        if argument is None:
            raise UserError(self._no_option(named[1]))
        if argument.kind is str:
            end = dict(quoted).get(named.end())
            if end is None:
                return self._open_text(argument, named.start(), named.end())
            self._take(argument, self.line.text[named.end() + 1 : end - 1])
            return end
        value = self._read(argument, named.end())
        if value is None:
            raise UserError(self._unreadable(argument, named.end()), field=argument.name)
        self._take(argument, value[0])
        return value[1]

    def _worded(self, start: int) -> int | None:
        match = WORD.match(self.line.text, start)
        word = match[0].lower() if match else ""
        for argument in self.grammar.options:
            if match and word in argument.field.words:
                behind = re.compile(r"\s+(?=\S)").match(self.line.text, match.end())
                if behind is None:
                    return None
                if argument.kind is str:
                    return self._open_text(argument, start, behind.end())
                if value := self._read(argument, behind.end()):
                    self._take(argument, value[0])
                    return value[1]
        return None

    def _open_text(self, argument: Argument, start: int, value_start: int) -> int:
        self._close_text(start)
        self.open = (argument, start, value_start)
        return value_start

    def _close_text(self, end: int) -> None:
        if self.open is None or self.open[1] == end:
            return
        argument, start, value_start = self.open
        self.open = None
        self._take(argument, unquoted(self.line.part(value_start, end)).text)
        if self.line.text[:start].rstrip().endswith(","):
            start = self.line.text.rindex(",", 0, start)
        self.cuts.append((start, end))

    def _take(self, argument: Argument, value: Any) -> None:
        if argument.name in self.values and not self.lenient:
            text = _("`{name}` stands there twice. Put what is text into quotation marks.")
            raise UserError(text.format(name=argument.names[-1]), field=argument.name)
        self.values[argument.name] = value

    def _bare_people(self) -> None:
        for argument in self.grammar.options:
            if argument.kind is Person and argument.field.bare and argument.name not in self.values:
                self._bare_person(argument)

    def _bare_person(self, argument: Argument) -> None:
        if found := self._lenient_person(argument):
            self.values[argument.name] = found[0]
            self.line = self.line.part(found[1])
            return
        last = self.line.mentions[-1] if self.line.mentions else None
        if last is None or last.end != len(self.line.text):
            return
        before = self.line.text[: last.start].split()
        if before and before[-1].lower() not in PREPOSITIONS:
            self.values[argument.name] = self.reading.find_person(last.user)
            self.line = self.line.part(0, last.start)

    def _lenient_person(self, argument: Argument) -> tuple[Any, int] | None:
        if not self.line.text.startswith("@"):
            return None
        try:
            return self._read(argument, 0)
        except UserError:
            if self.lenient:
                return None
            raise

    def _places(self) -> None:
        for argument in self.grammar.places:
            if argument.name in self.values:
                continue
            if argument.kind is str:
                self._take_text(argument)
                continue
            value = self._read_place(argument)
            if value is not None:
                self.values[argument.name] = value[0]
                self.line = self.line.part(value[1])
        if self.line.text and not self.lenient:
            text = _("I do not understand `{rest}` here.")
            raise UserError(text.format(rest=flat(self.line.text)[:200]))

    def _read_place(self, argument: Argument) -> tuple[Any, int] | None:
        try:
            value = self._read(argument, 0)
        except UserError:
            if self.lenient:
                return None
            raise
        if value is None and argument.is_required and self.line.text and not self.lenient:
            raise UserError(self._unreadable(argument, 0), field=argument.name)
        return value

    def _take_text(self, argument: Argument) -> None:
        text = unquoted(self.line).text
        if text.strip():
            self.values[argument.name] = text
        self.line = Line("")

    def _complain_of_gaps(self) -> None:
        for argument in self.grammar.arguments:
            if argument.is_required and argument.name not in self.values:
                text = _("{label} is missing.")
                raise IncompleteError(
                    text.format(label=_(argument.field.label)), field=argument.name
                )

    # --- values ---

    def _read(self, argument: Argument, place: int) -> tuple[Any, int] | None:
        """The value of *argument* that starts at *place*, and where it ends."""
        kind = argument.kind
        if kind is date:
            return self._date(argument, place)
        if kind is Person:
            return self._person(argument, place)
        match = WORD.match(self.line.text, place)
        if match is None:
            return None
        if kind is Entry:
            return self._entry(argument, place)
        value = _word_value(kind, match[0])
        return None if value is None else (value, match.end())

    def _date(self, argument: Argument, place: int) -> tuple[date, int] | None:
        text = self.line.text[place:]
        now = self.reading
        past = argument.field.past
        try:
            found = leading_date(
                text, now.today, old=now.old, order=now.order, past=past, calendar=now.calendar
            )
            if found is not None or argument.is_option:
                return None if found is None else (found[0], place + found[1])
            whole = read_date(
                text, now.today, old=now.old, order=now.order, past=past, calendar=now.calendar
            )
        except PastDate as error:
            raise UserError(_past(error), field=argument.name) from None
        except AmbiguousDate as error:
            raise UserError(_ambiguous(error), field=argument.name) from None
        except ImpossibleDate:
            message = _("There is no such day: `{text}`.")
            raise UserError(message.format(text=flat(text)[:40]), field=argument.name) from None
        except ValueError:
            return None
        return whole, len(self.line.text)

    def _person(self, argument: Argument, place: int) -> tuple[Person, int] | None:
        mention = self.line.mention_at(place)
        if mention is not None:
            return self.reading.find_person(mention.user), mention.end
        match = WORD.match(self.line.text, place)
        if match is None:
            return None
        word = match[0].rstrip(",;:")
        if word.lower() in ("me", "mich", "mir"):
            return self.reading.actor, place + len(word)
        if not word.startswith("@") or len(word) == 1:
            return None
        person = self.reading.find_called(word[1:])
        if person is None:
            text = _("I do not know `{word}`. Type @ and pick the person from Slack's list.")
            raise UserError(text.format(word=word), field=argument.name)
        return person, place + len(word)

    def _entry(self, argument: Argument, place: int) -> tuple[Entry, int] | None:
        match = ENTRY.match(self.line.text, place)
        entry = self.reading.find_entry(match, argument) if match else None
        return None if match is None or entry is None else (entry, match.end())

    def _no_option(self, name: str) -> str:
        known = [option for argument in self.grammar.arguments for option in argument.names]
        close = get_close_matches(name.lower(), known, 1)
        text = _("There is no option `{name}=` here.")
        if close:
            text += " " + _("Did you mean `{close}=`?")
        text += " " + _("If it belongs to the text, put the text into quotation marks.")
        return text.format(name=name, close=close[0] if close else "")

    def _unreadable(self, argument: Argument, place: int) -> str:
        rest = flat(self.line.text[place:])[:40]
        text = _("I cannot read `{rest}` as {label}.")
        return text.format(rest=rest, label=_(argument.field.label).lower())


ENTRY = re.compile(r"(?:([A-Za-z][A-Za-z0-9]{1,9})-)?([A-Za-z])?(\d{1,9})(?=$|[\s,;:.])")
IN_PROJECT = re.compile(r"(?:^|(?<=\s))in\s+([A-Z][A-Z0-9]{1,9})(?=$|[\s,;:.])")


def project_named(line: Line, is_project: Callable[[str], bool]) -> tuple[Line, str | None]:
    """*line* without its ``in KEY``, and the key, where one stands outside quotation marks."""
    try:
        quoted = quotations(line.text)
    except ValueError:
        quoted = []
    for match in IN_PROJECT.finditer(line.text):
        is_quoted = any(start < match.start() < end for start, end in quoted)
        if not is_quoted and is_project(match[1]):
            return line.without([match.span()]), match[1]
    entry = ENTRY.match(line.text)
    return line, entry[1].upper() if entry and entry[1] else None


def _word_value(kind: Any, word: str) -> Any:
    if kind is Level:
        return Level(int(word)) if re.fullmatch("[1-5]", word) else None
    if kind is int:
        return int(word) if re.fullmatch(r"\d{1,9}", word) else None
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        lowered = word.lower().rstrip(",;:")
        if kind is Rag and lowered in COLOURS:
            return COLOURS[lowered]
        return kind(lowered) if lowered in list(kind) else None
    return word if kind is str else None


def _past(error: PastDate) -> str:
    text = _("{day} is in the past. Do you mean {proposal}?")
    return text.format(
        day=format_day(error.day, current()), proposal=format_day(error.proposal, current())
    )


def _ambiguous(error: AmbiguousDate) -> str:
    one, other = (format_day(day, current()) for day in error.choices)
    return _("Is that {one} or {other}? Please write the month as a word.").format(
        one=one, other=other
    )


def from_form(
    grammar: Grammar, fields: dict[str, str | None], reading: Reading, subject: dict[str, Any]
) -> dict[str, Any]:
    """The values of a filled-in form: what is chosen there needs no reading, only checking.

    Raises `UserError`, naming the field, for a day in the past that was not there before.
    """
    values: dict[str, Any] = {}
    for argument in grammar.arguments:
        if argument.name not in fields:
            continue
        raw = fields[argument.name]
        value = None if raw is None else _chosen(argument, raw, reading)
        if isinstance(value, date):
            _check_day(argument, value, reading, subject)
        if value is None and argument.default is not None:
            continue
        values[argument.name] = value
    return values


def _chosen(argument: Argument, raw: str, reading: Reading) -> Any:
    if argument.kind is date:
        return date.fromisoformat(raw)
    if argument.kind is Person:
        return reading.find_person(UserId(raw))
    if argument.kind is str:
        return raw
    return _word_value(argument.kind, raw)


def _check_day(argument: Argument, day: date, reading: Reading, subject: dict[str, Any]) -> None:
    is_as_before = any(getattr(entry, "due", None) == day for entry in subject.values())
    if day < reading.today and not argument.field.past and not is_as_before:
        proposal = reading.calendar.next_working(reading.today)
        raise UserError(_past(PastDate(day, proposal)), field=argument.name)
