"""What a method of the Web API is: its name, its scopes, its rate and what it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from slackbox.backend import Backend
from slackbox.limits import TIER_3, Rate
from slackbox.model import App, Json
from slackbox.refusals import SlackError


class Args:
    """A call's arguments, whether they came as a form (all strings) or as JSON."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        """A string without which the call makes no sense."""
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def has(self, name: str) -> bool:
        """Whether the argument was given at all."""
        return self.given.get(name) is not None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean: `true`, `1`, or JSON's own."""
        value = self.given.get(name)
        return default if value is None else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int) -> int:
        """An integer."""
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise SlackError("invalid_arguments", [f"[ERROR] {name} must be an integer"]) from None

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """A list or object, given as JSON or as a string of it; None when it is not there."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(error) from None


Handler = Callable[[Backend, App, Args], Json]


@dataclass(frozen=True)
class Method:
    """One method. `scopes` are needed always; what depends on the channel the method asks itself.

    `key` names the argument its rate is counted by, besides the app.
    """

    name: str
    call: Handler
    scopes: tuple[str, ...] = ()
    rate: Rate = TIER_3
    token: Literal["bot", "app"] = "bot"  # noqa: S105 the kind of token, no secret
    key: str = ""


def need_scope(app: App, *any_of: str) -> None:
    """Raise `missing_scope` unless the app has at least one of these."""
    if not app.scopes.intersection(any_of):
        provided = ",".join(sorted(app.scopes))
        raise SlackError("missing_scope", needed=any_of[0], provided=provided)
