"""Action items: who does what until when."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, object_session

from bot.dates import format_day
from bot.fields import Due, Owner, Title
from bot.history import doing_in, is_changing
from bot.language import N_, _, current
from bot.people import Person
from bot.register import Entry, Register


class Action(Entry):
    """Something one person does until a day.

    *given_by* is who gave it to its owner, *given_at* when, where that was after it was opened.
    """

    __tablename__ = "action"

    given_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime | None]
    proposed: Mapped[date | None]
    accepted_at: Mapped[datetime | None]
    declined: Mapped[str | None]
    blocked_by: Mapped[str | None]

    needs_accept: ClassVar[bool] = True

    def give_to(self, owner: Person, giver: Person) -> None:
        super().give_to(owner, giver)
        self.given_by, self.accepted_at, self.declined = giver.id, None, None
        session = object_session(self)  # None where it is new: it was given when it was opened
        self.given_at = doing_in(session).at if session and is_changing(session) else None

    def gist(self) -> list[str]:
        told = [_("blocked")] if self.blocked_by else []
        if self.proposed is not None and self.is_open:
            told.append(_("proposed: {day}").format(day=format_day(self.proposed, current())))
        return told

    def details(self) -> dict[str, Any]:
        told = {_("Blocked by"): self.blocked_by, _("Declined"): self.declined}
        return {label: text for label, text in told.items() if text}


# Every morning each digest asks for what was proposed and waits: a few rows of very many.
_WAITS = Action.proposed.is_not(None) & Action.closed_at.is_(None)
Index("ix_action_proposed", Action.project_id, sqlite_where=_WAITS, postgresql_where=_WAITS)


def draft(title: Title, *, owner: Owner = None, due: Due = None) -> Action:
    return Action(title=title, owner_id=owner.id if owner else None, due=due)


ACTIONS = Register(
    noun=N_("action"),
    plural=N_("actions"),
    summary=N_("Who does what until when"),
    letter="A",
    entry=Action,
    draft=draft,
    outcomes={"done": N_("done"), "drop": N_("dropped")},
    example="@anna send contract draft by next fri",
    due_label=N_("Due"),
    is_short=True,
    columns=("moves", "blocked_by"),
)
