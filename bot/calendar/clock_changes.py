"""Clock changes: when the clocks of a zone change, from its TZif data (RFC 8536)."""

import struct
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

from bot.calendar.yearly_changes import Clock, ClockChange, ClockRule

FIRST_YEAR = 1970
_EPOCH = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_HEAD = struct.Struct(">4sc15x6l")


@dataclass(frozen=True)
class Clocks:
    """The clocks of a zone since 1970: the *first*, the changes told *singly*, and the *rule* that
    holds from the last of these on."""

    first: Clock
    singly: tuple[ClockChange, ...]
    rule: ClockRule


@cache
def clocks_of(zone: str) -> Clocks:
    """The clocks of *zone*. Raises `zoneinfo.ZoneInfoNotFoundError` where there is none."""
    first, told, footer = _read(_data(zone))
    rule = ClockRule.of(footer)
    singly = [change for change in told if change.at >= _EPOCH]
    if len(singly) < len(told):
        first = told[-len(singly) - 1].after
    regular: list[ClockChange] = []
    if singly:
        last = singly[-1].at
        regular = [one for one in rule.changes(FIRST_YEAR, last.year) if one.at <= last]
    # Some data tell what the rule says once more, change by change, for decades.
    while singly and singly[-1] in regular[-1:]:
        singly.pop()
        regular.pop()
    return Clocks(first, tuple(singly), rule)


def _data(zone: str) -> bytes:
    zoneinfo.ZoneInfo(zone)  # refuses what is none, and names that lead out of the folder
    for folder in zoneinfo.TZPATH:
        file = Path(folder, zone)
        if file.is_file():
            return file.read_bytes()
    return resources.files("tzdata").joinpath("zoneinfo", zone).read_bytes()


def _read(data: bytes) -> tuple[Clock, list[ClockChange], str]:
    """The first clock, the changes of the offset that stand there singly, and the rule.

    The data begin with all of it in numbers of four bytes, which are for old readers.
    """
    old = _HEAD.size + _length(_HEAD.unpack_from(data)[2:], 4)
    counts = _HEAD.unpack_from(data, old)[2:]
    body = data[old + _HEAD.size :]
    times, types = counts[3:5]
    moments = struct.unpack_from(f">{times}q", body)
    numbers = body[times * 8 : times * 9]
    kinds, names = body[times * 9 :][: types * 6], body[times * 9 + types * 6 :]
    clocks = [
        Clock(timedelta(seconds=offset), names[start:].partition(b"\0")[0].decode())
        for offset, _is_summer, start in struct.iter_unpack(">lBB", kinds)
    ]
    found: list[ClockChange] = []
    before = clocks[0]
    for moment, number in zip(moments, numbers, strict=True):
        after = clocks[number]
        if after.offset != before.offset:
            found.append(ClockChange(_EPOCH + timedelta(seconds=moment), before, after))
        before = after
    footer = body[_length(counts, 8) :].strip(b"\n").decode()
    return clocks[0], found, footer


def _length(counts: tuple[int, ...], width: int) -> int:
    universal, standard, leaps, times, types, chars = counts
    return times * (width + 1) + types * 6 + chars + leaps * (width + 4) + standard + universal
