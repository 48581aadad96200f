"""What Slack accepts as the blocks of a message or a view."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from copy import deepcopy
from typing import Any

from slackbox import limits
from slackbox.elements import VALUES, elements_of
from slackbox.elements_schema import (
    BLOCK_ID,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    SLACK_FILE,
    URL,
    plain_text,
    text,
)
from slackbox.model import Json
from slackbox.refusals import SlackError
from slackbox.rich_text_schema import RICH_TEXT, RICH_TEXT_CELL
from slackbox.schema import (
    Rule,
    anything,
    both,
    by_type,
    choice,
    fields,
    flag,
    listed,
    number,
    one_of_fields,
    problem,
    string,
)


def _block(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Rule:
    return fields(required, {"block_id": BLOCK_ID, **(optional or {})})


_SECTION = both(
    _block(
        {},
        {
            "text": text(3_000),
            "fields": listed(text(2_000), 10),
            "accessory": IN_SECTION,
            "expand": flag,
        },
    ),
    one_of_fields("text", "fields", most=2),
)
_IMAGE = both(
    _block(
        {"alt_text": string(2_000)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2_000)},
    ),
    one_of_fields("image_url", "slack_file"),
)
_INPUT = _block(
    {"label": plain_text(2_000), "element": IN_INPUT},
    {"hint": plain_text(2_000), "optional": flag, "dispatch_action": flag},
)
_CELL = by_type(
    {
        "raw_text": fields({"text": string(10_000)}),
        "raw_number": fields({"value": anything}, {"text": string(10_000)}),
        "rich_text": RICH_TEXT_CELL,
    }
)
_COLUMN = fields({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})
_TABLE = _block(
    {"rows": listed(listed(_CELL, 20), 100)}, {"column_settings": listed(_COLUMN, 20, 0)}
)
_DATA_TABLE = _block(
    {"rows": listed(listed(_CELL, 20), 100)},
    {
        "caption": string(2_000),
        "column_settings": listed(anything, 20, 0),
        "page_size": number(1, 100),
        "row_header_column_index": number(0, 19),
    },
)
_LABEL = string(20)
_POINT = fields({"label": _LABEL, "value": number(-1e15, 1e15)})
_SERIES = fields({"name": _LABEL, "data": listed(_POINT, 20)})
_AXES = fields({"categories": listed(_LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})
_LINES = fields({"series": listed(_SERIES, 6), "axis_config": _AXES})
_CHART = by_type(
    {
        "pie": fields({"segments": listed(_POINT, 12)}),
        "line": _LINES,
        "bar": _LINES,
        "area": _LINES,
    }
)

_ANYWHERE: dict[str, Rule] = {
    "section": _SECTION,
    "divider": _block({}),
    "image": _IMAGE,
    "actions": _block({"elements": listed(IN_ACTIONS, 25)}),
    "context": _block({"elements": listed(IN_CONTEXT, 10)}),
    "header": _block({"text": plain_text(150)}, {"level": number(1, 6)}),
    "input": _INPUT,
    "rich_text": RICH_TEXT,
    "video": _block(
        {
            "alt_text": string(2_000),
            "title": plain_text(200),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "title_url": URL,
            "description": plain_text(200),
            "provider_name": string(50),
            "provider_icon_url": URL,
            "author_name": string(50),
        },
    ),
}
_MESSAGE_ONLY: dict[str, Rule] = {
    "markdown": _block({"text": string(12_000)}),
    "table": _TABLE,
    "data_table": _DATA_TABLE,
    "data_visualization": _block({"title": string(50), "chart": _CHART}),
    "file": _block({"external_id": string(255), "source": choice("remote")}),
}
_IN_MESSAGE = listed(by_type({**_ANYWHERE, **_MESSAGE_ONLY}), limits.MESSAGE_BLOCKS, 0)
_IN_VIEW = listed(by_type(_ANYWHERE), limits.VIEW_BLOCKS, 0)
_MOST_PER_MESSAGE = {"table": 1, "data_table": 1, "data_visualization": 2}
_MARKDOWN_CHARACTERS = 12_000

FileCheck = Callable[[Json], bool]


def check_message_blocks(blocks: Any, refused: Collection[str], is_ready: FileCheck) -> None:
    """Raise SlackError unless Slack would take these blocks in a message."""
    pointer, error = "/blocks", "invalid_blocks"
    _raise_for(error, _IN_MESSAGE(blocks, pointer))
    _raise_for(error, _inside(blocks, pointer, refused, is_ready))
    kinds = Counter(block["type"] for block in blocks)
    for kind, most in _MOST_PER_MESSAGE.items():
        if kinds[kind] > most:
            _raise_for(error, [problem(f"no more than {most} {kind} allowed", pointer)])
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > _MARKDOWN_CHARACTERS:
        _raise_for(error, [problem("markdown must be less than 12001 characters", pointer)])
    if characters(blocks) - markdown > limits.MESSAGE_BLOCKS_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def check_view_blocks(
    blocks: Any, kind: str, refused: Collection[str], is_ready: FileCheck
) -> None:
    """Raise SlackError unless Slack would take these blocks in a modal or an App Home."""
    pointer, error = "/view/blocks", "invalid_arguments"
    _raise_for(error, _IN_VIEW(blocks, pointer))
    _raise_for(error, _inside(blocks, pointer, refused, is_ready))
    if kind == "home" and any(
        block["type"] == "input" and block["element"]["type"] == "file_input" for block in blocks
    ):
        _raise_for(error, [problem("file_input is not allowed in a home tab", pointer)])


def _raise_for(error: str, problems: Iterable[str]) -> None:
    found = list(problems)
    if found:
        raise SlackError(error, found)


def _inside(
    blocks: list[Json], pointer: str, refused: Collection[str], is_ready: FileCheck
) -> Iterator[str]:
    """What a look at one block alone cannot tell."""
    yield from _refused(blocks, pointer, refused)
    yield from _repeated(blocks, pointer)
    yield from _files(blocks, pointer, is_ready)


def _refused(blocks: list[Json], pointer: str, refused: Collection[str]) -> Iterator[str]:
    for at, block in enumerate(blocks):
        if block["type"] in refused:
            yield problem(f"unsupported type: {block['type']}", f"{pointer}/{at}/type")


def _repeated(blocks: list[Json], pointer: str) -> Iterator[str]:
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield problem(f"block_id {block_id} already exists", f"{pointer}/{at}/block_id")
        if block_id is not None:
            seen.add(block_id)
        actions = Counter(element.get("action_id") for element in elements_of(block))
        for action_id, times in actions.items():
            if action_id is not None and times > 1:
                what = f"action_id {action_id} already exists for this block"
                yield problem(what, f"{pointer}/{at}")


def _images(block: Json) -> Iterator[Json]:
    candidates = [block, block.get("accessory") or {}]
    if block["type"] == "context":
        candidates += block["elements"]
    yield from (found for found in candidates if found.get("slack_file"))


def _files(blocks: list[Json], pointer: str, is_ready: FileCheck) -> Iterator[str]:
    for at, block in enumerate(blocks):
        for image in _images(block):
            if not is_ready(image["slack_file"]):
                yield problem("invalid slack file", f"{pointer}/{at}/slack_file")


_TEXT_KEYS = ("text", "alt_text", "label", "hint", "title", "caption", "description", "placeholder")


def characters(value: Any) -> int:
    """How many characters people can read in these blocks: what `msg_blocks_too_long` counts."""
    if isinstance(value, list):
        return sum(characters(item) for item in value)
    if not isinstance(value, dict):
        return 0
    return sum(
        len(inner) if key in _TEXT_KEYS and isinstance(inner, str) else characters(inner)
        for key, inner in value.items()
    )


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block has a block_id and every element an action_id, as Slack adds."""
    copied: list[Json] = deepcopy(blocks)
    for block in copied:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            if element["type"] in VALUES or element["type"] in ("button", "overflow"):
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return copied
