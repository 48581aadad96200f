"""Jobs: what the clock does by itself, when, and what becomes of what was missed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Settings
from bot.delivery.notices import Item, post
from bot.delivery.occurrences import Outcome
from bot.language import speaking
from bot.messages import Message
from bot.people import Person
from bot.plans import Plan, Turn
from bot.preferences import Wishes, wishes_of
from bot.projects import Project
from bot.schedules import PEOPLE, PROJECTS, JobSetting, settings_of

S = TypeVar("S", Project, Person)
WORKDAYS = frozenset(range(5))


class CatchUp(StrEnum):
    """What is done about turns that were missed.

    *latest*: the last one is done late, in working hours, and tells what the others would have;
    *all*: each is done; *skip*: only today's is, and what others would have told comes with the
    next.
    """

    LATEST = "latest"
    ALL = "all"
    SKIP = "skip"


@dataclass(frozen=True)
class Due(Generic[S]):
    """One turn of a job that is to be done, for one subject."""

    subject: S
    turn: Turn

    @property
    def key(self) -> str:
        """What tells this turn from every other of its job."""
        return f"{self.subject.id}:{self.turn.period}"


@dataclass(frozen=True)
class Round(Generic[S]):
    """A number of turns done together: what they need is read in one query for all."""

    session: Session
    settings: Settings
    now: datetime
    due: Sequence[Due[S]]


@dataclass(frozen=True)
class Result:
    """What is to become of a turn; *write* does it, in the transaction that records it.

    *key* is what the delivery is promised under, where one is; of several, all with blanks
    between.
    """

    outcome: Outcome
    why: str | None = None
    key: str | None = None
    write: Callable[[Session], None] | None = None


EMPTY = Result(Outcome.EMPTY)


@dataclass(frozen=True)
class Job(Generic[S]):
    """Something done again and again for every subject of a kind.

    People type its *name*, and read its *title*; the *summary* says what it does.
    *build* reads what is so and says, for each turn in order, what is to be done; it changes
    nothing. *weekdays* count from Monday, 0; *weekly* jobs have one turn a week. *preview* shows
    what would be said now, where that is one message.
    """

    name: str
    title: str
    summary: str
    at: time
    weekdays: frozenset[int]
    catch_up: CatchUp
    build: Callable[[Round[S]], Sequence[Result]] = field(repr=False)
    weekly: bool = False
    preview: Callable[[Round[S]], Message] | None = field(default=None, repr=False)
    subject: ClassVar[str]

    def load(self, session: Session, ids: Collection[int]) -> dict[int, tuple[S, Plan | None]]:
        """The subjects among *ids* there still are, and the plan of each, if it is switched on."""
        raise NotImplementedError


class ProjectJob(Job[Project]):
    """A job done for every open project; each may change its day and hour, or switch it off."""

    subject = PROJECTS

    def load(
        self, session: Session, ids: Collection[int]
    ) -> dict[int, tuple[Project, Plan | None]]:
        rows = session.scalars(
            select(Project).where(Project.id.in_(sorted(ids)), Project.closed_at.is_(None))
        ).all()
        settings = settings_of(session, ids)
        return {p.id: (p, self.plan(p, settings.get((p.id, self.name)))) for p in rows}

    def plan(self, project: Project, setting: JobSetting | None) -> Plan | None:
        """When it runs for *project*; None where it is switched off."""
        usual = Plan(project.timezone, self.at, self.weekdays, self.weekly, project.calendar)
        if setting is None:
            return usual
        if not setting.is_on:
            return None
        weekdays = self.weekdays if setting.weekday is None else frozenset({setting.weekday})
        at = time.fromisoformat(setting.at) if setting.at else self.at
        return replace(usual, at=at, weekdays=weekdays)


class PersonJob(Job[Person]):
    """A job done for every person, at the hour each has chosen."""

    subject = PEOPLE

    def load(self, session: Session, ids: Collection[int]) -> dict[int, tuple[Person, Plan | None]]:
        rows = session.scalars(
            select(Person).where(Person.id.in_(sorted(ids)), Person.is_active, ~Person.is_bot)
        ).all()
        wishes = wishes_of(session, ids)
        return {p.id: (p, self.plan(p, wishes[p.id])) for p in rows}

    def plan(self, person: Person, wishes: Wishes) -> Plan | None:
        """When it runs for *person*; None where they have switched it off."""
        if self.name in wishes.muted:
            return None
        return Plan(person.timezone, wishes.digest_at, self.weekdays, self.weekly)


def tell_directly(
    round_: Round[Project],
    due: Due[Project],
    job: str,
    told: Mapping[Person, Callable[[], Sequence[Item]]],
    useless_after: timedelta,
    unsure_since: datetime | None = None,
) -> Result:
    """A direct message to each person, in their language and not in their quiet hours.

    Where it may stand already (*unsure_since*), it is looked for first.
    """
    wishes = wishes_of(round_.session, [person.id for person in told])
    keys = {person: direct_key(job, due, person) for person in told}
    posts = []
    for person, items in told.items():
        with speaking(person.locale):
            posts.append(
                partial(
                    post,
                    key=keys[person],
                    channel=person.slack_id,
                    items=[replace(item, project=due.subject.id) for item in items()],
                    now=round_.now,
                    at=wishes[person.id].quiet_ends(person, due.turn.at),
                    useless_after=useless_after,
                    unsure_since=unsure_since,
                )
            )

    def write(session: Session) -> None:
        for promised in posts:
            promised(session)

    return Result(Outcome.SENT, key=" ".join(keys.values()), write=write) if posts else EMPTY


def direct_key(job: str, due: Due[Project], person: Person) -> str:
    """What the direct message of one turn to *person* is promised under."""
    return f"{job}:{due.key}:{person.id}"


AnyJob = Job[Any]
"""A job of whatever subjects."""
