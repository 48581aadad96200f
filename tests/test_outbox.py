"""The outbox: what was promised stands in Slack once, whatever Slack does meanwhile."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from slack_sdk.web import WebClient
from sqlalchemy import select

from bot.delivery.installation import Seal
from bot.delivery.outbox import Delivery
from bot.delivery.sending import NotSentError, UnsureError
from bot.slack.sender import Ours, SlackSender
from slackbox import Message, Rate
from tests.office import Office, open_office


def shown(office: Office, timeout: float = 30) -> list[str]:
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


def test_a_slack_that_hangs_holds_up_nobody_else_for_long(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_HTTP_SECONDS=2) as office:
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
    assert office.told(office.anna) == ["A message for Alpha could not be posted: msg_too_long."]
    (dead,) = waiting(office)
    assert (dead.state, dead.error) == ("dead", "msg_too_long")
    office.says("/po-action done A1")
    assert texts_with(office, "order paint") == 1


def test_leads_are_told_once_why_messages_cannot_be_posted(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "error:invalid_blocks", times=3, channel=office.alpha)
    for number in range(3):
        office.says(f"/po-action add paint {number}")
    assert office.told(office.anna) == ["A message for Alpha could not be posted: invalid_blocks."]
    assert office.told(office.ben) == []


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


LONG = 2_900  # characters, of the 3,000 a field of a form takes
WORDS = ("first", "second", "third", "fourth", "fifth", "sixth")


def long(word: str, length: int = LONG) -> str:
    """A long text that begins with *word*."""
    return f"{word} {'blah ' * length}"[:length]


def test_a_card_of_four_long_texts_is_shortened(office: Office) -> None:
    office.types("/po-risk add")
    fields = ("Event", "Cause", "Effect")
    office.anna.fills({name: long(f"the {name}") for name in fields})
    office.anna.fills({"Probability": "4 · high", "Impact": "5 · very high"})
    office.anna.fills({"Response": long("the Response")})
    assert office.anna.submits() == {}
    (card,) = shown(office)
    assert all(f"the {name}" in card for name in (*fields, "Response"))
    assert "Alpha · raised by Anna" in card


def test_what_would_be_too_long_for_one_message_comes_in_two(office: Office) -> None:
    for word in WORDS:
        office.says(f"/po-action add @ben {word}")
    for number, word in enumerate(WORDS, 1):
        office.says(f"/po-action decline A{number} {long(word, 2_500)}", office.ben)
    told = office.told(office.anna)
    assert 1 < len(told) < len(WORDS)
    for word in WORDS:
        assert sum(f"Ben declined it: {word}" in text for text in told) == 1


def test_a_message_that_grows_by_answers_stays_within_one(office: Office) -> None:
    for word in WORDS:
        office.says(f"/po-action add @ben {long(word)}")
    for number in range(len(WORDS)):
        office.says(f"/po-action accept A{number + 1}", office.ben)
    (told,) = office.told(office.ben)
    assert all(f"You accepted A{number + 1} · {word}" in told for number, word in enumerate(WORDS))


def test_an_entry_is_shown_with_all_its_long_remarks(office: Office) -> None:
    office.says("/po-action add order paint")
    for word in WORDS[:5]:
        office.says(f"/po-action note A1 {long(word)}")
    shown_entry = office.says("/po-action show A1")
    assert all(f"Anna: {word}" in shown_entry for word in WORDS[:5])


def test_a_history_of_long_statuses_is_shown(office: Office) -> None:
    for word in WORDS[:5]:
        office.says(f"/po-status amber {long(word)}")
    history = office.says("/po-status history")
    assert all(word in history for word in WORDS[:5])


def test_an_audit_of_long_lines_is_shown(office: Office) -> None:
    for word in WORDS:
        office.says(f"/po-action add {long(word)}")
    trail = office.says("/po audit")
    assert all(f"action add {word}" in trail for word in WORDS)


def test_a_card_that_was_deleted_is_posted_anew_when_it_changes(office: Office) -> None:
    office.says("/po-action add order paint")
    shown(office)
    deleted(office, cards(office)[0])
    office.says("/po-action done A1")
    assert texts_with(office, "order paint") == 1
    assert texts_with(office, "done") == 1
    (card,) = cards(office)
    assert len(office.anna.reads(office.alpha, thread=card)) == 2


def test_a_card_that_was_deleted_is_posted_anew_for_a_remark(office: Office) -> None:
    office.says("/po-action add order paint")
    shown(office)
    deleted(office, cards(office)[0])
    office.says("/po-action note A1 it is green")
    shown(office)
    (card,) = cards(office)
    _card, remark = office.anna.reads(office.alpha, thread=card)
    assert "it is green" in office.box.text_of(remark)
    assert office.told(office.anna) == []


def test_a_card_stands_though_nobody_may_look_whether_it_does(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_UNREADABLE_CHANNELS="repost") as office:
        office.app.scopes -= {"channels:history"}
        office.box.faults.add("chat.postMessage", "drop_before", channel=office.alpha)
        office.says("/po-action add order paint")
        assert texts_with(office, "order paint") == 1


def test_a_remark_is_found_behind_many_others(office: Office) -> None:
    office.says("/po-action add order paint")
    shown(office)
    (card,) = cards(office)
    for number in range(210):
        office.anna.says(f"reply {number}", office.alpha, thread=card)
    office.box.faults.add("chat.postMessage", "drop_after")
    office.says("/po-action done A1 it is green")
    shown(office)
    replies = office.anna.reads(office.alpha, thread=card)
    assert len([m for m in replies if m.bot_id]) == 2


def test_a_card_is_found_behind_many_messages(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "drop_after", channel=office.alpha)
    office.box.faults.add("conversations.history", "ratelimited", seconds=2)
    office.says("/po-action add order paint")
    office.box.wait_for(lambda: office.box.faults.waiting == 0)
    for number in range(210):
        office.anna.says(f"message {number}", office.alpha)
    assert texts_with(office, "order paint") == 1


@pytest.mark.parametrize("kind", ["rate_limited", "ratelimited"])
def test_a_busy_slack_costs_no_attempt(office: Office, kind: str) -> None:
    office.box.faults.add("chat.postMessage", f"error:{kind}", channel=office.alpha)
    office.says("/po-action add order paint")
    (busy,) = office.box.wait_for(lambda: [d for d in waiting(office) if d.error])
    assert (busy.state, busy.error, busy.attempts) == ("waiting", "ratelimited", 0)


UPLOAD_FAULTS = [
    ("files.completeUploadExternal", "drop_after"),
    ("files.completeUploadExternal", "drop_before"),
    ("files.getUploadURLExternal", "drop_after"),
]


@pytest.mark.parametrize(("method", "kind"), UPLOAD_FAULTS)
def test_an_export_comes_once_whatever_goes_wrong(office: Office, method: str, kind: str) -> None:
    office.says("/po-action add order paint")
    shown(office)
    office.box.faults.add(method, kind)
    office.says("/po export actions")
    office.says("/po export actions")
    office.box.wait_for(lambda: waiting(office) == [])
    assert [len(m.files) for m in office.told_messages(office.anna)] == [1, 1]
    assert office.box.faults.waiting == 0


@pytest.mark.parametrize(("status", "error"), [(202, NotSentError), (507, UnsureError)])
def test_an_upload_that_failed_is_tried_again(status: int, error: type[Exception]) -> None:
    file = {"name": "a.csv", "data": ""}
    delivery = Delivery(token="1234", channel="C1", content={"text": "a", "file": file})
    with a_slack_that_takes_no_file(status) as url:
        sender = SlackSender(
            WebClient("xoxb-1", base_url=f"{url}/api/"), Ours("U1", "B1", Seal(""))
        )
        with pytest.raises(error):
            sender.post(delivery, None)


@contextmanager
def a_slack_that_takes_no_file(status: int) -> Iterator[str]:
    """Tells where to put a file, and answers there that it did not take it."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            told = {"ok": True, "upload_url": f"{url}/full", "file_id": "F1"}
            self.send_response(status if self.path == "/full" else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield url
        server.shutdown()
        thread.join()


def test_a_file_is_kept_no_longer_than_until_it_is_sent(office: Office) -> None:
    office.says("/po-action add order paint")
    office.says("/po export actions")
    (message,) = office.told_messages(office.anna)
    file = office.box.backend.workspace.files[message.files[0]]
    (row,) = csv.DictReader(io.StringIO((file.content or b"").decode("utf-8-sig")))
    assert row["title"] == "order paint"
    kept = office.stored(lambda s: list(s.scalars(select(Delivery.content))))
    assert not any("file" in content for content in kept)


def cards(office: Office) -> list[Message]:
    """The bot's messages in #alpha, without those in threads."""
    there = office.anna.reads(office.alpha)
    return [m for m in there if m.bot_id and m.ephemeral_for is None and not m.is_reply]


def deleted(office: Office, message: Message) -> None:
    """Somebody who may do that deletes the bot's message."""
    office.box.call(lambda: office.box.backend.workspace.remove(message))
