"""Projects: make one, bind it to a channel, say who is who in it."""

from collections.abc import Sequence
from typing import Annotated, NoReturn

from bot import channels, history, projects, status
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery import outbox
from bot.delivery.notices import tell
from bot.errors import RefusedError, UserError
from bot.fields import Field
from bot.language import N_, _, plural
from bot.messages import Button, explained, listed, said
from bot.pages import name, rag, render
from bot.people import Person
from bot.projects import Project
from bot.registers import REGISTERS
from bot.rights import Right, my_projects, project_in
from bot.values import PROJECT_ROLES, ChannelId, Role, Visibility

Name = Annotated[str, Field(N_("Name"), shown="NAME")]
Who = Annotated[Person | None, Field(N_("Who"), shown="@WHO")]
ROLES = "|".join(role.value for role in PROJECT_ROLES)
What = Annotated[Role | None, Field(N_("Role"), shown=ROLES)]
Seen = Annotated[Visibility, Field(N_("Who may read it"), ("visibility",), "visibility=…")]

PROJECT = Command("project", N_("Projects, their channel, their people"), default="show")


@PROJECT.verb(
    "new",
    N_("make one here; you are its lead"),
    "Alpha",
    has_project=False,
    has_form=True,
    aliases=("add", "make"),
)
def new(context: Context, name: Name, *, visibility: Seen = Visibility.INTERNAL) -> Reply:
    makers = context.settings.project_makers
    if context.actor.is_guest:
        raise RefusedError(_("Guests make no projects; please ask somebody of the team."))
    if makers and context.actor.slack_id not in makers:
        raise RefusedError(_("Projects are made by named people here; please ask an operator."))
    _refuse_namesake(context, name)
    channel = _channel_here(context)
    others = projects.hosted_by(context.session, channel) if channel else []
    readable = context.rights.readable(others)
    if readable and not context.is_sure:
        _ask_whether_here(context, readable)
    project = projects.make(context.session, name, context.actor, channel, context.now)
    project.visibility = visibility
    history.about(context.session, project.id)
    where = (
        f"{_('It lives in this channel.')} {_invitation(context, channel)}".strip()
        if channel
        else _("Bind it to a channel: type `project bind {key}` there.").format(key=project.key)
    )
    if readable:
        where += " " + _side_by_side(context, readable, f"in {project.key}")
    for other in others:
        _tell_of_neighbour(context, other)
    message = render("project_new", project=project) + explained(where)
    ref = project.key
    return Reply(
        message,
        (
            Button(_("Report status"), f"form status report in {ref}"),
            Button(_("Add an action"), f"form action add in {ref}"),
            Button(_("Name people"), f"form project people in {ref}"),
        ),
    )


def _ask_whether_here(context: Context, others: Sequence[Project]) -> NoReturn:
    """Have whoever makes a project where others live be asked first: all have to name them then."""
    question = _("{lives} Shall the new one live here all the same?")
    text = question.format(lives=_side_by_side(context, others, f"in {others[0].key}"))
    line = f"{context.line.encoded()} sure=yes"
    raise UserError(text, line=line, label=_("Make it here"))


def _side_by_side(context: Context, others: Sequence[Project], such: str) -> str:
    """Who lives here already, and what follows from that."""
    names = listed([project.name for project in others])
    text = plural(
        "{names} lives here too: with several projects in a channel, name the one you mean, such"
        " as `{such}`.",
        "{names} live here too: with several projects in a channel, name the one you mean, such"
        " as `{such}`.",
        len(others),
    )
    return text.format(names=names, such=such)


def _tell_of_neighbour(context: Context, project: Project) -> None:
    """Tell the leads of *project* that it is not alone in its channel any more."""
    text = _("{who} made another project in the channel of {project}.")
    more = _("From now on name the one you mean there, such as `in {key}`.")
    told = f"{text} {more}".format(who=context.actor.name, project=project.name, key=project.key)
    for lead in projects.people_with(context.session, project, Role.LEAD):
        if lead.id != context.actor.id and context.may_hear(lead, project):
            about, message = f"neighbour {project.key}", explained(told)
            now, gather = context.now, context.gather
            tell(context.session, lead, about, message, now, gather, of=(project,))


def _refuse_namesake(context: Context, name: str, but: Project | None = None) -> None:
    """Two projects of one name would be mixed up; those the actor may not read do not count."""
    found = context.rights.readable(projects.namesakes(context.session, name))
    if any(project is not but for project in found):
        raise UserError(_("There is a project of that name already."), field="name")


def _channel_here(context: Context) -> ChannelId | None:
    """The channel to live in: not a direct message."""
    channel = context.place.channel
    return None if channel is None or channel.startswith("D") else channel


def _invitation(context: Context, channel: ChannelId) -> str:
    """Where the bot cannot post in *channel*: what to do about it."""
    if channel in context.rights.untold or channels.channel_of(context.session, channel).is_open:
        return ""
    return _("I am not in it: `/invite @Jourfixe`, or nobody sees there what is kept.")


@PROJECT.verb(
    "bind", N_("let a project live in this channel"), "ALPHA", right=Right.LEAD, has_project=False
)
def bind(context: Context, key: Annotated[str, Field(N_("Project"), shown="KEY")]) -> Reply:
    channel = _channel_here(context)
    if channel is None:
        raise UserError(_("Type that in the channel it shall live in."))
    project = project_in(context.session, context.rights, None, key.strip())
    context.rights.require(Right.LEAD, project)
    if project.channel == channel and project.paused is None:
        raise UserError(_("{project} lives here already.").format(project=project.name))
    history.about(context.session, project.id)
    project.channel, project.paused, project.closed_at = channel, None, None
    context.session.flush()
    outbox.release(context.session, project, channel)
    words = _("{project} lives in this channel now.").format(project=project.name)
    return Reply(explained(f"{words} {_invitation(context, channel)}".strip()))


@PROJECT.verb(
    "people",
    N_("who is who; with a name and a role, name somebody"),
    "@ben office",
    has_form=True,
    right=Right.READ,
)
def people(context: Context, who: Who = None, role: What = None) -> Reply:
    if who is None:
        return _people(context)
    if role is None or role not in PROJECT_ROLES:
        names = ", ".join(f"`{r.value}`" for r in PROJECT_ROLES)
        raise UserError(_("As what? One of {roles}.").format(roles=names), field="role")
    context.require(Right.LEAD)
    if who.is_bot or not who.is_active:
        raise UserError(_("That must be a person who is active in Slack."), field="who")
    if not projects.give_role(context.session, context.project, who, role):
        text = _("{who} is {role} of {project} already.")
        raise UserError(text.format(who=who.name, role=_(role.value), project=context.project.name))
    words = _("{who} is {role} of {project} now.").format(
        who=who.name, role=_(role.value), project=context.project.name
    )
    if who.id != context.actor.id:
        told = _("{by} named you {role} of {project}.").format(
            by=context.actor.name, role=_(role.value), project=context.project.name
        )
        tell(
            context.session,
            who,
            f"role {context.project.key}",
            said(told),
            context.now,
            context.gather,
        )
    return Reply(said(words))


@PROJECT.verb("remove", N_("take a role from somebody"), "@ben office", right=Right.LEAD)
def remove(
    context: Context,
    who: Annotated[Person, Field(N_("Who"), shown="@WHO")],
    role: Annotated[Role, Field(N_("Role"), shown=ROLES)],
) -> Reply:
    if not projects.take_role(context.session, context.project, who, role):
        raise UserError(_("{who} is not {role} here.").format(who=who.name, role=_(role.value)))
    text = _("{who} is no longer {role} of {project}.")
    return Reply(said(text.format(who=who.name, role=_(role.value), project=context.project.name)))


@PROJECT.verb("show", N_("what it is and how it stands"), writes=False)
def show(context: Context) -> Reply:
    project = context.project
    last = status.latest(context.session, project)
    counts = [
        (register.plural, len(register.open_entries(context.session, project, by=context.readable)))
        for register in REGISTERS
    ]
    message = render(
        "project",
        project=project,
        colour=rag(last.overall) if last else _("no status yet"),
        counts=counts,
        people=projects.roles_by_person(context.session, project),
        roles=", ".join(sorted(_(role.value) for role in context.rights.roles(project))),
    )
    ref = project.key
    buttons = tuple(
        Button(_(register.plural).capitalize(), f"{register.noun} list in {ref}")
        for register in REGISTERS
    )
    return Reply(message, buttons)


@PROJECT.verb(
    "list",
    N_("the projects you have a part in"),
    writes=False,
    has_project=False,
    aliases=("mine",),
)
def list_(context: Context) -> Reply:
    mine = my_projects(context.session, context.rights)
    if not mine:
        return Reply(
            said(_("You have no project yet.")), (Button(_("New project …"), "form project new"),)
        )
    newest = status.latest_by_project(context.session, mine)
    rows = [
        (project, rag(newest[project.id].overall) if project.id in newest else _("no status yet"))
        for project in mine
    ]
    return Reply(render("project_list", rows=rows))


@PROJECT.verb(
    "set",
    N_("change its name, zone, country or who may read it"),
    "zone=Europe/Berlin country=DE subdivision=BY",
    right=Right.LEAD,
    has_form=True,
)
def set_(
    context: Context,
    *,
    name: Annotated[str | None, Field(N_("Name"))] = None,
    zone: Annotated[str | None, Field(N_("Time zone"))] = None,
    country: Annotated[str | None, Field(N_("Country, for holidays"))] = None,
    subdivision: Annotated[str | None, Field(N_("State or region"))] = None,
    visibility: Annotated[Visibility | None, Field(N_("Who may read it"))] = None,
) -> Reply:
    if name is not None:
        _refuse_namesake(context, name, context.project)
    projects.change(
        context.project,
        name=name,
        zone=zone,
        country=country,
        subdivision=subdivision,
        visibility=visibility,
    )
    return Reply(render("project_set", project=context.project))


def _people(context: Context) -> Reply:
    rows = [
        (name(person), ", ".join(_(role.value) for role in roles))
        for person, roles in projects.roles_by_person(context.session, context.project)
    ]
    message = render("project_people", project=context.project, rows=rows)
    if not context.may(Right.LEAD):
        return Reply(message)
    return Reply(
        message, (Button(_("Name somebody …"), f"form project people in {context.project.key}"),)
    )
