"""What only decisions have: one takes the place of another, actions carry it out."""

from dataclasses import replace
from typing import Annotated, Any

from bot import changing
from bot.cards import announce
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import require_own
from bot.errors import UserError
from bot.fields import Field, Page, Remark
from bot.grammar import Argument, Grammar
from bot.language import N_, _
from bot.listing import find, list_
from bot.receipts import receipt, short_name, tell_owner
from bot.register import Entry, add_note, connect, links_of
from bot.registers.actions import Action
from bot.registers.decisions import CARRIED_OUT_BY, DECISIONS, Decision

Newer = Annotated[Entry | None, Field(N_("Superseded by"), ("by",), "D7", typed_only=True)]
Carrier = Annotated[
    Entry, Field(N_("Action"), ("to", "with"), "A12", any_register=True, typed_only=True)
]
Words = Annotated[str, Field(N_("Words"), shown="WORDS")]
FORMER = Argument(
    "supersedes",
    Entry,
    Field(N_("Supersedes"), ("supersedes", "replaces", "ersetzt"), "supersedes D3",
          typed_only=True),
    False,
    True,
    None,
)  # fmt: skip


def extend(command: Command) -> None:
    """Add to the command of decisions what other registers have not."""
    known = command.verbs["add"]
    grammar = Grammar((*known.grammar.arguments, FORMER))
    command.verbs["add"] = replace(known, run=add, grammar=grammar)
    command.verb("supersede", N_("another decision takes its place"), "{name}", aliases=("close",))(
        supersede
    )
    command.verbs["reopen"] = replace(command.verbs["reopen"], run=reopen)
    group = command.group(N_("Enter and change"))
    group.verb("link", N_("say which action carries it out"), "{name} A1")(link)


def log(command: Command) -> None:
    """Add to the command of meetings the decision log, searched."""
    group = command.group(N_("Minutes"))
    group.verb(
        "decisions", N_("what was decided, searched, superseded ones too"), "site", writes=False
    )(decisions)


def decisions(context: Context, words: Words = "", *, page: Page = 1) -> Reply:
    if words:
        return find(DECISIONS, context, words, page=page)
    return list_(DECISIONS, context, page=page)


def add(context: Context, **values: Any) -> Reply:
    former = values.pop("supersedes", None)
    if former is not None:
        require_own(context, former)
    entry = changing.enter(DECISIONS, context, values)
    words = ""
    if former is not None:
        _supersede(context, _decision(former), _decision(entry))
        words = _("{name} is superseded").format(name=short_name(former))
    announce(context, entry, "")
    tell_owner(context, entry)
    return receipt(context, entry, words)


def supersede(context: Context, entry: Entry, by: Newer = None, note: Remark = "") -> Reply:
    former = _decision(entry)
    if by is None:
        return changing.close(DECISIONS, DECISIONS.outcomes["supersede"], context, former, note)
    require_own(context, former)
    _supersede(context, former, _decision(by))
    if note:
        add_note(context.session, former, context.actor, context.now, note)
    words = _("{name} is superseded by {other}")
    return receipt(context, former, words.format(name=short_name(former), other=short_name(by)))


def _supersede(context: Context, former: Decision, newer: Decision) -> None:
    if former.id == newer.id or newer.superseded_by == former.number:
        raise UserError(_("A decision cannot take its own place."))
    if former.superseded_by is not None:
        text = _("{name} is superseded by D{number} already.")
        raise UserError(text.format(name=short_name(former), number=former.superseded_by))
    newer.supersede(former, context.now)
    announce(context, former, _("superseded by {name}").format(name=short_name(newer)))


def reopen(context: Context, entry: Entry) -> Reply:
    _decision(entry).superseded_by = None
    return changing.reopen(DECISIONS, context, entry)


def link(context: Context, entry: Entry, action: Carrier) -> Reply:
    decision = _decision(entry)
    if not isinstance(action, Action):
        raise UserError(_("Only an action carries a decision out: such as A12."), field="action")
    if any(known.from_id == decision.id and known.relation == CARRIED_OUT_BY
           for known in links_of(context.session, action)):  # fmt: skip
        raise UserError(_("They are linked already."))
    connect(context.session, decision, action, CARRIED_OUT_BY)
    words = _("carried out by {name}").format(name=short_name(action))
    announce(context, decision, words)
    return receipt(context, decision, words)


def _decision(entry: Entry) -> Decision:
    if not isinstance(entry, Decision):
        raise TypeError(entry.__tablename__)
    return entry
