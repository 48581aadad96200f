"""The box itself: starting, stopping, installing apps, its clock, and its size."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient

from slackbox import Box, ManifestError, Message
from slackbox.clock import Clock, Timestamps, as_ts, micros

from .conftest import Place
from .manifest import manifest
from .robot import SILENT, Json, Robot


def test_a_box_is_filled_before_it_starts() -> None:
    box = Box()
    anna = box.user("anna")
    alpha = box.channel("alpha", members=[anna])
    app = box.install(manifest())
    assert app.bot_user_id in alpha.members
    with pytest.raises(RuntimeError, match="not running"):
        anna.says("hello", alpha)
    with box:
        anna.says("hello", alpha)
        assert box.person(anna.id) is anna
        assert anna.real_name == "Anna"
        assert repr(anna) == "Person('anna')"


def test_without_an_app_there_is_no_dm() -> None:
    with Box() as box, pytest.raises(LookupError, match="no app is installed"):
        box.user("anna").dm  # noqa: B018 asking is enough


def test_a_page_without_an_app_has_no_home_and_no_dm() -> None:
    with Box() as box:
        anna = box.user("anna")
        with socket.create_connection(("127.0.0.1", int(box.url.rpartition(":")[2]))) as raw:
            raw.sendall(f"GET /box/home?as={anna.id} HTTP/1.0\r\n\r\n".encode())
            assert b'{"view": null}' in raw.makefile("rb").read()
            state = box.call(lambda: box.backend.workspace.channels)
        assert state == {}


def test_it_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Box(host="192.0.2.1")


def test_a_taken_port_is_said_at_once() -> None:
    with Box() as box:
        port = int(box.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Box(port=port).start()


def test_it_starts_and_stops_fast_even_with_an_app_connected() -> None:
    before = time.perf_counter()
    for _ in range(10):
        with Box() as box:
            robot = Robot(box, box.install(manifest())).connect()
        assert robot.is_closed.wait(1)
        box.stop()
    assert time.perf_counter() - before < 2


def test_people_who_wait_when_it_stops_are_not_left_hanging(place: Place) -> None:
    place.box.ack_seconds = 60
    robot = Robot(place.box, place.app).connect()
    asked = threading.Event()
    failures: list[BaseException] = []

    def keep_silent(payload: Json) -> Json:
        asked.set()
        return SILENT

    robot.on["slash_commands"] = keep_silent

    def type_it() -> None:
        try:
            place.anna.types("/do it", place.alpha)
        except BaseException as failure:
            failures.append(failure)

    person = threading.Thread(target=type_it)
    person.start()
    assert asked.wait(5)
    place.box.stop()
    person.join(5)
    assert not person.is_alive()
    assert len(failures) == 1


def test_two_boxes_share_nothing() -> None:
    with Box() as one, Box() as two:
        one.user("anna")
        two.user("anna")
        assert one.url != two.url


def test_waiting_has_an_end(place: Place) -> None:
    with pytest.raises(TimeoutError):
        place.box.wait_for(lambda: None, timeout=0.01)
    assert place.box.wait_for(lambda: 7) == 7


@pytest.mark.parametrize(
    ("features", "complaint"),
    [
        ({"slash_commands": [{"command": "x", "description": "d"}]}, "a slash"),
        ({"slash_commands": [{"command": f"/{'x' * 32}", "description": "d"}]}, "32 characters"),
        ({"slash_commands": [{"command": "/x"}]}, "needs a description"),
        ({"slash_commands": [{"command": "/x", "description": "d"}] * 51}, "at most 50"),
        ({"shortcuts": [{"name": "x", "callback_id": "x", "type": "x"}]}, "message or global"),
        ({"shortcuts": [{"name": "x", "callback_id": "x", "type": "global"}] * 11}, "at most 10"),
        (
            {"shortcuts": [{"name": "x" * 25, "callback_id": "x", "type": "global"}]},
            "24 characters",
        ),
    ],
)
def test_a_manifest_slack_would_refuse_is_refused(features: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ManifestError, match=complaint):
        Box().install(manifest(**features))


def test_a_manifest_needs_a_name_and_shortcuts_need_interactivity() -> None:
    without_name = manifest() | {"display_information": {}}
    with pytest.raises(ManifestError, match="name"):
        Box().install(without_name)
    with pytest.raises(ManifestError, match="interactivity"):
        Box().install(manifest() | {"settings": {}})


def test_a_bare_manifest_is_enough() -> None:
    app = Box().install({"display_information": {"name": "Bare Bot"}})
    assert (app.commands, app.shortcuts, app.scopes, app.events) == (
        {}, {}, frozenset(), frozenset(),
    )  # fmt: skip


def test_the_clock_moves_when_told(place: Place) -> None:
    moment = datetime(2026, 11, 24, 9, tzinfo=UTC)
    place.box.now = moment
    assert abs((place.box.now - moment).total_seconds()) < 1
    place.box.advance(3_600)
    assert abs((place.box.now - moment).total_seconds() - 3_600) < 1
    with pytest.raises(ValueError, match="aware"):
        place.box.now = datetime(2026, 11, 24)  # noqa: DTZ001 what is refused


def test_timestamps_grow_when_the_clock_goes_back() -> None:
    clock = Clock()
    timestamps = Timestamps(clock)
    first = timestamps.next()
    clock.advance(-3_600)
    assert timestamps.next() > first
    assert as_ts(micros(first)) == first
    assert micros("1764000000") == micros("1764000000.000000") == micros("1764000000.0")


def test_nobody_is_told_before_it_starts() -> None:
    box = Box()
    box.install(manifest()).request_url = "http://127.0.0.1:9/"
    box.change(box.user("anna"), tz="UTC")
    with box:
        box.settle()


def test_ephemerals_can_be_forgotten(place: Place) -> None:
    answer = place.client.chat_postEphemeral(channel=place.alpha.id, user=place.anna.id, text="x")
    assert answer["message_ts"] == place.anna.reads(place.alpha)[0].ts
    place.box.forget_ephemerals()
    assert place.anna.reads(place.alpha) == []


def test_settings_are_documented_and_kept(box: Box) -> None:
    assert "ack" in str(Box.ack_seconds.__doc__)
    box.history_lag = 5
    assert (box.history_lag, box.team_id) == (5, "T0BOX")


def test_what_nobody_waits_for_any_more_is_an_event_of_the_past(place: Place) -> None:
    place.box.change(place.ben, real_name="Benedikt Ott")
    robot = Robot(place.box, place.app).connect()
    place.box.settle()
    assert robot.envelopes == []
    robot.close()


def test_a_large_workspace_stays_quick(place: Place) -> None:
    box, client, alpha = place.box, place.client, place.alpha
    for number in range(200):
        box.user(f"person{number}")

    def fill() -> None:
        workspace = box.backend.workspace
        for number in range(20_000):
            ts = workspace.timestamps.next()
            workspace.post(alpha, Message(ts, alpha.id, place.anna.id, str(number)))

    box.call(fill)
    before = time.perf_counter()
    for _ in range(20):
        client.chat_postMessage(channel=alpha.id, text="x")
        client.conversations_history(channel=alpha.id, limit=20, oldest="1.0")
        place.anna.says("@person7 do it", alpha, wait=False)
    assert time.perf_counter() - before < 2


def test_the_web_client_finds_the_team(client: WebClient) -> None:
    assert client.auth_test()["team_id"] == "T0BOX"
