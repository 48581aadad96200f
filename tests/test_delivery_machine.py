"""The outbox under everything at once: a machine that shuffles workers, faults, time and backups.

Real claims, real workers, a real SQLite file; the clock and Slack are made here. Whatever is
shuffled, once all has settled every promised message stands exactly once, or was given up.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.db import Sessions, open_sessions
from bot.delivery.gates import post_to
from bot.delivery.outbox import Delivery, State, find, promise
from bot.delivery.sending import (
    BusyError,
    NotSentError,
    RejectedError,
    Sent,
    Standing,
    TokenError,
    UnsureError,
    print_of,
)
from bot.delivery.worker import Worker
from bot.messages import said
from bot.timings import Timings

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LAG = timedelta(seconds=30)  # until history shows what was posted; it settles after 45 s
CHANNELS = ("C1", "C2", "U3")
FAULTS = ("lost_before", "lost_after", "busy", "token", "refused", "dead", "late", "crash_before",
          "crash_after")  # fmt: skip


class CrashError(BaseException):
    """The process ended."""


class Slack:
    """Keeps what was posted; each call goes as the next of `faults` says."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.posted: list[tuple[datetime, str, str, str, str, int]] = []
        self.faults: list[str] = []
        self.frozen: Callable[[], None] | None = None
        self._number = 0

    def post(self, delivery: Delivery, thread: str | None) -> Sent:
        if self.frozen is not None:  # the others go on while this one stands still
            go_on, self.frozen = self.frozen, None
            go_on()
        fault = self.faults.pop() if self.faults else ""
        self._refuse(fault, delivery)
        return self._posted(fault, delivery)

    def _refuse(self, fault: str, delivery: Delivery) -> None:
        match fault:
            case "lost_before":
                raise UnsureError("timed out")
            case "busy":
                raise BusyError(timedelta(seconds=30), post_to(delivery.channel))
            case "token":
                raise TokenError("token_revoked")
            case "refused":
                raise NotSentError("connection refused")
            case "dead":
                self.machine.rejected.add(delivery.key)
                raise RejectedError("msg_too_long")
            case "crash_before":
                raise CrashError

    def _posted(self, fault: str, delivery: Delivery) -> Sent:
        self._number += 1
        ts = f"{self._number}.0"
        at = self.machine.now + (timedelta(seconds=10) if fault == "late" else timedelta())
        self.posted.append(
            (at, delivery.channel, ts, delivery.token, print_of(delivery.content), 1)
        )
        if fault in ("lost_after", "late"):
            raise UnsureError("timed out")
        if fault == "crash_after":
            raise CrashError
        return Sent(delivery.channel, ts)

    def update(self, delivery: Delivery) -> Sent:
        for place, (at, channel, ts, token, _shows, edits) in enumerate(self.posted):
            if ts == delivery.ts:
                shows = print_of(delivery.content)
                self.posted[place] = at, channel, ts, token, shows, edits + 1
                return Sent(channel, ts)
        raise AssertionError("nothing was ever deleted that a row stands for")

    def delete(self, sent: Sent) -> None:
        self.posted = [row for row in self.posted if row[2] != sent.ts]

    def read(
        self, delivery: Delivery, thread: str | None, since: datetime
    ) -> Mapping[str, Standing]:
        fault = self.faults.pop() if self.faults else ""
        if fault.startswith("lost"):
            raise UnsureError("timed out")
        return {
            token: Standing(channel, ts, shows)
            for at, channel, ts, token, shows, _edits in reversed(self.posted)
            if channel == delivery.channel and since <= at <= self.machine.now - LAG
        }


class Machine(RuleBasedStateMachine):
    """Three workers on one file."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="jourfixe-machine-"))
        self.file = self.folder / "jourfixe.db"
        shutil.copyfile(self.template, self.file)
        self.now = START
        self.slack = Slack(self)
        self.timings = Timings.model_validate({})
        self.sessions: Sessions = open_sessions(f"sqlite:///{self.file}")
        self.workers = [self._worker() for _number in range(3)]
        self.promised: dict[str, tuple[str, str, bool]] = {}
        self.useless: dict[str, timedelta] = {}
        self.rejected: set[str] = set()
        self.backup: Path | None = None
        self.kept: set[str] = set()
        self.count = 0
        self.planned_at: dict[str, datetime] = {}

    def _worker(self) -> Worker:
        return Worker(
            self.sessions, self.slack, lambda *_told: None, self.timings, now=lambda: self.now
        )

    def _promise(self, key: str, channel: str, words: str, *, is_planned: bool) -> None:
        with self.sessions.begin() as session:
            is_new = find(session, key) is None
            made = promise(session, key, channel, said(words), self.now, is_planned=is_planned)
            made.useless_at = self.useless_at(key)
            if is_new:
                made.due_at = self.planned_at[key]

    def useless_at(self, key: str) -> datetime | None:
        """When nobody has a use for it any more."""
        return self.planned_at[key] + self.useless[key] if key in self.useless else None

    @rule(channel=st.sampled_from(CHANNELS), is_planned=st.booleans(), is_urgent=st.booleans())
    def somebody_promises(self, channel: str, is_planned: bool, is_urgent: bool) -> None:
        self.count += 1
        key = f"m{self.count}"
        self.promised[key] = channel, "as it was", is_planned
        self.planned_at[key] = self.now
        if is_urgent:
            self.useless[key] = timedelta(minutes=5)
        self._promise(key, channel, "as it was", is_planned=is_planned)

    @precondition(lambda self: self.promised)
    @rule(data=st.data())
    def somebody_changes_one(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.promised)))
        channel, words, is_planned = self.promised[key]
        if key in self.rejected:
            return
        self.promised[key] = channel, f"{words}!", is_planned
        self._promise(key, channel, f"{words}!", is_planned=is_planned)

    @rule(number=st.integers(0, 2), fault=st.sampled_from(("", "", *FAULTS)))
    def a_worker_goes_on(self, number: int, fault: str) -> None:
        self.slack.faults = [fault] if fault else []
        self._step(number)

    @rule(number=st.integers(0, 2), seconds=st.sampled_from((1, 49, 70, 200)))
    def a_worker_freezes_before_it_posts(self, number: int, seconds: int) -> None:
        self.slack.faults = []

        def others_go_on() -> None:
            self.now += timedelta(seconds=seconds)
            for _turn in range(6):
                for other in {0, 1, 2} - {number}:
                    self._step(other)
                self.now += timedelta(seconds=25)

        self.slack.frozen = others_go_on
        self._step(number)
        self.slack.frozen = None

    @rule(seconds=st.sampled_from((0.5, 3, 21, 46, 61, 400)))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def a_backup_is_made(self) -> None:
        self.backup = self.folder / "backup.db"
        self.backup.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self.file)) as source,
            closing(sqlite3.connect(self.backup)) as target,
        ):
            source.backup(target)
        self.kept = set(self.promised)

    @precondition(lambda self: self.backup is not None)
    @rule(seconds=st.sampled_from((46, 300)))
    def the_backup_is_restored(self, seconds: int) -> None:
        """All end; what was promised since is lost but for what the clock plans again."""
        assert self.backup is not None
        self.now += timedelta(seconds=seconds)
        self.sessions.kw["bind"].dispose()
        for rest in self.folder.glob("jourfixe.db*"):
            rest.unlink()
        shutil.copyfile(self.backup, self.file)
        self.sessions = open_sessions(f"sqlite:///{self.file}")
        self.workers = [self._worker() for _number in range(3)]
        for worker in self.workers:
            worker.tend()
        for key in sorted(set(self.promised) - self.kept):
            channel, words, is_planned = self.promised[key]
            if is_planned:
                self._promise(key, channel, words, is_planned=True)
            else:
                self._forget(key)
        for key in self.kept & set(self.promised):  # the office says anew what changed since
            channel, words, is_planned = self.promised[key]
            self._promise(key, channel, words, is_planned=is_planned)
        self.rejected = set()

    def _forget(self, key: str) -> None:
        """A message no row stands for any more: nobody can tell, nobody looks."""
        del self.promised[key]

    def _step(self, number: int) -> bool:
        try:
            self.workers[number].tend()
            return self.workers[number].deliver_next()
        except CrashError:
            self.workers[number] = self._worker()
            return True

    def teardown(self) -> None:
        try:
            self.slack.faults = []
            for _turn in range(400):
                if not any([self._step(number) for number in range(3)]):
                    if not self._waiting():
                        break
                    self.now += timedelta(seconds=20)
            self._check()
        finally:
            self.sessions.kw["bind"].dispose()
            shutil.rmtree(self.folder)

    def _waiting(self) -> list[Delivery]:
        with self.sessions() as session:
            return list(session.scalars(select(Delivery).where(Delivery.state == State.WAITING)))

    def _check(self) -> None:
        with self.sessions() as session:
            rows = {row.key: row for row in session.scalars(select(Delivery))}
        stands = Counter(row[3] for row in self.slack.posted)
        shown = {row[3]: row[4] for row in self.slack.posted}
        for key in self.promised:
            row = rows[key]
            if row.state is State.DEAD:
                assert key in self.rejected or key in self.useless
                assert stands[row.token] == 0
                continue
            assert row.state is State.SENT, (key, row.state, row.error)
            assert stands[row.token] == 1, (key, stands[row.token])
            assert shown[row.token] == print_of(row.content)


def test_whatever_happens_each_message_stands_once(migrated_sqlite: Path) -> None:
    Machine.template = migrated_sqlite
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
