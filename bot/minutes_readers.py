"""Readers of minutes by mail: who was invited when the meeting was held, and may read it now."""

from sqlalchemy.orm import Session

from bot.audience import readers, roles_in
from bot.calendar.writing import Party
from bot.invitations import invited_to
from bot.meetings import Meeting, Part
from bot.people import by_id
from bot.projects import Project
from bot.values import Visibility


def readers_of(session: Session, meeting: Meeting, project: Project) -> list[Party]:
    """Who is mailed the minutes: those informed, and whoever was invited by a plain address.

    Of what is restricted only those in Slack who may read it.
    """
    invitees = invited_to(session, [meeting], informed=True)[meeting.id]
    people = by_id(session, (one.person_id for one in invitees if one.person_id))
    known = readers(session, people.values(), [project], roles_in(session, [project.id]))
    is_restricted = project.visibility is Visibility.RESTRICTED
    found: dict[str, Party] = {}
    for one in invitees:
        person = people.get(one.person_id) if one.person_id else None
        if person is None and one.address and not is_restricted:
            found.setdefault(one.address.casefold(), Party("", one.address))
        elif person is not None and person.email and one.part is Part.INFORMED:
            may_read = (person.id, project.id) in known or not is_restricted
            if may_read and person.is_active:
                found.setdefault(person.email.casefold(), Party(person.name, person.email))
    return list(found.values())
