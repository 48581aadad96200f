"""Conversations: which there are, who is in them, what was said."""

from __future__ import annotations

from slackbox.api.channels import readable_channel, scope_for, visible_channel
from slackbox.api.method import Args, Method, need_scope
from slackbox.api.paging import cursor_of, page_size, paged, read_cursor
from slackbox.backend import Backend
from slackbox.clock import as_ts, micros
from slackbox.limits import TIER_2, TIER_3, TIER_4
from slackbox.membership import join as join_channel
from slackbox.model import App, Channel, ChannelKind, Json, Message, Timeline
from slackbox.refusals import SlackError
from slackbox.shapes import channel_json, message_json

_KINDS: dict[str, ChannelKind] = {
    "public_channel": "channel",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def _listed(backend: Backend, app: App, kinds: list[ChannelKind], archived: bool) -> list[Channel]:
    return [
        channel
        for channel in backend.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or app.bot_user_id in channel.members)
        and (archived or not channel.archived)
    ]


def list_all(backend: Backend, app: App, args: Args) -> Json:
    """conversations.list"""
    names = args.text("types", "public_channel").replace(" ", "").split(",")
    if any(name not in _KINDS for name in names):
        raise SlackError("invalid_types")
    kinds = [_KINDS[name] for name in names]
    for kind in kinds:
        need_scope(app, scope_for(Channel("", "", kind), "read"))
    found = _listed(backend, app, kinds, archived=not args.flag("exclude_archived"))
    page, cursor = paged(found, args)
    channels = [channel_json(channel, app.bot_user_id) for channel in page]
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


def info(backend: Backend, app: App, args: Args) -> Json:
    """conversations.info"""
    channel = visible_channel(backend, app, args, "read")
    shape = channel_json(channel, app.bot_user_id)
    if not args.flag("include_num_members"):
        shape.pop("num_members", None)
    if args.flag("include_locale"):
        shape["locale"] = "en-US"
    return {"channel": shape}


def members(backend: Backend, app: App, args: Args) -> Json:
    """conversations.members"""
    channel = visible_channel(backend, app, args, "read")
    page, cursor = paged(list(channel.members), args)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def _bounds(backend: Backend, args: Args) -> tuple[int | None, int | None]:
    """Oldest and latest as asked, the latest no newer than the history that has settled."""
    try:
        oldest = micros(args.text("oldest")) if args.text("oldest") not in ("", "0") else None
        latest = micros(args.text("latest")) if args.text("latest") not in ("", "now") else None
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    if backend.history_lag:
        settled = int((backend.clock.now() - backend.history_lag) * 1_000_000)
        latest = settled if latest is None else min(latest, settled)
    return oldest, latest


def _shown(backend: Backend, args: Args, messages: list[Message]) -> list[Json]:
    metadata = args.flag("include_all_metadata")
    return [message_json(backend.workspace, m, metadata=metadata) for m in messages]


def history(backend: Backend, app: App, args: Args) -> Json:
    """conversations.history: newest first; the cursor is the timestamp to go on from"""
    channel = readable_channel(backend, app, args)
    oldest, latest = _bounds(backend, args)
    inclusive, cursor = args.flag("inclusive"), read_cursor(args)
    if cursor is not None:
        latest, inclusive_latest = micros(cursor), True
    else:
        inclusive_latest = inclusive
    start, _ = channel.timeline.bounds(oldest, None, inclusive)
    _, stop = channel.timeline.bounds(None, latest, inclusive_latest)
    first = max(start, stop - page_size(args, 100))
    page = channel.timeline.messages[first:stop][::-1]
    more = first > start
    answer: Json = {
        "messages": _shown(backend, args, page),
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": ""},
    }
    if more:
        following = channel.timeline.messages[first - 1]
        answer["response_metadata"] = {"next_cursor": cursor_of(as_ts(following.at))}
    return answer


def replies(backend: Backend, app: App, args: Args) -> Json:
    """conversations.replies: the parent, then its replies, oldest first"""
    channel = readable_channel(backend, app, args)
    asked = channel.messages.get(args.need("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent, *below = channel.thread(asked.thread_ts or asked.ts)
    oldest, latest = _bounds(backend, args)
    start, stop = Timeline(below).bounds(oldest, latest, args.flag("inclusive"))
    page, cursor = paged(below[start:stop], args)
    return {
        "messages": _shown(backend, args, [parent, *page]),
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def open_direct(backend: Backend, app: App, args: Args) -> Json:
    """conversations.open"""
    channel = _direct(backend, app, args)
    if args.flag("return_im"):
        return {"channel": channel_json(channel, app.bot_user_id)}
    return {"channel": {"id": channel.id}}


def _direct(backend: Backend, app: App, args: Args) -> Channel:
    if args.text("channel"):
        return visible_channel(backend, app, args, "write")
    users = [name for name in args.text("users").replace(" ", "").split(",") if name]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    need_scope(app, "im:write" if len(users) == 1 else "mpim:write")
    for name in users:
        user = backend.workspace.users.get(name)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        if user.bot_id is not None:
            raise SlackError("cannot_dm_bot")
    return backend.workspace.direct(*users, app.bot_user_id)


def join(backend: Backend, app: App, args: Args) -> Json:
    """conversations.join"""
    channel = backend.workspace.channels.get(args.need("channel"))
    if channel is None or channel.kind == "private":
        raise SlackError("channel_not_found")
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    answer: Json = {"channel": channel_json(channel, app.bot_user_id)}
    if app.bot_user_id in channel.members:
        return answer | {"warning": "already_in_channel"}
    join_channel(backend, channel, app.bot_user_id)
    return {"channel": channel_json(channel, app.bot_user_id)}


METHODS = (
    Method("conversations.list", list_all, rate=TIER_2),
    Method("conversations.info", info, rate=TIER_3),
    Method("conversations.members", members, rate=TIER_4),
    Method("conversations.history", history, rate=TIER_3),
    Method("conversations.replies", replies, rate=TIER_3),
    Method("conversations.open", open_direct, rate=TIER_3),
    Method("conversations.join", join, ("channels:join",), TIER_3),
)
