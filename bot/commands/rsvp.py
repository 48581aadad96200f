"""RSVP: who is invited says whether they come, by a button or by typing."""

from typing import Annotated

from bot import history
from bot.answer_notes import ABOUT, leave
from bot.answering import (
    date_called,
    give_answer,
    invited_date,
    receipt,
    require_shown,
    seat_in,
    seat_of,
)
from bot.calendar.editions import newest_of
from bot.command import Command, Reply
from bot.context import Context
from bot.date_names import name_of
from bot.errors import UserError
from bot.fields import Field, Remark
from bot.language import N_, _
from bot.meeting_dates import Date
from bot.meeting_fields import Of, Which
from bot.meetings import Coming, Series, take_turns
from bot.messages import Button, said
from bot.projects import Project
from bot.rhythm import Slot
from bot.rights import Right
from bot.rsvps import Said
from bot.values import Word

Answer = Annotated[Coming, Field(N_("Answer"), shown="yes|no|maybe")]
About = Annotated[Word, Field(N_("Question"), shown="rsvp:1:2026-12-01:3")]
Call = Annotated[Word, Field(N_("Meeting"), shown="1:2026-12-01")]


def extend(command: Command) -> None:
    """Add to the command of meetings what somebody invited may answer."""
    group = command.group(N_("Answers"))
    group.verb("yes", N_("you will be there"), "tue", aliases=("coming", "ja"))(yes)
    group.verb("no", N_("you cannot come"), "tue at the dentist", aliases=("nein",))(no)
    group.verb("maybe", N_("you do not know yet"), "tue", aliases=("vielleicht",))(maybe)
    group.verb("rsvp", N_("what the buttons of an invitation run"), "yes 1:2026-12-01",
               has_project=False, is_clicked=True)(rsvp)  # fmt: skip
    group.verb("leave", N_("what the button of a question runs that changes nothing"),
               "rsvp:1:2026-12-01:3", has_project=False, is_clicked=True)(leave_)  # fmt: skip


def yes(context: Context, which: Which = None, remark: Remark = "", *, of: Of = None) -> Reply:
    return _typed(context, Coming.YES, which, remark, of)


def no(context: Context, which: Which = None, remark: Remark = "", *, of: Of = None) -> Reply:
    return _typed(context, Coming.NO, which, remark, of)


def maybe(context: Context, which: Which = None, remark: Remark = "", *, of: Of = None) -> Reply:
    return _typed(context, Coming.MAYBE, which, remark, of)


def _typed(
    context: Context, coming: Coming, which: Slot | None, remark: str, of: Series | None
) -> Reply:
    found = invited_date(context, of, which)
    return _answered(context, context.project, found, coming, remark)


def rsvp(context: Context, coming: Answer, call: Call) -> Reply:
    number, day, *_shown = f"{call}:".split(":")
    found = seat_in(context, number)
    if found is None:
        raise UserError(_("You are invited to no such meeting."))
    series = found[0]
    project = context.session.get_one(Project, series.project_id)
    history.about(context.session, project.id)
    take_turns(context.session, project.id)
    context.session.refresh(series)
    date_ = date_called(context, series, project, day)
    require_shown(date_, coming, call)
    return _answered(context, project, date_, coming, "")


def _answered(
    context: Context, project: Project, found: Date, coming: Coming, remark: str
) -> Reply:
    seat = seat_of(context, found)
    said_ = Said(coming, remark, context.now, newest_of(context.session, found))
    give_answer(context, project, found, seat, said_)
    message = receipt(found, coming)
    if not context.rights.may(Right.READ, project):
        return Reply(message)
    return Reply(
        message, (Button(_("Show"), f"meet show {name_of(context.session, project, found).words}"),)
    )


def leave_(context: Context, about: About) -> Reply:
    is_asked = about.startswith(ABOUT) and leave(context.session, context.actor, about)
    words = _("It is left as it is.") if is_asked else _("You were not asked that.")
    return Reply(said(words))
