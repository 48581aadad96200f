"""Office time: the time an app believes it to be, where its owner lets people move it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from slackbox.refusals import ImpossibleError

SAID = "%a %-d %b %Y, %H:%M"
TYPED = "2026-11-23 07:55"


@dataclass(frozen=True)
class Step:
    """A leap the page offers: its name, and where it leads from a given moment."""

    label: str
    leads: Callable[[datetime], datetime]


@dataclass(frozen=True)
class OfficeTime:
    """How to read an app's time and to move it, and which leaps are of use to try the app.

    The page shows it instead of the box's own time and stamps messages with it; their `ts`, and
    whatever expires here, stay by the box's clock.
    """

    read: Callable[[], datetime]
    move: Callable[[datetime], None]
    steps: tuple[Step, ...] = ()

    def seconds(self) -> float:
        """What the page shows as now, in seconds since the epoch."""
        return self.read().timestamp()

    def step(self, number: int) -> None:
        """Take one of the leaps. Raises ImpossibleError for one that is not offered."""
        if number not in range(len(self.steps)):
            raise ImpossibleError("There is no such leap.")
        self.move(self.steps[number].leads(self.read()))

    def set(self, text: str, zone: ZoneInfo) -> None:
        """Move to what a person typed; raises ImpossibleError, with words for that person.

        Only forward: what was sent was sent, and would be neither unsent nor sent again.
        """
        to = read_moment(text, zone)
        now = self.read()
        if to < now:
            said = now.astimezone(zone).strftime(SAID)
            raise ImpossibleError(
                f"Office time moves forward only, for what was sent was sent. It is {said} now."
            )
        self.move(to)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A day and an hour as typed, in *zone*; raises ImpossibleError, with the form that works."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ImpossibleError(f"“{text}” is no day and hour, such as {TYPED}.") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
