"""Wording: what a mail says in words of an event and of what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile

from bot.calendar.changes import Change, Method, Why
from bot.calendar.event import Event
from bot.calendar.lines import one_line, several_lines
from bot.calendar.when import (
    day_words,
    event_from_to,
    event_words,
    from_to,
    instance_words,
    next_words,
    with_place,
)
from bot.calendar.writing import Attendee, Role
from bot.language import N_, _
from bot.messages import shortened
from bot.plans import moment_of

NEXT = 4
"""So many of the dates to come are listed."""

MOST = 12
"""So many of the dates that changed are listed."""

TITLE_LIMIT = 100
_PARTS = {
    Role.CHAIR: N_("You chair it."),
    Role.REQUIRED: N_("Your presence is required."),
    Role.OPTIONAL: N_("Your presence is optional."),
    Role.INFORMED: N_("Nobody waits for your answer."),
}


@dataclass(frozen=True)
class Line:
    """One thing that is said: its *label*, how it is *now*, and how it *was* where it changed."""

    label: str
    now: str
    was: str = ""


@dataclass(frozen=True)
class Wording:
    """What one mail says; *dates* are the next, *closing* are sentences below all."""

    subject: str
    kind: str
    title: str
    lead: str
    lines: Sequence[Line]
    dates: Sequence[str]
    closing: Sequence[str]
    project: str


def wording(
    wanted: Event | None,
    held: Event | None,
    change: Change,
    stamp: datetime,
    attendee: Attendee,
    project: str,
) -> Wording:
    """What the mail of *change* says to *attendee*, from what a calendar *held* to what is *wanted* of it.

    Raises ValueError where there is nothing to tell of.
    """
    event = _shown(wanted or held)
    before = _shown(held or event)
    if change.day is not None:
        kind, about, lead, lines = _single(event, before, change.day, stamp)
    elif change.method is Method.CANCEL:
        kind, about, lead, lines = _gone(event, change, stamp)
    elif held is None or change.why is Why.INVITED:
        kind, about, lead, lines = _new(event, stamp, attendee.role)
    else:
        kind, about, lead, lines = _changed(event, before, stamp)
    has_more = wanted is not None and event.rule is not None
    dates = tuple(next_words(event, stamp, NEXT)) if has_more else ()
    subject = ", ".join(filter(None, (f"{kind}: {event.title}", about)))
    return Wording(
        subject, kind, event.title, lead, (*lines, Line(_("Project"), one_line(project))),
        dates, tuple(_closing(event, change, attendee)), one_line(project),
    )  # fmt: skip


_Told = tuple[str, str, str, list[Line]]
"""The kind of a mail, what its subject says behind the title, a sentence, and the lines below."""


def _shown(event: Event | None) -> Event:
    """*event* as words show it: nothing that was typed breaks a line or hides others."""
    if event is None:
        raise ValueError("a mail about no meeting")
    moved = {day: replace(one, place=one_line(one.place)) for day, one in event.moved.items()}
    return replace(
        event,
        title=shortened(one_line(event.title), TITLE_LIMIT) or _("A meeting"),
        place=one_line(event.place),
        moved=moved,
    )


def _new(event: Event, stamp: datetime, role: Role) -> _Told:
    lines = [Line(_("When"), event_words(event)), _zone(event), *_where(event.place)]
    if event.last_day is not None and event.rule is not None:
        lines.insert(1, Line(_("Until"), day_words(event.last_day)))
    about = event_from_to(event, event, stamp)
    if role is Role.INFORMED:
        return _("For your information"), about, _("You are told of this meeting."), lines
    return _("Invitation"), about, _("You are invited to this meeting."), lines


def _single(event: Event, before: Event, day: date, stamp: datetime) -> _Told:
    """One date that was moved, changed, or dropped."""
    now, was = event.instance(day), before.instance(day) or before.usual(day)
    rhythm = Line(_("Otherwise"), event_words(event))
    if now is None:
        lines = [Line(_("When"), instance_words(was)), _zone(event), *_where(was.place), rhythm]
        return _("Cancelled"), from_to(was, was, stamp), _("This date does not take place."), lines
    is_moved = (now.day, now.at) != (was.day, was.at)
    lines = [
        _line(_("When"), instance_words(now), instance_words(was)),
        _zone(event),
        *_place(now.place, was.place),
        rhythm,
    ]
    if not is_moved:
        return _("Changed"), from_to(now, now, stamp), _("This date has changed."), lines
    return _("Moved"), from_to(was, now, stamp), _("This date was moved."), lines


def _gone(event: Event, change: Change, stamp: datetime) -> _Told:
    lines = [Line(_("When"), event_words(event)), _zone(event), *_where(event.place)]
    if change.why is Why.REMOVED:
        lead = _("You are no longer invited to this meeting; it leaves your calendar.")
        return _("No longer invited"), "", lead, lines
    lead = _("This meeting does not take place any more.")
    return _("Cancelled"), event_from_to(event, event, stamp), lead, lines


def _changed(event: Event, before: Event, stamp: datetime) -> _Told:
    """An event that is told as a whole, with all that is otherwise in it."""
    about = event_from_to(before, event, stamp)
    is_moved = about != event_from_to(event, event, stamp)
    lines = [
        *([] if event.title == before.title else [Line(_("Title"), event.title, before.title)]),
        _line(_("When"), event_words(event), event_words(before)),
        *_bounds(event, before),
        _line(_("Time zone"), event.zone, before.zone),
        *_place(event.place, before.place),
        *_single_dates(event, before, stamp),
    ]
    if several_lines(event.note) != several_lines(before.note):
        lines.append(Line(_("Note"), one_line(event.note), one_line(before.note)))
    lines.sort(key=lambda line: not _is_news(line))
    is_other = _is_news(lines[0])
    lead = _("This meeting has changed:") if is_other else _("This is how it stands now:")
    kind = _("Moved") if is_moved and event.rule is None else _("Changed")
    return kind, about if is_moved else "", lead, lines


def _is_news(line: Line) -> bool:
    return bool(line.was) or line.label in (_("Cancelled"), _("Takes place again"))


def _bounds(event: Event, before: Event) -> Iterator[Line]:
    """From when and until when a rhythm holds, where that is otherwise."""
    if event.rule is None:
        return
    if event.first_day != before.first_day:
        yield Line(_("From"), day_words(event.first_day), day_words(before.first_day))
    if event.last_day != before.last_day:
        ends = [_("without end") if day is None else day_words(day)
                for day in (event.last_day, before.last_day)]  # fmt: skip
        yield Line(_("Until"), *ends)
    elif event.last_day is not None:
        yield Line(_("Until"), day_words(event.last_day))


def _single_dates(event: Event, before: Event, stamp: datetime) -> Iterator[Line]:
    """The dates to come that are otherwise than they were."""
    days = {*event.dropped ^ before.dropped, *event.moved, *before.moved}
    known = [day for day in sorted(days) if _is_ahead(event, before, day, stamp)]
    dropped = [day_words(day) for day in known if day in event.dropped - before.dropped]
    held = before.dropped - event.dropped
    back = [day_words(day) for day in known if day in held and _is_named(event, day)]
    if dropped:
        yield Line(_("Cancelled"), _listed(dropped))
    if back:
        yield Line(_("Takes place again"), _listed(back))
    if event.usual(event.first_day) != before.usual(event.first_day):
        return  # then all of them are otherwise, and the next dates show it
    for day in known[:MOST]:
        now, was = event.instance(day), before.instance(day)
        if now is not None and was is not None and now != was:
            yield Line(_("Date"), with_place(now), with_place(was))


def _is_named(event: Event, day: date) -> bool:
    """Whether the rule still reaches as far as *day*, and names it."""
    return day in takewhile(lambda named: named <= day, event.days())


def _is_ahead(event: Event, before: Event, day: date, stamp: datetime) -> bool:
    known = [one for one in (event.instance(day), before.instance(day)) if one is not None]
    return any(moment_of(one.day, one.at, event.zone) > stamp for one in known)


def _closing(event: Event, change: Change, attendee: Attendee) -> Iterator[str]:
    if event.note and change.method is Method.REQUEST:
        yield one_line(event.note)
    if change.method is Method.CANCEL:
        yield _("There is nothing to answer.")
        return
    yield _(_PARTS[attendee.role])
    if attendee.role is not Role.INFORMED:
        yield _answering(attendee)
        if event.rule:
            yield _("An answer to the series holds for every date you do not answer singly.")


def _answering(attendee: Attendee) -> str:
    if attendee.is_in_slack:
        return _("Please answer with the buttons of your mail program or calendar, or in Slack.")
    return _("Please answer with the buttons of your mail program or calendar.")


def _listed(days: Sequence[str]) -> str:
    more = len(days) - MOST
    shown = "; ".join(days[:MOST])
    return _("{days} and {count} more").format(days=shown, count=more) if more > 0 else shown


def _line(label: str, now: str, was: str) -> Line:
    return Line(label, now, was if was != now else "")


def _zone(event: Event) -> Line:
    return Line(_("Time zone"), event.zone)


def _where(place: str) -> list[Line]:
    return [Line(_("Where"), place)] if place else []


def _place(now: str, was: str) -> list[Line]:
    if now == was:
        return _where(now)
    return [Line(_("Where"), now or _("no place yet"), was or _("no place yet"))]
