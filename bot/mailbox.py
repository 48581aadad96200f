"""The mailbox: answers by mail come in here, each is done once, and none is answered by mail."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot import clock, history
from bot.calendar.answers import MailDesk
from bot.calendar.envelopes import LARGEST_MAIL, key_of
from bot.calendar.incoming import Incoming, claim, do, forget, keep_understood, read_mail, received
from bot.config import Settings
from bot.db import Sessions, is_held_up, is_out_of_reach
from bot.delivery.outbox import has_promised
from bot.errors import MissingFactsError
from bot.imap import Inbox, Unreached, open_inbox
from bot.knowing import Facts, knowing_most
from bot.language import _, speaking
from bot.mail_settings import MailServer
from bot.people import with_address

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 900
LAST_S = 10  # what was not stored by then is read after the next start
KEPT = timedelta(days=400)
"""How long a mail is known again."""


class Read(StrEnum):
    """What became of a mail."""

    DONE = "done"
    KNOWN = "known"
    UNREAD = "unread"


@dataclass(frozen=True)
class _Verdict:
    """Whether a mail was understood, and whether it is for us to put it where it belongs."""

    is_understood: bool
    is_ours: bool = True


class Mailbox:
    """Looks into the mailbox every so often, in a thread of its own.

    Any number of processes may look into the same one: who remembers a mail first does it.
    """

    def __init__(
        self,
        sessions: Sessions,
        server: MailServer,
        settings: Settings,
        team: str,
        now: Callable[[], datetime],
        directory: Facts,
        wake: Callable[[], None],
        counted: Callable[[Read], None] = lambda read: None,
    ) -> None:
        self._sessions = sessions
        self._server = server
        self._settings = settings
        self._team = team
        self._now = now
        self._directory = directory
        self._wake_worker = wake
        self._counted = counted
        self._ends = Event()
        self._failures = 0
        self._thread = Thread(target=self._run, name="mailbox", daemon=True)
        self.last_read: datetime | None = None

    def start(self) -> None:
        """Look at once, then every so many seconds."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail that is being read, then end."""
        self._ends.set()
        if self._thread.is_alive():
            self._thread.join(LAST_S)

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                self.look()
                self._failures = 0
            except Exception as error:  # the thread must outlive whatever one look does
                self._failures += 1
                self._tell(error)
            self._ends.wait(self._pause())

    def _tell(self, error: Exception) -> None:
        """A server out of reach is no mistake of ours; what is one is told in full."""
        is_ordinary = isinstance(error, (*Unreached, SQLAlchemyError))
        log.warning(
            "the mailbox at %s was not read: %s",
            self._server.host,
            error,
            exc_info=None if is_ordinary else error,
        )

    def _pause(self) -> float:
        longest = max(self._settings.mail_poll_seconds, LONGEST_PAUSE_S)
        return min(self._settings.mail_poll_seconds * 2.0 ** min(self._failures, 20), longest)

    def look(self) -> None:
        """Read every mail nobody has read. Raises what keeps from going on."""
        tls = self._settings.mail_tls()
        with open_inbox(self._server, tls, self._settings.mail_seconds) as inbox:
            for uid in inbox.unseen():
                if self._ends.is_set():
                    return
                self._read(inbox, uid)
        with self._sessions.begin() as session:
            forget(session, clock.now() - KEPT)
        self.last_read = clock.now()

    def _read(self, inbox: Inbox, uid: str) -> None:
        """One mail: what it says is stored first, then it is marked or put aside."""
        mail = inbox.head(uid)
        is_readable = mail is not None and mail.size <= LARGEST_MAIL
        mail = inbox.whole(uid) if is_readable else mail
        if mail is None:
            return  # another process was quicker
        said = read_mail(mail.data) if is_readable else Incoming(why="it is too large")
        verdict = self._done(key_of(mail.data), said)
        if verdict.is_understood:
            inbox.mark_seen(uid)
        elif verdict.is_ours:
            log.info("a mail is left to people: %s", said.why or "it is about none of ours")
            inbox.put_aside(uid, self._settings.mail_unread_folder)

    def _done(self, key: str, said: Incoming) -> _Verdict:
        """Do what a mail says; one that breaks something of ours is left to people."""
        try:
            return knowing_most(self._directory, lambda untold: self._once(key, said, untold))
        except MissingFactsError as missing:
            if not missing.is_refused:
                log.warning("an answer by mail waits for Slack to tell of %s", missing)
                return _Verdict(False, is_ours=False)
            log.warning("Slack does not tell of %s, which an answer by mail needs", missing)
        except SQLAlchemyError as error:
            if isinstance(error, OperationalError) and is_held_up(error):
                log.warning("an answer by mail waits for what others are writing: %s", error)
                return _Verdict(False, is_ours=False)
            if is_out_of_reach(error):
                raise
            log.exception("a mail was refused by the database")
        except Exception:
            log.exception("a mail was not read: a mistake of ours")
        return knowing_most(self._directory, lambda untold: self._once(key, Incoming(), untold))

    def _once(self, key: str, said: Incoming, untold: frozenset[str]) -> _Verdict:
        with self._sessions.begin() as session:
            if not claim(session, key, clock.now()):
                self._counted(Read.KNOWN)
                return self._known(session, key)
            self._begin(session, said)
            gather = timedelta(seconds=self._settings.gather_seconds)
            desk = MailDesk(session, self._now(), gather, self._settings.members_age, untold)
            is_understood = do(desk, said)
            if is_understood:
                keep_understood(session, key)
            history.write(session)
            promised = has_promised(session)
        if promised:
            self._wake_worker()
        self._counted(Read.DONE if is_understood else Read.UNREAD)
        return _Verdict(is_understood)

    def _begin(self, session: Session, said: Incoming) -> None:
        person = with_address(session, self._team, said.sender) if said.sender else None
        with speaking(person.locale if person else None):
            line = _("answered by mail")
            if said.principal:
                other = with_address(session, self._team, said.principal)
                text = _("answered by mail for {who}")
                line = text.format(who=other.name if other else said.principal)
            history.begin(session, person, line, self._now())

    def _known(self, session: Session, key: str) -> _Verdict:
        """A mail that was done before; it is put aside once more only where whoever was to is
        gone."""
        row = received(session, key)
        if row is None or row.is_understood:
            return _Verdict(True)
        return _Verdict(False, is_ours=clock.now() - row.read_at > self._settings.lease)
