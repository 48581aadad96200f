"""Reports: a project's week in one message: how it stands, what changed, what comes next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outlook, progress, snapshots, status
from bot.entries import register_of
from bot.language import _, plural
from bot.messages import FALLBACK_LIMIT, Message, shortened
from bot.outlook import Outlook, Span
from bot.pages import day, render
from bot.people import Person
from bot.progress import SETTLED, EntryChange, Progress
from bot.projects import Project
from bot.registers import REGISTERS
from bot.report_lines import DONE, MOVED, NEW, ORDER, OTHER, Line, Piece, Teller, tally
from bot.snapshots import Snapshot
from bot.status import StatusUpdate

WEEK = timedelta(weeks=1)
YOUNG = timedelta(weeks=4)
LATE = timedelta(minutes=90)
STATUS_LIMIT = 600
MOST = {NEW: 5, DONE: 10, MOVED: 10, OTHER: 5}
"""So many lines of each kind of news are told, of each register; the rest is counted."""
COMING = 10
LATEST = 5
LINES, CHARACTERS = 20, 2500
"""The most in one piece: of pieces, so many as fit make a message."""
WHOLE = 8000
"""Up to so many characters a report is one message."""


@dataclass(frozen=True)
class Edition:
    """One report that is to be made: of the week *to* a day, telling what changed *since*."""

    project: Project
    to: date
    planned_at: datetime
    since: datetime


@dataclass(frozen=True)
class _Facts:
    """What a report is made of."""

    progress: Progress
    outlook: Outlook
    update: StatusUpdate | None
    last_week: Snapshot | None
    teller: Teller


def beginning(project: Project, now: datetime) -> datetime:
    """What the first report of *project* goes back to: a young project is told of as a whole."""
    return project.made_at if now - project.made_at < YOUNG else now - WEEK


def compose(session: Session, editions: Sequence[Edition], now: datetime) -> list[list[Message]]:
    """Every report, as one message or the pieces of several; all is read in a few queries."""
    facts = _read(session, editions, now)
    return [_report(edition, facts[edition.project.id], now) for edition in editions]


def _read(session: Session, editions: Sequence[Edition], now: datetime) -> dict[int, _Facts]:
    projects = {edition.project.id: edition.project for edition in editions}
    starts = {edition.project.id: edition.since - SETTLED for edition in editions}
    changed = progress.since(session, starts, now - SETTLED)
    spans = {e.project.id: Span(e.project.local_date(now), e.to + WEEK) for e in editions}
    ahead = outlook.ahead(session, spans)
    updates = status.latest_by_project(session, list(projects.values()))
    kept = snapshots.trend(session, projects, 2)
    names = _names(session, changed.values(), ahead.values())
    return {
        key: _Facts(
            changed[key],
            ahead[key],
            updates.get(key),
            _of_last_week(kept.get(key, ()), now),
            Teller(project, names, spans[key].today),
        )
        for key, project in projects.items()
    }


def _of_last_week(kept: Iterable[Snapshot], now: datetime) -> Snapshot | None:
    """The figures taken nearest to a week ago: those of the night before compare with nothing."""
    return next((s for s in kept if WEEK / 2 <= now - s.at < WEEK * 3 / 2), None)


def _names(
    session: Session, changed: Iterable[Progress], ahead: Iterable[Outlook]
) -> dict[int, str]:
    """The names of all owners, past and present, by primary key."""
    wanted: set[int | None] = set()
    for found in ahead:
        wanted |= {e.owner_id for e in (*found.coming, *found.overdue, *found.risks)}
    for change in (change for found in changed for change in found.entries):
        wanted |= {change.entry.owner_id, change.before.get("owner_id")}
        wanted.add(change.after.get("owner_id"))
    rows = session.execute(
        select(Person.id, Person.name).where(Person.id.in_(sorted(filter(None, wanted))))
    )
    return {key: name for key, name in rows}


def _report(edition: Edition, facts: _Facts, now: datetime) -> list[Message]:
    """Head, changes, what comes; where it is long, what comes stands before the changes."""
    changes = list(_changes(facts))
    if not changes and not facts.progress.is_reported:
        return [_unchanged(edition, facts, now)]
    head, coming = _head(edition, facts, now), list(_coming(edition, facts))
    if sum(piece.size for piece in (*changes, *coming)) < WHOLE:
        return [_joined([head, *(piece.message() for piece in (*changes, *coming))])]
    return [head, *(piece.message() for piece in (*coming, *changes))]


def _joined(messages: Sequence[Message]) -> Message:
    text = "\n".join(message.text for message in messages)
    blocks = [block for message in messages for block in message.blocks]
    return Message(shortened(text, FALLBACK_LIMIT), blocks)


def _head(edition: Edition, facts: _Facts, now: datetime) -> Message:
    """How the project stands, and since when changes are told."""
    update, project = facts.update, edition.project
    is_new = facts.progress.is_reported and update is not None
    before = facts.progress.before
    return render(
        "report",
        project=project,
        to=edition.to,
        update=update,
        was=before if is_new and update and before != update.overall else None,
        text=shortened(update.text or "", STATUS_LIMIT) if is_new and update else "",
        stale=_stale(project, update, now),
        since=_moment(edition.since, project),
        late=_late(edition, now),
    )


def _stale(project: Project, update: StatusUpdate | None, now: datetime) -> str:
    """Since when the status counts no longer, where it does not."""
    due = status.next_due(project, update.at) if update else None
    if due is None or now < status.goes_stale(project, due):
        return ""
    return _("the update was due {moment}").format(moment=_moment(due, project))


def _late(edition: Edition, now: datetime) -> str:
    if now - edition.planned_at < LATE:
        return ""
    planned = _moment(edition.planned_at, edition.project)
    return _("late: it was due {moment}").format(moment=planned)


def _moment(at: datetime, project: Project) -> str:
    """A moment as the project's people read it: ``Fri 20 Nov 2026, 15:00``."""
    local = at.astimezone(ZoneInfo(project.timezone))
    return f"{day(local.date())}, {local:%H:%M}"


def _unchanged(edition: Edition, facts: _Facts, now: datetime) -> Message:
    """One line that says that nothing happened, and what waits nevertheless."""
    figures = []
    if facts.outlook.overdue:
        figures.append(_overdue(facts))
    if count := len(facts.outlook.coming):
        text = plural("{count} due by {day}", "{count} due by {day}", count)
        figures.append(text.format(count=count, day=day(edition.to + WEEK)))
    return render(
        "report_unchanged",
        project=edition.project,
        update=facts.update,
        since=_moment(edition.since, edition.project),
        figures=figures,
        late=_late(edition, now),
    )


def _overdue(facts: _Facts) -> str:
    text = _("{count} overdue").format(count=len(facts.outlook.overdue))
    if facts.last_week is None:
        return text
    return _("{text} (last week: {count})").format(text=text, count=facts.last_week.overdue)


def _changes(facts: _Facts) -> Iterator[Piece]:
    """What changed, register by register."""
    by_register: dict[str, list[tuple[int, tuple[Any, ...], Line]]] = {}
    for change in facts.progress.entries:
        line = facts.teller.line(change)
        if line is not None:
            row = (ORDER.index(line.mark), change.entry.weight(), line)
            by_register.setdefault(_noun(change), []).append(row)
    for register in reversed(REGISTERS):
        rows = sorted(by_register.get(register.noun, []), key=lambda row: row[:2])
        lines = [line for _place, _weight, line in rows]
        shown, left_out = _chosen(lines)
        more = _("not shown: {what}").format(what=tally(left_out)) if left_out else ""
        yield from _pieces(_(register.plural).capitalize(), tally(lines), shown, more)


def _chosen(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The few lines of each kind of news that matter most, and what is left out."""
    shown, left_out = [], []
    for mark, group in groupby(lines, key=lambda line: line.mark):
        of_it = list(group)
        most = MOST.get(mark, len(of_it))
        shown += of_it[:most]
        left_out += of_it[most:]
    return shown, left_out


def _noun(change: EntryChange) -> str:
    return register_of(change.entry).noun


def _coming(edition: Edition, facts: _Facts) -> Iterator[Piece]:
    """What is due before the next report, what is late, what threatens most."""
    ahead, teller = facts.outlook, facts.teller
    shown = [teller.coming(entry) for entry in ahead.coming[:COMING]]
    title = _("Due by {day}").format(day=day(edition.to + WEEK))
    yield from _pieces(title, "", shown, _more(len(ahead.coming) - COMING))
    late = [teller.late(entry) for entry in ahead.overdue[:LATEST]]
    yield from _pieces(_overdue(facts), "", late, _more(len(ahead.overdue) - LATEST))
    yield from _pieces(_("Top risks"), "", [teller.threat(risk) for risk in ahead.risks])


def _more(count: int) -> str:
    return plural("and {count} more", "and {count} more", count).format(count=count) * (count > 0)


def _pieces(title: str, told: str, lines: Sequence[Line], more: str = "") -> Iterator[Piece]:
    """Lines under a title, cut where there are many."""
    begun: list[Line] = []
    size = 0
    for line in lines:
        if len(begun) == LINES or size + len(line.text) > CHARACTERS:
            yield Piece(title, told, begun)
            begun, size, title = [], 0, ""
        begun.append(line)
        size += len(line.text)
    if begun:
        yield Piece(title, told, begun, more)


def last_told(sent: Mapping[int, datetime], project: Project, now: datetime) -> datetime:
    """Since when *project* has been told nothing, by when each was last *sent* a report."""
    return sent.get(project.id) or beginning(project, now)
