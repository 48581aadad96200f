"""Proposing: who is asked about a proposal, and what they read before and after."""

from sqlalchemy import select

from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.retelling import retell
from bot.entries import full_name
from bot.language import _
from bot.messages import Button, Message, shortened
from bot.pages import days, render
from bot.people import Person
from bot.projects import Project, people_with
from bot.proposals import Proposal, Verdict, open_proposals
from bot.registers.milestones import Milestone, signed_days
from bot.values import Role, UserId

TITLE_SHOWN = 300


def ask_leads(context: Context, proposal: Proposal) -> list[Person]:
    """Ask the leads of the project to confirm or decline; the answer is who they are."""
    project = _project(context, proposal)
    leads = people_with(context.session, project, Role.LEAD)
    for lead in leads:
        _tell(context, lead, proposal, _question(context, proposal))
    return leads


def tell_proposer(context: Context, proposal: Proposal) -> None:
    """Tell who proposed it what became of it, if they may still read the project."""
    proposer = context.person(proposal.proposed_by)
    is_other = proposer.id != context.actor.id
    if is_other and context.may_hear(proposer, _project(context, proposal)):
        _tell(context, proposer, proposal, _outcome(context, proposal))


def settle(context: Context, proposal: Proposal) -> None:
    """Let everybody who was told of *proposal*, and may read it, read how it stands now."""
    project = _project(context, proposal)
    proposer = context.person(proposal.proposed_by)
    is_open = proposal.verdict is Verdict.OPEN
    question, outcome = _question(context, proposal), _outcome(context, proposal)

    def now_so(user: str) -> Message | None:
        if not context.may_hear(context.find_user(UserId(user)), project):
            return None
        return question if is_open and user != proposer.slack_id else outcome

    retell(context.session, _about(context, proposal), now_so)


def withdraw_all(context: Context, milestone: Milestone) -> None:
    """Settle what is proposed for *milestone*, which is closed, and tell who proposed it."""
    project = context.session.get_one(Project, milestone.project_id)
    name = full_name(project, milestone).rpartition("-")[2]
    why = _("{name} is closed").format(name=name)
    for proposal in open_proposals(context.session, project, milestone.id):
        proposal.decide(Verdict.WITHDRAWN, context.actor, context.now, why)
        settle(context, proposal)
        tell_proposer(context, proposal)


def words_of(context: Context, proposal: Proposal) -> str:
    """What is proposed: ``Fri 4 Dec → Fri 18 Dec, +10 working days, reason: supplier late``."""
    today = context.today
    words = days(proposal.was, proposal.forecast, today)
    if proposal.was is not None:
        calendar = _project(context, proposal).calendar
        words += f", {signed_days(calendar.between(proposal.was, proposal.forecast))}"
    if former := _replaced_by(context, proposal):
        words = _("{words}, replaces {name}").format(words=words, name=former.name)
    if proposal.reason:
        words = _("{words}, reason: {reason}").format(words=words, reason=proposal.reason)
    return words


def _replaced_by(context: Context, proposal: Proposal) -> Proposal | None:
    """What the same person had proposed before, withdrawn when they made *proposal*."""
    return context.session.scalar(
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


def line_of(context: Context, proposal: Proposal) -> str:
    """A proposal on one line, with the milestone it is about."""
    milestone = context.session.get_one(Milestone, proposal.milestone_id)
    name = full_name(_project(context, proposal), milestone).rpartition("-")[2]
    title = shortened(milestone.title, TITLE_SHOWN)
    who = context.person(proposal.proposed_by).name
    return " · ".join((proposal.name, f"{name} {title}", words_of(context, proposal), who))


def decision_buttons(project: Project, proposal: Proposal) -> tuple[Button, ...]:
    """What a lead may answer to *proposal*."""
    ref = f"{proposal.name} in {project.key}"
    return (
        Button(_("Confirm"), f"proposals accept {ref}", "primary"),
        Button(_("Decline …"), f"form proposals decline {ref}"),
    )


def _question(context: Context, proposal: Proposal) -> Message:
    project = _project(context, proposal)
    who = context.person(proposal.proposed_by).name
    words = _("{who} proposes another forecast").format(who=who)
    line = line_of(context, proposal)
    message = render("notice", words=words, line=line, project=project.name)
    return message.with_buttons(decision_buttons(project, proposal))


def _outcome(context: Context, proposal: Proposal) -> Message:
    project = _project(context, proposal)
    who = context.person(proposal.decided_by or proposal.proposed_by).name
    texts = {
        Verdict.OPEN: _("{name} waits for an answer again"),
        Verdict.ACCEPTED: _("{who} confirmed {name}"),
        Verdict.DECLINED: _("{who} declined {name}"),
        Verdict.WITHDRAWN: _("{name} was withdrawn")
        if proposal.decided_by
        else _("{who} withdrew {name}"),
    }
    words = texts[proposal.verdict].format(who=who, name=proposal.name)
    words = f"{words}: {proposal.answer}" if proposal.answer else words
    line = line_of(context, proposal)
    return render("notice", words=words, line=line, project=project.name)


def _tell(context: Context, person: Person, proposal: Proposal, message: Message) -> None:
    about, of = _about(context, proposal), (_project(context, proposal),)
    tell(context.session, person, about, message, context.now, context.gather, of=of)


def _about(context: Context, proposal: Proposal) -> str:
    return f"{_project(context, proposal).key}-{proposal.name}"


def _project(context: Context, proposal: Proposal) -> Project:
    return context.session.get_one(Project, proposal.project_id)
