"""Listing a register: what is open, mine, late, by person, found, closed, or one entry."""

from collections.abc import Callable
from typing import Annotated, Any

from bot.command import Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field, Owner, Page
from bot.language import N_, _
from bot.lists import Listing, show_list
from bot.people import by_id
from bot.receipts import show_entry
from bot.register import AnyRegister, Entry
from bot.typed import quoted

Words = Annotated[str, Field(N_("Words"), shown="WORDS")]
Group = Annotated[str, Field(N_("By"), shown="person")]


def list_(register: AnyRegister, context: Context, *, owner: Owner = None, page: Page = 1) -> Reply:
    if owner is None:
        entries = register.open_entries(context.session, context.project, by=context.readable)
        return _page(register, context, N_("Open {plural} of {project}"), entries, "list", page)
    theirs = register.entry.owner_id == owner.id
    entries = register.open_entries(context.session, context.project, theirs, by=context.readable)
    text = N_("Open {plural} of {project}: {words}")
    line = f"list owner <@{owner.slack_id}>"
    return _page(register, context, text, entries, line, page, owner.name)


def mine(register: AnyRegister, context: Context, *, page: Page = 1) -> Reply:
    own = register.entry.owner_id == context.actor.id
    entries = register.open_entries(context.session, context.project, own, by=context.readable)
    return _page(register, context, N_("Your {plural} in {project}"), entries, "mine", page)


def overdue(register: AnyRegister, context: Context, *, page: Page = 1) -> Reply:
    late = register.entry.due < context.today
    entries = register.open_entries(context.session, context.project, late, by=context.readable)
    return _page(register, context, N_("Overdue {plural} of {project}"), entries, "overdue", page)


def by(
    register: AnyRegister, context: Context, group: Group = "person", *, page: Page = 1
) -> Reply:
    if group.lower() not in ("person", "owner"):
        raise UserError(_("I can list them by person."), line=f"{register.noun} by person")
    entries = register.open_entries(context.session, context.project, by=context.readable)
    people = by_id(context.session, (entry.owner_id for entry in entries))
    entries.sort(key=lambda e: people[e.owner_id].name.casefold() if e.owner_id else "\uffff")
    text = N_("Open {plural} of {project}, by person")

    def heading(entry: Entry) -> str:
        count = sum(other.owner_id == entry.owner_id for other in entries)
        owner = people[entry.owner_id].name if entry.owner_id else _("Nobody yet")
        return f"{owner} ({count})"

    return _page(register, context, text, entries, "by person", page, heading=heading)


def find(register: AnyRegister, context: Context, words: Words, *, page: Page = 1) -> Reply:
    entries = register.matching(context.session, context.project, words, by=context.readable)
    text = N_("{plural} of {project} with “{words}”")
    line = f"find {context.line_safe(quoted(words))}"
    return _page(register, context, text, entries, line, page, words)


def closed(register: AnyRegister, context: Context, *, page: Page = 1) -> Reply:
    done = register.entry.closed_at.is_not(None)
    entries = register.entries(context.session, context.project, done, by=context.readable)
    entries.sort(key=lambda entry: entry.closed_at, reverse=True)
    return _page(register, context, N_("Closed {plural} of {project}"), entries, "closed", page)


def show(register: AnyRegister, context: Context, entry: Entry) -> Reply:
    return show_entry(context, entry)


def _page(
    register: AnyRegister,
    context: Context,
    text: str,
    entries: list[Any],
    verb: str,
    page: int,
    words: str = "",
    heading: Callable[[Entry], str] | None = None,
) -> Reply:
    title = _(text).format(plural=_(register.plural), project=context.project.name, words=words)
    line = f"{register.noun} {verb} in {context.project.key}"
    example = f"/{context.settings.root} {register.noun} add {register.example}"
    hint = _("None. Add one: {line}").format(line=example)
    empty = hint if verb in ("list", "by person") else _("None.")
    is_owned = heading is not None or verb == "mine"
    title = title[:1].upper() + title[1:]
    listing = Listing(title, entries, line, empty, heading, is_owned)
    return show_list(context, listing, page)
