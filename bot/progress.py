"""Progress: what changed in the registers of projects from one moment to another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, or_, select
from sqlalchemy.orm import Session

from bot.history import Change, ChangeItem
from bot.register import WITHDRAWN, Entry, Link, Note
from bot.registers import REGISTERS
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
ENTRIES = {register.entry.__tablename__: register for register in REGISTERS}


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
    found = _sorted(session.execute(TRAIL, asked(starts, until)), starts)
    entries = _entries(session, found.items, starts, with_open=with_open)
    progress = {project: Progress() for project in starts}
    for key, entry in sorted(entries.items(), key=lambda pair: (pair[0][0], pair[1].number)):
        if with_open and entry.is_open:
            progress[entry.project_id].open.append(entry)
        start = starts[entry.project_id]
        items = [item for item in found.items.get(key, ()) if _is_within(item, start)]
        if items:
            change = _folded(entry, key, items, found.reasons)
            change.became = entries.get(found.became.get(key, ("", 0)))
            progress[entry.project_id].entries.append(change)
    for project, reported in found.reported.items():
        progress[project].is_reported = True
        progress[project].before = Rag(reported[0]) if reported[0] else None
    return progress


_change, _item = cast(Table, Change.__table__), cast(Table, ChangeItem.__table__)
_undoing, _undone = _change.alias(), _change.alias()

# What was done, less what was undone before *until*. When somebody leaves, one change concerns
# many projects, and is kept with none. Which tables it touched is looked at later: asked for here,
# SQLite would go through all changes of those tables. Built once, of tables: it runs often.
TRAIL = (
    select(
        *_change.c["id", "at", "project_id"],
        *_item.c["kind", "object_id", "before", "after"],
        _undone.c.at.label("undone_at"),
    )
    .join_from(_change, _item, _item.c.change_id == _change.c.id)
    .outerjoin(_undoing, _undoing.c.id == _change.c.undone_by)
    .outerjoin(_undone, _undone.c.id == _change.c.undoes)
    .where(
        or_(
            _change.c.project_id.in_(bindparam("projects", expanding=True)),
            _change.c.project_id.is_(None),
        ),
        _change.c.at > bindparam("since"),
        _change.c.at <= bindparam("until"),
        or_(_undoing.c.id.is_(None), _undoing.c.at > bindparam("until")),
    )
    .order_by(_item.c.id)
)


def asked(starts: Mapping[int, datetime], until: datetime) -> dict[str, Any]:
    """The values of `TRAIL`: all projects from the earliest start on."""
    return {"projects": list(starts), "since": min(starts.values()), "until": until}


def _is_within(row: Row[Any], start: datetime) -> bool:
    """Whether it was done after *start*, and is no undoing of what was done after it too."""
    return row.at > start and (row.undone_at is None or row.undone_at <= start)


def _sorted(rows: Iterable[Row[Any]], starts: Mapping[int, datetime]) -> _Found:
    found = _Found()
    for row in rows:
        if row.project_id in starts and not _is_within(row, starts[row.project_id]):
            continue
        if row.kind in REASONS:
            _keep_reason(found, row)
        elif row.kind == Link.__tablename__:
            _keep_link(found, row)
        elif row.kind == StatusUpdate.__tablename__:
            if row.before is None:
                found.reported.setdefault(row.project_id, []).append(row.after["was"])
        elif row.kind in ENTRIES:
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
    """The entries with *keys* that are of *projects*, in one query for each register.

    Nothing confidential: nobody knows who reads of it.
    """
    found: dict[Key, Entry] = {}
    for kind, register in ENTRIES.items():
        ids = [number for name, number in keys if name == kind]
        if ids or with_open:
            entry = register.entry
            mine = entry.project_id.in_(list(projects))
            wanted = entry.id.in_(ids)
            if with_open:
                wanted = or_(wanted, entry.closed_at.is_(None))
            rows = session.scalars(select(entry).where(wanted, mine, entry.is_public()))
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
        # Why it was closed is no reason once it is open again.
        change.reason = said if "closed_at" in after else said or change.reason
    return change
