"""The decision log: what was decided, why and by whom."""

from datetime import date
from typing import Annotated, Any

from sqlalchemy.orm import Mapped

from bot.fields import Field, Title
from bot.language import N_, _
from bot.people import Person
from bot.register import Entry, Register

CARRIED_OUT_BY = N_("carried out by")
"""What links a decision to an action that carries it out."""


class Decision(Entry):
    """Something settled, until somebody settles it anew."""

    __tablename__ = "decision"

    reason: Mapped[str | None]

    def details(self) -> dict[str, Any]:
        return {_("Because"): self.reason} if self.reason else {}

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
    letter="D",
    entry=Decision,
    draft=draft,
    outcomes={"supersede": N_("superseded"), "revoke": N_("revoked")},
    example="We use test site B because cheaper revisit in 3 months",
    due_label=N_("Revisit"),
    columns=("reason",),
    searched=("title", "reason"),
)
