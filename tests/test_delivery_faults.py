"""Delivery when more than a call fails: tokens, backups, rights, and databases that stay away."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from bot.app import Bot
from bot.delivery.installation import seal_of
from bot.delivery.outbox import Delivery, promise
from bot.messages import said
from bot.slack.sender import Ours
from tests.office import NOW, Office, open_office
from tests.relay import Relay


def texts(office: Office) -> Counter[str]:
    """How often each first line stands in #alpha."""
    return Counter(line.splitlines()[0] for line in office.sees() if "raised by" in line)


def of(office: Office, key: str) -> Delivery:
    found: Delivery = office.stored(lambda s: s.scalar(select(Delivery).where(Delivery.key == key)))
    return found


def promised(office: Office, key: str, words: str = "the digest", **more: object) -> None:
    """The clock promises something to Ben."""
    with office.bot.sessions.begin() as session:
        promise(session, key, office.ben.id, said(words), NOW, is_planned=True, **more)  # type: ignore[arg-type] # as promise takes them
    office.bot.worker.wake()


def test_when_the_token_is_renewed_everything_comes_once(office: Office) -> None:
    office.app.token_error = "token_revoked"
    for number in range(3):
        office.says(f"/po-action add paint {number}")
    office.box.wait_for(lambda: any(c.method == "chat.postMessage" for c in office.box.calls))
    office.app.token_error = None
    assert texts(office) == {f"A{n + 1} · paint {n}": 1 for n in range(3)}
    refused = [c for c in office.box.calls if c.method == "chat.postMessage"]
    assert len(refused) < 10  # a pause, no hammering


def test_what_comes_too_late_is_not_sent_and_the_operator_is_told(office: Office) -> None:
    promised(office, "late", at=NOW - timedelta(hours=1), useless_after=timedelta(0))
    office.box.wait_for(lambda: of(office, "late").state == "dead")
    assert of(office, "late").error == "too late"
    (told,) = office.told(office.dora)
    assert "could not be posted: too late" in told
    assert office.told(office.ben) == []


def test_what_is_due_later_holds_up_nothing_and_comes_then(office: Office) -> None:
    promised(office, "later", "the digest", at=NOW + timedelta(seconds=2))
    promised(office, "sooner", "a word")
    office.box.wait_for(lambda: of(office, "sooner").ts)
    assert of(office, "later").ts is None
    assert office.told(office.ben) == ["a word", "the digest"]


def test_a_message_somebody_else_signed_is_none_of_ours(office: Office) -> None:
    office.says("/po-action add order paint")
    office.sees()
    (card,) = (m for m in office.anna.reads(office.alpha) if m.bot_id and "raised" in m.text)
    assert card.metadata is not None
    ours = Ours(card.user, str(card.bot_id), seal_of(office.bot.sessions))
    shown = {"user": card.user, "metadata": card.metadata}
    assert ours.token(shown) == card.metadata["event_payload"]["id"]
    forged = card.metadata["event_payload"] | {"sig": "0"}
    assert ours.token(shown | {"metadata": card.metadata | {"event_payload": forged}}) is None
    assert ours.token(shown | {"user": "U0OTHER"}) is None


def test_a_restricted_project_says_nothing_where_others_read_along(office: Office) -> None:
    office.says("/po project people @ben member")
    office.says("/po project people @carla member")
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=2, channel=office.alpha)
    office.says("/po-action add order paint")
    office.says("/po project set visibility=restricted")  # Gus, a guest, sits in the channel
    held = select(Delivery).where(Delivery.state == "held")
    (card, *_more) = office.box.wait_for(lambda: office.stored(lambda s: s.scalars(held).all()))
    assert card.error == "not everybody there may read it"
    assert texts(office) == {}
    assert any("not everybody in its channel may read" in told for told in office.told(office.anna))


def test_what_not_all_might_read_comes_soon_after_they_may(database_url: str) -> None:
    with open_office(database_url, JOURFIXE_RECHECK_SECONDS=0.1) as office:
        office.box.faults.add("chat.postMessage", "ratelimited", seconds=1, channel=office.alpha)
        office.says("/po-action add order paint")
        office.says("/po project set visibility=restricted")
        held = select(Delivery).where(Delivery.error == "not everybody there may read it")
        office.box.wait_for(lambda: office.stored(lambda s: s.scalar(held)))
        office.says("/po project set visibility=internal")
        office.box.wait_for(lambda: texts(office) == {"A1 · order paint": 1})


# --- Backups --------------------------------------------------------------------------------


@pytest.fixture
def file(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite:///"))


def copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def restored(backup: Path, file: Path) -> None:
    for rest in file.parent.glob(f"{file.name}*"):
        rest.unlink()
    shutil.copyfile(backup, file)


def test_a_backup_restored_after_more_was_posted_posts_nothing_twice(
    office: Office, file: Path, tmp_path: Path
) -> None:
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=1, channel=office.alpha)
    office.says("/po-action add order paint")
    busy = select(Delivery).where(Delivery.error == "ratelimited", Delivery.leased_until.is_(None))
    office.box.wait_for(lambda: office.stored(lambda s: s.scalar(busy)))
    promised(office, "later", at=NOW + timedelta(seconds=1))
    copied(file, backup := tmp_path / "backup.db")
    office.bot.worker.wake()
    assert texts(office) == {"A1 · order paint": 1}
    promised(office, "digest", "what is open")
    assert sorted(office.told(office.ben)) == ["the digest", "what is open"]
    office.bot.stop()
    restored(backup, file)
    started_again(office)
    promised(office, "digest", "what is open now", at=NOW - timedelta(minutes=1))
    assert texts(office) == {"A1 · order paint": 1}
    assert sorted(office.told(office.ben)) == ["the digest", "what is open now"]


def test_a_quick_restart_delays_a_card_by_no_more_than_a_look(office: Office) -> None:
    office.box.faults.add("chat.postMessage", "ratelimited", seconds=1, channel=office.alpha)
    office.says("/po-action add order paint")
    office.bot.stop()
    started_again(office)
    assert texts(office) == {"A1 · order paint": 1}
    reads = [c for c in office.box.calls if c.method == "conversations.history"]
    assert len(reads) <= 1


# --- Databases ------------------------------------------------------------------------------


def test_while_postgresql_is_away_nothing_is_lost_and_nothing_comes_twice(
    postgres_url: str,
) -> None:
    with Relay(postgres_url) as relay, open_office(relay.url) as office:
        office.says("/po-action add before")
        assert texts(office) == {"A1 · before": 1}
        relay.cut()
        assert "NOT SAVED" in office.says("/po-action add meanwhile")
        relay.mend()
        office.box.wait_for(lambda: "A2" in office.says("/po-action add after"), 20)
        assert texts(office) == {"A1 · before": 1, "A2 · after": 1}


def test_on_a_full_disk_the_answer_is_not_saved_until_there_is_room(
    office: Office,
) -> None:
    with full_disk(office):
        added = iter(lambda: "NOT SAVED" in office.says(f"/po-action add {'paint ' * 40}"), True)
        assert sum(1 for _added in added) < 100
    assert "order paint\nKept" in office.says("/po-action add order paint")
    assert sum(number for line, number in texts(office).items() if "order paint" in line) == 1


@contextmanager
def full_disk(office: Office) -> Iterator[None]:
    """The file may not grow, whoever writes to it."""
    most = [office.stored(lambda s: s.scalar(text("PRAGMA page_count")))]

    def limit(connection: sqlite3.Connection, *_more: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")

    event.listen(office.bot.sessions.kw["bind"], "checkout", limit)
    yield
    most[0] = 1_000_000


def started_again(office: Office) -> None:
    """The same bot, in another process."""
    office.bot = Bot(office.settings, lambda: office.now)
    office.start()
