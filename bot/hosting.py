"""Hosting: which series or meeting somebody means, and whether they may run it."""

from collections.abc import Callable, Sequence
from datetime import date, time
from typing import Any

from bot.context import Context
from bot.date_names import begun_at, dates_on, hour_of_date, hour_option, name_of
from bot.errors import UnclearError, UserError
from bot.language import _, plural
from bot.meeting_dates import (
    Date,
    lasting_series,
    meeting_on,
    next_dates,
    next_meeting,
    next_of_each,
)
from bot.meetings import (
    Meeting,
    Series,
    SeriesState,
    ended_series,
    is_host,
    series_of,
)
from bot.messages import listed
from bot.pages import day as day_words
from bot.pages import moment
from bot.rhythm import Slot
from bot.rights import Right
from bot.series_names import SeriesName, choice_of, named_series


def leading_series(context: Context, name: SeriesName) -> tuple[Series, int] | None:
    """The series of the project *name* starts with, and where that ends."""
    if context.chosen is None:
        return None
    known = [*series_of(context.session, context.project)]
    if name.may_be_over:
        known += ended_series(context.session, context.project)
    return named_series(known, name, context.project.name)


def current_series(context: Context) -> list[Series]:
    """The series of the project that are not over, drafts and paused ones too."""
    session, project, today = context.session, context.project, context.today
    known = [s for s in lasting_series(session, project, today) if not s.has_ended(today)]
    once = [series for series in known if series.rule is None]
    coming = next_of_each(session, once, project, context.now)
    return [series for series in known if series.rule is not None or series.id in coming]


def active_series(context: Context) -> Sequence[Series]:
    """The series of the project that take place. Raises `UserError` where there is none."""
    known = current_series(context)
    active = [s for s in known if s.state is SeriesState.ACTIVE]
    if active:
        return active
    raise _none_ahead(context, known)


def _none_ahead(context: Context, known: Sequence[Series]) -> UserError:
    """That no meeting is ahead, and how there is one: of what is paused, a draft, or a new one."""
    words = _("{project} has no meeting ahead.").format(project=context.project.name)
    if paused := [s for s in known if s.state is SeriesState.PAUSED]:
        return is_paused(context, paused, words)
    line, label = f"form meet new in {context.project.key}", _("New meeting …")
    drafts = [s for s in known if s.state is SeriesState.DRAFT]
    if len(drafts) == 1:
        told = _("{title} is a draft: nobody is told of it yet.").format(title=drafts[0].title)
        words = f"{words} {told}"
        line, label = f"meet invite of {drafts[0].number} in {context.project.key}", _("Invite")
    elif drafts:
        words = f"{words} {_('There are drafts only.')}"
        line, label = f"meet list in {context.project.key}", _("Meetings")
    return UserError(words, line=line, label=label)


def is_paused(context: Context, paused: Sequence[Series], words: str = "") -> UserError:
    """That there is nothing, as *words* say, because series are *paused*, and how they go on."""
    text = plural(
        "{titles} is paused: `meet resume` lets it go on.",
        "{titles} are paused: `meet resume` lets one go on.",
        len(paused),
    )
    told = text.format(titles=", ".join(series.title for series in paused))
    of = f"of {paused[0].number} " if len(paused) == 1 else ""
    line = f"meet resume {of}in {context.project.key}"
    return UserError(f"{words} {told}".lstrip(), line=line, label=_("Resume"))


def series_called(context: Context, number: int) -> Series:
    """The series of the project with that number. Raises `UserError` where there is none."""
    for series in series_of(context.session, context.project):
        if series.number == number:
            return series
    raise UserError(_("There is no meeting {number} here.").format(number=number))


def series_meant(
    context: Context, series: Series | None, among: Sequence[Series] | None = None
) -> Series:
    """*series*, else the only one of those *among* which it is: all there are, unless told.

    Raises `UnclearError` where there are several.
    """
    if series is not None:
        return series
    known = among or current_series(context)
    if len(known) == 1:
        return known[0]
    if not known:
        return active_series(context)[0]
    raise which(known)


def which(known: Sequence[Series]) -> UnclearError:
    """Ask which of several series is meant."""
    choices = tuple((choice_of(s), f"of {s.number}") for s in known)
    return UnclearError(_("Which meeting?"), choices)


def _is_ahead(found: Date) -> bool:
    return not found.is_settled


def date_meant(
    context: Context,
    series: Series | None = None,
    day: date | None = None,
    at: time | None = None,
    *,
    said: str = "",
    is_loose: bool = False,
    rather: Callable[[Date], bool] = _is_ahead,
) -> Date:
    """The meeting on *day*, the one *at* that hour where it is told; else the next one.

    Raises `UnclearError` where several may be meant, `UserError` where there is none. *said* is
    how day and hour were typed together, where they were. Where it *is_loose*, the hour only
    chooses between several. Of several on a day, those are meant *rather* for which that holds.
    """
    known = [series] if series is not None else active_series(context)
    if day is None:
        if len(known) > 1:
            raise which(known)
        found = _next(context, known[0])
        if at is None or is_loose:
            return found
        day = context.project.local_date(found.starts_at)
    there = [d for s in known for d in _dates_on(context, s, day)]
    if not there:
        raise UserError(_no_meeting(context, known, day), field="day")
    fitting = begun_at(there, at) if at else there
    if not fitting and not is_loose:
        raise _which_of_day(context, there, day, at, said)
    fitting = fitting or there
    if len({found.series.id for found in fitting}) > 1:
        raise which([found.series for found in fitting])
    meant = [found for found in fitting if rather(found)] or fitting
    if len({found.starts_at for found in meant}) > 1:
        raise _which_of_day(context, meant, day, at, said)
    return min(meant, key=lambda found: found.day != day)


def _which_of_day(
    context: Context, dates: Sequence[Date], day: date, at: time | None, said: str
) -> UnclearError:
    """Ask which of the *dates* of a day is meant, in the words that name a day there."""
    dates = sorted(dates, key=lambda found: found.starts_at)
    hours = listed([f"{hour_of_date(found):%H:%M}" for found in dates])
    told = _("Which one on {day}: {hours}?").format(day=day_words(day), hours=hours)
    if at is not None and not begun_at(dates, at):
        text = _("There is no meeting on {day} at {at}, but at {hours}. Is that the one?")
        told = text.format(day=day_words(day), at=f"{at:%H:%M}", hours=hours)
    choices = []
    for found in dates:
        words = hour_option(hour_of_date(found))
        if said:
            words = name_of(context.session, context.project, found).moment
        choices.append((moment(found.starts_at, found.series.zone), words))
    typed = said or (hour_option(at) if at else "")
    return UnclearError(told, tuple(choices), instead=typed, is_exact=bool(said))


def date_shown(
    context: Context,
    series: Series | None,
    day: date | None,
    at: time | None = None,
    *,
    said: str = "",
) -> Date:
    """The same; without any word, the next of all series."""
    if series is not None or day is not None:
        return date_meant(context, series, day, at, said=said)
    active_series(context)
    found = next_meeting(context.session, context.project, context.now)
    if found is None:
        text = _("There is no further meeting of {project}.")
        raise UserError(text.format(project=context.project.name))
    return found


def date_of(context: Context, series: Series | None, which: Slot | None, **how: Any) -> Date:
    """As `date_meant`, for a day and hours as somebody typed them."""
    which = which or Slot()
    return date_meant(context, series, which.day, which.at, said=which.said, **how)


def is_date(context: Context, series: Series | None, which: Slot) -> bool:
    """Whether there is a meeting at just the day and hours that were typed."""
    if which.day is None or which.at is None:
        return False
    known = [series] if series is not None else active_series(context)
    there = [d for s in known for d in _dates_on(context, s, which.day)]
    return any(hour_of_date(found) == which.at for found in there)


def date_said(
    context: Context,
    series: Series | None,
    which: Slot | None,
    rather: Callable[[Date], bool] = _is_ahead,
) -> Date:
    """The same. Where that is a weekday from which a meeting was moved to another, and one on such
    a day is ahead, raises `UnclearError`."""
    found = date_of(context, series, which, rather=rather)
    if which is None or which.weekday is None or found.is_settled:
        return found
    project, zone = context.project, found.series.zone
    if project.local_date(found.starts_at) == which.day:
        return found
    coming = next_dates(context.session, found.series, project, context.now, _LOOKED_AT)
    days = [(one, project.local_date(one.starts_at)) for one in coming]
    others = [one for one, day in days if day.weekday() == which.weekday]
    if not others:
        return found
    text = _("{day} was moved to {moment}. Which one?")
    told = text.format(day=day_words(found.day), moment=moment(found.starts_at, zone))
    choices = tuple(
        (moment(one.starts_at, zone), name_of(context.session, project, one).moment)
        for one in (found, others[0])
    )
    raise UnclearError(told, choices, instead=which.said, is_exact=True)


_LOOKED_AT = 10


def _next(context: Context, series: Series) -> Date:
    coming = next_dates(context.session, series, context.project, context.now, 1)
    if not coming:
        text = _("There is no further meeting of {title}.")
        raise UserError(text.format(title=series.title))
    return coming[0]


def _dates_on(context: Context, series: Series, day: date) -> list[Date]:
    return dates_on(context.session, series, context.project, context.now, day)


def _no_meeting(context: Context, known: Sequence[Series], day: date) -> str:
    coming = sorted(
        (d for s in known for d in next_dates(context.session, s, context.project, context.now, 3)),
        key=lambda date_: date_.starts_at,
    )
    shown = ", ".join(day_words(context.project.local_date(d.starts_at)) for d in coming[:3])
    text = _("There is no meeting on {day}.")
    if shown:
        text += " " + _("The next: {days}.")
    return text.format(day=day_words(day), days=shown)


def require_host(context: Context, meeting: Meeting | Series) -> None:
    """Raise `RefusedError` unless the actor may run *meeting*: its chair, its minute taker, lead
    or office."""
    if not is_host(context.actor, meeting):
        context.require(Right.HOST)


def meeting_of(
    context: Context, series: Series | None = None, day: date | None = None, *, hosts: bool = True
) -> Meeting:
    """The one door to a meeting: the one on *day*, else the next; its row is made where there
    is none.

    Unless not *hosts*, raises `RefusedError` for who may not run it.
    """
    found = date_meant(context, series, day)
    if hosts:
        require_host(context, found.meeting or found.series)
    return meeting_on(context.session, found)
