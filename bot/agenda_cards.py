"""Agenda cards: how the agenda of a meeting looks, to those who arrange it and to the channel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.agenda import UNTOLD, ItemState, Section
from bot.agenda_building import Agenda, Slot
from bot.agenda_points import Group, Point
from bot.delivery.notices import Item
from bot.language import _, plural
from bot.messages import BLOCKS_LIMIT, NOTHING, Button, Message, fits, fitted, item, shortened
from bot.pages import Moment, render
from bot.report_lines import Line
from bot.typed import escape

SHOWN = 12
"""The most entries of a group; the rest is a count."""

PIECE = 2500
"""The most characters in one piece: of pieces, so many as fit make a message."""

TITLE_LIMIT = 300
SEGMENTS = 10
OFTEN = 3
"""What was carried so often is to be decided, delegated, dropped or made an action."""

MARKS = {ItemState.DONE: "✓", ItemState.NOW: "▶", ItemState.CARRIED: "→"}


@dataclass(frozen=True)
class Look:
    """How an agenda is shown: with menus to *arrange* it, with what is confidential *told*.

    *shown* is the most entries of a group.
    """

    arrange: bool = False
    told: bool = False
    shown: int = SHOWN


@dataclass(frozen=True)
class _Cut:
    """Some lines of a group."""

    title: str
    lines: Sequence[Line]
    more: str = ""


@dataclass(frozen=True)
class _Heading:
    """The line an item begins with."""

    mark: str
    title: str
    told: str


def ref_of(agenda: Agenda) -> str:
    """How a line names the meeting of *agenda*, whatever others there are."""
    return agenda.name.options


def title_of(slot: Slot, *, told: bool) -> str:
    """What an item is called before those who may, or may not, read what is confidential."""
    point = slot.point
    return point.title if told or not point.is_confidential else _(UNTOLD)


def one_message(agenda: Agenda, look: Look, warnings: Sequence[str] = ()) -> Message:
    """The agenda in one message, however much there is: the longer it is, the fewer entries."""
    looks = [replace(look, shown=count) for count in (SHOWN, 6, 3, 1)]
    looks += [replace(look, shown=count, arrange=False) for count in (3, 1, 0)]
    for tried in looks:
        message = sum((item.message for item in items(agenda, tried, warnings)), NOTHING)
        if len(message.blocks) < BLOCKS_LIMIT and fits(message.blocks):
            break
    return Message(message.text, fitted(message.blocks[: BLOCKS_LIMIT - 1]))


def items(agenda: Agenda, look: Look, warnings: Sequence[str] = (), coming: str = "") -> list[Item]:
    """The agenda in pieces: its head, every item, what is parked."""
    head = Item(_head(agenda, warnings, coming))
    shown = [
        piece for n, slot in enumerate(agenda.slots, 1) for piece in _item(agenda, slot, n, look)
    ]
    if not agenda.slots:
        nothing = _("Nothing is open that would have to be talked about. Propose a topic.")
        shown = [Item(render("agenda_item", **_nothing(), source=nothing))]
    if agenda.parked:
        shown.append(Item(_parked(agenda, look)))
    return [head, *shown]


def _nothing() -> dict[str, object]:
    return {"heading": None, "link": None, "carried": "", "groups": ()}


def _head(agenda: Agenda, warnings: Sequence[str], coming: str) -> Message:
    found, series = agenda.date, agenda.date.series
    meeting = found.meeting
    return render(
        "agenda",
        title=shortened(series.title, 100),
        on=agenda.facts.on,
        when=Moment(found.starts_at, series.zone),
        length=minutes_words(found.minutes),
        place=(meeting.place if meeting else series.place) or "",
        bar=_bar(agenda),
        planned=_("{count} of {length} minutes").format(count=agenda.minutes, length=found.minutes),
        excess=excess_words(agenda),
        warnings=warnings,
        coming=coming,
        project=agenda.project,
        hosts=hosts_words(agenda),
        held=agenda.held,
    )


def hosts_words(agenda: Agenda) -> str:
    """Who chairs the meeting and who takes its minutes."""
    host = agenda.date.meeting or agenda.date.series
    told = _("Chair: {who}").format(who=_name(agenda, host.chair_id))
    if host.minute_taker_id is not None:
        taker = _name(agenda, host.minute_taker_id)
        told += " · " + _("Minutes: {who}").format(who=taker)
    return told


def excess_words(agenda: Agenda) -> str:
    """By how much there is too much for the time."""
    text = plural("{count} minute too many", "{count} minutes too many", agenda.excess)
    return text.format(count=agenda.excess) if agenda.excess > 0 else ""


def minutes_words(count: int) -> str:
    return _("{count} min").format(count=count)


def carried_words(point: Point) -> str:
    """How often an item was put off, and from the third time what is asked for of a topic."""
    if point.carried < OFTEN:
        return {0: "", 1: _("carried once")}.get(point.carried, _("carried twice"))
    text = _("carried {count} times")
    if is_overripe(point):
        text = _("carried {count} times: decide, delegate, drop or make it an action")
    return text.format(count=point.carried)


def is_overripe(point: Point) -> bool:
    """Whether a topic was put off so often that it is to be settled somehow."""
    return point.section is Section.TOPICS and point.carried >= OFTEN


def _bar(agenda: Agenda) -> str:
    """The planned minutes against the length, as a bar."""
    filled = round(SEGMENTS * agenda.minutes / max(agenda.date.minutes, 1))
    return "▰" * min(filled, SEGMENTS) + "▱" * max(SEGMENTS - filled, 0)


def _item(agenda: Agenda, slot: Slot, number: int, look: Look) -> Iterator[Item]:
    """One item: what it is called, why it is there, and the entries below it, in pieces."""
    told = look.told or not slot.point.is_confidential
    mark = MARKS.get(slot.state, str(number))
    title = shortened(title_of(slot, told=told), TITLE_LIMIT)
    facts = " · ".join((minutes_words(slot.minutes), _name(agenda, slot.presenter_id)))
    groups = list(_pieces(slot.point.groups, look.shown)) if told else []
    first = render(
        "agenda_item",
        heading=None if look.arrange else _Heading(mark, title, facts),
        source=slot.point.source,
        link=slot.point.link if told else None,
        carried=carried_words(slot.point),
        groups=groups[:1],
    )
    if look.arrange:
        line = f"{mark} · {title} · {facts}"
        first = Message(escape(line), [item(line, _menu(agenda, slot))]) + first
    if look.arrange and is_overripe(slot.point):
        first = first.with_buttons(_ways_out(agenda, slot))
    yield Item(first)
    for group in groups[1:]:
        yield Item(render("agenda_item", **(_nothing() | {"groups": [group]}), source=""))


def _pieces(groups: Sequence[Group], shown: int) -> Iterator[_Cut]:
    for group in groups:
        cut = group.lines[:shown]
        rest = len(group.lines) - len(cut)
        more = plural("and {count} more", "and {count} more", rest).format(count=rest)
        title, size = group.title, 0
        begun: list[Line] = []
        for line in cut:
            if begun and size + len(line.text) > PIECE:
                yield _Cut(title, begun)
                title, begun, size = "", [], 0
            begun = [*begun, line]
            size += len(line.text)
        yield _Cut(title, begun, more if rest else "")


def _parked(agenda: Agenda, look: Look) -> Message:
    lines = [
        Line("•", "", shortened(title_of(slot, told=look.told), TITLE_LIMIT))
        for slot in agenda.parked
    ]
    group = _Cut(_("Parked"), lines)
    message = render("agenda_item", **(_nothing() | {"groups": [group]}), source="")
    if not look.arrange:
        return message
    ref = ref_of(agenda)
    return message.with_buttons(
        Button(_("Back: {title}").format(title=shortened(slot.point.title, 30)),
               f"meet item {slot.name} back {ref}")
        for slot in agenda.parked[:5]
    )  # fmt: skip


def _menu(agenda: Agenda, slot: Slot) -> list[Button]:
    """What can be done to an item."""
    line = f"meet item {slot.name}"
    ref = ref_of(agenda)
    return [
        Button(_("Up"), f"{line} up {ref}"),
        Button(_("Down"), f"{line} down {ref}"),
        Button(_("Edit …"), f"form {line} {ref}"),
        Button(_("Park"), f"{line} park {ref}"),
        Button(_("Drop"), f"{line} drop {ref}"),
    ]


def _ways_out(agenda: Agenda, slot: Slot) -> list[Button]:
    """What can become of an item that was put off again and again."""
    ref = ref_of(agenda)
    line = f"meet turn {slot.name}"
    return [
        Button(_("Decide …"), f"form {line} decision {ref}"),
        Button(_("Delegate …"), f"form meet item {slot.name} {ref}"),
        Button(_("Make it an action …"), f"form {line} action {ref}"),
        Button(_("Drop"), f"meet item {slot.name} drop {ref}"),
    ]


def _name(agenda: Agenda, person: int | None) -> str:
    found = agenda.people.get(person or 0)
    return _("nobody") if found is None else found.name
