"""What a person types, as Slack hands it on: escaped, with mentions and links as entities."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from slackbox.model import Json
from slackbox.workspace import Workspace

_LINK = r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"]"
_ADDRESS = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"


@dataclass(frozen=True)
class Piece:
    """A stretch of typed text: plain, or something Slack recognised in it."""

    kind: Literal["text", "user", "channel", "link", "mail"]
    text: str
    id: str = ""


def escape(text: str) -> str:
    """The three characters Slack escapes in every text it hands on."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """The reverse of `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def pieces(workspace: Workspace, text: str) -> Iterator[Piece]:
    """Cut typed text at the mentions, channels, links and mail addresses in it."""
    users = _user_names(workspace)
    channels = {f"#{c.name}": c.id for c in workspace.channels.values() if c.kind != "im"}
    at = 0
    for found in _pattern(text, users, channels).finditer(text):
        if found.start() > at:
            yield Piece("text", text[at : found.start()])
        at = found.end()
        yield _recognised(found, users, channels)
    if at < len(text):
        yield Piece("text", text[at:])


def _recognised(found: re.Match[str], users: dict[str, str], channels: dict[str, str]) -> Piece:
    word = found.group()
    if found.lastgroup == "user":
        return Piece("user", word, users[word.lower()])
    if found.lastgroup == "channel":
        return Piece("channel", word.removeprefix("#"), channels[word])
    return Piece("mail" if found.lastgroup == "mail" else "link", word)


def _user_names(workspace: Workspace) -> dict[str, str]:
    names: dict[str, str] = {}
    for user in workspace.users.values():
        names.setdefault(f"@{user.real_name}".lower(), user.id)
    for user in workspace.users.values():
        names[f"@{user.name}".lower()] = user.id
    return names


def _pattern(text: str, users: dict[str, str], channels: dict[str, str]) -> re.Pattern[str]:
    """Only the names that occur can match: the pattern stays short in a large workspace."""
    lowered = text.lower()
    alternatives = [f"(?P<link>{_LINK})", f"(?P<mail>{_ADDRESS})"]
    for group, names in (("user", users), ("channel", channels)):
        sign = "@" if group == "user" else "#"
        present = [n for n in names if n.lower() in lowered] if sign in text else []
        if present:
            longest_first = "|".join(map(re.escape, sorted(present, key=len, reverse=True)))
            ignoring_case = "(?i:" if group == "user" else "(?:"
            alternatives.append(
                rf"(?P<{group}>(?<![\w.&]){ignoring_case}{longest_first})(?![\w-]))"
            )
    return re.compile("|".join(alternatives))


def message_text(workspace: Workspace, text: str) -> str:
    """The `text` of a message somebody typed."""
    return "".join(_entity(workspace, piece, named=False) for piece in pieces(workspace, text))


def command_text(workspace: Workspace, text: str, should_escape: bool) -> str:
    """The `text` of a slash command; entities only when its manifest says `should_escape`."""
    if not should_escape:
        return escape(text)
    return "".join(_entity(workspace, piece, named=True) for piece in pieces(workspace, text))


def _entity(workspace: Workspace, piece: Piece, named: bool) -> str:
    if piece.kind == "user":
        name = f"|{workspace.users[piece.id].name}" if named else ""
        return f"<@{piece.id}{name}>"
    if piece.kind == "channel":
        return f"<#{piece.id}|{piece.text}>"
    if piece.kind == "link":
        return f"<{escape(piece.text)}>"
    if piece.kind == "mail":
        return f"<mailto:{piece.text}|{piece.text}>"
    return escape(piece.text)


def rich_text(workspace: Workspace, text: str) -> list[Json]:
    """The `rich_text` block Slack's clients send beside the text of a typed message."""
    elements = [_element(piece) for piece in pieces(workspace, text)]
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "elements": [section]}]


def _element(piece: Piece) -> Json:
    if piece.kind == "user":
        return {"type": "user", "user_id": piece.id}
    if piece.kind == "channel":
        return {"type": "channel", "channel_id": piece.id}
    if piece.kind == "link":
        return {"type": "link", "url": piece.text}
    if piece.kind == "mail":
        return {"type": "link", "url": f"mailto:{piece.text}", "text": piece.text}
    return {"type": "text", "text": piece.text}
