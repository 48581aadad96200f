"""Projects: what a team works on, in which channel, and who has which part in it."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import ForeignKey, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.errors import UserError
from bot.history import Audited
from bot.language import _
from bot.people import Person
from bot.values import ChannelId, Role, Visibility
from bot.workdays import WorkCalendar

KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
ENTRY_NAME = re.compile(r"[A-Z]\d+")
NAME_LIMIT = 80


class Project(Audited, Base):
    """A project, keyed by a short word such as ``ALPHA``, never by its channel."""

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    channel: Mapped[str | None] = mapped_column(index=True)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.INTERNAL)
    timezone: Mapped[str] = mapped_column(default="UTC")
    country: Mapped[str | None]
    subdivision: Mapped[str | None]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    paused: Mapped[str | None]

    def local_date(self, moment: datetime) -> date:
        """The day it is for the project's team at *moment*."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def calendar(self) -> WorkCalendar:
        """The project's working days and holidays."""
        return _calendar(self.country, self.subdivision)

    def withdraw(self, now: datetime) -> None:
        """Take a project back that was made by mistake: it closes and leaves its channel."""
        self.closed_at, self.channel = now, None


@cache
def _calendar(country: str | None, subdivision: str | None) -> WorkCalendar:
    return WorkCalendar(country, subdivision)


class ProjectRole(Audited, Base):
    """The part one person has in one project."""

    __tablename__ = "project_role"
    __table_args__ = (UniqueConstraint("project_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]


def make(
    session: Session, name: str, lead: Person, channel: ChannelId | None, now: datetime
) -> Project:
    """Start a project with *lead* as its lead, in the lead's time zone."""
    check_name(name)
    name = name.strip()
    project = Project(
        key=free_key(session, name),
        name=name,
        channel=channel,
        timezone=lead.timezone,
        made_at=now,
    )
    session.add(project)
    session.flush()
    session.add(ProjectRole(project_id=project.id, person_id=lead.id, role=Role.LEAD))
    session.flush()
    return project


def namesakes(session: Session, name: str) -> Sequence[Project]:
    """The open projects called *name*, in any case."""
    return session.scalars(
        select(Project).where(
            func.lower(Project.name) == name.strip().lower(), Project.closed_at.is_(None)
        )
    ).all()


def free_key(session: Session, name: str) -> str:
    """A key made of *name*'s first word that no project has, such as ``ALPHA`` or ``ALPHA2``."""
    words = re.findall(r"[A-Z0-9]+", name.upper())
    first = words[0] if words and len(words[0]) > 2 else "".join(words)
    letters = first.lstrip("0123456789")[:8]
    base = letters if KEY.fullmatch(letters) and not ENTRY_NAME.fullmatch(letters) else "PROJECT"
    taken = set(session.scalars(select(Project.key).where(Project.key.startswith(base))))
    candidates = (base, *(f"{base}{n}" for n in range(2, len(taken) + 3)))
    return next(key for key in candidates if key not in taken)


# Every command runs this one, so it is built once.
_HOSTED = (
    select(Project)
    .where(Project.channel == bindparam("channel"), Project.closed_at.is_(None))
    .order_by(Project.key)
)


def hosted_by(session: Session, channel: str) -> Sequence[Project]:
    """The open projects that live in *channel*."""
    return session.scalars(_HOSTED, {"channel": channel}).all()


def open_projects(session: Session) -> Sequence[Project]:
    """Every project that is not closed."""
    return session.scalars(
        select(Project).where(Project.closed_at.is_(None)).order_by(Project.key)
    ).all()


def with_key(session: Session, key: str) -> Project | None:
    """The project called *key*, whoever asks; go through `rights.project_in` for a person."""
    return session.scalar(select(Project).where(Project.key == key.upper()))


def people_with(session: Session, project: Project, *roles: Role) -> list[Person]:
    """Everybody who has one of *roles* in *project*, by name."""
    return list(
        session.scalars(
            select(Person)
            .join(ProjectRole, ProjectRole.person_id == Person.id)
            .where(ProjectRole.project_id == project.id, ProjectRole.role.in_(roles))
            .order_by(Person.name, Person.id)
            .distinct()
        )
    )


def heads(session: Session, project: Project) -> list[Person]:
    """Who answers for *project*: its leads, or its office where nobody leads it any more."""
    for role in (Role.LEAD, Role.OFFICE):
        if found := [p for p in people_with(session, project, role) if p.is_active]:
            return found
    return []


def roles_by_person(session: Session, project: Project) -> list[tuple[Person, list[Role]]]:
    """Everybody named in *project* with their roles."""
    rows = session.execute(
        select(Person, ProjectRole.role)
        .join(ProjectRole, ProjectRole.person_id == Person.id)
        .where(ProjectRole.project_id == project.id)
        .order_by(Person.name, Person.id)
    )
    found: dict[int, tuple[Person, list[Role]]] = {}
    for person, role in rows:
        found.setdefault(person.id, (person, []))[1].append(role)
    return list(found.values())


def give_role(session: Session, project: Project, person: Person, role: Role) -> bool:
    """Name *person* as *role* of *project*; False if it was so already."""
    if _role_row(session, project, person, role) is not None:
        return False
    session.add(ProjectRole(project_id=project.id, person_id=person.id, role=role))
    session.flush()
    return True


def take_role(session: Session, project: Project, person: Person, role: Role) -> bool:
    """Take *role* of *project* from *person*; False if they had not had it.

    Raises `UserError` for the last lead: a project is never without one.
    """
    row = _role_row(session, project, person, role)
    if row is None:
        return False
    session.delete(row)
    require_lead(session, project)
    return True


def require_lead(session: Session, project: Project) -> None:
    """Raise `UserError` unless *project* has a lead, as it ought to at the end of a change."""
    session.flush()
    # Two leads may be removing each other.
    session.refresh(project, with_for_update={"key_share": True})
    if not people_with(session, project, Role.LEAD):
        raise UserError(_("A project is never without a lead: name another one first."))


def _role_row(session: Session, project: Project, person: Person, role: Role) -> ProjectRole | None:
    return session.scalar(
        select(ProjectRole).where(
            ProjectRole.project_id == project.id,
            ProjectRole.person_id == person.id,
            ProjectRole.role == role,
        )
    )


def change(
    project: Project,
    *,
    name: str | None,
    zone: str | None,
    country: str | None,
    subdivision: str | None,
    visibility: Visibility | None,
) -> None:
    """Change what a project is. Raises `UserError` for a zone or country there is not."""
    if name is not None:
        check_name(name)
        project.name = name.strip()
    if zone is not None:
        if zone not in available_timezones():
            text = _("I do not know the time zone `{zone}`; write it like `Europe/Berlin`.")
            raise UserError(text.format(zone=zone), field="zone")
        project.timezone = zone
    if country is not None or subdivision is not None:
        country = (country or project.country or "").upper() or None
        subdivision = subdivision.upper() if subdivision else None
        try:
            WorkCalendar(country, subdivision)
        except ValueError as error:
            raise UserError(
                _("I know no holidays there: {why}").format(why=error), field="country"
            ) from None
        project.country, project.subdivision = country, subdivision
    if visibility is not None:
        project.visibility = visibility


def check_name(name: str) -> None:
    """Raise `UserError` for a name that is empty or too long."""
    if not name.strip():
        raise UserError(_("A project needs a name."), field="name")
    if len(name.strip()) > NAME_LIMIT:
        raise UserError(_("A project's name has at most 80 characters."), field="name")
