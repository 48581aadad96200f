"""HTTP mode: signed requests to an app behind a small real server."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import App as BoltApp
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from slackbox import NoAck

from .blocks import actions, button
from .conftest import Place

Json = dict[str, Any]


class Listener(ThreadingHTTPServer):
    """Records signed requests and answers as told."""

    daemon_threads = True

    def __init__(self, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), _Endpoint)
        self.secret = secret
        self.received: list[tuple[dict[str, str], str]] = []
        self.answers: list[tuple[int, str, dict[str, str]]] = []
        self.hold: threading.Event | None = None
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Quiet: a workspace that does not wait hangs up."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/slack/events"


class _Endpoint(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append(({k.lower(): v for k, v in self.headers.items()}, body))
        if self.server.hold is not None:
            self.server.hold.wait(5)
        queue = self.server.answers
        status, answer, headers = queue.pop(0) if queue else (200, "", {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.encode())))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def listener(place: Place) -> Iterator[Listener]:
    listener = Listener(place.app.signing_secret)
    place.app.request_url = listener.url
    yield listener
    listener.shutdown()
    listener.server_close()


def test_a_command_comes_as_a_signed_form(place: Place, listener: Listener) -> None:
    listener.answers.append((200, json.dumps({"text": "heard"}), {}))
    assert place.anna.types("/do it & more", place.alpha).text == "heard"
    headers, body = listener.received[0]
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    verifier = SignatureVerifier(place.app.signing_secret)
    assert verifier.is_valid(
        body, headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    )
    assert parse_qs(body)["text"] == ["it &amp; more"]


@pytest.mark.parametrize(
    ("answer", "text"), [("plain text", "plain text"), ("[1]", "[1]"), ("", "")]
)
def test_an_answer_may_be_plain_text(
    place: Place, listener: Listener, answer: str, text: str
) -> None:
    listener.answers.append((200, answer, {}))
    assert place.anna.types("/do it", place.alpha).text == text


def test_an_interaction_comes_as_a_payload_in_a_form(place: Place, listener: Listener) -> None:
    place.client.chat_postMessage(channel=place.alpha.id, text="x", blocks=[actions(button("Go"))])
    place.box.settle()  # the event of the message itself
    place.anna.clicks("Go", place.anna.reads(place.alpha)[0])
    _, body = listener.received[-1]
    payload = json.loads(parse_qs(body)["payload"][0])
    assert payload["type"] == "block_actions"


def test_an_event_comes_as_json_and_again_when_refused(place: Place, listener: Listener) -> None:
    place.box.retry_delays = (0.0,)
    listener.answers.append((500, "", {}))
    with pytest.raises(NoAck, match="http_error"):
        place.anna.says("hello", place.alpha)
    place.box.wait_for(lambda: len(listener.received) == 2)
    (first, body), (second, again) = listener.received
    assert first["content-type"] == "application/json"
    assert json.loads(body)["event"]["text"] == "hello"
    assert body == again
    assert "x-slack-retry-num" not in first
    assert (second["x-slack-retry-num"], second["x-slack-retry-reason"]) == ("1", "http_error")


def test_an_app_can_ask_for_no_retry(place: Place, listener: Listener) -> None:
    place.box.retry_delays = (0.0,)
    listener.answers.append((500, "", {"X-Slack-No-Retry": "1"}))
    with pytest.raises(NoAck, match="http_error"):
        place.anna.says("hello", place.alpha)
    place.anna.says("again", place.alpha)
    texts = [json.loads(body)["event"]["text"] for _, body in listener.received]
    assert texts == ["hello", "again"]


def test_a_slow_app_is_not_waited_for(place: Place, listener: Listener) -> None:
    place.box.ack_seconds, place.box.retry_delays = 0.05, ()
    listener.hold = threading.Event()
    with pytest.raises(NoAck, match="operation_timeout"):
        place.anna.types("/do it", place.alpha)
    with pytest.raises(NoAck, match="http_timeout"):
        place.anna.says("hello", place.alpha)
    listener.hold.set()


def test_an_app_that_is_not_there(place: Place) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place.app.request_url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    place.box.retry_delays = ()
    with pytest.raises(NoAck, match="dispatch_failed"):
        place.anna.types("/do it", place.alpha)
    with pytest.raises(NoAck, match="connection_failed"):
        place.anna.says("hello", place.alpha)


def test_bolt_believes_the_signature(place: Place, listener: Listener) -> None:
    bolt = BoltApp(client=place.client, signing_secret=place.app.signing_secret)
    bolt.command("/do")(lambda ack: ack("yes"))
    place.anna.types("/do it", place.alpha)
    headers, body = listener.received[0]
    sent: dict[str, str | Sequence[str]] = {name: [value] for name, value in headers.items()}
    assert bolt.dispatch(BoltRequest(body=body, headers=sent)).status == 200
    sent["x-slack-signature"] = ["v0=false"]
    assert bolt.dispatch(BoltRequest(body=body, headers=sent)).status == 401
