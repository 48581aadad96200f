"""The manifest of the Slack app, made from the same list as the help."""

import json
from typing import Any
from urllib.parse import quote

from bot.catalogue import SHORTCUTS, slash_commands
from bot.commands import COMMANDS
from bot.config import Settings
from bot.scopes import SCOPES

EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "team_join",
    "user_change",
)


def manifest_of(settings: Settings) -> dict[str, Any]:
    """The manifest for these settings: Socket Mode unless only HTTP is set up."""
    is_http = bool(settings.slack_signing_secret) and not settings.slack_app_token
    url = {"url": "https://YOUR-HOST/slack/events"} if is_http else {}
    request = {"request_url": "https://YOUR-HOST/slack/events"} if is_http else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Jourfixe",
            "description": "The project office in your Slack",
            "background_color": "#1f4d3a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Jourfixe", "always_online": True},
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback, "description": name}
                for callback, name, _verb in SHORTCUTS
            ],
            "slash_commands": [
                {
                    "command": command,
                    "description": description,
                    "usage_hint": hint,
                    "should_escape": True,
                    **url,
                }
                for command, description, hint in slash_commands(COMMANDS, settings.root)
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(scope.name for scope in SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not is_http,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(manifest: dict[str, Any]) -> str:
    """The manifest as YAML. Every JSON text is YAML's, so texts stay quoted as JSON quotes them."""
    return "\n".join(_yaml(manifest, 0))


def _yaml(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            if isinstance(item, dict | list) and item:
                lines += [f"{pad}{key}:", *_yaml(item, depth + 1)]
            else:
                lines.append(f"{pad}{key}: {json.dumps(item, ensure_ascii=False)}")
        return lines
    lines = []
    for item in value:
        if isinstance(item, dict):
            first, *rest = _yaml(item, depth + 1)
            lines += [f"{pad}- {first.strip()}", *rest]
        else:
            lines.append(f"{pad}- {json.dumps(item, ensure_ascii=False)}")
    return lines


def as_link(manifest: dict[str, Any]) -> str:
    """The address of Slack's "create app" page with the manifest filled in."""
    text = json.dumps(manifest, separators=(",", ":"))
    return f"https://api.slack.com/apps?new_app=1&manifest_json={quote(text)}"
