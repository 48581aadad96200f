"""Hosting: which series or meeting somebody means, and whether they may run it."""

from collections.abc import Sequence
from datetime import date

from bot.context import Context
from bot.errors import UnclearError, UserError
from bot.language import _, plural
from bot.meeting_dates import (
    Date,
    dates_from,
    lasting_series,
    meeting_on,
    next_dates,
    next_meeting,
    next_of_each,
    up_to,
)
from bot.meetings import (
    Meeting,
    Series,
    SeriesState,
    ended_series,
    is_host,
    series_of,
)
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


def date_meant(context: Context, series: Series | None = None, day: date | None = None) -> Date:
    """The meeting on *day*, else the next one.

    Raises `UnclearError` where several series may be meant, `UserError` where there is none.
    """
    known = [series] if series is not None else active_series(context)
    if day is None:
        if len(known) > 1:
            raise which(known)
        return _next(context, known[0])
    found = [date_ for s in known for date_ in _dates_on(context, s, day)]
    if len(found) > 1 and len({date_.series.id for date_ in found}) > 1:
        raise which([date_.series for date_ in found])
    if not found:
        raise UserError(_no_meeting(context, known, day), field="day")
    return found[0]


def date_shown(context: Context, series: Series | None, day: date | None) -> Date:
    """The same; without any word, the next of all series."""
    if series is not None or day is not None:
        return date_meant(context, series, day)
    active_series(context)
    found = next_meeting(context.session, context.project, context.now)
    if found is None:
        text = _("There is no further meeting of {project}.")
        raise UserError(text.format(project=context.project.name))
    return found


def date_said(context: Context, series: Series | None, which: Slot | None) -> Date:
    """The same for what somebody typed. Where that is a weekday from which a meeting was moved to
    another, and one on such a day is ahead, raises `UnclearError`."""
    found = date_meant(context, series, which.day if which else None)
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
        (moment(one.starts_at, zone), project.local_date(one.starts_at).isoformat())
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
    """The meetings of *series* on *day*, where it was moved from or to."""
    near = list(up_to(dates_from(context.session, series, context.project, context.now), day))
    there = [date_ for date_ in near if context.project.local_date(date_.starts_at) == day]
    return there or [date_ for date_ in near if date_.day == day]


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
