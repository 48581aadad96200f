"""Meetings: make a series or a single one, look at what is planned, change what it is."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

from bot.arguments import IncompleteError
from bot.arranging import make_series, require_people, require_person
from bot.command import Command, Reply
from bot.context import Context
from bot.date_names import name_of
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import current_series, date_shown, require_host, series_meant
from bot.invitations import invite
from bot.language import N_, _
from bot.lists import said_under
from bot.meeting_cards import (
    LOOKED_AT,
    collision_hints,
    meeting_page,
    rhythm_words,
    rsvp_buttons,
    series_page,
)
from bot.meeting_dates import Date, next_dates, next_of_each
from bot.meeting_fields import Of, Which
from bot.meetings import Part, Series, SeriesState, is_host
from bot.messages import Button, Message, item, said, shortened
from bot.pages import day as day_words
from bot.pages import moment
from bot.people import People, Person
from bot.peopling import FIELD_OF, correct, values_of
from bot.restating import show_coming
from bot.rhythm import Rhythm, Slot
from bot.rights import Right
from bot.telling import announce_series
from bot.typed import escape
from bot.values import Word

Name = Annotated[str, Field(N_("Title"), shown='"TITLE"', name=True)]
When = Annotated[
    Rhythm,
    Field(
        N_("When"),
        ("when",),
        "every tue 10:00-10:45",
        hint=N_("every tue 10:00-10:45 · every 2 weeks on tue 14:00 · every last fri 9:00 ·"
                " on 1 dec 10:00-11:00"),
    ),
]  # fmt: skip
Required = Annotated[People | None, Field(N_("Required"), ("with", "mit"), "with @WHO MAIL …")]
Optional = Annotated[People | None, Field(N_("Optional"), ("optional",), "optional @WHO …")]
Informed = Annotated[People | None, Field(N_("Informed"), ("informed",), "informed @WHO …")]
Where = Annotated[str | None, Field(N_("Place or link"), ("place", "link", "ort"), "place WHERE")]
Chair = Annotated[Person | None, Field(N_("Chair"), ("chair",), "chair @WHO")]
Taker = Annotated[Person | None, Field(N_("Minute taker"), ("taker", "scribe"), "taker @WHO")]
NewRhythm = Annotated[
    Rhythm | None,
    Field(
        N_("When"),
        ("when",),
        "every tue 10:00",
        hint=N_("From the next meeting on. every tue 10:00-10:45 · every last fri 9:00"),
    ),
]
Zone = Annotated[Word | None, Field(N_("Time zone"), ("zone",), "zone=Europe/Berlin")]
Since = Annotated[date | None, Field(N_("From"), ("from", "since", "ab", "starting"), "from DATE")]

SOON = timedelta(minutes=30)
"""So long before it begins a meeting can be started by a button."""

MEET = Command(
    "meet", N_("Meetings: series, agenda, minutes"), default="show", short=True, in_turn=True
)
SERIES, DATES = MEET.group(N_("Series")), MEET.group(N_("Dates"))


@SERIES.verb(
    "new",
    N_("plan a meeting, once or again and again; you see it first"),
    '"Jour fixe" every tue 10:00-10:45 with @anna @ben ext@firm.example',
    right=Right.HOST,
    has_form=True,
    aliases=("add", "plan"),
)
def new(
    context: Context,
    title: Name,
    *,
    when: When,
    with_: Required = None,
    optional: Optional = None,
    informed: Informed = None,
    place: Where = None,
    chair: Chair = None,
    taker: Taker = None,
    since: Since = None,
    zone: Zone = None,
) -> Reply:
    require_person(chair, "chair")
    require_person(taker, "taker")
    series = make_series(
        context, title, when, since=since, zone=zone, place=place,
        chair=chair or context.actor, taker=taker,
    )  # fmt: skip
    for part, who in _parts(with_, optional, informed).items():
        require_people(who, FIELD_OF[part])
        invite(context.session, series, context.actor.team, who or People(), part)
    return _preview(context, series)


def _parts(
    with_: People | None, optional: People | None, informed: People | None
) -> dict[Part, People | None]:
    return {Part.REQUIRED: with_, Part.OPTIONAL: optional, Part.INFORMED: informed}


def _preview(context: Context, series: Series) -> Reply:
    """What a draft will be, before anybody hears of it."""
    coming = next_dates(context.session, series, context.project, context.now, LOOKED_AT)
    hints = collision_hints(context.session, context.project, coming)
    page = series_page(context.session, context.project, series, context.now, hints)
    ref = f"of {series.number} in {context.project.key}"
    return Reply(
        page,
        (
            Button(_("Invite"), f"meet invite {ref} sure=yes", "primary"),
            Button(_("Edit"), f"form meet edit {ref}"),
            Button(_("Keep draft"), f"meet keep {ref}"),
            Button(_("Discard"), f"meet discard {ref}"),
        ),
    )


@SERIES.verb("keep", N_("leave a draft as it is"), writes=False)
def keep(context: Context, of: Of = None) -> Reply:
    drafts = [s for s in current_series(context) if s.state is SeriesState.DRAFT]
    series = series_meant(context, of, drafts)
    if series.state is not SeriesState.DRAFT:
        raise UserError(_("{title} is no draft: it takes place.").format(title=series.title))
    text = _("{title} stays a draft: nobody hears of it until you type `meet invite of {number}`.")
    told = text.format(title=series.title, number=series.number)
    return Reply(said(told.replace("`", "")))


@SERIES.verb("list", N_("the series of the project, drafts too"), writes=False, aliases=("all",))
def list_(context: Context) -> Reply:
    known = current_series(context)
    title = _("Meetings of {project}").format(project=context.project.name)
    if not known:
        add = Button(_("New meeting …"), f"form meet new in {context.project.key}")
        return Reply(said_under(title, _("None yet.")), (add,))
    message = said_under(title, "")
    coming = next_of_each(context.session, known, context.project, context.now)
    for series in known:
        row = _row(context, series, coming.get(series.id))
        message += Message(escape(row), [item(row, _menu(context, series))])
    return Reply(message)


def _row(context: Context, series: Series, coming: Date | None) -> str:
    told = [f"{series.number} · {shortened(series.title, 200)}", rhythm_words(series)]
    if series.has_ended(context.today):
        told.append(_("ended"))
    elif series.state is not SeriesState.ACTIVE:
        told.append(_(series.state.value))
    if coming is not None:
        told.append(_("next {moment}").format(moment=moment(coming.starts_at, series.zone)))
    return " · ".join(told)


def _menu(context: Context, series: Series) -> list[Button]:
    ref = f"of {series.number} in {context.project.key}"
    menu = [
        Button(_("Next meeting"), f"meet show {ref}"),
        Button(_("Series"), f"meet series {ref}"),
        Button(_("Edit …"), f"form meet edit {ref}"),
    ]
    if series.state is SeriesState.DRAFT:
        menu.insert(0, Button(_("Invite"), f"meet invite {ref}"))
        menu.append(Button(_("Discard"), f"meet discard {ref}"))
    return menu


@SERIES.verb(
    "series", N_("a series, its people and its next dates"), writes=False, aliases=("dates",)
)
def series_(context: Context, of: Of = None) -> Reply:
    series = series_meant(context, of)
    if series.state is SeriesState.DRAFT:
        return _preview(context, series)
    page = series_page(context.session, context.project, series, context.now)
    ref = f"of {series.number} in {context.project.key}"
    buttons = [Button(_("Next meeting"), f"meet show {ref}")]
    if _may_host(context, series):
        is_paused = series.state is SeriesState.PAUSED
        rest = (
            Button(_("Resume"), f"meet resume {ref}")
            if is_paused
            else Button(_("Pause"), f"meet pause {ref}")
        )
        buttons += [Button(_("Edit …"), f"form meet edit {ref}"), rest]
    return Reply(page, tuple(buttons))


def _may_host(context: Context, series: Series) -> bool:
    return is_host(context.actor, series) or context.may(Right.HOST)


@DATES.verb("show", N_("the next meeting, or the one of a day"), writes=False)
def show(context: Context, which: Which = None, of: Of = None) -> Reply:
    which = which or Slot()
    found = date_shown(context, of, which.day, which.at, said=which.said)
    hosts = _may_host(context, found.series)
    page = meeting_page(context.session, context.project, found, with_remarks=hosts)
    called = name_of(context.session, context.project, found)
    buttons = [*rsvp_buttons(found)] if found.takes_place else []
    if hosts and not found.is_settled:
        buttons += _host_buttons(context, found, called.words)
    buttons += [
        Button(_("Agenda"), f"meet agenda {called.options}"),
        Button(_("Series"), f"meet series of {found.series.number} in {context.project.key}"),
    ]
    return Reply(page, tuple(buttons))


def _host_buttons(context: Context, found: Date, ref: str) -> list[Button]:
    """What whoever runs the meeting may do with it."""
    text = _("Cancel {title} on {day}? Everybody invited is told.")
    on = day_words(context.project.local_date(found.starts_at))
    ask = text.format(title=shortened(found.series.title, 100), day=on)
    moving = Button(_("Move …"), f"form meet move {ref}")
    cancelling = Button(
        _("Cancel"), f"meet cancel {ref} sure=yes", "danger", ask, _("Cancel the meeting")
    )
    is_near = found.takes_place and found.starts_at - context.now <= SOON
    start = [Button(_("Start"), f"meet start {context.line_safe(found.series.title)}"
                                f" in {context.project.key}", "primary")]  # fmt: skip
    return [*(start if is_near else []), moving, cancelling]


def _corrected(
    *,
    of: Of = None,
    title: Annotated[str | None, Field(N_("Title"), ("title",))] = None,
    when: NewRhythm = None,
    with_: Required = None,
    optional: Optional = None,
    informed: Informed = None,
    place: Where = None,
    chair: Chair = None,
    taker: Annotated[
        Person | None,
        Field(N_("Minute taker"), ("taker", "scribe"), "taker @WHO|nobody", may_be_none=True),
    ] = None,
) -> None:
    """What may be given to `edit`: what is not stays as it is."""


@SERIES.verb(
    "edit",
    N_("correct its title, place, people or time"),
    "place Room 5",
    like=_corrected,
    has_form=True,
    sends_changes=True,
    present=values_of,
)
def edit(context: Context, *, of: Of = None, **values: Any) -> Reply:
    series = series_meant(context, of)
    require_host(context, series)
    if not values:
        raise IncompleteError(_("What shall change?"), field="title")
    words = correct(context, series, values)
    context.session.flush()
    if series.state is SeriesState.DRAFT:
        return _preview(context, series)
    announce_series(context, series, _("changed what it is"))
    show_coming(context, series)
    reply = series_(context, series)
    return replace(reply, message=said(words) + reply.message) if words else reply
