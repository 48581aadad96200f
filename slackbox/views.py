"""Views people look at: a stack of modals each, and an App Home per app."""

from __future__ import annotations

import json
from copy import deepcopy

from slackbox import limits
from slackbox.backend import Backend
from slackbox.blocks import check_view_blocks, with_ids
from slackbox.changes import Change
from slackbox.elements_schema import plain_text
from slackbox.model import App, Json, View
from slackbox.refusals import SlackError
from slackbox.schema import anything, choice, fields, flag, problem, string

_COMMON = {
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
    "private_metadata": string(limits.PRIVATE_METADATA, 0),
}
_MODAL = fields(
    {"title": plain_text(24), "blocks": anything},
    {
        **_COMMON,
        "submit": plain_text(24),
        "close": plain_text(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = fields({"type": choice("home"), "blocks": anything}, _COMMON)


def checked(backend: Backend, payload: Json, kind: str) -> Json:
    """The view an app sent, with the ids Slack adds. Raises SlackError."""
    if len(json.dumps(payload, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        raise SlackError("view_too_large")
    if payload.get("type") != kind:
        message = problem(f"must be a valid enum value: {kind}", "/view/type")
        raise SlackError("invalid_arguments", [message])
    problems = list((_MODAL if kind == "modal" else _HOME)(payload, "/view"))
    if problems:
        raise SlackError("invalid_arguments", problems)
    blocks = payload["blocks"]
    check_view_blocks(blocks, kind, backend.limits.refused_blocks, backend.file_is_ready)
    if kind == "modal" and "submit" not in payload and any(b["type"] == "input" for b in blocks):
        message = problem("submit is required when an input block is used", "/view")
        raise SlackError("invalid_arguments", [message])
    return {**deepcopy(payload), "blocks": with_ids(blocks)}


def _made(backend: Backend, app: App, user: str, payload: Json, kind: str) -> View:
    payload = checked(backend, payload, kind)
    external_id = payload.get("external_id")
    if external_id and find_view(backend, app, "", external_id) is not None:
        raise SlackError("duplicate_external_id")
    view_id = backend.workspace.new_id("V")
    view = View(view_id, app.app_id, user, payload, backend.workspace.new_hash(), root_id=view_id)
    backend.workspace.views[view_id] = view
    return view


def find_view(backend: Backend, app: App, view_id: str, external_id: str) -> View | None:
    """The open view with that id or external id, of this app."""
    views = backend.workspace.views
    if view_id:
        found = views.get(view_id)
        return found if found is not None and found.app_id == app.app_id else None
    return next(
        (
            view
            for view in views.values()
            if external_id
            and view.app_id == app.app_id
            and view.payload.get("external_id") == external_id
        ),
        None,
    )


def open_modal(backend: Backend, app: App, user: str, payload: Json) -> View:
    """Open a modal; whatever stood there before is gone."""
    view = _made(backend, app, user, payload, "modal")
    clear(backend, user, tell=False)
    backend.workspace.stacks[user].append(view)
    backend.workspace.show_top(user)
    return view


def push_modal(backend: Backend, app: App, user: str, payload: Json) -> View:
    """Open a modal on top of the one a person is looking at."""
    stack = backend.workspace.stacks[user]
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= limits.VIEW_STACK:
        raise SlackError("push_limit_reached")
    view = _made(backend, app, user, payload, "modal")
    view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    backend.workspace.show_top(user)
    return view


def replace(backend: Backend, view: View, payload: Json) -> View:
    """Show something else in an open view; what stands in unchanged elements stays filled in."""
    view.payload = checked(backend, payload, view.type)
    view.hash = backend.workspace.new_hash()
    view.errors = {}
    _tell(backend, view)
    return view


def publish_home(backend: Backend, app: App, user: str, payload: Json) -> View:
    """Show a person's App Home."""
    current = backend.workspace.homes.get((user, app.app_id))
    if current is not None:
        return replace(backend, current, payload)
    view = _made(backend, app, user, payload, "home")
    backend.workspace.homes[user, app.app_id] = view
    _tell(backend, view)
    return view


def pop(backend: Backend, view: View) -> None:
    """Close one modal; the one below it is seen again."""
    stack = backend.workspace.stacks[view.user]
    if view in stack:
        stack.remove(view)
    backend.workspace.views.pop(view.id, None)
    backend.workspace.show_top(view.user)


def clear(backend: Backend, user: str, tell: bool = True) -> None:
    """Close every modal a person has open."""
    for view in backend.workspace.stacks[user]:
        backend.workspace.views.pop(view.id, None)
    backend.workspace.stacks[user].clear()
    if tell:
        backend.workspace.show_top(user)


def _tell(backend: Backend, view: View) -> None:
    if view.type == "home":
        backend.changes.publish(Change("home", {}, view.user))
    else:
        backend.workspace.show_top(view.user)
