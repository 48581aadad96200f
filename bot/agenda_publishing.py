"""Publishing an agenda: its message in the project's channel, which shows what holds now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.agenda_building import Agenda, build
from bot.agenda_cards import Look, items, ref_of
from bot.called_off import with_reason
from bot.delivery.notices import packed
from bot.delivery.outbox import Delivery, find, promise, revise
from bot.invitations import seats_of
from bot.language import _
from bot.meeting_cards import rsvp_buttons
from bot.meeting_dates import Date, lasting_series, next_dates, next_planned
from bot.meetings import Coming, MeetingState, Series, SeriesState
from bot.messages import FALLBACK_LIMIT, NOTHING, Button, Message, fitted, said, shortened
from bot.pages import day
from bot.projects import Project
from bot.rights import unpostable

SOON = 3
"""So many meetings of a series ahead may have an agenda in the channel."""

OPEN_FOR = timedelta(minutes=1)
"""The least time a message has to reach the channel, however soon the meeting is."""


def messages_of(session: Session, agenda: Agenda) -> list[Message]:
    """The agenda as the channel sees it: a message, and what it cannot hold for its thread.

    Nobody knows who reads a channel, so what is confidential is only said to be there.
    """
    shown = items(agenda, Look(), [], _coming(session, agenda))
    parts = [sum((item.message for item in part), NOTHING) for part in packed(shown)]
    first = Message(parts[0].text, fitted(parts[0].blocks))
    if agenda.date.meeting is None or agenda.date.meeting.state is MeetingState.PLANNED:
        topic = Button(_("Propose a topic …"), f"form meet topic {ref_of(agenda)}")
        first = first.with_buttons((*rsvp_buttons(agenda.date), topic))
    return [first, *(Message(part.text, fitted(part.blocks)) for part in parts[1:])]


def post(
    session: Session,
    agenda: Agenda,
    shown: Sequence[Message],
    now: datetime,
    *,
    at: datetime | None = None,
) -> str:
    """Let the channel have the agenda in a new message; the answer is what it is promised under.

    One that stands there already says that there is a newer one.
    """
    known = standing(session, agenda.date)
    number = int(known.key.rpartition(":")[2]) + 1 if known is not None else 1
    key = f"{_stem(agenda.date)}{agenda.facts.on.isoformat()}:{number}"
    if known is not None:
        _replace(session, known, [said(_outdated(agenda))])
    _promise(session, agenda, key, shown, now, at)
    return key


def restate(session: Session, project: Project, found: Date, now: datetime) -> None:
    """Let the agenda in the channel, where it stands there, show what holds now."""
    if found.meeting is None or found.meeting.published_at is None:
        return
    known = standing(session, found)
    if known is None:
        return
    title = f"{found.series.title}, {day(project.local_date(found.starts_at))}"
    if found.is_cancelled:
        words = with_reason(title, found.reason)
        _replace(session, known, [said(_("Cancelled: {words}.").format(words=words))])
    elif found.series.state is SeriesState.PAUSED and not found.is_settled:
        text = _("Paused: {title} does not take place until the series is resumed.")
        _replace(session, known, [said(text.format(title=title))])
    elif not found.is_settled and unpostable(session, project) is None:
        agenda = build(session, project, found, now)
        _promise(session, agenda, known.key, messages_of(session, agenda), now, None)


def restate_next(session: Session, project: Project, series: Series, now: datetime) -> None:
    """Let the agenda of the meeting of *series* that takes what waits show what holds now."""
    taker = next_planned(session, series, project, now)
    if taker is not None:
        restate(session, project, taker, now)


def restate_all(session: Session, project: Project, now: datetime, who: str) -> None:
    """Let every agenda of *project* that stands show what holds after *who* undid something."""
    for series in lasting_series(session, project, project.local_date(now)):
        for found in next_dates(session, series, project, now, SOON):
            known = standing(session, found)
            if known is None:
                continue
            if found.meeting is not None and found.meeting.published_at is not None:
                restate(session, project, found, now)
            else:
                words = _("{who} took this agenda back.").format(who=who)
                _replace(session, known, [said(words)])


def standing(session: Session, found: Date) -> Delivery | None:
    """The newest message that holds the agenda of a meeting."""
    return session.scalar(
        select(Delivery)
        .where(
            Delivery.key.startswith(_stem(found), autoescape=True),
            Delivery.parent_id.is_(None),
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )


def day_of(delivery: Delivery) -> str:
    """The day of the meeting as it was when its agenda was posted."""
    return delivery.key.split(":")[3]


def _stem(found: Date) -> str:
    return f"agenda:{found.series.id}:{found.day.isoformat()}:"


def _promise(
    session: Session,
    agenda: Agenda,
    key: str,
    shown: Sequence[Message],
    now: datetime,
    at: datetime | None,
) -> None:
    left = agenda.date.starts_at - max(now, at or now)
    for number, message in enumerate(shown, 1):
        promise(
            session,
            key if number == 1 else f"{key}#{number}",
            agenda.project.channel or "",
            message,
            now,
            project=agenda.project,
            under=key if number > 1 else None,
            at=at,
            useless_after=max(left, OPEN_FOR),
            is_planned=at is not None,
        )
        session.flush()
    _empty(session, key, len(shown))


def _replace(session: Session, delivery: Delivery, shown: Sequence[Message]) -> None:
    """Let what stands there say something shorter."""
    locked = find(session, delivery.key)
    if locked is not None:
        revise(session, locked, shown[0].as_payload())
    _empty(session, delivery.key, 1)


def _empty(session: Session, key: str, count: int) -> None:
    """What a longer agenda had in its thread behind the first *count* parts says nothing more."""
    number = count + 1
    while (more := find(session, f"{key}#{number}")) is not None:
        revise(session, more, said("—").as_payload())
        number += 1


def _outdated(agenda: Agenda) -> str:
    text = _("There is a newer agenda of {title}, {day}, below.")
    return text.format(title=agenda.date.series.title, day=day(agenda.facts.on))


def _coming(session: Session, agenda: Agenda) -> str:
    """Who will come, as far as they have said."""
    seats = [s for s in seats_of(session, agenda.date, agenda.project) if s.person or s.coming]
    groups = (
        (_("There: {names}"), [s.name for s in seats if s.coming is Coming.YES]),
        (_("Can’t: {names}"), [s.name for s in seats if s.is_absent]),
        (_("Maybe: {names}"), [s.name for s in seats if s.coming is Coming.MAYBE]),
    )
    told = [text.format(names=", ".join(names)) for text, names in groups if names]
    return shortened(" · ".join(told), FALLBACK_LIMIT // 4)
