"""Away: from when until when somebody is not there, and gets no personal digest."""

import re
from datetime import date, timedelta
from typing import Annotated, Any

from bot.command import Command, Reply
from bot.context import Context
from bot.dates import WEEKDAYS
from bot.errors import UserError
from bot.fields import Field
from bot.language import N_, _
from bot.messages import Button, said
from bot.pages import day
from bot.preferences import Wishes, preference_of, wishes_of
from bot.settings_pages import away_words

Until = Annotated[
    date | None,
    Field(N_("Back on"), ("until", "till", "to", "bis"), "until DATE", spans=True),
]
Since = Annotated[
    date | None,
    Field(N_("From"), ("from", "since", "von", "ab"), "from DATE", hint=N_("From today, if empty")),
]

BACK_ON_WEEKDAY = re.compile(r"\b(?:until|till|to|bis)\s+(?P<word>[^\W\d_]+)", re.IGNORECASE)

AWAY = Command(
    "away",
    N_("Say when you are not there: no personal digest, and others see it"),
    default="set",
    takes_rest=True,
)


def present(context: Context) -> dict[str, Any]:
    """What a form starts from: what holds now."""
    wishes = _wishes(context)
    told = {"until": wishes.away_until, "since": wishes.away_from}
    return {name: value for name, value in told.items() if value and value >= context.today}


@AWAY.verb(
    "set",
    N_("from when until when; with nothing behind it, what holds"),
    "until fri",
    has_project=False,
    has_form=True,
    present=present,
)
def set_(context: Context, until: Until = None, *, since: Since = None) -> Reply:
    if until is None and since is None:
        return _show(context)
    if until is None:
        raise UserError(_("Until when? Such as `away until fri`."), field="until")
    first = since or context.today
    until = _behind(context, first, until)
    if until <= first:
        text = _("Back on {until}, away from {since}: that is no time at all.")
        raise UserError(text.format(until=day(until), since=day(first)), field="until")
    row = preference_of(context.session, context.actor)
    row.away_from, row.away_until = first, until
    words = _("You are away {span}.").format(
        span=away_words(Wishes(away_from=first, away_until=until))
    )
    consequence = _(
        "Back that day; no personal digest comes before, and who gives you something reads it."
    )
    return Reply(said(f"{words} {consequence}"), (Button(_("Back already"), "away off"),))


@AWAY.verb("off", N_("you are back"), has_project=False, aliases=("back",))
def off(context: Context) -> Reply:
    row = preference_of(context.session, context.actor)
    if row.away_until is None or row.away_until <= context.today:
        return Reply(said(_("You are not away.")))
    row.away_from = row.away_until = None
    return Reply(said(_("Welcome back: your personal digest comes again.")))


def _behind(context: Context, first: date, until: date) -> date:
    """The day back, where it was typed as a weekday: the next such behind the *first* day."""
    typed = BACK_ON_WEEKDAY.search(context.line.text)
    if until > first or typed is None or typed["word"].lower() not in WEEKDAYS:
        return until
    return first + timedelta(days=(until.weekday() - first.weekday() - 1) % 7 + 1)


def _wishes(context: Context) -> Wishes:
    return wishes_of(context.session, [context.actor.id])[context.actor.id]


def _show(context: Context) -> Reply:
    wishes = _wishes(context)
    change = Button(_("Away …"), "form away set")
    if wishes.away_until is None or wishes.away_until <= context.today:
        return Reply(said(_("You are not away.")), (change,))
    words = _("You are away {span}.").format(span=away_words(wishes))
    return Reply(said(words), (change, Button(_("Back already"), "away off")))
