"""The decision log: what was decided, why and by whom."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from bot.fields import Field, Title
from bot.language import N_, _
from bot.people import Person
from bot.register import Entry, Register

LETTER = "D"
SUPERSEDED = N_("superseded")
CARRIED_OUT_BY = N_("carried out by")
"""What links a decision to an action that carries it out."""


class Decision(Entry):
    """Something settled, until somebody settles it anew; *superseded_by* is that one's number."""

    __tablename__ = "decision"

    reason: Mapped[str | None]
    superseded_by: Mapped[int | None]

    def supersede(self, former: Self, at: datetime) -> None:
        """Take the place of *former*, which is closed by it where it stood."""
        former.superseded_by = self.number
        if former.closed_at is None:
            former.closed_at, former.outcome = at, SUPERSEDED

    def ending(self) -> str:
        if self.superseded_by is None:
            return super().ending()
        return _("superseded by {name}").format(name=f"{LETTER}{self.superseded_by}")

    def details(self) -> dict[str, Any]:
        return {_("Because"): self.reason} if self.reason else {}

    def known(self, session: Session) -> dict[str, Any]:
        formers = session.scalars(
            select(Decision.number)
            .where(Decision.project_id == self.project_id, Decision.superseded_by == self.number)
            .order_by(Decision.number)
        )
        names = ", ".join(f"{LETTER}{number}" for number in formers)
        return ({_("Supersedes"): names} if names else {}) | super().known(session)

    def withdraw(self, now: datetime) -> None:
        super().withdraw(now)
        self.superseded_by = None

    def weight(self) -> tuple[Any, ...]:
        return (-self.number,)


def draft(
    title: Title,
    *,
    reason: Annotated[
        str | None, Field(N_("Reason"), ("because", "weil"), "because WHY", long=True)
    ] = None,
    owner: Annotated[Person | None, Field(N_("Decided by"), ("owner",), "@WHO", bare=True)] = None,
    due: Annotated[date | None, Field(N_("Revisit"), ("revisit", "due"), "revisit DATE")] = None,
) -> Decision:
    return Decision(title=title, reason=reason, owner_id=owner.id if owner else None, due=due)


DECISIONS = Register(
    noun=N_("decision"),
    plural=N_("decisions"),
    summary=N_("What was decided, and why"),
    letter=LETTER,
    entry=Decision,
    draft=draft,
    outcomes={"supersede": SUPERSEDED, "revoke": N_("revoked")},
    example="We use test site B because cheaper revisit in 3 months",
    due_label=N_("Revisit"),
    columns=("reason",),
    searched=("title", "reason"),
)
