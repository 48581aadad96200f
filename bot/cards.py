"""Cards: how an entry looks, and the one message a channel has of it."""

from datetime import date
from uuid import uuid4

from sqlalchemy.orm import object_session

from bot import projects
from bot.confidentiality import may_read
from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.outbox import promise
from bot.entries import full_name, register_of
from bot.handing import asked_as
from bot.language import _, plural
from bot.messages import Button, Message, said, shortened
from bot.pages import day, name, render
from bot.people import Person
from bot.projects import Project
from bot.register import Entry
from bot.registers.milestones import Milestone
from bot.reminding import remark, stand_of
from bot.rights import channel_may_read

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
    if _shown_day(entry) is not None:
        told.append(due_words(entry))
    if entry.outcome is not None:
        told.append(entry.ending())
    return told


def due_words(entry: Entry) -> str:
    """The date of an entry, with its label where it is no due date."""
    register = register_of(entry)
    shown = day(_shown_day(entry))
    return shown if register.has_deadline else f"{_(register.due_label).lower()} {shown}"


def _shown_day(entry: Entry) -> date | None:
    """The day a milestone was reached, else when an entry is due."""
    return (entry.actual if isinstance(entry, Milestone) else None) or entry.due


def lateness(entry: Entry, today: date) -> str:
    """How *today* stands to the due date, in working days: ``2 working days early``."""
    session = object_session(entry)
    if entry.due is None or session is None:
        return ""
    late = session.get_one(Project, entry.project_id).calendar.between(entry.due, today)
    if late == 0:
        return _("on time")
    if late > 0:
        text = plural("{count} working day late", "{count} working days late", late)
    else:
        text = plural("{count} working day early", "{count} working days early", -late)
    return text.format(count=abs(late))


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

    The first time, the card itself says it all. What is confidential has none.
    """
    project = context.session.get_one(Project, entry.project_id)
    if words:
        retell_nudge(context, entry, words)
    if entry.is_confidential or project.channel is None:
        return
    if not channel_may_read(context.session, project):
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
            is_passing=True,
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
    question: str = "",
) -> None:
    """Tell one person something about *entry*, unless they did it themselves.

    Where *words* tell of an *other* project too, it is one they may read. What is a *question* is
    settled by its answer, and asked again where that is taken back.

    Who may not read the project any more, an owner who was removed from it too, hears nothing,
    nor does who may not read what is confidential.
    """
    if person is None or person.id == context.actor.id:
        return
    project = context.session.get_one(Project, entry.project_id)
    if not context.may_hear(person, project):
        return
    if not may_read(context.session, context.rights.of(person), entry):
        return
    owner = context.person(entry.owner_id) if entry.owner_id else None
    message = render(
        "notice", words=words, line=line_of(entry, owner, 300), project=project.name
    ).with_buttons(buttons)
    of = (project, other) if other is not None else (project,)
    about = asked_as(question, full_name(project, entry))
    now, gather = context.now, context.gather
    tell(context.session, person, about, message, now, gather, of=of, asks=bool(question))


def inform_leads(context: Context, entry: Entry, words: str, *buttons: Button) -> None:
    """Tell the leads of the project something about *entry*."""
    project = context.session.get_one(Project, entry.project_id)
    for lead in projects.heads(context.session, project):
        inform(context, lead, entry, words, *buttons)
