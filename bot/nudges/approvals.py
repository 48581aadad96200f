"""Approvals: minutes that wait for the word of somebody who was there, or for a chair's answer."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.approvals import Asked, Standing, consent_days, consents_on, hosts_of, standing_of
from bot.language import N_, _
from bot.messages import Button, shortened
from bot.minutes import Approval, Minutes, drafts
from bot.minutes_standing import asking, resolving
from bot.minutes_text import title_of
from bot.minutes_views import shown_line
from bot.nudge import Kind, Morning, Nudge, Subject
from bot.pages import day
from bot.people import Person
from bot.preferences import wishes_of
from bot.projects import Project

SHOWN = 300
RESOLVABLE = 2  # objections that have their buttons in a digest; the others are behind Show


def find(morning: Morning) -> Iterable[Nudge]:
    """The drafts made before today of which each has said nothing yet, and those with objections
    from before today that each has to answer."""
    for minutes, meeting in drafts(morning.session, sorted(morning.projects)):
        project = morning.projects[meeting.project_id]
        standing = standing_of(morning.session, minutes)
        waiting = {one.person.id: one for one in standing.waiting}
        hosts = hosts_of(morning.session, meeting) if standing.objections else ()
        for person in dict.fromkeys([*waiting, *(host.id for host in hosts)]):
            if person not in morning.people or not morning.wakes(person, project):
                continue
            today = morning.today[person]
            is_asked = person in waiting and project.local_date(minutes.made_at) < today
            asked = waiting[person] if is_asked else None
            is_host = any(host.id == person for host in hosts)
            open_ = _objections(standing, project, today) if is_host else []
            if asked is not None or open_:
                yield _nudge(morning, standing, person, asked, open_, project)


Objection = tuple[Person, Approval]


def _objections(standing: Standing, project: Project, today: date) -> list[Objection]:
    """Who objected before *today*, and to what."""
    known = [(one.person, one.objection) for one in standing.objections]
    return [
        (who, said)
        for who, said in known
        if said is not None and project.local_date(said.at) < today
    ]


def _nudge(
    morning: Morning,
    standing: Standing,
    person: int,
    asked: Asked | None,
    objections: Sequence[Objection],
    project: Project,
) -> Nudge:
    minutes = standing.minutes
    title = title_of(morning.session, standing.meeting)
    text = _("Minutes of {title}, version {version}").format(title=title, version=minutes.version)
    buttons, facts = [], [_objection_words(who, said) for who, said in objections]
    if asked is not None:
        facts.append(_until(morning, standing, asked, project))
        buttons += asking(minutes, project)
    for who, said in objections[:RESOLVABLE]:
        buttons += resolving(project, said, who.name, told=True)
    return Nudge(
        person,
        project,
        Subject(Minutes.__tablename__, minutes.id, f"minutes {minutes.id} in {project.key}"),
        "",
        text,
        tuple(facts),
        (4, 0, minutes.made_at.isoformat()),
        minutes.state.value,
        (*buttons, Button(_("Show"), f"meet minutes minutes={minutes.id} in {project.key}")),
    )


def _objection_words(who: Person, said: Approval) -> str:
    line = f"“{shortened(shown_line(said.quote), SHOWN)}” · " if said.quote else ""
    text = _("{who} objects: {what}")
    return text.format(who=who.name, what=line + shortened(said.objection or "", SHOWN))


def _until(morning: Morning, standing: Standing, one: Asked, project: Project) -> str:
    days = consent_days(morning.session, standing.meeting)
    wishes = wishes_of(morning.session, [one.person.id])[one.person.id]
    until = consents_on(project.calendar, project.local_date(one.since), days, wishes)
    return _("silence is consent on {day}").format(day=day(until)) if until else ""


APPROVALS = Kind("approvals", N_("Minutes to approve"), find)
