"""The HTTP door: only what Slack signed gets in, and whatever comes is answered in time."""

import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from bot.registers.actions import Action
from tests.office import Office, open_office
from tests.postman import Letter, Receipt, bring, sealed
from tests.relay import Relay

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def port_of(office: Office) -> int:
    """Where the bot listens."""
    assert office.bot.web is not None
    return office.bot.web.port


def command(office: Office, text: str) -> bytes:
    """The body of a slash command of Anna's."""
    fields = {
        "team_id": office.box.team_id,
        "channel_id": office.alpha.id,
        "user_id": office.anna.id,
        "command": "/po",
        "text": text,
        "trigger_id": f"1.{time.monotonic_ns()}",
        "api_app_id": office.app.app_id,
        "response_url": "http://127.0.0.1:9/",
    }
    return urlencode(fields).encode()


def sends(office: Office, body: bytes, timestamp: str | None = None, kind: str = FORM) -> Receipt:
    """What the bot answers to a signed body."""
    stamp = str(int(time.time())) if timestamp is None else timestamp
    return bring(port_of(office), sealed(office, Letter({"Content-Type": kind}, body), stamp))


def gets(office: Office, path: str) -> Receipt:
    """What the bot answers to a reader."""
    connection = HTTPConnection("127.0.0.1", port_of(office), timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    receipt = Receipt(response.status, response.read())
    connection.close()
    return receipt


@pytest.fixture
def untouched(office: Office) -> Iterator[Office]:
    """An office in which nothing may have been stored at the end, and that still serves."""
    yield office
    count = select(func.count()).select_from(Action)
    assert office.stored(lambda s: s.scalar(count)) == 0
    assert "A1" in office.says("/po-action add paint")


def test_what_slack_signed_is_answered(office: Office) -> None:
    answer = sends(office, command(office, "action add order paint"))
    assert answer.status == 200
    assert answer.text.startswith("A1 · order paint")


def test_a_bad_signature_is_refused(untouched: Office) -> None:
    body = command(untouched, "action add paint")
    letter = sealed(untouched, Letter({"Content-Type": FORM}, body), str(int(time.time())))
    forged = Letter(letter.headers, body + b"&more=1")
    assert bring(port_of(untouched), forged).status == 401
    for signature in ("", "v0=", "v0=" + "0" * 64, "é"):
        headers = letter.headers | {"X-Slack-Signature": signature}
        assert bring(port_of(untouched), Letter(headers, body)).status == 401
    unsigned = {k: v for k, v in letter.headers.items() if k != "X-Slack-Signature"}
    assert bring(port_of(untouched), Letter(unsigned, body)).status == 401


@pytest.mark.parametrize("stamp", ["", "x", "1e9", "-1", "12.5", "²", "9" * 30, "0", " 1 "])
def test_a_timestamp_that_is_none_is_refused(untouched: Office, stamp: str) -> None:
    body = command(untouched, "action add paint")
    letter = sealed(untouched, Letter({"Content-Type": FORM}, body), str(int(time.time())))
    headers = letter.headers | {"X-Slack-Request-Timestamp": stamp}
    assert bring(port_of(untouched), Letter(headers, body)).status == 401


@pytest.mark.parametrize("seconds", [-3600, -301, 360, 3600])
def test_a_stale_timestamp_is_refused(untouched: Office, seconds: int) -> None:
    stamp = str(int(time.time()) + seconds)
    assert sends(untouched, command(untouched, "action add paint"), stamp).status == 401


def test_a_missing_timestamp_is_refused(untouched: Office) -> None:
    headers = {"Content-Type": FORM, "X-Slack-Signature": "v0=" + "0" * 64}
    letter = Letter(headers, command(untouched, "action add paint"))
    assert bring(port_of(untouched), letter).status == 401


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_content_type_is_refused(untouched: Office, kind: str) -> None:
    assert sends(untouched, command(untouched, "action add paint"), kind=kind).status == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_json_that_is_no_object_is_refused(untouched: Office, body: bytes) -> None:
    assert sends(untouched, body, kind=JSON).status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"payload=",
        b"payload=%7B",
        b"payload=%5B%5D",
        b"payload=7",
        b"payload=%5B" + b"%5B" * 100_000,
    ],
)
def test_a_payload_that_is_no_object_is_refused(untouched: Office, body: bytes) -> None:
    assert sends(untouched, body).status == 400


@pytest.mark.parametrize("body", [b"", b"payload=%7B%7D", b"%FF=%FE", b"ssl_check=1", b"x=1"])
def test_a_signed_request_that_nobody_knows_is_not_found(untouched: Office, body: bytes) -> None:
    assert sends(untouched, body).status == 404


@pytest.mark.parametrize("event", [{}, {"type": "nothing"}, {"type": "message", "text": "x"}])
def test_an_event_that_nobody_waits_for_stores_nothing(untouched: Office, event: object) -> None:
    body = {"type": "event_callback", "team_id": untouched.box.team_id, "event": event}
    assert sends(untouched, json.dumps(body).encode(), kind=JSON).status < 500


def test_slack_may_check_the_address(office: Office) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c" * 20}).encode()
    answer = sends(office, body, kind=JSON)
    assert answer.status == 200
    assert b"c" * 20 in answer.body


def test_ten_megabytes_are_refused(untouched: Office) -> None:
    for kind in (FORM, JSON):
        assert sends(untouched, b"text=" + b"x" * 10_000_000, kind=kind).status == 413


def test_a_hundred_thousand_characters_are_answered_and_not_stored(untouched: Office) -> None:
    answer = sends(untouched, command(untouched, "action add " + "paint " * 16_667))
    assert answer.status == 200
    assert "100,0" in answer.text
    answer = sends(untouched, command(untouched, "x" * 100_000))
    assert answer.status == 200


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\x00", "action add", "action add  \n "])
def test_an_empty_text_is_answered_and_stores_nothing(untouched: Office, text: str) -> None:
    assert sends(untouched, command(untouched, text)).status == 200


@pytest.mark.both_databases
@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\U0001f600" * 50, "\u202egnitset"])
def test_odd_characters_are_stored_or_refused_but_answered(office: Office, text: str) -> None:
    body = command(office, "action add TEXT").replace(b"TEXT", percent(text))
    answer = sends(office, body)
    assert answer.status == 200
    assert answer.text.startswith(("A1 · ", "NOT SAVED"))
    assert sends(office, command(office, "action list")).status == 200


def percent(text: str) -> bytes:
    """Every byte of *text*, percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass")).encode()


def test_health_is_told(office: Office) -> None:
    assert gets(office, "/healthz") == Receipt(200, b"ok\n")
    office.box.wait_for(lambda: gets(office, "/readyz").status == 200)  # the first beat takes time
    parts = {"database": True, "slack": True, "heartbeat": True}
    assert json.loads(gets(office, "/readyz").body) == parts
    assert gets(office, "/nothing").status == 404
    assert gets(office, "/slack/events").status == 405


def test_a_bot_without_its_postgres_is_alive_but_not_ready(postgres_url: str) -> None:
    with Relay(postgres_url) as relay, open_office(relay.url) as office:
        office.box.wait_for(lambda: gets(office, "/readyz").status == 200)
        relay.cut()
        ready = gets(office, "/readyz")
        assert ready.status == 503
        parts = json.loads(ready.body)
        assert (parts["database"], parts["slack"]) == (False, True)
        assert gets(office, "/healthz").status == 200
        relay.mend()
        office.box.wait_for(lambda: gets(office, "/readyz").status == 200)


def test_a_bot_without_its_file_is_alive_but_not_ready(office: Office) -> None:
    office.box.wait_for(lambda: gets(office, "/readyz").status == 200)
    file = Path(office.settings.database_url.removeprefix("sqlite:///"))
    away = file.rename(file.with_name("away"))
    assert gets(office, "/readyz").status == 503
    away.rename(file)
    office.box.wait_for(lambda: gets(office, "/readyz").status == 200)
