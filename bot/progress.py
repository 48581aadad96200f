"""Progress: what changed in the registers of projects from one moment to another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, literal, or_, select
from sqlalchemy.orm import Session, aliased

from bot.history import Change, ChangeItem
from bot.register import WITHDRAWN, Entry, Link, Note
from bot.registers import REGISTERS, of_kind
from bot.registers.milestones import MilestoneForecast
from bot.registers.risks import RiskScore
from bot.status import StatusUpdate
from bot.values import Rag

SETTLED = timedelta(seconds=30)
"""A command longer ago than this is committed or never will be; what is younger waits."""

BECAME = "became"
Key = tuple[str, int]
"""A row: its table and its primary key."""

REASONS = {
    RiskScore.__tablename__: ("risk_id", "reason"),
    MilestoneForecast.__tablename__: ("milestone_id", "reason"),
    Note.__tablename__: ("object_id", "text"),
}
"""Where a change keeps why it was made: the column that names the entry, and the words."""

OWNERS = {RiskScore.__tablename__: "risk", MilestoneForecast.__tablename__: "milestone"}
ENTRIES = [register.entry.__tablename__ for register in REGISTERS]
KINDS = sorted([*ENTRIES, *REASONS, Link.__tablename__, StatusUpdate.__tablename__])


@dataclass
class EntryChange:
    """What became of one entry, all in all.

    *before* and *after* hold the columns that differ, as the audit trail keeps them; *became* is
    the issue a risk turned into.
    """

    entry: Entry
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    became: Entry | None = None

    def has_changed(self, name: str) -> bool:
        """Whether the column called *name* is another than before."""
        return name in self.before and self.before[name] != self.after[name]

    @property
    def is_closed(self) -> bool:
        """Whether it was closed, and stayed so."""
        is_so = self.after.get("closed_at") is not None
        return is_so and (self.is_new or self.before.get("closed_at") is None)

    @property
    def is_reopened(self) -> bool:
        return self.has_changed("closed_at") and self.after["closed_at"] is None

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.after.get("outcome") == WITHDRAWN)


@dataclass
class Progress:
    """What changed in one project, and the overall colour it had *before* any status of then.

    *open* is everything that is open now, where that was asked for.
    """

    entries: list[EntryChange] = field(default_factory=list)
    is_reported: bool = False
    before: Rag | None = None
    open: list[Entry] = field(default_factory=list)


@dataclass
class _Found:
    """The audit trail of the rows looked at, in order."""

    items: dict[Key, list[Row[Any]]] = field(default_factory=dict)
    reasons: dict[tuple[int, Key], str] = field(default_factory=dict)
    became: dict[Key, Key] = field(default_factory=dict)
    reported: dict[int, list[Any]] = field(default_factory=dict)


def since(
    session: Session,
    starts: Mapping[int, datetime],
    until: datetime,
    *,
    with_open: bool = False,
) -> dict[int, Progress]:
    """What changed in each project since the moment given for it, by primary key, up to *until*.

    What was undone within that time has not happened; an undo of what happened before has. So
    whoever asks for one stretch after the other is told everything once. What is open comes
    *with* it, of each register in the same query.
    """
    if not starts:
        return {}
    found = _sorted(session.execute(_trail(starts, until)))
    entries = _entries(session, found.items, starts, with_open=with_open)
    progress = {project: Progress() for project in starts}
    for key, entry in sorted(entries.items(), key=lambda pair: (pair[0][0], pair[1].number)):
        if with_open and entry.is_open:
            progress[entry.project_id].open.append(entry)
        items = [i for i in found.items.get(key, ()) if i.at > starts[entry.project_id]]
        if items:
            change = _folded(entry, key, items, found.reasons)
            change.became = entries.get(found.became.get(key, ("", 0)))
            progress[entry.project_id].entries.append(change)
    for project, reported in found.reported.items():
        progress[project].is_reported = True
        progress[project].before = Rag(reported[0]) if reported[0] else None
    return progress


def _trail(starts: Mapping[int, datetime], until: datetime) -> Select[Any]:
    """What was done, less what was undone in the same stretch and the undoing of it."""
    undoing, undone = aliased(Change), aliased(Change)
    kind = Change.at.type
    start = case(
        {project: literal(at, kind) for project, at in starts.items()},
        value=Change.project_id,
        else_=literal(min(starts.values()), kind),  # somebody left: that concerns many projects
    )
    return (
        select(
            Change.id, Change.at, Change.project_id,
            ChangeItem.kind, ChangeItem.object_id, ChangeItem.before, ChangeItem.after,
        )
        .join(ChangeItem, ChangeItem.change_id == Change.id)
        .outerjoin(undoing, undoing.id == Change.undone_by)
        .outerjoin(undone, undone.id == Change.undoes)
        .where(
            or_(Change.project_id.in_(list(starts)), Change.project_id.is_(None)),
            Change.at > min(starts.values()),
            Change.at > start,
            Change.at <= until,
            ChangeItem.kind.in_(KINDS),
            or_(undoing.id.is_(None), undoing.at > until),
            or_(undone.id.is_(None), undone.at <= start),
        )
        .order_by(ChangeItem.id)
    )  # fmt: skip


def _sorted(rows: Iterable[Row[Any]]) -> _Found:
    found = _Found()
    for row in rows:
        if row.kind in REASONS:
            _keep_reason(found, row)
        elif row.kind == Link.__tablename__:
            _keep_link(found, row)
        elif row.kind == StatusUpdate.__tablename__:
            if row.before is None:
                found.reported.setdefault(row.project_id, []).append(row.after["was"])
        else:
            found.items.setdefault((row.kind, row.object_id), []).append(row)
    return found


def _keep_reason(found: _Found, row: Row[Any]) -> None:
    about, words = REASONS[row.kind]
    if row.after is not None and row.after.get(words) and about in row.after:
        kind = OWNERS.get(row.kind) or row.after["kind"]
        found.reasons[row.id, (kind, row.after[about])] = row.after[words]


def _keep_link(found: _Found, row: Row[Any]) -> None:
    link = row.after
    if link is not None and link.get("relation") == BECAME:
        found.became[link["from_kind"], link["from_id"]] = (link["to_kind"], link["to_id"])


def _entries(
    session: Session, keys: Collection[Key], projects: Collection[int], *, with_open: bool
) -> dict[Key, Entry]:
    """The entries with *keys* that are of *projects*, in one query for each register."""
    found: dict[Key, Entry] = {}
    for kind in ENTRIES:
        register = of_kind(kind)
        ids = [number for name, number in keys if name == kind]
        if register is not None and (ids or with_open):
            entry = register.entry
            mine = entry.project_id.in_(list(projects))
            wanted = entry.id.in_(ids)
            if with_open:
                wanted = or_(wanted, entry.closed_at.is_(None))
            rows = session.scalars(select(entry).where(wanted, mine))
            found |= {(kind, row.id): row for row in rows}
    return found


def _folded(
    entry: Entry, key: Key, items: Iterable[Row[Any]], reasons: Mapping[tuple[int, Key], str]
) -> EntryChange:
    """All that was done to one entry as one change."""
    change = EntryChange(entry)
    for item in items:
        if item.before is None:
            change.is_new = True
        elif not change.is_new:
            change.before = item.before | change.before
        after = item.after or {}
        change.after |= after
        said = reasons.get((item.id, key))
        change.reason = said if after.get("closed_at") else said or change.reason
    return change
