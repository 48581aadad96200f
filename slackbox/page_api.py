"""What the page in the browser asks and does: JSON over HTTP, changes as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from slackbox import page_mail, page_state
from slackbox.backend import Backend
from slackbox.changes import Change
from slackbox.model import Json, User
from slackbox.page_acts import ACTS
from slackbox.refusals import ImpossibleError, NoAck

PAGE = Path(__file__).parent / "page"

Look = Callable[[Backend, User, web.Request], Json]


def _user(backend: Backend, user_id: str) -> User:
    user = backend.workspace.users.get(user_id)
    if user is None or user.bot_id is not None:
        raise web.HTTPNotFound(text="no such person")
    return user


def _anybody(backend: Backend, user_id: str) -> User:
    """The user, or who comes first: a page that opens does not know yet who it is."""
    people = [user for user in backend.workspace.users.values() if user.bot_id is None]
    if user_id in backend.workspace.users or not people:
        return _user(backend, user_id)
    return people[0]


LOOKS: dict[str, Look] = {
    "state": lambda backend, user, request: page_state.state(backend, user),
    "messages": lambda backend, user, request: page_state.messages(
        backend, user, request.query.get("channel", ""), request.query.get("thread")
    ),
    "home": lambda backend, user, request: {"view": page_state.home(backend, user)},
    "view": lambda backend, user, request: {"view": page_state.top_view(backend, user)},
    "mails": lambda backend, user, request: page_mail.mails(backend, user, request.query),
    "mail": lambda backend, user, request: page_mail.opened(
        backend, user, request.query.get("id", "")
    ),
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
    find = _anybody if request.match_info["look"] == "state" else _user
    user = find(backend, request.query.get("as", ""))
    try:
        return web.json_response(look(backend, user, request))
    except ImpossibleError as refusal:
        return web.json_response({"error": str(refusal)})


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


async def _permalink(request: web.Request) -> web.StreamResponse:
    """Where an address of Slack's own form leads: the place on the page."""
    place = "/".join(request.match_info.values())
    thread = request.query.get("thread_ts")
    if thread:
        place += f"?{urlencode({'thread_ts': thread})}"
    raise web.HTTPFound(f"/#{place}")


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
        web.get(r"/archives/{channel:\w+}", _permalink),
        web.get(r"/archives/{channel:\w+}/{message:p\d+}", _permalink),
        web.get("/", _static),
        web.get("/{name:.+}", _static),
    ]
