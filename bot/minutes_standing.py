"""How minutes stand: who agrees, who is waited for, what is objected to, and what to answer."""

from datetime import date

from sqlalchemy.orm import Session

from bot.approvals import Asked, Standing, answers_to, consent_days, consents_on, standing_of
from bot.language import _
from bot.messages import Button, Message, shortened
from bot.minutes import ACCEPTED, TAKEN_BACK, Approval, Minutes, MinutesState
from bot.minutes_views import is_told_outside, shown_line
from bot.pages import day, render
from bot.people import by_id
from bot.preferences import wishes_of
from bot.projects import Project
from bot.typed import Line, quoted

LINE_SHOWN = 300
RESOLVABLE = 8  # objections that have their buttons on the card


def standing_card(session: Session, minutes: Minutes, *, told: bool = False) -> Message:
    """How far the approval of *minutes* is, with what can be answered.

    What is said of something confidential stands there only where it is *told*.
    """
    standing = standing_of(session, minutes)
    project = session.get_one(Project, standing.meeting.project_id)
    is_draft = minutes.state is MinutesState.DRAFT
    shown = render(
        "minutes_standing",
        words=standing_words(standing, project),
        told=_told(session, standing, project) if minutes.state in _COUNTED else [],
        objections=_objections(standing, told=told) if is_draft else [],
        resolutions=_resolutions(session, minutes, told=told),
        change=minutes.change or "",
        digest=minutes.digest if minutes.state is MinutesState.APPROVED else "",
    )
    return shown.with_buttons(_buttons(standing, project, told=told) if is_draft else [])


_COUNTED = (MinutesState.DRAFT, MinutesState.APPROVED)


def standing_words(standing: Standing, project: Project) -> str:
    """How far the approval is, in a few words."""
    minutes = standing.minutes
    texts = {
        MinutesState.DRAFT: _("Draft minutes, version {version}: {done} of {all} agree"),
        MinutesState.APPROVED: _("Minutes approved {day}, version {version}"),
        MinutesState.SUPERSEDED: _("Version {version} counts no longer: there is a newer one"),
        MinutesState.WITHDRAWN: _("Version {version} was taken back"),
    }
    approved = project.local_date(minutes.approved_at) if minutes.approved_at else None
    return texts[minutes.state].format(
        version=minutes.version,
        done=sum(one.is_content for one in standing.asked),
        all=len(standing.asked),
        day=day(approved) if approved else "",
    )


def _told(session: Session, standing: Standing, project: Project) -> list[tuple[str, str]]:
    """Who agrees, who does so by silence, who is waited for and until when."""
    content = [one for one in standing.asked if one.is_content]
    spoken = [one.person.name for one in content if one.answer and not one.answer.by_silence]
    silent = [one.person.name for one in content if one.answer and one.answer.by_silence]
    told = [(_("Approved by"), ", ".join(spoken))] if spoken else []
    if silent:
        told.append((_("By silence"), ", ".join(silent)))
    if standing.waiting:
        told.append((_("Waiting for"), ", ".join(_waiting(session, standing, project))))
    return told


def _waiting(session: Session, standing: Standing, project: Project) -> list[str]:
    """Who is waited for, with the day at whose end their silence is consent."""
    days = consent_days(session, standing.meeting)
    wishes = wishes_of(session, [one.person.id for one in standing.waiting])
    by_day: dict[date | None, list[str]] = {}
    for one in standing.waiting:
        since = project.local_date(one.since)
        until = consents_on(project.calendar, since, days, wishes[one.person.id])
        by_day.setdefault(until, []).append(one.person.name)
    text = _("{who} (silence is consent at the end of {day})")
    return [
        text.format(who=", ".join(names), day=day(until)) if until else ", ".join(names)
        for until, names in by_day.items()
    ]


def _objections(standing: Standing, *, told: bool) -> list[dict[str, str]]:
    return [
        _objection(one, one.objection, told=told or may_be_told(standing.minutes, one.objection))
        for one in standing.objections
        if one.objection is not None
    ]


def _objection(one: Asked, said: Approval, *, told: bool) -> dict[str, str]:
    quote = shown_line(said.quote) if said.quote and told else ""
    return {
        "who": one.person.name,
        "line": shortened(quote, LINE_SHOWN),
        "text": said.objection or "" if told else "",
    }


def may_be_told(minutes: Minutes, said: Approval) -> bool:
    """Whether everybody may read what was *said* to *minutes*."""
    return is_told_outside(minutes.text, said.quote)


def _resolutions(session: Session, minutes: Minutes, *, told: bool) -> list[str]:
    """The objections that were not followed, and why."""
    rejected = [
        said
        for said in answers_to(session, minutes)
        if said.resolved_at is not None and said.resolution not in (ACCEPTED, TAKEN_BACK)
    ]
    people = by_id(session, (said.person_id for said in rejected))
    text = _("{who}'s objection (“{objection}”) was not followed: {why}")
    hidden = _("{who}'s objection to something confidential was not followed.")
    return [
        (text if told or may_be_told(minutes, said) else hidden).format(
            who=people[said.person_id].name,
            objection=shortened(said.objection or "", LINE_SHOWN),
            why=shortened(said.resolution or "", LINE_SHOWN),
        )
        for said in rejected
    ]


def _buttons(standing: Standing, project: Project, *, told: bool) -> list[Button]:
    buttons = asking(standing.minutes, project)
    for one in standing.objections[:RESOLVABLE]:
        if one.objection is not None:
            is_told = told or may_be_told(standing.minutes, one.objection)
            buttons += resolving(project, one.objection, one.person.name, told=is_told)
    return buttons


def asking(minutes: Minutes, project: Project) -> list[Button]:
    """What whoever is asked about *minutes* may answer."""
    ref = f"minutes={minutes.id} in {project.key}"
    return [
        Button(_("Approve"), f"meet approve {ref}", "primary"),
        Button(_("Object …"), f"form meet object {ref}"),
    ]


def resolving(project: Project, objection: Approval, who: str, *, told: bool) -> list[Button]:
    """How the chair answers to an objection; the form says what it is about where it is *told*."""
    ref = f"objection={objection.id} in {project.key}"
    line = shown_line(objection.quote) if objection.quote else objection.objection or ""
    prefilled = f" {Line(quoted(shortened(line, 1000))).encoded()}" if told else ""
    return [
        Button(_("Correct for {who} …").format(who=who), f"form meet correct {ref}{prefilled}"),
        Button(_("Overrule {who} …").format(who=who), f"form meet overrule {ref}"),
    ]
