"""text_of: what a reader sees, a row per line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from slackbox import Box, Channel, Person

from .blocks import actions, button, field, mrkdwn, option, overflow, plain, section, text_input
from .blocks import words as rich
from .conftest import Place

Json = dict[str, Any]


@pytest.fixture
def read(client: WebClient, alpha: Channel, anna: Person, box: Box) -> Any:
    """Post blocks (or a text) and read them."""

    def post(*blocks: Json, text: str = "fallback") -> str:
        client.chat_postMessage(channel=alpha.id, text=text, blocks=list(blocks))
        return box.text_of(anna.reads(alpha)[-1])

    return post


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("*bold* _italic_ ~gone~ `code`", "bold italic gone code"),
        ("*bold _and italic_*", "bold and italic"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold * and ** neither **", "* not bold * and ** neither **"),
        ("`*as typed*`", "*as typed*"),
        ("```\nx *y*\n```", "x *y*"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&gt; quoted", "quoted"),
        ("<https://a.example/b|the page>", "the page"),
        ("<https://a.example/b?c=1&amp;d=2>", "https://a.example/b?c=1&d=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!channel> <!here>", "@channel @here"),
        ("<!subteam^S1|@office> <!subteam^S1>", "@office @group"),
        ("<@U404> <#C404|old> <#C404>", "@U404 #old #C404"),
    ],
)
def test_mrkdwn_is_read_without_its_marks(read: Any, written: str, seen: str) -> None:
    assert read(section(written)) == seen
    assert read(text=written) == seen


def test_people_and_channels_are_named(read: Any, place: Place) -> None:
    written = f"<@{place.ben.id}> in <#{place.alpha.id}>, <@{place.ben.id}|ben>"
    assert read(section(written)) == "@Ben Ott in #alpha, @Ben Ott"


def test_blocks_are_rows(read: Any) -> None:
    seen = read(
        {"type": "header", "text": plain("Title *as it is*")},
        section("text", accessory=button("Undo")),
        {"type": "section", "text": mrkdwn("more"), "fields": [mrkdwn("*a*"), plain("*b*")]},
        {"type": "divider"},
        {
            "type": "context",
            "elements": [
                {"type": "image", "image_url": "x", "alt_text": "dot"},
                mrkdwn("_small_"),
            ],
        },
        {"type": "image", "image_url": "x", "alt_text": "R 3, A 2", "title": plain("Chart")},
        section("pictured", accessory={"type": "image", "image_url": "x", "alt_text": "a face"}),
        {"type": "markdown", "text": "# *raw*"},
        {
            "type": "video",
            "alt_text": "talk",
            "title": plain("Video"),
            "thumbnail_url": "x",
            "video_url": "x",
        },
        {"type": "file", "external_id": "x", "source": "remote"},
    )
    assert seen == (
        "Title *as it is*\ntext [Undo]\nmore\na\n*b*\n---\ndot small\nChart\nR 3, A 2\n"
        "pictured a face\n# *raw*\nVideo\ntalk\n[file]"
    )


def test_what_can_be_clicked_is_in_brackets(read: Any) -> None:
    choices = [option("Red"), option("Green")]
    seen = read(
        actions(
            button("Done"),
            overflow("Move", "Close"),
            {"type": "users_select", "action_id": "u", "placeholder": plain("Who?")},
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-24"},
            {"type": "timepicker", "action_id": "t"},
        ),
        actions(
            {
                "type": "checkboxes", "action_id": "c", "options": choices,
                "initial_options": choices[:1],
            },
            {
                "type": "radio_buttons", "action_id": "r", "options": choices,
                "initial_option": choices[1],
            },
            {"type": "radio_buttons", "action_id": "n", "options": choices},
        ),
        field("Name", text_input(initial_value="Anna"), "n", hint=plain("as on the door")),
    )  # fmt: skip
    assert seen == (
        "[Done] [⋯ Move · Close] [Who?] [2026-11-24] []\n"
        "(x) Red ( ) Green ( ) Red (x) Green ( ) Red ( ) Green\n"
        "Name: Anna\nas on the door"
    )


def test_rich_text_is_read_without_its_styles(read: Any, place: Place) -> None:
    def parts(*elements: Json, kind: str = "rich_text_section", **more: Any) -> Json:
        return {"type": kind, "elements": list(elements), **more}

    word = {"type": "text", "text": "word", "style": {"bold": True}}
    moment = int(datetime(2026, 11, 24, 9, 5, tzinfo=UTC).timestamp())
    seen = read(
        rich(
            {"type": "text", "text": "*to the letter* <b> & "},
            {"type": "user", "user_id": place.ben.id},
            {"type": "channel", "channel_id": place.alpha.id},
            {"type": "link", "url": "https://a.example", "text": "page"},
            {"type": "link", "url": "https://a.example"},
            {"type": "emoji", "name": "tada"},
            {"type": "broadcast", "range": "here"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "team", "team_id": "T1"},
            {"type": "color", "value": "#f00"},
            {"type": "date", "timestamp": moment, "format": "{date_num} {time}"},
        ),
        {
            "type": "rich_text",
            "elements": [
                parts(parts(word), parts(word), kind="rich_text_list", style="ordered", offset=3),
                parts(parts(word), kind="rich_text_list", style="bullet", indent=1),
                parts(word, kind="rich_text_quote"),
                parts({"type": "text", "text": "x\ny"}, kind="rich_text_preformatted"),
            ],
        },
    )
    assert seen == (
        "*to the letter* <b> & @Ben Ott#alphapagehttps://a.example:tada:@here@S1@T1#f00"
        "2026-11-24 9:05 AM\n4. word\n5. word\n  • word\nword\nx\ny"
    )


def test_tables_and_charts_are_read_in_numbers(read: Any) -> None:
    rows = [
        [{"type": "raw_text", "text": "A12"}, rich({"type": "text", "text": "due *soon*"})],
        [{"type": "raw_number", "value": 7}, {"type": "raw_number", "value": 7, "text": "seven"}],
    ]
    pie = {"type": "pie", "segments": [{"label": "Red", "value": 3}]}
    line = {
        "type": "line",
        "series": [{"name": "Open", "data": [{"label": "CW1", "value": 2}]}],
        "axis_config": {"categories": ["CW1"]},
    }
    seen = read(
        {"type": "table", "rows": rows},
        {"type": "data_table", "rows": rows[1:], "caption": "Numbers"},
        {"type": "data_visualization", "title": "Status", "chart": pie},
        {"type": "data_visualization", "title": "Trend", "chart": line},
    )
    assert seen == (
        "A12 | due *soon*\n7 | seven\nNumbers\n7 | seven\nStatus\nRed 3\nTrend\nOpen: CW1 2"
    )


def dated(moment: datetime, form: str) -> str:
    return f"<!date^{int(moment.timestamp())}^{form}|fallback>"


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ("{date_num}", "2020-03-01"),
        ("{date_slash}", "03/01/2020"),
        ("{date}", "March 1st, 2020"),
        ("{date_pretty}", "March 1st, 2020"),
        ("{date_short}", "Mar 1, 2020"),
        ("{date_short_pretty}", "Mar 1, 2020"),
        ("{date_long}", "Sunday, March 1st, 2020"),
        ("{date_long_full}", "Sunday, March 1st, 2020"),
        ("{date_long_pretty} at {time}", "Sunday, March 1st, 2020 at 11:30 PM"),
        ("{time_secs} {nonsense}", "11:30:05 PM {nonsense}"),
    ],
)
def test_dates_are_written_as_slack_writes_them(read: Any, form: str, seen: str) -> None:
    assert read(section(dated(datetime(2020, 3, 1, 23, 30, 5, tzinfo=UTC), form))) == seen


def test_near_dates_have_names(read: Any) -> None:
    now = datetime.now(UTC)
    for days, name in ((-1, "yesterday"), (0, "today"), (1, "tomorrow")):
        assert read(section(dated(now + timedelta(days=days), "{date_pretty}"))) == name
    soon = now + timedelta(days=10)
    assert str(soon.year) not in read(section(dated(soon, "{date}")))
    for delta, words in (
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1, seconds=5), "1 minute ago"),
        (timedelta(hours=2, seconds=5), "2 hours ago"),
        (timedelta(days=-3, seconds=-5), "in 3 days"),
    ):
        assert read(section(dated(now - delta, "{ago}"))) == words


@pytest.mark.parametrize(
    ("day", "ordinal"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
)
def test_days_are_counted_in_english(read: Any, day: int, ordinal: str) -> None:
    assert f"May {ordinal}," in read(section(dated(datetime(2020, 5, day, tzinfo=UTC), "{date}")))


def test_each_reader_has_a_zone(place: Place) -> None:
    noon = section(dated(datetime(2020, 3, 1, 12, tzinfo=UTC), "{time}"))
    place.client.chat_postMessage(channel=place.alpha.id, text="x", blocks=[noon])
    (shared,) = place.ben.reads(place.alpha)
    text_of = place.box.text_of
    assert text_of(shared) == "12:00 PM"
    assert text_of(shared, place.anna) == "1:00 PM"
    place.client.chat_postMessage(channel=place.ben.id, text="x", blocks=[noon])
    assert text_of(place.ben.reads(place.ben.dm)[0]) == "7:00 AM"
    place.client.chat_postEphemeral(
        channel=place.alpha.id, user=place.ben.id, text="x", blocks=[noon]
    )
    assert text_of(place.ben.reads(place.alpha)[1]) == "7:00 AM"
    place.client.views_publish(user_id=place.ben.id, view={"type": "home", "blocks": [noon]})
    assert text_of(place.ben.home) == "7:00 AM"
    assert text_of(None) == ""
