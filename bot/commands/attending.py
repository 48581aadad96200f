"""Attending: who was at a meeting is corrected, while it is open or in the draft of its minutes."""

from typing import Annotated

from bot.approving import replace_version
from bot.attendance import note_outsiders
from bot.capturing.lines import attend, forget
from bot.capturing.meant import open_meeting, open_meetings
from bot.capturing.showing import show_card
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import require_host
from bot.language import N_, _, plural
from bot.meetings import Meeting, MeetingState
from bot.messages import said
from bot.minutes import MinutesState, minutes_of
from bot.minutes_meant import meeting_of, minutes_meant
from bot.minutes_text import attendance_part
from bot.people import People, Person, with_address

Who = Annotated[People, Field(N_("Who"), shown="@WHO MAIL …")]
Number = Annotated[int | None, Field(N_("Meeting"), shown="", typed_only=True)]


def extend(command: Command) -> None:
    """Add to the command of meetings how it is corrected who was there."""
    group = command.group(N_("While it takes place"))
    group.verb("present", N_("note who was there"), "@ben")(present)
    group.verb("absent", N_("note who was not there"), "@ben")(absent)


def present(context: Context, who: Who, *, meeting: Number = None) -> Reply:
    found = _attended(context, meeting)
    before = attendance_part(context.session, found)
    people, addresses = _apart(context, who)
    for person in people:
        attend(context.session, found, person, context.now)
    note_outsiders(context.session, found, addresses, was_there=True)
    names = [*(person.name for person in people), *addresses]
    text = plural("{names} was there", "{names} were there", len(names))
    return _corrected(context, found, before, text.format(names=", ".join(names)))


def absent(context: Context, who: Who, *, meeting: Number = None) -> Reply:
    found = _attended(context, meeting)
    before = attendance_part(context.session, found)
    people, addresses = _apart(context, who)
    for person in people:
        forget(context.session, found, person)
    note_outsiders(context.session, found, addresses, was_there=False)
    names = [*(person.name for person in people), *addresses]
    text = plural("{names} was not there", "{names} were not there", len(names))
    return _corrected(context, found, before, text.format(names=", ".join(names)))


def _apart(context: Context, who: People) -> tuple[list[Person], list[str]]:
    """Who of them is in Slack, and the addresses of the others."""
    people, addresses = list(who.people), []
    for address in who.addresses:
        person = with_address(context.session, context.actor.team, address)
        if person is None:
            addresses.append(address)
        elif person not in people:
            people.append(person)
    return people, addresses


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
