"""Closing a meeting: its minutes are drafted, and what it did not finish is carried on."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.agenda import ItemState, carry, items_of, settle
from bot.approving import publish
from bot.context import Context
from bot.errors import MissingFactsError, UserError
from bot.language import _
from bot.meeting_threads import threads_of
from bot.meetings import Meeting, MeetingState, take_turns
from bot.minutes import Capture, Minutes, add_version, captures_of
from bot.minutes_text import is_put_off, records_of, text_of
from bot.register import Link, connect
from bot.registers.actions import Action
from bot.registers.decisions import CARRIED_OUT_BY, Decision


def require_heard(context: Context, meeting: Meeting, before: str | None = None) -> None:
    """Have Slack be asked, once, what stands in the threads of *meeting* and was not heard.

    A line whose storing failed, or that Slack has not told of yet, belongs into the minutes, too.
    With *before*, only what was written before that message. Raises `MissingFactsError`.
    """
    for place in threads_of(context.session, meeting):
        thread = f"{place.channel}/{place.ts}"
        if thread not in context.rights.untold:
            raise MissingFactsError(thread=thread, before=before)


def close_meeting(context: Context, meeting: Meeting) -> Minutes:
    """Close *meeting* and draft its minutes; the draft is promised to the meeting's thread.

    The item it is at was talked about, unless nobody wrote a line at all. Whoever calls has seen to
    the right to do so. Raises `UserError` where it is not open.
    """
    session, now = context.session, context.now
    take_turns(session, meeting.project_id)
    session.refresh(meeting, with_for_update=True)  # of two who close at once, one does
    require_open(meeting)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, now
    said = captures_of(session, meeting)
    link_actions(session, said)
    for item in items_of(session, meeting):
        is_now = item.state is ItemState.NOW
        if is_now:
            item.ended_at = now
        if item.state is ItemState.DONE or (is_now and said):
            settle(session, item, ItemState.DONE, "discussed", now)
        elif is_now or is_put_off(item):
            carry(session, meeting, item, now)
    session.flush()
    minutes = add_version(session, meeting, text_of(session, meeting), now)
    publish(session, minutes, now)
    return minutes


def require_open(meeting: Meeting) -> None:
    """Raise `UserError` unless minutes of *meeting* are being taken."""
    if meeting.state is MeetingState.CLOSED:
        raise UserError(_("That meeting is closed already."))
    if meeting.state is not MeetingState.OPEN:
        raise UserError(_("That meeting is not open: `meet start` opens it."))


def link_actions(session: Session, captures: Sequence[Capture]) -> None:
    """Link each action to the decision it carries out: the last before it under the same item.

    Where an item's decision was written after its actions, to that one.
    """
    entries = records_of(session, captures)
    known = _linked(session, [e.id for e in entries.values() if isinstance(e, Action)])
    decided: dict[int | None, Decision] = {}
    waiting: dict[int | None, list[Action]] = {}
    for capture in captures:
        entry = entries.get((capture.kind or "", capture.object_id or 0))
        if isinstance(entry, Decision):
            decided[capture.item_id] = entry
            for action in waiting.pop(capture.item_id, []):
                _link(session, entry, action, known)
        elif isinstance(entry, Action) and capture.item_id in decided:
            _link(session, decided[capture.item_id], entry, known)
        elif isinstance(entry, Action) and capture.item_id is not None:
            waiting.setdefault(capture.item_id, []).append(entry)


def _linked(session: Session, actions: Sequence[int]) -> set[tuple[int, int]]:
    """Which decisions are linked to which of *actions* already, by primary key."""
    rows = session.execute(
        select(Link.from_id, Link.to_id).where(
            Link.from_kind == Decision.__tablename__,
            Link.to_kind == Action.__tablename__,
            Link.relation == CARRIED_OUT_BY,
            Link.to_id.in_(sorted(actions)),
        )
    )
    return {(decision, action) for decision, action in rows}


def _link(
    session: Session, decision: Decision, action: Action, known: set[tuple[int, int]]
) -> None:
    if (decision.id, action.id) not in known:
        connect(session, decision, action, CARRIED_OUT_BY)
