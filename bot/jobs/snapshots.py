"""The weekly snapshot: every project's figures put on record, so that trends can be told."""

from collections.abc import Sequence
from datetime import time

from sqlalchemy.orm import Session

from bot.delivery.occurrences import Outcome
from bot.job import CatchUp, ProjectJob, Result, Round
from bot.language import N_
from bot.projects import Project
from bot.snapshots import Snapshot, take

SUNDAY = 6


def build(round_: Round[Project]) -> Sequence[Result]:
    """A snapshot for each turn, as things were when it was planned."""
    wanted = [(due.subject, due.turn.period, due.turn.at) for due in round_.due]
    return [_result(snapshot) for snapshot in take(round_.session, wanted)]


def _result(snapshot: Snapshot) -> Result:
    def keep(session: Session) -> None:
        session.add(snapshot)

    return Result(Outcome.DONE, write=keep)


SNAPSHOT = ProjectJob(
    name="snapshot",
    title=N_("Figures for trends"),
    summary=N_("the week's figures, kept for trends"),
    at=time(20),
    weekdays=frozenset({SUNDAY}),
    catch_up=CatchUp.ALL,
    build=build,
    weekly=True,
)
