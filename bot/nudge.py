"""Nudges: what a person is to be reminded of today, with the buttons that settle it."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.audience import Roles
from bot.cards import nudge_about
from bot.delivery.notices import Item
from bot.entries import full_name, register_of
from bot.language import _
from bot.messages import Button, Message, buttons_row, item, shortened
from bot.people import Person
from bot.projects import Project
from bot.register import Entry
from bot.typed import escape
from bot.values import Role

TITLE_LIMIT = 300  # the whole of it is behind Show


@dataclass(frozen=True)
class Subject:
    """What a nudge is about: a row of a table, under the name people call it by."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True)
class Nudge:
    """One reminder for one person; the smaller its *rank*, the further up it stands."""

    person: int
    project: Project
    subject: Subject
    words: str
    rank: tuple[int, str]
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()

    def item(self) -> Item:
        """How it stands in the message."""
        menu = [*self.menu, *snoozing(self.subject.name)]
        blocks = [item(self.words), *buttons_row(self.buttons, menu)]
        return Item(Message(escape(self.words), blocks), nudge_about(self.subject.name))


def snoozing(name: str) -> tuple[Button, Button]:
    """The buttons that put off a reminder of the thing called *name*."""
    return (
        Button(_("Snooze 1 day"), f"snooze {name} 1 day"),
        Button(_("Snooze 1 week"), f"snooze {name} 1 week"),
    )


@dataclass(frozen=True)
class Morning:
    """What nudges are worked out from: the *people* they are for, and the facts all share.

    *since* is the day of each person's last digest: what became due on days nobody was told of
    is told now.
    """

    session: Session
    now: datetime
    people: dict[int, Person]
    today: dict[int, date]
    since: dict[int, date]
    projects: dict[int, Project]
    roles: Roles
    readable: Collection[tuple[int, int]]

    def leads(self, project: Project) -> list[int]:
        """Those of *people* who lead *project*."""
        named = self.roles.get(project.id, {})
        return [person for person in self.people if Role.LEAD in named.get(person, ())]

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
    words: Sequence[str],
    rank: int,
    buttons: tuple[Button, ...],
    menu: tuple[Button, ...] = (),
) -> Nudge:
    """A nudge about *entry*; *words* say behind its title what there is to know."""
    name = full_name(project, entry)
    line = " · ".join((name, shortened(entry.title, TITLE_LIMIT), *filter(None, words)))
    when = entry.due or date.max
    show = Button(_("Show"), f"{register_of(entry).noun} show {name}")
    return Nudge(
        person,
        project,
        Subject(entry.__tablename__, entry.id, name),
        line,
        (rank, f"{when.isoformat()} {name}"),
        buttons,
        (*menu, show),
    )
