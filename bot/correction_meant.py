"""Which line of which draft shall read otherwise, by what who runs the meeting said of it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.approvals import standing_of
from bot.context import Context
from bot.errors import UnclearError, UserError
from bot.hosting import require_host
from bot.language import _
from bot.meetings import is_host
from bot.messages import shortened
from bot.minutes import Approval, Minutes, drafts
from bot.minutes_meant import (
    LABEL,
    draft_called,
    meeting_of,
    objection_meant,
    of_day,
    which_minutes,
    which_objection,
)
from bot.minutes_views import lines_of, lines_with, shown_line
from bot.rights import Right

QUOTED = 300
_OFFERED = 19  # lines to choose from, beside a new one
_NUMBERED = re.compile(r"(?:line|zeile)\s+(?P<number>\d{1,3})\s*:\s*(?=\S)", re.IGNORECASE)
_START = re.compile(r"(?:\S+ )??[A-Z]\d{1,9} · |[^\W\d][^:·]{0,40}: ")
"""What a line is known by: ``Action A1 · ``, ``Chair: ``."""


@dataclass(frozen=True)
class Told:
    """What was said of the line beside its new words: it, its number, its minutes."""

    quote: str | None = None
    line: int | None = None
    day: date | None = None
    minutes: int | None = None
    objection: int | None = None


@dataclass(frozen=True)
class Correction:
    """A *line* of *minutes* shall read as *words*, or they stand there beside, which follows an
    *objection* or none."""

    minutes: Minutes
    line: str | None
    words: str
    objection: Approval | None


_Change = tuple[str | None, str]
"""A line as it stands in the text, None for a new one, and its new words."""


def correction_meant(context: Context, words: str, told: Told) -> Correction:
    """What the actor, who has to run the meeting, wants to read as *words*.

    Raises `UserError` where nothing is like that, `UnclearError` where several lines, minutes or
    objections may be meant.
    """
    if told.objection is not None:
        said, draft = objection_meant(context, told.objection)
        line, new = _one_of(draft.text, _changes(draft.text, words, told)) or (said.quote, words)
        return Correction(draft, line, new, said)
    known = _drafts(context, told)
    found = [(draft, _changes(draft.text, words, told)) for draft in known]
    found = [(draft, changes) for draft, changes in found if changes]
    if not found:
        return _answering(context, known, words, told)
    if len(found) > 1:
        raise which_minutes(context, [meeting_of(context, draft) for draft, _changes in found])
    draft = draft_called(context, found[0][0].id)
    line, new = _one_of(draft.text, found[0][1]) or (None, words)
    return Correction(draft, line, new, _answered(context, draft, line))


def _drafts(context: Context, told: Told) -> list[Minutes]:
    """The drafts the actor may correct, of those that were named."""
    if told.minutes is not None:
        named = draft_called(context, told.minutes)
        require_host(context, meeting_of(context, named))
        return [named]
    waiting = drafts(context.session, [context.project.id])
    if not waiting:
        text = _("No minutes wait for approval. `meet reopen` makes a new version of approved ones,"
                 " which can be corrected.")  # fmt: skip
        raise UserError(text)
    if told.day is not None:
        held = of_day(context, [meeting for _minutes, meeting in waiting], told.day)
        waiting = [(minutes, meeting) for minutes, meeting in waiting if meeting in held]
    may_all = context.may(Right.HOST)
    mine = [minutes for minutes, meeting in waiting if may_all or is_host(context.actor, meeting)]
    if not mine:
        require_host(context, waiting[0][1])
    return mine


def _changes(text: str, words: str, told: Told) -> list[_Change]:
    """The lines of *text* that are meant, with their new words; none where nothing says so."""
    numbered = _NUMBERED.match(words) if not (told.quote or told.line is not None) else None
    if told.line is not None:
        line = _line(text, told.line)
        return [(line, _in_place(line, told.quote, words) if line and told.quote else words)]
    if numbered is not None:
        return [(_line(text, int(numbered["number"])), words[numbered.end() :])]
    if told.quote:
        quote = told.quote
        return [(line, _in_place(line, quote, words)) for line in lines_with(text, quote)]
    start = _START.match(words)
    begun = start[0].casefold() if start else ""
    alike = [line for line in lines_of(text) if shown_line(line).casefold().startswith(begun)]
    return [(alike[0], words)] if start and len(alike) == 1 else []


def _line(text: str, number: int) -> str | None:
    """The line of *text* with that number, counted as people read them; None for 0, a new one."""
    lines = lines_of(text)
    if number > len(lines):
        told = _("There is no line {number}: these minutes have {count}.")
        raise UserError(told.format(number=number, count=len(lines)))
    return lines[number - 1] if number else None


def _in_place(line: str, quote: str, words: str) -> str:
    """How *line* reads with *words* in place of what was quoted of it.

    Who types more than that, the line as it begins or as it ends, means all of it.
    """
    pattern = r"\s+".join(map(re.escape, quote.split()))
    found = re.search(pattern, shown_line(line), re.IGNORECASE)
    if found is None:
        return words
    before, after = found.string[: found.start()], found.string[found.end() :]
    is_whole = (before and words.startswith(before)) or (after and words.endswith(after))
    return words if is_whole else f"{before}{words}{after}"


def _one_of(text: str, changes: Sequence[_Change]) -> _Change | None:
    """The only one of *changes* of *text*, None of none. Raises `UnclearError` for several."""
    if len(changes) > 1:
        raise _which(text, {line for line, _words in changes})
    return changes[0] if changes else None


def _which(text: str, among: Collection[str | None] = ()) -> UnclearError:
    """Ask which line of *text* is meant: of all, unless told, or a new one."""
    known = [(n, line) for n, line in enumerate(lines_of(text), 1) if not among or line in among]
    choices = [
        (f"{number} · {shortened(shown_line(line), LABEL)}", f"line={number}")
        for number, line in known[:_OFFERED]
    ]
    if not among:
        choices.append((_("None of them: add it"), "line=0"))
    told = _("Which line? `quote=` takes some words of it, `line=` its number.")
    return UnclearError(told, tuple(choices), field="quote")


def _answering(context: Context, known: Sequence[Minutes], words: str, told: Told) -> Correction:
    """What *words* correct where they tell no line: that of the only objection to *known*."""
    if told.quote:
        text = _("No line of the minutes says “{quote}”.")
        raise UserError(text.format(quote=shortened(told.quote, QUOTED)), field="quote")
    open_ = {said.id: said for draft in known for said in _objections(context, draft)}
    if len(open_) > 1:
        raise which_objection(open_.values())
    if open_:
        said, draft = objection_meant(context, next(iter(open_)))
        return Correction(draft, said.quote, words, said)
    if len(known) > 1:
        raise which_minutes(context, [meeting_of(context, draft) for draft in known])
    raise _which(known[0].text)


def _answered(context: Context, draft: Minutes, line: str | None) -> Approval | None:
    """The objection a correction of *line* follows: to that line, else to all of *draft*."""
    if line is None:
        return None
    open_ = _objections(context, draft)
    about = [said for said in open_ if said.quote == line]
    about = about or [said for said in open_ if not said.quote]
    if len(about) > 1:
        raise which_objection(about)
    return about[0] if about else None


def _objections(context: Context, draft: Minutes) -> list[Approval]:
    asked = standing_of(context.session, draft).asked
    return [one.objection for one in asked if one.objection is not None]
