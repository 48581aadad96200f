"""Rights: who may do what, and the one door to every project."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from bot import channels, projects
from bot.errors import (
    HiddenProjectError,
    MissingFactsError,
    RefusedError,
    UnclearProjectError,
)
from bot.language import N_, _
from bot.people import Person
from bot.projects import Project, ProjectRole
from bot.values import ChannelId, Role, Visibility
from bot.workspace_roles import WorkspaceRole


class Right(StrEnum):
    """What somebody may do; the value is how a refusal names it."""

    READ = N_("read it")
    RAISE = N_("raise something or change what is one's own")
    EDIT = N_("change what belongs to somebody else")
    SCORE = N_("score or review risks")
    STATUS = N_("report the status")
    LEAD = N_("change the project itself")
    PLAN = N_("set a baseline, or forecast, close or take somebody else's milestone")
    HOST = N_("arrange and run meetings")
    AUDIT = N_("read the audit trail")
    WORKSPACE = N_("name the workspace's roles")


R = Role
EVERYBODY = frozenset({R.MEMBER, R.LEAD, R.OFFICE, R.SPONSOR, R.PROGRAM, R.PORTFOLIO})
TABLE: dict[Right, frozenset[Role]] = {
    Right.READ: EVERYBODY,
    Right.RAISE: EVERYBODY,
    Right.EDIT: frozenset({R.LEAD, R.OFFICE}),
    Right.SCORE: frozenset({R.LEAD, R.OFFICE}),
    Right.STATUS: frozenset({R.LEAD, R.OFFICE}),
    Right.LEAD: frozenset({R.LEAD}),
    Right.PLAN: frozenset({R.LEAD}),
    Right.HOST: frozenset({R.LEAD, R.OFFICE}),
    Right.AUDIT: frozenset({R.LEAD, R.OFFICE, R.PROGRAM, R.PORTFOLIO}),
    Right.WORKSPACE: frozenset({R.OPERATOR}),
}
INSTEAD = {
    Right.SCORE: N_("What is new can be told by everybody: `risk note R7 …`."),
}
"""What who has not a right may do all the same."""


# Every command runs this one, so it is built once.
_ROLES = union_all(
    select(ProjectRole.role, literal(True)).where(
        ProjectRole.project_id == bindparam("project"), ProjectRole.person_id == bindparam("person")
    ),
    select(WorkspaceRole.role, literal(False)).where(
        WorkspaceRole.team == bindparam("team"), WorkspaceRole.slack_id == bindparam("user")
    ),
)


class Rights:
    """What one person may do: asked once per command, remembered for it."""

    def __init__(
        self,
        session: Session,
        person: Person,
        now: datetime,
        here: ChannelId | None = None,
        fresh: timedelta = timedelta(minutes=10),
        untold: frozenset[str] = frozenset(),
    ) -> None:
        """*untold* are channels Slack does not tell of just now: nobody is a member there.

        And threads that it was asked about.
        """
        self._session = session
        self.person = person
        self._now = now
        self._here = here
        self._fresh = fresh
        self.untold = untold
        self._known: dict[int, frozenset[Role]] = {}

    def of(self, person: Person) -> "Rights":
        """What somebody else may do, asked on the way."""
        return Rights(self._session, person, self._now, None, self._fresh, self.untold)

    def roles(self, project: Project) -> frozenset[Role]:
        """Every role the person has towards *project*."""
        if project.id not in self._known:
            self._known[project.id] = self._find_roles(project)
        return self._known[project.id]

    def may(self, right: Right, project: Project) -> bool:
        """Whether the person has *right* in *project*."""
        if not self.person.is_active:
            return False
        if right is Right.READ and self._is_public_reader(project):
            return True
        roles = self.roles(project)
        return not TABLE[right].isdisjoint(roles) or (
            Role.LEAD in TABLE[right] and self._acts_as_lead(project, roles)
        )

    def require(self, right: Right, project: Project) -> None:
        """Raise `RefusedError`, naming the roles and whom to ask, unless the right is there."""
        if not self.may(right, project):
            raise RefusedError(self._explain(right, project), project.id)

    def trust(self, found: Iterable[Project]) -> None:
        """Take the person for a member of *found*, as the known channel lists say."""
        for project in found:
            if project.visibility is not Visibility.RESTRICTED and not self.person.is_guest:
                self._known.setdefault(project.id, frozenset({Role.MEMBER}))

    def readable(self, found: Iterable[Project]) -> list[Project]:
        """Those of *found* the person may read."""
        return [project for project in found if self.may(Right.READ, project)]

    def _find_roles(self, project: Project) -> frozenset[Role]:
        person = self.person
        rows = self._session.execute(
            _ROLES,
            {
                "project": project.id,
                "person": person.id,
                "team": person.team,
                "user": person.slack_id,
            },
        )
        named = {Role(role) for role, in_project in rows if in_project or not person.is_guest}
        if person.is_guest or not EVERYBODY.isdisjoint(named):
            return frozenset(named)
        return frozenset(named | {Role.MEMBER}) if self._is_member(project) else frozenset(named)

    def _acts_as_lead(self, project: Project, roles: frozenset[Role]) -> bool:
        """Where nobody leads *project* any more its office does, and without one an operator."""
        if roles.isdisjoint({Role.OFFICE, Role.OPERATOR}):
            return False
        heads = projects.heads(self._session, project)
        if not heads:
            return Role.OPERATOR in roles
        return self.person in heads

    def _is_member(self, project: Project) -> bool:
        if project.channel is None or project.visibility is Visibility.RESTRICTED:
            return False
        if project.channel == self._here:  # Slack lets only members type there
            return True
        if project.channel in self.untold:
            return False
        return channels.is_member(
            self._session,
            ChannelId(project.channel),
            self.person.slack_id,
            self._now,
            self._fresh,
        )

    def _is_public_reader(self, project: Project) -> bool:
        return project.visibility is Visibility.PUBLIC and not self.person.is_guest

    def _explain(self, right: Right, project: Project) -> str:
        allowed = ", ".join(sorted(role.value for role in TABLE[right]))
        ask = projects.heads(self._session, project)
        names = ", ".join(f"@{person.name}" for person in ask) or _("an operator")
        text = _("To {what} in {project} one has to be: {roles}. Please ask {names}.")
        told = text.format(what=_(right.value), project=project.name, roles=allowed, names=names)
        is_writer = right in INSTEAD and self.may(Right.RAISE, project)
        return f"{told} {_(INSTEAD[right])}" if is_writer else told


def project_in(
    session: Session, rights: Rights, channel: ChannelId | None, key: str | None
) -> Project:
    """The one door to a project: the one called *key*, else the one of *channel*.

    Raises `RefusedError` in the same words for a project that does not exist and for one the
    person may not read, `UnclearProjectError` where several may be meant or none is near.
    """
    if key is not None:
        project = projects.with_key(session, key)
        if project is None or not rights.may(Right.READ, project):
            text = _("There is no project `{key}` that you may read.")
            raise RefusedError(text.format(key=key.upper()))
        return project
    hosted = projects.hosted_by(session, channel) if channel else []
    here = rights.readable(hosted)
    if len(here) == 1:
        return here[0]
    if here:
        raise UnclearProjectError(
            _("Several projects live here. Which one?"), tuple(p.key for p in here)
        )
    mine = my_projects(session, rights)
    is_direct = channel is None or channel.startswith("D")
    if is_direct and len(mine) == 1:
        return mine[0]
    keys = tuple(p.key for p in mine[:20])
    question = _("There is no project here that you may read.")
    if keys:
        question = _("Which project?") if is_direct else _("There is no project here. Which one?")
    may_make = not rights.person.is_guest
    if hosted:
        raise HiddenProjectError(question, keys, hosted[0].id, may_make=may_make)
    raise UnclearProjectError(question, keys, may_make=may_make, is_free=not is_direct)


def channel_may_read(session: Session, project: Project) -> bool:
    """Whether what is *project*'s may be shown in its channel.

    A restricted project's only where everybody there is named in it. Raises `MissingFactsError`
    for people in the channel not met yet.
    """
    if project.visibility is not Visibility.RESTRICTED or project.channel is None:
        return True
    channel = channels.channel_of(session, project.channel)
    there = channels.members_of(session, channel.id)
    known = session.scalars(select(Person).where(Person.slack_id.in_(sorted(there)))).all()
    if unknown := there - {person.slack_id for person in known}:
        raise MissingFactsError(users=frozenset(unknown))
    named = {person.id for person in projects.people_with(session, project, *EVERYBODY)}
    return all(person.is_bot or person.id in named for person in known)


def unpostable(session: Session, project: Project) -> str | None:
    """Why nothing of *project* may be posted in its channel. Raises `MissingFactsError`."""
    if project.channel is None:
        return _("it has no channel")
    if project.paused is not None:
        return _("it cannot post in its channel")
    if not channel_may_read(session, project):
        return _("not everybody in its channel may read it")
    return None


def my_projects(session: Session, rights: Rights) -> list[Project]:
    """The open projects the person has a part in: by role, or by sitting in the channel."""
    person = rights.person
    named = set(
        session.scalars(select(ProjectRole.project_id).where(ProjectRole.person_id == person.id))
    )
    seats = channels.channels_with(session, person.slack_id)
    rows = session.scalars(
        select(Project)
        .where(
            Project.closed_at.is_(None),
            Project.id.in_(sorted(named)) | Project.channel.in_(sorted(seats)),
        )
        .order_by(Project.key)
    ).all()
    rights.trust(project for project in rows if project.id not in named)
    return rights.readable(rows)
