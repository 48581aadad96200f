"""Nudges: what a person is to be reminded of today, with the buttons that settle it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.audience import Roles
from bot.dates import format_day
from bot.delivery.notices import Item
from bot.entries import full_name, register_of
from bot.language import _, current
from bot.messages import Button
from bot.people import Person
from bot.projects import Project
from bot.register import Entry
from bot.reminding import reminder, stand_of
from bot.rights import TABLE, Right
from bot.values import Role


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

    def leads(self, project: Project) -> list[int]:
        """Those of *people* who lead *project*."""
        named = self.roles.get(project.id, {})
        return [person for person in self.people if Role.LEAD in named.get(person, ())]

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
    register, name = register_of(entry), full_name(project, entry)
    when = entry.due or date.max
    show = Button(_("Show"), f"{register.noun} show {name}")
    return Nudge(
        person,
        project,
        Subject(entry.__tablename__, entry.id, name),
        register.name_of(entry),
        entry.title,
        tuple(facts),
        (rank, weight, f"{when.isoformat()} {name}"),
        stand_of(entry),
        buttons,
        (*menu, show),
    )
