"""What every part of the server shares."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from slackbox.changes import Change, Changes
from slackbox.clock import Clock
from slackbox.faults import Faults
from slackbox.http_mode import HttpRequests
from slackbox.limits import Limits
from slackbox.model import App, Json
from slackbox.post import Post
from slackbox.socket_mode import Sockets
from slackbox.triggers import ResponseUrls, Triggers
from slackbox.workspace import Workspace


@dataclass(frozen=True)
class Call:
    """One call of the Web API, as it came and how it was answered."""

    method: str
    args: Json
    token: str
    at: float
    error: str | None


@dataclass
class Tasks:
    """What runs on by itself, such as retries of events, so that it can be awaited and ended."""

    running: set[asyncio.Task[Any]] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let `work` run on the loop until it is done or the workspace stops."""
        task = asyncio.get_running_loop().create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return task

    async def end(self) -> None:
        """Cancel whatever still runs."""
        for task in list(self.running):
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)


class Backend:
    """The workspace and the machinery around it, made once per Box."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.changes = Changes()
        self.workspace = Workspace(self.clock, self.changes)
        self.limits = Limits(self.clock)
        self.faults = Faults()
        self.triggers = Triggers(self.clock)
        self.response_urls = ResponseUrls(self.clock)
        self.calls: deque[Call] = deque(maxlen=100_000)
        self.post = Post(self.changes, self.present)
        self.tasks = Tasks()
        self.sockets = Sockets()
        self.sockets.on_change = self.changes.ring
        self.http = HttpRequests()
        self.url = ""
        self.ack_seconds = 3.0
        self.trigger_seconds = 3.0
        self.jitter = 0.0
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.history_lag = 0.0
        self.file_lag = 0.0
        self.command_help: list[Json] = []
        self.first_lines: list[str] = []
        self.unanswered: set[asyncio.Future[Any]] = set()
        self.closing = asyncio.Event()

    def begin(self, url: str) -> None:
        """Be ready on a new loop: what belonged to an earlier one is gone."""
        self.url = url
        self.closing = asyncio.Event()
        self.sockets = Sockets()
        self.sockets.on_change = self.changes.ring
        self.http = HttpRequests()
        self.unanswered.clear()

    async def dawdle(self) -> None:
        """Wait as long as `jitter` has it, at random."""
        if self.jitter:
            await asyncio.sleep(random.uniform(0, self.jitter))  # noqa: S311 nothing secret

    def awaited(self, answer: asyncio.Future[Any]) -> None:
        """Remember that an event waits for its first ack."""
        self.unanswered.add(answer)
        answer.add_done_callback(self._answered)

    def _answered(self, answer: asyncio.Future[Any]) -> None:
        self.unanswered.discard(answer)
        self.changes.ring()

    def present(self) -> float:
        """What the page shows as now: the app's time where it may be moved, or the box's own."""
        office = self.workspace.office_time
        return self.clock.now() if office is None else office.seconds()

    def tell_the_time(self) -> None:
        """Let the pages know what time it is; called on the loop."""
        self.changes.publish(Change("clock", {"now": self.present()}))

    def app_of_bot(self, user: str) -> App | None:
        """The app whose bot `user` is."""
        return self.workspace.bots.get(user)

    def file_is_ready(self, reference: Json) -> bool:
        """Whether an image may show this uploaded file already."""
        file_id = reference.get("id") or str(reference.get("url", "")).split("/files-pri/")[-1]
        file = self.workspace.files.get(str(file_id).split("/")[0])
        return file is not None and file.complete and self.clock.now() >= file.ready_at
