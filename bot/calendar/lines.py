"""Content lines: what a calendar is written in (RFC 5545, 3.1)."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import quote

WIDTH = 75  # octets of a line, RFC 5545, 3.1
# A line break in what Unicode calls so, and what no calendar may hold (RFC 5545, 3.1).
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_URI = "%:/?#[]@!$&'()*+,;=~"  # RFC 3986, 2.2
_QUOTABLE = str.maketrans({'"': "'", "^": "ˆ", "\\": "/"})


def several_lines(typed: str) -> str:
    """What was typed without control characters; its line breaks are ``\\n``."""
    return _CONTROL.sub("", _BREAK.sub("\n", typed.replace("\t", " "))).strip()


def one_line(typed: str) -> str:
    """What was typed without control characters, on one line."""
    return " ".join(several_lines(typed).split())


def text(typed: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    escaped = several_lines(typed).replace("\\", "\\\\")
    return escaped.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def quoted(typed: str) -> str:
    """The quoted value of a parameter.

    Nothing can be escaped there that every reader reads the same (not every one knows RFC 6868,
    some unescape backslashes), so that three signs become others that look alike.
    """
    return f'"{one_line(typed).translate(_QUOTABLE)}"'


def address(url: str) -> str:
    """A URI value (RFC 5545, 3.3.13)."""
    return quote(one_line(url), safe=_URI)


def utc(moment: datetime) -> str:
    """A moment as UTC (RFC 5545, 3.3.5, form 2)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def local(moment: datetime) -> str:
    """The local time of a moment, in whatever zone it has (RFC 5545, 3.3.5, form 3)."""
    return f"{moment:%Y%m%dT%H%M%S}"


def day(value: date) -> str:
    """A DATE value (RFC 5545, 3.3.4)."""
    return f"{value:%Y%m%d}"


def written(lines: Iterable[str]) -> bytes:
    """The *lines* as they are sent: folded between characters, each ended by CRLF."""
    return b"".join(_folded(line.encode()) + b"\r\n" for line in lines)


def _folded(line: bytes) -> bytes:
    pieces = []
    while len(line) > WIDTH:
        end = _end(line)
        pieces.append(line[:end])
        line = b" " + line[end:]
    return b"\r\n".join([*pieces, line])


def _end(line: bytes) -> int:
    """Where the first piece of *line* ends: neither in a character nor in an escape."""
    end = WIDTH
    while line[end] & 0xC0 == 0x80:
        end -= 1
    return end - 1 if line[end - 1 : end] == b"\\" and end > 2 else end
