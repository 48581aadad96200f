"""Inviting: who is asked to a meeting, who chairs it, who takes its minutes."""

from typing import Annotated

from bot.arranging import announce_series, begin_series, require_people, tell_invitees
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import require_host, series_meant
from bot.invitations import invite, named, uninvite
from bot.language import N_, _
from bot.meeting_cards import rhythm_words, series_page
from bot.meeting_dates import next_dates
from bot.meetings import Part, Series, SeriesState
from bot.messages import Button, noted, said
from bot.people import People, Person
from bot.peopling import require_removable, set_hosts

Who = Annotated[People | None, Field(N_("Who"), ("with",), "@WHO MAIL …")]
Them = Annotated[People, Field(N_("Who"), shown="@WHO MAIL …")]
One = Annotated[Person, Field(N_("Who"), shown="@WHO")]
As = Annotated[Part | None, Field(N_("As"), ("as", "als"), "optional|informed")]
Of = Annotated[Series | None, Field(N_("Meeting"), ("of", "series"), "of TITLE", typed_only=True)]


def extend(command: Command) -> None:
    """Add to the command of meetings who they are for."""
    command.verb("invite", N_("let a draft take place; with somebody named, invite them too"),
                 "@carla optional", has_form=True)(invite_)  # fmt: skip
    command.verb("uninvite", N_("invite somebody no longer"), "@ben")(uninvite_)
    command.verb("chair", N_("who chairs it"), "@ben")(chair)
    command.verb("taker", N_("who takes the minutes"), "@ben", aliases=("scribe",))(taker)


def invite_(context: Context, who: Who = None, as_: As = None, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    if who is None:
        return _begin(context, series)
    require_people(who, "who")
    part = as_ or Part.REQUIRED
    new = invite(context.session, series, context.actor.team, who, part)
    if not new:
        raise UserError(_("They are invited already."), field="who")
    names = ", ".join(named(context.session, new))
    if series.state is SeriesState.ACTIVE:
        coming = next_dates(context.session, series, context.project, context.now, 1)
        text = _("{who} invites you: {rhythm}")
        words = text.format(who=context.actor.name, rhythm=rhythm_words(series))
        found = coming[0] if coming else None
        tell_invitees(context, series, words, found, only=new, is_new=True)
        announce_series(context, series, _("{names} invited").format(names=names))
    words = _("{names} invited to {title}, {part}.")
    told = words.format(names=names, title=series.title, part=_(part.value))
    return _receipt(context, series, told, new_by_mail=[r.address for r in new if r.address])


def _begin(context: Context, series: Series) -> Reply:
    if series.state is not SeriesState.DRAFT:
        raise UserError(
            _("{title} takes place already; whom else do you invite?").format(title=series.title),
            line=f"form meet invite of {series.number} in {context.project.key}",
            label=_("Invite somebody …"),
        )
    begin_series(context, series)
    words = _("{title} takes place: {rhythm}. Everybody invited who is in Slack is told.")
    told = words.format(title=series.title, rhythm=rhythm_words(series))
    page = series_page(context.session, context.project, series, context.now)
    return Reply(said(told) + page, (_next_button(context, series),))


def uninvite_(context: Context, who: Them, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    require_removable(series, who)
    gone = uninvite(context.session, series, context.actor.team, who, context.now)
    if not gone:
        raise UserError(_("They are not invited."), field="who")
    names = ", ".join(named(context.session, gone))
    if series.state is SeriesState.ACTIVE:
        text = _("{who}: you are not expected any more")
        tell_invitees(context, series, text.format(who=context.actor.name), only=gone)
        announce_series(context, series, _("{names} no longer invited").format(names=names))
    text = _("{names} no longer invited to {title}.")
    return _receipt(context, series, text.format(names=names, title=series.title))


def chair(context: Context, who: One, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    set_hosts(context, series, who, None)
    return _named(context, series, _("{who} chairs {title}.").format(
        who=who.name, title=series.title))  # fmt: skip


def taker(context: Context, who: One, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    set_hosts(context, series, None, who)
    return _named(context, series, _("{who} takes the minutes of {title}.").format(
        who=who.name, title=series.title))  # fmt: skip


def _named(context: Context, series: Series, words: str) -> Reply:
    if series.state is SeriesState.ACTIVE:
        announce_series(context, series, words)
    return _receipt(context, series, words)


def _receipt(
    context: Context, series: Series, words: str, new_by_mail: list[str] | None = None
) -> Reply:
    message = said(words)
    if new_by_mail:
        text = _("Not told by me, for they are not in Slack: {names}.")
        message += noted(text.format(names=", ".join(new_by_mail)))
    return Reply(message, (_next_button(context, series),))


def _next_button(context: Context, series: Series) -> Button:
    return Button(_("Next meeting"), f"meet show of {series.number} in {context.project.key}")
