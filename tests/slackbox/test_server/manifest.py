"""The manifest of the app these tests install."""

from __future__ import annotations

from typing import Any

SCOPES = (
    "commands chat:write reactions:write channels:read groups:read im:read channels:history "
    "groups:history im:history im:write mpim:write users:read users:read.email app_mentions:read "
    "files:read files:write channels:join"
).split()
EVENTS = (
    "message.channels message.groups message.im app_mention app_home_opened member_joined_channel "
    "member_left_channel channel_archive channel_unarchive channel_rename channel_left "
    "channel_deleted group_archive group_left user_change team_join reaction_added"
).split()


def manifest(**features: Any) -> dict[str, Any]:
    """A manifest as Slack's, with other features on demand."""
    return {
        "display_information": {"name": "Robot"},
        "features": {
            "bot_user": {"display_name": "Robot"},
            "app_home": {"home_tab_enabled": True},
            "slash_commands": [
                {"command": "/do", "description": "does", "should_escape": True},
                {"command": "/raw", "description": "does not escape", "usage_hint": "[text]"},
            ],
            "shortcuts": [
                {"name": "Keep this", "type": "message", "callback_id": "keep"},
                {"name": "Start", "type": "global", "callback_id": "start"},
            ],
            **features,
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True},
            "event_subscriptions": {"bot_events": list(EVENTS)},
        },
    }
