"""Posting, changing and deleting messages, as slack_sdk does it."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackbox import Box, Channel, Person

from .blocks import section
from .conftest import Place


def error_of(refused: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refused.value.response["error"])


def test_a_posted_message_is_read_in_the_channel(
    client: WebClient, alpha: Channel, anna: Person, box: Box
) -> None:
    posted = client.chat_postMessage(channel=alpha.id, text="good *morning*")
    assert posted["message"]["text"] == "good *morning*"
    assert [box.text_of(message) for message in anna.reads(alpha)] == ["good morning"]
    assert anna.reads(alpha)[0].ts == posted["ts"]


def test_timestamps_grow_and_look_like_slacks(client: WebClient, alpha: Channel) -> None:
    stamps = [client.chat_postMessage(channel=alpha.id, text="x")["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))
    assert all(len(ts) == 17 and ts[10] == "." for ts in stamps)


def test_a_reply_stands_in_the_thread_only(client: WebClient, alpha: Channel, anna: Person) -> None:
    parent = client.chat_postMessage(channel=alpha.id, text="parent")["ts"]
    reply = client.chat_postMessage(channel=alpha.id, text="reply", thread_ts=parent)
    client.chat_postMessage(channel=alpha.id, text="both", thread_ts=parent, reply_broadcast=True)
    assert [message.text for message in anna.reads(alpha)] == ["parent", "both"]
    assert [m.text for m in anna.reads(alpha, thread=parent)] == ["parent", "reply", "both"]
    assert reply["message"]["parent_user_id"] == reply["message"]["user"]
    below = client.chat_postMessage(channel=alpha.id, text="below", thread_ts=reply["ts"])
    assert below["message"]["thread_ts"] == parent


def test_an_ephemeral_is_read_by_one_person_only(
    client: WebClient, alpha: Channel, anna: Person, ben: Person, box: Box
) -> None:
    client.chat_postEphemeral(channel=alpha.id, user=anna.id, text="psst")
    assert [message.text for message in anna.reads(alpha)] == ["psst"]
    assert anna.reads(alpha)[0].ephemeral_for == anna.id
    assert ben.reads(alpha) == []
    assert client.conversations_history(channel=alpha.id)["messages"] == []


def test_an_update_replaces_the_message_and_marks_it_edited(
    client: WebClient, alpha: Channel, anna: Person
) -> None:
    posted = client.chat_postMessage(
        channel=alpha.id, text="one", metadata={"event_type": "e", "event_payload": {"id": 1}}
    )
    client.chat_update(channel=alpha.id, ts=posted["ts"], text="two", blocks=[section("two")])
    message = anna.reads(alpha)[0]
    assert (message.text, message.edited is not None) == ("two", True)
    assert message.metadata == {"event_type": "e", "event_payload": {"id": 1}}
    client.chat_update(
        channel=alpha.id, ts=posted["ts"], text="3",
        metadata={"event_type": "f", "event_payload": {}},
    )  # fmt: skip
    assert message.metadata == {"event_type": "f", "event_payload": {}}
    assert message.blocks == []


def test_a_deleted_message_is_gone(client: WebClient, alpha: Channel, anna: Person) -> None:
    ts = client.chat_postMessage(channel=alpha.id, text="one")["ts"]
    message = anna.reads(alpha)[0]
    client.chat_delete(channel=alpha.id, ts=ts)
    assert anna.reads(alpha) == []
    assert message.deleted


def test_only_own_messages_can_be_changed(client: WebClient, alpha: Channel, anna: Person) -> None:
    mine = anna.says("mine", alpha)
    with pytest.raises(SlackApiError) as refused:
        client.chat_update(channel=alpha.id, ts=mine.ts, text="yours")
    assert error_of(refused) == "cant_update_message"
    with pytest.raises(SlackApiError) as refused:
        client.chat_delete(channel=alpha.id, ts=mine.ts)
    assert error_of(refused) == "cant_delete_message"


def test_a_permalink_leads_to_the_message(client: WebClient, alpha: Channel, box: Box) -> None:
    ts = client.chat_postMessage(channel=alpha.id, text="one")["ts"]
    link = client.chat_getPermalink(channel=alpha.id, message_ts=ts)["permalink"]
    assert link == f"{box.url}/archives/{alpha.id}/p{ts.replace('.', '')}"
    reply = client.chat_postMessage(channel=alpha.id, text="two", thread_ts=ts)["ts"]
    link = client.chat_getPermalink(channel=alpha.id, message_ts=reply)["permalink"]
    assert link.endswith(f"?thread_ts={ts}&cid={alpha.id}")


def test_a_user_id_as_channel_means_the_dm(client: WebClient, anna: Person, box: Box) -> None:
    posted = client.chat_postMessage(channel=anna.id, text="hello")
    assert posted["channel"] == anna.dm.id
    assert [message.text for message in anna.reads(anna.dm)] == ["hello"]


def test_a_channel_may_be_named(client: WebClient, alpha: Channel) -> None:
    assert client.chat_postMessage(channel="#alpha", text="x")["channel"] == alpha.id


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "secret", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "open", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "alpha"}, "no_text"),
        ("chat.postMessage", {"channel": "alpha", "text": "x" * 4_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "alpha", "blocks": "{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "alpha", "blocks": '"x"'}, "invalid_blocks"),
        (
            "chat.postMessage",
            {"channel": "alpha", "text": "x", "attachments": "[1]"},
            "invalid_attachments",
        ),
        (
            "chat.postMessage",
            {"channel": "alpha", "text": "x", "metadata": "[1]"},
            "invalid_metadata_schema",
        ),
        (
            "chat.postMessage",
            {"channel": "alpha", "text": "x", "metadata": "x"},
            "invalid_metadata_format",
        ),
        (
            "chat.postMessage",
            {
                "channel": "alpha",
                "text": "x",
                "metadata": {"event_type": "e", "event_payload": {"x": "x" * 17_000}},
            },
            "metadata_too_large",
        ),
        (
            "chat.postMessage",
            {"channel": "alpha", "text": "x", "thread_ts": "1.2"},
            "thread_not_found",
        ),
        (
            "chat.postEphemeral",
            {"channel": "alpha", "text": "x", "user": "U404"},
            "user_not_found",
        ),
        (
            "chat.postEphemeral",
            {"channel": "alpha", "text": "x", "user": "gast"},
            "user_not_in_channel",
        ),
        ("chat.postEphemeral", {"channel": "alpha", "text": "x"}, "invalid_arguments"),
        ("chat.update", {"channel": "C404", "ts": "1.2", "text": "x"}, "channel_not_found"),
        ("chat.update", {"channel": "alpha", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "alpha", "ts": "1.2"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "C404", "message_ts": "1.2"}, "channel_not_found"),
        ("chat.getPermalink", {"channel": "alpha", "message_ts": "1.2"}, "message_not_found"),
        ("chat.unknown", {}, "unknown_method"),
    ],
)
def test_what_slack_refuses_is_refused_by_its_name(
    place: Place, method: str, args: dict[str, object], error: str
) -> None:
    open_channel = place.box.channel("open", members=[place.anna], with_bot=False)
    ids = {
        "alpha": place.alpha.id,
        "secret": place.secret.id,
        "open": open_channel.id,
        "gast": place.guest.id,
    }
    sent = {key: ids.get(str(value), value) for key, value in args.items()}
    with pytest.raises(SlackApiError) as refused:
        place.client.api_call(method, json=sent)
    assert error_of(refused) == error
    assert place.box.calls[-1].error == error


def test_an_archived_channel_takes_no_messages(
    client: WebClient, alpha: Channel, anna: Person
) -> None:
    ts = client.chat_postMessage(channel=alpha.id, text="x")["ts"]
    anna.archives(alpha)
    for method in ("chat.postMessage", "chat.update"):
        with pytest.raises(SlackApiError) as refused:
            client.api_call(method, json={"channel": alpha.id, "ts": ts, "text": "y"})
        assert error_of(refused) == "is_archived"
    anna.unarchives(alpha)
    client.chat_postMessage(channel=alpha.id, text="x")


def test_bots_and_the_deactivated_get_no_dm(place: Place) -> None:
    place.box.change(place.ben, deleted=True)
    for address in (place.app.bot_user_id, place.ben.id):
        with pytest.raises(SlackApiError) as refused:
            place.client.chat_postMessage(channel=address, text="x")
        assert error_of(refused) == "channel_not_found"


def test_with_chat_write_public_a_bot_posts_where_it_is_not(place: Place) -> None:
    open_channel = place.box.channel("open", members=[place.anna], with_bot=False)
    place.app.scopes |= {"chat:write.public"}
    posted = place.client.chat_postMessage(channel=open_channel.id, text="x")
    place.client.chat_update(channel=open_channel.id, ts=posted["ts"], text="y")
    assert place.anna.reads(open_channel)[0].text == "y"


def test_an_own_message_in_a_private_channel_it_left_is_out_of_reach(place: Place) -> None:
    place.anna.invites(place.secret)
    ts = place.client.chat_postMessage(channel=place.secret.id, text="x")["ts"]
    place.anna.removes(place.secret)
    with pytest.raises(SlackApiError) as refused:
        place.client.chat_update(channel=place.secret.id, ts=ts, text="y")
    assert error_of(refused) == "channel_not_found"


def test_a_reaction_is_counted_once_per_person(
    client: WebClient, alpha: Channel, anna: Person
) -> None:
    ts = client.chat_postMessage(channel=alpha.id, text="x")["ts"]
    client.reactions_add(channel=alpha.id, timestamp=ts, name="white_check_mark")
    assert list(anna.reads(alpha)[0].reactions) == ["white_check_mark"]
    for args, error in (
        ({"timestamp": ts, "name": "white_check_mark"}, "already_reacted"),
        ({"timestamp": ts, "name": "No Emoji"}, "invalid_name"),
        ({"timestamp": "1.2", "name": "eyes"}, "message_not_found"),
    ):
        with pytest.raises(SlackApiError) as refused:
            client.reactions_add(channel=alpha.id, **args)
        assert error_of(refused) == error
    shown = client.conversations_history(channel=alpha.id)["messages"][0]["reactions"]
    assert shown[0]["count"] == 1
