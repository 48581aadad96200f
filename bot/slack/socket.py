"""The socket: Socket Mode's connection, made once and watched."""

import logging
import time

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

from bot.config import Settings

log = logging.getLogger(__name__)

PING_S = 10
SILENCE_S = 3 * PING_S
"""After this long without an answer to a ping the connection counts as dead."""

THREADS = 10


class Socket:
    """The connection Slack's requests come in by."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._handler = SocketModeHandler(
            app, settings.slack_app_token, ping_interval=PING_S, concurrency=THREADS
        )
        self._client = self._handler.client
        self._opened_at = 0.0
        self._client.on_open_listeners.append(self._note_opened)

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
        session = self._client.current_session
        if session is None or not self.is_connected():
            return False
        heard = max(float(session.last_pong_tm), self._opened_at)
        return time.time() - heard < SILENCE_S

    def close(self) -> None:
        """Take no more requests; those being answered are finished first."""
        self._handler.close()  # type: ignore[no-untyped-call] # as above

    def _note_opened(self, session: object) -> None:
        self._opened_at = time.time()
