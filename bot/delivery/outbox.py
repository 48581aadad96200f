"""The outbox: messages as they ought to stand in Slack, and mails, kept until they do."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, bindparam, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot import clock
from bot.db import Base
from bot.delivery.installation import token_for
from bot.messages import Message
from bot.people import Person
from bot.projects import Project

PROMISED = "jourfixe_promised"
TOO_LATE = "too late"
SETTLED = "settled before it was sent"
HIDDEN = "who it was for may read none of it any more"
RESTRICTED = "not everybody there may read it"
UNREADABLE = "nobody can tell whether it stands"
MAILTO = "mailto:"

RETOLD = timedelta(days=7)
"""How long, at the longest, what the clock planned is said anew in its place."""

KEPT = timedelta(days=400)
"""How long it is known what was sent and what the clock did: a year can be looked back on."""


class State(StrEnum):
    """How far a delivery is.

    *held* waits for a channel to post to or for somebody's decision, *dead* is given up by us,
    *cancelled* by an operator, or because nobody is to read it any more.
    """

    WAITING = "waiting"
    SENT = "sent"
    HELD = "held"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Medium(StrEnum):
    """By which way a delivery leaves; each has a worker of its own."""

    SLACK = "slack"
    MAIL = "mail"


def _partial(name: str, *columns: str, where: str) -> Index:
    """An index over the few rows something is still to be done with."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Delivery(Base):
    """One message as it ought to stand in Slack, or a mail, which stands once it was sent.

    While *version* is ahead of *sent_version*, what Slack shows is not yet what it should be:
    the message is posted, or updated in place once *ts* is known. *channel* is a channel or, for
    a direct message, a user, or the address of a mail; *person_id* is whom notices are gathered
    for. *made_at* is office time; the others are machine time, which nobody moves: *due_at*,
    *useless_at*, when it is given up unless it stands, *leased_until*, *tried_at*, the first
    attempt to send what is not yet sent, and *unsure_at*, since when it may have been posted
    without our hearing of it; *reads* counts how often history has not shown it since. What was
    planned, or said only once, is emptied, and then dropped, at *forget_at*, in office time; cards
    never are, for what they show may change.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        _partial("ix_delivery_due", "medium", "due_at", "id", where="state = 'waiting'"),
        _partial(
            "ix_delivery_tried", "channel", where="state = 'waiting' AND tried_at IS NOT NULL"
        ),
        _partial("ix_delivery_held", "due_at", where="state = 'held'"),
        _partial("ix_delivery_dead", "due_at", where="state = 'dead'"),
        _partial("ix_delivery_useless", "useless_at", where="ts IS NULL"),
        _partial("ix_delivery_forget", "forget_at", where="forget_at IS NOT NULL"),
        _partial("ix_delivery_parent", "parent_id", where="parent_id IS NOT NULL"),
        Index("ix_delivery_told", "person_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True)
    medium: Mapped[Medium] = mapped_column(default=Medium.SLACK, server_default=Medium.SLACK.value)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    sent_version: Mapped[int] = mapped_column(default=0)
    state: Mapped[State] = mapped_column(default=State.WAITING)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    useless_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    is_unsure: Mapped[bool] = mapped_column(default=False)
    unsure_at: Mapped[datetime | None]
    reads: Mapped[int] = mapped_column(default=0, server_default="0")
    sent_channel: Mapped[str | None]
    ts: Mapped[str | None]
    error: Mapped[str | None]
    forget_at: Mapped[datetime | None]
    is_forgotten: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


# Every change runs this one, so it is built once. Who revises a delivery must see what the worker
# made of it, and let the worker see the new version before it writes down what came of the old.
# Here as with projects and people, who locks a row does not lock its key: the worker, writing down
# what came of a reply, would wait for its parent and be waited for.
_BY_KEY = (
    select(Delivery)
    .where(Delivery.key == bindparam("key"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def find(session: Session, key: str) -> Delivery | None:
    """The delivery promised under *key*, kept from the worker until the transaction ends."""
    return session.scalar(_BY_KEY, {"key": key})


def promise(
    session: Session,
    key: str,
    channel: str,
    message: Message,
    now: datetime,
    *,
    project: Project | None = None,
    person: Person | None = None,
    under: str | None = None,
    file: dict[str, str] | None = None,
    at: datetime | None = None,
    useless_after: timedelta | None = None,
    is_planned: bool = False,
    is_lasting: bool = False,
    is_passing: bool = False,
    unsure_since: datetime | None = None,
) -> Delivery:
    """Promise that *message* will stand in *channel*, in the thread of the message *under*.

    Promised again under the same *key*, the message that stands there is updated in place; where
    it stands in another channel, because the project moved, it is posted anew.

    *at* is the office time it is due at, *now* where none is given; unless it stands
    *useless_after* the later of the two, it is given up. What the clock plans (*is_planned*) is
    recognised in Slack even by a database that does not know of it, such as a restored backup;
    its content is dropped when it is retold no more, unless it *is_lasting*. What *is_passing* is
    promised under its key once only, and dropped when the ledger is. Where somebody this database
    knows nothing of may have posted it (*unsure_since*, in office time), it is looked for first.
    """
    content: dict[str, Any] = message.as_payload() | ({"file": file} if file else {})
    due_at = clock.now() + ((at or now) - now)
    # What is told late, after a time out of service, is of use for as long from then on.
    since = max(due_at, clock.now())
    useless_at = since + useless_after if useless_after is not None else None
    life = KEPT if is_passing else RETOLD if is_planned and not is_lasting else None
    known = find(session, key)
    if known is not None:
        if known.channel != channel:
            _move(known, channel)
        known.useless_at = useless_at
        return revise(session, known, content)
    parent = find(session, under) if under else None
    delivery = Delivery(
        token=token_for(session, key) if is_planned else str(uuid4()),
        key=key,
        project_id=project.id if project else None,
        person_id=person.id if person else None,
        channel=channel,
        parent_id=parent.id if parent else None,
        content=content,
        state=_first_state(project, parent),
        made_at=now,
        due_at=due_at,
        useless_at=useless_at,
        is_unsure=unsure_since is not None,
        unsure_at=clock.now() + (unsure_since - now) if unsure_since is not None else None,
        forget_at=max(at or now, now) + life if life is not None else None,
    )
    session.add(delivery)
    session.info[PROMISED] = True
    return delivery


def _first_state(project: Project | None, parent: Delivery | None) -> State:
    if parent is not None and parent.state is State.CANCELLED:
        return State.CANCELLED
    return State.HELD if project is not None and project.paused else State.WAITING


def revise(session: Session, delivery: Delivery, content: dict[str, Any]) -> Delivery:
    """Say anew what *delivery*, which is locked, ought to show."""
    if content != delivery.content or delivery.sent_version == 0:
        delivery.content = content
        delivery.version += 1
        is_useless = delivery.useless_at is not None and delivery.useless_at <= clock.now()
        is_over = delivery.state is State.DEAD and not is_useless
        if delivery.state is State.SENT or is_over:
            project = session.get(Project, delivery.project_id) if delivery.project_id else None
            delivery.state = State.HELD if project and project.paused else State.WAITING
            delivery.due_at, delivery.attempts = clock.now(), 0
        session.info[PROMISED] = True
    return delivery


def _move(delivery: Delivery, channel: str) -> None:
    """Have *delivery* stand in another channel; who is sending it just now is not heard."""
    delivery.channel, delivery.sent_channel, delivery.ts = channel, None, None
    delivery.sent_version, delivery.tried_at = 0, None
    delivery.is_unsure, delivery.unsure_at = False, None
    delivery.fence, delivery.leased_until = delivery.fence + 1, None


def has_promised(session: Session) -> bool:
    """Whether this session promised something, so that the worker is to be woken."""
    return bool(session.info.pop(PROMISED, False))


def hold(session: Session, project: Project) -> None:
    """Keep what is promised to *project*'s channel until there is one to post to."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.project_id == project.id,
            Delivery.state == State.WAITING,
            Delivery.medium == Medium.SLACK,
        )
        .values(state=State.HELD)
    )


def release(session: Session, project: Project, channel: str) -> None:
    """Send what was held for *project*, or waits to be sent to where it was, to *channel*.

    The cards it belongs to come with it.
    """
    is_held = Delivery.state == State.HELD
    waits_elsewhere = (Delivery.state == State.WAITING) & (Delivery.channel != channel)
    owed = session.scalars(
        select(Delivery)
        .where(
            Delivery.project_id == project.id,
            Delivery.medium == Medium.SLACK,
            or_(is_held, waits_elsewhere),
        )
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for delivery in owed:
        if delivery.state is State.HELD:
            delivery.state, delivery.due_at, delivery.attempts = State.WAITING, clock.now(), 0
        _bring(session, delivery, channel)
        if delivery.parent_id is not None:
            parent = session.get_one(
                Delivery,
                delivery.parent_id,
                populate_existing=True,
                with_for_update={"key_share": True},
            )
            _bring(session, parent, channel)
    session.flush()
    session.info[PROMISED] = True


def _bring(session: Session, delivery: Delivery, channel: str) -> None:
    if delivery.channel != channel:
        _move(delivery, channel)
        revise(session, delivery, delivery.content)


def revive(session: Session, delivery: Delivery) -> None:
    """Hold a delivery that was refused because of its channel, not because of itself."""
    row = session.get_one(Delivery, delivery.id, populate_existing=True)
    row.state, row.error = State.HELD, None
    session.flush()
