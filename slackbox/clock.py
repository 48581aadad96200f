"""The workspace's clock, which tests and the demo may move, and the timestamps made from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Machine time plus an offset: whatever expires here, and every `ts`, goes by it."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch, as the workspace believes."""
        return time.time() + self.offset

    def moment(self) -> datetime:
        """The same as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.offset += seconds

    def move_to(self, moment: datetime) -> None:
        """Let it be `moment` now."""
        if moment.tzinfo is None:
            raise ValueError("the workspace's clock needs an aware datetime")
        self.offset = moment.timestamp() - time.time()


class Timestamps:
    """Slack's message ids: seconds and microseconds, strictly increasing in the whole workspace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """A `ts` later than every one given before, even when the clock was moved back."""
        self._last = max(self._last + 1, int(self._clock.now() * 1_000_000))
        return as_ts(self._last)


def as_ts(micros: int) -> str:
    """Write microseconds as Slack writes a timestamp: `1764000000.000100`."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def micros(ts: str) -> int:
    """Read a timestamp as microseconds, so that `1764000000` and `1764000000.000000` are equal."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds or 0) * 1_000_000 + int(fraction[:6].ljust(6, "0"))
