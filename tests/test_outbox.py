"""The outbox: what was promised stands in Slack once, whatever Slack does meanwhile."""

import pytest
from sqlalchemy import select

from bot.delivery.outbox import Delivery
from slackbox import Rate
from tests.office import Office


def shown(office: Office, timeout: float = 20) -> list[str]:
    """What stands in #alpha when all is delivered."""
    office.box.wait_for(lambda: waiting(office) == [], timeout)
    return office.sees()


def waiting(office: Office) -> list[Delivery]:
    """The deliveries Slack does not show as they ought to be."""
    late = select(Delivery).where(Delivery.sent_version < Delivery.version)
    found: list[Delivery] = office.stored(lambda s: list(s.scalars(late)))
    return found


def texts_with(office: Office, words: str) -> int:
    """How many messages in #alpha have *words* in them."""
    return sum(words in text for text in shown(office))


@pytest.mark.parametrize(
    "kind",
    ["drop_before", "drop_after", "error_before", "error_after", "error:internal_error",
     "error:fatal_error", "ratelimited"],
)  # fmt: skip
def test_a_card_stands_once_whatever_goes_wrong(office: Office, kind: str) -> None:
    office.box.faults.add("chat.postMessage", kind, channel=office.alpha)
    office.says("/po-action add order paint")
    assert texts_with(office, "order paint") == 1
    assert office.box.faults.happened == [("chat.postMessage", kind)]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "error_after"])
def test_a_direct_message_stands_once_whatever_goes_wrong(office: Office, kind: str) -> None:
    office.box.faults.add("chat.postMessage", kind, channel=office.ben.id)
    office.says("/po-action add @ben order paint")
    shown(office)
    assert len(office.told(office.ben)) == 1


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "drop_before"])
def test_a_remark_stands_once_in_its_thread(office: Office, kind: str) -> None:
    office.says("/po-action add order paint")
    shown(office)
    office.box.faults.add("chat.postMessage", kind)
    office.says("/po-action done A1 it is green")
    shown(office)
    card = next(m for m in office.anna.reads(office.alpha) if m.ephemeral_for is None and m.bot_id)
    remarks = office.anna.reads(office.alpha, thread=card)[1:]
    assert len(remarks) == 1


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "error_before", "ratelimited"])
def test_an_update_is_made_in_the_end(office: Office, kind: str) -> None:
    office.says("/po-action add order paint")
    shown(office)
    office.box.faults.add("chat.update", kind)
    office.says("/po-action done A1")
    assert texts_with(office, "done") == 1
    assert texts_with(office, "order paint") == 1


def test_two_failures_in_a_row_are_no_more_than_one(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "drop_after", channel=office.alpha)
    office.box.faults.add("conversations.history", "drop_before")
    office.says("/po-action add order paint")
    assert texts_with(office, "order paint") == 1
    assert len(office.box.faults.happened) == 2


def test_a_busy_slack_is_left_alone_as_long_as_it_says(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=2, channel=office.alpha)
    office.says("/po-action add order paint")
    office.says("/po-action add buy brushes")
    assert len([text for text in shown(office) if "raised by" in text]) == 2
    first, second, *_later = (
        call.at
        for call in office.box.calls
        if call.method == "chat.postMessage" and call.args["channel"] == office.alpha.id
    )
    assert second - first >= 2


def test_slacks_own_rates_are_kept_to(office: Office) -> None:
    office.box.limits.per_method["chat.postMessage"] = Rate(1, 1)
    for number in range(3):
        office.says(f"/po-action add paint {number}")
    shown_texts = [text for text in shown(office) if "raised by" in text]
    assert [text.splitlines()[0] for text in shown_texts] == [
        f"A{n + 1} · paint {n}" for n in range(3)
    ]


def test_a_slack_that_hangs_holds_up_nobody_else_for_long(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "hang", channel=office.alpha)
    office.says("/po-action add order paint")
    office.box.wait_for(lambda: office.box.faults.waiting == 0)
    assert "A2" in office.says("/po-action add buy brushes")
    assert texts_with(office, "raised by") == 2
    assert texts_with(office, "order paint") == 1


@pytest.mark.parametrize("reason", ["token_revoked", "invalid_auth", "account_inactive"])
def test_nothing_dies_while_the_token_does_not_work(office: Office, reason: str) -> None:
    office.app.token_error = reason
    office.says("/po-action add order paint")
    office.box.wait_for(lambda: any(d.error == reason for d in waiting(office)))
    office.app.token_error = None
    office.bot.worker.wake()
    assert [d.state for d in waiting(office)] == ["waiting"]


def test_what_slack_will_never_take_is_given_up_and_holds_up_nothing(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "error:msg_too_long", channel=office.alpha)
    office.says("/po-action add order paint")
    office.says("/po-action add buy brushes")
    office.box.wait_for(lambda: any("buy brushes" in text for text in office.sees()))
    (dead,) = waiting(office)
    assert (dead.state, dead.error) == ("dead", "msg_too_long")
    office.says("/po-action done A1")
    assert texts_with(office, "order paint") == 1


def test_cards_come_in_the_order_they_were_promised(office: Office) -> None:
    for number in range(10):
        office.says(f"/po-action add paint {number}")
    cards = [text.splitlines()[0] for text in shown(office) if "raised by" in text]
    assert cards == [f"A{n + 1} · paint {n}" for n in range(10)]


def test_a_card_says_what_is_so_when_it_is_posted_late(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=1, channel=office.alpha)
    office.says("/po-action add order paint")
    office.says("/po-action edit A1 order green paint")
    office.says("/po-action done A1")
    (card,) = [text for text in shown(office) if "raised by" in text]
    assert "A1 · order green paint" in card
    assert "done" in card


def test_ten_things_given_to_one_person_are_one_message(office: Office) -> None:
    for number in range(10):
        office.says(f"/po-action add @ben paint {number}")
    shown(office)
    (told,) = office.told(office.ben)
    assert all(f"paint {number}" in told for number in range(10))
    office.passes(minutes=3)
    office.says("/po-action add @ben one more")
    shown(office)
    assert len(office.told(office.ben)) == 2
