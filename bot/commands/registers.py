"""The command of a register: the verbs every register has."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any

from bot.arguments import IncompleteError
from bot.cards import announce, inform_leads, lateness
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import is_correcting, require_editable, require_own
from bot.errors import UserError
from bot.fields import Field, Owner, Page, Remark
from bot.grammar import Grammar, grammar_of, optional
from bot.language import N_, _, plural
from bot.lists import Listing, show_list
from bot.pages import days
from bot.people import Person, by_id
from bot.receipts import line_here, receipt, require_givable, short_name, show_entry, tell_owner
from bot.register import Entry, Register, add_note, check_title
from bot.rights import Right
from bot.typed import quoted

PLAIN_ENDS = ("done", "closed", "resolved")
"""Outcomes that "closed" alone says."""

MOVES_TOLD = 3
"""From this many moves on, the lead hears of each."""

NewDate = Annotated[date, Field(N_("New date"), ("to", "by"), "DATE")]
NewOwner = Annotated[Person, Field(N_("New owner"), ("to",), "@WHO", bare=True)]
Words = Annotated[str, Field(N_("Words"), shown="WORDS")]
Group = Annotated[str, Field(N_("By"), shown="person")]
AnyRegister = Register[Any]


def register_command(register: AnyRegister) -> Command:
    """The command that keeps *register*."""
    command = Command(register.noun, register.summary, register.default, short=register.is_short)
    _writing(command, register)
    _reading(command, register)
    for number, (verb, outcome) in enumerate(register.outcomes.items()):
        aliases = ("close",) if number == 0 and verb != "close" else ()
        summary = N_("close it, done") if number == 0 else N_("close it otherwise")
        closing = partial(close, register, outcome)
        grammar = grammar_of(close, skip=3)
        command.verb(verb, summary, "{name}", grammar=grammar, aliases=aliases)(closing)
    return command


def _writing(command: Command, register: AnyRegister) -> None:
    drafted = grammar_of(register.draft)
    edited = Grammar((*grammar_of(edit, skip=2).arguments[:1], *optional(drafted).arguments))
    has: Callable[..., Any] = partial(_verb, command, register)
    has(
        "add",
        partial(add, drafted),
        N_("add one"),
        register.example,
        grammar=drafted,
        has_form=True,
    )
    has(
        "edit",
        edit,
        N_("change its words, owner or date"),
        f"{{name}} {_due_word(drafted)} fri",
        grammar=edited,
        has_form=True,
        sends_changes=True,
    )
    has(
        "move", move, N_("give it another date"), "{name} +2 weeks waiting for legal", has_form=True
    )
    has(
        "give",
        give,
        N_("give it to somebody else"),
        "{name} @ben",
        has_form=True,
        aliases=("assign",),
    )
    has("note", note, N_("put a remark on it"), "{name} spoke to the supplier", has_form=True)
    has("reopen", reopen, N_("open it again"), "{name}")


def _due_word(drafted: Grammar) -> str:
    """The word a register's date is typed behind, such as ``by`` or ``review``."""
    return next(argument.field.words[0] for argument in drafted.options if argument.name == "due")


def _reading(command: Command, register: AnyRegister) -> None:
    has: Callable[..., Any] = partial(_verb, command, register, writes=False)
    has("list", list_, N_("what is open"))
    has("mine", mine, N_("what is open and yours"), aliases=("my",))
    has("overdue", overdue, N_("what is late"), aliases=("late",))
    has("by", by, N_("what is open, by person"), "person")
    has("find", find, N_("search, closed ones too"), "contract", aliases=("search",))
    has("closed", closed, N_("what is closed"))
    has("show", show, N_("everything known of one"), "{name}")


def _verb(
    command: Command,
    register: AnyRegister,
    name: str,
    function: Callable[..., Reply],
    summary: str,
    example: str = "",
    grammar: Grammar | None = None,
    **more: Any,
) -> None:
    """Make *function*, which takes the register first, a verb of its command."""
    known = grammar or grammar_of(function, skip=2)
    command.verb(name, summary, example, grammar=known, **more)(partial(function, register))


# --- Writing --------------------------------------------------------------------------------


def add(drafted: Grammar, register: AnyRegister, context: Context, **values: Any) -> Reply:
    entry = register.draft(**values)
    entry.source = context.place.source
    if values.get("owner") is not None:
        require_givable(context, values["owner"])
        entry.give_to(values["owner"], context.actor)
    register.add(context.session, context.project, entry, context.actor, context.now)
    entry.opened(context.session, context.project, context.actor, context.now)
    announce(context, entry, "")
    tell_owner(context, entry)
    if entry.is_alarming:
        words = _("{who} raised {name}").format(who=context.actor.name, name=short_name(entry))
        inform_leads(context, entry, words)
    return receipt(context, entry, "", *_taken(drafted, values))


def _taken(drafted: Grammar, values: dict[str, Any]) -> list[str]:
    """What was not said and is taken as the grammar has it, such as a medium probability."""
    taken = [
        f"{_(argument.field.label).lower()} {_(str(argument.default))}"
        for argument in drafted.options
        if argument.default is not None and argument.name not in values
    ]
    text = _("Not said, so taken: {what}.")
    return [text.format(what=", ".join(taken))] if taken else []


def edit(register: AnyRegister, context: Context, entry: Entry, **values: Any) -> Reply:
    require_editable(context, entry)
    if not values:
        raise IncompleteError(_("What shall change?"), field="title")
    if entry.guarded & values.keys() and not is_correcting(context, entry):
        context.require(Right.EDIT)
    if "title" in values:
        check_title(values["title"] or "")
    was_alarming, old_owner = entry.is_alarming, entry.owner_id
    names = set(values)
    if "owner" in values:
        _give_or_free(context, entry, values.pop("owner"))
    for name, value in values.items():
        setattr(entry, name, value)
    entry.edited(context.session, context.project, context.actor, context.now, names)
    announce(context, entry, _("edited: {line}").format(line=line_here(context, entry)))
    if entry.owner_id != old_owner:
        tell_owner(context, entry)
    if entry.is_alarming and not was_alarming:
        inform_leads(context, entry, _("edited by {who}").format(who=context.actor.name))
    return receipt(context, entry)


def _give_or_free(context: Context, entry: Entry, owner: Person | None) -> None:
    if owner is None:
        entry.owner_id = None
    elif owner.id != entry.owner_id:
        require_givable(context, owner)
        entry.give_to(owner, context.actor)


def move(
    register: AnyRegister, context: Context, entry: Entry, due: NewDate, reason: Remark = ""
) -> Reply:
    require_own(context, entry)
    _require_open(register, entry)
    old = entry.due
    if old == due:
        raise UserError(_("It stands at that day already."), field="due")
    entry.due, entry.moves = due, entry.moves + 1
    if reason:
        add_note(context.session, entry, context.actor, context.now, reason)
    words = _moved_words(entry, old, context.today, reason)
    announce(context, entry, f"{words} “{reason}”" if reason else words)
    if entry.moves >= MOVES_TOLD:
        inform_leads(context, entry, words)
    return receipt(context, entry, words)


def give(
    register: AnyRegister, context: Context, entry: Entry, owner: NewOwner, reason: Remark = ""
) -> Reply:
    require_editable(context, entry)
    _require_open(register, entry)
    require_givable(context, owner)
    if entry.owner_id == owner.id:
        raise UserError(_("It is {who}'s already.").format(who=owner.name), field="owner")
    entry.give_to(owner, context.actor)
    if reason:
        add_note(context.session, entry, context.actor, context.now, reason)
    words = _("given to {who}").format(who=owner.name)
    announce(context, entry, words)
    tell_owner(context, entry)
    hint = _("{who} has to accept.").format(who=owner.name)
    needs_accept = entry.needs_accept and owner.id != context.actor.id
    return receipt(context, entry, words, *([hint] if needs_accept else []))


def note(register: AnyRegister, context: Context, entry: Entry, text: Remark) -> Reply:
    add_note(context.session, entry, context.actor, context.now, text)
    words = _("noted: {text}").format(text=text)
    announce(context, entry, words)
    return receipt(context, entry, words)


def close(
    register: AnyRegister, outcome: str, context: Context, entry: Entry, note: Remark = ""
) -> Reply:
    require_own(context, entry)
    register.close(entry, outcome, context.now)
    if note:
        add_note(context.session, entry, context.actor, context.now, note)
    words = _closed_words(register, context, entry)
    announce(context, entry, f"{words}: {note}" if note else words)
    return receipt(context, entry, words)


def reopen(register: AnyRegister, context: Context, entry: Entry) -> Reply:
    require_own(context, entry)
    register.reopen(entry)
    announce(context, entry, _("reopened"))
    return receipt(context, entry, _("{name} is open again").format(name=short_name(entry)))


# --- Reading --------------------------------------------------------------------------------


def list_(register: AnyRegister, context: Context, *, owner: Owner = None, page: Page = 1) -> Reply:
    if owner is None:
        entries = register.open_entries(context.session, context.project)
        return _page(register, context, N_("Open {plural} of {project}"), entries, "list", page)
    theirs = register.entry.owner_id == owner.id
    entries = register.open_entries(context.session, context.project, theirs)
    text = N_("Open {plural} of {project}: {words}")
    line = f"list owner <@{owner.slack_id}>"
    return _page(register, context, text, entries, line, page, owner.name)


def mine(register: AnyRegister, context: Context, *, page: Page = 1) -> Reply:
    own = register.entry.owner_id == context.actor.id
    entries = register.open_entries(context.session, context.project, own)
    return _page(register, context, N_("Your {plural} in {project}"), entries, "mine", page)


def overdue(register: AnyRegister, context: Context, *, page: Page = 1) -> Reply:
    late = register.entry.due < context.today
    entries = register.open_entries(context.session, context.project, late)
    return _page(register, context, N_("Overdue {plural} of {project}"), entries, "overdue", page)


def by(
    register: AnyRegister, context: Context, group: Group = "person", *, page: Page = 1
) -> Reply:
    if group.lower() not in ("person", "owner"):
        raise UserError(_("I can list them by person."), line=f"{register.noun} by person")
    entries = register.open_entries(context.session, context.project)
    people = by_id(context.session, (entry.owner_id for entry in entries))
    entries.sort(key=lambda e: people[e.owner_id].name.casefold() if e.owner_id else "\uffff")
    text = N_("Open {plural} of {project}, by person")

    def heading(entry: Entry) -> str:
        count = sum(other.owner_id == entry.owner_id for other in entries)
        owner = people[entry.owner_id].name if entry.owner_id else _("Nobody yet")
        return f"{owner} ({count})"

    return _page(register, context, text, entries, "by person", page, heading=heading)


def find(register: AnyRegister, context: Context, words: Words, *, page: Page = 1) -> Reply:
    entries = register.matching(context.session, context.project, words)
    text = N_("{plural} of {project} with “{words}”")
    line = f"find {context.line_safe(quoted(words))}"
    return _page(register, context, text, entries, line, page, words)


def closed(register: AnyRegister, context: Context, *, page: Page = 1) -> Reply:
    done = register.entry.closed_at.is_not(None)
    entries = register.entries(context.session, context.project, done)
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
    listing = Listing(title[:1].upper() + title[1:], entries, line, empty, heading)
    return show_list(context, listing, page)


# --- Words ----------------------------------------------------------------------------------


def _closed_words(register: AnyRegister, context: Context, entry: Entry) -> str:
    words = _("{name} closed").format(name=short_name(entry))
    if entry.outcome not in PLAIN_ENDS:
        words = _("{name} closed as {outcome}").format(
            name=short_name(entry), outcome=_(entry.outcome or "")
        )
    late = lateness(entry, context.today) if register.has_deadline else ""
    return f"{words}, {late}" if late else words


def _moved_words(entry: Entry, old: date | None, today: date, reason: str) -> str:
    words = f"{days(old, entry.due, today)}, {_times(entry.moves)}"
    return f"{words}, {_('reason kept')}" if reason else words


def _times(count: int) -> str:
    few = {1: _("moved once"), 2: _("moved twice")}
    many = plural("moved {count} time", "moved {count} times", count)
    return few.get(count) or many.format(count=count)


def _require_open(register: AnyRegister, entry: Entry) -> None:
    if not entry.is_open:
        name = short_name(entry)
        raise UserError(
            _("{name} is closed.").format(name=name), line=f"{register.noun} reopen {name}"
        )
