"""Stale: leads and office hear of a status that was due and did not come."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import partial

from bot import status
from bot.audience import roles_in
from bot.delivery.notices import Item
from bot.job import EMPTY, CatchUp, ProjectJob, Result, Round, tell_directly
from bot.language import N_, _
from bot.messages import Button
from bot.nudge import near_day
from bot.people import by_id
from bot.projects import Project
from bot.reminding import reminder
from bot.status import StatusUpdate
from bot.values import Role

NAME = "stale"
USELESS_AFTER = timedelta(hours=24)
TOLD = frozenset({Role.LEAD, Role.OFFICE})
FRIDAY = 4


def build(round_: Round[Project]) -> Sequence[Result]:
    """Tell those who answer for each project whose last status counts no longer."""
    session = round_.session
    projects = [due.subject for due in round_.due]
    newest = status.latest_by_project(session, projects)
    roles = roles_in(session, [project.id for project in projects])
    results = []
    for due in round_.due:
        last = newest.get(due.subject.id)
        given = last.at if last else due.subject.made_at
        # Not by the hour it goes stale at: a project may have set this one to an earlier hour.
        if status.next_due(due.subject, given) > due.turn.at:
            results.append(EMPTY)
            continue
        named = [p for p, has in roles.get(due.subject.id, {}).items() if not TOLD.isdisjoint(has)]
        people = [person for person in by_id(session, named).values() if person.is_active]
        items = partial(_items, due.subject, last, due.turn.day)
        told = dict.fromkeys(people, items)
        results.append(tell_directly(round_, due, NAME, told, USELESS_AFTER))
    return results


def _items(project: Project, last: StatusUpdate | None, today: date) -> list[Item]:
    words = _("stale: there has been none yet")
    if last is not None:
        words = _("stale: the last one is of {day}").format(
            day=near_day(project.local_date(last.at), today)
        )
    report = Button(_("Report …"), f"form status report in {project.key}", "primary")
    same = Button(_("Same as last time"), f"status same in {project.key}")
    title = _("Status of {project}").format(project=project.name)
    buttons = (report, same) if last else (report,)
    return [reminder(f"status in {project.key}", title, [words], buttons, stand=status.stand(last))]


STALE = ProjectJob(
    name=NAME,
    title=N_("Missing status"),
    summary=N_("a status that did not come, to lead and office"),
    at=time(12),
    weekdays=frozenset({FRIDAY}),
    catch_up=CatchUp.LATEST,
    build=build,
    weekly=True,
)
