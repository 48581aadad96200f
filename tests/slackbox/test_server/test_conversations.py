"""Conversations: which there are, who is in them, what was said."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackbox import Box, Channel, Person

from .conftest import Place


def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def test_a_bot_lists_public_channels_and_private_ones_it_is_in(place: Place) -> None:
    def names(**args: Any) -> list[str]:
        answer = place.client.conversations_list(**args)
        return [channel.get("name", "") for channel in answer["channels"]]

    assert names() == ["alpha"]
    assert names(types="public_channel,private_channel") == ["alpha"]
    place.anna.invites(place.secret)
    assert names(types="public_channel,private_channel") == ["alpha", "secret"]
    assert names(types="im") == []
    assert place.anna.dm.id
    assert len(names(types="im")) == 1
    place.anna.archives(place.alpha)
    assert names(exclude_archived=True) == []
    assert names() == ["alpha"]
    assert error_of(lambda: names(types="nonsense")) == "invalid_types"


def test_listings_come_in_pages(client: WebClient, box: Box) -> None:
    for number in range(4):
        box.channel(f"c{number}")
    seen: list[str] = []
    for page in client.conversations_list(limit=2):
        seen += [channel["name"] for channel in page["channels"]]
    assert seen == ["alpha", "c0", "c1", "c2", "c3"]
    assert error_of(lambda: client.conversations_list(cursor="x")) == "invalid_cursor"
    assert error_of(lambda: client.conversations_list(cursor="YWJj")) == "invalid_cursor"
    assert error_of(lambda: client.conversations_list(limit=-1)) == "invalid_limit"
    broken = error_of(lambda: client.api_call("conversations.list", params={"limit": "x"}))
    assert broken == "invalid_arguments"


def test_a_channel_says_what_it_is(place: Place) -> None:
    info = place.client.conversations_info
    alpha = info(channel=place.alpha.id, include_num_members=True, include_locale=True)["channel"]
    assert (alpha["name"], alpha["is_member"], alpha["num_members"]) == ("alpha", True, 3)
    assert (alpha["is_private"], alpha["locale"]) == (False, "en-US")
    assert "num_members" not in info(channel=place.alpha.id)["channel"]
    direct = info(channel=place.anna.dm.id)["channel"]
    assert (direct["is_im"], direct["user"]) == (True, place.anna.id)
    assert error_of(lambda: info(channel=place.secret.id)) == "channel_not_found"
    assert error_of(lambda: info(channel="C404")) == "channel_not_found"


def test_members_of_a_channel(place: Place) -> None:
    members = place.client.conversations_members(channel=place.alpha.id)["members"]
    assert members == [place.anna.id, place.ben.id, place.app.bot_user_id]


def test_history_is_newest_first_and_comes_in_pages(client: WebClient, alpha: Channel) -> None:
    stamps = [client.chat_postMessage(channel=alpha.id, text=str(n))["ts"] for n in range(7)]
    seen: list[str] = []
    for page in client.conversations_history(channel=alpha.id, limit=3):
        seen += [message["ts"] for message in page["messages"]]
    assert seen == stamps[::-1]


def test_history_between_two_moments(client: WebClient, alpha: Channel) -> None:
    stamps = [client.chat_postMessage(channel=alpha.id, text=str(n))["ts"] for n in range(5)]

    def texts(**args: Any) -> str:
        answer = client.conversations_history(channel=alpha.id, **args)
        return "".join(message["text"] for message in answer["messages"])

    assert texts(oldest=stamps[1], latest=stamps[3]) == "2"
    assert texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == "321"
    assert texts(oldest="0", latest="now") == "43210"
    assert texts(oldest=str(int(float(stamps[0])) + 60)) == ""
    paged = ""
    for page in client.conversations_history(channel=alpha.id, oldest=stamps[0], limit=2):
        paged += "".join(message["text"] for message in page["messages"])
    assert paged == "4321"
    broken = error_of(lambda: client.conversations_history(channel=alpha.id, oldest="soon"))
    assert broken == "invalid_ts_oldest"


def test_metadata_comes_only_when_asked_for(client: WebClient, alpha: Channel) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "1"}}
    client.chat_postMessage(channel=alpha.id, text="x", metadata=metadata)
    plain = client.conversations_history(channel=alpha.id)["messages"][0]
    assert "metadata" not in plain
    full = client.conversations_history(channel=alpha.id, include_all_metadata=True)["messages"][0]
    assert full["metadata"] == metadata


def test_a_young_message_is_not_in_a_lagging_history(
    client: WebClient, alpha: Channel, box: Box
) -> None:
    parent = client.chat_postMessage(channel=alpha.id, text="old")["ts"]
    box.advance(60)
    box.history_lag = 30
    client.chat_postMessage(channel=alpha.id, text="young")
    client.chat_postMessage(channel=alpha.id, text="reply", thread_ts=parent)
    assert len(client.conversations_history(channel=alpha.id)["messages"]) == 1
    late = client.conversations_history(channel=alpha.id, latest=str(box.now.timestamp() + 9))
    assert len(late["messages"]) == 1
    assert len(client.conversations_replies(channel=alpha.id, ts=parent)["messages"]) == 1
    box.advance(60)
    assert len(client.conversations_history(channel=alpha.id)["messages"]) == 2
    assert len(client.conversations_replies(channel=alpha.id, ts=parent)["messages"]) == 2


def test_replies_come_after_their_parent(client: WebClient, alpha: Channel) -> None:
    parent = client.chat_postMessage(channel=alpha.id, text="p")["ts"]
    stamps = [
        client.chat_postMessage(channel=alpha.id, text=str(n), thread_ts=parent)["ts"]
        for n in range(4)
    ]
    answer = client.conversations_replies(channel=alpha.id, ts=stamps[2])
    assert "".join(message["text"] for message in answer["messages"]) == "p0123"
    assert answer["messages"][0]["reply_count"] == 4
    first = client.conversations_replies(channel=alpha.id, ts=parent, limit=3)
    assert first["has_more"]
    missing = error_of(lambda: client.conversations_replies(channel=alpha.id, ts="1.2"))
    assert missing == "thread_not_found"


def test_history_needs_membership_and_the_scope_of_its_kind(place: Place) -> None:
    open_channel = place.box.channel("open", members=[place.anna], with_bot=False)
    history = place.client.conversations_history
    assert error_of(lambda: history(channel=open_channel.id)) == "not_in_channel"
    assert error_of(lambda: history(channel=place.secret.id)) == "channel_not_found"
    place.app.scopes -= {"channels:history"}
    with pytest.raises(SlackApiError) as refused:
        history(channel=place.alpha.id)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "chat:write" in answer["provided"].split(",")


def test_opening_direct_messages(place: Place) -> None:
    opened = place.client.conversations_open
    one = opened(users=place.anna.id)["channel"]
    assert one == {"id": place.anna.dm.id}
    assert opened(users=[place.anna.id], return_im=True)["channel"]["user"] == place.anna.id
    assert opened(channel=place.anna.dm.id)["channel"]["id"] == place.anna.dm.id
    both = opened(users=[place.anna.id, place.ben.id])["channel"]["id"]
    place.client.chat_postMessage(channel=both, text="to both")
    assert [m.text for m in place.ben.reads(place.box.backend.workspace.channels[both])] == [
        "to both"
    ]
    assert error_of(lambda: opened(users="U404")) == "user_not_found"
    assert error_of(lambda: opened(users=place.app.bot_user_id)) == "cannot_dm_bot"
    assert error_of(lambda: opened(users=["U1"] * 9)) == "too_many_users"
    assert error_of(lambda: opened(channel="")) == "users_list_not_supplied"
    place.box.change(place.ben, deleted=True)
    assert error_of(lambda: opened(users=place.ben.id)) == "user_disabled"


def test_joining_a_channel(place: Place) -> None:
    join = place.client.conversations_join
    open_channel = place.box.channel("open", members=[place.anna], with_bot=False)
    assert join(channel=open_channel.id)["channel"]["is_member"]
    assert join(channel=open_channel.id)["warning"] == "already_in_channel"
    assert error_of(lambda: join(channel=place.secret.id)) == "channel_not_found"
    dm = place.anna.dm.id
    assert error_of(lambda: join(channel=dm)) == "method_not_supported_for_channel_type"
    place.anna.archives(open_channel)
    assert error_of(lambda: join(channel=open_channel.id)) == "is_archived"


def test_people(place: Place) -> None:
    ben = place.client.users_info(user=place.ben.id, include_locale=True)["user"]
    assert (ben["tz"], ben["locale"], ben["is_bot"]) == ("America/New_York", "en-US", False)
    assert ben["tz_offset"] in (-14400, -18000)
    assert ben["profile"]["email"] == "ben@firm.example"
    assert "locale" not in place.client.users_info(user=place.ben.id)["user"]
    assert place.client.users_info(user=place.guest.id)["user"]["is_restricted"]
    found = place.client.users_lookupByEmail(email="ANNA@firm.example")["user"]
    assert found["id"] == place.anna.id
    assert len(place.client.users_list()["members"]) == 4
    assert error_of(lambda: place.client.users_info(user="U404")) == "user_not_found"
    missing = error_of(lambda: place.client.users_lookupByEmail(email="x@y.example"))
    assert missing == "users_not_found"


def test_addresses_are_seen_with_their_scope_only(place: Place) -> None:
    place.app.scopes -= {"users:read.email"}
    assert "email" not in place.client.users_info(user=place.ben.id)["user"]["profile"]
    refused = error_of(lambda: place.client.users_lookupByEmail(email="ben@firm.example"))
    assert refused == "missing_scope"


def test_strangers_and_the_deactivated_are_marked(place: Place) -> None:
    stranger = place.box.user("eve", is_stranger=True)
    assert place.client.users_info(user=stranger.id)["user"]["is_stranger"]
    gone = place.box.user("gone", deleted=True)
    shown = place.client.users_info(user=gone.id)["user"]
    assert shown["deleted"]
    assert "tz" not in shown
    robot = place.client.users_info(user=place.app.bot_user_id)["user"]
    assert robot["profile"]["bot_id"] == place.app.bot_id


def test_a_name_is_given_once(place: Place) -> None:
    with pytest.raises(ValueError, match="anna"):
        place.box.user("anna")
    with pytest.raises(ValueError, match="alpha"):
        place.box.channel("alpha")


def test_a_guest_reads_only_channels_he_is_in(place: Place, anna: Person) -> None:
    anna.says("secret plans", place.alpha)
    assert place.guest.reads(place.alpha) == []
    anna.invites(place.alpha, place.guest)
    assert "secret plans" in [message.text for message in place.guest.reads(place.alpha)]
