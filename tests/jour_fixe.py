"""A weekly jour fixe that tests of meetings start from, and what they look at."""

from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.meeting_dates import next_dates
from bot.meetings import Series
from bot.projects import Project
from slackbox import Answer
from tests.office import Office

BERLIN = ZoneInfo("Europe/Berlin")
JOUR_FIXE = '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben from 1 dec'


def arranged(office: Office) -> Office:
    """Anna's weekly jour fixe from 1 December, Ben invited, in Berlin."""
    office.says("/po project set zone=Europe/Berlin country=DE subdivision=BE")
    office.says(JOUR_FIXE)
    office.says("/po-meet invite")
    return office


def clicked(office: Office, label: str, answer: Answer, said: str) -> str:
    """What stands in place of *answer* after Anna clicks *label*."""
    office.anna.clicks(label, answer)
    office.box.wait_for(lambda: said in answer.text)
    return answer.text


def coming(office: Office, count: int = 4) -> list[str]:
    """The next dates of the first series, in Berlin's time."""

    def look(session: Session) -> list[str]:
        series = session.scalars(select(Series).order_by(Series.id)).first()
        assert series is not None
        project = session.get_one(Project, series.project_id)
        found = next_dates(session, series, project, office.now, count)
        return [f"{d.starts_at.astimezone(BERLIN):%a %d %b %H:%M}" for d in found]

    told: list[str] = office.stored(look)
    return told
