"""What an app answers a person: in the ack of what they did, or later through a response_url."""

from __future__ import annotations

from slackbox.backend import Backend
from slackbox.content import Content, read_content
from slackbox.events import emit_changed, emit_deleted, emit_message
from slackbox.model import Channel, Json, Message
from slackbox.shapes import message_json
from slackbox.triggers import ResponseUrl

_KEYS = ("text", "blocks", "attachments")


def respond(backend: Backend, url: ResponseUrl, body: Json) -> None:
    """Do what the body says: show, replace or delete. Raises SlackError for bad content."""
    if body.get("delete_original"):
        _delete_original(backend, url)
        return
    if not any(body.get(key) for key in _KEYS):
        return
    content = read_content(
        backend,
        text=str(body.get("text") or ""),
        blocks=body.get("blocks"),
        attachments=body.get("attachments"),
        metadata=body.get("metadata"),
    )
    original = _original(url)
    if body.get("replace_original") and original is not None:
        _replace(backend, original, content)
    else:
        _show(backend, url, content, body)


def _original(url: ResponseUrl) -> Message | None:
    """What `replace_original` means: the message clicked in, else what was answered last."""
    if url.source is not None:
        return None if url.source.deleted else url.source
    shown = [message for message in url.answers if not message.deleted]
    return shown[-1] if shown else None


def _show(backend: Backend, url: ResponseUrl, content: Content, body: Json) -> None:
    channel = backend.workspace.channels[url.channel]
    app = backend.workspace.apps[url.app_id]
    is_public = body.get("response_type") == "in_channel"
    message = Message(
        ts=backend.workspace.timestamps.next(),
        channel=channel.id,
        user=app.bot_user_id,
        text=content.text,
        blocks=content.blocks,
        metadata=content.metadata,
        thread_ts=_thread(channel, url, body),
        ephemeral_for=None if is_public else url.user,
        bot_id=app.bot_id,
        app_id=app.app_id,
    )
    url.answers.append(message)
    backend.workspace.post(channel, message)
    if is_public:
        emit_message(backend, channel, message)


def _thread(channel: Channel, url: ResponseUrl, body: Json) -> str | None:
    thread_ts = body.get("thread_ts") or url.thread_ts
    return thread_ts if thread_ts in channel.messages else None


def _replace(backend: Backend, message: Message, content: Content) -> None:
    before = message_json(backend.workspace, message)
    message.text, message.blocks = content.text, content.blocks
    backend.workspace.announce("changed", message)
    if message.ephemeral_for is None:
        message.edited = backend.workspace.timestamps.next()
        emit_changed(backend, backend.workspace.channels[message.channel], message, before)


def _delete_original(backend: Backend, url: ResponseUrl) -> None:
    message = _original(url)
    if message is None:
        return
    before = message_json(backend.workspace, message)
    backend.workspace.remove(message)
    if message.ephemeral_for is None:
        emit_deleted(backend, backend.workspace.channels[message.channel], message, before)
