"""Bringing what happens to an app: over Socket Mode, or by HTTP when it has a request URL."""

from __future__ import annotations

import asyncio

from slackbox.backend import Backend
from slackbox.model import App, Json
from slackbox.refusals import DeliveryError

Answered = asyncio.Future[DeliveryError | None]


def is_reachable(backend: Backend, app: App) -> bool:
    """Whether there is anything to send to."""
    return app.request_url is not None or bool(backend.sockets.of(app))


async def ask(backend: Backend, app: App, kind: str, payload: Json) -> Json:
    """Send a command or interaction, once; the payload of its ack. Raises DeliveryError."""
    await backend.dawdle()
    if app.request_url is not None:
        answer = await backend.http.send(app, kind, payload, backend.ack_seconds)
    else:
        answer = await backend.sockets.send(app, kind, payload, backend.ack_seconds)
    await backend.dawdle()
    return answer


def tell(backend: Backend, app: App, event: Json) -> Answered:
    """Send an event, again and again if need be; resolves after the first attempt."""
    answered: Answered = asyncio.get_running_loop().create_future()
    backend.awaited(answered)
    backend.tasks.start(_keep_telling(backend, app, event, answered))
    return answered


async def _keep_telling(backend: Backend, app: App, event: Json, answered: Answered) -> None:
    reason = ""
    for attempt, delay in enumerate((*backend.retry_delays, None)):
        await _until_reachable(backend, app)
        failure = await _tell_once(backend, app, event, attempt, reason)
        if not answered.done():
            answered.set_result(failure)
        if failure is None or failure.is_final or delay is None:
            return
        reason = _retry_reason(str(failure))
        await _pause(backend, delay)


async def _tell_once(
    backend: Backend, app: App, event: Json, attempt: int, reason: str
) -> DeliveryError | None:
    kind, seconds = "events_api", backend.ack_seconds
    await backend.dawdle()
    try:
        if app.request_url is not None:
            await backend.http.send(app, kind, event, seconds, attempt, reason)
        else:
            retry = {"retry_attempt": attempt, "retry_reason": reason}
            await backend.sockets.send(app, kind, event, seconds, **retry)
    except DeliveryError as failure:
        return failure
    return None


def _retry_reason(failure: str) -> str:
    return {"operation_timeout": "timeout"}.get(failure, failure)


async def _until_reachable(backend: Backend, app: App) -> None:
    """In Socket Mode events wait for a connection: that is not an attempt."""
    async with backend.sockets.connected:
        await backend.sockets.connected.wait_for(lambda: is_reachable(backend, app))


async def _pause(backend: Backend, seconds: float) -> None:
    """Wait before the next attempt; a new connection ends the wait."""
    try:
        async with asyncio.timeout(seconds), backend.sockets.connected:
            await backend.sockets.connected.wait()
    except TimeoutError:
        return
