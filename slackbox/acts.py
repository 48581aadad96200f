"""What people do with an app: type a command, click, use a shortcut, open its home."""

from __future__ import annotations

import re
from typing import Any

from slackbox import payloads
from slackbox.backend import Backend
from slackbox.delivery import ask
from slackbox.elements import VALUES, as_state, element_at, fill
from slackbox.events import emit_home_opened
from slackbox.model import App, Channel, Command, Json, Message, User, View
from slackbox.refusals import DeliveryError, ImpossibleError, NoAck, SlackError
from slackbox.responses import respond
from slackbox.shapes import view_json
from slackbox.talk import acknowledged
from slackbox.triggers import ResponseUrl
from slackbox.typed import command_text

_SPACE = re.compile(r"\s")


async def _asked(backend: Backend, app: App, kind: str, payload: Json, what: str) -> Json:
    try:
        return await ask(backend, app, kind, payload)
    except DeliveryError as failure:
        text = f"{what} failed with the error “{failure}”"
        raise NoAck(str(failure), text) from None


def _command(backend: Backend, name: str) -> tuple[App, Command]:
    for app in backend.workspace.apps.values():
        if name in app.commands:
            return app, app.commands[name]
    raise ImpossibleError(
        f"{name} is not a valid command. In Slack, all messages that start with the “/” character "
        "are interpreted as commands."
    )


async def command(backend: Backend, user: User, channel: Channel, text: str) -> ResponseUrl:
    """Type a slash command; what the app answers gathers in the result.

    Raises ImpossibleError where Slack has no such command and NoAck where the app did not answer.
    """
    name, rest = [*_SPACE.split(text, maxsplit=1), ""][:2]
    app, entry = _command(backend, name)
    url = backend.response_urls.give(user.id, app.app_id, channel.id)
    typed = command_text(backend.workspace, rest.strip(" "), entry.should_escape)
    payload = payloads.command(backend, app, user, channel, entry, typed, url.token)
    answer = await _asked(backend, app, "slash_commands", payload, name)
    try:
        respond(backend, url, answer)
    except SlackError as refused:
        text = f"{name} failed with the error “invalid_command_response” ({refused})"
        raise NoAck("invalid_command_response", text) from None
    return url


def _element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    found = element_at(blocks, block_id, action_id)
    if found is None:
        raise ImpossibleError("This part of the message is not there any more.")
    return found


def _remember(filled: Json, block: Json, element: Json, value: Any) -> None:
    if element["type"] in VALUES:
        entry = as_state(element, value)
        filled.setdefault(block["block_id"], {})[element["action_id"]] = entry


async def click_in_message(
    backend: Backend,
    user: User,
    message: Message,
    block_id: str,
    action_id: str,
    value: Any = None,
    state: Json | None = None,
) -> ResponseUrl:
    """Use a button, menu or picker of a message; answers gather in the result."""
    app = backend.app_of_bot(message.user)
    if app is None or message.deleted:
        raise ImpossibleError("This message is not there any more.")
    block, element = _element(message.blocks, block_id, action_id)
    filled = message.state.setdefault(user.id, {})
    fill(message.blocks, filled, state)
    _remember(filled, block, element, value)
    channel = backend.workspace.channels[message.channel]
    url = backend.response_urls.give(
        user.id, app.app_id, channel.id, source=message, thread_ts=message.thread_ts
    )
    acted = payloads.action(backend, block, element, value)
    payload = payloads.message_action(backend, app, user, channel, message, acted, url.token)
    await _asked(backend, app, "interactive", payload, "This")
    return url


async def click_in_view(
    backend: Backend,
    user: User,
    view: View,
    block_id: str,
    action_id: str,
    value: Any = None,
    state: Json | None = None,
) -> None:
    """Use a button, menu or picker of a modal or an App Home."""
    app = backend.workspace.apps[view.app_id]
    block, element = _element(view.blocks, block_id, action_id)
    fill(view.blocks, view.state, state)
    _remember(view.state, block, element, value)
    acted = payloads.action(backend, block, element, value)
    payload = payloads.view_action(backend, app, user, view, acted)
    await _asked(backend, app, "interactive", payload, "This")


async def message_shortcut(
    backend: Backend, user: User, message: Message, callback_id: str
) -> ResponseUrl:
    """Use a shortcut from a message's menu."""
    app = _app_with_shortcut(backend, callback_id, "message")
    channel = backend.workspace.channels[message.channel]
    url = backend.response_urls.give(user.id, app.app_id, channel.id, thread_ts=message.thread_ts)
    payload = payloads.message_shortcut(
        backend, app, user, channel, message, callback_id, url.token
    )
    await _asked(backend, app, "interactive", payload, app.shortcuts[callback_id].name)
    return url


async def global_shortcut(backend: Backend, user: User, callback_id: str) -> None:
    """Use a global shortcut."""
    app = _app_with_shortcut(backend, callback_id, "global")
    payload = payloads.global_shortcut(backend, app, user, callback_id)
    await _asked(backend, app, "interactive", payload, app.shortcuts[callback_id].name)


def _app_with_shortcut(backend: Backend, callback_id: str, kind: str) -> App:
    for app in backend.workspace.apps.values():
        shortcut = app.shortcuts.get(callback_id)
        if shortcut is not None and shortcut.type == kind:
            return app
    raise ImpossibleError(f"There is no {kind} shortcut {callback_id}.")


async def open_home(backend: Backend, user: User, app: App) -> None:
    """Look at the App Home; the app hears of it."""
    event: Json = {"tab": "home"}
    view = backend.workspace.homes.get((user.id, app.app_id))
    if view is not None:
        event["view"] = view_json(view, app)
    await acknowledged(backend, emit_home_opened(backend, app, user.id, event))
