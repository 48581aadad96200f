"""The audience: who of many people may read which of many projects, in a few queries for all."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import Channel, ChannelMember
from bot.people import Person
from bot.projects import Project, ProjectRole
from bot.rights import EVERYBODY, Right, Rights
from bot.values import Role, Visibility
from bot.workspace_roles import WorkspaceRole

Roles = dict[int, dict[int, set[Role]]]
"""By project and person."""


def roles_in(session: Session, projects: Collection[int]) -> Roles:
    """Who still here was named what in *projects*; whose lead left is led by its office."""
    rows = session.execute(
        select(ProjectRole.project_id, ProjectRole.person_id, ProjectRole.role)
        .join(Person, Person.id == ProjectRole.person_id)
        .where(ProjectRole.project_id.in_(sorted(projects)), Person.is_active)
    )
    found: Roles = {}
    for project, person, role in rows:
        found.setdefault(project, {}).setdefault(person, set()).add(role)
    for named in found.values():
        if not any(Role.LEAD in has for has in named.values()):
            for has in named.values():
                has |= {Role.LEAD} if Role.OFFICE in has else set()
    return found


def readers(
    session: Session, people: Iterable[Person], projects: Collection[Project], roles: Roles
) -> set[tuple[int, int]]:
    """Which of *people* may read which of *projects*, by person and project."""
    everybody = list(people)
    return reading(session, [(person, p) for p in projects for person in everybody], roles)


def reading(
    session: Session, pairs: Collection[tuple[Person, Project]], roles: Roles
) -> set[tuple[int, int]]:
    """Those of *pairs* of which the person may read the project.

    As `rights.Rights.may` has it, by what is known of the channels; who is not known to be in one
    is not told what is said there.
    """
    people = {person.id: person for person, _project in pairs}.values()
    everywhere = _everywhere(session, people)
    seats = _seats(session, people, {project.id: project for _person, project in pairs}.values())
    return {
        (person.id, project.id)
        for person, project in pairs
        if _may_read(person, project, roles, everywhere, seats)
    }


def may_hear(session: Session, rights: Rights, person: Person, project: Project) -> bool:
    """Whether *person*, somebody else than whose *rights* they are, may read *project*.

    Where Slack does not tell who is in its channel, what is known of it counts.
    """
    if project.channel in rights.untold:
        roles = roles_in(session, [project.id])
        return (person.id, project.id) in readers(session, [person], [project], roles)
    return rights.of(person).may(Right.READ, project)


def _may_read(
    person: Person,
    project: Project,
    roles: Roles,
    everywhere: set[str],
    seats: set[tuple[str, str]],
) -> bool:
    if not person.is_active or person.is_bot:
        return False
    if not EVERYBODY.isdisjoint(roles.get(project.id, {}).get(person.id, ())):
        return True
    if person.is_guest:
        return False
    if project.visibility is Visibility.PUBLIC or person.slack_id in everywhere:
        return True
    is_seated = (project.channel or "", person.slack_id) in seats
    return is_seated and project.visibility is Visibility.INTERNAL


def _everywhere(session: Session, people: Iterable[Person]) -> set[str]:
    """Those whose role in the workspace lets them read every project."""
    return set(
        session.scalars(
            select(WorkspaceRole.slack_id).where(
                WorkspaceRole.slack_id.in_(sorted(person.slack_id for person in people)),
                WorkspaceRole.role.in_(EVERYBODY),
            )
        )
    )


def _seats(
    session: Session, people: Iterable[Person], projects: Collection[Project]
) -> set[tuple[str, str]]:
    rows = session.execute(
        select(ChannelMember.channel_id, ChannelMember.slack_id)
        .join(Channel, Channel.id == ChannelMember.channel_id)
        .where(
            Channel.has_bot,
            ChannelMember.channel_id.in_(sorted({p.channel for p in projects if p.channel})),
            ChannelMember.slack_id.in_(sorted(person.slack_id for person in people)),
        )
    )
    return {(channel, user) for channel, user in rows}
