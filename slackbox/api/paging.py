"""Cursor pagination, as every listing method of Slack does it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TypeVar

from slackbox.api.method import Args
from slackbox.refusals import SlackError

T = TypeVar("T")


def cursor_of(at: str) -> str:
    """An opaque cursor that stands for `at`."""
    return base64.urlsafe_b64encode(f"next:{at}".encode()).decode()


def read_cursor(args: Args) -> str | None:
    """What the cursor given stands for; None without one."""
    cursor = args.text("cursor")
    if not cursor:
        return None
    try:
        kind, _, at = base64.urlsafe_b64decode(cursor).decode().partition(":")
    except ValueError:
        kind, at = "", ""
    if kind != "next":
        raise SlackError("invalid_cursor")
    return at


def page_size(args: Args, default: int) -> int:
    """The page size asked for, between 1 and 1000."""
    limit = args.number("limit", default)
    if limit < 0:
        raise SlackError("invalid_limit")
    return min(limit or default, 1_000)


def paged(items: Sequence[T], args: Args, default: int = 100) -> tuple[list[T], str]:
    """One page of `items`, and the cursor of the next (empty on the last)."""
    at = read_cursor(args) or "0"
    start, size = int(at) if at.isdigit() else 0, page_size(args, default)
    following = start + size
    cursor = cursor_of(str(following)) if following < len(items) else ""
    return list(items[start:following]), cursor
