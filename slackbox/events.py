"""What the Events API tells apps, according to what they subscribed to."""

from __future__ import annotations

import asyncio
import re
import secrets

from slackbox.backend import Backend
from slackbox.delivery import Answered, is_reachable, tell
from slackbox.model import App, Channel, Json, Message, User
from slackbox.shapes import channel_type, message_json, user_json
from slackbox.workspace import TEAM_ID

_MESSAGE_EVENTS = {
    "channel": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def _callback(backend: Backend, app: App, event: Json) -> Json:
    return {
        "token": app.verification_token,
        "team_id": TEAM_ID,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(backend.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(16)}",
    }


def _emit(backend: Backend, app: App, subscription: str, event: Json) -> list[Answered]:
    if subscription not in app.events or not _is_running():
        return []
    event.setdefault("event_ts", event.get("ts") or backend.workspace.timestamps.next())
    return [tell(backend, app, _callback(backend, app, event))]


def _is_running() -> bool:
    """Before the workspace is started, its owner sets it up: nobody is told."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _apps_in(backend: Backend, channel: Channel) -> list[App]:
    return [app for app in backend.workspace.apps.values() if app.bot_user_id in channel.members]


def _emit_message_event(backend: Backend, channel: Channel, event: Json) -> list[Answered]:
    event |= {"channel": channel.id, "channel_type": channel_type(channel)}
    subscription = _MESSAGE_EVENTS[channel.kind]
    answers: list[Answered] = []
    for app in _apps_in(backend, channel):
        answers += _emit(backend, app, subscription, dict(event))
    return answers


def emit_message(backend: Backend, channel: Channel, message: Message) -> list[Answered]:
    """A message was posted: `message` to apps in the channel, `app_mention` to those named."""
    event = message_json(backend.workspace, message)
    if not message.bot_id and not message.subtype:
        event["client_msg_id"] = secrets.token_hex(16)
    answers = _emit_message_event(backend, channel, event)
    if channel.is_direct or message.subtype:
        return answers
    named = set(_MENTION.findall(message.text))
    for app in _apps_in(backend, channel):
        if app.bot_user_id in named and message.user != app.bot_user_id:
            mention = {**event, "type": "app_mention", "channel": channel.id}
            answers += _emit(backend, app, "app_mention", mention)
    return answers


def emit_changed(
    backend: Backend, channel: Channel, message: Message, before: Json
) -> list[Answered]:
    """A message was edited."""
    event: Json = {
        "type": "message",
        "subtype": "message_changed",
        "message": message_json(backend.workspace, message),
        "previous_message": before,
        "hidden": True,
        "ts": backend.workspace.timestamps.next(),
    }
    return _emit_message_event(backend, channel, event)


def emit_deleted(
    backend: Backend, channel: Channel, message: Message, before: Json
) -> list[Answered]:
    """A message was deleted."""
    event: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "deleted_ts": message.ts,
        "hidden": True,
        "ts": backend.workspace.timestamps.next(),
    }
    return _emit_message_event(backend, channel, event)


def emit_reaction(
    backend: Backend,
    channel: Channel,
    message: Message,
    user: str,
    name: str,
    kind: str = "reaction_added",
) -> list[Answered]:
    """Somebody reacted to a message, or took the reaction back."""
    event: Json = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
    }
    answers: list[Answered] = []
    for app in _apps_in(backend, channel):
        answers += _emit(backend, app, kind, dict(event))
    return answers


def emit_membership(
    backend: Backend, kind: str, channel: Channel, user: str, inviter: str = ""
) -> list[Answered]:
    """`member_joined_channel` or `member_left_channel`."""
    event: Json = {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": TEAM_ID,
    }
    if inviter:
        event["inviter"] = inviter
    answers: list[Answered] = []
    for app in _apps_in(backend, channel):
        answers += _emit(backend, app, kind, dict(event))
    return answers


def emit_channel(
    backend: Backend, what: str, channel: Channel, user: str = "", only: App | None = None
) -> list[Answered]:
    """`channel_archive`, `channel_rename`, `channel_left`, …; `group_…` for private channels."""
    kind = f"{'group' if channel.kind == 'private' else 'channel'}_{what}"
    event: Json = {"type": kind, "channel": channel.id}
    if what == "rename":
        event["channel"] = {"id": channel.id, "name": channel.name, "created": channel.created}
    if user:
        event |= {"user": user, "actor_id": user}
    answers: list[Answered] = []
    for app in [only] if only is not None else _apps_in(backend, channel):
        answers += _emit(backend, app, kind, dict(event))
    return answers


def emit_user(backend: Backend, kind: str, user: User) -> list[Answered]:
    """`team_join` or `user_change`, to every app that may read people and is there now.

    Not kept for those that are away: a workspace is mostly filled before its app comes.
    """
    answers: list[Answered] = []
    for app in backend.workspace.apps.values():
        if "users:read" in app.scopes and is_reachable(backend, app):
            shape = user_json(user, locale=True, email="users:read.email" in app.scopes)
            answers += _emit(backend, app, kind, {"type": kind, "user": shape})
    return answers


def emit_home_opened(backend: Backend, app: App, user: str, event: Json) -> list[Answered]:
    """Somebody opened the App Home."""
    channel = backend.workspace.direct(user, app.bot_user_id)
    opened = {"type": "app_home_opened", "user": user, "channel": channel.id, **event}
    return _emit(backend, app, "app_home_opened", opened)
