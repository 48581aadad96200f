"""Preferences: when and of what a person wants to be told, and when they are away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base, locked
from bot.history import Audited
from bot.people import Person
from bot.plans import moment_of

DIGEST_AT = time(8, 30)
QUIET_FROM, QUIET_UNTIL = time(19), time(7, 30)


class Preference(Audited, Base):
    """What one person has set differently from what is usual."""

    __tablename__ = "preference"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    digest_at: Mapped[str | None]
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    muted: Mapped[list[str]] = mapped_column(JSON, default=list)


class Snooze(Audited, Base):
    """One thing a person does not want to be reminded of before a day."""

    __tablename__ = "snooze"
    __table_args__ = (UniqueConstraint("person_id", "kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    object_id: Mapped[int]
    until: Mapped[date]


@dataclass(frozen=True)
class Wishes:
    """How a person wants to be told things, with what is usual filled in."""

    digest_at: time = DIGEST_AT
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL
    away_from: date | None = None
    away_until: date | None = None
    muted: frozenset[str] = frozenset()

    def is_away(self, day: date) -> bool:
        """Whether the person is away on *day*: from the first day up to the day they are back."""
        if self.away_until is None:
            return False
        return (self.away_from or day) <= day < self.away_until

    def quiet_ends(self, person: Person, moment: datetime) -> datetime:
        """*moment*, or the end of the quiet hours of *person* it lies in."""
        local = moment.astimezone(ZoneInfo(person.timezone))
        if not self._is_quiet(local.time()):
            return moment
        is_tomorrow = local.time() >= self.quiet_until
        day = local.date() + timedelta(days=1) if is_tomorrow else local.date()
        return moment_of(day, self.quiet_until, person.timezone).astimezone(UTC)

    def _is_quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


def preference_of(session: Session, person: Person) -> Preference:
    """The row of what *person* has set, made where there is none."""
    statement = select(Preference).where(Preference.person_id == person.id)
    return locked(session, Preference, statement, {"person_id": person.id, "muted": []})


def wishes_of(session: Session, people: Collection[int]) -> dict[int, Wishes]:
    """How each of *people*, by primary key, wants to be told things, in one query."""
    rows = session.scalars(select(Preference).where(Preference.person_id.in_(sorted(people))))
    set_by = {row.person_id: _wishes(row) for row in rows}
    return {person: set_by.get(person, Wishes()) for person in people}


def _wishes(row: Preference) -> Wishes:
    return Wishes(
        digest_at=_time(row.digest_at, DIGEST_AT),
        quiet_from=_time(row.quiet_from, QUIET_FROM),
        quiet_until=_time(row.quiet_until, QUIET_UNTIL),
        away_from=row.away_from,
        away_until=row.away_until,
        muted=frozenset(row.muted),
    )


def _time(text: str | None, usual: time) -> time:
    return time.fromisoformat(text) if text else usual


def snooze_of(session: Session, person: Person, kind: str, number: int) -> Snooze | None:
    """What *person* has put off about one row of a table, locked for changing it."""
    # Two clicks of one person come one after the other, even when there is no row yet.
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update(key_share=True))
    return session.scalar(
        select(Snooze)
        .where(Snooze.person_id == person.id, Snooze.kind == kind, Snooze.object_id == number)
        .with_for_update()
    )


def snoozes(
    session: Session, people: Collection[int], since: date
) -> dict[tuple[int, str, int], date]:
    """Until when *people* put off what: by person, table and row; what ended by *since* is not."""
    rows = session.execute(
        select(Snooze.person_id, Snooze.kind, Snooze.object_id, Snooze.until).where(
            Snooze.person_id.in_(sorted(people)), Snooze.until > since
        )
    )
    return {(person, kind, number): until for person, kind, number, until in rows}
