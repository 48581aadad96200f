"""A light client: it keeps its connection and signs requests as Slack does."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.box import Facts
from benchmarks.figures import FailedError

FORM = "application/x-www-form-urlencoded"
ADD = "Send the contract draft no. {number} to the supplier by 2031-03-05"

_numbers = count(1)


class Client:
    """One connection to one server, over which Anna types and clicks."""

    def __init__(self, port: int, facts: Facts) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._facts = facts

    def adds(self) -> float:
        """Add an action by command; the seconds until the answer was there."""
        return self.types("/po-action", f"add {ADD.format(number=next(_numbers))}")

    def types(self, command: str, text: str) -> float:
        """Type a slash command; the seconds until its answer. Raises where it was not saved."""
        facts = self._facts
        told = {
            "token": "verification",
            "team_id": facts.team,
            "team_domain": "box",
            "channel_id": facts.channel,
            "channel_name": "bench",
            "user_id": facts.user,
            "user_name": "anna",
            "command": command,
            "text": text,
            "api_app_id": "A0",
            "is_enterprise_install": "false",
            "response_url": f"{facts.api_url}../response/none",
            "trigger_id": uuid4().hex,
        }
        seconds, answer = self._posts(urlencode(told).encode())
        if b'"text"' not in answer or b"NOT SAVED" in answer:
            raise FailedError(f"NOT SAVED: {text}")
        return seconds

    def clicks(self) -> float:
        """Click something that carries no line; the seconds until the ack."""
        facts = self._facts
        told = {
            "type": "block_actions",
            "team": {"id": facts.team, "domain": "box"},
            "user": {"id": facts.user, "username": "anna", "team_id": facts.team},
            "api_app_id": "A0",
            "token": "verification",
            "container": {"type": "message", "message_ts": "1.0", "channel_id": facts.channel},
            "channel": {"id": facts.channel, "name": "bench"},
            "trigger_id": uuid4().hex,
            "is_enterprise_install": False,
            "enterprise": None,
            "actions": [{"type": "button", "action_id": "link", "block_id": "b", "action_ts": "1"}],
        }
        return self._posts(urlencode({"payload": json.dumps(told)}).encode())[0]

    def close(self) -> None:
        self._connection.close()

    def _posts(self, body: bytes) -> tuple[float, bytes]:
        headers = _signed(self._facts.signing_secret, body)
        begun = time.perf_counter()
        self._connection.request("POST", "/slack/events", body, headers)
        response = self._connection.getresponse()
        answer = response.read()
        seconds = time.perf_counter() - begun
        if response.status != 200:
            raise FailedError(f"answered {response.status}: {answer!r}")
        return seconds, answer


def _signed(secret: str, body: bytes) -> Mapping[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
    }
