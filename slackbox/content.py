"""What a message may show: text, blocks and metadata, checked against Slack's limits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from slackbox import limits
from slackbox.backend import Backend
from slackbox.blocks import check_message_blocks, with_ids
from slackbox.model import Json
from slackbox.refusals import SlackError


@dataclass(frozen=True)
class Content:
    """What is shown, ready to be stored."""

    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None


def read_content(
    backend: Backend, text: str, blocks: Any = None, attachments: Any = None, metadata: Any = None
) -> Content:
    """Check what an app wants to show; raise SlackError as Slack does."""
    if attachments:
        # Legacy, and nothing in the box draws them: better refused than silently not shown.
        raise SlackError("invalid_attachments", ["[ERROR] the box shows no attachments"])
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > limits.MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if blocks:
        check_message_blocks(blocks, backend.limits.refused_blocks, backend.file_is_ready)
    return Content(text, with_ids(blocks or []), _metadata(metadata))


def _metadata(metadata: Any) -> Json | None:
    if metadata is None:
        return None
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > limits.METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}
