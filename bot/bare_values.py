"""Bare values: people and days that stand in a line without a word that introduces them."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from bot.complaints import one_person
from bot.dates import nearly_day
from bot.errors import UserError
from bot.grammar import Argument, Grammar
from bot.people import Person, leading_address
from bot.reading import AND, WORD, Found, Reading
from bot.typed import Line, Mention, quotations

BEHIND = re.compile(r"\s+(?=\S)")
SEPARATOR = re.compile(r"[,;:](?!\S)")
VERSION = re.compile(r"\d{1,2}[./]\d{1,2}")
"""What before a text may be the number of a release as well as a day: ``2.10 is out``."""
POSSIBLE_DAY = re.compile(r"\s(?=\d|[^\W\d_]{3,9}\.?\s+\d)")
"""Where a day may begin that has a number in it, as ``30 june`` and ``June 30`` have."""
ENDS = re.compile(r"[\s,;:]|$")
PREPOSITIONS = frozenset(
    "to with for from by of and an at on via als mit für von und bei zu or oder after before"
    " ask tell call see frag frage".split()
)
"""Behind one of these, a person named last is part of the text, not its owner."""

Read = Callable[[Argument, int], Found]
Finder = Callable[[Argument, Line, Reading, Read], tuple[Any, Line] | None]
"""What finds a bare value in a line, and leaves the rest of it."""


def bare_finders(grammar: Grammar) -> Iterator[tuple[Argument, Finder]]:
    """What may stand bare in a line, and how it is found, in the order it is looked for."""
    kinds: dict[Any, Finder] = {Person: bare_person, date: bare_day}
    for kind, find in kinds.items():
        yield from ((one, find) for one in grammar.bare if one.kind is kind)
    yield from ((one, leading_day) for one in grammar.options if one.field.leads)


def bare_person(
    argument: Argument, line: Line, reading: Reading, read: Read
) -> tuple[Person, Line] | None:
    """Who stands first or last in *line*, and what else does."""
    if found := _first_person(argument, line, read):
        sign = SEPARATOR.match(line.text, found[1])
        return found[0], line.part(sign.end() if sign else found[1])
    last = _last_people(line)
    before = line.text[: last[0].start].split() if last else []
    if not before or before[-1].lower() in PREPOSITIONS:
        return None
    people = [reading.find_person(mention.user) for mention in last]
    if len({person.id for person in people}) > 1:
        raise one_person(argument, people[0], people[-1], has_text=reading.has_text)
    return people[-1], line.part(0, last[0].start)


def _first_person(argument: Argument, line: Line, read: Read) -> Found:
    """Who *line* starts with; a mail address of nobody in Slack is text like any other."""
    is_address = leading_address(line.text) != ""
    if not is_address and not line.text.startswith("@"):
        return None
    try:
        return read(argument, 0)
    except UserError:
        if is_address:
            return None
        raise


def _last_people(line: Line) -> list[Mention]:
    """Those named at the end of *line*, one right behind the other."""
    found: list[Mention] = []
    start = len(line.text)
    for mention in reversed(line.mentions):
        if line.text[mention.end : start].strip(" ,;&"):
            break
        found.insert(0, mention)
        start = mention.start
    return found


def require_alone(argument: Argument, line: Line, found: tuple[Person, int], now: Reading) -> None:
    """Raise `UserError` where behind somebody who was *found*, another is named."""
    gap = AND.match(line.text, found[1])
    other = _person_at(line, gap.end(), now) if gap else None
    if other is not None and other.id != found[0].id:
        raise one_person(argument, found[0], other, has_text=now.has_text)


def _person_at(line: Line, place: int, now: Reading) -> Person | None:
    """Who is named at *place*; not where that is part of a word, as in ``@ben's``."""
    mention = line.mention_at(place)
    if mention is not None:
        return now.find_person(mention.user) if ENDS.match(line.text, mention.end) else None
    match = WORD.match(line.text, place)
    word = match[0].rstrip(",;:") if match else ""
    return now.find_called(word[1:]) if word.startswith("@") and len(word) > 1 else None


def bare_day(
    argument: Argument, line: Line, reading: Reading, read: Read
) -> tuple[date, Line] | None:
    """The day at the end of *line*, and what stands before it.

    Behind a title in quotation marks or a list of names any will do; else only one with a number
    in it.
    """
    try:
        title = next(iter(quotations(line.text)), (1, 1))
    except ValueError:
        return None
    is_quoted = title[0] == 0
    pattern = BEHIND if is_quoted or reading.lists_names else POSSIBLE_DAY
    start = title[1] if is_quoted else 0
    for behind in pattern.finditer(line.text, start):
        found = read(argument, behind.end())
        if found is not None and found[1] == len(line.text):
            return found[0], line.part(0, behind.start())
        if is_quoted:
            return None
    return None


def leading_day(
    argument: Argument, line: Line, reading: Reading, read: Read
) -> tuple[date, Line] | None:
    """The day *line* starts with, where it has come, and what stands behind it.

    Before more words, what is yet to come, may be one of two days or counts something else is
    text like any other; where it is all there is, a day was meant, for the verb to judge.
    """
    try:
        found = read(argument, 0)
    except UserError:
        if nearly_day(line.text) == len(line.text) or not BEHIND.search(line.text):
            raise
        return None
    if found is None or not ENDS.match(line.text, found[1]):
        return None
    sign = SEPARATOR.match(line.text, found[1])
    rest = line.part(sign.end() if sign else found[1])
    counts = sign is None and VERSION.fullmatch(line.text, 0, found[1])
    return (found[0], rest) if not rest.text or (found[0] <= reading.today and not counts) else None
