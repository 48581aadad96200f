"""Hearing: one message of a thread, from the door to the records and back as an answer."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import history
from bot.capturing.lines import Heard, meeting_in
from bot.capturing.opening import Thread, begin
from bot.capturing.records import BY_MARK
from bot.capturing.showing import captured, mark_lines, show_card, show_gaps, show_moves
from bot.capturing.taking import Taken, take_down
from bot.cards import inform_leads
from bot.closing import close_meeting
from bot.context import Context
from bot.delivery.outbox import Delivery
from bot.delivery.reactions import UNCLEAR, Reaction, want
from bot.errors import UserError
from bot.language import _
from bot.meetings import Meeting
from bot.messages import Message, explained
from bot.minutes import Capture, captures_of
from bot.projects import Project
from bot.receipts import tell_owner
from bot.rights import project_in
from bot.scribe import RECORDS, Mark, read
from bot.typed import decode


@dataclass(frozen=True)
class Told:
    """What the author of a message is told alone, if anything."""

    message: Message | None = None


def hear(context: Context, thread: Thread, heard: Heard) -> Told | None:
    """Take down what was *heard* in *thread*; None where no minutes are taken there."""
    number = meeting_in(context.session, thread.channel, thread.ts)
    if number is None:
        return None
    meeting = context.session.get_one(Meeting, number)
    project = context.session.get_one(Project, meeting.project_id)
    context = context.about(project)
    history.about(context.session, project.id)
    return taken(context, meeting, heard)


def taken(context: Context, meeting: Meeting, heard: Heard) -> Told | None:
    """Take down what was *heard* in *meeting*, and let its thread show what came of it."""
    result = take_down(context, meeting, heard)
    if result is None:
        return None
    show(context, meeting, result)
    marks = {line.mark for line in result.written.lines if line.counts}
    if Mark.END in marks:
        return _end(context, meeting)
    if result.written.refusal is not None:
        return Told(explained(result.written.refusal))
    if Mark.LIST in marks:
        return Told(captured(context.session, meeting, context.project))
    return Told()


def show(context: Context, meeting: Meeting, result: Taken) -> None:
    """Have the thread show what has changed."""
    session, project, now = context.session, context.project, context.now
    lines = list(result.lines.values())
    if lines:
        head = session.get(Delivery, meeting.thread_id) if meeting.thread_id else None
        if head is not None:
            mark_lines(session, head, [line for line in lines if line.stamp != TYPED])
        show_moves(session, meeting, project, lines, now)
        show_gaps(session, meeting, project, now)
    if result.has_moved or result.written.is_new_face:
        show_card(session, meeting, project, now)


TYPED = "-"
"""The stamp of a line that was clicked or typed as a command: it stands in no thread."""


def _end(context: Context, meeting: Meeting) -> Told:
    end(context, meeting)
    return Told()


def end(context: Context, meeting: Meeting) -> None:
    """Close *meeting*: those whose records were made hear of them now that the lines are final."""
    hand_over(context, meeting)
    close_meeting(context, meeting)
    show_card(context.session, meeting, context.project, context.now)


def hand_over(context: Context, meeting: Meeting) -> None:
    """Tell owners what became theirs in *meeting*, and the leads of what is alarming.

    Not before: a line may still be edited or deleted until the meeting closes.
    """
    session = context.session
    for line in captures_of(session, meeting):
        register = BY_MARK.get(Mark(line.mark)) if line.mark in RECORDS else None
        if register is None or line.object_id is None:
            continue
        entry = session.get_one(register.entry, line.object_id)
        if not entry.is_open:
            continue
        tell_owner(context, entry)
        if entry.is_alarming:
            words = _("raised in a meeting by {who}").format(who=context.person(line.author_id).name)
            inform_leads(context, entry, words)


def start_heard(context: Context, thread: Thread, text: str) -> Told | None:
    """``#startmeeting`` in a channel: its thread is where the minutes are taken from then on."""
    line = decode(text.partition("\n")[0])
    said = read(line.text)
    if said is None or said.mark is not Mark.START:
        return None
    if meeting_in(context.session, thread.channel, thread.ts) is not None:
        return Told()
    try:
        project = project_in(context.session, context.rights, context.place.channel, None)
        context = context.about(project)
        history.about(context.session, project.id)
        begin(context, line.part(said.start).text or None, thread)
    except UserError as error:
        want(context.session, thread.channel, thread.ts, UNCLEAR)
        return Told(explained(str(error)))
    return Told()


def mark_again(session: Session, meeting: Meeting) -> None:
    """Have the marks at lines follow what was done to their records by other ways."""
    head = session.get(Delivery, meeting.thread_id) if meeting.thread_id else None
    if head is None or head.sent_channel is None:
        return
    unclear = select(Reaction.ts).where(
        Reaction.channel == head.sent_channel, Reaction.wanted == UNCLEAR
    )
    lines = session.scalars(
        select(Capture).where(Capture.meeting_id == meeting.id, Capture.ts.in_(unclear))
    ).all()
    mark_lines(session, head, lines)
