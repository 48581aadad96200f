"""Feeds: calendars people subscribe to by a secret address, for one person or one project."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.audience import readers, roles_in
from bot.calendar.books import CalendarEvent
from bot.calendar.event import Event
from bot.calendar.writing import AllDay, Published, feed
from bot.db import Base
from bot.delivery.installation import token_for
from bot.history import Change, ChangeItem
from bot.language import _, speaking
from bot.meetings import Invitee, Series
from bot.people import Person
from bot.projects import Project
from bot.register import Entry, Register
from bot.registers.actions import ACTIONS, Action
from bot.registers.milestones import MILESTONES
from bot.values import Visibility

SECRET_BYTES = 32


class CalendarFeed(Base):
    """A calendar that may be subscribed to: of *person_id*, or of *project_id* as they read it.

    Its address holds a secret of which only the *digest* is kept. It shows meetings, and where
    wanted *milestones* and *actions* on the days they are due.
    """

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    milestones: Mapped[bool]
    actions: Mapped[bool]
    made_at: Mapped[datetime]


@dataclass(frozen=True)
class Page:
    """What a feed answers: its bytes, and when what it shows was last changed."""

    body: bytes
    changed_at: datetime

    @property
    def tag(self) -> str:
        """What tells these bytes from others."""
        return hashlib.sha256(self.body).hexdigest()[:32]


def feed_of(session: Session, person: Person, project: Project | None) -> CalendarFeed | None:
    """The feed *person* has, their own or the one of a project."""
    key = project.id if project is not None else None
    return session.scalar(
        select(CalendarFeed)
        .where(
            CalendarFeed.person_id == person.id,
            CalendarFeed.project_id == key if key else CalendarFeed.project_id.is_(None),
        )
        .with_for_update()
    )


def renew(session: Session, row: CalendarFeed) -> str:
    """Give *row* another secret, which is told once; the one it had opens nothing any more."""
    secret = token_urlsafe(SECRET_BYTES)
    row.digest = _digest(secret)
    session.add(row)
    session.flush()
    return secret


def page_of(session: Session, secret: str) -> Page | None:
    """What the feed behind *secret* shows; None where there is none, or its person left."""
    digest = _digest(secret)
    row = session.scalar(select(CalendarFeed).where(CalendarFeed.digest == digest))
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    person = session.get_one(Person, row.person_id)
    if not person.is_active:
        return None
    with speaking(person.locale):
        return _page(session, row, person)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _page(session: Session, row: CalendarFeed, person: Person) -> Page | None:
    if row.project_id is None:
        series, projects = _mine(session, person)
        name = _("Jour fixe of {name}").format(name=person.name)
        owner: Person | None = person
    else:
        project = session.get_one(Project, row.project_id)
        if not may_be_read(session, person, [project]):
            return None
        query = select(Series).where(Series.project_id == project.id).order_by(Series.id)
        series, projects = session.scalars(query).all(), [project]
        name, owner = project.name, None
    rows = session.scalars(
        select(CalendarEvent)
        .where(CalendarEvent.series_id.in_([one.id for one in series]))
        .order_by(CalendarEvent.uid)
    ).all()
    events = [
        Published(Event.of_dict(one.state), one.sequence, one.changed_at)
        for one in rows
        if one.state is not None
    ]
    days = []
    if row.milestones:
        days += _days(session, MILESTONES, projects, None)
    if row.actions:
        days += _days(session, ACTIONS, projects, owner)
    moments = [row.made_at, *(one.changed_at for one in rows), *(day.stamp for day in days)]
    return Page(feed(name, events, days), max(moments))


def _mine(session: Session, person: Person) -> tuple[Sequence[Series], list[Project]]:
    """The series *person* is invited to, and those of their projects that they may read."""
    series = session.scalars(
        select(Series)
        .join(Invitee, Invitee.series_id == Series.id)
        .where(Invitee.person_id == person.id, Invitee.removed_at.is_(None))
        .order_by(Series.id)
    ).all()
    owned = select(Action.project_id).where(Action.owner_id == person.id).distinct()
    keys = {*(one.project_id for one in series), *session.scalars(owned)}
    projects = session.scalars(
        select(Project).where(Project.id.in_(sorted(keys)), Project.closed_at.is_(None))
    ).all()
    return series, may_be_read(session, person, projects)


def may_be_read(session: Session, person: Person, projects: Collection[Project]) -> list[Project]:
    """Those of *projects* a feed may show to *person*: what is restricted stays in Slack."""
    roles = roles_in(session, [project.id for project in projects])
    known = readers(session, [person], projects, roles)
    return [
        project
        for project in projects
        if (person.id, project.id) in known and project.visibility is not Visibility.RESTRICTED
    ]


def _days(
    session: Session, register: Register[Any], projects: Iterable[Project], owner: Person | None
) -> list[AllDay]:
    """The days on which open entries of *register* are due, of one owner or of all."""
    known = {project.id: project for project in projects}
    kind: type[Entry] = register.entry
    query = select(kind).where(
        kind.project_id.in_(sorted(known)), kind.closed_at.is_(None), kind.due.is_not(None)
    )
    if owner is not None:
        query = query.where(kind.owner_id == owner.id)
    rows = session.scalars(query.order_by(kind.id)).all()
    changed = _changed(session, kind, [row.id for row in rows])
    return [
        AllDay(
            token_for(session, f"day:{kind.__tablename__}:{row.id}"),
            row.due,
            f"{register.name_of(row)}: {row.title}",
            known[row.project_id].name,
            row.moves,
            changed.get(row.id, row.opened_at),
        )
        for row in rows
        if row.due is not None
    ]


def _changed(session: Session, kind: type[Entry], keys: Collection[int]) -> dict[int, datetime]:
    """When each of these entries was last changed, in one query."""
    rows = session.execute(
        select(ChangeItem.object_id, func.max(Change.at))
        .join(Change, Change.id == ChangeItem.change_id)
        .where(ChangeItem.kind == kind.__tablename__, ChangeItem.object_id.in_(sorted(keys)))
        .group_by(ChangeItem.object_id)
    )
    return {key: at for key, at in rows}
