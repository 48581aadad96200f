"""What the page does for a person: each act by the name of its endpoint."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

from slackbox import acts, forms, talk
from slackbox.backend import Backend
from slackbox.model import Channel, ChannelKind, Json, Message, User, View
from slackbox.refusals import ImpossibleError
from slackbox.typed import pieces

INVITE = "/invite"
"""Slack's own command; no app hears of it but by who has joined."""

Act = Callable[[Backend, User, Json], Awaitable[Json | None]]


def _channel(backend: Backend, body: Json) -> Channel:
    channel = backend.workspace.channels.get(str(body.get("channel")))
    if channel is None:
        raise ImpossibleError("There is no such channel.")
    return channel


def _message(backend: Backend, user: User, body: Json) -> Message:
    message = _channel(backend, body).find(str(body.get("ts")), user.id)
    if message is None:
        raise ImpossibleError("This message is not there any more.")
    return message


def _view(backend: Backend, view_id: object) -> View:
    view = backend.workspace.views.get(str(view_id))
    if view is None:
        raise ImpossibleError("This window is not open any more.")
    return view


async def _command(backend: Backend, user: User, body: Json) -> None:
    if body.get("thread"):
        name = str(body["text"]).partition(" ")[0]
        raise ImpossibleError(f"{name} is not supported in threads. Sorry!")
    channel, text = _channel(backend, body), str(body["text"])
    name, _blank, rest = text.partition(" ")
    if name == INVITE:
        await _invite_named(backend, user, channel, rest)
    else:
        await acts.command(backend, user, channel, text)


async def _invite_named(backend: Backend, user: User, channel: Channel, text: str) -> None:
    guests = [piece.id for piece in pieces(backend.workspace, text) if piece.kind == "user"]
    if not guests:
        raise ImpossibleError(f"{INVITE} takes who is to come in, such as {INVITE} @{user.name}.")
    for guest in guests:
        await talk.invite(backend, user, channel, guest)


async def _say(backend: Backend, user: User, body: Json) -> Json:
    channel = _channel(backend, body)
    message, _ = talk.post(backend, user, channel, str(body["text"]), body.get("thread") or None)
    return {"ts": message.ts}


async def _edit(backend: Backend, user: User, body: Json) -> None:
    await talk.edit(backend, user, _message(backend, user, body), str(body["text"]))


async def _delete(backend: Backend, user: User, body: Json) -> None:
    await talk.delete(backend, user, _message(backend, user, body))


async def _action(backend: Backend, user: User, body: Json) -> None:
    container, where = body["container"], (str(body["block_id"]), str(body["action_id"]))
    value, state = _bare(body.get("value")), body.get("state")
    if container["type"] == "message":
        message = _message(backend, user, container)
        await acts.click_in_message(backend, user, message, *where, value, state)
        return
    if container["type"] == "home":
        view = _home_view(backend, user)
    else:
        view = _view(backend, container["view_id"])
    await acts.click_in_view(backend, user, view, *where, value, state)


def _home_view(backend: Backend, user: User) -> View:
    view = backend.workspace.homes.get((user.id, backend.workspace.main_app.app_id))
    if view is None:
        raise ImpossibleError("The home is not there yet.")
    return view


def _bare(value: Any) -> Any:
    """A value as it is, or out of `{selected_user: …}`; an option stays an option."""
    if isinstance(value, dict) and len(value) == 1:
        key, inner = next(iter(value.items()))
        if key.startswith("selected_") or key in ("value", "files", "rich_text_value"):
            return inner
    return value


async def _submit(backend: Backend, user: User, body: Json) -> Json | None:
    view = _view(backend, body["view_id"])
    errors = await forms.submit(backend, user, view, body.get("state"))
    return {"ok": False, "errors": errors} if errors else None


async def _close(backend: Backend, user: User, body: Json) -> None:
    view = backend.workspace.views.get(str(body["view_id"]))
    if view is not None and backend.workspace.top_view(user.id) is view:  # else it is closed
        await forms.close(backend, user, view)


async def _shortcut(backend: Backend, user: User, body: Json) -> None:
    if body.get("ts"):
        message = _message(backend, user, body)
        await acts.message_shortcut(backend, user, message, str(body["callback_id"]))
    else:
        await acts.global_shortcut(backend, user, str(body["callback_id"]))


async def _open_home(backend: Backend, user: User, body: Json) -> None:
    await acts.open_home(backend, user, backend.workspace.main_app)


async def _join(backend: Backend, user: User, body: Json) -> None:
    await talk.join(backend, user, _channel(backend, body))


async def _leave(backend: Backend, user: User, body: Json) -> None:
    await talk.leave(backend, user, _channel(backend, body))


async def _archive(backend: Backend, user: User, body: Json) -> None:
    await talk.archive(backend, user, _channel(backend, body))


async def _unarchive(backend: Backend, user: User, body: Json) -> None:
    await talk.unarchive(backend, user, _channel(backend, body))


async def _rename(backend: Backend, user: User, body: Json) -> None:
    await talk.rename(backend, user, _channel(backend, body), str(body["name"]))


async def _invite(backend: Backend, user: User, body: Json) -> None:
    await talk.invite(backend, user, _channel(backend, body), _known(backend, body))


async def _kick(backend: Backend, user: User, body: Json) -> None:
    await talk.kick(backend, user, _channel(backend, body), _known(backend, body))


def _known(backend: Backend, body: Json) -> str:
    if body.get("user") not in backend.workspace.users:
        raise ImpossibleError("There is nobody of that name.")
    return str(body["user"])


async def _new_channel(backend: Backend, user: User, body: Json) -> Json:
    kind: ChannelKind = "private" if body.get("private") else "channel"
    return {"channel": talk.create_channel(backend, user, str(body["name"]), kind).id}


async def _office_time(backend: Backend, user: User, body: Json) -> None:
    office = backend.workspace.office_time
    if office is None:
        raise ImpossibleError("Time cannot be moved here.")
    if "step" in body:
        await to_thread(office.step, int(body["step"]))
    else:
        await to_thread(office.set, str(body["to"]), ZoneInfo(user.tz))
    backend.tell_the_time()


async def _answer_mail(backend: Backend, user: User, body: Json) -> None:
    post = backend.post
    await post.answer(post.mail(str(body["mail"])), str(body["answer"]))


ACTS: dict[str, Act] = {
    "command": _command,
    "message": _say,
    "edit": _edit,
    "delete": _delete,
    "action": _action,
    "submit": _submit,
    "close": _close,
    "shortcut": _shortcut,
    "home": _open_home,
    "join": _join,
    "leave": _leave,
    "archive": _archive,
    "unarchive": _unarchive,
    "rename": _rename,
    "invite": _invite,
    "kick": _kick,
    "channels": _new_channel,
    "office-time": _office_time,
    "answer-mail": _answer_mail,
}
