"""Series names: which series the words behind ``of`` mean, by number, title or its beginning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.errors import UnclearError, UserError
from bot.language import _
from bot.meetings import Series, SeriesState
from bot.messages import shortened
from bot.titles import begins
from bot.typed import flat, leading_quotation

LABEL = 60
NEAR = 0.75
_NUMBER = re.compile(r"#?(\d{1,4})(?=$|[\s,;])")
_STOP = re.compile(r"[,;]?\s+(?:@|\d|\w+=|(\w+)(?=\s))|[,;]\s")
"""What may end a name: somebody, a number, or the word or the name of an option."""


@dataclass(frozen=True)
class SeriesName:
    """Where a series may be named: *text* starts with its name, if with any.

    It *is_said* where a word such as ``of`` stands before it. It *may_be_text* where a verb takes
    some, which ends at an option's word, one of *stops*. One that ended *may_be_over* too.
    """

    text: str
    is_said: bool = False
    may_be_text: bool = True
    may_be_over: bool = False
    stops: frozenset[str] = frozenset()


def named_series(
    known: Sequence[Series], name: SeriesName, project: str
) -> tuple[Series, int] | None:
    """The series of *known* that *name* starts with, and where that ends.

    None where the words may be text. Raises `UserError` where they can only be the name of a
    series, or are near one's, and it is none: nothing may be done to another one instead.
    """
    found = _exactly(known, name.text)
    if found is not None or (name.may_be_text and not name.is_said):
        return found
    candidates = _said(name)
    for words, end in candidates:
        begun = [series for series in known if begins(series.title, words)]
        if len(begun) == 1:
            return begun[0], end
    words, end = candidates[-1]
    near = [one for one in known if any(_is_near(one, words) for words, _end in candidates)]
    is_quoted = words != name.text[:end]
    is_number = _NUMBER.fullmatch(words) is not None
    if near or is_quoted or is_number or (name.is_said and not name.may_be_text):
        may_be_text = name.may_be_text and not is_quoted
        raise _unknown(name.text[:end], words, near or known, project, may_be_text=may_be_text)
    return None


def choice_of(series: Series) -> str:
    """What a button says that chooses *series*."""
    return f"{series.number} · {shortened(series.title, LABEL)}"


def _exactly(known: Sequence[Series], text: str) -> tuple[Series, int] | None:
    if match := _NUMBER.match(text):
        found = next((s for s in known if s.number == int(match[1])), None)
        return (found, match.end()) if found else None
    if end := leading_quotation(text):
        inside = text[1 : end - 1].strip().casefold()
        best = max((s for s in known if s.title.casefold() == inside), key=_rank, default=None)
        return (best, end) if best else None
    folded = text.casefold()
    titled = [s for s in known if _starts(folded, s.title.casefold())]
    best = max(titled, key=_rank, default=None)
    return None if best is None else (best, len(best.title))


def _rank(series: Series) -> tuple[int, bool, int]:
    """The longest title is meant, and of several that have it the one that was made last."""
    return len(series.title), series.state is not SeriesState.ENDED, series.id


def _starts(text: str, title: str) -> bool:
    return re.match(re.escape(title) + r"(?!\w)", text) is not None


def _said(name: SeriesName) -> list[tuple[str, int]]:
    """The words that may be meant to name a series, the longest first, and where they end."""
    if end := leading_quotation(name.text):
        return [(name.text[1 : end - 1].strip(), end)]
    ends = [len(name.text)]
    for match in _STOP.finditer(name.text):
        if match[1] is None or match[1].lower() in name.stops:
            ends.append(match.start())
    return [(name.text[:end], end) for end in sorted(ends, reverse=True)]


def _is_near(series: Series, words: str) -> bool:
    """Whether *words*, or as many of them as its title has, are nearly the title of *series*."""
    title = series.title.casefold()
    first = " ".join(words.split()[: len(title.split())])
    said = {words.casefold(), first.casefold()}
    return begins(series.title, words) or any(
        SequenceMatcher(None, title, one).ratio() >= NEAR for one in said
    )


def _unknown(
    typed: str, words: str, known: Sequence[Series], project: str, *, may_be_text: bool
) -> UserError:
    """Why nothing is done: the words *typed* name no series, but may have meant one of *known*."""
    told = {"title": flat(words)[:80], "project": project}
    if not known:
        return UserError(_("There is no meeting “{title}” in {project}.").format(**told))
    text = _("There is no meeting “{title}” in {project}; there are:")
    if may_be_text:
        text = _("There is no meeting “{title}” in {project}. If it belongs to the text, put the"
                 " text into quotation marks. There are:")  # fmt: skip
    choices = tuple((choice_of(series), str(series.number)) for series in known)
    return UnclearError(text.format(**told), choices, instead=typed)
