"""The audit: who changed what when, of one entry or in the project."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from bot import history
from bot.command import Command, Reply
from bot.confidentiality import untold
from bot.context import Context
from bot.entries import register_of
from bot.fields import Field
from bot.history import Change, ChangeItem
from bot.language import N_, _
from bot.messages import shortened
from bot.pages import Moment, day, moment, render
from bot.people import by_id
from bot.receipts import link_words, may_read_link
from bot.register import Entry, Link, Note
from bot.registers import of_kind
from bot.rights import Right

SHOWN = 20
TEXT_SHOWN = 80
HIDDEN = frozenset(
    "id secret_of_id project_id opened_at opened_by given_at given_by number moves closed_at"
    " superseded_by".split()
)
"""Columns that say nothing a reader of the trail misses."""
DAYS = frozenset({"due", "proposed", "baseline", "actual"})
"""Columns that hold a calendar day."""
LABELS = {
    "accepted_at": N_("accepted"),
    "actual": N_("reached"),
    "baseline": N_("baseline"),
    "blocked_by": N_("blocked by"),
    "confirmed_at": N_("confirmed"),
    "declined": N_("refusal"),
    "due": N_("due"),
    "escalated_at": N_("escalated"),
    "escalated_because": N_("escalated because"),
    "outcome": N_("outcome"),
    "owner_id": N_("owner"),
    "proposed": N_("proposed date"),
    "reviewed_at": N_("reviewed"),
    "title": N_("title"),
}
"""What columns are called, where that is not their name."""
BELONGING = (
    (Note.__tablename__, "kind", "object_id"),
    (Link.__tablename__, "from_kind", "from_id"),
    (Link.__tablename__, "to_kind", "to_id"),
)
"""The tables whose rows are part of an entry, and how they name it."""
Subject = Annotated[Entry, Field(N_("Entry"), shown="A12", any_register=True)]

AUDIT = Command("audit", N_("Who changed what when"), default="show", takes_rest=True)


@AUDIT.verb(
    "show",
    N_("the changes of one entry, or the latest of the project"),
    "{name}",
    writes=False,
    right=Right.AUDIT,
)
def show(context: Context, entry: Subject | None = None) -> Reply:
    hidden: set[int] = set()
    if entry is None:
        changes = history.of_project(context.session, context.project.id, SHOWN)
        title = _("Latest changes of {project}").format(project=context.project.name)
        hidden = untold(context.session, context.rights, context.project, changes)
        names = _names(context, [change for change in changes if change.id not in hidden])
        rows = [(change, names.get(change.id, "")) for change in changes]
    else:
        title = _("Changes of {name}").format(name=register_of(entry).name_of(entry))
        found = _found(context, entry)
        rows = _changes(context, entry, found)
        hidden = _elsewhere(context, entry, found)
    people = by_id(context.session, (change.actor_id for change, _told in rows))
    lines = [
        (
            Moment(change.at, context.zone),
            people[change.actor_id].name if change.actor_id else _("the office"),
            _("something confidential") if change.id in hidden else change.line,
            told,
            change.refused,
            change.undone_by is not None,
        )
        for change, told in rows
    ]
    return Reply(render("audit", title=title, rows=lines))


def _found(context: Context, entry: Entry) -> list[tuple[Change, ChangeItem]]:
    """What was done to *entry*, what was noted on it and what it was linked with."""
    kind = entry.__tablename__
    return history.trail(context.session, kind, entry.id, SHOWN, belonging=BELONGING)


def _changes(
    context: Context, entry: Entry, found: Sequence[tuple[Change, ChangeItem]]
) -> list[tuple[Change, str]]:
    """What each change that was *found* did, in words."""
    told: dict[int, tuple[Change, list[str]]] = {}
    for change, item in found:
        words = told.setdefault(change.id, (change, []))[1]
        if item.kind == entry.__tablename__:
            words.append(_difference(context, item))
        elif item.kind == Link.__tablename__:
            words.append(_connection(context, item, entry))
    return [(change, "; ".join(filter(None, words))) for change, words in told.values()][:SHOWN]


def _elsewhere(
    context: Context, entry: Entry, found: Sequence[tuple[Change, ChangeItem]]
) -> set[int]:
    """The changes that only linked *entry* with what the actor may not read, by their ids.

    What somebody else typed there is theirs to read.
    """
    touched: dict[int, list[bool]] = {}
    for change, item in found:
        is_hidden = (
            item.kind == Link.__tablename__
            and change.actor_id != context.actor.id
            and not may_read_link(context, _link(item), entry)
        )
        touched.setdefault(change.id, []).append(is_hidden)
    return {key for key, are_hidden in touched.items() if all(are_hidden)}


def _connection(context: Context, item: ChangeItem, entry: Entry) -> str:
    """What a change linked *entry* with, or what it cut it off from."""
    words = link_words(context, _link(item), entry)
    return words if item.before is None else _("{value}, no longer").format(value=words)


def _link(item: ChangeItem) -> Link:
    return Link(**(item.after or item.before or {}))


def _names(context: Context, changes: Sequence[Change]) -> dict[int, str]:
    """The names of the entries each of *changes* was about, where its line has them not."""
    lines = {change.id: change.line.upper().split() for change in changes}
    found: dict[int, list[str]] = {}
    for item in history.items_in(context.session, list(lines)):
        register = of_kind(item.kind)
        entry = context.session.get(register.entry, item.object_id) if register else None
        if register is not None and entry is not None and entry.project_id == context.project.id:
            name = register.name_of(entry)
            names = found.setdefault(item.change_id, [])
            if name not in (*names, *lines[item.change_id]):
                names.append(name)
    return {key: ", ".join(names) for key, names in found.items()}


def _difference(context: Context, item: ChangeItem) -> str:
    """What a change did to a row, such as ``due: Fri 4 Dec 2026 → Fri 18 Dec 2026``."""
    if item.before is None:
        return _("raised")
    after = item.after or {}
    return "; ".join(
        f"{_label(name)}: {_step(context, name, item.before[name], after.get(name))}"
        for name in sorted(item.before)
        if name not in HIDDEN
    )


def _label(name: str) -> str:
    known = LABELS.get(name)
    return _(known) if known else name.removesuffix("_id").removesuffix("_at").replace("_", " ")


def _step(context: Context, name: str, before: Any, after: Any) -> str:
    """From one value to another; where there is none on one side, in words."""
    old, new = (_shown(context, name, value) for value in (before, after))
    if old and new:
        return f"{old} → {new}"
    return new or _("{value}, no longer").format(value=old)


def _shown(context: Context, name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name == "owner_id":
        return context.person(value).name
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(value), context.zone)
    return shortened(str(value), TEXT_SHOWN)
