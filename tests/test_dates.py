"""Days as people type them, in English and German."""

import subprocess
import sys
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.dates import (
    AmbiguousDate,
    DateOrder,
    ImpossibleDate,
    PastDate,
    format_day,
    leading_date,
    read_date,
)
from bot.dates.vocabulary import COUNTS, DISTANCES, MONTHS, WEEKDAYS
from bot.workdays import WorkCalendar

TODAY = date(2026, 11, 24)  # a Tuesday
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
BAVARIA = WorkCalendar("DE", "BY")
# The first look at a country or at dateparser loads it, which a busy machine makes slow.
UNHURRIED = settings(deadline=None)


def read(
    text: str,
    today: date = TODAY,
    *,
    old: date | None = None,
    order: DateOrder | None = None,
    past: bool = False,
) -> date:
    return read_date(text, today, old=old, order=order, past=past, calendar=BAVARIA)


def leading(text: str, today: date = TODAY, *, past: bool = False) -> tuple[date, int] | None:
    return leading_date(text, today, past=past, calendar=BAVARIA)


# What may be followed by more text: phrase, day.
PHRASES = [
    ("today", "2026-11-24"),
    ("Heute", "2026-11-24"),
    ("tomorrow", "2026-11-25"),
    ("morgen", "2026-11-25"),
    ("übermorgen", "2026-11-26"),
    ("ÜBERMORGEN", "2026-11-26"),
    ("uebermorgen", "2026-11-26"),
    ("u\u0308bermorgen", "2026-11-26"),
    ("day after tomorrow", "2026-11-26"),
    ("the day after tomorrow", "2026-11-26"),
    ("mon", "2026-11-30"),
    ("Monday", "2026-11-30"),
    ("mo", "2026-11-30"),
    ("Mo.", "2026-11-30"),
    ("Montag", "2026-11-30"),
    ("tue", "2026-12-01"),
    ("mi", "2026-11-25"),
    ("So.", "2026-11-29"),
    ("on friday", "2026-11-27"),
    ("am Freitag", "2026-11-27"),
    ("next fri", "2026-12-04"),
    ("Next Friday", "2026-12-04"),
    ("next tue", "2026-12-01"),
    ("nächsten Freitag", "2026-12-04"),
    ("naechsten Fr.", "2026-12-04"),
    ("nächste Woche Freitag", "2026-12-04"),
    ("fri next week", "2026-12-04"),
    ("Freitag nächster Woche", "2026-12-04"),
    ("kommenden Freitag", "2026-11-27"),
    ("this fri", "2026-11-27"),
    ("diesen Dienstag", "2026-11-24"),
    ("this week", "2026-11-27"),
    ("next week", "2026-12-04"),
    ("kommende Woche", "2026-12-04"),
    ("next month", "2026-12-31"),
    ("in 2 weeks", "2026-12-08"),
    ("in 2 Wochen", "2026-12-08"),
    ("in two weeks' time", "2026-12-08"),
    ("in zwei Wochen", "2026-12-08"),
    ("in 3 days", "2026-11-27"),
    ("in 3d", "2026-11-27"),
    ("in 1 month", "2026-12-24"),
    ("in a week", "2026-12-01"),
    ("in einer Woche", "2026-12-01"),
    ("in einem Jahr", "2027-11-24"),
    ("+2 weeks", "2026-12-08"),
    ("+ 2 weeks", "2026-12-08"),
    ("+10", "2026-12-04"),
    ("+3d", "2026-11-27"),
    ("+2w", "2026-12-08"),
    ("+1m", "2026-12-24"),
    ("in 10 wd", "2026-12-08"),
    ("+10 wd", "2026-12-08"),
    ("in 10 working days", "2026-12-08"),
    ("in 10 Arbeitstagen", "2026-12-08"),
    ("in 10 AT", "2026-12-08"),
    ("in 25 wd", "2026-12-30"),
    ("eow", "2026-11-27"),
    ("Ende der Woche", "2026-11-27"),
    ("end of the week", "2026-11-27"),
    ("end of next week", "2026-12-04"),
    ("Ende nächster Woche", "2026-12-04"),
    ("eom", "2026-11-30"),
    ("end of month", "2026-11-30"),
    ("zum Monatsende", "2026-11-30"),
    ("Ende des Monats", "2026-11-30"),
    ("Ende nächsten Monats", "2026-12-31"),
    ("end of nov", "2026-11-30"),
    ("the end of november", "2026-11-30"),
    ("bis Ende November", "2026-11-30"),
    ("Ende Februar", "2027-02-28"),
    ("end of feb 2028", "2028-02-29"),
    ("eoq", "2026-12-31"),
    ("end of q1", "2027-03-31"),
    ("Ende Q1 2028", "2028-03-31"),
    ("eoy", "2026-12-31"),
    ("end of the year", "2026-12-31"),
    ("end of 2027", "2027-12-31"),
    ("30 nov", "2026-11-30"),
    ("30nov", "2026-11-30"),
    ("30 november 2026", "2026-11-30"),
    ("the 30th of november", "2026-11-30"),
    ("nov 30", "2026-11-30"),
    ("Nov. 30th", "2026-11-30"),
    ("november 30, 2026", "2026-11-30"),
    ("30. November", "2026-11-30"),
    ("5. März", "2027-03-05"),
    ("5 maerz", "2027-03-05"),
    ("30.11.", "2026-11-30"),
    ("30.11", "2026-11-30"),
    ("30.11.2026", "2026-11-30"),
    ("30. 11. 2026", "2026-11-30"),
    ("30.11.26", "2026-11-30"),
    ("Mo, 30.11.", "2026-11-30"),
    ("Freitag, den 4. Dezember 2026", "2026-12-04"),
    ("fri 4 dec", "2026-12-04"),
    ("2026-11-30", "2026-11-30"),
    ("2026/11/30", "2026-11-30"),
    ("CW49", "2026-12-04"),
    ("cw 49", "2026-12-04"),
    ("KW 49", "2026-12-04"),
    ("week 49", "2026-12-04"),
    ("Ende KW 49", "2026-12-04"),
    ("KW49/2027", "2027-12-10"),
    ("KW 49 2027", "2027-12-10"),
    ("KW 12", "2027-03-26"),
    ("KW 53", "2027-01-01"),
    ("2026-W49", "2026-12-04"),
    ("25/12", "2026-12-25"),
    ("12/25/2026", "2026-12-25"),
    ("25-12-2026", "2026-12-25"),
    ("05/05", "2027-05-05"),
    ("24 nov", "2026-11-24"),
    ("30 june", "2027-06-30"),
    ("29 feb", "2028-02-29"),
]

# What counts only as the whole text, or goes to dateparser.
WHOLE_TEXTS = [
    ("so", "2026-11-29"),
    ("do", "2026-11-26"),
    ("15th", "2026-12-15"),
    ("the 30th", "2026-11-30"),
    ("31st", "2026-12-31"),
    ("15.", "2026-12-15"),
    ("3.4", "2027-04-03"),
    ("  next\n fri ", "2026-12-04"),
    ("tomorrow!", "2026-11-25"),
    ("30 nov 10:00", "2026-11-30"),
    ("30 nov 26", "2026-11-30"),
    ("december 4th at noon", "2026-12-04"),
    ("2 weeks", "2026-12-08"),
    ("3 days from now", "2026-11-27"),
]

NO_DATES = [
    "",
    "   ",
    "soon",
    "may",
    "nov",
    "november 2026",
    "ende",
    "the",
    "next",
    "+",
    "5",
    "10:30",
    "5 people",
    "p4",
    "in BETA",
    "in 5 people",
    "2.5%",
    "30.13",
    "1 2 2027",
    "½ tues",
    "ein 31 feb",
    "30 donnerstag 5",
    "+999999999999999999999999",
    "x" * 5000,
    "9" * 5000,
]


@pytest.mark.parametrize(("text", "day"), PHRASES + WHOLE_TEXTS)
def test_a_day_is_read_from_words_in_two_languages(text: str, day: str) -> None:
    assert read(text) == date.fromisoformat(day)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        read(text)


@pytest.mark.parametrize(
    "rest", ["", " waiting for legal", " wegen Urlaub", ", then call", " (ok)"]
)
@pytest.mark.parametrize(("phrase", "day"), PHRASES)
def test_a_date_is_cut_from_the_start_of_a_sentence(phrase: str, day: str, rest: str) -> None:
    assert leading(phrase + rest) == (date.fromisoformat(day), len(phrase))


@pytest.mark.parametrize(
    "text",
    [
        *NO_DATES,
        "may be late",
        "so that it works",
        "do the thing",
        "monitor the site",
        "the customer",
        "mo-fr",
        "fri's plan",
        "15th anniversary",
        "2.5 million",
        "30.11 percent",
        "1/3 of the users",
        "3.4.1 release",
        "+10 % budget",
        "+49 30 1234567",
        "week 2 of the pilot",
        "2026-11-30T10:00",
        "İstanbul",
        "ſat",
    ],
)
def test_a_sentence_that_starts_otherwise_has_no_date(text: str) -> None:
    assert leading(text) is None


@pytest.mark.parametrize(
    ("text", "day", "consumed"),
    [
        ("so, we meet", "2026-11-29", 2),
        ("30 nov 5000 invites", "2026-11-30", 6),
        ("fri 10:00", "2026-11-27", 3),
        ("in 2 weeks", "2026-12-08", 10),
        ("  fri", "2026-11-27", 5),
        ("+10 wd+", "2026-12-08", 6),
    ],
)
def test_only_the_date_itself_is_cut(text: str, day: str, consumed: int) -> None:
    assert leading(text) == (date.fromisoformat(day), consumed)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("fri", FRIDAY, "2026-12-04"),
        ("next fri", FRIDAY, "2026-12-04"),
        ("kommenden Freitag", FRIDAY, "2026-12-04"),
        ("this fri", FRIDAY, "2026-11-27"),
        ("eow", FRIDAY, "2026-11-27"),
        ("eow", SATURDAY, "2026-12-04"),
        ("next week", SATURDAY, "2026-12-04"),
        ("in 1 month", date(2027, 1, 31), "2027-02-28"),
        ("31st", date(2027, 2, 1), "2027-03-31"),
        ("KW53", date(2027, 1, 1), "2027-01-01"),
        ("CW1", date(2026, 12, 30), "2027-01-08"),
        ("29 feb", date(2096, 7, 1), "2104-02-29"),
    ],
)
def test_the_day_it_is_typed_on_matters(text: str, today: date, day: str) -> None:
    assert read(text, today) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [("+2 weeks", "2026-12-18"), ("+10", "2026-12-14"), ("+5 wd", "2026-12-11")],
)
def test_a_plus_counts_from_the_old_due_date(text: str, day: str) -> None:
    assert read(text, old=date(2026, 12, 4)) == date.fromisoformat(day)


def test_in_two_weeks_counts_from_today_even_with_an_old_due_date() -> None:
    assert read("in 2 weeks", old=date(2026, 12, 4)) == date(2026, 12, 8)


@pytest.mark.parametrize("text", ["03/04", "3/4", "03/04/2027", "03-04-2027", "3/4/27"])
def test_a_day_with_two_readings_is_asked_back(text: str) -> None:
    with pytest.raises(AmbiguousDate) as asked:
        read(text)
    assert asked.value.choices == (date(2027, 4, 3), date(2027, 3, 4))


def test_the_workspace_settles_the_order() -> None:
    assert read("03/04", order=DateOrder.DAY_FIRST) == date(2027, 4, 3)
    assert read("03/04", order=DateOrder.MONTH_FIRST) == date(2027, 3, 4)
    assert read("25/12", order=DateOrder.MONTH_FIRST) == date(2026, 12, 25)


def test_a_weekday_can_settle_the_order() -> None:
    assert read("sat 03/04") == date(2027, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "30 February",
        "30. Februar",
        "31.02.",
        "0 nov",
        "45 nov",
        "30.13.",
        "2026-02-29",
        "30/02",
        "KW54",
        "KW53/2027",
        "fri 5 dec",
        "32nd",
        "30 nov 1950",
        "2099-01-01",
        "in 60 years",
        "in 99999999999 weeks",
        "in 99999999999 wd",
        "in 99999999999 months",
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_as_typed(text: str) -> None:
    with pytest.raises(ImpossibleDate) as refused:
        read(text)
    assert refused.value.text == text


def test_an_impossible_day_at_the_start_of_a_sentence_is_refused_alone() -> None:
    with pytest.raises(ImpossibleDate) as refused:
        leading("30 Feb waiting for legal")
    assert refused.value.text == "30 Feb"


@pytest.mark.parametrize(
    ("text", "day", "proposal"),
    [
        ("yesterday", "2026-11-23", "2026-11-25"),
        ("gestern", "2026-11-23", "2026-11-25"),
        ("vorgestern", "2026-11-22", "2026-11-25"),
        ("day before yesterday", "2026-11-22", "2026-11-25"),
        ("last fri", "2026-11-20", "2026-11-25"),
        ("letzten Dienstag", "2026-11-17", "2026-11-25"),
        ("last week", "2026-11-20", "2026-11-25"),
        ("KW40/2026", "2026-10-02", "2026-11-25"),
        ("2 weeks ago", "2026-11-10", "2026-11-25"),
        ("vor 2 Wochen", "2026-11-10", "2026-11-25"),
        ("2020-01-01", "2020-01-01", "2027-01-01"),
        ("1 dec 2025", "2025-12-01", "2026-12-01"),
        ("29.2.2024", "2024-02-29", "2028-02-29"),
        ("20 nov", "2026-11-20", "2027-11-20"),
        ("23.11.", "2026-11-23", "2027-11-23"),
        ("end of oct", "2026-10-31", "2027-10-31"),
        ("KW 47", "2026-11-20", "2026-11-25"),
    ],
)
def test_a_due_date_in_the_past_is_refused_with_a_proposal(
    text: str, day: str, proposal: str
) -> None:
    with pytest.raises(PastDate) as refused:
        read(text)
    assert refused.value.day == date.fromisoformat(day)
    assert refused.value.proposal == date.fromisoformat(proposal)
    assert read(text, past=True) == date.fromisoformat(day)


def test_an_old_due_date_long_gone_does_not_make_a_new_one_in_the_past() -> None:
    with pytest.raises(PastDate):
        read("+1 week", old=date(2026, 10, 1))


def test_an_actual_date_without_a_year_is_the_nearest_one() -> None:
    assert read("20 nov", past=True) == date(2026, 11, 20)
    assert read("20 sep") == date(2027, 9, 20)
    assert read("KW 46", past=True) == date(2026, 11, 13)
    assert read("30 nov", past=True) == date(2026, 11, 30)


def _ways_to_write(day: date) -> list[str]:
    names = [name for name, number in MONTHS.items() if number == day.month]
    ways = [day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day}.{day.month}.{day.year}"]
    ways += [f"{day.year}/{day.month}/{day.day}"]
    ways += [f"{day.day} {name} {day.year}" for name in names]
    ways += [f"{day.day}. {name.title()} {day.year}" for name in names]
    ways += [f"{name.upper()} {day.day}, {day.year}" for name in names]
    return [*ways, format_day(day, "en"), format_day(day, "de"), format_day(day, "en_GB")]


@UNHURRIED
@given(st.dates(date(1990, 1, 1), date(2076, 12, 31)))
def test_every_day_reads_back_however_it_is_written(day: date) -> None:
    for text in _ways_to_write(day):
        assert read(text, past=True) == day
        assert leading(f"{text} waiting for legal", past=True) == (day, len(text))


@UNHURRIED
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(0, 300))
def test_every_day_of_the_coming_months_reads_back_without_its_year(
    today: date, ahead: int
) -> None:
    day = today + timedelta(days=ahead)
    for text in (f"{day:%d.%m.}", f"{day.day} {day:%b}", f"{day:%B} {day.day}", f"{day:%d.%m}"):
        assert read(text, today) == day


@UNHURRIED
@example(date(2027, 1, 1), 0)  # the Friday of week 53 of the year before
@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(0, 42))
def test_every_week_reads_back_as_its_friday(today: date, weeks: int) -> None:
    friday = today + timedelta(days=(4 - today.weekday()) % 7, weeks=weeks)
    year, week, _ = friday.isocalendar()
    assert read(f"KW {week}", today) == friday
    assert read(f"cw{week}/{year}", today) == friday


VOCABULARY = [*WEEKDAYS, *MONTHS, *COUNTS, *DISTANCES, *"+-/.,:%0159", "in", "ago", "vor", "next"]
VOCABULARY += ["letzten", "end", "of", "ende", "week", "wochen", "wd", "12", "31", "2026", "9999"]
VOCABULARY += ["99999999999", "kw", "uhr", "th", "the", "so", "\u0663", "½", "İ", "\x00", "q1", "m"]
TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join),
    st.lists(st.sampled_from(VOCABULARY), max_size=6).map("".join),
)


@settings(deadline=None, max_examples=300)
@example("in 1 month", date(9999, 12, 31), None)
@given(TYPED, st.dates(date(1995, 1, 1), date(2200, 1, 1)), st.none() | st.dates())
def test_whatever_is_typed_is_a_day_or_refused(text: str, today: date, old: date | None) -> None:
    with suppress(ValueError):
        assert read(text, today, old=old) >= today
    with suppress(PastDate, AmbiguousDate, ImpossibleDate):
        found = leading_date(text, today, old=old, calendar=WorkCalendar())
        assert found is None or (found[0] >= today and 0 < found[1] <= len(text))


def test_a_day_is_written_with_its_weekday_in_the_language_of_the_reader() -> None:
    day = date(2026, 12, 4)
    assert format_day(day, "en") == "Fri 4 Dec 2026"
    assert format_day(day, "en-US") == "Fri 4 Dec 2026"
    assert format_day(day, "de") == "Fr. 4. Dez. 2026"
    assert format_day(day, "de_AT") == "Fr. 4. Dez. 2026"
    assert format_day(day, "tlh") == "Fri 4 Dec 2026"
    assert format_day(day, "") == "Fri 4 Dec 2026"


def test_reading_dates_does_not_slow_the_start() -> None:
    heavy = "import sys, bot.dates; print({'dateparser', 'holidays'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
