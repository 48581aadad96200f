"""Opening a meeting: which one begins, where its minutes are taken, and who is there already."""

import re
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import clock
from bot.agenda_building import prepare
from bot.capturing.lines import attend
from bot.capturing.meant import open_meetings
from bot.capturing.showing import card, card_key, own_card, title_of
from bot.capturing.taking import follow
from bot.channels import channel_of
from bot.context import Context
from bot.delivery.outbox import Delivery, State, find, promise
from bot.errors import UserError
from bot.hosting import current_series, is_paused, leading_series, require_host
from bot.language import _
from bot.meeting_dates import (
    Date,
    date_of,
    dates_from,
    lasting_series,
    meeting_on,
    next_dates,
    up_to,
)
from bot.meeting_threads import Thread, threads_of
from bot.meetings import (
    Coming,
    Meeting,
    MeetingState,
    Series,
    SeriesState,
    invitees_of,
    next_number,
    take_turns,
)
from bot.minutes import thread_key
from bot.pages import moment
from bot.people import Person, by_id
from bot.register import check_title
from bot.rights import Right, unpostable
from bot.rsvps import answers_to
from bot.series_names import SeriesName

EARLY = timedelta(hours=12)
LATE = timedelta(hours=4)
"""How long before its time, and after its end, a meeting may still begin."""

USUAL_MINUTES = 60
HISTORY = ("channels:history", "groups:history")


def begin(context: Context, title: str | None, thread: Thread | None = None) -> Meeting:
    """Open the meeting that is due, or one that was not planned, called *title*.

    Raises `UserError` where there is none to open or no place to take its minutes.
    """
    _require_place(context)
    take_turns(context.session, context.project.id)
    series = _called(context, title) if title else None
    found = _due(context, series) if series is not None or not title else None
    if found is None and (known := _open_now(context, series)) and (series or not title):
        raise _is_open_already(context, known)
    if found is None and series is not None:
        raise _not_due(context, series)
    if found is None and not title:
        raise _none_due(context)
    meeting = _at_once(context, title or "") if found is None else _of(context, found)
    _open(context, meeting, thread)
    return meeting


def _require_place(context: Context) -> None:
    if context.project.channel is None:
        text = _("{project} has no channel to take minutes in. First: `project bind`.")
        raise UserError(text.format(project=context.project.name))
    channel = context.project.channel
    is_untold = channel in context.rights.untold  # Slack tells nothing of private ones without me
    if is_untold or not channel_of(context.session, channel).has_bot:
        text = _("I am not in the channel of {project}: invite me there first.")
        raise UserError(text.format(project=context.project.name))
    if why := unpostable(context.session, context.project):
        text = _("No minutes can be taken in {project}: {why}.")
        raise UserError(text.format(project=context.project.name, why=why))
    if context.scopes and not context.scopes.intersection(HISTORY):
        text = _("I may not read threads here: the app misses the scope `channels:history`.")
        raise UserError(text)


def _called(context: Context, title: str) -> Series | None:
    """The series that *title* names, ``of`` before it or not.

    Without it, the title of a meeting that is over may be that of another one.
    """
    of = _OF.match(title)
    name = SeriesName(title[of.end() if of else 0 :], is_said=of is not None, may_be_text=False)
    found = leading_series(context, name)
    if found is None or found[1] < len(name.text.rstrip()):
        return None
    return found[0] if of or not _is_over(context, found[0]) else None


def _is_over(context: Context, series: Series) -> bool:
    """Whether another meeting may have the title of *series*: what is once and was begun, too."""
    if series not in current_series(context):
        return True
    is_once = series.rule is None and series.state is SeriesState.ACTIVE
    return is_once and _due(context, series) is None and _open_now(context, series) is None


_OF = re.compile(r"of\s+", re.IGNORECASE)


def _open_now(context: Context, series: Series | None) -> Meeting | None:
    """The meeting somebody has opened of late, of *series* if one is given."""
    for meeting in open_meetings(context.session, context.project.id):
        is_late = meeting.opened_at is None or meeting.opened_at < context.now - EARLY
        if not is_late and (series is None or meeting.series_id == series.id):
            return meeting
    return None


def _is_open_already(context: Context, meeting: Meeting) -> UserError:
    text = _("{title} is open already: write into the thread of its card in the channel.")
    return UserError(
        text.format(title=title_of(context.session, meeting, context.project)),
        line=f"meet captured meeting={meeting.id} in {context.project.key}",
        label=_("List"),
    )


def _not_due(context: Context, series: Series) -> UserError:
    if series.state is SeriesState.PAUSED:
        return is_paused(context, [series])
    if series.state is not SeriesState.ACTIVE:
        text = _("{title} does not take place just now.")
        return UserError(text.format(title=series.title))
    text = _("{title} is not due now.")
    coming = next_dates(context.session, series, context.project, context.now, 1)
    if coming:
        text += " " + _("The next: {days}.")
    days = ", ".join(moment(one.starts_at, series.zone) for one in coming)
    return UserError(text.format(title=series.title, days=days))


def _due(
    context: Context, series: Series | None, state: SeriesState = SeriesState.ACTIVE
) -> Date | None:
    """The meeting nearest to now that may begin, of *series* if one is given.

    With another *state*, one that would be due, was its series not in that.
    """
    earliest, last = context.now - LATE, context.project.local_date(context.now + EARLY)
    coming = lasting_series(context.session, context.project, context.project.local_date(earliest))
    known = [one for one in coming if one.state is state]
    found = [
        date
        for one in known
        if series is None or one is series
        for date in up_to(dates_from(context.session, one, context.project, earliest), last)
        if date.starts_at <= context.now + EARLY and _may_begin(date)
    ]
    return min(found, key=lambda date: abs(date.starts_at - context.now), default=None)


def _may_begin(date: Date) -> bool:
    return date.meeting is None or date.meeting.state is MeetingState.PLANNED


def _none_due(context: Context) -> UserError:
    paused = _due(context, None, SeriesState.PAUSED)
    if paused is not None:
        return is_paused(context, [paused.series])
    text = _(
        "No meeting of {project} is due now. `meet start TITLE` begins one that is not planned."
    )
    told = text.format(project=context.project.name)
    return UserError(told, line="form meet start", label=_("Start one now …"))


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
    if head and thread and thread not in threads_of(session, meeting):
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
