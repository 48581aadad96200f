"""The payloads of slash commands and interactions, field by field as Slack sends them."""

from __future__ import annotations

from typing import Any

from slackbox.backend import Backend
from slackbox.elements import VALUES, as_state, state_values
from slackbox.model import App, Channel, Command, Json, Message, User, View
from slackbox.shapes import message_json, view_json
from slackbox.workspace import TEAM_DOMAIN, TEAM_ID


def channel_name(channel: Channel) -> str:
    """How payloads call a conversation: only public channels by their name."""
    return {"channel": channel.name, "im": "directmessage"}.get(channel.kind, "privategroup")


def _common(backend: Backend, app: App, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "token": app.verification_token,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM_ID},
        "api_app_id": app.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": backend.triggers.give(user.id, app.app_id),
    }


def response_url(backend: Backend, token: str) -> str:
    """Where an app posts its answers."""
    return f"{backend.url}/response/{token}"


def command(
    backend: Backend,
    app: App,
    user: User,
    channel: Channel,
    entry: Command,
    text: str,
    response_token: str,
) -> Json:
    """A slash command."""
    return {
        "token": app.verification_token,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": entry.command,
        "text": text,
        "api_app_id": app.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(backend, response_token),
        "trigger_id": backend.triggers.give(user.id, app.app_id),
    }


def action(backend: Backend, block: Json, element: Json, value: Any) -> Json:
    """One entry of `actions`: the element, and what it holds now."""
    acted: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": backend.workspace.timestamps.next(),
    }
    for key in ("placeholder", "confirm", "style"):
        if key in element:
            acted[key] = element[key]
    if element["type"] == "button":
        acted["text"] = element["text"]
        if "value" in element:
            acted["value"] = element["value"]
    elif element["type"] == "overflow":
        acted["selected_option"] = value
    else:
        acted |= as_state(element, value)
        initial = VALUES[element["type"]].initial
        if initial in element:
            acted[initial] = element[initial]
    return acted


def message_action(
    backend: Backend,
    app: App,
    user: User,
    channel: Channel,
    message: Message,
    acted: Json,
    response_token: str,
) -> Json:
    """`block_actions` inside a message; an ephemeral one is not repeated to the app."""
    payload = _common(backend, app, user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral_for is not None,
        },
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state_values(message.blocks, message.state.get(user.id, {}))},
        "response_url": response_url(backend, response_token),
        "actions": [acted],
    }
    if message.thread_ts is not None:
        payload["container"]["thread_ts"] = message.thread_ts
    if message.ephemeral_for is None:
        payload["message"] = message_json(backend.workspace, message)
    return payload


def view_action(backend: Backend, app: App, user: User, view: View, acted: Json) -> Json:
    """`block_actions` inside a modal or an App Home."""
    shown = view_json(view, app)
    return _common(backend, app, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "state": shown["state"],
        "actions": [acted],
    }


def submission(backend: Backend, app: App, user: User, view: View) -> Json:
    """`view_submission`."""
    return _common(backend, app, user, "view_submission") | {
        "view": view_json(view, app),
        "response_urls": [],
    }


def closing(backend: Backend, app: App, user: User, view: View, is_cleared: bool) -> Json:
    """`view_closed`; there is no trigger in it."""
    payload = _common(backend, app, user, "view_closed") | {
        "view": view_json(view, app),
        "is_cleared": is_cleared,
    }
    del payload["trigger_id"]
    return payload


def message_shortcut(
    backend: Backend,
    app: App,
    user: User,
    channel: Channel,
    message: Message,
    callback_id: str,
    response_token: str,
) -> Json:
    """`message_action`: a shortcut from a message's menu."""
    return _common(backend, app, user, "message_action") | {
        "callback_id": callback_id,
        "action_ts": backend.workspace.timestamps.next(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": message_json(backend.workspace, message),
        "response_url": response_url(backend, response_token),
    }


def global_shortcut(backend: Backend, app: App, user: User, callback_id: str) -> Json:
    """`shortcut`: from the menu of the message box or the search."""
    return _common(backend, app, user, "shortcut") | {
        "callback_id": callback_id,
        "action_ts": backend.workspace.timestamps.next(),
    }
