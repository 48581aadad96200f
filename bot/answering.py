"""Answering an invitation: whether somebody comes is written down, and shown where it matters."""

from datetime import date

from bot.context import Context
from bot.delivery.notices import tell
from bot.errors import UserError
from bot.hosting import active_series, date_meant
from bot.invitations import answer, seat_for
from bot.language import _
from bot.meeting_cards import call_of, refresh_card, when_words
from bot.meeting_dates import Date, dates_from, meeting_on, next_dates
from bot.meetings import Coming, Invitee, Series, SeriesState
from bot.messages import Message
from bot.pages import render
from bot.projects import Project

LONGEST = 10  # digits no key in a database has


def invited_date(context: Context, series: Series | None, day: date | None) -> Date:
    """The meeting the actor is invited to: the one on *day*, else the next of all."""
    if series is not None or day is not None:
        return date_meant(context, series, day)
    mine = [s for s in active_series(context) if seat_for(context.session, s, context.actor)]
    coming = [
        found
        for s in mine
        for found in next_dates(context.session, s, context.project, context.now, 1)
    ]
    if not coming:
        raise UserError(_("You are invited to no meeting here."))
    return min(coming, key=lambda found: found.starts_at)


def date_called(context: Context, series: Series, project: Project, day: str) -> Date:
    """The meeting a button is of. Raises `UserError` where it is over."""
    coming = dates_from(context.session, series, project, context.now)
    for found in coming:
        if found.day.isoformat() == day:
            return found
        if found.day.isoformat() > day:
            break
    raise over()


def over() -> UserError:
    """Why nobody can answer any more."""
    return UserError(_("That meeting is over, or will not be."))


def give_answer(
    context: Context, project: Project, found: Date, coming: Coming, remark: str
) -> Message:
    """Write down whether the actor comes to the meeting of a date.

    Raises `UserError` where they are not invited or it will not be.
    """
    seat = seat_for(context.session, found.series, context.actor)
    if seat is None:
        chair = context.person(found.series.chair_id)
        text = _("You are not invited to {title}; please ask {chair}.")
        raise UserError(text.format(title=found.series.title, chair=chair.name))
    if found.series.state is not SeriesState.ACTIVE or found.is_settled:
        raise over()
    meeting = meeting_on(context.session, found)
    answer(context.session, meeting.id, seat, coming, remark, context.now)
    now_so = Date(found.series, found.day, found.starts_at, found.minutes, meeting)
    refresh_card(context.session, project, now_so, context.now)
    if coming is not Coming.YES:
        _tell_chair(context, project, now_so, coming, remark)
    words = {
        Coming.YES: _("You will be there"),
        Coming.NO: _("You cannot come"),
        Coming.MAYBE: _("You may come"),
    }
    return render("receipt", words=words[coming], line=_line(found), hints=[])


def _tell_chair(
    context: Context, project: Project, found: Date, coming: Coming, remark: str
) -> None:
    """Let the chair know who will be missing, and why."""
    meeting = found.meeting
    chair = context.person(meeting.chair_id if meeting else found.series.chair_id)
    if chair.id == context.actor.id or not context.may_hear(chair, project):
        return
    text = _("{who} cannot come") if coming is Coming.NO else _("{who} may not be able to come")
    words = text.format(who=context.actor.name)
    words = f"{words}: {remark}" if remark else words
    message = render("notice", words=words, line=_line(found), project=project.name)
    about = f"rsvp:{call_of(found)}:{context.actor.id}"
    tell(context.session, chair, about, message, context.now, context.gather, of=(project,))


def _line(found: Date) -> str:
    return f"{found.series.title} · {when_words(found, found.series.zone)}"


def seat_in(context: Context, number: str) -> tuple[Series, Invitee] | None:
    """The series called by its key in a button, where the actor is invited to it."""
    is_number = number.isdecimal() and len(number) < LONGEST
    series = context.session.get(Series, int(number)) if is_number else None
    seat = seat_for(context.session, series, context.actor) if series else None
    return (series, seat) if series and seat else None
