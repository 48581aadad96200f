"""Closing a meeting: its minutes are drafted, and what it did not finish is carried on."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.agenda import ItemState, carry, items_of, settle
from bot.approving import publish
from bot.context import Context
from bot.errors import UserError
from bot.language import _
from bot.meetings import Meeting, MeetingState
from bot.minutes import Capture, Minutes, add_version, captures_of
from bot.minutes_text import is_left, records_of, text_of
from bot.register import connect, links_of
from bot.registers.actions import Action
from bot.registers.decisions import CARRIED_OUT_BY, Decision


def close_meeting(context: Context, meeting: Meeting) -> Minutes:
    """Close *meeting* and draft its minutes; the draft is promised to the meeting's thread.

    Whoever calls has seen to the right to do so. Raises `UserError` where it is not open.
    """
    session, now = context.session, context.now
    session.refresh(meeting, with_for_update=True)  # of two who close at once, one does
    if meeting.state is MeetingState.CLOSED:
        raise UserError(_("That meeting is closed already."))
    if meeting.state is not MeetingState.OPEN:
        raise UserError(_("That meeting is not open: `meet start` opens it."))
    meeting.state, meeting.closed_at = MeetingState.CLOSED, now
    link_actions(session, captures_of(session, meeting))
    for item in items_of(session, meeting):
        if item.state is ItemState.NOW:
            item.ended_at = now
        if item.state in (ItemState.NOW, ItemState.DONE):
            settle(session, item, ItemState.DONE, "discussed", now)
        elif is_left(item):
            carry(session, meeting, item, now)
    session.flush()
    minutes = add_version(session, meeting, text_of(session, meeting), now)
    publish(session, minutes, now)
    return minutes


def link_actions(session: Session, captures: Sequence[Capture]) -> None:
    """Link each action to the decision it carries out: the last before it under the same item.

    Where an item's decision was written after its actions, to that one.
    """
    entries = records_of(session, captures)
    decided: dict[int | None, Decision] = {}
    waiting: dict[int | None, list[Action]] = {}
    for capture in captures:
        entry = entries.get((capture.kind or "", capture.object_id or 0))
        if isinstance(entry, Decision):
            decided[capture.item_id] = entry
            for action in waiting.pop(capture.item_id, []):
                _link(session, entry, action)
        elif isinstance(entry, Action) and capture.item_id in decided:
            _link(session, decided[capture.item_id], entry)
        elif isinstance(entry, Action) and capture.item_id is not None:
            waiting.setdefault(capture.item_id, []).append(entry)


def _link(session: Session, decision: Decision, action: Action) -> None:
    known = (link for link in links_of(session, action) if link.relation == CARRIED_OUT_BY)
    if not any(link.from_id == decision.id for link in known):
        connect(session, decision, action, CARRIED_OUT_BY)
