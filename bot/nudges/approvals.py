"""Approvals: minutes that wait for the word of somebody who was there."""

from collections.abc import Iterable

from bot.approvals import Asked, Standing, consent_days, consents_on, standing_of
from bot.language import N_, _
from bot.messages import Button
from bot.minutes import Minutes, drafts
from bot.minutes_text import title_of
from bot.nudge import Kind, Morning, Nudge, Subject
from bot.pages import day
from bot.preferences import wishes_of
from bot.projects import Project


def find(morning: Morning) -> Iterable[Nudge]:
    """The drafts made before today of which each has said nothing yet."""
    for minutes, meeting in drafts(morning.session, sorted(morning.projects)):
        project = morning.projects[meeting.project_id]
        standing = standing_of(morning.session, minutes)
        for one in standing.waiting:
            person = one.person.id
            if person not in morning.people or not morning.wakes(person, project):
                continue
            if project.local_date(minutes.made_at) < morning.today[person]:
                yield _nudge(morning, standing, one, project)


def _nudge(morning: Morning, standing: Standing, one: Asked, project: Project) -> Nudge:
    minutes = standing.minutes
    title = title_of(morning.session, standing.meeting)
    text = _("Minutes of {title}, version {version}").format(title=title, version=minutes.version)
    ref = f"minutes={minutes.id} in {project.key}"
    buttons = (
        Button(_("Approve"), f"meet approve {ref}", "primary"),
        Button(_("Object …"), f"form meet object {ref}"),
        Button(_("Show"), f"meet minutes {ref}"),
    )
    subject = Subject(Minutes.__tablename__, minutes.id, f"minutes {minutes.id} in {project.key}")
    return Nudge(
        one.person.id,
        project,
        subject,
        "",
        text,
        (_until(morning, standing, one, project),),
        (4, 0, minutes.made_at.isoformat()),
        minutes.state.value,
        buttons,
    )


def _until(morning: Morning, standing: Standing, one: Asked, project: Project) -> str:
    days = consent_days(morning.session, standing.meeting)
    wishes = wishes_of(morning.session, [one.person.id])[one.person.id]
    until = consents_on(project.calendar, project.local_date(one.since), days, wishes)
    return _("silence is consent on {day}").format(day=day(until)) if until else ""


APPROVALS = Kind("approvals", N_("Minutes to approve"), find)
