"""Which conversation a call means, and whether the app may do there what it asks."""

from __future__ import annotations

from slackbox.api.method import Args, need_scope
from slackbox.backend import Backend
from slackbox.model import App, Channel
from slackbox.refusals import SlackError

_SCOPE_PREFIX = {"channel": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def scope_for(channel: Channel, right: str) -> str:
    """The scope a right needs in this kind of conversation: `groups:history`, `im:read`, …"""
    return f"{_SCOPE_PREFIX[channel.kind]}:{right}"


def visible_channel(backend: Backend, app: App, args: Args, right: str) -> Channel:
    """The conversation meant by `channel`, if the app has the scope for it and can know of it."""
    channel = backend.workspace.channels.get(args.need("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    need_scope(app, scope_for(channel, right))
    if channel.kind != "channel" and app.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    return channel


def readable_channel(backend: Backend, app: App, args: Args) -> Channel:
    """The same, for reading messages: the app has to be in it."""
    channel = visible_channel(backend, app, args, "history")
    if app.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def writable_channel(backend: Backend, app: App, args: Args) -> Channel:
    """The conversation to post to: an id, a name of a public channel, or a person for the DM."""
    channel = _addressed(backend, app, args.text("channel"))
    if app.bot_user_id not in channel.members:
        if channel.kind != "channel":
            raise SlackError("channel_not_found")
        if "chat:write.public" not in app.scopes:
            raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _addressed(backend: Backend, app: App, address: str) -> Channel:
    workspace = backend.workspace
    person = workspace.users.get(address)
    if person is not None:
        if person.deleted or person.bot_id is not None:
            raise SlackError("channel_not_found")
        return workspace.direct(person.id, app.bot_user_id)
    channel = workspace.channels.get(address) or workspace.channel_named(address)
    if channel is None:
        raise SlackError("channel_not_found")
    return channel
