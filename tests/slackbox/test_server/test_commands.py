"""Slash commands: what arrives, what is read back, and for how long one may answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from slackbox import Box, Channel, ImpossibleError, NoAck, Person

from .blocks import button, section
from .conftest import Place
from .robot import SILENT, Robot


def post(url: str, body: Any) -> tuple[int, str]:
    """Post JSON (or bytes as they are); status and answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data)  # noqa: S310 a loopback address
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 the same
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_command_arrives_with_every_field_slack_sends(robot: Robot, place: Place) -> None:
    place.anna.types("/do  this  and that ", place.alpha)
    payload = robot.last
    assert payload["text"] == "this  and that"
    assert payload | {"trigger_id": "", "response_url": "", "text": ""} == {
        "token": place.app.verification_token,
        "team_id": "T0BOX",
        "team_domain": "box",
        "channel_id": place.alpha.id,
        "channel_name": "alpha",
        "user_id": place.anna.id,
        "user_name": "anna",
        "command": "/do",
        "text": "",
        "api_app_id": place.app.app_id,
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }


def test_only_public_channels_are_named(robot: Robot, place: Place) -> None:
    place.anna.types("/do", place.anna.dm)
    place.anna.types("/do", place.secret)
    names = [payload["channel_name"] for payload in robot.of_type("slash_commands")]
    assert names == ["directmessage", "privategroup"]


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("for @ben", "for <@{ben}|ben>"),
        ("for @Ben Ott, soon", "for <@{ben}|ben>, soon"),
        ("for @BEN", "for <@{ben}|ben>"),
        ("for @benny", "for @benny"),
        ("mail x@ben.example", "mail <mailto:x@ben.example|x@ben.example>"),
        ("in #alpha and #beta", "in <#{alpha}|alpha> and #beta"),
        ("see https://a.example/b?c=1&d=2.", "see <https://a.example/b?c=1&amp;d=2>."),
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ('it\'s a \\ "quoted" `thing`', 'it\'s a \\ "quoted" `thing`'),
    ],
)
def test_what_is_typed_arrives_escaped_with_entities(
    robot: Robot, place: Place, typed: str, arrives: str
) -> None:
    place.anna.types(f"/do {typed}", place.alpha)
    assert robot.last["text"] == arrives.format(ben=place.ben.id, alpha=place.alpha.id)


def test_without_should_escape_names_stay_names(robot: Robot, place: Place) -> None:
    place.anna.types("/raw for @ben & <all>\nin #alpha", place.alpha)
    assert robot.last["text"] == "for @ben &amp; &lt;all&gt;\nin #alpha"


def test_the_ack_is_read_by_the_sender_only(
    robot: Robot, anna: Person, ben: Person, alpha: Channel, box: Box
) -> None:
    robot.on["slash_commands"] = lambda payload: {"text": f"done: {payload['text']}"}
    answer = anna.types("/do it", alpha)
    assert answer
    assert (answer.text, answer.ephemeral_for) == ("done: it", anna.id)
    assert repr(answer) == "Answer('done: it')"
    assert box.text_of(answer) == answer.text
    assert [message.ts for message in anna.reads(alpha)] == [answer.ts]
    assert ben.reads(alpha) == []


def test_an_ack_can_be_for_the_whole_channel(
    robot: Robot, anna: Person, ben: Person, alpha: Channel
) -> None:
    robot.on["slash_commands"] = lambda payload: {"text": "all", "response_type": "in_channel"}
    answer = anna.types("/do it", alpha)
    assert answer.ephemeral_for is None
    assert [message.text for message in ben.reads(alpha)] == ["all"]


def test_no_answer_is_an_empty_answer(robot: Robot, anna: Person, alpha: Channel) -> None:
    answer = anna.types("/do it", alpha)
    assert not answer
    assert (answer.text, answer.blocks, answer.ts, answer.ephemeral_for) == ("", [], "", None)


def test_an_app_that_does_not_ack_is_told_of(
    robot: Robot, anna: Person, alpha: Channel, box: Box
) -> None:
    robot.on["slash_commands"] = lambda payload: SILENT
    box.ack_seconds = 0.05
    with pytest.raises(NoAck) as failed:
        anna.types("/do it", alpha)
    assert failed.value.reason == "operation_timeout"
    assert failed.value.text == "/do failed with the error “operation_timeout”"
    assert len(robot.envelopes) == 1


def test_an_app_that_is_away_is_told_of(anna: Person, alpha: Channel) -> None:
    with pytest.raises(NoAck, match="dispatch_failed"):
        anna.types("/do it", alpha)


def test_an_answer_slack_would_not_show_is_told_of(
    robot: Robot, anna: Person, alpha: Channel
) -> None:
    robot.on["slash_commands"] = lambda payload: {"blocks": [{"type": "nonsense"}]}
    with pytest.raises(NoAck, match=r"invalid_command_response.*unsupported type: nonsense"):
        anna.types("/do it", alpha)


def test_an_unknown_command_is_slacks_to_refuse(anna: Person, alpha: Channel) -> None:
    with pytest.raises(ImpossibleError, match="/nix is not a valid command"):
        anna.types("/nix", alpha)


def test_later_answers_follow_through_the_response_url(
    robot: Robot, anna: Person, ben: Person, alpha: Channel
) -> None:
    robot.on["slash_commands"] = lambda payload: {"text": "working"}
    answer = anna.types("/do it", alpha)
    url = robot.last["response_url"]
    assert post(url, {"text": "done", "replace_original": True}) == (200, "ok")
    assert answer.text == "done"
    assert len(anna.reads(alpha)) == 1
    assert post(url, {"text": "also"}) == (200, "ok")
    assert [message.text for message in answer.messages] == ["done", "also"]
    assert post(url, {"text": "public", "response_type": "in_channel"}) == (200, "ok")
    assert [message.text for message in ben.reads(alpha)] == ["public"]
    assert post(url, {"delete_original": True}) == (200, "ok")
    assert ben.reads(alpha) == []
    assert post(url, {}) == (200, "ok")
    assert post(url, {"text": "sixth"})[0] == 404


def test_replacing_without_an_original_shows_a_new_answer(
    robot: Robot, anna: Person, alpha: Channel
) -> None:
    answer = anna.types("/do it", alpha)
    post(robot.last["response_url"], {"delete_original": True})
    post(robot.last["response_url"], {"text": "new", "replace_original": True})
    assert answer.text == "new"


def test_a_response_url_counts_five_uses_and_thirty_minutes(
    robot: Robot, anna: Person, alpha: Channel, box: Box
) -> None:
    anna.types("/do it", alpha)
    url = robot.last["response_url"]
    for _ in range(5):
        assert post(url, {"text": "x"})[0] == 200
    status, body = post(url, {"text": "x"})
    assert (status, json.loads(body)["error"]) == (404, "used_url")
    anna.types("/do it", alpha)
    box.advance(31 * 60)
    status, body = post(robot.last["response_url"], {"text": "x"})
    assert (status, json.loads(body)["error"]) == (404, "expired_url")
    anna.types("/do it", alpha)
    assert post(url, {"text": "x"})[0] == 404


def test_a_response_url_refuses_what_slack_refuses(
    robot: Robot, anna: Person, alpha: Channel
) -> None:
    anna.types("/do it", alpha)
    url = robot.last["response_url"]
    for body in (b"no json", b"[1]"):
        assert json.loads(post(url, body)[1])["error"] == "invalid_payload"
    status, answer = post(url, {"blocks": [section("x" * 3_001)]})
    assert status == 400
    assert "less than 3001" in json.loads(answer)["response_metadata"]["messages"][0]


def test_an_answer_can_go_into_a_thread(robot: Robot, anna: Person, alpha: Channel) -> None:
    parent = anna.says("parent", alpha)
    anna.types("/do it", alpha)
    body = {"text": "in thread", "response_type": "in_channel", "thread_ts": parent.ts}
    post(robot.last["response_url"], body)
    assert [message.text for message in anna.reads(alpha, thread=parent)][1:] == ["in thread"]


def test_faults_of_the_response_url(robot: Robot, anna: Person, alpha: Channel, box: Box) -> None:
    answer = anna.types("/do it", alpha)
    url = robot.last["response_url"]
    box.faults.add("response_url", "error_before")
    assert post(url, {"text": "one"})[0] == 500
    assert not answer
    box.faults.add("response_url", "error_after")
    assert post(url, {"text": "two"})[0] == 500
    assert answer.text == "two"
    box.faults.add("response_url", "error:internal_error")
    assert json.loads(post(url, {"text": "three"})[1])["error"] == "internal_error"


def test_an_answer_to_a_click_replaces_the_public_message(
    robot: Robot, place: Place, anna: Person, alpha: Channel, box: Box
) -> None:
    rows = [section("open", accessory=button("Close"))]
    place.client.chat_postMessage(channel=alpha.id, text="open", blocks=rows)
    (message,) = anna.reads(alpha)
    anna.clicks("Close", message)
    url = robot.last["response_url"]
    assert post(url, {"text": "closed", "replace_original": True}) == (200, "ok")
    assert (message.text, message.blocks, message.edited is not None) == ("closed", [], True)
    assert post(url, {"delete_original": True}) == (200, "ok")
    assert anna.reads(alpha) == []
    assert post(url, {"delete_original": True}) == (200, "ok")
    box.settle()
    subtypes = [event.get("subtype") for event in robot.events("message")]
    assert subtypes == [None, "message_changed", "message_deleted"]


def test_a_button_in_an_answer_replaces_it(robot: Robot, anna: Person, alpha: Channel) -> None:
    robot.on["slash_commands"] = lambda payload: {
        "text": "kept", "blocks": [section("kept", accessory=button("Undo", value="7"))],
    }  # fmt: skip
    answer = anna.types("/do it", alpha)
    clicked = anna.clicks("Undo", answer)
    payload = robot.last
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert payload["actions"][0]["value"] == "7"
    post(payload["response_url"], {"text": "undone", "replace_original": True})
    assert answer.text == "undone"
    assert clicked is not None
    assert not clicked
    post(payload["response_url"], {"delete_original": True})
    post(payload["response_url"], {"text": "gone", "replace_original": True})
    assert clicked.text == "gone"
