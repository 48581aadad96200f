"""Readings: what histories show of ours, read once for all that waits for the same channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.claims import Claim
from bot.delivery.sending import NotSentError, Sender, Standing, UnsureError, mark

LOOK_BACK = timedelta(minutes=5)  # before the first attempt: Slack's clock is another one
A_DAY = timedelta(days=1)  # a turn may have been told at an earlier hour of it
KEPT = 200  # histories


@dataclass(frozen=True)
class Reading:
    """What stood in a channel, or a thread, *at* a moment, of all that was posted *since*."""

    at: datetime
    since: datetime
    found: Mapping[str, Standing]


class Readings:
    """The last reading of each place; 500 doubtful messages in one channel cost one call."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._kept: dict[tuple[str, str | None], Reading] = {}

    def standing(self, claim: Claim, readable_at: datetime, now: datetime) -> Standing | None:
        """Where the message stands, by a reading made no earlier than *readable_at*.

        Raises what the sender raises; an answer that got lost here is only a call to be made again.
        """
        delivery = claim.delivery
        place = delivery.channel, claim.thread
        # What a restored database never tried, the one before it may have, under other settings.
        first = delivery.due_at - A_DAY if delivery.tried_at is None else delivery.tried_at
        since = min(first, delivery.due_at, delivery.unsure_at or first) - LOOK_BACK
        known = self._kept.get(place)
        if known is None or known.at < readable_at or known.since > since:
            try:
                found = self._sender.read(delivery, claim.thread, since)
            except UnsureError as error:
                raise NotSentError(str(error)) from error
            if len(self._kept) >= KEPT:
                self._kept.clear()
            known = self._kept[place] = Reading(now, since, found)
        return known.found.get(mark(delivery))
