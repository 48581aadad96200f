"""Attendance in words: who was at a meeting, and of the others why not."""

from sqlalchemy.orm import Session

from bot.language import _
from bot.meeting_dates import date_of
from bot.meetings import Coming, Invitee, Meeting, Part, Rsvp, Series, invitees_of
from bot.minutes import attendees, unheard
from bot.people import by_id
from bot.preferences import Wishes, wishes_of
from bot.projects import Project
from bot.rsvps import SeriesRsvp, answers_to


def attendance_of(session: Session, project: Project, meeting: Meeting) -> list[tuple[str, str]]:
    """Who was there, had sent regrets, is away or did not come: names, under what they share."""
    present = attendees(session, meeting)
    series = session.get_one(Series, meeting.series_id)
    invitees = invitees_of(session, series)
    invited = by_id(session, (invitee.person_id for invitee in invitees))
    wishes = wishes_of(session, invited)
    answers = answers_to(session, date_of(series, meeting.day, meeting))
    here = {person.id for person in present}
    silent = {person.id for person in unheard(session, meeting)}
    told = {_("Present"): [person.name for person in present if person.id not in silent]}
    if silent:
        names = [person.name for person in present if person.id in silent]
        told[_("Said yes, not heard here")] = names
    for invitee in invitees:
        key = invitee.person_id or 0
        if key in here or invitee.part is Part.INFORMED:
            continue
        answer = answers.get(invitee.id)
        is_away = key in wishes and _is_away(wishes[key], project, meeting)
        label = _why_absent(invitee, answer, is_away=is_away)
        if label:
            who = invited[key].name if key in invited else invitee.address or ""
            told.setdefault(label, []).append(_with_remark(who, answer))
    return [(label, ", ".join(names) or _("nobody")) for label, names in told.items()]


def _is_away(wishes: Wishes, project: Project, meeting: Meeting) -> bool:
    return wishes.is_away(project.local_date(meeting.starts_at))


def _why_absent(invitee: Invitee, answer: Rsvp | SeriesRsvp | None, *, is_away: bool) -> str:
    """Under what somebody who is not known to have been there is named; "" for not at all."""
    if answer is not None and answer.coming is Coming.NO:
        return _("Regrets")
    if is_away:
        return _("Away")
    if invitee.person_id is None:  # nobody sees who sits in the room
        is_expected = answer is not None and answer.coming is Coming.YES
        return _("Accepted by mail") if is_expected else ""
    return _("Absent") if invitee.part is Part.REQUIRED else ""


def _with_remark(who: str, answer: Rsvp | SeriesRsvp | None) -> str:
    remark = answer.remark if answer is not None else None
    return f"{who} ({remark})" if remark else who
