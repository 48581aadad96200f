"""Succession: a series goes by another rhythm from a day on, or ends; what is known follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from uuid import uuid4

from sqlalchemy import ColumnElement, or_, select

from bot.arranging import set_rhythm
from bot.context import Context
from bot.errors import UserError
from bot.hours import Hours
from bot.language import _
from bot.meeting_cards import rhythm_words, shown_ahead, when_words
from bot.meeting_dates import Date, date_of, dates_from, meeting_on, rule_days
from bot.meetings import EarlierRule, Meeting, MeetingState, Series, SeriesState, how_of
from bot.messages import listed
from bot.pages import day as day_words
from bot.plans import moment_of
from bot.recurrence import days_of
from bot.rhythm import Rhythm
from bot.rsvps import ask_all_anew, ask_anew
from bot.telling import announce_series, tell_invitees

_DAY = timedelta(days=1)


def change_rhythm(context: Context, series: Series, when: Rhythm, since: date | None) -> str:
    """Let *series* take place by another rhythm from a day on; the answer says what changed.

    What was before stays as it was: calendars know it by the name it had.
    """
    if when.recurrence is None or series.rule is None:
        raise UserError(_("What takes place once is moved: `meet move`."), field="when")
    old_words, start = rhythm_words(series), since or _next_day(context, series)
    if start < context.today:
        raise UserError(_("{day} is in the past.").format(day=day_words(start)), field="since")
    kept = Hours(time.fromisoformat(series.at), series.minutes)
    hours = when.hours or kept
    when = replace(when, hours=replace(hours, minutes=hours.minutes or kept.minutes))
    moved = _moved(context, series, start)
    if series.state is SeriesState.DRAFT:
        set_rhythm(context, series, when, since)
    else:
        _succeed(context, series, when, start, moved)
    context.session.flush()
    words = f"{old_words} → {rhythm_words(series)}"
    if series.state is not SeriesState.DRAFT:
        words += f", {_('from {day}').format(day=day_words(series.first_day))}"
        words = _with_gone(words, series, moved)
        announce_series(context, series, words)
    if series.state is SeriesState.ACTIVE:
        tell_invitees(context, series, f"{context.actor.name}: {words}")
    return words


def _next_day(context: Context, series: Series) -> date:
    """The first day another rhythm holds on: in the week of the next meeting, so that Tuesday
    can become Monday, unless one of that week has begun; today where there is none.
    """
    week = context.today - timedelta(days=context.today.weekday())
    since = moment_of(week, time(), series.zone)
    begun = week - _DAY
    for found in dates_from(context.session, series, context.project, since):
        if found.starts_at <= context.now and not found.is_cancelled:
            begun = found.day
        elif not found.is_settled:
            monday = found.day - timedelta(days=found.day.weekday())
            return found.day if begun >= monday else max(context.today, monday)
    return context.today


Moved = Mapping[int, Date]
"""Meetings to come that somebody moved to another time, by the key of their row."""


def _moved(context: Context, series: Series, start: date) -> Moved:
    """Those that were of the day *start* or a later one."""
    rows = context.session.scalars(
        select(Meeting)
        .where(Meeting.series_id == series.id, Meeting.day >= start, _is_ahead(context))
        .order_by(Meeting.day)
    )
    known = {row.id: date_of(series, row.day, row) for row in rows}
    return {key: found for key, found in known.items() if found.is_moved}


def _is_ahead(context: Context) -> ColumnElement[bool]:
    return (Meeting.state == MeetingState.PLANNED) & (Meeting.starts_at > context.now)


def _with_gone(words: str, series: Series, moved: Moved) -> str:
    """*words*, and those of *moved* that go with the day they were of."""
    gone = [found for found in moved.values() if found.is_cancelled]
    if not gone:
        return words
    text = _("{words}. Gone with it, though moved by hand: {meetings}.")
    meetings = listed([when_words(found, series.zone) for found in gone])
    return text.format(words=words.rstrip("."), meetings=meetings)


@dataclass(frozen=True)
class _Break:
    """Where what was planned so far ends: with the day *start*, and what it says of the days up to
    *last* but for what was *moved* by hand to before it."""

    start: date
    begins: datetime
    last: date
    moved: Moved

    @classmethod
    def at(cls, series: Series, start: date, first: date, moved: Moved) -> "_Break":
        """The one at *start*, where another rhythm goes on at the day *first*."""
        begins = moment_of(start, time(), series.zone)
        early = (found.day for found in moved.values() if found.starts_at < begins)
        # A day is named by one rule: what was moved from one of the new rule's days goes.
        last = max((day for day in early if start <= day < first), default=start - _DAY)
        return cls(start, begins, last, moved)

    def leaves(self, day: date) -> bool:
        """Whether there is a meeting on *day* where a rule names it."""
        return not self.start <= day <= self.last

    def keeps(self, meeting: Meeting) -> bool:
        """Whether *meeting* was moved to before it."""
        is_before = meeting.day <= self.last and meeting.starts_at < self.begins
        return meeting.id in self.moved and is_before


def _succeed(context: Context, series: Series, when: Rhythm, start: date, moved: Moved) -> None:
    """Keep the rule so far until *start*, and go by another from then on."""
    if when.recurrence is None:
        raise ValueError("what takes place once is moved")
    last_day = series.last_day
    first = next(days_of(replace(when.recurrence, interval=1).rule(), start))
    at = _Break.at(series, start, first, moved)
    _keep_known(context, series, at)
    was, hows = series.how, _hows(context, series, start)
    _cut(context, series, at.last)
    if series.first_day <= at.last:
        kept = EarlierRule(
            series_id=series.id, rule=series.rule, first_day=series.first_day,
            last_day=min(at.last, last_day or date.max), at=series.at,
            minutes=series.minutes, zone=series.zone, uid=series.uid, asked_at=series.asked_at,
        )  # fmt: skip
        series.earlier.append(kept)
        series.uid, was = str(uuid4()), ""
        series.asked_at = series.asked_before = series.told = None
    set_rhythm(context, series, when, start)
    series.last_day = last_day
    if was:
        ask_all_anew(context.session, series, was, context.now)
    context.session.flush()
    _follow(context, series, start, at, hows)


def _cut(context: Context, series: Series, last: date) -> None:
    """Let earlier rules end with the day *last*."""
    for rule in list(series.earlier):
        if rule.first_day > last:
            series.earlier.remove(rule)
            context.session.delete(rule)
        else:
            rule.last_day = min(rule.last_day, last)
    context.session.flush()


def _keep_known(context: Context, series: Series, at: _Break) -> None:
    """What the channel has a card of is known, so that its card can say what becomes of it; so is
    what the rule has on days that are left out."""
    for found in shown_ahead(context.session, series, context.project, context.now):
        meeting_on(context.session, found)
    for day in takewhile(lambda day: day <= at.last, rule_days(series, at.start)):
        meeting_on(context.session, date_of(series, day, None))


Hows = Mapping[int, str]
"""How meetings are (`how_of`), by the key of their row."""


def _known(context: Context, series: Series, first: date) -> Sequence[Meeting]:
    """The meetings from the day *first* on that go by the rules, those left out too."""
    is_theirs = or_(_is_ahead(context), Meeting.left_out)
    known = select(Meeting).where(Meeting.series_id == series.id, Meeting.day >= first, is_theirs)
    return context.session.scalars(known).all()


def _hows(context: Context, series: Series, first: date) -> Hows:
    return {row.id: how_of(series, row) for row in _known(context, series, first)}


def _follow(context: Context, series: Series, first: date, at: _Break, hows: Hows) -> None:
    """Meetings known already, from the day *first* on, are when the rules say or where they were
    moved to by hand; else they are left out.

    One that was left out before takes place again where the rules name its day again. Where one is
    otherwise than *hows* has it, or calendars know it by another name, everybody is asked anew.
    """
    rows = _known(context, series, first)
    last = max((meeting.day for meeting in rows), default=first)
    named = takewhile(lambda day: day <= last, rule_days(series, first))
    days = {day for day in named if at.leaves(day)}
    for meeting in rows:
        if meeting.day not in days and not at.keeps(meeting):
            meeting.state, meeting.left_out = MeetingState.CANCELLED, True
        elif meeting.id not in at.moved:
            usual = date_of(series, meeting.day, None)
            meeting.state, meeting.left_out = MeetingState.PLANNED, False
            meeting.starts_at, meeting.minutes = usual.starts_at, usual.minutes
        else:
            continue
        if hows[meeting.id] != how_of(series, meeting):
            ask_anew(context.session, series, meeting, hows[meeting.id], context.now)
    context.session.flush()


def end_series(context: Context, series: Series, since: date | None) -> str:
    """Let *series* have no more meetings from a day on; the answer says so."""
    start = since or context.today
    if start < context.today:
        raise UserError(_("{day} is in the past.").format(day=day_words(start)), field="since")
    was_active = series.state is SeriesState.ACTIVE
    # A later end brings back what the one before left out.
    first = start if series.last_day is None else context.today
    moved = _moved(context, series, first)
    at = _Break.at(series, start, date.max, moved)
    _keep_known(context, series, at)
    hows = _hows(context, series, first)
    _cut(context, series, at.last)
    series.last_day = at.last
    if start <= context.today:
        series.state = SeriesState.ENDED
    context.session.flush()
    _follow(context, series, first, at, hows)
    text = _("{title} has ended.") if start <= context.today else _("{title} ends before {day}.")
    words = _with_gone(text.format(title=series.title, day=day_words(start)), series, moved)
    if was_active:
        announce_series(context, series, words)
        tell_invitees(context, series, f"{context.actor.name}: {words}")
    return words
