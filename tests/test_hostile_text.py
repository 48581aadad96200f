"""What people type is shown to the letter, wherever it is shown, and pings nobody."""

from collections.abc import Iterator
from typing import Any

from slackbox import Message
from slackbox.model import View
from tests.office import Office

TEXTS = (
    "<!channel> <!here> <!everyone> @channel @here",
    "<@U0BOX00001> <#C0BOX00001> <!subteam^S1> tell them",
    "<https://evil.example> |click here> [x](http://evil.example)",
    "*bold* _italic_ ~struck~ `code` ```block``` **x** __y__",
    ":smile: :+1: :tada::skin-tone-3:",
    "&lt;b&gt; &amp; &amp;amp; < > &",
    "# heading > quote --- * item 1. item",
    "line one\nline two\n> quoted\n# heading\n---\n• item",
    "{{ 7 * 7 }} {% raw %} %(who)s {name} {0} %s $HOME",
    "\u202eright to left\u202c שלום مرحبا",
    "zero\u200bwidth\u200djoined\ufeffmark",
    "👩‍👩‍👧 🏳️‍🌈 🇩🇪 1️⃣ é e\u0301",
    "<!date^1|{date}|x>",
    "it's \"so\" 'it' \\ \\n \\\\ is",
)
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


def test_a_title_is_shown_to_the_letter_everywhere(office: Office) -> None:
    for number, text in enumerate(TEXTS, 1):
        office.says(f"/po-action add @ben {text}")
        assert f" · {text} · Ben" in office.says(f"/po-action find {text}")
        assert office.says(f"/po A{number}").startswith(f"A{number} · {text}\nBen")
    office.ben.opens_home()
    home = office.box.text_of(office.box.wait_for(lambda: office.ben.home))
    seen, told = "\n".join(office.sees()), "\n".join(office.told(office.ben))
    lists = office.says("/po my", office.ben) + office.says("/po my list page=2", office.ben)
    for text in TEXTS:
        assert all(text in shown for shown in (home, seen, told, lists)), text
    assert_harmless(office)


def test_a_status_and_its_history_are_shown_to_the_letter(office: Office) -> None:
    for text in TEXTS:
        office.says(f"/po-status amber {text}")
        assert text in office.sees()[-1]
        assert text in office.says("/po-status show")
        assert text in office.says("/po-status history")
    assert_harmless(office)


def test_reasons_and_notes_are_shown_to_the_letter(office: Office) -> None:
    office.says("/po-action add @ben water the plants")
    office.delivered()
    card = office.anna.reads(office.alpha)[-1]
    for number, text in enumerate(TEXTS):
        office.says(f"/po-action move A1 in {number + 2} weeks {text}")
        office.says(f"/po-action note A1 {text}")
        shown = office.says("/po-action show A1")
        assert shown.count(f"Anna: {text}") == 2, text
    office.delivered()
    remarks = [office.box.text_of(m) for m in office.anna.reads(office.alpha, thread=card)]
    for text in TEXTS:
        assert sum(text in remark for remark in remarks) == 2
    assert_harmless(office)


def test_the_form_starts_from_the_very_text(office: Office) -> None:
    for number, text in enumerate(TEXTS, 1):
        office.says(f"/po-risk add {text}")
        office.types(f"/po risk edit R{number}")
        assert office.anna.view is not None
        assert f"Event: {text}" in office.box.text_of(office.anna.view)
        assert_harmless(office)
        assert office.anna.submits() == {}
        assert text in office.says(f"/po-risk show R{number}")


def test_an_error_repeats_the_text_harmlessly(office: Office) -> None:
    for text in TEXTS:
        answer = office.says(f'/po-action add owner=@nobody "{text} by yesterday')
        assert f'You typed: action add owner=@nobody "{text} by yesterday' in answer
        assert f"You typed: {text}" in office.says(f"/po {text}")
    assert_harmless(office)


def test_undo_audit_and_project_names_are_harmless(office: Office) -> None:
    for text in TEXTS:
        office.says(f"/po issue add {text}")
        assert office.says("/po undo").startswith(f"Undone: issue add {text}\n")
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
