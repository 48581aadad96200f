"""Milestones: what is reached on which day, as planned, as forecast and as it came."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import ForeignKey, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from bot.dates import format_day
from bot.db import Base
from bot.fields import Field, Owner, Title
from bot.history import Audited, doing_in
from bot.language import N_, _, current, plural
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import Entry, Link, Register
from bot.workdays import WorkCalendar

WAITS_FOR = N_("waits for")
"""The relation of a milestone to one that has to be reached before it."""


class Milestone(Entry):
    """Something to be reached on a day.

    *due* is the forecast, *baseline* what was agreed, *actual* when it was reached;
    *confirmed_at* is when somebody last said that the forecast holds, or what it is now.
    """

    __tablename__ = "milestone"

    baseline: Mapped[date | None]
    actual: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]

    def opened(self, session: Session, project: Project, author: Person, now: datetime) -> None:
        self.confirmed_at = now
        if self.due is not None:
            _keep(session, self, None, self.due, author, now)

    def gist(self) -> list[str]:
        slipped = slip_of(self, _calendar_of(self))
        return [_("slip {days}").format(days=signed_days(slipped))] if slipped else []

    def details(self) -> dict[str, Any]:
        told = {_("Baseline"): self.baseline, _("Reached"): self.actual}
        return {label: format_day(day, current()) for label, day in told.items() if day}

    def known(self, session: Session) -> dict[str, Any]:
        told = super().known(session)
        if self.confirmed_at is not None:
            confirmed = session.get_one(Project, self.project_id).local_date(self.confirmed_at)
            told[_("Forecast last confirmed")] = format_day(confirmed, current())
        found = [row for row in changes_of(session, self) if row[0].was is not None]
        proposers = by_id(session, (change.proposed_by for change, _author in found))
        changes = [_told(*row, proposers.get(row[0].proposed_by or 0)) for row in found]
        return told | ({_("Forecasts so far"): "\n" + "\n".join(changes)} if changes else {})


class MilestoneForecast(Audited, Base):
    """A forecast as it was given; where it is as it *was*, it was confirmed.

    *proposed_by* is who proposed what *author_id* then confirmed.
    """

    __tablename__ = "milestone_forecast"

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    was: Mapped[date | None]
    forecast: Mapped[date | None]
    reason: Mapped[str | None]


ForecastDate = Annotated[
    date | None,
    Field(N_("Forecast"), ("by", "due", "until", "bis"), "by DATE", bare=True),
]


def draft(title: Title, *, due: ForecastDate = None, owner: Owner = None) -> Milestone:
    return Milestone(title=title, due=due, owner_id=owner.id if owner else None)


MILESTONES = Register(
    noun=N_("ms"),
    plural=N_("milestones"),
    summary=N_("What is reached when: baseline, forecast, slip"),
    letter="M",
    entry=Milestone,
    draft=draft,
    outcomes={"done": N_("done"), "drop": N_("dropped")},
    example='"Pilot live" 30 june owner @anna',
    due_label=N_("Due"),
    default="plan",
    called=N_("milestone"),
    columns=("baseline", "actual", "confirmed_at"),
)


# Whatever changes the date, the history of forecasts has it: no verb can forget it. What is
# undone takes its line of the history away by itself.
@event.listens_for(Milestone.due, "set", active_history=True)
def _due_set(milestone: Milestone, due: date | None, old: Any, _initiator: object) -> None:
    session = object_session(milestone)
    if session is None or due == old:
        return
    doing = doing_in(session)
    if doing.undoes is None:
        milestone.confirmed_at = doing.at
        was = old if isinstance(old, date) else None
        _keep(session, milestone, was, due, doing.actor, doing.at)


def _keep(
    session: Session,
    milestone: Milestone,
    was: date | None,
    forecast: date | None,
    author: Person | None,
    at: datetime,
) -> MilestoneForecast:
    row = MilestoneForecast(
        milestone_id=milestone.id,
        at=at,
        author_id=author.id if author else None,
        was=was,
        forecast=forecast,
    )
    session.add(row)
    return row


def explain(
    session: Session, milestone: Milestone, reason: str | None, proposer: Person | None = None
) -> None:
    """Keep with the latest forecast why it changed, and who had proposed it."""
    session.flush()
    row = forecasts_of(session, milestone)[-1]
    row.reason = reason or None
    row.proposed_by = proposer.id if proposer else None


def confirm(session: Session, milestone: Milestone, author: Person, at: datetime) -> None:
    """Put on record that the forecast of *milestone* holds."""
    milestone.confirmed_at = at
    _keep(session, milestone, milestone.due, milestone.due, author, at)


def forecasts_of(session: Session, milestone: Milestone) -> Sequence[MilestoneForecast]:
    """Every forecast of *milestone*, confirmations too, the oldest first."""
    return session.scalars(
        select(MilestoneForecast)
        .where(MilestoneForecast.milestone_id == milestone.id)
        .order_by(MilestoneForecast.id)
    ).all()


def changes_of(
    session: Session, milestone: Milestone
) -> list[tuple[MilestoneForecast, Person | None]]:
    """The forecasts that changed something, with who gave them, the oldest first."""
    rows = session.execute(
        select(MilestoneForecast, Person)
        .outerjoin(Person, Person.id == MilestoneForecast.author_id)
        .where(
            MilestoneForecast.milestone_id == milestone.id,
            MilestoneForecast.was.is_distinct_from(MilestoneForecast.forecast),
        )
        .order_by(MilestoneForecast.id)
    )
    return [(forecast, person) for forecast, person in rows]


def slip(baseline: date | None, day: date | None, calendar: WorkCalendar) -> int | None:
    """How many working days *day* is later than *baseline*; None where one is not there."""
    return None if baseline is None or day is None else calendar.between(baseline, day)


def slip_of(milestone: Milestone, calendar: WorkCalendar) -> int | None:
    """How many working days the forecast, or the day it was reached, is behind the baseline."""
    return slip(milestone.baseline, milestone.actual or milestone.due, calendar)


def signed_days(count: int) -> str:
    """Working days with their sign: ``+11 working days``."""
    sign = {True: "+", False: "−"}[count > 0] if count else ""
    text = plural("{sign}{count} working day", "{sign}{count} working days", abs(count))
    return text.format(sign=sign, count=abs(count))


def dependents_of(session: Session, milestone: Milestone) -> Sequence[Milestone]:
    """The open milestones that wait for *milestone*, of whatever project."""
    return session.scalars(
        select(Milestone)
        .join(Link, Link.from_id == Milestone.id)
        .where(*_WAITING, Link.to_id == milestone.id, Milestone.closed_at.is_(None))
        .order_by(Milestone.id)
    ).all()


def awaited_by(session: Session, milestone: Milestone) -> Sequence[Milestone]:
    """What *milestone* waits for."""
    return session.scalars(
        select(Milestone)
        .join(Link, Link.to_id == Milestone.id)
        .where(*_WAITING, Link.from_id == milestone.id)
        .order_by(Milestone.id)
    ).all()


_WAITING = (
    Link.from_kind == Milestone.__tablename__,
    Link.to_kind == Milestone.__tablename__,
    Link.relation == WAITS_FOR,
)


def chain(session: Session, first: Milestone, last: Milestone) -> list[Milestone]:
    """How *first* comes to wait for *last*, both included; empty where it does not."""
    seen: set[int] = set()
    paths = [[first]]
    while paths:
        path = paths.pop()
        if path[-1].id == last.id:
            return path
        if path[-1].id not in seen:
            seen.add(path[-1].id)
            paths += [[*path, found] for found in awaited_by(session, path[-1])]
    return []


def _calendar_of(milestone: Milestone) -> WorkCalendar:
    session = object_session(milestone)
    if session is None:
        return WorkCalendar()
    return session.get_one(Project, milestone.project_id).calendar


def _told(change: MilestoneForecast, author: Person | None, proposer: Person | None) -> str:
    """A change of the forecast in words."""
    old, new = (
        format_day(day, current()) if day else _("no date") for day in (change.was, change.forecast)
    )
    who = author.name if author else _("the office")
    if proposer is not None:
        who = _("{who}, proposed by {proposer}").format(who=who, proposer=proposer.name)
    words = f"{old} → {new} · {who}"
    return f"{words}: {change.reason}" if change.reason else words
