"""What goes wrong between a person and an app."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """Slack's refusal of a call: its name for what is wrong, and details that go beside it."""

    def __init__(self, error: str, messages: list[str] | None = None, **details: Any) -> None:
        super().__init__(" ".join([error, *(messages or [])]))
        self.error = error
        self.details = details
        if messages:
            self.details["response_metadata"] = {"messages": messages}

    def answer(self) -> dict[str, Any]:
        """The JSON Slack sends."""
        return {"ok": False, "error": self.error, **self.details}


class NoAck(Exception):  # noqa: N818 what happened, as tests say it
    """The app did not answer what a person did as Slack wants it; the person reads `text`."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {text}" if text else reason)
        self.reason = reason
        self.text = text or "The app did not respond. Please try again."


class ImpossibleError(Exception):
    """Slack would not let this person do that; the text is what they read."""


class DeliveryError(Exception):
    """One attempt to reach an app failed; the text is Slack's name for it.

    `is_final`: the app asked not to be tried again.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final
