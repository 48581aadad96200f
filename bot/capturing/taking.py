"""Taking minutes: from what a thread says to records, items of the agenda, and what answers it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.agenda import RAISED, AgendaItem, ItemState, Section, items_of
from bot.capturing.course import Course, Step, Stretch, course_of, keys_of
from bot.capturing.lines import Heard, Written, people_of, write_down
from bot.capturing.records import BY_MARK, Meant, is_named, means, settle
from bot.context import Context
from bot.language import N_, _
from bot.meeting_threads import Thread, note
from bot.meetings import Meeting, MeetingState, take_turns
from bot.minutes import Capture
from bot.people import Person
from bot.scribe import COURSE, RECORDS, Mark

FROM_THREAD = N_("raised in the meeting")
BY_NAME = [mark for mark, register in BY_MARK.items() if register.has_deadline]
OVER = frozenset({ItemState.CARRIED, ItemState.DROPPED})


@dataclass(frozen=True)
class Taken:
    """What came of a message: the *lines* that changed, the items *moved* to or back from.

    *has_moved* is whether the meeting is at another item.
    """

    written: Written
    lines: dict[int, Capture] = field(default_factory=dict)
    has_moved: bool = False


def take_down(
    context: Context, meeting: Meeting, heard: Heard, thread: Thread | None = None
) -> Taken | None:
    """Have what is known of *meeting* follow from *heard* too; None where it is not open.

    *thread* is where it was heard; None for what was clicked or typed as a command.

    The meeting is locked from here on: of two lines at once, one comes first.
    """
    session = context.session
    take_turns(session, meeting.project_id)  # records are numbered in the project, too
    session.refresh(meeting, with_for_update=True)
    if meeting.state is not MeetingState.OPEN:
        return None
    place = note(session, meeting, thread) if thread is not None else None
    written = write_down(context, meeting, heard, place)
    lines = {line.id: line for line in written.lines}
    if written.is_new_face:
        lines |= _of_newcomer(context, meeting, written)
    if not lines:
        return Taken(written)
    was_at = item_now(session, meeting)
    if _needs_course(session, meeting, written):
        lines |= follow(context, meeting)
    else:
        for line in written.lines:
            line.item_id = was_at.id if was_at is not None and line.mark else None
    _keep_records(context, meeting, lines.values(), written.before)
    session.flush()
    is_at = item_now(session, meeting)
    return Taken(written, lines, (was_at and was_at.id) != (is_at and is_at.id))


def work_out(context: Context, meeting: Meeting, lines: dict[int, Capture]) -> Taken | None:
    """Have what is known of *meeting* follow from its lines, of which *lines* were changed.

    None where it is not open: then nothing follows any more.
    """
    session = context.session
    take_turns(session, meeting.project_id)  # records are numbered in the project, too
    session.refresh(meeting, with_for_update=True)
    if meeting.state is not MeetingState.OPEN:
        return None
    was_at = item_now(session, meeting)
    lines = lines | follow(context, meeting)
    _keep_records(context, meeting, lines.values(), {})
    session.flush()
    is_at = item_now(session, meeting)
    return Taken(Written(), lines, (was_at and was_at.id) != (is_at and is_at.id))


def _of_newcomer(context: Context, meeting: Meeting, written: Written) -> dict[int, Capture]:
    """The lines that may name who has just come, with what they meant without them."""
    session, newcomer = context.session, context.actor
    known = session.scalars(
        select(Capture).where(
            Capture.meeting_id == meeting.id,
            Capture.mark.in_(BY_NAME),
            Capture.removed_at.is_(None),
            Capture.id.not_in([line.id for line in written.lines]),
        )
    )
    lines = {line.id: line for line in known if is_named(line.words, newcomer)}

    def others() -> list[Person]:
        return [one for one in people_of(session, meeting) if one.id != newcomer.id]

    for line in lines.values():
        written.before[line.ts] = means(context, BY_MARK[Mark(line.mark)], line, others)
    return lines


def item_now(session: Session, meeting: Meeting) -> AgendaItem | None:
    """The item *meeting* is at."""
    return session.scalar(
        select(AgendaItem).where(
            AgendaItem.meeting_id == meeting.id, AgendaItem.state == ItemState.NOW
        )
    )


def _keep_records(
    context: Context, meeting: Meeting, lines: Iterable[Capture], before: dict[str, Meant]
) -> None:
    for line in lines:
        if line.mark in RECORDS or line.object_id is not None:
            people = partial(people_of, context.session, meeting)
            settle(context, line, people, before.get(line.ts))


# --- The course of the meeting ----------------------------------------------------------------


def _needs_course(session: Session, meeting: Meeting, written: Written) -> bool:
    """Whether more follows from the lines than that each belongs to the present item."""
    if not written.marks.isdisjoint(COURSE):
        return True
    first = min((line.ts for line in written.lines), default="~")
    later = select(Capture.id).where(
        Capture.meeting_id == meeting.id, Capture.mark.in_(COURSE), Capture.ts > first
    )
    return session.scalar(later.limit(1)) is not None


def follow(context: Context, meeting: Meeting) -> dict[int, Capture]:
    """Work out the course of *meeting* anew; the answer is the lines for which it changed."""
    session = context.session
    agenda = [item for item in items_of(session, meeting) if _takes_part(item)]
    course = course_of([item.title for item in agenda], _opened(meeting), _steps(session, meeting))
    items = dict(zip(keys_of(item.title for item in agenda), agenda, strict=True))
    raised, gone = _raise(session, meeting, course, len(agenda))
    items |= raised
    for key, item in items.items():
        _place(item, course.items[key])
    session.flush()
    changed = _reassign(session, meeting, course, items)
    session.flush()
    for item in gone:
        session.delete(item)
    return changed


def _takes_part(item: AgendaItem) -> bool:
    """Whether the meeting goes through *item*: it is on the agenda, and not put off before."""
    was_parked_before = item.state is ItemState.PARKED and item.begun_at is None
    return item.kind != RAISED and item.state not in OVER and not was_parked_before


def _opened(meeting: Meeting) -> datetime:
    return meeting.opened_at or meeting.starts_at


def _steps(session: Session, meeting: Meeting) -> list[Step]:
    rows = session.execute(
        select(
            Capture.id, Capture.mark, Capture.author_id, Capture.by_host, Capture.said_at,
            Capture.words,
        )
        .where(
            Capture.meeting_id == meeting.id, Capture.removed_at.is_(None), Capture.mark != ""
        )
        .order_by(Capture.ts)
    )  # fmt: skip
    return [Step(row[0], Mark(row[1]), *row[2:]) for row in rows]


def _raise(
    session: Session, meeting: Meeting, course: Course, count: int
) -> tuple[dict[str, AgendaItem], Sequence[AgendaItem]]:
    """The items opened as topics, made where there is none yet; and those nobody opens now."""
    there = [item for item in items_of(session, meeting) if item.kind == RAISED]
    known = dict(zip(keys_of(item.title for item in there), there, strict=True))
    raised = {}
    for number, (key, line) in enumerate(course.raised.items(), 1):
        item = known.pop(key, None)
        if item is None:
            item = AgendaItem(
                meeting_id=meeting.id,
                position=0,
                section=Section.TOPICS,
                title="",
                source=_(FROM_THREAD),
                minutes=0,
                kind=RAISED,
            )
            session.add(item)
        item.position, item.title = count + number, course.items[key].title
        item.object_id = line
        raised[key] = item
    session.flush()
    return raised, list(known.values())


def _place(item: AgendaItem, stretch: Stretch) -> None:
    item.state, item.begun_at, item.ended_at = stretch.state, stretch.begun_at, stretch.ended_at


def _reassign(
    session: Session, meeting: Meeting, course: Course, items: dict[str, AgendaItem]
) -> dict[int, Capture]:
    """Give every line its item, and note which were taken back or came to nothing."""
    rows = session.execute(
        select(Capture.id, Capture.item_id, Capture.is_undone, Capture.mark, Capture.problem)
        .where(Capture.meeting_id == meeting.id)
    )  # fmt: skip
    wanted = {}
    for key, item_id, is_undone, mark, problem in rows:
        place = course.item_of.get(key)
        new_item = items[place].id if place is not None else None
        says = _idle_words(mark) if key in course.idle else None if mark in IDLE else problem
        new = (new_item, key in course.undone, says)
        if new != (item_id, is_undone, problem):
            wanted[key] = new
    changed = {}
    for row in session.scalars(select(Capture).where(Capture.id.in_(wanted))):
        row.item_id, row.is_undone, row.problem = wanted[row.id]
        changed[row.id] = row
    return changed


IDLE = {
    Mark.UNDO: N_("there is nothing to take back"),
    Mark.NEXT: N_("there is no further item"),
    Mark.PARK: N_("there is no item to park"),
}
"""What is asked about a line that asks for something there is not; only its author reads it."""


def _idle_words(mark: str) -> str:
    return _(IDLE[Mark(mark)])
