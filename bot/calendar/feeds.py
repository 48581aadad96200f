"""Feeds: calendars people subscribe to by a secret address, for one person or one project."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.audience import readers, roles_in
from bot.calendar.books import CalendarEvent
from bot.calendar.event import Event
from bot.calendar.writing import AllDay, Published, feed
from bot.db import Base, Sessions, locked, reading
from bot.delivery.installation import token_for
from bot.history import Change, ChangeItem
from bot.invitations import is_for
from bot.language import _, speaking
from bot.meetings import Invitee, Series
from bot.people import Person
from bot.projects import Project
from bot.register import Entry, Register
from bot.registers.actions import ACTIONS, Action
from bot.registers.milestones import MILESTONES
from bot.values import Visibility

SECRET_BYTES = 32
GRAIN = timedelta(seconds=1)
"""Finer than this HTTP tells no moments (RFC 9110, 5.6.7)."""


class CalendarFeed(Base):
    """A calendar that may be subscribed to: of *person_id*, or of *project_id* as they read it.

    Its address holds a secret of which only the *digest* is kept. It shows meetings, and where
    wanted *milestones* and *actions* on the days they are due. *shown* tells what it last answered
    from anything else, and it has answered that since *shown_at*.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        UniqueConstraint("person_id", "project_id"),
        Index(
            "uq_calendar_feed_mine",
            "person_id",
            unique=True,
            sqlite_where=text("project_id IS NULL"),
            postgresql_where=text("project_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    milestones: Mapped[bool]
    actions: Mapped[bool]
    made_at: Mapped[datetime]
    shown: Mapped[str | None]
    shown_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Page:
    """What a feed answers: its bytes, and since when it has answered just these."""

    body: bytes
    shown_at: datetime

    @property
    def tag(self) -> str:
        """What tells these bytes from others."""
        return _tag(self.body)


def feed_of(session: Session, person: Person, project: Project | None) -> CalendarFeed | None:
    """The feed *person* has, their own or the one of a project."""
    return session.scalar(_of(person, project).with_for_update())


def make_feed(
    session: Session, person: Person, project: Project | None, now: datetime
) -> tuple[CalendarFeed, str | None]:
    """The feed *person* has, and its secret where it is made just now."""
    secret = token_urlsafe(SECRET_BYTES)
    blank = {
        "person_id": person.id,
        "project_id": project.id if project is not None else None,
        "digest": _digest(secret),
        "milestones": True,
        "actions": False,
        "made_at": now,
    }
    row = locked(session, CalendarFeed, _of(person, project), blank)
    return row, secret if row.digest == _digest(secret) else None


def renew(session: Session, row: CalendarFeed) -> str:
    """Give *row* another secret, which is told once; the one it had opens nothing any more."""
    secret = token_urlsafe(SECRET_BYTES)
    row.digest = _digest(secret)
    session.flush()
    return secret


def page_of(sessions: Sessions, secret: str, now: datetime) -> Page | None:
    """What the feed behind *secret* shows; None where there is none, or its person left."""
    with reading(sessions) as session:
        row = _behind(session, _digest(secret))
        body = _spoken(session, row) if row is not None else None
    if row is None or body is None:
        return None
    if row.shown == _tag(body) and row.shown_at is not None:
        return Page(body, row.shown_at)
    with sessions.begin() as session:
        shown_at = _keep_shown(session, row.digest, _tag(body), now)
    return Page(body, shown_at) if shown_at is not None else None


def _of(person: Person, project: Project | None) -> Select[CalendarFeed]:
    key = project.id if project is not None else None
    return select(CalendarFeed).where(
        CalendarFeed.person_id == person.id,
        CalendarFeed.project_id == key if key else CalendarFeed.project_id.is_(None),
    )


def _behind(session: Session, digest: str) -> CalendarFeed | None:
    row = session.scalar(select(CalendarFeed).where(CalendarFeed.digest == digest))
    return row if row is not None and hmac.compare_digest(row.digest, digest) else None


def _keep_shown(session: Session, digest: str, tag: str, now: datetime) -> datetime | None:
    """Since when a feed answers what has this *tag*: later than what it answered before.

    Whatever leaves a feed leaves no moment behind, so it is not what is shown that tells.
    None where the feed was taken back meanwhile.
    """
    row = session.scalar(
        select(CalendarFeed).where(CalendarFeed.digest == digest).with_for_update()
    )
    if row is not None and row.shown != tag:
        now = now.replace(microsecond=0)
        row.shown_at = now if row.shown_at is None else max(now, row.shown_at + GRAIN)
        row.shown = tag
    return row.shown_at if row is not None else None


def _spoken(session: Session, row: CalendarFeed) -> bytes | None:
    person = session.get_one(Person, row.person_id)
    if not person.is_active:
        return None
    with speaking(person.locale):
        return _body(session, row, person)


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _body(session: Session, row: CalendarFeed, person: Person) -> bytes | None:
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
    return feed(name, events, days)


def _mine(session: Session, person: Person) -> tuple[Sequence[Series], list[Project]]:
    """The series *person* is invited to, and those of their projects that they may read."""
    series = session.scalars(
        select(Series)
        .where(Series.id.in_(select(Invitee.series_id).where(is_for(person))))
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
    """The days on which open entries of *register* are due, of one owner or of all.

    Nothing confidential: what is in a calendar is read by whoever sees it there.
    """
    known = {project.id: project for project in projects}
    kind: type[Entry] = register.entry
    query = select(kind).where(
        kind.project_id.in_(sorted(known)),
        kind.closed_at.is_(None),
        kind.due.is_not(None),
        kind.is_public(),
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
