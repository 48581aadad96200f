"""Runs: when a job comes next for a project or person, as the scheduler will decide it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.dates import format_day
from bot.deciding import coming, decide
from bot.delivery import occurrences
from bot.job import AnyJob, PersonJob
from bot.language import _, current
from bot.pages import moment
from bot.plans import Plan, Turn
from bot.preferences import Wishes, wishes_of
from bot.schedules import PLAN_ANEW, Schedule

LOOK_BACK = timedelta(days=8)
"""A turn of this week may have been done on another day of it."""

MONDAY = date(2026, 11, 23)
"""Any Monday, to name the days of a week by."""


@dataclass(frozen=True)
class Runs:
    """What is still to come of one job for one subject.

    *plan* is None where it is switched off. *is_due*: it is being done at once; *waits_until*:
    what is owed is done when the office opens.
    """

    job: AnyJob
    plan: Plan | None
    is_due: bool = False
    waits_until: datetime | None = None
    turns: tuple[Turn, ...] = ()

    @property
    def next_at(self) -> datetime | None:
        """When it comes next; None where it does not, or at once."""
        if self.waits_until is not None:
            return self.waits_until
        return None if self.is_due or not self.turns else self.turns[0].at

    def words(self) -> list[str]:
        """The next runs as a team reads them, in the zone they are planned in."""
        if self.plan is None:
            return []
        told = [_("at once")] if self.is_due else []
        if self.waits_until is not None:
            opens = moment(self.waits_until, self.plan.zone)
            told = [_("{moment}, when the office opens").format(moment=opens)]
        return [*told, *(turn_words(self.plan, turn) for turn in self.turns)]


def runs_of(
    session: Session, job: AnyJob, subjects: Collection[int], now: datetime, count: int = 3
) -> dict[int, Runs]:
    """What is to come of *job* for *subjects*, by primary key; the closed and gone have none."""
    found = job.load(session, subjects)
    rows = session.scalars(
        select(Schedule).where(Schedule.job == job.name, Schedule.subject_id.in_(sorted(found)))
    )
    owed = {row.subject_id: _owed(row) for row in rows}
    since = min([now, *(moment for moment in owed.values() if moment is not None)]) - LOOK_BACK
    told: dict[int, set[str]] = {number: set() for number in found}
    for number, period in occurrences.known(session, job.name, found, since):
        told[number].add(period)
    wishes = wishes_of(session, found) if isinstance(job, PersonJob) else {}
    return {
        number: _runs(
            job, plan, owed.get(number), told[number], now, count, wishes.get(number, Wishes())
        )
        for number, (_subject, plan) in found.items()
    }


def _owed(row: Schedule) -> datetime | None:
    return row.pending_at if row.next_at == PLAN_ANEW else row.pending_at or row.next_at


def _runs(
    job: AnyJob,
    plan: Plan | None,
    owed: datetime | None,
    told: set[str],
    now: datetime,
    count: int,
    wishes: Wishes,
) -> Runs:
    """What is to come; a day on which the person is away brings nothing."""
    if plan is None:
        return Runs(job, None)
    decision = decide(job.catch_up, plan, owed, told, now)
    waits_until = None if decision.pending_at is None else decision.next_at
    there = (turn for turn in coming(plan, told, now) if not wishes.is_away(turn.day))
    is_due = any(not wishes.is_away(turn.day) for turn in decision.due)
    return Runs(job, plan, is_due, waits_until, tuple(islice(there, count)))


def when(plan: Plan) -> str:
    """When something happens again and again, in words: ``Mon–Fri 08:30``, ``Fri 15:00``."""
    days = sorted(plan.weekdays)
    first, last = weekday_name(days[0]), weekday_name(days[-1])
    is_row = days == list(range(days[0], days[-1] + 1))
    shown = f"{first}–{last}" if is_row else ", ".join(weekday_name(number) for number in days)
    return f"{first if first == last else shown} {hour(plan.at)}"


def weekday_name(number: int) -> str:
    """The short name of a day of the week; Monday is 0."""
    return format_day(MONDAY + timedelta(days=number), current(), year=False).split(" ")[0]


def hour(at: time) -> str:
    """An hour of the day, such as ``08:30``."""
    return at.strftime("%H:%M")


def turn_words(plan: Plan, turn: Turn) -> str:
    """A turn in words, with the holiday it was moved from, where it was."""
    shown = moment(turn.at, plan.zone)
    wanted = turn.day + timedelta(days=min(plan.weekdays) - turn.day.weekday())
    if not plan.weekly or wanted == turn.day or plan.calendar is None:
        return shown
    holiday = plan.calendar.holiday_name(wanted, current())
    text = _("{moment}, because {day} is a holiday ({name})")
    day = format_day(wanted, current(), year=False)
    return text.format(moment=shown, day=day, name=holiday)


def subject_runs(
    session: Session, jobs: Sequence[AnyJob], subject: Any, now: datetime
) -> list[Runs]:
    """What is to come of each of *jobs* for one project or person."""
    found = (runs_of(session, job, [subject.id], now).get(subject.id) for job in jobs)
    return [runs for runs in found if runs is not None]
