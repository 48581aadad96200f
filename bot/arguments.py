"""The arguments of a verb, read from what was typed.

Positional parameters are read in their order, keyword-only ones wherever they stand as
``name=value``, ``word value`` or ``p4``; the last text takes what is left, to the letter.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.bare_values import BEHIND, SEPARATOR, Finder, bare_finders, require_alone
from bot.complaints import beside_name, left_over, no_day, no_option, unreadable
from bot.dates import nearly_day
from bot.errors import UserError
from bot.grammar import Argument, Grammar
from bot.language import _
from bot.people import Person
from bot.reading import ALONE, ALONE_IN_TEXT, WORD, Found, Reading, read
from bot.register import TITLE_LIMIT as TEXT_LIMIT
from bot.register import Entry
from bot.typed import Line, Span, quotations, unquoted
from bot.values import Level

NAMED = re.compile(r"([^\W\d]\w*)=")
COMPACT = re.compile(r"([a-z])(\d)(?!\S)", re.IGNORECASE)


class IncompleteError(UserError):
    """Something needed was not typed; a form asks for it."""


def parse(
    grammar: Grammar, line: Line, reading: Reading, *, lenient: bool = False
) -> dict[str, Any]:
    """Read *line* by *grammar*: the values by name.

    Raises `UserError` for what cannot be read and `IncompleteError` for what is missing, unless
    *lenient*: then whatever can be read is, for a form to start from.
    """
    return _Parser(grammar, line, reading.of(grammar), lenient).parse()


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
        self.line = self.line.without(map(self._with_comma, self.cuts))
        self._bare_values()
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
            sign = SEPARATOR.match(self.line.text, value[1])
            self.line = self.line.part(sign.end() if sign else value[1])

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

    def _with_comma(self, cut: Span) -> Span:
        """An option at either end, with the comma that parted it from the text."""
        start, end = cut
        before, behind = self.line.text[:start].rstrip(), self.line.text[end:]
        if not before and (sign := SEPARATOR.match(behind)):
            end += sign.end()
        if not behind.strip() and before.endswith(","):
            start = len(before) - 1
        return start, end

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
            self._take(argument, self._level(argument, compact))
            return compact.end()
        return self._worded(start)

    def _level(self, argument: Argument, compact: re.Match[str]) -> Level:
        if int(compact[2]) not in list(Level):
            text = _("`{word}` is off the scale: {label} goes from 1 to 5.")
            label = _(argument.field.label).lower()
            raise UserError(text.format(word=compact[0], label=label), field=argument.name)
        return Level(int(compact[2]))

    def _option_called(self, name: str, kind: Any = None) -> Argument | None:
        wanted = name.lower()
        for argument in self.grammar.arguments:
            if wanted in argument.names and kind in (None, argument.kind):
                return argument
        return None

    def _named(self, named: re.Match[str], quoted: list[Span]) -> int:
        argument = self._option_called(named[1])
        if argument is None:
            raise no_option(self.grammar, named[1])
        if argument.kind is str:
            end = dict(quoted).get(named.end())
            if end is None:
                return self._open_text(argument, named.start(), named.end())
            self._take(argument, self.line.text[named.end() + 1 : end - 1])
            return end
        value = self._read(argument, named.end())
        if value is None:
            raise unreadable(argument, self.line.text[named.end() :])
        self._take(argument, value[0])
        return value[1]

    def _worded(self, start: int) -> int | None:
        match = WORD.match(self.line.text, start)
        word = match[0].lower() if match else ""
        shapes = ALONE_IN_TEXT if start and self.grammar.takes_text else ALONE
        for argument in self.grammar.options:
            alone = shapes.get(argument.kind)
            is_alone = alone is not None and alone.match(self.line.text, start)
            if is_alone and (value := self._read(argument, start)):
                self._take(argument, value[0])
                return value[1]
            if match and word in argument.field.words:
                behind = BEHIND.match(self.line.text, match.end())
                if behind is None:
                    return None
                if argument.kind is str:
                    return self._open_text(argument, start, behind.end())
                if value := self._read(argument, behind.end()):
                    self._take(argument, value[0])
                    return value[1]
                self._require_day(argument, behind.end())
        return None

    def _require_day(self, argument: Argument, start: int) -> None:
        """Raise `UserError` where a day was meant that nobody can read, as in ``by mid june``."""
        end = start + nearly_day(self.line.text[start:]) if argument.kind is date else start
        behind = WORD.search(self.line.text, end)
        word = behind[0].lower() if behind else ""
        is_last = not word or word[0] in "@,;:.!?(" or word in self.reading.stops
        if end > start and (is_last or NAMED.match(word) or COMPACT.match(word)):
            raise no_day(argument, self.line.text[start:end])

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
            word = (*argument.field.words, argument.name)[0]
            raise UserError(text.format(name=word), field=argument.name)
        if argument.kind is str and len(value) > TEXT_LIMIT and not self.lenient:
            text = _("{label}: that is {count} characters; {limit} is the most.")
            label = _(argument.field.label)
            said = text.format(label=label, count=f"{len(value):,}", limit=f"{TEXT_LIMIT:,}")
            raise UserError(said, field=argument.name)
        self.values[argument.name] = value

    def _bare_values(self) -> None:
        for argument, find in bare_finders(self.grammar):
            if argument.name not in self.values:
                self._take_bare(argument, find)

    def _take_bare(self, argument: Argument, find: Finder) -> None:
        try:
            found = find(argument, self.line, self.reading, self._read)
        except UserError:
            if self.lenient:
                return
            raise
        if found is not None:
            self.values[argument.name], self.line = found

    def _places(self) -> None:
        waiting = [one for one in self.grammar.places if one.name not in self.values]
        if self.grammar.takes_text:
            for argument in waiting:
                self._take_place(argument)
        else:
            waiting += [one for one in self.grammar.bare if one.name not in self.values]
            self._in_any_order(waiting)
        if self.line.text and not self.lenient:
            raise left_over(self.grammar, self.line.text)

    def _in_any_order(self, waiting: list[Argument]) -> None:
        """Read what is no text: what one cannot read, another that is *waiting* may."""
        complaint: UserError | None = None
        place = 0
        while self.line.text and place < len(waiting):
            try:
                is_taken = self._take_place(waiting[place])
            except UserError as error:
                complaint, is_taken = error, False
            if is_taken:
                del waiting[place]
                complaint = None
            place = 0 if is_taken else place + 1
        if self.line.text and complaint is not None:
            raise complaint

    def _take_place(self, argument: Argument) -> bool:
        """Read *argument* where the line starts; whether anything there is its value."""
        if argument.kind is str:
            self._take_text(argument)
            return True
        value = self._read_place(argument)
        if value is not None:
            self.values[argument.name] = value[0]
            sign = SEPARATOR.match(self.line.text, value[1])
            self.line = self.line.part(sign.end() if sign else value[1])
        return value is not None

    def _read_place(self, argument: Argument) -> tuple[Any, int] | None:
        try:
            value = self._read(argument, self._behind_word(argument)) or self._read(argument, 0)
        except UserError:
            if self.lenient:
                return None
            raise
        if value is None and argument.is_required and self.line.text and not self.lenient:
            raise unreadable(argument, self.line.text)
        return value

    def _behind_word(self, argument: Argument) -> int:
        """Where the value starts: ``to`` in ``give A12 to @ben`` only introduces it."""
        match = WORD.match(self.line.text)
        if match is None or match[0].lower() not in argument.field.words:
            return 0
        behind = BEHIND.match(self.line.text, match.end())
        return behind.end() if behind else 0

    def _take_text(self, argument: Argument) -> None:
        is_name = argument.field.name and not self.lenient
        if is_name and (rest := beside_name(self.grammar, self.line.text)):
            raise left_over(self.grammar, rest)
        text = unquoted(self.line).text
        if text.strip():
            self._take(argument, text)
        self.line = Line("")

    def _complain_of_gaps(self) -> None:
        for argument in self.grammar.arguments:
            if argument.is_required and argument.name not in self.values:
                text = _("{label} is missing.")
                raise IncompleteError(
                    text.format(label=_(argument.field.label)), field=argument.name
                )

    def _read(self, argument: Argument, place: int) -> Found:
        found = read(argument, self.line, place, self.reading)
        if found is not None and argument.kind is Person and not self.lenient:
            require_alone(argument, self.line, found, self.reading)
        return found
