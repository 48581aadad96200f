"""Modals and App Homes."""

from __future__ import annotations

from slackbox.api.method import ApiError, Args, Method
from slackbox.backend import Backend
from slackbox.limits import TIER_4
from slackbox.model import App, Json, View
from slackbox.shapes import view_json
from slackbox.triggers import UsedUpError
from slackbox.views import ViewError, find_view, open_modal, publish_home, push_modal, replace


def _trigger(backend: Backend, app: App, args: Args) -> str:
    try:
        return backend.triggers.exchange(args.need("trigger_id"), app.app_id)
    except UsedUpError as refused:
        raise ApiError(str(refused)) from None


def _payload(args: Args) -> Json:
    payload = args.json("view")
    if not isinstance(payload, dict):
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view"])
    return payload


def _answer(view: View, app: App) -> Json:
    return {"view": view_json(view, app)}


def open_view(backend: Backend, app: App, args: Args) -> Json:
    """views.open"""
    payload = _payload(args)
    user = _trigger(backend, app, args)
    try:
        return _answer(open_modal(backend, app, user, payload), app)
    except ViewError as refused:
        raise ApiError(refused.error, refused.messages) from None


def push(backend: Backend, app: App, args: Args) -> Json:
    """views.push"""
    payload = _payload(args)
    user = _trigger(backend, app, args)
    try:
        return _answer(push_modal(backend, app, user, payload), app)
    except ViewError as refused:
        raise ApiError(refused.error, refused.messages) from None


def update(backend: Backend, app: App, args: Args) -> Json:
    """views.update"""
    payload = _payload(args)
    view = find_view(backend, app, args.text("view_id"), args.text("external_id"))
    if view is None:
        raise ApiError("not_found")
    if args.text("hash") not in ("", view.hash):
        raise ApiError("hash_conflict")
    try:
        return _answer(replace(backend, view, payload), app)
    except ViewError as refused:
        raise ApiError(refused.error, refused.messages) from None


def publish(backend: Backend, app: App, args: Args) -> Json:
    """views.publish"""
    payload, user = _payload(args), args.need("user_id")
    if user not in backend.workspace.users:
        raise ApiError("invalid_arguments", ["[ERROR] invalid `user_id`"])
    if not app.home_enabled:
        raise ApiError("not_enabled")
    current = backend.workspace.homes.get((user, app.app_id))
    if current is not None and args.text("hash") not in ("", current.hash):
        raise ApiError("hash_conflict")
    try:
        return _answer(publish_home(backend, app, user, payload), app)
    except ViewError as refused:
        raise ApiError(refused.error, refused.messages) from None


METHODS = (
    Method("views.open", open_view, rate=TIER_4),
    Method("views.push", push, rate=TIER_4),
    Method("views.update", update, rate=TIER_4),
    Method("views.publish", publish, rate=TIER_4),
)
