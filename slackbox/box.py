"""The workspace in a box, as its owner holds it: start it, fill it, look into it."""

from __future__ import annotations

import ipaddress
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast, overload

from slackbox import manifest as manifests
from slackbox.answer import Answer
from slackbox.backend import Backend, Call
from slackbox.changes import Change
from slackbox.events import emit_user
from slackbox.faults import Faults
from slackbox.hands import Person
from slackbox.limits import Limits
from slackbox.mail import Mail
from slackbox.model import App, Channel, ChannelKind, Json, Message, User, View
from slackbox.mrkdwn import zone_of
from slackbox.office_time import OfficeTime
from slackbox.plain import Reader
from slackbox.server import Server
from slackbox.workspace import TEAM_ID

T = TypeVar("T")
PATIENCE_SECONDS = 30.0  # a wait ends at once when it may; a machine may have other things to do


class Setting(Generic[T]):
    """An attribute of a Box that its backend keeps."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, owner: type[Box], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, box: None, owner: type[Box]) -> Self: ...

    @overload
    def __get__(self, box: Box, owner: type[Box]) -> T: ...

    def __get__(self, box: Box | None, owner: type[Box]) -> T | Self:
        return self if box is None else cast(T, getattr(box.backend, self._name))

    def __set__(self, box: Box, value: T) -> None:
        setattr(box.backend, self._name, value)


class Box:
    """A Slack workspace on loopback. Use it as a context manager, or `start()` and `stop()`."""

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError("a workspace in a box is for this machine only")
        self.backend = Backend()
        self._server = Server(self.backend, host, port)
        self._people: dict[str, Person] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Open the port. After `stop`, the same workspace comes back at the same address."""
        self._server.start()

    def stop(self) -> None:
        """Close the port and every connection."""
        self._server.stop()

    # Addresses

    @property
    def url(self) -> str:
        """The page."""
        return self.backend.url

    @property
    def api_url(self) -> str:
        """The Web API, to be given to slack_sdk as `base_url`."""
        return f"{self.backend.url}/api/"

    @property
    def smtp_url(self) -> str:
        """Where apps hand in mail; nothing leaves this machine."""
        return self.backend.post.url

    def mailbox(self, address: str) -> str:
        """Open the mailbox answers to *address* end in; its address for `IMAP_URL`-like settings.

        What people click at invitations from there is put into it as mail programs would.
        """
        return self.wait(self.backend.post.open_mailbox(address))

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return TEAM_ID

    # Filling it

    def install(self, manifest: Json) -> App:
        """Install an app by its manifest."""
        return self.call(lambda: manifests.install(self.backend.workspace, manifest))

    def user(
        self,
        name: str,
        real_name: str = "",
        email: str = "",
        tz: str = "Europe/Berlin",
        locale: str = "en-US",
        *,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        is_stranger: bool = False,
        deleted: bool = False,
        is_admin: bool = False,
    ) -> Person:
        """Somebody new in the workspace."""
        workspace = self.backend.workspace

        def add() -> User:
            user = User(
                workspace.new_id("U"), name, real_name or name.title(), email, tz, locale,
                is_restricted or is_ultra_restricted, is_ultra_restricted, is_stranger, deleted,
                is_admin,
            )  # fmt: skip
            workspace.add_user(user)
            emit_user(self.backend, "team_join", user)
            return user

        user = self.call(add)
        return self._people.setdefault(user.id, Person(self, user))

    def channel(
        self,
        name: str,
        members: Iterable[Person] = (),
        *,
        private: bool = False,
        with_bot: bool = True,
    ) -> Channel:
        """A new channel; with the bots of all apps, of those installed later too."""
        workspace = self.backend.workspace
        people = [person.id for person in members]

        def add() -> Channel:
            bots = list(workspace.bots) if with_bot else []
            kind: ChannelKind = "private" if private else "channel"
            creator = people[0] if people else ""
            channel = workspace.add_channel(name, [*people, *bots], kind, creator)
            channel.wants_bot = with_bot
            return channel

        return self.call(add)

    def change(self, person: Person, **fields: Any) -> None:
        """Change somebody's profile (`tz="Asia/Tokyo"`, `deleted=True`); apps hear of it."""
        unknown = [name for name in fields if not hasattr(person.user, name)]
        if unknown:
            raise TypeError(f"a person has no {', '.join(unknown)}")

        def apply() -> None:
            for name, value in fields.items():
                setattr(person.user, name, value)
            self.backend.changes.publish(Change("channels"))
            emit_user(self.backend, "user_change", person.user)

        self.call(apply)

    # Looking into it

    def person(self, user_id: str) -> Person:
        """The person with that id."""
        return self._people[user_id]

    def text_of(self, shown: Answer | Message | View | None, reader: Person | None = None) -> str:
        """What is to be read there, a row per line; dates in the zone of `reader`.

        Without a reader: of the one person it is shown to, or else UTC.
        """
        if isinstance(shown, Answer):
            shown = shown.message
        if shown is None:
            return ""
        user = reader.user if reader is not None else self._only_reader(shown)
        plain = Reader(self.backend.workspace, zone_of(user))
        return plain.view(shown) if isinstance(shown, View) else plain.message(shown)

    def _only_reader(self, shown: Message | View) -> User | None:
        users = self.backend.workspace.users
        if isinstance(shown, View):
            return users[shown.user]
        if shown.ephemeral_for is not None:
            return users[shown.ephemeral_for]
        channel = self.backend.workspace.channels.get(shown.channel)
        if channel is None or channel.kind != "im":
            return None
        return next((users[m] for m in channel.members if users[m].bot_id is None), None)

    @property
    def calls(self) -> deque[Call]:
        """Every call of the Web API, oldest first (the last 100,000)."""
        return self.backend.calls

    @property
    def mails(self) -> list[Mail]:
        """Every mail that went out, oldest first."""
        return list(self.backend.post.mails)

    def wait_for(self, predicate: Callable[[], T], timeout: float = PATIENCE_SECONDS) -> T:
        """The first true value of `predicate`, asked after every change; raises TimeoutError."""
        return self.backend.changes.wait_for(predicate, timeout)

    def settle(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until no event waits for its first ack."""
        self.wait_for(lambda: not self.backend.unanswered, timeout)

    # Weather

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.backend.faults

    @property
    def limits(self) -> Limits:
        """Rates, and block types Slack does not know yet."""
        return self.backend.limits

    @property
    def now(self) -> datetime:
        """The workspace's time, in UTC; settable."""
        return self.backend.clock.moment()

    @now.setter
    def now(self, moment: datetime) -> None:
        self.backend.clock.move_to(moment)
        self._tell_the_time()

    def advance(self, seconds: float) -> None:
        """Let time pass in the workspace: triggers and response URLs expire."""
        self.backend.clock.advance(seconds)
        self._tell_the_time()

    def _tell_the_time(self) -> None:
        self.call(self.backend.tell_the_time)

    @property
    def office_time(self) -> OfficeTime | None:
        """The app's time, which the page then shows and lets people move; none by itself."""
        return self.backend.workspace.office_time

    @office_time.setter
    def office_time(self, office: OfficeTime | None) -> None:
        def keep() -> None:
            self.backend.workspace.office_time = office
            self.backend.changes.publish(Change("channels"))

        self.call(keep)

    history_lag = Setting[float]("Seconds until a message appears in histories.")
    file_lag = Setting[float]("Seconds until an uploaded file can be shown in a block.")
    ack_seconds = Setting[float]("How long an app may take to ack.")
    trigger_seconds = Setting[float]("How long an app may open a view for an interaction.")
    jitter = Setting[float]("For how many seconds at most anything on its way waits, at random.")
    retry_delays = Setting[tuple[float, ...]]("Seconds before each retry of an unacked event.")
    command_help = Setting[list[Json]](
        "What the page completes: `{command, completions: [{text, usage, example}]}`."
    )

    first_lines = Setting[list[str]](
        "What the page proposes to type where nothing was written yet."
    )

    @property
    def connections(self) -> int:
        """How many Socket Mode connections apps hold, those asked to leave not counted."""
        return sum(len(self.backend.sockets.of(a)) for a in self.backend.workspace.apps.values())

    def drop_sockets(self) -> None:
        """Reset the TCP connection of every Socket Mode connection."""
        self.call(self.backend.sockets.drop)

    def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask every app to come back over a new connection, as Slack does every few hours.

        With the reason `warning` the old connections stay for ten seconds.
        """
        self.wait(self.backend.sockets.refresh(reason))

    def forget_ephemerals(self) -> None:
        """Drop what only one person saw, as Slack does when its window is loaded again."""

        def forget() -> None:
            for channel in self.backend.workspace.channels.values():
                channel.ephemerals.clear()

        self.call(forget)

    def toast(self, text: str) -> None:
        """Show a short notice on every page."""
        self.call(lambda: self.backend.changes.publish(Change("toast", {"text": text})))

    # The loop

    def call(self, function: Callable[[], T]) -> T:
        """Run a function where the workspace may be touched."""
        return self._server.call(function)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there, to its end."""
        return self._server.wait(work)
