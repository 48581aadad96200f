"""Events: what is still to come of one is found near the moment, however long ago it began."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from time import thread_time

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar.event import Event, Instance
from bot.plans import moment_of
from bot.recurrence import Every, Recurrence, days_of

ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC")
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda found: tuple(sorted(found)))
intervals = st.integers(1, 5)
rules = st.one_of(
    st.builds(Recurrence, st.just(Every.DAY), intervals),
    st.builds(Recurrence, st.just(Every.WEEK), intervals, weekdays),
    st.builds(Recurrence, st.just(Every.MONTH), intervals, monthday=st.integers(1, 31)),
    st.builds(
        Recurrence,
        st.just(Every.MONTH),
        intervals,
        weekdays=st.integers(0, 6).map(lambda day: (day,)),
        place=st.sampled_from([1, 2, 3, 4, -1]),
    ),
)
firsts = st.dates(date(2019, 1, 1), date(2023, 12, 31))
spans = st.integers(-60, 1200).map(lambda days: timedelta(days=days))


def walked(rule: str, first: date) -> Iterator[date]:
    """The days of a rule, each of them counted from its first."""
    return (moment.date() for moment in rrulestr(rule, dtstart=datetime.combine(first, time())))


def is_ahead(event: Event, moment: datetime) -> bool:
    """Whether a meeting of *event* is not over at *moment*, by looking at all there ever were."""
    days = walked(event.rule, event.first_day) if event.rule else iter([event.first_day])
    last = event.last_day or event.first_day
    found = (event.instance(day) for day in takewhile(lambda day: day <= last, days))
    return any(
        moment_of(one.day, one.at, event.zone) + timedelta(minutes=one.minutes) > moment
        for one in found
        if one is not None
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event with an end, some of whose dates were dropped and some moved."""
    first = draw(firsts)
    rule = draw(st.none() | rules)
    last = first + draw(spans) if rule else None
    named = list(islice(walked(rule.rule(), first), 40)) if rule else [first]
    some = st.sampled_from(named) | st.dates(first, first + timedelta(days=900))
    others = st.builds(
        Instance,
        some.flatmap(lambda day: st.integers(-60, 60).map(lambda n: day + timedelta(days=n))),
        st.times().map(lambda at: at.replace(microsecond=0, tzinfo=None)),
        st.integers(5, 1440),
        st.just(""),
    )
    return Event(
        "uid", "Jour fixe", "", "", draw(st.sampled_from(ZONES)), first,
        draw(st.sampled_from([time(0), time(2, 30), time(10), time(23, 59)])),
        draw(st.integers(5, 1440)), rule.rule() if rule else None, last,
        frozenset(draw(st.sets(some, max_size=6))), draw(st.dictionaries(some, others, max_size=4)),
    )  # fmt: skip


@given(rules, firsts, spans)
def test_the_days_from_a_day_on_are_those_counted_from_the_first(
    rule: Recurrence, first: date, span: timedelta
) -> None:
    since = first + span
    slow = islice((day for day in walked(rule.rule(), first) if day >= since), 5)
    assert list(islice(days_of(rule.rule(), first, since), 5)) == list(slow)


@given(events(), st.integers(-100, 1300), st.integers(0, 1439))
def test_a_meeting_is_ahead_where_one_of_all_of_them_is(event: Event, days: int, at: int) -> None:
    day = event.first_day + timedelta(days=days)
    moment = datetime.combine(day, time(), UTC) + timedelta(minutes=at)
    assert event.takes_place_after(moment) is is_ahead(event, moment)


@given(events())
def test_the_last_minute_of_the_last_meeting_is_ahead_and_its_end_is_not(event: Event) -> None:
    ends = [found.ends_at for found in event.occurrences()]
    if ends:
        assert event.takes_place_after(max(ends) - timedelta(minutes=1))
        assert not event.takes_place_after(max(ends))


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY;BYDAY=-1FR"]
)
def test_what_began_long_ago_is_looked_at_as_fast_as_what_begins_now(rule: str) -> None:
    event = Event(
        "uid", "Jour fixe", "", "", "Europe/Berlin", date(1026, 11, 23), time(10), 45, rule,
        date(2027, 12, 28),
    )  # fmt: skip
    begun = thread_time()
    for _turn in range(20):
        assert event.takes_place_after(datetime(2026, 11, 23, 9, tzinfo=UTC))
        assert not event.takes_place_after(datetime(2028, 11, 23, 9, tzinfo=UTC))
    assert thread_time() - begun < 0.5
