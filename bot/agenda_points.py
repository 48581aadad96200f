"""The points of an agenda, and the facts they are found in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from bot.agenda import Section
from bot.dates import format_day
from bot.language import _, current
from bot.minutes import Minutes
from bot.pages import moment
from bot.progress import EntryChange, Progress
from bot.projects import Project
from bot.register import Entry
from bot.registers.actions import Action
from bot.report_lines import Line, Teller
from bot.status import StatusUpdate


@dataclass(frozen=True)
class Group:
    """Entries that are on the agenda for one reason."""

    title: str
    lines: Sequence[Line]


@dataclass
class Point:
    """Something to talk about, as it would stand on the agenda; *source* says why."""

    section: Section
    title: str
    source: str
    minutes: int
    presenter_id: int | None
    groups: Sequence[Group] = ()
    kind: str | None = None
    object_id: int | None = None
    is_confidential: bool = False
    carried: int = 0
    link: str | None = None


@dataclass(frozen=True)
class LastMinutes:
    """The newest minutes of the last meeting, and how many objections wait for an answer."""

    minutes: Minutes
    held_on: date
    objections: int


@dataclass(frozen=True)
class Facts:
    """What an agenda is made of, read beforehand.

    *on* is the day of the meeting, *until* that of the one after it, *since* when the last one
    was; *followed* are the actions a decision led to, *lead_id* is who leads the project.
    """

    project: Project
    today: date
    on: date
    now: datetime
    since: datetime
    until: date
    progress: Progress
    teller: Teller
    update: StatusUpdate | None
    chair_id: int
    lead_id: int | None
    last: LastMinutes | None = None
    followed: Mapping[int, Sequence[Action]] = field(default_factory=dict)

    @property
    def since_words(self) -> str:
        return self.day(self.project.local_date(self.since))

    def day(self, value: date) -> str:
        """A day without its year, where that is this one."""
        return format_day(value, current(), year=value.year != self.today.year)

    def change_of(self, entry: Entry) -> EntryChange | None:
        """What became of *entry* since the last meeting."""
        return self._changes.get((entry.__tablename__, entry.id))

    @cached_property
    def _changes(self) -> dict[tuple[str, int], EntryChange]:
        return {(c.entry.__tablename__, c.entry.id): c for c in self.progress.entries}


def held_words(facts: Facts) -> str:
    """When the last minutes were approved, for the head of the agenda."""
    last = facts.last
    if last is None or last.minutes.approved_at is None:
        return ""
    at = moment(last.minutes.approved_at, facts.project.timezone)
    text = _("Minutes of {day}: approved {moment}, version {number}")
    return text.format(day=facts.day(last.held_on), moment=at, number=last.minutes.version)
