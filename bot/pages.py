"""Pages: a template in, a message out; what people typed can never become markup on the way.

A line ``# …`` is the header, ``---`` starts a new block, lines ``> …`` are small print;
``*bold*``, ``_italic_`` and backticks work in the template's own words only.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot import language
from bot.dates import format_day
from bot.language import _, plural
from bot.messages import (
    FALLBACK_LIMIT,
    READABLE_LIMIT,
    Block,
    Message,
    cap,
    header,
    rich_text,
    shortened,
    small_print,
)
from bot.people import Person
from bot.typed import escape
from bot.values import Rag, Trend

# Unicode's noncharacters mark where typed text begins and ends; they never occur in text.
_OPEN, _CLOSE, _MOMENT, _NEWLINE = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_LINK = "\ufdd4"
_FENCED = re.compile(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}")
_STRIP = {code: None for code in range(0xFDD0, 0xFDF0)} | {
    code: None for code in range(32) if chr(code) not in "\t\n"
}
_PIECE = re.compile(
    f"{_OPEN}(?P<typed>[^{_CLOSE}]*){_CLOSE}"
    f"|{_MOMENT}(?P<moment>[^{_CLOSE}]*){_CLOSE}"
    f"|{_LINK}(?P<link>[^{_CLOSE}]*){_CLOSE}"
    "|(?P<mark>[*_`])|(?P<words>[^*_`\ufdd0\ufdd2\ufdd4]+)"
)
PAGE_LIMIT = READABLE_LIMIT - 1000  # the rest is for buttons
_MARKDOWN = re.compile(r"[\\`*_\[\]<>~|&]")
_MARKDOWN_START = re.compile(r"^(\d*)([.)#]|[-+=](?=\s|$))")
LOCK = "🔒"
"""Stands in Markdown before what is confidential; one that was typed is written as a reference."""
_TYPED_LOCK = f"&#{ord(LOCK)};"
_URL_SIGNS = "%:/?#[]@!$&'()*+,;=~"
HALF_A_YEAR = timedelta(days=183)
_STYLES = {"*": "bold", "_": "italic", "`": "code"}
COLOURS = {Rag.GREEN: "🟢", Rag.AMBER: "🟡", Rag.RED: "🔴"}
ARROWS = {Trend.RISING: "↗", Trend.STEADY: "→", Trend.FALLING: "↘"}


@dataclass(frozen=True)
class Moment:
    """A point in time each reader sees in their own zone; *zone* is for where that is not so."""

    at: datetime
    zone: str = "UTC"

    def __str__(self) -> str:
        return moment(self.at, self.zone)


@dataclass(frozen=True)
class Link:
    """An address behind a word."""

    url: str
    text: str

    def __str__(self) -> str:
        return self.text


def link(url: str) -> Link:
    """Where an entry comes from, as a word to click."""
    return Link(url, _("from this message"))


def moment(at: datetime, zone: str) -> str:
    """A moment in words: ``Thu 3 Dec, 12:00``."""
    local = at.astimezone(ZoneInfo(zone))
    return format_datetime(local, "EEE d MMM, HH:mm", locale=language.current())


def day(value: date | None) -> str:
    """A calendar day with its weekday, or that there is none."""
    return _("no date") if value is None else format_day(value, language.current())


def days(old: date | None, new: date | None, today: date) -> str:
    """From one day to another, the year left out where both are in this one.

    Not of a day long past: next year's would be read the same.
    """
    shown_days = [value for value in (old, new) if value is not None]
    has_year = any(value.year != today.year or is_long_past(value, today) for value in shown_days)
    shown = (
        _("no date") if value is None else format_day(value, language.current(), year=has_year)
        for value in (old, new)
    )
    return " → ".join(shown)


def is_long_past(value: date, today: date) -> bool:
    """Whether it is so long ago that, without its year, the one to come would be meant."""
    return today - value > HALF_A_YEAR


def rag(value: Rag) -> str:
    """A colour that is never colour alone: ``🟡 AMBER``."""
    return f"{COLOURS[value]} {_(value.value).upper()}"


def name(person: Person | None) -> str:
    return _("nobody") if person is None else person.name


def render(template: str, **values: object) -> Message:
    """Fill *template* and lay the page out as blocks."""
    return lay_out(_template(template).render(values))


def draw(template: str, **values: object) -> str:
    """Fill the *template* of a picture; what people typed stands in it as text, never as markup."""
    return _drawing().get_template(f"{template}.j2").render(values)


def letter(template: str, **values: object) -> str:
    """Fill the *template* of a page of HTML, for mail or paper; what people typed stays text."""
    filled = _drawing().get_template(f"{template}.html.j2")
    return filled.render(values, language=language.current())


def markdown(template: str, **values: object) -> str:
    """Fill the *template* of a Markdown file; what people typed stands in it as text."""
    return _marking_down().get_template(f"{template}.md.j2").render(values)


def lay_out(page: str) -> Message:
    """Turn a filled page into a message; what is too long for one is shortened, longest first."""
    blocks: list[Block] = []
    page = _shortened(page)
    page = _FENCED.sub(lambda typed: typed[0].replace("\n", _NEWLINE), page)
    for part in page.strip("\n").split("\n---\n"):
        blocks += _blocks(part)
    text = "\n".join(filter(None, (_fallback(line) for line in _lines(page))))
    return Message(shortened(text, FALLBACK_LIMIT), blocks)


def _shortened(page: str) -> str:
    """The page with its longest values cut until it can be one message."""
    excess = len(page) - PAGE_LIMIT
    if excess <= 0:
        return page
    values = [len(typed[0]) for typed in _FENCED.finditer(page)]
    most = cap(values, sum(values) - excess) - len(_OPEN + _CLOSE)
    return _FENCED.sub(
        lambda typed: f"{_OPEN}{shortened(typed[0][1:-1], max(most, 1))}{_CLOSE}", page
    )


def _lines(page: str) -> list[str]:
    """The template's lines, with the newlines inside typed text back in them."""
    return [line.replace(_NEWLINE, "\n") for line in page.split("\n") if line.strip()]


def _blocks(part: str) -> list[Block]:
    blocks: list[Block] = []
    lines: list[list[dict[str, Any]]] = []
    small: list[str] = []
    for line in _lines(part):
        if line.startswith("# "):
            blocks.append(header(_words(line[2:])))
        elif line.startswith("> "):
            small.append(_words(line[2:]))
        elif line != "---":
            lines.append(_elements(line))
    if lines:
        blocks.append(rich_text(lines))
    if small:
        blocks.append(small_print("\n".join(small)))
    return blocks


def _elements(line: str) -> list[dict[str, Any]]:
    """The rich text of one line."""
    elements: list[dict[str, Any]] = []
    style: dict[str, bool] = {}
    for piece in _PIECE.finditer(line):
        if piece["mark"]:
            flag = _STYLES[piece["mark"]]
            style = (
                {k: v for k, v in style.items() if k != flag}
                if flag in style
                else {**style, flag: True}
            )
        elif piece["moment"] is not None:
            elements.append(_date_element(piece["moment"]))
        elif piece["link"] is not None:
            url, _sep, text = piece["link"].partition("|")
            elements.append({"type": "link", "url": url, "text": text})
        elif text := piece["typed"] or piece["words"] or "":
            element: dict[str, Any] = {"type": "text", "text": text}
            elements.append({**element, "style": style} if style else element)
    return elements


def _date_element(told: str) -> dict[str, Any]:
    stamp, _sep, shown = told.partition("|")
    return {
        "type": "date",
        "timestamp": int(stamp),
        "format": "{date_long}, {time}",
        "fallback": shown,
    }


def _words(line: str) -> str:
    """A line without any markup, for plain text."""
    return "".join(
        (piece["typed"] or piece["words"] or _shown(piece["moment"] or piece["link"] or ""))
        for piece in _PIECE.finditer(line)
        if not piece["mark"]
    )


def _shown(told: str) -> str:
    return told.partition("|")[2]


def _fallback(line: str) -> str:
    return escape(_words(line.removeprefix("# ").removeprefix("> "))) if line != "---" else ""


def _finalize(value: object) -> str:
    if isinstance(value, Moment):
        return f"{_MOMENT}{int(value.at.timestamp())}|{value}{_CLOSE}"
    if isinstance(value, Link):
        return f"{_LINK}{value.url.replace('|', '%7C').translate(_STRIP)}|{value}{_CLOSE}"
    return f"{_OPEN}{str(value).translate(_STRIP)}{_CLOSE}"


def in_markdown(value: object) -> str:
    """*value* as one line of Markdown that shows it to the letter."""
    if isinstance(value, Link):
        return f"<{quote(value.url, safe=_URL_SIGNS)}>"
    text = " ".join(str(value).translate(_STRIP).split())
    text = _MARKDOWN.sub(lambda sign: f"\\{sign[0]}", text).replace(LOCK, _TYPED_LOCK)
    # At the start, a number before a dot would open a list, some signs a list or a heading.
    return _MARKDOWN_START.sub(r"\1\\\2", text)


@cache
def _environment() -> Environment:
    return _filled_by(_finalize)


@cache
def _marking_down() -> Environment:
    return _filled_by(in_markdown)


def _filled_by(finalize: Callable[[object], str]) -> Environment:
    # Autoescape is HTML's; here every value goes through *finalize* instead.
    environment = Environment(  # noqa: S701 - see above
        loader=PackageLoader("bot"),
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, plural, newstyle=True)  # type: ignore[attr-defined] # added by the extension
    environment.filters.update(day=day, rag=rag, name=name, label=_, link=link)
    environment.globals.update(arrows=ARROWS, dots=COLOURS)
    return environment


@cache
def _drawing() -> Environment:
    environment = Environment(
        loader=PackageLoader("bot"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, plural, newstyle=True)  # type: ignore[attr-defined] # added by the extension
    return environment


def _visible(value: object) -> object:
    """*value* without the characters no page may hold; what is markup already stays that."""
    return value.translate(_STRIP) if isinstance(value, str) else value


def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.j2")
