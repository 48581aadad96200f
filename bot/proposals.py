"""Proposals: another forecast for a milestone, which the lead confirms or declines."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.errors import UserError
from bot.history import Audited
from bot.language import N_, _
from bot.people import Person
from bot.projects import Project


class Verdict(StrEnum):
    """What became of a proposal."""

    OPEN = N_("open")
    ACCEPTED = N_("confirmed")
    DECLINED = N_("declined")
    WITHDRAWN = N_("withdrawn")


class Proposal(Audited, Base):
    """A forecast somebody proposed for the milestone of somebody else."""

    __tablename__ = "proposal"
    __table_args__ = (UniqueConstraint("project_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    number: Mapped[int]
    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestone.id"), index=True)
    was: Mapped[date | None]
    forecast: Mapped[date]
    reason: Mapped[str | None]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.OPEN)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str | None]

    @property
    def name(self) -> str:
        """The short name within the project, such as ``P3``."""
        return f"P{self.number}"

    def withdraw(self, now: datetime) -> None:
        """Take the proposal back: its number stays taken."""
        self.verdict, self.decided_at = Verdict.WITHDRAWN, now

    def decide(self, verdict: Verdict, person: Person, now: datetime, answer: str = "") -> None:
        """Put on record what *person* said to it."""
        self.verdict, self.decided_by, self.decided_at = verdict, person.id, now
        self.answer = answer or None


def add(session: Session, project: Project, proposal: Proposal) -> list[Proposal]:
    """Put *proposal* on record under the next free number of *project*.

    What the same person proposed for the same milestone before is thereby withdrawn; that is the
    answer.
    """
    if session.get_bind().dialect.name != "sqlite":  # there, a transaction writes alone
        # One number at a time; whoever writes what belongs to the project need not wait.
        session.get_one(Project, project.id, with_for_update={"key_share": True})
    waiting = open_proposals(session, project, proposal.milestone_id)
    former = [known for known in waiting if known.proposed_by == proposal.proposed_by]
    for known in former:
        known.withdraw(proposal.proposed_at)
    last = select(func.max(Proposal.number)).where(Proposal.project_id == project.id)
    proposal.project_id, proposal.number = project.id, (session.scalar(last) or 0) + 1
    session.add(proposal)
    session.flush()
    return former


def open_proposals(
    session: Session, project: Project, milestone_id: int | None = None
) -> Sequence[Proposal]:
    """What waits for a decision in *project*, of one milestone or of all, the oldest first."""
    about_one = [] if milestone_id is None else [Proposal.milestone_id == milestone_id]
    return session.scalars(
        select(Proposal)
        .where(Proposal.project_id == project.id, Proposal.verdict == Verdict.OPEN, *about_one)
        .order_by(Proposal.number)
    ).all()


def open_proposal(session: Session, project: Project, number: int) -> Proposal:
    """The proposal with *number* that waits for a decision, kept from others who decide.

    Raises `UserError` for one that does not.
    """
    found = session.scalar(
        select(Proposal)
        .where(Proposal.project_id == project.id, Proposal.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        text = _("There is no proposal `P{number}` in {project}.")
        raise UserError(text.format(number=number, project=project.name), line="proposals list")
    if found.verdict is not Verdict.OPEN:
        text = _("{name} is {verdict} already.")
        raise UserError(text.format(name=found.name, verdict=_(found.verdict.value)))
    return found
