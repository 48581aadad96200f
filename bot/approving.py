"""Approving: a version of the minutes is shown, agreed to or objected to, and so approved."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.agenda import items_of
from bot.approvals import Standing, answers_to, hosts_of, standing_of
from bot.carrying import unfinished
from bot.delivery.notices import Item, post
from bot.delivery.outbox import promise
from bot.delivery.retelling import retell
from bot.language import _
from bot.meetings import Meeting
from bot.messages import Message, noted
from bot.minutes import (
    Approval,
    Minutes,
    MinutesState,
    add_version,
    minutes_of,
    thread_key,
)
from bot.minutes_digest import digest_card
from bot.minutes_standing import asking, standing_card, standing_words
from bot.minutes_text import is_left, title_of
from bot.minutes_views import as_items, outside
from bot.projects import Project
from bot.reminding import NUDGE_LIFE, nudge_about
from bot.rights import channel_may_read


def publish(session: Session, minutes: Minutes, now: datetime) -> None:
    """Let the meeting's thread read *minutes* and be asked about them, and the channel the gist."""
    meeting = session.get_one(Meeting, minutes.meeting_id)
    project = session.get_one(Project, meeting.project_id)
    if project.channel is None or not channel_may_read(session, project):
        return
    items = as_items(outside(minutes.text))  # nobody knows who reads a channel
    if minutes.change is None:  # not a corrected or reopened version
        left = [one for one in items_of(session, meeting) if is_left(one)]
        items += [unfinished(session, project, one, now) for one in left]
    items.append(Item(standing_card(session, minutes), about(minutes)))
    key = f"minutes:{meeting.id}:{minutes.version}"
    under = thread_key(meeting)
    # Somebody may object, or reopen it, after weeks: its card is to follow.
    post(session, key, project.channel, items, now, project=project, under=under, is_lasting=True)
    _show_digest(session, minutes, project, now)


def show(session: Session, minutes: Minutes, now: datetime) -> None:
    """Let everybody who reads *minutes* see how far their approval is."""
    session.flush()
    card = standing_card(session, minutes)
    retell(session, about(minutes), lambda _user: card, asks=True)
    _settle_nudges(session, minutes, now)
    meeting = session.get_one(Meeting, minutes.meeting_id)
    project = session.get_one(Project, meeting.project_id)
    if project.channel is not None and channel_may_read(session, project):
        _show_digest(session, minutes, project, now)


def _settle_nudges(session: Session, minutes: Minutes, now: datetime) -> None:
    """Let this morning's reminders show what is left to say, or that nothing is."""
    standing = standing_of(session, minutes)
    project = session.get_one(Project, standing.meeting.project_id)
    title, words = title_of(session, standing.meeting), standing_words(standing, project)
    settled, again = noted(f"✓ {title} · {words}"), noted(f"{title} · {words}")
    again = again.with_buttons(asking(minutes, project))
    objecting = noted(f"{title} · {_('you object: it waits for an answer')}")
    reads: dict[str, Message | None] = {}
    asked_anew: set[str] = set()
    if minutes.state is MinutesState.DRAFT:
        hosts = {host.slack_id for host in hosts_of(session, standing.meeting)}
        reads = dict.fromkeys(one.person.slack_id for one in standing.waiting)
        asked_anew = _asked_anew(session, standing, hosts)
        reads |= dict.fromkeys((one.person.slack_id for one in standing.objections), objecting)
        if standing.objections:  # they are reminded to answer them
            reads |= dict.fromkeys(hosts)
    reminder = nudge_about(f"minutes {minutes.id} in {project.key}")
    since = now - NUDGE_LIFE
    retell(session, reminder, lambda user: reads.get(user, settled), since)
    retell(session, reminder, lambda user: again if user in asked_anew else None, since, asks=True)


def _asked_anew(session: Session, standing: Standing, hosts: Collection[str]) -> set[str]:
    """The Slack users still waited for whose reminder spoke of an objection that was answered."""
    was_answered = any(said.resolved_at for said in answers_to(session, standing.minutes))
    is_done = was_answered and not standing.objections
    return {
        one.person.slack_id
        for one in standing.waiting
        if one.since_resolved is not None or (is_done and one.person.slack_id in hosts)
    }


def _show_digest(session: Session, minutes: Minutes, project: Project, now: datetime) -> None:
    if minutes.state is MinutesState.SUPERSEDED:
        return
    meeting = session.get_one(Meeting, minutes.meeting_id)
    key = f"minutes-digest:{meeting.id}"
    # A version that was taken back leaves the one before it standing, if there is one.
    card = digest_card(session, minutes_of(session, meeting) or minutes)
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
