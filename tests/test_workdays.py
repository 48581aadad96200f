"""Working days and holidays of the office's country."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.workdays import MOST_DAYS, WorkCalendar

BAVARIA = WorkCalendar("DE", "BY")
NOWHERE = WorkCalendar()
CALENDARS = st.sampled_from(
    [
        NOWHERE,
        BAVARIA,
        WorkCalendar("US", "CA"),
        WorkCalendar("AE", weekdays=frozenset({6, 0, 1, 2, 3})),
        WorkCalendar(weekdays=frozenset({2})),
    ]
)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
# The first look at a country or at dateparser loads it, which a busy machine makes slow.
UNHURRIED = settings(deadline=None)


def test_a_weekend_and_a_holiday_are_not_worked() -> None:
    assert NOWHERE.is_working(date(2026, 12, 25))
    assert not BAVARIA.is_working(date(2026, 12, 25))
    assert not NOWHERE.is_working(date(2026, 12, 26))
    assert BAVARIA.is_working(date(2026, 12, 28))


def test_a_holiday_has_its_name_in_the_language_of_the_reader() -> None:
    christmas = date(2026, 12, 25)
    assert BAVARIA.holiday_name(christmas) == "Christmas Day"
    assert BAVARIA.holiday_name(christmas, "de-AT") == "Erster Weihnachtstag"
    assert BAVARIA.holiday_name(christmas, "sw") == "Christmas Day"
    assert WorkCalendar("GB").holiday_name(christmas, "en_US") == "Christmas Day"


def test_a_day_without_a_holiday_has_no_name() -> None:
    assert BAVARIA.holiday_name(date(2026, 11, 24)) is None
    assert NOWHERE.holiday_name(date(2026, 12, 25)) is None


def test_a_subdivision_has_holidays_that_the_country_lacks() -> None:
    epiphany = date(2027, 1, 6)
    assert not BAVARIA.is_working(epiphany)
    assert WorkCalendar("DE", "BE").is_working(epiphany)
    assert WorkCalendar("DE").is_working(epiphany)


def test_a_holiday_observed_in_the_year_before_is_known() -> None:
    assert not WorkCalendar("US").is_working(date(2021, 12, 31))


def test_the_next_working_day_comes_after_weekend_and_holidays() -> None:
    christmas_eve = date(2026, 12, 24)
    assert NOWHERE.next_working(christmas_eve) == date(2026, 12, 25)
    assert BAVARIA.next_working(christmas_eve) == date(2026, 12, 28)
    assert BAVARIA.next_working(date(2026, 12, 27)) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 11, 24), 10, date(2026, 12, 8)),
        (date(2026, 12, 23), 2, date(2026, 12, 28)),
        (date(2026, 12, 28), -2, date(2026, 12, 23)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), -1, date(2026, 11, 27)),
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
    ],
)
def test_working_days_are_added_and_taken_back(start: date, count: int, expected: date) -> None:
    assert BAVARIA.add(start, count) == expected


def test_a_slip_from_30_june_to_15_july_is_eleven_working_days() -> None:
    assert BAVARIA.between(date(2027, 6, 30), date(2027, 7, 15)) == 11
    assert BAVARIA.between(date(2027, 7, 15), date(2027, 6, 30)) == -11
    assert BAVARIA.between(date(2027, 7, 15), date(2027, 7, 15)) == 0


@UNHURRIED
@given(CALENDARS, DAYS, st.integers(-60, 60))
def test_adding_is_counting_the_days_one_by_one(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    step = timedelta(days=1 if count > 0 else -1)
    expected, left = day, abs(count)
    while left:
        expected += step
        left -= calendar.is_working(expected)
    assert calendar.add(day, count) == expected


@UNHURRIED
@given(CALENDARS, DAYS, st.integers(0, 900))
def test_the_distance_is_the_number_of_working_days_in_it(
    calendar: WorkCalendar, day: date, days: int
) -> None:
    later = day + timedelta(days=days)
    worked = sum(calendar.is_working(day + timedelta(days=n)) for n in range(1, days + 1))
    assert calendar.between(day, later) == worked
    assert calendar.between(later, day) == -worked


@UNHURRIED
@given(CALENDARS, DAYS, st.integers(-3000, 3000))
def test_what_was_added_is_the_distance(calendar: WorkCalendar, day: date, count: int) -> None:
    start = calendar.next_working(day)
    assert calendar.between(start, calendar.add(start, count)) == count


@pytest.mark.parametrize(
    ("country", "subdivision", "complaint"),
    [
        ("XX", None, "no public holidays are known for 'XX'"),
        ("DE", "ZZ", "no public holidays are known for 'ZZ' in 'DE'"),
        ("Germany", None, "'Germany' is not a code of two letters"),
        ("", None, "'' is not a code of two letters"),
        (None, "BY", "'BY' needs a country"),
    ],
)
def test_an_unknown_place_is_refused_by_its_name(
    country: str | None, subdivision: str | None, complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        WorkCalendar(country, subdivision)


def test_the_country_may_be_typed_in_small_letters() -> None:
    assert not WorkCalendar("de", "BY").is_working(date(2026, 12, 25))


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({7})])
def test_a_week_without_working_days_is_refused(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="working weekdays"):
        WorkCalendar(weekdays=weekdays)


def test_absurdly_many_working_days_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        BAVARIA.add(date(2026, 11, 24), MOST_DAYS + 1)
    with pytest.raises(ValueError, match="no calendar reaches"):
        NOWHERE.add(date(9999, 12, 30), 10)
    with pytest.raises(ValueError, match="no calendar reaches"):
        NOWHERE.add(date(1, 1, 2), -10)
