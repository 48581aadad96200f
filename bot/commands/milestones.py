"""What only milestones have: baseline, forecast, reaching them."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from bot import changing
from bot.arguments import IncompleteError
from bot.cards import announce
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import full_name, require_own
from bot.errors import UserError
from bot.fields import Field, Remark
from bot.forecasting import (
    changed_words,
    lateness_of,
    open_milestone,
    open_or_closed,
    require_closer,
    require_forecaster,
    require_reason,
    require_taker,
    set_forecast,
    tell_dependents,
    tell_of_slip,
    waiting_hints,
)
from bot.grammar import Argument, Grammar
from bot.language import N_, _, plural
from bot.messages import said
from bot.milestone_table import plan
from bot.pages import day, days, is_long_past, render
from bot.people import Person
from bot.plan_changes import words_of
from bot.proposals import Proposal
from bot.proposals import add as add_proposal
from bot.proposing import ask_leads, settle, withdraw_all
from bot.receipts import line_here, receipt, short_name
from bot.register import Entry, add_note
from bot.registers.milestones import (
    MILESTONES,
    Milestone,
    confirm,
    explain,
)
from bot.rights import Right
from bot.trends import chart

Reason = Annotated[
    str, Field(N_("Reason"), ("because", "weil"), "REASON", long=True, for_later=True)
]
NewForecast = Annotated[date, Field(N_("New forecast"), ("to", "by"), "DATE")]
BaselineDay = Annotated[date | None, Field(N_("Baseline"), ("to",), "DATE", past=True)]
ReachedOn = Annotated[
    date | None, Field(N_("Reached on"), ("on", "am"), "on DATE", past=True, leads=True)
]
What = Annotated[str, Field(N_("What"), shown="set")]


def extend(command: Command) -> None:
    """Add to the command of milestones what other registers have not."""
    group = command.group(N_("Plan and forecast"))
    group.verb("plan", N_("the table: baseline, forecast, slip"), writes=False,
               aliases=("table",))(plan)  # fmt: skip
    group.verb("baseline", N_("take the forecasts as baseline; of one, or of all without"), "set",
               right=Right.PLAN)(baseline)  # fmt: skip
    forecasting: dict[str, Any] = {"has_form": True, "grammar": None}
    group.verb("forecast", N_("say when it will be reached now"),
               "{name} 15 july supplier late", **forecasting)(forecast)  # fmt: skip
    command.verb("move", N_("the same as forecast"), "{name} +2 weeks waiting for legal",
                 **forecasting)(forecast)  # fmt: skip
    group.verb("same", N_("on track: the forecast holds"), "{name}", aliases=("confirm",))(same)
    command.verb("done", N_("reached, today or on another day"), "{name} on 20 nov")(done)
    command.verb("drop", N_("it will not be reached and need not be"), "{name}")(drop)
    command.verb("reopen", N_("open it again"), "{name}")(reopen)
    group.verb(
        "propose",
        N_("propose another forecast to the lead"),
        "{name} 15 july supplier late",
        has_form=True,
    )(propose)
    group.verb("chart", N_("the trend of all, or of one, as a picture"), "")(chart)
    known = command.verbs["edit"]
    reason = Argument(
        "reason", str, Field(N_("Reason of a later date"), long=True), False, True, ""
    )
    grammar = Grammar((*known.grammar.arguments, reason))
    command.verbs["edit"] = replace(known, run=edit, grammar=grammar)
    command.verbs["give"] = replace(command.verbs["give"], run=give)


def baseline(
    context: Context, entry: Entry | None = None, to: BaselineDay = None, what: What = ""
) -> Reply:
    if entry is not None:
        return _baseline_of(context, open_milestone(entry), to)
    if what.lower() not in ("set", "all"):
        text = _("`ms baseline set` takes the forecast of every milestone that has no baseline.")
        raise UserError(text, line=f"ms baseline set in {context.project.key}")
    lacking = MILESTONES.open_entries(
        context.session, context.project, Milestone.baseline.is_(None), Milestone.due.is_not(None)
    )
    if not lacking:
        text = _(
            "Every open milestone with a forecast has a baseline. `ms baseline M4` resets one."
        )
        raise UserError(text)
    for milestone in lacking:
        milestone.baseline = milestone.due
        announce(context, milestone, _("baseline {day}").format(day=day(milestone.due)))
    text = plural("Baseline set for {count} milestone", "Baseline set for {count} milestones",
                  len(lacking))  # fmt: skip
    shown = plan(context)
    return replace(shown, message=said(text.format(count=len(lacking)) + ".") + shown.message)


def _baseline_of(context: Context, milestone: Milestone, to: date | None) -> Reply:
    new = to or milestone.due
    if new is None:
        raise UserError(_("It has no forecast yet: `ms forecast` gives it one."))
    if new == milestone.baseline:
        raise UserError(_("Its baseline is that day already."))
    old, milestone.baseline = milestone.baseline, new
    shown = day(new) if old is None else days(old, new, context.today)
    words = _("baseline {days}").format(days=shown)
    announce(context, milestone, words)
    return receipt(context, milestone, words)


def forecast(context: Context, entry: Entry, due: NewForecast, reason: Reason = "") -> Reply:
    milestone = open_milestone(entry)
    require_forecaster(context, milestone, due, reason)
    require_reason(context, milestone, due, reason)
    words = set_forecast(context, milestone, due, reason)
    return receipt(context, milestone, words, *waiting_hints(context, milestone))


def propose(context: Context, entry: Entry, due: NewForecast, reason: Reason = "") -> Reply:
    milestone = open_milestone(entry)
    if milestone.is_own(context.actor) or context.may(Right.PLAN):
        line = f"ms forecast {full_name(context.project, milestone)} {due}"
        text = _("You may set it yourself: `ms forecast`.")
        raise UserError(text, line=f"{line} {context.line_safe(reason)}".rstrip())
    if milestone.due == due:
        raise UserError(_("It is forecast for that day already."), field="due")
    require_reason(context, milestone, due, reason)
    proposal = Proposal(
        milestone_id=milestone.id,
        was=milestone.due,
        forecast=due,
        reason=reason or None,
        proposed_by=context.actor.id,
        proposed_at=context.now,
    )
    for former in add_proposal(context.session, context.project, proposal):
        settle(context, former)
    leads = ", ".join(lead.name for lead in ask_leads(context, proposal))
    what = words_of(context.session, context.project, proposal, context.today)
    words = _("{name} proposed: {what}").format(name=proposal.name, what=what)
    hint = _("{leads} will confirm or decline it.").format(leads=leads)
    line = line_here(context, milestone)
    return Reply(render("receipt", words=words, line=line, hints=[hint]))


def same(context: Context, entry: Entry) -> Reply:
    milestone = open_milestone(entry)
    require_own(context, milestone)
    if milestone.due is None:
        raise IncompleteError(_("It has no forecast yet: `ms forecast` gives it one."))
    confirm(context.session, milestone, context.actor, context.now)
    words = _("on track for {day}").format(day=day(milestone.due))
    announce(context, milestone, words)
    return receipt(context, milestone, words)


def edit(context: Context, entry: Entry, **values: Any) -> Reply:
    reason = values.pop("reason", "") or ""
    milestone, old, due = open_or_closed(entry), entry.due, values.get("due", entry.due)
    require_taker(context, milestone, values.get("owner"))
    if due != old:
        open_milestone(milestone, field="due")
        require_forecaster(context, milestone, due, reason)
        if due is not None:
            _require_reason_typed(context, milestone, due, reason)
        milestone.moves += old is not None
    reply = changing.edit(MILESTONES, context, milestone, **values)
    if due != old:
        explain(context.session, milestone, reason)
    if due == old or due is None:
        return reply
    words = changed_words(context, old, due, reason)
    if old is not None and due > old:
        tell_of_slip(context, milestone, old, words)
    return replace(reply, message=said(words[:1].upper() + words[1:]) + reply.message)


def give(context: Context, entry: Entry, owner: Person, reason: str = "") -> Reply:
    require_taker(context, open_or_closed(entry), owner)
    return changing.give(MILESTONES, context, entry, owner, reason)


def _require_reason_typed(context: Context, milestone: Milestone, due: date, reason: str) -> None:
    """As `require_reason`; the form that asks for it is the one of ``forecast``."""
    try:
        require_reason(context, milestone, due, reason)
    except IncompleteError as lacking:
        line = f"ms forecast {full_name(context.project, milestone)} {due}"
        raise UserError(
            str(lacking), field=lacking.field, line=line, label=_("Say why …")
        ) from None


def done(context: Context, entry: Entry, note: Remark = "", *, on: ReachedOn = None) -> Reply:
    milestone = open_milestone(entry)
    require_closer(context, milestone)
    if on is not None and on > context.today:
        text = _("{day} is yet to come: what is reached was reached today or before.")
        raise UserError(text.format(day=day(on)), field="on")
    MILESTONES.close(milestone, "done", context.now)
    milestone.actual = on or context.today
    if note:
        add_note(context.session, milestone, context.actor, context.now, note)
    late = lateness_of(context, milestone)
    name = _("{name} done").format(name=short_name(milestone))
    words = f"{name}, {late}" if late else name
    announce(context, milestone, f"{words}: {note}" if note else words)
    told = _("done, {late}").format(late=late) if late else _("done")
    tell_dependents(context, milestone, told, _("A milestone this one waits for is reached."))
    withdraw_all(context, milestone)
    noted = [_("Note: {note}").format(note=note)] if note else []
    if is_long_past(milestone.actual, context.today):
        noted.append(_("That is more than half a year ago: is the year right?"))
    return receipt(context, milestone, words, *noted)


def drop(context: Context, entry: Entry, note: Remark = "") -> Reply:
    milestone = open_milestone(entry)
    require_closer(context, milestone)
    reply = changing.close(MILESTONES, "dropped", context, milestone, note)
    told = _("dropped: {note}").format(note=note) if note else _("dropped")
    tell_dependents(context, milestone, told, _("A milestone this one waits for was dropped."))
    withdraw_all(context, milestone)
    return reply


def reopen(context: Context, entry: Entry) -> Reply:
    reply_to = open_or_closed(entry)
    require_closer(context, reply_to)
    was_reached, reply_to.actual = reply_to.actual is not None, None
    reply = changing.reopen(MILESTONES, context, reply_to)
    told, hidden = _("taken up again, forecast {day}"), _("A milestone this one waits for is taken"
                                                          " up again.")  # fmt: skip
    if was_reached:
        told = _("not reached after all, forecast {day}")
        hidden = _("A milestone this one waits for is not reached after all.")
    tell_dependents(context, reply_to, told.format(day=day(reply_to.due)), hidden)
    return reply
