"""The postman: carries Slack's requests to the bot, and can bring the same one again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from slackbox.http_mode import signature
from tests.office import Office

PATIENCE_S = 20


@dataclass(frozen=True)
class Letter:
    """One request as it came, signature and all."""

    headers: dict[str, str]
    body: bytes

    @property
    def words(self) -> dict[str, Any]:
        """What is in it, whichever way it is encoded."""
        if self.headers["Content-Type"] == "application/json":
            return dict(json.loads(self.body))
        fields = {name: values[0] for name, values in parse_qs(self.body.decode()).items()}
        return dict(json.loads(fields["payload"])) if "payload" in fields else fields


@dataclass(frozen=True)
class Receipt:
    """What the bot answered."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        """The text of the answer, blocks left out."""
        return str(json.loads(self.body)["text"]) if self.body else ""


@dataclass(frozen=True)
class Round:
    """A letter and what every copy of the bot answered."""

    letter: Letter
    receipts: list[Receipt] = field(default_factory=list)


class Postman:
    """Stands between the workspace in a box and the bot, or several copies of it."""

    def __init__(self, *ports: int) -> None:
        self.ports = list(ports)
        self.rounds: list[Round] = []
        self._pool = ThreadPoolExecutor(8)

    def carry(self, letter: Letter) -> Receipt:
        """Bring a letter to every copy at the same moment; the first one's answer goes back."""
        made = Round(letter)
        self.rounds.append(made)
        made.receipts.extend(self._pool.map(lambda port: bring(port, letter), self.ports))
        return made.receipts[0]

    def again(self, before: Round) -> Receipt:
        """Bring a letter that was carried before once more, to the first copy."""
        return bring(self.ports[0], before.letter)

    def round(self, words: str) -> Round:
        """The first round with a letter that has *words* in it."""
        return next(r for r in self.rounds if words.encode() in r.letter.body)

    def close(self) -> None:
        self._pool.shutdown()


def bring(port: int, letter: Letter) -> Receipt:
    """Send a letter, as it is."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("POST", "/slack/events", letter.body, letter.headers)
        response = connection.getresponse()
        return Receipt(response.status, response.read())
    finally:
        connection.close()


def sealed(office: Office, letter: Letter, timestamp: str) -> Letter:
    """A letter signed anew, of another time."""
    headers = letter.headers | {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(office.app.signing_secret, timestamp, letter.body),
    }
    return Letter(headers, letter.body)


@contextmanager
def carrying(office: Office, *ports: int) -> Iterator[Postman]:
    """Have all requests of *office* carried by a postman, to its bot and those at *ports*."""
    web = office.bot.web
    if web is None:
        raise ValueError("over Socket Mode there are no letters")
    postman = Postman(web.port, *ports)

    class Hands(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {k: v for k, v in self.headers.items() if k not in ("Content-Length", "Host")}
            receipt = postman.carry(Letter(headers, body))
            self.send_response(receipt.status)
            self.send_header("Content-Length", str(len(receipt.body)))
            self.end_headers()
            self.wfile.write(receipt.body)

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 as overridden
            """Carry in silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Hands) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        before = office.app.request_url
        office.app.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
        try:
            yield postman
        finally:
            office.app.request_url = before
            server.shutdown()
            thread.join()
            postman.close()
