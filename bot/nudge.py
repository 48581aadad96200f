"""Nudges: what a person is to be reminded of today, with the buttons that settle it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from bot.audience import Roles, reading
from bot.dates import format_day
from bot.delivery.notices import Item
from bot.entries import full_name, register_of
from bot.language import _, current
from bot.messages import Button
from bot.pages import name
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import Entry
from bot.registers import REGISTERS
from bot.reminding import reminder, stand_of
from bot.rights import TABLE, Right
from bot.values import Role

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Subject:
    """What a nudge is about: a row of a table, and the name people call it by anywhere."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class Nudge:
    """One reminder for one person; the smaller its *rank*, the further up it stands.

    *label* is what the thing is called where only one project is spoken of; *stand* says how it
    stands now. What *is_ahead* is not for today yet.
    """

    person: int
    project: Project
    subject: Subject
    label: str
    title: str
    facts: tuple[str, ...]
    rank: tuple[int, int, str]
    stand: str
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()
    is_ahead: bool = False

    def item(self, *, among_others: bool) -> Item:
        """How it stands in a message, *among others* with its project's key."""
        name = self.subject.name if among_others and self.label else self.label
        item = reminder(
            self.subject.name,
            self.title,
            (name, *self.facts),
            self.buttons,
            (*self.menu, *snoozing(self.subject.name)),
            self.stand,
        )
        return replace(item, project=self.project.id)


def snoozing(name: str) -> tuple[Button, Button]:
    """The buttons that put off a reminder of the thing called *name*.

    For a day means that the next digest comes without it, so it is back two working days on.
    """
    noun, sign, key = name.partition(" in ")
    return (
        Button(_("Snooze 1 day"), f"snooze {noun} for 2 wd{sign}{key}"),
        Button(_("Snooze 1 week"), f"snooze {noun} for 1 week{sign}{key}"),
    )


def near_day(day: date, today: date) -> str:
    """A day in words, its year left out where it is this one."""
    return format_day(day, current(), year=day.year != today.year)


@dataclass(frozen=True)
class Morning:
    """What nudges are worked out from: the *people* they are for, and the facts all share.

    *told* are the days of each person's last digests, the latest first: what became due on days
    nobody was told of is told now. *snoozed* is until when somebody put off a row of a table.
    *estranged* are owners who may not read their project any more, as *readable* by both.
    """

    session: Session
    now: datetime
    people: dict[int, Person]
    today: dict[int, date]
    told: dict[int, list[date]]
    projects: dict[int, Project]
    roles: Roles
    readable: Collection[tuple[int, int]]
    snoozed: Mapping[tuple[int, str, int], date]
    estranged: Collection[tuple[int, int]]

    def leads(self, project: Project) -> list[int]:
        """Those of *people* who lead *project*."""
        named = self.roles.get(project.id, {})
        return [person for person in self.people if Role.LEAD in named.get(person, ())]

    def answer_for(self, entry: Entry, project: Project) -> list[int]:
        """Those who are to be reminded of *entry*: its owner, else those of *people* who lead.

        They do, too, where the owner may not read the project any more.
        """
        owner = entry.owner_id
        if owner is None or (owner, project.id) in self.estranged:
            return self.leads(project)
        return [owner]

    def may_edit(self, person: int, project: Project) -> bool:
        """Whether *person* may change in *project* what is somebody else's."""
        return not TABLE[Right.EDIT].isdisjoint(self.roles.get(project.id, {}).get(person, ()))

    def since(self, person: int, project: Project, entry: Entry) -> date:
        """The last day *person* could hear of *entry*: not one of the project's holidays.

        It is as if they had never heard of what comes back now after a snooze.
        """
        days = self.told.get(person, ())
        working = (day for day in days if project.calendar.is_working(day))
        heard = next(working, project.local_date(entry.opened_at))
        until = self.snoozed.get((person, entry.__tablename__, entry.id), date.min)
        return date.min if heard < until <= self.today[person] else heard

    def rests(self, person: int, kind: str, number: int) -> bool:
        """Whether *person* does not want to hear of that row of a table today."""
        return self.snoozed.get((person, kind, number), date.min) > self.today[person]

    def wakes(self, person: int, project: Project) -> bool:
        """Whether *project* has anything to say to *person* today: not on its holidays."""
        is_read = (person, project.id) in self.readable
        return is_read and project.calendar.is_working(self.today[person])


def answered_for(
    morning: Morning, kind: type[E], *conditions: ColumnElement[bool]
) -> Iterator[tuple[E, Project, int]]:
    """The open entries of a register and who answers for each today."""
    led = [p.id for p in morning.projects.values() if morning.leads(p)]
    gone = sorted({person for person, _project in morning.estranged})
    is_ours = kind.owner_id.in_(sorted(morning.people))
    is_nobodys = kind.owner_id.is_(None) | kind.owner_id.in_(gone)
    rows = morning.session.scalars(
        select(kind).where(
            kind.closed_at.is_(None), is_ours | (is_nobodys & kind.project_id.in_(led)), *conditions
        )
    )
    for entry in rows:
        project = morning.projects.get(entry.project_id)
        if project is not None:
            for person in morning.answer_for(entry, project):
                if person in morning.people and morning.wakes(person, project):
                    yield entry, project, person


def estranged(
    session: Session, projects: Mapping[int, Project], roles: Roles
) -> set[tuple[int, int]]:
    """The owners of what is due in *projects* who may not read them any more, and of which."""
    owned = [
        select(register.entry.owner_id, register.entry.project_id).where(
            register.entry.project_id.in_(sorted(projects)),
            register.entry.owner_id.is_not(None),
            register.entry.closed_at.is_(None),
            register.entry.due.is_not(None),
        )
        for register in REGISTERS
    ]
    pairs = {(owner, project) for owner, project in session.execute(union(*owned))}
    owners = by_id(session, {owner for owner, _project in pairs})
    found = [(owners[owner], projects[project]) for owner, project in pairs]
    return pairs - reading(session, found, roles)


def whose(morning: Morning, entry: Entry, project: Project, person: int) -> str:
    """Why *person* is reminded of *entry*, where it is not their own."""
    if entry.owner_id == person:
        return ""
    if entry.owner_id is None:
        return _("no owner")
    owner = name(morning.session.get_one(Person, entry.owner_id))
    return _("{who}, who may not read {project}").format(who=owner, project=project.name)


@dataclass(frozen=True)
class Kind:
    """A kind of nudge, which a person or a project may switch off; *find* reads what is so."""

    name: str
    title: str
    find: Callable[[Morning], Iterable[Nudge]]


def of_entry(
    entry: Entry,
    project: Project,
    person: int,
    facts: Sequence[str],
    rank: int,
    buttons: tuple[Button, ...],
    menu: tuple[Button, ...] = (),
    weight: int = 0,
) -> Nudge:
    """A nudge about *entry*; *facts* say below its title what there is to know.

    Of one kind those with the least *weight* come first, then those due first.
    """
    register, ref = register_of(entry), full_name(project, entry)
    when = entry.due or date.max
    show = Button(_("Show"), f"{register.noun} show {ref}")
    return Nudge(
        person,
        project,
        Subject(entry.__tablename__, entry.id, ref),
        register.name_of(entry),
        entry.title,
        tuple(facts),
        (rank, weight, f"{when.isoformat()} {project.key} {register.letter}{entry.number:09}"),
        stand_of(entry),
        buttons,
        (*menu, show),
    )
