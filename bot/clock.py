"""The clocks: machine time, which nobody moves, and office time, which a demo may."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

_SHIFT = re.compile(r"(?P<office>[^@]+)(@(?P<machine>.+?)(x(?P<speed>\d+(\.\d+)?))?)?")


def now() -> datetime:
    """The present moment by the machine's clock, in UTC: for leases, retries, signatures."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Shift:
    """Office time was *office* at *machine* time, and runs *speed* times as fast since."""

    office: datetime
    machine: datetime
    speed: float = 1.0

    def at(self, moment: datetime) -> datetime:
        """Office time at a *moment* of machine time."""
        return self.office + (moment - self.machine) * self.speed


def read_shift(text: str) -> Shift:
    """What ``2026-11-23T07:55+01:00@2026-11-22T12:00+00:00x60`` says; without ``@``, from now on.

    Several processes that are told the same live in the same office time. Raises ValueError.
    """
    match = _SHIFT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"no moment: {text!r}")
    office = datetime.fromisoformat(match["office"])
    machine = datetime.fromisoformat(match["machine"]) if match["machine"] else now()
    if office.tzinfo is None or machine.tzinfo is None:
        raise ValueError("both moments need their offset from UTC, such as +01:00")
    return Shift(office, machine, float(match["speed"] or 1))


class OfficeClock:
    """Office time: what is due and what is written down go by it."""

    def __init__(
        self, shift: Shift | None = None, *, is_movable: bool, machine: Callable[[], datetime] = now
    ) -> None:
        """Raises ValueError for a *shift* of a clock that is not to be moved."""
        self.is_movable = is_movable
        self._machine = machine
        self._shift: Shift | None = None
        if shift is not None:
            self._set(shift)

    def __call__(self) -> datetime:
        moment = self._machine()
        return moment if self._shift is None else self._shift.at(moment).astimezone(UTC)

    def move(self, to: datetime) -> None:
        """Let it be *to* now. Raises ValueError where the office is a real one."""
        speed = self._shift.speed if self._shift else 1.0
        self._set(Shift(to, self._machine(), speed))

    def _set(self, shift: Shift) -> None:
        if not self.is_movable:
            raise ValueError("office time is moved only in a workspace on this machine")
        self._shift = shift
