"""Dependencies: a milestone waits for another, of the same project or of another."""

from typing import Annotated

from bot.cards import announce
from bot.command import Command, Reply
from bot.context import Context
from bot.entries import full_name, require_own
from bot.errors import UserError
from bot.fields import Field
from bot.forecasting import open_milestone, open_or_closed
from bot.language import N_, _
from bot.pages import day
from bot.projects import Project
from bot.receipts import receipt, short_name
from bot.register import Entry, Link, connect, links_of
from bot.registers.milestones import WAITS_FOR, Milestone, awaited_by, chain
from bot.rights import Right

Awaited = Annotated[
    Entry, Field(N_("Waits for"), ("for",), "M2", any_project=True, typed_only=True)
]


def extend(command: Command) -> None:
    """Add to the command of milestones what says which waits for which."""
    group = command.group(N_("Plan and forecast"))
    group.verb("after", N_("say which milestone it waits for"), "{name} M2")(after)
    group.verb("free", N_("it waits for that one no more"), "{name} M2")(free)


def after(context: Context, entry: Entry, awaited: Awaited) -> Reply:
    milestone, other = open_milestone(entry), open_or_closed(awaited)
    require_own(context, milestone)
    if other is milestone:
        raise UserError(_("Nothing waits for itself."))
    if other in awaited_by(context.session, milestone):
        raise UserError(_("It waits for that one already."))
    if circle := chain(context.session, other, milestone):
        names = " → ".join(_name_for(context, m) for m in (milestone, *circle))
        raise UserError(_("That would go in a circle: {names}.").format(names=names))
    connect(context.session, milestone, other, WAITS_FOR)
    name = short_name(other) if other.project_id == milestone.project_id else _("another project")
    announce(context, milestone, _("waits for {name}").format(name=name))
    hints = []
    if other.is_open and milestone.due and other.due and other.due > milestone.due:
        text = _("{name} is forecast later than this one, {day}.")
        hints.append(text.format(name=_name_for(context, other), day=day(other.due)))
    shown = _("{name} waits for {other}")
    words = shown.format(name=short_name(milestone), other=_name_for(context, other))
    return receipt(context, milestone, words, *hints)


def free(context: Context, entry: Entry, awaited: Awaited) -> Reply:
    milestone = open_or_closed(entry)
    require_own(context, milestone)
    cut = [
        link for link in links_of(context.session, milestone) if _is_wait(link, milestone, awaited)
    ]
    if not cut:
        raise UserError(_("It does not wait for that one."))
    for link in cut:
        context.session.delete(link)
    words = _("{name} waits for {other} no more")
    shown = words.format(name=short_name(milestone), other=_name_for(context, awaited))
    announce(context, milestone, _("waits for it no more"))
    return receipt(context, milestone, shown)


def _is_wait(link: Link, milestone: Milestone, awaited: Entry) -> bool:
    return link.relation == WAITS_FOR and (link.from_id, link.to_id) == (milestone.id, awaited.id)


def _name_for(context: Context, milestone: Entry) -> str:
    """Its name as the actor may know it."""
    if milestone.project_id == context.project.id:
        return short_name(milestone)
    project = context.session.get_one(Project, milestone.project_id)
    if not context.rights.may(Right.READ, project):
        return _("another project")
    return full_name(project, milestone)
