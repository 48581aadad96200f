"""Matters: which meeting a reply is about, and whose answer it is."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answer_notes import Desk
from bot.answering import date_called, over
from bot.calendar.addresses import comparable
from bot.calendar.books import CalendarCopy, CalendarEvent
from bot.calendar.moments import Moment, in_utc
from bot.calendar.readers import audience_of
from bot.calendar.replies import Reply
from bot.errors import UserError
from bot.language import _
from bot.meeting_dates import Date, next_by
from bot.meetings import EarlierRule, Invitee, Series, hour_of, rule_on
from bot.people import Person, with_address
from bot.plans import moment_of
from bot.projects import Project

FARTHEST = timedelta(days=1100)
"""Nobody answers for what is farther ahead."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Matter:
    """What a *reply* is about: all dates by one *rule* of a series, or the one that is *found*."""

    reply: Reply
    series: Series
    rule: Series | EarlierRule
    project: Project
    chair: Person
    found: Date | None = None

    @property
    def uid(self) -> str:
        return self.rule.uid


def matter_of(session: Session, reply: Reply) -> Matter | None:
    """The series *reply* is about; None where it is none of ours."""
    rule: Series | EarlierRule | None = session.scalar(
        select(Series).where(Series.uid == reply.uid)
    )
    rule = rule or session.scalar(select(EarlierRule).where(EarlierRule.uid == reply.uid))
    if rule is None:
        return None
    series = rule if isinstance(rule, Series) else session.get_one(Series, rule.series_id)
    project = session.get_one(Project, series.project_id)
    chair = session.get_one(Person, series.chair_id)
    return Matter(reply, series, rule, project, chair)


def may_answer(session: Session, matter: Matter) -> bool:
    """Whether who sent it answers for themself, or is of the office and trusted by the other's
    calendar."""
    return matter.reply.is_own or proxy_of(session, matter) is not None


def proxy_of(session: Session, matter: Matter) -> Person | None:
    """Who of the office answers for somebody else; None where nobody does."""
    reply = matter.reply
    person = with_address(session, matter.chair.team, reply.sender) if reply.is_on_behalf else None
    is_trusted = person is not None and not person.is_guest and not person.is_bot
    return person if is_trusted else None


def dated(desk: Desk, matter: Matter) -> Matter:
    """*matter* with its date, where it is about one. Raises `UserError` where that is none, is
    over, or will not be."""
    named = matter.reply.recurrence
    if named is None and matter.rule.rule is not None:
        return matter
    day = matter.rule.first_day if named is None else _day_of(matter.rule, named)
    if day is None or rule_on(matter.series, day) is not matter.rule:
        raise over()
    if day > matter.project.local_date(desk.now) + FARTHEST:
        raise over()
    return replace(matter, found=date_called(desk, matter.series, matter.project, day.isoformat()))


def _day_of(rule: Series | EarlierRule, named: Moment) -> date | None:
    """The day by which *rule* names a moment; a bare date is that day."""
    if not isinstance(named, datetime):
        return named
    instant = in_utc(named, rule.zone)
    local = instant.astimezone(ZoneInfo(rule.zone)).date()
    # What a change of the clocks moves on may be on another day than the rule names.
    near = (local, local - _DAY, local + _DAY)
    return next((d for d in near if moment_of(d, hour_of(rule), rule.zone) == instant), None)


def near(desk: Desk, matter: Matter) -> Date | None:
    """The date a question about *matter* shows: its own, else the next by its rule."""
    if matter.found is not None:
        return matter.found
    return next_by(desk.session, matter.series, matter.project, matter.rule, desk.now)


def seat_of(session: Session, matter: Matter) -> Invitee | None:
    """The invitation of who answers: by their address now, or one they were mailed at.

    Raises `UserError` for who has left, whatever their old calendar still says.
    """
    wanted = comparable(matter.reply.attendee)
    readers = audience_of(session, matter.series).readers.values()
    known = {comparable(reader.address): reader.invitee_id for reader in readers}
    if wanted not in known:
        copies = session.execute(
            select(CalendarCopy.address, CalendarCopy.invitee_id)
            .join(CalendarEvent, CalendarEvent.id == CalendarCopy.event_id)
            .where(CalendarEvent.series_id == matter.series.id)
        )
        known |= {comparable(address): invitee_id for address, invitee_id in copies}
    seat = session.get(Invitee, known[wanted]) if wanted in known else None
    if seat is None or seat.removed_at is not None:
        return None
    person = session.get(Person, seat.person_id) if seat.person_id is not None else None
    if person is not None and not person.is_active:
        raise UserError(_("{who} has left.").format(who=person.name))
    return seat
