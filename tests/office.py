"""The office tests work in: a workspace in a box, the bot in it, a clock that stands still."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import Bot
from bot.config import read_settings
from bot.db import reading
from bot.delivery.outbox import Delivery, State
from bot.manifest import manifest_of
from slackbox import Answer, Box, Channel, Message, Person

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # a Tuesday
PATIENCE_S = 20  # Slack waits three seconds; a machine that runs many tests at once may be slower
QUICK = {  # as long as an operator waits for it, nobody would run these tests
    "JOURFIXE_QUICK_SECONDS": PATIENCE_S,
    "JOURFIXE_SETTLE_SECONDS": 0.2,
    "JOURFIXE_READ_GAP_SECONDS": 0.1,
    "JOURFIXE_BACKOFF_SECONDS": 0.2,
    "JOURFIXE_BACKOFF_MAX_SECONDS": 2,
    "JOURFIXE_AUTH_PAUSE_SECONDS": 0.5,
    "JOURFIXE_LOCK_SECONDS": 10,  # a machine that runs many tests at once may stand still for long
}
JITTER_S = float(os.environ.get("JOURFIXE_JITTER_SECONDS", "0"))
MAIL = {"MAIL_FROM": "Jourfixe <office@firm.example>"}


class Office:
    """Anna leads the project Alpha in #alpha; Ben and Carla are members, Gus is a guest there.

    What people type goes through a real server as signed HTTP, or over Socket Mode.
    """

    def __init__(
        self,
        box: Box,
        database_url: str,
        *,
        is_socket: bool,
        is_mailing: bool = False,
        **settings: Any,
    ) -> None:
        self.box = box
        self.now = NOW
        self.anna = box.user("anna", real_name="Anna", email="anna@firm.example")
        self.ben = box.user("ben", real_name="Ben", email="ben@firm.example")
        self.carla = box.user("carla", real_name="Carla", email="carla@firm.example")
        self.dora = box.user("dora", real_name="Dora", email="dora@firm.example")
        self.gus = box.user("gus", real_name="Gus", is_restricted=True)
        self.app = box.install(manifest_of(read_settings()))
        self.alpha = box.channel("alpha", members=[self.anna, self.ben, self.carla, self.gus])
        self.settings = read_settings(
            SLACK_BOT_TOKEN=self.app.bot_token,
            SLACK_APP_TOKEN=self.app.app_token if is_socket else "",
            SLACK_SIGNING_SECRET="" if is_socket else self.app.signing_secret,
            SLACK_API_URL=box.api_url,
            DATABASE_URL=database_url,
            **(
                {
                    "PORT": None if is_socket else 0,
                    "JOURFIXE_ADMINS": self.dora.id,
                    "JOURFIXE_TICK_SECONDS": 3600,
                }
                | QUICK
                | (MAIL | {"SMTP_URL": box.smtp_url} if is_mailing else {})
                | settings
            ),
        )
        self.bot = Bot(self.settings, lambda: self.now)

    def start(self) -> None:
        self.bot.start()
        if self.bot.web is not None and self.bot.socket is None:
            self.app.request_url = f"http://127.0.0.1:{self.bot.web.port}/slack/events"

    def says(self, line: str, who: Person | None = None, where: Channel | None = None) -> str:
        """What *who* (Anna) reads after typing *line* in *where* (#alpha)."""
        return self.types(line, who, where).text

    def types(self, line: str, who: Person | None = None, where: Channel | None = None) -> Answer:
        """The answer to *line*, for its buttons."""
        return (who or self.anna).types(line, where or self.alpha)

    def sees(self, who: Person | None = None, where: Channel | None = None) -> list[str]:
        """What everybody reads in a channel (#alpha), thread replies too, when all is delivered."""
        self.delivered()
        messages = (who or self.anna).reads(where or self.alpha)
        return [self.box.text_of(m) for m in messages if m.ephemeral_for is None]

    def told(self, who: Person) -> list[str]:
        """What *who* reads in their direct messages with the bot, when all is delivered."""
        self.delivered()
        return [self.box.text_of(m) for m in self.told_messages(who)]

    def told_messages(self, who: Person) -> list[Message]:
        """The bot's direct messages to *who*."""
        self.delivered()
        return [m for m in who.reads(who.dm) if m.ephemeral_for is None]

    def delivered(self) -> None:
        """Wait until the outbox has nothing left to send."""
        self.bot.worker.wake()
        self.box.wait_for(self._nothing_waits)

    def _nothing_waits(self) -> bool:
        with reading(self.bot.sessions) as session:
            waiting = select(Delivery.id).where(Delivery.state == State.WAITING)
            return session.scalar(waiting.limit(1)) is None

    def passes(self, **span: float) -> None:
        """Let office time pass."""
        self.now += timedelta(**span)

    def ticks(self) -> None:
        """Let the clock do what is due now."""
        self.bot.scheduler.tick()

    def waits_until(self, day: int, hour: int, minute: int = 0, *, month: int = 11) -> None:
        """Let it be that moment of 2026 in Berlin, and the clock do what is due then."""
        self.now = NOW.replace(month=month, day=day, hour=hour, minute=minute)
        self.ticks()

    def stored(self, look: Callable[[Session], Any]) -> Any:
        """What the database holds."""
        with reading(self.bot.sessions) as session:
            return look(session)


@contextmanager
def open_office(database_url: str, *, is_socket: bool = False, **settings: Any) -> Iterator[Office]:
    """An office with a bot that serves, and the project Alpha in it."""
    _pauses_no_longer()
    with Box() as box:
        box.ack_seconds = box.trigger_seconds = PATIENCE_S
        box.jitter = JITTER_S
        office = Office(box, database_url, is_socket=is_socket, **settings)
        office.start()
        try:
            office.says("/po project new Alpha")
            yield office
        finally:
            office.bot.stop()


@cache
def _pauses_no_longer() -> None:
    """As `serve` does: who goes through all that was imported keeps everybody from the database."""
    gc.collect()
    gc.freeze()
