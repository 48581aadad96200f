"""Closing: a meeting everybody has left open ends by itself, with what was captured."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial

from sqlalchemy.orm import Session

from bot import history
from bot.capturing.hearing import end_unattended
from bot.config import Settings
from bot.context import Context, Place
from bot.delivery.notices import Item, post
from bot.delivery.occurrences import Outcome
from bot.delivery.outbox import promise
from bot.job import EMPTY, WORKDAYS, CatchUp, Due, ProjectJob, Result, Round
from bot.language import N_, _, plural, speaking
from bot.left_open import DAYS, JOB, LeftOpen, closes_on, left_open
from bot.meetings import Meeting, take_turns
from bot.messages import Button, explained
from bot.minutes import Minutes, thread_key
from bot.minutes_text import title_of
from bot.people import Person
from bot.projects import Project
from bot.rights import Rights, channel_may_read, unpostable


def build(round_: Round[Project]) -> Sequence[Result]:
    """The meetings of each project in which nobody has written for some working days."""
    found: dict[int, list[LeftOpen]] = {}
    for left in left_open(round_.session, [due.subject.id for due in round_.due]):
        found.setdefault(left.meeting.project_id, []).append(left)
    return [_result(round_, due, found.get(due.subject.id, [])) for due in round_.due]


def _result(round_: Round[Project], due: Due[Project], known: Sequence[LeftOpen]) -> Result:
    project = due.subject
    if not _forgotten(project, known, due.turn.day):
        return EMPTY
    if project.channel is not None:
        channel_may_read(round_.session, project)  # asked before anything is written
    write = partial(
        _close_all,
        number=project.id,
        day=due.turn.day,
        now=round_.now,
        settings=round_.settings,
    )
    return Result(Outcome.SENT, write=write)


def _forgotten(project: Project, known: Sequence[LeftOpen], day: date) -> list[Meeting]:
    return [left.meeting for left in known if closes_on(project, left) <= day]


def _close_all(
    session: Session, *, number: int, day: date, now: datetime, settings: Settings
) -> None:
    """Close what is forgotten still: somebody may have closed it, or written, meanwhile."""
    history.begin(session, None, "meeting: nobody closed it", now)
    history.about(session, number)
    take_turns(session, number)
    project = session.get_one(Project, number)
    for meeting in _forgotten(project, left_open(session, [number]), day):
        chair = session.get_one(Person, meeting.chair_id)
        rights = Rights(session, chair, now)
        context = Context(session, chair, Place(), now, settings, rights).about(project)
        _tell(session, end_unattended(context, meeting), meeting, project, now)
    history.write(session)


def _tell(
    session: Session, minutes: Minutes, meeting: Meeting, project: Project, now: datetime
) -> None:
    """Tell the channel and the chair, each once."""
    key = f"left-open:{minutes.id}"
    if unpostable(session, project) is None:
        promise(
            session, key, project.channel or "", explained(_words()), now,
            project=project, under=thread_key(meeting),
        )  # fmt: skip
    chair = session.get_one(Person, meeting.chair_id)
    if not chair.is_active:
        return
    with speaking(chair.locale):
        words = f"{title_of(session, meeting)}\n{_words()}"
        show = Button(_("Show"), f"meet minutes minutes={minutes.id} in {project.key}")
        item = Item(explained(words).with_buttons([show]), project=project.id)
    post(session, f"{key}:chair", chair.slack_id, [item], now)


def _words() -> str:
    text = plural(
        "For {count} working day nobody has written anything or closed this meeting: it is closed"
        " now, with what was captured.",
        "For {count} working days nobody has written anything or closed this meeting: it is closed"
        " now, with what was captured.",
        DAYS,
    )
    return text.format(count=DAYS)


CLOSING = ProjectJob(
    name=JOB,
    title=N_("Meetings left open"),
    summary=N_("meetings nobody closed, after some quiet days"),
    at=time(17),
    weekdays=WORKDAYS,
    catch_up=CatchUp.LATEST,
    build=build,
)
