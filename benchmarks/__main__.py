"""Runs every measure and prints the table.

``QUICK=1`` in the environment makes it a short run; ``SHOW_LOG=1`` shows, at the end, what the
processes it started have logged.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks import box, floor, mailing, measures, postgres, product, weekly
from benchmarks.figures import HEADING, Figure, Goal, attempted, row
from benchmarks.measures import Scale

WRITING = Goal("command that writes, p50", "≤ 6 × (stretch 4 ×)", 6)
THROUGHPUT = Goal("throughput at 16 connections", "≥ 0.10 ×", 0.10)
DATABASES = Goal("PostgreSQL beside SQLite, p50", "≤ 2.5 ×", 2.5)
ACK = Goal("empty ack beside bare ASGI, p50", "≤ 2.5 ×", 2.5)
IDENTITY = Goal("auth.test calls in 100 commands", "0", 0)
REPORTS = Goal("weekly reports beside fetching their rows", "≤ 8 ×", 8)
GROWTH = Goal("cost of a report, among many beside few", "≤ 1.15 ×", 1.15)
EXTRA = Goal("memory for all of them", "≤ +20 MB", 20)
MEANWHILE = Goal("commands meanwhile beside quiet, p99", "≤ 3 ×", 3)
MAILED = Goal("commands while a thousand are mailed, p99", "≤ 3 ×", 3)
OVERDUE = Goal("overdue beside a full scan, SQLite", "≤ 0.2 ×", 0.2)
OVERDUE_THERE = Goal("overdue beside a full scan, PostgreSQL", "≤ 0.2 ×", 0.2)
START = Goal("cold start beside its imports", "≤ 1.5 ×", 1.5)

FULL = Scale(
    rounds=20, commands=20, acks=50, burst=10, bursts=7, starts=9,
    first_thousand=1_000, ten_thousand=10_000,
    few=1_000, many=10_000, reports=3, meanwhile=2_000, attendees=1_000, milestones=1_000_000,
)  # fmt: skip
QUICK = Scale(
    rounds=4, commands=10, acks=30, burst=5, bursts=3, starts=3,
    first_thousand=400, ten_thousand=1_000,
    few=200, many=1_000, reports=1, meanwhile=300, attendees=1_000, milestones=100_000,
)  # fmt: skip


def measure(scale: Scale) -> Iterator[Figure]:
    """Every figure, one after the other."""
    with tempfile.TemporaryDirectory(prefix="jourfixe-bench-") as folder:
        try:
            yield from _measure(scale, Path(folder))
        finally:
            if os.environ.get("SHOW_LOG"):
                print(Path(folder, "log").read_text(), file=sys.stderr)


def _measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    with ExitStack() as stack:
        workspace = stack.enter_context(box.opened(folder))
        facts = workspace.facts
        bare = stack.enter_context(floor.served(facts, folder))
        url = f"sqlite:///{folder / 'product.db'}"
        bot = stack.enter_context(product.served(facts, url, folder))
        yield attempted(WRITING, partial(measures.writing, bot, bare, scale))
        yield attempted(THROUGHPUT, partial(measures.throughput, bot, bare, scale))
        with (
            postgres.database(folder / "server") as postgres_url,
            product.served(facts, postgres_url, folder) as other,
        ):
            yield attempted(DATABASES, partial(measures.databases, bot, other, scale))
            there = postgres_url.replace("/bench?", "/milestones?")
            yield attempted(OVERDUE_THERE, partial(weekly.overdue_among, there, scale.milestones))
        yield attempted(ACK, partial(measures.empty_ack, bot, folder, scale))
        yield attempted(IDENTITY, partial(measures.identity_calls, bot, workspace))
        yield attempted(START, partial(measures.starting, workspace, url, folder, scale))
        yield attempted(_memory_goal(scale), partial(measures.memory, bot, scale))
    yield from _weekly(scale, folder)


def _weekly(scale: Scale, folder: Path) -> Iterator[Figure]:
    url = f"sqlite:///{folder / 'milestones.db'}"
    yield attempted(OVERDUE, partial(weekly.overdue_among, url, scale.milestones))
    reports = weekly.Reports(folder, scale.few, scale.many, scale.reports)
    yield attempted(REPORTS, reports.beside_fetching)
    yield attempted(GROWTH, reports.beside_few)
    yield attempted(EXTRA, reports.memory)
    with box.opened(folder) as workspace:
        meanwhile = partial(
            weekly.commands_meanwhile, workspace.facts, folder, scale.many, scale.meanwhile
        )
        yield attempted(MEANWHILE, meanwhile)
        mailed = partial(
            mailing.commands_while_mailed,
            workspace.facts,
            folder,
            scale.attendees,
            scale.meanwhile,
        )
        yield attempted(MAILED, mailed)


def _memory_goal(scale: Scale) -> Goal:
    first, last = scale.first_thousand, scale.ten_thousand
    return Goal(f"memory, from {first:,} to {last:,} commands", "≤ +10 MB", 10)


def main() -> None:
    """Measure and print the table, row by row."""
    scale = QUICK if os.environ.get("QUICK") else FULL
    print(row(*HEADING), flush=True)
    for figure in measure(scale):
        print(figure.row(), flush=True)


if __name__ == "__main__":
    main()
