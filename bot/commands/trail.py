"""The trail: what one did oneself is undone, and all who heard of it read so."""

from collections.abc import Sequence
from typing import Annotated, Any

from bot import history, undoing
from bot.agenda import AgendaItem, Topic
from bot.agenda_publishing import restate_all
from bot.approving import show as show_minutes
from bot.capturing.showing import show_card
from bot.capturing.undone import require_unwritten, show_threads
from bot.cards import announce
from bot.carrying import left_about, unfinished
from bot.command import Command, Reply
from bot.context import Context
from bot.delivery.retelling import retell
from bot.entries import full_name, register_of
from bot.errors import RefusedError, UserError
from bot.fields import Field
from bot.forecasting import tell_undone
from bot.history import Change, ChangeItem
from bot.language import N_, _
from bot.left_open import name_of
from bot.meetings import Meeting, MeetingState, Rsvp, take_turns
from bot.messages import said
from bot.minutes import Minutes
from bot.nudges.reminders import go_on
from bot.plan_changes import reminded_as
from bot.preferences import Snooze
from bot.projects import Project, ProjectRole, require_lead
from bot.proposals import Proposal
from bot.proposing import settle
from bot.receipts import line_here
from bot.register import Entry
from bot.registers import of_kind
from bot.registers.actions import Action
from bot.registers.milestones import Milestone
from bot.reminding import ask_again
from bot.restating import show_undone
from bot.rights import Right
from bot.rsvps import SeriesRsvp
from bot.schedules import JobSetting
from bot.status import StatusUpdate, latest
from bot.status_cards import shown_as, take_back
from bot.unsaying import unsay
from bot.values import Role
from bot.way_back import way_back
from bot.workspace_roles import WorkspaceRole, require_operator, roles_of

SHOWN = 20
"""So many things say how they stand now."""
Number = Annotated[int | None, Field(N_("Change"), shown="", typed_only=True)]
DONE = {
    "accept": N_("accepted"),
    "agree": N_("agreed"),
    "block": N_("blocked"),
    "decline": N_("declined"),
    "done": N_("done"),
    "drop": N_("dropped"),
    "edit": N_("edited"),
    "forecast": N_("forecast"),
    "give": N_("given to somebody else"),
    "move": N_("moved"),
    "note": N_("noted"),
    "propose": N_("proposed"),
    "reopen": N_("reopened"),
    "resolve": N_("resolved"),
    "same": N_("confirmed"),
    "score": N_("rescored"),
    "unblock": N_("unblocked"),
}
"""What was done to an entry by its verb, as people say it."""

RSVPS = frozenset(row.__tablename__ for row in (Rsvp, SeriesRsvp))
ON_AGENDAS = frozenset(row.__tablename__ for row in (AgendaItem, Topic, Meeting, Rsvp))
"""What an agenda in the channel shows."""

UNDO = Command("undo", N_("Undo your last change"), default="last", takes_rest=True)


@UNDO.verb("last", N_("undo what you did last; works for ten minutes"), has_project=False)
def last(context: Context, change: Number = None) -> Reply:
    known = (
        context.session.get(Change, change, with_for_update=True, populate_existing=True)
        if change is not None
        else undoing.last_change(context.session, context.actor)
    )
    if known is None or known.actor_id != context.actor.id:
        raise UserError(_("There is nothing of yours to undo."))
    if known.project_id is not None:
        history.about(context.session, known.project_id)
        take_turns(context.session, known.project_id)
        _require_rights(context, known)
    require_unwritten(context.session, known)
    rows = _undone(context, known)
    show_threads(context, known, rows)
    _require_sound(context, known)
    for row in rows:
        _show_undone(context, row, known)
    _show_agendas(context, known)
    show_undone(context, known)
    _remind_again(context, known)
    words = _("Undone: {line}").format(line=known.line or _("the last change"))
    return Reply(said("\n".join((words, *_as_they_are(context, known, rows)))))


def _undone(context: Context, change: Change) -> list[Any]:
    """The rows *change* touched, as they were; where it is too late, how to do it by hand."""
    try:
        return undoing.undo(
            context.session, change, context.actor, context.now, context.undo_window
        )
    except undoing.TooLateError as error:
        found = way_back(context.session, change)
        if found is None:
            raise UserError(f"{error} {_('Please change it back yourself.')}") from None
        words = f"{error} {found.words}"
        raise UserError(words, line=found.line, label=found.label) from None


def _as_they_are(context: Context, change: Change, rows: Sequence[Any]) -> list[str]:
    """How stands now what *change* was about."""
    entries = {(row.__tablename__, row.id): row for row in rows if isinstance(row, Entry)}
    told = [line_here(context, entry) for entry in list(entries.values())[:SHOWN]]
    if any(isinstance(row, StatusUpdate) for row in rows) and change.project_id is not None:
        project = context.session.get_one(Project, change.project_id)
        told.append(_("Status: {status}").format(status=shown_as(latest(context.session, project))))
    return told


NEEDED = {
    Project.__tablename__: Right.LEAD,
    ProjectRole.__tablename__: Right.LEAD,
    StatusUpdate.__tablename__: Right.STATUS,
    JobSetting.__tablename__: Right.LEAD,
}


def _require_rights(context: Context, change: Change) -> None:
    """Raise `RefusedError` where the actor may not read the project, or change the entry, now."""
    items = history.items_of(context.session, change)
    if {item.kind for item in items} >= {"project", "project_role"}:  # its first change
        return
    if _is_answer(items):
        return
    project = context.session.get_one(Project, change.project_id)
    context.rights.require(Right.READ, project)
    for item in items:
        register = of_kind(item.kind)
        if register is None or context.rights.may(Right.EDIT, project):
            continue
        entry = context.session.get_one(register.entry, item.object_id)
        was = (item.before or {}).get("owner_id", entry.owner_id)
        if context.actor.id not in (was, entry.owner_id, entry.opened_by):
            context.rights.require(Right.EDIT, project)


def _is_answer(items: Sequence[ChangeItem]) -> bool:
    """Whether somebody invited said with it whether they come: for that, the seat is the right."""
    answers = [item for item in items if item.kind in RSVPS and item.after]
    rows = [item for item in items if item.kind == Meeting.__tablename__ and not item.before]
    return bool(answers) and len(answers) + len(rows) == len(items)


def _require_sound(context: Context, change: Change) -> None:
    """Raise `UserError` where what is put back needs a right the actor has lost since."""
    kinds = {item.kind for item in history.items_of(context.session, change)}
    if WorkspaceRole.__tablename__ in kinds:
        require_operator(context.session)
        if Role.OPERATOR not in roles_of(context.session, context.actor):
            raise RefusedError(_("To name the workspace's roles one has to be operator."))
    if change.project_id is None or kinds >= {"project", "project_role"}:  # it never was
        return
    if _is_answer(history.items_of(context.session, change)):
        return
    project = context.session.get_one(Project, change.project_id)
    if ProjectRole.__tablename__ in kinds:
        require_lead(context.session, project)
    rights = {NEEDED.get(kind, Right.RAISE) for kind in kinds}
    for right in rights:
        context.rights.require(right, project)


def _show_undone(context: Context, row: Any, change: Change) -> None:
    """Let the channel, and whoever was told, see that *row* is as it was."""
    if isinstance(row, Entry):
        words = _("undone: {line}").format(line=_done_by(change, row))
        announce(context, row, words)
        if isinstance(row, Action):
            go_on(context, row, words)
        item = _item_of(context, row, change)
        unsay(context, row, change, item)
        if isinstance(row, Milestone):
            tell_undone(context, row, item.before or {}, item.after or {})
    elif isinstance(row, StatusUpdate):
        take_back(context, row)
    elif isinstance(row, Proposal):
        settle(context, row)
    elif isinstance(row, Minutes):
        _show_minutes(context, row)
    elif isinstance(row, AgendaItem):
        _show_left(context, row)


def _show_minutes(context: Context, minutes: Minutes) -> None:
    """Let the thread show how *minutes* stand, and its head whether the meeting goes on."""
    show_minutes(context.session, minutes, context.now)
    meeting = context.session.get_one(Meeting, minutes.meeting_id)
    if meeting.state is MeetingState.OPEN:
        project = context.session.get_one(Project, meeting.project_id)
        show_card(context.session, meeting, project, context.now)


def _show_left(context: Context, item: AgendaItem) -> None:
    """Let the thread of a closed meeting, where it asks, show what becomes of an *item* of it."""
    meeting = context.session.get_one(Meeting, item.meeting_id)
    if meeting.state is MeetingState.CLOSED:
        project = context.session.get_one(Project, meeting.project_id)
        shown = unfinished(context.session, project, item, context.now).message
        retell(context.session, left_about(item), lambda _user: shown, asks=True)


def _show_agendas(context: Context, change: Change) -> None:
    """Let the agendas in the channel show what holds, where *change* was about meetings."""
    kinds = {item.kind for item in history.items_of(context.session, change)}
    if change.project_id is not None and not ON_AGENDAS.isdisjoint(kinds):
        project = context.session.get_one(Project, change.project_id)
        restate_all(context.session, project, context.now, context.actor.name)


def _done_by(change: Change, row: Entry) -> str:
    """What *change* did to *row* in a word of people; the line where there is none for it."""
    noun, _blank, rest = (change.line or "").partition(" ")
    done = DONE.get(rest.partition(" ")[0]) if noun == register_of(row).noun else None
    return _(done) if done else change.line or _("the last change")


def _remind_again(context: Context, change: Change) -> None:
    """Where *change* put a reminder off, let the reminder stand as it stood."""
    for item in history.items_of(context.session, change):
        if item.kind != Snooze.__tablename__:
            continue
        row = context.session.get(Snooze, item.object_id)
        if row is not None and row.until <= context.today:
            ask_again(context, _called(context, row.kind, row.object_id))
        elif row is None and item.after:
            ask_again(context, _called(context, item.after["kind"], item.after["object_id"]))


def _called(context: Context, kind: str, number: int) -> str:
    """What reminders call a row of a table."""
    session, register = context.session, of_kind(kind)
    if register is not None:
        entry = session.get_one(register.entry, number)
        return full_name(session.get_one(Project, entry.project_id), entry)
    if kind == Proposal.__tablename__:
        proposal = session.get_one(Proposal, number)
        return reminded_as(proposal, session.get_one(Project, proposal.project_id))
    if kind == Minutes.__tablename__:
        minutes = session.get_one(Minutes, number)
        meeting = session.get_one(Meeting, minutes.meeting_id)
        return f"minutes {number} in {session.get_one(Project, meeting.project_id).key}"
    if kind == Meeting.__tablename__:
        meeting = session.get_one(Meeting, number)
        return name_of(meeting, session.get_one(Project, meeting.project_id))
    return f"status in {session.get_one(Project, number).key}"


def _item_of(context: Context, row: Entry, change: Change) -> ChangeItem:
    """What *change* did to *row*."""
    items = history.items_of(context.session, change)
    return next(i for i in items if (i.kind, i.object_id) == (row.__tablename__, row.id))
