"""Rounds: what changed of a series is published, and every calendar told what makes it so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarCopy, CalendarEdition, CalendarEvent, CalendarRound
from bot.calendar.changes import Change, Method, Why, after, change
from bot.calendar.event import Event
from bot.calendar.mails import letter
from bot.calendar.planning import events_of, horizon_of
from bot.calendar.readers import Reader, audience_of
from bot.calendar.refusals import leave_out
from bot.calendar.watching import begin_round
from bot.calendar.writing import Attendee, Party
from bot.db import Sessions, reading
from bot.delivery.mailing import Letter, message_id, promise_mails
from bot.meetings import Series
from bot.projects import Project

AT_ONCE = 25
NEAR = timedelta(days=180)
"""So long before the horizon of a series is reached, more of its holidays are published."""


@dataclass(frozen=True)
class Publication:
    """The event of one UID as it is published from now on; *event* None: it is no more."""

    uid: str
    event: Event | None
    sequence: int
    changed_at: datetime
    horizon: date
    is_new: bool


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
        """What its delivery is known by."""
        return f"calendar:{self.of.uid}:{self.mails + 1}:{self.reader.address}"

    @property
    def holds(self) -> Event | None:
        return after(self.held, self._wanted, self.told)

    @property
    def _wanted(self) -> Event | None:
        return None if self.told.why in (Why.REMOVED, Why.ENDED) else self.of.event

    def letter(self, organizer: Party, number: str, project: str) -> Letter:
        """The mail itself, *number* its Message-ID. Raises ValueError where it cannot be sent."""
        attendee = Attendee(Party(self.reader.name, self.reader.address), self.reader.role)
        return letter(
            self._wanted, self.held, self.told, self.of.sequence, self.of.changed_at,
            organizer, attendee, number, project,
        )  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What a round does in one go; a mail that cannot be written is the reason why."""

    series: Series
    number: int
    project: Project
    publications: Sequence[Publication]
    mailings: Sequence[tuple[Mailing, Letter | str]]
    is_last: bool


def publications(
    session: Session, series: Series, project: Project, changed_at: datetime
) -> list[Publication]:
    """Every event of *series* as it is to be published, the oldest first, changed or not.

    The holidays of more years come with what is told as a whole anyway, or when they are near.
    """
    known = session.scalars(
        select(CalendarEvent).where(CalendarEvent.series_id == series.id).order_by(CalendarEvent.id)
    ).all()
    today = project.local_date(changed_at)
    farther = horizon_of(today)
    horizon = max((row.horizon for row in known), default=farther)
    wanted = {event.uid: event for event in events_of(session, series, project, horizon)}
    if horizon < farther and (horizon - today < NEAR or _is_other(known, wanted)):
        horizon = farther
        wanted = {event.uid: event for event in events_of(session, series, project, horizon)}
    told = [_publication(row, wanted.pop(row.uid, None), changed_at, horizon) for row in known]
    new = [Publication(uid, event, 0, changed_at, horizon, True) for uid, event in wanted.items()]
    return [*told, *new]


def _is_other(known: Sequence[CalendarEvent], wanted: Mapping[str, Event]) -> bool:
    """Whether more than single dates have changed."""
    masters = {row.uid: Event.of_dict(row.state).master for row in known if row.state}
    return masters != {uid: event.master for uid, event in wanted.items()}


def _publication(
    row: CalendarEvent, event: Event | None, changed_at: datetime, horizon: date
) -> Publication:
    if row.state == (event.as_dict() if event else None):
        is_farther = horizon > row.horizon
        return Publication(row.uid, event, row.sequence, row.changed_at, horizon, is_farther)
    return Publication(row.uid, event, row.sequence + 1, changed_at, horizon, True)


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
        copies = {copy.address.casefold(): copy for uid, copy in rows if uid == published.uid}
        for folded in dict.fromkeys([*copies, *audience.readers]):
            copy = copies.get(folded)
            if audience.is_out_of_reach(folded, copy):
                continue
            mailing = _mailing(published, audience.readers.get(folded), copy, now)
            if mailing is not None:
                # Who comes and goes is told of what has not changed: it is as new as that.
                yield replace(mailing, of=replace(mailing.of, changed_at=changed_at))


def _mailing(
    published: Publication, reader: Reader | None, copy: CalendarCopy | None, now: datetime
) -> Mailing | None:
    """What one address is to be told, where that is anything."""
    held = Event.of_dict(copy.holds) if copy is not None and copy.holds else None
    wanted = published.event if reader is not None else None
    told = change(held, wanted, now)
    if told is not None and reader is None and published.event is not None:
        told = Change(Method.CANCEL, Why.REMOVED)
    is_other = copy is not None and reader is not None and copy.part != reader.role.value
    if told is None and held is not None and wanted is not None and is_other:
        told = Change(Method.REQUEST, Why.CHANGED)
    if told is None:
        return None
    reader = reader or (Reader.of_copy(copy) if copy is not None else None)
    if reader is None:
        return None
    return Mailing(published, reader, told, held, copy.mails if copy is not None else 0)


class Rounds:
    """Publishes what changed and mails it, so many at once; without an organizer nobody."""

    def __init__(
        self, sessions: Sessions, organizer: Party | None, wake: Callable[[], None]
    ) -> None:
        self._sessions = sessions
        self._organizer = organizer
        self._wake = wake
        self._looked_on: date | None = None

    def do_some(self, now: datetime) -> bool:
        """Do a part of what is due; False where there is nothing."""
        self._look_ahead(now)
        with reading(self._sessions) as session:
            row = session.scalar(
                select(CalendarRound)
                .where(CalendarRound.due_at <= now)
                .order_by(CalendarRound.due_at)
                .limit(1)
            )
            work = self._work(session, row, now) if row is not None else None
        if work is None:
            return False
        with self._sessions.begin() as session:
            _write(session, work, now)
        if work.mailings:
            self._wake()
        return True

    def _look_ahead(self, now: datetime) -> None:
        """Once a day: of what goes on beyond its horizon the holidays after it are published."""
        if self._looked_on == now.date():
            return
        with self._sessions.begin() as session:
            near = select(CalendarEvent.series_id).where(
                CalendarEvent.state.is_not(None), CalendarEvent.horizon < now.date() + NEAR
            )
            begin_round(session, set(session.scalars(near)), now)
        self._looked_on = now.date()

    def _work(self, session: Session, row: CalendarRound, now: datetime) -> Work:
        series = session.get_one(Series, row.series_id)
        project = session.get_one(Project, series.project_id)
        told = publications(session, series, project, row.changed_at)
        found: list[Mailing] = []
        letters: list[tuple[Mailing, Letter | str]] = []
        if self._organizer is not None and not row.is_silent:
            waiting = mailings(session, series, told, row.changed_at, now)
            found = list(islice(waiting, AT_ONCE + 1))
            letters = [
                (mailing, self._letter(session, self._organizer, mailing, project))
                for mailing in found[:AT_ONCE]
            ]
        return Work(
            series, row.number, project, [one for one in told if one.is_new],
            letters, len(found) <= AT_ONCE,
        )  # fmt: skip

    def _letter(
        self, session: Session, organizer: Party, mailing: Mailing, project: Project
    ) -> Letter | str:
        """One that cannot be written keeps nobody else's back."""
        number = message_id(session, mailing.key, organizer.address)
        try:
            return mailing.letter(organizer, number, project.name)
        except ValueError as error:
            return str(error)


def _write(session: Session, work: Work, now: datetime) -> None:
    """Keep what was worked out, unless the round went on meanwhile."""
    row = session.get(CalendarRound, work.series.id, with_for_update=True, populate_existing=True)
    if row is None or row.number != work.number:
        return
    for published in work.publications:
        _publish(session, work.series.id, published)
    keep(session, [mailing for mailing, _letter in work.mailings])
    letters = {m.key: letter for m, letter in work.mailings if isinstance(letter, Letter)}
    promise_mails(session, letters, now, project=work.project)
    for mailing, reason in work.mailings:
        if isinstance(reason, str):
            leave_out(session, mailing.reader.address, reason, [work.series], now)
    if work.is_last:
        session.delete(row)
    else:
        row.number += 1


def _publish(session: Session, series_id: int, published: Publication) -> None:
    row = session.scalar(select(CalendarEvent).where(CalendarEvent.uid == published.uid))
    is_same = row is not None and row.sequence == published.sequence
    if row is None:
        row = CalendarEvent(series_id=series_id, uid=published.uid)
        session.add(row)
    row.state = published.event.as_dict() if published.event else None
    row.sequence, row.changed_at = published.sequence, published.changed_at
    row.horizon = published.horizon
    session.flush()
    if not is_same:
        session.add(
            CalendarEdition(
                event_id=row.id, sequence=published.sequence, changed_at=published.changed_at
            )
        )


def keep(session: Session, told: Sequence[Mailing]) -> None:
    """Write down what calendars hold once they are mailed."""
    uids = sorted({mailing.of.uid for mailing in told})
    addresses = sorted({mailing.reader.address for mailing in told})
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
        key = (events[mailing.of.uid], mailing.reader.address)
        copy = copies.get(key) or CalendarCopy(event_id=key[0], address=key[1], mails=0)
        holds = mailing.holds
        copy.holds = holds.as_dict() if holds is not None else None
        copy.invitee_id, copy.part = mailing.reader.invitee_id, mailing.reader.role.value
        copy.mails += 1
        session.add(copy)
    session.flush()
