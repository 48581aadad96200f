"""The text of minutes: what was said in a meeting, item by item, written down as Markdown.

The text is what is approved and what its digest is made of; what Slack shows and what goes
outside is made of it (`minutes_views`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.agenda import AgendaItem, ItemState, Section, items_of
from bot.attendance import attendance_of
from bot.cards import line_of
from bot.language import N_, _
from bot.meetings import Meeting, Series
from bot.minutes import Capture, captures_of
from bot.pages import Link, day, markdown, moment, name
from bot.people import Person, by_id
from bot.projects import Project
from bot.register import WITHDRAWN, Entry
from bot.registers import of_kind
from bot.scribe import first_url

WHOLE = 3000  # characters of a title: all of it
RECORDS = {
    "decision": N_("Decision"), "action": N_("Action"), "risk": N_("Risk"), "issue": N_("Issue"),
}  # fmt: skip
REMARKS = {
    "note": "", "link": "", "idea": N_("Idea"), "help": N_("Help wanted"),
    "proposal": N_("Proposal"),
}  # fmt: skip
"""Marks of lines that are written down and nothing more, and what they are called."""


@dataclass(frozen=True)
class Line:
    """One line of the minutes."""

    words: str
    label: str = ""
    link: Link | None = None
    is_confidential: bool = False


@dataclass(frozen=True)
class Chapter:
    """What was said about one item, or another part of the minutes; *number* is the item's."""

    title: str
    lines: Sequence[Line]
    number: int | None = None
    is_confidential: bool = False


@dataclass(frozen=True)
class Record:
    """What the minutes of a meeting say, in words."""

    title: str
    project: str
    when: str
    place: str | None
    chair: str
    minute_taker: str | None
    attendance: Sequence[tuple[str, str]]
    parts: Sequence[Chapter]


@dataclass
class _Facts:
    """What is known of a meeting, read once."""

    session: Session
    project: Project
    meeting: Meeting
    series: Series
    agenda: Sequence[AgendaItem]
    captures: Sequence[Capture]
    entries: dict[tuple[str, int], Entry] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)

    def record(self, capture: Capture) -> Entry | None:
        """The entry a line became, unless it was withdrawn."""
        return self.entries.get((capture.kind or "", capture.object_id or 0))


def text_of(session: Session, meeting: Meeting) -> str:
    """The minutes of *meeting*, by all that is known of it now."""
    facts = _read(session, meeting)
    return markdown("minutes", record=_record(facts)).strip() + "\n"


def attendance_part(session: Session, meeting: Meeting) -> str:
    """What the minutes of *meeting* say of who was there, by all that is known of it now."""
    return text_of(session, meeting).split("\n## ")[1]


def _read(session: Session, meeting: Meeting) -> _Facts:
    facts = _Facts(
        session,
        session.get_one(Project, meeting.project_id),
        meeting,
        session.get_one(Series, meeting.series_id),
        items_of(session, meeting),
        captures_of(session, meeting),
    )
    facts.entries = records_of(session, facts.captures)
    owners = [entry.owner_id for entry in facts.entries.values()]
    authors = [capture.author_id for capture in facts.captures]
    facts.people = by_id(session, [*owners, *authors, meeting.chair_id, meeting.minute_taker_id])
    return facts


def records_of(session: Session, captures: Iterable[Capture]) -> dict[tuple[str, int], Entry]:
    """The entries *captures* became and which stand, in one query for each register."""
    wanted: dict[str, set[int]] = {}
    for capture in captures:
        if capture.kind is not None and capture.object_id is not None:
            wanted.setdefault(capture.kind, set()).add(capture.object_id)
    found: dict[tuple[str, int], Entry] = {}
    for kind, ids in wanted.items():
        register = of_kind(kind)
        if register is None:
            continue
        rows = session.scalars(select(register.entry).where(register.entry.id.in_(sorted(ids))))
        found |= {(kind, row.id): row for row in rows if row.outcome != WITHDRAWN}
    return found


def _record(facts: _Facts) -> Record:
    meeting, series = facts.meeting, facts.series
    held = facts.project.local_date(meeting.opened_at or meeting.starts_at)
    taker = facts.people.get(meeting.minute_taker_id or 0)
    return Record(
        title=f"{series.title}, {day(held)}",
        project=facts.project.name,
        when=_held(facts),
        place=meeting.place,
        chair=name(facts.people.get(meeting.chair_id)),
        minute_taker=taker.name if taker else None,
        attendance=attendance_of(facts.session, facts.project, meeting),
        parts=[*_discussed(facts), *_unfinished(facts)],
    )


def _held(facts: _Facts) -> str:
    """From when until when it was held, to the minute: not as it was planned."""
    meeting, zone = facts.meeting, facts.series.zone
    begins, ends = moment(meeting.opened_at or meeting.starts_at, zone), moment(_end(facts), zone)
    (first, _sep, _hour), (last, _sep, hour) = begins.rpartition(" "), ends.rpartition(" ")
    until = hour if first == last else ends
    return f"{begins} ({zone})" if begins == ends else f"{begins}–{until} ({zone})"


def _end(facts: _Facts) -> datetime:
    """When it was over: when it was closed, unless that was forgotten until a later day; then at
    its last line, or as planned."""
    meeting, local = facts.meeting, facts.project.local_date
    opened = meeting.opened_at or meeting.starts_at
    closed = meeting.closed_at or meeting.ends_at
    if local(closed) <= local(opened):
        return closed
    said = [capture.said_at for capture in facts.captures]
    return min(closed, max([opened, meeting.ends_at, *said]))


def _discussed(facts: _Facts) -> list[Chapter]:
    """What was said, item by item; what was said before any comes first, after the last at last."""
    said: dict[int | None, list[Line]] = {}
    before: list[Line] = []
    has_begun = _begins_with_an_item(facts)
    for capture in facts.captures:
        has_begun = has_begun or capture.item_id is not None
        line = _line(facts, capture)
        if line is not None:
            (said.setdefault(capture.item_id, []) if has_begun else before).append(line)
    chapters = [Chapter(_("Before the agenda"), before)] if before else []
    for number, item in enumerate(facts.agenda, 1):
        lines = said.get(item.id, [])
        if lines or item.state is ItemState.DONE:
            lines = lines or [Line(_("Nothing was noted."))]
            chapters.append(Chapter(item.title, lines, number, item.is_confidential))
    if None in said:
        chapters.append(Chapter(_("After the agenda"), said[None]))
    return chapters


def _begins_with_an_item(facts: _Facts) -> bool:
    """Whether the meeting had an agenda when it was opened, so that it came to an item at once."""
    opened = facts.meeting.opened_at or facts.meeting.starts_at
    return any(item.begun_at == opened for item in facts.agenda)


def _line(facts: _Facts, capture: Capture) -> Line | None:
    entry = facts.record(capture)
    if entry is not None:
        return Line(_told(facts, entry), _(RECORDS.get(entry.__tablename__, "")))
    if capture.mark not in REMARKS:
        return None
    if capture.mark == "link":
        return _link(capture)
    who = facts.people[capture.author_id].name
    return Line(f"{capture.words} ({who})", _(REMARKS[capture.mark]))


def _link(capture: Capture) -> Line:
    """A web address, and what was said about it."""
    url = first_url(capture.words)
    if url is None:
        return Line(capture.words)
    words = " ".join(capture.words.replace(url, " ").split())
    return Line(words, link=Link(url, url))


def _told(facts: _Facts, entry: Entry) -> str:
    owner = facts.people.get(entry.owner_id or 0)
    words = line_of(entry, owner, WHOLE)
    reason = getattr(entry, "reason", None)
    return _("{words}, because {reason}").format(words=words, reason=reason) if reason else words


def _unfinished(facts: _Facts) -> list[Chapter]:
    """What the meeting did not come to, or put off."""
    lines = [
        Line(f"{number}. {item.title}", is_confidential=item.is_confidential)
        for number, item in enumerate(facts.agenda, 1)
        if is_put_off(item)
    ]
    return [Chapter(_("Not finished"), lines)] if lines else []


def is_put_off(item: AgendaItem) -> bool:
    """Whether the meeting did not come to *item*, or parked it; what it finds by itself comes again
    by itself, and was put off only where somebody parked it."""
    parked = (ItemState.PARKED, ItemState.CARRIED)
    return item.state in parked or (
        item.section is Section.TOPICS and item.state is ItemState.PLANNED
    )


def is_left(item: AgendaItem) -> bool:
    """Whether *item* is a topic that waits for what becomes of it."""
    return item.section is Section.TOPICS and is_put_off(item)


def left_of(session: Session, meeting: Meeting) -> list[AgendaItem]:
    """The topics *meeting* did not finish, with those that were dropped."""
    items = items_of(session, meeting)
    return [
        item for item in items
        if is_left(item) or (item.section is Section.TOPICS and item.state is ItemState.DROPPED)
    ]  # fmt: skip


def title_of(session: Session, meeting: Meeting) -> str:
    """What a meeting is called in a line: ``Jour fixe, Tue 24 Nov 2026``."""
    series = session.get_one(Series, meeting.series_id)
    project = session.get_one(Project, meeting.project_id)
    held = project.local_date(meeting.opened_at or meeting.starts_at)
    return f"{series.title}, {day(held)}"
