"""Undone: a start or a line that is taken back by command is so in the thread of its meeting."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.capturing.hearing import show
from bot.capturing.showing import card_key, title_of
from bot.capturing.taking import work_out
from bot.context import Context
from bot.delivery.outbox import find, revise
from bot.errors import UserError
from bot.history import Change, items_of
from bot.language import _
from bot.meetings import Meeting, MeetingState
from bot.minutes import Capture, thread_key
from bot.pages import render
from bot.projects import Project


def require_unwritten(session: Session, change: Change) -> None:
    """Raise `UserError` where *change* opened a meeting in which something was written since."""
    for meeting in _opened(session, change):
        written = select(Capture.id).where(Capture.meeting_id == meeting.id).limit(1)
        if session.scalar(written) is None:
            continue
        project = session.get_one(Project, meeting.project_id)
        text = _("Lines were written down in that meeting since: `meet close` ends it.")
        line = f"meet close meeting={meeting.id} in {project.key}"
        raise UserError(text, line=line, label=_("Close it"))


def show_threads(context: Context, change: Change, rows: Iterable[Any]) -> None:
    """Let threads show what became of the *rows* that were put back as before *change*."""
    for meeting in _opened(context.session, change):
        _show_not_begun(context, meeting)
    lines: dict[int, dict[int, Capture]] = {}
    for row in rows:
        if isinstance(row, Capture):
            lines.setdefault(row.meeting_id, {})[row.id] = row
    for number, changed in lines.items():
        meeting = context.session.get_one(Meeting, number)
        there = context.about(context.session.get_one(Project, meeting.project_id))
        result = work_out(there, meeting, changed)
        if result is not None:
            show(there, meeting, result)


def _opened(session: Session, change: Change) -> list[Meeting]:
    """The meetings *change* has opened."""
    return [
        session.get_one(Meeting, item.object_id)
        for item in items_of(session, change)
        if item.kind == Meeting.__tablename__
        and (item.after or {}).get("state") == MeetingState.OPEN
    ]


def _show_not_begun(context: Context, meeting: Meeting) -> None:
    """Let the card say that nothing is written down; its thread is the meeting's still."""
    session = context.session
    head, card = find(session, thread_key(meeting)), find(session, card_key(session, meeting))
    if head is None or card is None:
        return
    meeting.thread_id = head.id
    project = session.get_one(Project, meeting.project_id)
    words = _("{who} took the start back: nothing is written down here. `meet start` begins anew.")
    shown = words.replace("`", "").format(who=context.actor.name)
    revise(
        session,
        card,
        render("live_closed", title=title_of(session, meeting, project), words=shown).as_payload(),
    )
