"""What holds for every call: tokens, scopes, rates, faults, the record of calls."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler

from slackbox import Box, Channel, Person, Rate

from .conftest import Place


def post(url: str, body: bytes, content_type: str = "application/json") -> Any:
    request = urllib.request.Request(url, data=body)  # noqa: S310 a loopback address
    request.add_header("Content-Type", content_type)
    with urllib.request.urlopen(request) as answer:  # noqa: S310 the same
        return json.load(answer)


def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def test_a_call_needs_the_right_token(place: Place) -> None:
    url = place.box.api_url
    assert WebClient(place.app.bot_token, base_url=url).auth_test()["user"] == "robot"
    wrong = WebClient("xoxb-wrong", base_url=url)
    assert error_of(wrong.auth_test) == "invalid_auth"
    assert error_of(WebClient(base_url=url).auth_test) == "not_authed"
    assert error_of(WebClient(place.app.app_token, base_url=url).auth_test) == (
        "not_allowed_token_type"
    )
    place.app.token_error = "token_revoked"
    assert error_of(place.client.auth_test) == "token_revoked"


def test_arguments_come_as_json_form_or_query(place: Place) -> None:
    token, url = place.app.bot_token, f"{place.box.api_url}users.info"
    asked = {"token": token, "user": place.ben.id}
    assert post(url, json.dumps(asked).encode())["user"]["name"] == "ben"
    form = f"token={token}&user={place.ben.id}".encode()
    assert post(url, form, "application/x-www-form-urlencoded")["user"]["name"] == "ben"
    with urllib.request.urlopen(f"{url}?token={token}&user={place.ben.id}") as answer:  # noqa: S310 loopback
        assert json.load(answer)["user"]["name"] == "ben"
    nothing = post(f"{place.box.api_url}views.open", f"token={token}&view=&trigger_id=x".encode(),
                   "application/x-www-form-urlencoded")  # fmt: skip
    assert nothing["error"] == "invalid_arguments"
    assert post(url, b"{")["error"] == "invalid_json"
    assert post(url, b"[1]")["error"] == "invalid_json"
    assert post(url, json.dumps({"token": token}).encode())["error"] == "invalid_arguments"


def test_a_missing_scope_is_named(place: Place) -> None:
    place.app.scopes = frozenset({"commands"})
    with pytest.raises(SlackApiError) as refused:
        place.client.chat_postMessage(channel=place.alpha.id, text="x")
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope", "chat:write", "commands",
    )  # fmt: skip


def test_calls_are_recorded(place: Place) -> None:
    place.client.chat_postMessage(channel=place.alpha.id, text="x")
    error_of(lambda: place.client.users_info(user="U404"))
    posted, asked = place.box.calls
    assert (posted.method, posted.args["text"], posted.error) == ("chat.postMessage", "x", None)
    assert (asked.method, asked.error, asked.token) == (
        "users.info", "user_not_found", place.app.bot_token,
    )  # fmt: skip


def test_rates_are_off_until_asked_for(client: WebClient, alpha: Channel, box: Box) -> None:
    for _ in range(10):
        client.chat_postMessage(channel=alpha.id, text="x")
    box.limits.rates = True
    other = box.channel("other")
    for _ in range(5):
        client.chat_postMessage(channel=alpha.id, text="burst")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=alpha.id, text="too much")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "5"
    client.chat_postMessage(channel=other.id, text="another channel")
    box.advance(5.1)
    client.chat_postMessage(channel=alpha.id, text="later")


def test_one_method_can_have_a_rate_of_its_own(client: WebClient, box: Box) -> None:
    box.limits.per_method["auth.test"] = Rate(2, 60)
    client.auth_test()
    client.auth_test()
    assert error_of(client.auth_test) == "ratelimited"
    assert box.calls[-1].error == "ratelimited"
    client.users_list()


def test_a_429_on_demand(client: WebClient, box: Box) -> None:
    box.faults.add("*", "ratelimited", seconds=7)
    with pytest.raises(SlackApiError) as refused:
        client.auth_test()
    assert refused.value.response.headers["Retry-After"] == "7"
    client.auth_test()


@pytest.mark.parametrize(
    ("kind", "stored"),
    [("drop_before", 0), ("drop_after", 1), ("error_before", 0), ("error_after", 1)],
)
def test_a_call_fails_before_or_after_it_counted(
    client: WebClient, alpha: Channel, anna: Person, box: Box, kind: str, stored: int
) -> None:
    box.faults.add("chat.postMessage", kind)
    with pytest.raises((OSError, SlackApiError)):
        client.chat_postMessage(channel=alpha.id, text="x")
    assert len(anna.reads(alpha)) == stored
    assert box.faults.happened == [("chat.postMessage", kind)]
    assert box.faults.waiting == 0
    client.chat_postMessage(channel=alpha.id, text="y")
    assert len(anna.reads(alpha)) == stored + 1


def test_the_default_client_posts_twice_when_the_answer_is_lost(
    place: Place, alpha: Channel, anna: Person, box: Box
) -> None:
    client = WebClient(place.app.bot_token, base_url=box.api_url)
    assert isinstance(client.retry_handlers[0], RetryHandler)
    box.faults.add("chat.postMessage", "drop_after")
    client.chat_postMessage(channel=alpha.id, text="x")
    assert len(anna.reads(alpha)) == 2


def test_a_slow_answer_comes_late(client: WebClient, box: Box) -> None:
    box.faults.add("auth.test", "slow", seconds=0.05)
    before = time.monotonic()
    client.auth_test()
    assert time.monotonic() - before >= 0.05


@pytest.mark.parametrize(("kind", "stored"), [("hang", 0), ("hang_after", 1)])
def test_a_hanging_call_is_never_answered(
    place: Place, alpha: Channel, anna: Person, kind: str, stored: int
) -> None:
    impatient = WebClient(
        place.app.bot_token, base_url=place.box.api_url, timeout=1, retry_handlers=[]
    )
    impatient.timeout = 0.05  # type: ignore[assignment]  # urllib takes fractions as well
    place.box.faults.add("chat.postMessage", kind)
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel=alpha.id, text="x")
    place.box.wait_for(lambda: place.box.calls)
    assert len(anna.reads(alpha)) == stored


def test_an_error_by_name_in_one_channel_only(client: WebClient, alpha: Channel, box: Box) -> None:
    other = box.channel("other")
    box.faults.add("chat.postMessage", "error:internal_error", times=None, channel=alpha)
    box.faults.add("users.info", "error:fatal_error", channel=other.id)
    client.chat_postMessage(channel=other.id, text="x")
    for _ in range(3):
        refused = error_of(lambda: client.chat_postMessage(channel=alpha.id, text="x"))
        assert refused == "internal_error"
    assert box.faults.waiting == 2
    box.faults.clear()
    client.chat_postMessage(channel=alpha.id, text="x")
    with pytest.raises(ValueError, match="no such fault: flood"):
        box.faults.add("*", "flood")


def test_a_call_in_another_channel_passes_by_a_fault_that_waits(
    client: WebClient, alpha: Channel, box: Box
) -> None:
    box.faults.add("chat.postMessage", "error_before", times=2)
    box.faults.add("auth.test", "error:other")
    assert error_of(client.auth_test) == "other"
    assert box.faults.waiting == 2
