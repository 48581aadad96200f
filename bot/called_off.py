"""What does not take place: the days a series leaves out, and why, in words."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile

from sqlalchemy.orm import Session

from bot.language import _, current
from bot.meeting_dates import Date, date_of, rows_of, rule_days
from bot.meetings import Series
from bot.messages import shortened
from bot.pages import day
from bot.projects import Project

LONGEST = 200


def with_reason(words: str, reason: str) -> str:
    """*words*, and the *reason* behind them where there is one."""
    return _("{words}, reason: {reason}").format(words=words, reason=reason) if reason else words


def days_left_out(
    session: Session, series: Series, project: Project, dates: Sequence[Date], first: date
) -> Iterator[str]:
    """The days from *first* on, up to the last of *dates*, on which there is no meeting.

    Each with the holiday it is, or why its meeting was cancelled.
    """
    since = first if series.earlier else max(first, series.first_day)
    rows = rows_of(session, [series], first)[series.id]
    known = [date_of(series, day_, row) for day_, row in rows.items()]
    off = {found.day: found for found in known if found.is_cancelled}
    last = max((found.day for found in dates), default=max(off, default=date.min))
    for skipped in takewhile(lambda d: d <= last, rule_days(series, since)):
        holiday = project.calendar.holiday_name(skipped, current()) if series.rule else None
        if holiday is not None:
            text = _("{day} is a holiday ({name}): no meeting.")
            yield text.format(day=day(skipped), name=holiday)
        elif skipped in off:
            yield _cancelled(off[skipped])


def _cancelled(found: Date) -> str:
    words = _("{day} is cancelled").format(day=day(found.day))
    reason = shortened(found.reason, LONGEST)
    return f"{words}: {reason}" if reason else f"{words}."
