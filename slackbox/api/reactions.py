"""Reactions to messages."""

from __future__ import annotations

import re

from slackbox.api.channels import writable_channel
from slackbox.api.method import Args, Method
from slackbox.backend import Backend
from slackbox.events import emit_reaction
from slackbox.limits import TIER_3
from slackbox.model import App, Channel, Json, Message
from slackbox.refusals import SlackError

_NAME = re.compile(r"[a-z0-9_+'-]+(?:::skin-tone-[2-6])?")


def add(backend: Backend, app: App, args: Args) -> Json:
    """reactions.add"""
    channel, message, name = _meant(backend, app, args)
    users = message.reactions.setdefault(name, [])
    if app.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(app.bot_user_id)
    backend.workspace.announce("reaction", message)
    emit_reaction(backend, channel, message, app.bot_user_id, name)
    return {}


def remove(backend: Backend, app: App, args: Args) -> Json:
    """reactions.remove"""
    channel, message, name = _meant(backend, app, args)
    users = message.reactions.get(name, [])
    if app.bot_user_id not in users:
        raise SlackError("no_reaction")
    users.remove(app.bot_user_id)
    if not users:
        del message.reactions[name]
    backend.workspace.announce("reaction", message)
    emit_reaction(backend, channel, message, app.bot_user_id, name, "reaction_removed")
    return {}


def _meant(backend: Backend, app: App, args: Args) -> tuple[Channel, Message, str]:
    """The message and the reaction a call is about."""
    channel = writable_channel(backend, app, args)
    name = args.need("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    message = channel.messages.get(args.need("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message, name


METHODS = (
    Method("reactions.add", add, ("reactions:write",), TIER_3, key="channel"),
    Method("reactions.remove", remove, ("reactions:write",), TIER_3, key="channel"),
)
