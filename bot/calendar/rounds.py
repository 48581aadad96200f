"""Rounds: what changed of a series is published, and every calendar told what makes it so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarEvent, CalendarRound
from bot.calendar.mailings import Mailing, keep, mailings
from bot.calendar.planning import unpublished
from bot.calendar.publishing import NEAR, Publication, publications, publish
from bot.calendar.refusals import leave_out
from bot.calendar.watching import begin_round, begin_silently
from bot.calendar.writing import Party
from bot.db import Sessions, reading
from bot.delivery.mailing import Letter, message_id, promise_mails
from bot.gathering import AT_ONCE, Rounds, go_on, some_of, unchanged
from bot.meetings import Series, take_turns
from bot.projects import Project
from bot.rsvps import calendars_know


@dataclass(frozen=True)
class Work:
    """What a round does in one go; a mail that cannot be written is the reason why."""

    series: Series
    round: CalendarRound
    project: Project
    publications: Sequence[Publication]
    mailings: Sequence[tuple[Mailing, Letter | str]]
    is_last: bool


class CalendarRounds(Rounds[CalendarRound]):
    """Publishes what changed and mails it, so many at once; without an organizer nobody."""

    table = CalendarRound

    def __init__(
        self, sessions: Sessions, organizer: Party | None, wake: Callable[[], None]
    ) -> None:
        super().__init__(sessions, wake)
        self._organizer = organizer
        self._looked_on: date | None = None

    def do_some(self, now: datetime) -> bool:
        """Do a part of what is due, after a look ahead; False where there is nothing."""
        self._look_ahead(now)
        return super().do_some(now)

    def _do(self, row: CalendarRound, now: datetime) -> None:
        with reading(self._sessions) as session:
            work = self._work(session, row, now)
        with self._sessions.begin() as session:
            _write(session, work, now)
        if work.mailings:
            self._wake()

    def _look_ahead(self, now: datetime) -> None:
        """Once a day: of what goes on beyond its horizon the holidays after it are published.

        So is, and nobody is mailed, what took place before there were calendars to tell.
        """
        if self._looked_on == now.date():
            return
        with self._sessions.begin() as session:
            near = session.scalars(
                select(CalendarEvent.series_id)
                .outerjoin(CalendarRound, CalendarRound.series_id == CalendarEvent.series_id)
                .where(
                    CalendarEvent.state.is_not(None),
                    CalendarEvent.horizon < now.date() + NEAR,
                    CalendarRound.series_id.is_(None),
                )
                .limit(AT_ONCE)
            ).all()
            begin_round(session, set(near), now)
            new = unpublished(session)
            begin_silently(session, new, now)
        if not near and not new:
            self._looked_on = now.date()

    def _work(self, session: Session, row: CalendarRound, now: datetime) -> Work:
        series = session.get_one(Series, row.series_id)
        project = session.get_one(Project, series.project_id)
        told = publications(session, series, project, row.changed_at)
        is_last = True
        letters: list[tuple[Mailing, Letter | str]] = []
        if self._organizer is not None and not row.is_silent:
            found, is_last = some_of(mailings(session, series, told, row.changed_at, now))
            letters = [
                (mailing, self._letter(session, self._organizer, mailing, project))
                for mailing in found
            ]
        return Work(
            series, row, project, [one for one in told if one.is_new],
            letters, is_last,
        )  # fmt: skip

    def _letter(
        self, session: Session, organizer: Party, mailing: Mailing, project: Project
    ) -> Letter | str:
        """One that cannot be written keeps nobody else's back."""
        number = message_id(session, mailing.key, organizer.address)
        try:
            return mailing.letter(organizer, number, project)
        except ValueError as error:
            return str(error)


def _write(session: Session, work: Work, now: datetime) -> None:
    """Keep what was worked out, unless the round went on meanwhile."""
    take_turns(session, work.project.id)
    row = unchanged(session, work.round)
    if row is None:
        return
    for published in work.publications:
        publish(session, work.series.id, published)
    calendars_know(session, work.series.id)
    keep(session, [mailing for mailing, _letter in work.mailings])
    letters = {m.key: letter for m, letter in work.mailings if isinstance(letter, Letter)}
    promise_mails(session, letters, now, project=work.project)
    for mailing, reason in work.mailings:
        if isinstance(reason, str):
            leave_out(session, mailing.reader.address, reason, [work.series], now)
    go_on(session, row, is_last=work.is_last)
