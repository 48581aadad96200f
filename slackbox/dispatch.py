"""One call of the Web API from its bytes to its answer: token, scope, rate, faults, method."""

from __future__ import annotations

import asyncio
import json
import math

from aiohttp import web

from slackbox.api import METHODS
from slackbox.api.method import Args, Method, need_scope
from slackbox.backend import Backend, Call
from slackbox.faults import Fault
from slackbox.model import App, Json
from slackbox.refusals import SlackError

_ADDRESSES = ("channel", "channel_id", "users", "user")


async def serve(backend: Backend, request: web.Request) -> web.StreamResponse:
    """Answer POST /api/<method>."""
    name = request.match_info["method"]
    try:
        given = await read_arguments(request)
    except ValueError:
        return web.json_response(SlackError("invalid_json").answer())
    token = _token(request, given)
    address = next((str(given[key]) for key in _ADDRESSES if given.get(key)), None)
    fault = backend.faults.take(name, address)
    await backend.dawdle()
    if fault is not None:
        return await _faulty(backend, request, fault, name, given, token)
    answer = _answered(backend, name, given, token)
    await backend.dawdle()
    return answer


async def read_arguments(request: web.Request) -> Json:
    """A call's arguments from its query, form or JSON body."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("the body is no object")
        return given | body
    form = await request.post()
    return given | {key: value for key, value in form.items() if isinstance(value, str)}


def _token(request: web.Request, given: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = str(given.pop("token", ""))
    return token.strip() if scheme.lower() == "bearer" else in_body


def _record(backend: Backend, name: str, given: Json, token: str, error: str | None) -> None:
    backend.calls.append(Call(name, given, token, backend.clock.now(), error))
    backend.changes.ring()


def _answered(backend: Backend, name: str, given: Json, token: str) -> web.Response:
    try:
        answer: Json = {"ok": True, **_call(backend, name, Args(given), token)}
    except RateError as too_fast:
        _record(backend, name, given, token, "ratelimited")
        return ratelimited(too_fast.seconds)
    except SlackError as error:
        answer = error.answer()
    _record(backend, name, given, token, answer.get("error"))
    return web.json_response(answer)


class RateError(Exception):
    """A rate was exceeded; `seconds` is the Retry-After."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


def _call(backend: Backend, name: str, args: Args, token: str) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    app = _authenticated(backend, method, token)
    if method.scopes:
        need_scope(app, *method.scopes)
    key = f"{app.app_id}/{args.text(method.key) if method.key else ''}"
    wait = backend.limits.wait_before(name, method.rate, key)
    if wait > 0:
        raise RateError(wait)
    return method.call(backend, app, args)


def _authenticated(backend: Backend, method: Method, token: str) -> App:
    if not token:
        raise SlackError("not_authed")
    for app in backend.workspace.apps.values():
        if token not in (app.bot_token, app.app_token):
            continue
        if app.token_error is not None:
            raise SlackError(app.token_error)
        if token != (app.bot_token if method.token == "bot" else app.app_token):  # noqa: S105 a kind
            raise SlackError("not_allowed_token_type")
        return app
    raise SlackError("invalid_auth")


def ratelimited(seconds: float) -> web.Response:
    """429, as Slack says it."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=429,
        headers={"Retry-After": str(max(1, math.ceil(seconds)))},
    )


async def _faulty(
    backend: Backend, request: web.Request, fault: Fault, name: str, given: Json, token: str
) -> web.StreamResponse:
    if fault.kind in ("drop_after", "error_after", "slow", "hang_after"):
        answer = _answered(backend, name, given, token)
    else:
        _record(backend, name, given, token, fault.kind.removeprefix("error:"))
        answer = web.json_response(SlackError(fault.kind.removeprefix("error:")).answer())
    return await misbehave(backend, request, fault, answer)


async def misbehave(
    backend: Backend, request: web.Request, fault: Fault, answer: web.Response
) -> web.StreamResponse:
    """Give `answer` the way the fault wants: late, never, as an error, or as a cut connection."""
    if fault.kind.startswith("drop"):
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if fault.kind.startswith("hang"):
        await backend.closing.wait()
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.kind in ("error_before", "error_after"):
        return web.Response(status=500, text="Internal Server Error")
    if fault.kind == "ratelimited":
        return ratelimited(fault.seconds)
    return answer
