"""Proposing: who is asked about a proposal, and what they read before and after."""

from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.retelling import retell
from bot.entries import full_name
from bot.language import _
from bot.messages import Message, shortened
from bot.pages import render
from bot.people import Person
from bot.plan_changes import decision_buttons, tell_reminders, words_of
from bot.projects import Project, heads
from bot.proposals import Proposal, Verdict, open_proposals
from bot.registers.milestones import Milestone
from bot.values import UserId

TITLE_SHOWN = 300


def ask_leads(context: Context, proposal: Proposal) -> list[Person]:
    """Ask the leads of the project to confirm or decline; the answer is who they are."""
    project = _project(context, proposal)
    leads = heads(context.session, project)
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
    tell_reminders(context, proposal, project)


def withdraw_all(context: Context, milestone: Milestone) -> None:
    """Settle what is proposed for *milestone*, which is closed, and tell who proposed it."""
    project = context.session.get_one(Project, milestone.project_id)
    name = full_name(project, milestone).rpartition("-")[2]
    why = _("{name} is closed").format(name=name)
    for proposal in open_proposals(context.session, project, milestone.id):
        proposal.decide(Verdict.WITHDRAWN, context.actor, context.now, why)
        settle(context, proposal)
        tell_proposer(context, proposal)


def line_of(context: Context, proposal: Proposal) -> str:
    """A proposal on one line, with the milestone it is about."""
    milestone = context.session.get_one(Milestone, proposal.milestone_id)
    name = full_name(_project(context, proposal), milestone).rpartition("-")[2]
    title = shortened(milestone.title, TITLE_SHOWN)
    who = context.person(proposal.proposed_by).name
    words = words_of(context.session, _project(context, proposal), proposal, context.today)
    return " · ".join((proposal.name, f"{name} {title}", words, who))


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
