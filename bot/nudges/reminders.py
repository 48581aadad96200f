"""Reminders: what somebody has to do that is late or nearly due."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.context import Context
from bot.delivery.retelling import say_anew, told_of
from bot.entries import full_name
from bot.language import N_, _, plural
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, answered_for, near_day, of_entry, whose
from bot.projects import Project
from bot.register import AnyRegister, Entry
from bot.registers.actions import ACTIONS, Action
from bot.registers.issues import ISSUES
from bot.reminding import NUDGE_LIFE, differs_only_in, nudge_about, with_remark

SOON = 2
"""So many working days before its day a thing is first reminded of."""

_FURTHEST = timedelta(days=21)  # two working days, with every holiday there is between them


def find(morning: Morning) -> Iterable[Nudge]:
    """Actions and issues of who answers for them; what is blocked rests."""
    horizon = max(morning.today.values()) + _FURTHEST
    for register in (ACTIONS, ISSUES):
        due = register.entry.due <= horizon
        for entry, project, person in answered_for(morning, register.entry, due):
            today = morning.today[person]
            if _is_soon(entry, project, today) and not _rests(entry):
                of = whose(morning, entry, project, person)
                yield _nudge(register, entry, project, person, today, of)


def go_on(context: Context, action: Action, words: str) -> None:
    """Let the owner's reminders of *action* ask on, accepted or not, as long as it is pressing."""
    project = context.session.get_one(Project, action.project_id)
    owner, today = context.actor, context.today
    is_theirs = action.is_open and action.owner_id == owner.id and not _rests(action)
    if not is_theirs or not _is_soon(action, project, today):
        return
    nudge = _nudge(ACTIONS, action, project, owner.id, today)
    name, since = nudge.subject.name, context.now - NUDGE_LIFE
    for notice, delivery in told_of(context.session, nudge_about(name), since):
        if notice.asked is None or delivery.channel != owner.slack_id:
            continue
        if differs_only_in("accepted_at", notice.stand, nudge.stand):
            asked = nudge.item(among_others=name in notice.asked["text"]).message.as_payload()
            notice.asked, notice.stand = asked, nudge.stand
            say_anew(context.session, notice, delivery, with_remark(asked, words), asks=True)


def _is_soon(entry: Entry, project: Project, today: date) -> bool:
    return entry.due is not None and entry.due <= project.calendar.add(today, SOON)


def _rests(entry: Entry) -> bool:
    return isinstance(entry, Action) and entry.blocked_by is not None


def _nudge(
    register: AnyRegister, entry: Entry, project: Project, person: int, today: date, of: str = ""
) -> Nudge:
    """What *entry* asks of its owner, or of who answers for it, with the words *of* whom it is."""
    noun, ref = register.noun, full_name(project, entry)
    facts = [when(entry.due, today, project), *entry.gist(), of]
    verb = next(iter(register.outcomes))
    close = Button(_(verb.capitalize()), f"{noun} {verb} {ref}")
    move = Button(_("Move …"), f"form {noun} move {ref}")
    buttons: tuple[Button, ...] = (close, move)
    if of:
        buttons = (Button(_("Give …"), f"form {noun} give {ref}"), move, close)
    elif isinstance(entry, Action) and is_unanswered(entry):
        buttons = (*answering(ref), close)
        facts.append(_("not accepted yet"))
    nudge = of_entry(entry, project, person, facts, 0, buttons)
    return replace(nudge, is_ahead=entry.due is not None and entry.due > today)


def answering(ref: str) -> tuple[Button, ...]:
    """What can be answered to being given the action *ref*."""
    return (
        Button(_("Accept"), f"action accept {ref}"),
        Button(_("Propose date …"), f"form action propose {ref}"),
        Button(_("Decline …"), f"form action decline {ref}"),
    )


def is_unanswered(action: Action) -> bool:
    """Whether who it was given to has yet to accept."""
    is_given = action.given_by is not None and action.given_by != action.owner_id
    return is_given and action.accepted_at is None and action.declined is None


def when(due: date | None, today: date, project: Project) -> str:
    """A due date as *today* sees it: late, today, or to come."""
    if due is None:
        return ""
    if due == today:
        return _("due today")
    late = project.calendar.between(due, today)
    if due > today or not late:
        return _("due {day}").format(day=near_day(due, today))
    text = plural("{count} working day late ({day})", "{count} working days late ({day})", late)
    return text.format(count=late, day=near_day(due, today))


REMINDERS = Kind("reminders", N_("To do"), find)
