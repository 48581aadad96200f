"""The agenda: what a meeting is to talk about, whence each item comes, what became of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from bot.db import Base
from bot.history import Audited
from bot.language import N_, _
from bot.meetings import Meeting

RAISED = "capture"
"""The kind of an item that a line of the meeting's thread has put there."""

UNTOLD = N_("Confidential item")
"""What is said of an item before those who may not read it."""


class Section(StrEnum):
    """The parts of an agenda, in their order."""

    CHANGES = "changes"
    MINUTES = "minutes"
    ACTIONS = "actions"
    ISSUES = "issues"
    RISKS = "risks"
    MILESTONES = "milestones"
    DECISIONS = "decisions"
    STATUS = "status"
    TOPICS = "topics"


class ItemState(StrEnum):
    """*Parked* is put off within the meeting, *carried* to the next one."""

    PLANNED = "planned"
    NOW = "now"
    DONE = "done"
    PARKED = "parked"
    CARRIED = "carried"
    DROPPED = "dropped"


class Topic(Audited, Base):
    """Something somebody wants to talk about, in the next meeting of a series that takes it.

    *carried* counts the meetings that did not come to it; *source* is the address of the message
    it was made of. *meeting_id* is the meeting whose agenda it is on.
    """

    __tablename__ = "topic"
    __table_args__ = (Index("ix_topic_series", "series_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    title: Mapped[str]
    minutes: Mapped[int | None]
    presenter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    raised_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime]
    source: Mapped[str | None]
    carried: Mapped[int] = mapped_column(default=0)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

    def withdraw(self, now: datetime) -> None:
        """Take the topic back."""
        self.closed_at, self.outcome = now, "withdrawn"


class AgendaItem(Audited, Base):
    """One item on the agenda of a meeting; *kind* and *object_id* are the row it is about.

    *source* says in words why it is there; *title* is what it is called. *carried* counts the
    meetings before this one that did not come to it; where somebody *is_set* its minutes or its
    presenter, building the agenda anew keeps them.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_meeting", "meeting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    section: Mapped[Section]
    title: Mapped[str]
    source: Mapped[str]
    minutes: Mapped[int]
    presenter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str | None]
    object_id: Mapped[int | None]
    state: Mapped[ItemState] = mapped_column(default=ItemState.PLANNED)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    is_confidential: Mapped[bool] = mapped_column(default=False)
    carried: Mapped[int] = mapped_column(default=0)
    is_set: Mapped[bool] = mapped_column(default=False)

    def withdraw(self, now: datetime) -> None:
        """Take the item back; what a line has raised goes when no line raises it any more."""
        session = object_session(self)
        if session is not None and self.kind != RAISED:
            session.delete(self)

    @property
    def name(self) -> str:
        """What it is called in a line, whatever its place: ``risks``, or ``T14`` for a topic."""
        if self.kind == Topic.__tablename__:
            return f"T{self.object_id}"
        return self.section.value if self.section is not Section.TOPICS else f"X{self.id}"

    @property
    def public_title(self) -> str:
        """What may be said of it where nobody knows who reads, such as in a channel."""
        return _(UNTOLD) if self.is_confidential else self.title


def items_of(session: Session, meeting: Meeting) -> Sequence[AgendaItem]:
    """The agenda of *meeting*, in order."""
    return session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def carry(
    session: Session,
    meeting: Meeting,
    item: AgendaItem,
    now: datetime,
    series_id: int | None = None,
) -> None:
    """Put *item* off to the next meeting of its series, which counts how often that was done.

    With *series_id*, to that of another one.

    What the agenda finds by itself comes again by itself, as long as it is so; a topic waits, and
    what was only said in the meeting becomes one.
    """
    if item.state is ItemState.CARRIED and series_id is None:
        return
    item.state = ItemState.CARRIED
    if item.section is not Section.TOPICS:
        return
    topic = topic_of(session, item)
    if topic is None:
        topic = Topic(
            project_id=meeting.project_id,
            series_id=meeting.series_id,
            title=item.title,
            minutes=item.minutes or None,
            presenter_id=item.presenter_id,
            raised_by=item.presenter_id or meeting.chair_id,
            raised_at=now,
            is_confidential=item.is_confidential,
            carried=0,
        )
        session.add(topic)
        session.flush()
        item.kind, item.object_id = Topic.__tablename__, topic.id
    topic.series_id = series_id or topic.series_id
    topic.meeting_id, topic.carried = None, item.carried + 1
    topic.closed_at, topic.outcome = None, None


def settle(
    session: Session, item: AgendaItem, state: ItemState, outcome: str, now: datetime
) -> None:
    """Be done with *item*, and with the topic it is about; *outcome* says how."""
    item.state = state
    topic = topic_of(session, item)
    if topic is not None:
        topic.closed_at, topic.outcome = now, outcome


def topic_of(session: Session, item: AgendaItem) -> Topic | None:
    """The topic *item* is about, where it is about one."""
    if item.kind != Topic.__tablename__ or item.object_id is None:
        return None
    return session.get_one(Topic, item.object_id)
