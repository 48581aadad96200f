"""Escalation: what is overdue for days is brought to the lead, then to the sponsor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audience import roles_in
from bot.cards import nudge_about
from bot.delivery.notices import Item
from bot.entries import full_name
from bot.escalations import LADDER, Escalation, climbed
from bot.job import EMPTY, WORKDAYS, CatchUp, Due, ProjectJob, Result, Round, tell_directly
from bot.language import N_, _, plural
from bot.messages import Button, Message, buttons_row, header, item, noted, shortened
from bot.pages import day, name
from bot.people import Person, by_id
from bot.preferences import snoozed
from bot.projects import Project
from bot.registers.actions import Action
from bot.typed import escape
from bot.values import Role

NAME = "escalation"
USELESS_AFTER = timedelta(hours=24)
TITLE_LIMIT = 300


@dataclass(frozen=True)
class Rung:
    """An action that has come to the rung of a role, so many working days late."""

    action: Action
    role: Role
    late: int


def build(round_: Round[Project]) -> Sequence[Result]:
    """Bring each action to a role once, as long as its date stands."""
    session = round_.session
    projects = {due.subject.id: due.subject for due in round_.due}
    rows = session.scalars(
        select(Action).where(
            Action.project_id.in_(sorted(projects)),
            Action.closed_at.is_(None),
            Action.blocked_by.is_(None),
            Action.due < max(due.turn.day for due in round_.due),
        )
    ).all()
    known = climbed(session, [action.id for action in rows])
    resting = snoozed(
        session,
        {action.owner_id for action in rows if action.owner_id},
        max(due.turn.day for due in round_.due),
    )
    active = [
        action
        for action in rows
        if (action.owner_id, Action.__tablename__, action.id) not in resting
    ]
    roles = roles_in(session, projects)
    people = by_id(session, [person for named in roles.values() for person in named])
    owners = by_id(session, (action.owner_id for action in active))
    results = []
    for due in round_.due:
        rungs = [
            rung
            for action in active
            if action.project_id == due.subject.id
            for rung in _rungs(action, due)
            if (action.id, action.due, rung.role) not in known
        ]
        told = {
            person: [r for r in rungs if r.role in has and r.action.owner_id != person]
            for person, has in roles.get(due.subject.id, {}).items()
        }
        wanted = {people[p]: found for p, found in told.items() if found and people[p].is_active}
        results.append(_result(round_, due, wanted, owners))
    return results


def _rungs(action: Action, due: Due[Project]) -> list[Rung]:
    if action.due is None:
        return []
    late = due.subject.calendar.between(action.due, due.turn.day)
    return [Rung(action, role, late) for days, role in LADDER if late >= days]


def _result(
    round_: Round[Project],
    due: Due[Project],
    wanted: dict[Person, list[Rung]],
    owners: dict[int, Person],
) -> Result:
    if not wanted:
        return EMPTY  # whoever is named sponsor tomorrow hears of it tomorrow
    told = {p: partial(_items, due.subject, found, owners) for p, found in wanted.items()}
    direct = tell_directly(round_, due, NAME, told, USELESS_AFTER)

    climbed_now = {(r.action.id, r.role): r for found in wanted.values() for r in found}

    def write(session: Session) -> None:
        if direct.write is not None:
            direct.write(session)
        session.add_all(
            Escalation(action_id=r.action.id, due=r.action.due, role=r.role, at=round_.now)
            for r in climbed_now.values()
        )

    return Result(direct.outcome, write=write)


def _items(project: Project, rungs: Sequence[Rung], owners: dict[int, Person]) -> list[Item]:
    actions = {rung.action.id: rung for rung in rungs}  # a sponsor who leads hears of it once
    title = _("Overdue in {project}").format(project=project.name)
    count = plural(
        "{count} action is so late that it is brought to you",
        "{count} actions are so late that they are brought to you",
        len(actions),
    )
    head = Message(escape(title), [header(title)]) + noted(count.format(count=len(actions)))
    return [Item(head, heading=True), *(_item(project, r, owners) for r in actions.values())]


def _item(project: Project, rung: Rung, owners: dict[int, Person]) -> Item:
    action = rung.action
    ref = full_name(project, action)
    late = plural("{count} working day late", "{count} working days late", rung.late)
    words = " · ".join(
        (
            ref,
            shortened(action.title, TITLE_LIMIT),
            name(owners.get(action.owner_id or 0)),
            f"{late.format(count=rung.late)} ({day(action.due)})",
        )
    )
    buttons = (
        Button(_("Move …"), f"form action move {ref}"),
        Button(_("Give …"), f"form action give {ref}"),
        Button(_("Show"), f"action show {ref}"),
    )
    blocks = [item(words), *buttons_row(buttons)]
    return Item(Message(escape(words), blocks), nudge_about(ref))


ESCALATION = ProjectJob(
    name=NAME,
    summary=N_("what is overdue for 3 and 7 working days, to lead and sponsor"),
    at=time(9),
    weekdays=WORKDAYS,
    catch_up=CatchUp.SKIP,
    build=build,
)
