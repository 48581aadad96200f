"""What an app answered to one thing a person did."""

from __future__ import annotations

from collections.abc import Callable

from slackbox.model import Json, Message
from slackbox.triggers import ResponseUrl


class Answer:
    """Follows what comes later through the response_url, and what replaces it."""

    def __init__(self, url: ResponseUrl, text_of: Callable[[Message], str]) -> None:
        self._text_of = text_of
        self._url = url

    @property
    def messages(self) -> list[Message]:
        """Every message answered that still stands."""
        return [message for message in self._url.answers if not message.deleted]

    @property
    def message(self) -> Message | None:
        """The last of them."""
        return self.messages[-1] if self.messages else None

    @property
    def text(self) -> str:
        """What the sender reads; empty when there was no answer (a modal perhaps)."""
        return self._text_of(self.message) if self.message is not None else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the last answer."""
        return self.message.blocks if self.message is not None else []

    @property
    def ts(self) -> str:
        """The timestamp of the last answer."""
        return self.message.ts if self.message is not None else ""

    @property
    def ephemeral_for(self) -> str | None:
        """Whom the last answer is shown to only."""
        return self.message.ephemeral_for if self.message is not None else None

    def __bool__(self) -> bool:
        return self.message is not None

    def __repr__(self) -> str:
        return f"Answer({self.text!r})"
