"""Every limit on blocks, at the last size Slack takes and at the first it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from slackbox import Box, Channel, Person

from .blocks import actions, button, field, mrkdwn, option, plain, section, text_input, words

Json = dict[str, Any]


def x(length: int) -> str:
    return "x" * length


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option("a")], **more}


def confirm(title: int = 1, text: int = 1, yes: int = 1) -> Json:
    return {
        "title": plain(x(title)), "text": plain(x(text)), "confirm": plain(x(yes)),
        "deny": plain("no"),
    }  # fmt: skip


def options(count: int) -> list[Json]:
    return [option(f"o{number}") for number in range(count)]


def table(rows: int, columns: int) -> Json:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * columns] * rows}


def chart(series: int = 1, points: int = 1) -> Json:
    data = [{"label": f"p{n}", "value": n} for n in range(points)]
    return {
        "type": "data_visualization",
        "title": "Chart",
        "chart": {
            "type": "bar",
            "series": [{"name": f"s{n}", "data": data} for n in range(series)],
            "axis_config": {"categories": [point["label"] for point in data]},
        },
    }


def image(url: int = 9, alt: int = 1) -> Json:
    return {"type": "image", "image_url": x(url), "alt_text": x(alt)}


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn("x")] * count}


def buttons(count: int) -> Json:
    return actions(*[button("x", f"a{number}") for number in range(count)])


def ticks(kind: str, count: int) -> Json:
    return actions({"type": kind, "action_id": "t", "options": options(count)})


FITS = [
    [section(x(3_000))],
    [{"type": "section", "fields": [mrkdwn(x(1_000))] * 10}],
    [{"type": "section", "fields": [plain(x(2_000))]}],
    [{"type": "header", "text": plain(x(150))}],
    [context(10)],
    [buttons(25)],
    [actions(button(x(75), value=x(2_000), accessibility_label=x(75)))],
    [actions(button("x", confirm=confirm(100, 300, 30)))],
    [actions(select(options=options(100)))],
    [actions({"type": "overflow", "action_id": "o", "options": options(5)})],
    [ticks("checkboxes", 10)],
    [ticks("radio_buttons", 10)],
    [actions(select(placeholder=plain(x(150))))],
    [image(url=3_000, alt=2_000)],
    [field(x(2_000), text_input(max_length=3_000), "b", hint=plain(x(2_000)))],
    [table(100, 20)],
    [{"type": "data_table", "rows": [[{"type": "raw_number", "value": 1}]], "caption": "c"}],
    [chart(6, 20), chart()],
    [{"type": "markdown", "text": x(12_000)}],
    [words({"type": "text", "text": x(3_000), "style": {"bold": True}})],
    [section("x", accessory=select(option_groups=None))],
    [actions({"type": "multi_users_select", "action_id": "m", "max_selected_items": 3})],
    [{"type": "divider"}] * 50,
    [section(x(2_750))] * 4,
]
TOO_MUCH = [
    ([section(x(3_001))], "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section("")], "more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "no more than 10 items"),
    ([{"type": "section", "fields": [mrkdwn(x(2_001))]}], "less than 2001"),
    ([{"type": "section"}], "missing required field: text or fields"),
    ([{"type": "header", "text": plain(x(151))}], "less than 151"),
    ([{"type": "header", "text": mrkdwn("x")}], "unsupported type: mrkdwn"),
    ([{"type": "header"}], "missing required field: text"),
    ([context(11)], "no more than 10 items"),
    ([context(0)], "at least 1 items"),
    ([buttons(26)], "no more than 25 items"),
    ([actions(button(x(76)))], "less than 76"),
    ([actions(button("x", value=x(2_001)))], "less than 2001"),
    ([actions(button("x", accessibility_label=x(76)))], "less than 76"),
    ([actions(button("x", style="purple"))], "valid enum value: primary, danger"),
    ([actions(button("x", confirm=confirm(title=101)))], "less than 101"),
    ([actions(button("x", confirm=confirm(text=301)))], "less than 301"),
    ([actions(button("x", confirm=confirm(yes=31)))], "less than 31"),
    ([actions(button("x"), button("y"))], "action_id go already exists for this block"),
    ([section("x", block_id="b"), section("y", block_id="b")], "block_id b already exists"),
    ([section("x", block_id=x(256))], "less than 256"),
    ([actions(select(options=options(101)))], "no more than 100 items"),
    ([actions(select(options=[option(x(76), "v")]))], "less than 76"),
    ([actions(select(options=[option("x", x(76))]))], "less than 76"),
    ([actions(select(options=None))], "missing required field: options or option_groups"),
    ([actions(select(option_groups=[]))], "at least 1 items"),
    (
        [actions(select(option_groups=[{"label": plain("g"), "options": options(1)}]))],
        "only one of options, option_groups",
    ),
    ([actions({"type": "overflow", "action_id": "o", "options": options(6)})], "no more than 5"),
    ([ticks("checkboxes", 11)], "no more than 10 items"),
    ([ticks("radio_buttons", 11)], "no more than 10 items"),
    ([actions(select(placeholder=plain(x(151))))], "less than 151"),
    ([image(url=3_001)], "less than 3001"),
    ([image(alt=2_001)], "less than 2001"),
    ([{"type": "image", "alt_text": "x"}], "image_url or slack_file"),
    ([field(x(2_001), text_input(), "b")], "less than 2001"),
    ([field("x", text_input(), "b", hint=plain(x(2_001)))], "less than 2001"),
    ([field("x", text_input(max_length=3_001), "b")], "between 1 and 3000"),
    ([field("x", button("x"), "b")], "unsupported type: button"),
    ([actions(text_input())], "unsupported type: plain_text_input"),
    ([table(101, 1)], "no more than 100 items"),
    ([table(1, 21)], "no more than 20 items"),
    ([table(1, 1), table(1, 1)], "no more than 1 table allowed"),
    ([chart(7)], "no more than 6 items"),
    ([chart(1, 21)], "no more than 20 items"),
    ([chart()] * 3, "no more than 2 data_visualization allowed"),
    ([{"type": "markdown", "text": x(12_001)}], "less than 12001"),
    ([{"type": "markdown", "text": x(6_001)}] * 2, "less than 12001"),
    ([{"type": "divider"}] * 51, "no more than 50 items"),
    ([{"type": "wobble"}], "unsupported type: wobble"),
    ([section("x", colour="red")], "invalid additional property: colour"),
    ([{"type": "section", "text": "x"}], "must be an object"),
    (["x"], "must be an object"),
    ([{"type": "actions", "elements": ["x"]}], "must be an object"),
    ([{"type": "actions", "elements": {"x": 1}}], "must be an array"),
    ([{"type": "header", "text": {"type": "plain_text", "text": 1}}], "must be a string"),
    ([section("x", expand="yes")], "must be a valid boolean"),
    (
        [actions({"type": "datepicker", "action_id": "d", "initial_date": "24.11.2026"})],
        "must match",
    ),
    (
        [actions({"type": "datetimepicker", "action_id": "d", "initial_date_time": "soon"})],
        "must be a number",
    ),
    ([words({"type": "text", "text": ""})], "more than 0 characters"),
    ([words({"type": "user"})], "missing required field: user_id"),
    (
        [section("x", accessory={"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}})],
        "invalid slack file",
    ),
    ([section("x", accessory={**button("x"), "confirm": "sure?"})], "must be an object"),
]


@pytest.mark.parametrize("blocks", FITS, ids=lambda blocks: blocks[0]["type"])
def test_what_fits_is_posted(client: WebClient, alpha: Channel, blocks: list[Json]) -> None:
    client.chat_postMessage(channel=alpha.id, text="x", blocks=blocks)


@pytest.mark.parametrize(("blocks", "complaint"), TOO_MUCH, ids=lambda value: str(value)[:40])
def test_what_is_too_much_is_refused_with_the_place_and_the_reason(
    client: WebClient, alpha: Channel, anna: Person, blocks: list[Json], complaint: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=alpha.id, text="x", blocks=blocks)
    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert any(complaint in message for message in answer["response_metadata"]["messages"])
    assert anna.reads(alpha) == []


def test_all_blocks_together_have_a_limit(client: WebClient, alpha: Channel) -> None:
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        client.chat_postMessage(
            channel=alpha.id, text="x", blocks=[*[section(x(2_750))] * 4, section("x")]
        )


def test_a_block_slack_does_not_know_yet(client: WebClient, alpha: Channel, box: Box) -> None:
    box.limits.refused_blocks.add("table")
    with pytest.raises(SlackApiError, match="unsupported type: table"):
        client.chat_postMessage(channel=alpha.id, text="x", blocks=[section("x"), table(1, 1)])


def test_missing_ids_are_added(client: WebClient, alpha: Channel) -> None:
    message = client.chat_postMessage(
        channel=alpha.id,
        text="x",
        blocks=[
            section("x", accessory={"type": "button", "text": plain("x")}),
            section("x", accessory={"type": "image", "image_url": "x", "alt_text": "x"}),
        ],
    )["message"]
    first, second = message["blocks"]
    assert first["block_id"] != second["block_id"]
    assert first["accessory"]["action_id"]
    assert "action_id" not in second["accessory"]
