"""Closing a meeting: its minutes are drafted, and what was not finished is shown."""

from bot.context import Context
from bot.errors import UserError
from bot.language import _
from bot.meetings import Meeting, MeetingState
from bot.minutes import Minutes


def close_meeting(context: Context, meeting: Meeting) -> Minutes:
    """Close *meeting* and draft its minutes; the draft is promised to the meeting's thread.

    Whoever calls has seen to the right to do so. Raises `UserError` where it is not open.
    """
    session = context.session
    session.refresh(meeting, with_for_update=True)  # of two who close at once, one does
    if meeting.state is not MeetingState.OPEN:
        raise UserError(_("That meeting is not open."))
    raise NotImplementedError
