"""Finding what to click by what is to be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol, TypeVar, runtime_checkable

from slackbox.elements import VALUES, all_elements, options_of
from slackbox.model import Json
from slackbox.plain import Reader

T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """An element, the block it stands in, and the option chosen where it is a menu."""

    block: Json
    element: Json
    value: Any = None


def _clickables(reader: Reader, blocks: list[Json]) -> Iterator[tuple[str, Found]]:
    """Everything that can be clicked, after its visible text."""
    for block, element in all_elements(blocks):
        if "text" in element:
            yield element["text"]["text"], Found(block, element)
        for option in options_of(element):
            many = VALUES[element["type"]].many if element["type"] in VALUES else False
            yield reader.text(option["text"]), Found(block, element, [option] if many else option)


def clickable(reader: Reader, blocks: list[Json], label: str, near: str | None) -> Found:
    """The button or option that says `label`, in the row that says `near`."""
    all_found = list(_clickables(reader, blocks))
    return _the_one(
        [found for text, found in all_found if text == label],
        lambda found: found.block,
        (reader, blocks, near),
        f"{label!r}; there are {[text for text, _ in all_found]}",
    )


def picker(reader: Reader, blocks: list[Json], label: str, near: str | None) -> tuple[Json, Json]:
    """The select or picker called `label`: its block's label, placeholder, row or action id."""
    holders = [pair for pair in all_elements(blocks) if pair[1]["type"] in VALUES]
    matching = [pair for pair in holders if label in _names(reader, *pair)]
    names = [_names(reader, *pair) for pair in holders]
    return _the_one(
        matching, lambda pair: pair[0], (reader, blocks, near), f"{label!r}; there are {names}"
    )


def _names(reader: Reader, block: Json, element: Json) -> list[str]:
    names = [element["action_id"]]
    for text in (element.get("placeholder"), block.get("label"), block.get("text")):
        if text:
            names.append(reader.text(text))
    return names


def _the_one(
    candidates: list[T],
    block_of: Callable[[T], Json],
    place: tuple[Reader, list[Json], str | None],
    what: str,
) -> T:
    reader, blocks, near = place
    if near is not None:
        candidates = [c for c in candidates if near in _row(reader, blocks, block_of(c))]
    if not candidates:
        raise LookupError(f"nothing says {what}")
    if len(candidates) > 1:
        raise LookupError(f"{len(candidates)} things say {what}: say near=")
    return candidates[0]


def _row(reader: Reader, blocks: list[Json], block: Json) -> str:
    """What a row says: its own text, and for a row of buttons that of the row above."""
    at = blocks.index(block)
    shown = blocks[max(0, at - 1) : at + 1] if block["type"] == "actions" else [block]
    return "\n".join(reader.blocks(shown, {}))


def input_labelled(reader: Reader, blocks: list[Json], label: str) -> tuple[Json, Json]:
    """The input whose label says `label`."""
    inputs = [block for block in blocks if block["type"] == "input"]
    for block in inputs:
        if reader.text(block["label"]) == label:
            return block, block["element"]
    raise LookupError(f"no input {label!r}; there are {[b['label']['text'] for b in inputs]}")


def option(element: Json, text: str) -> Json:
    """The option that says `text`, or has it as its value."""
    options = options_of(element)
    for wanted in ("text", "value"):
        for one in options:
            said = one["text"]["text"] if wanted == "text" else one["value"]
            if said == text:
                return {"text": one["text"], "value": one["value"]}
    raise LookupError(f"no option {text!r}; there are {[o['text']['text'] for o in options]}")


@runtime_checkable
class HasId(Protocol):
    """A person or channel."""

    @property
    def id(self) -> str: ...


def held(element: Json, value: Any) -> Any:
    """A value as people think of it (a person, a date, an option's text) as `element` holds it."""
    if VALUES[element["type"]].many:
        values = [] if value is None else value if isinstance(value, list | tuple) else [value]
        return [_one(element, one) for one in values]
    return None if value is None else _one(element, value)


def _one(element: Json, value: Any) -> Any:
    if "option" in VALUES[element["type"]].key:
        return option(element, str(value))
    if isinstance(value, HasId):
        return value.id
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value if isinstance(value, dict) else str(value)
