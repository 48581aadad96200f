"""Open meetings: whose chair has not closed the minutes of a day before."""

from collections.abc import Iterable

from bot.language import N_, _
from bot.left_open import JOB, LeftOpen, closes_on, left_open, name_of
from bot.meetings import Meeting
from bot.messages import Button
from bot.minutes_text import title_of
from bot.nudge import Kind, Morning, Nudge, Subject, near_day
from bot.projects import Project
from bot.schedules import settings_of


def find(morning: Morning) -> Iterable[Nudge]:
    """What each chairs that was opened before today, and is open still."""
    settings = settings_of(morning.session, list(morning.projects))
    for left in left_open(morning.session, list(morning.projects)):
        project, chair = morning.projects[left.meeting.project_id], left.meeting.chair_id
        if chair not in morning.people or not morning.wakes(chair, project):
            continue
        opened = project.local_date(left.meeting.opened_at or left.meeting.starts_at)
        if opened < morning.today[chair]:
            setting = settings.get((project.id, JOB))
            yield _nudge(morning, left, project, closes=setting is None or setting.is_on)


def _nudge(morning: Morning, left: LeftOpen, project: Project, *, closes: bool) -> Nudge:
    meeting = left.meeting
    words = _("still open")
    if closes:
        on = near_day(closes_on(project, left), morning.today[meeting.chair_id])
        words = _("still open: closes by itself on {day}").format(day=on)
    ref = f"meeting={meeting.id} in {project.key}"
    buttons = (
        Button(_("Close"), f"meet close {ref}", "primary"),
        Button(_("List"), f"meet captured {ref}"),
    )
    return Nudge(
        meeting.chair_id,
        project,
        Subject(Meeting.__tablename__, meeting.id, name_of(meeting, project)),
        "",
        _("Minutes of {title}").format(title=title_of(morning.session, meeting)),
        (words,),
        (3, 0, left.since.isoformat()),
        meeting.state.value,
        buttons,
    )


OPEN_MEETINGS = Kind("meetings", N_("Meetings left open"), find)
