"""Where apps post their later answers to an interaction: the response_url."""

from __future__ import annotations

import json

from aiohttp import web

from slackbox.backend import Backend
from slackbox.content import ContentError
from slackbox.dispatch import misbehave
from slackbox.model import Json
from slackbox.responses import respond
from slackbox.triggers import UsedUpError


async def serve_response(backend: Backend, request: web.Request) -> web.StreamResponse:
    """Answer POST /response/<token>; faults for it are those of `response_url`."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return _failed(400, "invalid_payload")
    if not isinstance(body, dict):
        return _failed(400, "invalid_payload")
    fault = backend.faults.take("response_url", None)
    if fault is None:
        return _answer(backend, request, body)
    if fault.kind in ("drop_after", "error_after", "slow", "hang_after"):
        return await misbehave(backend, request, fault, _answer(backend, request, body))
    refusal = _failed(400, fault.kind.removeprefix("error:"))
    return await misbehave(backend, request, fault, refusal)


def _answer(backend: Backend, request: web.Request, body: Json) -> web.Response:
    try:
        url = backend.response_urls.use(request.match_info["token"])
        respond(backend, url, body)
    except UsedUpError as refused:
        return _failed(404, str(refused))
    except ContentError as refused:
        return _failed(400, refused.error, refused.messages)
    return web.Response(text="ok")


def _failed(status: int, error: str, messages: list[str] | None = None) -> web.Response:
    body: Json = {"ok": False, "error": error}
    if messages:
        body["response_metadata"] = {"messages": messages}
    return web.json_response(body, status=status)
