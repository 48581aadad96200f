"""The clock at work: what many reports cost, commands meanwhile, and finding what is overdue."""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import Engine, func, insert, literal, select, update
from sqlalchemy.orm import sessionmaker

from benchmarks import overdue, portfolio
from benchmarks.box import Facts
from benchmarks.figures import FailedError, Figure, Goal
from benchmarks.processes import python, told_by
from benchmarks.product import served
from benchmarks.reporting import WARM_UP, Cost
from bot.db import open_engine, reading
from bot.jobs import JOBS
from bot.jobs.report import REPORT
from bot.migrate import upgrade
from bot.people import Person
from bot.projects import Project
from bot.schedules import PROJECTS, Schedule

LONG = timedelta(days=30)
FEW, LEAST = 10, 50
TIME = {"JOURFIXE_OFFICE_CLOCK": portfolio.NOW.isoformat(), "JOURFIXE_TICK_SECONDS": "0.5"}


class Reports:
    """What reports cost at two sizes of a portfolio, each measured in a process of its own."""

    def __init__(self, folder: Path, few: int, many: int, rounds: int) -> None:
        self._folder, self._few, self._many, self._rounds = folder, few, many, rounds

    @cached_property
    def many(self) -> Cost:
        return self._cost("many", self._many)

    @cached_property
    def few(self) -> Sequence[Cost]:
        return [self._cost(f"few-{number}", self._few) for number in range(self._rounds)]

    def _cost(self, name: str, count: int) -> Cost:
        folder = self._folder / name
        folder.mkdir()
        files = {"warm.db": str(WARM_UP), "portfolio.db": str(count)}
        with python("-m", "benchmarks.portfolio", *chain(*files.items()), cwd=folder) as process:
            told_by(process)
        make = ("-m", "benchmarks.reporting", *files, str(count))
        with python(*make, cwd=folder) as process:
            return Cost(**json.loads(told_by(process)))

    def beside_fetching(self, goal: Goal) -> Figure:
        """All that the scheduler does for the reports, beside fetching the rows they tell of."""
        cost = self.many
        ratio = cost.made_s / cost.fetched_s
        each = cost.made_s / cost.projects * 1e3
        measured = f"{ratio:.2f} × ({cost.made_s:.1f} : {cost.fetched_s:.1f} s, {each:.2f} ms each)"
        return Figure(goal, measured, ratio <= goal.limit)

    def beside_few(self, goal: Goal) -> Figure:
        """What one report takes of the processor among many, beside one among few."""
        many = self.many.made_cpu_s / self.many.projects
        few = median(cost.made_cpu_s / cost.projects for cost in self.few)
        measured = f"{many / few:.2f} × ({many * 1e3:.2f} : {few * 1e3:.2f} ms)"
        return Figure(goal, measured, many / few <= goal.limit)

    def memory(self, goal: Goal) -> Figure:
        """How much more memory the process ever had than before the first report."""
        extra = self.many.extra_mb
        return Figure(goal, f"{extra:+.1f} MB", extra <= goal.limit)


def commands_meanwhile(
    facts: Facts, folder: Path, projects: int, commands: int, goal: Goal
) -> Figure:
    """Commands of one person while a bot makes reports, beside those while it makes none."""
    url = f"sqlite:///{folder / 'meanwhile.db'}"
    upgrade(url)
    engine = open_engine(url)
    portfolio.fill(engine, projects, facts.reports)
    _put_off(engine)
    with (
        served(facts, url, folder, **TIME) as product,
        closing(product.client()) as client,
    ):
        quiet = [client.adds() for _number in range(commands)]
        _let_be_due(engine)
        while _left(engine) == projects:
            time.sleep(0.05)
        busy: list[float] = []
        while _left(engine) and len(busy) < commands:
            busy += [client.adds() for _number in range(FEW)]
    engine.dispose()
    if len(busy) < min(commands, LEAST):
        raise FailedError(f"only {len(busy)} commands were answered while reports were made")
    mine, theirs = (quantiles(seconds, n=100)[98] for seconds in (busy, quiet))
    measured = f"{mine / theirs:.2f} × ({mine * 1e3:.1f} : {theirs * 1e3:.1f} ms)"
    return Figure(goal, measured, mine / theirs <= goal.limit)


def _put_off(engine: Engine) -> None:
    """Let nothing be due yet: neither the reports nor anything else."""
    later = portfolio.NOW + LONG
    with engine.begin() as connection:
        connection.execute(update(Schedule).values(next_at=later))
        for job in JOBS:
            if job is not REPORT:
                source = Project if job.subject == PROJECTS else Person
                values = select(
                    literal(job.name),
                    literal(job.subject),
                    source.id,
                    literal(later, Schedule.next_at.type),
                )
                columns = ["job", "subject", "subject_id", "next_at"]
                connection.execute(insert(Schedule).from_select(columns, values))


def _let_be_due(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(_REPORTS.values(next_at=portfolio.DUE_AT))


def _left(engine: Engine) -> int:
    """How many reports are still to be made."""
    is_due = Schedule.next_at == portfolio.DUE_AT
    with reading(sessionmaker(engine)) as session:
        return session.scalar(select(func.count()).select_from(Schedule).where(is_due)) or 0


_REPORTS = update(Schedule).where(Schedule.job == REPORT.name)


def overdue_among(url: str, count: int, goal: Goal) -> Figure:
    """All that is overdue among very many milestones, by the index and by a full scan."""
    engine = overdue.filled(url, count)
    by_index, scanned = overdue.found(engine)
    engine.dispose()
    measured = f"{by_index / scanned:.2f} × ({by_index * 1e3:.1f} : {scanned * 1e3:.1f} ms)"
    return Figure(goal, measured, by_index / scanned <= goal.limit)
