"""Handing over: what who was given an action is asked, and what they may ask back."""

from datetime import date

from sqlalchemy.orm import Session

from bot.context import Context
from bot.delivery.retelling import retell, say_anew, told_of
from bot.entries import full_name
from bot.history import trail
from bot.language import _
from bot.messages import Button, said
from bot.pages import day
from bot.people import Person
from bot.projects import Project
from bot.register import Entry
from bot.registers.actions import Action
from bot.values import UserId

GIVEN = "given"
"""The question to the owner, whether they take it."""

PROPOSED = "proposed"
"""The question to who gave it, whether another date will do."""

TRAIL_READ = 50  # changes of one action among which its last proposal is looked for


def asked_as(question: str, name: str) -> str:
    """What a notice is about that asks *question* of the entry called *name*."""
    return f"{question}:{name}" if question else name


def answers_to_giving(ref: str) -> list[Button]:
    """What the owner of the action *ref* may answer to being given it."""
    return [
        Button(_("Accept"), f"action accept {ref}", "primary"),
        Button(_("Propose date"), f"form action propose {ref}"),
        Button(_("Decline"), f"form action decline {ref}"),
    ]


def answers_to_proposing(project: Project, action: Entry) -> list[Button]:
    """What may be answered to the date proposed for *action*."""
    ref = full_name(project, action)
    return [
        Button(_("Agree"), f"action agree {ref}", "primary"),
        Button(_("Another date …"), f"form action move {ref}"),
    ]


def giver_of(session: Session, action: Action) -> Person:
    """Who gave *action* to its owner, else who raised it: they answer for its date."""
    return session.get_one(Person, action.given_by or action.opened_by)


def proposer_of(session: Session, action: Action) -> Person | None:
    """Who proposed the day that waits for an answer: meanwhile it may be somebody else's."""
    proposed = action.proposed.isoformat() if action.proposed else None
    for change, item in trail(session, action.__tablename__, action.id, TRAIL_READ):
        is_it = (item.after or {}).get("proposed") == proposed is not None
        if is_it and change.undoes is None and change.actor_id is not None:
            return session.get_one(Person, change.actor_id)
    return None


def proposal_words(session: Session, action: Action, proposed: date) -> str:
    """Who proposes which day: ``Ben proposes Fri 11 Dec 2026``."""
    proposer = proposer_of(session, action)
    if proposer is None:
        return _("proposed: {day}").format(day=day(proposed))
    return _("{who} proposes {day}").format(who=proposer.name, day=day(proposed))


def settle(
    context: Context, entry: Entry, question: str, words: str, of: Person | None = None
) -> None:
    """Let the message that asked it the actor, or *of*, show the answer instead of its buttons."""
    if of is not None and not context.may_hear(of, context.project):
        return
    person, about = of or context.actor, asked_as(question, full_name(context.project, entry))
    answer = said(f"{words} · {entry.title}")
    retell(context.session, about, lambda user: answer if user == person.slack_id else None)


def end_questions(context: Context, entry: Entry) -> None:
    """Let those who were asked about *entry* and have not answered read that they need not any
    more: it is closed, or not theirs."""
    if not entry.needs_accept:
        return
    ref = full_name(context.project, entry)
    owner = context.person(entry.owner_id) if entry.owner_id else None
    shown = said(f"{_end_words(entry, owner, ref.rpartition('-')[2])} · {entry.title}")
    asked = told_of(context.session, asked_as(GIVEN, ref))
    if entry.is_open:
        asked = [one for one in asked if owner is None or one[1].channel != owner.slack_id]
    else:
        asked += told_of(context.session, asked_as(PROPOSED, ref))
    for notice, delivery in asked:
        user = context.find_user(UserId(delivery.channel))
        if not notice.is_settled and context.may_hear(user, context.project):
            say_anew(context.session, notice, delivery, shown.as_payload())


def _end_words(entry: Entry, owner: Person | None, name: str) -> str:
    if not entry.is_open:
        return _("{name} is closed").format(name=name)
    if owner is None:
        return _("{name} is nobody's now").format(name=name)
    return _("{name} was given to {who}").format(name=name, who=owner.name)


def answer_by_moving(context: Context, entry: Entry, words: str) -> None:
    """Where another date was proposed for *entry*, which was moved, that is the answer to it."""
    if isinstance(entry, Action) and entry.proposed is not None:
        entry.proposed = None
        text = _("{name} moved: {words}").format(
            name=full_name(context.project, entry).rpartition("-")[2], words=words
        )
        settle(context, entry, PROPOSED, text, giver_of(context.session, entry))
