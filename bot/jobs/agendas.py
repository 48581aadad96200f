"""Agendas by themselves: a call for topics and a draft, then the agenda itself, in good time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot import history
from bot.agenda_building import Agenda, build, is_as_read, keep
from bot.agenda_cards import Look, items, ref_of
from bot.agenda_publishing import day_of, messages_of, post, standing
from bot.agenda_warnings import too_full, warnings_of
from bot.audience import readers, roles_in
from bot.delivery import notices
from bot.delivery.notices import Item
from bot.delivery.occurrences import Outcome
from bot.job import WORKDAYS, CatchUp, ProjectJob, Result, Round
from bot.language import N_, _, speaking
from bot.meeting_cards import post_card
from bot.meeting_dates import Date, read_anew
from bot.meeting_turns import AT, Coming, Made, Write, each_meeting
from bot.meetings import take_turns
from bot.messages import Button, Message, noted, said
from bot.pages import day
from bot.people import Person, by_id
from bot.preferences import wishes_of
from bot.projects import Project, heads
from bot.rights import unpostable

TOPICS, AGENDA = "topics", "agenda"
EARLY = {TOPICS: 2, AGENDA: 1}
"""How many working days before a meeting its turn comes."""

OPEN_FOR = timedelta(minutes=1)


def call(round_: Round[Project]) -> Sequence[Result]:
    """Call for topics in the channel, and show the chair what the agenda would be."""
    return each_meeting(round_, TOPICS, EARLY[TOPICS], _call)


def publish(round_: Round[Project]) -> Sequence[Result]:
    """Let the channel have the agenda, and the chair know what endangers the meeting."""
    return each_meeting(round_, AGENDA, EARLY[AGENDA], _publish)


# --- Two working days before ----------------------------------------------------------------


def _call(round_: Round[Project], coming: Coming) -> Made:
    session, project, found = round_.session, coming.project, coming.date
    if standing(session, found) is not None:
        return Outcome.SKIPPED, _("the agenda is in the channel already"), None
    on = project.local_date(found.starts_at)
    if project.calendar.add(on, -EARLY[AGENDA]) <= coming.due.turn.day:
        return Outcome.MERGED, _("the agenda itself is due"), None
    agenda = build(session, project, found, round_.now)
    writes = _tell_chair(round_, coming, agenda, TOPICS, partial(_draft, session, agenda))
    if unpostable(session, project) is None:
        writes.append(partial(_call_in_channel, round_=round_, coming=coming, agenda=agenda))
    return Outcome.SENT, None, _all(writes)


def _call_in_channel(
    session: Session, *, round_: Round[Project], coming: Coming, agenda: Agenda
) -> None:
    """The card of the meeting: who comes, and what should we talk about."""
    post_card(session, coming.project, agenda.date, round_.now, at=coming.due.turn.at)


def _draft(session: Session, agenda: Agenda) -> Iterable[Item]:
    """The draft as its chair sees it."""
    on = agenda.facts.on
    comes = agenda.project.calendar.add(on, -EARLY[AGENDA])
    text = _("The agenda for {day}, as it would be now. It goes to the channel on {comes}.")
    yield Item(noted(text.format(day=day(on), comes=day(comes))), heading=True)
    look = Look(arrange=True, told=True)
    yield from items(agenda, look, warnings_of(session, agenda))
    ref = ref_of(agenda)
    yield _buttons(
        Button(_("Reorder …"), f"form meet reorder {ref}"),
        Button(_("Publish now"), f"meet publish {ref}"),
        Button(_("Add topic …"), f"form meet topic {ref}"),
        Button(_("As a file"), f"meet agenda file {ref}"),
    )


# --- One working day before -----------------------------------------------------------------


def _publish(round_: Round[Project], coming: Coming) -> Made:
    session, project, found = round_.session, coming.project, coming.date
    if _is_published(session, project, found):
        return Outcome.SKIPPED, _("it was published by hand"), None
    agenda = build(session, project, found, round_.now)
    warned = [*warnings_of(session, agenda), *too_full(agenda)]
    writes = []
    if warned:
        shown = partial(_warned, agenda, warned)
        writes = _tell_chair(round_, coming, agenda, "warned", shown)
    if why := unpostable(session, project):
        return Outcome.SKIPPED, why, _all(writes) if writes else None
    shown_now = messages_of(session, agenda)
    writes.append(
        partial(_write_agenda, round_=round_, coming=coming, agenda=agenda, shown=shown_now)
    )
    return Outcome.SENT, None, _all(writes)


def _is_published(session: Session, project: Project, found: Date) -> bool:
    """Whether the channel has an agenda of the meeting of a date, on the day it is."""
    known = standing(session, found)
    return known is not None and day_of(known) == project.local_date(found.starts_at).isoformat()


def _write_agenda(
    session: Session,
    *,
    round_: Round[Project],
    coming: Coming,
    agenda: Agenda,
    shown: Sequence[Message],
) -> None:
    """Put it on record and into the channel; read anew where somebody changed it meanwhile.

    Whoever publishes it by hand at the same time has done so, or does so instead.
    """
    take_turns(session, coming.project.id)
    found = read_anew(session, coming.date)
    if not found.is_planned or _is_published(session, coming.project, found):
        return
    if not is_as_read(session, agenda, found):
        agenda = build(session, coming.project, found, round_.now)
        shown = messages_of(session, agenda)
    history.begin(session, None, _("the agenda was published"), round_.now)
    history.about(session, coming.project.id)
    keep(session, agenda).published_at = round_.now
    history.write(session)
    post(session, agenda, shown, round_.now, at=coming.due.turn.at)


def _warned(agenda: Agenda, warned: Sequence[str]) -> Iterable[Item]:
    text = _("{title} on {day}: before it can be a good meeting")
    title = text.format(title=agenda.date.series.title, day=day(agenda.facts.on))
    yield Item(said("\n".join((title, *(f"⚠ {words}" for words in warned)))))
    ref = ref_of(agenda)
    yield _buttons(
        Button(_("Agenda"), f"meet agenda {ref}", "primary"),
        Button(_("Reorder …"), f"form meet reorder {ref}"),
    )


# --- Both -----------------------------------------------------------------------------------


def _buttons(*buttons: Button) -> Item:
    return Item(Message("").with_buttons(buttons))


def _tell_chair(
    round_: Round[Project],
    coming: Coming,
    agenda: Agenda,
    kind: str,
    shown: Callable[[], Iterable[Item]],
) -> list[Write]:
    """A direct message to who chairs the meeting; where they are gone, to the leads."""
    people = _hosts(round_.session, coming.project, agenda)
    wishes = wishes_of(round_.session, [person.id for person in people])
    writes: list[Write] = []
    for person in people:
        with speaking(person.locale):
            told = [replace(item, project=coming.project.id) for item in shown()]
        at = wishes[person.id].quiet_ends(person, coming.due.turn.at)
        writes.append(
            partial(
                notices.post,
                key=f"{kind}:{coming.period}:{person.id}",
                channel=person.slack_id,
                items=told,
                now=round_.now,
                at=at,
                useless_after=max(coming.date.starts_at - max(at, round_.now), OPEN_FOR),
            )
        )
    return writes


def _hosts(session: Session, project: Project, agenda: Agenda) -> list[Person]:
    """Who is told of the agenda before others: the chair, else whoever leads the project."""
    host = agenda.date.meeting or agenda.date.series
    chair = by_id(session, [host.chair_id])
    wanted = [*chair.values(), *heads(session, project)]
    may = readers(session, wanted, [project], roles_in(session, [project.id]))
    able = [p for p in wanted if (p.id, project.id) in may]
    return able[:1] if able and able[0].id == host.chair_id else list(dict.fromkeys(able))


def _all(writes: Sequence[Write]) -> Write:
    def write(session: Session) -> None:
        for one in writes:
            one(session)

    return write


CALL = ProjectJob(
    name=TOPICS,
    title=N_("Call for topics"),
    summary=N_("a call for topics, and the draft of the agenda to the chair"),
    at=AT,
    weekdays=WORKDAYS,
    catch_up=CatchUp.LATEST,
    build=call,
)
PUBLISH = ProjectJob(
    name=AGENDA,
    title=N_("Agenda"),
    summary=N_("the agenda, to the channel; to the chair, what endangers the meeting"),
    at=AT,
    weekdays=WORKDAYS,
    catch_up=CatchUp.LATEST,
    build=publish,
)
