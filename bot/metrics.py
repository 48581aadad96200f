"""Metrics: what an operator watches, in the words of Prometheus."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Engine, Integer, QueuePool, String, bindparam, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import clock
from bot.db import Sessions, UtcDateTime, reading
from bot.delivery.outbox import Medium, State
from bot.schedules import PLAN_ANEW, Schedule

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LATE_AFTER = timedelta(minutes=5)
ACK_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


@dataclass(frozen=True)
class Metric:
    """One metric: its *meaning* is its line in the README and its help text."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    kind: str = "gauge"


COMMANDS = Metric(
    "jourfixe_commands_total",
    "Requests by noun and verb (empty where nobody could tell which) and by outcome: `ok`, `form` "
    "(one was opened), `refused`, `mistake`, `not_saved`.",
    ("noun", "verb", "outcome"),
    "counter",
)
ACKS = Metric(
    "jourfixe_ack_seconds",
    "From a request's arrival to its answer, in seconds; Slack waits three.",
    kind="histogram",
)
SENT = Metric(
    "jourfixe_deliveries_sent_total",
    "Messages posted or updated, and mails sent, by this process, by medium: `slack`, `mail`.",
    ("medium",),
    "counter",
)
BUSY = Metric(
    "jourfixe_slack_busy_total",
    "Calls Slack answered with 429, by method.",
    ("method",),
    "counter",
)
DELIVERIES = Metric(
    "jourfixe_deliveries",
    "Deliveries that do not stand as they should, by medium (`slack`, `mail`) and state; those "
    "sent are not counted.",
    ("medium", "state"),
)
OLDEST = Metric(
    "jourfixe_delivery_oldest_waiting_seconds",
    "How long the delivery that waits longest has been due, or was first tried, by medium; 0 "
    "without one.",
    ("medium",),
)
LATE = Metric(
    "jourfixe_jobs_late",
    "Runs of jobs due for longer than five minutes, by job, in office time.",
    ("job",),
)
BEAT = Metric(
    "jourfixe_scheduler_beat_age_seconds",
    "Since the clock last beat, or finished a batch of work; no value before the first.",
)
SOCKET_AGE = Metric(
    "jourfixe_socket_age_seconds", "Since the socket to Slack was opened; no value in HTTP mode."
)
SOCKET_SILENCE = Metric(
    "jourfixe_socket_silence_seconds",
    "Since Slack last answered a ping over it; no value in HTTP mode.",
)
MAILS_READ = Metric(
    "jourfixe_mails_read_total",
    "Mails found in the mailbox, by what became of them: `done`, `known` (read before), `unread` "
    "(left to people).",
    ("outcome",),
    "counter",
)
MAILBOX_AGE = Metric(
    "jourfixe_mailbox_age_seconds",
    "Since the mailbox was last read to its end; no value before the first time, or without one.",
)
DATABASE_UP = Metric("jourfixe_database_up", "1 where the database answers this scrape, else 0.")
CONNECTIONS = Metric(
    "jourfixe_database_connections",
    "Connections to the database, by state: `in_use`, `idle`.",
    ("state",),
)

METRICS = (
    COMMANDS, ACKS, SENT, BUSY, DELIVERIES, OLDEST, LATE, BEAT, SOCKET_AGE, SOCKET_SILENCE,
    MAILS_READ, MAILBOX_AGE, DATABASE_UP, CONNECTIONS,
)  # fmt: skip

Value = tuple[Metric, tuple[str, ...], float]
Look = Callable[[], Iterable[Value]]


class Metrics:
    """Counts what happens, and looks at the rest whenever it is scraped."""

    def __init__(self) -> None:
        # Otherwise each counter is told twice, the second time with the time of its birth.
        disable_created_metrics()  # type: ignore[no-untyped-call] # the library has no types there
        self._registry = CollectorRegistry()
        self._commands, self._sent, self._busy = map(self._counter, (COMMANDS, SENT, BUSY))
        for medium in Medium:
            self._sent.labels(medium)  # told as 0 before the first
        self._mails = self._counter(MAILS_READ)
        self._acks = Histogram(
            ACKS.name, ACKS.meaning, buckets=ACK_BUCKETS_S, registry=self._registry
        )
        self._looks: list[Look] = []
        self._registry.register(self)

    def _counter(self, metric: Metric) -> Counter:
        return Counter(metric.name, metric.meaning, metric.labels, registry=self._registry)

    def answered(self, noun: str, verb: str, outcome: str) -> None:
        """A request was answered; the words are ours, never a person's."""
        self._commands.labels(noun, verb, outcome).inc()

    def acked(self, seconds: float) -> None:
        """A request's answer left *seconds* after it came."""
        self._acks.observe(seconds)

    def sent(self) -> None:
        """A delivery stands in Slack as it should."""
        self._sent.labels("slack").inc()

    def mailed(self) -> None:
        """A mail was handed over."""
        self._sent.labels("mail").inc()

    def busy(self, method: str) -> None:
        """Slack asked to wait before *method* is called again."""
        self._busy.labels(method).inc()

    def mail_read(self, outcome: str) -> None:
        """A mail was found in the mailbox."""
        self._mails.labels(outcome).inc()

    def watch(self, look: Look) -> None:
        """Ask *look* for values at every scrape."""
        self._looks.append(look)

    def watch_age(self, metric: Metric, since: Callable[[], datetime | None]) -> None:
        """Tell at every scrape how many seconds of machine time ago *since* was, if ever."""

        def look() -> Iterator[Value]:
            if (moment := since()) is not None:
                yield metric, (), max(0.0, (clock.now() - moment).total_seconds())

        self.watch(look)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What is looked at rather than counted; called by the registry at a scrape."""
        found: defaultdict[Metric, list[tuple[tuple[str, ...], float]]] = defaultdict(list)
        for look in self._looks:
            for metric, labels, value in look():
                found[metric].append((labels, value))
        for metric, values in found.items():
            family = GaugeMetricFamily(metric.name, metric.meaning, labels=metric.labels)
            for labels, value in values:
                family.add_metric(labels, value)
            yield family

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)


# Literals, not parameters: only with them a database sees that a partial index will do.
_STUCK = text(
    "SELECT medium, 'waiting' AS state, count(*) AS number, "
    "min(coalesce(tried_at, due_at)) AS since "
    "FROM delivery WHERE state = 'waiting' GROUP BY medium "
    "UNION ALL "
    "SELECT medium, 'held', count(*), NULL FROM delivery WHERE state = 'held' GROUP BY medium "
    "UNION ALL "
    "SELECT medium, 'dead', count(*), NULL FROM delivery WHERE state = 'dead' GROUP BY medium"
).columns(medium=String, state=String, number=Integer, since=UtcDateTime)
_STATES = (State.WAITING, State.HELD, State.DEAD)
_LATE = (
    select(Schedule.job, func.count())
    .where(
        Schedule.job.in_(bindparam("jobs", expanding=True)),
        Schedule.next_at > PLAN_ANEW,
        Schedule.next_at < bindparam("due"),
    )
    .group_by(Schedule.job)
)


def look_into(sessions: Sessions, jobs: Sequence[str], now: datetime) -> Iterator[Value]:
    """What the outbox holds, what is late at *now*, office time, and how the database is.

    Without a database only that.
    """
    engine = sessions.kw["bind"]
    yield from _connections(engine)
    found: list[Value] = []
    with suppress(SQLAlchemyError), reading(sessions) as session:
        stuck = list(_stuck(session))
        due = {"jobs": list(jobs), "due": now - LATE_AFTER}
        late = dict.fromkeys(jobs, 0) | {job: count for job, count in session.execute(_LATE, due)}
        found = [*stuck, *((LATE, (job,), count) for job, count in late.items())]
    yield DATABASE_UP, (), float(bool(found))
    yield from found


def _stuck(session: Session) -> Iterator[Value]:
    rows = {(row.medium, row.state): row for row in session.execute(_STUCK)}
    for medium, state in product(Medium, _STATES):
        row = rows.get((medium, state))
        yield DELIVERIES, (medium, state), row.number if row else 0
        if state is State.WAITING:
            age = (clock.now() - row.since).total_seconds() if row else 0.0
            yield OLDEST, (medium,), max(0.0, age)


def _connections(engine: Engine) -> Iterator[Value]:
    if isinstance(pool := engine.pool, QueuePool):
        yield CONNECTIONS, ("in_use",), pool.checkedout()
        yield CONNECTIONS, ("idle",), pool.checkedin()
