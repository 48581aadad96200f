"""Opening a meeting: which one begins, where its minutes are taken, and who is there already."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import clock
from bot.agenda_building import prepare
from bot.capturing.lines import attend
from bot.capturing.meant import open_meetings
from bot.capturing.showing import card, card_key, own_card, title_of
from bot.capturing.taking import follow
from bot.context import Context
from bot.delivery.outbox import Delivery, State, find, promise
from bot.errors import UserError
from bot.hosting import require_host
from bot.language import _
from bot.meeting_dates import Date, date_of, dates_from, lasting_series, meeting_on
from bot.meetings import (
    Coming,
    Meeting,
    MeetingState,
    Series,
    SeriesState,
    invitees_of,
    next_number,
)
from bot.minutes import thread_key
from bot.people import Person, by_id
from bot.register import check_title
from bot.rights import Right, unpostable
from bot.rsvps import answers_to

EARLY = timedelta(hours=12)
LATE = timedelta(hours=4)
"""How long before its time, and after its end, a meeting may still begin."""

USUAL_MINUTES = 60
HISTORY = ("channels:history", "groups:history")


@dataclass(frozen=True)
class Thread:
    """A thread that is there already."""

    channel: str
    ts: str


def begin(context: Context, title: str | None, thread: Thread | None = None) -> Meeting:
    """Open the meeting that is due, or one that was not planned, called *title*.

    Raises `UserError` where there is none to open or no place to take its minutes.
    """
    _require_place(context)
    found = _due(context, title)
    if found is None and not title:
        raise UserError(_none_due(context), line="form meet start", label=_("Start one now …"))
    meeting = _at_once(context, title or "") if found is None else _of(context, found)
    _open(context, meeting, thread)
    return meeting


def _require_place(context: Context) -> None:
    if context.project.channel is None:
        text = _("{project} has no channel to take minutes in. First: `project bind`.")
        raise UserError(text.format(project=context.project.name))
    if why := unpostable(context.session, context.project):
        text = _("No minutes can be taken in {project}: {why}.")
        raise UserError(text.format(project=context.project.name, why=why))
    if context.scopes and not context.scopes.intersection(HISTORY):
        text = _("I may not read threads here: the app misses the scope `channels:history`.")
        raise UserError(text)


def _due(context: Context, title: str | None) -> Date | None:
    """The meeting nearest to now that may begin, of the series called *title* if one is."""
    moment = context.now - LATE
    coming = lasting_series(context.session, context.project, context.project.local_date(moment))
    known = [series for series in coming if series.state is SeriesState.ACTIVE]
    if title:
        folded = title.strip().casefold()
        known = [series for series in known if series.title.casefold() == folded]
    found = [
        date
        for series in known
        for date in takewhile(
            lambda date: date.starts_at <= context.now + EARLY + _LOOK_AHEAD,
            dates_from(context.session, series, context.project, moment),
        )
        if date.starts_at <= context.now + EARLY and _may_begin(date)
    ]
    return min(found, key=lambda date: abs(date.starts_at - context.now), default=None)


_LOOK_AHEAD = timedelta(days=60)  # one further ahead may have been moved to today


def _may_begin(date: Date) -> bool:
    return date.meeting is None or date.meeting.state is MeetingState.PLANNED


def _none_due(context: Context) -> str:
    known = open_meetings(context.session, context.project.id)
    if known:
        title = title_of(context.session, known[0], context.project)
        return _("A meeting is open already: {title}.").format(title=title)
    text = _(
        "No meeting of {project} is due now. `meet start TITLE` begins one that is not planned."
    )
    return text.format(project=context.project.name)


def _of(context: Context, found: Date) -> Meeting:
    """The meeting of a date, with its agenda as it is to be gone through."""
    require_host(context, found.meeting or found.series)
    meeting = meeting_on(context.session, found)
    prepare(context.session, context.project, meeting, context.now)
    return meeting


def _at_once(context: Context, title: str) -> Meeting:
    """A meeting nobody planned; who begins it chairs it."""
    check_title(title)
    context.require(Right.RAISE)
    here = context.now.astimezone(ZoneInfo(context.project.timezone))
    series = Series(
        project_id=context.project.id,
        number=next_number(context.session, context.project),
        title=title.strip()[:80],
        rule=None,
        first_day=here.date(),
        last_day=here.date(),
        at=f"{here:%H:%M}",
        minutes=USUAL_MINUTES,
        zone=context.project.timezone,
        chair_id=context.actor.id,
        state=SeriesState.ACTIVE,
        uid=str(uuid4()),
        made_by=context.actor.id,
        made_at=context.now,
    )
    context.session.add(series)
    context.session.flush()
    starts = context.now.replace(second=0, microsecond=0)
    return meeting_on(context.session, Date(series, here.date(), starts, USUAL_MINUTES, None))


def _open(context: Context, meeting: Meeting, thread: Thread | None) -> None:
    session = context.session
    meeting.state, meeting.opened_at = MeetingState.OPEN, context.now
    for person in _coming(session, meeting):
        attend(session, meeting, person, context.now, is_heard=False)
    attend(session, meeting, context.actor, context.now)
    session.flush()
    follow(context, meeting)
    session.flush()
    meeting.thread_id = _head(context, meeting, thread).id
    session.flush()


def _head(context: Context, meeting: Meeting, thread: Thread | None) -> Delivery:
    """The message in whose thread minutes of *meeting* are taken, with the card promised.

    One that was begun before, which was taken back, goes on where it was.
    """
    session, project, key = context.session, context.project, thread_key(meeting)
    message = card(session, meeting, project)
    head = find(session, key)
    if head and thread and (thread.channel, thread.ts) != (head.sent_channel, head.ts):
        raise UserError(_("It was begun in another thread before: `meet start` goes on there."))
    card_at = card_key(session, meeting)
    if head is None and thread is not None:
        head, card_at = _standing(context, meeting, thread, message.as_payload()), own_card(meeting)
    shown = promise(
        session, card_at, project.channel or "", message, context.now,
        project=project, under=key if card_at != key else None,
    )  # fmt: skip
    session.flush()
    return head or shown


def _standing(
    context: Context, meeting: Meeting, thread: Thread, content: dict[str, object]
) -> Delivery:
    """A delivery for the message that heads a thread already, so that ours find their place."""
    head = Delivery(
        token=str(uuid4()),
        key=thread_key(meeting),
        project_id=context.project.id,
        channel=thread.channel,
        content=content,
        sent_version=1,
        state=State.SENT,
        made_at=context.now,
        due_at=clock.now(),
        sent_channel=thread.channel,
        ts=thread.ts,
    )
    context.session.add(head)
    context.session.flush()
    return head


def _coming(session: Session, meeting: Meeting) -> list[Person]:
    """Who has said to come."""
    series = session.get_one(Series, meeting.series_id)
    answers = answers_to(session, date_of(series, meeting.day, meeting))
    seats = [
        seat.person_id
        for seat in invitees_of(session, series)
        if seat.id in answers and answers[seat.id].coming is Coming.YES
    ]
    people = by_id(session, seats)
    return [person for _key, person in sorted(people.items()) if person.is_active]
