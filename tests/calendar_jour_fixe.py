"""A jour fixe of the firm, as calendars are told of it."""

from datetime import UTC, date, datetime, time

from bot.calendar.changes import Change, Method, Why
from bot.calendar.event import Event, Instance
from bot.calendar.writing import Attendee, Party, Role, told

OFFICE = Party("Jourfixe", "office@firm.example")
BEN = Attendee(Party("Ben Ito", "ben@firm.example"), Role.REQUIRED, is_in_slack=True)
STAMP = datetime(2026, 11, 24, 9, tzinfo=UTC)
INVITED = Change(Method.REQUEST, Why.INVITED)
CHANGED = Change(Method.REQUEST, Why.CHANGED)
ENDED = Change(Method.CANCEL, Why.ENDED)
REMOVED = Change(Method.CANCEL, Why.REMOVED)
TUESDAYS = Event(
    "series-1@firm.example", "Jour fixe", "Room 4", "A meeting of Alpha, chaired by Anna.",
    "Europe/Berlin", date(2026, 12, 1), time(10), 45, "FREQ=WEEKLY;BYDAY=TU",
)  # fmt: skip
ONCE = Event(
    "once-1@firm.example", "Kickoff", "Room 4", "A meeting of Alpha, chaired by Anna.",
    "Europe/Berlin", date(2026, 12, 1), time(10), 45,
)  # fmt: skip
SECOND = date(2026, 12, 8)
WEDNESDAY = TUESDAYS.having(Instance(date(2026, 12, 9), time(14), 60, "Room 5"), SECOND)


def moved(day: date) -> Change:
    return Change(Method.REQUEST, Why.MOVED, day)


def dropped(day: date) -> Change:
    return Change(Method.CANCEL, Why.DROPPED, day)


def to_ben(event: Event, change: Change = INVITED, sequence: int = 0) -> bytes:
    """What Ben's calendar is told."""
    return told(event, change, sequence, STAMP, OFFICE, BEN)
