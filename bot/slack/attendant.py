"""The attendant: hears what is written in the threads of open meetings, and answers there.

One thread of its own puts the marks at the lines, reads again what may have been missed, and looks
at the meetings in whose project something was done, or whose item overruns. Everything it is to do
stands in the database, so that it may be late.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from threading import Event, Lock, Thread
from typing import Any

from slack_sdk.web import WebClient
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.capturing import hearing
from bot.capturing.lines import Heard
from bot.config import Settings
from bot.db import reading
from bot.delivery.outbox import has_promised
from bot.meeting_threads import MeetingThread, Open, open_threads
from bot.meeting_threads import Thread as Place
from bot.meetings import Meeting, MeetingState
from bot.minutes import Capture
from bot.people import Person
from bot.scribe import Mark, read
from bot.slack.client import Unreachable, pages
from bot.slack.door import Body, Door, place_in
from bot.slack.looks import Looks
from bot.slack.marking import Marker
from bot.typed import decode

log = logging.getLogger(__name__)

READ_S = 120  # after so long the thread of an open meeting is read again
QUIET = 10  # or after this part of the time in which nothing was written: who forgot it is patient
LOOK_S = 1  # between two turns, so that people's lines come before what sums them up
SLACK_S = 60  # by so much the clocks may differ, and an event may be late
RETRY_S = 5  # and after so long where something was not stored or not read
RETRIES = READ_S / RETRY_S  # what cannot be read is tried so often in the time until the next
WRITTEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""The subtypes of messages people write."""

DELETED, CHANGED = "message_deleted", "message_changed"


class Attendant:
    """Sits in every open meeting."""

    def __init__(self, door: Door, url: str, settings: Settings) -> None:
        """*url* is the workspace's, which the address of every message begins with."""
        self._door = door
        self._url = url.rstrip("/")
        self._pause_s = settings.tick_seconds
        self._settle_s = settings.settle.total_seconds()
        self._read_at: dict[Open, float] = {}
        self._known_to: dict[Place, float] = {}
        self._looks = Looks()
        self._turn = Lock()
        self._wanted = Event()
        self._ends = Event()
        self._marker = Marker(door.office, door.client, self._ends, self._wanted)
        self._thread = Thread(target=self._run, name="attendant", daemon=True)

    def start(self) -> None:
        """Begin to attend: what was written while nobody did is read first."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done, then end."""
        self._ends.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def read_again(self) -> None:
        """Read the threads of all open meetings: something may have been missed."""
        self._read_at.clear()
        self._wanted.set()

    # --- What Slack tells -------------------------------------------------------------------

    def hear(self, event: Body) -> None:
        """Take down what *event* tells of a meeting's thread; anything else costs nothing."""
        kind = event.get("subtype")
        if kind == DELETED:
            self._deleted(event)
        elif kind == CHANGED:
            self._written(event["message"], event["channel"])
        elif kind in WRITTEN:
            self._written(event, event["channel"])

    def _deleted(self, event: Body) -> None:
        before = event.get("previous_message") or {}
        if _is_ours(before) or "thread_ts" not in before:
            return
        heard = Heard(event["deleted_ts"], event["deleted_ts"], is_deleted=True)
        self._take(Place(event["channel"], before["thread_ts"]), before["user"], heard)

    def _written(self, message: Body, channel: str) -> None:
        if _is_ours(message):
            return
        thread, ts, text = message.get("thread_ts"), message["ts"], message.get("text") or ""
        if _starts(text):
            self._start(Place(channel, thread or ts), message["user"], ts, text)
        if thread is not None and thread != ts:
            self._take(Place(channel, thread), message["user"], _heard(message))

    def _start(self, thread: Place, user: str, ts: str, text: str) -> None:
        def work(context: Any) -> Any:
            return hearing.start_heard(context, thread, ts, text)

        self._work(thread, user, ts, text, work)

    def _take(self, thread: Place, user: str, heard: Heard) -> None:
        if not self._is_wanted(thread, user, heard):
            return

        def work(context: Any) -> Any:
            return hearing.hear(context, thread, heard)

        self._work(thread, user, heard.ts, heard.text, work)

    def _is_wanted(self, thread: Place, user: str, heard: Heard) -> bool:
        """Whether *heard* may change anything; where nobody can tell, it may."""
        try:
            with reading(self._door.office.sessions) as session:
                return hearing.is_wanted(session, thread, user, heard)
        except SQLAlchemyError:
            return True

    def _work(
        self, thread: Place, user: str, ts: str, text: str, work: Callable[[Any], Any]
    ) -> None:
        """Do *work* as *user*; where that fails, the thread is read again soon."""
        door = self._door
        place = place_in(thread.channel, thread.ts, self._address(thread, ts))
        try:
            told = door.office.hear(door.team, user, place, text.replace("\0", ""), work)
        except (SQLAlchemyError, OSError):
            log.exception("a line was not taken down; it is read again")
            told = None
            self._known_to.pop(thread, None)
            self._read_soon(thread)
        if told is not None and told.message is not None:
            door.later(door.whisper, place, user, told.message)
        self._wanted.set()

    def _address(self, thread: Place, ts: str) -> str:
        """The address of a message, made as Slack makes it: asking would take a call a line."""
        address = f"{self._url}/archives/{thread.channel}/p{ts.replace('.', '')}"
        return (
            address if ts == thread.ts else f"{address}?thread_ts={thread.ts}&cid={thread.channel}"
        )

    def _read_soon(self, thread: Place) -> None:
        now = time.monotonic()
        soon = {one: now - _pause(one) + RETRY_S for one in self._read_at if one.thread == thread}
        self._read_at |= soon

    # --- What it does by itself --------------------------------------------------------------

    def _run(self) -> None:
        while not self._ends.is_set():
            self._wanted.clear()
            try:
                self.attend()
            except SQLAlchemyError as error:
                log.warning("the attendant found no database: %s", error)
            except Exception:  # the thread must outlive whatever one meeting does
                log.exception("the attendant")
            if self._wanted.wait(min(self._pause_s, RETRY_S * 3)):
                self._ends.wait(LOOK_S)

    def attend(self) -> None:
        """Do once all there is to do."""
        with self._turn:
            for one in self._open():
                if self._ends.is_set():
                    return
                is_read = time.monotonic() - self._read_at.get(one, -math.inf) >= _pause(one)
                if is_read:
                    self._read(one)
                if is_read or self._looks.is_wanted(one, self._door.office.clock()):
                    self._look(one)
        self._marker.mark()

    def react(self) -> None:
        """Have the marks stand that are owed, now."""
        self._marker.mark()

    def _open(self) -> list[Open]:
        with reading(self._door.office.sessions) as session:
            self._looks.begin(session)
            return open_threads(session)

    def _look(self, one: Open) -> None:
        """Have what sums a meeting up be as things are."""
        office = self._door.office
        due = None
        with office.changing() as session:
            meeting = session.get_one(Meeting, one.meeting, with_for_update=True)
            if meeting.state is MeetingState.OPEN:
                due = hearing.look_over(session, meeting, office.clock())
            promised = has_promised(session)
        self._looks.done(one, due)
        if promised:
            office.wake()

    # --- Reading again -----------------------------------------------------------------------

    def _read(self, one: Open) -> None:
        """Take down whatever stands in a thread and is not known, and what is gone from it."""
        thread = one.thread
        began = time.time()
        try:
            there = _messages(self._door.client, thread)
        except Unreachable as error:
            log.warning("a thread was not read: %s", error)
            self._read_at[one] = time.monotonic() - _pause(one) * (1 - 1 / RETRIES)
            return
        self._read_at[one] = time.monotonic()
        with reading(self._door.office.sessions) as session:
            known = _known(session, one)
        self._known_to[thread] = began
        for message in there:
            self._read_one(thread, message)
        if all(m["ts"] != thread.ts for m in there):
            return  # without its head nobody can tell what was deleted from what is not shown
        for ts, user in _gone(known, {m["ts"] for m in there}, began - self._settle_s):
            self._take(thread, user, Heard(ts, ts, is_deleted=True))

    def _read_one(self, thread: Place, message: Body) -> None:
        if message["ts"] != thread.ts and message.get("subtype") in WRITTEN:
            self._take(thread, message["user"], _heard(message))

    def catch_up(self, thread: str, before: str | None) -> None:
        """Take down what was written in *thread* before that message and was not heard.

        Somebody waits for it: what was read before is not read again. Raises `Unreachable`.
        """
        place = Place(*thread.split("/", 1))
        since = self._known_to.get(place, 0) - SLACK_S
        for message in _messages(self._door.quick, place, max(since, 0)):
            if before is None or message["ts"] < before:
                self._read_one(place, message)


def _pause(one: Open) -> float:
    """The seconds after which a thread is read again."""
    return max(READ_S, (time.time() - float(one.newest.partition("/")[0])) / QUIET)


def _messages(client: WebClient, thread: Place, since: float = 0) -> list[Body]:
    """What others wrote in *thread*, of late where *since* is said, and what heads it."""
    told = pages(
        client.conversations_replies, "messages",
        channel=thread.channel, ts=thread.ts, oldest=f"{since:.6f}",
    )  # fmt: skip
    return [m for m in told if m["ts"] == thread.ts or not _is_ours(m)]


def _is_ours(message: Body) -> bool:
    """Whether a bot wrote it, or nobody did."""
    return bool(message.get("bot_id")) or "user" not in message


def _heard(message: Body) -> Heard:
    edited = message.get("edited") or {}
    return Heard(
        message["ts"],
        edited.get("ts") or message["ts"],
        (message.get("text") or "").replace("\0", ""),
    )


def _starts(text: str) -> bool:
    said = read(decode(text.partition("\n")[0]).text) if "#" in text[:40] else None
    return said is not None and said.mark is Mark.START


def _known(session: Session, one: Open) -> dict[str, str]:
    """Who wrote each message that is known of a meeting and was heard in this thread of it."""
    rows = session.execute(
        select(Capture.ts, Person.slack_id)
        .join(Person, Person.id == Capture.author_id)
        .join(MeetingThread, MeetingThread.id == Capture.thread_id)
        .where(
            Capture.meeting_id == one.meeting,
            MeetingThread.channel == one.thread.channel,
            MeetingThread.ts == one.thread.ts,
            Capture.removed_at.is_(None),
        )
    )
    return {ts: user for ts, user in rows if "/" not in ts}


def _gone(known: dict[str, str], there: set[str], before: float) -> Iterator[tuple[str, str]]:
    """The messages that are known and stand no more; the newest may not be in histories yet."""
    for ts, user in known.items():
        if ts not in there and float(ts) < before:
            yield ts, user
