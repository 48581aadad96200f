"""A calendar day as a person reads it."""

from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

_PATTERNS = {"de": "EEE d. MMM y"}
_PATTERN = "EEE d MMM y"


@lru_cache(maxsize=4096)
def format_day(day: date, locale: str) -> str:
    """The day with its weekday: Fri 4 Dec 2026, or Fr. 4. Dez. 2026 for the locale de.

    A locale that is not known reads English.
    """
    known = _locale(locale)
    return format_date(day, _PATTERNS.get(known.language, _PATTERN), locale=known)


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")
