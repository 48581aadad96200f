"""Meeting threads: where minutes are taken, and stay to be heard wherever the card goes on."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Select, UniqueConstraint, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.delivery.outbox import Delivery
from bot.meetings import Meeting, MeetingState
from bot.minutes import Capture


@dataclass(frozen=True)
class Thread:
    """A thread of a channel."""

    channel: str
    ts: str


@dataclass(frozen=True)
class Open:
    """An open meeting, and a thread its minutes are taken in; *since* when it is open.

    *newest* is Slack's stamp of the last of its lines that is known.
    """

    meeting: int
    thread: Thread
    since: datetime | None
    project: int = field(compare=False)
    newest: str = field(compare=False)


class MeetingThread(Base):
    """A thread in which the minutes of a meeting are taken.

    There are several where what heads it came to stand elsewhere: its project has moved, or
    somebody has deleted its card. What people write on in the one before counts all the same, and
    a line is known by the thread it was written in.
    """

    __tablename__ = "meeting_thread"
    __table_args__ = (UniqueConstraint("channel", "ts", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    channel: Mapped[str]
    ts: Mapped[str]

    @property
    def place(self) -> Thread:
        """Where it is."""
        return Thread(self.channel, self.ts)


def note(session: Session, meeting: Meeting, thread: Thread) -> MeetingThread:
    """Keep that minutes of *meeting*, which is locked, are taken in *thread*."""
    known = session.scalar(
        select(MeetingThread).where(MeetingThread.meeting_id == meeting.id, _is(thread))
    )
    if known is None:
        known = MeetingThread(meeting_id=meeting.id, channel=thread.channel, ts=thread.ts)
        session.add(known)
        session.flush()
    return known


def head_of(session: Session, meeting: Meeting) -> Thread | None:
    """The thread of what heads *meeting* just now; None before it was posted."""
    head = session.get(Delivery, meeting.thread_id) if meeting.thread_id else None
    if head is None or head.ts is None or head.sent_channel is None:
        return None
    return Thread(head.sent_channel, head.ts)


def noted_of(session: Session, meeting: Meeting) -> list[MeetingThread]:
    """The threads in which something was heard, or seen to be, the latest last."""
    return list(
        session.scalars(
            select(MeetingThread)
            .where(MeetingThread.meeting_id == meeting.id)
            .order_by(MeetingThread.id)
        )
    )


def threads_of(session: Session, meeting: Meeting) -> list[Thread]:
    """All threads in which minutes of *meeting* are taken, the one it goes on in last."""
    head = head_of(session, meeting)
    others = [row.place for row in noted_of(session, meeting) if row.place != head]
    return [*others, head] if head is not None else others


def open_threads(session: Session) -> list[Open]:
    """The threads of all open meetings."""
    is_open = Meeting.state == MeetingState.OPEN
    newest = select(func.max(Capture.ts)).where(Capture.meeting_id == Meeting.id).scalar_subquery()
    of = (Meeting.id, Meeting.opened_at, Meeting.project_id, newest)
    noted = session.execute(
        select(MeetingThread.channel, MeetingThread.ts, *of)
        .join(MeetingThread, MeetingThread.meeting_id == Meeting.id)
        .where(is_open)
    )
    heads = session.execute(
        select(Delivery.sent_channel, Delivery.ts, *of)
        .join(Delivery, Delivery.id == Meeting.thread_id)
        .where(is_open, Delivery.ts.is_not(None))
    )
    found = [
        Open(number, Thread(channel, ts), since, project, last or ts)
        for channel, ts, number, since, project, last in (*noted, *heads)
    ]
    return list(dict.fromkeys(found))


def meeting_in(session: Session, thread: Thread) -> int | None:
    """The open meeting whose minutes are taken in *thread*."""
    heads = (
        select(Meeting.id)
        .join(Delivery, Delivery.id == Meeting.thread_id)
        .where(Meeting.state == MeetingState.OPEN, _stands(thread))
    )
    return session.scalar(
        select(Meeting.id).where(
            Meeting.state == MeetingState.OPEN,
            or_(Meeting.id.in_(_noted(thread)), Meeting.id.in_(heads)),
        )
    )


def headed(session: Session, thread: Thread) -> tuple[Meeting, Delivery] | None:
    """The latest meeting whose minutes are, were or were to be taken in *thread*, and its head.

    One look at every meeting there ever was: for what is seldom asked.
    """
    found = session.execute(
        select(Meeting, Delivery)
        .join(Delivery, Delivery.id == Meeting.thread_id)
        .where(or_(Meeting.id.in_(_noted(thread)), _stands(thread)))
        .order_by(Meeting.id.desc())
        .limit(1)
    ).first()
    return (found.Meeting, found.Delivery) if found is not None else None


def _is(thread: Thread) -> ColumnElement[bool]:
    return and_(MeetingThread.channel == thread.channel, MeetingThread.ts == thread.ts)


def _stands(thread: Thread) -> ColumnElement[bool]:
    return and_(Delivery.sent_channel == thread.channel, Delivery.ts == thread.ts)


def _noted(thread: Thread) -> Select[int]:
    return select(MeetingThread.meeting_id).where(_is(thread))
