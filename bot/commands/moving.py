"""Moving meetings: to another time, off the plan, by another rhythm, to an end."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from bot.agenda_publishing import restate
from bot.arguments import IncompleteError
from bot.arranging import place_said
from bot.called_off import with_reason
from bot.command import Command, Reply
from bot.context import Context
from bot.date_names import name_of
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import date_said, is_date, require_host, series_meant
from bot.language import N_, _
from bot.meeting_cards import LOOKED_AT, collision_hints, series_page, when_words
from bot.meeting_dates import Date, next_dates
from bot.meeting_fields import Of, Which
from bot.meetings import Series, SeriesState
from bot.messages import Button, said
from bot.pages import day as day_words
from bot.pages import render
from bot.rescheduling import (
    as_it_is,
    cancel_meeting,
    change_place,
    change_usual_place,
    move_meeting,
    restore_meeting,
)
from bot.restating import show_coming, show_meeting, show_neighbours
from bot.rhythm import Rhythm, Slot
from bot.rsvps import ask_about_all
from bot.succession import change_rhythm, end_series
from bot.telling import announce_series, tell_invitees

SLOT = N_("wed 14:00 · 2 dec 10:00-11:00 · 11:00")
To = Annotated[Slot | None, Field(N_("To"), ("to", "auf", "nach"), "to wed 14:00", hint=SLOT)]
Reason = Annotated[str, Field(N_("Reason"), shown="REASON", long=True)]
RHYTHM = N_("every wed 11:00 · every 2 weeks on tue 10:00")
When = Annotated[Rhythm, Field(N_("When"), ("when",), "every wed 11:00", hint=RHYTHM)]
Since = Annotated[date | None, Field(N_("From"), ("from", "since", "ab"), "from DATE")]
On = Annotated[Slot | None, Field(N_("Which day"), ("on", "am"), "on DAY")]
Place = Annotated[str, Field(N_("Place or link"), shown="WHERE|none")]


def extend(command: Command) -> None:
    """Add to the command of meetings what changes when they are."""
    dates = command.group(N_("Dates"))
    series = command.group(N_("Series"))
    dates.verb("move", N_("one meeting to another time"), "tue to wed 14:00",
               has_form=True, is_asked=True)(move)  # fmt: skip
    dates.verb("cancel", N_("one meeting will not be"), "tue because of the fair",
               is_asked=True)(cancel)  # fmt: skip
    dates.verb("restore", N_("a cancelled one takes place after all"), "tue")(restore)
    dates.verb("place", N_("where it is, or one meeting of it"), "Room 7")(place)
    series.verb("change", N_("another rhythm, from a day on"), "every wed 11:00 from 1 dec",
                has_form=True)(change)  # fmt: skip
    series.verb("end", N_("no more meetings, from now or from a day on"), "from 1 feb",
                has_form=True, is_asked=True)(end)  # fmt: skip
    series.verb("pause", N_("it does not take place until it is resumed"), "")(pause)
    series.verb("resume", N_("let a paused series go on"), "")(resume)


def move(
    context: Context,
    which: Which = None,
    to: To = None,
    reason: Reason = "",
    *,
    of: Of = None,
) -> Reply:
    if to is None and which is not None and which.hours and not is_date(context, of, which):
        which, to = None, which
    if to is None:
        raise IncompleteError(_("To when? Such as `meet move tue to wed 14:00`."), field="to")
    found = _hosted(context, of, which)
    words = move_meeting(context, found, to, reason)
    moved = as_it_is(context, found)
    show_neighbours(context, moved)
    return _receipt(context, moved, words, _collisions(context, [moved]))


def cancel(
    context: Context,
    which: Which = None,
    reason: Reason = "",
    *,
    of: Of = None,
) -> Reply:
    found = _hosted(context, of, which)
    cancel_meeting(context, found, reason)
    when = when_words(found, found.series.zone)
    words = with_reason(_("{when} cancelled").format(when=when), reason)
    return _receipt(context, found, words)


def restore(context: Context, which: Which = None, *, of: Of = None) -> Reply:
    found = date_said(context, of, which, lambda one: one.is_cancelled)
    require_host(context, found.meeting or found.series)
    restore_meeting(context, found)
    when = when_words(found, found.series.zone)
    words = _("{when} takes place after all").format(when=when)
    return _receipt(context, found, words, _collisions(context, [found]))


def _collisions(context: Context, dates: Sequence[Date]) -> list[str]:
    return collision_hints(context.session, context.project, dates)


def _hosted(context: Context, of: Series | None, which: Slot | None) -> Date:
    """The date meant, where the actor may run its meeting."""
    found = date_said(context, of, which)
    require_host(context, found.meeting or found.series)
    return found


def _receipt(context: Context, found: Date, words: str, more: Sequence[str] = ()) -> Reply:
    restate(context.session, context.project, found, context.now)
    holiday = context.calendar.holiday_name(context.project.local_date(found.starts_at))
    hints = [*more]
    if holiday is not None and not found.is_cancelled:
        text = _("{day} is a holiday: {name}.")
        day = context.project.local_date(found.starts_at)
        hints.append(text.format(day=day_words(day), name=holiday))
    if found.series.state is SeriesState.ACTIVE:
        hints.append(_("Everybody invited who is in Slack is told."))
    message = render("receipt", words=words, line=found.series.title, hints=hints)
    name = name_of(context.session, context.project, found)
    return Reply(message, (Button(_("Show"), f"meet show {name.words}"),))


def place(context: Context, where: Place, *, which: On = None, of: Of = None) -> Reply:
    if which is not None:
        found = _hosted(context, of, which)
        words = change_place(context, found, place_said(where))
        found = as_it_is(context, found)
        show_meeting(context, found, f"{context.actor.name}: {words}")
        return _receipt(context, found, f"{when_words(found, found.series.zone)}: {words}")
    series = series_meant(context, of)
    require_host(context, series)
    words = change_usual_place(context, series, place_said(where))
    if series.state is not SeriesState.DRAFT:
        announce_series(context, series, words)
        show_coming(context, series)
    return Reply(said(words) + series_page(context.session, context.project, series, context.now))


def change(context: Context, *, when: When, since: Since = None, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    words = change_rhythm(context, series, when, since)
    show_coming(context, series)
    coming = next_dates(context.session, series, context.project, context.now, LOOKED_AT)
    hints = _collisions(context, coming)
    page = series_page(context.session, context.project, series, context.now, hints)
    return Reply(said(words) + page)


def end(context: Context, *, since: Since = None, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    if series.state is SeriesState.DRAFT:
        text = _("{title} is a draft: nobody is invited yet. `meet discard` throws it away.")
        ref = f"of {series.number} in {context.project.key}"
        raise UserError(
            text.format(title=series.title), line=f"meet discard {ref}", label=_("Discard")
        )
    words = end_series(context, series, since)
    show_coming(context, series)
    return Reply(said(words))


def pause(context: Context, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    if series.state is not SeriesState.ACTIVE:
        raise UserError(_("{title} does not take place just now.").format(title=series.title))
    return _set(context, series, SeriesState.PAUSED, _("{title} is paused."))


def resume(context: Context, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    if series.state is not SeriesState.PAUSED:
        raise UserError(_("{title} is not paused.").format(title=series.title))
    return _set(context, series, SeriesState.ACTIVE, _("{title} goes on."))


def _set(context: Context, series: Series, state: SeriesState, text: str) -> Reply:
    series.state = state
    ask_about_all(context.session, series, context.now)
    words = text.format(title=series.title)
    announce_series(context, series, words)
    tell_invitees(context, series, f"{context.actor.name}: {words}")
    show_coming(context, series)
    return Reply(said(words))
