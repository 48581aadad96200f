"""Calendar programs that are not of our making, and what each of them shows."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
import recurring_ical_events  # type: ignore[import-untyped]  # it has no types
import vobject  # type: ignore[import-untyped]  # it has no types
from icalendar import Calendar
from icalendar.timezone import tzp
from khal.khalendar import CalendarCollection  # type: ignore[import-untyped]  # it has no types
from pytz import timezone  # type: ignore[import-untyped]  # it has no types


class Seen(NamedTuple):
    """One meeting as somebody sees it in their calendar."""

    starts_at: datetime
    minutes: int
    title: str
    place: str


Reader = Callable[[bytes, datetime, datetime], list[Seen]]
"""What a program shows of a calendar between two moments."""


def by_recurring_ical_events(data: bytes, since: datetime, until: datetime) -> list[Seen]:
    query = recurring_ical_events.of(Calendar.from_ical(data))
    found = query.between(since, until)
    return sorted(
        _seen(one["DTSTART"].dt, one["DTEND"].dt, one["SUMMARY"], one.get("LOCATION", ""))
        for one in found
    )


def by_vobject(data: bytes, since: datetime, until: datetime) -> list[Seen]:
    (calendar,) = vobject.readComponents(data.decode())
    singles = {
        one.recurrence_id.value.astimezone(UTC): one
        for one in calendar.vevent_list
        if "recurrence-id" in one.contents
    }
    return sorted(
        seen
        for event in calendar.vevent_list
        for seen in _of_vobject(event, singles, until)
        if since <= seen.starts_at < until
    )


def _of_vobject(event: Any, singles: dict[datetime, Any], until: datetime) -> Iterator[Seen]:
    title, place = event.summary.value, getattr(event, "location", None)
    length = event.dtend.value - event.dtstart.value
    rules = event.getrruleset(addRDate=True)
    for start in rules or [event.dtstart.value]:
        if start > until:
            return
        if event in singles.values() or start.astimezone(UTC) not in singles:
            yield _seen(start, start + length, title, place.value if place else "")


tzp.use_zoneinfo()  # khal has the icalendar of the whole process use pytz as soon as it is imported


@contextmanager
def _khals_way() -> Iterator[None]:
    tzp.use_pytz()
    try:
        yield
    finally:
        tzp.use_zoneinfo()


def by_khal(data: bytes, since: datetime, until: datetime) -> list[Seen]:
    with _khals_way(), TemporaryDirectory() as folder:
        Path(folder, "jour-fixe.ics").write_bytes(data)
        utc = timezone("UTC")
        collection = CalendarCollection(
            {"firm": {"name": "firm", "path": folder, "readonly": True, "color": "",
                      "priority": 10, "ctype": "calendar", "addresses": []}},
            dbpath=":memory:",
            locale={"local_timezone": utc, "default_timezone": utc, "timeformat": "%H:%M",
                    "dateformat": "%Y-%m-%d", "longdateformat": "%Y-%m-%d",
                    "datetimeformat": "%Y-%m-%d %H:%M", "longdatetimeformat": "%Y-%m-%d %H:%M",
                    "firstweekday": 0, "weeknumbers": False, "unicode_symbols": True},
        )  # fmt: skip
        found = [*collection.get_localized(since, until)]
        return sorted(_seen(one.start, one.end, one.summary, one.location) for one in found)


def _seen(starts_at: datetime, ends_at: datetime, title: str, place: str) -> Seen:
    start = starts_at.astimezone(UTC)
    length = ends_at.astimezone(UTC) - start
    return Seen(start, int(length / timedelta(minutes=1)), str(title), str(place))


_ICAL_JS = """
import ICAL from "ical.js";
import { readFileSync } from "node:fs";
const [since, until] = process.argv.slice(-2).map(Number);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone"))
  ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent");
const master = new ICAL.Event(events.find(one => !one.hasProperty("recurrence-id")));
for (const one of events.filter(one => one.hasProperty("recurrence-id")))
  master.relateException(one);
const found = [];
const add = (item, start, end) => {
  const from = start.toUnixTime(), to = end.toUnixTime();
  if (from >= since && from < until)
    found.push([from, (to - from) / 60, item.summary, item.location || ""]);
};
if (!master.isRecurring()) add(master, master.startDate, master.endDate);
else for (let dates = master.iterator(), next; (next = dates.next());) {
  if (next.toUnixTime() > until + 40 * 86400) break;
  const one = master.getOccurrenceDetails(next);
  add(one.item, one.startDate, one.endDate);
}
console.log(JSON.stringify(found));
"""


def by_ical_js(data: bytes, since: datetime, until: datetime) -> list[Seen]:
    folder = folder_of_ical_js()
    if folder is None:
        pytest.skip("ical.js is not installed: npm install --global ical.js")
    run = subprocess.run(
        ["node", "--input-type=module", "-e", _ICAL_JS, "--",
         str(since.timestamp()), str(until.timestamp())],
        cwd=folder, input=data, capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return sorted(
        Seen(datetime.fromtimestamp(start, UTC), minutes, title, place)
        for start, minutes, title, place in json.loads(run.stdout)
    )


@cache
def folder_of_ical_js() -> Path | None:
    """From where node finds ical.js; None where it is not, for it is no part of this project."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    asked = subprocess.run([npm, "root", "--global"], capture_output=True, text=True, timeout=60)
    folders = [*os.environ.get("NODE_PATH", "").split(os.pathsep), asked.stdout.strip()]
    found = (Path(folder) for folder in folders if folder)
    return next((one.parent for one in found if (one / "ical.js").is_dir()), None)


READERS: tuple[Reader, ...] = (by_recurring_ical_events, by_vobject, by_khal, by_ical_js)
