"""What the page asks the server and does through it."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from slackbox import OfficeTime, Step

from .blocks import actions, button, field, modal, option, section, text_input
from .conftest import Place
from .robot import SILENT, Robot

Json = dict[str, Any]


class Page:
    """The page's side of its API, for one person."""

    def __init__(self, place: Place, person: str) -> None:
        self.url = place.box.url
        self.me = person

    def send(self, act: str, headers: dict[str, str] | None = None, **body: Any) -> Json:
        data = json.dumps({"as": self.me, **body}).encode()
        request = urllib.request.Request(  # noqa: S310 a loopback address
            f"{self.url}/box/{act}", data=data, headers=headers or {}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 the same
            read: Json = json.load(answer)
            return read

    def read(self, look: str, **query: str) -> Json:
        query = {"as": self.me, **query}
        url = f"{self.url}/box/{look}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url) as answer:  # noqa: S310 the same
            read: Json = json.load(answer)
            return read

    def follow(self) -> Iterator[Json]:
        """Server-sent events, from the moment the first is asked for."""
        stream = urllib.request.urlopen(f"{self.url}/box/events?as={self.me}", timeout=5)  # noqa: S310 the same
        with stream:
            assert stream.readline() == b": connected\n"
            yield {"type": "connected"}
            for line in stream:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])


@pytest.fixture
def page(place: Place) -> Page:
    return Page(place, place.anna.id)


def status_of(call: Any) -> int:
    with pytest.raises(urllib.error.HTTPError) as refused:
        call()
    refused.value.close()
    return refused.value.code


def test_the_state_has_everything_around_the_messages(place: Place, page: Page) -> None:
    place.box.command_help = [{"command": "/do", "completions": []}]
    place.box.user("carl", real_name="Carl Maria von Weber")
    state = page.read("state")
    assert (state["team"]["id"], state["me"]) == ("T0BOX", place.anna.id)
    people = {person["name"]: person for person in state["users"]}
    assert people["anna"]["initials"] == "AK"
    assert people["carl"]["initials"] == "CW"
    assert people["gast"]["is_guest"]
    assert people["robot"]["is_bot"]
    kinds = {channel["name"]: channel["kind"] for channel in state["channels"]}
    assert kinds == {"alpha": "channel", "secret": "private", "Robot": "im"}
    assert state["app"] == {
        "user_id": place.app.bot_user_id, "name": "Robot", "home_enabled": True,
    }  # fmt: skip
    assert [entry["command"] for entry in state["commands"]] == ["/do", "/raw"]
    assert {entry["type"] for entry in state["shortcuts"]} == {"message", "global"}
    assert state["command_help"] == [{"command": "/do", "completions": []}]
    ben = Page(place, place.ben.id).read("state")
    assert "secret" not in [channel["name"] for channel in ben["channels"]]


def test_a_page_that_does_not_know_yet_who_it_is_is_the_first_person(place: Place) -> None:
    assert Page(place, "").read("state")["me"] == place.anna.id
    assert Page(place, "U404").read("state")["me"] == place.anna.id


def test_unread_messages_are_counted_until_looked_at(place: Place, page: Page) -> None:
    def unread() -> int:
        (alpha,) = [c for c in page.read("state")["channels"] if c["name"] == "alpha"]
        count: int = alpha["unread"]
        return count

    place.ben.says("one", place.alpha)
    place.ben.says("two", place.alpha)
    assert unread() == 2
    page.read("messages", channel=place.alpha.id)
    assert unread() == 0


def test_messages_come_with_all_that_is_drawn(place: Place, page: Page) -> None:
    parent = place.ben.says("parent", place.alpha)
    place.client.chat_postMessage(channel=place.alpha.id, text="r", thread_ts=parent.ts)
    place.client.chat_postEphemeral(channel=place.alpha.id, user=place.anna.id, text="psst")
    place.client.reactions_add(channel=place.alpha.id, timestamp=parent.ts, name="eyes")
    place.client.files_upload_v2(content=b"x", filename="x.txt", channel=place.alpha.id)
    first, second, third = page.read("messages", channel=place.alpha.id)["messages"]
    assert (first["reply_count"], first["reactions"][0]["count"]) == (1, 1)
    assert second["ephemeral"]
    assert third["files"][0]["url"].startswith("/box/files/F")
    thread = page.read("messages", channel=place.alpha.id, thread=parent.ts)["messages"]
    assert [message["text"] for message in thread] == ["parent", "r"]
    assert page.read("messages", channel="C404") == {"messages": []}
    ben = Page(place, place.ben.id)
    assert ben.read("messages", channel=place.secret.id) == {"messages": []}


def test_writing_editing_deleting(place: Place, page: Page) -> None:
    ts = page.send("message", channel=place.alpha.id, text="hello @ben")["ts"]
    page.send("message", channel=place.alpha.id, text="below", thread=ts)
    page.send("edit", channel=place.alpha.id, ts=ts, text="hi")
    assert [message.text for message in place.anna.reads(place.alpha, thread=ts)] == [
        "hi", "below",
    ]  # fmt: skip
    page.send("delete", channel=place.alpha.id, ts=ts)
    assert place.anna.reads(place.alpha) == []
    assert page.send("edit", channel=place.alpha.id, ts=ts, text="hi")["ok"] is False
    assert page.send("edit", channel="C404", ts=ts, text="hi")["ok"] is False


def test_commands_and_what_slackbot_says_when_they_fail(
    place: Place, page: Page, robot: Robot
) -> None:
    assert page.send("command", channel=place.alpha.id, text="/do it") == {"ok": True}
    assert robot.last["text"] == "it"
    place.box.ack_seconds = 0.05
    robot.on["slash_commands"] = lambda payload: SILENT
    failed = page.send("command", channel=place.alpha.id, text="/do it")
    assert failed == {"ok": False, "error": "/do failed with the error “operation_timeout”"}
    in_thread = page.send("command", channel=place.alpha.id, text="/do it", thread="1.2")
    assert in_thread["error"] == "/do is not supported in threads. Sorry!"
    unknown = page.send("command", channel=place.alpha.id, text="/nix")
    assert "not a valid command" in unknown["error"]


def test_clicks_in_messages_and_views(place: Place, page: Page, robot: Robot) -> None:
    menu = {"type": "static_select", "action_id": "m", "options": [option("A"), option("B")]}
    who = {"type": "users_select", "action_id": "w"}
    row = actions(button("Go"), menu, who, block_id="row")
    posted = place.client.chat_postMessage(channel=place.alpha.id, text="x", blocks=[row])
    container = {"type": "message", "channel": place.alpha.id, "ts": posted["ts"]}
    page.send("action", container=container, block_id="row", action_id="go", value=None)
    assert robot.last["actions"][0]["action_id"] == "go"
    state = {"row": {"w": {"type": "users_select", "selected_user": place.ben.id}}}
    page.send(
        "action", container=container, block_id="row", action_id="m",
        value={"selected_option": option("B")}, state=state,
    )  # fmt: skip
    values = robot.last["state"]["values"]["row"]
    assert values["m"]["selected_option"] == option("B")
    assert values["w"]["selected_user"] == place.ben.id
    page.send("action", container=container, block_id="row", action_id="m", value=option("A"))
    assert robot.last["actions"][0]["selected_option"] == option("A")
    gone = page.send("action", container=container, block_id="row", action_id="gone")
    assert gone["ok"] is False
    lost = page.send("action", container={**container, "ts": "1.2"}, block_id="row", action_id="go")
    assert lost["ok"] is False
    home = {"type": "home", "blocks": [actions(button("Go"), block_id="row")]}
    no_home = page.send("action", container={"type": "home"}, block_id="row", action_id="go")
    assert no_home["ok"] is False
    place.client.views_publish(user_id=place.anna.id, view=home)
    page.send("action", container={"type": "home"}, block_id="row", action_id="go")
    assert robot.last["container"]["type"] == "view"
    view_id = page.read("home")["view"]["id"]
    page.send(
        "action", container={"type": "view", "view_id": view_id}, block_id="row", action_id="go"
    )
    assert robot.last["container"]["view_id"] == view_id


def test_a_form_is_filled_in_and_sent_off(place: Place, page: Page, robot: Robot) -> None:
    assert page.read("view") == {"view": None}
    message = place.anna.says("keep me", place.alpha)
    page.send("shortcut", callback_id="keep", channel=place.alpha.id, ts=message.ts)
    view = modal(field("Title", text_input(), "title"))
    place.client.views_open(trigger_id=robot.last["trigger_id"], view=view)
    shown = page.read("view")["view"]
    assert (shown["depth"], shown["errors"]) == (1, {})
    empty = page.send("submit", view_id=shown["id"], state={})
    assert empty == {"ok": False, "errors": {"title": "Please complete this required field."}}
    assert page.read("view")["view"]["errors"] == empty["errors"]
    state = {
        "title": {"text": {"type": "plain_text_input", "value": "x"}, "other": {"value": "y"}},
        "unknown": {},
    }
    assert page.send("submit", view_id=shown["id"], state=state) == {"ok": True}
    sent = robot.last["view"]["state"]["values"]
    assert sent == {"title": {"text": {"type": "plain_text_input", "value": "x"}}}
    assert page.send("submit", view_id=shown["id"], state=state)["ok"] is False
    page.send("shortcut", callback_id="start")
    place.client.views_open(trigger_id=robot.last["trigger_id"], view=view)
    closed = page.read("view")["view"]["id"]
    assert page.send("close", view_id=closed) == {"ok": True}
    assert page.read("view") == {"view": None}
    assert page.send("close", view_id=closed) == {"ok": True}  # Escape was pressed twice


def test_the_home_opens(place: Place, page: Page, robot: Robot) -> None:
    assert page.read("home") == {"view": None}
    assert page.send("home") == {"ok": True}
    assert len(robot.events("app_home_opened")) == 1


def test_channels_are_made_and_changed(place: Place, page: Page) -> None:
    made = page.send("channels", name="New Ideas!", private=False)["channel"]
    channel = place.box.backend.workspace.channels[made]
    assert channel.name == "new_ideas"
    assert page.send("channels", name="alpha")["ok"] is False
    ben = Page(place, place.ben.id)
    ben.send("join", channel=made)
    page.send("invite", channel=made, user=place.app.bot_user_id)
    assert list(channel.members) == [place.anna.id, place.ben.id, place.app.bot_user_id]
    page.send("kick", channel=made, user=place.ben.id)
    page.send("rename", channel=made, name="ideas")
    page.send("archive", channel=made)
    assert (channel.name, channel.archived) == ("ideas", True)
    page.send("unarchive", channel=made)
    page.send("leave", channel=made)
    assert list(channel.members) == [place.app.bot_user_id]
    assert page.send("invite", channel=place.alpha.id, user="U404")["ok"] is False
    guest = Page(place, place.guest.id)
    assert guest.send("channels", name="mine")["ok"] is False
    private = page.send("channels", name="own", private=True)["channel"]
    assert place.box.backend.workspace.channels[private].kind == "private"


def test_changes_are_pushed_to_those_they_concern(place: Place, page: Page) -> None:
    events = page.follow()
    next(events)
    place.client.chat_postEphemeral(channel=place.alpha.id, user=place.ben.id, text="for Ben")
    place.ben.says("not hers", place.ben.dm)
    place.client.chat_postEphemeral(channel=place.alpha.id, user=place.anna.id, text="for Anna")
    assert next(events)["type"] == "channels"  # Ben's DM came into being
    assert next(events)["type"] == "ephemeral"
    message = place.ben.says("hello", place.alpha)
    assert next(events) == {
        "type": "message", "channel": place.alpha.id, "ts": message.ts, "thread_ts": None,
    }  # fmt: skip
    place.ben.edits(message, "hi")
    place.ben.deletes(message)
    assert [next(events)["type"] for _ in range(2)] == ["changed", "deleted"]
    place.client.views_publish(
        user_id=place.anna.id, view={"type": "home", "blocks": [section("x")]}
    )
    assert next(events) == {"type": "home"}
    place.box.toast("Saved")
    assert next(events) == {"type": "toast", "text": "Saved"}
    place.box.now = place.box.now
    assert next(events)["type"] == "clock"
    place.box.stop()
    assert list(events) == []


def test_an_opened_view_is_pushed_whole(place: Place, page: Page, robot: Robot) -> None:
    events = page.follow()
    next(events)
    place.anna.shortcut("start")
    place.client.views_open(trigger_id=robot.last["trigger_id"], view=modal(section("x")))
    assert next(events)["view"]["title"]["text"] == "Form"
    place.anna.closes()
    assert next(events) == {"type": "view", "view": None}


def test_a_page_that_goes_away_is_forgotten(place: Place, page: Page) -> None:
    events = page.follow()
    next(events)
    listeners = place.box.backend.changes
    assert len(listeners._listeners) == 1
    events.close()  # type: ignore[attr-defined]  # a generator is what it is

    def is_forgotten() -> bool:
        place.box.toast("anybody there?")
        return not listeners._listeners

    place.box.wait_for(is_forgotten)


def test_what_makes_no_sense_is_refused(place: Place, page: Page) -> None:
    assert status_of(lambda: page.send("dance")) == 404
    assert status_of(lambda: page.read("dance")) == 404
    assert status_of(lambda: Page(place, "U404").read("home")) == 404
    assert status_of(lambda: Page(place, place.app.bot_user_id).read("state")) == 404
    assert status_of(lambda: page.send("action")) == 400
    strange = {"Origin": "https://elsewhere.example"}
    assert status_of(lambda: page.send("home", headers=strange)) == 403
    own = {"Origin": place.box.url}
    assert page.send("home", headers=own) == {"ok": True}


def test_the_page_itself_is_served(place: Place) -> None:
    with urllib.request.urlopen(place.box.url) as answer:  # noqa: S310 loopback
        assert "text/html" in answer.headers["Content-Type"]
    with urllib.request.urlopen(f"{place.box.url}/main.js") as answer:  # noqa: S310 loopback
        assert "javascript" in answer.headers["Content-Type"]
    for path in ("/nothing.js", "/%2e%2e/box.py", "/../box.py"):
        url = place.box.url + path
        assert status_of(lambda url=url: urllib.request.urlopen(url)) == 404  # noqa: S310 loopback


# --- Office time ----------------------------------------------------------------------------


def test_time_cannot_be_moved_where_nobody_offers_it(page: Page) -> None:
    assert page.read("state")["office_time"] is None
    assert page.send("office-time", step=0) == {"ok": False, "error": "Time cannot be moved here."}


def test_office_time_is_what_the_page_shows_and_not_what_messages_are_known_by(
    place: Place, page: Page
) -> None:
    at = [datetime(2030, 1, 7, 7, 0, tzinfo=UTC)]
    hour = Step("+1 h", lambda now: now + timedelta(hours=1))
    place.box.office_time = OfficeTime(lambda: at[0], lambda to: at.__setitem__(0, to), (hour,))
    assert page.read("state")["office_time"] == {"steps": ["+1 h"]}
    assert page.send("office-time", step=0) == {"ok": True}
    assert page.read("state")["now"] == at[0].timestamp()
    message = place.anna.says("Good morning", place.alpha)
    shown = page.read("messages", channel=place.alpha.id)["messages"][-1]
    assert shown["shown_at"] == datetime(2030, 1, 7, 8, 0, tzinfo=UTC).timestamp()
    assert abs(float(message.ts) - place.box.now.timestamp()) < 60
    assert page.send("office-time", to="2030-01-08T08:25") == {"ok": True}
    assert at[0] == datetime(2030, 1, 8, 7, 25, tzinfo=UTC)  # Anna is in Berlin
    for wrong, words in {
        "soon": "“soon” is no day and hour, such as 2026-11-23 07:55.",
        "2030-01-08T08:00": "It is Tue 8 Jan 2030, 08:25 now.",
    }.items():
        assert page.send("office-time", to=wrong)["error"].endswith(words)
    assert page.send("office-time", step=7)["error"] == "There is no such leap."
    assert at[0] == datetime(2030, 1, 8, 7, 25, tzinfo=UTC)
