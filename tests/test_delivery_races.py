"""The outbox where several act at once: workers, commands, and those who tell the same person."""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError, Event

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot import history
from bot.db import Sessions, open_sessions
from bot.delivery import gates
from bot.delivery.notices import tell
from bot.delivery.outbox import Delivery, State, promise
from bot.delivery.sending import RejectedError, Sent, Standing
from bot.delivery.worker import Worker
from bot.messages import said
from bot.people import Person
from bot.projects import Project
from bot.registers.actions import ACTIONS, Action
from bot.timings import LOCK_WAIT_S, Timings
from tests.office import Office

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)
SOON_S = 0.3  # as long as somebody waits for another who may be waiting for them
PATIENCE_S = 20


class Slack:
    """Takes every message, when it may."""

    def __init__(self, refusal: str | None = None) -> None:
        self.is_asked = Event()
        self.answers = Event()
        self.refusal = refusal

    def post(self, delivery: Delivery, thread: str | None) -> Sent:
        self.is_asked.set()
        assert self.answers.wait(PATIENCE_S)
        if self.refusal is not None:
            raise RejectedError(self.refusal)
        return Sent(delivery.channel, "1.000001")

    def update(self, delivery: Delivery) -> Sent:
        return self.post(delivery, None)

    def delete(self, sent: Sent) -> None:
        raise AssertionError("nothing was posted twice")

    def read(
        self, delivery: Delivery, thread: str | None, since: datetime
    ) -> Mapping[str, Standing]:
        return {}


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    sessions = open_sessions(database_url)
    yield sessions
    sessions.kw["bind"].dispose()


def worker(sessions: Sessions, slack: Slack) -> Worker:
    return Worker(sessions, slack, lambda *_told: None, Timings.model_validate({}))


def promised(sessions: Sessions, *keys: str) -> None:
    """Each message in a channel of its own."""
    with sessions.begin() as session:
        for key in keys:
            promise(session, key, f"C{key}", said("as it was"), NOW)
            session.flush()


def stored(sessions: Sessions, key: str) -> Delivery:
    with sessions() as session:
        return session.scalars(select(Delivery).where(Delivery.key == key)).one()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline


@pytest.mark.both_databases
@pytest.mark.parametrize("refusal", [None, "msg_too_long"])
def test_what_changes_while_it_is_sent_is_sent_again(
    sessions: Sessions, refusal: str | None
) -> None:
    promised(sessions, "card")
    slack = Slack(refusal)
    with ThreadPoolExecutor(1) as crew:
        delivering = crew.submit(worker(sessions, slack).deliver_next)
        assert slack.is_asked.wait(PATIENCE_S)
        with sessions.begin() as session:
            promise(session, "card", "Ccard", said("as it is"), NOW)
            slack.answers.set()
            wait_for([delivering], SOON_S)
        assert delivering.result(PATIENCE_S)
    card = stored(sessions, "card")
    assert (card.state, card.version) == (State.WAITING, 2)
    slack.refusal = None
    assert worker(sessions, slack).deliver_next()
    card = stored(sessions, "card")
    assert (card.state, card.sent_version) == (State.SENT, 2)


@pytest.mark.both_databases
def test_what_four_tell_one_person_at_once_is_one_message(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(carla())
    begin, told = Barrier(4), Barrier(4)

    def give(number: int) -> None:
        begin.wait(PATIENCE_S)
        with sessions.begin() as session:
            person = session.scalars(select(Person)).one()
            tell(session, person, f"A{number}", said(f"paint {number}"), NOW, LEASE)
            session.flush()
            with suppress(BrokenBarrierError):
                told.wait(SOON_S)

    with ThreadPoolExecutor(4) as crew:
        given: list[Future[None]] = [crew.submit(give, number) for number in range(4)]
    for each in given:
        each.result()
    with sessions() as session:
        (message,) = session.scalars(select(Delivery))
    assert all(f"paint {number}" in message.content["text"] for number in range(4))


@pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite lets nobody be too late
def test_a_worker_that_was_too_late_for_one_message_sends_the_next(sessions: Sessions) -> None:
    promised(sessions, "first", "second")
    slack = Slack()
    slack.answers.set()
    with ThreadPoolExecutor(1) as crew:
        with sessions.begin() as session:
            session.execute(
                update(Delivery)
                .where(Delivery.key == "first")
                .values(fence=1, leased_until=datetime.now(UTC) + LEASE)
            )
            delivering = crew.submit(worker(sessions, slack).deliver_next)
            until(lambda: is_somebody_kept_waiting(sessions))
        assert delivering.result(PATIENCE_S)
    assert stored(sessions, "first").state == State.WAITING
    assert stored(sessions, "second").state == State.SENT


@pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite lets nobody be second
def test_two_whom_slack_asks_to_wait_at_once_both_write_it_down(sessions: Sessions) -> None:
    now = datetime.now(UTC)
    soon, late = now + timedelta(seconds=1), now + timedelta(seconds=30)

    def close(until: datetime) -> None:
        with sessions.begin() as session:
            gates.close(session, "post C1", until, "ratelimited", now)

    with ThreadPoolExecutor(1) as crew:
        with sessions.begin() as session:
            gates.close(session, "post C1", late, "ratelimited", now)
            second = crew.submit(close, soon)
            until(lambda: is_somebody_kept_waiting(sessions))
        second.result(PATIENCE_S)
    with sessions() as session:
        assert gates.closed_at(session, soon) == {"post C1"}


@pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite lets nobody be second
def test_who_tells_the_same_two_in_another_order_is_not_refused(office: Office) -> None:
    office.says("/po project people @ben lead")
    office.says("/po project people @carla member")
    office.says('/po ms add "Pilot" 30 june owner @carla')

    def lock(session: Session, name: str) -> None:
        person = select(Person.id).where(Person.name == name)
        session.execute(person.with_for_update(key_share=True))

    with ThreadPoolExecutor(1) as crew:
        # Of the two PostgreSQL undoes one; where that is this one, the other was not refused.
        with suppress(OperationalError), office.bot.sessions.begin() as session:
            lock(session, "Carla")
            slip = crew.submit(office.says, "/po ms forecast M1 15 july supplier late")
            until(lambda: is_somebody_kept_waiting(office.bot.sessions))
            lock(session, "Ben")
        answer = slip.result(PATIENCE_S)
    assert "NOT SAVED" not in answer
    assert "supplier late" in office.told(office.carla)[-1]


@pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite lets nobody be second
def test_who_numbers_an_entry_keeps_nobody_of_the_project_waiting(office: Office) -> None:
    office.says("/po-action add order paint")
    with office.bot.sessions.begin() as session:
        project = session.scalars(select(Project)).one()
        anna = session.scalars(select(Person).where(Person.name == "Anna")).one()
        history.begin(session, anna, "action add order brushes", office.now)
        ACTIONS.add(session, project, Action(title="order brushes"), anna, office.now)
        assert "NOT SAVED" not in office.says("/po-action note A1 the red one")
        office.delivered()
    assert "the red one" in office.says("/po-action show A1")


@pytest.mark.parametrize("database_kind", ["sqlite"])  # PostgreSQL lets several write
def test_what_was_posted_is_written_down_though_others_write_for_long(sessions: Sessions) -> None:
    promised(sessions, "card")
    slack = Slack()
    with ThreadPoolExecutor(1) as crew:
        delivering = crew.submit(worker(sessions, slack).deliver_next)
        assert slack.is_asked.wait(PATIENCE_S)
        with sessions.begin() as session:
            session.execute(update(Delivery).values(error=None))
            slack.answers.set()
            wait_for([delivering], LOCK_WAIT_S + SOON_S)
        assert delivering.result(PATIENCE_S)
    assert stored(sessions, "card").state is State.SENT


@pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite lets nobody be second
def test_what_was_posted_is_written_down_though_the_database_undid_it_once(
    sessions: Sessions,
) -> None:
    def lock(session: Session, key: str) -> None:
        session.execute(select(Delivery.id).where(Delivery.key == key).with_for_update())

    with sessions.begin() as session:
        promise(session, "head", "C1", said("head"), NOW)
        session.flush()
        promise(session, "reply", "C1", said("reply"), NOW, under="head")
    slack = Slack()
    slack.answers.set()
    assert worker(sessions, slack).deliver_next()
    slack = Slack()
    with ThreadPoolExecutor(1) as crew:
        delivering = crew.submit(worker(sessions, slack).deliver_next)
        assert slack.is_asked.wait(PATIENCE_S)
        with sessions.begin() as session:
            session.execute(
                text("SET LOCAL deadlock_timeout = '1min'")
            )  # so that the worker is undone
            lock(session, "head")
            slack.answers.set()
            until(lambda: is_somebody_kept_waiting(sessions))
            lock(session, "reply")
        assert delivering.result(PATIENCE_S)
    assert stored(sessions, "reply").state is State.SENT


def is_somebody_kept_waiting(sessions: Sessions) -> bool:
    waiting = text(
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'"
    )
    with sessions() as session:
        return bool(session.scalar(waiting))


def carla() -> Person:
    return Person(
        team="T1",
        slack_id="U1",
        handle="carla",
        name="Carla",
        timezone="UTC",
        locale="en",
        is_guest=False,
        is_active=True,
        is_bot=False,
        refreshed_at=NOW,
    )
