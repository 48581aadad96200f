"""Requests: actions somebody was given and has not answered to."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.entries import full_name
from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, of_entry
from bot.nudges.reminders import answering, when
from bot.pages import name
from bot.people import by_id
from bot.registers.actions import Action


def find(morning: Morning) -> Iterable[Nudge]:
    """What was given before today to each who has neither accepted nor declined."""
    rows = morning.session.scalars(
        select(Action).where(
            Action.owner_id.in_(sorted(morning.people)),
            Action.closed_at.is_(None),
            Action.accepted_at.is_(None),
            Action.declined.is_(None),
            Action.blocked_by.is_(None),
            Action.given_by != Action.owner_id,
        )
    ).all()
    givers = by_id(morning.session, (action.given_by for action in rows))
    for action in rows:
        project = morning.projects.get(action.project_id)
        owner = action.owner_id or 0
        if project is None or not morning.wakes(owner, project):
            continue
        if project.local_date(action.given_at or action.opened_at) >= morning.today[owner]:
            continue
        facts = (
            _("given by {who}").format(who=name(givers.get(action.given_by or 0))),
            when(action.due, morning.today[owner], project),
        )
        ref = full_name(project, action)
        done = Button(_("Done"), f"action done {ref}")
        yield of_entry(action, project, owner, facts, 1, answering(ref), (done,))


REQUESTS = Kind("requests", N_("To accept"), find)
