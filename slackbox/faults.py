"""Failures on demand: which calls of the Web API go wrong, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

KINDS = frozenset(
    {
        "drop_before",
        "drop_after",
        "error_before",
        "error_after",
        "slow",
        "hang",
        "hang_after",
        "ratelimited",
    }
)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


@dataclass
class Fault:
    """One kind of failure, for a method (`*`: any), for so many calls."""

    method: str
    kind: str
    times: int | None
    seconds: float
    channel: str | None

    def concerns(self, method: str, channel: str | None) -> bool:
        """Whether a call is hit by it."""
        if self.method not in ("*", method):
            return False
        return self.channel is None or self.channel == channel


class Faults:
    """The failures waiting to happen; each is used up after its times."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.happened: list[tuple[str, str]] = []

    def add(
        self,
        method: str,
        kind: str,
        times: int | None = 1,
        seconds: float = 1.0,
        channel: str | _HasId | None = None,
    ) -> None:
        """Let the next `times` calls of `method` fail (None: until `clear`).

        `kind` is one of KINDS or `error:<name>`. `seconds` is how late `slow` answers, and the
        Retry-After of `ratelimited`. `method` may be `*`, or `response_url` for answers there.
        """
        if kind not in KINDS and not kind.startswith("error:"):
            raise ValueError(f"no such fault: {kind}")
        wanted = channel if channel is None or isinstance(channel, str) else channel.id
        self._waiting.append(Fault(method, kind, times, seconds, wanted))

    def clear(self) -> None:
        """Nothing fails any more."""
        self._waiting.clear()

    @property
    def waiting(self) -> int:
        """How many failures were asked for that did not happen (endless ones count once)."""
        return sum(fault.times or 1 for fault in self._waiting)

    def take(self, method: str, channel: str | None) -> Fault | None:
        """The failure that hits this call, if any, used up by one."""
        for fault in self._waiting:
            if fault.concerns(method, channel):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                self.happened.append((method, fault.kind))
                return fault
        return None
