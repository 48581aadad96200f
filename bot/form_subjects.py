"""Form subjects: what a form is about, what that holds now, and what must be given for it."""

from datetime import date
from typing import Any

from bot.command import Verb
from bot.context import Context
from bot.meetings import Series
from bot.register import Entry


def subjects(verb: Verb) -> list[str]:
    """The names of the arguments a form is about, rather than asks for."""
    return [*entries(verb), *series_of(verb)]


def entries(verb: Verb) -> list[str]:
    """The name of the entry a verb is about."""
    return [a.name for a in verb.grammar.places if a.kind is Entry][:1]


def series_of(verb: Verb) -> list[str]:
    """The name of the series of meetings a verb is about."""
    return [a.name for a in verb.grammar.arguments if a.kind is Series][:1]


def needed(verb: Verb, entry: Entry, values: dict[str, Any]) -> frozenset[str]:
    """What must be given for the day in *values*, where that is later than the day *entry* has."""
    days = [day for day in values.values() if isinstance(day, date)]
    if entry.due is None or not days or max(days) <= entry.due:
        return frozenset()
    return frozenset(a.name for a in verb.grammar.arguments if a.field.for_later)


def present(verb: Verb, entry: Entry, context: Context) -> dict[str, Any]:
    """What *entry* holds now of what the form of *verb* asks for."""
    asked = [a for a in verb.grammar.arguments if a.kind is not Entry]
    present = {a.name: getattr(entry, a.name) for a in asked if hasattr(entry, a.name)}
    if any(a.name == "owner" for a in asked) and entry.owner_id is not None:
        present["owner"] = context.person(entry.owner_id)
    return {name: value for name, value in present.items() if value is not None}
