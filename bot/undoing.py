"""Undoing: a change is taken back as long as nobody built on it."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from bot.db import Base
from bot.errors import UserError
from bot.history import Change, ChangeItem, doing_in, items_of
from bot.language import _, plural
from bot.people import Person
from bot.projects import Project


class TooLateError(UserError):
    """What somebody did is too old to be undone."""


def last_change(session: Session, actor: Person) -> Change | None:
    """The latest thing *actor* did that is not undone yet; nobody else undoes it meanwhile."""
    return session.scalar(
        select(Change)
        .where(
            Change.actor_id == actor.id,
            Change.refused.is_(None),
            Change.undone_by.is_(None),
            Change.undoes.is_(None),
        )
        .order_by(Change.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def undo(
    session: Session, change: Change, actor: Person, now: datetime, window: timedelta
) -> list[Any]:
    """Put every row *change* touched back as it was; the answer is those rows.

    Raises `UserError` when it is somebody else's, undone already, or when somebody changed one of
    the rows since, and `TooLateError` when it is too old.
    """
    if change.actor_id != actor.id:
        raise UserError(_("Only who did it can undo it."))
    if change.undone_by is not None:
        raise UserError(_("That is undone already."))
    if now - change.at > window:
        raise TooLateError(_too_late(round(window.total_seconds() / 60)))
    items = items_of(session, change)
    for item in items:
        _refuse_if_newer(session, change, item)
    doing_in(session).undoes = change.id
    rows = [_put_back(session, item, now) for item in reversed(items)]
    session.flush()
    return [row for row in rows if row is not None]


def _too_late(minutes: int) -> str:
    text = plural(
        "Undo works for {count} minute only.", "Undo works for {count} minutes only.", minutes
    )
    return text.format(count=minutes)


def _refuse_if_newer(session: Session, change: Change, item: ChangeItem) -> None:
    same = (ChangeItem.kind == item.kind) & (ChangeItem.object_id == item.object_id)
    if item.before is None and item.kind == Project.__tablename__:
        same |= Change.project_id == item.object_id  # whatever was done in it built on it
    newer = session.execute(
        select(Change, Person)
        .join(ChangeItem, ChangeItem.change_id == Change.id)
        .outerjoin(Person, Person.id == Change.actor_id)
        .where(
            same,
            Change.id > change.id,
            Change.undone_by.is_(None),
            Change.undoes.is_(None),
        )
        .order_by(Change.id)
        .limit(1)
    ).first()
    if newer is not None:
        who = newer.Person.name if newer.Person else _("the office")
        text = _("{who} changed it since (“{line}”), so it is left as it is now.")
        if newer.Change.actor_id == change.actor_id:
            text = _("You changed it since (“{line}”): undo that first.")
        raise UserError(text.format(who=who, line=newer.Change.line))


def _put_back(session: Session, item: ChangeItem, now: datetime) -> Any:
    table = _class_of(item.kind)
    row = session.get(table, item.object_id)
    if item.before is None:
        if row is not None and hasattr(row, "withdraw"):
            row.withdraw(now)
            return row
        if row is not None:
            session.delete(row)
        return None
    if row is None:
        row = table(**_typed(table, item.before))
        session.add(row)
        return row
    for name, value in _typed(table, item.before).items():
        setattr(row, name, value)
    return row


def _class_of(kind: str) -> Any:
    mappers = Base.registry.mappers
    return next(m.class_ for m in mappers if m.class_.__tablename__ == kind)


def _typed(table: Any, values: dict[str, Any]) -> dict[str, Any]:
    columns = inspect(table).columns
    return {name: _restore(columns[name].type.python_type, value) for name, value in values.items()}


def _restore(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return kind(value) if isinstance(value, str) and kind is not dict else value
