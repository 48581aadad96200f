"""People: who somebody is in Slack, as last told by Slack."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, bindparam, event, func, select
from sqlalchemy.orm import Mapped, QueryContext, Session, mapped_column

from bot.db import Base
from bot.errors import MissingFactsError
from bot.values import UserId

MET = "jourfixe_met"
ADDRESS = re.compile(
    r"[\w.!#$%*+/=?^{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?![\w@])", re.ASCII
)
"""A mail address that may be typed; nothing in it can break a mail's head."""


class Person(Base):
    """Somebody in Slack. Identity is the team and the user id, never a name."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("team", "slack_id"),
        Index("ix_person_handle", "handle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[str]
    slack_id: Mapped[str]
    handle: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    timezone: Mapped[str]
    locale: Mapped[str]
    is_guest: Mapped[bool]
    is_active: Mapped[bool]
    is_bot: Mapped[bool]
    refreshed_at: Mapped[datetime]

    @property
    def user(self) -> UserId:
        return UserId(self.slack_id)


@dataclass(frozen=True)
class People:
    """Several who are named together: people in Slack, and plain mail addresses."""

    people: tuple[Person, ...] = ()
    addresses: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.addresses)


# Every command runs this one, so it is built once: built anew it costs twice as much.
_BY_USER = select(Person).where(
    Person.team == bindparam("team"), Person.slack_id == bindparam("user")
)


def person_of(session: Session, team: str, user: str) -> Person:
    """The person behind a Slack user id.

    Raises `MissingFactsError` for somebody not met yet, so that Slack is asked.
    """
    person = session.scalar(_BY_USER, {"team": team, "user": user})
    if person is None:
        raise MissingFactsError(users=frozenset({user}))
    return person


def names_of(session: Session, team: str, users: Collection[str]) -> dict[str, str]:
    """The names of those of *users* that were met, by user id."""
    rows = session.execute(
        select(Person.slack_id, Person.name).where(
            Person.team == team, Person.slack_id.in_(sorted(users))
        )
    )
    return {user: name for user, name in rows}


def grown_old(session: Session, before: datetime) -> frozenset[str]:
    """The users met in *session* of whom Slack was not asked since *before*."""
    met: dict[str, datetime] = session.info.get(MET, {})
    return frozenset(user for user, refreshed_at in met.items() if refreshed_at < before)


@event.listens_for(Person, "load")
def _note_met(person: Person, context: QueryContext) -> None:
    context.session.info.setdefault(MET, {})[person.slack_id] = person.refreshed_at


def leading_address(text: str) -> str:
    """The mail address *text* starts with; empty where it starts with none."""
    match = ADDRESS.match(text)
    return match[0] if match else ""


def called(session: Session, team: str, handle: str) -> Person | None:
    """The one active person whose handle, or mail address, is *handle*, typed without Slack's
    help."""
    if "@" in handle:
        return with_address(session, team, handle)
    rows = session.scalars(
        select(Person).where(
            Person.team == team,
            func.lower(Person.handle) == handle.lower(),
            Person.is_active,
        )
    ).all()
    return rows[0] if len(rows) == 1 else None


def with_address(session: Session, team: str, address: str) -> Person | None:
    """The one active person whose mail address that is."""
    rows = session.scalars(
        select(Person).where(
            Person.team == team, func.lower(Person.email) == address.lower(), Person.is_active
        )
    ).all()
    return rows[0] if len(rows) == 1 else None


def by_id(session: Session, ids: Iterable[int | None]) -> dict[int, Person]:
    """People by primary key, in one query."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    rows = session.scalars(select(Person).where(Person.id.in_(wanted)))
    return {person.id: person for person in rows}
