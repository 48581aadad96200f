"""Who is in a channel, and what becomes of the channel itself."""

from __future__ import annotations

from slackbox.backend import Backend
from slackbox.changes import Change
from slackbox.delivery import Answered
from slackbox.events import emit_channel, emit_membership, emit_message
from slackbox.model import Channel, Message


def _note(backend: Backend, channel: Channel, user: str, subtype: str, text: str) -> list[Answered]:
    """The small grey line Slack writes into the channel."""
    ts = backend.workspace.timestamps.next()
    message = Message(ts, channel.id, user, text, subtype=subtype)
    backend.workspace.post(channel, message)
    return emit_message(backend, channel, message)


def _changed(backend: Backend) -> None:
    backend.changes.publish(Change("channels"))


def join(backend: Backend, channel: Channel, user: str, inviter: str = "") -> list[Answered]:
    """Somebody comes in, by themselves or invited."""
    if user in channel.members:
        return []
    channel.members[user] = None
    text = f"<@{user}> has joined the channel"
    answers = _note(backend, channel, user, "channel_join", text)
    _changed(backend)
    return answers + emit_membership(backend, "member_joined_channel", channel, user, inviter)


def leave(backend: Backend, channel: Channel, user: str, actor: str = "") -> list[Answered]:
    """Somebody goes, or is removed by `actor`; a bot that is removed hears `channel_left`."""
    if user not in channel.members:
        return []
    del channel.members[user]
    _changed(backend)
    app = backend.app_of_bot(user)
    if app is not None:
        return emit_channel(backend, "left", channel, actor, only=app)
    answers = _note(backend, channel, user, "channel_leave", f"<@{user}> has left the channel")
    return answers + emit_membership(backend, "member_left_channel", channel, user)


def archive(backend: Backend, channel: Channel, user: str) -> list[Answered]:
    """Nobody may write there any more."""
    channel.archived = True
    _changed(backend)
    return emit_channel(backend, "archive", channel, user)


def unarchive(backend: Backend, channel: Channel, user: str) -> list[Answered]:
    """Writing is possible again."""
    channel.archived = False
    _changed(backend)
    return emit_channel(backend, "unarchive", channel, user)


def rename(backend: Backend, channel: Channel, name: str) -> list[Answered]:
    """The channel gets another name."""
    backend.workspace.rename(channel, name)
    _changed(backend)
    return emit_channel(backend, "rename", channel)


def make_private(backend: Backend, channel: Channel, user: str) -> list[Answered]:
    """A public channel becomes a private one, with the same id."""
    channel.kind = "private"
    _changed(backend)
    text = f"<@{user}> made this channel *private*"
    return _note(backend, channel, user, "channel_convert_to_private", text)


def delete(backend: Backend, channel: Channel) -> list[Answered]:
    """The channel is gone for good."""
    answers = emit_channel(backend, "deleted", channel)
    backend.workspace.forget_channel(channel)
    _changed(backend)
    return answers
