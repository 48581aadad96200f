"""Forgetting: the database does not grow for ever with what the clock said long ago."""

from collections import Counter
from datetime import timedelta

import pytest
from rich.console import Console
from sqlalchemy import func, select

from bot.db import Base
from bot.deliveries import Deliveries
from bot.delivery.notices import Notice
from bot.delivery.occurrences import Occurrence
from bot.delivery.outbox import Delivery, State
from bot.errors import UserError
from bot.inbound import Inbound, KeptLine, Request, keep_line
from bot.preferences import Snooze
from tests.office import Office

MANY = 250


def digests(office: Office) -> list[Delivery]:
    """The digests that are still known, the oldest first."""
    rows = select(Delivery).where(Delivery.key.startswith("digest:")).order_by(Delivery.id)
    return list(office.stored(lambda session: session.scalars(rows).all()))


def parts(office: Office, delivery: Delivery) -> int:
    """How many things are known that *delivery* told."""
    count = select(func.count()).where(Notice.delivery_id == delivery.id)
    return int(office.stored(lambda session: session.scalar(count)))


@pytest.fixture
def digested(office: Office) -> Office:
    """Anna's project on the morning Ben got a digest, and was told of something else."""
    office.says("/po-action add @ben order paint by 2026-11-25")
    office.ticks()
    office.waits_until(25, 9)
    office.delivered()
    return office


@pytest.mark.both_databases
def test_what_a_digest_said_is_forgotten_after_a_week_and_stays_in_slack(digested: Office) -> None:
    office = digested
    before = office.told(office.ben)
    office.says("/po settings digest off", office.ben)
    office.waits_until(30, 9)
    (digest,) = [row for row in digests(office) if row.channel == office.ben.id]
    assert "order paint" in digest.content["text"]
    office.waits_until(3, 9, month=12)
    (digest,) = [row for row in digests(office) if row.channel == office.ben.id]
    assert digest.is_forgotten
    assert "order paint" not in str(digest.content)
    assert office.told(office.ben)[: len(before)] == before
    office.says("/po-action done A1", office.ben)
    asked, *rest = before
    assert asked.startswith("Anna gave you A1")
    assert office.told(office.ben)[: len(before)] == ["A1 is closed · order paint", *rest]


@pytest.mark.both_databases
def test_cards_and_what_people_told_each_other_are_kept(digested: Office) -> None:
    office = digested
    office.passes(days=900)
    office.ticks()
    office.delivered()
    office.says("/po-action done A1", office.ben)
    assert any("order paint" in text and "done" in text for text in office.sees())


@pytest.mark.both_databases
def test_the_rows_go_with_the_ledger_threads_from_their_end(digested: Office) -> None:
    office = digested
    with office.bot.sessions.begin() as session:
        (first,) = [d for d in session.scalars(select(Delivery)) if d.key.startswith("digest:")][:1]
        for number in range(MANY):
            session.add(
                Delivery(
                    token=f"t{number}",
                    key=f"{first.key}#{number + 2}",
                    channel=first.channel,
                    parent_id=first.id,
                    content=first.content,
                    state=State.SENT,
                    made_at=first.made_at,
                    due_at=first.due_at,
                    forget_at=first.forget_at,
                )
            )
    known = {row.key for row in digests(office)}
    office.passes(days=8)
    office.ticks()
    assert all(row.is_forgotten for row in digests(office) if row.key in known)
    office.passes(days=401)
    office.ticks()
    assert not {row.key for row in digests(office)} & known


YEAR = 400
"""For so many days it is known what was sent."""


def kept(office: Office, table: type[Base]) -> int:
    """How many rows of *table* there are."""
    return int(
        office.stored(lambda session: session.scalar(select(func.count()).select_from(table)))
    )


def told_by_people(office: Office) -> list[Delivery]:
    """What people told each other: one by one, and in the threads of cards."""
    is_told = Delivery.person_id.is_not(None) | Delivery.key.startswith("remark:")
    return list(office.stored(lambda s: s.scalars(select(Delivery).where(is_told)).all()))


@pytest.mark.both_databases
def test_what_people_told_each_other_is_dropped_with_the_ledger_and_stays_in_slack(
    digested: Office,
) -> None:
    office = digested
    office.says("/po-action move A1 2026-12-03 the shop is closed", office.ben)
    office.delivered()
    told = {delivery.id for delivery in told_by_people(office)}
    before = Counter([*office.told(office.ben), *office.sees()])
    assert len(told) > 1
    office.passes(days=YEAR - 2)
    office.ticks()
    assert told <= {row.id for row in told_by_people(office) if not row.is_forgotten}
    office.passes(days=3)
    office.ticks()
    assert not told & {row.id for row in told_by_people(office)}
    assert not office.stored(
        lambda s: s.scalars(select(Notice.id).where(Notice.delivery_id.in_(told))).all()
    )
    assert before <= Counter([*office.told(office.ben), *office.sees()])


@pytest.mark.both_databases
def test_what_was_forgotten_is_neither_said_nor_done_again(digested: Office) -> None:
    office = digested
    office.says("/po-status green all is well")
    office.says("/po settings digest off", office.ben)
    before = Counter([*office.told(office.ben), *office.sees()])
    for days in (8, YEAR, YEAR):
        office.passes(days=days)
        office.ticks()
        office.delivered()
    after = Counter([*office.told(office.ben), *office.sees()])
    assert {text: after[text] for text in before} == before
    office.says("/po-action done A1", office.ben)
    assert sum("order paint" in text and "done" in text for text in office.sees()) == 1


@pytest.mark.both_databases
def test_what_nobody_asks_for_any_more_is_dropped_without_a_restart(digested: Office) -> None:
    office = digested
    office.says("/po snooze A1 1 week", office.ben)
    with office.bot.sessions.begin() as session:
        for number in range(MANY):
            keep_line(session, Request(str(number), "T1", office.ben.id, "a long line"), office.now)
    replays, ledger = kept(office, Inbound), kept(office, Occurrence)
    office.passes(days=6)
    office.ticks()
    assert (kept(office, Inbound), kept(office, KeptLine)) == (replays, MANY)
    office.passes(days=2)
    office.ticks()
    assert (kept(office, Inbound), kept(office, KeptLine)) == (0, 0)
    assert kept(office, Occurrence) > ledger
    assert kept(office, Snooze) == 1
    office.passes(days=2 * YEAR)
    office.ticks()
    office.passes(days=YEAR + 1)
    office.ticks()
    oldest = office.stored(lambda s: s.scalar(select(func.min(Occurrence.ran_at))))
    assert office.now - oldest < timedelta(days=YEAR + 1)
    assert kept(office, Snooze) == 0


def test_what_still_waits_is_not_forgotten(digested: Office) -> None:
    office = digested
    with office.bot.sessions.begin() as session:
        held = [d for d in session.scalars(select(Delivery)) if d.key.startswith("digest:")]
        for delivery in held:
            delivery.state = State.HELD
    office.passes(days=30)
    office.ticks()
    kept = {delivery.id for delivery in held}
    assert not any(row.is_forgotten for row in digests(office) if row.id in kept)


def test_an_operator_is_told_that_it_is_forgotten(digested: Office) -> None:
    office = digested
    digest = digests(office)[0]
    assert parts(office, digest) > 0
    office.passes(days=8)
    office.ticks()
    assert parts(office, digest) == 0
    console = Console(record=True, width=160)
    deliveries = Deliveries(office.settings, console)
    deliveries.show(digest.id)
    deliveries.show_list(None, None, 50)
    assert "is forgotten" in console.export_text()
    with pytest.raises(UserError, match="forgotten"):
        deliveries.requeue(digest.id)
    assert deliveries.verify(1)
