"""Help: every verb is found under a heading of its noun, in a message Slack takes."""

from typing import Any

import pytest

from bot.command import Command
from bot.commands import COMMANDS
from bot.messages import BLOCKS_LIMIT, TEXT_LIMIT
from tests.office import Office

MANY = 12
"""A noun with more verbs than so many is read in groups, none of which is longer."""
LONG = [command for command in COMMANDS if len(command.typed_verbs) > MANY]


def texts(value: Any) -> list[str]:
    """Every text in some blocks."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for inner in value.values() for text in texts(inner)]
    return [text for inner in value for text in texts(inner)] if isinstance(value, list) else []


def test_the_help_of_meetings_is_read_in_groups(office: Office) -> None:
    told = office.says("/po help meet")
    headings = [line for line in told.splitlines()[1:] if not line.startswith("/po meet ")]
    assert headings == [
        "Series",
        "Dates",
        "Agenda",
        "People",
        "Answers",
        "While it takes place",
        "Minutes",
        "What was not finished",
        "Calendars",
    ]
    dates = told.partition("\nDates\n")[2].partition("\nAgenda\n")[0].splitlines()
    assert [line.partition(" · ")[0] for line in dates] == [
        "/po meet show",
        "/po meet move tue to wed 14:00",
        "/po meet cancel tue because of the fair",
        "/po meet restore tue",
        "/po meet place Room 7",
    ]


def test_each_group_is_a_block_with_its_heading_in_bold(office: Office) -> None:
    head, *groups = office.types("/po help risk").blocks
    assert head["type"] == "header"
    headings = [block["elements"][0]["elements"][0] for block in groups]
    assert all(heading["style"] == {"bold": True} for heading in headings)
    assert [heading["text"].strip() for heading in headings] == [
        "Enter and change",
        "Look up",
        "Close and reopen",
        "Score and review",
        "Escalate",
    ]


def test_few_verbs_need_no_heading(office: Office) -> None:
    told = office.says("/po help project").splitlines()
    assert all(line.startswith("/po project ") for line in told[1:])


def test_what_takes_the_place_of_a_verb_stays_where_that_was(office: Office) -> None:
    told = office.says("/po help ms")
    closing = told.partition("\nClose and reopen\n")[2].partition("\nPlan and forecast\n")[0]
    assert "/po ms done M4 on 20 nov · reached, today or on another day" in closing


@pytest.mark.parametrize("command", LONG, ids=lambda command: command.noun)
def test_of_many_verbs_each_has_a_heading(command: Command) -> None:
    assert "" not in command.groups
    for heading, verbs in command.groups.items():
        assert len(verbs) <= MANY, heading
    assert sum(map(len, command.groups.values())) == len(command.verbs)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.noun)
def test_slack_takes_the_help_of_every_noun(office: Office, command: Command) -> None:
    answer = office.types(f"/po help {command.noun}")
    assert len(answer.blocks) <= BLOCKS_LIMIT
    assert max(map(len, texts(answer.blocks))) <= TEXT_LIMIT
    shown = "".join(texts(answer.blocks))
    for verb in command.typed_verbs:
        assert f"/po {command.noun} " in shown
        assert verb.summary.replace("`", "") in shown
    assert not answer.text.endswith("…")
