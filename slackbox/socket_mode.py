"""Socket Mode: connections an app opened, envelopes sent to them, acks that come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import struct
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from slackbox import limits
from slackbox.model import App, Json
from slackbox.refusals import DeliveryError

PING_SECONDS = 5.0
GRACE_SECONDS = {"warning": 10.0, "refresh_requested": 0.05}
GOODBYE_SECONDS = 0.2  # how long a closing connection waits for the other side to say so too


@dataclass(eq=False)
class Connection:
    """One WebSocket of an app."""

    app_id: str
    socket: web.WebSocketResponse
    request: web.Request
    is_leaving: bool = False
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    async def send(self, message: Json) -> None:
        """Send one JSON message; a connection that just broke swallows it."""
        with contextlib.suppress(ConnectionError):
            await self.socket.send_str(json.dumps(message))

    def abort(self) -> None:
        """Reset the TCP connection, without a word."""
        transport = self.request.transport
        if transport is None:
            return
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class Sockets:
    """All Socket Mode connections, and the acks they still owe."""

    def __init__(self) -> None:
        self._tickets: dict[str, str] = {}
        self._connections: dict[str, list[Connection]] = defaultdict(list)
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self.ping_seconds = PING_SECONDS
        self._partings: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Condition()
        self.on_change: Callable[[], None] = _nobody

    def ticket(self, app: App) -> str:
        """A ticket that opens one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = app.app_id
        return ticket

    def of(self, app: App) -> list[Connection]:
        """The connections an app can be reached by now."""
        return [c for c in self._connections[app.app_id] if not c.is_leaving]

    def all(self) -> list[Connection]:
        """Every connection of every app."""
        return [c for connections in self._connections.values() for c in connections]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Accept a connection and read its acks until it ends."""
        app_id = self._tickets.pop(request.query.get("ticket", ""), None)
        if app_id is None:
            raise web.HTTPForbidden(text="no such ticket")
        ws = web.WebSocketResponse(compress=False, timeout=GOODBYE_SECONDS)
        await ws.prepare(request)
        connection = Connection(app_id, ws, request)
        if len(self._connections[app_id]) >= limits.SOCKET_CONNECTIONS:
            await connection.send({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        await self._welcome(connection)
        pings = asyncio.create_task(_ping(ws, self.ping_seconds))
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            pings.cancel()
            self._lost(connection)
        return ws

    async def _welcome(self, connection: Connection) -> None:
        connections = self._connections[connection.app_id]
        await connection.send(
            {
                "type": "hello",
                "num_connections": len(connections) + 1,
                "connection_info": {"app_id": connection.app_id},
                "debug_info": {
                    "host": "applink-box",
                    "build_number": 1,
                    "approximate_connection_time": 18060,
                },
            }
        )
        connections.append(connection)
        async with self.connected:
            self.connected.notify_all()
        self.on_change()

    def _receive(self, data: str) -> None:
        try:
            ack = json.loads(data)
        except ValueError:
            return
        future = self._waiting.get(ack.get("envelope_id", "")) if isinstance(ack, dict) else None
        if future is not None and not future.done():
            payload = ack.get("payload")
            future.set_result(payload if isinstance(payload, dict) else {})
            self.on_change()

    def _lost(self, connection: Connection) -> None:
        self._connections[connection.app_id].remove(connection)
        for future in connection.waiting.values():
            if not future.done():
                future.set_exception(DeliveryError("connection_lost"))
        self.on_change()

    async def send(self, app: App, kind: str, payload: Json, seconds: float, **retry: Any) -> Json:
        """Send one envelope to one connection; the payload of its ack.

        An event (`retry` given) is given up at once when its connection breaks, so that it can go
        to another one; an interaction may still be acked over the app's next connection.
        """
        connections = self.of(app)
        if not connections:
            raise DeliveryError("dispatch_failed")
        self._turn += 1
        connection = connections[self._turn % len(connections)]
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **retry,
        }
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        if retry:
            connection.waiting[envelope_id] = future
        try:
            await connection.send(envelope)
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            raise DeliveryError("operation_timeout") from None
        finally:
            del self._waiting[envelope_id]
            connection.waiting.pop(envelope_id, None)

    def drop(self) -> None:
        """Reset every connection."""
        for connection in self.all():
            connection.abort()

    async def close(self) -> None:
        """Say goodbye to everybody."""
        await asyncio.gather(*(c.socket.close(code=1001) for c in self.all()))

    async def refresh(self, reason: str) -> None:
        """Ask every app to come back over a new connection; the old ones end after a grace."""
        for connection in self.all():
            connection.is_leaving = True
            await connection.send({"type": "disconnect", "reason": reason, "debug_info": {}})
            parting = asyncio.create_task(_part(connection, GRACE_SECONDS[reason]))
            self._partings.add(parting)
            parting.add_done_callback(self._partings.discard)


async def _part(connection: Connection, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await connection.socket.close()


def _nobody() -> None:
    """Who is told of changes until somebody asks to be."""


async def _ping(ws: web.WebSocketResponse, seconds: float) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            await asyncio.sleep(seconds)
            await ws.ping(b"ping from box")
