"""Working days: which days are worked, and counting in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
# Counting goes by weeks and is fast; the limit keeps a slip of the key from naming the year 6000.
MOST_DAYS = 20_000


@dataclass(frozen=True)
class WorkCalendar:
    """The working weekdays of an office and the public holidays of where it is.

    Without a country there are no holidays. A country or subdivision that is not known raises
    ValueError. Weekdays count from Monday, 0.
    """

    country: str | None = None
    subdivision: str | None = None
    weekdays: frozenset[int] = frozenset(range(5))

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise ValueError("the working weekdays are some of 0 (Monday) to 6 (Sunday)")
        if self.country is not None:
            self._holidays_in(2026)  # any year tells whether the place is known
        elif self.subdivision is not None:
            raise ValueError(f"the subdivision {self.subdivision!r} needs a country")

    def is_working(self, day: date) -> bool:
        """Whether people work that day."""
        return day.weekday() in self.weekdays and day not in self._holidays_in(day.year)

    def holiday_name(self, day: date, locale: str = "en") -> str | None:
        """The public holiday on that day, in the reader's language where it is known in it."""
        language = locale.replace("-", "_").partition("_")[0].lower()
        return self._holidays_in(day.year, language).get(day)

    def next_working(self, day: date) -> date:
        """The first working day after this day."""
        return self.add(day, 1)

    def add(self, day: date, n: int) -> date:
        """The working day that comes n working days after this day, before it if n is negative.

        None at all gives the day itself, worked or not. More than MOST_DAYS raise ValueError.
        """
        if abs(n) > MOST_DAYS:
            raise ValueError(f"{n} working days are too many")
        try:
            return self._step(day, n)
        except OverflowError as error:
            raise ValueError(f"no calendar reaches {n} working days from {day}") from error

    def between(self, a: date, b: date) -> int:
        """How many working days b is later than a: those after a up to and with b.

        Negative, and counted from b, if b is the earlier one.
        """
        if b < a:
            return -self.between(b, a)
        return 0 if a == b else self._worked(a + _DAY, b)

    def _step(self, day: date, n: int) -> date:
        """By whole weeks as if there were no holidays, then again for the holidays met."""
        while n:
            reached = self._weekdays_from(day, n)
            if n > 0:
                n -= self._worked(day + _DAY, reached)
            else:
                n += self._worked(reached, day - _DAY)
            day = reached
        return day

    def _weekdays_from(self, day: date, n: int) -> date:
        direction = 1 if n > 0 else -1
        # One week less, so that the last step ends on a working weekday wherever it began.
        weeks, rest = divmod(abs(n) - 1, len(self.weekdays))
        day += direction * timedelta(weeks=weeks)
        for _ in range(rest + 1):
            day += direction * _DAY
            while day.weekday() not in self.weekdays:
                day += direction * _DAY
        return day

    def _worked(self, first: date, last: date) -> int:
        """The working days from first to last, both included."""
        weeks, rest = divmod((last - first).days + 1, 7)
        weekdays = weeks * len(self.weekdays) + sum(
            (first.weekday() + offset) % 7 in self.weekdays for offset in range(rest)
        )
        return weekdays - sum(first <= day <= last for day in self._free_weekdays(first, last))

    def _free_weekdays(self, first: date, last: date) -> Iterator[date]:
        for year in range(first.year, last.year + 1):
            for day in self._holidays_in(year):
                if day.weekday() in self.weekdays:
                    yield day

    def _holidays_in(self, year: int, language: str = "en") -> Mapping[date, str]:
        if self.country is None:
            return {}
        return _holidays(self.country, self.subdivision, year, language)


@lru_cache(maxsize=1024)
def _holidays(
    country: str, subdivision: str | None, year: int, language: str
) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - 90 ms at start, and not needed where no country is set

    if len(country) != 2:
        raise ValueError(f"the country {country!r} is not a code of two letters, such as DE")
    code = country.upper()
    try:
        offered = holidays.country_holidays(code, subdiv=subdivision).supported_languages
        # Left to itself, the library takes the language of the machine's environment.
        spoken = _spoken(language, offered)
        known = holidays.country_holidays(code, subdiv=subdivision, years=year, language=spoken)
    except NotImplementedError as error:
        place = f"{country!r}" if subdivision is None else f"{subdivision!r} in {country!r}"
        raise ValueError(f"no public holidays are known for {place}") from error
    return {day: name for day, name in known.items() if day.year == year}


def _spoken(language: str, offered: tuple[str, ...]) -> str:
    alike = [offer for offer in offered if offer.partition("_")[0] == language]
    return alike[0] if alike else "en_US"
