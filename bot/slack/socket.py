"""The socket: Socket Mode's connection, made once and watched."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from socket import SHUT_RDWR
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketException

from bot.config import Settings

log = logging.getLogger(__name__)

PING_S = 10
SILENCE_S = 3 * PING_S
"""After this long without an answer to a ping the connection counts as dead."""

THREADS = 10
AWAITED_S = 2.0  # how long a connection that was asked for may take to stand


class Client(SocketModeClient):
    """The library's client, with one way only to a new connection: the old one ends first.

    The library opens the next beside it, and when the end of the old one is noticed meanwhile, yet
    another: then requests come in by one and the answers are given to the other, for hours.
    """

    def __init__(self, app: App, token: str) -> None:
        self._asked_at = self._opened_at = 0.0
        super().__init__(token, app.logger, app.client, ping_interval=PING_S, concurrency=THREADS)
        self.on_open_listeners.append(self._note_opened)

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        with self.connect_operation_lock:
            if self.is_connected():
                if force:
                    hang_up(self)
                return
            if not self._is_awaited():
                self.wss_uri = self.issue_new_wss_url()
                self._asked_at = time.monotonic()
                self.connect()

    def send_message(self, message: str) -> None:
        """Send; where the connection is being replaced, over the next one."""
        try:
            super().send_message(message)
        except WebSocketException:
            deadline = time.monotonic() + AWAITED_S
            while not self.is_connected() and time.monotonic() < deadline:
                time.sleep(0.01)
            super().send_message(message)

    def _is_awaited(self) -> bool:
        return self._opened_at < self._asked_at > time.monotonic() - AWAITED_S

    def _note_opened(self, session: object) -> None:
        self._opened_at = time.monotonic()


class Handler(BaseSocketModeHandler):
    """Hands what comes in by *client* to Bolt, and Bolt's answer back."""

    def __init__(self, app: App, client: Client, acked: Callable[[float], None]) -> None:
        self.app = app
        self.client = client
        self._acked = acked
        client.socket_mode_request_listeners.append(self.handle)

    def handle(self, client: Any, req: SocketModeRequest) -> None:
        came = time.time()
        send_response(client, req, run_bolt_app(self.app, req), came)
        self._acked(time.time() - came)


def hang_up(client: Any) -> None:  # the library has no types for what this needs
    """End the connection: its reader sees the end at once."""
    connection = client.current_session.sock if client.current_session else None
    if connection is not None and connection.sock is not None:
        with suppress(OSError):  # the other end was faster
            connection.sock.shutdown(SHUT_RDWR)


class Socket:
    """The connection Slack's requests come in by."""

    def __init__(
        self,
        app: App,
        settings: Settings,
        acked: Callable[[float], None],
        opened: Callable[[], None] = lambda: None,
    ) -> None:
        """*acked* is told how many seconds each answer took, *opened* of every new connection."""
        self._opened = opened
        self._client = Client(app, settings.slack_app_token)
        self._handler = Handler(app, self._client, acked)
        self._opened_at = 0.0
        self._client.on_open_listeners.append(self._note_opened)
        self._client.on_error_listeners.append(_close)

    def connect(self, patience_s: float = 10) -> bool:
        """Connect; False if that takes longer than *patience_s* (it goes on trying).

        The library's monitor looks before its first connection stands and opens a second one, so
        it is started behind it. Raises `slack_sdk.errors.SlackApiError` for a bad app token.
        """
        self._client.current_app_monitor_started = True
        self._handler.connect()  # type: ignore[no-untyped-call] # the library has no types there
        deadline = time.monotonic() + patience_s
        while not self.is_connected() and time.monotonic() < deadline:
            time.sleep(0.01)
        self._client.current_app_monitor.start()
        return self.is_connected()

    def is_connected(self) -> bool:
        """Whether the connection stands."""
        return self._opened_at > 0 and bool(self._client.is_connected())

    def is_alive(self) -> bool:
        """Whether the connection stands and answered its last pings."""
        heard = self.heard_at()
        return heard is not None and time.time() - heard.timestamp() < SILENCE_S

    def opened_at(self) -> datetime | None:
        """Since when the connection stands, if it does."""
        return _moment(self._opened_at) if self.is_connected() else None

    def heard_at(self) -> datetime | None:
        """When Slack last answered a ping, or let us in; None where the connection is lost."""
        session = self._client.current_session
        if session is None or not self.is_connected():
            return None
        return _moment(max(float(session.last_pong_tm), self._opened_at))

    def close(self) -> None:
        """Take no more requests, finish those being answered, hang up.

        The library hangs up first, which keeps the last answers from leaving, and then waits for
        a closing handshake its own reader has eaten, for up to ten seconds.
        """
        client: Any = self._client  # the library has no types for what follows
        client.auto_reconnect_enabled = False
        client.closed = True
        client.message_queue.put(None)  # wakes the thread that waits for a message
        client.message_processor.shutdown()
        client.message_workers.shutdown()
        if client.current_session is not None:
            client.current_session.keep_running = False
        hang_up(client)
        client.current_session_runner.shutdown()
        if client.current_app_monitor.is_alive():
            client.current_app_monitor.shutdown()

    def _note_opened(self, session: object) -> None:
        self._opened_at = time.time()
        self._opened()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _close(session: Any, error: Exception) -> None:
    """Close what a broken connection leaves open, which the library would leave to chance."""
    if session.sock is not None:
        session.sock.shutdown()
