"""Submitting and closing modals, with the checks Slack's own clients make first."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from slackbox import payloads, views
from slackbox.backend import Backend
from slackbox.delivery import ask
from slackbox.elements import fill, state_values, value_in
from slackbox.model import App, Json, User, View
from slackbox.refusals import DeliveryError, ImpossibleError, NoAck, SlackError

REQUIRED = "Please complete this required field."
TROUBLE = "We had some trouble connecting. Try again?"
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


async def submit(
    backend: Backend, user: User, view: View, state: Json | None = None
) -> dict[str, str]:
    """Send a modal off; the errors by block id, empty when it was accepted.

    Raises NoAck when the app did not answer, or answered with something Slack refuses.
    """
    _is_on_top(backend, view)
    fill(view.blocks, view.state, state)
    values = state_values(view.blocks, view.state)
    errors = input_errors(view.blocks, values)
    if not errors:
        app = backend.workspace.apps[view.app_id]
        answer = await _ask(backend, app, payloads.submission(backend, app, user, view))
        errors = _follow(backend, app, view, answer)
    view.errors = errors
    return errors


async def _ask(backend: Backend, app: App, payload: Json) -> Json:
    try:
        return await ask(backend, app, "interactive", payload)
    except DeliveryError as failure:
        raise NoAck(str(failure), TROUBLE) from None


def _is_on_top(backend: Backend, view: View) -> None:
    if backend.workspace.top_view(view.user) is not view:
        raise ImpossibleError("This window is not open any more.")


def _follow(backend: Backend, app: App, view: View, answer: Json) -> dict[str, str]:
    """Do what the ack's `response_action` says."""
    try:
        return _FOLLOWED[answer.get("response_action", "")](backend, app, view, answer)
    except KeyError:
        raise NoAck("invalid_response_action", TROUBLE) from None
    except SlackError as refused:
        raise NoAck("invalid_view", f"{TROUBLE} ({refused})") from None


def _close(backend: Backend, app: App, view: View, answer: Json) -> dict[str, str]:
    views.pop(backend, view)
    return {}


def _show_errors(backend: Backend, app: App, view: View, answer: Json) -> dict[str, str]:
    errors = answer.get("errors")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
        raise NoAck("invalid_errors", f"{TROUBLE} (errors must name input blocks: {errors})")
    return {str(block_id): str(text) for block_id, text in errors.items()}


def _update(backend: Backend, app: App, view: View, answer: Json) -> dict[str, str]:
    views.replace(backend, view, answer["view"])
    return {}


def _push(backend: Backend, app: App, view: View, answer: Json) -> dict[str, str]:
    views.push_modal(backend, app, view.user, answer["view"])
    return {}


def _clear(backend: Backend, app: App, view: View, answer: Json) -> dict[str, str]:
    views.clear(backend, view.user)
    return {}


_FOLLOWED = {
    "": _close,
    "errors": _show_errors,
    "update": _update,
    "push": _push,
    "clear": _clear,
}


async def close(backend: Backend, user: User, view: View) -> None:
    """Close a modal by its cross or its Cancel; the app hears of it if it wanted to."""
    _is_on_top(backend, view)
    app = backend.workspace.apps[view.app_id]
    is_cleared = bool(view.payload.get("clear_on_close"))
    closed = list(backend.workspace.stacks[user.id]) if is_cleared else [view]
    wanted = [v for v in closed if v.payload.get("notify_on_close")]
    told = [payloads.closing(backend, app, user, v, is_cleared) for v in wanted]
    if is_cleared:
        views.clear(backend, user.id)
    else:
        views.pop(backend, view)
    await asyncio.gather(*(_ask(backend, app, payload) for payload in told))


def input_errors(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's clients complain about before they send a form, by block id."""
    errors = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = value_in(values[block["block_id"]][element["action_id"]])
        complaint = _complaint(block, element, value)
        if complaint:
            errors[block["block_id"]] = complaint
    return errors


def _complaint(block: Json, element: Json, value: Any) -> str:
    if value in (None, "", []):
        return "" if block.get("optional") else REQUIRED
    if element["type"] == "plain_text_input":
        return _length(element, value)
    if element["type"] == "number_input":
        return _number(element, value)
    if element["type"] == "email_text_input" and not _MAIL.fullmatch(value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not _URL.fullmatch(value):
        return "Please enter a valid URL."
    return ""


def _length(element: Json, value: str) -> str:
    longest, shortest = element.get("max_length", 3_000), element.get("min_length", 0)
    if len(value) > longest:
        return f"Must be no more than {longest} characters."
    if len(value) < shortest:
        return f"Must be at least {shortest} characters."
    return ""


def _number(element: Json, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "Please enter a whole number."
    if number < float(element.get("min_value", "-inf")):
        return f"Must be {element['min_value']} or more."
    if number > float(element.get("max_value", "inf")):
        return f"Must be {element['max_value']} or less."
    return ""
