"""Mailings: who is mailed what, so that each calendar shows what was published."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarCopy, CalendarEvent
from bot.calendar.changes import Change, Method, Why, after, change
from bot.calendar.event import Event
from bot.calendar.mails import letter
from bot.calendar.publishing import Publication
from bot.calendar.readers import Reader, audience_of
from bot.calendar.writing import Attendee, Party
from bot.delivery.mailing import Letter
from bot.meetings import Series
from bot.plans import moment_of
from bot.projects import Project


@dataclass(frozen=True)
class Mailing:
    """One mail: what *reader* is told of a publication, and what their calendar then holds."""

    of: Publication
    reader: Reader
    told: Change
    held: Event | None
    mails: int

    @property
    def key(self) -> str:
        """What its delivery is known by: after a restored backup, too, only this very mail is."""
        holds = self.holds.as_dict() if self.holds is not None else None
        said = f"{self.of.sequence} {self.of.changed_at.isoformat()} {self.told} {holds}"
        print_ = sha256(said.encode()).hexdigest()[:12]
        return f"calendar:{self.of.uid}:{self.mails + 1}:{self.reader.folded}:{print_}"

    @property
    def holds(self) -> Event | None:
        return after(self.held, self._wanted, self.told)

    @property
    def _wanted(self) -> Event | None:
        return None if self.told.why in (Why.REMOVED, Why.ENDED) else self.of.event

    def letter(self, organizer: Party, number: str, project: Project) -> Letter:
        """The mail itself, *number* its Message-ID. Raises ValueError where it cannot be sent."""
        reader = self.reader
        attendee = Attendee(Party(reader.name, reader.address), reader.role, reader.is_in_slack)
        written = letter(
            self._wanted, self.held, self.told, self.of.sequence, self.of.changed_at,
            organizer, attendee, number, project.name, project.timezone, self.of.course,
        )  # fmt: skip
        return replace(written, until=self._until)

    @property
    def _until(self) -> datetime | None:
        """When what it tells of is over, as it was and as it is; None for a series."""
        events = [event for event in (self.held, self._wanted) if event is not None]
        if self.told.day is None and any(event.rule is not None for event in events):
            return None
        ends = [
            moment_of(found.day, found.at, event.zone) + timedelta(minutes=found.minutes)
            for event in events
            if (found := event.instance(self.told.day or event.first_day)) is not None
        ]
        return max(ends, default=None)


def mailings(
    session: Session,
    series: Series,
    told: Sequence[Publication],
    changed_at: datetime,
    now: datetime,
) -> Iterator[Mailing]:
    """Who is to be mailed what, so that each calendar shows what was published."""
    audience = audience_of(session, series)
    rows = session.execute(
        select(CalendarEvent.uid, CalendarCopy)
        .join(CalendarEvent, CalendarEvent.id == CalendarCopy.event_id)
        .where(CalendarEvent.series_id == series.id)
        .order_by(CalendarCopy.id)
    ).all()
    for published in told:
        compared = _Compared(published, now)
        copies = {copy.address: copy for uid, copy in rows if uid == published.uid}
        for folded in dict.fromkeys([*copies, *audience.readers]):
            copy = copies.get(folded)
            if audience.is_out_of_reach(folded, copy):
                continue
            mailing = _mailing(compared, audience.readers.get(folded), copy)
            if mailing is not None:
                # Who comes and goes is told of what has not changed: it is as new as that.
                yield replace(mailing, of=replace(mailing.of, changed_at=changed_at))


class _Compared:
    """What is published beside what calendars hold: a thousand hold the same, compared once."""

    def __init__(self, published: Publication, now: datetime) -> None:
        self.published = published
        self._now = now
        self._known: dict[tuple[str, bool], tuple[Event | None, Change | None]] = {}

    def with_what(
        self, copy: CalendarCopy | None, *, is_reader: bool
    ) -> tuple[Event | None, Change | None]:
        """What the calendar of *copy* holds, and what it is to be told for its reader, or none."""
        holds = copy.holds if copy is not None else None
        key = (json.dumps(holds, sort_keys=True), is_reader)
        if key not in self._known:
            held = Event.of_dict(holds) if holds else None
            wanted = self.published.event if is_reader else None
            self._known[key] = (held, change(held, wanted, self._now))
        return self._known[key]

    @cached_property
    def is_ahead(self) -> bool:
        """Whether some of what is published is not over."""
        event = self.published.event
        return event is not None and event.takes_place_after(self._now)


def _mailing(
    compared: _Compared, reader: Reader | None, copy: CalendarCopy | None
) -> Mailing | None:
    """What one address is to be told, where that is anything."""
    published = compared.published
    held, told = compared.with_what(copy, is_reader=reader is not None)
    if told is not None and reader is None and published.event is not None:
        told = Change(Method.CANCEL, Why.REMOVED)
    if told is not None and told.why is Why.ENDED:
        told = replace(told, reason=published.reason)
    is_other = copy is not None and reader is not None and copy.part != reader.role.value
    if told is None and held is not None and is_other and compared.is_ahead:
        told = Change(Method.REQUEST, Why.CHANGED)
    if told is None:
        return None
    reader = reader or (Reader.of_copy(copy) if copy is not None else None)
    if reader is None:
        return None
    return Mailing(published, reader, told, held, copy.mails if copy is not None else 0)


def keep(session: Session, told: Sequence[Mailing]) -> None:
    """Write down what calendars hold once they are mailed."""
    uids = sorted({mailing.of.uid for mailing in told})
    addresses = sorted({mailing.reader.folded for mailing in told})
    rows = session.execute(
        select(CalendarEvent.uid, CalendarEvent.id).where(CalendarEvent.uid.in_(uids))
    )
    events = {uid: key for uid, key in rows}
    known = session.scalars(
        select(CalendarCopy).where(
            CalendarCopy.event_id.in_(sorted(events.values())), CalendarCopy.address.in_(addresses)
        )
    )
    copies = {(copy.event_id, copy.address): copy for copy in known}
    for mailing in told:
        key = (events[mailing.of.uid], mailing.reader.folded)
        copy = copies.get(key) or CalendarCopy(event_id=key[0], address=key[1], mails=0)
        holds = mailing.holds
        copy.holds = holds.as_dict() if holds is not None else None
        copy.invitee_id, copy.part = mailing.reader.invitee_id, mailing.reader.role.value
        copy.mails += 1
        session.add(copy)
    session.flush()
