"""Proposals: what was proposed for the plan, to be confirmed or declined by the lead."""

import re
from typing import Annotated

from bot.command import Command, Reply
from bot.context import Context
from bot.errors import RefusedError, UserError
from bot.fields import Field
from bot.forecasting import open_milestone, set_forecast, waiting_hints
from bot.language import N_, _
from bot.lists import said_under
from bot.messages import Button, Message, item
from bot.pages import render
from bot.plan_changes import decision_buttons
from bot.proposals import Proposal, Verdict, open_proposal, open_proposals
from bot.proposing import line_of, settle, tell_proposer
from bot.receipts import line_here, receipt
from bot.registers.milestones import Milestone
from bot.rights import Right
from bot.typed import escape

NAME = re.compile(r"(?:[A-Z][A-Z0-9]{1,9}-)?P?-?(\d{1,9})", re.IGNORECASE)
SHOWN = 25

Name = Annotated[str, Field(N_("Proposal"), shown="P1")]
Answer = Annotated[str, Field(N_("Why"), shown="WHY", long=True)]

PROPOSALS = Command("proposals", N_("Plan changes that wait for the lead"), default="list")


@PROPOSALS.verb("list", N_("what waits for a decision"), writes=False)
def list_(context: Context) -> Reply:
    waiting = open_proposals(context.session, context.project)
    title = _("Proposed for {project}").format(project=context.project.name)
    if not waiting:
        return Reply(said_under(title, _("Nothing waits for a decision.")))
    message = said_under(f"{title} ({len(waiting)})", "")
    for proposal in waiting[:SHOWN]:
        line = line_of(context, proposal)
        message += Message(escape(line), [item(line, _menu(context, proposal))])
    return Reply(message)


def _menu(context: Context, proposal: Proposal) -> tuple[Button, ...]:
    ref = f"{proposal.name} in {context.project.key}"
    answers = decision_buttons(context.project, proposal) if context.may(Right.PLAN) else ()
    is_own = proposal.proposed_by == context.actor.id
    return (*answers, *([Button(_("Withdraw"), f"proposals withdraw {ref}")] if is_own else []))


@PROPOSALS.verb(
    "accept",
    N_("confirm it: the forecast changes"),
    "P1",
    aliases=("confirm",),
    right=Right.PLAN,
)
def accept(context: Context, proposal: Name) -> Reply:
    found, remark = _found(context, proposal)
    milestone = open_milestone(context.session.get_one(Milestone, found.milestone_id))
    was = milestone.due
    found.decide(Verdict.ACCEPTED, context.actor, context.now, remark)
    words = _("confirmed")
    if was != found.forecast:
        proposer = context.person(found.proposed_by)
        words = set_forecast(context, milestone, found.forecast, found.reason or "", proposer)
    settle(context, found)
    tell_proposer(context, found)
    hints = waiting_hints(context, milestone)
    if was not in (found.was, found.forecast):
        hints.append(_("The forecast had changed since this was proposed."))
    return receipt(context, milestone, f"{found.name}: {words}", *hints)


@PROPOSALS.verb(
    "decline", N_("say no, and why"), "P1 we keep the date", has_form=True, right=Right.PLAN
)
def decline(context: Context, proposal: Name, why: Answer = "") -> Reply:
    found, remark = _found(context, proposal)
    found.decide(Verdict.DECLINED, context.actor, context.now, why or remark)
    settle(context, found)
    tell_proposer(context, found)
    return _settled(context, found, _("{name} declined").format(name=found.name))


@PROPOSALS.verb("withdraw", N_("take back what you proposed"), "P1")
def withdraw(context: Context, proposal: Name) -> Reply:
    found, _remark = _found(context, proposal)
    if found.proposed_by != context.actor.id:
        raise RefusedError(_("Only who proposed it can withdraw it."), context.project.id)
    found.withdraw(context.now)
    settle(context, found)
    return _settled(context, found, _("{name} withdrawn").format(name=found.name))


def _settled(context: Context, proposal: Proposal, words: str) -> Reply:
    milestone = context.session.get_one(Milestone, proposal.milestone_id)
    return Reply(render("receipt", words=words, line=line_here(context, milestone), hints=[]))


def _found(context: Context, words: str) -> tuple[Proposal, str]:
    """The proposal *words* begin with the name of, and what follows."""
    name, _blank, remark = words.strip().partition(" ")
    match = NAME.fullmatch(name)
    if match is None:
        text = _("Which one? Type its name, such as `P1`; `proposals` lists them.")
        raise UserError(text, field="proposal", line=f"proposals list in {context.project.key}")
    return open_proposal(context.session, context.project, int(match[1])), remark.strip()
