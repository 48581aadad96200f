"""Milestones near and late: ten and three days before, on the day, then every week."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.language import N_
from bot.nudge import Kind, Morning, Nudge
from bot.nudges.forecasts import asking, near

BEFORE = (10, 3)
"""Days before its day on which a milestone is reminded of."""


def find(morning: Morning) -> Iterable[Nudge]:
    """Of each owner, those that came a step nearer, or a week later, since the last digest."""
    for milestone, project, person in near(morning, timedelta(days=max(BEFORE))):
        today, due = morning.today[person], milestone.due
        since = morning.since(person, project, milestone)
        if due is not None and step(due, today) > step(due, since):
            yield asking(morning, milestone, project, person, 4)


def step(due: date, today: date) -> int:
    """How many of its reminders a milestone has come to by *today*."""
    left = (due - today).days
    if left > 0:
        return sum(left <= days for days in BEFORE)
    return len(BEFORE) + 1 + -left // 7


MILESTONES_NEAR = Kind("milestones", N_("Milestones"), find)
