"""Escalation: what is overdue for days is brought to the lead, then to the sponsor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audience import roles_in
from bot.confidentiality import readable
from bot.delivery.notices import Item
from bot.delivery.occurrences import Outcome
from bot.delivery.outbox import Delivery
from bot.entries import full_name
from bot.escalations import LADDER, Climbed, Escalation, climbed
from bot.job import (
    EMPTY,
    WORKDAYS,
    CatchUp,
    Due,
    ProjectJob,
    Result,
    Round,
    direct_key,
    tell_directly,
)
from bot.language import N_, _, plural
from bot.messages import Button, Message, header, noted
from bot.nudges.reminders import when
from bot.pages import name
from bot.people import Person, by_id
from bot.plans import moment_of
from bot.preferences import snoozes
from bot.projects import Project
from bot.registers.actions import ACTIONS, Action
from bot.reminding import reminder, stand_of
from bot.rights import TABLE, Right, Rights
from bot.typed import escape
from bot.values import Role

NAME = "escalation"
USELESS_AFTER = timedelta(hours=24)
NOBODY = Climbed()


@dataclass(frozen=True)
class Rung:
    """An action that has come to the rung of a role, so many working days late.

    It is *late* by more than the rung's *days* where it came to it before today.
    """

    action: Action
    due: date
    role: Role
    late: int
    days: int


def build(round_: Round[Project]) -> Sequence[Result]:
    """Bring each action to a role once, as long as its date stands.

    Whose message was given up on the way to Slack is told again.
    """
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
    owners = {action.owner_id for action in rows if action.owner_id}
    days = {due.turn.day for due in round_.due}
    resting = {day: snoozes(session, owners, day) for day in days}
    roles = roles_in(session, projects)
    people = by_id(session, [person for named in roles.values() for person in named])
    named = by_id(session, owners)
    results = []
    for due in round_.due:
        rungs = [
            rung
            for action in rows
            if action.project_id == due.subject.id
            if (action.owner_id, Action.__tablename__, action.id) not in resting[due.turn.day]
            for rung in _rungs(action, due)
        ]
        told = {
            person: [
                r
                for r in rungs
                if r.role in has and r.action.owner_id != person
                if known.get((r.action.id, r.due, r.role), NOBODY).is_news_to(person)
            ]
            for person, has in roles.get(due.subject.id, {}).items()
        }
        wanted = {
            people[p]: theirs
            for p, found in told.items()
            if people[p].is_active and (theirs := _readable(round_, people[p], found))
        }
        editors = {
            person
            for person, has in roles.get(due.subject.id, {}).items()
            if not TABLE[Right.EDIT].isdisjoint(has)
        }
        results.append(_result(round_, due, wanted, named, editors))
    return results


def _readable(round_: Round[Project], person: Person, rungs: Sequence[Rung]) -> list[Rung]:
    """Those of *rungs* whose action *person* may read, as not everybody may a confidential one."""
    rights = Rights(round_.session, person, round_.now)
    known = {a.id for a in readable(round_.session, rights, [rung.action for rung in rungs])}
    return [rung for rung in rungs if rung.action.id in known]


def _rungs(action: Action, due: Due[Project]) -> list[Rung]:
    if action.due is None:
        return []
    late = due.subject.calendar.between(action.due, due.turn.day)
    return [Rung(action, action.due, role, late, days) for days, role in LADDER if late >= days]


def _result(
    round_: Round[Project],
    due: Due[Project],
    wanted: dict[Person, list[Rung]],
    owners: dict[int, Person],
    editors: Collection[int],
) -> Result:
    if not wanted:
        return EMPTY  # whoever is named sponsor tomorrow hears of it tomorrow
    parts = _parts(round_.session, due, wanted)
    tellings = []
    for of, told in parts.items():
        items = {
            p: partial(_items, due.subject, found, owners, due.turn.day, is_editor=p.id in editors)
            for p, found in told.items()
        }
        since = moment_of(of.turn.day, time(0), due.subject.timezone) if of is not due else None
        tellings.append(tell_directly(round_, of, NAME, items, USELESS_AFTER, since))

    def write(session: Session) -> None:
        for telling in tellings:
            if telling.write is not None:
                telling.write(session)
        session.add_all(
            Escalation(
                action_id=rung.action.id,
                due=rung.due,
                role=rung.role,
                person_id=person.id,
                delivery_key=direct_key(NAME, of, person),
                at=round_.now,
            )
            for of, told in parts.items()
            for person, found in told.items()
            for rung in found
        )

    return Result(Outcome.SENT, key=" ".join(one.key or "" for one in tellings), write=write)


def _parts(
    session: Session, due: Due[Project], wanted: dict[Person, list[Rung]]
) -> dict[Due[Project], dict[Person, list[Rung]]]:
    """What is told in one message each: of today, and what came to its rung on an earlier day.

    That was missed, unless this is a restored backup that does not know of having told it. So it
    is promised as of its last day, by the key it was told under then, and looked for.
    """
    missed: dict[Person, Due[Project]] = {}
    for person, found in wanted.items():
        days = [due.subject.calendar.add(r.due, r.days) for r in found if r.late > r.days]
        if days:
            turn = replace(due.turn, period=max(days).isoformat(), day=max(days))
            missed[person] = replace(due, turn=turn)
    keys = {person: direct_key(NAME, then, person) for person, then in missed.items()}
    known = set(session.scalars(select(Delivery.key).where(Delivery.key.in_(keys.values()))))
    parts: dict[Due[Project], dict[Person, list[Rung]]] = {}
    for person, found in wanted.items():
        then = missed[person] if person in keys and keys[person] not in known else due
        for rung in found:
            of = then if rung.late > rung.days else due
            parts.setdefault(of, {}).setdefault(person, []).append(rung)
    return parts


def _items(
    project: Project,
    rungs: Sequence[Rung],
    owners: dict[int, Person],
    today: date,
    *,
    is_editor: bool,
) -> list[Item]:
    actions = {rung.action.id: rung for rung in rungs}  # a sponsor who leads hears of it once
    title = _("Overdue in {project}").format(project=project.name)
    count = plural(
        "{count} action is so late that it is brought to you",
        "{count} actions are so late that they are brought to you",
        len(actions),
    )
    head = Message(escape(title), [header(title)]) + noted(count.format(count=len(actions)))
    latest = sorted(actions.values(), key=lambda rung: (-rung.late, rung.action.number))
    items = [_item(project, rung, owners, today, is_editor=is_editor) for rung in latest]
    return [Item(head, heading=True), *items]


def _item(
    project: Project, rung: Rung, owners: dict[int, Person], today: date, *, is_editor: bool
) -> Item:
    """One action; who may not change what is others' is offered to say something about it."""
    action, ref = rung.action, full_name(project, rung.action)
    facts = (
        ACTIONS.name_of(action),
        name(owners.get(action.owner_id or 0)),
        when(action.due, today, project),
    )
    changing = (
        Button(_("Move …"), f"form action move {ref}"),
        Button(_("Give …"), f"form action give {ref}"),
    )
    telling = (Button(_("Note …"), f"form action note {ref}"),)
    show = Button(_("Show"), f"action show {ref}")
    buttons = (*(changing if is_editor else telling), show)
    return reminder(ref, action.title, facts, buttons, stand=stand_of(action))


ESCALATION = ProjectJob(
    name=NAME,
    title=N_("Escalation"),
    summary=N_("what is overdue for 3 and 7 working days, to lead and sponsor"),
    at=time(9),
    weekdays=WORKDAYS,
    catch_up=CatchUp.SKIP,
    build=build,
)
