"""The personal digest: one message a working day with all that waits for a person."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from bot.audience import Roles, readers, roles_in
from bot.delivery.notices import Item, packed, post
from bot.delivery.occurrences import Occurrence, Outcome
from bot.delivery.outbox import Delivery, State
from bot.job import EMPTY, WORKDAYS, CatchUp, Due, PersonJob, Result, Round
from bot.language import N_, _, plural, speaking
from bot.left_open import projects_left_open
from bot.messages import NOTHING, Button, Message, buttons_row, header, noted
from bot.minutes import projects_waiting
from bot.nudge import Kind, Morning, Nudge, estranged, near_day
from bot.nudges import KINDS
from bot.pages import day
from bot.people import Person
from bot.preferences import DIGEST_AT, Wishes, snoozes, wishes_of
from bot.projects import Project, ProjectRole
from bot.registers import REGISTERS
from bot.schedules import settings_of
from bot.typed import escape
from bot.values import Role

NAME = "digest"
USELESS_AFTER = timedelta(hours=12)
LONGEST_BREAK = timedelta(days=60)
"""Who was told nothing for longer is told of what stands, not of every step on the way."""

Found = dict[int, list[tuple[Kind, Nudge]]]
"""What there is to remind each person of."""


def build(round_: Round[Person]) -> Sequence[Result]:
    """A digest for each, of what is so now; nobody hears of what they may not read."""
    wishes = wishes_of(round_.session, [due.subject.id for due in round_.due])
    awake = [due for due in round_.due if not wishes[due.subject.id].is_away(due.turn.day)]
    found = _found(round_, awake, wishes)
    return [
        _result(round_, due, found.get(due.subject.id, []))
        if due in awake
        else Result(Outcome.SKIPPED, _away(wishes[due.subject.id]))
        for due in round_.due
    ]


def _found(round_: Round[Person], due: Sequence[Due[Person]], wishes: dict[int, Wishes]) -> Found:
    """Every nudge that is wanted, by person."""
    if not due:
        return {}
    morning = _morning(round_, due)
    off = {
        (project, name)
        for (project, name), row in settings_of(round_.session, morning.projects).items()
        if not row.is_on
    }
    found: Found = {}
    seen: set[tuple[int, str]] = set()
    for kind in KINDS:
        for nudge in kind.find(morning):
            is_off = (nudge.project.id, kind.name) in off or kind.name in wishes[nudge.person].muted
            rests = morning.rests(nudge.person, nudge.subject.kind, nudge.subject.id)
            if not (is_off or rests or (nudge.person, nudge.subject.name) in seen):
                seen.add((nudge.person, nudge.subject.name))
                found.setdefault(nudge.person, []).append((kind, nudge))
    return found


def _morning(round_: Round[Person], due: Sequence[Due[Person]]) -> Morning:
    session = round_.session
    people = {one.subject.id: one.subject for one in due}
    today = {one.subject.id: one.turn.day for one in due}
    projects = _projects(session, people)
    roles = roles_in(session, projects)
    return Morning(
        session,
        round_.now,
        people,
        today,
        _told(session, people, round_.now - LONGEST_BREAK),
        projects,
        roles,
        readers(session, people.values(), projects.values(), roles),
        snoozes(session, people, min(today.values()) - LONGEST_BREAK),
        estranged(session, _led(people, projects, roles), roles),
    )


def _led(people: Collection[int], projects: dict[int, Project], roles: Roles) -> dict[int, Project]:
    """Those of *projects* one of *people* leads."""
    leading = {
        number
        for number, named in roles.items()
        for person, has in named.items()
        if person in people and Role.LEAD in has
    }
    return {number: project for number, project in projects.items() if number in leading}


def _told(session: Session, people: Collection[int], since: datetime) -> dict[int, list[date]]:
    """The days of each person's digests since then, empty ones too, the latest first.

    One that Slack never took has told nothing.
    """
    rows = session.execute(
        select(Occurrence.subject_id, Occurrence.period)
        .outerjoin(Delivery, Delivery.key == Occurrence.delivery_key)
        .where(
            Occurrence.job == NAME,
            Occurrence.subject_id.in_(sorted(people)),
            Occurrence.planned_at >= since,
            Occurrence.outcome.in_((Outcome.SENT, Outcome.EMPTY)),
            or_(Delivery.state.is_(None), Delivery.state.not_in((State.DEAD, State.CANCELLED))),
        )
        .order_by(Occurrence.planned_at.desc())
    )
    told: dict[int, list[date]] = {}
    for person, period in rows:
        told.setdefault(person, []).append(date.fromisoformat(period))
    return told


def _projects(session: Session, people: Collection[int]) -> dict[int, Project]:
    """The open projects in which one of *people* owns something, has a role or is asked."""
    owning = [
        select(register.entry.project_id).where(
            register.entry.owner_id.in_(sorted(people)), register.entry.closed_at.is_(None)
        )
        for register in REGISTERS
    ]
    named = select(ProjectRole.project_id).where(ProjectRole.person_id.in_(sorted(people)))
    known = union(named, projects_waiting(people), projects_left_open(people), *owning)
    rows = session.scalars(
        select(Project).where(Project.closed_at.is_(None), Project.id.in_(known))
    )
    return {project.id: project for project in rows}


def _result(round_: Round[Person], due: Due[Person], found: list[tuple[Kind, Nudge]]) -> Result:
    if not found:
        return EMPTY
    key = f"{NAME}:{due.key}"
    with speaking(due.subject.locale):
        items = _items(due, found)
    write = partial(
        _post,
        key=key,
        channel=due.subject.slack_id,
        items=items,
        now=round_.now,
        at=due.turn.at,
        useless_after=USELESS_AFTER,
    )
    return Result(Outcome.SENT, key=key, write=write)


def _post(session: Session, **promised: Any) -> None:
    post(session, **promised)


def _items(due: Due[Person], found: list[tuple[Kind, Nudge]]) -> list[Item]:
    """The digest, kind by kind, the earliest day first; its head tells of what is in its thread."""
    projects = {nudge.project.id: nudge.project.name for _kind, nudge in found}
    is_one = len(projects) == 1
    words = [*(projects.values() if is_one else ()), *_counts(nudge for _kind, nudge in found)]
    items: list[Item] = []
    for kind in KINDS:
        nudges = sorted((n for k, n in found if k is kind), key=lambda nudge: nudge.rank)
        if nudges:
            name = _(kind.title)
            items.append(Item(Message(escape(name), [header(name)]), heading=True))
            items += [nudge.item(among_others=not is_one) for nudge in nudges]
    foot = [Button(_("My list"), "my list"), Button(_("Settings"), "settings")]
    items.append(Item(Message("", [{"type": "divider"}, *buttons_row(foot)])))
    whole = [_head(due, words), *items]
    if len(packed(whole)) == 1:
        return whole
    return [_head(due, [*words, _("goes on in the thread")]), *items]


def _head(due: Due[Person], words: Sequence[str]) -> Item:
    title = _("Your day, {day}").format(day=near_day(due.turn.day, due.turn.day))
    return Item(Message(escape(title), [header(title)]) + noted(" · ".join(words)), heading=True)


def _counts(found: Iterable[Nudge]) -> list[str]:
    """How much is for today, and how much will be soon."""
    ahead = [nudge.is_ahead for nudge in found]
    today, soon = ahead.count(False), ahead.count(True)
    told = plural("{count} thing today", "{count} things today", today).format(count=today)
    later = plural("{count} soon", "{count} soon", soon).format(count=soon)
    return [words for words, count in ((told, today), (later, soon)) if count]


def preview(round_: Round[Person]) -> Message:
    """One person's digest as it would be now; what would go into its thread is left out."""
    (due,) = round_.due
    wishes = wishes_of(round_.session, [due.subject.id])
    found = _found(round_, [due], wishes).get(due.subject.id, [])
    if not found:
        return noted(_("Nothing waits for you, so no digest would come."))
    return sum((item.message for item in packed(_items(due, found))[0]), NOTHING)


def _away(wishes: Wishes) -> str:
    return _("away until {day}").format(day=day(wishes.away_until))


DIGEST = PersonJob(
    name=NAME,
    title=N_("Personal digest"),
    summary=N_("what waits for you, in one message"),
    at=DIGEST_AT,
    weekdays=WORKDAYS,
    catch_up=CatchUp.SKIP,
    build=build,
    preview=preview,
)
