"""Carrying on: which meeting takes a topic that another did not finish, and what is said of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.agenda import AgendaItem, ItemState, topic_of
from bot.delivery.notices import Item
from bot.language import N_, _
from bot.meeting_dates import Date, lasting_series, next_planned
from bot.meetings import Meeting, Series, SeriesState
from bot.messages import Button, Message, item, shortened
from bot.pages import day
from bot.projects import Project
from bot.typed import Line, escape, quoted

LINE_SHOWN = 300
TITLE_SHOWN = 40
CHOICES = 3
"""So many meetings are offered to take a topic whose own has no further date."""


def taker_in(session: Session, project: Project, series: Series, now: datetime) -> Date | None:
    """The meeting of *series* that takes what waits; None where there is no further one."""
    if series.state is SeriesState.ENDED:
        return None
    return next_planned(session, series, project, now)


def other_takers(
    session: Session, project: Project, series: Series, now: datetime
) -> Sequence[Date]:
    """The next meetings of the project's other series, the nearest first."""
    coming = lasting_series(session, project, project.local_date(now))
    others = [one for one in coming if one.state is SeriesState.ACTIVE and one.id != series.id]
    found = [next_planned(session, one, project, now) for one in others]
    dates = [one for one in found if one is not None]
    return sorted(dates, key=lambda one: one.starts_at)[:CHOICES]


def series_with(session: Session, left: AgendaItem) -> Series:
    """The series in which the topic of *left* waits, or would."""
    topic = topic_of(session, left)
    if topic is not None:
        return session.get_one(Series, topic.series_id)
    return session.get_one(Series, session.get_one(Meeting, left.meeting_id).series_id)


def unfinished(session: Session, project: Project, left: AgendaItem, now: datetime) -> Item:
    """A topic the meeting did not finish, and what may become of it."""
    ref = f"item={left.id} in {project.key}"
    title = shortened(left.public_title, LINE_SHOWN)
    series = series_with(session, left)
    taker = taker_in(session, project, series, now)
    words = f"{_becomes(session, project, left, series, taker)}: {title}"
    prefilled = Line(quoted(shortened(left.public_title, 1000))).encoded()
    carry = [Button(_("Carry"), f"meet carry {ref}")]
    if taker is None:
        text = _("Carry to {title}")
        carry = [
            Button(text.format(title=shortened(one.series.title, TITLE_SHOWN)),
                   f"meet carry to {one.series.number} {ref}")
            for one in other_takers(session, project, series, now)
        ]  # fmt: skip
    buttons = [
        *carry,
        Button(_("Drop"), f"meet drop {ref}"),
        Button(_("Action …"), f"form meet action {ref} {prefilled}"),
    ]
    message = Message(escape(words), [item(words)]).with_buttons(buttons)
    return Item(message, left_about(left))


def _becomes(
    session: Session, project: Project, left: AgendaItem, series: Series, taker: Date | None
) -> str:
    if left.state is not ItemState.CARRIED:
        return _(_BECOMES.get(left.state, left.state.value))
    if taker is None:
        text = _("Not finished, and there is no further meeting of {title}")
        return text.format(title=shortened(series.title, TITLE_SHOWN))
    if series.id == session.get_one(Meeting, left.meeting_id).series_id:
        return _("Not finished, so carried to the next meeting")
    on = day(project.local_date(taker.starts_at))
    text = _("Not finished, so carried to {title}, {day}")
    return text.format(title=shortened(series.title, TITLE_SHOWN), day=on)


_BECOMES = {ItemState.DROPPED: N_("Dropped")}


def left_about(left: AgendaItem) -> str:
    """What a notice is about that asks what becomes of an item."""
    return f"agenda-item:{left.id}"
