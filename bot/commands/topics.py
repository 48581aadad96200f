"""Topics: propose something to talk about; settle an item by making it something else."""

from datetime import date, time
from typing import Annotated, Any

from bot.agenda import Section, Topic
from bot.agenda_arranging import (
    At,
    Day,
    Minutes,
    Name,
    Presenter,
    Secret,
    agenda_to_arrange,
    move_slot,
    require_arranger,
    slot_named,
)
from bot.agenda_building import Agenda, Slot, keep
from bot.agenda_cards import minutes_words, ref_of
from bot.agenda_publishing import restate
from bot.cards import announce
from bot.changing import enter
from bot.command import Command, Reply
from bot.context import Context
from bot.date_names import name_of
from bot.errors import UserError
from bot.fields import Due, Field, Owner
from bot.hosting import date_meant
from bot.language import N_, _
from bot.meeting_dates import Date, meeting_on, next_planned
from bot.meeting_fields import Of
from bot.meetings import MeetingState, Series
from bot.messages import Button, noted, said, shortened
from bot.pages import day as day_words
from bot.receipts import receipt, require_givable, tell_owner
from bot.register import check_title
from bot.registers import REGISTERS
from bot.values import Secrecy, Word

TITLE_SHOWN = 60
TopicDay = Annotated[date | None, Field(N_("Day"), (), "day=DATE", typed_only=True, carried=True)]
TopicTitle = Annotated[str, Field(N_("Topic"), shown="WHAT", long=True)]
INTO = ("action", "decision", "issue", "risk")
Into = Annotated[
    Word, Field(N_("Into"), ("into", "to"), "|".join(INTO), choices=INTO, carried=True)
]
EntryTitle = Annotated[str | None, Field(N_("Title"), shown="WHAT", long=True)]


def extend(command: Command) -> None:
    """Add to the command of meetings what people want to talk about."""
    group = command.group(N_("Agenda"))
    group.verb(
        "topic",
        N_("propose something to talk about"),
        "Decide test site 15m @carla",
        has_form=True,
        titled=N_("Add to the agenda"),
    )(topic)
    group.verb(
        "turn",
        N_("make an item an action, a decision, an issue or a risk"),
        '"Decide test site" into action @ben by fri',
        has_form=True,
        fill=turn_values,
        titled=N_("Settle the item"),
    )(turn)


def topic(
    context: Context,
    title: TopicTitle,
    *,
    minutes: Minutes = None,
    presenter: Presenter = None,
    confidential: Secret = None,
    day: TopicDay = None,
    at: At = None,
    of: Of = None,
) -> Reply:
    check_title(title)
    if presenter is not None:
        require_givable(context, presenter)
    found = _taking(context, of, day, at)
    row = Topic(
        project_id=context.project.id,
        series_id=found.series.id,
        meeting_id=meeting_on(context.session, found).id if day else None,
        title=title,
        minutes=minutes,
        presenter_id=presenter.id if presenter else None,
        raised_by=context.actor.id,
        raised_at=context.now,
        source=context.place.source,
        carried=0,
        is_confidential=confidential is Secrecy.YES,
    )
    context.session.add(row)
    context.session.flush()
    restate(context.session, context.project, found, context.now)
    return _topic_receipt(context, row, found)


def _taking(context: Context, of: Series | None, day: date | None, at: time | None) -> Date:
    """The meeting a topic is for: the next one that has not begun."""
    found = date_meant(context, of, day, at)
    if day is not None or found.is_planned:
        return found
    return next_planned(context.session, found.series, context.project, context.now) or found


def _topic_receipt(context: Context, row: Topic, found: Date) -> Reply:
    on = context.project.local_date(found.starts_at)
    told = [shortened(row.title, 300)]
    if row.minutes:
        told.append(minutes_words(row.minutes))
    told.append(context.person(row.presenter_id or row.raised_by).name)
    if row.is_confidential:
        told.append(_("confidential"))
    words = _("Added for {day}").format(day=day_words(on))
    message = said(f"{words}: " + " · ".join(told))
    if found.meeting is not None and found.meeting.state is not MeetingState.PLANNED:
        message += noted(_("That meeting has begun: it comes to the next one."))
    ref = name_of(context.session, context.project, found).options
    buttons = (
        Button(_("Edit"), f"form meet item T{row.id} {ref}"),
        Button(_("Agenda"), f"meet agenda {ref}"),
    )
    return Reply(message, buttons)


def turn(
    context: Context,
    item: Name,
    into: Into,
    title: EntryTitle = None,
    *,
    owner: Owner = None,
    due: Due = None,
    day: Day = None,
    at: At = None,
    of: Of = None,
) -> Reply:
    built = agenda_to_arrange(context, of, day, at)
    slot = slot_named(built, item)
    require_arranger(context, built, slot, is_move=False)
    _require_turnable(slot, built)
    register = next(r for r in REGISTERS if r.noun == into)
    values = {"title": title or slot.point.title, "owner": owner, "due": due}
    secret_of = keep(context.session, built).id if slot.point.is_confidential else None
    entry = enter(register, context, values, secret_of)
    announce(context, entry, "")
    tell_owner(context, entry)
    name = register.name_of(entry)
    move_slot(context, built, slot, "drop")
    if slot.point.kind == Topic.__tablename__:
        row = context.session.get_one(Topic, slot.point.object_id)
        row.outcome, entry.source = f"became {name}", row.source
    keep(context.session, built)
    restate(context.session, context.project, built.date, context.now)
    told = shortened(slot.point.title, TITLE_SHOWN)
    return receipt(context, entry, _("“{title}” is {name} now").format(title=told, name=name))


def _require_turnable(slot: Slot, built: Agenda) -> None:
    """Raise `UserError` for what the office puts on the agenda by itself, unless it was put off."""
    if slot.point.section is not Section.TOPICS and not slot.point.carried:
        text = _(
            "“{title}” is on the agenda as long as there is something to say; only topics can "
            "be made something else."
        )
        raise UserError(
            text.format(title=shortened(slot.point.title, TITLE_SHOWN)),
            field="item",
            line=f"meet agenda {ref_of(built)}",
        )


def turn_values(context: Context, series: Series, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of `turn` starts from."""
    built = agenda_to_arrange(context, series, values.get("day"), values.get("at"))
    slot = slot_named(built, values.get("item") or "")
    require_arranger(context, built, slot, is_move=False)
    _require_turnable(slot, built)
    told = {
        "title": slot.point.title,
        "owner": built.people.get(slot.presenter_id or 0),
        "day": built.name.day,
        "at": built.name.at,
    }
    return told | values
