"""A message or view as plain text: what its reader sees, a row per line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slackbox.elements import initial_value, options_of, value_in
from slackbox.model import Json, Message, View
from slackbox.mrkdwn import channel_mention, date_text, mention, read_mrkdwn
from slackbox.workspace import Workspace


class Reader:
    """Reads for one person: dates appear in their zone."""

    def __init__(self, workspace: Workspace, zone: str = "UTC") -> None:
        self.workspace = workspace
        self.zone = zone
        self._blocks: dict[str, Callable[[Json, Json], list[str]]] = {
            "section": self._section,
            "header": lambda block, _: [self.text(block["text"])],
            "divider": lambda block, _: ["---"],
            "context": self._context,
            "image": self._image,
            "actions": self._actions,
            "input": self._input,
            "rich_text": lambda block, _: self.rich_text(block).split("\n"),
            "markdown": lambda block, _: [block["text"]],
            "table": self._table,
            "data_table": self._data_table,
            "data_visualization": self._chart,
            "video": lambda block, _: [self.text(block["title"]), block["alt_text"]],
            "file": lambda block, _: ["[file]"],
        }

    def message(self, message: Message) -> str:
        """A message: its blocks, or its text when it has none, then its files."""
        lines = self.blocks(message.blocks, {}) if message.blocks else [self.mrkdwn(message.text)]
        lines += [f"[file: {self.workspace.files[name].title}]" for name in message.files]
        return "\n".join(line for line in lines if line)

    def view(self, view: View) -> str:
        """A modal or App Home: title, blocks as they are filled in, complaints, buttons."""
        lines = [view.title, *self.blocks(view.blocks, view.state, view.errors)]
        buttons = [view.payload.get(key) for key in ("submit", "close")]
        lines.append(" ".join(f"[{button['text']}]" for button in buttons if button))
        return "\n".join(line for line in lines if line)

    def blocks(
        self, blocks: list[Json], state: Json, errors: dict[str, str] | None = None
    ) -> list[str]:
        """The lines of these blocks."""
        lines: list[str] = []
        for block in blocks:
            lines += self._blocks[block["type"]](block, state.get(block.get("block_id", ""), {}))
            if errors and block.get("block_id") in errors:
                lines.append(errors[block["block_id"]])
        return lines

    def mrkdwn(self, text: str) -> str:
        """mrkdwn, read."""
        return read_mrkdwn(self.workspace, text, self.zone)

    def text(self, text: Json) -> str:
        """A text object, read."""
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else str(text["text"])

    # Blocks

    def _section(self, block: Json, filled: Json) -> list[str]:
        lines = [self.text(block["text"])] if "text" in block else []
        lines += [self.text(entry) for entry in block.get("fields", [])]
        accessory = block.get("accessory")
        if accessory:
            lines[-1] += f" {self.element(accessory, filled)}"
        return lines

    def _context(self, block: Json, filled: Json) -> list[str]:
        parts = [
            entry["alt_text"] if entry["type"] == "image" else self.text(entry)
            for entry in block["elements"]
        ]
        return [" ".join(parts)]

    def _image(self, block: Json, filled: Json) -> list[str]:
        title = [self.text(block["title"])] if "title" in block else []
        return [*title, block["alt_text"]]

    def _actions(self, block: Json, filled: Json) -> list[str]:
        return [" ".join(self.element(element, filled) for element in block["elements"])]

    def _input(self, block: Json, filled: Json) -> list[str]:
        element = block["element"]
        lines = [f"{self.text(block['label'])}: {self.value(element, filled)}".rstrip()]
        if "hint" in block:
            lines.append(self.text(block["hint"]))
        return lines

    def _table(self, block: Json, filled: Json) -> list[str]:
        return [" | ".join(self._cell(cell) for cell in row) for row in block["rows"]]

    def _data_table(self, block: Json, filled: Json) -> list[str]:
        caption = [block["caption"]] if "caption" in block else []
        return caption + self._table(block, filled)

    def _cell(self, cell: Json) -> str:
        if cell["type"] == "rich_text":
            return self.rich_text(cell)
        return str(cell.get("text", cell.get("value", "")))

    def _chart(self, block: Json, filled: Json) -> list[str]:
        chart = block["chart"]
        series = chart.get("series") or [{"name": "", "data": chart["segments"]}]
        lines = [block["title"]]
        for one in series:
            points = ", ".join(f"{point['label']} {point['value']}" for point in one["data"])
            lines.append(f"{one['name']}: {points}".removeprefix(": "))
        return lines

    # Elements

    def element(self, element: Json, filled: Json) -> str:
        """A button as [Label], a menu as its options, another element as what it holds."""
        if element["type"] == "image":
            return str(element["alt_text"])
        if element["type"] in ("button", "workflow_button"):
            return f"[{element['text']['text']}]"
        if element["type"] == "overflow":
            return f"[⋯ {' · '.join(self.text(o['text']) for o in element['options'])}]"
        if element["type"] in ("checkboxes", "radio_buttons"):
            return self._boxes(element, filled)
        value = self.value(element, filled)
        return f"[{value or (element.get('placeholder') or {}).get('text', '')}]"

    def _boxes(self, element: Json, filled: Json) -> str:
        chosen = self._chosen(element, filled)
        chosen = chosen if isinstance(chosen, list) else [chosen] if chosen else []
        values = {option["value"] for option in chosen}
        return " ".join(
            f"({'x' if option['value'] in values else ' '}) {self.text(option['text'])}"
            for option in options_of(element)
        )

    @staticmethod
    def _chosen(element: Json, filled: Json) -> Any:
        entry = filled.get(element.get("action_id", ""))
        return value_in(entry) if entry else initial_value(element)

    def value(self, element: Json, filled: Json) -> str:
        """What an element holds, as it is shown."""
        value = self._chosen(element, filled)
        values = value if isinstance(value, list) else [value]
        return ", ".join(self._shown(element, one) for one in values if one not in (None, ""))

    def _shown(self, element: Json, value: Any) -> str:
        if isinstance(value, dict):
            is_option = "text" in value and isinstance(value["text"], dict)
            return self.text(value["text"]) if is_option else self.rich_text(value)
        if "users" in element["type"]:
            return mention(self.workspace, value)
        if "channels" in element["type"] or "conversations" in element["type"]:
            return channel_mention(self.workspace, value)
        if element["type"] == "datetimepicker":
            return date_text(value, "{date_short} {time}", self.zone)
        return str(value)

    # Rich text

    def rich_text(self, block: Json) -> str:
        """A rich_text block without its styles."""
        return "\n".join(self._part(part) for part in block["elements"]).rstrip("\n")

    def _part(self, part: Json) -> str:
        if part["type"] == "rich_text_list":
            return "\n".join(self._item(part, at) for at in range(len(part["elements"])))
        return "".join(self._inline(inline) for inline in part["elements"])

    def _item(self, part: Json, at: int) -> str:
        sign = f"{at + 1 + part.get('offset', 0)}." if part["style"] == "ordered" else "•"
        return f"{'  ' * part.get('indent', 0)}{sign} {self._part(part['elements'][at])}"

    def _inline(self, inline: Json) -> str:
        return _INLINES[inline["type"]](self, inline)


_INLINES: dict[str, Callable[[Reader, Json], str]] = {
    "text": lambda reader, inline: inline["text"],
    "link": lambda reader, inline: inline.get("text") or inline["url"],
    "user": lambda reader, inline: mention(reader.workspace, inline["user_id"]),
    "channel": lambda reader, inline: channel_mention(reader.workspace, inline["channel_id"]),
    "usergroup": lambda reader, inline: f"@{inline['usergroup_id']}",
    "team": lambda reader, inline: f"@{inline['team_id']}",
    "emoji": lambda reader, inline: f":{inline['name']}:",
    "broadcast": lambda reader, inline: f"@{inline['range']}",
    "color": lambda reader, inline: inline["value"],
    "date": lambda reader, inline: date_text(
        int(inline["timestamp"]), inline["format"], reader.zone
    ),
}
