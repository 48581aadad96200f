"""Glyphs: which characters the fonts for pictures can draw, and how wide a text becomes.

Read from the fonts' own tables, as the OpenType specification lays them out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from struct import unpack_from

FONTS = Path(__file__).with_name("fonts")
REGULAR = FONTS / "DejaVuSansCondensed.ttf"
BOLD = FONTS / "DejaVuSansCondensed-Bold.ttf"
SUFFIXES = (".ttf", ".otf")


@dataclass(frozen=True)
class Font:
    """The characters of one font and how far each moves on, in parts of the letter size."""

    widths: Mapping[int, float]

    def width(self, text: str, size: float) -> float:
        """How wide *text* is drawn at *size*; what is not in the font counts as a wide letter."""
        return size * sum(self.widths.get(ord(sign), 1.0) for sign in text)


def font_files(folder: str) -> list[Path]:
    """The fonts that come along, and those in *folder*."""
    more = Path(folder).rglob("*") if folder else ()
    return [REGULAR, BOLD, *sorted(path for path in more if path.suffix.lower() in SUFFIXES)]


def drawable(text: str, folder: str) -> str:
    """*text* without what none of the fonts can draw, and without what no picture may hold."""
    known = _covered(folder)
    return "".join(sign for sign in text if ord(sign) in known).strip()


def cut(text: str, room: float, size: float, *, is_bold: bool = False) -> str:
    """*text*, shortened until it is no wider than *room*."""
    font = font_at(BOLD if is_bold else REGULAR)
    if font.width(text, size) <= room:
        return text
    while text and font.width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


@cache
def _covered(folder: str) -> frozenset[int]:
    covered: set[int] = set()
    for path in font_files(folder):
        covered |= font_at(path).widths.keys()
    return frozenset(sign for sign in covered if sign >= ord(" "))


@cache
def font_at(path: Path) -> Font:
    """The font in the file at *path*; without characters where it is laid out in another way."""
    data = path.read_bytes()
    tables = _tables(data)
    if not {b"cmap", b"head", b"hhea", b"hmtx"} <= tables.keys():
        return Font({})
    (units,) = unpack_from(">H", data, tables[b"head"] + 18)
    (measured,) = unpack_from(">H", data, tables[b"hhea"] + 34)
    glyphs = _characters(data, tables[b"cmap"])

    def advance(glyph: int) -> float:
        place = tables[b"hmtx"] + 4 * min(glyph, measured - 1)
        (moved,) = unpack_from(">H", data, place)
        return float(moved) / float(units)

    return Font({sign: advance(glyph) for sign, glyph in glyphs.items() if glyph})


def _tables(data: bytes) -> dict[bytes, int]:
    """Where each table of the font begins."""
    (count,) = unpack_from(">H", data, 4)
    records = (unpack_from(">4sIII", data, 12 + 16 * number) for number in range(count))
    return {tag: offset for tag, _sum, offset, _length in records}


def _characters(data: bytes, cmap: int) -> dict[int, int]:
    """The glyph of each character, from the subtables in the formats 4 and 12."""
    (count,) = unpack_from(">H", data, cmap + 2)
    found: dict[int, int] = {}
    for number in range(count):
        _platform, _encoding, offset = unpack_from(">HHI", data, cmap + 4 + 8 * number)
        (kind,) = unpack_from(">H", data, cmap + offset)
        if kind == 4:
            found |= _segments(data, cmap + offset)
        elif kind == 12:
            found |= _groups(data, cmap + offset)
    return found


def _segments(data: bytes, start: int) -> dict[int, int]:
    (doubled,) = unpack_from(">H", data, start + 6)
    count = doubled // 2
    ends = unpack_from(f">{count}H", data, start + 14)
    firsts = unpack_from(f">{count}H", data, start + 16 + doubled)
    deltas = unpack_from(f">{count}H", data, start + 16 + 2 * doubled)
    ranges = start + 16 + 3 * doubled
    offsets = unpack_from(f">{count}H", data, ranges)
    found = {}
    for number, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        for sign in range(first, min(end, 0xFFFE) + 1):
            if offsets[number] == 0:
                found[sign] = (sign + deltas[number]) & 0xFFFF
                continue
            place = ranges + 2 * number + offsets[number] + 2 * (sign - first)
            (glyph,) = unpack_from(">H", data, place)
            found[sign] = (glyph + deltas[number]) & 0xFFFF if glyph else 0
    return found


def _groups(data: bytes, start: int) -> dict[int, int]:
    (count,) = unpack_from(">I", data, start + 12)
    found: dict[int, int] = {}
    for number in range(count):
        first, last, glyph = unpack_from(">III", data, start + 16 + 12 * number)
        found |= {sign: glyph + sign - first for sign in range(first, last + 1)}
    return found
