"""Snooze: not to be reminded of one thing for a while, whosever it is; the thing stays as it is."""

from datetime import date
from typing import Annotated

from bot import history
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.retelling import retell
from bot.entries import full_name
from bot.errors import UserError
from bot.fields import Field
from bot.language import N_, _
from bot.left_open import name_of
from bot.meetings import Meeting
from bot.messages import Button, noted, said, shortened
from bot.minutes_meant import version_in
from bot.minutes_text import title_of
from bot.pages import day
from bot.plan_changes import reminded_as
from bot.preferences import Snooze, snooze_of
from bot.proposals import open_proposal
from bot.receipts import short_name
from bot.register import Entry
from bot.registers.milestones import Milestone
from bot.reminding import NUDGE_LIFE, ask_again, nudge_about
from bot.rights import Right
from bot.values import Role, Switch

Subject = Annotated[Entry, Field(N_("Entry"), shown="A12", any_register=True)]
Off = Annotated[Switch | None, Field(N_("Switched"), shown="off", typed_only=True)]
Minutes_ = Annotated[int, Field(N_("Minutes"), shown="NUMBER")]
Number = Annotated[int, Field(N_("Proposal"), shown="NUMBER")]
Meeting_ = Annotated[int, Field(N_("Meeting"), shown="NUMBER")]
Until = Annotated[
    date | None,
    Field(
        N_("Until"),
        ("until", "till", "for", "bis"),
        "1 day|1 week|until DATE",
        spans=True,
        skips=True,
    ),
]

SNOOZE = Command(
    "snooze",
    N_("Do not be reminded of one thing for a while"),
    default="entry",
    takes_rest=True,
)


@SNOOZE.verb(
    "entry",
    N_("until when you are not reminded of it; `off` lets it come again"),
    "{name} 1 week",
    right=Right.READ,
    has_form=True,
)
def entry(context: Context, entry: Subject, switch: Off = None, until: Until = None) -> Reply:
    if switch is None and not entry.is_open:
        raise UserError(
            _("{name} is closed: nothing reminds of it.").format(name=short_name(entry))
        )
    name = full_name(context.project, entry)
    about = (entry.__tablename__, entry.id)
    return _snooze(context, about, name, entry.title, switch, until)


@SNOOZE.verb(
    "status", N_("the same for the status of a project you lead"), "1 day", right=Right.READ
)
def status(context: Context, switch: Off = None, until: Until = None) -> Reply:
    project = context.project
    if switch is None and Role.LEAD not in context.rights.roles(project):
        text = _("Only who leads {project} is reminded of its status.")
        raise UserError(text.format(project=project.name))
    about = (project.__tablename__, project.id)
    title = _("Status of {project}").format(project=project.name)
    return _snooze(context, about, f"status in {project.key}", title, switch, until)


@SNOOZE.verb("minutes", N_("the same for minutes to approve"), "1 1 day", right=Right.READ)
def minutes(context: Context, number: Minutes_, switch: Off = None, until: Until = None) -> Reply:
    draft = version_in(context, number)
    about = (draft.__tablename__, draft.id)
    name = f"minutes {draft.id} in {context.project.key}"
    title = _("Minutes, version {version}").format(version=draft.version)
    return _snooze(context, about, name, title, switch, until)


@SNOOZE.verb("meeting", N_("the same for a meeting left open"), "1 1 day", right=Right.READ)
def meeting(context: Context, number: Meeting_, switch: Off = None, until: Until = None) -> Reply:
    found = context.session.get(Meeting, number)
    if found is None or found.project_id != context.project.id:
        raise UserError(_("There is no such meeting here."))
    about = (found.__tablename__, found.id)
    title = title_of(context.session, found)
    return _snooze(context, about, name_of(found, context.project), title, switch, until)


@SNOOZE.verb("proposal", N_("the same for a proposed plan change"), "1 1 day", right=Right.READ)
def proposal(context: Context, number: Number, switch: Off = None, until: Until = None) -> Reply:
    found = open_proposal(context.session, context.project, number)
    milestone = context.session.get_one(Milestone, found.milestone_id)
    about, name = (found.__tablename__, found.id), reminded_as(found, context.project)
    return _snooze(context, about, name, milestone.title, switch, until)


def _snooze(
    context: Context,
    about: tuple[str, int],
    name: str,
    title: str,
    switch: Switch | None,
    until: date | None,
) -> Reply:
    """*about* is a table and a row, called *title*; *name* is what the line that snoozes has."""
    if switch is None and until is None:
        text = _("Until when? Such as `snooze {name} 1 week`.")
        raise UserError(text.format(name=name), field="until")
    history.doing_in(context.session).project_id = None  # what reminds one is nobody else's matter
    row = snooze_of(context.session, context.actor, *about)
    if switch is not None:
        return _wake(context, row, name)
    if until is None or until <= context.today:
        raise UserError(_("That day has come already."), field="until")
    if row is None:
        kind, number = about
        row = Snooze(person_id=context.actor.id, kind=kind, object_id=number, until=until)
        context.session.add(row)
    row.until = until
    words = _("{name}: you are not reminded before {day}.").format(name=name, day=day(until))
    again = Button(_("Remind me again"), f"snooze {_with(name, 'off')}")
    _tell_in_place(context, name, f"{shortened(title, 300)} · {words}", again)
    return Reply(said(words), (again,))


def _wake(context: Context, row: Snooze | None, name: str) -> Reply:
    if row is None or row.until <= context.today:
        raise UserError(_("{name} is not snoozed.").format(name=name))
    row.until = context.today  # what it kept back comes, if today's digest has not come yet
    words = _("{name}: you are reminded again.").format(name=name)
    ask_again(context, name)
    return Reply(said(words))


def _with(name: str, words: str) -> str:
    """A line about *name*, such as ``status off in ALPHA``."""
    noun, sign, key = name.partition(" in ")
    return f"{noun} {words}{sign}{key}"


def _tell_in_place(context: Context, name: str, words: str, *buttons: Button) -> None:
    """Let the actor's reminder of it show what became of it; others keep theirs."""
    mine, shown = context.actor.slack_id, noted(words).with_buttons(buttons)
    retell(
        context.session,
        nudge_about(name),
        lambda user: shown if user == mine else None,
        context.now - NUDGE_LIFE,
    )
