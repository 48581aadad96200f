"""Minutes: what was captured in a meeting's thread, the versions made of it, and who approved."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.history import Audited
from bot.meetings import Meeting
from bot.people import Person
from bot.projects import Project

ACCEPTED, TAKEN_BACK = "accepted", "taken back"
"""How an objection was resolved that made a new version, or that its author withdrew; one that
was not followed holds the reason instead."""


class MinutesState(StrEnum):
    """A *draft* waits for approval; a *superseded* version has a newer one.

    *Withdrawn* is what was taken back with the close of its meeting.
    """

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Capture(Audited, Base):
    """One line of a meeting's thread, as it stands there now, and the record it became.

    *ts* is Slack's, which tells a line delivered twice, with the number of the line behind it in a
    message of several (``1764061200.000100/002``); *stamp* is when it was last edited. *text* is
    what Slack says, *words* what stands behind the mark. *mark* is what it is (`scribe.Mark`), or
    empty: talk, kept because it was edited or deleted. *kind* and *object_id* are the record,
    *problem* says why there is none or not all of it. *thread_id* is where it was written; what was
    clicked or typed as a command stands in no thread. *by_host* tells who may take back others'
    lines; *is_undone* is one that was taken back so.
    """

    __tablename__ = "capture"
    __table_args__ = (UniqueConstraint("meeting_id", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    ts: Mapped[str]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_thread.id"))
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
    stamp: Mapped[str]
    by_host: Mapped[bool] = mapped_column(default=False)
    is_undone: Mapped[bool] = mapped_column(default=False)

    @property
    def counts(self) -> bool:
        """Whether it stands, and was not taken back."""
        return bool(self.mark) and self.removed_at is None and not self.is_undone

    def withdraw(self, now: datetime) -> None:
        """Take the line back as if it had been deleted in its thread."""
        self.removed_at = now


class Attendance(Audited, Base):
    """Somebody who was there: *is_heard* is who wrote something, else they had said yes."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    is_heard: Mapped[bool] = mapped_column(default=True, server_default=text("true"))


class Outsider(Audited, Base):
    """Somebody without Slack, of whom it was noted whether they were at a meeting."""

    __tablename__ = "outsider"
    __table_args__ = (UniqueConstraint("meeting_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    address: Mapped[str]
    was_there: Mapped[bool]


class Minutes(Audited, Base):
    """One version of the minutes of a meeting; *text* is what was approved, to the letter.

    *digest* is the SHA-256 of *text*; *change* says what is another than in the version before.
    *answers* counts what was said to it, so that nobody undoes a version others have answered.
    """

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    state: Mapped[MinutesState] = mapped_column(default=MinutesState.DRAFT)
    text: Mapped[str]
    digest: Mapped[str]
    change: Mapped[str | None]
    answers: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]

    @property
    def is_genuine(self) -> bool:
        """Whether the text is what its digest was made of."""
        return self.digest == digest_of(self.text)

    def withdraw(self, now: datetime) -> None:
        """Take the version back: its number stays taken."""
        self.state = MinutesState.WITHDRAWN


class Approval(Audited, Base):
    """What one attendee said to a version: approved, or objected to a line of it.

    *quote* is the line as it stands in the text; *resolution* is `ACCEPTED`, or why it was not.
    """

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

    def is_the_same(self, other: "Approval") -> bool:
        """Whether it is *other*, in the same version or carried on to a newer one."""
        return (self.person_id, self.at) == (other.person_id, other.at)


def thread_key(meeting: Meeting) -> str:
    """What the message is promised under in whose thread minutes of *meeting* are taken."""
    return f"meeting:{meeting.id}"


def captures_of(session: Session, meeting: Meeting) -> Sequence[Capture]:
    """The lines of *meeting* that count, in the order they were said."""
    return session.scalars(
        select(Capture)
        .where(
            Capture.meeting_id == meeting.id,
            Capture.mark != "",
            Capture.removed_at.is_(None),
            ~Capture.is_undone,
        )
        .order_by(Capture.ts)
    ).all()


def digest_of(text: str) -> str:
    """The SHA-256 of *text* in UTF-8, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def add_version(
    session: Session, meeting: Meeting, text: str, now: datetime, change: str | None = None
) -> Minutes:
    """A new version of the minutes of *meeting*; the ones before it count no longer."""
    for former in versions_of(session, meeting):
        if former.state is not MinutesState.WITHDRAWN:
            former.state = MinutesState.SUPERSEDED
    last = session.scalar(select(func.max(Minutes.version)).where(Minutes.meeting_id == meeting.id))
    minutes = Minutes(
        meeting_id=meeting.id,
        version=(last or 0) + 1,
        text=text,
        digest=digest_of(text),
        change=change,
        made_at=now,
    )
    session.add(minutes)
    session.flush()
    return minutes


def versions_of(session: Session, meeting: Meeting) -> Sequence[Minutes]:
    """Every version of the minutes of *meeting*, the newest first."""
    return session.scalars(
        select(Minutes).where(Minutes.meeting_id == meeting.id).order_by(Minutes.version.desc())
    ).all()


def minutes_of(session: Session, meeting: Meeting) -> Minutes | None:
    """The version that counts."""
    versions = versions_of(session, meeting)
    return next((known for known in versions if known.state in CURRENT), None)


CURRENT = frozenset({MinutesState.DRAFT, MinutesState.APPROVED})
"""The states of a version that counts."""


def drafts(session: Session, projects: Sequence[int]) -> Sequence[tuple[Minutes, Meeting]]:
    """What waits for approval in *projects*, the oldest first."""
    rows = session.execute(
        select(Minutes, Meeting)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .where(Minutes.state == MinutesState.DRAFT, Meeting.project_id.in_(projects))
        .order_by(Minutes.made_at, Minutes.id)
    )
    return [(minutes, meeting) for minutes, meeting in rows]


def projects_waiting(people: Collection[int]) -> Select[int]:
    """The projects with drafts that wait for approval, of meetings one of *people* was in."""
    return (
        select(Meeting.project_id)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .outerjoin(Attendance, Attendance.meeting_id == Meeting.id)
        .where(
            Minutes.state == MinutesState.DRAFT,
            or_(Attendance.person_id.in_(sorted(people)), Meeting.chair_id.in_(sorted(people))),
        )
    )


def attendees(session: Session, meeting: Meeting) -> list[Person]:
    """Who was at *meeting*, in the order they came."""
    return list(
        session.scalars(
            select(Person)
            .join(Attendance, Attendance.person_id == Person.id)
            .where(Attendance.meeting_id == meeting.id)
            .order_by(Attendance.since, Attendance.id)
        )
    )


def outsiders_at(session: Session, meeting: Meeting) -> Sequence[Outsider]:
    """Those without Slack of whom it was noted whether they were at *meeting*."""
    return session.scalars(
        select(Outsider).where(Outsider.meeting_id == meeting.id).order_by(Outsider.id)
    ).all()


def unheard(session: Session, meeting: Meeting) -> list[Person]:
    """Who is taken to have been at *meeting* by their answer alone, in the order of attendees."""
    rows = session.scalars(
        select(Attendance.person_id).where(
            Attendance.meeting_id == meeting.id, ~Attendance.is_heard
        )
    )
    silent = set(rows)
    return [person for person in attendees(session, meeting) if person.id in silent]


def version_with(session: Session, project: Project, digest: str) -> Minutes | None:
    """The newest version of any minutes of *project* whose digest begins with *digest*."""
    return session.scalar(
        select(Minutes)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .where(
            Meeting.project_id == project.id,
            Minutes.digest.startswith(digest, autoescape=True),
            Minutes.state != MinutesState.WITHDRAWN,
        )
        .order_by(Minutes.id.desc())
        .limit(1)
    )
