"""HTTP mode: requests to an app, signed as Slack signs them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from slackbox.model import App, Json
from slackbox.refusals import DeliveryError

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The `X-Slack-Signature` of a body, version 0."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(app: App, body: bytes, content_type: str) -> dict[str, str]:
    """The headers of a request to `app`, of this moment by the machine's clock."""
    timestamp = str(int(time.time()))
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """A payload as the body Slack sends for its kind, and the content type."""
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), FORM
    return json.dumps(payload).encode(), JSON


class HttpRequests:
    """The client all signed requests go through."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, app: App, kind: str, payload: Json, seconds: float, attempt: int = 0, reason: str = ""
    ) -> Json:
        """Send one request; what the app answered, as an ack's payload."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        body, content_type = encoded(kind, payload)
        headers = signed_headers(app, body, content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.post(app.request_url or "", data=body, headers=headers) as response,
            ):
                answer = await response.text()
        except TimeoutError:
            raise DeliveryError(
                "http_timeout" if kind == "events_api" else "operation_timeout"
            ) from None
        except aiohttp.ClientError:
            failed = "connection_failed" if kind == "events_api" else "dispatch_failed"
            raise DeliveryError(failed) from None
        if response.status != 200:
            is_final = response.headers.get("X-Slack-No-Retry") == "1"
            raise DeliveryError("http_error", is_final=is_final)
        return _payload(answer)

    async def close(self) -> None:
        """End the client's connections."""
        if self._session is not None:
            await self._session.close()


def _payload(answer: str) -> Json:
    if not answer.strip():
        return {}
    try:
        read = json.loads(answer)
    except ValueError:
        return {"text": answer}
    return read if isinstance(read, dict) else {"text": answer}
