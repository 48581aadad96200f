"""What just changed in the workspace, for pages that listen and tests that wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Change:
    """One change: its kind, what a page needs to know, and the only person concerned, if one."""

    type: str
    data: dict[str, Any] = field(default_factory=dict)
    audience: str | None = None


class Changes:
    """A bell that rings at every change: queues for pages on the loop, a condition for threads."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._count = 0
        self._listeners: set[asyncio.Queue[Change | None]] = set()

    def publish(self, change: Change) -> None:
        """Tell everybody; called on the loop (or before it runs)."""
        for listener in self._listeners:
            listener.put_nowait(change)
        self.ring()

    def ring(self) -> None:
        """Wake who waits for something that pages need not know, such as a recorded call."""
        with self._rung:
            self._count += 1
            self._rung.notify_all()

    def listen(self) -> asyncio.Queue[Change | None]:
        """A queue of the changes from now on; `None` in it means the workspace closes."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def stop_listening(self, queue: asyncio.Queue[Change | None]) -> None:
        """Forget a listener."""
        self._listeners.discard(queue)

    def close(self) -> None:
        """Send every listener home."""
        for listener in self._listeners:
            listener.put_nowait(None)

    def wait_for(self, predicate: Callable[[], T], timeout: float) -> T:
        """The first true value of `predicate`, asked again after every change here.

        Now and then it is asked without one, for what an app does on its own side.

        Runs in the waiting thread, never on the loop. Raises TimeoutError after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            seen = self._count
            value = predicate()
            if value:
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"nothing of the sort within {timeout} s")
            with self._rung:
                self._rung.wait_for(partial(self._is_past, seen), min(left, LOOK_AGAIN_SECONDS))

    def _is_past(self, count: int) -> bool:
        return self._count != count
