"""Modals and App Homes."""

from __future__ import annotations

from slackbox.api.method import Args, Method
from slackbox.backend import Backend
from slackbox.limits import TIER_4
from slackbox.model import App, Json, View
from slackbox.refusals import SlackError
from slackbox.shapes import view_json
from slackbox.views import find_view, open_modal, publish_home, push_modal, replace


def _payload(args: Args) -> Json:
    payload = args.json("view")
    if not isinstance(payload, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return payload


def _answer(view: View, app: App) -> Json:
    return {"view": view_json(view, app)}


def _has_moved_on(view: View | None, args: Args) -> bool:
    """Whether the app speaks of a version that is not shown any more."""
    return view is not None and args.text("hash") not in ("", view.hash)


def open_view(backend: Backend, app: App, args: Args) -> Json:
    """views.open"""
    payload = _payload(args)
    user = backend.triggers.exchange(args.need("trigger_id"), app.app_id, backend.trigger_seconds)
    return _answer(open_modal(backend, app, user, payload), app)


def push(backend: Backend, app: App, args: Args) -> Json:
    """views.push"""
    payload = _payload(args)
    user = backend.triggers.exchange(args.need("trigger_id"), app.app_id, backend.trigger_seconds)
    return _answer(push_modal(backend, app, user, payload), app)


def update(backend: Backend, app: App, args: Args) -> Json:
    """views.update"""
    payload = _payload(args)
    view = find_view(backend, app, args.text("view_id"), args.text("external_id"))
    if view is None:
        raise SlackError("not_found")
    if _has_moved_on(view, args):
        raise SlackError("hash_conflict")
    return _answer(replace(backend, view, payload), app)


def publish(backend: Backend, app: App, args: Args) -> Json:
    """views.publish"""
    payload, user = _payload(args), args.need("user_id")
    if user not in backend.workspace.users:
        raise SlackError("invalid_arguments", ["[ERROR] invalid `user_id`"])
    if not app.home_enabled:
        raise SlackError("not_enabled")
    if _has_moved_on(backend.workspace.homes.get((user, app.app_id)), args):
        raise SlackError("hash_conflict")
    return _answer(publish_home(backend, app, user, payload), app)


METHODS = (
    Method("views.open", open_view, rate=TIER_4),
    Method("views.push", push, rate=TIER_4),
    Method("views.update", update, rate=TIER_4),
    Method("views.publish", publish, rate=TIER_4),
)
