"""The context of a command: who says what, where and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.audience import may_hear
from bot.confidentiality import E, readable
from bot.config import Settings
from bot.dates import DateOrder
from bot.people import Person, person_of
from bot.projects import Project
from bot.rights import Right, Rights
from bot.typed import Line
from bot.values import ChannelId, UserId
from bot.workdays import WorkCalendar

ORDERS = {"day": DateOrder.DAY_FIRST, "month": DateOrder.MONTH_FIRST}


@dataclass(frozen=True)
class Place:
    """Where something was typed: a channel, and in it a thread; with what it was about."""

    channel: ChannelId | None = None
    thread: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Context:
    """All a verb needs to know about its call.

    *is_sure* tells that whoever calls knows how many will be told: they were asked, or filled in a
    form for it.
    """

    session: Session
    actor: Person
    place: Place
    now: datetime
    settings: Settings
    rights: Rights
    line: Line = field(default_factory=lambda: Line(""))
    scopes: frozenset[str] = frozenset()
    chosen: Project | None = None
    is_sure: bool = False

    @property
    def project(self) -> Project:
        """The project the command is about; only for verbs that have one."""
        if self.chosen is None:
            raise LookupError("this verb has no project")
        return self.chosen

    def about(self, project: Project) -> "Context":
        """The same call, about *project*."""
        return replace(self, chosen=project)

    @property
    def zone(self) -> str:
        """The zone days are counted in: the project's, else the person's."""
        return self.chosen.timezone if self.chosen else self.actor.timezone

    @property
    def today(self) -> date:
        if self.chosen is not None:
            return self.chosen.local_date(self.now)
        return self.now.astimezone(ZoneInfo(self.actor.timezone)).date()

    @property
    def calendar(self) -> WorkCalendar:
        """The working days that count: the project's, else Monday to Friday."""
        return self.chosen.calendar if self.chosen else WorkCalendar(None, None)

    @property
    def order(self) -> DateOrder | None:
        """How ``03/04`` is read here."""
        return ORDERS.get(self.settings.date_order)

    @property
    def undo_window(self) -> timedelta:
        return timedelta(minutes=self.settings.undo_minutes)

    @property
    def gather(self) -> timedelta:
        return timedelta(seconds=self.settings.gather_seconds)

    def line_safe(self, words: str) -> str:
        """*words* as a line can carry them, such as in the value of a button."""
        return Line(words).encoded()

    def may(self, right: Right) -> bool:
        return self.rights.may(right, self.project)

    def require(self, right: Right) -> None:
        """Raise `RefusedError` unless the actor has *right* in the project."""
        self.rights.require(right, self.project)

    def readable(self, entries: Sequence[E]) -> list[E]:
        """Those of *entries* the actor may read, who may read their projects."""
        return readable(self.session, self.rights, entries)

    def may_hear(self, person: Person, project: Project) -> bool:
        """Whether somebody else may read what is told of *project*: people come and go."""
        return may_hear(self.session, self.rights, person, project)

    def find_user(self, user: UserId) -> Person:
        """The person with that Slack id."""
        return person_of(self.session, self.actor.team, user)

    def person(self, key: int) -> Person:
        """The person with that primary key."""
        return self.session.get_one(Person, key)
