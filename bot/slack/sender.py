"""The sender: how a delivery is posted, updated, uploaded or found in Slack."""

from base64 import b64decode
from datetime import timedelta
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import WebClient

from bot.delivery.outbox import Delivery
from bot.delivery.worker import (
    BusyError,
    GoneError,
    NotSentError,
    RejectedError,
    Sent,
    TokenError,
    UnsureError,
)
from bot.slack.client import AUTH_ERRORS, UNSURE_ERRORS, error_name, pages

BUSY_ERRORS = frozenset({"ratelimited", "rate_limited"})
GONE_ERRORS = frozenset({"message_not_found", "thread_not_found"})
EVENT_TYPE = "jourfixe_delivery"
LOOK_BACK = timedelta(minutes=5)  # before the first attempt: Slack's clock is another one


class SlackSender:
    """Sends deliveries through one client; each call is tried once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def post(self, delivery: Delivery, thread: str | None) -> Sent:
        """Post the message, or upload the file it carries."""
        if "file" in delivery.content:
            return self._upload(delivery)
        response = self._call(
            "chat.postMessage",
            channel=delivery.channel,
            text=delivery.content["text"],
            blocks=delivery.content["blocks"],
            metadata=_metadata(delivery),
            unfurl_links=False,
            unfurl_media=False,
            **({"thread_ts": thread} if thread else {}),
        )
        if not response.get("ts"):
            raise UnsureError("no ts")
        return Sent(response["channel"], response["ts"])

    def update(self, delivery: Delivery) -> Sent:
        """Let the message that stands show what it ought to."""
        channel = delivery.sent_channel or delivery.channel
        self._call(
            "chat.update",
            channel=channel,
            ts=delivery.ts,
            text=delivery.content["text"],
            blocks=delivery.content["blocks"],
            metadata=_metadata(delivery),
        )
        return Sent(channel, delivery.ts or "")

    def look_up(self, delivery: Delivery, thread: str | None) -> Sent | None:
        """The message that carries this delivery's token, where one stands already.

        Where Slack does not let us read, nobody can tell; posting says the rest.
        """
        try:
            channel = self._channel_of(delivery)
            messages = self._messages(delivery, channel, thread)
        except RejectedError:
            return None
        found = (m["ts"] for m in messages if _carries(m, delivery))
        return next((Sent(channel, ts) for ts in found), None)

    def _messages(self, delivery: Delivery, channel: str, thread: str | None) -> list[Any]:
        """What was posted since *delivery* was first tried."""
        client = self._client
        call = client.conversations_replies if thread else client.conversations_history
        where = {"channel": channel} | ({"ts": thread} if thread else {})
        since = (delivery.tried_at or delivery.due_at) - LOOK_BACK
        found: list[Any] = self._guarded(
            lambda: pages(
                call,
                "messages",
                **where,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
            )
        )
        return found

    def _channel_of(self, delivery: Delivery) -> str:
        if not delivery.channel.startswith(("U", "W")):
            return delivery.channel
        opened = self._call("conversations.open", users=delivery.channel)
        return str(opened["channel"]["id"])

    def _upload(self, delivery: Delivery) -> Sent:
        file = delivery.content["file"]
        channel = self._channel_of(delivery)
        self._guarded(
            lambda: self._client.files_upload_v2(
                channel=channel,
                filename=_file_name(delivery),
                title=file["name"],
                content=b64decode(file["data"]),
                initial_comment=delivery.content["text"],
            )
        )
        return Sent(channel, "")

    def _call(self, method: str, **arguments: Any) -> Any:
        return self._guarded(lambda: self._client.api_call(method, json=arguments))

    def _guarded(self, call: Any) -> Any:
        try:
            return call()
        except SlackApiError as error:
            raise _told_apart(error) from error
        except SlackRequestError as error:  # the file did not get there, so it was not shared
            raise NotSentError(str(error)) from error
        except URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                raise NotSentError("connection refused") from error
            raise UnsureError(f"{error.reason}") from error
        except OSError as error:
            raise UnsureError(f"{type(error).__name__}: {error}") from error


def _told_apart(error: SlackApiError) -> Exception:
    name = error_name(error)
    if name in BUSY_ERRORS or error.response.status_code == 429:
        wait = error.response.headers.get("Retry-After") or "30"
        return BusyError(timedelta(seconds=int(wait)))
    if name in AUTH_ERRORS:
        return TokenError(name)
    if name in UNSURE_ERRORS or error.response.status_code >= 500:
        return UnsureError(name)
    return GoneError(name) if name in GONE_ERRORS else RejectedError(name)


def _carries(message: dict[str, Any], delivery: Delivery) -> bool:
    """Whether *message* is what came of *delivery*."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    if "file" not in delivery.content:
        return bool(payload.get("id") == delivery.token)
    return any(file.get("name") == _file_name(delivery) for file in message.get("files", ()))


def _file_name(delivery: Delivery) -> str:
    """A name no other file has: messages with files carry no metadata."""
    stem, dot, suffix = delivery.content["file"]["name"].rpartition(".")
    return f"{stem}-{delivery.token[:8]}{dot}{suffix}"


def _metadata(delivery: Delivery) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"id": delivery.token}}
