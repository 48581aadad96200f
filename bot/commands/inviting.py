"""Inviting: who is asked to a meeting, who chairs it, who takes its minutes."""

from typing import Annotated

from bot.arranging import begin_series, require_people
from bot.command import Command, Reply
from bot.context import Context
from bot.date_names import name_of
from bot.delivery.mailing import is_mailing
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import current_series, date_of, require_host, series_meant
from bot.invitations import invite, named, uninvite
from bot.language import N_, _
from bot.meeting_cards import rhythm_words, series_page
from bot.meeting_fields import Of, Which
from bot.meetings import Part, Series, SeriesState, invitees_of
from bot.messages import Button, listed, noted, said
from bot.pages import day as day_words
from bot.people import People, Person
from bot.peopling import Hosts, require_removable, set_hosts, set_hosts_once, tell_changed
from bot.restating import show_coming, show_meeting
from bot.rhythm import Slot
from bot.succession import end_series
from bot.telling import announce_series, tell_invited, tell_uninvited

Who = Annotated[People | None, Field(N_("Who"), ("with",), "@WHO MAIL …")]
Them = Annotated[People, Field(N_("Who"), shown="@WHO MAIL …")]
One = Annotated[Person, Field(N_("Who"), shown="@WHO")]
OneOrNobody = Annotated[Person | None, Field(N_("Who"), shown="@WHO|nobody", may_be_none=True)]
As = Annotated[Part | None, Field(N_("As"), ("as", "als"), "optional|informed")]


def extend(command: Command) -> None:
    """Add to the command of meetings who they are for."""
    series = command.group(N_("Series"))
    people = command.group(N_("People"))
    people.verb("invite", N_("let a draft take place; with somebody named, invite them too"),
                "@carla optional", has_form=True)(invite_)  # fmt: skip
    series.verb("discard", N_("throw a draft away"), "")(discard)
    people.verb("uninvite", N_("invite somebody no longer"), "@ben")(uninvite_)
    people.verb("chair", N_("who chairs it, or one meeting of it"), "@ben")(chair)
    people.verb(
        "taker", N_("who takes the minutes, of all or one of it"), "nobody", aliases=("scribe",)
    )(taker)


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
    names = listed(named(context.session, new))
    if series.state is SeriesState.ACTIVE:
        tell_invited(context, series, new)
        announce_series(context, series, _("{names} invited").format(names=names))
        show_coming(context, series)
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


def discard(context: Context, *, of: Of = None) -> Reply:
    drafts = [s for s in current_series(context) if s.state is SeriesState.DRAFT]
    series = series_meant(context, of, drafts)
    require_host(context, series)
    if series.state is not SeriesState.DRAFT:
        text = _("{title} is no draft; `meet end` lets it have no more meetings.")
        raise UserError(text.format(title=series.title))
    end_series(context, series, None)
    return Reply(said(_("The draft {title} is discarded.").format(title=series.title)))


def uninvite_(context: Context, who: Them, *, of: Of = None) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    require_removable(series, who)
    gone = uninvite(context.session, series, context.actor.team, who, context.now)
    if not gone:
        raise UserError(_("They are not invited."), field="who")
    names = listed(named(context.session, gone))
    if series.state is SeriesState.ACTIVE:
        tell_uninvited(context, series, gone)
        announce_series(context, series, _("{names} no longer invited").format(names=names))
        show_coming(context, series)
    text = _("{names} no longer invited to {title}.")
    return _receipt(context, series, text.format(names=names, title=series.title))


def chair(context: Context, who: One, which: Which = None, *, of: Of = None) -> Reply:
    if which is not None:
        text = _("{who} chairs {title} on {day}.")
        return _named_once(context, of, which, {"chair": who}, text, who.name)
    series = series_meant(context, of)
    text = _("{who} chairs {title}.")
    return _named(context, series, {"chair": who}, text, who.name)


def taker(context: Context, who: OneOrNobody, which: Which = None, *, of: Of = None) -> Reply:
    name = who.name if who is not None else _("Nobody")
    if which is not None:
        text = _("{who} takes the minutes of {title} on {day}.")
        return _named_once(context, of, which, {"taker": who}, text, name)
    series = series_meant(context, of)
    text = _("{who} takes the minutes of {title}.")
    return _named(context, series, {"taker": who}, text, name)


def _named(context: Context, series: Series, hosts: Hosts, text: str, name: str) -> Reply:
    """Let others run all meetings of *series*; *text* says so."""
    require_host(context, series)
    before = invitees_of(context.session, series)
    set_hosts(context, series, hosts)
    tell_changed(context, series, before)
    words = text.format(who=name, title=series.title)
    if series.state is SeriesState.ACTIVE:
        announce_series(context, series, words)
        show_coming(context, series)
    return _receipt(context, series, words)


def _named_once(
    context: Context, of: Series | None, which: Slot, hosts: Hosts, text: str, name: str
) -> Reply:
    """Let others run one meeting; *text* says so."""
    found = date_of(context, of, which)
    require_host(context, found.meeting or found.series)
    found = set_hosts_once(context, found, hosts)
    day = day_words(context.project.local_date(found.starts_at))
    words = text.format(who=name, title=found.series.title, day=day)
    show_meeting(context, found, f"{context.actor.name}: {words}")
    called = name_of(context.session, context.project, found)
    return Reply(said(words), (Button(_("Show"), f"meet show {called.words}"),))


def _receipt(
    context: Context, series: Series, words: str, new_by_mail: list[str] | None = None
) -> Reply:
    message = said(words)
    if new_by_mail and not is_mailing(context.session):
        text = _("Not told by me, for no mail is sent from here: {names}.")
        message += noted(text.format(names=listed(new_by_mail)))
    if series.state is SeriesState.DRAFT:
        message += noted(_("A draft still: nobody hears of it until you click Invite."))
        ref = f"of {series.number} in {context.project.key}"
        return Reply(message, (Button(_("Invite"), f"meet invite {ref}", "primary"),))
    return Reply(message, (_next_button(context, series),))


def _next_button(context: Context, series: Series) -> Button:
    return Button(_("Next meeting"), f"meet show of {series.number} in {context.project.key}")
