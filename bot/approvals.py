"""Approvals: who is asked about a version of the minutes, and how far they agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audience import readers, roles_in
from bot.meetings import Meeting, Series
from bot.minutes import Approval, Minutes, attendees, drafts
from bot.people import Person
from bot.preferences import Wishes
from bot.projects import Project, heads
from bot.workdays import WorkCalendar

_DAY = timedelta(days=1)
_LONGEST_SILENCE = 400  # days looked at, however long somebody is away


@dataclass(frozen=True)
class Asked:
    """Somebody asked to approve a version, and the last thing they said to it."""

    person: Person
    answer: Approval | None
    since: datetime
    """From when on silence is counted: a rejected objection is time to think anew."""

    @property
    def is_content(self) -> bool:
        return self.answer is not None and self.answer.is_approved

    @property
    def objection(self) -> Approval | None:
        """What they object to, as long as nobody has resolved it."""
        is_open = self.answer is not None and not self.answer.is_approved
        return self.answer if is_open and self.since_resolved is None else None

    @property
    def since_resolved(self) -> datetime | None:
        return self.answer.resolved_at if self.answer is not None else None


@dataclass(frozen=True)
class Standing:
    """How far the approval of a version is."""

    minutes: Minutes
    meeting: Meeting
    asked: Sequence[Asked]

    @property
    def objections(self) -> list[Asked]:
        return [one for one in self.asked if one.objection is not None]

    @property
    def waiting(self) -> list[Asked]:
        return [one for one in self.asked if not one.is_content and one.objection is None]

    @property
    def is_agreed(self) -> bool:
        return bool(self.asked) and all(one.is_content for one in self.asked)

    def of(self, person: Person) -> Asked | None:
        """What *person* said; None for somebody who is not asked."""
        return next((one for one in self.asked if one.person.id == person.id), None)


def asked_of(session: Session, meeting: Meeting) -> list[Person]:
    """Who approves the minutes of *meeting*: who was there, is still here and may read them.

    Where nobody is, the chair; where that one is gone, the leads of the project. Guests answer
    invitations only.
    """
    project = session.get_one(Project, meeting.project_id)
    there = attendees(session, meeting)
    chair = session.get_one(Person, meeting.chair_id)
    able = _able(session, project, [*there, chair])
    present = [person for person in there if person.id in able]
    if present or chair.id in able:
        return present or [chair]
    return heads(session, project)


def hosts_of(session: Session, meeting: Meeting) -> list[Person]:
    """Who answers objections to the minutes of *meeting*: its chair and its minute taker, where
    they are still here and may read them; else the leads."""
    project = session.get_one(Project, meeting.project_id)
    keys = dict.fromkeys((meeting.chair_id, meeting.minute_taker_id))
    known = [session.get_one(Person, key) for key in keys if key is not None]
    able = _able(session, project, known)
    found = [person for person in known if person.id in able]
    return found or heads(session, project)


def _able(session: Session, project: Project, people: Sequence[Person]) -> set[int]:
    """Which of *people* can approve minutes of *project*.

    While it rests because its channel is gone, nobody can tell who may read it: nobody is let
    out for that.
    """
    here = [p for p in people if p.is_active and not (p.is_bot or p.is_guest)]
    if project.paused is not None:
        return {person.id for person in here}
    found = readers(session, here, [project], roles_in(session, [project.id]))
    return {person for person, _project in found}


def standing_of(session: Session, minutes: Minutes) -> Standing:
    """How far the approval of *minutes* is."""
    meeting = session.get_one(Meeting, minutes.meeting_id)
    said = {approval.person_id: approval for approval in answers_to(session, minutes)}
    asked = []
    for person in asked_of(session, meeting):
        answer = said.get(person.id)
        resolved = answer.resolved_at if answer is not None else None
        asked.append(Asked(person, answer, max(minutes.made_at, resolved or minutes.made_at)))
    return Standing(minutes, meeting, asked)


def awaiting(session: Session, projects: Sequence[int], person: Person) -> list[Standing]:
    """The drafts of *projects* that wait for the word of *person*, the oldest first."""
    standings = [standing_of(session, minutes) for minutes, _meeting in drafts(session, projects)]
    asked = ((standing, standing.of(person)) for standing in standings)
    return [standing for standing, one in asked if one is not None and not one.is_content]


def answers_to(session: Session, minutes: Minutes) -> Sequence[Approval]:
    """All that was said to *minutes*, in the order it was."""
    return session.scalars(
        select(Approval).where(Approval.minutes_id == minutes.id).order_by(Approval.id)
    ).all()


def consents_on(calendar: WorkCalendar, since: date, days: int, wishes: Wishes) -> date | None:
    """The day at whose end somebody silent since *since* has consented.

    Only working days of the project count on which they were not away: who cannot read a draft
    says nothing by saying nothing. None where silence is no consent.
    """
    if days <= 0:
        return None
    day, left = since, days
    for _looked in range(_LONGEST_SILENCE):
        day += _DAY
        left -= calendar.is_working(day) and not wishes.is_away(day)
        if left == 0:
            return day
    return None


def consent_days(session: Session, meeting: Meeting) -> int:
    """The working days of silence that are consent in the series of *meeting*; 0 for never."""
    return session.get_one(Series, meeting.series_id).consent_days
