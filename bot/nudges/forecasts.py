"""The forecast round: once a week every owner says of each milestone whether it holds."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, of_entry
from bot.pages import day
from bot.projects import Project
from bot.registers.milestones import MILESTONES, Milestone

HORIZON = timedelta(days=90)
"""How far ahead milestones are asked about every week."""


def find(morning: Morning) -> Iterable[Nudge]:
    """On the first working day of the week, the milestones nobody has forecast in it."""
    for milestone, project, person in near(morning, HORIZON):
        today = morning.today[person]
        monday = today - timedelta(days=today.weekday())
        is_first = project.calendar.add(monday - timedelta(days=1), 1) >= today
        was_missed = morning.since[person] < monday  # away on Monday, or the bot was
        if (is_first or was_missed) and not _is_fresh(milestone, project, monday):
            ref = f"{project.key}-{MILESTONES.name_of(milestone)}"
            words = (_("forecast {day}").format(day=day(milestone.due)), *milestone.gist())
            yield of_entry(milestone, project, person, words, 3, forecast_buttons(ref))


def near(morning: Morning, span: timedelta) -> Iterator[tuple[Milestone, Project, int]]:
    """The open milestones due within *span* and who answers for each: the owner, else the leads."""
    led = [p.id for p in morning.projects.values() if morning.leads(p)]
    is_ours = Milestone.owner_id.in_(sorted(morning.people))
    is_nobodys = Milestone.owner_id.is_(None) & Milestone.project_id.in_(led)
    rows = morning.session.scalars(
        select(Milestone).where(
            Milestone.closed_at.is_(None),
            Milestone.due <= max(morning.today.values()) + span,
            is_ours | is_nobodys,
        )
    )
    for milestone in rows:
        project = morning.projects.get(milestone.project_id)
        if project is not None:
            owner = milestone.owner_id
            for person in morning.leads(project) if owner is None else [owner]:
                if morning.wakes(person, project):
                    yield milestone, project, person


def _is_fresh(milestone: Milestone, project: Project, monday: date) -> bool:
    week = datetime.combine(monday, time(), ZoneInfo(project.timezone))
    return milestone.confirmed_at is not None and milestone.confirmed_at >= week


def forecast_buttons(ref: str) -> tuple[Button, ...]:
    """One tap each; a later date asks for its reason."""
    return (
        Button(_("On track"), f"ms same {ref}", "primary"),
        Button(_("+1 week"), f"ms forecast {ref} +1 week"),
        Button(_("+2 weeks"), f"ms forecast {ref} +2 weeks"),
        Button(_("Pick a date …"), f"form ms forecast {ref}"),
    )


FORECASTS = Kind("forecasts", N_("Still on track?"), find)
