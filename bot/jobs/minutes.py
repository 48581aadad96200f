"""Silent consent: who says nothing to draft minutes for some working days has agreed to them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial

from sqlalchemy.orm import Session

from bot import history
from bot.approvals import Asked, Standing, consent_days, consents_on, standing_of
from bot.approving import answer, conclude
from bot.delivery.occurrences import Outcome
from bot.job import EMPTY, WORKDAYS, CatchUp, Due, ProjectJob, Result, Round
from bot.language import N_
from bot.minutes import Minutes, MinutesState, drafts
from bot.preferences import wishes_of
from bot.projects import Project
from bot.rights import channel_may_read

NAME = "consent"


def build(round_: Round[Project]) -> Sequence[Result]:
    """The drafts of each project to which somebody has been silent for long enough."""
    waiting: dict[int, list[Minutes]] = {}
    for minutes, meeting in drafts(round_.session, [due.subject.id for due in round_.due]):
        waiting.setdefault(meeting.project_id, []).append(minutes)
    return [_result(round_, due, waiting.get(due.subject.id, [])) for due in round_.due]


def _result(round_: Round[Project], due: Due[Project], waiting: list[Minutes]) -> Result:
    session, project = round_.session, due.subject
    agreed = [minutes.id for minutes in waiting if _moves(session, minutes, project, due.turn.day)]
    if not agreed:
        return EMPTY
    if project.channel is not None:
        channel_may_read(session, project)  # what has to be asked is asked before the writing
    write = partial(_consent, project=project.id, found=agreed, day=due.turn.day, now=round_.now)
    return Result(Outcome.SENT, write=write)


def _moves(session: Session, minutes: Minutes, project: Project, day: date) -> bool:
    """Whether the approval of *minutes* gets on today; who was waited for last may have left."""
    standing = standing_of(session, minutes)
    return standing.is_agreed or bool(_silent(session, standing, project, day))


def _silent(session: Session, standing: Standing, project: Project, day: date) -> list[Asked]:
    """Those who are waited for and whose silence is consent at the end of *day*."""
    days = consent_days(session, standing.meeting)
    wishes = wishes_of(session, [one.person.id for one in standing.waiting])
    found = []
    for one in standing.waiting:
        since = project.local_date(one.since)
        until = consents_on(project.calendar, since, days, wishes[one.person.id])
        if until is not None and until <= day:
            found.append(one)
    return found


def _consent(
    session: Session, *, project: int, found: Sequence[int], day: date, now: datetime
) -> None:
    """Write down who agreed by silence, unless they have spoken meanwhile."""
    history.begin(session, None, "minutes: silence is consent", now)
    history.about(session, project)
    for number in found:
        minutes = session.get_one(Minutes, number, with_for_update=True, populate_existing=True)
        if minutes.state is not MinutesState.DRAFT:
            continue
        team = session.get_one(Project, project)
        for one in _silent(session, standing_of(session, minutes), team, day):
            answer(session, minutes, one.person.id, now, by_silence=True)
        conclude(session, minutes, now)
    history.write(session)


CONSENT = ProjectJob(
    name=NAME,
    title=N_("Silent consent"),
    summary=N_("silence that is consent to minutes, at the end of its days"),
    at=time(17),
    weekdays=WORKDAYS,
    catch_up=CatchUp.LATEST,
    build=build,
)
