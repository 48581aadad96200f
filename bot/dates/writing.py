"""A calendar day as a person reads it."""

from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

_PATTERNS = {"de": "EEE d. MMM"}
_PATTERN = "EEE d MMM"


@lru_cache(maxsize=4096)
def format_day(day: date, locale: str, *, year: bool = True) -> str:
    """The day with its weekday: Fri 4 Dec 2026, or Fr. 4. Dez. 2026 for the locale de.

    Without its *year* where that goes without saying. A locale that is not known reads English.
    """
    known = _locale(locale)
    pattern = _PATTERNS.get(known.language, _PATTERN)
    return format_date(day, f"{pattern} y" if year else pattern, locale=known)


@lru_cache(maxsize=1024)
def short_day(day: date, locale: str, *, has_day: bool = True) -> str:
    """The day as an axis has room for: 4 Dec; without its day the month and year: Dec ’26."""
    known = _locale(locale)
    pattern = "d MMM" if has_day else "MMM ’yy"
    if has_day and known.language in _PATTERNS:
        pattern = "d. MMM"
    return format_date(day, pattern, locale=known)


@lru_cache(maxsize=64)
def short_weekday(number: int, locale: str) -> str:
    """A weekday, counted from Monday, 0: Tue, or Di. for the locale de."""
    monday = date(2026, 1, 5)
    return format_date(monday + timedelta(days=number), "EEE", locale=_locale(locale))


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")
