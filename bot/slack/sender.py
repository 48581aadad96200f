"""The sender: how a delivery is posted, updated, uploaded or found in Slack."""

from base64 import b64decode
from datetime import timedelta
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient

from bot.delivery.outbox import Delivery
from bot.delivery.worker import (
    BusyError,
    NotSentError,
    RejectedError,
    Sent,
    TokenError,
    UnsureError,
)
from bot.slack.client import AUTH_ERRORS, UNSURE_ERRORS, error_name

EVENT_TYPE = "jourfixe_delivery"
LOOK_BACK = 100  # messages


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
        """The message that carries this delivery's token, where one stands already."""
        channel = self._channel_of(delivery)
        method = "conversations.replies" if thread else "conversations.history"
        response = self._call(
            method,
            channel=channel,
            limit=LOOK_BACK,
            include_all_metadata=True,
            **({"ts": thread} if thread else {}),
        )
        for message in response["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("id") == delivery.token:
                return Sent(channel, message["ts"])
        return None

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
                filename=file["name"],
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
        except URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                raise NotSentError("connection refused") from error
            raise UnsureError(f"{error.reason}") from error
        except OSError as error:
            raise UnsureError(f"{type(error).__name__}: {error}") from error


def _told_apart(error: SlackApiError) -> Exception:
    name = error_name(error)
    if name == "ratelimited" or error.response.status_code == 429:
        wait = error.response.headers.get("Retry-After") or "30"
        return BusyError(timedelta(seconds=int(wait)))
    if name in AUTH_ERRORS:
        return TokenError(name)
    if name in UNSURE_ERRORS or error.response.status_code >= 500:
        return UnsureError(name)
    return RejectedError(name)


def _metadata(delivery: Delivery) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"id": delivery.token}}
