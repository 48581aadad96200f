"""Peopling: who a series of meetings is for, and who chairs it and takes its minutes."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from bot.arranging import (
    check_title,
    hand_on,
    place_said,
    require_people,
    require_person,
    set_rhythm,
)
from bot.context import Context
from bot.errors import UserError
from bot.hours import Hours
from bot.invitations import invite, seat_for
from bot.language import N_, _
from bot.meeting_dates import Date
from bot.meetings import Invitee, Part, Series, SeriesState, invitees_of
from bot.people import People, Person, by_id
from bot.recurrence import Recurrence
from bot.rescheduling import as_it_is, change_usual_place, changeable
from bot.rhythm import Rhythm
from bot.succession import change_rhythm
from bot.telling import HOSTS, about, tell_invited, tell_one, tell_uninvited

FIELD_OF = {Part.REQUIRED: "with_", Part.OPTIONAL: "optional", Part.INFORMED: "informed"}


Hosts = Mapping[str, Person | None]
"""Who is to chair, and who to take the minutes, by `COLUMNS`; None is nobody."""

COLUMNS = {"chair": "chair_id", "taker": "minute_taker_id"}
YOU = {
    "chair": N_("{who}: you chair it from now on"),
    "taker": N_("{who}: you take its minutes from now on"),
}
YOU_ONCE = {
    "chair": N_("{who}: you chair this one"),
    "taker": N_("{who}: you take the minutes of this one"),
}
ANOTHER = {
    "chair": N_("{who}: {name} chairs it"),
    "taker": N_("{who}: {name} takes its minutes"),
}


def set_hosts(context: Context, series: Series, hosts: Hosts) -> None:
    """Let others chair *series* or take its minutes, its meetings to come, too; both hear of it.

    They are invited by that.
    """
    for field, person in hosts.items():
        _require_able(field, person)
        before = getattr(series, COLUMNS[field])
        hand_on(context, series, COLUMNS[field], person.id if person else None)
        if person is not None and seat_for(context.session, series, person) is None:
            invite(context.session, series, person.team, People((person,)), Part.REQUIRED)
        _tell_hosts(context, series, None, field, before, person)
    context.session.flush()


def set_hosts_once(context: Context, found: Date, hosts: Hosts) -> Date:
    """Let others chair the meeting of a date or take its minutes; the answer is the date as it is.

    Raises `UserError` for somebody who is not invited.
    """
    meeting = changeable(context, found)
    now_so = as_it_is(context, found)
    for field, person in hosts.items():
        _require_able(field, person)
        _require_seat(context, found, person)
        before = getattr(meeting, COLUMNS[field])
        setattr(meeting, COLUMNS[field], person.id if person else None)
        _tell_hosts(context, found.series, now_so, field, before, person)
    context.session.flush()
    return now_so


def _require_able(field: str, person: Person | None) -> None:
    if person is None and field == "chair":
        raise UserError(_("Somebody has to chair it."), field=field)
    require_person(person, field)


def _require_seat(context: Context, found: Date, person: Person | None) -> None:
    if person is not None and seat_for(context.session, found.series, person) is None:
        text = _("{who} is not invited to {title}; first: `meet invite`.")
        raise UserError(text.format(who=person.name, title=found.series.title), field="who")


def _tell_hosts(
    context: Context,
    series: Series,
    found: Date | None,
    field: str,
    before: int | None,
    person: Person | None,
) -> None:
    """Tell who it is from now on, and who it was."""
    if series.state is not SeriesState.ACTIVE or before == (person.id if person else None):
        return
    known_as, actor = about(series, found, HOSTS), context.actor.name
    if person is not None:
        words = _((YOU if found is None else YOU_ONCE)[field]).format(who=actor)
        tell_one(context, series, person, words, found, known_as)
    if before is not None:
        named = person.name if person is not None else _("nobody")
        words = _(ANOTHER[field]).format(who=actor, name=named)
        tell_one(context, series, context.person(before), words, found, known_as)


def invite_exactly(context: Context, series: Series, who: People, part: Part) -> None:
    """Let those invited as *part* be *who*, and nobody else but who chairs it or takes minutes."""
    invite(context.session, series, context.actor.team, who, part)
    people = {person.id for person in who.people} | {series.chair_id, series.minute_taker_id}
    addresses = {address.casefold() for address in who.addresses}
    for row in invitees_of(context.session, series):
        is_named = (row.person_id or 0) in people or (row.address or "").casefold() in addresses
        if row.part is part and not is_named:
            row.removed_at = context.now
    context.session.flush()


def correct(context: Context, series: Series, values: Mapping[str, Any]) -> str:
    """Let *series* be as *values* have it, by the names of `values_of`; None empties.

    Who is invited by that, or no longer, hears of it. The answer is what became of its rhythm.
    """
    words = ""
    if "title" in values:
        check_title(context, values["title"] or "", series)
        series.title = values["title"].strip()
    if "when" in values:
        words = _reschedule(context, series, values["when"])
    if "place" in values:
        change_usual_place(context, series, place_said(values["place"]))
    before = invitees_of(context.session, series)
    set_hosts(context, series, {name: values[name] for name in COLUMNS if name in values})
    for part, name in FIELD_OF.items():
        if name in values:
            require_people(values[name], name)
            invite_exactly(context, series, values[name], part)
    tell_changed(context, series, before)
    return words


def tell_changed(context: Context, series: Series, before: Sequence[Invitee]) -> None:
    """Tell who is invited to *series* now and was not *before*, and who is no longer."""
    if series.state is not SeriesState.ACTIVE:
        return
    now = invitees_of(context.session, series)
    tell_invited(context, series, [row for row in now if row not in before])
    tell_uninvited(context, series, [row for row in before if row not in now])


def require_removable(series: Series, who: People) -> None:
    """Raise `UserError` where *who* has the chair among them."""
    if any(person.id == series.chair_id for person in who.people):
        raise UserError(_("Somebody has to chair it: name another chair first."), field="who")


def _reschedule(context: Context, series: Series, when: Rhythm | None) -> str:
    """Give *series* another rhythm: a draft from now on, any other from its next meeting on."""
    if when is None:
        raise UserError(_("When does it take place?"), field="when")
    if series.state is not SeriesState.DRAFT:
        return change_rhythm(context, series, when, None)
    set_rhythm(context, series, when, None)
    return ""


def rhythm_of(series: Series) -> Rhythm:
    """The rhythm of *series*, as a form starts from it."""
    hours = Hours(time.fromisoformat(series.at), series.minutes)
    if series.rule is None:
        return Rhythm(None, series.first_day, hours)
    return Rhythm(Recurrence.of(series.rule), None, hours)


def values_of(context: Context, series: Series) -> dict[str, Any]:
    """What a form about *series* starts from."""
    rows = invitees_of(context.session, series)
    people = by_id(context.session, (row.person_id for row in rows))
    told: dict[str, Any] = {
        FIELD_OF[part]: People(
            tuple(people[r.person_id] for r in rows if r.part is part and r.person_id),
            tuple(r.address for r in rows if r.part is part and r.address),
        )
        for part in Part
    }
    told |= {"title": series.title, "place": series.place, "when": rhythm_of(series)}
    told["chair"] = context.person(series.chair_id)
    if series.minute_taker_id is not None:
        told["taker"] = context.person(series.minute_taker_id)
    return {name: value for name, value in told.items() if value}
