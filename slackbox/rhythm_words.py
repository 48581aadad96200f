"""The rhythm of a rule in words, as mail programs say it."""

from __future__ import annotations

from datetime import date, datetime

from icalendar.prop import vRecur

WEEKDAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip
UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}


def rhythm(rule: vRecur, starts_at: datetime) -> str:
    """Such as “every 2 weeks on Tuesday, until 23 Mar 2027”."""
    unit = UNITS.get(str(rule["FREQ"][0]), "")
    if not unit:
        return "repeats"
    every = int(rule.get("INTERVAL", [1])[0])
    words = f"every {unit}" if every == 1 else f"every {every} {unit}s"
    days = _days(rule, starts_at)
    return ", ".join(part for part in (f"{words} on {days}" if days else words, _end(rule)) if part)


def _days(rule: vRecur, starts_at: datetime) -> str:
    names = [str(name) for name in rule.get("BYDAY", [])]
    places = [str(place) for place in rule.get("BYSETPOS", [])]
    if names:
        return " and ".join(_weekday(name, places) for name in names)
    if str(rule["FREQ"][0]) == "MONTHLY":
        days = rule.get("BYMONTHDAY", [starts_at.day])
        return f"day {' and '.join(str(day) for day in days)}"
    return f"{starts_at:%A}" if str(rule["FREQ"][0]) == "WEEKLY" else ""


def _weekday(name: str, places: list[str]) -> str:
    """A weekday, with its place in the month where it has one: `2TU` is the second Tuesday."""
    day = WEEKDAYS.get(name[-2:], name)
    place = name[:-2].lstrip("+") or (places[0] if len(places) == 1 else "")
    return f"the {ORDINALS.get(place, place + '.')} {day}" if place else day


def _end(rule: vRecur) -> str:
    until, count = rule.get("UNTIL"), rule.get("COUNT")
    if until and isinstance(until[0], date):
        return f"until {until[0]:%-d %b %Y}"
    return f"{count[0]} times" if count else ""
