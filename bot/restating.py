"""Restating: what stands of meetings in the channel, and was told of them, says what holds now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot import history
from bot.agenda_publishing import restate
from bot.answer_notes import ABOUT, ONE_DATE, line_of
from bot.context import Context
from bot.date_names import others_that_day
from bot.delivery.notices import Notice
from bot.delivery.outbox import Delivery, find
from bot.delivery.retelling import retell, say_anew, told_of
from bot.history import Change, ChangeItem
from bot.invitations import named
from bot.language import N_, _
from bot.meeting_cards import call_of, refresh_card, rhythm_words, shown_ahead, when_words
from bot.meeting_dates import Date, next_dates
from bot.meetings import Invitee, Meeting, MeetingState, Rsvp, Series, SeriesState
from bot.pages import render
from bot.people import by_id
from bot.projects import Project
from bot.rsvps import SeriesRsvp, forget_since
from bot.telling import HOSTS, INVITED, PLACE, UNINVITED, about, announce_series, invitation

RHYTHM = frozenset("rule first_day last_day at minutes zone state".split())
TOLD = {"chair_id": HOSTS, "minute_taker_id": HOSTS, "place": PLACE}
"""What is told of a column where it changes."""

OF_A_SERIES = (Series, Invitee)
OF_A_MEETING = (Meeting, Rsvp)


def show_meeting(context: Context, found: Date, words: str = "") -> None:
    """Let the card and the agenda of a meeting show what holds; *words* in the card's thread."""
    project = context.session.get_one(Project, found.series.project_id)
    refresh_card(context.session, project, found, context.now, words)
    restate(context.session, project, found, context.now)


def show_neighbours(context: Context, found: Date) -> None:
    """The same for the meetings that share their day with one that came to it: their buttons have
    to name the hour."""
    project = context.session.get_one(Project, found.series.project_id)
    for other in others_that_day(context.session, project, found):
        show_meeting(context, other)


def show_coming(context: Context, series: Series) -> None:
    """Let the cards and agendas of all meetings of *series* to come show what holds."""
    rows = context.session.scalars(
        select(Meeting).where(
            Meeting.series_id == series.id,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.CANCELLED)),
            Meeting.starts_at > context.now,
        )
    ).all()
    known = {meeting.day for meeting in rows}
    project = context.session.get_one(Project, series.project_id)
    coming = shown_ahead(context.session, series, project, context.now)
    new = [found for found in coming if found.day not in known]
    for found in [*(_date(series, meeting) for meeting in rows), *new]:
        show_meeting(context, found)


def _date(series: Series, meeting: Meeting) -> Date:
    return Date(series, meeting.day, meeting.starts_at, meeting.minutes, meeting)


# --- After an undo --------------------------------------------------------------------------


@dataclass
class _Touched:
    """What an undone change had done to the rows of one series or one meeting."""

    items: list[ChangeItem] = field(default_factory=list)

    def columns(self, table: Any) -> set[str]:
        """The columns of *table* it had changed, of rows there were before."""
        kind = table.__tablename__
        return {name for item in self.items if item.kind == kind for name in item.before or {}}


def show_undone(context: Context, change: Change) -> None:
    """Let everything that shows meetings, and whoever was told, see that *change* is undone."""
    items = history.items_of(context.session, change)
    many = _touched(context, items, OF_A_SERIES, "series_id", Series)
    is_rhythm = any(RHYTHM & touched.columns(Series) for touched in many.values())
    for number, touched in _touched(context, items, OF_A_MEETING, "meeting_id", Meeting).items():
        meeting = context.session.get_one(Meeting, number)
        _forget_answers(context, touched.items)
        _show_meeting_undone(context, meeting, [] if is_rhythm else touched.items)
    for number, touched in many.items():
        _show_series_undone(context, context.session.get_one(Series, number), touched)
    for number in _touched(context, items, (SeriesRsvp,), "series_id", Series):
        show_coming(context, context.session.get_one(Series, number))


def _touched(
    context: Context, items: Iterable[ChangeItem], tables: Sequence[Any], column: str, owner: Any
) -> dict[int, _Touched]:
    """The *items* about *tables*, by the key of the row of *owner* they belong to."""
    found: dict[int, _Touched] = {}
    for item in items:
        for table in tables:
            if item.kind == table.__tablename__:
                key = item.object_id if table is owner else _owner(context, item, table, column)
                found.setdefault(key, _Touched()).items.append(item)
    return dict(sorted(found.items()))


def _owner(context: Context, item: ChangeItem, table: Any, column: str) -> int:
    row = context.session.get(table, item.object_id)
    known: int = getattr(row, column) if row is not None else (item.after or {})[column]
    return known


# --- One meeting ----------------------------------------------------------------------------


def _forget_answers(context: Context, items: Sequence[ChangeItem]) -> None:
    """What was answered to how a meeting was meanwhile is no answer to how it is again."""
    put_back = {item.object_id for item in items if item.kind == Rsvp.__tablename__}
    for item in items:
        before, after = item.before or {}, item.after or {}
        asked_at = after.get("asked_at")
        if item.kind == Meeting.__tablename__ and asked_at not in (None, before.get("asked_at")):
            moment = datetime.fromisoformat(asked_at)
            forget_since(context.session, item.object_id, moment, put_back)


def _show_meeting_undone(context: Context, meeting: Meeting, items: Sequence[ChangeItem]) -> None:
    series = context.session.get_one(Series, meeting.series_id)
    found = _date(series, meeting)
    of_it = [item for item in items if item.kind == Meeting.__tablename__]
    words = ""
    if any(_was_elsewhere(item, meeting) for item in of_it):
        when = when_words(found, series.zone)
        text = N_("{who} took that back: it takes place on {when} again")
        if found.is_cancelled:
            text = N_("{who} took that back: {when} is cancelled again")
        words = _(text).format(who=context.actor.name, when=when)
        _say(context, series, about(series, found), words, found)
        show_neighbours(context, found)
    changed = {name for item in of_it for name in TOLD if _differs(item, meeting, name)}
    for kind in {TOLD[name] for name in changed}:
        _say(context, series, about(series, found, kind), _took_back(context), found)
    for item in items:
        if item.kind == Rsvp.__tablename__ and item.after is not None:
            _say_answer(context, found, item)
    show_meeting(context, found, words)


def _say_answer(context: Context, found: Date, item: ChangeItem) -> None:
    """Let who was told of an answer that is undone know what holds instead."""
    seat = _owner(context, item, Rsvp, "invitee_id")
    before = context.session.get(Rsvp, item.object_id)
    text = ONE_DATE[before.coming] if before else N_("{who} took the answer back")
    project = context.session.get_one(Project, found.series.project_id)
    words = _(text).format(who=context.actor.name)
    message = render("notice", words=words, line=line_of(found), project=project.name)
    retell(context.session, f"{ABOUT}{call_of(found)}:{seat}", lambda _user: message, asks=True)


def _differs(item: ChangeItem, meeting: Meeting, name: str) -> bool:
    now = getattr(meeting, name)
    return bool((item.after or {}).get(name, now) != now)


def _was_elsewhere(item: ChangeItem, meeting: Meeting) -> bool:
    """Whether *meeting* was at another time before the undo, or on the plan and is off it."""
    was = item.after or {}
    starts_at = datetime.fromisoformat(was["starts_at"]) if "starts_at" in was else None
    if starts_at not in (None, meeting.starts_at) or _differs(item, meeting, "minutes"):
        return True
    states = {was.get("state", meeting.state), meeting.state}
    return states == {MeetingState.PLANNED, MeetingState.CANCELLED}


# --- A series -------------------------------------------------------------------------------


def _show_series_undone(context: Context, series: Series, touched: _Touched) -> None:
    context.session.refresh(series)
    if find(context.session, f"card:series:{series.id}") is None:
        return
    columns = touched.columns(Series)
    words = _("that was taken back: {rhythm}").format(rhythm=rhythm_words(series))
    if columns & RHYTHM or series.state is SeriesState.DRAFT:
        _say(context, series, about(series), f"{context.actor.name}: {words}")
    for kind in {TOLD[name] for name in columns & TOLD.keys()}:
        _say(context, series, about(series, kind=kind), _took_back(context))
    if series.state is SeriesState.DRAFT:
        _say(context, series, about(series, kind=INVITED), _invitation_taken(context))
    else:
        words = _people_undone(context, series, touched) or words
    announce_series(context, series, words)
    show_coming(context, series)


def _people_undone(context: Context, series: Series, touched: _Touched) -> str:
    """Tell who is not invited after all, or is again; the answer says so to the channel."""
    rows = [
        context.session.get_one(Invitee, item.object_id)
        for item in touched.items
        if item.kind == Invitee.__tablename__
        and (item.before is None or "removed_at" in item.before)
    ]
    gone = [row for row in rows if row.removed_at is not None]
    back = [row for row in rows if row.removed_at is None]
    project = context.session.get_one(Project, series.project_id)
    coming = next_dates(context.session, series, project, context.now, 1)
    text = _("{who} took that back: you are invited")
    again = text.format(who=context.actor.name)
    found = coming[0] if coming else None
    _say(context, series, about(series, kind=INVITED), _invitation_taken(context), only=gone)
    _say(context, series, about(series, kind=UNINVITED), again, found, only=back)
    told = []
    if gone:
        text = _("{names} no longer invited")
        told.append(text.format(names=", ".join(named(context.session, gone))))
    if back:
        told.append(_("{names} invited").format(names=", ".join(named(context.session, back))))
    return "; ".join(told)


def _took_back(context: Context) -> str:
    return _("{who} took that back.").format(who=context.actor.name)


def _invitation_taken(context: Context) -> str:
    return _("{who} took the invitation back.").format(who=context.actor.name)


def _say(
    context: Context,
    series: Series,
    known_as: str,
    words: str,
    found: Date | None = None,
    *,
    only: Iterable[Invitee] | None = None,
) -> None:
    """Say anew what was told last as *known_as*: to all who were told, or *only* to some."""
    message = invitation(context, series, words, found)
    people = None
    if only is not None:
        those = by_id(context.session, (invitee.person_id for invitee in only))
        people = {person.slack_id for person in those.values()}
    last: dict[str, tuple[Notice, Delivery]] = {}
    for notice, delivery in told_of(context.session, known_as):
        if delivery.channel not in last or notice.id > last[delivery.channel][0].id:
            last[delivery.channel] = notice, delivery
    for user, (notice, delivery) in last.items():
        if people is None or user in people:
            say_anew(context.session, notice, delivery, message.as_payload(), asks=True)
