"""What one piece of work asks the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from sqlalchemy import event

from tests.office import Office

Statement = tuple[str, Any]
"""The SQL of it, its blanks as written, and the values given to it."""


@contextmanager
def statements(office: Office, *, by_anybody: bool = False) -> Iterator[list[Statement]]:
    """What this thread asks the office's database meanwhile, and with *by_anybody* every other.

    Who delivers and who listens have questions of their own at any time.
    """
    engine, mine, asked = office.bot.sessions.kw["bind"], get_ident(), list[Statement]()

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_more: object) -> None:
        if by_anybody or get_ident() == mine:
            asked.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
