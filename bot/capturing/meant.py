"""Which open meeting somebody means: the one with a number, the one they write in, the only one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.closing import require_open
from bot.context import Context
from bot.errors import UnclearError, UserError
from bot.language import _
from bot.meeting_threads import Thread, meeting_in
from bot.meetings import Meeting, MeetingState, Series
from bot.minutes_meant import label_of


def open_meetings(session: Session, project_id: int) -> list[Meeting]:
    """The meetings of a project minutes are being taken of, the latest first."""
    return list(
        session.scalars(
            select(Meeting)
            .where(Meeting.project_id == project_id, Meeting.state == MeetingState.OPEN)
            .order_by(Meeting.opened_at.desc(), Meeting.id.desc())
        )
    )


def open_meeting(
    context: Context, number: int | None = None, series: Series | None = None
) -> Meeting:
    """The open meeting of the project with that *number*, else the one that is meant.

    Raises `UserError` where there is none, `UnclearError` where several may be meant.
    """
    if number is not None:
        return _numbered(context, number)
    found = open_meetings(context.session, context.project.id)
    if series is not None:
        found = [meeting for meeting in found if meeting.series_id == series.id]
    if not found:
        text = _("No meeting of {project} is open.")
        raise UserError(text.format(project=context.project.name), line="meet start")
    found = _written_in(context, found) or found
    if len(found) > 1:
        choices = tuple((label_of(context, one), f"meeting={one.id}") for one in reversed(found))
        raise UnclearError(_("Which one?"), choices)
    return found[0]


def _numbered(context: Context, number: int) -> Meeting:
    meeting = context.session.get(Meeting, number)
    if meeting is None or meeting.project_id != context.project.id:
        raise UserError(_("There is no such meeting here."))
    require_open(meeting)
    return meeting


def _written_in(context: Context, found: Sequence[Meeting]) -> list[Meeting]:
    """The one of *found* in whose thread the line was written."""
    place = context.place
    if place.channel is None or place.thread is None:
        return []
    here = meeting_in(context.session, Thread(place.channel, place.thread))
    return [meeting for meeting in found if meeting.id == here]
