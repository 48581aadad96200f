"""mrkdwn as its reader sees it: entities resolved, marks of formatting gone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from slackbox.model import User
from slackbox.typed import unescape
from slackbox.workspace import Workspace

_ENTITY = re.compile(r"<([^<>]+)>")
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_MARKS = [
    re.compile(
        rf"(?<![\w{mark}]){mark}(?=[^\s{mark}])([^\n]*?[^\s{mark}]|[^\s{mark}]){mark}(?![\w{mark}])"
    )
    for mark in (r"\*", "_", "~")
]
_KEEP = re.compile("\x00(\\d+)\x00")


def read_mrkdwn(workspace: Workspace, text: str, zone: str = "UTC") -> str:
    """What a person in `zone` reads where an app wrote this mrkdwn."""
    kept: list[str] = []

    def keep(shown: str) -> str:
        kept.append(shown)
        return f"\x00{len(kept) - 1}\x00"

    text = _FENCE.sub(lambda found: keep(unescape(found[1])), text)
    text = _CODE.sub(lambda found: keep(unescape(found[1])), text)
    text = _ENTITY.sub(lambda found: keep(_entity(workspace, found[1], zone)), text)
    for mark in _MARKS:
        text = mark.sub(r"\1", text)
    text = re.sub(r"^&gt;\s?", "", text, flags=re.MULTILINE)
    return _KEEP.sub(lambda found: kept[int(found[1])], unescape(text))


def _entity(workspace: Workspace, inside: str, zone: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return mention(workspace, target[1:])
    if target.startswith("#"):
        return channel_mention(workspace, target[1:], label)
    if target.startswith("!date^"):
        _, seconds, form, *_ = target.split("^")
        return date_text(int(seconds), form, zone)
    if target.startswith("!subteam^"):
        return label or "@group"
    if target.startswith("!"):
        return f"@{target[1:]}"
    return unescape(label or target.removeprefix("mailto:"))


def mention(workspace: Workspace, user_id: str) -> str:
    """How a mention of somebody is shown."""
    user = workspace.users.get(user_id)
    return f"@{user.real_name}" if user is not None else f"@{user_id}"


def channel_mention(workspace: Workspace, channel_id: str, label: str = "") -> str:
    """How a mention of a channel is shown."""
    channel = workspace.channels.get(channel_id)
    return f"#{channel.name if channel is not None else label or channel_id}"


def _day(moment: datetime, now: datetime) -> str:
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - now.date()).days, "")


def date_text(seconds: int, form: str, zone: str) -> str:
    """A date token as Slack shows it to a reader in `zone`: `{date_short}`, `{time}`, …"""
    moment = datetime.fromtimestamp(seconds, ZoneInfo(zone))
    now = datetime.now(ZoneInfo(zone))
    month, year = moment.strftime("%B"), "" if _is_near(moment, now) else f", {moment.year}"
    ordinal = _ordinal(moment.day)
    long = f"{moment:%A}, {month} {ordinal}{year}"
    short = f"{moment:%b} {moment.day}, {moment.year}"
    plain = f"{month} {ordinal}{year}"
    parts = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date_long": long,
        "date_long_full": f"{moment:%A}, {month} {ordinal}, {moment.year}",
        "date_short": short,
        "date_long_pretty": _day(moment, now) or long,
        "date_short_pretty": _day(moment, now) or short,
        "date_pretty": _day(moment, now) or plain,
        "date": plain,
        "day_divider_pretty": _day(moment, now) or long,
        "time": _clock(moment, "%M"),
        "time_secs": _clock(moment, "%M:%S"),
        "ago": _ago(now - moment),
    }
    return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], found[0]), form)


def _is_near(moment: datetime, now: datetime) -> bool:
    """Slack leaves the year out within about half a year."""
    return abs(moment - now) < timedelta(days=182)


def _ordinal(day: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{day}{'th' if 10 <= day % 100 <= 20 else endings.get(day % 10, 'th')}"


def _clock(moment: datetime, rest: str) -> str:
    return f"{moment.hour % 12 or 12}:{moment.strftime(rest)} {'AM' if moment.hour < 12 else 'PM'}"


def _ago(past: timedelta) -> str:
    minutes = int(abs(past).total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            words = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{words} ago" if past > timedelta(0) else f"in {words}"
    return "just now"


def zone_of(user: User | None) -> str:
    """The zone dates are shown in."""
    return user.tz if user is not None else "UTC"
