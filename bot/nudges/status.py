"""The status round: leads are asked for what is due a day later, and chased until it is stale."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import status
from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, Subject, near_day
from bot.pages import moment
from bot.projects import Project


def find(morning: Morning) -> Iterable[Nudge]:
    """Of the projects each one leads, those whose status is due in the round of this week."""
    led = [project for project in morning.projects.values() if morning.leads(project)]
    newest = status.latest_by_project(morning.session, led)
    for project in led:
        last = newest.get(project.id)
        due = status.next_due(project, last.at if last else project.made_at)
        for lead in morning.leads(project):
            today = morning.today[lead]
            week = status.round_in_week(project, today)
            is_asked = week is not None and today in week.days
            is_due = week is not None and project.local_date(due) <= week.due
            if is_asked and is_due and morning.wakes(lead, project):
                yield _nudge(project, lead, _when(morning, lead, due), last)


def _when(morning: Morning, lead: int, due: datetime) -> str:
    """When it is, or was, due, in the lead's own time."""
    person, today = morning.people[lead], morning.today[lead]
    local = due.astimezone(ZoneInfo(person.timezone))
    if morning.now > due:
        return _("late since {day}").format(day=near_day(local.date(), today))
    if local.date() == today:
        return _("due today, {time}").format(time=f"{local:%H:%M}")
    return _("due {moment}").format(moment=moment(due, person.timezone))


def _nudge(project: Project, lead: int, words: str, last: status.StatusUpdate | None) -> Nudge:
    name = f"status in {project.key}"
    report = Button(_("Report …"), f"form status report in {project.key}")
    same = Button(_("Same as last time"), f"status same in {project.key}")
    return Nudge(
        lead,
        project,
        Subject(project.__tablename__, project.id, name),
        "",
        _("Status of {project}").format(project=project.name),
        (words,),
        (2, 0, project.key),
        status.stand(last),
        (report, same) if last else (report,),
    )


STATUS_DUE = Kind("status", N_("Status"), find)
