"""What an interaction lets an app do afterwards: open one view, answer a few times."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol, TypeVar

from slackbox import limits
from slackbox.clock import Clock
from slackbox.model import Message
from slackbox.refusals import SlackError


class _Dated(Protocol):
    made: float


D = TypeVar("D", bound=_Dated)


def _forget(given: dict[str, D], horizon: float) -> None:
    """Drop what was given before `horizon`: the oldest stand first, so a look at two is enough."""
    for key, item in list(islice(given.items(), 2)):
        if item.made < horizon:
            del given[key]


@dataclass
class _Trigger:
    user: str
    app_id: str
    made: float
    exchanged: bool = False


class Triggers:
    """trigger_ids: valid once, for so many seconds; Slack gives three."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, _Trigger] = {}

    def give(self, user: str, app_id: str) -> str:
        """A trigger for what `user` just did."""
        _forget(self._given, self._clock.now() - 600)
        trigger_id = f"{int(self._clock.now())}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._given[trigger_id] = _Trigger(user, app_id, self._clock.now())
        return trigger_id

    def exchange(self, trigger_id: str, app_id: str, seconds: float) -> str:
        """The user a view may be opened for, once, not later than *seconds* after."""
        trigger = self._given.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.made > seconds:
            raise SlackError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user


@dataclass
class ResponseUrl:
    """Where an app answers an interaction, and what it answered so far."""

    token: str
    user: str
    app_id: str
    channel: str
    made: float
    thread_ts: str | None = None
    source: Message | None = None
    uses: int = 0
    answers: list[Message] = field(default_factory=list)


class ResponseUrls:
    """response_urls: five uses within thirty minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, ResponseUrl] = {}

    def give(
        self,
        user: str,
        app_id: str,
        channel: str,
        source: Message | None = None,
        thread_ts: str | None = None,
    ) -> ResponseUrl:
        """A URL for answers to what `user` did in `channel`, perhaps on the message `source`."""
        _forget(self._given, self._clock.now() - limits.RESPONSE_URL_SECONDS)
        token = secrets.token_urlsafe(18)
        given = ResponseUrl(token, user, app_id, channel, self._clock.now(), thread_ts, source)
        self._given[token] = given
        return given

    def use(self, token: str) -> ResponseUrl:
        """Count one use of it."""
        given = self._given.get(token)
        if given is None or self._clock.now() - given.made > limits.RESPONSE_URL_SECONDS:
            self._given.pop(token, None)
            raise SlackError("expired_url")
        if given.uses >= limits.RESPONSE_URL_USES:
            raise SlackError("used_url")
        given.uses += 1
        return given
