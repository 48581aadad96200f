"""Messages: the blocks Slack draws, within Slack's limits, and the text that says the same.

Python makes the structure, the templates make the text (`pages`). What people typed stands in
plain text or rich text, where nothing is markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.language import _
from bot.typed import escape, flat

Block = dict[str, Any]

HEADER_LIMIT = 150
TEXT_LIMIT = 3000
READABLE_LIMIT = 10_500  # characters in all blocks of a message; Slack takes some more
BLOCKS_LIMIT = 50
FALLBACK_LIMIT = 4000
LABEL_LIMIT = 75
VALUE_LIMIT = 2000
OPTION_LIMIT = 75
OVERFLOW_LIMIT = 5
ACTIONS_LIMIT = 25
MOST_NAMES = 40
RUN, TYPED = "run", "typed"
"""What is clicked runs a line of ours, or one somebody typed."""


@dataclass(frozen=True)
class Button:
    """Something to click: it runs *line* as if the person who clicks had typed it.

    *is_typed* tells that they did: the line is theirs, which a mistake in it gives back to them.
    """

    label: str
    line: str
    style: str | None = None
    confirm: str | None = None
    sure: str = ""
    is_typed: bool = False


@dataclass(frozen=True)
class Message:
    """What Slack shows; *text* stands in for the blocks in notifications and says the same."""

    text: str
    blocks: list[Block] = field(default_factory=list)

    def with_buttons(self, buttons: Iterable[Button]) -> "Message":
        """The message with a row of buttons below it."""
        row = buttons_row(list(buttons))
        return replace(self, blocks=[*self.blocks, *row])

    def __add__(self, other: "Message") -> "Message":
        text = "\n".join(part for part in (self.text, other.text) if part)
        return Message(text[:FALLBACK_LIMIT], [*self.blocks, *other.blocks])

    def as_payload(self) -> dict[str, Any]:
        """What Slack's methods take."""
        return {"text": self.text, "blocks": self.blocks}


NOTHING = Message("")


def plain_text(text: str, limit: int = TEXT_LIMIT) -> dict[str, Any]:
    """A text object in which nothing is markup, not even ``:smile:``."""
    return {"type": "plain_text", "text": shortened(text, limit) or " ", "emoji": False}


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """Names in a line; of very many only the first are named, and the others counted."""
    if len(names) <= most:
        return ", ".join(names)
    text = _("{names} and {count} more")
    return text.format(names=", ".join(names[:most]), count=len(names) - most)


def shortened(text: str, limit: int) -> str:
    """*text* cut to *limit* characters, an ellipsis showing that it was."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def cap(lengths: Sequence[int], room: int) -> int:
    """How long each text may be so that all together have *room*: only the longest are cut."""
    left = max(room, 0)
    for number, length in enumerate(sorted(lengths)):
        share = left // (len(lengths) - number)
        if length > share:
            return share
        left -= length
    return max(lengths, default=0)


def fits(blocks: Sequence[Block]) -> bool:
    """Whether Slack takes these blocks as one message."""
    return len(blocks) <= BLOCKS_LIMIT and sum(map(len, _texts(blocks))) <= READABLE_LIMIT


def fitted(blocks: list[Block]) -> list[Block]:
    """*blocks* with their longest texts shortened so that Slack takes them as one message."""
    most = cap([len(text) for text in _texts(blocks)], READABLE_LIMIT)
    cut: list[Block] = _cut(blocks, most)
    return cut


def _texts(value: Any) -> Iterator[str]:
    """What can be read in blocks, text by text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _cut(value: Any, most: int) -> Any:
    if isinstance(value, list):
        return [_cut(inner, most) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: shortened(inner, most)
        if key == "text" and isinstance(inner, str)
        else _cut(inner, most)
        for key, inner in value.items()
    }


def said(text: str) -> Message:
    """A message of plain words, to the letter: what people typed may stand in it."""
    shown = shortened(text, TEXT_LIMIT) or " "
    line = {"type": "text", "text": shown}
    return Message(escape(shown)[:FALLBACK_LIMIT], [rich_text([[line]])])


def explained(text: str) -> Message:
    """As `said`, for words of our own: what stands in backticks is set as code."""
    shown = shortened(text, TEXT_LIMIT) or " "
    return Message(escape(shown)[:FALLBACK_LIMIT], [rich_text([_coded(shown)])])


def noted(text: str) -> Message:
    """Small print."""
    return Message(escape(text), [small_print(text)])


def _coded(text: str) -> list[dict[str, Any]]:
    """Text as rich text elements: nothing in them is markup, so any text may be styled."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd backtick is just one
        return [{"type": "text", "text": text}]
    styles: tuple[dict[str, Any], ...] = ({}, {"style": {"code": True}})
    return [
        {"type": "text", "text": part} | styles[number % 2]
        for number, part in enumerate(parts)
        if part
    ]


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(flat(text), HEADER_LIMIT)}


def small_print(text: str) -> Block:
    return {"type": "context", "elements": [plain_text(text, 2000)]}


def rich_text(lines: Sequence[Sequence[dict[str, Any]]]) -> Block:
    """Lines of rich text elements as one block."""
    elements: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        if number:
            elements.append({"type": "text", "text": "\n"})
        elements += line
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": _merged(elements)}],
    }


def _merged(elements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring texts of one style as one, so that messages stay small."""
    out: list[dict[str, Any]] = []
    for element in elements:
        last = out[-1] if out else None
        if (
            last is not None
            and last["type"] == element["type"] == "text"
            and last.get("style") == element.get("style")
        ):
            out[-1] = {**last, "text": last["text"] + element["text"]}
        else:
            out.append(element)
    return out


def item(text: str, menu: Sequence[Button] = ()) -> Block:
    """One line of a list, with what can be done to it in a menu."""
    block: Block = {"type": "section", "text": plain_text(text)}
    for overflow in _overflow(menu):
        block["accessory"] = overflow
    return block


def _overflow(menu: Sequence[Button]) -> list[dict[str, Any]]:
    fitting = [b for b in menu if len(b.line) <= OPTION_LIMIT][:OVERFLOW_LIMIT]
    if not fitting:
        return []
    options = [{"text": plain_text(b.label, OPTION_LIMIT), "value": b.line} for b in fitting]
    return [{"type": "overflow", "action_id": RUN, "options": options}]


def table(rows: Sequence[Sequence[str]], columns: str) -> Message:
    """Rows of plain text, the first one the heads; *columns* are aligned ``l`` or ``r``."""
    cells = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in rows]
    sides = {"l": "left", "r": "right"}
    settings = [{"align": sides[side], "is_wrapped": side == "l"} for side in columns]
    text = "\n".join(" · ".join(filter(None, row)) for row in rows[1:])
    block = {"type": "table", "rows": cells, "column_settings": settings}
    return Message(escape(text)[:FALLBACK_LIMIT], [block])


def buttons_row(buttons: Sequence[Button], menu: Sequence[Button] = ()) -> list[Block]:
    """Buttons as an actions block, with a *menu* of more behind them.

    One whose line is too long to carry is left out.
    """
    fitting = [b for b in buttons if len(b.line) <= VALUE_LIMIT][: ACTIONS_LIMIT - 1]
    elements = [_button(b, n) for n, b in enumerate(fitting)] + _overflow(menu)
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(button: Button, number: int) -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "button",
        "action_id": f"{TYPED if button.is_typed else RUN}-{number}",
        "text": plain_text(button.label, LABEL_LIMIT),
        "value": button.line,
    }
    if button.style:
        element["style"] = button.style
    if button.confirm:
        element["confirm"] = {
            "title": plain_text(button.label, 100),
            "text": plain_text(button.confirm, 300),
            "confirm": plain_text(button.sure or button.label, 30),
            "deny": plain_text(_("Keep it"), 30),
            **({"style": button.style} if button.style else {}),
        }
    return element
