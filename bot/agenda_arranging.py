"""Arranging an agenda: an item is moved, parked, dropped or edited by who may do so."""

from dataclasses import replace
from datetime import date, time
from typing import Annotated

from bot.agenda import ItemState, Topic
from bot.agenda_building import Agenda, Slot, build
from bot.agenda_cards import ref_of, title_of
from bot.context import Context
from bot.errors import UnclearError, UserError
from bot.fields import Field
from bot.hosting import date_meant, require_host
from bot.language import N_, _
from bot.meetings import Meeting, MeetingState, Series
from bot.messages import shortened
from bot.people import Person
from bot.receipts import require_givable
from bot.register import check_title
from bot.titles import titled
from bot.values import Length, Secrecy, Word

LABEL = 60
_DAY = Field(N_("Day"), ("on", "am"), "on DATE", past=True, typed_only=True, carried=True)
Day = Annotated[date | None, _DAY]
BareDay = Annotated[date | None, replace(_DAY, bare=True)]
"""The same, of a verb with which no other day is typed."""
At = Annotated[time | None, Field(N_("Hour"), (), typed_only=True, carried=True)]
"""Of several on a day, the one that begins then: ``at=14:00``."""
Name = Annotated[Word, Field(N_("Item"), shown="ITEM", carried=True, name=True)]
Minutes = Annotated[Length | None, Field(N_("Minutes"), (), "15m", N_("How long it takes"))]
Presenter = Annotated[Person | None, Field(N_("Presenter"), ("presenter",), "@WHO", bare=True)]
Secret = Annotated[
    Secrecy | None,
    Field(
        N_("Confidential"),
        (),
        "confidential=yes",
        N_("Read by who is invited, lead and office, with what comes of it"),
    ),
]


def agenda_to_arrange(
    context: Context, of: Series | None, day: date | None, at: time | None
) -> Agenda:
    """The agenda somebody wants to change. Raises `UserError` once the meeting has begun."""
    found = date_meant(context, of, day, at)
    if found.meeting is not None and found.meeting.state is not MeetingState.PLANNED:
        raise UserError(_("The meeting has begun: its agenda stands."))
    return build(context.session, context.project, found, context.now)


def slot_named(built: Agenda, name: str) -> Slot:
    """The item called *name*, or whose title that is or begins with.

    Raises `UserError` where there is none, `UnclearError` where there are several.
    """
    slots = (*built.slots, *built.parked, *built.dropped)
    slot = built.named(name)
    found = [slot] if slot else titled(slots, name, lambda one: title_of(one, told=False))
    if not found:
        text = _("There is no item `{name}` on the agenda; it goes from 1 to {count}.")
        raise UserError(
            text.format(name=shortened(name, 40), count=len(built.slots)),
            field="item",
            line=f"meet agenda {ref_of(built)}",
            label=_("Agenda"),
        )
    if len(found) > 1:
        choices = tuple((shortened(title_of(one, told=False), LABEL), one.name) for one in found)
        raise UnclearError(_("Which one?"), choices, instead=name)
    return found[0]


def require_arranger(context: Context, built: Agenda, slot: Slot, *, is_move: bool) -> None:
    """Raise `RefusedError` unless the actor hosts the meeting, or corrects a topic of their own."""
    host: Meeting | Series = built.date.meeting or built.date.series
    if slot.point.kind == Topic.__tablename__ and not is_move:
        row = context.session.get_one(Topic, slot.point.object_id)
        if row.raised_by == context.actor.id:
            return
    require_host(context, host)


def move_slot(context: Context, built: Agenda, slot: Slot, how: str) -> None:
    """Put *slot* elsewhere: up, down, first, last or back on the agenda, parked or dropped."""
    for part in (built.slots, built.parked, built.dropped):
        if slot in part:
            place = part.index(slot)
            part.remove(slot)
    states = {"park": ItemState.PARKED, "drop": ItemState.DROPPED}
    slot.state = states.get(how, ItemState.PLANNED)
    parts = {ItemState.PARKED: built.parked, ItemState.DROPPED: built.dropped}
    steps = {"up": place - 1, "down": place + 1, "first": 0}
    part = parts.get(slot.state, built.slots)
    part.insert(max(steps.get(how, len(part)), 0), slot)
    _close_topic(context, slot, is_dropped=how == "drop")


def _close_topic(context: Context, slot: Slot, *, is_dropped: bool) -> None:
    """A topic that was dropped does not come again, unless it is taken back."""
    if slot.point.kind != Topic.__tablename__:
        return
    row = context.session.get_one(Topic, slot.point.object_id)
    row.closed_at = context.now if is_dropped else None
    row.outcome = "dropped" if is_dropped else None


def edit_slot(
    context: Context,
    slot: Slot,
    title: str | None,
    minutes: Length | None,
    presenter: Person | None,
    confidential: Secrecy | None,
) -> None:
    """Give *slot* what is given, for good: building the agenda anew keeps it."""
    if presenter is not None:
        require_givable(context, presenter)
    slot.minutes = minutes or slot.minutes
    slot.presenter_id = presenter.id if presenter else slot.presenter_id
    slot.is_set = slot.is_set or minutes is not None or presenter is not None
    if slot.point.kind != Topic.__tablename__:
        if title is not None or confidential is Secrecy.YES:
            text = _("Only a topic has a title of its own, or is confidential.")
            raise UserError(text, field="title")
        return
    row = context.session.get_one(Topic, slot.point.object_id)
    if title is not None:
        check_title(title)
        row.title = slot.point.title = title
    if confidential is not None:
        row.is_confidential = slot.point.is_confidential = confidential is Secrecy.YES
    row.minutes = minutes or row.minutes
    row.presenter_id = presenter.id if presenter else row.presenter_id
