"""Changes: what somebody's calendar is to be told, from what it holds and what it ought to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendar.event import Event, Instance
from bot.plans import moment_of


class Method(StrEnum):
    """What a mail asks of a calendar (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Why(StrEnum):
    """What has become of a meeting for who reads of it."""

    INVITED = "invited"
    CHANGED = "changed"
    MOVED = "moved"
    DROPPED = "dropped"
    ENDED = "ended"
    REMOVED = "removed"


@dataclass(frozen=True)
class Change:
    """One mail to one person: about the date of *day*, or about all there is under the UID.

    The *reason* is what was said when it was cancelled.
    """

    method: Method
    why: Why
    day: date | None = None
    reason: str = ""


def change(held: Event | None, wanted: Event | None, now: datetime) -> Change | None:
    """What makes a calendar that holds *held* show *wanted*; None where nothing is to be told.

    Nobody is told of what is over. One date that changed is told by itself; with two, the whole
    is told once rather than each alone, and what was dropped comes back with the whole, for not
    every calendar lets a single date return.
    """
    if held is None or wanted is None:
        return _all_or_nothing(held, wanted, now)
    if held.master != wanted.master:
        is_ahead = held.takes_place_after(now) or wanted.takes_place_after(now)
        return Change(Method.REQUEST, Why.CHANGED) if is_ahead else None
    days = _changed(held, wanted, now)
    if not days:
        return None
    if len(days) > 1 or days[0] in held.dropped:
        return Change(Method.REQUEST, Why.CHANGED)
    if days[0] in wanted.dropped:
        reason = wanted.reasons.get(days[0], "")
        return Change(Method.CANCEL, Why.DROPPED, days[0], reason)
    return Change(Method.REQUEST, Why.MOVED, days[0])


def _all_or_nothing(held: Event | None, wanted: Event | None, now: datetime) -> Change | None:
    if wanted is not None:
        return Change(Method.REQUEST, Why.INVITED) if wanted.takes_place_after(now) else None
    if held is not None and held.takes_place_after(now):
        return Change(Method.CANCEL, Why.ENDED)
    return None


def _changed(held: Event, wanted: Event, now: datetime) -> list[date]:
    """The days that are otherwise now and not over, neither as they were nor as they are."""
    days = {*held.dropped ^ wanted.dropped, *held.moved, *wanted.moved}
    return sorted(
        day
        for day in days
        if held.instance(day) != wanted.instance(day)
        and any(_is_ahead(event.zone, event.instance(day), now) for event in (held, wanted))
    )


def _is_ahead(zone: str, instance: Instance | None, now: datetime) -> bool:
    if instance is None:
        return False
    starts_at = moment_of(instance.day, instance.at, zone)
    return starts_at + timedelta(minutes=instance.minutes) > now


def after(held: Event | None, wanted: Event | None, told: Change) -> Event | None:
    """What a calendar holds that held *held* and was *told* of *wanted*."""
    if told.day is None or held is None or wanted is None:
        return None if told.method is Method.CANCEL else wanted
    instance = wanted.instance(told.day)
    return (
        held.without(told.day, told.reason) if instance is None else held.having(instance, told.day)
    )
