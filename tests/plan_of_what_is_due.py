"""What is due in some days of an office in five zones, worked out without asking the bot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
SET_UP = datetime(2026, 11, 2, 6, tzinfo=BERLIN)  # then nobody is there for three weeks
START = datetime(2026, 11, 23, 3, tzinfo=BERLIN)  # a Monday; no office was open the day before
END = datetime(2026, 11, 25, 15, 15, tzinfo=BERLIN)
LATEST_END = datetime(2026, 11, 27, 6, tzinfo=BERLIN)  # then a Friday's noon is near somewhere
MONDAY = START.date()

OPENS, DIGEST, ESCALATION, ENDS = time(7), time(8, 30), time(9), time(20)
LEAD_AFTER, SPONSOR_AFTER = 3, 7  # working days
WEDNESDAY = 2
ASKS_FOR_STATUS = (WEDNESDAY, 3, 4)
DUES = tuple(date(2026, 11, day) for day in (11, 12, 13, 16, 17, 18, 19, 20))
ZONES = (
    "Asia/Kolkata",
    "Africa/Nairobi",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
HEAVY = 40  # actions of one person, whose digest goes on in its thread


@dataclass(frozen=True)
class Task:
    """An action nobody ever settles: on every day its owner is reminded of it."""

    title: str
    owner: str
    due: date


@dataclass(frozen=True)
class Team:
    """A project with its channel, lead and sponsor, all in one zone, and who has what to do."""

    name: str
    zone: str
    report_day: int
    report_at: time
    tasks: tuple[Task, ...]

    @property
    def lead(self) -> str:
        return f"{self.name}lead"

    @property
    def sponsor(self) -> str:
        return f"{self.name}sponsor"

    @property
    def members(self) -> list[str]:
        """Those who have something to do."""
        return list(dict.fromkeys(task.owner for task in self.tasks))

    def at(self, day: date, hour: time) -> datetime:
        """A local moment."""
        return datetime.combine(day, hour, ZoneInfo(self.zone))

    def days(self, end: datetime) -> list[date]:
        """Those that have begun there by *end*, from Monday on."""
        count = (end.astimezone(ZoneInfo(self.zone)).date() - MONDAY).days + 1
        return [MONDAY + timedelta(days=number) for number in range(count)]


@dataclass(frozen=True)
class Due:
    """What is to stand in *place*, once; *since* then, and *until* then somebody can say it."""

    place: str
    what: str
    since: datetime
    until: datetime


def teams() -> list[Team]:
    """Two in each of five zones, one of them at half an hour."""
    return [_team(number, zone) for number, zone in enumerate([*ZONES, *ZONES])]


def _team(number: int, zone: str) -> Team:
    name = f"{zone.rpartition('/')[2].replace('_', '').lower()}{number}"
    owners = [f"{name}m{place}" for place in range(8)]
    if number == 0:
        owners += [f"{name}heavy"] * HEAVY
    tasks = tuple(
        Task(f"repair {name}x{place}", owner, DUES[(number + place) % len(DUES)])
        for place, owner in enumerate(owners)
    )
    return Team(name, zone, WEDNESDAY, time(8 + number % 5), tasks)


def everything_due(team: Team, end: datetime) -> list[Due]:
    """All that is to be said to *team* from the start until *end*."""
    return [
        *_digests(team, end), *_escalations(team, end), *_stale(team, end), *_reports(team, end)
    ]  # fmt: skip


def _digests(team: Team, end: datetime) -> Iterator[Due]:
    """Every member each day; the lead, too, is asked for the status from Wednesday on."""
    for day in team.days(end):
        is_asked = day.weekday() in ASKS_FOR_STATUS
        for reader in (*team.members, *([team.lead] if is_asked else [])):
            words = [task.title for task in team.tasks if task.owner == reader]
            for what in ("", *words):
                told = f"{day_name(day)} {what}".strip()
                yield from _in_hours(team, reader, told, team.at(day, DIGEST), end)


def _escalations(team: Team, end: datetime) -> Iterator[Due]:
    """Each task once to the lead and once to the sponsor; on the day after, if not on its day."""
    for task in team.tasks:
        for reader, after in ((team.lead, LEAD_AFTER), (team.sponsor, SPONSOR_AFTER)):
            days = team.days(end)
            day = next((day for day in days if working_days(task.due, day) >= after), None)
            if day is not None:
                at = team.at(day, ESCALATION)
                for due in _in_hours(team, reader, f"overdue {task.title}", at, end):
                    yield Due(due.place, due.what, due.since, end)


def _stale(team: Team, end: datetime) -> Iterator[Due]:
    """That the status never came: last Friday's word, when the office opens."""
    yield Due(team.lead, f"stale {team.name}", max(START, team.at(MONDAY, OPENS)), end)


def _reports(team: Team, end: datetime) -> Iterator[Due]:
    """Last week's, late, when the office opens on the first day, and this week's."""
    last = day_name(MONDAY + timedelta(days=team.report_day - 7))
    at = team.at(MONDAY + timedelta(days=team.report_day), team.report_at)
    yield Due(team.name, f"report of {last}", max(START, team.at(MONDAY, OPENS)), min(at, end))
    if at <= end:
        yield Due(team.name, f"report after {last}", at, end)


def _in_hours(team: Team, reader: str, what: str, at: datetime, end: datetime) -> Iterator[Due]:
    """On that day only, until the office closes."""
    since, until = max(START, at), min(end, team.at(at.date(), ENDS))
    if since < until:
        yield Due(reader, what, since, until)


def working_days(since: date, until: date) -> int:
    """How many working days *until* is later than *since*; no holidays here."""
    days = (since + timedelta(days=n) for n in range(1, (until - since).days + 1))
    return sum(day.weekday() < 5 for day in days)  # before Saturday


def day_name(day: date) -> str:
    """A day as people read it, such as Mon 23 Nov."""
    return f"{day:%a} {day.day} {day:%b}"
