"""Rhythms: rules in words, English and German, become RFC 5545's and read back the same."""

from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice

import pytest
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import PastDate
from bot.errors import UserError
from bot.hours import Hours, leading_hours
from bot.recurrence import Every, Recurrence, days_of
from bot.rhythm import Rhythm, recurrence_words
from bot.rhythm_reading import leading_rhythm, leading_slot
from bot.workdays import WorkCalendar

TODAY = date(2026, 11, 24)  # a Tuesday
CALENDAR = WorkCalendar()


def read(text: str) -> Rhythm | None:
    """The rhythm of all of *text*."""
    found = leading_rhythm(text, TODAY, calendar=CALENDAR)
    return found[0] if found and found[1] == len(text) else None


@pytest.mark.parametrize(
    ("typed", "rule", "words"),
    [
        ("every tue 10:00-10:45", "FREQ=WEEKLY;BYDAY=TU", "every Tue, 10:00–10:45"),
        ("every 2 weeks on tue 10:00-10:45", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
         "every 2 weeks on Tue, 10:00–10:45"),
        ("every second tue", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tue"),
        ("every other tue", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tue"),
        ("jeden zweiten dienstag", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tue"),
        ("jeden 2. dienstag 10 uhr", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
         "every 2 weeks on Tue, 10:00"),
        ("daily 9:00-9:15", "FREQ=DAILY", "every day, 09:00–09:15"),
        ("täglich 9 Uhr", "FREQ=DAILY", "every day, 09:00"),
        ("every 3 days 8:00", "FREQ=DAILY;INTERVAL=3", "every 3 days, 08:00"),
        ("every weekday 9:00 15m", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
         "every weekday, 09:00–09:15"),
        ("jeden Werktag um 9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday, 09:00"),
        ("every mon-fri 9:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday, 09:00"),
        ("every mon, wed and fri 9-9:30", "FREQ=WEEKLY;BYDAY=MO,WE,FR",
         "every Mon, Wed and Fri, 09:00–09:30"),
        ("every month on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15", "every month on the 15th"),
        ("am 15. jedes Monats 9:00", "FREQ=MONTHLY;BYMONTHDAY=15",
         "every month on the 15th, 09:00"),
        ("every first tue of the month 14:00-15:00", "FREQ=MONTHLY;BYDAY=1TU",
         "every first Tue of the month, 14:00–15:00"),
        ("jeden ersten Dienstag im Monat 14 Uhr", "FREQ=MONTHLY;BYDAY=1TU",
         "every first Tue of the month, 14:00"),
        ("every last fri", "FREQ=MONTHLY;BYDAY=-1FR", "every last Fri of the month"),
        ("monatlich am letzten freitag 15:00 für 1,5 stunden", "FREQ=MONTHLY;BYDAY=-1FR",
         "every last Fri of the month, 15:00–16:30"),
        ("every 2 months on the 3rd thu 10:00", "FREQ=MONTHLY;INTERVAL=2;BYDAY=3TH",
         "every 2 months on the third Thu, 10:00"),
        ("jeden dienstag 10 uhr", "FREQ=WEEKLY;BYDAY=TU", "every Tue, 10:00"),
        ("alle 2 wochen dienstags", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tue"),
        ("alle 14 Tage dienstags 10:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
         "every 2 weeks on Tue, 10:00"),
        ("every fortnight on mon 10am", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
         "every 2 weeks on Mon, 10:00"),
        ("Tuesdays 2-3pm", "FREQ=WEEKLY;BYDAY=TU", "every Tue, 14:00–15:00"),
        ("10:00-10:45 every tue", "FREQ=WEEKLY;BYDAY=TU", "every Tue, 10:00–10:45"),
        ("every Tuesday at 10 for 45 minutes", "FREQ=WEEKLY;BYDAY=TU", "every Tue, 10:00–10:45"),
        ("every tue 22:00-0:30", "FREQ=WEEKLY;BYDAY=TU", "every Tue, 22:00–00:30"),
    ],
)  # fmt: skip
def test_a_rule_in_words_is_rfc_5545s(typed: str, rule: str, words: str) -> None:
    found = read(typed)
    assert found is not None
    assert found.recurrence is not None
    assert found.recurrence.rule() == rule
    assert found.words == words


@pytest.mark.parametrize(
    ("typed", "day", "at", "minutes"),
    [
        ("on 1 dec 10:00-11:00", date(2026, 12, 1), time(10), 60),
        ("tomorrow 14:00", date(2026, 11, 25), time(14), None),
        ("am 1.12. um 10 uhr", date(2026, 12, 1), time(10), None),
        ("fri 12:00 90 min", date(2026, 11, 27), time(12), 90),
        ("in 2 weeks 9:30", date(2026, 12, 8), time(9, 30), None),
    ],
)
def test_a_single_date_is_a_day_and_its_hours(
    typed: str, day: date, at: time, minutes: int | None
) -> None:
    assert read(typed) == Rhythm(None, day, Hours(at, minutes))


@pytest.mark.parametrize(
    "text",
    [
        "daily standup",
        "weekly report",
        "every so often",
        "tomorrow",
        "Plan for fri",
        "10:00 coffee",
        "2 weeks of holiday",
        "the first tue",
        "tue",
        "every",
        "",
    ],
)
def test_what_only_looks_like_a_rhythm_is_text(text: str) -> None:
    assert leading_rhythm(text, TODAY, calendar=CALENDAR) is None


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("every week 10:00", "On which day?"),
        ("every month 10:00", "On which day?"),
        ("every third tue 9:00", "Is that every 3 weeks, or once a month?"),
        ("every tue 25:00", "No clock shows"),
        ("every tue 10:00-9:00", "ends before it begins"),
        ("every tue 10:00 for 15h", "from one minute to twelve hours"),
        ("every 0 weeks on tue", "counts from 1 to 99"),
        ("every month on the 32nd", "No month has a day 32"),
    ],
)
def test_what_cannot_be_is_refused_with_what_works(typed: str, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint.replace("?", r"\?")):
        leading_rhythm(typed, TODAY, calendar=CALENDAR)


def test_a_day_gone_by_is_no_single_date() -> None:
    with pytest.raises(PastDate):
        leading_rhythm("on 1.2.2020 10:00", TODAY, calendar=CALENDAR)


def test_hours_are_no_day_of_a_month() -> None:
    assert leading_hours("from 10.12.", 0) is None
    assert leading_hours("10.30", 0) == (Hours(time(10, 30)), 5)


@pytest.mark.parametrize(
    ("typed", "day", "named", "hours"),
    [
        ("wed 14:00", date(2026, 11, 25), 2, Hours(time(14))),
        ("2 dec 10:00-11:00", date(2026, 12, 2), None, Hours(time(10), 60)),
        ("11:00", None, None, Hours(time(11))),
        ("tue", date(2026, 12, 1), 1, None),
    ],
)
def test_a_slot_is_a_day_or_hours_or_both(
    typed: str, day: date | None, named: int | None, hours: Hours | None
) -> None:
    found = leading_slot(typed, TODAY, calendar=CALENDAR)
    assert found is not None
    slot, end = found
    assert (slot.day, slot.weekday, slot.hours, end) == (day, named, hours, len(typed))


# --- Any rule there is ----------------------------------------------------------------------

INTERVALS = st.integers(1, 12)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
RULES = st.one_of(
    st.builds(Recurrence, st.just(Every.DAY), INTERVALS),
    st.builds(Recurrence, st.just(Every.WEEK), INTERVALS, WEEKDAYS),
    st.builds(
        lambda interval, day: Recurrence(Every.MONTH, interval, monthday=day),
        INTERVALS,
        st.integers(1, 31),
    ),
    st.builds(
        lambda interval, day, place: Recurrence(Every.MONTH, interval, (day,), place=place),
        INTERVALS,
        st.integers(0, 6),
        st.sampled_from((1, 2, 3, 4, -1)),
    ),
)
FIRST = st.dates(date(2024, 1, 1), date(2030, 12, 31))
FREQUENCIES = {Every.DAY: DAILY, Every.WEEK: WEEKLY, Every.MONTH: MONTHLY}


def dates_by_dateutil(rule: Recurrence, first: date) -> list[date]:
    """The first ten days, asked of dateutil without any text in between."""
    weekdays = [weekday(day, rule.place) for day in rule.weekdays] or None
    found = rrule(
        FREQUENCIES[rule.every],  # type: ignore[arg-type] # its stubs know literals only
        dtstart=datetime.combine(first, time()),
        interval=rule.interval,
        byweekday=weekdays,
        bymonthday=rule.monthday,
        count=10,
    )
    return [moment.date() for moment in found]


@given(RULES, FIRST)
def test_words_rule_and_dates_are_one(rule: Recurrence, first: date) -> None:
    words = recurrence_words(rule)
    found = read(f"{words}, 10:00–10:45")
    assert found == Rhythm(rule, None, Hours(time(10), 45)), words
    assert Recurrence.of(rule.rule()) == rule
    first = next(days_of(replace(rule, interval=1).rule(), first))  # as a series begins
    assert list(islice(days_of(rule.rule(), first), 10)) == dates_by_dateutil(rule, first)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    for reader in (leading_rhythm, leading_slot):
        try:
            found = reader(text, TODAY, calendar=CALENDAR)
        except (UserError, ValueError):
            continue
        assert found is None or 0 < found[1] <= len(text)
