"""Charts: pictures for a chat, readable at its width, whose numbers are told beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import resvg_py

from bot.dates import short_day
from bot.glyphs import BOLD, cut, drawable, font_at, font_files
from bot.language import current
from bot.pages import draw

WIDTH = 640
ZOOM = 2.25  # crisp when clicked, and on screens with two pixels for one
SIZE = 14  # letters: at half the width, as Slack first shows a picture, still 7 pixels high
LEFT, RIGHT, TOP, BOTTOM = 66, 376, 88, 74  # where the plot stands; BOTTOM is below it
LABELS = RIGHT + 28
LINE = 21  # from one label to the next
LEAST_HEIGHT = 270
COLOURS = ("#0072b2", "#d55e00", "#007a5a", "#a0307e", "#5b4bb7", "#8a6100", "#1d1c1d", "#1f8a99")
MARKS = ("circle", "square", "triangle", "diamond")
STEPS = (7, 14, 30.44, 61, 91.3, 182.6, 365.25, 730.5, 1826.25)
FAMILY = "DejaVu Sans"
BANDS = ((20, "#b3261e", "#ffffff"), (15, "#e8833a", "#1d1c1d"), (8, "#f6d55c", "#1d1c1d"),
         (1, "#cfe8d5", "#1d1c1d"))  # fmt: skip

Point = tuple[float, float]


@dataclass(frozen=True)
class Track:
    """A milestone's forecasts: *points* are the days they were given, and what they said."""

    name: str
    title: str
    points: Sequence[tuple[date, date]]
    baseline: date | None
    reached: date | None
    slip: int | None


@dataclass(frozen=True)
class Scale:
    """Days as places along an axis."""

    first: date
    last: date
    start: float
    end: float

    def place(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Where to put which day: the firsts of months, of weeks where the span is short."""
        span = (self.last - self.first).days
        step = next((s for s in STEPS if span / s <= most), STEPS[-1])
        days = _weeks(self, int(step)) if step < 30 else _months(self, round(step / 30.44))
        has_day = step < 30
        return [(self.place(day), short_day(day, current(), has_day=has_day)) for day in days]


def trend(title: str, subtitle: str, tracks: Sequence[Track], today: date, folder: str) -> str:
    """The milestone trend chart as SVG: when it was said, against which day was said.

    A level line is on track, a rising one slips; at the diagonal a milestone is reached.
    """
    height = max(LEAST_HEIGHT, LINE * len(tracks) + 6)
    floor = TOP + height
    said = [at for track in tracks for at, _day in track.points]
    days = [day for track in tracks for _at, day in track.points]
    days += [track.baseline for track in tracks if track.baseline]
    first, last = min(said, default=today), max([*said, today])
    pad = timedelta(days=max((max(days, default=today) - first).days // 20, 2))
    across = Scale(first, max(last, first + timedelta(days=7)), LEFT + 8, RIGHT - 6)
    up = Scale(min([*days, first]) - pad, max([*days, first]) + pad, floor, TOP)
    lines = [_line(track, number, across, up, last) for number, track in enumerate(tracks)]
    _part(lines, TOP + 8, floor - 6)
    for line in lines:
        _label(line, folder)
    values = {
        "title": cut(drawable(title, folder), WIDTH - 40, 19, is_bold=True),
        "subtitle": subtitle,
        "size": {"width": WIDTH, "height": floor + BOTTOM},
        "plot": {"left": LEFT, "right": RIGHT, "top": TOP, "floor": floor},
        "across": across.ticks(5),
        "up": up.ticks(height // 40),
        "diagonal": _diagonal(across, up),
        "lines": lines,
        "labels": LABELS,
    }
    return _svg("trend.svg", values)


def heat(title: str, subtitle: str, cells: dict[tuple[int, int], list[str]], folder: str) -> str:
    """The heat map of risks as SVG: names by probability (up) and impact (to the right)."""
    side, left, top = 100, 78, 70
    boxes = [
        _box(probability, impact, cells.get((probability, impact), []), side, left, top)
        for probability in range(1, 6)
        for impact in range(1, 6)
    ]
    values = {
        "title": cut(drawable(title, folder), WIDTH - 40, 19, is_bold=True),
        "subtitle": subtitle,
        "size": {"width": left + 5 * side + 30, "height": top + 5 * side + 62},
        "left": left,
        "top": top,
        "side": side,
        "boxes": boxes,
    }
    return _svg("heat.svg", values)


def _svg(template: str, values: dict[str, Any]) -> str:
    return draw(template, family=FAMILY, letter=SIZE, **values)


def paint(svg: str, folder: str) -> bytes:
    """A chart as PNG, with the fonts that come along and those in *folder*.

    It takes a tenth of a second and more: never while a transaction is open.
    """
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=ZOOM,
            background="#ffffff",
            skip_system_fonts=True,  # a server may have none, and text would silently be missing
            font_files=[str(path) for path in font_files(folder)],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
    )


def _line(track: Track, number: int, across: Scale, up: Scale, last: date) -> dict[str, Any]:
    """One milestone's line, in places of the picture."""
    points = [(across.place(at), up.place(day)) for at, day in track.points]
    held = points
    if track.reached is None and track.points and track.points[-1][0] < last:
        held = [*points, (across.place(last), points[-1][1])]  # what was said holds until today
    return {
        "track": track,
        "colour": COLOURS[number % len(COLOURS)],
        "mark": MARKS[number // len(COLOURS) % len(MARKS)],
        "points": points,
        "path": " ".join(f"{x},{y}" for x, y in held),
        "end": held[-1] if held else (LEFT, up.start),
        "baseline": (held[0][0], up.place(track.baseline)) if track.baseline and held else None,
        "is_reached": track.reached is not None,
    }


def _part(lines: list[dict[str, Any]], top: float, floor: float) -> None:
    """Give every label a place of its own, as near to the end of its line as there is room."""
    ordered = sorted(lines, key=lambda line: line["end"][1])
    place = top - LINE
    for line in ordered:
        place = line["y"] = max(line["end"][1], place + LINE)
    place = floor + LINE
    for line in reversed(ordered):
        place = line["y"] = min(line["y"], place - LINE)


def _label(line: dict[str, Any], folder: str) -> None:
    track = line["track"]
    line["name"], line["slip"] = track.name, _signed(track.slip)
    bold = font_at(BOLD)
    line["title_x"] = LABELS + 6 + bold.width(track.name, SIZE) + 6
    slip_room = 8 + bold.width(line["slip"], SIZE) + 8
    room = WIDTH - line["title_x"] - slip_room
    line["title"] = cut(drawable(track.title, folder), room, SIZE)


def _signed(count: int | None) -> str:
    if count is None:
        return ""
    return {1: f"+{count}", 0: "±0", -1: f"−{-count}"}[(count > 0) - (count < 0)]


def _diagonal(across: Scale, up: Scale) -> tuple[Point, Point]:
    """Where the day of the report is the day of the forecast."""
    first, last = max(across.first, up.first), min(across.last, up.last)
    return (across.place(first), up.place(first)), (across.place(last), up.place(last))


def _weeks(scale: Scale, step: int) -> list[date]:
    day = scale.first + timedelta(days=-scale.first.weekday() % 7)
    count = (scale.last - day).days // step + 1
    return [day + timedelta(days=step * number) for number in range(count)]


def _months(scale: Scale, step: int) -> list[date]:
    """The firsts of every *step* months; counted from January, so that quarters are quarters."""
    month = scale.first.year * 12 + scale.first.month - 1
    month += -month % step
    days = (date(m // 12, m % 12 + 1, 1) for m in range(month, scale.last.year * 12 + 12, step))
    return [day for day in days if scale.first <= day <= scale.last]


def _box(
    probability: int, impact: int, names: list[str], side: int, left: int, top: int
) -> dict[str, Any]:
    score = probability * impact
    colour, ink = next((c, i) for least, c, i in BANDS if score >= least)
    rows = _rows(names)
    return {
        "x": left + (impact - 1) * side,
        "y": top + (5 - probability) * side,
        "colour": colour,
        "ink": ink,
        "score": score,
        "rows": rows,
    }


def _rows(names: list[str], wide: int = 2, most: int = 5) -> list[str]:
    """Names in rows of a few; what does not fit is counted."""
    shown = names if len(names) <= most + 1 else [*names[:most], f"+{len(names) - most}"]
    return ["  ".join(shown[start : start + wide]) for start in range(0, len(shown), wide)]
