"""Reminders: what somebody has to do that is late or nearly due."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from bot.entries import full_name
from bot.language import N_, _, plural
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, near_day, of_entry
from bot.projects import Project
from bot.register import AnyRegister, Entry
from bot.registers.actions import ACTIONS, Action
from bot.registers.issues import ISSUES

SOON = 2
"""So many working days before its day a thing is first reminded of."""

_FURTHEST = timedelta(days=21)  # two working days, with every holiday there is between them


def find(morning: Morning) -> Iterable[Nudge]:
    """Actions and issues of their owners; what is blocked rests."""
    horizon = max(morning.today.values()) + _FURTHEST
    for register in (ACTIONS, ISSUES):
        rows = morning.session.scalars(
            select(register.entry).where(
                register.entry.owner_id.in_(sorted(morning.people)),
                register.entry.closed_at.is_(None),
                register.entry.due <= horizon,
            )
        )
        for entry in rows:
            project, owner = morning.projects.get(entry.project_id), entry.owner_id
            if project is None or owner is None or _rests(entry):
                continue
            today = morning.today[owner]
            is_soon = entry.due is not None and entry.due <= project.calendar.add(today, SOON)
            if is_soon and morning.wakes(owner, project):
                yield _nudge(register, entry, project, owner, today)


def _rests(entry: Entry) -> bool:
    return isinstance(entry, Action) and entry.blocked_by is not None


def _nudge(register: AnyRegister, entry: Entry, project: Project, owner: int, today: date) -> Nudge:
    noun, ref = register.noun, full_name(project, entry)
    facts = [when(entry.due, today, project), *entry.gist()]
    verb = next(iter(register.outcomes))
    buttons: tuple[Button, ...] = (
        Button(_(verb.capitalize()), f"{noun} {verb} {ref}"),
        Button(_("Move …"), f"form {noun} move {ref}"),
    )
    if isinstance(entry, Action) and is_unanswered(entry):
        buttons = (*answering(ref), buttons[0])
        facts.append(_("not accepted yet"))
    return of_entry(entry, project, owner, facts, 0, buttons)


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
