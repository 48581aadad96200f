"""Where apps post their later answers to an interaction: the response_url."""

from __future__ import annotations

import json

from aiohttp import web

from slackbox.backend import Backend
from slackbox.dispatch import misbehave
from slackbox.model import Json
from slackbox.refusals import SlackError
from slackbox.responses import respond


async def serve_response(backend: Backend, request: web.Request) -> web.StreamResponse:
    """Answer POST /response/<token>; faults for it are those of `response_url`."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return _failed("invalid_payload")
    if not isinstance(body, dict):
        return _failed("invalid_payload")
    fault = backend.faults.take("response_url", None)
    await backend.dawdle()
    if fault is None:
        return _answer(backend, request, body)
    if fault.kind in ("drop_after", "error_after", "slow", "hang_after"):
        return await misbehave(backend, request, fault, _answer(backend, request, body))
    refusal = _failed(fault.kind.removeprefix("error:"))
    return await misbehave(backend, request, fault, refusal)


def _answer(backend: Backend, request: web.Request, body: Json) -> web.Response:
    try:
        url = backend.response_urls.use(request.match_info["token"])
    except SlackError as refused:
        return web.json_response(refused.answer(), status=404)
    try:
        respond(backend, url, body)
    except SlackError as refused:
        return web.json_response(refused.answer(), status=400)
    return web.Response(text="ok")


def _failed(error: str) -> web.Response:
    return web.json_response(SlackError(error).answer(), status=400)
