"""Hours: from when until when, as people type it, and as they read it."""

import re
from dataclasses import dataclass
from datetime import time

from bot.dates.vocabulary import one_of, spellings
from bot.errors import UserError
from bot.language import _

_CLOCK = (
    r"(?P<{0}hour>\d{{1,2}})(?:(?P<{0}sep>[:.])(?P<{0}minute>\d{{2}}))?"
    r"(?:\s{{0,2}}(?P<{0}sign>am|pm|uhr|h|o'clock)(?!\w)(?:\s(?P<{0}past>[0-5]\d)(?![\w:.]))?)?"
    r"(?![\w:%€$]|\.\d)"
)
_FOR = one_of(spellings("für"))
_BETWEEN = r"\s{0,2}(?:-|–|—|to|till|until|bis)\s{0,2}"
_SPAN = re.compile(
    r"(?:\s*,)?\s{0,3}(?:(?P<lead>(?:jeweils\s{1,3})?(?:at|um|from|von|ab)|jeweils)\s{1,3}"
    r"|(?P<mark>@)\s{0,2})?" + _CLOCK.format("") + f"(?:{_BETWEEN}{_CLOCK.format('end')})?"
)
_LENGTH = re.compile(
    rf"(?:\s*,)?\s{{0,3}}(?:for\s{{1,3}}|{_FOR}\s{{1,3}})?(?:"
    r"(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)\s{0,2}(?:h|hrs?|hours?|std\.?|stunden?)(?!\w)"
    r"(?:\s{0,2}(?P<rest>\d{1,2})\s{0,2}(?:m|mins?|minutes?|minuten)(?!\w))?"
    r"|(?P<minutes>\d{1,3})\s{0,2}(?:m|mins?|minutes?|minuten)(?!\w))"
)
_HALVES = {"am": 0, "pm": 12}
_POINTING = ("at", "um", "jeweils um", "jeweils at", "jeweils")
USUAL_MINUTES = 60
MOST_MINUTES = 12 * 60


@dataclass(frozen=True)
class Hours:
    """A local time and how many minutes from then, where that was said."""

    at: time
    minutes: int | None = None

    @property
    def words(self) -> str:
        """``10:00–10:45``."""
        return hours_words(self.at, self.minutes)


def hours_words(at: time, minutes: int | None) -> str:
    """``10:00–10:45``, or ``10:00`` where it is not said until when."""
    if minutes is None:
        return f"{at:%H:%M}"
    hour, minute = divmod(at.hour * 60 + at.minute + minutes, 60)
    return f"{at:%H:%M}–{hour % 24:02}:{minute:02}"


def leading_hours(text: str, place: int) -> tuple[Hours, int] | None:
    """The hours at *place* in lower-case *text*, and where they end.

    A lone number is an hour only where a word or another hour says so. Raises `UserError` for
    hours no clock shows.
    """
    match = _SPAN.match(text, place)
    if match is None or not _is_told(match) or _is_day(match, text):
        return None
    at = _time(match, "", match["endsign"])
    if match["endhour"] is not None:
        until = _time(match, "end", None)
        return Hours(at, _between(at, until, match[0])), match.end()
    length = _LENGTH.match(text, match.end())
    if length is None:
        return Hours(at), match.end()
    return Hours(at, _length(length)), length.end()


def _is_told(match: re.Match[str]) -> bool:
    is_pointed = match["mark"] or " ".join((match["lead"] or "").split()) in _POINTING
    return bool(is_pointed or match["minute"] or match["sign"] or match["endhour"])


def _is_day(match: re.Match[str], text: str) -> bool:
    """Whether ``10.12.`` stands there, which is in December."""
    return match["sep"] == "." and text[match.end() : match.end() + 1] == "."


def _time(match: re.Match[str], part: str, other_sign: str | None) -> time:
    hour = int(match[f"{part}hour"])
    minute = int(match[f"{part}minute"] or match[f"{part}past"] or 0)
    sign = match[f"{part}sign"] or other_sign
    if sign in _HALVES:
        hour = hour % 12 + _HALVES[sign] if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        text = _("No clock shows `{text}`; write it like `16:00`.")
        raise UserError(text.format(text=match[0].strip(" ,@")))
    return time(hour, minute)


def _between(at: time, until: time, typed: str) -> int:
    minutes = (until.hour - at.hour) * 60 + until.minute - at.minute
    if minutes <= -MOST_MINUTES:
        minutes += 24 * 60  # past midnight
    if not 0 < minutes <= MOST_MINUTES:
        text = _("`{text}`: that ends before it begins.")
        raise UserError(text.format(text=typed.strip(" ,@")))
    return minutes


def _length(match: re.Match[str]) -> int:
    if match["hours"] is not None:
        minutes = round(float(match["hours"].replace(",", ".")) * 60) + int(match["rest"] or 0)
    else:
        minutes = int(match["minutes"])
    if not 0 < minutes <= MOST_MINUTES:
        raise UserError(_("A meeting lasts from one minute to twelve hours."))
    return minutes
