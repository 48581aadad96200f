"""What the page in the browser asks and does: JSON over HTTP, changes as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from slackbox import acts, forms, page_state, talk
from slackbox.backend import Backend
from slackbox.changes import Change
from slackbox.model import Channel, ChannelKind, Json, Message, User, View
from slackbox.refusals import ImpossibleError, NoAck

PAGE = Path(__file__).parent / "page"

Act = Callable[[Backend, User, Json], Awaitable[Json | None]]
Look = Callable[[Backend, User, web.Request], Json]


def _user(backend: Backend, user_id: str) -> User:
    user = backend.workspace.users.get(user_id)
    if user is None or user.bot_id is not None:
        raise web.HTTPNotFound(text="no such person")
    return user


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


# Acts


async def _command(backend: Backend, user: User, body: Json) -> None:
    if body.get("thread"):
        name = str(body["text"]).partition(" ")[0]
        raise ImpossibleError(f"{name} is not supported in threads. Sorry!")
    await acts.command(backend, user, _channel(backend, body), str(body["text"]))


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
    await forms.close(backend, user, _view(backend, body["view_id"]))


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
}
LOOKS: dict[str, Look] = {
    "state": lambda backend, user, request: page_state.state(backend, user),
    "messages": lambda backend, user, request: page_state.messages(
        backend, user, request.query.get("channel", ""), request.query.get("thread")
    ),
    "home": lambda backend, user, request: {"view": page_state.home(backend, user)},
    "view": lambda backend, user, request: {"view": page_state.top_view(backend, user)},
}


async def _act(backend: Backend, request: web.Request) -> web.Response:
    act = ACTS.get(request.match_info["act"])
    if act is None:
        raise web.HTTPNotFound
    try:
        body = json.loads(await request.read())
        user = _user(backend, str(body["as"]))
        answer = await act(backend, user, body)
    except (ValueError, KeyError, TypeError) as error:
        raise web.HTTPBadRequest(text=f"malformed: {error!r}") from None
    except (ImpossibleError, NoAck) as refusal:
        text = refusal.text if isinstance(refusal, NoAck) else str(refusal)
        return web.json_response({"ok": False, "error": text})
    return web.json_response({"ok": True, **(answer or {})})


async def _look(backend: Backend, request: web.Request) -> web.Response:
    look = LOOKS.get(request.match_info["look"])
    if look is None:
        raise web.HTTPNotFound
    user = _user(backend, request.query.get("as", ""))
    return web.json_response(look(backend, user, request))


async def _events(backend: Backend, request: web.Request) -> web.StreamResponse:
    user = _user(backend, request.query.get("as", ""))
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
    )
    await response.prepare(request)
    queue = backend.changes.listen()
    try:
        await response.write(b": connected\n\n")
        while (change := await queue.get()) is not None:
            if _concerns(backend, change, user):
                data = json.dumps(_described(backend, change, user))
                await response.write(f"data: {data}\n\n".encode())
    except ConnectionError:
        pass  # the page was closed
    finally:
        backend.changes.stop_listening(queue)
    return response


def _concerns(backend: Backend, change: Change, user: User) -> bool:
    if change.audience not in (None, user.id):
        return False
    channel = backend.workspace.channels.get(change.data.get("channel", ""))
    return channel is None or backend.workspace.may_see(channel, user.id)


def _described(backend: Backend, change: Change, user: User) -> Json:
    described: Json = {"type": change.type, **change.data}
    if change.type == "view":
        described["view"] = page_state.top_view(backend, user)
    return described


async def _static(request: web.Request) -> web.StreamResponse:
    path = (PAGE / (request.match_info.get("name") or "index.html")).resolve()
    if not path.is_relative_to(PAGE) or not path.is_file():
        raise web.HTTPNotFound(text="no such page")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _from_elsewhere(request: web.Request) -> bool:
    """Whether another site's page sent this: browsers say so, and nobody else needs to."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


def routes(backend: Backend) -> list[web.RouteDef]:
    """The page and its API."""

    async def act(request: web.Request) -> web.StreamResponse:
        if _from_elsewhere(request):
            raise web.HTTPForbidden(text="only for the page served here")
        return await _act(backend, request)

    async def look(request: web.Request) -> web.StreamResponse:
        return await _look(backend, request)

    async def events(request: web.Request) -> web.StreamResponse:
        return await _events(backend, request)

    return [
        web.post("/box/{act}", act),
        web.get("/box/events", events),
        web.get("/box/{look}", look),
        web.get("/", _static),
        web.get("/{name:.+}", _static),
    ]
