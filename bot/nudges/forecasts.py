"""The forecast round: once a week every owner says of each milestone whether it holds."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import exists

from bot.entries import full_name
from bot.language import N_, _, plural
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, answered_for, near_day, of_entry, whose
from bot.nudges.reminders import when
from bot.projects import Project
from bot.registers.milestones import Milestone, MilestoneForecast, forecasts_of

HORIZON = timedelta(days=90)
"""How far ahead milestones are asked about every week."""


def find(morning: Morning) -> Iterable[Nudge]:
    """On the first working day of the week, the milestones nobody has forecast in it."""
    for milestone, project, person in chain(near(morning, HORIZON), _put_off(morning)):
        today = morning.today[person]
        monday = today - timedelta(days=today.weekday())
        is_first = project.calendar.add(monday - timedelta(days=1), 1) >= today
        was_missed = (
            morning.since(person, project, milestone) < monday
        )  # away on Monday, or the bot was
        if (is_first or was_missed) and not _is_fresh(milestone, project, monday):
            yield asking(morning, milestone, project, person, 3)


def asking(
    morning: Morning, milestone: Milestone, project: Project, person: int, rank: int
) -> Nudge:
    """Whether *milestone* holds, one tap for each answer; a later date asks for its reason."""
    today = morning.today[person]
    due = milestone.due or today
    ref, of = full_name(project, milestone), whose(morning, milestone, project, person)
    give = (Button(_("Give …"), f"form ms give {ref}"),) if of else ()
    left = when(due, today, project) if due <= today else _when(due, today)
    facts = (left, *milestone.gist(), of)
    done = Button(_("Done"), f"ms done {ref}")
    later = (
        Button(_("+1 week"), f"ms forecast {ref} {_later(due, today, 1)}"),
        Button(_("+2 weeks"), f"ms forecast {ref} {_later(due, today, 2)}"),
        Button(_("Pick a date …"), f"form ms forecast {ref}"),
    )
    if due <= today:
        return of_entry(milestone, project, person, facts, rank, (done, *later), give)
    holds = Button(_("On track"), f"ms same {ref}")
    reached = Button(_("Done"), f"ms done {ref}")
    return of_entry(milestone, project, person, facts, rank, (holds, *later), (reached, *give))


def _later(due: date, today: date, weeks: int) -> str:
    """A forecast so many weeks later; of one in the past, from today on."""
    span = "1 week" if weeks == 1 else f"{weeks} weeks"
    return f"+{span}" if due >= today else f"in {span}"


def _when(due: date, today: date) -> str:
    left = (due - today).days
    text = plural("in {count} day, {day}", "in {count} days, {day}", left)
    return text.format(count=left, day=near_day(due, today))


def near(morning: Morning, span: timedelta) -> Iterator[tuple[Milestone, Project, int]]:
    """The open milestones due within *span* and who answers for each: the owner, else the leads."""
    yield from answered_for(morning, Milestone, Milestone.due <= max(morning.today.values()) + span)


def _put_off(morning: Morning) -> Iterator[tuple[Milestone, Project, int]]:
    """Those beyond the horizon that were within it when they were put off."""
    last = max(morning.today.values()) + HORIZON
    was_near = exists().where(
        MilestoneForecast.milestone_id == Milestone.id, MilestoneForecast.was <= last
    )
    for milestone, project, person in answered_for(
        morning, Milestone, Milestone.due > last, was_near
    ):
        for given in forecasts_of(morning.session, milestone):
            if given.was is not None and given.was <= project.local_date(given.at) + HORIZON:
                yield milestone, project, person
                break


def _is_fresh(milestone: Milestone, project: Project, monday: date) -> bool:
    week = datetime.combine(monday, time(), ZoneInfo(project.timezone))
    return milestone.confirmed_at is not None and milestone.confirmed_at >= week


FORECASTS = Kind("forecasts", N_("Still on track?"), find)
