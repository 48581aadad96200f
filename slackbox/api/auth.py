"""Who the token belongs to, and where its Socket Mode is."""

from __future__ import annotations

from slackbox.api.method import Args, Method
from slackbox.backend import Backend
from slackbox.limits import TIER_1, Rate
from slackbox.model import App, Json
from slackbox.workspace import TEAM_ID, TEAM_NAME


def test(backend: Backend, app: App, args: Args) -> Json:
    """auth.test"""
    return {
        "url": f"{backend.url}/",
        "team": TEAM_NAME,
        "user": backend.workspace.users[app.bot_user_id].name,
        "team_id": TEAM_ID,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(backend: Backend, app: App, args: Args) -> Json:
    """apps.connections.open"""
    base = backend.url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={backend.sockets.ticket(app)}&app_id={app.app_id}"}


METHODS = (
    Method("auth.test", test, rate=Rate(100, 60)),
    Method("apps.connections.open", open_connection, rate=TIER_1, token="app"),  # noqa: S106 a kind
)
