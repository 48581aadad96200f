"""The one client: how Slack's Web API is called, and how its errors are told apart."""

import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import HttpRequest, RetryHandler
from slack_sdk.web import SlackResponse, WebClient

from bot.config import Settings
from bot.scopes import SCOPES

AUTH_ERRORS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
UNSURE_ERRORS = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)

Unreachable = (SlackApiError, SlackClientError, OSError)
"""What a call raises when Slack says no or nothing."""


class Turned(RetryHandler):
    """Hears every answer, tells of those that ask to wait, and never has a call tried again."""

    def __init__(self, busy: Callable[[str], None]) -> None:
        super().__init__()
        self._busy = busy

    def _can_retry(self, *, request: HttpRequest, response: Any = None, **_more: Any) -> bool:
        if response is not None and response.status_code == 429:
            self._busy(method_of(request.url))
        return False


def method_of(url: str) -> str:
    """The method behind an address of Slack's; those of answers are one."""
    path = urlsplit(url).path
    return path.rpartition("/")[2] if "/api/" in path else "response_url"


def open_client(settings: Settings, busy: Callable[[str], None] = lambda method: None) -> WebClient:
    """A client that sends each request once: a blind retry could post twice.

    *busy* is told the method whenever Slack asks to wait.
    """
    secure = ssl.create_default_context() if settings.slack_api_url.startswith("https") else None
    return WebClient(
        token=settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=settings.http_seconds,  # type: ignore[arg-type] # urllib takes fractions of seconds
        ssl=secure,
        retry_handlers=[Turned(busy)],
    )


def quick(client: WebClient, seconds: float) -> WebClient:
    """The same client for what somebody waits for: it gives up after *seconds*, before Slack."""
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=seconds,  # type: ignore[arg-type] # urllib takes fractions of seconds
        ssl=client.ssl,
        retry_handlers=client.retry_handlers,
    )


def error_name(error: SlackApiError) -> str:
    """Slack's name for what went wrong; ``fatal_error`` where the answer was none."""
    response = error.response
    if isinstance(response, SlackResponse) and isinstance(response.data, dict):
        return str(response.data.get("error", "fatal_error"))
    return "fatal_error"


def reason(error: Exception) -> str:
    """Why a call failed, in words for an operator."""
    if isinstance(error, SlackApiError):
        return f"Slack says {error_name(error)}"
    return f"Slack was not reached ({error})"


def granted(told: SlackResponse) -> frozenset[str]:
    """The scopes named beside an answer of Slack; all we ask for where it names none."""
    headers = {name.lower(): value for name, value in told.headers.items()}
    named = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    return frozenset(named or {scope.name for scope in SCOPES})


def pages(call: Callable[..., Any], key: str, **arguments: Any) -> list[Any]:
    """All of a list that Slack hands out in pages."""
    found: list[Any] = []
    cursor = ""
    while True:
        response = call(**arguments, limit=200, **({"cursor": cursor} if cursor else {}))
        found += response[key]
        cursor = (response.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found
