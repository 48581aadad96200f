"""What the page shows one person: people, channels, messages, their views."""

from __future__ import annotations

from zlib import crc32

from slackbox.backend import Backend
from slackbox.model import Channel, Json, Message, User
from slackbox.shapes import file_json, reactions_json, view_json
from slackbox.workspace import TEAM_ID, TEAM_NAME

_COLORS = (
    "#4a6fa5", "#8a5a83", "#3f7d58", "#a4573b", "#5b5ea6", "#8c6d1f", "#2f7f86", "#a03e5f",
)  # fmt: skip


def _person(user: User) -> Json:
    words = user.real_name.split()
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "is_bot": user.bot_id is not None,
        "is_guest": user.is_guest,
        "deleted": user.deleted,
        "tz": user.tz,
        "locale": user.locale,
        "color": _COLORS[crc32(user.id.encode()) % len(_COLORS)],
        "initials": "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper(),
    }


def _listed(backend: Backend, channel: Channel, user: User) -> Json:
    name = channel.name
    if channel.is_direct:
        others = [m for m in channel.members if m != user.id] or [user.id]
        name = ", ".join(backend.workspace.users[m].real_name for m in others)
    return {
        "id": channel.id,
        "name": name,
        "kind": "im" if channel.is_direct else channel.kind,
        "is_member": user.id in channel.members,
        "archived": channel.archived,
        "members": list(channel.members),
        "unread": channel.timeline.after(channel.last_read.get(user.id, 0)),
    }


def state(backend: Backend, user: User) -> Json:
    """Everything around the messages."""
    workspace = backend.workspace
    office = workspace.office_time
    app = next(iter(workspace.apps.values()), None)
    if app is not None:
        workspace.direct(user.id, app.bot_user_id)
    return {
        "team": {"id": TEAM_ID, "name": TEAM_NAME},
        "me": user.id,
        "now": backend.present(),
        "office_time": office and {"steps": [step.label for step in office.steps]},
        "users": [_person(other) for other in workspace.users.values()],
        "channels": [
            _listed(backend, channel, user)
            for channel in workspace.channels.values()
            if workspace.may_see(channel, user.id)
        ],
        "app": app
        and {"user_id": app.bot_user_id, "name": app.name, "home_enabled": app.home_enabled},
        "commands": [
            {
                "command": entry.command,
                "description": entry.description,
                "usage_hint": entry.usage_hint,
            }
            for each in workspace.apps.values()
            for entry in each.commands.values()
        ],
        "shortcuts": [
            {"callback_id": entry.callback_id, "name": entry.name, "type": entry.type}
            for each in workspace.apps.values()
            for entry in each.shortcuts.values()
        ],
        "command_help": backend.command_help,
        "first_lines": backend.first_lines,
        "unread_mails": backend.post.unread(user.id),
    }


def visible(backend: Backend, user: User, channel: Channel, thread: str | None) -> list[Message]:
    """The messages one person sees in a channel or thread, oldest first."""
    if not backend.workspace.may_see(channel, user.id):
        return []
    shown = list(channel.timeline.messages) if thread is None else channel.thread(thread)
    private = channel.ephemerals_of(user.id, thread)
    return sorted(shown + private, key=lambda message: message.at) if private else shown


def messages(backend: Backend, user: User, channel_id: str, thread: str | None) -> Json:
    """What the page draws; looking at a channel marks it as read."""
    channel = backend.workspace.channels.get(channel_id)
    if channel is None:
        return {"messages": []}
    shown = visible(backend, user, channel, thread)
    if thread is None and shown:
        channel.last_read[user.id] = max(channel.last_read.get(user.id, 0), shown[-1].at)
    return {"messages": [_drawn(backend, message) for message in shown]}


def _drawn(backend: Backend, message: Message) -> Json:
    files = [backend.workspace.files[name] for name in message.files]
    return {
        "ts": message.ts,
        "shown_at": message.shown_at,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "subtype": message.subtype,
        "reply_count": len(message.replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in message.replies)),
        "latest_reply": message.replies[-1].ts if message.replies else None,
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
        "reactions": reactions_json(message),
        "files": [file_json(file, "") | {"url": f"/box/files/{file.id}"} for file in files],
    }


def top_view(backend: Backend, user: User) -> Json | None:
    """The modal the person is looking at."""
    view = backend.workspace.top_view(user.id)
    if view is None:
        return None
    shown = view_json(view, backend.workspace.apps[view.app_id])
    return shown | {"errors": view.errors, "depth": len(backend.workspace.stacks[user.id])}


def home(backend: Backend, user: User) -> Json | None:
    """The person's App Home."""
    app = next(iter(backend.workspace.apps.values()), None)
    view = backend.workspace.homes.get((user.id, app.app_id)) if app is not None else None
    return None if view is None or app is None else view_json(view, app)
