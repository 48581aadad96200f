"""Approving: a version of the minutes is shown, agreed to or objected to, and so approved."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.agenda import AgendaItem, ItemState, items_of
from bot.approvals import Asked, Standing, answers_to, consent_days, consents_on, standing_of
from bot.cards import NUDGE_LIFE, nudge_about
from bot.delivery.notices import Item, post, retell
from bot.delivery.outbox import promise
from bot.language import N_, _
from bot.meetings import Meeting
from bot.messages import Button, Message, item, noted, shortened
from bot.minutes import (
    ACCEPTED,
    TAKEN_BACK,
    Approval,
    Minutes,
    MinutesState,
    add_version,
    thread_key,
)
from bot.minutes_digest import digest_card
from bot.minutes_text import is_left, title_of
from bot.minutes_views import as_items, shown_line
from bot.pages import day, render
from bot.people import by_id
from bot.preferences import wishes_of
from bot.projects import Project
from bot.rights import channel_may_read
from bot.typed import Line, escape, quoted

LINE_SHOWN = 300
RESOLVABLE = 8  # objections that have their buttons on the card


def publish(session: Session, minutes: Minutes, now: datetime) -> None:
    """Let the meeting's thread read *minutes* and be asked about them, and the channel the gist."""
    meeting = session.get_one(Meeting, minutes.meeting_id)
    project = session.get_one(Project, meeting.project_id)
    if project.channel is None or not channel_may_read(session, project):
        return
    items = as_items(minutes.text)
    if minutes.version == 1:
        items += [unfinished(project, left) for left in items_of(session, meeting) if is_left(left)]
    items.append(Item(standing_card(session, minutes), about(minutes)))
    key = f"minutes:{meeting.id}:{minutes.version}"
    under = thread_key(meeting)
    post(session, key, project.channel, items, now, project=project, under=under)
    _show_digest(session, minutes, project, now)


def show(session: Session, minutes: Minutes, now: datetime) -> None:
    """Let everybody who reads *minutes* see how far their approval is."""
    session.flush()
    card = standing_card(session, minutes)
    retell(session, about(minutes), lambda _user: card)
    _settle_nudges(session, minutes, now)
    meeting = session.get_one(Meeting, minutes.meeting_id)
    project = session.get_one(Project, meeting.project_id)
    if project.channel is not None and channel_may_read(session, project):
        _show_digest(session, minutes, project, now)


def _settle_nudges(session: Session, minutes: Minutes, now: datetime) -> None:
    """Let this morning's reminders show that there is nothing left to say, where that is so."""
    standing = standing_of(session, minutes)
    is_draft = minutes.state is MinutesState.DRAFT
    waiting = {one.person.slack_id for one in standing.waiting} if is_draft else set()
    project = session.get_one(Project, standing.meeting.project_id)
    answer = noted(f"✓ {title_of(session, standing.meeting)} · {_words(standing, project)}")
    reminder = nudge_about(f"minutes {minutes.id} in {project.key}")
    retell(session, reminder, lambda u: None if u in waiting else answer, now - NUDGE_LIFE)


def _show_digest(session: Session, minutes: Minutes, project: Project, now: datetime) -> None:
    if minutes.state is MinutesState.SUPERSEDED:
        return
    key = f"minutes-digest:{minutes.meeting_id}"
    card = digest_card(session, minutes)
    promise(session, key, project.channel or "", card, now, project=project)


def about(minutes: Minutes) -> str:
    """What a notice is about that shows how far the approval of *minutes* is."""
    return f"minutes:{minutes.id}"


def answer(
    session: Session,
    minutes: Minutes,
    person: int,
    now: datetime,
    *,
    objection: str | None = None,
    quote: str | None = None,
    by_silence: bool = False,
) -> Approval:
    """Keep what somebody says to *minutes*: an *objection*, else that they agree."""
    said = Approval(
        minutes_id=minutes.id,
        person_id=person,
        is_approved=objection is None,
        by_silence=by_silence,
        quote=quote,
        objection=objection,
        at=now,
    )
    session.add(said)
    minutes.answers += 1
    session.flush()
    return said


def conclude(session: Session, minutes: Minutes, now: datetime) -> bool:
    """Approve *minutes* if all who are asked agree, and show how it stands; whether they do."""
    session.flush()
    is_agreed = standing_of(session, minutes).is_agreed
    if is_agreed:
        minutes.state, minutes.approved_at = MinutesState.APPROVED, now
    show(session, minutes, now)
    return is_agreed


def replace_version(
    session: Session, former: Minutes, text: str, change: str, now: datetime
) -> Minutes:
    """A new version in place of *former*, which everybody is asked about anew.

    Objections nobody has resolved are objections to the new one, too.
    """
    meeting = session.get_one(Meeting, former.meeting_id)
    open_ = [one.objection for one in standing_of(session, former).objections]
    minutes = add_version(session, meeting, text, now, change)
    for objection in open_:
        if objection is not None:
            stands = objection.quote if (objection.quote or "") in text.split("\n") else None
            answer(
                session, minutes, objection.person_id, objection.at,
                objection=objection.objection, quote=stands,
            )  # fmt: skip
    show(session, former, now)
    publish(session, minutes, now)
    return minutes


def standing_card(session: Session, minutes: Minutes) -> Message:
    """How far the approval of *minutes* is, with what can be answered."""
    standing = standing_of(session, minutes)
    project = session.get_one(Project, standing.meeting.project_id)
    is_draft = minutes.state is MinutesState.DRAFT
    shown = render(
        "minutes_standing",
        words=_words(standing, project),
        told=_told(session, standing, project) if minutes.state in _COUNTED else [],
        objections=[_objection(one) for one in standing.objections] if is_draft else [],
        resolutions=_resolutions(session, minutes),
        change=minutes.change or "",
        digest=minutes.digest if minutes.state is MinutesState.APPROVED else "",
    )
    return shown.with_buttons(_buttons(standing, project) if is_draft else [])


_COUNTED = (MinutesState.DRAFT, MinutesState.APPROVED)


def _words(standing: Standing, project: Project) -> str:
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


def _objection(one: Asked) -> dict[str, str]:
    said = one.objection
    quote = shown_line(said.quote) if said and said.quote else ""
    return {
        "who": one.person.name,
        "line": shortened(quote, LINE_SHOWN),
        "text": said.objection or "" if said else "",
    }


def _resolutions(session: Session, minutes: Minutes) -> list[str]:
    """The objections that were not followed, and why."""
    rejected = [
        said
        for said in answers_to(session, minutes)
        if said.resolved_at is not None and said.resolution not in (ACCEPTED, TAKEN_BACK)
    ]
    people = by_id(session, (said.person_id for said in rejected))
    text = _("{who}'s objection (“{objection}”) was not followed: {why}")
    return [
        text.format(
            who=people[said.person_id].name,
            objection=shortened(said.objection or "", LINE_SHOWN),
            why=shortened(said.resolution or "", LINE_SHOWN),
        )
        for said in rejected
    ]


def _buttons(standing: Standing, project: Project) -> list[Button]:
    ref = f"minutes={standing.minutes.id} in {project.key}"
    buttons = [
        Button(_("Approve"), f"meet approve {ref}", "primary"),
        Button(_("Object …"), f"form meet object {ref}"),
    ]
    for one in standing.objections[:RESOLVABLE]:
        if one.objection is not None:
            buttons += resolving(project, one.objection, one.person.name)
    return buttons


def resolving(project: Project, objection: Approval, who: str) -> list[Button]:
    """How the chair answers to an objection."""
    ref = f"objection={objection.id} in {project.key}"
    line = shown_line(objection.quote) if objection.quote else objection.objection or ""
    prefilled = Line(quoted(shortened(line, 1000))).encoded()
    return [
        Button(_("Correct for {who} …").format(who=who), f"form meet correct {ref} {prefilled}"),
        Button(_("Overrule {who} …").format(who=who), f"form meet overrule {ref}"),
    ]


def unfinished(project: Project, left: AgendaItem) -> Item:
    """A topic the meeting did not finish, and what may become of it."""
    ref = f"item={left.id} in {project.key}"
    title = shortened(left.title, LINE_SHOWN)
    words = f"{_(_BECOMES.get(left.state, left.state.value))}: {title}"
    prefilled = Line(quoted(shortened(left.title, 1000))).encoded()
    buttons = [
        Button(_("Carry"), f"meet carry {ref}"),
        Button(_("Drop"), f"meet drop {ref}"),
        Button(_("Action …"), f"form meet action {ref} {prefilled}"),
    ]
    message = Message(escape(words), [item(words)]).with_buttons(buttons)
    return Item(message, left_about(left))


_BECOMES = {
    ItemState.CARRIED: N_("Not finished, so carried to the next meeting"),
    ItemState.DROPPED: N_("Dropped"),
}


def left_about(left: AgendaItem) -> str:
    """What a notice is about that asks what becomes of an item."""
    return f"agenda-item:{left.id}"
