"""What every register has in common: numbered entries that open, change and close."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from bot.confidential import Confidential, Readable, public
from bot.db import Base
from bot.errors import UserError
from bot.history import Audited, is_changing
from bot.language import _
from bot.people import Person
from bot.projects import Project

NAME = re.compile(r"(?:([A-Za-z][A-Za-z0-9]{1,9})-)?([A-Za-z])-?(\d{1,9})")
TITLE_LIMIT = 3000  # what a form's text input takes, so that everything can be edited
WITHDRAWN = "withdrawn"


class Entry(Confidential, Audited, Base):
    """One line of a register. A register adds its own columns in a subclass."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    title: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due: Mapped[date | None]
    moves: Mapped[int] = mapped_column(default=0)
    source: Mapped[str | None]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        name, is_open = cls.__tablename__, cls.closed_at.is_(None)
        return (
            UniqueConstraint("project_id", "number"),
            Index(f"ix_{name}_owner", "owner_id"),
            Index(f"ix_{name}_due", "due", sqlite_where=is_open, postgresql_where=is_open),
        )

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_overdue(self, today: date) -> bool:
        return self.closed_at is None and self.due is not None and self.due < today

    def is_own(self, person: Person) -> bool:
        """Whether it is *person*'s to close and move: the owner's, else who raised it."""
        return person.id == (self.opened_by if self.owner_id is None else self.owner_id)

    needs_accept: ClassVar[bool] = False
    """Whether the one it is given to has to accept."""

    def give_to(self, owner: Person, giver: Person) -> None:
        """Make it *owner*'s, by the hand of *giver*."""
        self.owner_id = owner.id

    def withdraw(self, now: datetime) -> None:
        """Take the entry back: its number stays taken, the audit trail keeps it."""
        self.closed_at, self.outcome = now, WITHDRAWN

    @property
    def is_alarming(self) -> bool:
        """Whether the lead is told at once."""
        return False

    guarded: ClassVar[frozenset[str]] = frozenset()
    """Columns an owner alone may not edit: a score is the lead's and the office's to give."""

    def edited(
        self, session: Session, project: Project, author: Person, now: datetime, names: set[str]
    ) -> None:
        """What else happens when the columns called *names* are given by an edit."""

    def opened(self, session: Session, project: Project, author: Person, now: datetime) -> None:
        """What else happens when an entry of this register is opened."""

    def gist(self) -> list[str]:
        """What a line about it says between its title and its owner."""
        return []

    def ending(self) -> str:
        """How it was closed, in words; "" while it is open."""
        return _(self.outcome) if self.outcome else ""

    def details(self) -> dict[str, Any]:
        """What to show beyond title, owner and date, by its translated label."""
        return {}

    def known(self, session: Session) -> dict[str, Any]:
        """What only a look at the entry itself shows, by its translated label."""
        return {_("Moved"): self.moves} if self.moves else {}

    def weight(self) -> tuple[Any, ...]:
        """Sort key: the entries to look at first come first."""
        return (self.due or date.max, self.number)


class Note(Audited, Base):
    """A remark somebody made on an entry."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_object", "kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    object_id: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str]


class Link(Audited, Base):
    """A connection between two entries, such as a risk that became an issue."""

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_from", "from_kind", "from_id"),
        Index("ix_link_to", "to_kind", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_kind: Mapped[str]
    from_id: Mapped[int]
    to_kind: Mapped[str]
    to_id: Mapped[int]
    relation: Mapped[str]


E = TypeVar("E", bound=Entry)
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Register(Generic[E]):
    """A kind of list the project office keeps.

    The signature of *draft* is the grammar of ``<noun> add`` and the form behind it. The
    *example* is a line for it, shown in the help and run by the tests. *outcomes* maps the verbs
    that close an entry to how it then stands; the first is what ``close`` means. *default* is
    the verb of the bare noun; an *is_short* register has a slash command of its own. Where the
    noun is an abbreviation, *called* is the word for one of its entries.
    """

    noun: str
    plural: str
    summary: str
    letter: str
    entry: type[E]
    draft: Callable[..., E]
    outcomes: dict[str, str]
    example: str
    due_label: str
    default: str = "list"
    is_short: bool = False
    columns: tuple[str, ...] = ()
    searched: tuple[str, ...] = ("title",)
    called: str = ""

    @property
    def word(self) -> str:
        """What a text calls one of its entries."""
        return self.called or self.noun

    @property
    def has_deadline(self) -> bool:
        """Whether its date is one to be late for, not one to look again."""
        return self.due_label == "Due"

    def name_of(self, entry: Entry) -> str:
        """The short name within the project, such as ``A12``."""
        return f"{self.letter}{entry.number}"

    def add(self, session: Session, project: Project, entry: E, author: Person, at: datetime) -> E:
        """Open *entry* under the next free number of *project*."""
        if session.get_bind().dialect.name != "sqlite":  # there, a transaction writes alone
            session.get_one(Project, project.id, with_for_update={"key_share": True})  # one by one
        last = select(func.max(self.entry.number)).where(self.entry.project_id == project.id)
        entry.project_id = project.id
        entry.number = (session.scalar(last) or 0) + 1
        entry.opened_by, entry.opened_at = author.id, at
        check_title(entry.title)
        session.add(entry)
        session.flush()
        return entry

    def find(self, session: Session, project: Project, number: int) -> E | None:
        """The entry with *number* in *project*, unless it was withdrawn."""
        statement = select(self.entry).where(
            self.entry.project_id == project.id, self.entry.number == number
        )
        if is_changing(session):  # what is changed by two at once would be changed half
            statement = statement.with_for_update().execution_options(populate_existing=True)
        entry = session.scalar(statement)
        return None if entry is None or entry.outcome == WITHDRAWN else entry

    def entries(
        self, session: Session, project: Project, *conditions: Condition, by: Readable[E] = public
    ) -> list[E]:
        """Those that meet all *conditions* and may be read *by* who asks, pressing ones first."""
        rows = session.scalars(
            select(self.entry).where(
                self.entry.project_id == project.id,
                self.entry.outcome.is_distinct_from(WITHDRAWN),
                *conditions,
            )
        ).all()
        return sorted(by(rows), key=lambda entry: entry.weight())

    def open_entries(
        self, session: Session, project: Project, *conditions: Condition, by: Readable[E] = public
    ) -> list[E]:
        """The entries still open that meet all *conditions*, as `entries` has them."""
        return self.entries(session, project, self.entry.closed_at.is_(None), *conditions, by=by)

    def owned(self, session: Session, person: Person, projects: Sequence[Project]) -> list[E]:
        """Every open entry of *person* in *projects*."""
        rows = session.scalars(
            select(self.entry).where(
                self.entry.owner_id == person.id,
                self.entry.closed_at.is_(None),
                self.entry.project_id.in_([project.id for project in projects]),
            )
        )
        return sorted(rows, key=lambda entry: entry.weight())

    def matching(
        self, session: Session, project: Project, words: str, *, by: Readable[E] = public
    ) -> list[E]:
        """The entries, open or closed, whose texts contain *words*, in any case.

        Those whose title is just that come first, then those whose title begins with it.
        """
        wanted = words.casefold()
        found = [
            entry
            for entry in self.entries(session, project, by=by)
            if any(wanted in (getattr(entry, name) or "").casefold() for name in self.searched)
        ]
        titles = {entry.id: entry.title.casefold() for entry in found}
        return sorted(
            found, key=lambda e: (titles[e.id] != wanted, not titles[e.id].startswith(wanted))
        )

    def close(self, entry: Entry, outcome: str, at: datetime) -> None:
        """Close *entry* as *outcome*. Raises `UserError` if it is closed already."""
        if entry.closed_at is not None:
            raise UserError(_("{name} is closed already.").format(name=self.name_of(entry)))
        entry.closed_at, entry.outcome = at, outcome

    def reopen(self, entry: Entry) -> None:
        """Open a closed *entry* again. Raises `UserError` if it is open."""
        if entry.closed_at is None:
            raise UserError(_("{name} is open.").format(name=self.name_of(entry)))
        entry.closed_at, entry.outcome = None, None


AnyRegister = Register[Any]
"""A register of whatever entries."""


def check_title(title: str) -> None:
    """Raise `UserError` for a title that is empty or longer than a form can show."""
    if not title.strip():
        raise UserError(_("A few words are needed: what is it about?"), field="title")
    if len(title) > TITLE_LIMIT:
        text = _("That text has {count} characters; {limit} is the most a title can have.")
        raise UserError(text.format(count=f"{len(title):,}", limit=TITLE_LIMIT), field="title")


def add_note(session: Session, entry: Entry, author: Person, at: datetime, text: str) -> Note:
    """Keep a remark on *entry*."""
    note = Note(kind=entry.__tablename__, object_id=entry.id, author_id=author.id, at=at, text=text)
    session.add(note)
    return note


def notes_of(session: Session, entry: Entry) -> list[tuple[Note, Person]]:
    """The remarks on *entry* and who made them, the oldest first."""
    rows = session.execute(
        select(Note, Person)
        .join(Person, Person.id == Note.author_id)
        .where(Note.kind == entry.__tablename__, Note.object_id == entry.id)
        .order_by(Note.id)
    )
    return [(note, person) for note, person in rows]


def connect(session: Session, source: Entry, target: Entry, relation: str) -> Link:
    """Link two entries."""
    link = Link(
        from_kind=source.__tablename__,
        from_id=source.id,
        to_kind=target.__tablename__,
        to_id=target.id,
        relation=relation,
    )
    session.add(link)
    return link


def links_of(session: Session, entry: Entry) -> list[Link]:
    """The links that start or end at *entry*."""
    kind = entry.__tablename__
    starts = (Link.from_kind == kind) & (Link.from_id == entry.id)
    ends = (Link.to_kind == kind) & (Link.to_id == entry.id)
    return list(session.scalars(select(Link).where(starts | ends).order_by(Link.id)))
