"""The interactive elements of Block Kit: where they stand and what value each of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from slackbox.model import Json


@dataclass(frozen=True)
class Value:
    """How an element's value is called in payloads, how as an initial value, and when empty."""

    key: str
    initial: str
    many: bool = False


_OPTION = Value("selected_option", "initial_option")
_OPTIONS = Value("selected_options", "initial_options", many=True)
_TYPED = Value("value", "initial_value")

VALUES = {
    "plain_text_input": _TYPED,
    "number_input": _TYPED,
    "email_text_input": _TYPED,
    "url_text_input": _TYPED,
    "rich_text_input": Value("rich_text_value", "initial_value"),
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "checkboxes": _OPTIONS,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "users_select": Value("selected_user", "initial_user"),
    "multi_users_select": Value("selected_users", "initial_users", many=True),
    "channels_select": Value("selected_channel", "initial_channel"),
    "multi_channels_select": Value("selected_channels", "initial_channels", many=True),
    "conversations_select": Value("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Value(
        "selected_conversations", "initial_conversations", many=True
    ),
    "datepicker": Value("selected_date", "initial_date"),
    "timepicker": Value("selected_time", "initial_time"),
    "datetimepicker": Value("selected_date_time", "initial_date_time"),
    "file_input": Value("files", "initial_files", many=True),
}


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of one block."""
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict) and block[key].get("type") != "image":
            yield block[key]
    if block.get("type") in ("actions", "context_actions"):
        yield from block.get("elements", [])


def all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element, each after the block it stands in."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def initial_value(element: Json) -> Any:
    """The value an element has before anybody touched it."""
    kind = VALUES[element["type"]]
    return element.get(kind.initial, [] if kind.many else None)


def as_state(element: Json, value: Any) -> Json:
    """An element's entry in `state.values`."""
    return {"type": element["type"], VALUES[element["type"]].key: value}


def value_in(entry: Json) -> Any:
    """The value inside an entry of `state.values`."""
    return entry.get(VALUES[entry["type"]].key)


def state_values(blocks: list[Json], filled: Json) -> Json:
    """`state.values`: what every element that holds a value holds now.

    `filled` has the entries a person changed, by block and action; they count only while an
    element of the same type still stands there.
    """
    values: Json = {}
    for block, element in all_elements(blocks):
        if element["type"] not in VALUES:
            continue
        entry = filled.get(block["block_id"], {}).get(element["action_id"])
        if entry is None or entry.get("type") != element["type"]:
            entry = as_state(element, initial_value(element))
        values.setdefault(block["block_id"], {})[element["action_id"]] = deepcopy(entry)
    return values


def element_at(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and element with those ids."""
    for block, element in all_elements(blocks):
        if block.get("block_id") == block_id and element.get("action_id") == action_id:
            return block, element
    return None


def options_of(element: Json) -> list[Json]:
    """The options of a select, overflow, radio group or set of checkboxes, grouped or not."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options.extend(group["options"])
    return options


def fill(blocks: list[Json], filled: Json, state: Json | None) -> None:
    """Take over into `filled` what a client says its elements hold; others are ignored."""
    for block, element in all_elements(blocks):
        said = (state or {}).get(block["block_id"], {}).get(element.get("action_id"))
        if said is not None and element["type"] in VALUES:
            entry = as_state(element, said.get(VALUES[element["type"]].key))
            filled.setdefault(block["block_id"], {})[element["action_id"]] = entry
