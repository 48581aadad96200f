"""Unsaying: who was told of a change that is undone reads so, and what was asked is asked again."""

from typing import Any

from bot.cards import line_of
from bot.context import Context
from bot.delivery.notices import Notice
from bot.delivery.outbox import Delivery
from bot.delivery.retelling import retell, say_anew, told_of
from bot.entries import full_name, register_of
from bot.handing import GIVEN, PROPOSED, asked_as, giver_of
from bot.history import Change, ChangeItem
from bot.language import N_, _
from bot.messages import Message, said
from bot.pages import render
from bot.people import Person
from bot.projects import Project
from bot.receipts import owner_buttons
from bot.register import Entry
from bot.registers.actions import Action
from bot.values import UserId

ANSWERING = frozenset({"accept", "decline", "propose"})
"""The verbs by which an owner answers to being given an entry."""

_ENDING = frozenset({"owner_id", "closed_at"})
"""Columns that end what was asked about an entry when they change."""

TAKEN = {
    "accept": N_("{who} took the acceptance back: {line}"),
    "agree": N_("{who} took the agreement back: {line}"),
    "decline": N_("{who} took the refusal back: {line}"),
    "escalate": N_("{who} took the escalation back: {line}"),
    "forecast": N_("{who} took the forecast back: {line}"),
    "give": N_("{who} took it back: {line}"),
    "move": N_("{who} took the move back: {line}"),
    "propose": N_("{who} took the proposal back: {line}"),
    "score": N_("{who} took the new score back: {line}"),
}
"""What people read who were told of what the verb did."""


def unsay(context: Context, entry: Entry, change: Change, item: ChangeItem) -> None:
    """Let who *change* told of *entry* read that it was taken back; all else told stays.

    *item* is what it did to *entry*. Where it answered a question, that is asked again.
    """
    project = context.session.get_one(Project, entry.project_id)
    owner = context.person(entry.owner_id) if entry.owner_id else None
    verb = change.line.partition(" ")[2].partition(" ")[0]
    taken = _taken(context, entry, owner, verb)

    def now_so(user: str) -> Message | None:
        may_hear = context.may_hear(context.find_user(UserId(user)), project)
        return taken if may_hear else None

    name = full_name(project, entry)
    for question in ("", GIVEN, PROPOSED):
        retell(context.session, asked_as(question, name), now_so, by=change.id)
    is_answer = verb in ANSWERING and owner is not None and owner.id == context.actor.id
    was_asked = not _ENDING.isdisjoint(_was(item)) and _awaits(entry)
    if owner is not None and (is_answer or was_asked):
        _ask_owner(context, project, entry, owner, change, taken)
    was_ended = not {"proposed", "closed_at"}.isdisjoint(_was(item))
    if isinstance(entry, Action) and entry.proposed is not None and was_ended:
        _ask_giver(context, project, entry, change)


def _taken(context: Context, entry: Entry, owner: Person | None, verb: str) -> Message:
    text = _(TAKEN.get(verb, N_("{who} took it back: {line}")))
    return said(text.format(who=context.actor.name, line=line_of(entry, owner, 300)))


def _was(item: ChangeItem) -> dict[str, Any]:
    return item.before or {}


def _ask_owner(
    context: Context, project: Project, entry: Entry, owner: Person, change: Change, taken: Message
) -> None:
    """Have what *owner* was given wait for their answer again, unless they answered before."""
    asked = _last_asked(context, GIVEN, project, entry, owner, change)
    if asked is None or not context.may_hear(owner, project):
        return
    notice, delivery = asked
    message = taken
    awaits = _awaits(entry)
    if awaits:
        words = _("{name} waits for your answer").format(name=register_of(entry).name_of(entry))
        line = line_of(entry, owner, 300)
        message = render("notice", words=words, line=line, project=project.name)
        message = message.with_buttons(owner_buttons(project, entry))
    say_anew(context.session, notice, delivery, message.as_payload(), asks=awaits)


def _awaits(entry: Entry) -> bool:
    """Whether the owner of *entry* has still to say that they take it."""
    return entry.needs_accept and entry.is_open and getattr(entry, "accepted_at", None) is None


def _ask_giver(context: Context, project: Project, action: Action, change: Change) -> None:
    """Have the date proposed for *action* wait for an answer again, as it was proposed."""
    giver = giver_of(context.session, action)
    asked = _last_asked(context, PROPOSED, project, action, giver, change)
    if asked is None or not context.may_hear(giver, project):
        return
    notice, delivery = asked
    if notice.asked is not None:
        say_anew(context.session, notice, delivery, notice.asked, asks=True)


def _last_asked(
    context: Context, question: str, project: Project, entry: Entry, of: Person, change: Change
) -> tuple[Notice, Delivery] | None:
    """The last message that asked it *of* somebody, but for one that *change* brought."""
    told = told_of(context.session, asked_as(question, full_name(project, entry)))
    mine = [
        (notice, delivery)
        for notice, delivery in told
        if delivery.channel == of.slack_id and notice.change_id != change.id
    ]
    return max(mine, key=lambda both: both[0].id, default=None)
