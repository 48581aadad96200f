"""An owner is somebody in Slack: a mail address names them, or whose it is is asked."""

from datetime import date

import pytest

from tests.office import Office
from tests.thread import FRIDAY, QUESTION, TICK, Thread, records

OUTSIDE = "dora@else.example"
UNKNOWN = f"I know nobody in Slack by {OUTSIDE}: who of the team?"


@pytest.fixture
def met(office: Office) -> Office:
    """An office that has met Ben, and so knows his address."""
    office.says("/po-action list", office.ben)
    return office


def test_somebody_in_slack_is_named_by_their_address(met: Office) -> None:
    for line in (
        "add ben@firm.example order paint by fri",
        "add BEN@Firm.example: order paint by fri",
        "add order paint owner ben@firm.example by fri",
        "add order paint by fri owner=ben@firm.example",
    ):
        assert "order paint · Ben · Fri 27 Nov 2026" in met.says(f"/po-action {line}")
    assert "Given to Anna" in met.says("/po-action give A1 anna@firm.example")


def test_who_is_not_in_slack_owns_nothing_and_that_is_said(met: Office) -> None:
    told = met.says(f"/po-action add {OUTSIDE} send the offer by fri")
    assert told.startswith(f"A1 · {OUTSIDE} send the offer · Fri 27 Nov 2026\n")
    assert f"Kept. {UNKNOWN}" in told
    assert "[Open form]" in told
    assert f"Kept. {UNKNOWN}" in met.says(f"/po-action add {OUTSIDE} call back")
    assert "I know nobody" not in met.says("/po-action give A1 @ben")


@pytest.mark.parametrize(
    "line",
    [
        "action add send the offer owner dora@else.example by fri",
        "action add send the offer owner=dora@else.example",
        "action give A1 dora@else.example",
        "project people dora@else.example office",
        "meet new Talk on 4 dec 10:00-11:00 chair dora@else.example",
    ],
)
def test_where_somebody_is_named_outright_another_is_asked_for(office: Office, line: str) -> None:
    office.says("/po-action add order paint")
    told = office.says(f"/po {line}")
    assert UNKNOWN in told
    assert f"You typed: {line}" in told


def test_whatever_an_address_may_hold_is_only_repeated(office: Office) -> None:
    told = office.says("/po-action add send the offer owner {word}%s@else.example")
    assert "I know nobody in Slack by {word}%s@else.example" in told


def test_an_address_that_is_text_stays_text(met: Office) -> None:
    for title in ("write to ben@firm.example", f'"{OUTSIDE}" is spelled wrong'):
        told = met.says(f"/po-action add {title}")
        assert f"· {title}\n" in told
        assert "Kept. Who, and until when?" in told
    assert "I know nobody" not in met.says(f"/po-risk add {OUTSIDE} is ill")


def test_a_line_of_minutes_for_somebody_outside_is_a_gap(met: Office) -> None:
    thread = Thread(met)
    line = thread.write(f"A: {OUTSIDE} send the offer by fri")
    assert records(met) == [("A1", f"{OUTSIDE} send the offer", None, FRIDAY)]
    assert thread.mark(line) == {QUESTION}
    other = thread.write(f"A: call back owner {OUTSIDE} by fri")
    assert thread.mark(other) == {QUESTION}
    (told,) = thread.bot_says()
    assert "2 lines miss something" in told
    assert told.count(f"(written by Anna): {UNKNOWN}") == 2
    met.anna.edits(line, "A: @ben send the offer by fri")
    met.anna.edits(other, "A: @ben call back by fri")
    (told,) = thread.bot_says()
    assert "Nothing is missing any more" in told


def test_a_line_of_minutes_names_who_is_in_slack_by_address(met: Office) -> None:
    thread = Thread(met)
    line = thread.write("A: ben@firm.example to send the offer by fri")
    assert records(met) == [("A1", "send the offer", "Ben", date(2026, 11, 27))]
    assert thread.mark(line) == {TICK}
