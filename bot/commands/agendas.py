"""Agendas: look at one, arrange it, publish it, have it as a file."""

import re
from typing import Annotated, Any

from bot.agenda import ItemState
from bot.agenda_arranging import (
    At,
    BareDay,
    Minutes,
    Name,
    Presenter,
    Secret,
    agenda_to_arrange,
    edit_slot,
    move_slot,
    require_arranger,
    slot_named,
)
from bot.agenda_building import Agenda, Slot, build, keep
from bot.agenda_cards import (
    Look,
    excess_words,
    minutes_words,
    one_message,
    ref_of,
    title_of,
)
from bot.agenda_letter import agenda_page
from bot.agenda_publishing import messages_of, post, restate, standing
from bot.agenda_text import as_markdown
from bot.agenda_warnings import warnings_of
from bot.arguments import IncompleteError
from bot.command import Command, Reply
from bot.confidentiality import reads_all_of
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field
from bot.files import file_buttons, send_data, send_pdf
from bot.hosting import date_meant, date_shown, require_host
from bot.language import N_, _
from bot.meeting_fields import Of
from bot.meetings import MeetingState, Series, is_host
from bot.messages import Button, noted, said, shortened
from bot.pages import day as day_words
from bot.rights import Right, unpostable
from bot.values import Length, Secrecy, Word

TITLE_SHOWN = 60
PLACE = re.compile(r"[#(\s]*([A-Za-z]*\d+|[a-z]+)")
TOLD_MINUTES = re.compile(r"(\d{1,3})\s?min\w*\s*$")

KINDS = ("md", "pdf", "file")
What = Annotated[Word | None, Field(N_("As"), shown="md|pdf", choices=KINDS)]
HOWS = ("up", "down", "first", "last", "park", "drop", "back")
How = Annotated[Word | None, Field(N_("How"), shown="|".join(HOWS), choices=HOWS, typed_only=True)]
Order = Annotated[
    str,
    Field(
        N_("Order"),
        shown="3 1 2",
        hint=N_("One item on a line, in the order you want; the minutes behind it may be changed."),
        long=True,
        listed=True,
    ),
]
Again = Annotated[Word | None, Field(N_("Again"), shown="again", choices=("again",))]


def extend(command: Command) -> None:
    """Add to the command of meetings what concerns their agenda."""
    group = command.group(N_("Agenda"))
    group.verb(
        "agenda",
        N_("what the next meeting is to talk about; `md` or `pdf` sends it as a file"),
        right=Right.READ,
    )(agenda)
    group.verb(
        "item",
        N_("move, park or drop an item of the agenda, or edit its minutes and presenter"),
        "risks up",
        has_form=True,
        sends_changes=True,
        fill=item_values,
        titled=N_("Edit the item"),
    )(item)
    group.verb(
        "reorder",
        N_("arrange the agenda: what is named comes first"),
        "risks",
        has_form=True,
        sends_changes=True,
        fill=order_values,
        titled=N_("Arrange the agenda"),
    )(reorder)
    group.verb("publish", N_("let the channel have the agenda"))(publish)


def agenda(
    context: Context, what: What = None, *, day: BareDay = None, at: At = None, of: Of = None
) -> Reply:
    found = date_shown(context, of, day, at)
    built = build(context.session, context.project, found, context.now)
    return _file(context, built, what) if what else _shown(context, built)


def _shown(context: Context, built: Agenda, note: str = "") -> Reply:
    """The agenda as the actor may see it, with what they may do to it."""
    look = _look(context, built)
    warnings = warnings_of(context.session, built) if look.arrange else []
    message = one_message(built, look, warnings)
    ref = ref_of(built)
    buttons = [Button(_("Add topic …"), f"form meet topic {ref}")]
    if look.arrange:
        is_out = standing(context.session, built.date) is not None
        publish_ = Button(_("Publish"), f"meet publish {ref}", None if is_out else "primary")
        buttons = [Button(_("Reorder …"), f"form meet reorder {ref}"), publish_, *buttons]
    buttons += file_buttons("meet agenda", ref)
    return Reply(noted(note) + message if note else message, tuple(buttons))


def _look(context: Context, built: Agenda) -> Look:
    """Hosts arrange it, as long as it has not begun."""
    host = built.date.meeting or built.date.series
    hosts = is_host(context.actor, host) or context.may(Right.HOST)
    meeting = built.date.meeting
    is_planned = meeting is None or meeting.state is MeetingState.PLANNED
    told = reads_all_of(context.session, context.rights, host)
    return Look(arrange=hosts and is_planned, told=told)


def item(
    context: Context,
    item: Name,
    how: How = None,
    *,
    title: Annotated[str | None, Field(N_("Title"), long=True)] = None,
    minutes: Minutes = None,
    presenter: Presenter = None,
    confidential: Secret = None,
    day: BareDay = None,
    at: At = None,
    of: Of = None,
) -> Reply:
    built = agenda_to_arrange(context, of, day, at)
    slot = slot_named(built, item)
    require_arranger(context, built, slot, is_move=how not in (None, "drop"))
    if how is None and (title, minutes, presenter, confidential) == (None,) * 4:
        text = _("What is to become of it? Such as `up`, `park`, `20m` or somebody to present it.")
        raise IncompleteError(text, field="minutes")
    if how is not None:
        move_slot(context, built, slot, how)
    edit_slot(context, slot, title, minutes, presenter, confidential)
    return _arranged(context, built)


def item_values(context: Context, series: Series, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of `item` starts from."""
    found = date_meant(context, series, values.get("day"), values.get("at"))
    built = build(context.session, context.project, found, context.now)
    slot = slot_named(built, values.get("item") or "")
    require_arranger(context, built, slot, is_move=False)
    secrecy = Secrecy.YES if slot.point.is_confidential else Secrecy.NO
    told = {
        "title": slot.point.title,
        "minutes": str(slot.minutes),
        "presenter": built.people.get(slot.presenter_id or 0),
        "confidential": secrecy,
        "day": built.name.day,
        "at": built.name.at,
    }
    return told | values


def _arranged(context: Context, built: Agenda) -> Reply:
    """Write it down, let the channel see it, show it anew."""
    keep(context.session, built)
    restate(context.session, context.project, built.date, context.now)
    return _shown(context, build(context.session, context.project, built.date, context.now))


def reorder(
    context: Context, order: Order, *, day: BareDay = None, at: At = None, of: Of = None
) -> Reply:
    built = agenda_to_arrange(context, of, day, at)
    require_host(context, built.date.meeting or built.date.series)
    lines = order.splitlines() if "\n" in order.strip() else re.split(r"[\s,;]+", order.strip())
    wanted: list[Slot] = []
    for line in filter(None, map(str.strip, lines)):
        match = PLACE.match(line)
        slot = slot_named(built, match[1] if match else line)
        if slot.state is not ItemState.PLANNED:
            move_slot(context, built, slot, "last")
        if slot not in wanted:
            wanted.append(slot)
        if told := TOLD_MINUTES.search(line):
            _edit_minutes(context, slot, int(told[1]))
    built.slots = [*wanted, *(slot for slot in built.slots if slot not in wanted)]
    return _arranged(context, built)


def _edit_minutes(context: Context, slot: Slot, minutes: int) -> None:
    if minutes not in (0, slot.minutes):
        edit_slot(context, slot, None, Length(minutes), None, None)


def order_values(context: Context, series: Series, values: dict[str, Any]) -> dict[str, Any]:
    """What the form of `reorder` starts from: the items as they stand."""
    found = date_meant(context, series, values.get("day"), values.get("at"))
    require_host(context, found.meeting or found.series)
    built = build(context.session, context.project, found, context.now)
    lines = [
        f"{slot.name} · {shortened(title_of(slot, told=True), TITLE_SHOWN)}"
        f" · {minutes_words(slot.minutes)}"
        for slot in built.slots
    ]
    return {"order": "\n".join(lines), "day": built.name.day, "at": built.name.at} | values


def publish(
    context: Context, again: Again = None, *, day: BareDay = None, at: At = None, of: Of = None
) -> Reply:
    built = agenda_to_arrange(context, of, day, at)
    require_host(context, built.date.meeting or built.date.series)
    if why := unpostable(context.session, context.project):
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


def _file(context: Context, built: Agenda, kind: str) -> Reply:
    """The whole agenda as a file in a direct message: as text, or as pages made of it."""
    look = _look(context, built)
    stem = f"{context.project.key.lower()}-agenda-{built.facts.on}"
    if kind == "pdf":
        name = f"{stem}.pdf"
        send_pdf(context, name, name, agenda_page(built, look))
    else:
        name = f"{stem}.md"
        send_data(context, name, name, as_markdown(built, look).encode())
    return Reply(said(_("{what}. It comes as a direct message.").format(what=name)))
