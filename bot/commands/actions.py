"""What only actions have: accepting, declining, proposing a date, being blocked."""

from datetime import date
from typing import Annotated

from bot.arguments import IncompleteError
from bot.cards import announce, inform, retell_nudge
from bot.changing import tell_of_moves
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import full_name, require_own, require_owner
from bot.errors import UserError
from bot.fields import Field, Remark
from bot.handing import (
    GIVEN,
    PROPOSED,
    answers_to_proposing,
    giver_of,
    proposer_of,
    settle,
)
from bot.language import N_, _
from bot.messages import Button
from bot.nudges.reminders import go_on
from bot.pages import day, days
from bot.receipts import receipt, short_name
from bot.register import Entry, add_note, connect, links_of
from bot.registers.actions import Action
from bot.rights import Right

Blocker = Annotated[
    Entry | None,
    Field(N_("Blocked by"), ("by",), "R7", any_register=True, any_project=True, typed_only=True),
]
Why = Annotated[str, Field(N_("Why"), shown="WHY", long=True)]
Proposal = Annotated[date, Field(N_("Proposed date"), ("to", "by"), "DATE")]


def extend(command: Command) -> None:
    """Add to the command of actions what other registers have not."""
    given = command.group(N_("What you were given"))
    waiting = command.group(N_("What it waits for"))
    given.verb("accept", N_("take what you were given"), "{name}")(accept)
    given.verb(
        "decline", N_("say that it is not yours, and why"), "{name} not my field", has_form=True
    )(decline)
    given.verb("propose", N_("ask for another date"), "{name} in 2 weeks", has_form=True)(propose)
    waiting.verb(
        "block", N_("say what it waits for"), "{name} waiting for the customs papers", has_form=True
    )(block)
    given.verb("agree", N_("agree to the date that was proposed"), "{name}")(agree)
    waiting.verb("unblock", N_("go on with it"), "{name}")(unblock)


def accept(context: Context, entry: Entry) -> Reply:
    action = _given(context, entry)
    if action.accepted_at is not None:
        raise UserError(_("You have accepted it already."))
    action.accepted_at, action.declined = context.now, None
    announce(context, action, _("accepted"))
    go_on(context, action, _("accepted"))
    settle(context, action, GIVEN, _("You accepted {name}").format(name=short_name(action)))
    return receipt(context, action, _("Accepted"))


def decline(context: Context, entry: Entry, reason: Why) -> Reply:
    action = _given(context, entry)
    action.declined, action.owner_id, action.accepted_at = reason, None, None
    announce(context, action, _("declined: {reason}").format(reason=reason))
    settle(context, action, GIVEN, _("You declined {name}").format(name=short_name(action)))
    words = _("{who} declined it: {reason}").format(who=context.actor.name, reason=reason)
    ref = full_name(context.project, action)
    inform(
        context,
        giver_of(context.session, action),
        action,
        words,
        Button(_("Give …"), f"form action give {ref}"),
    )
    return receipt(context, action, _("Declined"))


def propose(context: Context, entry: Entry, due: Proposal, reason: Remark = "") -> Reply:
    action = _given(context, entry)
    words = _("{who} proposes {day}").format(who=context.actor.name, day=day(due))
    words = f"{words}: {reason}" if reason else words
    giver = giver_of(context.session, action)
    if giver.id == context.actor.id:
        ref = full_name(context.project, action)
        raise UserError(_("It is yours: move it."), line=f"action move {ref} {due}")
    if action.proposed is not None:
        text = _("{who} proposed another date after this for {name}")
        text = text.format(who=context.actor.name, name=short_name(action))
        settle(context, action, PROPOSED, text, giver)
    action.proposed = due
    if reason:
        add_note(context.session, action, context.actor, context.now, reason)
    shown = _("proposed {day}").format(day=day(due))
    retell_nudge(context, action, f"{shown}: {reason}" if reason else shown)
    text = _("You proposed {day} for {name}")
    settle(context, action, GIVEN, text.format(day=day(due), name=short_name(action)))
    buttons = answers_to_proposing(context.project, action)
    inform(context, giver, action, words, *buttons, question=PROPOSED)
    return receipt(
        context, action, _("Proposed {day} to {who}").format(day=day(due), who=giver.name)
    )


def agree(context: Context, entry: Entry) -> Reply:
    action = _action(entry)
    if action.proposed is None:
        raise UserError(_("No other date was proposed."))
    giver = giver_of(context.session, action)
    if giver.id != context.actor.id:
        context.require(Right.EDIT)
    proposer = proposer_of(context.session, action)
    if proposer is not None and proposer.id == action.owner_id:  # with that they take it on
        action.accepted_at, action.declined = action.accepted_at or context.now, None
    old, action.due, action.proposed = action.due, action.proposed, None
    action.moves += 1
    words = _("agreed: {days}").format(days=days(old, action.due, context.today))
    announce(context, action, words)
    tell_of_moves(context, action, old)
    is_giver = giver.id == context.actor.id
    text = (
        _("You agreed to {day} for {name}") if is_giver else _("{who} agreed to {day} for {name}")
    )
    facts = {"who": context.actor.name, "day": day(action.due), "name": short_name(action)}
    settle(context, action, PROPOSED, text.format(**facts), giver)
    owner = context.person(action.owner_id) if action.owner_id else None
    inform(context, owner, action, words)
    return receipt(context, action, words)


def block(context: Context, entry: Entry, by: Blocker = None, reason: Remark = "") -> Reply:
    require_own(context, entry)
    action = _action(entry)
    if by is None and not reason:
        text = _("What does it wait for? A name such as `R7`, or a few words.")
        raise IncompleteError(text, field="reason")
    if by is not None and by is entry:
        raise UserError(_("Nothing waits for itself."))
    _free(context, action)
    blocker = ""
    if by is not None:
        connect(context.session, action, by, "blocked by")
        is_here = by.project_id == action.project_id  # what is elsewhere, not all here may know
        blocker = short_name(by) if is_here else _("another project")
    action.blocked_by = " · ".join(filter(None, (blocker, reason)))
    words = _("blocked by {what}").format(what=action.blocked_by)
    announce(context, action, words)
    hint = _("It rests until it is unblocked.")
    return receipt(context, action, words, hint)


def unblock(context: Context, entry: Entry) -> Reply:
    require_own(context, entry)
    action = _action(entry)
    if action.blocked_by is None:
        raise UserError(_("It is not blocked."))
    action.blocked_by = None
    _free(context, action)
    announce(context, action, _("unblocked"))
    return receipt(context, action, _("Unblocked"))


def _free(context: Context, action: Action) -> None:
    """Cut the links to what *action* waited for."""
    for link in links_of(context.session, action):
        is_mine = (link.from_kind, link.from_id) == (action.__tablename__, action.id)
        if is_mine and link.relation == "blocked by":
            context.session.delete(link)


def _action(entry: Entry) -> Action:
    if not isinstance(entry, Action):
        raise TypeError(entry.__tablename__)
    if not entry.is_open:
        raise UserError(_("That action is closed."))
    return entry


def _given(context: Context, entry: Entry) -> Action:
    """The action, for the one it was given to."""
    action = _action(entry)
    require_owner(context, action, context.person(action.owner_id) if action.owner_id else None)
    return action
