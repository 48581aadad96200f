"""Calendar days in words, English and German mixed freely: read from text and written out."""

from bot.dates.basis import DateOrder
from bot.dates.errors import AmbiguousDate, ImpossibleDate, PastDate
from bot.dates.nearly import nearly_day
from bot.dates.reading import leading_date, read_date
from bot.dates.vocabulary import WEEKDAYS
from bot.dates.writing import format_day, short_day, short_weekday

__all__ = [
    "WEEKDAYS",
    "AmbiguousDate",
    "DateOrder",
    "ImpossibleDate",
    "PastDate",
    "format_day",
    "leading_date",
    "nearly_day",
    "read_date",
    "short_day",
    "short_weekday",
]
