"""Workspace roles: who is what in the workspace as a whole, whatever the project."""

from collections.abc import Iterable, Sequence

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.errors import UserError
from bot.history import Audited
from bot.language import _
from bot.people import Person
from bot.values import Role


class WorkspaceRole(Audited, Base):
    """A role somebody has in the workspace as a whole; known by user id, met or not."""

    __tablename__ = "workspace_role"
    __table_args__ = (UniqueConstraint("team", "slack_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[str]
    slack_id: Mapped[str]
    role: Mapped[Role]


def roles_of(session: Session, person: Person) -> frozenset[Role]:
    """The workspace's roles *person* has."""
    rows = session.scalars(
        select(WorkspaceRole.role).where(
            WorkspaceRole.team == person.team, WorkspaceRole.slack_id == person.slack_id
        )
    )
    return frozenset(rows)


def operators(session: Session) -> Sequence[str]:
    """The user ids of those who look after the workspace."""
    query = select(WorkspaceRole.slack_id).where(WorkspaceRole.role == Role.OPERATOR)
    return session.scalars(query).all()


def seed_workspace_roles(session: Session, team: str, users: Iterable[str]) -> None:
    """Give *users* every workspace role, as long as nobody has any."""
    from_settings = sorted(users)
    if session.scalar(select(WorkspaceRole.id).limit(1)) is None:
        session.add_all(
            WorkspaceRole(team=team, slack_id=user, role=role)
            for user in from_settings
            for role in (Role.PORTFOLIO, Role.COE, Role.OPERATOR)
        )


def give_workspace_role(session: Session, person: Person, role: Role) -> bool:
    """Name *person* as *role* of the workspace; False if it was so already."""
    if role in roles_of(session, person):
        return False
    session.add(WorkspaceRole(team=person.team, slack_id=person.slack_id, role=role))
    session.flush()
    return True


def take_workspace_role(session: Session, person: Person, role: Role) -> bool:
    """Take *role* from *person*; False if they had not had it.

    Raises `UserError` for the last operator: somebody has to be able to name the others.
    """
    held = session.scalars(
        select(WorkspaceRole).where(WorkspaceRole.role == role).with_for_update()
    ).all()
    row = next((r for r in held if (r.team, r.slack_id) == (person.team, person.slack_id)), None)
    if row is None:
        return False
    session.delete(row)
    require_operator(session)
    return True


def require_operator(session: Session) -> None:
    """Raise `UserError` unless somebody is operator, as it ought to be at the end of a change."""
    session.flush()
    operator = select(WorkspaceRole.id).where(WorkspaceRole.role == Role.OPERATOR)
    if session.scalar(operator.limit(1)) is None:
        raise UserError(_("The last admin cannot be removed: name another operator first."))
