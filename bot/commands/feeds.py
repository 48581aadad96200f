"""Feeds: a calendar to subscribe to, of one's own meetings or of all of a project."""

from typing import Annotated

from bot.calendar.feeds import CalendarFeed, feed_of, make_feed, may_be_read, renew
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field
from bot.language import N_, _
from bot.messages import Button, explained, said
from bot.pages import moment
from bot.projects import Project
from bot.values import Word

MINE, OF_PROJECT = "mine", "project"
YES, NO = "yes", "no"
Whose = Annotated[Word | None, Field(N_("Whose"), shown="mine|project", choices=(MINE, OF_PROJECT))]
Milestones = Annotated[
    Word | None, Field(N_("Milestones"), ("milestones",), "milestones=no", choices=(YES, NO))
]
Actions = Annotated[
    Word | None, Field(N_("Due actions"), ("actions",), "actions=yes", choices=(YES, NO))
]


def extend(command: Command) -> None:
    """Add to the command of meetings what concerns feeds."""
    group = command.group(N_("Calendars"))
    group.verb("feed", N_("an address your calendar subscribes to"), "actions=yes")(feed)
    group.verb("newfeed", N_("another address; the one before shows nothing any more"), "")(newfeed)
    group.verb("nofeed", N_("take the address back"), "")(nofeed)


def feed(
    context: Context,
    whose: Whose = None,
    *,
    milestones: Milestones = None,
    actions: Actions = None,
) -> Reply:
    project = _of(context, whose)
    _require_door(context)
    row, secret = make_feed(context.session, context.actor, project, context.now)
    row.milestones = row.milestones if milestones is None else milestones == YES
    row.actions = row.actions if actions is None else actions == YES
    if secret is not None:
        return _shown(context, row, secret)
    words = _("There is a feed since {moment}; its address is shown only once.")
    told = said(words.format(moment=moment(row.made_at, context.zone)) + "\n" + _contents(row))
    return Reply(told, _buttons(project, context))


def newfeed(context: Context, whose: Whose = None) -> Reply:
    project = _of(context, whose)
    _require_door(context)
    row = _known(context, project)
    row.made_at = context.now
    return _shown(context, row, renew(context.session, row))


def nofeed(context: Context, whose: Whose = None) -> Reply:
    row = _known(context, _of(context, whose))
    context.session.delete(row)
    return Reply(said(_("The feed is taken back: its address shows nothing any more.")))


def _of(context: Context, whose: str | None) -> Project | None:
    """The project a feed is of; None for the actor's own. Raises `UserError` where it has none."""
    if whose != OF_PROJECT:
        return None
    if not may_be_read(context.session, context.actor, [context.project]):
        raise UserError(_("What is restricted stays in Slack: {project} has no feed.").format(
            project=context.project.name))  # fmt: skip
    return context.project


def _require_door(context: Context) -> None:
    if not context.settings.public_url:
        raise UserError(
            _("There are no feeds here: whoever runs me has to set PORT and PUBLIC_URL.")
        )


def _known(context: Context, project: Project | None) -> CalendarFeed:
    row = feed_of(context.session, context.actor, project)
    if row is None:
        raise UserError(_("You have no such feed; `meet feed` makes one."))
    return row


def _contents(row: CalendarFeed) -> str:
    shown = [_("meetings")]
    shown += [_("milestones")] if row.milestones else []
    shown += [_("due actions")] if row.actions else []
    return _("It shows {contents}.").format(contents=", ".join(shown))


def _shown(context: Context, row: CalendarFeed, secret: str) -> Reply:
    """The address, once: a replay of the request says only that there is one."""
    address = f"{context.settings.public_url.rstrip('/')}/cal/{secret}.ics"
    words = [
        _("Subscribe to this address in your calendar, and keep it to yourself:"),
        f"`{address}`",
        _contents(row),
        _("Most calendars look every few hours; Google every 8 to 24."),
    ]
    project = context.project if row.project_id is not None else None
    return Reply(
        explained("\n".join(words)),
        _buttons(project, context),
        replayed=explained(_("The address was shown once; `meet newfeed` makes another.")),
    )


def _buttons(project: Project | None, context: Context) -> tuple[Button, ...]:
    whose = f"{OF_PROJECT} in {project.key}" if project else MINE
    return (
        Button(_("New address"), f"meet newfeed {whose}"),
        Button(_("Take it back"), f"meet nofeed {whose}", "danger"),
    )
