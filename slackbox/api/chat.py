"""Posting, changing and deleting messages."""

from __future__ import annotations

from slackbox.api.channels import writable_channel
from slackbox.api.method import Args, Method
from slackbox.backend import Backend
from slackbox.content import Content, read_content
from slackbox.events import emit_changed, emit_deleted, emit_message
from slackbox.limits import POSTING, TIER_3, TIER_4, Rate
from slackbox.model import App, Channel, Json, Message
from slackbox.refusals import SlackError
from slackbox.shapes import message_json


def content_of(backend: Backend, args: Args) -> Content:
    """What a call wants to show, checked against every limit."""
    return read_content(
        backend,
        text=args.text("text"),
        blocks=args.json("blocks", "invalid_blocks_format"),
        attachments=args.json("attachments", "invalid_attachments"),
        metadata=args.json("metadata", "invalid_metadata_format"),
    )


def _thread(channel: Channel, args: Args) -> str | None:
    thread_ts = args.text("thread_ts") or None
    if thread_ts is None:
        return None
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def post_message(backend: Backend, app: App, args: Args) -> Json:
    """chat.postMessage"""
    channel = writable_channel(backend, app, args)
    content = content_of(backend, args)
    message = Message(
        ts=backend.workspace.timestamps.next(),
        channel=channel.id,
        user=app.bot_user_id,
        text=content.text,
        blocks=content.blocks,
        metadata=content.metadata,
        thread_ts=_thread(channel, args),
        broadcast=args.flag("reply_broadcast"),
        bot_id=app.bot_id,
        app_id=app.app_id,
    )
    backend.workspace.post(channel, message)
    emit_message(backend, channel, message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(backend.workspace, message, metadata=True),
    }


def post_ephemeral(backend: Backend, app: App, args: Args) -> Json:
    """chat.postEphemeral"""
    channel = writable_channel(backend, app, args)
    user = args.need("user")
    if user not in backend.workspace.users:
        raise SlackError("user_not_found")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    content = content_of(backend, args)
    message = Message(
        ts=backend.workspace.timestamps.next(),
        channel=channel.id,
        user=app.bot_user_id,
        text=content.text,
        blocks=content.blocks,
        thread_ts=args.text("thread_ts") or None,
        ephemeral_for=user,
        bot_id=app.bot_id,
        app_id=app.app_id,
    )
    backend.workspace.post(channel, message)
    return {"message_ts": message.ts}


def _own_message(backend: Backend, app: App, args: Args, error: str) -> tuple[Channel, Message]:
    channel = backend.workspace.channels.get(args.need("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = channel.messages.get(args.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != app.bot_user_id:
        raise SlackError(error)
    if channel.archived:
        raise SlackError("is_archived")
    return channel, message


def update(backend: Backend, app: App, args: Args) -> Json:
    """chat.update"""
    channel, message = _own_message(backend, app, args, "cant_update_message")
    if app.bot_user_id not in channel.members and channel.kind != "channel":
        raise SlackError("channel_not_found")
    before = message_json(backend.workspace, message)
    content = content_of(backend, args)
    message.text, message.blocks = content.text, content.blocks
    if content.metadata is not None:
        message.metadata = content.metadata
    message.edited = backend.workspace.timestamps.next()
    backend.workspace.announce("changed", message)
    emit_changed(backend, channel, message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_json(backend.workspace, message, metadata=True),
    }


def delete(backend: Backend, app: App, args: Args) -> Json:
    """chat.delete"""
    channel, message = _own_message(backend, app, args, "cant_delete_message")
    before = message_json(backend.workspace, message)
    backend.workspace.remove(message)
    emit_deleted(backend, channel, message, before)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(backend: Backend, app: App, args: Args) -> Json:
    """chat.getPermalink"""
    channel = backend.workspace.channels.get(args.need("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = channel.messages.get(args.need("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    permalink = f"{backend.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        permalink += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": permalink}


METHODS = (
    Method("chat.postMessage", post_message, ("chat:write",), POSTING, key="channel"),
    Method("chat.postEphemeral", post_ephemeral, ("chat:write",), TIER_4),
    Method("chat.update", update, ("chat:write",), TIER_3),
    Method("chat.delete", delete, ("chat:write",), TIER_3),
    Method("chat.getPermalink", get_permalink, rate=Rate(600, 60)),
)
