"""Settings: when a person is told of what, and what the clock does for a project."""

from datetime import time
from typing import Annotated, Any

from bot.arguments import IncompleteError
from bot.command import Command, Reply
from bot.context import Context
from bot.errors import UserError
from bot.fields import Field, Near
from bot.job import AnyJob, PersonJob
from bot.jobs import JOBS
from bot.language import N_, _
from bot.messages import Button, Message, explained, said
from bot.naming import project_near
from bot.nudges import KINDS
from bot.pages import render
from bot.preferences import preference_of, wishes_of
from bot.rights import Right
from bot.runs import Runs, hour, subject_runs, when
from bot.schedules import JobSetting, setting_of
from bot.settings_pages import OF_PEOPLE, PERSONAL, is_digest_quiet, page, quiet_words
from bot.values import Switch, Weekday, Word

KIND_NAMES = tuple(kind.name for kind in KINDS)
KIND_TITLES = tuple((kind.title, kind.name) for kind in KINDS)
JOB_NAMES = tuple(job.name for job in JOBS)
JOB_TITLES = tuple((job.title, job.name) for job in JOBS)
MIDNIGHT = time(0)

At = Annotated[time | None, Field(N_("At"), ("at", "um"), "16:00")]
On = Annotated[Switch | None, Field(N_("Switched"), shown="on|off|usual")]
OnlyTyped = Annotated[Switch | None, Field(N_("Switched"), shown="off|usual", typed_only=True)]
Day = Annotated[Weekday | None, Field(N_("Day"), shown="thu", hint=N_("Of what comes weekly"))]
Since = Annotated[time | None, Field(N_("From"), ("from", "von"), "19:00")]
Until = Annotated[time | None, Field(N_("Until"), ("-", "–", "to", "until", "bis"), "07:30")]
What = Annotated[
    Word,
    Field(
        N_("Kind"),
        shown="|".join((*KIND_NAMES, *PERSONAL)),
        choices=(*KIND_NAMES, *PERSONAL),
        called=KIND_TITLES,
    ),
]
Which = Annotated[
    Word,
    Field(
        N_("Job"),
        shown="JOB",
        choices=(*JOB_NAMES, *KIND_NAMES),
        called=(*JOB_TITLES, *KIND_TITLES),
    ),
]

SETTINGS = Command(
    "settings", N_("When you are told of what, and what the clock does"), default="show"
)


@SETTINGS.verb("show", N_("yours, and those of the project here"), writes=False, has_project=False)
def show(context: Context, *, project: Near = None) -> Reply:
    return Reply(page(context, project_near(context, project)))


def _present(context: Context) -> dict[str, Any]:
    wishes = wishes_of(context.session, [context.actor.id])[context.actor.id]
    return {"at": wishes.digest_at, "since": wishes.quiet_from, "until": wishes.quiet_until}


@SETTINGS.verb(
    "digest",
    N_("the hour of your personal digest"),
    "09:00",
    has_project=False,
    has_form=True,
    present=_present,
)
def digest(context: Context, switch: OnlyTyped = None, at: At = None) -> Reply:
    if switch is None and at is None:
        raise IncompleteError(_("At what hour? Such as `settings digest 09:00`."), field="at")
    row = preference_of(context.session, context.actor)
    if at is not None or switch is Switch.USUAL:
        row.digest_at = _stored(at)
    others = [kind for kind in row.muted if kind not in PERSONAL]
    row.muted = [*others, *PERSONAL] if switch is Switch.OFF else others
    context.session.flush()
    (runs,) = subject_runs(context.session, OF_PEOPLE, context.actor, context.now)
    if runs.plan is None:
        text = _("You get no personal digest any more. Your list stays: `my list`.")
        return Reply(explained(text), (Button(_("Digest on"), "settings digest on"),))
    wishes = wishes_of(context.session, [context.actor.id])[context.actor.id]
    hint = ""
    if is_digest_quiet(context, wishes):
        text = _("That lies in your quiet hours, {quiet}: the digest comes all the same.")
        hint = text.format(quiet=quiet_words(wishes))
    return Reply(_receipt(_("Your personal digest"), runs, hint))


@SETTINGS.verb(
    "quiet",
    N_("the hours in which nobody tells you anything by itself"),
    "19:00-07:30",
    has_project=False,
    has_form=True,
    present=_present,
)
def quiet(
    context: Context, switch: OnlyTyped = None, since: Since = None, until: Until = None
) -> Reply:
    if switch is None and (since is None or until is None):
        text = _("From when until when? Such as `settings quiet 19:00-07:30`.")
        raise IncompleteError(text, field="since" if since is None else "until")
    row = preference_of(context.session, context.actor)
    if switch is Switch.OFF:
        since = until = MIDNIGHT
    row.quiet_from, row.quiet_until = _stored(since), _stored(until)
    context.session.flush()
    wishes = wishes_of(context.session, [context.actor.id])[context.actor.id]
    if wishes.quiet_from == wishes.quiet_until:
        return Reply(said(_("You have no quiet hours now.")))
    text = _("Quiet from {since} to {until}: what comes up then waits until {until}.")
    shown = text.format(since=hour(wishes.quiet_from), until=hour(wishes.quiet_until))
    if is_digest_quiet(context, wishes):
        text = _("Your personal digest comes at {at} all the same.")
        shown = f"{shown} {text.format(at=hour(wishes.digest_at))}"
    return Reply(said(shown))


@SETTINGS.verb(
    "mute", N_("leave a kind out of your reminders"), "reviews", has_project=False, has_form=True
)
def mute(context: Context, kind: What) -> Reply:
    row = preference_of(context.session, context.actor)
    if kind in row.muted:
        return Reply(said(_("{kind} are muted already.").format(kind=_title(kind))))
    row.muted = [*row.muted, kind]
    text = _("Muted: {kind}. What is yours stays in your list.")
    return Reply(
        said(text.format(kind=_title(kind))), (Button(_("Unmute"), f"settings unmute {kind}"),)
    )


@SETTINGS.verb("unmute", N_("be reminded of a kind again"), "reviews", has_project=False)
def unmute(context: Context, kind: What) -> Reply:
    row = preference_of(context.session, context.actor)
    if kind not in row.muted:
        return Reply(said(_("{kind} are not muted.").format(kind=_title(kind))))
    row.muted = [other for other in row.muted if other != kind]
    return Reply(said(_("Not muted any more: {kind}.").format(kind=_title(kind))))


@SETTINGS.verb(
    "job",
    N_("change the day or hour of what the clock does for a project, or switch it off"),
    "report thu 16:00",
    right=Right.LEAD,
    has_form=True,
)
def job(
    context: Context, job: Which, switch: On = None, weekday: Day = None, at: At = None
) -> Reply:
    if switch is None and weekday is None and at is None:
        text = _("What shall change? Such as `settings job {job} off`.")
        raise IncompleteError(text.format(job=job), field="at")
    if job in KIND_NAMES:
        return _set_kind(context, job, switch, is_timed=weekday is not None or at is not None)
    known = next(known for known in JOBS if known.name == job)
    if isinstance(known, PersonJob):
        text = _("Everybody has `{job}` at an hour of their own: `settings {job} 09:00`.")
        raise UserError(text.format(job=job), line=f"form settings {job}")
    if weekday is not None and not known.weekly:
        text = _("`{job}` comes every working day; what can be changed is its hour.")
        raise UserError(text.format(job=job), field="weekday")
    setting = setting_of(context.session, context.project, job)
    _switch(setting, switch or Switch.ON)  # who says when it is to come wants it
    if weekday is not None:
        setting.weekday = None if weekday.number in known.weekdays else weekday.number
    if at is not None:
        setting.at = None if at == known.at else at.isoformat("minutes")
    context.session.flush()
    return _job_receipt(context, known)


def _stored(at: time | None) -> str | None:
    return None if at is None else at.isoformat("minutes")


def _switch(setting: JobSetting, switch: Switch | None) -> None:
    if switch is Switch.USUAL:
        setting.weekday = setting.at = None
    if switch is not None:
        setting.is_on = switch is not Switch.OFF


def _job_receipt(context: Context, job: AnyJob) -> Reply:
    """What is so now, with the next runs: a preview of what was set."""
    project = context.project
    again = Button(_("Change …"), f"form settings job {job.name} in {project.key}")
    (runs,) = subject_runs(context.session, [job], project, context.now)
    if runs.plan is None:
        text = _("{job} is switched off in {project}.")
        words = text.format(job=_(job.title), project=project.name)
        switch = Button(_("Switch on"), f"settings job {job.name} on in {project.key}")
        return Reply(said(words), (switch,))
    preview = Button(_("Preview"), f"jobs preview {job.name} in {project.key}")
    title = f"{_(job.title)} · {_(job.summary)} · {project.name}"
    return Reply(_receipt(title, runs), (*([preview] if job.preview else []), again))


def _receipt(title: str, runs: Runs, hint: str = "") -> Message:
    if runs.plan is None:
        raise LookupError("what is switched off has no runs")
    late = _("It comes at once: it has not come yet, and its hour has passed.")
    return render(
        "settings_set",
        title=title,
        when=when(runs.plan),
        runs=runs.words(),
        zone=runs.plan.zone,
        hint=" ".join(filter(None, (late if runs.is_due else "", hint))),
    )


def _set_kind(context: Context, kind: str, switch: Switch | None, *, is_timed: bool) -> Reply:
    """Let a kind of reminder be part of the personal digests of a project, or not."""
    if is_timed or switch is None:
        text = _("{kind} come in everybody's personal digest: `settings job {kind} off` or `on`.")
        raise UserError(text.format(kind=kind), field="at")
    _switch(setting_of(context.session, context.project, kind), switch)
    is_on = switch is not Switch.OFF
    text = _("{kind} are in the personal digests again: {project}.")
    if not is_on:
        text = _("{kind} are left out of the personal digests: {project}.")
    words = text.format(kind=_title(kind), project=context.project.name)
    return Reply(said(words))


def _title(kind: str) -> str:
    """What a kind of reminder is called, or the digest as a whole."""
    found = next((known.title for known in KINDS if known.name == kind), None)
    return f"{kind} ({_(found)})" if found else kind
