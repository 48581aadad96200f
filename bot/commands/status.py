"""Status: the colours of a project and a sentence, with its trend and history."""

from datetime import datetime
from typing import Annotated, Any

from bot import status
from bot.arguments import IncompleteError
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.notices import tell
from bot.delivery.outbox import promise
from bot.delivery.retelling import told_of
from bot.errors import UserError
from bot.fields import Field
from bot.grammar import grammar_of
from bot.language import N_, _, plural
from bot.messages import Button, said
from bot.pages import Moment, day, rag, render
from bot.people import Person, by_id
from bot.projects import Project, heads, open_projects
from bot.register import TITLE_LIMIT
from bot.reminding import nudge_about, reminder
from bot.rights import Right, channel_may_read, my_projects
from bot.status import StatusUpdate
from bot.status_cards import card, key_of, tell_reminders
from bot.values import Rag, Role, Trend
from bot.workspace_roles import roles_of

HISTORY = 9

Overall = Annotated[Rag | None, Field(N_("Overall"), shown="green|amber|red")]
Dimension = Rag | None
Text = Annotated[str | None, Field(N_("How it stands"), shown="TEXT", long=True)]
Next = Annotated[str | None, Field(N_("Next steps"), long=True)]
Help = Annotated[str | None, Field(N_("Help needed"), long=True)]
Going = Annotated[Trend | None, Field(N_("Trend"))]

STATUS = Command(
    "status", N_("Report how the project stands"), default="report", takes_rest=True, short=True
)


def present(context: Context) -> dict[str, Any]:
    """What a form to report the status starts from: the last values."""
    last = status.latest(context.session, context.project)
    if last is None:
        return {}
    told = {"text": last.text, "next_steps": last.next_steps, "help_needed": last.help_needed}
    return last.colours() | {name: text for name, text in told.items() if text}


@STATUS.verb(
    "report",
    N_("report colours and a sentence"),
    "amber Supplier late by a week, pilot still in June",
    has_form=True,
    right=Right.STATUS,
    present=present,
)
def report(
    context: Context,
    overall: Overall = None,
    text: Text = None,
    *,
    schedule: Annotated[Dimension, Field(N_("Schedule"))] = None,
    cost: Annotated[Dimension, Field(N_("Cost"))] = None,
    scope: Annotated[Dimension, Field(N_("Scope"))] = None,
    quality: Annotated[Dimension, Field(N_("Quality"))] = None,
    resources: Annotated[Dimension, Field(N_("Resources"))] = None,
    trend: Going = None,
    next_steps: Next = None,
    help_needed: Help = None,
) -> Reply:
    last = status.latest(context.session, context.project)
    given = {
        "overall": overall,
        "schedule": schedule,
        "cost": cost,
        "scope": scope,
        "quality": quality,
        "resources": resources,
    }
    changed = {dimension: colour for dimension, colour in given.items() if colour is not None}
    if not changed:
        text_ = _("Which colour? Such as `status amber` and a few words.")
        raise IncompleteError(text_, field="overall")
    if text is not None and len(text) > TITLE_LIMIT:
        raise UserError(_("At most 3,000 characters, please."), field="text")
    kept = last.colours() if last else {}
    colours: dict[str, Any] = kept | changed
    colours.setdefault("overall", max(changed.values(), key=lambda colour: colour.rank))
    was = last.overall if last else None
    update = StatusUpdate(
        **colours,
        was=was,
        trend=trend or status.heading(was, colours["overall"]),
        text=text,
        next_steps=next_steps,
        help_needed=help_needed,
        is_confirmation=False,
    )
    return _post(context, update, asks=True)


@STATUS.verb(
    "edit",
    N_("correct what you reported just now"),
    "amber Supplier late by two weeks",
    grammar=grammar_of(report, skip=1),
    has_form=True,
    right=Right.STATUS,
    present=present,
    sends_changes=True,
)
def edit(context: Context, **values: Any) -> Reply:
    update = _last(context)
    is_fresh = context.now - update.at <= context.undo_window
    if update.author_id != context.actor.id or not is_fresh:
        text = _("Only what you reported just now can be corrected; report anew.")
        raise UserError(text, line=f"form status report in {context.project.key}")
    for name, value in values.items():
        setattr(update, name, value)
    if "trend" not in values:
        update.trend = status.heading(update.was, update.overall)
    return _show(context, update, asks=True)


@STATUS.verb("same", N_("confirm the last one"), right=Right.STATUS)
def same(context: Context) -> Reply:
    last = _last(context)
    update = StatusUpdate(
        **last.colours(),
        was=last.overall,
        trend=Trend.STEADY,
        text=last.text,
        next_steps=last.next_steps,
        help_needed=last.help_needed,
        is_confirmation=True,
    )
    return _post(context, update, asks=False)


@STATUS.verb("follow", N_("let overall follow a dimension"), "red", right=Right.STATUS)
def follow(context: Context, overall: Annotated[Rag, Field(N_("Overall"))]) -> Reply:
    last = _last(context)
    update = StatusUpdate(
        **(last.colours() | {"overall": overall}),
        was=last.overall,
        trend=status.heading(last.overall, overall),
        text=last.text,
        next_steps=last.next_steps,
        help_needed=last.help_needed,
        is_confirmation=False,
    )
    return _post(context, update, asks=False)


@STATUS.verb("show", N_("the present one"), writes=False)
def show(context: Context) -> Reply:
    return Reply(card(context, _last(context), context.project))


@STATUS.verb("history", N_("the last nine"), writes=False)
def history(context: Context) -> Reply:
    updates = status.history(context.session, context.project, HISTORY)
    if not updates:
        raise UserError(_("There is no status yet."), line="form status report")
    people = by_id(context.session, (update.author_id for update in updates))
    rows = [
        (update, people[update.author_id].name, day(context.project.local_date(update.at)))
        for update in updates
    ]
    return Reply(render("status_history", project=context.project, rows=rows))


@STATUS.verb(
    "missing", N_("whose status is late, and by how much"), writes=False, has_project=False
)
def missing(context: Context) -> Reply:
    late = _late(context)
    if not late:
        return Reply(said(_("Every status is up to date.")))
    buttons = [Button(_("Chase now"), "status chase")]
    rows = [
        (project, _lateness(context, project, due), _names(context, project))
        for project, due in late
    ]
    return Reply(render("status_missing", rows=rows), tuple(buttons))


def _names(context: Context, project: Project) -> str:
    """Who has to report on *project*."""
    leads = heads(context.session, project)
    return ", ".join(lead.name for lead in leads) or _("nobody")


@STATUS.verb("chase", N_("remind the leads whose status is late"), has_project=False)
def chase(context: Context) -> Reply:
    new: dict[str, None] = {}
    old: dict[str, None] = {}
    for project, due in _late(context):
        for lead in _to_chase(context, project):
            (new if _chase(context, project, due, lead) else old)[lead.name] = None
    if not new and not old:
        return Reply(said(_("There is nobody to chase.")))
    words = [
        text.format(names=", ".join(names))
        for text, names in ((_("Chased: {names}."), new), (_("Chased already: {names}."), old))
        if names
    ]
    return Reply(said(" ".join(words)))


def _late(context: Context) -> list[tuple[Project, datetime]]:
    """The projects the actor looks after whose update is overdue, and when it was due."""
    watched = {Role.LEAD, Role.OFFICE, Role.PORTFOLIO, Role.PROGRAM}
    is_portfolio = Role.PORTFOLIO in roles_of(context.session, context.actor)
    found = (
        open_projects(context.session)
        if is_portfolio
        else my_projects(context.session, context.rights)
    )
    mine = [project for project in found if watched & context.rights.roles(project)]
    newest = status.latest_by_project(context.session, mine)
    late = []
    for project in mine:
        given = newest[project.id].at if project.id in newest else project.made_at
        due = status.next_due(project, given)
        if due < context.now:
            late.append((project, due))
    return sorted(late, key=lambda row: row[1])


def _lateness(context: Context, project: Project, due: datetime) -> str:
    """By how much the status is late, in the working days of *project*."""
    day_due, today = project.local_date(due), project.local_date(context.now)
    if day_due == today:
        return _("due today, {time}").format(time=f"{due:%H:%M}")
    late = project.calendar.between(day_due, today)
    text = plural("{count} working day late ({day})", "{count} working days late ({day})", late)
    return text.format(count=late, day=day(day_due))


def _to_chase(context: Context, project: Project) -> list[Person]:
    """Who has to report on *project*, but for who asks."""
    leads = heads(context.session, project)
    return [lead for lead in leads if lead.id != context.actor.id]


def _chase(context: Context, project: Project, due: datetime, lead: Person) -> bool:
    """Remind *lead*, unless somebody has since it was *due*; whether that was done now."""
    name = f"status in {project.key}"
    before = told_of(context.session, nudge_about(name), due)
    if any(delivery.person_id == lead.id for _notice, delivery in before):
        return False
    last = status.latest(context.session, project)
    report = Button(_("Report …"), f"form status report in {project.key}", "primary")
    same = Button(_("Same as last time"), f"status same in {project.key}")
    since = day(project.local_date(due))
    words = _("late since {day}, {who} asks for it").format(day=since, who=context.actor.name)
    title = _("Status of {project}").format(project=project.name)
    item = reminder(name, title, [words], (report, same) if last else (report,))
    tell(
        context.session, lead, item.about, item.message, context.now, context.gather,
        of=(project,), stand=status.stand(last),
    )  # fmt: skip
    return True


def _last(context: Context) -> StatusUpdate:
    last = status.latest(context.session, context.project)
    if last is None:
        raise UserError(_("There is no status yet."), line="form status report")
    return last


def _post(context: Context, update: StatusUpdate, *, asks: bool) -> Reply:
    leads = heads(context.session, context.project)
    if leads and context.actor.id not in {lead.id for lead in leads}:
        update.on_behalf_of = leads[0].id
    status.add(context.session, context.project, context.actor, update, context.now)
    return _show(context, update, asks=asks)


def _show(context: Context, update: StatusUpdate, *, asks: bool) -> Reply:
    """Let the channel see *update*, and its author what was understood."""
    tell_reminders(context, context.project, update, rag(update.overall))
    channel = context.project.channel
    if channel is not None and channel_may_read(context.session, context.project):
        message = card(context, update, context.project)
        promise(
            context.session,
            key_of(update),
            channel,
            message,
            context.now,
            project=context.project,
        )
    due = Moment(status.next_due(context.project, context.now), context.project.timezone)
    worse = _worse(update) if asks else {}
    message = render("status_receipt", project=context.project, update=update, due=due, worse=worse)
    again = Button(_("Edit"), f"form status edit in {context.project.key}")
    return Reply(
        message, (*([_follow(next(iter(worse.values())), context)] if worse else []), again)
    )


def _worse(update: StatusUpdate) -> dict[str, Rag]:
    """The dimensions that stand worse than overall, the worst first."""
    worst_first = sorted(update.colours().items(), key=lambda pair: -pair[1].rank)
    return {name: colour for name, colour in worst_first if colour.rank > update.overall.rank}


def _follow(worse: Rag, context: Context) -> Button:
    label = _("Overall {colour} too").format(colour=_(worse.value).upper())
    return Button(label, f"status follow {worse.value} in {context.project.key}", "primary")
