"""People: who they are, where they live, how they write."""

from __future__ import annotations

from slackbox.api.method import Args, Method
from slackbox.api.paging import paged
from slackbox.backend import Backend
from slackbox.limits import TIER_2, TIER_3, TIER_4
from slackbox.model import App, Json, User
from slackbox.refusals import SlackError
from slackbox.shapes import user_json


def _shown(app: App, args: Args, user: User) -> Json:
    return user_json(
        user, locale=args.flag("include_locale"), email="users:read.email" in app.scopes
    )


def info(backend: Backend, app: App, args: Args) -> Json:
    """users.info"""
    user = backend.workspace.users.get(args.need("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(app, args, user)}


def list_all(backend: Backend, app: App, args: Args) -> Json:
    """users.list"""
    page, cursor = paged(list(backend.workspace.users.values()), args, default=1_000)
    return {
        "members": [_shown(app, args, user) for user in page],
        "cache_ts": int(backend.clock.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def look_up_by_email(backend: Backend, app: App, args: Args) -> Json:
    """users.lookupByEmail"""
    email = args.need("email").lower()
    for user in backend.workspace.users.values():
        if user.email.lower() == email and not user.deleted:
            return {"user": _shown(app, args, user)}
    raise SlackError("users_not_found")


METHODS = (
    Method("users.info", info, ("users:read",), TIER_4),
    Method("users.list", list_all, ("users:read",), TIER_2),
    Method("users.lookupByEmail", look_up_by_email, ("users:read.email",), TIER_3),
)
