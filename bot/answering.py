"""Answering an invitation: whether somebody comes is written down, and shown where it matters."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.agenda_publishing import SOON, restate
from bot.answer_notes import Desk, line_of, note
from bot.called_off import with_reason
from bot.context import Context
from bot.errors import UserError
from bot.hosting import active_series, date_of
from bot.invitations import seat_for
from bot.language import _
from bot.meeting_cards import asked_of, refresh_card, when_words
from bot.meeting_dates import Date, dates_from, meeting_on, next_by, next_dates
from bot.meetings import Coming, EarlierRule, Invitee, Series, SeriesState
from bot.messages import Message
from bot.pages import render
from bot.projects import Project
from bot.rhythm import Slot
from bot.rsvps import Said, answer, answer_series

LONGEST = 10  # digits no key in a database has


def invited_date(context: Context, series: Series | None, which: Slot | None) -> Date:
    """The meeting the actor is invited to: *which* was said, else the next of all.

    Hours behind its day may be those at which somebody cannot come.
    """
    if series is not None or (which is not None and which.day is not None):
        return date_of(context, series, which, is_loose=True)
    mine = [s for s in active_series(context) if seat_for(context.session, s, context.actor)]
    coming = [
        found
        for s in mine
        for found in next_dates(context.session, s, context.project, context.now, 1)
    ]
    if not coming:
        raise UserError(_("You are invited to no meeting here."))
    return min(coming, key=lambda found: found.starts_at)


def date_called(desk: Desk, series: Series, project: Project, day: str) -> Date:
    """The meeting of a day the rule names. Raises `UserError` where it is over."""
    for found in dates_from(desk.session, series, project, desk.now):
        if found.day.isoformat() == day:
            return found
        if found.day.isoformat() > day:
            break
    raise over()


def over() -> UserError:
    """Why nobody can answer any more."""
    return UserError(_("That meeting is over, or will not be."))


def _refusal(desk: Desk, project: Project, found: Date, said: Said) -> UserError:
    """Why nobody can answer to *found*; a button answers the same for the next there is."""
    series = found.series
    if series.state is SeriesState.DRAFT:
        return UserError(_("{title} is a draft: nobody is asked yet.").format(title=series.title))
    if series.state is SeriesState.PAUSED:
        text = _("{title} is paused: it does not take place until it is resumed.")
        return UserError(text.format(title=series.title))
    coming = next_dates(desk.session, series, project, desk.now, 1)
    if not found.is_cancelled or not coming or series.state is not SeriesState.ACTIVE:
        return over()
    when, then = when_words(found, series.zone), when_words(coming[0], series.zone)
    text = with_reason(_("{when} is cancelled").format(when=when), found.reason)
    text += ". " + _("The next is {when}.").format(when=then)
    return _offering(text, coming[0], said.coming)


def _offering(text: str, found: Date, coming: Coming) -> UserError:
    """A refusal, with the button that answers the same to *found*."""
    label = _("The same for {when}").format(when=when_words(found, found.series.zone))
    return UserError(text, line=f"meet rsvp {coming.value} {asked_of(found)}", label=label)


def require_shown(found: Date, coming: Coming, call: str) -> None:
    """Raise `UserError` where the time a button was shown with, as its *call* has it, is not that
    of the meeting now: who clicks it says nothing of how that is."""
    has_time = call.count(":") == asked_of(found).count(":")
    if found.takes_place and has_time and call != asked_of(found):
        zone = found.series.zone
        when = f"{when_words(found, zone)}–{found.ends_at.astimezone(ZoneInfo(zone)):%H:%M}"
        text = _("It is at another time than it says there: {when}.")
        raise _offering(text.format(when=when), found, coming)


def seat_of(context: Context, found: Date) -> Invitee:
    """The actor's invitation to a meeting. Raises `UserError` where they have none."""
    seat = seat_for(context.session, found.series, context.actor)
    if seat is None:
        chair = context.person(found.series.chair_id)
        text = _("You are not invited to {title}; please ask {chair}.")
        raise UserError(text.format(title=found.series.title, chair=chair.name))
    return seat


def seat_in(context: Context, number: str) -> tuple[Series, Invitee] | None:
    """The series called by its key in a button, where the actor is invited to it."""
    is_number = number.isdecimal() and len(number) < LONGEST
    series = context.session.get(Series, int(number)) if is_number else None
    seat = seat_for(context.session, series, context.actor) if series else None
    return (series, seat) if series and seat else None


# --- The one way an answer takes, from Slack and by mail --------------------------------------


def give_answer(desk: Desk, project: Project, found: Date, seat: Invitee, said: Said) -> bool:
    """Write down whether *seat* comes to the meeting of a date, and let everybody see it.

    False where something newer was said. Raises `UserError` where it will not be.
    """
    if not found.takes_place:
        raise _refusal(desk, project, found, said)
    meeting = meeting_on(desk.session, found)
    if not answer(desk.session, replace(found, meeting=meeting), seat, said):
        return False
    now_so = Date(found.series, found.day, found.starts_at, found.minutes, meeting)
    _show(desk, project, now_so)
    note(desk, project, now_so, seat, said)
    return True


def give_series_answer(
    desk: Desk, project: Project, series: Series, rule: Series | EarlierRule, seat: Invitee,
    said: Said,
) -> bool:  # fmt: skip
    """The same for every date by *rule*, but those answered to singly and those moved since."""
    if series.state is not SeriesState.ACTIVE:
        raise over()
    if not answer_series(desk.session, rule, seat, said):
        return False
    for found in next_dates(desk.session, series, project, desk.now, SOON):
        _show(desk, project, found)
    first = next_by(desk.session, series, project, rule, desk.now)
    if first is not None:
        note(desk, project, first, seat, said, rule)
    return True


def _show(desk: Desk, project: Project, found: Date) -> None:
    """Let the card and the agenda of a meeting show who comes."""
    refresh_card(desk.session, project, found, desk.now)
    restate(desk.session, project, found, desk.now)


def receipt(found: Date, coming: Coming) -> Message:
    """What somebody reads who has answered."""
    words = {
        Coming.YES: _("You will be there"),
        Coming.NO: _("You cannot come"),
        Coming.MAYBE: _("You may come"),
    }
    return render("receipt", words=words[coming], line=line_of(found), hints=[])
