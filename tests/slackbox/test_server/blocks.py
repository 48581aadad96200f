"""Block Kit in few words, for tests."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    """A section."""
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str, action_id: str = "go", **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json, **more: Any) -> Json:
    """A row of buttons and menus."""
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str, value: str = "") -> Json:
    """An option."""
    return {"text": plain(text), "value": value or text.lower()}


def overflow(*texts: str, action_id: str = "more") -> Json:
    """A menu behind three dots."""
    return {"type": "overflow", "action_id": action_id, "options": [option(t) for t in texts]}


def field(label: str, element: Json, block_id: str, **more: Any) -> Json:
    """An input."""
    return {
        "type": "input", "block_id": block_id, "label": plain(label), "element": element, **more,
    }  # fmt: skip


def text_input(action_id: str = "text", **more: Any) -> Json:
    """A line to type in."""
    return {"type": "plain_text_input", "action_id": action_id, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    """A modal with a submit button."""
    return {
        "type": "modal", "title": plain("Form"), "submit": plain("Save"), "close": plain("Cancel"),
        "blocks": list(blocks), **more,
    }  # fmt: skip


def words(*elements: Json) -> Json:
    """A rich_text block of one section."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(elements)}],
    }
