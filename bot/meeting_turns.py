"""The turns of meetings: which of them a job of the clock is to do something for, each once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.delivery import occurrences
from bot.delivery.occurrences import Outcome
from bot.job import EMPTY, Due, Result, Round
from bot.language import _
from bot.meeting_dates import FARTHEST, Date, dates_among, lasting, rows_of
from bot.meetings import MeetingState, Series, SeriesState
from bot.plans import moment_of
from bot.projects import Project

AT = time(9)
AHEAD = FARTHEST + timedelta(days=21)
"""So far ahead the rule may name a meeting that is near: it may have been moved."""

MISSED = timedelta(days=8)
"""So long ago a meeting may have been whose turn is recorded as missed."""

Write = Callable[[Session], None]
Made = tuple[Outcome, str | None, Write | None]
"""What becomes of a meeting's turn, why, and how it is written down."""


@dataclass(frozen=True)
class Coming:
    """A meeting whose turn has come, in a project."""

    due: Due[Project]
    date: Date
    planned_at: datetime

    @property
    def project(self) -> Project:
        return self.due.subject

    @property
    def period(self) -> str:
        """What tells it in the ledger: a meeting and its day, so that a moved one has its turn."""
        on = self.project.local_date(self.date.starts_at)
        return f"{self.date.series.id}:{self.date.day.isoformat()}:{on.isoformat()}"


Line = tuple[Coming, Outcome, str | None, Write | None]
"""What becomes of one meeting's turn."""


def each_meeting(
    round_: Round[Project],
    job: str,
    early: int,
    write_for: Callable[[Round[Project], Coming], Made],
) -> Sequence[Result]:
    """What is to become of each turn of *job*: of every meeting that is near enough, once.

    A meeting's turn is *early* working days before it; *write_for* says what is to be done for it.
    """
    found = _near(round_, early)
    known = occurrences.known(
        round_.session, job, [due.subject.id for due in round_.due], round_.now - 2 * AHEAD
    )
    results = []
    for due in round_.due:
        lines: list[Line] = []
        for coming in found.get(due.subject.id, ()):
            if (due.subject.id, coming.period) in known:
                continue
            if coming.date.starts_at <= round_.now:
                if coming.date.meeting is None or coming.date.meeting.published_at is None:
                    lines.append((coming, Outcome.DROPPED, _("the meeting had begun"), None))
            else:
                lines.append((coming, *write_for(round_, coming)))
        results.append(_result(job, round_.now, lines))
    return results


def _result(job: str, now: datetime, lines: Sequence[Line]) -> Result:
    """One turn of a project, with a line of its own in the ledger for every meeting."""
    if not lines:
        return EMPTY

    def write(session: Session) -> None:
        rows = [
            {
                "job": job,
                "subject_id": coming.project.id,
                "period": coming.period,
                "planned_at": coming.planned_at,
                "ran_at": now,
                "outcome": outcome,
                "why": why,
            }
            for coming, outcome, why, _write in lines
        ]
        new = occurrences.record(session, rows)
        for coming, _outcome, _why, write_one in lines:
            if write_one is not None and (coming.project.id, coming.period) in new:
                write_one(session)

    sent = any(outcome is Outcome.SENT for _coming, outcome, _why, _write in lines)
    return Result(Outcome.SENT if sent else Outcome.EMPTY, write=write)


def _near(round_: Round[Project], early: int) -> dict[int, list[Coming]]:
    """The meetings of active series whose turn has come, by project, missed ones too."""
    due = {one.subject.id: one for one in round_.due}
    since = round_.now - MISSED
    first = since.date() - timedelta(days=1)  # somewhere it is yesterday still
    many = round_.session.scalars(
        select(Series)
        .where(
            Series.project_id.in_(sorted(due)), Series.state == SeriesState.ACTIVE, lasting(first)
        )
        .options(selectinload(Series.earlier))
        .order_by(Series.id)
    ).all()
    rows = rows_of(round_.session, many, first)
    found: dict[int, list[Coming]] = {}
    for series in many:
        one = due[series.project_id]
        dates = dates_among(series, one.subject, since, rows[series.id])
        for coming in _turned(round_, one, dates, early):
            found.setdefault(series.project_id, []).append(coming)
    return found


def _turned(
    round_: Round[Project], due: Due[Project], dates: Iterable[Date], early: int
) -> Iterator[Coming]:
    """Those of a series' *dates* whose turn has come."""
    project, today = due.subject, due.turn.day
    for date_ in dates:
        if date_.day - AHEAD > project.local_date(round_.now):
            return
        if date_.is_settled or (date_.meeting and date_.meeting.state is MeetingState.OPEN):
            continue
        on = project.local_date(date_.starts_at)
        turn = project.calendar.add(on, -early)
        planned_at = moment_of(turn, AT, project.timezone)
        is_ahead = date_.starts_at > round_.now
        if turn <= today and (is_ahead or date_.series.made_at < planned_at):
            yield Coming(due, date_, planned_at)
