"""Socket Mode: envelopes, acks, retries, connections that break or are refreshed."""

from __future__ import annotations

import threading
import urllib.error

import pytest
import websocket
from slack_bolt import App as BoltApp
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackbox import Box, Channel, NoAck, Person

from .conftest import Place
from .robot import SILENT, Json, Robot, hang_up


def test_a_connection_begins_with_hello(robot: Robot, place: Place) -> None:
    place.box.wait_for(lambda: robot.control)
    assert robot.control[0]["type"] == "hello"
    assert robot.control[0]["connection_info"] == {"app_id": place.app.app_id}
    assert robot.control[0]["num_connections"] == 1


def test_a_ticket_opens_one_connection(place: Place) -> None:
    opened = WebClient(base_url=place.box.api_url).apps_connections_open(
        app_token=place.app.app_token
    )
    hang_up(websocket.create_connection(opened["url"]))
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(opened["url"])


def test_only_the_app_token_opens_connections(place: Place) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        place.client.apps_connections_open(app_token=place.app.bot_token)


def test_each_command_goes_to_one_of_the_connections(place: Place) -> None:
    robots = [Robot(place.box, place.app).connect() for _ in range(2)]
    for _ in range(4):
        place.anna.types("/do it", place.alpha)
    assert [len(robot.envelopes) for robot in robots] == [2, 2]
    for robot in robots:
        robot.close()


def test_the_eleventh_connection_is_refused(place: Place) -> None:
    robots = [Robot(place.box, place.app).connect() for _ in range(10)]
    opened = place.client.apps_connections_open(app_token=place.app.app_token)
    refused = websocket.create_connection(opened["url"])
    assert "too_many_websockets" in str(refused.recv())
    hang_up(refused)
    for robot in robots:
        robot.close()


def test_an_event_is_acked_before_the_hand_returns(
    robot: Robot, anna: Person, alpha: Channel
) -> None:
    message = anna.says("hello", alpha)
    (event,) = robot.events("message")
    assert (event["ts"], event["channel_type"], event["user"]) == (
        message.ts, "channel", anna.id,
    )  # fmt: skip
    assert event["blocks"][0]["type"] == "rich_text"
    assert robot.last["authorizations"][0]["is_bot"]


def test_an_unacked_event_is_retried(robot: Robot, anna: Person, alpha: Channel, box: Box) -> None:
    box.ack_seconds, box.retry_delays = 0.05, (0.0, 0.01)
    answers: list[Json | None] = [SILENT, SILENT, None]
    robot.on["events_api"] = lambda payload: answers.pop(0)
    with pytest.raises(NoAck, match="operation_timeout"):
        anna.says("hello", alpha)
    box.wait_for(lambda: len(robot.envelopes) == 3)
    tries = [(e["retry_attempt"], e["retry_reason"]) for e in robot.envelopes]
    assert tries == [(0, ""), (1, "timeout"), (2, "timeout")]
    assert len({e["payload"]["event_id"] for e in robot.envelopes}) == 1
    box.settle()


def test_an_event_never_acked_is_given_up(
    robot: Robot, anna: Person, alpha: Channel, box: Box
) -> None:
    box.ack_seconds, box.retry_delays = 0.02, ()
    robot.on["events_api"] = lambda payload: SILENT
    with pytest.raises(NoAck):
        anna.says("hello", alpha)
    robot.on.clear()
    box.ack_seconds = 3
    anna.says("again", alpha)
    assert [event["text"] for event in robot.events("message")] == ["hello", "again"]


def test_events_wait_for_an_app_that_is_away(
    place: Place, anna: Person, alpha: Channel, box: Box
) -> None:
    anna.says("while you were out", alpha)
    robot = Robot(place.box, place.app).connect()
    box.settle()
    assert [event["text"] for event in robot.events("message")] == ["while you were out"]
    assert robot.envelopes[0]["retry_attempt"] == 0
    robot.close()


def test_an_event_lost_with_its_connection_comes_again_after_the_reconnect(
    robot: Robot, place: Place, anna: Person, alpha: Channel, box: Box
) -> None:
    got_it = threading.Event()

    def keep_silent(payload: Json) -> Json:
        got_it.set()
        return SILENT

    robot.on["events_api"] = keep_silent
    anna.says("hello", alpha, wait=False)
    assert got_it.wait(5)
    box.drop_sockets()
    assert robot.is_closed.wait(5)
    box.wait_for(lambda: box.connections == 0)
    other = Robot(place.box, place.app).connect()
    box.wait_for(lambda: other.envelopes)
    assert other.envelopes[0]["retry_attempt"] == 1
    assert other.envelopes[0]["retry_reason"] == "connection_lost"
    box.settle()
    other.close()


def test_a_refreshed_connection_gets_nothing_new(
    robot: Robot, place: Place, anna: Person, alpha: Channel, box: Box
) -> None:
    box.refresh_sockets()
    assert box.connections == 0
    other = Robot(place.box, place.app).connect()
    anna.types("/do it", alpha)
    assert (len(robot.envelopes), len(other.envelopes)) == (0, 1)
    box.wait_for(lambda: len(robot.control) > 1)
    assert robot.control[1]["reason"] == "refresh_requested"
    other.close()


def test_noise_on_a_connection_is_ignored(robot: Robot, anna: Person, alpha: Channel) -> None:
    assert robot._socket is not None
    for noise in ("no json", "[1]", '{"envelope_id": "unknown"}'):
        robot._socket.send(noise)
    robot._socket.send_binary(b"\x00")
    robot._socket.ping()
    anna.types("/do it", alpha)


def test_the_workspace_pings(place: Place) -> None:
    opened = place.client.apps_connections_open(app_token=place.app.app_token)
    place.box.backend.sockets.ping_seconds = 0.01
    connection = websocket.create_connection(opened["url"])
    opcodes = [connection.recv_data_frame(control_frame=True)[0] for _ in range(2)]
    assert opcodes == [websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_PING]
    hang_up(connection)


def test_bolt_answers_commands_and_mentions_and_comes_back_after_a_reset(place: Place) -> None:
    box = place.box
    bolt = BoltApp(client=place.client, signing_secret="-", process_before_response=True)

    @bolt.command("/do")
    def do(ack, command):  # type: ignore[no-untyped-def]  # Bolt passes by name
        ack(text=f"heard {command['text']}")

    @bolt.event("app_mention")
    def mentioned(event, say):  # type: ignore[no-untyped-def]  # the same
        say(text="yes?", thread_ts=event["ts"])

    @bolt.event("message")
    def heard() -> None:
        """Every message in the channel, unused."""

    handler = SocketModeHandler(bolt, place.app.app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt's adapter is partly typed
    box.wait_for(lambda: box.connections)
    assert place.anna.types("/do one", place.alpha).text == "heard one"
    asked = place.anna.says("@Robot are you there?", place.alpha)
    answered = box.wait_for(lambda: place.anna.reads(place.alpha, thread=asked)[1:])
    assert [message.text for message in answered] == ["yes?"]
    box.settle()
    box.drop_sockets()
    box.wait_for(lambda: box.connections == 0)
    box.wait_for(lambda: box.connections, timeout=30)
    assert place.anna.types("/do two", place.alpha).text == "heard two"
    # websocket-client sleeps up to ten seconds in its close; a reset connection wakes it
    handler.client.auto_reconnect_enabled = False
    box.drop_sockets()
    handler.close()  # type: ignore[no-untyped-call]  # the same


def test_an_outage_keeps_everything_but_the_connections(
    robot: Robot, place: Place, anna: Person, alpha: Channel, box: Box
) -> None:
    anna.says("before", alpha)
    address = box.url
    box.stop()
    assert robot.is_closed.wait(5)
    with pytest.raises(urllib.error.URLError):
        place.client.auth_test()
    box.start()
    assert box.url == address
    assert [message.text for message in anna.reads(alpha)] == ["before"]
    back = Robot(box, place.app).connect()
    anna.types("/do it", alpha)
    back.close()
