"""The weekly project digest: what changed since the last one, and what comes, to the channel."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bot.delivery.notices import Item, post
from bot.delivery.occurrences import Outcome, last_sent
from bot.delivery.outbox import promise
from bot.job import CatchUp, Due, ProjectJob, Result, Round
from bot.language import N_, _
from bot.messages import Message
from bot.projects import Project
from bot.reports import Edition, compose, last_told
from bot.rights import channel_may_read

NAME = "report"
FRIDAY = 4
USELESS_AFTER = timedelta(hours=12)


def build(round_: Round[Project]) -> Sequence[Result]:
    """A report for each project that has a channel whose readers may read it."""
    session = round_.session
    refused = [_refused(session, due.subject) for due in round_.due]
    wanted = [due for due, why in zip(round_.due, refused, strict=True) if why is None]
    reports = iter(_reports(round_, wanted))
    return [
        Result(Outcome.SKIPPED, why) if why else _result(due, next(reports), round_.now)
        for due, why in zip(round_.due, refused, strict=True)
    ]


def preview(round_: Round[Project]) -> Message:
    """The report as it would be now; what would go into its thread is left out."""
    (pieces,) = _reports(round_, round_.due)
    return pieces[0]


def _reports(round_: Round[Project], wanted: Sequence[Due[Project]]) -> Sequence[list[Message]]:
    sent = last_sent(round_.session, NAME, [due.subject.id for due in wanted])
    editions = [
        Edition(due.subject, due.turn.day, due.turn.at, last_told(sent, due.subject, round_.now))
        for due in wanted
    ]
    return compose(round_.session, editions, round_.now)


def _refused(session: Session, project: Project) -> str | None:
    """Why nothing may be posted for *project*. Raises `MissingFactsError`."""
    if project.channel is None:
        return _("it has no channel")
    if project.paused is not None:
        return _("it cannot post in its channel")
    if not channel_may_read(session, project):
        return _("not everybody in its channel may read it")
    return None


def _result(due: Due[Project], pieces: list[Message], now: datetime) -> Result:
    key = f"{NAME}:{due.key}"
    write = partial(_post, project=due.subject, key=key, pieces=pieces, now=now, at=due.turn.at)
    return Result(Outcome.SENT, key=key, write=write)


def _post(
    session: Session,
    *,
    project: Project,
    key: str,
    pieces: list[Message],
    now: datetime,
    at: datetime,
) -> None:
    """Promise the report: as one message, or with what is too long for one in its thread."""
    channel = project.channel or ""
    when: dict[str, Any] = {"project": project, "at": at, "useless_after": USELESS_AFTER}
    if len(pieces) > 1:
        post(session, key, channel, [Item(piece) for piece in pieces], now, **when)
        return
    with session.no_autoflush:  # so that all of a batch are written at once
        promise(session, key, channel, pieces[0], now, is_planned=True, **when)


REPORT = ProjectJob(
    name=NAME,
    title=N_("Weekly report"),
    summary=N_("the project's week, to its channel"),
    at=time(15),
    weekdays=frozenset({FRIDAY}),
    catch_up=CatchUp.LATEST,
    build=build,
    weekly=True,
    preview=preview,
)
