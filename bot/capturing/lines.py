"""Lines: what stands in the thread of a meeting is written down, however Slack tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock, history
from bot.capturing.records import BY_MARK, Meant, means, named
from bot.context import Context
from bot.errors import RefusedError
from bot.language import _
from bot.meeting_threads import MeetingThread
from bot.meetings import Invitee, Meeting, is_host
from bot.minutes import Attendance, Capture
from bot.people import Person
from bot.rights import Right
from bot.scribe import HOSTS, NOTES, RECORDS, Mark, Said, read

TYPED = "-"
"""The stamp of a line that was clicked or typed as a command: it stands in no thread."""

LINES = 200  # of one message: more than people write, and what a transaction takes at once


@dataclass(frozen=True)
class Heard:
    """A message of the thread as Slack tells of it: *stamp* is when it was last edited."""

    ts: str
    stamp: str
    text: str = ""
    is_deleted: bool = False


@dataclass
class Written:
    """What came of a message: the *lines* that changed, with what they meant *before*.

    *marks* are those it has and had. *refusal* is what its author is told, *is_new_face* whether
    they were not known to be there.
    """

    lines: list[Capture] = field(default_factory=list)
    before: dict[str, Meant] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    refusal: str | None = None
    is_new_face: bool = False


def write_down(
    context: Context, meeting: Meeting, heard: Heard, thread: MeetingThread | None = None
) -> Written:
    """Note what *heard* tells anew of *thread*; what it says of an older state changes nothing."""
    written = Written()
    if not heard.is_deleted:
        written.is_new_face = attend(context.session, meeting, context.actor, context.now)
    known = _known(context.session, meeting, heard.ts)
    head = known.get(heard.ts)
    if head is not None and (head.removed_at is not None or _is_older(heard, head)):
        return written
    if heard.is_deleted:
        _remove(context, meeting, heard, known, written)
    else:
        _write(context, meeting, heard, known, written)
    for row in written.lines:
        row.thread_id = thread.id if thread is not None else row.thread_id
    context.session.flush()
    return written


def _is_older(heard: Heard, head: Capture) -> bool:
    """Whether *heard* tells of a state that is known, or that an edit has followed."""
    return not heard.is_deleted and heard.stamp <= head.stamp


def attend(
    session: Session, meeting: Meeting, person: Person, now: datetime, *, is_heard: bool = True
) -> bool:
    """Note that *person* is there, and *is_heard* or said to come; False where that was known."""
    if person.is_bot:
        return False
    known = session.scalar(
        select(Attendance).where(
            Attendance.meeting_id == meeting.id, Attendance.person_id == person.id
        )
    )
    if known is None:
        session.add(
            Attendance(meeting_id=meeting.id, person_id=person.id, since=now, is_heard=is_heard)
        )
        session.flush()
    elif is_heard:
        known.is_heard = True
    return known is None


def forget(session: Session, meeting: Meeting, person: Person) -> None:
    """Note that *person* is not there after all."""
    known = session.scalar(
        select(Attendance).where(
            Attendance.meeting_id == meeting.id, Attendance.person_id == person.id
        )
    )
    if known is not None:
        session.delete(known)


def people_of(session: Session, meeting: Meeting) -> list[Person]:
    """Everybody who was invited to *meeting* or is there."""
    invited = select(Invitee.person_id).where(
        Invitee.series_id == meeting.series_id, Invitee.removed_at.is_(None)
    )
    there = select(Attendance.person_id).where(Attendance.meeting_id == meeting.id)
    return list(session.scalars(select(Person).where(Person.id.in_(invited.union(there)))))


# --- What a message says ----------------------------------------------------------------------


def _known(session: Session, meeting: Meeting, ts: str) -> dict[str, Capture]:
    """The rows of one message, line by line; its first line has one whenever another has."""
    here = select(Capture).where(Capture.meeting_id == meeting.id)
    head = session.scalar(here.where(Capture.ts == ts))
    if head is None:
        return {}
    others = session.scalars(here.where(Capture.ts.startswith(f"{ts}/")))
    return {row.ts: row for row in (head, *others)}


def _remove(
    context: Context, meeting: Meeting, heard: Heard, known: dict[str, Capture], written: Written
) -> None:
    if not known:  # its first telling may still be on the way
        known = {heard.ts: _row(context, meeting, heard.ts)}
        context.session.add(known[heard.ts])
    for row in known.values():
        row.removed_at, row.stamp = context.now, heard.stamp
    written.lines += known.values()
    written.marks |= {row.mark for row in known.values()}


def _write(
    context: Context, meeting: Meeting, heard: Heard, known: dict[str, Capture], written: Written
) -> None:
    lines = heard.text.split("\n")
    raw = dict(zip(_places(heard.ts), lines, strict=False))
    readings = {ts: _allowed(context, meeting, line, written) for ts, line in raw.items()}
    if left := _left_out(context, lines[LINES:]):
        last = f"{heard.ts}/{LINES + 1:03}"
        raw[last], readings[last] = left.words, left
    is_talk = not any(readings.values()) and written.refusal is None
    if not known and is_talk and heard.stamp == heard.ts:
        return  # as most of what people write
    for ts in sorted(readings.keys() | known.keys()):
        row, reading = known.get(ts), readings.get(ts)
        if row is None and reading is None and ts != heard.ts:
            continue
        if row is None:
            row = _row(context, meeting, ts)
            context.session.add(row)
        else:
            row.edited_at = context.now
            _remember(context, meeting, row, written)
        row.stamp = heard.stamp
        _fill(row, raw.get(ts, ""), reading)
        written.lines.append(row)
        written.marks.add(row.mark)


def _places(ts: str) -> list[str]:
    """What the lines of a message are known by."""
    return [ts, *(f"{ts}/{number:03}" for number in range(2, LINES + 1))]


@dataclass(frozen=True)
class _Reading:
    """What a line is for its author, who may not everything."""

    said: Said
    words: str
    problem: str | None
    by_host: bool


def _left_out(context: Context, lines: Sequence[str]) -> _Reading | None:
    """What is asked about a message that is too long; None where nothing of its end is a line."""
    for raw in lines:
        line = named(context, raw)
        if read(line.text) is not None:
            text = _("only {count} lines of a message are read: this one and what follows are not")
            problem = text.format(count=LINES)
            return _Reading(Said(Mark.MISTAKE), line.text.strip(), problem, by_host=False)
    return None


def _remember(context: Context, meeting: Meeting, row: Capture, written: Written) -> None:
    """Keep what *row* was and meant before it is written anew."""
    written.marks.add(row.mark)
    register = BY_MARK.get(Mark(row.mark)) if row.mark else None
    if register is not None and row.object_id is not None:
        written.before[row.ts] = means(
            context, register, row, lambda: people_of(context.session, meeting)
        )


def _allowed(context: Context, meeting: Meeting, raw: str, written: Written) -> _Reading | None:
    """What *raw* is; None for talk, for what a guest may write without effect, and for a step.

    Who may not take one is told so alone: a word in a discussion is nothing all have to read of.
    """
    line = named(context, raw)
    said = read(line.text)
    if said is None or said.mark is Mark.START:
        return None
    words = line.part(said.start).text
    if said.mark is Mark.MISTAKE:
        return _Reading(said, line.text.strip(), _("not understood"), by_host=False)
    by_host = hosts(context, meeting)
    refusal = _refusal(context, said.mark, by_host)
    if refusal is None:
        return _Reading(said, words, None, by_host)
    if not context.may(Right.RAISE) and said.mark not in RECORDS | NOTES - {Mark.LINK}:
        return None
    text = str(refusal)
    written.refusal = text
    history.refuse(context.session, context.actor, line.text, text, context.now, context.project.id)
    if said.mark in HOSTS:
        return None
    return _Reading(Said(Mark.MISTAKE), line.text.strip(), text, by_host=False)


def _refusal(context: Context, mark: Mark, by_host: bool) -> RefusedError | None:
    if mark in HOSTS:
        if by_host:
            return None
        text = _("Only who chairs the meeting or takes its minutes can do that, lead and office.")
        return RefusedError(text)
    try:
        context.require(Right.RAISE)
    except RefusedError as error:
        return error
    return None


def hosts(context: Context, meeting: Meeting) -> bool:
    """Whether the actor runs the meeting: chair, minute taker, lead, office or named a chair."""
    if is_host(context.actor, meeting) or context.may(Right.HOST):
        return True
    chairs = context.session.scalars(
        select(Capture.words).where(
            Capture.meeting_id == meeting.id,
            Capture.mark == Mark.CHAIR,
            Capture.removed_at.is_(None),
            ~Capture.is_undone,
        )
    )
    named_so = {word.strip("@,").casefold() for words in chairs for word in words.split()}
    return context.may(Right.RAISE) and context.actor.handle.casefold() in named_so


def _row(context: Context, meeting: Meeting, ts: str) -> Capture:
    return Capture(
        meeting_id=meeting.id,
        ts=ts,
        author_id=context.actor.id,
        said_at=said_at(ts, context.now),
        text="",
        mark="",
        words="",
        stamp=ts.partition("/")[0],
        is_undone=False,
    )


def said_at(ts: str, now: datetime) -> datetime:
    """The office time at which a message was written, from Slack's stamp and the time it is."""
    written = datetime.fromtimestamp(float(ts.partition("/")[0]), UTC)
    return min(now, now - (clock.now() - written))


def _fill(row: Capture, raw: str, reading: _Reading | None) -> None:
    row.text = raw
    row.mark = reading.said.mark if reading else ""
    row.words = reading.words if reading else ""
    row.problem = reading.problem if reading else None
    row.by_host = reading.by_host if reading else False
