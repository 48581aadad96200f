"""Confidential: what came of something confidential in a meeting, and is read by few."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column


class Confidential:
    """What may be confidential; `confidentiality` says who reads it then."""

    secret_of_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    """The meeting of whose confidential items it came: who reads those reads it."""

    @property
    def is_confidential(self) -> bool:
        """Whether not everybody reads it who may read its project."""
        return self.secret_of_id is not None

    @classmethod
    def is_public(cls) -> ColumnElement[bool]:
        """The condition that everybody may read it who may read its project."""
        return cls.secret_of_id.is_(None)


C = TypeVar("C", bound=Confidential)
Readable = Callable[[Sequence[C]], list[C]]
"""Those of some rows that somebody may read."""


def public(rows: Sequence[C]) -> list[C]:
    """Those of *rows* that everybody may read who may read their project."""
    return [row for row in rows if not row.is_confidential]
