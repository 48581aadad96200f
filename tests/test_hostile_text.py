"""What people type is shown to the letter, wherever it is shown, and pings nobody."""

from collections.abc import Iterator
from typing import Any

import pytest

from slackbox import Message
from slackbox.model import View
from tests.office import Office

HOSTILE = {
    "broadcasts": "<!channel> <!here> <!everyone> @channel @here",
    "mentions": "<@U0BOX00001> <#C0BOX00001> <!subteam^S1> tell them",
    "links": "<https://evil.example> |click here> [x](http://evil.example)",
    "styles": "*bold* _italic_ ~struck~ `code` ```block``` **x** __y__",
    "emoji names": ":smile: :+1: :tada::skin-tone-3:",
    "entities": "&lt;b&gt; &amp; &amp;amp; < > &",
    "markers": "# heading > quote --- * item 1. item",
    "newlines": "line one\nline two\n> quoted\n# heading\n---\n• item",
    "templates": "{{ 7 * 7 }} {% raw %} %(who)s {name} {0} %s $HOME",
    "right to left": "\u202eright to left\u202c שלום مرحبا",
    "zero width": "zero\u200bwidth\u200djoined\ufeffmark",
    "emoji": "👩‍👩‍👧 🏳️‍🌈 🇩🇪 1️⃣ é e\u0301",
    "dates": "<!date^1|{date}|x>",
    "quotes": "it's \"so\" 'it' \\ \\n \\\\ is",
}
EVERY = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
LIVE = {"broadcast", "user", "usergroup", "channel", "link", "emoji", "team"}


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in some blocks, however deep."""
    if isinstance(value, list):
        for one in value:
            yield from parts(one)
    elif isinstance(value, dict):
        yield value
        yield from parts(list(value.values()))


def everything(office: Office) -> list[Message | View]:
    """Whatever anybody was shown so far, in channels, alone, in a home or a form."""
    office.delivered()
    shown: list[Message | View] = []
    for person in (office.anna, office.ben):
        for channel in (office.alpha, person.dm):
            for message in person.reads(channel):
                shown += [message, *person.reads(channel, thread=message)]
        shown += [view for view in (person.home, person.view) if view is not None]
    return [one for one in shown if isinstance(one, View) or one.bot_id]


def assert_harmless(office: Office) -> None:
    """No markup that could carry what people typed, in anything shown."""
    for shown in everything(office):
        kinds = [part.get("type") for part in parts(shown.blocks)]
        assert "mrkdwn" not in kinds
        assert LIVE.isdisjoint(kinds)
        texts = [part for part in parts(shown.blocks) if part.get("type") == "plain_text"]
        assert not any(text.get("emoji", True) for text in texts)
        if isinstance(shown, Message):
            assert "<" not in shown.text


@EVERY
def test_a_title_is_shown_to_the_letter_everywhere(office: Office, text: str) -> None:
    office.says(f"/po-action add @ben {text}")
    office.anna.opens_home()
    office.ben.opens_home()
    home = office.box.wait_for(lambda: office.ben.home)
    shown = [
        office.says("/po-action list"),
        office.says("/po-action show A1"),
        office.says("/po my", office.ben),
        office.says(f"/po-action find {text}"),
        office.box.text_of(home),
        *office.sees(),
        *office.told(office.ben),
    ]
    assert all(text in one for one in shown)
    assert_harmless(office)


@EVERY
def test_a_status_and_its_history_are_shown_to_the_letter(office: Office, text: str) -> None:
    office.says(f"/po-status amber {text}")
    assert text in office.sees()[0]
    assert text in office.says("/po-status show")
    assert text in office.says("/po-status history")
    assert_harmless(office)


@EVERY
def test_reasons_and_notes_are_shown_to_the_letter(office: Office, text: str) -> None:
    office.says("/po-action add @ben water the plants")
    office.says(f"/po-action move A1 fri {text}")
    office.says(f"/po-action note A1 {text}")
    office.says(f"/po-action done A1 {text}")
    assert office.says("/po-action show A1").count(text) == 3
    office.delivered()
    (card,) = [m for m in office.anna.reads(office.alpha) if m.ephemeral_for is None]
    remarks = office.anna.reads(office.alpha, thread=card)[1:]
    assert all(text in office.box.text_of(remark) for remark in remarks)
    assert_harmless(office)


@EVERY
def test_the_form_starts_from_the_very_text(office: Office, text: str) -> None:
    office.says(f"/po-risk add {text}")
    office.types("/po form risk edit R1")
    assert office.anna.view is not None
    assert f"Event: {text}" in office.box.text_of(office.anna.view)
    assert office.anna.submits() == {}
    assert text in office.says("/po-risk show R1")
    assert_harmless(office)


@EVERY
def test_an_error_repeats_the_text_harmlessly(office: Office, text: str) -> None:
    answer = office.says(f'/po-action add owner=@nobody "{text} by yesterday')
    assert f'You typed: action add owner=@nobody "{text} by yesterday' in answer
    assert f"You typed: {text}" in office.says(f"/po {text}")
    assert_harmless(office)


@EVERY
def test_undo_audit_and_project_names_are_harmless(office: Office, text: str) -> None:
    office.says(f"/po issue add {text}")
    office.says("/po undo")
    assert f"issue add {text}" in office.says("/po audit")
    office.says(f"/po project new {text[:50]}", where=office.anna.dm)
    office.says("/po project list")
    assert_harmless(office)


def test_mentions_in_a_text_are_names_that_ping_nobody(office: Office) -> None:
    office.says("/po-action add ask @ben and @carla about it")
    assert "A1 · ask @ben and @carla about it" in office.sees()[0]
    assert office.told(office.ben) == []
    assert_harmless(office)


def test_people_are_shown_by_names_that_are_no_markup(office: Office) -> None:
    office.box.change(office.ben, real_name="*Ben* <!channel> :smile:")
    office.box.settle()
    assert "*Ben* <!channel> :smile:" in office.says("/po-action add @ben water the plants")
    office.says("/po-action by person")
    assert_harmless(office)
