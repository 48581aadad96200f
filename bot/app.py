"""Puts the bot together: the only place where parts are chosen and joined."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread
from typing import TypeVar

from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from bot import clock, history, life, schedules
from bot.clock import OfficeClock, read_shift
from bot.commands import COMMANDS
from bot.config import Settings, SettingsError
from bot.db import Sessions, open_sessions
from bot.delivery.installation import seal_of
from bot.delivery.worker import Worker
from bot.dispatch import Dispatcher
from bot.jobs import JOBS
from bot.mailbox import Mailbox
from bot.mailroom import Mailroom
from bot.metrics import BEAT, MAILBOX_AGE, SOCKET_AGE, SOCKET_SILENCE, Metrics, look_into
from bot.migrate import upgrade
from bot.office import Office
from bot.readership import Readership
from bot.retention import Retention
from bot.scheduler import Scheduler
from bot.slack.attendant import Attendant
from bot.slack.client import Unreachable, open_client, quick, reason
from bot.slack.directory import SlackDirectory
from bot.slack.door import Door
from bot.slack.listeners import identify, listen, open_app
from bot.slack.sender import Ours, SlackSender
from bot.slack.socket import Socket
from bot.web import WebDoor
from bot.workspace_roles import seed_workspace_roles

log = logging.getLogger(__name__)
T = TypeVar("T")

LAST_S = 5
"""How long answers may still be begun when the bot ends; each may then take a call's time."""

BEATS_MISSED = 3
"""After so many the clock counts as stopped."""


class Bot:
    """The whole bot: made, started and stopped as one."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] | None = None) -> None:
        settings.check_to_serve()
        self.settings = settings
        self.office_clock = _office_clock(settings)
        self._now = now or self.office_clock
        self.sessions = _open_database(settings)
        self.metrics = Metrics()
        self._executor = ThreadPoolExecutor(4, "after-ack")
        self._client = open_client(settings, self.metrics.busy)
        with _explained(settings):
            self._identity, scopes = identify(self._client)
        self._team = str(self._identity.team_id)
        self._seed_roles()
        self._directory = self._meet_slack()
        mailroom = Mailroom(self.sessions, settings, self.metrics, self._now)
        self.worker = self._slack_worker()
        self.mail_worker = mailroom.worker
        self.office = Office(
            self.sessions,
            Dispatcher(COMMANDS),
            settings,
            self._now,
            self._directory,
            self._wake,
            scopes,
            self.metrics.answered,
        )
        errands = [*mailroom.errands(self._wake), Retention(self.sessions).do_some]
        self.scheduler = Scheduler(
            self.sessions, JOBS, settings, self._now, self._directory, self._wake, errands
        )
        self.mailbox = self._mailbox()
        self._open_doors(mailroom)
        self._watch()

    def _seed_roles(self) -> None:
        """Give the workspace's first roles to those the settings name."""
        with self.sessions.begin() as session:
            history.begin(session, None, "settings", self._now())
            seed_workspace_roles(session, self._team, self.settings.admins)
            history.write(session)

    def _meet_slack(self) -> SlackDirectory:
        """Who asks Slack what the database does not know, and hears who left."""

        def left(user: str) -> None:
            with self.sessions.begin() as session:
                life.person_left(session, self._team, user, self._now())
            self._wake()

        def read(thread: str, before: str | None) -> None:
            self.attendant.catch_up(thread, before)

        client = quick(self._client, self.settings.quick_seconds)
        directory = SlackDirectory(
            client, self.sessions, self._now, self._team, self._executor, left, read
        )
        directory.meet(self.settings.admins)
        return directory

    def _slack_worker(self) -> Worker:
        """What sends to Slack what was promised, to whoever may read it by then."""
        bot_user, bot_id = str(self._identity.bot_user_id), str(self._identity.bot_id)
        ours = Ours(bot_user, bot_id, seal_of(self.sessions))
        readership = Readership(self.sessions, self._directory, self._now)
        return Worker(
            self.sessions,
            SlackSender(self._client, ours),
            life.rejected,
            self.settings,
            may_post=readership.may_see,
            readable=readership.readable,
            sent=self.metrics.sent,
        )

    def _mailbox(self) -> Mailbox | None:
        """What reads answers that come by mail; None where no mailbox is set."""
        if self.settings.imap is None:
            return None
        return Mailbox(
            self.sessions,
            self.settings.imap,
            self.settings,
            self._team,
            self._now,
            self._directory,
            self._wake,
            self.metrics.mail_read,
        )

    def _open_doors(self, mailroom: Mailroom) -> None:
        """What people say comes in by Bolt, over a socket or by HTTP; the web door shows pages."""
        settings, client = self.settings, self._client
        bot_user = str(self._identity.bot_user_id)
        hasty = quick(client, settings.quick_seconds)
        door = Door(self.office, client, hasty, self._team, bot_user, self._executor)
        self.slack = open_app(client, self._identity, settings.slack_signing_secret)
        self.attendant = Attendant(door, str(self._identity.url or ""), settings)
        listen(self.slack, door, self._directory, self.attendant)
        self.socket = (
            Socket(self.slack, settings, self.metrics.acked, self.attendant.read_again)
            if settings.slack_app_token
            else None
        )
        served = self.slack if self.socket is None else None
        self.web = (
            WebDoor(
                settings.host, settings.port, self.parts_ready, served, self.metrics, mailroom.feed
            )
            if settings.port is not None
            else None
        )

    @property
    def _workers(self) -> list[Worker]:
        return [self.worker] if self.mail_worker is None else [self.worker, self.mail_worker]

    def _wake(self) -> None:
        """Something was promised, to Slack or to be mailed."""
        for worker in self._workers:
            worker.wake()

    def start(self) -> None:
        """Begin to send, then to look at the clock, then to answer."""
        self.start_sending()
        self.start_looking()
        self.connect()

    def start_sending(self) -> None:
        """Begin to send what is promised."""
        for worker in self._workers:
            worker.start()

    def start_looking(self) -> None:
        """Begin to look at the clock, into threads and into the mailbox; open the web door."""
        self.scheduler.start()
        self.attendant.start()
        for part in (self.mailbox, self.web):
            if part is not None:
                part.start()

    def connect(self) -> None:
        """Begin to answer over the socket, where there is one."""
        if self.socket is not None:
            self.socket.connect()

    def stop(self) -> None:
        """Take nothing new, finish what is being done, end: within 20 s, whoever hangs."""
        stops = [self.scheduler.stop, self.attendant.stop, *(w.stop for w in self._workers)]
        if self.mailbox is not None:
            stops.append(self.mailbox.stop)
        ending = [Thread(target=stop) for stop in stops]
        for thread in ending:  # beside the doors: whoever waits for a hanging Slack waits once
            thread.start()
        if self.socket is not None:
            self.socket.close()
        if self.web is not None:
            self.web.stop()
        _finish(self._executor)
        for thread in ending:
            thread.join()
        self.sessions.kw["bind"].dispose()

    def _watch(self) -> None:
        """Have the metrics look at what is not counted."""
        names = [job.name for job in JOBS]
        self.metrics.watch(lambda: look_into(self.sessions, names, self.office.clock()))
        self.metrics.watch_age(BEAT, lambda: self.scheduler.last_beat)
        if self.mailbox is not None:
            box = self.mailbox
            self.metrics.watch_age(MAILBOX_AGE, lambda: box.last_read)
        if self.socket is not None:
            self.metrics.watch_age(SOCKET_AGE, self.socket.opened_at)
            self.metrics.watch_age(SOCKET_SILENCE, self.socket.heard_at)

    def parts_ready(self) -> dict[str, bool]:
        """Which parts work: the database, the connection to Slack, the clock's heartbeat."""
        return {
            "database": self._has_database(),
            "slack": self._has_slack(),
            "heartbeat": self._has_heartbeat(),
        }

    def _has_database(self) -> bool:
        try:
            with self.sessions() as session:
                session.execute(text("select 1"))
        except Exception:  # whatever it is, the answer is no
            log.warning("the database does not answer", exc_info=True)
            return False
        return True

    def _has_slack(self) -> bool:
        return self.socket is None or self.socket.is_alive()

    def _has_heartbeat(self) -> bool:
        longest = timedelta(seconds=BEATS_MISSED * self.settings.tick_seconds)
        beat = self.scheduler.last_beat
        return beat is not None and clock.now() - beat <= longest


def _finish(executor: ThreadPoolExecutor) -> None:
    """Have done what was left for after the ack; too late, what was not begun is dropped."""
    done = Thread(target=executor.shutdown)
    done.start()
    done.join(LAST_S)
    executor.shutdown(wait=False, cancel_futures=True)
    done.join()


def _office_clock(settings: Settings) -> OfficeClock:
    """Office time as the settings have it. Raises `SettingsError` where it may not be moved."""
    try:
        shift = read_shift(settings.office_clock) if settings.office_clock else None
        return OfficeClock(shift, is_movable=settings.is_local)
    except ValueError as error:
        raise SettingsError(f"JOURFIXE_OFFICE_CLOCK: {error}") from None


def _open_database(settings: Settings) -> Sessions:
    """The database, up to date, with all that listens to what is written into it."""
    with _explained(settings):
        upgrade(settings.database_url)
    sessions = open_sessions(settings.database_url, settings.lock_seconds)
    history.watch(sessions)
    schedules.watch(sessions)
    return sessions


@contextmanager
def _explained(settings: Settings) -> Iterator[None]:
    """Say of a database or a Slack out of reach which setting to look at."""
    try:
        yield
    except OperationalError as error:
        where = make_url(settings.database_url).render_as_string(hide_password=True)
        text = f"The database {where} is out of reach: {error.orig}. DATABASE_URL says where it is."
        raise SettingsError(text) from error
    except Unreachable as error:
        text = f"Slack at {settings.slack_api_url} says: {reason(error)}."
        raise SettingsError(f"{text} Is SLACK_BOT_TOKEN right?") from error
