"""Plan changes: what is proposed for a milestone, in words, and what a lead may answer."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context import Context
from bot.language import _
from bot.messages import Button
from bot.pages import days
from bot.projects import Project
from bot.proposals import Proposal, Verdict
from bot.registers.milestones import Milestone, signed_days
from bot.reminding import remark


def words_of(session: Session, project: Project, proposal: Proposal, today: date) -> str:
    """What is proposed: ``Fri 4 Dec → Fri 18 Dec, +10 working days, reason: supplier late``."""
    words = days(proposal.was, proposal.forecast, today)
    if proposal.was is not None:
        words += f", {signed_days(project.calendar.between(proposal.was, proposal.forecast))}"
    if former := _replaced_by(session, proposal):
        words = _("{words}, replaces {name}").format(words=words, name=former.name)
    if proposal.reason:
        words = _("{words}, reason: {reason}").format(words=words, reason=proposal.reason)
    return words


def _replaced_by(session: Session, proposal: Proposal) -> Proposal | None:
    """What the same person had proposed before, withdrawn when they made *proposal*."""
    return session.scalar(
        select(Proposal)
        .where(
            Proposal.milestone_id == proposal.milestone_id,
            Proposal.proposed_by == proposal.proposed_by,
            Proposal.number < proposal.number,
            Proposal.verdict == Verdict.WITHDRAWN,
            Proposal.decided_at == proposal.proposed_at,
        )
        .order_by(Proposal.number.desc())
        .limit(1)
    )


def decision_buttons(project: Project, proposal: Proposal) -> tuple[Button, ...]:
    """What a lead may answer to *proposal*."""
    ref = f"{proposal.name} in {project.key}"
    return (
        Button(_("Confirm"), f"proposals accept {ref}", "primary"),
        Button(_("Decline …"), f"form proposals decline {ref}"),
    )


def reminded_as(proposal: Proposal, project: Project) -> str:
    """What the line has that puts off a reminder of *proposal*: ``proposal 7 in ALPHA``."""
    return f"proposal {proposal.number} in {project.key}"


def tell_reminders(context: Context, proposal: Proposal, project: Project) -> None:
    """Let the reminders just sent of *proposal* show what became of it, or ask once more."""
    words = _("waits for an answer again")
    if proposal.verdict is not Verdict.OPEN:
        words = ": ".join(filter(None, (_(proposal.verdict.value), proposal.answer)))
    title = context.session.get_one(Milestone, proposal.milestone_id).title
    name, stand = reminded_as(proposal, project), proposal.verdict.value
    remark(context, project, name, title, stand, words)
