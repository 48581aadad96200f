"""Which minutes somebody means: by day, by number, or those that wait for their answer."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.approvals import Standing, awaiting, standing_of
from bot.context import Context
from bot.dates import AmbiguousDate, ImpossibleDate, read_date
from bot.errors import RefusedError, UnclearError, UserError
from bot.hosting import require_host
from bot.language import _
from bot.meetings import Meeting, Series
from bot.messages import shortened
from bot.minutes import Approval, Minutes, MinutesState, drafts, minutes_of
from bot.minutes_text import title_of

LAST = frozenset({"", "last", "latest", "letzte", "letztes"})
_WEEK = timedelta(weeks=1)
LABEL = 60


def version_in(context: Context, number: int, *, locked: bool = False) -> Minutes:
    """The one door to a version of minutes: its number, for a person who may read the project.

    Raises `UserError` for one that is not of this project.
    """
    found = context.session.get(Minutes, number, with_for_update=locked, populate_existing=locked)
    if found is None or meeting_of(context, found).project_id != context.project.id:
        raise UserError(_("There are no such minutes here."))
    return found


def meeting_of(context: Context, minutes: Minutes) -> Meeting:
    """The meeting *minutes* are of."""
    return context.session.get_one(Meeting, minutes.meeting_id)


def minutes_meant(context: Context, words: str, series: Series | None = None) -> Minutes:
    """The minutes that count of the meeting *words* mean: of a day, else of the last meeting.

    Raises `UserError` where there are none, `UnclearError` where several may be meant.
    """
    held = _held(context, series)
    if not held:
        raise UserError(_("{project} has no minutes yet.").format(project=context.project.name))
    words = words.strip().lower()
    found = held[:1] if words in LAST else of_day(context, held, _day(context, words))
    if not found:
        days = ", ".join(title_of(context.session, meeting) for meeting in held[:3])
        text = _("There are no minutes of that day. The latest: {days}.")
        raise UserError(text.format(days=days))
    if len(found) > 1:
        raise which_minutes(context, found)
    minutes = minutes_of(context.session, found[0])
    if minutes is None:
        raise LookupError(found[0].id)
    return minutes


def _held(context: Context, series: Series | None) -> Sequence[Meeting]:
    """The meetings of the project that have minutes, the latest first."""
    states = (MinutesState.DRAFT, MinutesState.APPROVED)
    statement = (
        select(Meeting)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .where(Meeting.project_id == context.project.id, Minutes.state.in_(states))
        .order_by(Meeting.closed_at.desc(), Meeting.id.desc())
    )
    if series is not None:
        statement = statement.where(Meeting.series_id == series.id)
    return context.session.scalars(statement).all()


def _day(context: Context, words: str) -> date:
    try:
        return read_date(
            words, context.today, order=context.order, calendar=context.calendar, past=True
        )
    except (AmbiguousDate, ImpossibleDate, ValueError):
        text = _("I cannot read `{words}` as a day. Type `last`, `tue` or `24 nov`.")
        raise UserError(text.format(words=shortened(words, 40))) from None


def of_day(context: Context, held: Sequence[Meeting], day: date) -> list[Meeting]:
    """The meetings held on *day*; a day to come means the last such weekday or date."""
    days = {meeting.id: _held_on(context, meeting) for meeting in held}
    exact = [meeting for meeting in held if days[meeting.id] == day]
    if exact or day <= context.today:
        return exact
    if day - context.today <= _WEEK:
        alike = [meeting for meeting in held if days[meeting.id].weekday() == day.weekday()]
    else:
        alike = [m for m in held if (days[m.id].month, days[m.id].day) == (day.month, day.day)]
    return [m for m in alike if days[m.id] == days[alike[0].id]]


def _held_on(context: Context, meeting: Meeting) -> date:
    return context.project.local_date(meeting.opened_at or meeting.starts_at)


def which_minutes(context: Context, meetings: Sequence[Meeting]) -> UnclearError:
    """Ask which of the minutes of *meetings* are meant."""
    current = ((meeting, minutes_of(context.session, meeting)) for meeting in meetings)
    choices = tuple(
        (label_of(context, meeting), f"minutes={minutes.id}")
        for meeting, minutes in current
        if minutes is not None
    )
    return UnclearError(_("Which one?"), choices)


def label_of(context: Context, meeting: Meeting) -> str:
    """``Jour fixe, Tue 24 Nov 2026, 09:00``: two of a day are told apart by when they began."""
    opened = (meeting.opened_at or meeting.starts_at).astimezone(ZoneInfo(context.project.timezone))
    return f"{shortened(title_of(context.session, meeting), LABEL)}, {opened:%H:%M}"


def draft_meant(context: Context, number: int | None, day: date | None = None) -> Standing:
    """The draft the actor answers to: the one with *number*, else the only one that waits, of the
    meeting on *day* where that is told.

    Raises `UserError` where there is none or it counts no longer, `RefusedError` for who is not
    asked about it.
    """
    if number is None:
        number = _only_waiting(context, day)
    minutes = draft_called(context, number)
    standing = standing_of(context.session, minutes)
    if standing.of(context.actor) is None:
        names = ", ".join(f"@{one.person.name}" for one in standing.asked)
        text = _("Only who was there approves: {names}.")
        raise RefusedError(text.format(names=names), context.project.id)
    return standing


def draft_called(context: Context, number: int) -> Minutes:
    """The draft with that number, which nobody else changes meanwhile.

    Raises `UserError` unless it still waits for approval.
    """
    minutes = version_in(context, number, locked=True)
    _require_draft(context, minutes)
    return minutes


def _only_waiting(context: Context, day: date | None) -> int:
    waiting = {
        one.meeting.id: one
        for one in awaiting(context.session, [context.project.id], context.actor)
    }
    if not waiting:
        raise UserError(_("No minutes wait for your approval."))
    held = [one.meeting for one in waiting.values()]
    found = held if day is None else of_day(context, held, day)
    if not found:
        days = ", ".join(title_of(context.session, meeting) for meeting in held)
        text = _("No minutes of that day wait for your approval. These do: {days}.")
        raise UserError(text.format(days=days))
    if len(found) > 1:
        raise which_minutes(context, found)
    return waiting[found[0].id].minutes.id


def _standings(context: Context) -> list[Standing]:
    known = drafts(context.session, [context.project.id])
    return [standing_of(context.session, minutes) for minutes, _meeting in known]


def _require_draft(context: Context, minutes: Minutes) -> None:
    """Raise `UserError` unless *minutes* still wait for approval."""
    if minutes.state is MinutesState.DRAFT:
        return
    if minutes.state is MinutesState.APPROVED:
        text = _("These minutes are approved. `meet reopen` makes a new version of them: chair,"
                 " minute taker, lead or office may.")  # fmt: skip
        raise UserError(text)
    newest = minutes_of(context.session, meeting_of(context, minutes))
    if newest is None:
        raise UserError(_("These minutes were taken back."))
    text = _("There is a newer version of these minutes: version {version}.")
    line = f"meet minutes minutes={newest.id} in {context.project.key}"
    raise UserError(text.format(version=newest.version), line=line, label=_("Show it"))


def objection_meant(context: Context, number: int | None) -> tuple[Approval, Minutes]:
    """An objection nobody has resolved, and the draft it is about, for who may resolve it.

    Raises `UserError` where there is none, or several and no *number*.
    """
    open_ = {
        one.objection.id: (one.objection, standing.minutes)
        for standing in _standings(context)
        for one in standing.asked
        if one.objection is not None
    }
    if number is None and len(open_) == 1:
        number = next(iter(open_))
    if number is None and open_:
        raise which_objection(said for said, _minutes in open_.values())
    said, minutes = open_.get(number or 0) or _carried(context, number, open_.values())
    minutes = version_in(context, minutes.id, locked=True)
    require_host(context, meeting_of(context, minutes))
    context.session.refresh(said)
    if said.resolved_at is not None or minutes.state is not MinutesState.DRAFT:
        raise _no_objection()
    return said, minutes


def which_objection(open_: Iterable[Approval]) -> UnclearError:
    """Ask which of several objections is meant."""
    choices = ((shortened(said.objection or "", LABEL), f"objection={said.id}") for said in open_)
    return UnclearError(_("Which one?"), tuple(choices))


def _carried(
    context: Context, number: int | None, known: Iterable[tuple[Approval, Minutes]]
) -> tuple[Approval, Minutes]:
    """The one of *known* that was an objection *number* to a version before."""
    former = context.session.get(Approval, number) if number is not None else None
    if former is None:
        raise _no_objection()
    version = context.session.get_one(Minutes, former.minutes_id)
    for said, minutes in known:
        if minutes.meeting_id == version.meeting_id and said.is_the_same(former):
            return said, minutes
    raise _no_objection()


def _no_objection() -> UserError:
    return UserError(_("No such objection waits for an answer."))
