"""Cards: how an entry looks, and the one message a channel has of it."""

from datetime import date
from uuid import uuid4

from bot import projects
from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.outbox import promise
from bot.entries import full_name, register_of
from bot.language import _
from bot.messages import Button, Message, said, shortened
from bot.pages import day, name, render
from bot.people import Person
from bot.projects import Project
from bot.register import Entry
from bot.reminding import remark, stand_of
from bot.rights import channel_may_read
from bot.values import Role

LINE_LIMIT = 700  # of a title in a list: ten of them still fit into one message


def line_of(entry: Entry, owner: Person | None, limit: int = LINE_LIMIT) -> str:
    """An entry on one line: ``A12 · send contract draft · Anna · Fri 4 Dec 2026``."""
    title = shortened(entry.title, limit)
    return " · ".join((register_of(entry).name_of(entry), title, *facts(entry, owner)))


def facts(entry: Entry, owner: Person | None) -> list[str]:
    """What a line says behind the title."""
    told = entry.gist()
    if owner is not None:
        told.append(owner.name)
    if entry.due is not None:
        told.append(due_words(entry))
    if entry.outcome is not None:
        told.append(_(entry.outcome))
    return told


def due_words(entry: Entry) -> str:
    """The date of an entry, with its label where it is no due date."""
    register = register_of(entry)
    shown = day(entry.due)
    return shown if register.has_deadline else f"{_(register.due_label).lower()} {shown}"


def lateness(entry: Entry, today: date) -> str:
    """How a day in *today*'s light stands to the due date: ``2 days early``."""
    if entry.due is None:
        return ""
    days = (entry.due - today).days
    if days == 0:
        return _("on time")
    text = _("{count} days early") if days > 0 else _("{count} days late")
    if abs(days) == 1:
        text = _("1 day early") if days > 0 else _("1 day late")
    return text.format(count=abs(days))


def card(context: Context, entry: Entry, project: Project) -> Message:
    """What the channel sees of an entry."""
    owner = context.person(entry.owner_id) if entry.owner_id else None
    return render(
        "card",
        name=register_of(entry).name_of(entry),
        entry=entry,
        facts=" · ".join(facts(entry, owner)),
        details=entry.details(),
        raised=name(context.person(entry.opened_by)),
        project=project,
    )


def announce(context: Context, entry: Entry, words: str) -> None:
    """Let the project's channel see *entry* as it is now; *words* say in its thread what changed.

    The first time, the card itself says it all.
    """
    project = context.session.get_one(Project, entry.project_id)
    if words:
        retell_nudge(context, entry, words)
    if project.channel is None or not channel_may_read(context.session, project):
        return
    key = f"card:{entry.__tablename__}:{entry.id}"
    message = card(context, entry, project)
    shown = promise(context.session, key, project.channel, message, context.now, project=project)
    if shown.id is not None:  # it was promised before
        context.session.flush()
        remark = said(f"{context.actor.name}: {words}")
        promise(
            context.session,
            f"remark:{uuid4()}",
            project.channel,
            remark,
            context.now,
            project=project,
            under=key,
        )


def retell_nudge(context: Context, entry: Entry, words: str) -> None:
    """Let the reminders of *entry* that were just sent show what became of it."""
    project = context.session.get_one(Project, entry.project_id)
    name = full_name(project, entry)
    remark(context, project, name, entry.title, stand_of(entry), words)


def inform(
    context: Context,
    person: Person | None,
    entry: Entry,
    words: str,
    *buttons: Button,
    other: Project | None = None,
) -> None:
    """Tell one person something about *entry*, unless they did it themselves.

    Where *words* tell of an *other* project too, it is one they may read.

    Who may not read the project any more, an owner who was removed from it too, hears nothing.
    """
    if person is None or person.id == context.actor.id:
        return
    project = context.session.get_one(Project, entry.project_id)
    if not context.may_hear(person, project):
        return
    owner = context.person(entry.owner_id) if entry.owner_id else None
    message = render(
        "notice", words=words, line=line_of(entry, owner, 300), project=project.name
    ).with_buttons(buttons)
    of = (project, other) if other is not None else (project,)
    about = full_name(project, entry)
    tell(context.session, person, about, message, context.now, context.gather, of=of)


def inform_leads(context: Context, entry: Entry, words: str, *buttons: Button) -> None:
    """Tell the leads of the project something about *entry*."""
    project = context.session.get_one(Project, entry.project_id)
    for lead in projects.people_with(context.session, project, Role.LEAD):
        inform(context, lead, entry, words, *buttons)
