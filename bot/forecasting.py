"""Forecasting: a milestone's date changes, and everybody it concerns is told."""

from datetime import date
from typing import Any

from bot.arguments import IncompleteError
from bot.cards import announce, inform
from bot.context import Context
from bot.entries import full_name, is_correcting, register_of
from bot.errors import RefusedError, UserError
from bot.language import _, plural
from bot.messages import Button, shortened
from bot.pages import day, days
from bot.people import Person
from bot.projects import Project, heads
from bot.register import Entry
from bot.registers.milestones import Milestone, dependents_of, explain, signed_days
from bot.rights import Right

TITLE_SHOWN = 300


def open_milestone(entry: Entry, field: str | None = None) -> Milestone:
    """*entry* as a milestone that is not reached yet.

    Raises `UserError` for one that is, about the *field* that wants to be changed.
    """
    milestone = open_or_closed(entry)
    if not milestone.is_open:
        name = register_of(entry).name_of(entry)
        text = _("{name} is closed.").format(name=name)
        raise UserError(text, field=field, line=f"ms reopen {name}")
    return milestone


def open_or_closed(entry: Entry) -> Milestone:
    """*entry* as the milestone it is."""
    if not isinstance(entry, Milestone):
        raise TypeError(entry.__tablename__)
    return entry


def require_forecaster(
    context: Context, milestone: Milestone, due: date | None, reason: str
) -> None:
    """Raise `RefusedError`, offering to propose it, unless the actor may set its forecast."""
    ref = full_name(context.project, milestone)
    told = (str(due) if due else "", context.line_safe(reason))
    line = " ".join(filter(None, ("form ms propose", ref, *told)))
    _require_planner(context, milestone, line, _("Propose …"))


def require_closer(context: Context, milestone: Milestone) -> None:
    """Raise `RefusedError`, offering a note on it, unless the actor may close and reopen it."""
    line = f"form ms note {full_name(context.project, milestone)}"
    _require_planner(context, milestone, line, _("Note …"))


def require_taker(context: Context, milestone: Milestone, owner: Person | None) -> None:
    """Raise `RefusedError` where *owner* is the actor and may not make it theirs: what somebody
    owns they may forecast and close, so who may do neither would need but one line more."""
    takes = owner is not None and owner.id == context.actor.id != milestone.owner_id
    if takes and not is_correcting(context, milestone):
        require_closer(context, milestone)


def _require_planner(context: Context, milestone: Milestone, line: str, label: str) -> None:
    if milestone.is_own(context.actor):
        return
    try:
        context.require(Right.PLAN)
    except RefusedError as refused:
        raise RefusedError(str(refused), context.project.id, line=line, label=label) from None


def require_reason(context: Context, milestone: Milestone, due: date, reason: str) -> None:
    """Raise `IncompleteError` for a day that is later than the last one said, without a reason."""
    if milestone.due is not None and due > milestone.due and not reason:
        slip = signed_days(context.calendar.between(milestone.due, due))
        text = _("That is {slip}, {days}: for what reason?")
        shown = days(milestone.due, due, context.today)
        raise IncompleteError(text.format(slip=slip, days=shown), field="reason")


def set_forecast(
    context: Context,
    milestone: Milestone,
    due: date,
    reason: str,
    proposer: Person | None = None,
) -> str:
    """Give *milestone* another forecast; the answer says what changed.

    Raises `UserError` where it stands at that day already.
    """
    old = milestone.due
    if old == due:
        text = _("It is forecast for that day already. `ms same` confirms it.")
        line = f"ms same {full_name(context.project, milestone)}"
        raise UserError(text, field="due", line=line)
    milestone.due = due
    milestone.moves += old is not None
    explain(context.session, milestone, reason, proposer)
    words = changed_words(context, old, due, reason)
    announce(context, milestone, words)
    if old is not None and due > old:
        tell_of_slip(context, milestone, old, words)
    return words


def changed_words(context: Context, old: date | None, due: date, reason: str) -> str:
    """What is said of another forecast: from which day to which, by how much and why."""
    if old is None:
        words = _("forecast {day}").format(day=day(due))
    else:
        slip = signed_days(context.calendar.between(old, due))
        words = f"{days(old, due, context.today)}, {slip}"
    return _("{words}, reason: {reason}").format(words=words, reason=reason) if reason else words


def lateness_of(context: Context, milestone: Milestone) -> str:
    """How the day it was reached stands to the baseline, else to the forecast."""
    planned = milestone.baseline or milestone.due
    if planned is None or milestone.actual is None:
        return ""
    count = context.calendar.between(planned, milestone.actual)
    if count == 0:
        return _("on time")
    if count > 0:
        text = plural("{count} working day late", "{count} working days late", count)
    else:
        text = plural("{count} working day early", "{count} working days early", -count)
    return text.format(count=abs(count))


def tell_of_slip(context: Context, milestone: Milestone, old: date, words: str) -> None:
    """Tell the leads, the owner and whoever waits for *milestone* that it is forecast later."""
    here = context.session.get_one(Project, milestone.project_id)
    owner = context.person(milestone.owner_id) if milestone.owner_id else None
    leads = heads(context.session, here)
    for person in {person.id: person for person in (*leads, *([owner] if owner else []))}.values():
        inform(
            context, person, milestone, f"{context.actor.name}: {words}", *_answers(here, milestone)
        )
    slip = signed_days(here.calendar.between(old, milestone.due or old))
    hidden = _("A milestone this one waits for moved by {slip}.").format(slip=slip)
    tell_dependents(context, milestone, words, hidden)


def tell_dependents(context: Context, milestone: Milestone, words: str, hidden: str) -> None:
    """Tell whoever waits for *milestone*; *hidden* is for those who may not read its project."""
    here = context.session.get_one(Project, milestone.project_id)
    name = f"{full_name(here, milestone)} · {shortened(milestone.title, TITLE_SHOWN)}"
    for dependent in dependents_of(context.session, milestone):
        there = context.session.get_one(Project, dependent.project_id)
        for person in _responsible(context, dependent, there):
            may_read = context.may_hear(person, here)
            told = f"{name}: {words}" if may_read else hidden
            if _is_too_early(dependent, milestone):
                told += f"\n{_('That is after the forecast of this one.')}"
            answers = _answers(there, dependent)
            inform(context, person, dependent, told, *answers, other=here if may_read else None)


def tell_undone(
    context: Context, milestone: Milestone, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Tell whoever waits for *milestone*, and was told of it, that the change was taken back."""
    old, new = before.get("due"), after.get("due")
    has_slipped = old is not None and new is not None and new > old
    if not has_slipped and "closed_at" not in before:
        return
    words = _("taken back, forecast {day} again").format(day=day(milestone.due))
    hidden = _("What was said of a milestone this one waits for was taken back.")
    tell_dependents(context, milestone, words, hidden)


def waiting_hints(context: Context, milestone: Milestone) -> list[str]:
    """What is forecast before *milestone*, though it waits for it, as far as the actor may read."""
    text = _("{name} waits for it and is forecast earlier, {day}.")
    hints = []
    for dependent in dependents_of(context.session, milestone):
        there = context.session.get_one(Project, dependent.project_id)
        if _is_too_early(dependent, milestone) and context.rights.may(Right.READ, there):
            title = shortened(dependent.title, TITLE_SHOWN)
            name = f"{full_name(there, dependent)} · {title}"
            hints.append(text.format(name=name, day=day(dependent.due)))
    return hints


def _is_too_early(dependent: Milestone, milestone: Milestone) -> bool:
    if not milestone.is_open or dependent.due is None or milestone.due is None:
        return False
    return milestone.due > dependent.due


def _responsible(context: Context, milestone: Milestone, project: Project) -> list[Person]:
    """The owner, else the leads, as where the owner may not read the project any more."""
    owner = context.person(milestone.owner_id) if milestone.owner_id else None
    if owner is not None and context.may_hear(owner, project):
        return [owner]
    return heads(context.session, project)


def _answers(project: Project, milestone: Milestone) -> tuple[Button, ...]:
    ref = full_name(project, milestone)
    return (
        Button(_("New forecast …"), f"form ms forecast {ref}"),
        Button(_("On track"), f"ms same {ref}"),
        Button(_("Show"), f"ms show {ref}"),
    )
