"""An app of a few lines over a bare WebSocket: it records what it is sent and acks as told."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from typing import Any

import websocket
from slack_sdk import WebClient

from slackbox import App, Box

Json = dict[str, Any]
Reaction = Callable[[Json], Json | None]
SILENT: Json = {"silent": True}


def hang_up(connection: websocket.WebSocket) -> None:
    """Close a connection's socket without a word."""
    connection.shutdown()  # type: ignore[no-untyped-call]  # websocket-client is partly typed


class Robot:
    """`on[type]` makes the payload of the ack; when it gives SILENT, there is no ack."""

    def __init__(self, box: Box, app: App) -> None:
        self.box = box
        self.app = app
        self.client = WebClient(token=app.bot_token, base_url=box.api_url, retry_handlers=[])
        self.envelopes: list[Json] = []
        self.control: list[Json] = []
        self.on: dict[str, Reaction] = {}
        self.is_closed = threading.Event()
        self._socket: websocket.WebSocket | None = None

    def connect(self) -> Robot:
        """Open Socket Mode and wait until the workspace knows of it."""
        before = self.box.connections
        app_client = WebClient(token=self.app.app_token, base_url=self.box.api_url)
        url = app_client.apps_connections_open(app_token=self.app.app_token)["url"]
        self._socket = websocket.create_connection(url)
        self.is_closed.clear()
        threading.Thread(target=self._listen, args=(self._socket,), daemon=True).start()
        self.box.wait_for(lambda: self.box.connections > before)
        return self

    def close(self) -> None:
        """Leave."""
        if self._socket is not None and self._socket.sock is not None:
            with contextlib.suppress(OSError):  # closed already by the workspace
                self._socket.sock.shutdown(socket.SHUT_RDWR)
            self.is_closed.wait(5)

    def _listen(self, connection: websocket.WebSocket) -> None:
        with contextlib.suppress(OSError, websocket.WebSocketException):
            while data := connection.recv():
                self._receive(connection, json.loads(data))
        hang_up(connection)
        self.is_closed.set()

    def _receive(self, connection: websocket.WebSocket, message: Json) -> None:
        if "envelope_id" not in message:
            self.control.append(message)
            return
        self.envelopes.append(message)
        react = self.on.get(message["type"])
        payload = react(message["payload"]) if react is not None else None
        if payload is not SILENT:
            ack: Json = {"envelope_id": message["envelope_id"]}
            connection.send(json.dumps(ack | ({"payload": payload} if payload else {})))

    def of_type(self, kind: str) -> list[Json]:
        """The payloads of one type of envelope."""
        return [e["payload"] for e in self.envelopes if e["type"] == kind]

    def events(self, kind: str) -> list[Json]:
        """The events of one type."""
        found = [payload["event"] for payload in self.of_type("events_api")]
        return [event for event in found if event["type"] == kind]

    @property
    def last(self) -> Json:
        """The payload received last."""
        payload: Json = self.envelopes[-1]["payload"]
        return payload
