"""How much and how often: Slack's numbers for what is sent, and its rates per method."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field

from slackbox.clock import Clock

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 4_000
MESSAGE_BLOCKS_CHARACTERS = 11_000
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
VIEW_STACK = 3
PRIVATE_METADATA = 3_000
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60.0
SOCKET_CONNECTIONS = 10
METADATA_BYTES = 16_000


@dataclass(frozen=True)
class Rate:
    """So many calls in so many seconds; the first `burst` calls come on top of that."""

    calls: int
    seconds: float
    burst: int = 0


TIER_1, TIER_2, TIER_3, TIER_4 = Rate(1, 60), Rate(20, 60), Rate(50, 60), Rate(100, 60)
POSTING = Rate(1, 1.0, burst=4)  # "one message per second and channel", short bursts allowed


@dataclass
class Limits:
    """The settable part: rates are off until `rates` is true or a method gets one of its own."""

    clock: Clock
    rates: bool = False
    per_method: dict[str, Rate] = field(default_factory=dict)
    refused_blocks: set[str] = field(default_factory=set)  # block types "not known yet"
    _past: dict[tuple[str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(deque), repr=False
    )

    def wait_before(self, method: str, declared: Rate, key: str) -> float:
        """Seconds to wait before `method` may be called again for `key`; 0 counts the call."""
        rate = self.per_method.get(method, declared if self.rates else None)
        if rate is None:
            return 0.0
        past, now = self._past[method, key], self.clock.now()
        allowed = rate.calls + rate.burst
        window = rate.seconds * allowed / rate.calls
        while past and past[0] <= now - window:
            past.popleft()
        if len(past) >= allowed:
            return past[0] + window - now
        past.append(now)
        return 0.0
