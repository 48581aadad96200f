"""Leftovers: what a meeting did not finish is carried on, dropped or made an action."""

import re
from datetime import date
from typing import Annotated

from bot import changing
from bot.agenda import AgendaItem, ItemState, carry, settle, topic_of
from bot.agenda_publishing import restate_next
from bot.carrying import left_about, other_takers, series_with, taker_in, unfinished
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.retelling import retell
from bot.errors import UnclearError, UserError
from bot.fields import Due, Field, Owner, Title
from bot.grammar import grammar_of
from bot.hosting import require_host
from bot.language import N_, _
from bot.lists import said_under
from bot.meetings import Meeting, MeetingState, Series
from bot.messages import noted, said, shortened
from bot.minutes_meant import meeting_of, minutes_meant
from bot.minutes_text import left_of, title_of
from bot.people import Person
from bot.registers.actions import ACTIONS
from bot.series_names import choice_of
from bot.titles import titled
from bot.values import Word

Item = Annotated[Word | None, Field(N_("Item"), shown="", typed_only=True, carried=True, name=True)]
Name = Annotated[str, Field(N_("Topic"), shown="TOPIC", typed_only=True)]
To = Annotated[Series | None, Field(N_("Meeting"), ("to", "zu"), "to TITLE", typed_only=True)]
LABEL = 60
SHOWN = 300
NUMBER = re.compile(r"[0-9]{1,9}")


def extend(command: Command) -> None:
    """Add to the command of meetings what becomes of what one did not finish."""
    group = command.group(N_("What was not finished"))
    group.verb("unfinished", N_("what the last meeting did not finish"), writes=False)(left)
    group.verb(
        "carry",
        N_("put a topic off to the next meeting"),
        '"Decide test site" to "Jour fixe"',
    )(carry_on)
    group.verb("drop", N_("do without a topic that was not finished"), "")(drop)
    group.verb(
        "action",
        N_("make a topic that was not finished an action"),
        "@ben by fri",
        has_form=True,
    )(action)


def left(context: Context) -> Reply:
    meeting = meeting_of(context, minutes_meant(context, ""))
    items = left_of(context.session, meeting)
    title = _("Not finished: {title}").format(title=title_of(context.session, meeting))
    if not items:
        return Reply(said_under(title, _("Nothing: no topic is left.")))
    message = said_under(title, "")
    for one in items:
        message += unfinished(context.session, context.project, one, context.now).message
    return Reply(message)


def carry_on(context: Context, name: Name = "", *, item: Item = None, to: To = None) -> Reply:
    found, meeting = _found(context, item, name)
    series = series_with(context.session, found)
    _require_taker(context, to or series, is_chosen=to is not None)
    carry(context.session, meeting, found, context.now, to.id if to is not None else None)
    restate_next(context.session, context.project, series, context.now)
    return _settled(context, found)


def _require_taker(context: Context, series: Series, *, is_chosen: bool) -> None:
    """Raise `UserError` where *series* has no further meeting, `UnclearError` where others have
    one and none was chosen."""
    session, project, now = context.session, context.project, context.now
    if taker_in(session, project, series, now) is not None:
        return
    text = _("There is no further meeting of {title}.").format(title=series.title)
    others = other_takers(session, project, series, now)
    if is_chosen or not others:
        raise UserError(text)
    choices = tuple((choice_of(one.series), f"to {one.series.number}") for one in others)
    raise UnclearError(f"{text} {_('Which meeting?')}", choices)


def drop(context: Context, name: Name = "", *, item: Item = None) -> Reply:
    found, _meeting = _found(context, item, name)
    if found.state is ItemState.DROPPED:
        raise UserError(_("It is dropped already."))
    settle(context.session, found, ItemState.DROPPED, "dropped", context.now)
    return _settled(context, found)


def action(
    context: Context,
    title: Title = "",
    *,
    item: Item = None,
    owner: Owner = None,
    due: Due = None,
) -> Reply:
    is_named = item is None and bool(_called(_last_left(context), title))
    found, _meeting = _found(context, item, title if is_named else "")
    if found.state is ItemState.DROPPED:
        raise UserError(_("It is dropped already."))
    words = found.public_title if is_named else title or found.public_title
    values: dict[str, str | Person | date | None] = {"title": words, "owner": owner, "due": due}
    secret_of = found.meeting_id if found.is_confidential else None
    drafted = grammar_of(ACTIONS.draft)
    reply = changing.add(drafted, ACTIONS, context, secret_of=secret_of, **values)
    settle(context.session, found, ItemState.DROPPED, "action", context.now)
    series = series_with(context.session, found)
    restate_next(context.session, context.project, series, context.now)
    told = found.public_title if found.is_confidential else words
    made = _("{who} made it an action: {title}")
    shown = noted(made.format(who=context.actor.name, title=shortened(told, SHOWN)))
    retell(context.session, left_about(found), lambda _user: shown, asks=True)
    return reply


def _settled(context: Context, found: AgendaItem) -> Reply:
    context.session.flush()
    series = series_with(context.session, found)
    restate_next(context.session, context.project, series, context.now)
    shown = unfinished(context.session, context.project, found, context.now).message
    retell(context.session, left_about(found), lambda _user: shown, asks=True)
    return Reply(said(shown.text))


def _found(context: Context, item: str | None, name: str) -> tuple[AgendaItem, Meeting]:
    """An item of a closed meeting of the project, for who may run that.

    *item* is its number, or as *name* what it is called of those the last meeting did not finish;
    without both, the only one. Raises `UserError` for any other, `RefusedError` for who may not.
    """
    is_number = item is not None and NUMBER.fullmatch(item) is not None
    number = int(item or 0) if is_number else _left_called(context, item or name).id
    found = context.session.get(AgendaItem, number, with_for_update=True, populate_existing=True)
    meeting = context.session.get(Meeting, found.meeting_id) if found else None
    if found is None or meeting is None or meeting.project_id != context.project.id:
        raise UserError(_("There is no such item here."))
    require_host(context, meeting)
    if meeting.state is not MeetingState.CLOSED:
        raise UserError(_("That meeting is not closed yet."))
    _require_undecided(context, found)
    return found, meeting


def _require_undecided(context: Context, found: AgendaItem) -> None:
    """Raise `UserError` where a later meeting goes through what *found* left, or has."""
    topic = topic_of(context.session, found)
    if topic is None or found.state is ItemState.DROPPED:
        return
    taker = context.session.get(Meeting, topic.meeting_id) if topic.meeting_id else None
    title = title_of(context.session, taker) if taker is not None else ""
    if topic.closed_at is not None:
        text = _("It was settled meanwhile.")
        if taker is not None and taker.state is MeetingState.CLOSED:
            text = _("It was settled in {meeting} meanwhile.")
        raise UserError(text.format(meeting=title))
    if taker is not None and taker.state is MeetingState.OPEN:
        text = _("It is on the agenda of {meeting}, which is open: there it is gone through.")
        raise UserError(text.format(meeting=title))


def _left_called(context: Context, name: str) -> AgendaItem:
    """What the last meeting did not finish and is called *name*; the only one without."""
    left = _last_left(context)
    items = _called(left, name) if name else left
    if not items:
        raise UserError(_("The last meeting left no such topic; `meet unfinished` lists them."))
    if len(items) > 1:
        choices = tuple((shortened(one.public_title, LABEL), f"item={one.id}") for one in items)
        raise UnclearError(_("Which one?"), choices)
    return items[0]


def _last_left(context: Context) -> list[AgendaItem]:
    """What the last meeting of the project did not finish."""
    meeting = meeting_of(context, minutes_meant(context, ""))
    return left_of(context.session, meeting)


def _called(items: list[AgendaItem], name: str) -> list[AgendaItem]:
    """Those of *items* called *name*, such as ``T14``, or by title."""
    by_name = [one for one in items if one.name.lower() == name.lower()]
    return by_name or titled(items, name, lambda one: one.public_title)
