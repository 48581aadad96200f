"""Reading an app's manifest and making the installed app from it."""

from __future__ import annotations

import secrets

from slackbox.model import App, Command, Json, Shortcut, User
from slackbox.workspace import Workspace, handle

MAX_COMMANDS, MAX_COMMAND_LENGTH = 50, 32
MAX_SHORTCUTS, MAX_SHORTCUT_LENGTH = 10, 24


class ManifestError(ValueError):
    """Slack would refuse this manifest."""


def _section(manifest: Json, *path: str) -> Json:
    for key in path:
        manifest = manifest.get(key) or {}
    return manifest


def commands_of(manifest: Json) -> dict[str, Command]:
    """The slash commands a manifest declares, by their names with the slash."""
    declared = [
        Command(
            entry["command"],
            entry.get("description", ""),
            entry.get("usage_hint", ""),
            bool(entry.get("should_escape", False)),
        )
        for entry in _section(manifest, "features").get("slash_commands") or []
    ]
    if len(declared) > MAX_COMMANDS:
        raise ManifestError(f"{len(declared)} commands; at most {MAX_COMMANDS} are allowed")
    for entry in declared:
        if not entry.command.startswith("/") or len(entry.command) > MAX_COMMAND_LENGTH:
            raise ManifestError(
                f"{entry.command!r}: a slash and at most {MAX_COMMAND_LENGTH} characters in all"
            )
        if not entry.description:
            raise ManifestError(f"{entry.command}: a command needs a description")
    return {entry.command: entry for entry in declared}


def shortcuts_of(manifest: Json) -> dict[str, Shortcut]:
    """The shortcuts a manifest declares, by callback id."""
    declared = [
        Shortcut(entry["name"], entry["callback_id"], entry["type"], entry.get("description", ""))
        for entry in _section(manifest, "features").get("shortcuts") or []
    ]
    if len(declared) > MAX_SHORTCUTS:
        raise ManifestError(f"{len(declared)} shortcuts; at most {MAX_SHORTCUTS} are allowed")
    for entry in declared:
        if len(entry.name) > MAX_SHORTCUT_LENGTH:
            raise ManifestError(f"{entry.name!r}: at most {MAX_SHORTCUT_LENGTH} characters")
        if entry.type not in ("message", "global"):
            raise ManifestError(f"{entry.name!r}: type is message or global")
    if declared and not _section(manifest, "settings", "interactivity").get("is_enabled"):
        raise ManifestError("shortcuts need settings.interactivity.is_enabled")
    return {entry.callback_id: entry for entry in declared}


def install(workspace: Workspace, manifest: Json) -> App:
    """Install the app a manifest describes: its bot, its tokens, what it may and listens to."""
    commands, shortcuts = commands_of(manifest), shortcuts_of(manifest)
    name = _section(manifest, "display_information").get("name")
    if not name:
        raise ManifestError("display_information.name is missing")
    bot_name = _section(manifest, "features", "bot_user").get("display_name") or name
    app_id, bot_id = workspace.new_id("A"), workspace.new_id("B")
    bot = User(workspace.new_id("U"), handle(bot_name), bot_name, bot_id=bot_id, app_id=app_id)
    workspace.add_user(bot)
    app = App(
        app_id=app_id,
        name=bot_name,
        bot_user_id=bot.id,
        bot_id=bot_id,
        bot_token=f"xoxb-box-{secrets.token_hex(12)}",
        app_token=f"xapp-1-{app_id}-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
        verification_token=secrets.token_hex(12),
        scopes=frozenset(_section(manifest, "oauth_config", "scopes").get("bot") or []),
        events=frozenset(
            _section(manifest, "settings", "event_subscriptions").get("bot_events") or []
        ),
        commands=commands,
        shortcuts=shortcuts,
        home_enabled=bool(_section(manifest, "features", "app_home").get("home_tab_enabled")),
    )
    workspace.add_app(app)
    return app
