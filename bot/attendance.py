"""Attendance in words: who was at a meeting, and of the others why not."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot.invitations import invited_to
from bot.language import _
from bot.meeting_dates import date_of
from bot.meetings import Coming, Invitee, Meeting, Part, Rsvp, Series, invitees_of
from bot.minutes import Outsider, attendees, outsiders_at, unheard
from bot.people import by_id
from bot.preferences import Wishes, wishes_of
from bot.projects import Project
from bot.rsvps import SeriesRsvp, answers_to


def attendance_of(session: Session, project: Project, meeting: Meeting) -> list[tuple[str, str]]:
    """Who was there, and of everybody else invited why not: names, under what they share."""
    told = _there(session, meeting)
    series = session.get_one(Series, meeting.series_id)
    here = {person.id for person in attendees(session, meeting)}
    noted = {row.address.casefold(): row.was_there for row in outsiders_at(session, meeting)}
    invitees = [
        invitee
        for invitee in _expected(session, series, meeting)
        if invitee.person_id not in here and not noted.get((invitee.address or "").casefold())
    ]
    invited = by_id(session, (invitee.person_id for invitee in invitees))
    wishes = wishes_of(session, invited)
    answers = answers_to(session, date_of(series, meeting.day, meeting))
    for invitee in invitees:
        key = invitee.person_id or 0
        answer = answers.get(invitee.id)
        is_away = key in wishes and _is_away(wishes[key], project, meeting)
        is_unseen = key == 0 and (invitee.address or "").casefold() not in noted
        label = _why_absent(invitee, answer, is_away=is_away, is_unseen=is_unseen)
        who = invited[key].name if key in invited else invitee.address or ""
        told.setdefault(label, []).append(who)  # what they said is for the chair
    return [(label, ", ".join(names) or _("nobody")) for label, names in told.items()]


def _expected(session: Session, series: Series, meeting: Meeting) -> list[Invitee]:
    if meeting.closed_at is not None:
        return invited_to(session, [meeting])[meeting.id]
    invitees = invitees_of(session, series)
    return [invitee for invitee in invitees if invitee.part is not Part.INFORMED]


def _there(session: Session, meeting: Meeting) -> dict[str, list[str]]:
    """Who was there, by how that is known: in Slack or outside of it."""
    quiet = {person.id: person.name for person in unheard(session, meeting)}
    heard = [one.name for one in attendees(session, meeting) if one.id not in quiet]
    outside = [row.address for row in outsiders_at(session, meeting) if row.was_there]
    told = {_("Present"): [*heard, *outside]}
    return told | {_("Said yes, not heard here"): [*quiet.values()]} if quiet else told


def _is_away(wishes: Wishes, project: Project, meeting: Meeting) -> bool:
    return wishes.is_away(project.local_date(meeting.starts_at))


def _why_absent(
    invitee: Invitee, answer: Rsvp | SeriesRsvp | None, *, is_away: bool, is_unseen: bool
) -> str:
    """Under what somebody who is not known to have been there is named.

    Nobody sees whether who *is_unseen* sits in the room: their answer is all there is.
    """
    if answer is not None and answer.coming is Coming.NO:
        return _("Regrets")
    if is_away:
        return _("Away")
    if is_unseen:
        is_expected = answer is not None and answer.coming is Coming.YES
        return _("Accepted by mail") if is_expected else _("Invited by mail, no answer")
    return _("Absent") if invitee.part is Part.REQUIRED else _("Optional, not there")


def note_outsiders(
    session: Session, meeting: Meeting, addresses: Iterable[str], *, was_there: bool
) -> None:
    """Note of those without Slack whether they were at *meeting*."""
    known = {row.address.casefold(): row for row in outsiders_at(session, meeting)}
    for address in addresses:
        row = known.get(address.casefold())
        if row is None:
            row = Outsider(meeting_id=meeting.id, address=address)
            session.add(row)
        row.was_there = was_there
