"""Gathering: what changes within minutes is told in one go, and what cannot be keeps none back."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import case, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base, Sessions, insert_into, is_out_of_reach, reading

log = logging.getLogger(__name__)

GATHER = timedelta(minutes=5)
"""For how long changes are gathered: who corrects something at once is not the talk of others."""

PUT_OFF = timedelta(minutes=15)

AT_ONCE = 25
"""So many are told in one go: who writes meanwhile does not wait for the others."""


class Round(Base):
    """What was changed and is told at *due_at*, in office time.

    *number* counts what was done to the round, so that of two processes that work on it one
    gives way.
    """

    __abstract__ = True

    due_at: Mapped[datetime]
    number: Mapped[int] = mapped_column(default=0)

    def is_as(self, read: "Round") -> bool:
        """Whether nothing was done to it since it was *read*; nor is it another one by now."""
        return (self.number, self.due_at) == (read.number, read.due_at)


R = TypeVar("R", bound=Round)
T = TypeVar("T")


def gather(session: Session, table: type[Round], key: int, now: datetime, **values: Any) -> None:
    """Have what has that *key* told soon; what changes while it is told begins anew."""
    due_at, (column,) = now + GATHER, inspect(table).primary_key
    begun = insert_into(session, table).values(
        {column.name: key, "due_at": due_at, "number": 0, **values}
    )
    is_running = table.due_at <= now
    session.execute(
        begun.on_conflict_do_update(
            index_elements=[column],
            set_={
                "due_at": case((is_running, begun.excluded.due_at), else_=table.due_at),
                "number": table.number + 1,
                **values,
            },
        )
    )


def as_it_is(session: Session, row: R) -> R | None:
    """The round as it is by now, locked; None where it is done."""
    key = inspect(row).identity
    return session.get(type(row), key, with_for_update=True, populate_existing=True)


def some_of(waiting: Iterable[T]) -> tuple[list[T], bool]:
    """As many of *waiting* as are told in one go, and whether that is all of them."""
    found = list(islice(waiting, AT_ONCE + 1))
    return found[:AT_ONCE], len(found) <= AT_ONCE


def unchanged(session: Session, read: R) -> R | None:
    """The round that was *read*, locked; None where it is done or went on since."""
    row = as_it_is(session, read)
    return row if row is not None and row.is_as(read) else None


def go_on(session: Session, row: Round, *, is_last: bool) -> None:
    """Be done with a round where that was the last of it; else what is left is told next."""
    if is_last:
        session.delete(row)
    else:
        row.number += 1


class Rounds(ABC, Generic[R]):
    """Does what is due of one kind, a part at a time, so that other work has its turn."""

    table: ClassVar[type[Any]]

    def __init__(self, sessions: Sessions, wake: Callable[[], None]) -> None:
        """*wake* is called after something was promised."""
        self._sessions = sessions
        self._wake = wake

    def do_some(self, now: datetime) -> bool:
        """Do a part of what is due; False where there is nothing."""
        due = select(self.table).where(self.table.due_at <= now).order_by(self.table.due_at)
        with reading(self._sessions) as session:
            row = session.scalar(due.limit(1))
        if row is None:
            return False
        try:
            self._do(row, now)
        except Exception as error:
            if isinstance(error, SQLAlchemyError) and is_out_of_reach(error):
                raise
            log.exception("%s %s cannot be told", self.table.__tablename__, inspect(row).identity)
            self._put_off(row, now)
        return True

    @abstractmethod
    def _do(self, row: R, now: datetime) -> None:
        """Tell what is due, reading first, then writing what came of it unless *row* went on."""

    def _put_off(self, row: R, now: datetime) -> None:
        with self._sessions.begin() as session:
            later = as_it_is(session, row)
            if later is not None:
                later.due_at, later.number = now + PUT_OFF, later.number + 1
