"""The way back: what does by hand what Undo is too late for."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from bot.date_names import name_of
from bot.entries import full_name, register_of
from bot.history import Change, ChangeItem, items_of
from bot.language import _
from bot.meeting_dates import date_of
from bot.meetings import Meeting, MeetingState, Series
from bot.projects import Project
from bot.register import Entry
from bot.registers import of_kind


class WayBack(NamedTuple):
    """What is said of it, the line that does it, and what its button says."""

    words: str
    line: str
    label: str


def way_back(session: Session, change: Change) -> WayBack | None:
    """How *change* is taken back by hand; None where no one line does that."""
    items = items_of(session, change)
    project = session.get(Project, change.project_id) if change.project_id else None
    if project is None:
        return None
    for item in items:
        register = of_kind(item.kind)
        if register is not None:
            return _of_entry(project, session.get_one(register.entry, item.object_id), item)
        if item.kind == Meeting.__tablename__ and _is_cancelled_by(item):
            return _of_meeting(session, project, session.get_one(Meeting, item.object_id))
    return None


def _of_entry(project: Project, entry: Entry, item: ChangeItem) -> WayBack:
    noun, name = register_of(entry).noun, full_name(project, entry)
    was_closed_by_it = "closed_at" in (item.before or {}) and (item.after or {}).get("closed_at")
    if was_closed_by_it and not entry.is_open:
        words = _("`{line}` opens it again.").format(line=f"{noun} reopen {name}")
        return WayBack(words, f"{noun} reopen {name}", _("Reopen"))
    words = _("`{line}` changes it by hand.").format(line=f"{noun} edit {name}")
    return WayBack(words, f"form {noun} edit {name}", _("Edit …"))


def _is_cancelled_by(item: ChangeItem) -> bool:
    return (item.after or {}).get("state") == MeetingState.CANCELLED


def _of_meeting(session: Session, project: Project, meeting: Meeting) -> WayBack:
    series = session.get_one(Series, meeting.series_id)
    found = date_of(series, meeting.day, meeting)
    line = f"meet restore {name_of(session, project, found).words}"
    return WayBack(_("`meet restore` brings back a cancelled meeting."), line, _("Restore it"))
