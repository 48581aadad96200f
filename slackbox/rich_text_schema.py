"""What Slack accepts inside a `rich_text` block."""

from __future__ import annotations

from slackbox.elements_schema import BLOCK_ID, URL
from slackbox.schema import Rule, anything, by_type, choice, fields, flag, listed, number, string

_TEXT_STYLE = fields(
    {},
    {name: flag for name in ("bold", "italic", "strike", "code", "underline", "highlight",
                             "client_highlight", "unlink")},
)  # fmt: skip
_STYLE = {"style": _TEXT_STYLE}
_INLINE = by_type(
    {
        "text": fields({"text": string(12_000)}, _STYLE),
        "link": fields({"url": URL}, {"text": string(3_000), "unsafe": flag, **_STYLE}),
        "user": fields({"user_id": string(255)}, _STYLE),
        "usergroup": fields({"usergroup_id": string(255)}, _STYLE),
        "team": fields({"team_id": string(255)}, _STYLE),
        "channel": fields({"channel_id": string(255)}, _STYLE),
        "emoji": fields(
            {"name": string(255)}, {"unicode": string(255), "skin_tone": number(1, 6), **_STYLE}
        ),
        "broadcast": fields({"range": choice("here", "channel", "everyone")}, _STYLE),
        "color": fields({"value": string(20)}, _STYLE),
        "date": fields(
            {"timestamp": number(0, 1e11), "format": string(255)},
            {"url": URL, "fallback": string(255), **_STYLE},
        ),
    }
)
_INLINES = listed(_INLINE, 1_000, 0)
_SECTION = fields({"elements": _INLINES})
_LIST = fields(
    {"style": choice("bullet", "ordered"), "elements": listed(_SECTION, 1_000)},
    {"indent": number(0, 8), "offset": number(0, 10_000), "border": number(0, 1)},
)
_PARTS = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": _LIST,
        "rich_text_preformatted": fields(
            {"elements": _INLINES}, {"border": number(0, 1), "language": string(50)}
        ),
        "rich_text_quote": fields({"elements": _INLINES}, {"border": number(0, 1)}),
    }
)
RICH_TEXT: Rule = fields({"elements": listed(_PARTS, 1_000, 0)}, {"block_id": BLOCK_ID})
RICH_TEXT_CELL: Rule = fields(
    {"elements": listed(_PARTS, 100, 0)}, {"block_id": BLOCK_ID, "is_empty": anything}
)
