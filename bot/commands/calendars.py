"""Calendars: what waits to be mailed to people's own calendars, and what is mailed again."""

from collections.abc import Sequence
from typing import Annotated

from sqlalchemy import select

from bot.calendar.books import CalendarRound
from bot.calendar.notice import to_be_mailed
from bot.calendar.organizer import organizer_of
from bot.calendar.readers import audience_of
from bot.calendar.resending import resend_to
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import current_series, require_host, series_meant
from bot.language import N_, _, plural
from bot.meeting_fields import OfAny
from bot.meetings import Series, SeriesState, ended_series
from bot.messages import Button, said
from bot.people import People

Who = Annotated[People, Field(N_("Who"), shown="@WHO MAIL …")]


def extend(command: Command) -> None:
    """Add to the command of meetings what concerns people's own calendars."""
    group = command.group(N_("Calendars"))
    group.verb("mail", N_("mail now what was changed"), "")(mail)
    group.verb("nomail", N_("mail nobody what was just changed"), "")(nomail)
    group.verb("resend", N_("mail somebody all there is of a meeting again"), "@ben",
               has_form=True)(resend)  # fmt: skip


def mail(context: Context, *, of: OfAny = None) -> Reply:
    series, waiting = _waiting(context, of)
    count = len(list(to_be_mailed(context.session, series, context.now)))
    waiting.is_silent, waiting.due_at = False, context.now
    waiting.number += 1
    text = plural("{count} person is mailed now.", "{count} people are mailed now.", count)
    return Reply(said(text.format(count=count)))


def nomail(context: Context, *, of: OfAny = None) -> Reply:
    series, waiting = _waiting(context, of, latest=True)
    ref = f"of {series.number} in {context.project.key}"
    if not context.is_sure and waiting.changed_at > waiting.begun_at:
        raise UserError(
            _("Something was changed before it that waits to be mailed, too: of that nobody would "
              "be told either."),
            line=f"meet nomail {ref} sure=yes", label=_("Mail nobody of any of it"),
        )  # fmt: skip
    waiting.is_silent = True
    waiting.number += 1
    words = _("Nobody is mailed. Calendars show what changed once the next change is mailed.")
    return Reply(said(words), (Button(_("Mail now"), f"meet mail {ref}"),))


def _waiting(
    context: Context, of: Series | None, *, latest: bool = False
) -> tuple[Series, CalendarRound]:
    """The series meant, and what of it waits to be mailed; the *latest* that was changed."""
    _require_mail(context)
    changed = () if of is not None else _changed(context)
    if latest and len(changed) > 1:
        rows = [context.session.get_one(CalendarRound, series.id) for series in changed]
        last = max(row.changed_at for row in rows)
        changed = [s for s, row in zip(changed, rows, strict=True) if row.changed_at == last]
    if of is None and not changed:
        raise UserError(_("Nothing waits to be mailed."))
    series = series_meant(context, of, changed)
    require_host(context, series)
    row = context.session.get(
        CalendarRound, series.id, with_for_update=True, populate_existing=True
    )
    if row is None:
        text = _("Nothing of {title} waits to be mailed.")
        raise UserError(text.format(title=series.title))
    return series, row


def _changed(context: Context) -> Sequence[Series]:
    """The series of the project of which something waits to be mailed, those that ended too."""
    changed = context.session.scalars(
        select(Series)
        .join(CalendarRound, CalendarRound.series_id == Series.id)
        .where(Series.project_id == context.project.id)
        .order_by(Series.id)
    ).all()
    telling = [s for s in changed if any(to_be_mailed(context.session, s, context.now))]
    return telling or changed


def _inviting(context: Context, who: People) -> Sequence[Series]:
    """The series that somebody of *who* is invited to; else those that were, and have ended."""
    told = {address.casefold() for address in who.addresses}
    told |= {person.email.casefold() for person in who.people if person.email is not None}

    def invites(series: Series) -> bool:
        is_told = series.state is not SeriesState.DRAFT
        return is_told and not told.isdisjoint(audience_of(context.session, series).readers)

    coming = [series for series in current_series(context) if invites(series)]
    return coming or [s for s in ended_series(context.session, context.project) if invites(s)]


def _require_mail(context: Context) -> None:
    if organizer_of(context.settings) is None:
        raise UserError(_("No mail is sent from here: whoever runs me has to set SMTP_URL."))


def resend(context: Context, who: Who, *, of: OfAny = None) -> Reply:
    _require_mail(context)
    series = series_meant(context, of, _inviting(context, who))
    require_host(context, series)
    names = resend_to(context, series, who)
    text = _("All of {title} is mailed again to {names}.")
    return Reply(said(text.format(title=series.title, names=", ".join(names))))
