"""Views of the text of minutes: as Slack shows it, in plain words, and as it goes outside."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.delivery.notices import Item
from bot.language import _
from bot.messages import FALLBACK_LIMIT, Message, header, rich_text, shortened
from bot.pages import LOCK, in_markdown
from bot.typed import escape

TITLE, HEADING, BULLET = "# ", "## ", "- "
BLOCK_LIMIT = 2500  # characters of one block: several of them share a message
_LABEL = re.compile(r"\*\*([^*\\]+)\*\* ")
_LOCKED = re.compile(rf"(?P<start>{HEADING}(?:\d+\. )?|{BULLET}){LOCK} ")
_PIECE = re.compile(
    r"\\(?P<literal>.)|&#(?P<sign>\d+);|(?P<bold>\*\*)|<(?P<url>https?://[^<>]*)>"
    r"|(?P<words>[^\\*<&]+|.)"
)


@dataclass(frozen=True)
class Piece:
    """Some *words* of a line that look alike; a link is its own address."""

    words: str
    is_bold: bool = False
    is_link: bool = False


def as_items(text: str) -> list[Item]:
    """The *text* as parts of messages, each of which is shown whole."""
    items = []
    for section in sections(text):
        for chunk in _chunks(section):
            items.append(_item(chunk))
    return items


def plain(text: str) -> str:
    """The *text* without any markup, as a mail can have it."""
    return "\n".join(_plain_line(line) for line in text.split("\n"))


def outside(text: str) -> str:
    """The *text* as it may leave the project: what is confidential is left out, and said so."""
    kept: list[str] = []
    for section in sections(text):
        if section[0].startswith(HEADING) and is_locked(section[0]):
            kept += [f"{HEADING}{LOCK} {_('Confidential, left out')}", ""]
            continue
        kept += [line for line in section if not is_locked(line)]
    return "\n".join(kept)


def is_locked(line: str) -> bool:
    """Whether a heading, or a line below one, says that it is confidential."""
    return _LOCKED.match(line) is not None


def unlocked(line: str) -> str:
    """A heading or a line without the sign that it is confidential."""
    return _LOCKED.sub(r"\g<start>", line, count=1)


def is_told_outside(text: str, quote: str | None) -> bool:
    """Whether the line *quote* of *text* may be read by everybody.

    What is not said of any line may be about each: only where nothing is confidential it is told.
    """
    if quote:
        return quote in outside(text).split("\n")
    return not any(map(is_locked, text.split("\n")))


def lines_of(text: str) -> list[str]:
    """The lines of *text* somebody may object to, as they stand in it."""
    return [line for line in text.split("\n") if line.startswith(BULLET)]


def find_line(text: str, quote: str) -> str | None:
    """The first line of *text* that *quote* is or is part of; None for none."""
    return next(iter(lines_with(text, quote)), None)


def lines_with(text: str, quote: str) -> list[str]:
    """The lines of *text* that *quote* is, else is part of, read without markup."""
    wanted = _folded(quote)
    lines = [(line, _folded(_plain_line(line))) for line in lines_of(text)]
    alike = [line for line, plain in lines if wanted == plain]
    return alike or [line for line, plain in lines if wanted and wanted in plain]


def shown_line(line: str) -> str:
    """A line of the text as people read it."""
    return _plain_line(line).removeprefix(BULLET)


def corrected(text: str, line: str, words: str) -> str:
    """The *text* with *words* in place of a *line* of it.

    What the line begins with stays: that it is confidential, and its label in bold.
    """
    start = BULLET
    if is_locked(line):
        start += f"{LOCK} "
        words = words.removeprefix(f"{LOCK} ")
    label = _LABEL.match(line.removeprefix(start))
    if label is not None and words.startswith(f"{label[1]} "):
        start, words = f"{start}{label[0]}", words.removeprefix(label[1])
    lines = text.split("\n")
    lines[lines.index(line)] = start + in_markdown(words)
    return "\n".join(lines)


def with_correction(text: str, words: str, *, is_confidential: bool) -> str:
    """The *text* with *words* added at its end."""
    heading = f"{HEADING}{_('Corrections')}"
    above = "" if heading in text.split("\n") else f"\n{heading}\n"
    start = f"{BULLET}{LOCK} " if is_confidential else BULLET
    return f"{text.rstrip()}\n{above}{start}{in_markdown(words)}\n"


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold().removeprefix("•").removeprefix("-").strip()


def sections(text: str) -> Iterator[list[str]]:
    """The lines of *text*, heading by heading."""
    section: list[str] = []
    for line in text.strip("\n").split("\n"):
        if line.startswith((TITLE, HEADING)) and section:
            yield section
            section = []
        section.append(line)
    yield section


def _chunks(section: Sequence[str]) -> Iterator[list[str]]:
    """The lines of a section that have something in them, as many as one block takes."""
    chunk: list[str] = []
    for line in filter(str.strip, section):
        if chunk and sum(map(len, chunk)) + len(line) > BLOCK_LIMIT:
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _item(lines: Sequence[str]) -> Item:
    text = escape("\n".join(_plain_line(line) for line in lines))
    blocks = []
    if lines[0].startswith(TITLE):
        blocks.append(header(_plain_line(lines[0])))
        lines = lines[1:]
    if lines:
        blocks.append(rich_text([_elements(line) for line in lines]))
    return Item(Message(shortened(text, FALLBACK_LIMIT), blocks), heading=len(lines) <= 1)


def pieces(line: str) -> Iterator[Piece]:
    """The *line*, without the mark it begins with, in pieces that look alike."""
    words, is_bold = "", False
    for piece in _PIECE.finditer(line.removeprefix(BULLET)):
        if not (piece["bold"] or piece["url"]):
            words += _letters(piece)
            continue
        if words:
            yield Piece(words, is_bold=is_bold)
            words = ""
        if piece["url"]:
            yield Piece(piece["url"], is_link=True)
        else:
            is_bold = not is_bold
    if words:
        yield Piece(words, is_bold=is_bold)


def _elements(line: str) -> list[dict[str, Any]]:
    """One line as rich text."""
    if line.startswith(HEADING):
        return [_text(_plain_line(line), is_bold=True)]
    elements = [_text("• ")] if line.startswith(BULLET) else []
    for piece in pieces(line):
        link = {"type": "link", "url": piece.words}
        elements.append(link if piece.is_link else _text(piece.words, is_bold=piece.is_bold))
    return elements


def _text(words: str, *, is_bold: bool = False) -> dict[str, Any]:
    style = {"style": {"bold": True}} if is_bold else {}
    return {"type": "text", "text": words, **style}


def _plain_line(line: str) -> str:
    for mark in (TITLE, HEADING):
        line = line.removeprefix(mark)
    pieces = (piece for piece in _PIECE.finditer(line) if not piece["bold"])
    return "".join(piece["url"] or _letters(piece) for piece in pieces)


def _letters(piece: re.Match[str]) -> str:
    """What a piece of Markdown without a style of its own reads as."""
    return chr(int(piece["sign"])) if piece["sign"] else piece["literal"] or piece["words"]
