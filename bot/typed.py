"""A line somebody typed: plain text that remembers where people were mentioned in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.values import UserId

Span = tuple[int, int]

_ENTITY = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_CLOSES = {'"': '"”“', "“": '”"“', "„": '“”"', "«": "»"}
"""What may close a quotation, by what opened it; people mix the first three."""
_MARK = re.compile('["“”„«»]')
_BLANK = re.compile(r"\s+")
_BREAK = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")


@dataclass(frozen=True)
class Mention:
    """Somebody named between *start* and *end*."""

    start: int
    end: int
    user: UserId


@dataclass(frozen=True)
class Line:
    """Decoded text with its mentions; slices and cuts keep them in place."""

    text: str
    mentions: tuple[Mention, ...] = ()

    def mention_at(self, place: int) -> Mention | None:
        """The mention that starts at *place*."""
        return next((mention for mention in self.mentions if mention.start == place), None)

    def part(self, start: int, end: int | None = None) -> "Line":
        """The text from *start* to *end*, without the blanks around it."""
        end = len(self.text) if end is None else end
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        kept = (m for m in self.mentions if start <= m.start and m.end <= end)
        moved = tuple(Mention(m.start - start, m.end - start, m.user) for m in kept)
        return Line(self.text[start:end], moved)

    def without(self, spans: Iterable[Span]) -> "Line":
        """The line less *spans* and the blanks before each; everything else to the letter."""
        text, mentions, done = "", [], 0
        for start, end in (*sorted(spans), (len(self.text), len(self.text))):
            piece = self.part_exact(done, start)
            shift = len(text)
            is_cut = start < len(self.text) or end > start
            kept = piece.text.rstrip() if is_cut else piece.text
            mentions += [Mention(m.start + shift, m.end + shift, m.user) for m in piece.mentions]
            text += kept
            done = end
        return Line(text, tuple(mentions)).part(0)

    def part_exact(self, start: int, end: int) -> "Line":
        """The text from *start* to *end*, blanks and all."""
        kept = (m for m in self.mentions if start <= m.start and m.end <= end)
        moved = tuple(Mention(m.start - start, m.end - start, m.user) for m in kept)
        return Line(self.text[start:end], moved)

    def first_word(self) -> tuple[str, "Line"]:
        """The first word, and what follows it."""
        match = re.match(r"\s*(\S+)", self.text)
        if match is None:
            return "", Line("")
        return match[1], self.part(match.end())

    def named(self, names: dict[UserId, str]) -> "Line":
        """The line with people by their *names* where so far their id stood."""
        text, mentions, done = "", [], 0
        for mention in self.mentions:
            shown = self.text[mention.start : mention.end]
            shown = f"@{names[mention.user]}" if mention.user in names else shown
            text += self.text[done : mention.start]
            mentions.append(Mention(len(text), len(text) + len(shown), mention.user))
            text += shown
            done = mention.end
        return Line(text + self.text[done:], tuple(mentions))

    def unnamed(self) -> list[UserId]:
        """Who is mentioned by id only: Slack tells names in commands, not in messages."""
        return [m.user for m in self.mentions if self.text[m.start : m.end] == f"@{m.user}"]

    def encoded(self) -> str:
        """The line as Slack writes it, so that `decode` reads it back."""
        out, done = [], 0
        for mention in self.mentions:
            name = self.text[mention.start : mention.end].removeprefix("@")
            out.append(escape(self.text[done : mention.start]))
            out.append(f"<@{mention.user}|{escape(name)}>")
            done = mention.end
        return "".join((*out, escape(self.text[done:])))


def decode(raw: str) -> Line:
    """What was typed, from how Slack escapes it: entities become text, people stay known."""
    text, mentions, done = "", [], 0
    for match in _ENTITY.finditer(raw):
        text += unescape(raw[done : match.start()])
        shown = _shown(match[1], match[2], match[3])
        if match[1] == "@":
            mentions.append(Mention(len(text), len(text) + len(shown), UserId(match[2])))
        text += shown
        done = match.end()
    return Line(text + unescape(raw[done:]), tuple(mentions))


def _shown(sign: str, target: str, label: str | None) -> str:
    if sign in ("@", "#"):
        return sign + unescape(label or target)
    if sign == "!":
        return f"@{unescape(label or target.partition('^')[0]).removeprefix('@')}"
    if label is None:
        return unescape(target)
    address, words = unescape(target), unescape(label)
    bare = address.removeprefix("mailto:").removeprefix("https://").removeprefix("http://")
    return words if words.rstrip("/") in (address, bare.rstrip("/")) else f"{words} ({address})"


def escape(text: object) -> str:
    """Take the power out of the three characters Slack reads as markup."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def quotations(text: str) -> list[Span]:
    """Where quoted text stands, the quotation marks included; only the outermost of nested ones.

    A mark opens after a blank and before a letter, and closes the other way round, so that
    apostrophes and inch marks stay text; guillemets enclose whatever other marks there are. Where
    none closes it, a mark with a blank before it does. Raises ValueError with the place of a mark
    that opens and never closes.
    """
    try:
        return _quotations(text, may_be_loose=False)
    except ValueError:
        return _quotations(text, may_be_loose=True)


def leading_quotation(text: str) -> int | None:
    """Where the quotation ends that *text* starts with; None where it starts with none."""
    try:
        first = next(iter(quotations(text)), (1, 1))
    except ValueError:
        return None
    return first[1] if first[0] == 0 else None


def _quotations(text: str, *, may_be_loose: bool) -> list[Span]:
    found: list[Span] = []
    opened: list[int] = []
    for match in _MARK.finditer(text):
        place, sign = match.start(), match[0]
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        if sign in _CLOSES and _opens(before, after):
            opened.append(place)
            continue
        start = _closed_by(sign, text, opened)
        if start is not None and (may_be_loose or not before.isspace()):
            del opened[opened.index(start) :]
            if not opened:
                found.append((start, place + 1))
    if opened:
        raise ValueError(opened[0])
    return found


def _closed_by(sign: str, text: str, opened: list[int]) -> int | None:
    """The innermost of the *opened* marks that *sign* closes."""
    return next((start for start in reversed(opened) if sign in _CLOSES[text[start]]), None)


def quoted(text: str) -> str:
    """*text* in quotation marks, as `decode` reads it: all of it text, none of it grammar."""
    return f'"{text}"' if "»" in text else f"«{text}»"


def _opens(before: str, after: str) -> bool:
    return (before.isspace() or before in "(=[{/") and not after.isspace()


def unquoted(line: Line) -> Line:
    """*line* without its quotation marks where one pair encloses all of it."""
    try:
        spans = quotations(line.text)
    except ValueError:
        return line
    return line.part_exact(1, len(line.text) - 1) if spans == [(0, len(line.text))] else line


def one_line(text: str) -> str:
    """*text* on one line, its blanks as they were typed."""
    return _BREAK.sub(" ", text).strip()


def flat(text: str) -> str:
    """*text* on one line."""
    return _BLANK.sub(" ", text).strip()
