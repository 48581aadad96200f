"""The small calendar drawn for a mail: what it asks for, its days, and the months they are in."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum

from slackbox.calendars import Entry, Held, Party, Told
from slackbox.model import Json
from slackbox.rhythm_words import rhythm

AHEAD = timedelta(days=62)
"""How far a series is looked at: to the end of the month after that of its next date."""

FULL_DAY = "%a %-d %b %Y"


class Mark(IntEnum):
    """What a day is to a meeting; of two on one day the greater is drawn."""

    LEFT = 1
    DROPPED = 2
    MEETING = 3
    MOVED = 4


@dataclass(frozen=True)
class Meeting:
    """One date of a series: the start its rule has, and what became of it (None: dropped).

    A date that *is_gone* was one by the rule its reader had before.
    """

    planned: datetime
    entry: Entry | None
    starts_at: datetime
    ends_at: datetime
    is_told: bool
    is_gone: bool = False

    @property
    def is_moved(self) -> bool:
        """Whether it takes place at another time than the rule has it."""
        return self.entry is not None and self.starts_at != self.planned


def sheet(told: Told, held: Held | None, now: datetime) -> Json:
    """What the page draws of a calendar part, as its reader sees it who *held* something before.

    A part that tells of a single date is drawn into the series its reader has already.
    """
    after = (held or Held()).after(told)
    entry = told.any
    whole = after.entry or entry
    here = now.astimezone(whole.zone).date()
    first_days = _first_days(told, whole, here)
    meetings = list(_meetings(told, after, whole, first_days))
    if held is not None and not held.is_cancelled and told.entry is not None:
        meetings += _gone(held, meetings, first_days)
    return {
        "method": told.method,
        "badge": badge(told, held),
        "title": entry.title,
        "place": entry.place,
        "note": entry.note,
        "zone": _zone(entry),
        "is_single": told.entry is None,
        "when": _usual(whole) if told.entry or whole.rule else "",
        "organizer": _party(entry.organizer) if entry.organizer else None,
        "attendees": [_party(attendee) for attendee in entry.attendees],
        "dates": [
            _in_words(meeting) for meeting in meetings if _is_worth_words(meeting, told, here)
        ],
        "months": _months(meetings, first_days, here),
    }


def badge(told: Told, held: Held | None) -> str:
    """What the mail is to its reader, in a word."""
    if told.method == "REQUEST":
        is_new = held is None or held.is_cancelled
        return "Invitation" if is_new else "Update"
    words = {"CANCEL": "Cancellation", "REPLY": "Answer", "COUNTER": "Counter proposal"}
    return words.get(told.method, "Calendar")


def _first_days(told: Told, whole: Entry, here: date) -> list[date]:
    """The days a reader wants to see: those the mail tells of, or the next of the series."""
    if told.entry is None:
        singles = told.singles.items()
        return [day for at, single in singles for day in (at.date(), single.starts_at.date())]
    starts = whole.starts(datetime.combine(max(here, whole.starts_at.date()) + AHEAD, time.max))
    last = starts[-1] if starts else whole.starts_at
    return [next((start.date() for start in starts if start.date() >= here), last.date())]


def _meetings(told: Told, after: Held, whole: Entry, days: list[date]) -> Iterator[Meeting]:
    """The dates of the months those days are in, and of the next."""
    begins, ends = min(days).replace(day=1), max(days) + AHEAD
    starts = set(whole.starts(datetime.combine(ends, time.max))) | set(after.singles)
    for start in sorted(starts):
        if begins <= start.date() <= ends:
            yield _meeting(start, told, after, whole)


def _gone(held: Held, meetings: list[Meeting], days: list[date]) -> list[Meeting]:
    """The dates of those months that are left out of what is told now."""
    if held.entry is None:
        return []
    begins, ends = min(days).replace(day=1), max(days) + AHEAD
    known = {day for one in meetings for day in (one.planned.date(), one.starts_at.date())}
    length = held.entry.ends_at - held.entry.starts_at
    starts = set(held.entry.starts(datetime.combine(ends, time.max))) - held.entry.dropped
    singles = {start: one for start, one in held.singles.items() if start in starts}
    moments = sorted(
        singles[start].starts_at if start in singles else start
        for start in starts
        if start not in singles or not singles[start].is_cancelled
    )
    return [
        Meeting(start, None, start, start + length, is_told=True, is_gone=True)
        for start in moments
        if begins <= start.date() <= ends and start.date() not in known
    ]


def _meeting(start: datetime, told: Told, after: Held, whole: Entry) -> Meeting:
    single = after.singles.get(start)
    length = whole.ends_at - whole.starts_at
    is_told = told.entry is not None or start in told.singles
    if after.is_cancelled and single is not None:  # it is gone from where it was
        start = single.starts_at
    if after.is_cancelled or start in whole.dropped or (single and single.is_cancelled):
        return Meeting(start, None, start, start + length, is_told)
    if single is not None:
        return Meeting(start, single, single.starts_at, single.ends_at, is_told)
    return Meeting(start, whole, start, start + length, is_told)


# --- In words ---------------------------------------------------------------------------------


def _is_worth_words(meeting: Meeting, told: Told, here: date) -> bool:
    """Single dates are said where the mail is about them, or they are unlike the others."""
    if told.entry is None:
        return meeting.is_told
    is_unlike = meeting.is_moved or (meeting.entry is None and not meeting.is_gone)
    return is_unlike and told.method != "CANCEL" and meeting.planned.date() >= here


def _in_words(meeting: Meeting) -> Json:
    length = meeting.ends_at - meeting.starts_at
    planned = _when(meeting.planned, meeting.planned + length, meeting.entry)
    if meeting.entry is None:
        return {"was": planned, "now": None}
    if not meeting.is_moved:
        return {"was": None, "now": _when(meeting.starts_at, meeting.ends_at, meeting.entry)}
    now = _when(meeting.starts_at, meeting.ends_at, meeting.entry)
    return {"was": f"{meeting.planned:{FULL_DAY}, %H:%M}", "now": now}


def _when(starts_at: datetime, ends_at: datetime, entry: Entry | None) -> str:
    hours = _hours(starts_at, ends_at, entry is not None and entry.is_all_day)
    return f"{starts_at:{FULL_DAY}}, {hours}" if hours else f"{starts_at:{FULL_DAY}}"


def _hours(starts_at: datetime, ends_at: datetime, is_all_day: bool) -> str:
    if is_all_day:
        return ""
    return f"{starts_at:%H:%M}–{ends_at:%H:%M}"


def _usual(whole: Entry) -> str:
    """When a series takes place, or what does once."""
    if whole.rule is None:
        return _when(whole.starts_at, whole.ends_at, whole)
    hours = _hours(whole.starts_at, whole.ends_at, whole.is_all_day)
    return ", ".join(part for part in (rhythm(whole.rule, whole.starts_at), hours) if part)


def _zone(entry: Entry) -> str:
    return str(entry.zone) if entry.zone else ""


def _party(party: Party) -> Json:
    return {
        "name": party.name,
        "address": party.address,
        "role": party.role,
        "answer": party.answer,
    }


# --- Months -----------------------------------------------------------------------------------


def _months(meetings: list[Meeting], first_days: list[date], here: date) -> list[Json]:
    """Two months at most: those of the days to see, or the first of them and the next."""
    days = _marked(meetings)
    wanted = sorted({day.replace(day=1) for day in first_days})
    marked = {day.replace(day=1) for day in days}
    following = (wanted[0] + timedelta(days=31)).replace(day=1)
    if len(wanted) == 1 and following in marked:
        wanted.append(following)
    return [_month(first, days, here) for first in wanted[:2]]


Days = dict[date, tuple[Mark, bool, str]]


def _marked(meetings: Iterable[Meeting]) -> Days:
    days: Days = {}
    for meeting in meetings:
        for day, mark, words in _marks(meeting):
            days[day] = max(days.get(day, (mark, False, "")), (mark, meeting.is_told, words))
    return days


def _marks(meeting: Meeting) -> Iterator[tuple[date, Mark, str]]:
    hours = f"{meeting.starts_at:%H:%M}"
    if meeting.entry is None:
        yield meeting.planned.date(), Mark.DROPPED, "cancelled"
        return
    if meeting.planned.date() != meeting.starts_at.date():
        yield meeting.planned.date(), Mark.LEFT, f"moved to {meeting.starts_at:%a %-d %b}, {hours}"
    yield meeting.starts_at.date(), Mark.MOVED if meeting.is_moved else Mark.MEETING, hours


def _month(first: date, days: Days, here: date) -> Json:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return {
        "title": f"{first:%B %Y}",
        "weeks": [
            [_day(day, days, here) if day.month == first.month else None for day in week]
            for week in weeks
        ],
    }


def _day(day: date, days: Days, here: date) -> Json:
    mark, is_told, words = days.get(day, (None, False, ""))
    return {
        "day": day.day,
        "mark": mark.name.lower() if mark else None,
        "is_told": is_told,
        "is_today": day == here,
        "words": f"{day:%A, %-d %B}: {words}" if words else "",
    }
