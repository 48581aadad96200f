"""What people, channels, messages, views and files look like as Slack's JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from slackbox.elements import state_values
from slackbox.model import App, Channel, File, Json, Message, User, View
from slackbox.workspace import TEAM_ID, Workspace

_CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im", "mpim": "mpim"}


def channel_type(channel: Channel) -> str:
    """`channel`, `group`, `im` or `mpim`, as events name kinds of conversations."""
    return _CHANNEL_TYPES[channel.kind]


def user_json(user: User, *, locale: bool = False, email: bool = True) -> Json:
    """A user object; the locale only when asked for, the address only with its scope."""
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name if user.bot_id is None else "",
        "display_name_normalized": user.name if user.bot_id is None else "",
        "first_name": user.real_name.partition(" ")[0],
        "last_name": user.real_name.partition(" ")[2],
        "team": TEAM_ID,
    }
    if email and user.email:
        profile["email"] = user.email
    zone = datetime.now(UTC).astimezone(ZoneInfo(user.tz))
    shape: Json = {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.bot_id is not None,
        "is_app_user": False,
        "updated": 0,
        "profile": profile,
    }
    if user.bot_id is not None:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id}
    if not user.deleted:
        offset = zone.utcoffset()
        shape |= {
            "real_name": user.real_name,
            "tz": user.tz,
            "tz_label": zone.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": user.is_restricted,
            "is_ultra_restricted": user.is_ultra_restricted,
        }
    if user.is_stranger:
        shape["is_stranger"] = True
    if locale:
        shape["locale"] = user.locale
    return shape


def channel_json(channel: Channel, viewer: str) -> Json:
    """A conversation object as the bot `viewer` gets it."""
    shape: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((m for m in channel.members if m != viewer), viewer)
        return shape | {"user": other, "is_user_deleted": False, "priority": 0}
    return shape | {
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": channel.creator,
        "is_member": viewer in channel.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def _bot_part(app: App) -> Json:
    return {
        "bot_id": app.bot_id,
        "app_id": app.app_id,
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.app_id,
            "name": app.name,
            "user_id": app.bot_user_id,
            "deleted": False,
            "team_id": TEAM_ID,
        },
    }


def _thread_part(message: Message) -> Json:
    if message.is_reply:
        return {"thread_ts": message.thread_ts}
    if not message.replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in message.replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": message.replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def reactions_json(message: Message) -> list[Json]:
    """Its reactions, each with who reacted."""
    return [
        {"name": name, "users": list(users), "count": len(users)}
        for name, users in message.reactions.items()
    ]


def _later_part(workspace: Workspace, message: Message) -> Json:
    """What was added after the message was written."""
    shape: Json = {}
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        shape["reactions"] = reactions_json(message)
    if message.files:
        shape["files"] = [file_json(workspace.files[name], "") for name in message.files]
    return shape


def message_json(workspace: Workspace, message: Message, *, metadata: bool = False) -> Json:
    """A message object; its metadata only when asked for."""
    shape: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": TEAM_ID,
    }
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.subtype:
        shape["subtype"] = message.subtype
    app = workspace.bots.get(message.user) if message.bot_id else None
    if app is not None:
        shape |= _bot_part(app)
    shape |= _thread_part(message)
    if message.is_reply and message.thread_ts is not None:
        parent = workspace.channels[message.channel].messages.get(message.thread_ts)
        if parent is not None:
            shape["parent_user_id"] = parent.user
    shape |= _later_part(workspace, message)
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    return shape


def view_json(view: View, app: App) -> Json:
    """A view object, with what its person filled in so far."""
    payload = view.payload
    shape: Json = {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": payload.get("callback_id", ""),
        "state": {"values": state_values(view.blocks, view.state)},
        "hash": view.hash,
        "clear_on_close": bool(payload.get("clear_on_close", False)),
        "notify_on_close": bool(payload.get("notify_on_close", False)),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": view.app_id,
        "external_id": payload.get("external_id", ""),
        "app_installed_team_id": TEAM_ID,
        "bot_id": app.bot_id,
    }
    if view.type == "modal":
        shape |= {key: payload.get(key) for key in ("title", "close", "submit")}
        shape["submit_disabled"] = bool(payload.get("submit_disabled", False))
    return shape


def file_json(file: File, base_url: str) -> Json:
    """A file object; its addresses begin with `base_url`."""
    kind = file.name.rpartition(".")[2].lower() if "." in file.name else "binary"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        **({"alt_txt": file.alt} if file.alt else {}),
        "mimetype": file.mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "editable": False,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(file.channels),
        "public_url_shared": False,
        "url_private": f"{base_url}/files-pri/{file.id}/{file.name}",
        "url_private_download": f"{base_url}/files-pri/{file.id}/download/{file.name}",
        "permalink": f"{base_url}/files/{file.user}/{file.id}/{file.name}",
        "channels": file.channels,
        "groups": [],
        "ims": [],
        "comments_count": 0,
        "shares": {
            "public": {
                channel: [{"ts": ts, "channel_name": ""} for ts in stamps]
                for channel, stamps in file.shares.items()
            }
        }
        if file.shares
        else {},
    }
