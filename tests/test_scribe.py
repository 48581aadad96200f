"""The scribe's marks: which lines are more than talk, in whatever way they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import ItemState
from bot.capturing.course import Step, course_of
from bot.scribe import Mark, first_url, read
from tests.office import NOW

MARKS = {
    "A: book room": (Mark.ACTION, "book room"),
    "a:book room": (Mark.ACTION, "book room"),
    "  a : book room": (Mark.ACTION, "book room"),
    "D: site B": (Mark.DECISION, "site B"),
    "r:delay p3 i4": (Mark.RISK, "delay p3 i4"),
    "I: down": (Mark.ISSUE, "down"),
    "n: it rains": (Mark.NOTE, "it rains"),
    "#action bob to call": (Mark.ACTION, "bob to call"),
    "#ACTION bob to call": (Mark.ACTION, "bob to call"),
    "#action: bob to call": (Mark.ACTION, "bob to call"),
    "#Action:bob to call": (Mark.ACTION, "bob to call"),
    "# action : bob to call": (Mark.ACTION, "bob to call"),
    "# info x": (Mark.NOTE, "x"),
    "#info: x": (Mark.NOTE, "x"),
    "#topic: roll call": (Mark.TOPIC, "roll call"),
    "#decision: site B": (Mark.DECISION, "site B"),
    "#agreed yes": (Mark.DECISION, "yes"),
    "#accepted yes": (Mark.DECISION, "yes"),
    "#info x": (Mark.NOTE, "x"),
    "#idea x": (Mark.IDEA, "x"),
    "#help x": (Mark.HELP, "x"),
    "#halp x": (Mark.HELP, "x"),
    "#link https://a.example x": (Mark.LINK, "https://a.example x"),
    "#topic roll call": (Mark.TOPIC, "roll call"),
    "#chair ann bob": (Mark.CHAIR, "ann bob"),
    "#undo": (Mark.UNDO, ""),
    "#startmeeting": (Mark.START, ""),
    "#endmeeting": (Mark.END, ""),
    "ACTION: x": (Mark.ACTION, "x"),
    "action: x": (Mark.ACTION, "x"),
    "RESOLVED: x": (Mark.DECISION, "x"),
    "RESOLUTION: x": (Mark.DECISION, "x"),
    "PROPOSED: x": (Mark.PROPOSAL, "x"),
    "PROPOSAL: x": (Mark.PROPOSAL, "x"),
    "TOPIC: x": (Mark.TOPIC, "x"),
    "Topic:x": (Mark.TOPIC, "x"),
    "next": (Mark.NEXT, ""),
    "Next!": (Mark.NEXT, ""),
    "park": (Mark.PARK, ""),
    "!list": (Mark.LIST, ""),
    "!undo": (Mark.UNDO, ""),
    "see https://a.example/b.": (Mark.LINK, "see https://a.example/b."),
}
TALK = [
    "", " ", "hello", "we were proposed #agreed", "I said A: no", "#103 is open",
    "#lunch anybody", "#5: is open", "#issue 5 is open", "#nick bob", "next week", "what next",
    "parking", "R:\\plans", "d:/plans", "PRE-PROPOSAL: x",
    "Anna: I think so", "Actions: there are none", "q+ to ask", "s/one/other/", "present+",
    "scribe: bob", "... as before", "!important", "> A: quoted", "+1", "AA: x",
]  # fmt: skip
SLIPS = [
    "#topc Risks",
    "#endmeetiung",
    "#acton x",
    "#acton: x",
    "# acton x",
    "#info:",
    "#decison: x",
    "ACTOIN: x",
    "PROPSAL: x",
    "!lst",
    "A:",
    "#topic",
]


@pytest.mark.parametrize(("line", "meant"), MARKS.items())
def test_a_mark_is_known_in_any_case_with_and_without_blanks(
    line: str, meant: tuple[Mark, str]
) -> None:
    said = read(line)
    assert said is not None
    assert (said.mark, line[said.start :].strip()) == meant


@pytest.mark.parametrize("line", TALK)
def test_what_only_looks_like_one_is_talk(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize("line", SLIPS)
def test_a_slip_is_known_as_one(line: str) -> None:
    said = read(line)
    assert said is not None
    assert said.mark is Mark.MISTAKE


@given(st.text())
def test_any_text_can_be_read(line: str) -> None:
    said = read(line)
    assert said is None or 0 <= said.start <= len(line)


def test_an_address_ends_before_the_sentence_does() -> None:
    assert first_url("see (https://a.example/b).") == "https://a.example/b"
    assert first_url("nothing") is None


# --- The course of a meeting ------------------------------------------------------------------


def steps(*told: tuple[Mark, str, int]) -> list[Step]:
    """Lines in their order: what, its title, whose; Anna (1) hosts."""
    return [
        Step(number, mark, author, author == 1, NOW, title)
        for number, (mark, title, author) in enumerate(told, 1)
    ]


def test_parked_items_come_last() -> None:
    course = course_of(
        ["one", "two", "three"],
        NOW,
        steps((Mark.PARK, "", 1), (Mark.NEXT, "", 1), (Mark.NEXT, "", 1), (Mark.NOTE, "", 2)),
    )
    assert course.now == "one"
    assert course.item_of[4] == "one"
    assert course.items["two"].state is ItemState.DONE


def test_namesakes_on_an_agenda_are_two_items() -> None:
    course = course_of(["one", "One"], NOW, steps((Mark.NEXT, "", 1)))
    assert [item.state for item in course.items.values()] == [ItemState.DONE, ItemState.NOW]


def test_a_topic_on_the_agenda_is_gone_to_and_another_is_raised() -> None:
    course = course_of(["one", "two"], NOW, steps((Mark.TOPIC, "TWO", 2), (Mark.TOPIC, "New", 2)))
    assert course.now == "new"
    assert course.raised == {"new": 2}


def test_who_does_not_host_takes_back_only_their_own() -> None:
    told = ((Mark.NOTE, "", 2), (Mark.NOTE, "", 3), (Mark.UNDO, "", 2), (Mark.UNDO, "", 2))
    course = course_of([], NOW, steps(*told))
    assert course.undone == {1}
    assert course.idle == {4}
