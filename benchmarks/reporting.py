"""The weekly reports of many projects, made as the clock makes them, beside fetching their rows."""

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import portfolio
from bot import history, progress, schedules
from bot.config import read_settings
from bot.db import Sessions, open_sessions, reading
from bot.delivery.outbox import Delivery
from bot.errors import MissingFactsError
from bot.jobs.report import REPORT
from bot.registers.actions import Action
from bot.registers.milestones import Milestone
from bot.registers.risks import Risk
from bot.reports import WEEK
from bot.scheduler import BATCH, PAUSE_S, Scheduler
from bot.status import StatusUpdate

WARM_UP = 100
KB = 1024


@dataclass(frozen=True)
class Cost:
    """What *projects* reports cost: seconds, of them of the processor, and MB."""

    projects: int
    fetched_s: float
    made_s: float
    made_cpu_s: float
    extra_mb: float


class _Nobody:
    """Stands for Slack, of which nothing needs to be asked."""

    def fetch(self, missing: MissingFactsError) -> bool:
        return False


def make(warming: str, file: str, count: int) -> Cost:
    """Make the reports of the *count* projects in *file*, after a few others that warm up."""
    warm = _opened(warming)
    _fetch(warm, WARM_UP)
    _make(warm, WARM_UP)
    sessions = _opened(file)
    resting = _memory("VmRSS")
    before = _fetch(sessions, count)
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    made, cpu = _make(sessions, count)
    extra = _memory("VmHWM") - resting
    return Cost(count, (before + _fetch(sessions, count)) / 2, made, cpu, extra)


def _opened(file: str) -> Sessions:
    sessions = open_sessions(f"sqlite:///{file}")
    history.watch(sessions)
    schedules.watch(sessions)
    return sessions


def _fetch(sessions: Sessions, count: int) -> float:
    """Seconds to fetch what the reports are about: of each batch, the rows of each table."""
    begun = time.perf_counter()
    for first in range(1, count + 1, BATCH):
        ids = list(range(first, min(first + BATCH, count + 1)))
        starts = dict.fromkeys(ids, portfolio.NOW - WEEK)
        with reading(sessions) as session:
            for model in (Action, Risk, Milestone, StatusUpdate):
                table = model.__table__
                session.execute(select(table).where(table.c.project_id.in_(ids))).all()
            session.execute(progress.TRAIL, progress.asked(starts, portfolio.NOW)).all()
    return time.perf_counter() - begun


def _make(sessions: Sessions, count: int) -> tuple[float, float]:
    """Seconds to make all reports, without the pauses for people's commands; and of the CPU."""
    scheduler = Scheduler(
        sessions, [REPORT], read_settings(), lambda: portfolio.NOW, _Nobody(), lambda: None
    )
    begun, cpu = time.perf_counter(), time.process_time()
    scheduler.tick()
    seconds = time.perf_counter() - begun - PAUSE_S * -(-count // BATCH)
    with reading(sessions) as session:
        made = session.scalar(select(func.count()).select_from(Delivery))
    if made != count:
        raise RuntimeError(f"{made} reports were made for {count} projects")
    return seconds, time.process_time() - cpu


def _memory(name: str) -> float:
    """The resident memory of this process in MB, as the system calls it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / KB


if __name__ == "__main__":
    print(json.dumps(asdict(make(sys.argv[1], sys.argv[2], int(sys.argv[3])))), flush=True)
