"""Attending: who was at a meeting is corrected, while it is open or in the draft of its minutes."""

from typing import Annotated

from bot.approving import replace_version
from bot.capturing.lines import attend, forget
from bot.capturing.meant import open_meeting, open_meetings
from bot.capturing.showing import show_card
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import require_host
from bot.language import N_, _
from bot.meetings import Meeting, MeetingState
from bot.messages import said
from bot.minutes import MinutesState, minutes_of
from bot.minutes_meant import meeting_of, minutes_meant
from bot.minutes_text import attendance_part
from bot.people import Person

Who = Annotated[Person, Field(N_("Who"), shown="@WHO")]
Number = Annotated[int | None, Field(N_("Meeting"), shown="", typed_only=True)]


def extend(command: Command) -> None:
    """Add to the command of meetings how it is corrected who was there."""
    command.verb("present", N_("note that somebody was there"), "@ben")(present)
    command.verb("absent", N_("note that somebody was not there"), "@ben")(absent)


def present(context: Context, who: Who, *, meeting: Number = None) -> Reply:
    found = _attended(context, meeting)
    before = attendance_part(context.session, found)
    attend(context.session, found, who, context.now)
    return _corrected(context, found, before, _("{name} was there").format(name=who.name))


def absent(context: Context, who: Who, *, meeting: Number = None) -> Reply:
    found = _attended(context, meeting)
    before = attendance_part(context.session, found)
    forget(context.session, found, who)
    return _corrected(context, found, before, _("{name} was not there").format(name=who.name))


def _attended(context: Context, number: int | None) -> Meeting:
    """The open meeting that is meant, else the one the last minutes are of, for who runs it."""
    known = context.session.get(Meeting, number) if number is not None else None
    if number is not None and (known is None or known.project_id != context.project.id):
        raise UserError(_("There is no such meeting here."))
    if known is None and open_meetings(context.session, context.project.id):
        known = open_meeting(context)
    found = known or meeting_of(context, minutes_meant(context, ""))
    require_host(context, found)
    context.session.refresh(found, with_for_update=True)
    return found


def _corrected(context: Context, meeting: Meeting, before: str, change: str) -> Reply:
    """Have the live card, or else the draft, say who was there now."""
    context.session.flush()
    after = attendance_part(context.session, meeting)
    if after == before:
        raise UserError(_("That is what is known already."))
    if meeting.state is MeetingState.OPEN:
        show_card(context.session, meeting, context.project, context.now)
        return Reply(said(change))
    draft = minutes_of(context.session, meeting)
    if draft is None or draft.state is not MinutesState.DRAFT or before not in draft.text:
        text = _("These minutes are approved, or say otherwise who was there: it is left so.")
        raise UserError(text)
    new_text = draft.text.replace(before, after, 1)
    new = replace_version(context.session, draft, new_text, change, context.now)
    words = _("{change}: version {version} of the minutes waits for approval")
    return Reply(said(words.format(change=change, version=new.version)))
