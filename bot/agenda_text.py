"""The agenda of a meeting as a text file, in Markdown (CommonMark)."""

import re
from collections.abc import Iterator

from bot.agenda_building import Agenda, Slot
from bot.agenda_cards import (
    Look,
    carried_words,
    excess_words,
    hosts_words,
    minutes_words,
    title_of,
)
from bot.language import _
from bot.pages import day, moment
from bot.typed import flat

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def as_markdown(agenda: Agenda, look: Look) -> str:
    """The whole agenda, every entry; what is confidential only where the *look* tells it."""
    return "\n".join(_lines(agenda, look)) + "\n"


def _lines(agenda: Agenda, look: Look) -> Iterator[str]:
    found = agenda.date
    meeting = found.meeting
    place = (meeting.place if meeting else found.series.place) or ""
    planned = _("{count} of {length} minutes").format(count=agenda.minutes, length=found.minutes)
    when = f"{moment(found.starts_at, found.series.zone)} ({found.series.zone})"
    yield f"# {_text(found.series.title)}, {day(agenda.facts.on)}"
    yield ""
    yield f"- {_text(agenda.project.name)} · {when} · {minutes_words(found.minutes)}"
    if place:
        yield f"- {_text(place)}"
    yield f"- {_text(hosts_words(agenda))}"
    yield "- " + ", ".join(filter(None, (planned, excess_words(agenda))))
    if agenda.held:
        yield f"- {_text(agenda.held)}"
    for number, slot in enumerate(agenda.slots, 1):
        yield from _item(agenda, slot, number, told=look.told or not slot.point.is_confidential)
    if agenda.parked:
        yield from ("", f"## {_('Parked')}", "")
        yield from (f"- {_text(title_of(slot, told=look.told))}" for slot in agenda.parked)


def _item(agenda: Agenda, slot: Slot, number: int, *, told: bool) -> Iterator[str]:
    presenter = agenda.people.get(slot.presenter_id or 0)
    facts = [minutes_words(slot.minutes), _text(presenter.name if presenter else _("nobody"))]
    if carried := carried_words(slot.point):
        facts.append(f"**{carried}**")
    yield ""
    yield f"## {number}. {_text(title_of(slot, told=told))}"
    yield ""
    yield " · ".join(facts) + "  "
    yield f"*{_text(slot.point.source)}*" + (
        f" [{_('from this message')}]({slot.point.link})" if slot.point.link and told else ""
    )
    for group in slot.point.groups if told else ():
        yield ""
        if group.title:
            yield from (f"**{_text(group.title)}**", "")
        for line in group.lines:
            mark = f"{line.mark} " if line.mark != "•" else ""
            name = f"**{line.name}** · " if line.name else ""
            yield f"- {mark}{name}{_text(line.text)}"


def _text(words: str) -> str:
    """What people typed, on one line, with nothing in it that Markdown reads as a sign."""
    return _SPECIAL.sub(r"\\\1", flat(words))
