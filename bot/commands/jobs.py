"""Jobs: what the clock has posted and will post, for a project or for oneself."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from sqlalchemy import select

from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.occurrences import Occurrence, Outcome, latest
from bot.delivery.outbox import HIDDEN, SETTLED, Delivery, State
from bot.errors import UserError
from bot.fields import Field, Near
from bot.job import AnyJob, Due, PersonJob, Round
from bot.jobs import JOBS as ALL
from bot.language import N_, _
from bot.lists import said_under
from bot.messages import BLOCKS_LIMIT, Button, Message, fitted, noted
from bot.naming import project_called, project_near
from bot.pages import Moment, render
from bot.people import Person
from bot.plans import Turn
from bot.projects import Project
from bot.rights import my_projects, project_in
from bot.runs import subject_runs, when
from bot.settings_pages import OF_PEOPLE, OF_PROJECTS, coming_next
from bot.values import Word

LAST = 4
"""So many of the last turns are shown of each job."""

LATE = timedelta(minutes=30)
"""What came later than this is said to have come late."""

WORDS = {
    Outcome.SENT: N_("sent"),
    Outcome.DONE: N_("done"),
    Outcome.EMPTY: N_("nothing to say"),
    Outcome.SKIPPED: N_("skipped"),
    Outcome.MERGED: N_("missed, told with the next one"),
    Outcome.DROPPED: N_("missed, and of no use any more"),
}
STATES = {
    State.WAITING: N_("on its way"),
    State.HELD: N_("held back: it cannot be posted just now"),
    State.DEAD: N_("given up"),
    State.CANCELLED: N_("cancelled by an operator"),
}
"""What became of a message that never came to stand in Slack."""

UNSENT = {
    SETTLED: N_("not sent: it was settled before"),
    HIDDEN: N_("not sent: who it was for may read it no more"),
}
"""Why one was cancelled other than by an operator."""

Which = Annotated[Word, Field(N_("Job"), shown="JOB", choices=tuple(job.name for job in ALL))]

JOBS = Command("jobs", N_("What was posted by itself, and what will be"), default="list")


@JOBS.verb("list", N_("the project's; in a direct message, yours"), writes=False, has_project=False)
def list_(context: Context, *, project: Near = None) -> Reply:
    channel = context.place.channel
    is_direct = channel is None or channel.startswith("D")
    if project is None and is_direct:
        return mine(context)
    found = project_near(context, project)
    if found is None:
        return mine(context)
    buttons = (
        Button(_("Settings"), f"settings show in {found.key}"),
        Button(_("Mine"), "jobs mine"),
    )
    title = _("What the clock does for {project}").format(project=found.name)
    return Reply(_told(context, title, OF_PROJECTS, found), buttons)


@JOBS.verb("mine", N_("what is posted to you"), writes=False, has_project=False)
def mine(context: Context) -> Reply:
    projects = my_projects(context.session, context.rights)[:10]
    buttons = [Button(_("Settings"), "settings")]
    buttons += [Button(project.key, f"jobs list in {project.key}") for project in projects]
    title = _("What the clock does for you")
    return Reply(_told(context, title, OF_PEOPLE, context.actor), tuple(buttons))


@JOBS.verb(
    "preview",
    N_("what would be said now; only you see it"),
    "report",
    writes=False,
    has_project=False,
)
def preview(context: Context, job: Which, *, project: Near = None) -> Reply:
    known = next(known for known in ALL if known.name == job)
    if known.preview is None:
        text = _("{job} says different things to different people, so it has no preview.")
        raise UserError(text.format(job=job), line="jobs")
    subject: Any = context.actor
    if not isinstance(known, PersonJob):
        subject = (
            project_called(context, project.strip())
            if project
            else project_in(context.session, context.rights, context.place.channel, None)
        )
        context = context.about(subject)
    due: Due[Any] = Due(subject, Turn("preview", context.today, context.now))
    round_ = Round(context.session, context.settings, context.now, [due])
    shown = known.preview(round_)
    words = _("A preview of what would be said now; only you see it.")
    _subject, plan = known.load(context.session, [subject.id]).get(subject.id, (subject, None))
    if plan is None:
        words = f"{words} {_('It is switched off: nobody is told any of it.')}"
    note = noted(words)
    return Reply(note + Message(shown.text, fitted(shown.blocks[: BLOCKS_LIMIT - 2])))


def _told(
    context: Context, title: str, jobs: Sequence[AnyJob], subject: Person | Project
) -> Message:
    message = said_under(title, "")
    zone = subject.timezone
    for runs in subject_runs(context.session, jobs, subject, context.now):
        past = latest(context.session, runs.job.name, subject.id, LAST)
        message += render(
            "job",
            title=_(runs.job.title),
            name=runs.job.name,
            summary=_(runs.job.summary),
            when=when(runs.plan) if runs.plan else _("off"),
            coming=coming_next(runs) if runs.plan else None,
            past=[(Moment(one.planned_at, zone), words) for one, words in _words(context, past)],
        )
    return message


def _words(context: Context, past: Sequence[Occurrence]) -> list[tuple[Occurrence, str]]:
    """What became of each turn, and why."""
    keys = {one: (one.delivery_key or "").split() for one in past}
    rows = context.session.execute(
        select(Delivery.key, Delivery.state, Delivery.error).where(
            Delivery.key.in_([key for some in keys.values() for key in some]),
            Delivery.ts.is_(None),
        )
    )
    fates = {key: _fate(state, error) for key, state, error in rows if state in STATES}
    return [(one, _outcome(one, [fates.get(key, "") for key in keys[one]])) for one in past]


def _fate(state: State, error: str | None) -> str:
    """What became of a message that does not stand in Slack."""
    if state is State.CANCELLED and error in UNSENT:
        return _(UNSENT[error])
    words = _(STATES[state])
    return f"{words} ({error})" if error and state is not State.WAITING else words


def _outcome(one: Occurrence, fates: Sequence[str]) -> str:
    """What became of a turn; *fates* are those of its messages, empty for one that stands."""
    words = _(WORDS[one.outcome])
    if one.ran_at - one.planned_at > LATE and one.outcome in (Outcome.SENT, Outcome.DONE):
        words = _("{words}, late").format(words=words)
    if lost := Counter(filter(None, fates)):
        text = _("{count} of {all} {what}")
        parts = [text.format(count=n, all=len(fates), what=what) for what, n in lost.items()]
        is_one_fate = lost.total() == len(fates) and len(lost) == 1
        words = next(iter(lost)) if is_one_fate else ", ".join((words, *parts))
    return f"{words}: {one.why}" if one.why else words
