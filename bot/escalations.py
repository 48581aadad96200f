"""Escalations: which late action was brought to whom, so that each rung is climbed once."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.values import Role

LADDER = ((3, Role.LEAD), (7, Role.SPONSOR))
"""After how many working days an overdue action is brought to whom; its owner hears at once."""


class Escalation(Base):
    """One rung of the ladder, climbed for an action that was due on a day."""

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("action_id", "due", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    due: Mapped[date]
    role: Mapped[Role]
    at: Mapped[datetime]


def climbed(session: Session, actions: Collection[int]) -> set[tuple[int, date, Role]]:
    """The rungs already climbed for *actions*."""
    rows = session.execute(
        select(Escalation.action_id, Escalation.due, Escalation.role).where(
            Escalation.action_id.in_(sorted(actions))
        )
    )
    return {(action, due, role) for action, due, role in rows}
