"""Gaps: what a captured line misses, by the mark at it and in the one message that lists them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.agenda import UNTOLD, items_of
from bot.capturing.records import BY_MARK
from bot.capturing.taking import IDLE
from bot.cards import line_of
from bot.delivery.outbox import find, promise
from bot.delivery.reactions import DONE, UNCLEAR, want
from bot.entries import register_of
from bot.language import _, plural
from bot.meeting_threads import MeetingThread
from bot.meetings import Meeting
from bot.messages import Button, shortened
from bot.minutes import Capture, thread_key
from bot.pages import render
from bot.people import Person, by_id
from bot.projects import Project
from bot.receipts import stranger_in
from bot.register import Entry
from bot.scribe import Mark
from bot.typed import decode

SHOWN = 15  # of what is missing, each with the button that settles it; the rest is counted
WIDTH = 160


def incomplete(entry: type[Entry]) -> ColumnElement[bool]:
    """The entries of a register with deadlines that miss an owner or a date."""
    return entry.closed_at.is_(None) & or_(entry.owner_id.is_(None), entry.due.is_(None))


DATED = {mark: register for mark, register in BY_MARK.items() if register.has_deadline}
"""What has to have an owner and a date."""


# --- The mark at each line --------------------------------------------------------------------


def mark_lines(session: Session, lines: Iterable[Capture]) -> None:
    """Have the bot's tick or question mark stand at the messages of *lines*."""
    messages = {
        (line.meeting_id, line.thread_id, line.ts.partition("/")[0])
        for line in lines
        if line.thread_id is not None
    }
    for meeting_id, thread_id, ts in sorted(messages):
        rows = session.scalars(
            select(Capture).where(
                Capture.meeting_id == meeting_id,
                or_(Capture.ts == ts, Capture.ts.startswith(f"{ts}/")),
            )
        ).all()
        states = {_mark_of(session, row) for row in rows if row.counts} - {None}
        want(
            session,
            session.get_one(MeetingThread, thread_id).channel,
            ts,
            UNCLEAR if UNCLEAR in states else next(iter(states), None),
        )


def _mark_of(session: Session, line: Capture) -> str | None:
    if line.mark == Mark.LIST:
        return None
    if line.problem is not None and not _is_settled(session, line):
        return UNCLEAR
    register = DATED.get(Mark(line.mark))
    if register is None or line.object_id is None:
        return DONE
    gap = select(register.entry.id).where(
        register.entry.id == line.object_id, incomplete(register.entry)
    )
    return UNCLEAR if session.scalar(gap) is not None else DONE


def _is_settled(session: Session, line: Capture) -> bool:
    """Whether somebody has added by hand what could not be read in *line*."""
    register = DATED.get(Mark(line.mark))
    if register is None or line.object_id is None:
        return False
    entry = session.get(register.entry, line.object_id)
    return entry is not None and entry.owner_id is not None and entry.due is not None


# --- What is missing --------------------------------------------------------------------------


def gaps_key(meeting: Meeting) -> str:
    """What the one message is promised under that lists what is missing."""
    return f"{thread_key(meeting)}:gaps"


def show_gaps(session: Session, meeting: Meeting, project: Project, now: datetime) -> None:
    """Have the one message list what misses an owner or a date, or was not understood."""
    known = find(session, gaps_key(meeting))
    rows = _gaps(session, meeting)
    if not rows and known is None:
        return
    shown = rows[:SHOWN]
    people = _people(session, shown)
    inside = {item.id for item in items_of(session, meeting) if item.is_confidential}
    told = [
        _gap_words(line, entry, people, is_told=line.item_id not in inside) for line, entry in shown
    ]
    text = plural("{count} line misses something", "{count} lines miss something", len(rows))
    message = render(
        "live_gaps",
        title=text.format(count=len(rows)),
        lines=told,
        more=more(len(rows) - SHOWN),
    ).with_buttons(_gap_buttons(project, [entry for _line, entry in shown if entry is not None]))
    promise(
        session, gaps_key(meeting), project.channel or "", message, now,
        project=project, under=thread_key(meeting),
    )  # fmt: skip


def _gaps(session: Session, meeting: Meeting) -> list[tuple[Capture, Entry | None]]:
    """The lines that miss something, with the entry that does."""
    stands = (
        (Capture.meeting_id == meeting.id)
        & (Capture.mark != "")
        & Capture.removed_at.is_(None)
        & ~Capture.is_undone
    )
    found: dict[str, tuple[Capture, Entry | None]] = {
        line.ts: (line, None)
        for line in session.scalars(
            select(Capture).where(stands, Capture.problem.is_not(None), Capture.mark.not_in(IDLE))
        )
        if not _is_settled(session, line)
    }
    for mark, register in DATED.items():
        rows = session.execute(
            select(Capture, register.entry)
            .join(register.entry, register.entry.id == Capture.object_id)
            .where(stands, Capture.mark == mark, incomplete(register.entry))
        )
        found |= {line.ts: (line, entry) for line, entry in rows}
    return [found[ts] for ts in sorted(found)]


def _people(session: Session, rows: Sequence[tuple[Capture, Entry | None]]) -> Mapping[int, Person]:
    """Who wrote the lines, and who has what came of them."""
    owners = {entry.owner_id for _line, entry in rows if entry is not None and entry.owner_id}
    return by_id(session, owners | {line.author_id for line, _entry in rows})


def _gap_words(
    line: Capture, entry: Entry | None, people: Mapping[int, Person], *, is_told: bool
) -> str:
    """What misses what; that which is confidential is not quoted."""
    by = _("written by {who}").format(who=people[line.author_id].name)
    problem = _CODE.sub(r"“\1”", line.problem) if line.problem is not None else None
    if entry is None:
        words = f"“{shortened(line.words or decode(line.text).text, WIDTH)}”"
        return f"{words if is_told else _(UNTOLD)} ({by}): {problem}"
    if problem is not None:
        asked = problem
    elif unknown := stranger_in(entry):
        asked = unknown
    elif entry.owner_id is None and entry.due is None:
        asked = _("who, and until when?")
    else:
        asked = _("who?") if entry.owner_id is None else _("until when?")
    owner = people[entry.owner_id] if entry.owner_id is not None else None
    words = line_of(entry, owner, WIDTH) if is_told else register_of(entry).name_of(entry)
    return f"{words} ({by}): {asked}"


_CODE = re.compile(r"`([^`]*)`")  # what other answers set as code stands in a list of plain text


def _gap_buttons(project: Project, entries: Sequence[Entry]) -> list[Button]:
    buttons = []
    for entry in entries:
        register = next(r for r in DATED.values() if isinstance(entry, r.entry))
        name = register.name_of(entry)
        buttons.append(Button(f"{name} …", f"form {register.noun} edit {project.key}-{name}"))
    return buttons


def more(count: int) -> str:
    """How many are not shown."""
    return _("and {count} more").format(count=count) if count > 0 else ""
