"""What only risks have: scoring, the review round, becoming an issue."""

from dataclasses import replace
from typing import Annotated

from bot.arguments import IncompleteError
from bot.cards import announce, inform_leads
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import full_name
from bot.errors import UserError
from bot.fields import Field, Page
from bot.language import N_, _
from bot.messages import Button, said
from bot.pages import day
from bot.receipts import receipt, show_entry, tell_owner
from bot.register import Entry, connect
from bot.registers.issues import ISSUES, Issue
from bot.registers.risks import (
    HIGH,
    RISKS,
    Impact,
    Probability,
    Risk,
    keep_score,
    next_review,
    scores_of,
)
from bot.rights import Right
from bot.status import heading_of_scores
from bot.values import Level, Severity

Reason = Annotated[str, Field(N_("Reason"), shown="REASON", long=True)]
SEVERITIES = {"critical": Severity.CRITICAL, "high": Severity.HIGH, "medium": Severity.MEDIUM}


def extend(command: Command) -> None:
    """Add to the command of risks what other registers have not."""
    command.verb(
        "score",
        N_("score it anew"),
        "{name} p3 i5 second supplier signed",
        has_form=True,
        aliases=("rescore",),
        right=Right.EDIT,
    )(score)
    command.verb("same", N_("reviewed, and it is as it was"), "{name}", right=Right.EDIT)(same)
    command.verb(
        "review", N_("go through those due for review, one by one"), writes=False, right=Right.EDIT
    )(review)
    command.verb("occurred", N_("it happened: it becomes an issue"), "{name}", right=Right.EDIT)(
        occurred
    )


def score(
    context: Context,
    entry: Entry,
    reason: Reason = "",
    *,
    probability: Probability | None = None,
    impact: Impact | None = None,
) -> Reply:
    risk = _open_risk(entry)
    if probability is None and impact is None:
        raise IncompleteError(_("How likely and how bad? Such as `p3 i5`."), field="probability")
    old = risk.score
    risk.probability = int(probability or Level(risk.probability))
    risk.impact = int(impact or Level(risk.impact))
    keep_score(context.session, risk, context.actor, context.now, reason or None)
    context.session.flush()
    risk.due = next_review(risk, context.today, context.calendar)
    words = f"{old} → {risk.score}, {_(heading_of_scores(old, risk.score).value)}"
    announce(context, risk, f"{words} · {reason}" if reason else words)
    if old < HIGH <= risk.score:
        inform_leads(context, risk, words)
    return receipt(context, risk, f"{words}. {_history(context, risk)}")


def same(context: Context, entry: Entry) -> Reply:
    risk = _open_risk(entry)
    keep_score(context.session, risk, context.actor, context.now)
    risk.due = next_review(risk, context.today, context.calendar)
    announce(context, risk, _("reviewed, unchanged at {score}").format(score=risk.score))
    words = _("Reviewed. Next review {day}.").format(day=day(risk.due))
    reply = receipt(context, risk, f"{words} {_history(context, risk)}")
    line = f"risk review in {context.project.key}"
    return replace(reply, buttons=(Button(_("Next one"), line), *reply.buttons))


def review(context: Context, *, page: Page = 1) -> Reply:
    due = RISKS.entries(
        context.session,
        context.project,
        Risk.closed_at.is_(None),
        Risk.due.is_(None) | (Risk.due <= context.today),
    )
    if not due:
        return Reply(said(_("No risk is due for review.")))
    risk = due[min(page, len(due)) - 1]
    ref = full_name(context.project, risk)
    text = _("{count} due for review. The first:") if page <= 1 else _("{count} due for review.")
    count = said(text.format(count=len(due)))
    following = page % len(due) + 1
    skip = Button(_("Next"), f"risk review in {context.project.key} page={following}")
    shown = show_entry(context, risk).message
    return Reply(
        count + shown,
        (
            Button(_("Same"), f"risk same {ref}", "primary"),
            Button(_("Rescore"), f"form risk score {ref}"),
            Button(_("Close"), f"risk close {ref}"),
            Button(_("Occurred"), f"risk occurred {ref}"),
            *([skip] if len(due) > 1 else []),
        ),
    )


def occurred(context: Context, entry: Entry) -> Reply:
    risk = _open_risk(entry)
    issue = ISSUES.add(
        context.session,
        context.project,
        Issue(
            title=risk.title,
            owner_id=risk.owner_id,
            response=risk.response,
            severity=SEVERITIES.get(risk.band, Severity.LOW),
        ),
        context.actor,
        context.now,
    )
    RISKS.close(risk, "occurred", context.now)
    connect(context.session, risk, issue, "became")
    name = ISSUES.name_of(issue)
    announce(context, risk, _("occurred, now issue {name}").format(name=name))
    announce(context, issue, "")
    tell_owner(context, issue)
    if issue.is_alarming:
        inform_leads(context, issue, _("A critical risk occurred."))
    words = _("{risk} became issue {issue}").format(risk=RISKS.name_of(risk), issue=name)
    return receipt(context, issue, words)


def _open_risk(entry: Entry) -> Risk:
    if not isinstance(entry, Risk):
        raise TypeError(entry.__tablename__)
    if not entry.is_open:
        raise UserError(_("That risk is closed."))
    return entry


def _history(context: Context, risk: Risk) -> str:
    context.session.flush()
    scores = ", ".join(str(score) for score in scores_of(context.session, risk))
    return _("History {scores}").format(scores=scores)
