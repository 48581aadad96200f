"""The workspace: one store of everything, indexed by the ids it gives out."""

from __future__ import annotations

import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable

from slackbox.changes import Change, Changes
from slackbox.clock import Clock, Timestamps
from slackbox.model import App, Channel, ChannelKind, File, Message, User, View
from slackbox.office_time import OfficeTime

TEAM_ID = "T0BOX"
TEAM_DOMAIN = "box"
TEAM_NAME = "Box"
_NOT_IN_HANDLES = re.compile(r"[^a-z0-9._-]+")


def handle(name: str) -> str:
    """A name as Slack writes handles: small letters, digits, dots, dashes, underscores."""
    return _NOT_IN_HANDLES.sub("", name.lower().replace(" ", "_"))


class Workspace:
    """Everything there is; touched on the server's loop only (before its start: by its owner)."""

    def __init__(self, clock: Clock, changes: Changes) -> None:
        self.clock = clock
        self.changes = changes
        self.timestamps = Timestamps(clock)
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.apps: dict[str, App] = {}
        self.bots: dict[str, App] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = defaultdict(list)
        self.homes: dict[tuple[str, str], View] = {}
        self.office_time: OfficeTime | None = None
        self._names: dict[str, Channel] = {}
        self._directs: dict[frozenset[str], Channel] = {}
        self._given: Counter[str] = Counter()

    def new_id(self, kind: str) -> str:
        """An id as Slack's look: a letter for the kind, then capitals and digits."""
        self._given[kind] += 1
        return f"{kind}0BOX{self._given[kind]:05d}"

    # People and apps

    def add_user(self, user: User) -> None:
        """Let somebody in."""
        if any(other.name == user.name for other in self.users.values()):
            raise ValueError(f"there is a user called {user.name} already")
        self.users[user.id] = user
        self.changes.publish(Change("channels"))

    def add_app(self, app: App) -> None:
        """Keep an installed app, and put its bot where the owner wanted bots."""
        self.apps[app.app_id] = app
        self.bots[app.bot_user_id] = app
        for channel in self.channels.values():
            if channel.wants_bot:
                channel.members[app.bot_user_id] = None

    @property
    def main_app(self) -> App:
        """The app installed first: the one people's DMs are with."""
        if not self.apps:
            raise LookupError("no app is installed: call box.install(manifest) first")
        return next(iter(self.apps.values()))

    # Conversations

    def add_channel(
        self,
        name: str,
        members: Iterable[str],
        kind: ChannelKind = "channel",
        creator: str = "",
    ) -> Channel:
        """A new channel, private channel or DM of several people."""
        if name in self._names:
            raise ValueError(f"there is a channel called {name} already")
        channel = Channel(
            self.new_id("C"), name, kind, dict.fromkeys(members), creator=creator,
            created=int(self.clock.now()),
        )  # fmt: skip
        self.channels[channel.id] = channel
        self._names[name] = channel
        self.changes.publish(Change("channels"))
        return channel

    def channel_named(self, name: str) -> Channel | None:
        """The channel of that name, with or without the number sign."""
        return self._names.get(name.removeprefix("#"))

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name, which must be free."""
        if self._names.get(name, channel) is not channel:
            raise ValueError(f"there is a channel called {name} already")
        del self._names[channel.name]
        channel.name = name
        self._names[name] = channel

    def forget_channel(self, channel: Channel) -> None:
        """Delete a channel for good."""
        channel.deleted = True
        del self.channels[channel.id]
        self._names.pop(channel.name, None)

    def direct(self, *users: str) -> Channel:
        """The DM of these people (one of them may be a bot), made when it is needed first."""
        people = frozenset(users)
        if people not in self._directs:
            kind: ChannelKind = "im" if len(people) <= 2 else "mpim"
            if kind == "im":
                channel = Channel(
                    self.new_id("D"), "", "im", dict.fromkeys(users), created=int(self.clock.now())
                )
                self.channels[channel.id] = channel
            else:
                names = "--".join(sorted(self.users[u].name for u in people))
                channel = self.add_channel(f"mpdm-{names}-1", users, kind)
            self._directs[people] = channel
            self.changes.publish(Change("channels"))
        return self._directs[people]

    def may_see(self, channel: Channel, user: str) -> bool:
        """Whether `user` may read `channel`: members always, others only public ones, no guests."""
        if user in channel.members:
            return True
        return channel.kind == "channel" and not self.users[user].is_guest

    # Messages

    def post(self, channel: Channel, message: Message) -> Message:
        """Store a message and tell everybody who is looking."""
        if self.office_time is not None:
            message.shown_at = self.office_time.seconds()
        channel.add(message)
        self.announce("ephemeral" if message.ephemeral_for else "message", message)
        return message

    def announce(self, kind: str, message: Message) -> None:
        """Tell everybody who may see `message` that it came, changed or went."""
        data = {"channel": message.channel, "ts": message.ts, "thread_ts": message.thread_ts}
        self.changes.publish(Change(kind, data, message.ephemeral_for))

    def remove(self, message: Message) -> None:
        """Delete a message from where it is shown."""
        self.channels[message.channel].remove(message)
        self.announce("deleted", message)

    # Views

    def top_view(self, user: str) -> View | None:
        """The modal a person is looking at."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def show_top(self, user: str) -> None:
        """Tell a person's pages that their top view is another one, or gone."""
        self.changes.publish(Change("view", {}, user))

    def new_hash(self) -> str:
        """A view's version."""
        return f"{int(self.clock.now())}.{secrets.token_hex(4)}"
