"""What people do among themselves: write, edit, delete, come and go."""

from __future__ import annotations

from collections.abc import Iterable

from slackbox import membership
from slackbox.backend import Backend
from slackbox.blocks import with_ids
from slackbox.delivery import Answered, is_reachable
from slackbox.events import emit_changed, emit_deleted, emit_message
from slackbox.model import Channel, ChannelKind, Json, Message, User
from slackbox.refusals import ImpossibleError, NoAck
from slackbox.shapes import message_json
from slackbox.typed import message_text, rich_text
from slackbox.workspace import handle


async def acknowledged(backend: Backend, answers: Iterable[Answered]) -> None:
    """Wait until every app acked these events; raises NoAck when one did not.

    An app that cannot be reached at all is not waited for: it is told when it comes back.
    """
    if not any(is_reachable(backend, app) for app in backend.workspace.apps.values()):
        return
    for answer in answers:
        failure = await answer
        if failure is not None:
            raise NoAck(str(failure))


async def say(
    backend: Backend, user: User, channel: Channel, text: str, thread_ts: str | None = None
) -> Message:
    """Write a message, perhaps into a thread."""
    message, answers = post(backend, user, channel, text, thread_ts)
    await acknowledged(backend, answers)
    return message


def post(
    backend: Backend, user: User, channel: Channel, text: str, thread_ts: str | None = None
) -> tuple[Message, list[Answered]]:
    """Write a message without waiting for anybody."""
    _may_write(backend, user, channel)
    if not text.strip():
        raise ImpossibleError("There is nothing to send.")
    if thread_ts is not None:
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise ImpossibleError("This thread is not there any more.")
        thread_ts = parent.thread_ts or parent.ts
    message = Message(
        ts=backend.workspace.timestamps.next(),
        channel=channel.id,
        user=user.id,
        text=message_text(backend.workspace, text),
        blocks=_typed_blocks(backend, text),
        thread_ts=thread_ts,
    )
    backend.workspace.post(channel, message)
    return message, emit_message(backend, channel, message)


def _typed_blocks(backend: Backend, text: str) -> list[Json]:
    return with_ids(rich_text(backend.workspace, text))


def _may_write(backend: Backend, user: User, channel: Channel) -> None:
    if channel.archived:
        raise ImpossibleError("This channel is archived.")
    if user.id not in channel.members:
        if not backend.workspace.may_see(channel, user.id):
            raise ImpossibleError("You are not in this channel.")
        raise ImpossibleError(f"Join #{channel.name} first.")


def _own(user: User, message: Message) -> None:
    if message.user != user.id or message.deleted:
        raise ImpossibleError("Only your own messages can be changed.")


async def edit(backend: Backend, user: User, message: Message, text: str) -> None:
    """Change what one wrote."""
    _own(user, message)
    channel = backend.workspace.channels[message.channel]
    before = message_json(backend.workspace, message)
    message.text = message_text(backend.workspace, text)
    message.blocks = _typed_blocks(backend, text)
    message.edited = backend.workspace.timestamps.next()
    backend.workspace.announce("changed", message)
    await acknowledged(backend, emit_changed(backend, channel, message, before))


async def delete(backend: Backend, user: User, message: Message) -> None:
    """Take back what one wrote."""
    _own(user, message)
    channel = backend.workspace.channels[message.channel]
    before = message_json(backend.workspace, message)
    backend.workspace.remove(message)
    await acknowledged(backend, emit_deleted(backend, channel, message, before))


async def join(backend: Backend, user: User, channel: Channel) -> None:
    """Come into a public channel."""
    if channel.kind != "channel" or user.is_guest:
        raise ImpossibleError("You have to be invited to this channel.")
    await acknowledged(backend, membership.join(backend, channel, user.id))


async def leave(backend: Backend, user: User, channel: Channel) -> None:
    """Leave a channel."""
    await acknowledged(backend, membership.leave(backend, channel, user.id))


async def invite(backend: Backend, user: User, channel: Channel, guest: str) -> None:
    """Bring somebody, or a bot, into a channel."""
    _in(user, channel)
    await acknowledged(backend, membership.join(backend, channel, guest, user.id))


async def kick(backend: Backend, user: User, channel: Channel, whom: str) -> None:
    """Remove somebody, or a bot, from a channel."""
    _in(user, channel)
    await acknowledged(backend, membership.leave(backend, channel, whom, user.id))


async def archive(backend: Backend, user: User, channel: Channel) -> None:
    """Archive a channel."""
    _in(user, channel)
    await acknowledged(backend, membership.archive(backend, channel, user.id))


async def unarchive(backend: Backend, user: User, channel: Channel) -> None:
    """Bring an archived channel back."""
    await acknowledged(backend, membership.unarchive(backend, channel, user.id))


async def rename(backend: Backend, user: User, channel: Channel, name: str) -> None:
    """Give a channel another name."""
    _in(user, channel)
    try:
        answers = membership.rename(backend, channel, name)
    except ValueError as taken:
        raise ImpossibleError(str(taken)) from None
    await acknowledged(backend, answers)


async def make_private(backend: Backend, user: User, channel: Channel) -> None:
    """Make a public channel private."""
    _in(user, channel)
    await acknowledged(backend, membership.make_private(backend, channel, user.id))


async def delete_channel(backend: Backend, user: User, channel: Channel) -> None:
    """Delete a channel for good."""
    _in(user, channel)
    await acknowledged(backend, membership.delete(backend, channel))


def create_channel(backend: Backend, user: User, name: str, kind: ChannelKind) -> Channel:
    """Make a channel and be its first member."""
    if user.is_guest:
        raise ImpossibleError("Guests cannot make channels.")
    try:
        return backend.workspace.add_channel(handle(name), [user.id], kind, user.id)
    except ValueError as taken:
        raise ImpossibleError(str(taken)) from None


def _in(user: User, channel: Channel) -> None:
    if user.id not in channel.members or channel.is_direct:
        raise ImpossibleError("Only members of a channel can do that.")
