"""Records: the entry a captured line became, kept as the line now says."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import inspect

from bot.agenda import AgendaItem
from bot.arguments import parse
from bot.changing import enter
from bot.context import Context
from bot.errors import UserError
from bot.grammar import grammar_of
from bot.minutes import Capture
from bot.people import Person, called, leading_address, person_of
from bot.reading import Reading
from bot.receipts import require_givable
from bot.register import WITHDRAWN, AnyRegister, Entry, check_title
from bot.registers import REGISTERS, of_kind
from bot.scribe import RECORDS, Mark, read
from bot.typed import Line, decode

BY_MARK = {Mark(register.noun): register for register in REGISTERS if register.noun in RECORDS}
"""The register whose entry a line with that mark becomes."""

_PLACE = re.compile(r"/p\d+")
_OTHERS = re.compile(r"(?:&|,|\+|and\b|und\b)\s*")
_TO = re.compile(r"(?:to|shall|soll)\s+(?=\S)", re.IGNORECASE)
_NAMED = re.compile(r"(?P<name>[^\W\d_][\w.\-']*(?: [^\W\d_][\w.\-']*){0,2}?)\s+to\s+(?=\S)")


People = Callable[[], Iterable[Person]]
"""Those a name may mean; looked for only where a line has one."""


@dataclass(frozen=True)
class Meant:
    """What a line asks for: the values of an entry, and why they are not all that was meant."""

    values: dict[str, Any]
    problem: str | None = None


def named(context: Context, raw: str) -> Line:
    """*raw* as people read it: with the names of those Slack tells only the ids of."""
    line = decode(raw)
    users = line.unnamed()
    team = context.actor.team
    return line.named({user: person_of(context.session, team, user).handle for user in users})


def settle(context: Context, capture: Capture, people: People, before: Meant | None) -> None:
    """Have the record of *capture* be as the line says; *before* is what it said until now.

    Only what the line says otherwise than before is changed: what somebody did to the record
    meanwhile stays.
    """
    context = _of_author(context, capture)
    register = BY_MARK.get(Mark(capture.mark)) if capture.mark else None
    entry = entry_of(context, capture)
    if entry is not None and (register is None or register.entry is not type(entry)):
        _withdraw(context, entry)
        # It is something else now; what was only taken back may come again.
        if capture.counts or not capture.mark:
            capture.kind = capture.object_id = None
        entry = None
    if register is None:
        return
    meant = means(context, register, capture, people)
    capture.problem = meant.problem
    is_record = capture.counts and "title" in meant.values
    if entry is not None:
        if before is not None and "title" in meant.values:
            _change(context, register, entry, before, meant)
        _restore(entry) if is_record else _withdraw(context, entry)
    elif is_record:
        entry = enter(register, context, meant.values)
        capture.kind, capture.object_id = entry.__tablename__, entry.id
    if entry is not None:
        entry.secret_of_id = _secret_of(context, capture)


def _secret_of(context: Context, capture: Capture) -> int | None:
    """The meeting of whose confidential items it was said; None for any other."""
    item = context.session.get(AgendaItem, capture.item_id) if capture.item_id else None
    return capture.meeting_id if item is not None and item.is_confidential else None


def _withdraw(context: Context, entry: Entry) -> None:
    if entry.outcome != WITHDRAWN:
        entry.withdraw(context.now)


def _restore(entry: Entry) -> None:
    if entry.outcome == WITHDRAWN:
        entry.closed_at = entry.outcome = None


def _of_author(context: Context, capture: Capture) -> Context:
    """The same call by the author of *capture*, from its line: another's may have led to it."""
    source = context.place.source
    if source is not None:
        digits = capture.ts.partition("/")[0].replace(".", "")
        source = _PLACE.sub(f"/p{digits}", source)
    context = replace(context, place=replace(context.place, source=source))
    if capture.author_id == context.actor.id:
        return context
    author = context.person(capture.author_id)
    return replace(context, actor=author, rights=context.rights.of(author))


def entry_of(context: Context, capture: Capture) -> Entry | None:
    """The entry *capture* became."""
    register = of_kind(capture.kind) if capture.kind else None
    if register is None or capture.object_id is None:
        return None
    found: Entry | None = context.session.get(register.entry, capture.object_id)
    return found


def means(context: Context, register: AnyRegister, capture: Capture, people: People) -> Meant:
    """What the words of *capture* ask of *register*, read on the day they were said."""
    context = _of_author(context, capture)
    line = named(context, capture.text)
    said = read(line.text)
    words = line.part(said.start if said else 0)
    today = context.project.local_date(capture.said_at)
    meant = _parsed(register, words, _reading(context, today))
    if register.has_deadline:
        meant = _with_name(meant, words, people)
    return _givable(context, meant)


def _parsed(register: AnyRegister, words: Line, reading: Reading) -> Meant:
    grammar = grammar_of(register.draft)
    try:
        values = parse(grammar, words, reading)
        check_title(values["title"])
        return Meant(values)
    except UserError as error:
        values = parse(grammar, words, reading, lenient=True)
        if error.field == "owner" and (first := values.pop("owner", None)) is not None:
            # Of two that are named, it is neither's yet: both stay in the text.
            values["title"] = f"@{first.handle} {values.get('title', '')}"
        if not str(values.get("title", "")).strip():
            values.pop("title", None)
        else:
            values["title"] = values["title"][:3000]
        return Meant(values, str(error))


def _reading(context: Context, today: date) -> Reading:
    none: Callable[..., None] = lambda *_words: None  # noqa: E731 - two of them, nothing to name
    return Reading(
        today=today,
        calendar=context.calendar,
        order=context.order,
        actor=context.actor,
        find_person=context.find_user,
        find_called=lambda handle: called(context.session, context.actor.team, handle),
        find_entry=none,
        find_series=none,
    )


def _with_name(meant: Meant, words: Line, people: People) -> Meant:
    """``@anna to send …`` and, of those there, ``Anna to send …``: who, and what."""
    title = meant.values.get("title")
    if title is None:
        return meant
    owner = meant.values.get("owner")
    if owner is None:
        match = _NAMED.match(title)
        owner = _one_called(match["name"], people()) if match else None
        if match is None or owner is None:
            return meant
        return replace(meant, values=meant.values | {"owner": owner, "title": title[match.end() :]})
    if _OTHERS.match(title):  # the first of several: all of them stay in the text
        return replace(meant, values=meant.values | {"title": f"@{owner.handle} {title}"})
    is_first = words.text.startswith("@") or leading_address(words.text)
    if is_first and (behind := _TO.match(title)):
        return replace(meant, values=meant.values | {"title": title[behind.end() :]})
    return meant


def is_named(words: str, person: Person) -> bool:
    """Whether *words* may start with the name of *person*."""
    match = _NAMED.match(words)
    return match is not None and _one_called(match["name"], [person]) is not None


def _one_called(name: str, people: Iterable[Person]) -> Person | None:
    """The one of *people* with that name, first name or handle."""
    wanted = name.casefold()
    found = {
        person.id: person
        for person in people
        if wanted in (person.handle.casefold(), person.name.casefold())
        or wanted == person.name.casefold().partition(" ")[0]
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _givable(context: Context, meant: Meant) -> Meant:
    owner = meant.values.get("owner")
    if owner is None:
        return meant
    try:
        require_givable(context, owner)
    except UserError as error:
        return Meant(meant.values | {"owner": None}, meant.problem or str(error))
    return meant


def _change(
    context: Context, register: AnyRegister, entry: Entry, before: Meant, meant: Meant
) -> None:
    """Bring to *entry* what the line says otherwise than before."""
    old: Entry = register.draft(**({"title": ""} | before.values))
    new: Entry = register.draft(**meant.values)
    names = {
        name
        for attribute in inspect(type(entry)).column_attrs
        if getattr(old, name := attribute.key) != getattr(new, name)
    }
    if not names:
        return
    for name in names - {"owner_id"}:
        setattr(entry, name, getattr(new, name))
    owner = meant.values.get("owner")
    if "owner_id" in names and owner is not None:
        entry.give_to(owner, context.actor)
    elif "owner_id" in names:
        entry.owner_id = None
    if entry.due is None:
        names |= entry.guarded  # a register that sets a date of its own does it anew
    elif names & entry.guarded and new.due is not None:
        names.add("due")  # the line names it, now as before
    entry.edited(context.session, context.project, context.actor, context.now, names)
