"""A year of a weekly jour fixe: holidays, both clock changes, and all that comes between."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.outbox import Delivery
from bot.meetings import Meeting, MeetingState
from bot.minutes import Minutes, MinutesState
from bot.people import Person
from bot.workdays import WorkCalendar
from tests.office import Office, open_office
from tests.thread import Thread

BERLIN = ZoneInfo("Europe/Berlin")
GERMANY = WorkCalendar("DE")
FIRST, LAST = date(2026, 11, 27), date(2027, 11, 19)
WEEK = timedelta(weeks=1)
HOLIDAYS = {date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 26)}
CANCELLED = date(2027, 2, 19)
NOBODY_CAME = date(2027, 4, 16)
MOVED, MOVED_TO = date(2027, 5, 14), date(2027, 5, 13)
CHAIR_LEAVES = date(2027, 7, 5)
CARRIED = date(2027, 9, 3)


@dataclass
class Year:
    """What was held, week by week, and what the bot made of it."""

    office: Office
    held: dict[date, int] = field(default_factory=dict)
    """The day of each meeting that took place, and the number of its week."""

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Let it be that moment in Berlin."""
        self.office.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)

    def ticks(self, day: date, hour: int) -> None:
        """Let the clock do what is due at that hour."""
        self.at(day, hour)
        self.office.ticks()

    def plays(self) -> None:
        """All of its weeks."""
        office = self.office
        self.ticks(FIRST - timedelta(days=3), 9)
        office.says("/po project set country=DE")
        planned = 'new "Jour fixe" every fri 10:00-10:45 with @anna @ben @carla chair @ben'
        office.says(f"/po-meet {planned}")
        office.says("/po-meet invite")
        day = FIRST
        for number in range(52):
            self._week(day + number * WEEK, number)
        self.ticks(LAST + timedelta(days=7), 17)
        office.delivered()

    def _week(self, friday: date, number: int) -> None:
        office = self.office
        if friday - timedelta(days=4) == CHAIR_LEAVES:
            office.box.change(office.ben, deleted=True)
            office.box.wait_for(lambda: not office.stored(_ben_is_here))
        if friday == CANCELLED:
            self.at(friday - timedelta(days=3), 9)
            office.says("/po-meet cancel fri sure=yes")
        if friday == MOVED:
            self.at(friday - timedelta(days=4), 9)
            office.says("/po-meet move fri to thu 14:00 sure=yes")
        self.ticks(GERMANY.add(friday, -2), 9)
        self.ticks(GERMANY.add(friday, -1), 9)
        self._meets(friday, number)
        self.ticks(GERMANY.add(friday, 3), 17)

    def _meets(self, friday: date, number: int) -> None:
        if friday in HOLIDAYS | {CANCELLED, NOBODY_CAME}:
            return
        day, hour = (MOVED_TO, 14) if friday == MOVED else (friday, 10)
        self.at(day, hour)
        if friday == CARRIED:
            self.office.says("/po-meet topic Who pays")
        thread = Thread(self.office, "")
        thread.write(f"D: decision of week {number}")
        thread.write(f"A: @carla do it in week {number} by next fri", self.office.carla)
        if friday == CARRIED:
            thread.write("#topic Something else")
            thread.write("park")
        self.at(day, hour, 40)
        self.office.says("/po-meet close")
        self.held[day] = number


def _ben_is_here(session: Session) -> bool:
    return session.scalars(select(Person.is_active).where(Person.name == "Ben")).one()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The year, played through once for all that is asked of it."""
    database = tmp_path_factory.mktemp("year") / "year.db"
    with open_office(f"sqlite:///{database}") as office:
        played = Year(office)
        played.plays()
        yield played


def meetings(year: Year) -> dict[date, Meeting]:
    """The meetings that closed, by the day they were held on."""
    rows = year.office.stored(
        lambda s: s.scalars(select(Meeting).where(Meeting.state == MeetingState.CLOSED)).all()
    )
    return {row.starts_at.astimezone(BERLIN).date(): row for row in rows}


def approved(year: Year) -> dict[int, Minutes]:
    rows = year.office.stored(lambda s: s.scalars(select(Minutes)).all())
    return {row.meeting_id: row for row in rows}


def test_it_is_held_on_every_friday_that_is_no_holiday_and_not_called_off(year: Year) -> None:
    fridays = {FIRST + n * WEEK for n in range(52)}
    wanted = (fridays - HOLIDAYS - {CANCELLED, NOBODY_CAME, MOVED}) | {MOVED_TO}
    assert set(year.held) == wanted
    assert set(meetings(year)) == wanted


def test_it_is_at_ten_in_summer_and_in_winter(year: Year) -> None:
    for day, meeting in meetings(year).items():
        local = meeting.starts_at.astimezone(BERLIN)
        assert (local.hour, local.minute) == ((14, 0) if day == MOVED_TO else (10, 0)), day
    hours = {day: meeting.starts_at.astimezone(UTC).hour for day, meeting in meetings(year).items()}
    assert hours[date(2027, 3, 19)] == 9
    assert hours[date(2027, 4, 2)] == 8
    assert hours[date(2027, 10, 29)] == 8
    assert hours[date(2027, 11, 5)] == 9


def test_each_has_minutes_of_what_was_said_in_it_and_no_other(year: Year) -> None:
    texts = approved(year)
    found = meetings(year)
    assert set(texts) == {meeting.id for meeting in found.values()}
    for day, number in year.held.items():
        text = texts[found[day].id].text
        lines = text.splitlines()
        assert lines[0] == f"# Jour fixe, {day:%a} {day.day} {day:%b} {day.year}"
        decisions = [line for line in lines if line.startswith("- **Decision**")]
        assert len(decisions) == 1
        assert decisions[0].endswith(f"decision of week {number}")
        actions = [line for line in lines if line.startswith("- **Action**")]
        assert len(actions) == 1
        assert f"do it in week {number} · Carla" in actions[0]


def test_each_was_approved_by_silence_after_three_working_days(year: Year) -> None:
    found = meetings(year)
    for day in year.held:
        minutes = approved(year)[found[day].id]
        assert minutes.state is MinutesState.APPROVED, day
        assert minutes.is_genuine
        assert minutes.approved_at is not None
        told = MOVED if day == MOVED_TO else day  # the clock is asked three days after the Friday
        assert minutes.approved_at.astimezone(BERLIN).date() == GERMANY.add(told, 3), day


def test_the_chair_who_left_is_followed_by_the_lead(year: Year) -> None:
    found = meetings(year)
    texts = approved(year)
    before, after = (texts[found[day].id].text for day in (date(2027, 7, 2), date(2027, 7, 9)))
    assert "- Chair: Ben" in before
    assert "- Chair: Anna" in after


def agendas(year: Year) -> list[str]:
    """The agendas the channel has read, each once, as they stand now."""
    office = year.office
    rows = office.stored(
        lambda s: s.scalars(select(Delivery).where(Delivery.key.startswith("agenda:"))).all()
    )
    texts = {m.ts: office.box.text_of(m) for m in office.anna.reads(office.alpha)}
    return [texts[row.ts] for row in rows if row.parent_id is None]


def test_each_had_one_agenda_and_a_holiday_or_a_cancelled_one_none(year: Year) -> None:
    told = agendas(year)
    for day in year.held:
        named = f"{day:%a} {day.day} {day:%b} {day.year}"
        assert sum(named in text.split("\n")[0] for text in told) == 1, named
    named = f"{NOBODY_CAME:%a} {NOBODY_CAME.day} {NOBODY_CAME:%b} {NOBODY_CAME.year}"
    assert sum(named in text.split("\n")[0] for text in told) == 1  # prepared, and nobody came
    for day in HOLIDAYS | {CANCELLED}:
        named = f"{day:%a} {day.day} {day:%b} {day.year}"
        assert not any(named in text.split("\n")[0] for text in told), named
    assert year.office.stored(_held) == []


def _held(session: Session) -> list[str]:
    """What was promised and does not stand in Slack."""
    states = session.execute(select(Delivery.key, Delivery.state)).all()
    return [key for key, state in states if state.value in ("waiting", "held")]


def test_what_was_not_finished_is_on_the_next_agenda(year: Year) -> None:
    following = CARRIED + WEEK
    named = f"{following:%a} {following.day} {following:%b} {following.year}"
    (agenda,) = [text for text in agendas(year) if named in text.split("\n")[0]]
    assert "Something else" in agenda
    assert "carried once" in agenda.lower()
