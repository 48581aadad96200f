"""Several: what one line asks of several entries is asked of each of them."""

import re

from bot.command import Verb
from bot.errors import UnclearError
from bot.language import _
from bot.reading import ENTRY
from bot.register import Entry
from bot.typed import Line, Span, quoted

SIGN = re.compile(r"\s*(?:[,;&]|(?:and|und)\b)\s*", re.IGNORECASE)
BLANK = re.compile(r"\s+")


def one_by_one(verb: Verb, line: Line) -> list[Line]:
    """*line* once for each entry it starts with, where *verb* changes what it is about.

    Raises `UnclearError` where a name behind the first may be the beginning of a text.
    """
    spans, is_listed = _names(line.text) if _is_about_one(verb) else ([], True)
    if len(spans) < 2:
        return [line]
    first, last = spans[0][0], spans[-1][1]
    behind = line.part(last)
    if behind.text and not is_listed and _may_be_text(verb):
        raise _unclear(line, spans)
    names = {line.text[start:end].upper(): (start, end) for start, end in reversed(spans)}
    ordered = sorted(names.values())
    return [line.without([(first, start), (end, last)]) for start, end in ordered]


def _is_about_one(verb: Verb) -> bool:
    kinds = [argument.kind for argument in verb.grammar.arguments]
    return verb.writes and kinds.count(Entry) == 1 and verb.grammar.places[0].kind is Entry


def _may_be_text(verb: Verb) -> bool:
    """Whether a text may stand right behind the name."""
    for argument in verb.grammar.places[1:]:
        if argument.kind is str or argument.is_required:
            return argument.kind is str
    return False


def _names(text: str) -> tuple[list[Span], bool]:
    """Where the names stand that *text* starts with, and whether signs part them all.

    They are all of one register: in ``score R7 i5``, the second is none.
    """
    spans: list[Span] = []
    letters: set[str] = set()
    place, is_listed, is_parted = 0, True, True
    while match := ENTRY.match(text, place):
        letters.add((match[2] or "").upper())
        if len(letters) > 1 or (spans and not match[2]):
            break
        sign = SIGN.match(text, match.end())
        gap = sign or BLANK.match(text, match.end())
        is_listed = is_listed and is_parted
        spans.append(match.span())
        is_parted = sign is not None
        place = gap.end() if gap else len(text)
    return spans, is_listed


def _unclear(line: Line, spans: list[Span]) -> UnclearError:
    """Whether the names behind the first are meant too, or begin a text."""
    first, *others = [line.text[start:end] for start, end in spans]
    behind = line.part(spans[0][1])
    all_of_them = ", ".join((first, *others))
    text = _("Is `{other}` meant too, or does it begin the text? Both: `{all}`; else, quote it.")
    choices = (
        (all_of_them, f"{all_of_them} {line.part(spans[-1][1]).encoded()}"),
        (_("Only {name}").format(name=first), f"{first} {Line(quoted(behind.text)).encoded()}"),
    )
    told = text.format(other=others[0], all=all_of_them)
    return UnclearError(told, choices, instead=line.text[spans[0][0] :], is_exact=True)
