"""The agenda of a meeting as a page of HTML that mail programs show, and that can be printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.agenda_building import Agenda, Slot
from bot.agenda_cards import (
    Look,
    carried_words,
    excess_words,
    hosts_words,
    minutes_words,
    title_of,
)
from bot.agenda_points import Group
from bot.language import _
from bot.pages import day, letter, moment, name
from bot.typed import flat

WEB = ("https://", "http://")


@dataclass(frozen=True)
class Item:
    """One item as the page shows it; *facts* are how long it takes and who presents it."""

    title: str
    facts: str
    carried: str
    source: str
    link: str | None
    groups: Sequence[Group]
    is_confidential: bool


def agenda_page(agenda: Agenda, look: Look) -> str:
    """The whole agenda, every entry; what is confidential only where the *look* tells it."""
    found = agenda.date
    title = f"{flat(found.series.title)}, {day(agenda.facts.on)}"
    return letter(
        "agenda",
        title=title,
        project=agenda.project.name,
        head=_head(agenda),
        planned=_("{count} of {length} minutes").format(count=agenda.minutes, length=found.minutes),
        excess=excess_words(agenda),
        share=min(round(100 * agenda.minutes / max(found.minutes, 1)), 100),
        held=agenda.held,
        items=[_item(agenda, slot, n, look) for n, slot in enumerate(agenda.slots, 1)],
        parked=[title_of(slot, told=look.told) for slot in agenda.parked],
    )


def _head(agenda: Agenda) -> list[str]:
    """Of which project, when, for how long, where and with whom."""
    found = agenda.date
    meeting = found.meeting
    place = (meeting.place if meeting else found.series.place) or ""
    when = f"{moment(found.starts_at, found.series.zone)} ({found.series.zone})"
    told = [f"{when} · {minutes_words(found.minutes)}", place, hosts_words(agenda)]
    return [agenda.project.name, *filter(None, told)]


def _item(agenda: Agenda, slot: Slot, number: int, look: Look) -> Item:
    point = slot.point
    is_told = look.told or not point.is_confidential
    presenter = name(agenda.people.get(slot.presenter_id or 0))
    link = point.link if is_told and (point.link or "").startswith(WEB) else None
    return Item(
        title=f"{number}. {title_of(slot, told=is_told)}",
        facts=f"{minutes_words(slot.minutes)} · {presenter}",
        carried=carried_words(point),
        source=point.source,
        link=link,
        groups=point.groups if is_told else (),
        is_confidential=is_told and point.is_confidential,
    )
