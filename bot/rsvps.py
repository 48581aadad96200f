"""RSVPs: what the invited said to a meeting or to all of a series, and which answer holds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.history import Audited
from bot.meeting_dates import Date, meeting_on
from bot.meetings import (
    Asked,
    Coming,
    EarlierRule,
    Invitee,
    Meeting,
    Rsvp,
    Rule,
    Series,
    SeriesState,
    how_of,
    rule_on,
)

AN_INSTANT = timedelta(microseconds=1)
"""So much before a change is what was answered at the same moment."""


class SeriesRsvp(Audited, Base):
    """What an invitee answered to every date calendars know by *uid*, but those answered singly.

    *by_id* is who answered for them, where that was somebody else.
    *asked_at* is how new what they answered to was: a date that was moved since asks anew. So
    there may be several: a later one to an older state leaves the dates moved since to one before.
    """

    __tablename__ = "series_rsvp"
    __table_args__ = (Index("ix_series_rsvp_invitee_id_uid", "invitee_id", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    invitee_id: Mapped[int] = mapped_column(ForeignKey("invitee.id"))
    uid: Mapped[str]
    coming: Mapped[Coming]
    remark: Mapped[str | None]
    at: Mapped[datetime]
    sequence: Mapped[int]
    asked_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


@dataclass(frozen=True)
class Said:
    """An answer, *at* which moment; *sequence* is that of the event in the calendar it was given
    in, for answers of the same moment. *by_id* is who answered for somebody else. What they
    answered to was as new as *asked_at*; as the answer, where that is not said."""

    coming: Coming
    remark: str
    at: datetime
    sequence: int = 0
    by_id: int | None = None
    asked_at: datetime | None = None

    @property
    def is_to(self) -> datetime:
        """How new what was answered to was."""
        return self.asked_at or self.at

    def holds_over(self, row: Rsvp | SeriesRsvp) -> bool:
        """Whether it is the newer one.

        What was answered to an older state of a date that was moved since is no answer to it: who
        takes answers sees to that. A newer state alone says nothing: one number counts the changes
        of all dates, and a calendar learns only the one of those it was told of.
        """
        return (self.at, self.sequence) >= (row.at, row.sequence)


def answer(session: Session, found: Date, invitee: Invitee, said: Said) -> bool:
    """Write down what *invitee* says to the meeting of a date.

    False where something newer was said, or it is otherwise since: that may be taken back.
    """
    _take_turns(session, invitee)
    meeting = meeting_on(session, found)
    is_now = _is_to_date(found, said.is_to)
    row = session.scalar(
        select(Rsvp).where(Rsvp.meeting_id == meeting.id, Rsvp.invitee_id == invitee.id)
    )
    if row is None:
        row = Rsvp(meeting_id=meeting.id, invitee_id=invitee.id)
    else:
        was_now = _is_to_date(found, row.asked_at)
        if was_now > is_now or (was_now == is_now and not said.holds_over(row)):
            return False
    _keep(session, row, said)
    return is_now


def answer_series(
    session: Session, rule: Series | EarlierRule, invitee: Invitee, said: Said
) -> bool:
    """Write down what *invitee* says to all dates by *rule*.

    False where something newer was said, or the rule is another since: that may be taken back.
    """
    _take_turns(session, invitee)
    rows = session.scalars(
        select(SeriesRsvp)
        .where(SeriesRsvp.uid == rule.uid, SeriesRsvp.invitee_id == invitee.id)
        .order_by(SeriesRsvp.id)
    ).all()
    if any(row.asked_at >= said.is_to and not said.holds_over(row) for row in rows):
        return False
    outdone = (row for row in rows if row.asked_at <= said.is_to and said.holds_over(row))
    row = next(outdone, None)
    if row is None:
        row = SeriesRsvp(series_id=invitee.series_id, uid=rule.uid, invitee_id=invitee.id)
    _keep(session, row, said)
    return _is_to(rule, said.is_to)


def _take_turns(session: Session, invitee: Invitee) -> None:
    """Who answers twice at once has one answer."""
    mine = select(Invitee.id).where(Invitee.id == invitee.id)
    session.execute(mine.with_for_update(key_share=True))


def _keep(session: Session, row: Rsvp | SeriesRsvp, said: Said) -> None:
    row.coming, row.remark = said.coming, said.remark or None
    row.at, row.sequence, row.by_id = said.at, said.sequence, said.by_id
    row.asked_at = said.is_to
    session.add(row)
    session.flush()


Answers = dict[int, Rsvp | SeriesRsvp]
"""By invitee."""


def answers_to(session: Session, found: Date) -> Answers:
    """What holds for the meeting of a date: what was said to it, else to all of its series."""
    return answers_by_date(session, [found])[0]


def answers_by_date(session: Session, dates: Sequence[Date]) -> list[Answers]:
    """The same for each of *dates*, in two queries for all."""
    to_all: defaultdict[str, list[SeriesRsvp]] = defaultdict(list)
    wanted = {found.series.id for found in dates}
    rows = select(SeriesRsvp).where(SeriesRsvp.series_id.in_(wanted))
    for row in session.scalars(rows.order_by(SeriesRsvp.at, SeriesRsvp.sequence)):
        to_all[row.uid].append(row)
    meetings = {found.meeting.id for found in dates if found.meeting is not None}
    single: defaultdict[int, Answers] = defaultdict(dict)
    for answer_ in session.scalars(select(Rsvp).where(Rsvp.meeting_id.in_(meetings))):
        single[answer_.meeting_id][answer_.invitee_id] = answer_
    return [_holding(found, to_all, single) for found in dates]


def _holding(
    found: Date, to_all: Mapping[str, list[SeriesRsvp]], single: Mapping[int, Answers]
) -> Answers:
    rule, meeting = rule_on(found.series, found.day), found.meeting
    asked = (rule, meeting) if meeting is not None else (rule,)
    holding: Answers = {
        row.invitee_id: row
        for row in to_all.get(rule.uid, ())
        if all(_is_to(one, row.asked_at) for one in asked)
    }
    if meeting is None:
        return holding
    rows = single.get(meeting.id, {})
    return holding | {key: row for key, row in rows.items() if _is_to_date(found, row.asked_at)}


def _is_to(asked: Asked, asked_at: datetime) -> bool:
    """Whether what was answered to the state of *asked_at* is to how *asked* is now."""
    return asked.asked_at is None or asked_at >= asked.asked_at


def _is_to_date(found: Date, asked_at: datetime) -> bool:
    """The same for one date: one that was moved by hand does not go by its rule any more."""
    meeting = found.meeting
    if meeting is not None and meeting.asked_at is not None:
        return _is_to(meeting, asked_at)
    return _is_to(rule_on(found.series, found.day), asked_at)


def ask_anew(session: Session, series: Series, meeting: Meeting, was: str, now: datetime) -> None:
    """Let everybody say anew whether they come to a meeting that *was* otherwise (`how_of`)."""
    _ask(session, meeting, was, how_of(series, meeting), now)


def ask_all_anew(session: Session, series: Series, was: str, now: datetime) -> None:
    """The same for all dates of *series*, whose rule *was* another."""
    _ask(session, series, was, series.how, now)


def ask_about_all(session: Session, series: Series, now: datetime) -> None:
    """The same for all there is of *series*, which goes on after it was paused; ask about nothing
    while it is."""
    ahead = (Meeting.series_id == series.id) & (Meeting.starts_at > now)
    rules: list[Rule] = [*series.earlier, series]
    asked: list[tuple[Rule | Meeting, str]] = [(rule, rule.how) for rule in rules]
    asked += [(one, how_of(series, one)) for one in session.scalars(select(Meeting).where(ahead))]
    for one, how in asked:
        was, is_now = ("", how) if series.state is SeriesState.ACTIVE else (how, "")
        if how:
            _ask(session, one, was, is_now, now)


def _ask(session: Session, asked: Rule | Meeting, was: str, how: str, now: datetime) -> None:
    """Ask anew about what *was* otherwise, unless it is again how calendars have it: what was
    answered to that counts again, and what was answered to how it was in between does not."""
    rows: Select[Rsvp] | Select[SeriesRsvp]
    is_between = bool(was) and asked.told is not None and asked.asked_at is not None
    since = asked.asked_at if is_between and asked.asked_at is not None else now
    if isinstance(asked, Meeting):
        rows = select(Rsvp).where(Rsvp.meeting_id == asked.id, Rsvp.asked_at >= since)
    else:
        rows = select(SeriesRsvp).where(SeriesRsvp.uid == asked.uid, SeriesRsvp.asked_at >= since)
    for row in session.scalars(rows).all():
        if is_between:
            session.delete(row)
        else:
            row.asked_at = now - AN_INSTANT
    asked.ask_anew(was, how, now)
    session.flush()


def forget_since(session: Session, meeting_id: int, moment: datetime, but: Set[int]) -> None:
    """Drop what was answered to how a meeting was from *moment* on, *but* some."""
    to_it = (Rsvp.meeting_id == meeting_id) & (Rsvp.asked_at >= moment) & Rsvp.id.not_in(but)
    for row in session.scalars(select(Rsvp).where(to_it)).all():
        session.delete(row)
    session.flush()


def calendars_know(session: Session, series_id: int) -> None:
    """Take it that calendars are told how a series is: what is changed back later asks anew."""
    known = {"told": None, "asked_before": None}
    is_told = Series.id == series_id, Series.told.is_not(None)
    session.execute(update(Series).where(*is_told).values(known))
    was = EarlierRule.series_id == series_id, EarlierRule.told.is_not(None)
    session.execute(update(EarlierRule).where(*was).values(known))
    is_of_it = Meeting.series_id == series_id, Meeting.told.is_not(None)
    session.execute(update(Meeting).where(*is_of_it).values(known))
