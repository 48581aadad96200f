"""A crew: processes of the bot on one database, which are killed, frozen and started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from bot.config import read_settings
from bot.db import Sessions, open_sessions
from bot.manifest import manifest_of
from slackbox import Box, Channel, NoAck, Person
from tests.office import PATIENCE_S, QUICK

SERVES = "Jourfixe is serving"
STEP_S = 0.1
Span = tuple[float, float]


@dataclass(eq=False)
class Member:
    """One process, with what it says, and the times it was *up* or *frozen*."""

    process: subprocess.Popen[bytes]
    log: Path
    up: list[Span] = field(default_factory=list)
    frozen: list[Span] = field(default_factory=list)
    thaws_at: float | None = None
    _since: float | None = None
    _frozen_since: float | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether it has started, and is neither frozen nor gone."""
        if self._since is None and self.thaws_at is None and SERVES in self.log.read_text():
            self._since = time.time()
        return self._since is not None and self.process.poll() is None

    def stops(self) -> None:
        """Note that it works no longer."""
        now = time.time()
        if self._since is not None:
            self.up.append((self._since, now))
        if self._frozen_since is not None:
            self.frozen.append((self._frozen_since, now))
        self._since = self._frozen_since = None

    def freezes(self, seconds: float) -> None:
        """Stand still for *seconds* as a machine does that swaps, or moves to another host."""
        self.stops()
        self._frozen_since = time.time()
        self.thaws_at = self._frozen_since + seconds
        self.process.send_signal(signal.SIGSTOP)

    def thaws(self) -> None:
        """Go on as if nothing had happened."""
        self.stops()
        self.thaws_at = None
        self.process.send_signal(signal.SIGCONT)

    def dies(self) -> None:
        """End as in a power cut."""
        self.stops()
        self.process.kill()
        self.process.wait()


class Crew:
    """Processes of the bot on one database, in a workspace of their own."""

    def __init__(self, box: Box, url: str, folder: Path) -> None:
        self.box = box
        self.url = url
        self.folder = folder
        self.app = box.install(manifest_of(read_settings()))
        self.settings: dict[str, object] = {}
        self.running: list[Member] = []
        self.gone: list[Member] = []

    @property
    def environment(self) -> dict[str, str]:
        """What each process is told."""
        told = {
            "SLACK_BOT_TOKEN": self.app.bot_token,
            "SLACK_APP_TOKEN": self.app.app_token,
            "SLACK_API_URL": self.box.api_url,
            "DATABASE_URL": self.url,
            **QUICK,
            **self.settings,
        }
        return os.environ | {name: str(value) for name, value in told.items()}

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Those hired meanwhile give Slack time, and Slack them: what sets up is never refused."""
        settings, ack_seconds = self.settings, self.box.ack_seconds
        self.settings = settings | {"JOURFIXE_QUICK_SECONDS": PATIENCE_S}
        self.box.ack_seconds = PATIENCE_S
        yield
        self.settings, self.box.ack_seconds = settings, ack_seconds

    @property
    def at_work(self) -> list[Member]:
        """Those who serve just now."""
        return [member for member in self.running if member.is_at_work]

    def hires(self, count: int = 1) -> Member:
        """Start so many more processes; the last of them."""
        for _each in range(count):
            log = self.folder / f"{len(self.running) + len(self.gone)}.log"
            with log.open("wb") as told:
                process = subprocess.Popen(
                    [sys.executable, "-m", "bot", "serve"],
                    env=self.environment, cwd=self.folder, stdout=told, stderr=told,
                )  # fmt: skip
            self.running.append(Member(process, log))
        return self.running[-1]

    def is_there(self, count: int) -> None:
        """Wait until so many processes serve."""
        deadline = time.monotonic() + 60
        while len(self.at_work) < count or self.box.connections < count:
            assert time.monotonic() < deadline, "the crew does not come to work"
            time.sleep(0.05)

    def kills(self, member: Member) -> None:
        """End a process as a power cut would."""
        member.dies()
        self.leaves(member)

    def kills_all(self) -> None:
        """Cut the power."""
        for member in list(self.running):
            self.kills(member)

    def leaves(self, member: Member) -> None:
        """A process has ended."""
        member.stops()
        self.running.remove(member)
        self.gone.append(member)

    def writes_its_story(self, story: Sequence[str]) -> None:
        """Keep what happened beside what each process said."""
        (self.folder / "story.txt").write_text("\n".join(story))

    def worked(self, since: float, until: float) -> float:
        """For how many seconds of the machine's time somebody worked, and nobody stood still.

        Whoever is frozen may hold a lock of the database, for which all others wait.
        """
        everybody = [*self.running, *self.gone]
        up = [span for member in everybody for span in member.up]
        frozen = [span for member in everybody for span in member.frozen]
        moments = (since + STEP_S * n for n in range(int((until - since) / STEP_S)))
        return STEP_S * sum(_in(up, m) and not _in(frozen, m) for m in moments)

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What an operator reads who types a command beside the crew."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False,
        )  # fmt: skip


def types(who: Person, line: str, where: Channel) -> None:
    """Have *who* type a line that must be taken, or what is set up would not hold."""
    answer = who.types(line, where).text
    assert "You typed:" not in answer, answer
    assert "nothing was saved" not in answer, answer


class Hands(Thread):
    """Somebody who adds one action after the other and notes which of them were acknowledged."""

    def __init__(self, who: Person, where: Channel, pause: float = 0.0) -> None:
        super().__init__()
        self._who = who
        self._where = where
        self._pause = pause
        self._stops = Event()
        self.acked: list[str] = []

    def run(self) -> None:
        """Type until told to stop."""
        number = 0
        while not self._stops.is_set():
            number += 1
            title = f"paint {number:04d}"
            try:
                answer = self._who.types(f"/po-action add {title}", self._where)
            except NoAck:
                self._stops.wait(0.05)
                continue
            if title in answer.text and "NOT SAVED" not in answer.text:
                self.acked.append(title)
            self._stops.wait(self._pause)

    def rest(self) -> None:
        """Finish the line."""
        self._stops.set()
        if self.is_alive():
            self.join()


METHODS = {
    "chat.postMessage": 8,
    "chat.update": 2,
    "chat.delete": 1,
    "conversations.history": 3,
    "conversations.replies": 1,
    "conversations.open": 2,
    "conversations.members": 2,
    "*": 1,
}
KINDS = {
    "drop_before": 2,
    "drop_after": 4,
    "error_before": 2,
    "error_after": 4,
    "hang": 1,
    "hang_after": 2,
    "slow": 1,
    "ratelimited": 2,
    "error:internal_error": 2,
}


class Fate:
    """What happens to a crew, by chance: kills, freezes, cut connections, failing calls.

    Somebody is always left at work, however long a machine takes to start another.
    """

    def __init__(self, crew: Crew, chance: random.Random, lease: float, crew_size: int = 3) -> None:
        self._crew = crew
        self._chance = chance
        self._lease = lease
        self._size = crew_size
        self._acts = {self._kill: 12, self._freeze: 4, self._cut: 2}
        # Whoever freezes may hold a lock, for which all others wait: not many times in a row.
        self._needs = {self._kill: 2, self._freeze: crew_size, self._cut: 1}
        self._acts_at = self._fails_at = 0.0
        self.happened: Counter[str] = Counter()
        self.story: list[str] = []

    def strikes_until(self, moment: float) -> None:
        """Let things happen until then, in the machine's time."""
        act = self._chosen()
        while (now := time.time()) < moment:
            self._look_after(now)
            if now >= self._fails_at:
                self._fail_something()
                self._fails_at = now + self._chance.uniform(0.1, 0.8)
            if now >= self._acts_at and len(self._crew.at_work) >= self._needs[act]:
                act()
                act = self._chosen()
                self._acts_at = now + self._chance.uniform(0.1, 1.5)
            time.sleep(0.02)

    def _chosen(self) -> Callable[[], None]:
        (act,) = self._chance.choices(list(self._acts), list(self._acts.values()))
        return act

    def _look_after(self, now: float) -> None:
        """As a supervisor does: whoever ended is started again."""
        for member in list(self._crew.running):
            if member.thaws_at is not None and member.thaws_at <= now:
                member.thaws()
            if member.process.poll() is not None:
                self._crew.leaves(member)
                self._note("ended by itself", member)
        self._crew.hires(max(0, self._size - len(self._crew.running)))

    def _fail_something(self) -> None:
        (method,) = self._chance.choices(list(METHODS), list(METHODS.values()))
        (kind,) = self._chance.choices(list(KINDS), list(KINDS.values()))
        self._crew.box.faults.add(method, kind, seconds=0.3)

    def _note(self, what: str, member: Member | None = None) -> None:
        self.happened[what] += 1
        now = datetime.now(UTC).isoformat()
        self.story.append(f"{now} {what} {member.log.stem if member else ''}")

    def _kill(self) -> None:
        at_work = self._crew.at_work
        frozen = [member for member in self._crew.running if member.thaws_at is not None]
        victim = self._chance.choice([*at_work, *frozen])
        self._note("kill", victim)
        self._crew.kills(victim)

    def _freeze(self) -> None:
        victim = self._chance.choice(self._crew.at_work)
        victim.freezes(self._lease + self._chance.uniform(0.2, 1.5))
        self._note("freeze", victim)

    def _cut(self) -> None:
        self._crew.box.drop_sockets()
        self._note("cut")


def _in(spans: Sequence[Span], moment: float) -> bool:
    return any(begins <= moment < ends for begins, ends in spans)


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    """The database, as a bystander looks into it."""
    sessions = open_sessions(url)
    try:
        yield sessions
    finally:
        sessions.kw["bind"].dispose()
