"""The status round: leads are asked on Wednesday, and chased on Thursday and Friday."""

from collections.abc import Iterable
from datetime import timedelta

from bot import status
from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, Subject
from bot.pages import day, moment
from bot.projects import Project

ASKED = (2, 3, 4)
"""The weekdays, from Monday, 0, on which a status that is due is asked for."""


def find(morning: Morning) -> Iterable[Nudge]:
    """Of the projects each one leads, those whose status is due by Thursday of this week."""
    newest = status.latest_by_project(morning.session, list(morning.projects.values()))
    for project in morning.projects.values():
        last = newest.get(project.id)
        due = status.next_due(project, last.at if last else project.made_at)
        for lead in morning.leads(project):
            today = morning.today[lead]
            thursday = today + timedelta(days=status.DUE_WEEKDAY - today.weekday())
            is_due = project.local_date(due) <= thursday
            if today.weekday() in ASKED and is_due and morning.wakes(lead, project):
                late = morning.now > due
                words = _("late since {day}") if late else _("due {day}")
                shown = day(project.local_date(due)) if late else moment(due, project.timezone)
                yield _nudge(project, lead, words.format(day=shown), has_last=last is not None)


def _nudge(project: Project, lead: int, words: str, *, has_last: bool) -> Nudge:
    report = Button(_("Report …"), f"form status report in {project.key}", "primary")
    same = Button(_("Same as last time"), f"status same in {project.key}")
    text = _("Status of {project}").format(project=project.name)
    subject = Subject(project.__tablename__, project.id, f"status in {project.key}")
    buttons = (report, same) if has_last else (report,)
    return Nudge(lead, project, subject, f"{text} · {words}", (2, project.key), buttons)


STATUS_DUE = Kind("status", N_("Status"), find)
