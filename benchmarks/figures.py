"""Figures: what was measured beside its goal, a row each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

WIDTHS = (44, 36, 22)
"""Of the columns: fixed, so that a row can be shown as soon as it is known."""

HEADING = ("figure", "measured", "goal", "")


class FailedError(Exception):
    """Something could not be measured, because what was to be measured did not work."""


@dataclass(frozen=True)
class Goal:
    """What is measured, what is wanted of it in words, and the number behind the words."""

    name: str
    words: str
    limit: float


@dataclass(frozen=True)
class Figure:
    """One row of the table."""

    goal: Goal
    measured: str
    is_met: bool

    def row(self) -> str:
        """Name, measured, goal, and ``ok`` or ``miss``."""
        verdict = "ok" if self.is_met else "miss"
        return row(self.goal.name, self.measured, self.goal.words, verdict)


def row(*cells: str) -> str:
    """Cells side by side, the first three each in its column."""
    filled = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*filled, *cells[len(WIDTHS) :]]).rstrip()


def attempted(goal: Goal, measure: Callable[[Goal], Figure]) -> Figure:
    """The figure; where measuring it failed, a row that says so."""
    try:
        return measure(goal)
    except FailedError as error:
        return Figure(goal, f"failed: {error}", is_met=False)


def ratio(goal: Goal, ours: Sequence[float], bare: Sequence[float]) -> Figure:
    """The median of seconds of *ours* as so many times that of *bare*."""
    mine, theirs = median(ours), median(bare)
    measured = f"{mine / theirs:.2f} × ({mine * 1e3:.2f} : {theirs * 1e3:.2f} ms)"
    return Figure(goal, measured, mine / theirs <= goal.limit)


def share(goal: Goal, ours: Sequence[float], bare: Sequence[float]) -> Figure:
    """The median of rates of *ours* as a share of that of *bare*."""
    mine, theirs = median(ours), median(bare)
    measured = f"{mine / theirs:.2f} × ({mine:.0f} : {theirs:.0f} /s)"
    return Figure(goal, measured, mine / theirs >= goal.limit)
