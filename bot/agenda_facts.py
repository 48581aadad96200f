"""The facts of an agenda: what is read of a project for the meeting of a date, in few queries."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import progress, status
from bot.agenda_points import Facts, LastMinutes
from bot.meeting_dates import Date, date_of, is_on_holiday, rule_days
from bot.meetings import Meeting, MeetingState, Series
from bot.minutes import Approval, Minutes
from bot.people import Person, by_id
from bot.progress import Progress
from bot.projects import Project, heads
from bot.register import WITHDRAWN, Link
from bot.registers.actions import Action
from bot.registers.decisions import Decision
from bot.report_lines import Teller
from bot.reports import beginning

WEEK = timedelta(weeks=1)
LOOK = timedelta(days=70)
"""So far around a meeting the ones before and after it are looked for."""


def hosts_of(found: Date) -> tuple[int, int | None]:
    """Who chairs the meeting, and who takes its minutes."""
    host: Meeting | Series = found.meeting or found.series
    return host.chair_id, host.minute_taker_id


def read_facts(
    session: Session, project: Project, found: Date, now: datetime, others: Iterable[int | None]
) -> tuple[Facts, dict[int, Person]]:
    """What there is to know, and everybody who is named in it, besides *others*."""
    before, until, last = _around(session, project, found, now)
    since = before or beginning(project, now)
    changed = progress.since(session, {project.id: since}, now, with_open=True)[project.id]
    update = status.latest(session, project)
    leads = heads(session, project)
    wanted = {*others, *_owners(changed), *(lead.id for lead in leads)}
    if update is not None:
        wanted |= {update.author_id, update.on_behalf_of}
    people = by_id(session, wanted)
    today = project.local_date(now)
    facts = Facts(
        project=project,
        today=today,
        on=project.local_date(found.starts_at),
        now=now,
        since=since,
        until=until,
        progress=changed,
        teller=Teller(project, {key: person.name for key, person in people.items()}, today),
        update=update,
        chair_id=hosts_of(found)[0],
        lead_id=leads[0].id if leads else None,
        last=_minutes_of(session, project, last),
        followed=_followed(session, changed),
    )
    return facts, people


def _owners(changed: Progress) -> Iterable[int | None]:
    """Who owns something that is open, or owned something that changed."""
    yield from (entry.owner_id for entry in changed.open)
    for change in changed.entries:
        yield change.entry.owner_id
        yield from (told.get("owner_id") for told in (change.before, change.after))


def _minutes_of(session: Session, project: Project, meeting: Meeting | None) -> LastMinutes | None:
    """The newest minutes of *meeting*, in one query with what was objected to them."""
    if meeting is None:
        return None
    waiting = (
        select(func.count(Approval.id))
        .where(
            Approval.minutes_id == Minutes.id,
            ~Approval.is_approved,
            Approval.resolved_at.is_(None),
        )
        .correlate(Minutes)
        .scalar_subquery()
    )
    row = session.execute(
        select(Minutes, waiting)
        .where(Minutes.meeting_id == meeting.id)
        .order_by(Minutes.version.desc())
        .limit(1)
    ).first()
    return (
        None if row is None else LastMinutes(row[0], project.local_date(meeting.starts_at), row[1])
    )


def _followed(session: Session, changed: Progress) -> dict[int, list[Action]]:
    """The actions each open decision led to, done ones too."""
    decisions = [entry.id for entry in changed.open if isinstance(entry, Decision)]
    if not decisions:
        return {}
    names = (Decision.__tablename__, Action.__tablename__)
    there = select(Link.from_id.label("decision"), Link.to_id.label("action")).where(
        Link.from_kind == names[0], Link.to_kind == names[1], Link.from_id.in_(decisions)
    )
    back = select(Link.to_id, Link.from_id).where(
        Link.to_kind == names[0], Link.from_kind == names[1], Link.to_id.in_(decisions)
    )
    links = there.union(back).subquery()
    rows = session.execute(
        select(links.c.decision, Action)
        .join(Action, Action.id == links.c.action)
        .where(Action.outcome.is_distinct_from(WITHDRAWN))
        .order_by(Action.number)
    )
    found: dict[int, list[Action]] = {}
    for decision, action in rows:
        found.setdefault(decision, []).append(action)
    return found


def _around(
    session: Session, project: Project, found: Date, now: datetime
) -> tuple[datetime | None, date, Meeting | None]:
    """When the meeting before was, the day of the one after, and the last one that was held.

    Where nobody takes minutes here, the one before is taken for held.
    """
    series = found.series
    rows = session.scalars(
        select(Meeting).where(
            Meeting.series_id == series.id, Meeting.starts_at > found.starts_at - 5 * LOOK
        )
    ).all()
    known = {row.day: row for row in rows}
    held = [r for r in rows if r.state is MeetingState.CLOSED and r.starts_at < found.starts_at]
    last = max(held, key=lambda row: row.starts_at, default=None)
    others = [d for d in _near(series, project, found.day, known) if d.day != found.day]
    later = [d.starts_at for d in others if d.starts_at > found.starts_at]
    earlier = [d.starts_at for d in others if series.made_at <= d.starts_at < now]
    earlier = [starts for starts in earlier if starts < found.starts_at]
    following = min(later, default=found.starts_at + WEEK)
    before = (last.closed_at or last.starts_at) if last else max(earlier, default=None)
    return before, project.local_date(following), last


def _near(
    series: Series, project: Project, day: date, known: Mapping[date, Meeting]
) -> Iterator[Date]:
    """The dates of *series* around *day* on which there is, or was, a meeting."""
    for other in rule_days(series, day - LOOK):
        if other > day + LOOK:
            return
        found = date_of(series, other, known.get(other))
        if not found.is_cancelled and not is_on_holiday(found, project):
            yield found
