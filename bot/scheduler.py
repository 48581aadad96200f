"""The scheduler: a heartbeat that does what is due, the same in any number of processes."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import clock, schedules
from bot.config import Settings
from bot.db import Sessions, is_out_of_reach, reading
from bot.deciding import decide
from bot.delivery import occurrences
from bot.delivery.occurrences import Outcome
from bot.delivery.outbox import has_promised
from bot.errors import MissingFactsError
from bot.job import AnyJob, Due, Result, Round
from bot.knowing import Facts, knowing
from bot.language import _
from bot.plans import Plan, Turn
from bot.schedules import NEVER, PLAN_ANEW, Schedule

log = logging.getLogger(__name__)

BATCH = 20
PAUSE_S = 0.02  # between two batches, so that people's commands come first
LOOK_BACK = timedelta(days=8)  # a turn of this week may have been done on another day of it
BEAT = "beat"


Errand = Callable[[datetime], bool]
"""Does a part of what is due at an office time; False where there is nothing."""


@dataclass(frozen=True)
class Step:
    """What is to become of one row: turns to be done, turns to be written off, the next run."""

    row: Schedule
    due: tuple[Due[Any], ...] = ()
    past: tuple[tuple[Turn, Outcome], ...] = ()
    next_at: datetime | None = None  # None: its subject is gone
    pending_at: datetime | None = None


class Scheduler:
    """Does the jobs of every project and person when they are due; wake it after a change."""

    def __init__(
        self,
        sessions: Sessions,
        jobs: Sequence[AnyJob],
        settings: Settings,
        now: Callable[[], datetime],
        directory: Facts,
        wake_worker: Callable[[], None],
        errands: Sequence[Errand] = (),
    ) -> None:
        """*errands* are what else is done on a beat, as long as there is something to do."""
        self._sessions = sessions
        self._jobs = jobs
        self._errands = errands
        self._settings = settings
        self._now = now
        self._directory = directory
        self._wake_worker = wake_worker
        self._ends = Event()
        self._asks = True  # until Slack does not answer, then not before the next beat
        self._heart: Any = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(1)}
        )
        self.last_beat: datetime | None = None

    def start(self) -> None:
        """Beat at once, then every so many seconds."""
        self._heart.start()
        self._heart.add_job(
            self._beat,
            "interval",
            id=BEAT,
            seconds=self._settings.tick_seconds,
            next_run_time=clock.now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def wake(self) -> None:
        """Beat now: office time was moved."""
        self._heart.modify_job(BEAT, next_run_time=clock.now())

    def stop(self) -> None:
        """Finish what is being done, then end."""
        self._ends.set()
        if self._heart.running:
            self._heart.shutdown(wait=True)

    def _beat(self) -> None:
        try:
            self.tick()
        except SQLAlchemyError as error:
            what = "found no database" if is_out_of_reach(error) else "was refused by the database"
            log.warning("the clock %s: %s", what, error)
        except Exception:  # the heart must outlive whatever one beat does
            log.exception("the clock")

    def tick(self) -> None:
        """Do everything that is due now."""
        self._asks = True
        with self._sessions.begin() as session:
            schedules.complete(session, [(job.name, job.subject) for job in self._jobs])
        for job in self._jobs:
            while not self._ends.is_set() and self._do_some(job):
                self.last_beat = clock.now()  # a round of many batches is no standstill
                self._ends.wait(PAUSE_S)
        self.do_errands()
        self.last_beat = clock.now()

    def do_errands(self) -> None:
        """Do what else is due now; of the jobs nothing."""
        for errand in self._errands:
            try:
                while not self._ends.is_set() and errand(self._now()):
                    self.last_beat = clock.now()
                    self._ends.wait(PAUSE_S)
            except Exception as error:
                self._abort_without_database(error, [])
                log.exception("an errand failed")

    def _do_some(self, job: AnyJob) -> bool:
        """Do a batch of what is due of *job*; False where there is nothing."""
        now = self._now()
        with reading(self._sessions) as session:
            if not schedules.is_any_due(session, job.name, now, clock.now()):
                return False
        with self._sessions.begin() as session:
            rows = schedules.take(session, job.name, now, clock.now(), self._settings.lease, BATCH)
        if not rows:
            return False
        try:
            self._do(job, rows, now)
        except Exception as error:
            self._abort_without_database(error, rows)
            log.warning("the job %s failed, so it is done one by one: %s", job.name, error)
            self._do_each(job, rows, now)
        return True

    def _do_each(self, job: AnyJob, rows: Sequence[Schedule], now: datetime) -> None:
        """One that cannot be done keeps the others of its batch from nothing."""
        for number, row in enumerate(rows):
            if self._ends.is_set():
                self._delay(rows[number:], timedelta(0))
                return
            try:
                self._do(job, [row], now)
            except MissingFactsError as missing:
                self._do_without(job, row, now, missing)
            except Exception as error:
                self._abort_without_database(error, rows[number:])
                log.exception("the job %s failed for %s %s", job.name, row.subject, row.subject_id)
                self._delay([row], self._settings.retry)

    def _do_without(
        self, job: AnyJob, row: Schedule, now: datetime, missing: MissingFactsError
    ) -> None:
        """What Slack will not tell is not waited for; where it did not answer, it is asked anew."""
        if not missing.is_refused:
            log.warning("the job %s waits for Slack to tell of %s", job.name, missing)
            self._delay([row], self._settings.retry)
            return
        with reading(self._sessions) as session:
            steps = _steps(session, job, [row], now)
        skipped = Result(Outcome.SKIPPED, _("Slack does not tell who is in its channel"))
        with self._sessions.begin() as session:
            _write(session, job, steps, [(due, skipped) for due in steps[0].due], now)

    def _abort_without_database(self, error: Exception, rows: Sequence[Schedule]) -> None:
        """Leave *rows* to the next beat where *error* says that nothing can be done in this one."""
        if isinstance(error, SQLAlchemyError) and is_out_of_reach(error):
            self._delay(rows, timedelta(0))
            raise error

    def _delay(self, rows: Sequence[Schedule], pause: timedelta) -> None:
        with self._sessions.begin() as session:
            schedules.delay(session, rows, clock.now() + pause)

    def _do(self, job: AnyJob, rows: Sequence[Schedule], now: datetime) -> None:
        steps, results = self._with_facts(job, rows, now)
        with self._sessions.begin() as session:
            _write(session, job, steps, results, now)
            promised = has_promised(session)
        if promised:
            self._wake_worker()

    def fetch(self, missing: MissingFactsError) -> bool:
        """Ask Slack; where it does not answer, nothing more is asked in this beat."""
        if self._ends.is_set() or not self._asks:
            return False
        is_told = self._directory.fetch(missing)
        self._asks = is_told or missing.is_refused
        return is_told

    def _with_facts(
        self, job: AnyJob, rows: Sequence[Schedule], now: datetime
    ) -> tuple[list[Step], list[tuple[Due[Any], Result]]]:
        """Read and render; where facts are missing, Slack is asked outside the transaction."""

        def work() -> tuple[list[Step], list[tuple[Due[Any], Result]]]:
            with reading(self._sessions) as session:
                steps = _steps(session, job, rows, now)
                due = [one for step in steps for one in step.due]
                built = job.build(Round(session, self._settings, now, due)) if due else []
                return steps, list(zip(due, built, strict=True))

        return knowing(self, work)


def _steps(session: Session, job: AnyJob, rows: Sequence[Schedule], now: datetime) -> list[Step]:
    found = job.load(session, [row.subject_id for row in rows])
    owed = [row.pending_at or row.next_at for row in rows if row.next_at != PLAN_ANEW]
    since = min([*owed, now]) - LOOK_BACK
    known = occurrences.known(session, job.name, list(found), since)
    steps = []
    for row in rows:
        subject, plan = found.get(row.subject_id, (None, None))
        if subject is None:
            steps.append(Step(row))
        elif plan is None:
            steps.append(Step(row, next_at=NEVER))
        else:
            told = frozenset(period for number, period in known if number == row.subject_id)
            steps.append(_step(job, row, subject, plan, told, now))
    return steps


def _step(
    job: AnyJob, row: Schedule, subject: Any, plan: Plan, told: frozenset[str], now: datetime
) -> Step:
    """What to do about a row that is due, or whose plan has changed."""
    owed = row.pending_at if row.next_at == PLAN_ANEW else row.pending_at or row.next_at
    made = decide(job.catch_up, plan, owed, told, now)
    due = tuple(Due(subject, turn) for turn in made.due)
    return Step(row, due, made.past, made.next_at, made.pending_at)


def _write(
    session: Session,
    job: AnyJob,
    steps: Sequence[Step],
    results: Sequence[tuple[Due[Any], Result]],
    now: datetime,
) -> None:
    """Record what was done; the ledger's unique key decides who does it."""
    rows = [
        _line(job, due.subject.id, due.turn, result.outcome, now)
        | {"why": result.why, "delivery_key": result.key}
        for due, result in results
    ]
    rows += [
        _line(job, step.row.subject_id, turn, outcome, now)
        for step in steps
        for turn, outcome in step.past
    ]
    new = occurrences.record(session, rows)
    for due, result in results:
        if result.write is not None and (due.subject.id, due.turn.period) in new:
            result.write(session)
    schedules.put_back(
        session,
        [(step.row, step.next_at, step.pending_at) for step in steps if step.next_at is not None],
    )
    schedules.drop(session, [step.row for step in steps if step.next_at is None])


def _line(job: AnyJob, subject: int, turn: Turn, outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "job": job.name,
        "subject_id": subject,
        "period": turn.period,
        "planned_at": turn.at,
        "ran_at": now,
        "outcome": outcome,
        "why": None,
        "delivery_key": None,
    }
