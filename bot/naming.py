"""Which project a line names: ``in BETA`` anywhere, or ``BETA-A12`` in front."""

import re
from collections.abc import Callable
from difflib import get_close_matches

from bot.context import Context
from bot.errors import RefusedError, UnclearProjectError
from bot.language import _
from bot.projects import Project, hosted_by
from bot.reading import ENTRY
from bot.register import AnyRegister
from bot.registers import with_letter
from bot.rights import my_projects, project_in
from bot.typed import Line, quotations

IN_PROJECT = re.compile(r"(?:^|(?<=\s))in\s+([A-Z][A-Z0-9]{1,9})(?=$|[\s,;:.])")
SURE = "sure=yes"
IS_SURE = re.compile(rf"(?<=\s){SURE}(?=$|\s)")
LAST_PROJECT = re.compile(r"(?:^|\s)in\s+([A-Z][A-Z0-9]{2,9})\s*$")


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
    return line, None


def sure_said(line: Line) -> tuple[Line, bool]:
    """*line* without what says that somebody is sure, and whether it says so; a choice may stand
    behind it."""
    match = IS_SURE.search(line.text)
    return (line.without([match.span()]), True) if match else (line, False)


def project_unknown(line: Line) -> str | None:
    """A key at the end of *line* that looks like a project's, where none was read there."""
    match = LAST_PROJECT.search(line.text)
    return match[1] if match else None


def project_called(context: Context, key: str, line: str = "") -> Project:
    """The project called *key*, which was typed behind *line*.

    Raises `RefusedError`, with the most similar of those the actor may read, where there is none.
    """
    try:
        return project_in(context.session, context.rights, None, key)
    except RefusedError as refused:
        known = [project.key for project in my_projects(context.session, context.rights)]
        close = get_close_matches(key.upper(), known, 1)
        if not close:
            raise
        text = _("{refusal} Did you mean `{close}`?").format(refusal=refused, close=close[0])
        instead = f"{line} in {close[0]}" if line else None
        raise RefusedError(text, refused.project_id, line=instead, label=_("Run it")) from None


def project_near(context: Context, key: str | None) -> Project | None:
    """The project called *key*, else the one here; None where no single one is near."""
    if key is not None:
        return project_called(context, key.strip())
    try:
        return project_in(context.session, context.rights, context.place.channel, None)
    except UnclearProjectError:
        return None


def only_home(context: Context, line: Line, register: AnyRegister | None) -> str | None:
    """Of several projects that live here, the one alone that has the entry *line* starts with.

    Where its name bears no letter, it is of *register*.
    """
    match, channel = ENTRY.match(line.text), context.place.channel
    here = hosted_by(context.session, channel) if match and channel else []
    if match is None or len(here) < 2:
        return None
    kept = with_letter(match[2]) if match[2] else register
    readable = context.rights.readable(here) if kept else []
    number = int(match[3])
    homes = [p.key for p in readable if kept and kept.find(context.session, p, number)]
    return homes[0] if len(homes) == 1 else None


def project_of_entry(line: Line) -> str | None:
    """The key before the entry *line* starts with, such as ``BETA-A12``."""
    entry = ENTRY.match(line.text)
    return entry[1].upper() if entry and entry[1] else None
