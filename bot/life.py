"""Life goes on: what becomes of a project whose channel is gone, of items whose owner left."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot import history, projects
from bot.channels import Channel
from bot.delivery import outbox
from bot.delivery.mailing import address_of
from bot.delivery.outbox import RESTRICTED, UNREADABLE, Delivery, Medium, promise
from bot.invitations import invite
from bot.language import N_, _
from bot.meetings import Meeting, MeetingState, Part, Series, SeriesState
from bot.messages import Button, explained, said
from bot.people import People, Person, person_of
from bot.projects import Project, ProjectRole, hosted_by, people_with
from bot.registers import REGISTERS
from bot.rights import channel_may_read
from bot.values import Role, Visibility
from bot.workspace_roles import operators

REJECTED = "rejected:"
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
    for user in _answering_for(session, project):
        key = f"paused:{project.id}:{user}:{now.timestamp()}"
        promise(session, key, user, message, now, is_passing=True)


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
    """A delivery that was given up or is held: where the channel is at fault, the project pauses.

    Of anything else the project's leads are told, or the operators where there is no project,
    once a day for each reason.
    """
    if delivery.key.startswith(REJECTED):
        return  # what tells of a failure does not tell of its own
    if delivery.project_id is None:
        _tell_why(session, delivery, error, None, operators(session), now)
        return
    project = session.get_one(Project, delivery.project_id)
    if error not in REASONS:
        _tell_why(session, delivery, error, project, _answering_for(session, project), now)
    elif project.channel == delivery.channel:
        outbox.revive(session, delivery)
        pause(session, project, REASONS[error], now)


def may_see(session: Session, delivery: Delivery) -> bool:
    """Whether everybody who would see *delivery* may read the project it is of.

    Asked just before it is sent, for people come and go; a channel the project has left is not one
    of those that are named in it. Raises `MissingFactsError`.
    """
    project = session.get(Project, delivery.project_id) if delivery.project_id else None
    if project is None:
        return True
    if project.channel != delivery.channel:
        return project.visibility is not Visibility.RESTRICTED
    return channel_may_read(session, project)


def _tell_why(
    session: Session,
    delivery: Delivery,
    error: str,
    project: Project | None,
    users: Iterable[str],
    now: datetime,
) -> None:
    to = session.get(Person, delivery.person_id) if delivery.person_id else None
    for_whom = project.name if project else to.name if to else delivery.channel
    message = said(_why(delivery, error, for_whom))
    of = project.id if project is not None else "-"
    if delivery.medium is Medium.MAIL:
        of = f"{of}:{delivery.channel}"
    for user in users:
        key = f"{REJECTED}{of}:{error}:{user}:{now.date()}"
        promise(session, key, user, message, now, is_passing=True)


def _why(delivery: Delivery, error: str, for_whom: str) -> str:
    if error.startswith(UNREADABLE):
        text = _(
            "I do not know whether a message for {whom} was posted: Slack did not answer, and "
            "does not let me look. `jourfixe deliveries requeue {number}` posts it, "
            "`jourfixe deliveries cancel {number}` gives it up."
        )
        return text.format(whom=for_whom, number=delivery.id)
    if error == RESTRICTED:
        text = _(
            "A message for {whom} waits: not everybody in its channel may read the project. "
            "It is posted once they may."
        )
        return text.format(whom=for_whom)
    if delivery.medium is Medium.MAIL:
        text = _("A mail to {address} was refused: {why}. No more are sent there for now.")
        return text.format(address=address_of(delivery), why=error)
    text = _("A message for {project} could not be posted: {why}.")
    return text.format(project=for_whom, why=error)


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
    _hand_over_meetings(session, person, taken, now)
    history.write(session)
    for project_id, names in taken.items():
        project = session.get_one(Project, project_id)
        text = _("{who} left; what was theirs in {project} is yours now: {names}.")
        message = said(
            text.format(who=person.name, project=project.name, names=", ".join(names))
        ).with_buttons([Button(_("My list"), "my list")])
        for lead in _leads(session, project_id, person)[:1]:
            key = f"left:{person.id}:{project_id}:{now.timestamp()}"
            promise(session, key, lead.slack_id, message, now, is_passing=True)
    _say_who_leads_no_longer(session, person, now)


def _say_who_leads_no_longer(session: Session, gone: Person, now: datetime) -> None:
    """Have another lead named where *gone* was the last: until then those who are told may act."""
    led = (
        select(Project)
        .join(ProjectRole)
        .where(
            ProjectRole.person_id == gone.id,
            ProjectRole.role == Role.LEAD,
            Project.closed_at.is_(None),
        )
    )
    for project in session.scalars(led):
        if any(p.is_active for p in people_with(session, project, Role.LEAD) if p is not gone):
            continue
        text = _(
            "{who} left, and nobody else leads {project}. Name another lead; until then you may "
            "do what a lead does there."
        )
        message = said(text.format(who=gone.name, project=project.name)).with_buttons(
            [Button(_("Name a lead …"), f"form project people in {project.key}")]
        )
        for user in _answering_for(session, project):
            key = f"leaderless:{project.id}:{gone.id}:{user}"
            promise(session, key, user, message, now, is_passing=True)


def _hand_over_meetings(
    session: Session, gone: Person, taken: dict[int, list[str]], now: datetime
) -> None:
    """What somebody who left chaired, the lead chairs; whose minutes they took, nobody takes."""
    is_theirs = partial(_is_hosted_by, gone)
    rows: list[Series | Meeting] = [
        *session.scalars(
            select(Series).where(is_theirs(Series), Series.state != SeriesState.ENDED)
        ),
        *session.scalars(
            select(Meeting).where(
                is_theirs(Meeting),
                Meeting.state == MeetingState.PLANNED,
                Meeting.starts_at > now,
            )
        ),
    ]
    for row in rows:
        if row.minute_taker_id == gone.id:
            row.minute_taker_id = None
        leads = _leads(session, row.project_id, gone)
        if row.chair_id != gone.id or not leads:
            continue
        row.chair_id = leads[0].id
        if isinstance(row, Series):
            taken.setdefault(row.project_id, []).append(row.title)
            invite(session, row, leads[0].team, People((leads[0],)), Part.REQUIRED)
    session.flush()


def _is_hosted_by(person: Person, table: type[Series] | type[Meeting]) -> ColumnElement[bool]:
    return or_(table.chair_id == person.id, table.minute_taker_id == person.id)


def _leads(session: Session, project_id: int, gone: Person) -> list[Person]:
    """Who takes over: another lead, else the office."""
    heads = projects.heads(session, session.get_one(Project, project_id))
    return [person for person in heads if person.id != gone.id]


def _answering_for(session: Session, project: Project) -> Sequence[str]:
    """The user ids of those who lead *project*, else of its office, else of the operators."""
    return [person.slack_id for person in projects.heads(session, project)] or operators(session)
