"""Minutes: what was captured in a meeting's thread, the versions made of it, and who approved."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.history import Audited
from bot.meetings import Meeting


class MinutesState(StrEnum):
    """A *draft* waits for approval; a *superseded* version has a newer one."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class Capture(Audited, Base):
    """One line of a meeting's thread, as it stands there now, and the record it became.

    *ts* is Slack's, which tells a line delivered twice; *mark* is what it was typed as, such as
    ``A`` or ``topic``; *kind* and *object_id* are the record. *problem* says what it misses.
    """

    __tablename__ = "capture"
    __table_args__ = (UniqueConstraint("meeting_id", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    ts: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
    text: Mapped[str]
    mark: Mapped[str]
    words: Mapped[str]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"))
    kind: Mapped[str | None]
    object_id: Mapped[int | None]
    problem: Mapped[str | None]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Attendance(Audited, Base):
    """Somebody who was there, because they said so or spoke."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]


class Minutes(Audited, Base):
    """One version of the minutes of a meeting; *text* is what was approved, to the letter.

    *digest* is the SHA-256 of *text*.
    """

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    state: Mapped[MinutesState] = mapped_column(default=MinutesState.DRAFT)
    text: Mapped[str]
    digest: Mapped[str]
    made_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]


class Approval(Audited, Base):
    """What one attendee said to a version: approved, or objected to a line of it."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_minutes", "minutes_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    is_approved: Mapped[bool]
    by_silence: Mapped[bool] = mapped_column(default=False)
    quote: Mapped[str | None]
    objection: Mapped[str | None]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]


def thread_key(meeting: Meeting) -> str:
    """What the message is promised under in whose thread minutes of *meeting* are taken."""
    return f"meeting:{meeting.id}"


def captures_of(session: Session, meeting: Meeting) -> Sequence[Capture]:
    """The lines of *meeting* that stand, in the order they were said."""
    return session.scalars(
        select(Capture)
        .where(Capture.meeting_id == meeting.id, Capture.removed_at.is_(None))
        .order_by(Capture.ts)
    ).all()
