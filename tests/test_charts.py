"""Charts: pictures that draw every character, on any server, with their numbers beside them."""

import csv
import os
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.charts import LINE, Scale, Track, heat, paint, trend
from bot.context import Context, Place
from bot.glyphs import BOLD, REGULAR, cut, drawable, font_at, font_files
from bot.people import Person
from bot.projects import Project
from bot.trends import chart
from slackbox.model import File
from tests.office import Office

FOLDER = Path(os.environ.get("JOURFIXE_DATA") or Path(__file__).parents[2] / "shared" / "data")
TODAY = date(2026, 11, 24)
WEEK = timedelta(weeks=1)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def track(number: int, title: str = "Pilot live", weeks: int = 4) -> Track:
    given = [TODAY - WEEK * n for n in range(weeks, 0, -1)]
    points = [(at, date(2027, 1, 4) + WEEK * (number + n)) for n, at in enumerate(given)]
    return Track(f"M{number}", title, points, points[0][1], None, number)


def histories() -> dict[str, list[Track]]:
    """The real plans, a track for each of their milestones."""
    found = {}
    for file in sorted((FOLDER / "milestones").glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as lines:
            found[file.stem] = list(_tracks(list(csv.DictReader(lines))))
    return found or {"own": [track(number) for number in range(1, 9)]}


def _tracks(rows: list[dict[str, str]]) -> Iterator[Track]:
    titles = dict.fromkeys(row["milestone"] for row in rows)
    for number, title in enumerate(titles, 1):
        own = [row for row in rows if row["milestone"] == title]
        points = [
            (date.fromisoformat(row["reported_on"]), date.fromisoformat(row["forecast_date"]))
            for row in own
        ]
        ended = own[-1]["actual_date"]
        reached = date.fromisoformat(ended) if ended else None
        yield Track(f"M{number}", title, points, points[0][1], reached, 0)


HISTORIES = histories()


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(SIGNATURE)
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def is_painted(picture: bytes) -> bool:
    """Whether more than one colour is in it."""
    chunks, place = b"", 8
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        if picture[place + 4 : place + 8] == b"IDAT":
            chunks += picture[place + 8 : place + 8 + length]
        place += 12 + length
    return len(set(zlib.decompress(chunks))) > 50


@pytest.mark.parametrize("source", HISTORIES)
def test_real_histories_are_drawn(source: str) -> None:
    tracks = HISTORIES[source][:25]
    last = max(at for one in tracks for at, _day in one.points)
    picture = paint(trend(f"Milestone trend · {source}", "As of today", tracks, last, ""), "")
    assert size_of(picture)[0] == 1440
    assert is_painted(picture)


@pytest.mark.parametrize("count", [1, 2, 8, 25])
def test_no_label_lies_on_another_nor_outside(count: int) -> None:
    svg = trend("Alpha", "today", [track(1 + n % 3) for n in range(count)], TODAY, "")
    places = sorted(float(y) for y in re.findall(r'y="([\d.]+)" font-weight="bold" fill="#', svg))
    assert len(places) == count
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert all(gap >= LINE - 0.5 for gap in gaps)
    height = float(re.findall(r'height="(\d+)"', svg)[0])
    assert 80 < places[0] <= places[-1] < height - 60


@pytest.mark.parametrize(
    "title", ["<script>&amp;</script>", "a \"b\" 'c'", "\x00\x1b\ufffe odd", "x" * 3000]
)
def test_titles_stay_text_in_a_picture(title: str) -> None:
    svg = trend(title, "today", [track(1, title)], TODAY, "")
    assert "<script>" not in svg
    assert is_painted(paint(svg, ""))


def test_a_title_is_cut_to_the_room_it_has() -> None:
    shown = cut("W" * 100, 120, 14)
    assert shown.endswith("…")
    assert font_at(REGULAR).width(shown, 14) <= 120
    assert cut("Pilot", 120, 14) == "Pilot"


@pytest.mark.parametrize("text", ["Größe", "Закупка", "Έναρξη", "Łódź – ok ✓ → 1 €"])
def test_the_font_that_comes_along_draws_latin_greek_and_cyrillic(text: str) -> None:
    assert drawable(text, "") == text
    assert all(ord(sign) in font_at(BOLD).widths for sign in text)


def test_what_no_font_draws_is_left_out_rather_than_drawn_as_boxes() -> None:
    assert drawable("Pilot 夜 live", "") == "Pilot  live"
    assert drawable("夜", "") == ""


def test_a_folder_with_more_fonts_draws_more(tmp_path: Path) -> None:
    (tmp_path / "more.ttf").write_bytes(REGULAR.read_bytes())
    (tmp_path / "notes.txt").write_text("no font")
    assert font_files(str(tmp_path)) == [REGULAR, BOLD, tmp_path / "more.ttf"]
    svg = trend("Alpha", "today", [track(1)], TODAY, str(tmp_path))
    assert is_painted(paint(svg, str(tmp_path)))


def test_the_licence_of_the_font_comes_along() -> None:
    assert "Bitstream Vera" in REGULAR.with_name("LICENSE.txt").read_text()


@pytest.mark.parametrize("days", [0, 1, 9, 40, 200, 800, 4000, 20000])
def test_an_axis_has_a_few_days_on_it(days: int) -> None:
    scale = Scale(TODAY, TODAY + timedelta(days=days), 0, 300)
    ticks = scale.ticks(5)
    assert len(ticks) <= 13
    assert all(0 <= place <= 300 for place, _label in ticks)


def test_a_heat_map_counts_what_has_no_room() -> None:
    cells = {(3, 3): [f"R{n}" for n in range(1, 30)], (5, 5): ["R99"]}
    svg = heat("Risks · Alpha", "today", cells, "")
    assert "R1  R2" in svg
    assert "+24" in svg
    assert is_painted(paint(svg, ""))


# --- As people ask for them -----------------------------------------------------------------


def picture_told(office: Office) -> File:
    (file,) = office.told_messages(office.anna)[-1].files
    return office.box.backend.workspace.files[file]


def test_the_trend_comes_as_a_direct_message_with_its_numbers(office: Office) -> None:
    office.says('/po ms add "Pilot live 夜" 30 june owner @anna')
    office.says("/po ms baseline set")
    office.says("/po ms forecast M1 15 july supplier late")
    assert office.says("/po ms chart") == ("Milestone trend · Alpha. It comes as a direct message.")
    picture = picture_told(office)
    assert picture.title == "alpha-milestones-2026-11-24.png"
    assert is_painted(picture.content or b"")
    told = "forecasts Wed 30 Jun 2027 → Thu 15 Jul 2027 · slip +11 working days"
    assert f"M1 Pilot live 夜 · baseline Wed 30 Jun 2027 · {told}" in picture.alt


def test_one_milestone_alone_is_drawn_reached(office: Office) -> None:
    office.says("/po ms add Pilot live by 30 june")
    office.says("/po ms done M1 on 20 nov")
    office.says("/po ms chart M1")
    assert is_painted(picture_told(office).content or b"")


def test_without_a_forecast_there_is_nothing_to_draw(office: Office) -> None:
    assert "There is no forecast to draw yet." in office.says("/po ms chart")
    office.says("/po ms add Some day")
    assert "There is no forecast to draw yet." in office.says("/po ms chart")


def test_without_the_scope_the_numbers_are_said(office: Office) -> None:
    office.says("/po ms add Pilot live by 30 june")

    def asked(context: Context) -> str:
        project = context.session.scalars(select(Project)).one()
        return chart(replace(context, chosen=project, scopes=frozenset())).message.text

    team = office.stored(lambda session: session.scalars(select(Person.team)).first())
    answer = office.bot.office.ask(team, office.anna.id, Place(), asked)
    assert "lacks the scope" in answer
    assert "M1 Pilot live · forecasts Wed 30 Jun 2027" in answer
