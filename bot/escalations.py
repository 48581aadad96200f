"""Escalations: which late action was brought to whom, so that each rung is climbed once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.delivery.outbox import Delivery, State
from bot.values import Role

LADDER = ((3, Role.LEAD), (7, Role.SPONSOR))
"""After how many working days an overdue action is brought to whom; its owner hears at once."""


class Escalation(Base):
    """An action that was due on a day and was brought to a person in their role.

    *delivery_key* is what the message was promised under: one that was given up has told nothing.
    """

    __tablename__ = "escalation"
    __table_args__ = (UniqueConstraint("action_id", "role", "delivery_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    due: Mapped[date]
    role: Mapped[Role]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delivery_key: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Climbed:
    """Who was told on one rung, and whose message was given up."""

    told: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)

    def is_news_to(self, person: int) -> bool:
        """Whether *person* is to be told: nobody was, or not they who should have been."""
        return not self.told or person in self.lost - self.told


def climbed(session: Session, actions: Collection[int]) -> dict[tuple[int, date, Role], Climbed]:
    """The rungs climbed for *actions*, by action, the day it was due, and role."""
    rows = session.execute(
        select(
            Escalation.action_id,
            Escalation.due,
            Escalation.role,
            Escalation.person_id,
            Delivery.state,
        )
        .outerjoin(Delivery, Delivery.key == Escalation.delivery_key)
        .where(Escalation.action_id.in_(sorted(actions)))
    )
    found: dict[tuple[int, date, Role], Climbed] = {}
    for action, due, role, person, state in rows:
        rung = found.setdefault((action, due, role), Climbed())
        is_lost = state in (State.DEAD, State.CANCELLED)
        (rung.lost if is_lost else rung.told).add(person)
    return found
