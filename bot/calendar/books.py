"""Books: what was published of each series, what each calendar holds, and what is to be told."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base
from bot.gathering import GATHER, Round

_STATE = JSON(none_as_null=True)


class CalendarEvent(Base):
    """The event of one UID as it was last published, for feeds and for who is invited later.

    *state* is `Event.as_dict`, None once it takes place no more. *sequence* counts its published
    changes (RFC 5545, 3.8.7.4), *changed_at* is when the last was made, in office time. Up to
    *horizon* its holidays are among what is dropped.
    """

    __tablename__ = "calendar_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    uid: Mapped[str] = mapped_column(unique=True)
    state: Mapped[dict[str, Any] | None] = mapped_column(_STATE)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    horizon: Mapped[date] = mapped_column(index=True)


class CalendarEdition(Base):
    """How new what calendars were told of an event under each of its *sequence* numbers is."""

    __tablename__ = "calendar_edition"

    event_id: Mapped[int] = mapped_column(ForeignKey("calendar_event.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime]


class CalendarCopy(Base):
    """What the calendar of one mail address *holds* of an event, by the mails it was sent.

    None where it was sent nothing, or the cancellation. *address* is in lower case; *mails*
    counts them; *part* is what the last one said its reader is to the meeting.
    """

    __tablename__ = "calendar_copy"
    __table_args__ = (UniqueConstraint("event_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("calendar_event.id"))
    address: Mapped[str]
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"), index=True)
    part: Mapped[str]
    holds: Mapped[dict[str, Any] | None] = mapped_column(_STATE)
    mails: Mapped[int] = mapped_column(default=0)


class CalendarRound(Round):
    """A series that was changed at *changed_at*, in office time, and of which calendars are told.

    A *silent* round publishes, and mails nobody.
    """

    __tablename__ = "calendar_round"
    __table_args__ = (Index("ix_calendar_round_due", "due_at"),)

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    changed_at: Mapped[datetime]
    is_silent: Mapped[bool] = mapped_column(default=False)

    @property
    def begun_at(self) -> datetime:
        """When the first of its changes was made."""
        return self.due_at - GATHER
