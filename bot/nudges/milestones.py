"""Milestones near and late: ten and three days before, on the day, then every week."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.language import N_, _, plural
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, of_entry
from bot.nudges.forecasts import forecast_buttons, near
from bot.pages import day
from bot.registers.milestones import MILESTONES

BEFORE = (10, 3)
"""Days before its day on which a milestone is reminded of."""


def find(morning: Morning) -> Iterable[Nudge]:
    """Of each owner, those that came a step nearer, or a week later, since the last digest."""
    for milestone, project, person in near(morning, timedelta(days=max(BEFORE))):
        today, due = morning.today[person], milestone.due
        if due is not None and step(due, today) > step(due, morning.since[person]):
            ref = f"{project.key}-{MILESTONES.name_of(milestone)}"
            done = Button(_("Done"), f"ms done {ref}", "primary")
            words = (_when(due, today), *milestone.gist())
            buttons = (done, *forecast_buttons(ref)[1:])
            yield of_entry(milestone, project, person, words, 4, buttons)


def step(due: date, today: date) -> int:
    """How many of its reminders a milestone has come to by *today*."""
    left = (due - today).days
    if left > 0:
        return sum(left <= days for days in BEFORE)
    return len(BEFORE) + 1 + -left // 7


def _when(due: date, today: date) -> str:
    left = (due - today).days
    if left == 0:
        return _("due today")
    if left > 0:
        text = plural("due in {count} day, {day}", "due in {count} days, {day}", left)
    else:
        text = plural("{count} day overdue, {day}", "{count} days overdue, {day}", -left)
    return text.format(count=abs(left), day=day(due))


MILESTONES_NEAR = Kind("milestones", N_("Milestones"), find)
