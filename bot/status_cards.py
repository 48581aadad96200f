"""Status cards: how a status looks, and the message a channel has of it."""

from bot.context import Context
from bot.delivery.outbox import find, revise
from bot.language import _
from bot.messages import Message, said
from bot.pages import Moment, name, rag, render
from bot.people import by_id
from bot.projects import Project
from bot.reminding import remark
from bot.status import DIMENSIONS, StatusUpdate, latest, stand


def card(context: Context, update: StatusUpdate, project: Project) -> Message:
    """A status as its readers see it."""
    people = by_id(context.session, (update.author_id, update.on_behalf_of))
    dimensions = [
        (dimension, rag(colour))
        for dimension, colour in update.colours().items()
        if dimension != DIMENSIONS[0]
    ]
    behalf = people.get(update.on_behalf_of) if update.on_behalf_of else None
    return render(
        "status",
        project=project,
        update=update,
        dimensions=dimensions,
        author=people[update.author_id].name,
        behalf=name(behalf) if behalf else "",
        when=Moment(update.at, project.timezone),
    )


def take_back(context: Context, update: StatusUpdate) -> None:
    """Let the channel see that *update* was taken back."""
    project = context.session.get_one(Project, update.project_id)
    last = latest(context.session, project)
    delivery = find(context.session, key_of(update))
    if delivery is not None:
        words = _("{who} took this status back. It stands as before: {status}")
        told = said(words.format(who=context.actor.name, status=shown_as(last)))
        revise(context.session, delivery, told.as_payload())
    tell_reminders(context, project, last, _("taken back"))


def shown_as(last: StatusUpdate | None) -> str:
    """The colour of the present status, in words for a line."""
    return rag(last.overall) if last else _("no status yet")


def tell_reminders(
    context: Context, project: Project, last: StatusUpdate | None, words: str
) -> None:
    """Let the reminders just sent of the status say *words*, now that it is *last*."""
    title = _("Status of {project}").format(project=project.name)
    remark(context, project, f"status in {project.key}", title, stand(last), words)


def key_of(update: StatusUpdate) -> str:
    """The key the message of *update* is promised under."""
    return f"status:{update.id}"
