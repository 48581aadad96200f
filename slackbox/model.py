"""What a workspace consists of: people, apps, channels, messages, files and views."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

from slackbox.clock import micros

Json = dict[str, Any]
ChannelKind = Literal["channel", "private", "im", "mpim"]


@dataclass(eq=False)
class User:
    """Somebody with an account: a member, a guest, a stranger of another workspace, or a bot."""

    id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "UTC"
    locale: str = "en-US"
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    is_admin: bool = False
    bot_id: str | None = None
    app_id: str | None = None

    @property
    def is_guest(self) -> bool:
        """Guests see only the channels they are in."""
        return self.is_restricted or self.is_ultra_restricted or self.is_stranger


@dataclass(eq=False)
class Message:
    """A message as it stands now: edits and replacements change it in place."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    ephemeral_for: str | None = None
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: str | None = None
    files: list[str] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    deleted: bool = False
    broadcast: bool = False
    shown_at: float | None = None  # office time, in seconds; None: what the ts says
    replies: list[Message] = field(default_factory=list, repr=False)
    state: dict[str, Json] = field(
        default_factory=dict
    )  # per person: what was picked, not yet sent

    @property
    def at(self) -> int:
        """When it was posted, in microseconds: what histories are sorted by."""
        return micros(self.ts)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, below its parent."""
        return self.thread_ts is not None and self.thread_ts != self.ts


def _at(message: Message) -> int:
    return message.at


@dataclass(eq=False)
class Timeline:
    """Messages in the order of their timestamps, cut by bisection."""

    messages: list[Message] = field(default_factory=list)

    def add(self, message: Message) -> None:
        """Keep `message`; timestamps only grow, so this is an append."""
        self.messages.append(message)

    def remove(self, message: Message) -> None:
        """Forget `message`."""
        at = bisect_left(self.messages, message.at, key=_at)
        if at < len(self.messages) and self.messages[at] is message:
            del self.messages[at]

    def bounds(self, oldest: int | None, latest: int | None, inclusive: bool) -> tuple[int, int]:
        """The slice between two moments (microseconds), excluding them unless `inclusive`."""
        lower, upper = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
        start = 0 if oldest is None else lower(self.messages, oldest, key=_at)
        stop = len(self.messages) if latest is None else upper(self.messages, latest, key=_at)
        return start, max(start, stop)

    def after(self, moment: int) -> int:
        """How many messages are newer than `moment`."""
        return len(self.messages) - bisect_right(self.messages, moment, key=_at)


@dataclass(eq=False)
class Channel:
    """A conversation: a channel, a private channel, a DM, or a DM of several people."""

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: dict[str, None] = field(default_factory=dict)
    archived: bool = False
    deleted: bool = False
    created: int = 0
    creator: str = ""
    wants_bot: bool = False
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
    timeline: Timeline = field(default_factory=Timeline, repr=False)
    ephemerals: dict[str, list[Message]] = field(default_factory=dict, repr=False)
    last_read: dict[str, int] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Whether it is a DM, which has no name and no membership changes."""
        return self.kind in ("im", "mpim")

    def add(self, message: Message) -> None:
        """Store a message: in the timeline, in its thread, or for one person only."""
        if message.ephemeral_for is not None:
            self.ephemerals.setdefault(message.ephemeral_for, []).append(message)
            return
        self.messages[message.ts] = message
        if not message.is_reply or message.broadcast:
            self.timeline.add(message)
        if message.is_reply and message.thread_ts is not None:
            self.messages[message.thread_ts].replies.append(message)

    def remove(self, message: Message) -> None:
        """Delete a message from wherever it is shown."""
        message.deleted = True
        if message.ephemeral_for is not None:
            shown = self.ephemerals.get(message.ephemeral_for, [])
            if message in shown:
                shown.remove(message)
            return
        self.messages.pop(message.ts, None)
        self.timeline.remove(message)
        parent = self.messages.get(message.thread_ts or "")
        if parent is not None and message in parent.replies:
            parent.replies.remove(message)

    def thread(self, ts: str) -> list[Message]:
        """The parent and its replies, oldest first; empty when there is no such message."""
        parent = self.messages.get(ts)
        return [] if parent is None else [parent, *parent.replies]

    def ephemerals_of(self, user: str, thread: str | None) -> list[Message]:
        """What only `user` sees, in the channel itself or in one thread."""
        return [m for m in self.ephemerals.get(user, []) if m.thread_ts == thread]

    def find(self, ts: str, user: str | None = None) -> Message | None:
        """The message with that timestamp, looking at the ephemerals of `user` too."""
        found = self.messages.get(ts)
        if found is None and user is not None:
            found = next((m for m in self.ephemerals.get(user, []) if m.ts == ts), None)
        return found


@dataclass(eq=False)
class View:
    """A modal or an App Home: what the app sent, and what its person filled in so far."""

    id: str
    app_id: str
    user: str
    payload: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.payload["type"])

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, as the app sent them plus the ids Slack adds."""
        blocks: list[Json] = self.payload["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The title a modal shows; an App Home has none."""
        return str((self.payload.get("title") or {}).get("text", ""))


@dataclass(eq=False)
class File:
    """An uploaded file and where it was shared."""

    id: str
    name: str
    title: str
    user: str
    created: int
    length: int
    content: bytes | None = None
    mimetype: str = ""
    alt: str = ""
    complete: bool = False
    channels: list[str] = field(default_factory=list)
    shares: dict[str, list[str]] = field(default_factory=dict)
    ready_at: float = 0.0


@dataclass(frozen=True)
class Command:
    """A slash command of an app."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A message shortcut (`message`) or a global one (`global`)."""

    name: str
    callback_id: str
    type: str
    description: str = ""


@dataclass(eq=False)
class App:
    """An installed app: its tokens, its bot, and what its manifest declared."""

    app_id: str
    name: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    scopes: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    home_enabled: bool = False
    request_url: str | None = None
    token_error: str | None = None  # such as `token_revoked` or `account_inactive`
