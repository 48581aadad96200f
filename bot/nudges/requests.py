"""Requests: actions somebody was given and has not answered to."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, of_entry
from bot.pages import day, name
from bot.people import by_id
from bot.registers.actions import ACTIONS, Action


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
        if project.local_date(action.opened_at) >= morning.today[owner]:
            continue
        giver = name(givers.get(action.given_by or 0))
        words = (
            _("given by {who}").format(who=giver),
            _("due {day}").format(day=day(action.due)) if action.due else "",
        )
        ref = f"{project.key}-{ACTIONS.name_of(action)}"
        buttons = (
            Button(_("Accept"), f"action accept {ref}", "primary"),
            Button(_("Propose date …"), f"form action propose {ref}"),
            Button(_("Decline …"), f"form action decline {ref}"),
        )
        yield of_entry(action, project, owner, words, 1, buttons)


REQUESTS = Kind("requests", N_("To accept"), find)
