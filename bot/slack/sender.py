"""The sender: how a delivery is posted, updated, uploaded or found in Slack."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import WebClient

from bot.charts import paint
from bot.delivery import gates
from bot.delivery.installation import Seal
from bot.delivery.outbox import Delivery
from bot.delivery.sending import (
    BusyError,
    GoneError,
    NotSentError,
    RejectedError,
    Sent,
    Standing,
    TokenError,
    UnreadableError,
    UnsureError,
    file_name,
    print_of,
)
from bot.pdf import NoPdfError, print_page
from bot.slack.client import AUTH_ERRORS, UNSURE_ERRORS, error_name, pages

BUSY_ERRORS = frozenset({"ratelimited", "rate_limited"})
GONE_ERRORS = frozenset({"message_not_found", "thread_not_found"})
UNREADABLE_ERRORS = frozenset(
    {
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "access_denied",
        "team_access_not_granted",
        "enterprise_is_restricted",
        "method_not_supported_for_channel_type",
    }
)
EVENT_TYPE = "jourfixe_delivery"


@dataclass(frozen=True)
class Ours:
    """How messages of ours are known: by who posted them, and by our signature."""

    bot_user: str
    bot: str
    seal: Seal

    def token(self, message: Mapping[str, Any]) -> str | None:
        """The token *message* carries, where we posted and signed it."""
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        token, signature = str(payload.get("id", "")), str(payload.get("sig", ""))
        if metadata.get("event_type") != EVENT_TYPE or not self.posted(message):
            return None
        return token if self.seal.is_right(token, signature) else None

    def posted(self, message: Mapping[str, Any]) -> bool:
        """Whether our bot posted *message*."""
        return message.get("user") == self.bot_user or message.get("bot_id") == self.bot

    def metadata(self, delivery: Delivery) -> dict[str, Any]:
        """What the message of *delivery* carries: its signed token, a print of what it shows."""
        signed = {"id": delivery.token, "sig": self.seal.sign(delivery.token)}
        return {
            "event_type": EVENT_TYPE,
            "event_payload": signed | {"shows": print_of(delivery.content)},
        }


class SlackSender:
    """Sends deliveries through one client; each call is tried once."""

    def __init__(self, client: WebClient, ours: Ours) -> None:
        self._client = client
        self._ours = ours

    def post(self, delivery: Delivery, thread: str | None) -> Sent:
        """Post the message, or upload the file it carries."""
        if "file" in delivery.content:
            return self._upload(delivery)
        response = self._call(
            gates.post_to(delivery.channel),
            "chat.postMessage",
            channel=delivery.channel,
            text=delivery.content["text"],
            blocks=delivery.content["blocks"],
            metadata=self._ours.metadata(delivery),
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
            gates.UPDATE,
            "chat.update",
            channel=channel,
            ts=delivery.ts,
            text=delivery.content["text"],
            blocks=delivery.content["blocks"],
            metadata=self._ours.metadata(delivery),
        )
        return Sent(channel, delivery.ts or "")

    def delete(self, sent: Sent) -> None:
        """Take back what this sender has just posted."""
        self._call(gates.UPDATE, "chat.delete", channel=sent.channel, ts=sent.ts)

    def read(
        self, delivery: Delivery, thread: str | None, since: datetime
    ) -> Mapping[str, Standing]:
        """What we posted *since*, by token or name of file; of two the same, the first."""
        try:
            channel = self._channel_of(delivery.channel, gates.READ)
            standing = self.standing(channel, thread, since)
        except RejectedError as error:
            if str(error) in UNREADABLE_ERRORS:
                raise UnreadableError(str(error)) from error
            raise
        return dict(reversed(standing))

    def standing(
        self, channel: str, thread: str | None, since: datetime
    ) -> list[tuple[str, Standing]]:
        """Every message of ours posted *since*, the oldest first, with what it is known by."""
        messages = sorted(self._messages(channel, thread, since), key=lambda m: str(m["ts"]))
        return [known for message in messages for known in self._standing(channel, message)]

    def _standing(self, channel: str, message: Mapping[str, Any]) -> Iterator[tuple[str, Standing]]:
        ts = str(message["ts"])
        if token := self._ours.token(message):
            shows = message["metadata"]["event_payload"].get("shows")
            yield token, Standing(channel, ts, shows)
        if self._ours.posted(message):
            for file in message.get("files", ()):
                yield str(file.get("name")), Standing(channel, ts)

    def _messages(self, channel: str, thread: str | None, since: datetime) -> list[Any]:
        client = self._client
        call = client.conversations_replies if thread else client.conversations_history
        where = {"channel": channel} | ({"ts": thread} if thread else {})
        found: list[Any] = self._guarded(
            gates.READ,
            lambda: pages(
                call,
                "messages",
                **where,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
            ),
        )
        return found

    def _channel_of(self, channel: str, gate: str) -> str:
        if not channel.startswith(("U", "W")):
            return channel
        opened = self._call(gate, "conversations.open", users=channel)
        return str(opened["channel"]["id"])

    def _upload(self, delivery: Delivery) -> Sent:
        file = delivery.content["file"]
        data = _data(file)
        gate = gates.post_to(delivery.channel)
        channel = self._channel_of(delivery.channel, gate)
        self._guarded(
            gate,
            lambda: self._client.files_upload_v2(
                channel=channel,
                filename=file_name(delivery),
                title=file["name"],
                alt_txt=file.get("alt"),
                content=data,
                initial_comment=delivery.content["text"],
            ),
        )
        return Sent(channel, "")

    def _call(self, gate: str, method: str, **arguments: Any) -> Any:
        return self._guarded(gate, lambda: self._client.api_call(method, json=arguments))

    def _guarded(self, gate: str, call: Any) -> Any:
        try:
            return call()
        except SlackApiError as error:
            raise _told_apart(error, gate) from error
        except SlackRequestError as error:  # the file did not get there, so it was not shared
            raise NotSentError(str(error)) from error
        except URLError as error:
            if isinstance(error.reason, ConnectionRefusedError):
                raise NotSentError("connection refused") from error
            raise UnsureError(f"{error.reason}") from error
        except OSError as error:
            raise UnsureError(f"{type(error).__name__}: {error}") from error


def _told_apart(error: SlackApiError, gate: str) -> Exception:
    name = error_name(error)
    if name in BUSY_ERRORS or error.response.status_code == 429:
        wait = error.response.headers.get("Retry-After") or "30"
        return BusyError(timedelta(seconds=int(wait)), gate)
    if name in AUTH_ERRORS:
        return TokenError(name)
    if name in UNSURE_ERRORS or error.response.status_code >= 500:
        return UnsureError(name)
    return GoneError(name) if name in GONE_ERRORS else RejectedError(name)


def _data(file: dict[str, str]) -> bytes:
    """What is in the file; pictures and pages are made only now, when nobody waits for them."""
    if "svg" in file:
        return paint(file["svg"], file["fonts"])
    if "html" not in file:
        return b64decode(file["data"])
    try:
        return print_page(file["html"], file["fonts"])
    except NoPdfError as error:  # another process took the order than the one that has to fill it
        raise RejectedError(str(error)) from error
