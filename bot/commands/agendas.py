"""Agendas: look at one, arrange it, propose a topic, publish it, have it as a file."""

import re
from base64 import b64encode
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import uuid4

from bot.agenda import ItemState, Topic
from bot.agenda_building import Agenda, Slot, build, keep
from bot.agenda_cards import Look, excess_words, minutes_words, one_message, ref_of, title_of
from bot.agenda_publishing import messages_of, post, refused, restate, standing
from bot.agenda_text import as_markdown
from bot.agenda_warnings import warnings_of
from bot.arguments import IncompleteError
from bot.cards import announce
from bot.changing import enter
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.outbox import promise
from bot.errors import UserError
from bot.fields import Field
from bot.hosting import date_meant, require_host
from bot.invitations import seat_for
from bot.language import N_, _
from bot.meetings import Date, Meeting, MeetingState, Series, is_host, meeting_on, next_dates
from bot.messages import Button, noted, said, shortened
from bot.pages import day as day_words
from bot.people import Person
from bot.receipts import receipt, require_givable, tell_owner
from bot.register import check_title
from bot.registers import REGISTERS
from bot.rights import Right
from bot.values import Length, Word

NEEDED = "files:write"
TITLE_SHOWN = 60
PLACE = re.compile(r"[#(\s]*([A-Za-z]*\d+|[a-z]+)")
TOLD_MINUTES = re.compile(r"(\d{1,3})\s?min\w*\s*$")


class Secrecy(StrEnum):
    """Whether a topic is for those invited only."""

    YES = "yes"
    NO = "no"


Of = Annotated[Series | None, Field(N_("Meeting"), ("of", "series"), "of TITLE", typed_only=True)]
Day = Annotated[
    date | None, Field(N_("Day"), ("on", "am"), "on DATE", past=True, typed_only=True, carried=True)
]
TopicDay = Annotated[date | None, Field(N_("Day"), (), "day=DATE", typed_only=True, carried=True)]
TopicTitle = Annotated[str, Field(N_("Topic"), shown="WHAT", long=True)]
Minutes = Annotated[Length | None, Field(N_("Minutes"), (), "15m", N_("How long it takes"))]
Presenter = Annotated[Person | None, Field(N_("Presenter"), ("presenter",), "@WHO", bare=True)]
Secret = Annotated[
    Secrecy | None,
    Field(N_("Confidential"), (), "confidential=yes", N_("Read by those invited only")),
]
What = Annotated[Word | None, Field(N_("As"), shown="file", choices=("file",))]
Name = Annotated[Word, Field(N_("Item"), shown="ITEM", carried=True)]
HOWS = ("up", "down", "first", "last", "park", "drop", "back")
How = Annotated[Word | None, Field(N_("How"), shown="|".join(HOWS), choices=HOWS, typed_only=True)]
Order = Annotated[
    str,
    Field(
        N_("Order"),
        shown="3 1 2",
        hint=N_("One item on a line, in the order you want; the minutes behind it may be changed."),
        long=True,
    ),
]
INTO = ("action", "decision", "issue", "risk")
Into = Annotated[
    Word, Field(N_("Into"), ("into", "to"), "|".join(INTO), choices=INTO, carried=True)
]
EntryTitle = Annotated[str | None, Field(N_("Title"), shown="WHAT", long=True)]
Owner = Annotated[Person | None, Field(N_("Owner"), ("owner",), "@OWNER", bare=True)]
Due = Annotated[date | None, Field(N_("Due"), ("by", "due", "until", "bis"), "by DATE")]
Again = Annotated[Word | None, Field(N_("Again"), shown="again", choices=("again",))]


def extend(command: Command) -> None:
    """Add to the command of meetings what concerns their agenda."""
    command.verb(
        "agenda",
        N_("what the next meeting is to talk about; `file` sends it as Markdown"),
        right=Right.READ,
    )(agenda)
    command.verb(
        "topic",
        N_("propose something to talk about"),
        "Decide test site 15m @carla",
        has_form=True,
        titled=N_("Add to the agenda"),
    )(topic)
    command.verb(
        "item",
        N_("move, park or drop an item of the agenda, or edit its minutes and presenter"),
        "risks up",
        has_form=True,
        sends_changes=True,
        fill=item_values,
        titled=N_("Edit the item"),
    )(item)
    command.verb(
        "reorder",
        N_("arrange the whole agenda"),
        "2 1",
        has_form=True,
        sends_changes=True,
        fill=order_values,
        titled=N_("Arrange the agenda"),
    )(reorder)
    command.verb(
        "turn",
        N_("make an item an action, a decision, an issue or a risk"),
        "1 into action @ben by fri",
        has_form=True,
        fill=turn_values,
        titled=N_("Settle the item"),
    )(turn)
    command.verb("publish", N_("let the channel have the agenda"))(publish)


def agenda(context: Context, what: What = None, *, day: Day = None, of: Of = None) -> Reply:
    found = date_meant(context, of, day)
    built = build(context.session, context.project, found, context.now)
    return _file(context, built) if what == "file" else _shown(context, built)


def _shown(context: Context, built: Agenda, note: str = "") -> Reply:
    """The agenda as the actor may see it, with what they may do to it."""
    look = _look(context, built)
    warnings = warnings_of(context.session, built) if look.arrange else []
    message = one_message(built, look, warnings)
    ref = ref_of(built)
    buttons = [Button(_("Add topic …"), f"form meet topic day={built.facts.on} {_of(built)}")]
    if look.arrange:
        is_out = standing(context.session, built.date) is not None
        publish_ = Button(_("Publish"), f"meet publish {ref}", None if is_out else "primary")
        buttons = [Button(_("Reorder …"), f"form meet reorder {ref}"), publish_, *buttons]
    buttons.append(Button(_("As a file"), f"meet agenda file {ref}"))
    return Reply(noted(note) + message if note else message, tuple(buttons))


def _of(built: Agenda) -> str:
    return f"of {built.date.series.number} in {built.project.key}"


def _look(context: Context, built: Agenda) -> Look:
    """Hosts arrange it, as long as it has not begun; those invited read what is confidential."""
    host = built.date.meeting or built.date.series
    hosts = is_host(context.actor, host) or context.may(Right.HOST)
    meeting = built.date.meeting
    is_planned = meeting is None or meeting.state is MeetingState.PLANNED
    invited = seat_for(context.session, built.date.series, context.actor)
    return Look(arrange=hosts and is_planned, told=hosts or invited is not None)


def topic(
    context: Context,
    title: TopicTitle,
    *,
    minutes: Minutes = None,
    presenter: Presenter = None,
    confidential: Secret = None,
    day: TopicDay = None,
    of: Of = None,
) -> Reply:
    check_title(title)
    if presenter is not None:
        require_givable(context, presenter)
    found = _taking(context, of, day)
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


def _taking(context: Context, of: Series | None, day: date | None) -> Date:
    """The meeting a topic is for: the next one that has not begun."""
    found = date_meant(context, of, day)
    if day is not None or found.meeting is None or found.meeting.state is MeetingState.PLANNED:
        return found
    coming = next_dates(context.session, found.series, context.project, context.now, 3)
    later = (d for d in coming if d.meeting is None or d.meeting.state is MeetingState.PLANNED)
    return next(later, found)


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
    ref = f"on {on} of {found.series.number} in {context.project.key}"
    buttons = (
        Button(_("Edit"), f"form meet item T{row.id} {ref}"),
        Button(_("Agenda"), f"meet agenda {ref}"),
    )
    return Reply(message, buttons)


def item(
    context: Context,
    item: Name,
    how: How = None,
    *,
    title: Annotated[str | None, Field(N_("Title"), long=True)] = None,
    minutes: Minutes = None,
    presenter: Presenter = None,
    confidential: Secret = None,
    day: Day = None,
    of: Of = None,
) -> Reply:
    built = _to_arrange(context, of, day)
    slot = _slot(built, item)
    _require_arranger(context, built, slot, is_move=how not in (None, "drop"))
    if how is None and (title, minutes, presenter, confidential) == (None,) * 4:
        text = _("What is to become of it? Such as `up`, `park`, `20m` or somebody to present it.")
        raise IncompleteError(text, field="minutes")
    if how is not None:
        _move(context, built, slot, how)
    _edit(context, slot, title, minutes, presenter, confidential)
    return _arranged(context, built)


def item_values(context: Context, series: Series, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of `item` starts from."""
    built = build(context.session, context.project, date_meant(context, series, values.get("day")),
                  context.now)  # fmt: skip
    slot = _slot(built, values.get("item") or "")
    _require_arranger(context, built, slot, is_move=False)
    secrecy = Secrecy.YES if slot.point.is_confidential else Secrecy.NO
    told = {
        "title": slot.point.title,
        "minutes": str(slot.minutes),
        "presenter": built.people.get(slot.presenter_id or 0),
        "confidential": secrecy,
        "day": built.facts.on,
    }
    return told | values


def _to_arrange(context: Context, of: Series | None, day: date | None) -> Agenda:
    """The agenda somebody wants to change. Raises `UserError` once the meeting has begun."""
    found = date_meant(context, of, day)
    if found.meeting is not None and found.meeting.state is not MeetingState.PLANNED:
        raise UserError(_("The meeting has begun: its agenda stands."))
    return build(context.session, context.project, found, context.now)


def _slot(built: Agenda, name: str) -> Slot:
    """The item called *name*. Raises `UserError` where there is none."""
    slot = built.named(name)
    if slot is None:
        text = _("There is no item `{name}` on the agenda; it goes from 1 to {count}.")
        raise UserError(
            text.format(name=shortened(name, 40), count=len(built.slots)),
            field="item",
            line=f"meet agenda {ref_of(built)}",
        )
    return slot


def _require_arranger(context: Context, built: Agenda, slot: Slot, *, is_move: bool) -> None:
    """Raise `RefusedError` unless the actor hosts the meeting, or corrects a topic of their own."""
    host: Meeting | Series = built.date.meeting or built.date.series
    if slot.point.kind == Topic.__tablename__ and not is_move:
        row = context.session.get_one(Topic, slot.point.object_id)
        if row.raised_by == context.actor.id:
            return
    require_host(context, host)


def _move(context: Context, built: Agenda, slot: Slot, how: str) -> None:
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


def _edit(
    context: Context,
    slot: Slot,
    title: str | None,
    minutes: Length | None,
    presenter: Person | None,
    confidential: Secrecy | None,
) -> None:
    if presenter is not None:
        require_givable(context, presenter)
    slot.minutes = minutes or slot.minutes
    slot.presenter_id = presenter.id if presenter else slot.presenter_id
    slot.is_set = slot.is_set or minutes is not None or presenter is not None
    if slot.point.kind != Topic.__tablename__:
        return
    row = context.session.get_one(Topic, slot.point.object_id)
    if title is not None:
        check_title(title)
        row.title = slot.point.title = title
    if confidential is not None:
        row.is_confidential = slot.point.is_confidential = confidential is Secrecy.YES
    row.minutes = minutes or row.minutes
    row.presenter_id = presenter.id if presenter else row.presenter_id


def _arranged(context: Context, built: Agenda) -> Reply:
    """Write it down, let the channel see it, show it anew."""
    keep(context.session, built)
    restate(context.session, context.project, built.date, context.now)
    return _shown(context, build(context.session, context.project, built.date, context.now))


def reorder(context: Context, order: Order, *, day: Day = None, of: Of = None) -> Reply:
    built = _to_arrange(context, of, day)
    require_host(context, built.date.meeting or built.date.series)
    lines = order.splitlines() if "\n" in order.strip() else re.split(r"[\s,;]+", order.strip())
    wanted: list[Slot] = []
    for line in filter(None, map(str.strip, lines)):
        match = PLACE.match(line)
        slot = _slot(built, match[1] if match else line)
        if slot.state is not ItemState.PLANNED:
            _move(context, built, slot, "last")
        if slot not in wanted:
            wanted.append(slot)
        if told := TOLD_MINUTES.search(line):
            _edit_minutes(context, slot, int(told[1]))
    built.slots = [*wanted, *(slot for slot in built.slots if slot not in wanted)]
    return _arranged(context, built)


def _edit_minutes(context: Context, slot: Slot, minutes: int) -> None:
    if minutes not in (0, slot.minutes):
        _edit(context, slot, None, Length(minutes), None, None)


def order_values(context: Context, series: Series, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of `reorder` starts from: the items as they stand."""
    found = date_meant(context, series, values.get("day"))
    built = build(context.session, context.project, found, context.now)
    lines = [
        f"{slot.name} · {shortened(title_of(slot, told=True), TITLE_SHOWN)}"
        f" · {minutes_words(slot.minutes)}"
        for slot in built.slots
    ]
    return {"order": "\n".join(lines), "day": built.facts.on} | values


def turn(
    context: Context,
    item: Name,
    into: Into,
    title: EntryTitle = None,
    *,
    owner: Owner = None,
    due: Due = None,
    day: Day = None,
    of: Of = None,
) -> Reply:
    built = _to_arrange(context, of, day)
    slot = _slot(built, item)
    _require_arranger(context, built, slot, is_move=False)
    register = next(r for r in REGISTERS if r.noun == into)
    values = {"title": title or slot.point.title, "owner": owner, "due": due}
    entry = enter(register, context, values)
    announce(context, entry, "")
    tell_owner(context, entry)
    name = register.name_of(entry)
    _move(context, built, slot, "drop")
    if slot.point.kind == Topic.__tablename__:
        row = context.session.get_one(Topic, slot.point.object_id)
        row.outcome, entry.source = f"became {name}", row.source
    keep(context.session, built)
    restate(context.session, context.project, built.date, context.now)
    told = shortened(slot.point.title, TITLE_SHOWN)
    return receipt(context, entry, _("“{title}” is {name} now").format(title=told, name=name))


def turn_values(context: Context, series: Series, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of `turn` starts from."""
    built = _to_arrange(context, series, values.get("day"))
    slot = _slot(built, values.get("item") or "")
    told = {
        "title": slot.point.title,
        "owner": built.people.get(slot.presenter_id or 0),
        "day": built.facts.on,
    }
    return told | values


def publish(context: Context, again: Again = None, *, day: Day = None, of: Of = None) -> Reply:
    built = _to_arrange(context, of, day)
    require_host(context, built.date.meeting or built.date.series)
    if why := refused(context.session, context.project):
        text = _("The agenda of {project} cannot be posted: {why}.")
        raise UserError(text.format(project=context.project.name, why=why))
    on = day_words(built.facts.on)
    if again is None and standing(context.session, built.date) is not None:
        text = _("The agenda for {day} is in the channel, and shows what holds now. Post it anew?")
        once_more = Button(_("Post it anew"), f"meet publish again {ref_of(built)}")
        return Reply(said(text.format(day=on)), (once_more,))
    meeting = keep(context.session, built)
    meeting.published_at = context.now
    post(context.session, built, messages_of(context.session, built), context.now)
    words = _("The agenda for {day} is in the channel.").format(day=on)
    over = excess_words(built)
    return Reply(said(f"{words} {over}." if over else words))


def _file(context: Context, built: Agenda) -> Reply:
    if NEEDED not in context.scopes:
        text = _("Files are switched off: the app lacks the scope `{scope}`.")
        raise UserError(text.format(scope=NEEDED))
    text = as_markdown(built, _look(context, built))
    name = f"{context.project.key.lower()}-agenda-{built.facts.on}.md"
    promise(
        context.session,
        f"agenda-file:{uuid4()}",
        context.actor.slack_id,
        said(name),
        context.now,
        file={"name": name, "data": b64encode(text.encode()).decode()},
    )
    return Reply(said(_("{what}. It comes as a direct message.").format(what=name)))
