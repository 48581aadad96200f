"""Lists: entries a page at a time, each with what can be done to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.cards import line_of
from bot.command import Reply
from bot.context import Context
from bot.entries import full_name, register_of
from bot.errors import UserError
from bot.language import _
from bot.messages import NOTHING, Button, Message, header, item, said
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import Entry
from bot.typed import escape

PAGE = 10
LATE = "⚠"
"""Stands before what is overdue."""


@dataclass(frozen=True)
class Listing:
    """Entries under a title; *line* is the command that shows them, for the next page.

    Where there is a *heading*, entries that follow each other under the same one share it. Where
    title or heading say whose they are (*is_owned*), their lines do not.
    """

    title: str
    entries: Sequence[Entry]
    line: str
    empty: str
    heading: Callable[[Entry], str] | None = None
    is_owned: bool = False


def show_list(context: Context, listing: Listing, page: int) -> Reply:
    """One page of a list. Raises `UserError` for a page that is not there."""
    pages = max(1, -(-len(listing.entries) // PAGE))
    if not 1 <= page <= pages:
        text = _("There is no page {page}; this list has {pages}.")
        raise UserError(text.format(page=page, pages=pages), line=listing.line)
    shown = listing.entries[(page - 1) * PAGE : page * PAGE]
    title = f"{listing.title} ({len(listing.entries)})" if listing.entries else listing.title
    if not shown:
        return Reply(said_under(title, listing.empty))
    if pages > 1:
        title = f"{title} · {_('page {page} of {pages}').format(page=page, pages=pages)}"
    message = said_under(title, "") + _rows(context, listing, shown)
    return Reply(message, tuple(_turns(listing.line, page, pages)))


def said_under(title: str, text: str) -> Message:
    """A header, and below it what there is to say."""
    return Message(escape(title), [header(title)]) + (said(text) if text else NOTHING)


def _rows(context: Context, listing: Listing, shown: Sequence[Entry]) -> Message:
    owners = {}
    if not listing.is_owned:
        owners = by_id(context.session, (entry.owner_id for entry in shown))
    heading, message = "", NOTHING
    for entry in shown:
        above = listing.heading(entry) if listing.heading else ""
        if above != heading:
            heading = above
            message += Message(escape(above), [header(above)])
        row = row_of(context, entry, owners)
        message += Message(escape(row), [item(row, menu_of(context, entry))])
    return message


def menu_of(context: Context, entry: Entry) -> list[Button]:
    """What can be done to an entry from a list."""
    register = register_of(entry)
    name = full_name(context.session.get_one(Project, entry.project_id), entry)
    noun = register.noun
    if not entry.is_open:
        return [
            Button(_("Show"), f"{noun} show {name}"),
            Button(_("Reopen"), f"{noun} reopen {name}"),
        ]
    verb = next(iter(register.outcomes))
    return [
        Button(_(verb.capitalize()), f"{noun} {verb} {name}"),
        Button(_("Move …"), f"form {noun} move {name}"),
        Button(_("Give …"), f"form {noun} give {name}"),
        Button(_("Edit …"), f"form {noun} edit {name}"),
        Button(_("Show"), f"{noun} show {name}"),
    ]


def row_of(context: Context, entry: Entry, owners: dict[int, Person]) -> str:
    """*entry* on a line, its owner where they are among *owners*; what is late stands out."""
    owner = owners.get(entry.owner_id) if entry.owner_id else None
    project = (
        "" if context.chosen else f"{context.session.get_one(Project, entry.project_id).key} · "
    )
    line = f"{project}{line_of(entry, owner)}"
    return f"{LATE} {line} · {_('overdue')}" if entry.is_overdue(context.today) else line


def _turns(line: str, page: int, pages: int) -> list[Button]:
    turns = []
    if page > 1:
        turns.append(Button(_("Previous"), f"{line} page={page - 1}"))
    if page < pages:
        turns.append(Button(_("Next"), f"{line} page={page + 1}"))
    return turns
