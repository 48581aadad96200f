"""Leftovers: what a meeting did not finish is carried on, dropped or made an action."""

from datetime import date
from typing import Annotated

from bot import changing
from bot.agenda import AgendaItem, ItemState, carry, settle
from bot.approving import left_about, unfinished
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.retelling import retell
from bot.errors import UnclearError, UserError
from bot.fields import Due, Field, Owner, Title
from bot.grammar import grammar_of
from bot.hosting import require_host
from bot.language import N_, _
from bot.lists import said_under
from bot.meetings import Meeting, MeetingState
from bot.messages import noted, said, shortened
from bot.minutes_meant import meeting_of, minutes_meant
from bot.minutes_text import left_of, title_of
from bot.people import Person
from bot.registers.actions import ACTIONS
from bot.values import Word

Number = Annotated[int | None, Field(N_("Item"), shown="", carried=True)]
Name = Annotated[Word | None, Field(N_("Topic"), shown="[T14]", typed_only=True)]
LABEL = 60
SHOWN = 300


def extend(command: Command) -> None:
    """Add to the command of meetings what becomes of what one did not finish."""
    group = command.group(N_("What was not finished"))
    group.verb("unfinished", N_("what the last meeting did not finish"), writes=False)(left)
    group.verb("carry", N_("put a topic off to the next meeting"), "")(carry_on)
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
        return Reply(said_under(title, _("Nothing: all of it was talked about.")))
    message = said_under(title, "")
    for one in items:
        message += unfinished(context.project, one).message
    return Reply(message)


def carry_on(context: Context, name: Name = None, *, item: Number = None) -> Reply:
    found, meeting = _found(context, name, item)
    carry(context.session, meeting, found, context.now)
    return _settled(context, found)


def drop(context: Context, name: Name = None, *, item: Number = None) -> Reply:
    found, _meeting = _found(context, name, item)
    if found.state is ItemState.DROPPED:
        raise UserError(_("It is dropped already."))
    settle(context.session, found, ItemState.DROPPED, "dropped", context.now)
    return _settled(context, found)


def action(
    context: Context,
    title: Title = "",
    *,
    item: Number = None,
    owner: Owner = None,
    due: Due = None,
) -> Reply:
    found, _meeting = _found(context, None, item)
    if found.state is ItemState.DROPPED:
        raise UserError(_("It is dropped already."))
    words = title or found.public_title
    values: dict[str, str | Person | date | None] = {"title": words, "owner": owner, "due": due}
    secret_of = found.meeting_id if found.is_confidential else None
    drafted = grammar_of(ACTIONS.draft)
    reply = changing.add(drafted, ACTIONS, context, secret_of=secret_of, **values)
    settle(context.session, found, ItemState.DROPPED, "action", context.now)
    told = found.public_title if found.is_confidential else words
    made = _("{who} made it an action: {title}")
    shown = noted(made.format(who=context.actor.name, title=shortened(told, SHOWN)))
    retell(context.session, left_about(found), lambda _user: shown, asks=True)
    return reply


def _settled(context: Context, found: AgendaItem) -> Reply:
    context.session.flush()
    shown = unfinished(context.project, found).message
    retell(context.session, left_about(found), lambda _user: shown, asks=True)
    return Reply(said(shown.text))


def _found(context: Context, name: str | None, number: int | None) -> tuple[AgendaItem, Meeting]:
    """An item of a closed meeting of the project, for who may run that.

    Without a *number*, the one called *name* that the last meeting did not finish, or the only
    one. Raises `UserError` for any other, `RefusedError` for who may not.
    """
    if number is None:
        number = _left_called(context, name).id
    found = context.session.get(AgendaItem, number, with_for_update=True, populate_existing=True)
    meeting = context.session.get(Meeting, found.meeting_id) if found else None
    if found is None or meeting is None or meeting.project_id != context.project.id:
        raise UserError(_("There is no such item here."))
    require_host(context, meeting)
    if meeting.state is not MeetingState.CLOSED:
        raise UserError(_("That meeting is not closed yet."))
    return found, meeting


def _left_called(context: Context, name: str | None) -> AgendaItem:
    """What the last meeting did not finish and is called *name*; the only one without."""
    meeting = meeting_of(context, minutes_meant(context, ""))
    items = left_of(context.session, meeting)
    if name is not None:
        items = [one for one in items if one.name.lower() == name.lower()]
    if not items:
        raise UserError(_("The last meeting left no such topic; `meet unfinished` lists them."))
    if len(items) > 1:
        choices = tuple((shortened(one.public_title, LABEL), f"item={one.id}") for one in items)
        raise UnclearError(_("Which one?"), choices)
    return items[0]
