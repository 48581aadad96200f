"""Changing a register: add, edit, move, give, note, close and reopen its entries."""

from datetime import date
from typing import Annotated, Any

from bot.arguments import IncompleteError
from bot.cards import announce, inform_leads, lateness
from bot.command import Reply
from bot.context import Context
from bot.entries import is_correcting, require_editable, require_own
from bot.errors import UserError
from bot.fields import Field, Remark
from bot.grammar import Grammar
from bot.handing import answer_by_moving, end_questions
from bot.language import N_, _, plural
from bot.pages import days
from bot.people import Person
from bot.receipts import line_here, receipt, require_givable, short_name, tell_former, tell_owner
from bot.register import AnyRegister, Entry, add_note, check_title
from bot.rights import Right

PLAIN_ENDS = ("done", "closed", "resolved")
"""Outcomes that "closed" alone says."""

MOVES_TOLD = 3
"""The lead hears of the move that makes it so many."""

NewDate = Annotated[date, Field(N_("New date"), ("to", "by"), "DATE")]
NewOwner = Annotated[Person, Field(N_("New owner"), ("to",), "@WHO", bare=True)]


def enter(
    register: AnyRegister, context: Context, values: dict[str, Any], secret_of: int | None = None
) -> Entry:
    """Open an entry with *values*, and tell nobody yet.

    One that comes of something confidential is *secret_of* the meeting that is.
    """
    entry: Entry = register.draft(**values)
    entry.secret_of_id = secret_of
    entry.source = context.place.source
    if values.get("owner") is not None:
        require_givable(context, values["owner"])
        entry.give_to(values["owner"], context.actor)
    register.add(context.session, context.project, entry, context.actor, context.now)
    entry.opened(context.session, context.project, context.actor, context.now)
    return entry


def add(
    drafted: Grammar,
    register: AnyRegister,
    context: Context,
    *,
    secret_of: int | None = None,
    **values: Any,
) -> Reply:
    entry = enter(register, context, values, secret_of)
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
        end_questions(context, entry)
        tell_owner(context, entry)
        tell_former(context, entry, old_owner)
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
    answer_by_moving(context, entry, words)
    tell_of_moves(context, entry, old, reason)
    return receipt(context, entry, words)


def tell_of_moves(context: Context, entry: Entry, old: date | None, reason: str = "") -> None:
    """Tell the leads of the third move of *entry*: from which day, by whom and why."""
    if entry.moves != MOVES_TOLD:
        return
    words = _("{who} moved {name}: {words}").format(
        who=context.actor.name,
        name=short_name(entry),
        words=_moved_words(entry, old, context.today, ""),
    )
    inform_leads(context, entry, f"{words}: “{reason}”" if reason else words)


def give(
    register: AnyRegister, context: Context, entry: Entry, owner: NewOwner, reason: Remark = ""
) -> Reply:
    require_editable(context, entry)
    _require_open(register, entry)
    require_givable(context, owner)
    if entry.owner_id == owner.id:
        raise UserError(_("It is {who}'s already.").format(who=owner.name), field="owner")
    former = entry.owner_id
    entry.give_to(owner, context.actor)
    if reason:
        add_note(context.session, entry, context.actor, context.now, reason)
    words = _("given to {who}").format(who=owner.name)
    announce(context, entry, words)
    end_questions(context, entry)
    tell_owner(context, entry)
    tell_former(context, entry, former)
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
    end_questions(context, entry)
    return receipt(context, entry, words, *([_("Note: {note}").format(note=note)] if note else []))


def reopen(register: AnyRegister, context: Context, entry: Entry) -> Reply:
    require_own(context, entry)
    register.reopen(entry)
    announce(context, entry, _("reopened"))
    return receipt(context, entry, _("{name} is open again").format(name=short_name(entry)))


def _closed_words(register: AnyRegister, context: Context, entry: Entry) -> str:
    words = _("{name} closed").format(name=short_name(entry))
    if entry.outcome not in PLAIN_ENDS:  # nothing is early that is not done
        return _("{name} closed as {outcome}").format(
            name=short_name(entry), outcome=_(entry.outcome or "")
        )
    is_done = entry.outcome in PLAIN_ENDS and register.has_deadline  # what is not, is not early
    late = lateness(entry, context.today) if is_done else ""
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
