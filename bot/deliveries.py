"""Deliveries for an operator: what was promised, what became of it, and what to do about it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.calendar.refusals import mail_rejected
from bot.config import Settings
from bot.db import Sessions, open_sessions, reading
from bot.delivery import decisions
from bot.delivery.installation import seal_of
from bot.delivery.outbox import Delivery, Medium, State
from bot.delivery.sending import RejectedError
from bot.projects import with_key
from bot.slack.client import open_client
from bot.slack.sender import Ours, SlackSender

CANCELLED = "an operator cancelled it"
SHORT = 50  # characters of a message's text in a list


class Deliveries:
    """The outbox of one database, which a bot may be working on meanwhile."""

    def __init__(self, settings: Settings, console: Console | None = None) -> None:
        self._settings = settings
        self._console = console or Console(soft_wrap=True, highlight=False)

    def show_list(self, state: str | None, project: str | None, most: int) -> None:
        """Print the newest deliveries; with *state*, only those; with a project's key, only its."""
        query = select(Delivery).order_by(Delivery.id.desc()).limit(most)
        if state is not None:
            query = query.where(Delivery.state == State(state))
        with self._sessions() as sessions, reading(sessions) as session:
            if project is not None:
                found = with_key(session, project)
                query = query.where(Delivery.project_id == (found.id if found else None))
            rows = session.scalars(query).all()
        table = Table("id", "state", "to", "due", "tried", "why", "text")
        for row in rows:
            table.add_row(
                str(row.id),
                row.state,
                row.channel,
                _moment(row.due_at),
                str(row.attempts),
                _why(row),
                row.content["text"].replace("\n", " ")[:SHORT],
            )
        self._console.print(table)

    def show(self, number: int) -> None:
        """Print all that is known of one delivery. Raises `UserError`."""
        with self._sessions() as sessions, reading(sessions) as session:
            row = decisions.delivery_of(session, number)
        table = Table(show_header=False)
        for name in row.__table__.columns.keys():  # noqa: SIM118 # a collection, not a dict
            value = getattr(row, name)
            if name != "content" and value is not None:
                table.add_row(name, _moment(value) if isinstance(value, datetime) else str(value))
        table.add_row("why", _why(row))
        self._console.print(table)
        said = "(what it said is forgotten)" if row.is_forgotten else row.content["text"]
        self._console.print(said, markup=False)

    def requeue(self, number: int) -> None:
        """Have one sent again; a bot that runs does so within seconds. Raises `UserError`."""
        with self._writing() as session:
            decisions.requeue(session, number)
        self._console.print(f"Delivery {number} will be sent.")

    def cancel(self, number: int) -> None:
        """Give one up, a mail as if it had been refused. Raises `UserError`."""
        with self._writing() as session:
            delivery = decisions.cancel(session, number)
            state = delivery.state
            if delivery.medium is Medium.MAIL:
                mail_rejected(session, delivery, CANCELLED, clock.now())
        what = "is cancelled" if state is State.CANCELLED else "is left as it stands"
        self._console.print(f"Delivery {number} {what}.")

    def verify(self, hours: float) -> bool:
        """Compare what was sent in the last *hours* with what stands in Slack, changing nothing.

        Prints what is missing or stands twice; whether all is as it should be.
        """
        since = clock.now() - timedelta(hours=hours)
        client = open_client(self._settings)
        told = client.auth_test()
        with self._sessions() as sessions:
            ours = Ours(str(told["user_id"]), str(told["bot_id"]), seal_of(sessions))
            with reading(sessions) as session:
                sent = _sent_since(session, since)
        places = sorted(
            {(row.sent_channel or row.channel, thread) for row, thread in sent}, key=str
        )
        sender = SlackSender(client, ours)
        there: set[tuple[str, str]] = set()  # a thread's first message is read with the thread too
        is_well = True
        for channel, thread in places:
            try:
                found = sender.standing(channel, thread, since - timedelta(minutes=1))
            except RejectedError as error:
                self._console.print(f"{channel} may not be read: {error}")
                is_well = False
            else:
                there |= {(mark, standing.ts) for mark, standing in found}
        counts = Counter(mark for mark, _ts in there)
        for row, _thread in sent:
            count = counts[row.token]
            if count != 1:
                what = "stands nowhere" if count == 0 else f"stands {count} times"
                self._console.print(f"Delivery {row.id} to {row.channel} {what}.")
                is_well = False
        self._console.print(f"{len(sent)} messages compared in {len(places)} places.")
        return is_well

    @contextmanager
    def _sessions(self) -> Iterator[Sessions]:
        sessions = open_sessions(self._settings.database_url)
        try:
            yield sessions
        finally:
            sessions.kw["bind"].dispose()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self._sessions() as sessions, sessions.begin() as session:
            yield session


def _sent_since(session: Session, since: datetime) -> list[tuple[Delivery, str | None]]:
    """What was posted since, with the thread it stands in; files carry no token to compare."""
    rows = session.scalars(
        select(Delivery)
        .where(
            Delivery.medium == Medium.SLACK,
            Delivery.ts >= f"{since.timestamp():.6f}",
            Delivery.state.in_([State.SENT, State.WAITING]),
        )
        .order_by(Delivery.id)
    ).all()
    parents = {row.parent_id for row in rows if row.parent_id is not None}
    known = session.execute(select(Delivery.id, Delivery.ts).where(Delivery.id.in_(parents)))
    threads = {number: ts for number, ts in known}
    return [(row, threads.get(row.parent_id) if row.parent_id else None) for row in rows]


def _why(row: Delivery) -> str:
    if row.state is State.WAITING and row.is_unsure:
        return f"it may stand already; read {row.reads} times ({row.error or 'its process ended'})"
    return row.error or ""


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"
