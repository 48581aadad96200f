"""Left open: meetings whose minutes nobody has closed, and when each closes by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.delivery.retelling import retell
from bot.language import _
from bot.meetings import Meeting, MeetingState
from bot.messages import noted
from bot.minutes import Capture
from bot.minutes_text import title_of
from bot.projects import Project
from bot.reminding import NUDGE_LIFE, nudge_about

DAYS = 3
"""The working days without a line after whose last a meeting closes by itself."""

JOB = "closing"
"""The job that closes them; a project may switch it off."""


@dataclass(frozen=True)
class LeftOpen:
    """An open *meeting*, and *since* when nothing was written in it."""

    meeting: Meeting
    since: datetime


def left_open(session: Session, projects: Collection[int]) -> Sequence[LeftOpen]:
    """The open meetings of *projects*, by primary key, the oldest first."""
    rows = session.execute(
        select(Meeting, func.max(Capture.said_at))
        .outerjoin(Capture, Capture.meeting_id == Meeting.id)
        .where(Meeting.state == MeetingState.OPEN, Meeting.project_id.in_(sorted(projects)))
        .group_by(Meeting.id)
        .order_by(Meeting.id)
    )
    return [
        LeftOpen(meeting, max(at for at in (last, meeting.opened_at, meeting.starts_at) if at))
        for meeting, last in rows
    ]


def projects_left_open(people: Collection[int]) -> Select[int]:
    """The projects with an open meeting that one of *people* chairs."""
    return select(Meeting.project_id).where(
        Meeting.state == MeetingState.OPEN, Meeting.chair_id.in_(sorted(people))
    )


def closes_on(project: Project, left: LeftOpen) -> date:
    """The day at whose end a meeting closes by itself unless somebody writes."""
    return project.calendar.add(project.local_date(left.since), DAYS)


def name_of(meeting: Meeting, project: Project) -> str:
    """What the line has that puts off a reminder of *meeting*: ``meeting 7 in ALPHA``."""
    return f"meeting {meeting.id} in {project.key}"


def settle_reminder(session: Session, meeting: Meeting, project: Project, now: datetime) -> None:
    """Let this morning's reminder show that *meeting* is closed."""
    answer = noted("✓ " + _("{title}: closed").format(title=title_of(session, meeting)))
    about = nudge_about(name_of(meeting, project))
    retell(session, about, lambda _user: answer, now - NUDGE_LIFE)
