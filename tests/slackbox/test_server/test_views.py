"""Modals and App Homes: opened, filled in, sent off, updated, closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from slackbox import Box, Channel, ImpossibleError, NoAck, Person

from .blocks import actions, button, field, modal, option, overflow, plain, section, text_input
from .conftest import Place
from .robot import SILENT, Json, Robot

FORM = modal(field("Title", text_input(), "title"), callback_id="form", private_metadata="x=1")


def trigger(place: Place, robot: Robot) -> str:
    """A fresh trigger of Anna's."""
    place.anna.types("/do it", place.alpha)
    return str(robot.last["trigger_id"])


def opened(place: Place, robot: Robot, view: Json | None = None) -> Json:
    """Open a modal for Anna."""
    answer = place.client.views_open(trigger_id=trigger(place, robot), view=view or FORM)
    shown: Json = answer["view"]
    return shown


def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


def test_a_modal_is_opened_filled_in_and_sent_off(place: Place, robot: Robot) -> None:
    view = opened(place, robot)
    assert place.box.text_of(place.anna.view) == "Form\nTitle:\n[Save] [Cancel]"
    place.anna.fills({"Title": "Supplier's *late*"})
    assert place.anna.submits() == {}
    assert place.anna.view is None
    sent = robot.last
    assert sent["type"] == "view_submission"
    assert sent["view"]["id"] == view["id"]
    assert (sent["view"]["callback_id"], sent["view"]["private_metadata"]) == ("form", "x=1")
    assert sent["view"]["state"]["values"] == {
        "title": {"text": {"type": "plain_text_input", "value": "Supplier's *late*"}}
    }


def test_every_kind_of_input_sends_its_value(place: Place, robot: Robot) -> None:
    choices = [option("Red"), option("Green")]
    blocks = [
        field("Due", {"type": "datepicker", "action_id": "a"}, "due"),
        field("At", {"type": "timepicker", "action_id": "a"}, "at"),
        field("When", {"type": "datetimepicker", "action_id": "a"}, "when"),
        field("Owner", {"type": "users_select", "action_id": "a"}, "owner"),
        field("People", {"type": "multi_users_select", "action_id": "a"}, "people"),
        field("Where", {"type": "channels_select", "action_id": "a"}, "where"),
        field("Colour", {"type": "static_select", "action_id": "a", "options": choices}, "c"),
        field("Boxes", {"type": "checkboxes", "action_id": "a", "options": choices}, "boxes"),
        field("Radio", {"type": "radio_buttons", "action_id": "a", "options": choices}, "radio"),
        field(
            "Number", {"type": "number_input", "action_id": "a", "is_decimal_allowed": False}, "n"
        ),
        field("Left", text_input("a", initial_value="as it was"), "left"),
        field("Empty", text_input("a"), "empty", optional=True),
        field(
            "None",
            {"type": "multi_static_select", "action_id": "a", "options": choices},
            "none",
            optional=True,
        ),
    ]
    opened(place, robot, modal(*blocks))
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    place.anna.fills(
        {
            "Due": date(2026, 11, 24),
            "At": time(9, 30),
            "When": noon,
            "Owner": place.ben,
            "People": [place.anna, place.ben],
            "Where": place.alpha,
            "Colour": "Green",
            "Boxes": ["Red", "green"],
            "Radio": "Red",
            "Number": 4,
            "None": None,
        }
    )
    assert place.box.text_of(place.anna.view).split("\n")[1:-1] == [
        "Due: 2026-11-24", "At: 09:30", "When: Nov 24, 2026 1:00 PM", "Owner: @Ben Ott",
        "People: @Anna Kern, @Ben Ott", "Where: #alpha", "Colour: Green", "Boxes: Red, Green",
        "Radio: Red", "Number: 4", "Left: as it was", "Empty:", "None:",
    ]  # fmt: skip
    assert place.anna.submits() == {}
    values = {block: entry["a"] for block, entry in robot.last["view"]["state"]["values"].items()}
    green, red = option("Green"), option("Red")
    assert values == {
        "due": {"type": "datepicker", "selected_date": "2026-11-24"},
        "at": {"type": "timepicker", "selected_time": "09:30"},
        "when": {"type": "datetimepicker", "selected_date_time": int(noon.timestamp())},
        "owner": {"type": "users_select", "selected_user": place.ben.id},
        "people": {
            "type": "multi_users_select", "selected_users": [place.anna.id, place.ben.id],
        },
        "where": {"type": "channels_select", "selected_channel": place.alpha.id},
        "c": {"type": "static_select", "selected_option": green},
        "boxes": {"type": "checkboxes", "selected_options": [red, green]},
        "radio": {"type": "radio_buttons", "selected_option": red},
        "n": {"type": "number_input", "value": "4"},
        "left": {"type": "plain_text_input", "value": "as it was"},
        "empty": {"type": "plain_text_input", "value": None},
        "none": {"type": "multi_static_select", "selected_options": []},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        (text_input(), None, "Please complete this required field."),
        (text_input(max_length=3), "four", "Must be no more than 3 characters."),
        (text_input(min_length=5), "four", "Must be at least 5 characters."),
        (
            {"type": "number_input", "is_decimal_allowed": True},
            "four",
            "Please enter a number.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": False},
            "4.5",
            "Please enter a whole number.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": False, "min_value": "5"},
            "4",
            "Must be 5 or more.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": False, "max_value": "3"},
            "4",
            "Must be 3 or less.",
        ),
        ({"type": "email_text_input"}, "anna", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "example", "Please enter a valid URL."),
    ],
)
def test_slacks_clients_complain_before_the_app_is_asked(
    place: Place, robot: Robot, element: Json, value: str | None, complaint: str
) -> None:
    opened(place, robot, modal(field("It", element, "it")))
    place.anna.fills({"It": value})
    assert place.anna.submits() == {"It": complaint}
    assert complaint in place.box.text_of(place.anna.view)
    assert robot.of_type("interactive") == []


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "email_text_input"}, "anna@firm.example"),
        ({"type": "url_text_input"}, "https://firm.example"),
        ({"type": "number_input", "is_decimal_allowed": True}, "4.5"),
    ],
)
def test_good_input_is_sent(place: Place, robot: Robot, element: Json, value: str) -> None:
    opened(place, robot, modal(field("It", element, "it")))
    place.anna.fills({"It": value})
    assert place.anna.submits() == {}


def test_errors_of_the_app_stand_below_their_inputs(place: Place, robot: Robot) -> None:
    robot.on["interactive"] = lambda payload: {
        "response_action": "errors", "errors": {"title": "Taken already"},
    }  # fmt: skip
    opened(place, robot)
    place.anna.fills({"Title": "x"})
    assert place.anna.submits() == {"Title": "Taken already"}
    assert "Taken already" in place.box.text_of(place.anna.view)
    robot.on.clear()
    assert place.anna.submits() == {}


def test_an_answer_can_update_push_or_clear(place: Place, robot: Robot) -> None:
    answers: list[Json] = [
        {"response_action": "update", "view": modal(section("second"))},
        {"response_action": "push", "view": modal(section("third"))},
        {"response_action": "clear"},
    ]
    robot.on["interactive"] = lambda payload: answers.pop(0)
    opened(place, robot, modal(section("first")))
    for expected in ("second", "third"):
        place.anna.submits()
        assert expected in place.box.text_of(place.anna.view)
    assert place.anna.view is not None
    assert place.anna.view.previous_id == place.anna.view.root_id
    place.anna.submits()
    assert place.anna.view is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors"},
        {"response_action": "update"},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
        SILENT,
    ],
)
def test_an_answer_slack_cannot_follow_leaves_the_form_open(
    place: Place, robot: Robot, answer: Json
) -> None:
    opened(place, robot, modal(section("x")))
    robot.on["interactive"] = lambda payload: answer
    if answer is SILENT:
        place.box.ack_seconds = 0.05
    with pytest.raises(NoAck, match="trouble connecting"):
        place.anna.submits()
    assert place.anna.view is not None


def test_a_trigger_counts_once_and_for_three_seconds(place: Place, robot: Robot) -> None:
    client = place.client
    used = trigger(place, robot)
    client.views_open(trigger_id=used, view=FORM)
    assert error_of(lambda: client.views_open(trigger_id=used, view=FORM)) == (
        "exchanged_trigger_id"
    )
    old = trigger(place, robot)
    place.box.advance(3.1)
    assert error_of(lambda: client.views_open(trigger_id=old, view=FORM)) == "expired_trigger_id"
    assert error_of(lambda: client.views_open(trigger_id="1.2.x", view=FORM)) == (
        "invalid_trigger_id"
    )
    place.box.advance(700)
    fresh = trigger(place, robot)
    assert error_of(lambda: client.views_open(trigger_id=used, view=FORM)) == "invalid_trigger_id"
    client.views_open(trigger_id=fresh, view=FORM)


def test_three_modals_are_the_most(place: Place, robot: Robot) -> None:
    client = place.client
    assert error_of(lambda: client.views_push(trigger_id=trigger(place, robot), view=FORM)) == (
        "not_found"
    )
    opened(place, robot)
    for _ in range(2):
        client.views_push(trigger_id=trigger(place, robot), view=FORM)
    assert error_of(lambda: client.views_push(trigger_id=trigger(place, robot), view=FORM)) == (
        "push_limit_reached"
    )
    opened(place, robot)
    place.anna.closes()
    assert place.anna.view is None


def test_an_update_keeps_what_is_filled_in(place: Place, robot: Robot) -> None:
    view = opened(place, robot)
    place.anna.fills({"Title": "kept"})
    longer = modal(field("Title", text_input(), "title"), section("more"))
    place.client.views_update(view_id=view["id"], hash=view["hash"], view=longer)
    assert "Title: kept\nmore" in place.box.text_of(place.anna.view)
    other = modal(field("Title", {"type": "datepicker", "action_id": "text"}, "title"))
    place.client.views_update(view_id=view["id"], view=other)
    place.anna.fills({"Title": "2026-11-24"})
    assert place.anna.submits() == {}


def test_an_update_of_an_old_version_is_a_conflict(place: Place, robot: Robot) -> None:
    view = opened(place, robot, {**FORM, "external_id": "mine"})
    client = place.client
    client.views_update(external_id="mine", view=FORM)
    conflict = error_of(
        lambda: client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    )
    assert conflict == "hash_conflict"
    assert error_of(lambda: client.views_update(view_id="V404", view=FORM)) == "not_found"
    assert error_of(lambda: client.views_update(external_id="x", view=FORM)) == "not_found"
    assert error_of(lambda: client.api_call("views.update", json={})) == "invalid_arguments"


def test_an_external_id_is_given_once(place: Place, robot: Robot) -> None:
    named = {**FORM, "external_id": "mine"}
    opened(place, robot, named)
    again = error_of(lambda: place.client.views_push(trigger_id=trigger(place, robot), view=named))
    assert again == "duplicate_external_id"


def test_closing_is_told_only_when_wanted(place: Place, robot: Robot) -> None:
    opened(place, robot)
    place.anna.closes()
    assert robot.of_type("interactive") == []
    opened(place, robot, {**FORM, "notify_on_close": True})
    place.client.views_push(
        trigger_id=trigger(place, robot),
        view={**FORM, "notify_on_close": True, "clear_on_close": True},
    )
    place.anna.closes()
    assert place.anna.view is None
    told = robot.of_type("interactive")
    assert [(payload["type"], payload["is_cleared"]) for payload in told] == [
        ("view_closed", True), ("view_closed", True),
    ]  # fmt: skip
    with pytest.raises(LookupError, match="no modal open"):
        place.anna.closes()


def test_clicks_inside_a_modal_carry_the_view(place: Place, robot: Robot) -> None:
    menu = {"type": "users_select", "action_id": "who", "placeholder": plain("Who?")}
    dispatching = field(
        "Kind",
        {"type": "static_select", "action_id": "kind", "options": [option("A"), option("B")]},
        "kind",
        dispatch_action=True,
    )
    view = opened(place, robot, modal(actions(button("Add"), menu, block_id="row"), dispatching))
    place.anna.clicks("Add")
    clicked = robot.last
    assert clicked["container"] == {"type": "view", "view_id": view["id"]}
    assert (clicked["actions"][0]["action_id"], clicked["view"]["id"]) == ("go", view["id"])
    place.anna.picks("Who?", place.ben)
    assert robot.last["actions"][0]["selected_user"] == place.ben.id
    assert robot.last["state"]["values"]["row"]["who"]["selected_user"] == place.ben.id
    place.anna.fills({"Kind": "B"})
    assert robot.last["actions"][0]["selected_option"]["value"] == "b"
    place.client.views_push(trigger_id=robot.last["trigger_id"], view=FORM)
    assert place.anna.view is not None
    assert place.anna.view.previous_id == view["id"]


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        (modal(section("x"), title=plain("t" * 25)), "less than 25"),
        (modal(section("x"), submit=plain("t" * 25)), "less than 25"),
        (modal(section("x"), private_metadata="x" * 3_001), "less than 3001"),
        (modal(section("x"), callback_id="x" * 256), "less than 256"),
        (modal(*[section("x")] * 101), "no more than 100 items"),
        (modal({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}), "unsupported"),
        (modal(section("x"), nonsense=1), "invalid additional property: nonsense"),
        ({"type": "home", "blocks": []}, "must be a valid enum value: modal"),
        (
            {"type": "modal", "title": plain("t"), "blocks": [field("x", text_input(), "x")]},
            "submit is required",
        ),
    ],
)
def test_a_view_beyond_slacks_limits_is_refused(
    place: Place, robot: Robot, view: Json, complaint: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        place.client.views_open(trigger_id=trigger(place, robot), view=view)
    answer = refused.value.response
    assert answer["error"] == "invalid_arguments"
    assert complaint in answer["response_metadata"]["messages"][0]


def test_a_view_of_more_than_250_kb_is_too_large(place: Place, robot: Robot) -> None:
    large = modal(*[section("x" * 2_990) for _ in range(90)])
    assert error_of(lambda: opened(place, robot, large)) == "view_too_large"


def test_the_home_is_published_and_looked_at(place: Place, robot: Robot) -> None:
    client, anna = place.client, place.anna
    assert anna.home is None
    anna.opens_home()
    (event,) = robot.events("app_home_opened")
    assert (event["tab"], event["user"], event["channel"]) == ("home", anna.id, anna.dm.id)
    home = {"type": "home", "blocks": [section("my list", accessory=button("Refresh"))]}
    first = client.views_publish(user_id=anna.id, view=home)["view"]
    assert place.box.text_of(anna.home) == "my list [Refresh]"
    anna.clicks("Refresh", anna.home)
    anna.clicks("Refresh")
    assert robot.last["container"] == {"type": "view", "view_id": first["id"]}
    anna.opens_home()
    assert robot.events("app_home_opened")[1]["view"]["id"] == first["id"]
    again = client.views_publish(user_id=anna.id, view=home, hash=first["hash"])["view"]
    assert again["id"] == first["id"]
    conflict = error_of(
        lambda: client.views_publish(user_id=anna.id, view=home, hash=first["hash"])
    )
    assert conflict == "hash_conflict"
    assert error_of(lambda: client.views_publish(user_id="U404", view=home)) == "invalid_arguments"
    upload = {"type": "home", "blocks": [field("File", {"type": "file_input"}, "f")]}
    refused = error_of(lambda: client.views_publish(user_id=anna.id, view=upload))
    assert refused == "invalid_arguments"
    place.app.home_enabled = False
    assert error_of(lambda: client.views_publish(user_id=anna.id, view=home)) == "not_enabled"


def test_clicks_in_messages(place: Place, robot: Robot, alpha: Channel, anna: Person) -> None:
    due = {"type": "datepicker", "action_id": "due", "initial_date": "2026-12-01"}
    rows = [
        section("A1 first", accessory=overflow("Close", "Move"), block_id="r1"),
        section("A2 second", accessory=overflow("Close", "Move"), block_id="r2"),
        section("A3 third"),
        actions(button("Done"), due),
    ]
    place.client.chat_postMessage(channel=alpha.id, text="rows", blocks=rows)
    (message,) = anna.reads(alpha)
    anna.clicks("Move", message, near="A2")
    payload = robot.last
    assert payload["actions"][0]["block_id"] == "r2"
    assert payload["actions"][0]["selected_option"]["text"]["text"] == "Move"
    assert payload["message"]["ts"] == payload["container"]["message_ts"] == message.ts
    anna.clicks("Done", message, near="A3")
    anna.picks("due", date(2026, 12, 4), message)
    assert robot.last["actions"][0]["initial_date"] == "2026-12-01"
    assert robot.last["actions"][0]["selected_date"] == "2026-12-04"
    (values,) = robot.last["state"]["values"].values()
    assert values == {"due": {"type": "datepicker", "selected_date": "2026-12-04"}}
    anna.clicks("due", message, value=date(2026, 12, 5))
    assert robot.last["actions"][0]["selected_date"] == "2026-12-05"
    for label, near in (("Close", None), ("Nothing", None), ("Done", "A1")):
        with pytest.raises(LookupError):
            anna.clicks(label, message, near=near)


def test_an_unacked_click_is_told_of(
    place: Place, robot: Robot, alpha: Channel, anna: Person, box: Box
) -> None:
    box.ack_seconds = 0.05
    place.client.chat_postMessage(channel=alpha.id, text="x", blocks=[actions(button("Go"))])
    robot.on["interactive"] = lambda payload: SILENT
    with pytest.raises(NoAck, match="operation_timeout"):
        anna.clicks("Go", anna.reads(alpha)[0])


def test_what_is_gone_cannot_be_clicked(place: Place, robot: Robot, anna: Person) -> None:
    ts = place.client.chat_postMessage(
        channel=place.alpha.id, text="x", blocks=[actions(button("Go"))]
    )["ts"]
    (message,) = anna.reads(place.alpha)
    place.client.chat_delete(channel=place.alpha.id, ts=ts)
    with pytest.raises(ImpossibleError):
        anna.clicks("Go", message)
    with pytest.raises(LookupError, match="no modal open and no home"):
        anna.clicks("Go")
    with pytest.raises(LookupError, match="nothing was answered"):
        anna.clicks("Go", anna.types("/do it", place.alpha))


def test_a_click_in_a_thread_is_answered_there(
    place: Place, robot: Robot, anna: Person, alpha: Channel
) -> None:
    parent = anna.says("parent", alpha)
    place.client.chat_postMessage(
        channel=alpha.id, text="x", thread_ts=parent.ts, blocks=[actions(button("Go"))]
    )
    clicked = anna.clicks("Go", anna.reads(alpha, thread=parent)[1])
    assert robot.last["container"]["thread_ts"] == parent.ts
    assert clicked is not None


def test_shortcuts(place: Place, robot: Robot, anna: Person, alpha: Channel) -> None:
    message = anna.says("remember this", alpha)
    anna.shortcut("Keep this", message)
    payload = robot.last
    assert (payload["type"], payload["callback_id"]) == ("message_action", "keep")
    assert payload["message"]["text"] == "remember this"
    place.client.views_open(trigger_id=payload["trigger_id"], view=FORM)
    assert anna.view is not None
    anna.shortcut("start")
    assert robot.last["type"] == "shortcut"
    with pytest.raises(LookupError, match="no shortcut"):
        anna.shortcut("Dance")
    with pytest.raises(ImpossibleError):
        anna.shortcut("Start", message)


def test_labels_that_are_not_there_are_named(place: Place, robot: Robot, anna: Person) -> None:
    opened(place, robot)
    with pytest.raises(LookupError, match=r"no input 'Titel'; there are \['Title'\]"):
        anna.fills({"Titel": "x"})
    place.client.views_update(
        view_id=anna.view.id if anna.view else "",
        view=modal(
            field("C", {"type": "static_select", "action_id": "a", "options": [option("R")]}, "c")
        ),
    )
    with pytest.raises(LookupError, match=r"no option 'G'; there are \['R'\]"):
        anna.fills({"C": "G"})
