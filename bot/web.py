"""The web door: health and metrics for operators, and Slack's requests in HTTP mode."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from threading import Thread
from traceback import format_tb
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from slack_bolt import App, BoltRequest, BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from waitress.server import create_server
from waitress.wasyncore import close_all, dispatcher
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bot.calendar.feeds import Page
from bot.metrics import CONTENT_TYPE, Metrics

log = logging.getLogger(__name__)

LONGEST_BODY = 1_000_000
STALE_S = 300
LAST_ANSWERS_S = 5
CALENDAR = "text/calendar; charset=utf-8"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class WebDoor:
    """An HTTP server in a thread of its own."""

    def __init__(
        self,
        host: str,
        port: int,
        is_ready: Callable[[], dict[str, bool]],
        slack: App | None,
        metrics: Metrics,
        feed: Callable[[str], Page | None] = lambda _secret: None,
    ) -> None:
        """*feed* is what an address of a calendar shows."""
        self._open: dict[int, Any] = {}  # what waitress's loop watches; it ends with the last
        mounted = {"/slack/events": _requests(slack, metrics.acked)} if slack is not None else {}
        self._server: Any = create_server(
            DispatcherMiddleware(_pages(is_ready, metrics, feed), mounted),
            host=host,
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
        with suppress(OSError):  # where the loop looked by itself, all is closed by now
            trigger.pull_trigger(lambda: close_all(self._open))
        self._thread.join(LAST_ANSWERS_S)

    def _is_answering(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.total_outbufs_len for channel in channels)


def _pages(
    is_ready: Callable[[], dict[str, bool]],
    metrics: Metrics,
    feed: Callable[[str], Page | None],
) -> Flask:
    app = Flask("jourfixe")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    @app.get("/readyz")
    def readyz() -> Response:
        parts = is_ready()
        return Response(
            json.dumps(parts) + "\n", 200 if all(parts.values()) else 503, mimetype=JSON
        )

    @app.get("/metrics")
    def scraped() -> Response:
        return Response(metrics.text(), content_type=CONTENT_TYPE)

    @app.get("/cal/<secret>.ics")
    def subscribed(secret: str) -> Response:
        try:
            page = feed(secret)
            return _calendar(page) if page is not None else Response("no such calendar\n", 404)
        except SQLAlchemyError:
            return Response("later\n", 503, mimetype="text/plain")
        except Exception as error:  # Flask would write the path into the log, and so the secret
            where = "".join(format_tb(error.__traceback__))
            log.error("a calendar is not shown: %s\n%s", type(error).__name__, where)
            return Response("not now\n", 500, mimetype="text/plain")

    return app


def _calendar(page: Page) -> Response:
    """A feed as HTTP has it; who holds these bytes already is told so (RFC 9110, 13)."""
    response = Response(page.body, content_type=CALENDAR)
    response.set_etag(page.tag)
    response.last_modified = page.shown_at
    response.headers["Cache-Control"] = "private, max-age=900"
    response.make_conditional(request)
    return response


# --- Slack's requests: in front of Flask, which would cost as much again as Bolt itself ------


def _requests(slack: App, acked: Callable[[float], None]) -> WSGIApplication:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        came = time.perf_counter()
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length <= LONGEST_BODY else b""
        told = _complaint(environ, length, body) or _dispatch(slack, environ, body)
        answered = told.body.encode()
        headers = [(name, value) for name, values in told.headers.items() for value in values]
        start_response(
            f"{told.status} {HTTPStatus(told.status).phrase}",
            [*headers, ("content-length", str(len(answered)))],
        )
        acked(time.perf_counter() - came)
        return [answered]

    return answer


def _dispatch(slack: App, environ: WSGIEnvironment, body: bytes) -> BoltResponse:
    try:
        request = BoltRequest(body=body.decode(errors="replace"), headers=_headers(environ))
    except (ValueError, TypeError, AttributeError, RecursionError):  # before it is verified
        return BoltResponse(status=400, body="no request of Slack's\n")
    return slack.dispatch(request)


def _headers(environ: WSGIEnvironment) -> dict[str, str | Sequence[str]]:
    found = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return {**found, "CONTENT-TYPE": environ.get("CONTENT_TYPE", "")}


def _complaint(environ: WSGIEnvironment, length: int, body: bytes) -> BoltResponse | None:
    """What is wrong with a request before Bolt sees it: Bolt answers some of it with a 500."""
    if environ["REQUEST_METHOD"] != "POST":
        return BoltResponse(status=405, body="only POST\n")
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind not in (FORM, JSON):
        return BoltResponse(status=400, body="an unknown content type\n")
    if length > LONGEST_BODY:
        return BoltResponse(status=413, body="too long\n")
    stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return BoltResponse(status=401, body="a timestamp that is none\n")
    if abs(time.time() - int(stamp)) > STALE_S:
        return BoltResponse(status=401, body="a stale timestamp\n")
    if not environ.get("HTTP_X_SLACK_SIGNATURE", "").isascii():
        return BoltResponse(status=401, body="a signature that is none\n")
    if kind == JSON and not _is_object(body):
        return BoltResponse(status=400, body="no JSON object\n")
    return None


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False
