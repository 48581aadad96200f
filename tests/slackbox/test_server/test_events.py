"""The Events API: what apps hear of, and what they do not."""

from __future__ import annotations

import pytest

from slackbox import Box, Channel, ImpossibleError, Person

from .conftest import Place
from .robot import Robot


def test_a_mention_comes_beside_the_message(robot: Robot, place: Place) -> None:
    message = place.anna.says("@Robot do it", place.alpha)
    (mention,) = robot.events("app_mention")
    assert mention["text"] == f"<@{place.app.bot_user_id}> do it"
    assert (mention["ts"], mention["event_ts"]) == (message.ts, message.ts)
    assert len(robot.events("message")) == 1


def test_what_is_typed_comes_as_rich_text_too(robot: Robot, place: Place) -> None:
    typed = "hi @ben, #alpha: <b> & https://a.example/x or a@b.example"
    message = place.anna.says(typed, place.alpha)
    (event,) = robot.events("message")
    assert event["text"] == (
        f"hi <@{place.ben.id}>, <#{place.alpha.id}|alpha>: &lt;b&gt; &amp; "
        "<https://a.example/x> or <mailto:a@b.example|a@b.example>"
    )
    (section,) = event["blocks"][0]["elements"]
    assert section["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": place.ben.id},
        {"type": "text", "text": ", "},
        {"type": "channel", "channel_id": place.alpha.id},
        {"type": "text", "text": ": <b> & "},
        {"type": "link", "url": "https://a.example/x"},
        {"type": "text", "text": " or "},
        {"type": "link", "url": "mailto:a@b.example", "text": "a@b.example"},
    ]
    assert place.box.text_of(message) == typed.replace("@ben", "@Ben Ott")


def test_in_a_dm_there_is_no_mention_event(robot: Robot, anna: Person) -> None:
    anna.says("@Robot do it", anna.dm)
    assert robot.events("app_mention") == []
    assert robot.events("message")[0]["channel_type"] == "im"


def test_a_reply_names_its_thread(robot: Robot, anna: Person, ben: Person, alpha: Channel) -> None:
    parent = anna.says("parent", alpha)
    reply = ben.says("reply", alpha, thread=parent)
    ben.says("below the reply", alpha, thread=reply.ts)
    first, second = robot.events("message")[1:]
    assert (first["thread_ts"], first["parent_user_id"]) == (parent.ts, anna.id)
    assert second["thread_ts"] == parent.ts


def test_edits_and_deletions_are_told_with_before_and_after(
    robot: Robot, anna: Person, alpha: Channel
) -> None:
    message = anna.says("one", alpha)
    anna.edits(message, "two")
    anna.deletes(message)
    _, changed, deleted = robot.events("message")
    assert changed["subtype"] == "message_changed"
    assert changed["previous_message"]["text"] == "one"
    assert changed["message"]["text"] == "two"
    assert changed["message"]["edited"]["user"] == anna.id
    assert deleted["subtype"] == "message_deleted"
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (message.ts, "two")
    with pytest.raises(ImpossibleError):
        anna.edits(message, "three")


def test_only_own_messages_can_be_edited(anna: Person, ben: Person, alpha: Channel) -> None:
    with pytest.raises(ImpossibleError):
        ben.edits(anna.says("one", alpha), "two")


def test_an_app_hears_its_own_posts_marked_as_such(robot: Robot, place: Place, box: Box) -> None:
    place.client.chat_postMessage(channel=place.alpha.id, text=f"<@{place.app.bot_user_id}>")
    box.settle()
    (event,) = robot.events("message")
    assert event["bot_id"] == place.app.bot_id
    assert "client_msg_id" not in event
    assert robot.events("app_mention") == []


def test_where_the_app_is_not_it_hears_nothing(robot: Robot, place: Place) -> None:
    place.anna.says("psst @Robot", place.secret)
    assert robot.envelopes == []


def test_what_is_not_subscribed_is_not_sent(robot: Robot, place: Place) -> None:
    place.app.events = frozenset()
    place.anna.says("hello", place.alpha)
    assert robot.envelopes == []


def test_coming_and_going(robot: Robot, place: Place) -> None:
    place.guest.user.is_restricted = False
    place.guest.joins(place.alpha)
    place.anna.removes(place.alpha, place.guest)
    joined, left = robot.events("member_joined_channel"), robot.events("member_left_channel")
    assert (joined[0]["user"], left[0]["user"]) == (place.guest.id, place.guest.id)
    assert "inviter" not in joined[0]
    place.ben.leaves(place.alpha)
    place.ben.leaves(place.alpha)
    assert robot.events("member_left_channel")[1:][0]["user"] == place.ben.id
    texts = [place.box.text_of(message) for message in place.anna.reads(place.alpha)]
    assert texts == [
        "@Gast has joined the channel", "@Gast has left the channel",
        "@Ben Ott has left the channel",
    ]  # fmt: skip


def test_an_invited_app_learns_who_invited_it(robot: Robot, place: Place) -> None:
    place.anna.invites(place.secret)
    place.anna.invites(place.secret)
    (joined,) = robot.events("member_joined_channel")
    assert (joined["user"], joined["inviter"], joined["channel_type"]) == (
        place.app.bot_user_id, place.anna.id, "G",
    )  # fmt: skip


def test_a_removed_app_is_told_that_it_left(robot: Robot, place: Place) -> None:
    place.anna.removes(place.alpha)
    (left,) = robot.events("channel_left")
    assert (left["channel"], left["actor_id"]) == (place.alpha.id, place.anna.id)
    place.anna.says("alone at last", place.alpha)
    assert robot.events("message") == []


def test_the_life_of_a_channel(robot: Robot, place: Place) -> None:
    place.anna.renames(place.alpha, "omega")
    place.anna.archives(place.alpha)
    place.anna.unarchives(place.alpha)
    place.anna.makes_private(place.alpha)
    place.anna.archives(place.alpha)
    place.anna.unarchives(place.alpha)
    place.anna.deletes_channel(place.alpha)
    kinds = [payload["event"]["type"] for payload in robot.of_type("events_api")]
    assert kinds == [
        "channel_rename", "channel_archive", "channel_unarchive", "message", "group_archive",
    ]  # fmt: skip
    assert robot.events("channel_rename")[0]["channel"]["name"] == "omega"
    assert robot.events("message")[0]["subtype"] == "channel_convert_to_private"
    assert place.box.channel("omega").name == "omega"


def test_names_that_are_taken_are_refused(place: Place) -> None:
    place.box.channel("beta")
    with pytest.raises(ImpossibleError, match="beta"):
        place.anna.renames(place.alpha, "beta")


def test_people_who_come_and_change_are_told_of(robot: Robot, place: Place) -> None:
    carl = place.box.user("carl")
    place.box.change(carl, tz="Asia/Tokyo", deleted=False)
    place.box.settle()
    (joined,), (changed,) = robot.events("team_join"), robot.events("user_change")
    assert joined["user"]["tz"] == "Europe/Berlin"
    assert changed["user"]["tz"] == "Asia/Tokyo"
    with pytest.raises(TypeError, match="shoe_size"):
        place.box.change(carl, shoe_size=43)
    place.app.scopes -= {"users:read"}
    place.box.change(carl, tz="UTC")
    place.box.settle()
    assert len(robot.events("user_change")) == 1


def test_a_reaction_is_told(robot: Robot, place: Place) -> None:
    message = place.anna.says("hello", place.alpha)
    place.client.reactions_add(channel=place.alpha.id, timestamp=message.ts, name="eyes")
    place.box.settle()
    (event,) = robot.events("reaction_added")
    assert (event["reaction"], event["item"]["ts"]) == ("eyes", message.ts)


def test_what_slack_does_not_let_people_do(place: Place) -> None:
    nobody = place.box.user("nobody")
    for forbidden in (
        lambda: nobody.says("hello", place.alpha),
        lambda: nobody.says("hello", place.secret),
        lambda: nobody.renames(place.alpha, "x"),
        lambda: nobody.joins(place.secret),
        lambda: place.guest.joins(place.alpha),
        lambda: place.anna.says(" ", place.alpha),
        lambda: place.anna.says("x", place.alpha, thread="1.2"),
        lambda: place.anna.archives(place.anna.dm),
    ):
        with pytest.raises(ImpossibleError):
            forbidden()
    place.anna.archives(place.alpha)
    with pytest.raises(ImpossibleError, match="archived"):
        place.anna.says("hello", place.alpha)
