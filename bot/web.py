"""The web door: health for operators, and Slack's requests in HTTP mode."""

import json
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from flask import Flask, Response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from waitress.server import create_server
from waitress.wasyncore import close_all, dispatcher

LONGEST_BODY = 1_000_000
STALE_S = 300
LAST_ANSWERS_S = 5
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class WebDoor:
    """An HTTP server in a thread of its own."""

    def __init__(
        self, port: int, is_ready: Callable[[], dict[str, bool]], slack: App | None
    ) -> None:
        self._open: dict[int, Any] = {}  # what waitress's loop watches; it ends with the last
        self._server: Any = create_server(
            _flask(is_ready, slack),
            host="0.0.0.0",  # noqa: S104 - the operator asked for the port to be open
            port=port,
            map=self._open,
            threads=16,
            ident="",
            clear_untrusted_proxy_headers=True,
        )
        self._thread = Thread(target=self._server.run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on, of use where the settings say 0."""
        return int(self._server.effective_port)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, answer those being done, and end.

        Sockets are closed in the thread that watches them: under its hands it would stumble.
        """
        if not self._thread.is_alive():
            self._server.close()
            return
        trigger = self._server.trigger
        trigger.pull_trigger(lambda: dispatcher.close(self._server))
        self._server.task_dispatcher.shutdown(timeout=LAST_ANSWERS_S)
        deadline = time.monotonic() + LAST_ANSWERS_S
        while self._is_answering() and time.monotonic() < deadline:
            time.sleep(0.005)
        trigger.pull_trigger(lambda: close_all(self._open))
        self._thread.join(LAST_ANSWERS_S)

    def _is_answering(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.total_outbufs_len for channel in channels)


def _flask(is_ready: Callable[[], dict[str, bool]], slack: App | None) -> Flask:
    app = Flask("jourfixe")
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    @app.get("/readyz")
    def readyz() -> Response:
        parts = is_ready()
        return Response(
            json.dumps(parts) + "\n", 200 if all(parts.values()) else 503, mimetype=JSON
        )

    if slack is not None:
        handler = SlackRequestHandler(slack)

        @app.post("/slack/events")
        def events() -> Any:
            return _complaint() or handler.handle(request)

    return app


def _complaint() -> Response | None:
    """What is wrong with a request before Bolt sees it: Bolt answers some of it with a 500."""
    if request.mimetype not in (FORM, JSON):
        return Response("an unknown content type\n", 400)
    body = request.get_data(cache=True)  # raises 413 where it is too long
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return Response("a timestamp that is none\n", 401)
    if abs(time.time() - int(stamp)) > STALE_S:
        return Response("a stale timestamp\n", 401)
    if request.mimetype == JSON and not _is_object(body):
        return Response("no JSON object\n", 400)
    return None


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
