"""Reminding: the one look of a reminder, and what becomes of it when its thing is settled."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.audience import readers, roles_in
from bot.context import Context
from bot.delivery.notices import Item
from bot.delivery.retelling import say_anew, told_of
from bot.messages import Button, Message, buttons_row, noted, rich_text, shortened
from bot.people import Person
from bot.projects import Project
from bot.register import Entry
from bot.typed import escape

NUDGE_LIFE = timedelta(days=4)  # over a long weekend; older reminders are left as they were
TITLE_LIMIT = 300  # the whole of it is behind Show
SETTLING = (
    "due",
    "owner_id",
    "closed_at",
    "accepted_at",
    "declined",
    "proposed",
    "blocked_by",
    "confirmed_at",
    "reviewed_at",
)
"""Columns which, when they change, answer what a reminder asks."""


def nudge_about(name: str) -> str:
    """What a notice is about that reminds of the thing called *name*."""
    return f"nudge:{name}"


def reminder(
    name: str,
    title: str,
    facts: Sequence[str],
    buttons: Sequence[Button],
    menu: Sequence[Button] = (),
    stand: str = "",
) -> Item:
    """A thing to be reminded of: its title, what there is to know of it, what can be done.

    *stand* says how the thing stands: as long as it stands so, the reminder holds.
    """
    head, more = shortened(title, TITLE_LIMIT), " · ".join(filter(None, facts))
    lines: list[list[dict[str, Any]]] = [[{"type": "text", "text": head, "style": {"bold": True}}]]
    if more:
        lines.append([{"type": "text", "text": more}])
    blocks = [rich_text(lines), *buttons_row(buttons, menu)]
    text = " · ".join(filter(None, (head, more)))
    return Item(Message(escape(text), blocks), nudge_about(name), stand=stand)


def stand_of(entry: Entry) -> str:
    """How *entry* stands, in all that a reminder may ask for."""
    return "|".join(_written(getattr(entry, name, None)) for name in SETTLING)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    return value.isoformat() if isinstance(value, date) else str(value or "")


def remark(
    context: Context, project: Project, name: str, title: str, stand: str, words: str
) -> None:
    """Let the reminders just sent of the thing called *name* say *words*.

    Where it stands as it did when they asked, they go on asking; else what they asked is settled.
    Who may not read the project any more is told nothing new.
    """
    rows = told_of(context.session, nudge_about(name), context.now - NUDGE_LIFE)
    if not rows:
        return
    mine = context.actor.slack_id
    allowed = _readers(context, project, {delivery.channel for _notice, delivery in rows})
    for notice, delivery in rows:
        if delivery.channel not in allowed:
            continue
        told = words if delivery.channel == mine else f"{context.actor.name}: {words}"
        if notice.asked is not None and notice.stand == stand:
            content = with_remark(notice.asked, told)
            say_anew(context.session, notice, delivery, content, asks=True)
        else:
            content = noted(f"✓ {shortened(title, TITLE_LIMIT)} · {told}").as_payload()
            say_anew(context.session, notice, delivery, content)


def differs_only_in(column: str, was: str | None, stand: str) -> bool:
    """Whether in all that a reminder may ask for nothing but *column* is another than it *was*."""
    place = SETTLING.index(column)
    old, new = (text.split("|") for text in (was or "", stand))
    return old[:place] == new[:place] and old[place + 1 :] == new[place + 1 :]


def ask_again(context: Context, name: str) -> None:
    """Let the actor's reminder of the thing called *name* stand as it stood at first."""
    for notice, delivery in told_of(context.session, nudge_about(name), context.now - NUDGE_LIFE):
        if notice.asked is not None and delivery.channel == context.actor.slack_id:
            say_anew(context.session, notice, delivery, notice.asked, asks=True)


def _readers(context: Context, project: Project, users: Collection[str]) -> set[str]:
    """Those of the Slack *users* who may read *project*, by what is known of its channel."""
    people = context.session.scalars(
        select(Person).where(Person.team == context.actor.team, Person.slack_id.in_(sorted(users)))
    ).all()
    roles = roles_in(context.session, [project.id])
    seen = readers(context.session, people, [project], roles)
    return {person.slack_id for person in people if (person.id, project.id) in seen}


def with_remark(asked: dict[str, Any], words: str) -> dict[str, Any]:
    """A reminder with a line of what was said since; it takes no block of its own."""
    first, *others = asked["blocks"]
    section, *rest = first["elements"]
    line = {"type": "text", "text": f"\n{words}", "style": {"italic": True}}
    section = {**section, "elements": [*section["elements"], line]}
    blocks = [{**first, "elements": [section, *rest]}, *others]
    return {"text": f"{asked['text']}\n{escape(words)}", "blocks": blocks}
