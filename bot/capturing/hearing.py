"""Hearing: one message of a thread, from the door to the records and back as an answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import history
from bot.agenda_publishing import restate_next
from bot.capturing.gaps import DATED, incomplete, mark_lines, show_gaps
from bot.capturing.lines import TYPED, Heard, said_at
from bot.capturing.opening import begin
from bot.capturing.records import named
from bot.capturing.showing import (
    captured,
    overruns_at,
    show_card,
    show_moved,
    show_moves,
    show_overrun,
)
from bot.capturing.taking import IDLE, Taken, take_down
from bot.cards import line_of
from bot.closing import close_meeting, require_heard
from bot.confidentiality import reads_all_of
from bot.context import Context
from bot.delivery.notices import Item, post
from bot.delivery.outbox import Delivery
from bot.delivery.reactions import UNCLEAR, Reaction, want
from bot.entries import full_name
from bot.errors import UserError
from bot.handing import GIVEN, asked_as
from bot.language import _
from bot.left_open import settle_reminder
from bot.meeting_threads import (
    MeetingThread,
    Thread,
    head_of,
    headed,
    meeting_in,
    note,
)
from bot.meetings import Meeting, MeetingState, Series
from bot.messages import Button, Message, explained
from bot.minutes import Attendance, Capture, Minutes, captures_of, thread_key
from bot.minutes_text import records_of
from bot.pages import render
from bot.people import Person, by_id
from bot.projects import Project, heads
from bot.receipts import owner_buttons, short_name
from bot.register import Entry
from bot.registers.actions import Action
from bot.rights import project_in
from bot.scribe import NOTES, RECORDS, Mark, read
from bot.typed import decode


@dataclass(frozen=True)
class Told:
    """What the author of a message is told alone, if anything."""

    message: Message | None = None


def hear(context: Context, thread: Thread, heard: Heard) -> Told | None:
    """Take down what was *heard* in *thread*; None where no minutes are taken there."""
    number = meeting_in(context.session, thread)
    if number is None:
        return _in_vain(context, thread, heard)
    meeting = context.session.get_one(Meeting, number)
    project = context.session.get_one(Project, meeting.project_id)
    context = context.about(project)
    history.about(context.session, project.id)
    doing = history.doing_in(context.session)
    doing.line = _("a line was deleted") if heard.is_deleted else named(context, heard.text).text
    told = taken(context, meeting, heard, thread)
    return told if told is None or told.message else _elsewhere(context, meeting, thread)


def _elsewhere(context: Context, meeting: Meeting, thread: Thread) -> Told:
    """Tell who writes on in a thread that a meeting has left; once, for it is written down."""
    session, head = context.session, head_of(context.session, meeting)
    if head is None or head == thread:
        return Told()
    former = select(func.count(Capture.id)).where(
        Capture.meeting_id == meeting.id,
        Capture.thread_id == note(session, meeting, thread).id,
        Capture.author_id == context.actor.id,
        Capture.ts > head.ts,
    )
    if session.scalar(former) != 1:
        return Told()
    text = _("This meeting goes on in the thread of its card in the channel of {project}. What is"
             " written here is taken down all the same.")  # fmt: skip
    return Told(explained(text.format(project=context.project.name)))


def _in_vain(context: Context, thread: Thread, heard: Heard) -> Told | None:
    """Say that a line is not written down whose author may take its meeting for begun."""
    if not _is_in_vain(context.session, thread, heard):
        return None
    want(context.session, thread.channel, heard.ts, UNCLEAR)
    text = _("Nothing is written down here: the start of this meeting was taken back. What stands"
             " here is read when `meet start` begins it anew.")  # fmt: skip
    return Told(explained(text))


def _is_in_vain(session: Session, thread: Thread, heard: Heard) -> bool:
    """Whether *heard* is a line for the minutes of a meeting whose start was taken back."""
    if heard.is_deleted or heard.stamp != heard.ts:
        return False
    said = (read(line) for line in decode(heard.text).text.split("\n"))
    if not any(one is not None and one.mark in RECORDS | NOTES for one in said):
        return False
    known = headed(session, thread)
    return known is not None and known[0].state is MeetingState.PLANNED


def taken(
    context: Context, meeting: Meeting, heard: Heard, thread: Thread | None = None
) -> Told | None:
    """Take down what was *heard* in a *thread* of *meeting*, and let it show what came of it."""
    result = take_down(context, meeting, heard, thread)
    if result is None:
        return None
    show(context, meeting, result)
    marks = {line.mark for line in result.written.lines if line.counts}
    if Mark.END in marks:
        end(context, meeting, heard.ts)
        return Told()
    if result.written.refusal is not None:
        return Told(explained(result.written.refusal))
    if Mark.LIST in marks:
        told = reads_all_of(context.session, context.rights, meeting)
        return Told(captured(context.session, meeting, context.project, told=told))
    idle = next((line for line in result.written.lines if line.mark in IDLE and line.problem), None)
    return Told(explained(_came_to_nothing(idle))) if idle is not None else Told()


def _came_to_nothing(line: Capture) -> str:
    return _("“{words}” came to nothing: {why}.").format(
        words=decode(line.text).text.strip(), why=line.problem
    )


def show(context: Context, meeting: Meeting, result: Taken) -> None:
    """Have the thread answer; what sums it up, `look_over` shows behind a burst of lines."""
    session, project, now = context.session, context.project, context.now
    lines = list(result.lines.values())
    if lines:
        mark_lines(session, [line for line in lines if line.stamp != TYPED])
        show_moves(session, meeting, project, lines, now)


def end(context: Context, meeting: Meeting, before: str | None = None) -> Minutes:
    """Close *meeting*: those whose records were made hear of them now that the lines are final.

    What was not heard yet is read first: all of it, or what was written *before* a message.
    """
    require_heard(context, meeting, before)
    return end_unattended(context, meeting)


def end_unattended(context: Context, meeting: Meeting) -> Minutes:
    """Close *meeting* with what was heard: nobody is there who could say more."""
    _hand_over(context, meeting)
    draft = close_meeting(context, meeting)
    series = context.session.get_one(Series, meeting.series_id)
    restate_next(context.session, context.project, series, context.now)
    show_card(context.session, meeting, context.project, context.now)
    settle_reminder(context.session, meeting, context.project, context.now)
    return draft


def _hand_over(context: Context, meeting: Meeting) -> None:
    """Tell owners what became theirs in *meeting*, and the leads of what is alarming.

    Not before: a line may still be edited or deleted until the meeting closes. Everybody gets one
    message, however much it is.
    """
    session, project = context.session, context.project
    told: dict[int, list[Item]] = {}
    leads = heads(session, project)
    lines = captures_of(session, meeting)
    entries = records_of(session, lines)
    authors = by_id(session, (line.author_id for line in lines))
    for line in lines:
        entry = entries.get((line.kind or "", line.object_id or 0))
        if entry is None or not entry.is_open:
            continue
        author = authors[line.author_id]
        giver = entry.given_by if isinstance(entry, Action) else author.id
        if entry.owner_id not in (None, giver):
            told.setdefault(entry.owner_id, []).append(_given(context, entry, author))
        if entry.is_alarming:
            for lead in leads:
                told.setdefault(lead.id, []).append(_alarming(context, entry, author))
    for person in by_id(session, told).values():
        if person.is_active and not person.is_bot and person.id != context.actor.id:
            # One that was closed too early, went on and is closed again hands over anew.
            key = f"{thread_key(meeting)}:for:{person.id}:{context.now.timestamp()}"
            post(session, key, person.slack_id, told[person.id], context.now)


def _given(context: Context, entry: Entry, author: Person) -> Item:
    words = _("{who} gave you {name}").format(who=author.name, name=short_name(entry))
    item = _item(context, entry, words, owner_buttons(context.project, entry))
    return replace(item, about=asked_as(GIVEN, item.about)) if entry.needs_accept else item


def _alarming(context: Context, entry: Entry, author: Person) -> Item:
    words = _("{who} raised {name}").format(who=author.name, name=short_name(entry))
    return _item(context, entry, words, [])


def _item(context: Context, entry: Entry, words: str, buttons: list[Button]) -> Item:
    line = line_of(entry, None, NOTICE_WIDTH)
    message = render("notice", words=words, line=line, project=context.project.name)
    name = full_name(context.project, entry)
    return Item(message.with_buttons(buttons), name, project=context.project.id)


NOTICE_WIDTH = 300


def start_heard(context: Context, thread: Thread, ts: str, text: str) -> Told | None:
    """``#startmeeting`` in a channel: its thread is where the minutes are taken from then on.

    *ts* is the message's. One that is edited, unfurled or told again when its meeting is over
    begins no other.
    """
    line = decode(text.partition("\n")[0])
    said = read(line.text)
    if said is None or said.mark is not Mark.START:
        return None
    if meeting_in(context.session, thread) is not None:
        return Told()
    former = headed(context.session, thread)
    if former is not None and said_at(ts, context.now) <= _settled_at(*former):
        return Told()
    try:
        if former is not None and former[0].state is MeetingState.CLOSED:
            text = _("A meeting was held in this thread already; begin another in one of its own.")
            raise UserError(text)
        project = project_in(context.session, context.rights, context.place.channel, None)
        context = context.about(project)
        history.about(context.session, project.id)
        begin(context, line.part(said.start).text or None, thread)
    except UserError as error:
        want(context.session, thread.channel, ts, UNCLEAR)
        return Told(explained(str(error)))
    return Told()


def _settled_at(meeting: Meeting, head: Delivery) -> datetime:
    """Until when what begins a meeting in a thread has led to *meeting*, whatever became of it."""
    return meeting.closed_at or head.made_at


def look_over(session: Session, meeting: Meeting, now: datetime) -> datetime | None:
    """Have the card, the list of gaps and the marks be as things are, and tell of an overrun.

    Whatever has led to it: lines, commands or the time. The answer is when time alone will lead
    to something to tell; None where it will not.
    """
    project = session.get_one(Project, meeting.project_id)
    show_moved(session, meeting, project, now)
    show_overrun(session, meeting, project, now)
    show_gaps(session, meeting, project, now)
    show_card(session, meeting, project, now)
    _mark_again(session, meeting)
    return overruns_at(session, meeting, now)


def is_wanted(session: Session, thread: Thread, user: str, heard: Heard) -> bool:
    """Whether *heard* may change anything; most of what is written or told again does not."""
    meeting = meeting_in(session, thread)
    if meeting is None:
        return _is_in_vain(session, thread, heard)
    return _is_news(session, meeting, user, heard)


def _is_news(session: Session, meeting_id: int, user: str, heard: Heard) -> bool:
    head = session.execute(
        select(Capture.stamp, Capture.removed_at).where(
            Capture.meeting_id == meeting_id, Capture.ts == heard.ts
        )
    ).first()
    if head is not None:
        return head.removed_at is None and (heard.is_deleted or heard.stamp > head.stamp)
    if heard.is_deleted or heard.stamp != heard.ts:
        return True
    if any(read(line) for line in decode(heard.text).text.split("\n")):
        return True
    face = (
        select(Attendance.id)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.meeting_id == meeting_id, Person.slack_id == user, Attendance.is_heard)
    )
    return session.scalar(face) is None


def _mark_again(session: Session, meeting: Meeting) -> None:
    """Have the marks at lines follow what was done to their records by other ways."""
    for mark, register in DATED.items():
        is_marked_so = Reaction.wanted == UNCLEAR
        changed = (
            select(Capture)
            .join(register.entry, register.entry.id == Capture.object_id)
            .join(MeetingThread, MeetingThread.id == Capture.thread_id)
            .join(Reaction, Reaction.ts == Capture.ts)
            .where(
                Capture.meeting_id == meeting.id,
                Capture.mark == mark,
                Reaction.channel == MeetingThread.channel,
                is_marked_so != incomplete(register.entry),
            )
        )
        mark_lines(session, session.scalars(changed).all())
