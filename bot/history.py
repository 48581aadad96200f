"""The audit trail: who changed what when, and what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, event, func, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from bot.db import Base, Sessions
from bot.people import Person

DOING = "jourfixe_doing"


class Audited:
    """A table whose every change is kept in the audit trail."""

    id: Mapped[int]


class Change(Base):
    """What one command did, or was refused to do."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)
    line: Mapped[str]
    refused: Mapped[str | None]
    undoes: Mapped[int | None]
    undone_by: Mapped[int | None]


class ChangeItem(Base):
    """One row a change touched: its columns before and after; None where it did not exist."""

    __tablename__ = "change_item"
    __table_args__ = (Index("ix_change_item_object", "kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), index=True)
    kind: Mapped[str]
    object_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


# Nobody reads these rows back in the command that writes them: without objects it is faster.
_ADD_ITEMS = insert(ChangeItem)


@dataclass
class Doing:
    """What is being done in a session, the rows it has touched so far, and what it *told*."""

    actor: Person | None
    line: str
    at: datetime
    project_id: int | None = None
    undoes: int | None = None
    born: list[Any] = field(default_factory=list)
    touched: dict[tuple[str, int], tuple[Any, dict[str, Any]]] = field(default_factory=dict)
    gone: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)


def watch(sessions: Sessions) -> None:
    """See to it that no audited row changes without a trace."""
    event.listen(sessions, "before_flush", _collect)


def begin(session: Session, actor: Person | None, line: str, now: datetime) -> Doing:
    """Say who does what in *session* from here on."""
    doing = session.info[DOING] = Doing(actor, line, now)
    return doing


def doing_in(session: Session) -> Doing:
    """What is being done in *session*. Raises KeyError where nobody has said so."""
    found: Doing = session.info[DOING]
    return found


def is_changing(session: Session) -> bool:
    """Whether something is being done in *session*, rather than only read."""
    return DOING in session.info


def about(session: Session, project_id: int) -> None:
    """Say which project is changed."""
    if DOING in session.info:
        doing_in(session).project_id = project_id


def tells(session: Session, row: Any) -> None:
    """Say that *row* tells people of what is being done: its ``change_id`` will say of what."""
    if DOING in session.info:
        doing_in(session).told.append(row)


def write(session: Session) -> Change | None:
    """Write down what was done in *session*; None where nothing was."""
    session.flush()
    doing = doing_in(session)
    items = _items(doing)
    if not items:
        return None
    change = Change(
        at=doing.at,
        actor_id=doing.actor.id if doing.actor else None,
        project_id=doing.project_id,
        line=doing.line,
        undoes=doing.undoes,
    )
    session.add(change)
    session.flush()
    session.execute(_ADD_ITEMS, [item | {"change_id": change.id} for item in items])
    for row in doing.told:
        row.change_id = change.id
    if doing.undoes is not None:
        session.get_one(Change, doing.undoes).undone_by = change.id
    return change


def refuse(
    session: Session,
    actor: Person | None,
    line: str,
    reason: str,
    now: datetime,
    project_id: int | None = None,
) -> None:
    """Write down that *actor* was refused."""
    session.add(
        Change(
            at=now,
            actor_id=actor.id if actor else None,
            project_id=project_id,
            line=line,
            refused=reason,
        )
    )


def _collect(session: Session, context: object, instances: object) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Audited):
            _note(doing_in(session), row, session)


def _note(doing: Doing, row: Any, session: Session) -> None:
    if row in session.deleted:
        doing.gone.append((row.__tablename__, row.id, _columns(row)))
    elif row in session.new:
        doing.born.append(row)
    elif row not in doing.born:
        _first_values(doing, row)


def _first_values(doing: Doing, row: Any) -> None:
    """Keep the values *row* had before this command first changed them."""
    state = inspect(row)
    first = doing.touched.setdefault((row.__tablename__, row.id), (row, {}))[1]
    for name in _names(row):
        old = state.attrs[name].history.deleted
        if old and name not in first:
            first[name] = plain(old[0])


def _items(doing: Doing) -> list[dict[str, Any]]:
    born = [
        dict(kind=row.__tablename__, object_id=row.id, before=None, after=_columns(row))
        for row in doing.born
        if object_session(row) is not None
    ]
    touched = []
    for (kind, object_id), (row, before) in doing.touched.items():
        after = {name: plain(getattr(row, name)) for name in before}
        if changed := {name for name in before if before[name] != after[name]}:
            touched.append(
                dict(
                    kind=kind,
                    object_id=object_id,
                    before={name: before[name] for name in changed},
                    after={name: after[name] for name in changed},
                )
            )
    gone = [
        dict(kind=kind, object_id=object_id, before=before, after=None)
        for kind, object_id, before in doing.gone
    ]
    return [*born, *touched, *gone]


def is_given(session: Session, row: Any, name: str) -> bool:
    """Whether what is being done gave the column *name* of *row* the value it has."""
    session.flush()
    doing = doing_in(session)
    if any(row is other for other in doing.born):
        return True
    _row, before = doing.touched.get((row.__tablename__, row.id), (row, {}))
    return name in before and before[name] != plain(getattr(row, name))


def plain(value: Any) -> Any:
    """*value* as JSON can hold it."""
    return value.isoformat() if isinstance(value, date) else value


def _columns(row: Any) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in _names(row)}


def _names(row: Any) -> list[str]:
    return [attribute.key for attribute in inspect(row).mapper.column_attrs]


def items_of(session: Session, change: Change) -> Sequence[ChangeItem]:
    """The rows *change* touched."""
    return session.scalars(
        select(ChangeItem).where(ChangeItem.change_id == change.id).order_by(ChangeItem.id)
    ).all()


def items_in(session: Session, changes: Sequence[int]) -> Sequence[ChangeItem]:
    """The rows each of *changes*, by primary key, touched."""
    return session.scalars(
        select(ChangeItem).where(ChangeItem.change_id.in_(changes)).order_by(ChangeItem.id)
    ).all()


def trail(
    session: Session,
    kind: str,
    object_id: int,
    limit: int,
    *,
    belonging: Sequence[tuple[str, str, str]] = (),
) -> list[tuple[Change, ChangeItem]]:
    """What was done to one row, the latest first.

    With the rows *belonging* to it: of each table, the columns that name it by kind and key. Of
    those only what made or deleted them counts: nothing else has all of their columns.
    """
    is_it = (ChangeItem.kind == kind) & (ChangeItem.object_id == object_id)
    for table, its_kind, its_key in belonging:
        for row in (ChangeItem.after, ChangeItem.before):
            is_of_it = (row[its_kind].as_string() == kind) & (
                row[its_key].as_integer() == object_id
            )
            is_it |= (ChangeItem.kind == table) & is_of_it
    rows = session.execute(
        select(Change, ChangeItem)
        .join(ChangeItem, ChangeItem.change_id == Change.id)
        .where(is_it)
        .order_by(Change.id.desc(), ChangeItem.id)
        .limit(limit * (1 + len(belonging)))
    )
    return [(change, item) for change, item in rows]


def last_number(session: Session) -> int:
    """The number of the last change anywhere."""
    return session.scalar(select(func.max(Change.id))) or 0


def projects_since(session: Session, number: int) -> set[int]:
    """The projects in which something was done after the change *number*."""
    rows = session.scalars(select(Change.project_id).where(Change.id > number).distinct())
    return {project for project in rows if project is not None}


def of_project(session: Session, project_id: int, limit: int) -> Sequence[Change]:
    """What was done in one project, refusals too, the latest first."""
    return session.scalars(
        select(Change)
        .where(Change.project_id == project_id)
        .order_by(Change.id.desc())
        .limit(limit)
    ).all()
