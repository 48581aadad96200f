"""Forgetting: the database does not grow for ever with what the clock said long ago."""

import pytest
from rich.console import Console
from sqlalchemy import func, select

from bot.deliveries import Deliveries
from bot.delivery.notices import Notice
from bot.delivery.outbox import Delivery, State
from bot.errors import UserError
from tests.office import Office

MANY = 250


def planned(office: Office) -> list[Delivery]:
    """What the clock has made that is still known, the oldest first."""
    rows = select(Delivery).where(Delivery.forget_at.is_not(None)).order_by(Delivery.id)
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
    (digest,) = [row for row in planned(office) if row.channel == office.ben.id]
    assert "order paint" in digest.content["text"]
    office.waits_until(3, 9, month=12)
    (digest,) = [row for row in planned(office) if row.channel == office.ben.id]
    assert digest.is_forgotten
    assert "order paint" not in str(digest.content)
    assert office.told(office.ben)[: len(before)] == before
    office.says("/po-action done A1", office.ben)
    assert office.told(office.ben)[: len(before)] == before


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
    known = {row.key for row in planned(office)}
    office.passes(days=8)
    office.ticks()
    assert all(row.is_forgotten for row in planned(office) if row.key in known)
    office.passes(days=401)
    office.ticks()
    assert not {row.key for row in planned(office)} & known


def test_what_still_waits_is_not_forgotten(digested: Office) -> None:
    office = digested
    with office.bot.sessions.begin() as session:
        held = [d for d in session.scalars(select(Delivery)) if d.key.startswith("digest:")]
        for delivery in held:
            delivery.state = State.HELD
    office.passes(days=30)
    office.ticks()
    kept = {delivery.id for delivery in held}
    assert not any(row.is_forgotten for row in planned(office) if row.id in kept)


def test_an_operator_is_told_that_it_is_forgotten(digested: Office) -> None:
    office = digested
    digest = planned(office)[0]
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
