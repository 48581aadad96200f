"""Settings pages: how it stands with what a person and a project have set, and what to change."""

from datetime import date

from bot.context import Context
from bot.job import PersonJob, ProjectJob
from bot.jobs import JOBS
from bot.language import _
from bot.lists import said_under
from bot.messages import Button, Message, buttons_row, item
from bot.nudge import Kind
from bot.nudges import KINDS
from bot.pages import Moment, day, render
from bot.plans import moment_of
from bot.preferences import Wishes, wishes_of
from bot.projects import Project, people_with
from bot.rights import Right
from bot.runs import Runs, hour, subject_runs, when
from bot.schedules import settings_of
from bot.typed import escape
from bot.values import Role

OF_PEOPLE = tuple(job for job in JOBS if isinstance(job, PersonJob))
OF_PROJECTS = tuple(job for job in JOBS if isinstance(job, ProjectJob))
PERSONAL = tuple(job.name for job in OF_PEOPLE)


def page(context: Context, project: Project | None) -> Message:
    """What the actor has set, and below it what is set in *project*."""
    message = said_under(_("Yours"), "") + personal(context)
    return message + of_project(context, project) if project is not None else message


def personal(context: Context) -> Message:
    """What the actor has set, with the buttons that change it."""
    wishes = wishes_of(context.session, [context.actor.id])[context.actor.id]
    message = render(
        "settings_personal",
        digests=[
            (_(runs.job.summary), when(runs.plan) if runs.plan else None, coming_next(runs))
            for runs in subject_runs(context.session, OF_PEOPLE, context.actor, context.now)
        ],
        quiet=quiet_words(wishes),
        away=away_words(wishes) if is_ahead(wishes, context.today) else "",
        muted=", ".join(_(kind.title) for kind in KINDS if kind.name in wishes.muted),
        kinds=[(_(kind.title), kind.name) for kind in KINDS],
        zone=context.actor.timezone,
    )
    is_off = not wishes.muted.isdisjoint(PERSONAL)
    changing = [
        Button(_("Digest hour …"), "form settings digest"),
        Button(_("Quiet hours …"), "form settings quiet"),
        Button(_("Away …"), "form away set"),
        Button(_("Digest on"), "settings digest on")
        if is_off
        else Button(_("No digest"), "settings digest off"),
    ]
    muting = [Button(_("Mute …"), "form settings mute")]
    muting += [
        Button(_("Unmute: {kind}").format(kind=_(kind.title)), f"settings unmute {kind.name}")
        for kind in KINDS
        if kind.name in wishes.muted
    ]
    return message + Message("", buttons_row([*changing, *muting]))


def quiet_words(wishes: Wishes) -> str:
    """The quiet hours, or that there are none."""
    if wishes.quiet_from == wishes.quiet_until:
        return _("none")
    return f"{hour(wishes.quiet_from)}–{hour(wishes.quiet_until)}"


def is_digest_quiet(context: Context, wishes: Wishes) -> bool:
    """Whether the actor has chosen an hour for the digest that lies in the quiet hours."""
    if not wishes.muted.isdisjoint(PERSONAL):
        return False
    at = moment_of(context.today, wishes.digest_at, context.actor.timezone)
    return wishes.quiet_ends(context.actor, at) != at


def is_ahead(wishes: Wishes, today: date) -> bool:
    """Whether somebody is away or will be."""
    return wishes.away_until is not None and wishes.away_until > today


def away_words(wishes: Wishes) -> str:
    """Since when and until when somebody is away; empty for somebody who is not."""
    if wishes.away_until is None:
        return ""
    if wishes.away_from is None:
        return _("until {until}").format(until=day(wishes.away_until))
    text = _("from {since} until {until}")
    return text.format(since=day(wishes.away_from), until=day(wishes.away_until))


def coming_next(runs: Runs) -> Moment | str:
    """When something comes next."""
    if runs.next_at is None or runs.plan is None:
        return _("at once") if runs.is_due else _("never")
    return Moment(runs.next_at, runs.plan.zone)


def of_project(context: Context, project: Project) -> Message:
    """What the clock does for *project*; whoever may change it finds how behind each."""
    message = said_under(project.name, "")
    may_change = context.rights.may(Right.LEAD, project)
    for runs in subject_runs(context.session, OF_PROJECTS, project, context.now):
        menu = _changing(runs, project) if may_change else _reading(runs, project)
        message += _row(_job_words(runs), menu)
    kinds = settings_of(context.session, [project.id])
    off = {name for (_project, name), row in kinds.items() if not row.is_on}
    for kind in KINDS:
        menu = _keeping(project, kind, is_off=kind.name in off) if may_change else []
        message += _row(_kind_words(kind, is_off=kind.name in off), menu)
    return message + render(
        "settings_project",
        zone=project.timezone,
        leads=None if may_change else _leads(context, project),
    )


def _kind_words(kind: Kind, *, is_off: bool) -> str:
    told = _("left out of the personal digests") if is_off else _("in the personal digests")
    return f"{_(kind.title)} · {told} ({kind.name})"


def _keeping(project: Project, kind: Kind, *, is_off: bool) -> list[Button]:
    """What leaves a kind of reminder out of a project's digests, or takes it in again."""
    if is_off:
        return [Button(_("Take in"), f"settings job {kind.name} on in {project.key}")]
    return [Button(_("Leave out"), f"settings job {kind.name} off in {project.key}")]


def _row(words: str, menu: list[Button]) -> Message:
    return Message(escape(words), [item(words, menu)])


def _job_words(runs: Runs) -> str:
    """What it is, when it comes, and below that what it does and how it is typed."""
    told = [_(runs.job.title)]
    if runs.plan is None:
        told.append(_("off"))
    else:
        coming = runs.words()
        told.append(when(runs.plan))
        told += [_("next: {moment}").format(moment=coming[0])] if coming else []
    return f"{' · '.join(told)}\n{_(runs.job.summary)} ({runs.job.name})"


def _changing(runs: Runs, project: Project) -> list[Button]:
    line = f"settings job {runs.job.name}"
    is_on = runs.plan is not None
    switch = Button(_("Switch off"), f"{line} off in {project.key}")
    return [
        Button(_("Change …"), f"form {line} in {project.key}"),
        switch if is_on else Button(_("Switch on"), f"{line} on in {project.key}"),
        Button(_("As usual"), f"{line} usual in {project.key}"),
        *_reading(runs, project),
    ]


def _reading(runs: Runs, project: Project) -> list[Button]:
    if runs.job.preview is None:
        return []
    return [Button(_("Preview"), f"jobs preview {runs.job.name} in {project.key}")]


def _leads(context: Context, project: Project) -> str:
    """Whom to ask."""
    leads = people_with(context.session, project, Role.LEAD)
    return ", ".join(f"@{lead.name}" for lead in leads) or _("the lead")
