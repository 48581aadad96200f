"""Plans and what is decided by them: one turn a day or week, whatever clocks and people do."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deciding import coming, decide
from bot.delivery.occurrences import Outcome
from bot.job import CatchUp
from bot.plans import Plan, moment_of
from bot.workdays import WorkCalendar

WORKDAYS = frozenset(range(5))
BAVARIA = WorkCalendar("DE", "BY")
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
}
"""When the clocks are changed; on Lord Howe Island by half an hour. In India they never are."""

EVERY_DAY = frozenset(range(7))
FRIDAY = frozenset({4})
NIGHTS = (time(1, 45), time(2), time(2, 15), time(2, 30), time(3), time(8, 30), time(23, 59))

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
days_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
calendars = st.sampled_from([None, WorkCalendar("DE"), BAVARIA, WorkCalendar("US")])
weekly = st.builds(
    lambda zone, at, weekday, calendar: Plan(zone, at, frozenset({weekday}), True, calendar),
    st.sampled_from(ZONES), times, st.integers(0, 6), calendars,
)  # fmt: skip
daily = st.builds(
    lambda zone, at, calendar: Plan(zone, at, WORKDAYS, False, calendar),
    st.sampled_from(ZONES), times, calendars,
)  # fmt: skip


def of_berlin(at: time, weekdays: frozenset[int] = FRIDAY, *, weekly: bool = True) -> Plan:
    """A plan of an office in Munich."""
    return Plan("Europe/Berlin", at, weekdays, weekly, BAVARIA)


@pytest.mark.parametrize("at", NIGHTS)
@pytest.mark.parametrize(("zone", "changes"), CHANGES.items(), ids=list(CHANGES))
def test_a_day_on_which_the_clocks_are_changed_has_one_turn(
    zone: str, changes: tuple[date, date], at: time
) -> None:
    plan = Plan(zone, at, EVERY_DAY)
    for day in changes:
        start = moment_of(day - timedelta(days=3), time(0), zone)
        turns = plan.missed(start, start + timedelta(days=7))
        assert [turn.day for turn in turns] == sorted({turn.day for turn in turns})
        assert Counter(turn.period for turn in turns)[day.isoformat()] == 1


@pytest.mark.parametrize(("zone", "changes"), CHANGES.items(), ids=list(CHANGES))
def test_the_local_hour_stays_when_the_clocks_are_changed(
    zone: str, changes: tuple[date, date]
) -> None:
    plan = Plan(zone, time(8, 30), EVERY_DAY)
    for day in changes:
        for nearby in (day - timedelta(days=1), day, day + timedelta(days=1)):
            turn = plan.turn_on(nearby)
            assert turn is not None
            assert turn.at.astimezone(ZoneInfo(zone)).time() == time(8, 30)


def test_an_hour_the_clocks_leave_out_comes_as_long_after_the_gap() -> None:
    assert moment_of(date(2026, 3, 29), time(2, 30), "Europe/Berlin") == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )  # 03:30 in summer time
    howe = moment_of(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")
    assert howe.astimezone(ZoneInfo("Australia/Lord_Howe")).time() == time(2, 45)


def test_an_hour_that_comes_twice_is_the_first_of_the_two() -> None:
    assert moment_of(date(2026, 10, 25), time(2, 30), "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    assert moment_of(date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe") == datetime(
        2026, 4, 4, 14, 45, tzinfo=UTC
    )


def test_half_past_eight_in_india_is_at_three_in_greenwich() -> None:
    turn = Plan("Asia/Kolkata", time(8, 30), WORKDAYS).turn_on(date(2026, 11, 24))
    assert turn is not None
    assert turn.at == datetime(2026, 11, 24, 3, tzinfo=UTC)


@given(plan=weekly, day=days_2026)
def test_a_week_has_one_turn_and_never_on_a_holiday(plan: Plan, day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=number) for number in range(7)]
    turns = [turn for one in week if (turn := plan.turn_on(one)) is not None]
    assert len(turns) == 1
    (turn,) = turns
    if min(plan.weekdays) < 5 and plan.calendar is not None:
        assert plan.calendar.is_working(turn.day)
    assert turn.period == f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"


@given(plan=daily, day=days_2026)
def test_a_working_day_has_one_turn_and_no_other_day_has_any(plan: Plan, day: date) -> None:
    is_worked = (plan.calendar or WorkCalendar()).is_working(day)
    assert (plan.turn_on(day) is not None) == is_worked


@given(
    plan=st.one_of(daily, weekly),
    day=days_2026,
    at=times,
    spans=st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=1, max_size=4),
)
def test_what_is_missed_in_pieces_is_what_is_missed_at_once(
    plan: Plan, day: date, at: time, spans: list[timedelta]
) -> None:
    began = moment_of(day, at, "UTC")
    moments = [began]
    for span in spans:
        moments.append(moments[-1] + span)
    pieces = [turn for since, until in pairwise(moments) for turn in plan.missed(since, until)]
    whole = plan.missed(began, moments[-1])
    assert list(dict.fromkeys(pieces)) == whole
    assert len({turn.period for turn in whole}) == len(whole)


def test_a_holiday_on_the_weekly_day_moves_the_turn_to_the_working_day_before() -> None:
    christmas = of_berlin(time(16)).turn_on(date(2026, 12, 24))
    assert christmas is not None
    assert christmas.period == "2026-W52"
    assert of_berlin(time(16)).turn_on(date(2026, 12, 25)) is None


def test_where_no_working_day_is_before_it_moves_to_the_one_after() -> None:
    easter = of_berlin(time(9), frozenset({0})).turn_on(date(2026, 4, 7))  # Monday is a holiday
    assert easter is not None
    assert easter.period == "2026-W15"


def test_a_turn_on_sunday_stays_there_whatever_the_holidays() -> None:
    sunday = Plan("Europe/Berlin", time(20), frozenset({6}), True, WorkCalendar("DE"))
    assert sunday.turn_on(date(2026, 4, 5)) is not None  # Easter


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (time(9, 31), True),  # the new hour lies just behind: at once
        (time(8, 59), False),  # it lies ahead
    ],
)
def test_an_hour_moved_on_its_day_is_done_at_once_where_it_has_passed(now: time, due: bool) -> None:
    owed = moment_of(date(2026, 11, 24), time(12), "UTC")
    plan = Plan("UTC", time(9), WORKDAYS)
    decision = decide(CatchUp.SKIP, plan, owed, set(), moment_of(date(2026, 11, 24), now, "UTC"))
    assert bool(decision.due) == due
    assert decision.next_at.day == (25 if due else 24)


def test_what_was_done_today_comes_next_time_whatever_the_new_hour() -> None:
    owed = moment_of(date(2026, 11, 25), time(8), "UTC")
    plan = Plan("UTC", time(18), WORKDAYS)
    decision = decide(
        CatchUp.SKIP, plan, owed, {"2026-11-24"}, datetime(2026, 11, 24, 10, tzinfo=UTC)
    )
    assert decision.due == ()
    assert decision.next_at == datetime(2026, 11, 25, 18, tzinfo=UTC)


def test_a_weekly_day_moved_back_in_its_week_is_not_lost() -> None:
    owed = moment_of(date(2026, 11, 27), time(15), "Europe/Berlin")
    thursday = moment_of(date(2026, 11, 26), time(17), "Europe/Berlin")
    wednesday = of_berlin(time(16), frozenset({2}))
    decision = decide(CatchUp.LATEST, wednesday, owed, set(), thursday)
    assert [turn.period for turn in decision.due] == ["2026-W48"]
    assert decision.next_at == moment_of(date(2026, 12, 2), time(16), "Europe/Berlin")


def test_what_is_late_waits_at_night_and_is_done_when_the_office_opens() -> None:
    plan = of_berlin(time(15))
    owed = moment_of(date(2026, 11, 27), time(15), "Europe/Berlin")
    night = moment_of(date(2026, 11, 28), time(3), "Europe/Berlin")
    waits = decide(CatchUp.LATEST, plan, owed, set(), night)
    assert waits.due == ()
    assert waits.next_at == moment_of(date(2026, 11, 30), time(7), "Europe/Berlin")
    done = decide(CatchUp.LATEST, plan, waits.pending_at, set(), waits.next_at)
    assert [turn.period for turn in done.due] == ["2026-W48"]


@dataclass
class Desk:
    """One subject of one job, ticked as the scheduler does; *lines* is its ledger."""

    catch_up: CatchUp
    plan: Plan
    now: datetime
    next_at: datetime | None = None
    owed: datetime | None = None
    lines: list[tuple[str, Outcome]] = field(default_factory=list)

    def tick(self) -> None:
        if self.next_at is not None and self.next_at > self.now:
            return
        told = {period for period, _outcome in self.lines}
        owed = self.owed or self.next_at
        decision = decide(self.catch_up, self.plan, owed, told, self.now)
        self.lines += [(turn.period, Outcome.SENT) for turn in decision.due]
        self.lines += [(turn.period, outcome) for turn, outcome in decision.past]
        self.next_at, self.owed = decision.next_at, decision.pending_at

    def edit(self, plan: Plan) -> None:
        """The plan changes; the scheduler hears of it at the next tick."""
        self.owed, self.next_at, self.plan = self.owed or self.next_at, None, plan

    def passes(self, span: timedelta) -> None:
        end = self.now + span
        while self.now < end:
            self.tick()
            self.now = min(self.now + timedelta(minutes=20), end)
        self.tick()


edits = st.lists(
    st.tuples(st.timedeltas(timedelta(0), timedelta(days=4)), st.integers(0, 4), times),
    max_size=8,
)
ZONED = st.sampled_from(ZONES[:4])
STARTS = st.sampled_from(
    [date(2026, 3, 2), date(2026, 3, 23), date(2026, 9, 28), date(2026, 10, 19)]
)


@settings(max_examples=60, deadline=None)
@given(zone=ZONED, start=STARTS, edits=edits, catch_up=st.sampled_from(list(CatchUp)))
def test_a_week_has_one_report_whenever_its_day_and_hour_are_edited(
    zone: str, start: date, edits: list[tuple[timedelta, int, time]], catch_up: CatchUp
) -> None:
    plan = Plan(zone, time(15), FRIDAY, True, BAVARIA)
    desk = Desk(catch_up, plan, moment_of(start, time(0), zone))
    desk.tick()
    for span, weekday, at in edits:
        desk.passes(span)
        desk.edit(replace(plan, weekdays=frozenset({weekday}), at=at))
    desk.passes(timedelta(days=15))
    counts = Counter(period for period, _outcome in desk.lines)
    weeks = (plan.local(desk.now).date() - timedelta(days=7) - start).days // 7
    for number in range(weeks):
        week = (start + timedelta(weeks=number)).isocalendar()
        assert counts[f"{week.year}-W{week.week:02}"] == 1
    assert max(counts.values()) == 1


@settings(max_examples=60, deadline=None)
@given(zone=ZONED, start=STARTS, edits=edits)
def test_a_working_day_has_one_digest_whenever_its_hour_is_edited(
    zone: str, start: date, edits: list[tuple[timedelta, int, time]]
) -> None:
    plan = Plan(zone, time(8, 30), WORKDAYS)
    desk = Desk(CatchUp.SKIP, plan, moment_of(start, time(0), zone))
    desk.tick()
    for span, _weekday, at in edits:
        desk.passes(span)
        desk.edit(replace(plan, at=at))
    desk.passes(timedelta(days=3))
    counts = Counter(period for period, _outcome in desk.lines)
    day, last = start, plan.local(desk.now).date() - timedelta(days=1)
    while day < last:
        assert counts[day.isoformat()] == (1 if day.weekday() < 5 else 0), day
        day += timedelta(days=1)
    assert max(counts.values()) == 1


@settings(max_examples=40, deadline=None)
@given(plans=st.lists(st.tuples(st.timedeltas(timedelta(0), timedelta(days=3)), daily), max_size=6))
def test_whoever_travels_has_no_day_twice(plans: list[tuple[timedelta, Plan]]) -> None:
    plan = Plan("UTC", time(8, 30), WORKDAYS)
    desk = Desk(CatchUp.SKIP, plan, datetime(2026, 10, 19, tzinfo=UTC))
    for span, changed in plans:
        desk.passes(span)
        desk.edit(changed)
    desk.passes(timedelta(days=3))
    assert max(Counter(period for period, _outcome in desk.lines).values()) == 1


def test_the_next_turns_leave_out_what_was_done_before_its_time() -> None:
    turns = coming(of_berlin(time(16)), {"2026-W48"}, datetime(2026, 11, 24, tzinfo=UTC))
    assert next(turns).day == date(2026, 12, 4)
