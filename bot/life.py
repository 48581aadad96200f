"""Life goes on: what becomes of a project whose channel is gone, of items whose owner left."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import history
from bot.channels import Channel
from bot.delivery import outbox
from bot.delivery.outbox import Delivery, promise
from bot.language import N_, _
from bot.messages import Button, explained, said
from bot.people import Person, person_of
from bot.projects import Project, hosted_by, people_with
from bot.registers import REGISTERS
from bot.values import Role

REASONS = {
    "not_in_channel": "removed",
    "channel_not_found": "removed",
    "is_archived": "archived",
    "restricted_action": "restricted",
}
WHY = {
    "removed": N_("I am not in its channel"),
    "archived": N_("its channel is archived"),
    "deleted": N_("its channel is deleted"),
    "restricted": N_("I may not post in its channel"),
}


def channel_ended(session: Session, channel: str, reason: str, now: datetime) -> None:
    """Pause posting for every project of *channel*, and tell each lead once."""
    known = session.get(Channel, channel)
    if known is not None:
        known.has_bot = False
        known.is_archived = reason == "archived" or known.is_archived
        known.refreshed_at = None
    for project in hosted_by(session, channel):
        pause(session, project, reason, now)


def pause(session: Session, project: Project, reason: str, now: datetime) -> None:
    """Hold what is promised to the project's channel until it is bound to another."""
    if project.paused is not None:
        return
    history.begin(session, None, _("channel {reason}").format(reason=reason), now)
    history.about(session, project.id)
    project.paused = reason
    history.write(session)
    outbox.hold(session, project)
    text = _(
        "I can no longer post for {project}: {why}. What I would have posted is kept. Invite me "
        "there again, or type `project bind {key}` in another channel."
    )
    message = explained(
        text.format(project=project.name, why=_(WHY[reason]), key=project.key)
    ).with_buttons([Button(_("Show the project"), f"project show in {project.key}")])
    for lead in people_with(session, project, Role.LEAD):
        key = f"paused:{project.id}:{lead.id}:{now.timestamp()}"
        promise(session, key, lead.slack_id, message, now)


def channel_opened(session: Session, channel: str, now: datetime) -> None:
    """Post again for the projects of *channel*, what was held first."""
    for project in hosted_by(session, channel):
        if project.paused is None:
            continue
        history.begin(session, None, _("channel is back"), now)
        history.about(session, project.id)
        project.paused = None
        history.write(session)
        outbox.release(session, project, channel)


def rejected(session: Session, delivery: Delivery, error: str, now: datetime) -> None:
    """A delivery Slack will never take: where the channel is at fault, the project pauses.

    Of anything else the leads are told, once a day for each reason.
    """
    if delivery.project_id is None:
        return
    project = session.get_one(Project, delivery.project_id)
    if error not in REASONS:
        text = _("A message for {project} could not be posted: {why}.")
        message = said(text.format(project=project.name, why=error))
        for lead in people_with(session, project, Role.LEAD):
            key = f"rejected:{project.id}:{error}:{lead.id}:{now.date()}"
            promise(session, key, lead.slack_id, message, now)
    elif project.channel == delivery.channel:
        outbox.revive(session, delivery)
        pause(session, project, REASONS[error], now)


def person_left(session: Session, team: str, user: str, now: datetime) -> None:
    """Give the open items of somebody who left to the lead of each project, and say so."""
    person = person_of(session, team, user)
    history.begin(session, None, _("{who} left").format(who=person.name), now)
    taken: dict[int, list[str]] = {}
    for register in REGISTERS:
        rows = session.scalars(
            select(register.entry).where(
                register.entry.owner_id == person.id, register.entry.closed_at.is_(None)
            )
        ).all()
        for entry in rows:
            leads = _leads(session, entry.project_id, person)
            if leads:
                entry.give_to(leads[0], leads[0])
            else:
                entry.owner_id = None
            taken.setdefault(entry.project_id, []).append(register.name_of(entry))
    history.write(session)
    for project_id, names in taken.items():
        project = session.get_one(Project, project_id)
        text = _("{who} left; what was theirs in {project} is yours now: {names}.")
        message = said(
            text.format(who=person.name, project=project.name, names=", ".join(names))
        ).with_buttons([Button(_("My list"), "my list")])
        for lead in _leads(session, project_id, person)[:1]:
            key = f"left:{person.id}:{project_id}:{now.timestamp()}"
            promise(session, key, lead.slack_id, message, now)


def _leads(session: Session, project_id: int, gone: Person) -> list[Person]:
    """Who takes over: another lead, else the office."""
    project = session.get_one(Project, project_id)
    found = [
        *people_with(session, project, Role.LEAD),
        *people_with(session, project, Role.OFFICE),
    ]
    return [person for person in found if person.id != gone.id and person.is_active]
