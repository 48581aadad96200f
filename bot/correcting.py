"""Correcting minutes: a line reads otherwise, and the record it is about says the same."""

import re

from bot.cards import announce, line_of
from bot.context import Context
from bot.entries import full_name, register_of
from bot.language import _
from bot.messages import Button
from bot.minutes_views import corrected, shown_line
from bot.pages import in_markdown
from bot.register import Entry, check_title
from bot.registers import with_letter

_RECORD = re.compile(r"(?:\S+ )??(?P<letter>[A-Z])(?P<number>\d{1,9}) · ")


def correct_line(context: Context, text: str, line: str, words: str) -> tuple[str, Entry | None]:
    """The *text* with *words* in place of a *line* of it.

    Where the line is about a record and only its title is another, the record takes it too, and
    so does every other line about it. The answer names a record that was left as it is.
    """
    new_text = corrected(text, line, words)
    entry = record_of(context, line)
    if entry is None:
        return new_text, None
    old, new = _flat(entry.title), _new_title(entry, shown_line(line), _flat(words))
    if new is None:
        return new_text, entry
    check_title(new)
    entry.title = new
    announce(context, entry, _("edited: {line}").format(line=line_of(entry, None)))
    name = register_of(entry).name_of(entry)
    was, now = (f"{name} · {in_markdown(title)}" for title in (old, new))
    return new_text.replace(was, now), None


def record_of(context: Context, line: str) -> Entry | None:
    """The record a line of the minutes is about."""
    match = _RECORD.match(shown_line(line))
    register = with_letter(match["letter"]) if match else None
    if match is None or register is None or "**" not in line:
        return None
    return register.find(context.session, context.project, int(match["number"]))


def editing(context: Context, entry: Entry) -> Button:
    """The button that changes a record the minutes say something else of."""
    register = register_of(entry)
    label = _("Edit {name} …").format(name=register.name_of(entry))
    return Button(label, f"form {register.noun} edit {full_name(context.project, entry)}")


def _new_title(entry: Entry, old: str, new: str) -> str | None:
    """The title *new* gives a record whose line was *old*; None where more than it is another."""
    before, title, behind = old.partition(_flat(entry.title))
    if not title or not (new.startswith(before) and new.endswith(behind)):
        return None
    found = new[len(before) : len(new) - len(behind)].strip()
    return found or None


def _flat(words: str) -> str:
    return " ".join(words.split())
