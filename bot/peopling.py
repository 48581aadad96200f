"""Peopling: who a series of meetings is for, and who chairs it and takes its minutes."""

from datetime import time
from typing import Any

from sqlalchemy import select

from bot.arranging import require_person, set_rhythm
from bot.context import Context
from bot.errors import UserError
from bot.hours import Hours
from bot.invitations import invite, seat_for
from bot.language import _
from bot.meetings import Meeting, MeetingState, Part, Series, SeriesState, invitees_of
from bot.people import People, Person, by_id
from bot.recurrence import Recurrence
from bot.rescheduling import change_rhythm
from bot.rhythm import Rhythm

FIELD_OF = {Part.REQUIRED: "with_", Part.OPTIONAL: "optional", Part.INFORMED: "informed"}


def set_hosts(context: Context, series: Series, chair: Person | None, taker: Person | None) -> None:
    """Let somebody else chair *series* or take its minutes, its coming meetings too."""
    require_person(chair, "chair")
    require_person(taker, "taker")
    meetings = context.session.scalars(
        select(Meeting).where(
            Meeting.series_id == series.id, Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > context.now,
        )
    ).all()  # fmt: skip
    rows: list[Series | Meeting] = [series, *meetings]
    for row in rows:
        if chair is not None:
            row.chair_id = chair.id
        if taker is not None:
            row.minute_taker_id = taker.id
    for person in filter(None, (chair, taker)):
        if seat_for(context.session, series, person) is None:
            invite(context.session, series, person.team, People((person,)), Part.REQUIRED)
    context.session.flush()


def invite_exactly(context: Context, series: Series, who: People, part: Part) -> None:
    """Let those invited as *part* be *who*, and nobody else but the chair."""
    invite(context.session, series, context.actor.team, who, part)
    people = {person.id for person in who.people} | {series.chair_id}
    addresses = {address.casefold() for address in who.addresses}
    for row in invitees_of(context.session, series):
        is_named = row.person_id in people or (row.address or "").casefold() in addresses
        if row.part is part and not is_named:
            row.removed_at = context.now
    context.session.flush()


def require_removable(series: Series, who: People) -> None:
    """Raise `UserError` where *who* has the chair among them."""
    if any(person.id == series.chair_id for person in who.people):
        raise UserError(_("Somebody has to chair it: name another chair first."), field="who")


def reschedule(context: Context, series: Series, when: Rhythm) -> None:
    """Give *series* another rhythm: a draft from now on, any other from its next meeting on."""
    if series.state is SeriesState.DRAFT:
        set_rhythm(context, series, when, None)
    else:
        change_rhythm(context, series, when, None)


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
