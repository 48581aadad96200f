"""What only risks have: scoring, the review round, becoming an issue."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from bot.arguments import IncompleteError
from bot.cards import announce, inform, inform_leads
from bot.charts import heat as heat_map
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import full_name, require_own
from bot.errors import UserError
from bot.fields import Field, Page
from bot.language import N_, _, plural
from bot.lists import Listing, show_list
from bot.messages import Button, said, shortened
from bot.pages import day
from bot.pictures import send_picture
from bot.projects import people_with
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
from bot.rights import Right, my_projects
from bot.status import heading_of_scores
from bot.values import Level, Role, Severity

TITLE_TOLD = 60
Sentence = Annotated[str, Field(N_("In one sentence, why"), shown="WHY", long=True)]
Reason = Annotated[str, Field(N_("Reason"), shown="REASON", long=True)]
SEVERITIES = {"critical": Severity.CRITICAL, "high": Severity.HIGH, "medium": Severity.MEDIUM}


def extend(command: Command) -> None:
    """Add to the command of risks what other registers have not."""
    scoring = command.group(N_("Score and review"))
    escalating = command.group(N_("Escalate"))
    closing = command.group(N_("Close and reopen"))
    scoring.verb(
        "score",
        N_("score it anew"),
        "{name} p3 i5 second supplier signed",
        has_form=True,
        aliases=("rescore",),
        right=Right.SCORE,
    )(score)
    scoring.verb("same", N_("reviewed, and it is as it was"), "{name}", right=Right.SCORE)(same)
    scoring.verb(
        "review", N_("go through those due for review, one by one"), writes=False, right=Right.SCORE
    )(review)
    scoring.verb("heat", N_("the map of probability and impact, as a picture"))(heat)
    escalating.verb(
        "escalate",
        N_("bring it before the program, with one sentence"),
        "{name} we cannot buy parts ourselves",
        has_form=True,
    )(escalate)
    escalating.verb(
        "escalated",
        N_("what was escalated, over all your projects"),
        writes=False,
        has_project=False,
    )(escalated)
    closing.verb("occurred", N_("it happened: it becomes an issue"), "{name}", right=Right.SCORE)(
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
        by=context.readable,
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


def heat(context: Context) -> Reply:
    risks = RISKS.open_entries(context.session, context.project, by=context.readable)
    if not risks:
        return Reply(said(_("There is no open risk.")))
    cells: dict[tuple[int, int], list[str]] = {}
    for risk in risks:
        cells.setdefault((risk.probability, risk.impact), []).append(RISKS.name_of(risk))
    title = _("Risks · {project}").format(project=context.project.name)
    text = plural("As of {day} · {count} open risk", "As of {day} · {count} open risks", len(risks))
    subtitle = text.format(day=day(context.today), count=len(risks))
    drawn = partial(heat_map, title, subtitle, cells, context.settings.font_folder)
    return send_picture(context, "risks", title, [_numbers(risk) for risk in risks], drawn)


def _numbers(risk: Risk) -> str:
    text = _("{name} {title}: probability {p} × impact {i} = {score}, {band}")
    return text.format(
        name=RISKS.name_of(risk),
        title=shortened(risk.title, TITLE_TOLD),
        p=risk.probability,
        i=risk.impact,
        score=risk.score,
        band=_(risk.band),
    )


def escalate(context: Context, entry: Entry, reason: Sentence) -> Reply:
    require_own(context, entry)
    risk = _open_risk(entry)
    risk.escalated_at, risk.escalated_because = context.now, reason
    words = _("escalated to the program: {reason}").format(reason=reason)
    announce(context, risk, words)
    told = people_with(context.session, context.project, Role.PROGRAM)
    for person in told:
        ref = full_name(context.project, risk)
        text = _("{who} escalates: {reason}").format(who=context.actor.name, reason=reason)
        inform(context, person, risk, text, Button(_("Show"), f"risk show {ref}"))
    names = ", ".join(person.name for person in told)
    hint = _("Told: {names}.").format(names=names) if told else _("Nobody is named as program yet.")
    return receipt(context, risk, words, hint)


def escalated(context: Context, *, page: Page = 1) -> Reply:
    projects = my_projects(context.session, context.rights)
    found = [
        risk
        for project in projects
        for risk in RISKS.open_entries(
            context.session, project, Risk.escalated_at.is_not(None), by=context.readable
        )
    ]
    found.sort(key=lambda risk: risk.weight())
    empty = _("No risk of your projects is escalated.")
    return show_list(context, Listing(_("Escalated risks"), found, "risk escalated", empty), page)


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
            secret_of_id=risk.secret_of_id,
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
