"""Whatever is done to a meeting, each calendar ends as the plan has it, by its mails alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count, takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarRound
from bot.meeting_dates import dates_from
from bot.meetings import Series, SeriesState, invitees_of
from bot.projects import Project
from tests.office import Office, open_office
from tests.strict_client import StrictClient

AHEAD = timedelta(days=80)
EXAMPLES = os.environ.get("JOURFIXE_PLAN_EXAMPLES")  # so many others than the usual ones
TURN = count(1)
RHYTHMS = (
    "every tue 10:00-10:45",
    "every 2 weeks on thu 9:00-10:00",
    "every weekday 8:15-8:30",
    "every last fri 15:00-16:00",
    "every month on the 13th 11:00-12:00",
    "on 4 dec 10:00-11:00",
)
PEOPLE = ("p1", "p2", "p3")

LINES = (
    *(f"/po-meet move {{day}} to {{later}} {hour}:00 {{of}} sure=yes" for hour in (7, 10, 18)),
    "/po-meet cancel {day} {of} sure=yes",
    "/po-meet cancel {day} the lift is broken {of} sure=yes",
    "/po-meet restore {day} {of}",
    *(f"/po-meet change {rhythm} from {{since}} {{of}}" for rhythm in RHYTHMS[:-1]),
    "/po-meet edit place Room 1 {of}",
    "/po-meet edit place Room 2 {of}",
    *(f"/po-meet {verb} {{{name}}} {{of}}" for name in PEOPLE for verb in ("invite", "uninvite")),
    "/po-meet end from {since} {of} sure=yes",
    "/po-meet pause {of}",
    "/po-meet resume {of}",
    "/po project set country=FR",
    "/po project set country=DE subdivision=BE",
    "/po undo",
)


@dataclass(frozen=True)
class Edit:
    """A line to type about one of the coming dates, and how much time goes by before."""

    line: str
    place: int
    days: int
    wait: timedelta


edits = st.builds(
    Edit,
    st.sampled_from(LINES),
    st.integers(0, 40),
    st.integers(1, 30),
    st.one_of(
        st.just(timedelta()),
        st.integers(1, 9).map(lambda minutes: timedelta(minutes=minutes)),
        st.integers(1, 9).map(lambda days: timedelta(days=days)),
    ),
)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office with holidays in which mail is sent."""
    with open_office(database_url, is_mailing=True, JOURFIXE_GATHER_SECONDS=0) as office:
        office.says("/po project set zone=Europe/Berlin country=DE subdivision=BE")
        yield office


class Planned:
    """One series of a test, and the calendars of all who were ever invited to it."""

    def __init__(self, office: Office, rhythm: str) -> None:
        self.office = office
        self.title = f"Round {next(TURN)}"
        self.addresses = {name: f"{name}.{self.title.split()[1]}@firm.example" for name in PEOPLE}
        self.mails = len(office.box.mails)
        office.says(f'/po-meet new "{self.title}" {rhythm} with {self.addresses["p1"]}')
        office.says(f"/po-meet invite of {self.title}")

    def does(self, edit: Edit) -> None:
        """Let time pass, and type *edit*; what is refused changes nothing."""
        if edit.wait:
            self.office.now += edit.wait
            self.office.ticks()
        day = self._day(edit.place)
        if day is None and "{day}" in edit.line:
            return
        since = self.office.now + timedelta(days=edit.days)
        later = (day or since) + timedelta(days=edit.days % 7)
        words = {"since": f"{since:%Y-%m-%d}", "later": f"{later:%Y-%m-%d}", "day": ""}
        words |= {"day": f"{day:%Y-%m-%d}"} if day else {}
        self.office.says(edit.line.format(**words, of=f"of {self.title}", **self.addresses))

    def _day(self, place: int) -> date | None:
        """One of the coming days of the series, as the rule names them."""

        def look(session: Session) -> list[date]:
            series = self._series(session)
            project = session.get_one(Project, series.project_id)
            found = dates_from(session, series, project, self.office.now)
            near = takewhile(lambda d: d.starts_at < self.office.now + AHEAD, found)
            return [d.day for d in near]

        days: list[date] = self.office.stored(look)
        return days[place % len(days)] if days else None

    def _series(self, session: Session) -> Series:
        return session.scalars(select(Series).where(Series.title == self.title)).one()

    def plan(self, name: str) -> list[tuple[datetime, int, str, str]]:
        """What the office itself has of the coming weeks, for who is invited."""

        def look(session: Session) -> list[tuple[datetime, int, str, str]]:
            series = self._series(session)
            project = session.get_one(Project, series.project_id)
            if series.state is not SeriesState.ACTIVE or not self._is_invited(
                session, series, name
            ):
                return []
            now, until = self.office.now, self.office.now + AHEAD
            found = dates_from(session, series, project, now)
            near = takewhile(lambda d: d.starts_at < until + AHEAD, found)
            return sorted(
                (
                    d.starts_at,
                    d.minutes,
                    series.title,
                    (d.meeting.place if d.meeting else series.place) or "",
                )
                for d in near
                if not d.is_cancelled and d.starts_at < until
            )

        planned: list[tuple[datetime, int, str, str]] = self.office.stored(look)
        return planned

    def _is_invited(self, session: Session, series: Series, name: str) -> bool:
        invited = {row.address for row in invitees_of(session, series) if row.address is not None}
        return self.addresses[name] in invited

    def calendar(self, name: str) -> list[tuple[datetime, int, str, str]]:
        """What the calendar of *name* shows, having read all its mails in order."""
        client = StrictClient(self.addresses[name])
        for mail in self.office.box.mails[self.mails :]:
            if mail.recipients == (client.address,):
                client.gets(mail.content)
        return client.shows(self.office.now, self.office.now + AHEAD)


def settles(office: Office) -> None:
    """Let time pass until all is told: a mail that came too late for its reader is told anew."""
    waiting = select(CalendarRound.series_id).limit(1)
    for _round in range(5):
        office.passes(minutes=11)
        office.ticks()
        office.delivered()
        if office.stored(lambda session: session.scalar(waiting)) is None:
            return
    raise AssertionError("calendars are told without end")


@settings(
    max_examples=int(EXAMPLES or 15),
    derandomize=not EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rhythm=st.sampled_from(RHYTHMS), done=st.lists(edits, min_size=1, max_size=12))
def test_after_any_edits_each_calendar_is_as_the_plan(
    office: Office, rhythm: str, done: list[Edit]
) -> None:
    planned = Planned(office, rhythm)
    for edit in done:
        planned.does(edit)
    settles(office)
    for name in PEOPLE:
        assert planned.calendar(name) == planned.plan(name)
