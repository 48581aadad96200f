"""Events: what a calendar is to show of one series under one UID."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, takewhile
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.plans import moment_of
from bot.recurrence import days_of

_DAY = timedelta(days=1)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Instance:
    """One date of a series, at the local time and place it has instead of the rule's."""

    day: date
    at: time
    minutes: int
    place: str


@dataclass(frozen=True)
class Occurrence:
    """One meeting as a calendar shows it; *day* is the one the rule names."""

    day: date
    starts_at: datetime
    minutes: int
    place: str

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Event:
    """A VEVENT with its overrides, as values: local times in *zone*, counted from *first_day*.

    *rule* is an RRULE without its end, or None for what takes place once; *last_day* is the last
    on which it may fall. *dropped* are the days of the rule on which there is no meeting, *reasons*
    are why, for those of which that is known; *moved* are those on which it is otherwise. *chair*
    is how *chair_id* is called in it.
    """

    uid: str
    title: str
    place: str
    note: str
    zone: str
    first_day: date
    at: time
    minutes: int
    rule: str | None = None
    last_day: date | None = None
    dropped: frozenset[date] = frozenset()
    moved: Mapping[date, Instance] = field(default_factory=dict)
    chair_id: int | None = None
    chair: str = ""
    reasons: Mapping[date, str] = field(default_factory=dict)

    @property
    def master(self) -> "Event":
        """What it is without its single dates."""
        return replace(self, dropped=frozenset(), moved={}, reasons={})

    def usual(self, day: date) -> Instance:
        """The date of *day* as the rule has it."""
        return Instance(day, self.at, self.minutes, self.place)

    def instance(self, day: date) -> Instance | None:
        """The date of *day* as it is; None where it was dropped."""
        return None if day in self.dropped else self.moved.get(day, self.usual(day))

    def starts(self, day: date) -> datetime:
        """The moment the rule names by *day*: what RECURRENCE-ID says."""
        return moment_of(day, self.at, self.zone)

    def days(self, since: date | None = None) -> Iterator[date]:
        """The days the rule names, dropped ones too, without end where it has none.

        From *since* on, where that is said.
        """
        last = self.last_day
        if self.rule:
            days = days_of(self.rule, self.first_day, since)
        else:
            days = iter([self.first_day] if since is None or self.first_day >= since else [])
        return takewhile(lambda day: last is None or day <= last, days)

    def names(self, day: date) -> bool:
        """Whether the rule names *day*."""
        return next(self.days(day), None) == day

    def occurrences(self, since: date | None = None) -> Iterator[Occurrence]:
        """The meetings there are, in the order of the days the rule names, as `days` has them."""
        return (found for day in self.days(since) if (found := self._on(day)) is not None)

    def _on(self, day: date) -> Occurrence | None:
        found = self.instance(day)
        if found is None:
            return None
        starts_at = moment_of(found.day, found.at, self.zone)
        return Occurrence(day, starts_at, found.minutes, found.place)

    def takes_place_after(self, moment: datetime) -> bool:
        """Whether a meeting is not over at *moment*; whole years that are over cost nothing."""
        if self.rule is not None and self.last_day is None:
            return True
        begun = (moment - timedelta(minutes=self.minutes)).astimezone(ZoneInfo(self.zone))
        since = begun.date() - _DAY
        earlier = (self._on(day) for day in self.moved if day < since and self.names(day))
        found = chain(self.occurrences(since), earlier)
        return any(one is not None and one.ends_at > moment for one in found)

    def without(self, day: date, reason: str = "") -> "Event":
        """It, with no meeting on *day*, and the *reason* where there is one."""
        moved, reasons = _but(self.moved, day), _but(self.reasons, day)
        reasons |= {day: reason} if reason else {}
        return replace(self, dropped=self.dropped | {day}, moved=moved, reasons=reasons)

    def having(self, instance: Instance, day: date) -> "Event":
        """It, with the meeting of *day* as *instance* has it."""
        moved, reasons = {**self.moved, day: instance}, _but(self.reasons, day)
        return replace(self, dropped=self.dropped - {day}, moved=moved, reasons=reasons)

    def as_dict(self) -> dict[str, Any]:
        """It as JSON keeps it; the same event is the same text.

        Without reasons there is no word of them, as in what was kept before there were any.
        """
        reasons = {day.isoformat(): why for day, why in sorted(self.reasons.items())}
        return {
            "uid": self.uid, "title": self.title, "place": self.place, "note": self.note,
            "chair_id": self.chair_id, "chair": self.chair,
            "zone": self.zone, "first_day": self.first_day.isoformat(),
            "at": self.at.isoformat(), "minutes": self.minutes, "rule": self.rule,
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "dropped": sorted(day.isoformat() for day in self.dropped),
            "moved": {
                day.isoformat(): [i.day.isoformat(), i.at.isoformat(), i.minutes, i.place]
                for day, i in sorted(self.moved.items())
            },
            **({"reasons": reasons} if reasons else {}),
        }  # fmt: skip

    @classmethod
    def of_dict(cls, kept: Mapping[str, Any]) -> "Event":
        """The event `as_dict` was made of."""
        return cls(
            kept["uid"], kept["title"], kept["place"], kept["note"], kept["zone"],
            date.fromisoformat(kept["first_day"]), time.fromisoformat(kept["at"]),
            kept["minutes"], kept["rule"],
            date.fromisoformat(kept["last_day"]) if kept["last_day"] else None,
            frozenset(date.fromisoformat(day) for day in kept["dropped"]),
            {
                date.fromisoformat(key): Instance(
                    date.fromisoformat(day), time.fromisoformat(at), minutes, place
                )
                for key, (day, at, minutes, place) in kept["moved"].items()
            },
            kept["chair_id"], kept["chair"],
            {date.fromisoformat(day): why for day, why in kept.get("reasons", {}).items()},
        )  # fmt: skip


def _but(known: Mapping[date, _T], day: date) -> dict[date, _T]:
    """What is *known* of all days but one."""
    return {key: value for key, value in known.items() if key != day}
