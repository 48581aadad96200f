"""IMAP: a mailbox on a server, of which the unseen mails are read without being marked."""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ssl import SSLContext
from typing import Any

from imap_tools import (
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailboxFolderCreateError,
    MailBoxStartTls,
    MailBoxUnencrypted,
)

from bot.mail_settings import INBOX, MailServer, Security

Unreached = (OSError, EOFError, imaplib.IMAP4.error, ImapToolsError)
"""What talking to a mail server comes to on an ordinary day."""

UNSEEN = "UNSEEN UNDELETED"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Mail:
    """A mail, or its head, as it came: to the byte, with the *size* of all of it."""

    def __init__(self, fetched: list[Any]) -> None:
        parts = [part for part in fetched if isinstance(part, tuple)]
        told = b" ".join([part[0] for part in parts] + [p for p in fetched if type(p) is bytes])
        size = _SIZE.search(told)
        self.data: bytes = parts[0][1] if parts else b""
        self.size = int(size[1]) if size else len(self.data)


class Inbox:
    """One connection to the folder answers come into."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box
        self._box.email_message_class = Mail  # type: ignore[assignment] # its own parses all of it
        self._aside: str | None = None

    def unseen(self) -> list[str]:
        """The numbers of the mails nobody has read, the oldest first."""
        return sorted(self._box.uids(UNSEEN, charset=None), key=int)

    def head(self, uid: str) -> Mail | None:
        """The head of a mail; None where it is there no more."""
        return self._fetched(uid, headers_only=True)

    def whole(self, uid: str) -> Mail | None:
        """All of a mail."""
        return self._fetched(uid, headers_only=False)

    def _fetched(self, uid: str, *, headers_only: bool) -> Mail | None:
        found: Iterator[Any] = self._box.fetch(
            uid_list=[uid], mark_seen=False, headers_only=headers_only
        )
        mail = next(found, None)
        return mail if isinstance(mail, Mail) and mail.data else None

    def mark_seen(self, uid: str, more: str = "") -> None:
        """Let a mail be read. imap-tools would empty the folder's bin with it."""
        told = self._box.client.uid("STORE", uid, "+FLAGS.SILENT", rf"(\Seen{more})")
        if told[0] != "OK":
            raise imaplib.IMAP4.error(f"it cannot be marked: {told[1]!r}")

    def put_aside(self, uid: str, folder: str) -> None:
        """Move a mail into *folder*, which is made where there is none.

        Where the server will not, it stays, read and marked: it must not come up for ever.
        """
        try:
            self._box.move([uid], self._made(folder))
        except ImapToolsError:
            self.mark_seen(uid, r" \Flagged")
            raise

    def _made(self, folder: str) -> str:
        """*folder* as this server calls it."""
        if self._aside is None:
            mark = next((found.delim for found in self._box.folder.list("", "%")), "/")
            name = folder.replace("/", mark)
            # Some servers let nobody make a folder beside the INBOX.
            self._aside = self._there(name) or self._there(f"{INBOX}{mark}{name}") or name
        return self._aside

    def _there(self, name: str) -> str | None:
        with suppress(MailboxFolderCreateError):  # as where another process was quicker
            if not self._box.folder.exists(name):
                self._box.folder.create(name)
        return name if self._box.folder.exists(name) else None


@contextmanager
def open_inbox(server: MailServer, tls: SSLContext, seconds: float) -> Iterator[Inbox]:
    """The folder *server* names, logged in. Raises one of `Unreached`."""
    box = _connected(server, tls, seconds)
    try:
        _log_in(box, server)
        yield Inbox(box)
    finally:
        with suppress(*Unreached):
            box.logout()
        with suppress(*Unreached):  # a line that broke is not closed by that
            box.client.shutdown()


def _connected(server: MailServer, tls: SSLContext, seconds: float) -> BaseMailBox:
    if server.security is Security.TLS:
        return MailBox(server.host, server.port, timeout=seconds, ssl_context=tls)
    if server.security is Security.NONE:
        return MailBoxUnencrypted(server.host, server.port, timeout=seconds)
    return MailBoxStartTls(server.host, server.port, timeout=seconds, ssl_context=tls)


def _log_in(box: BaseMailBox, server: MailServer) -> None:
    is_plain = (server.user + server.password).isascii()
    log_in = box.login if is_plain else box.login_utf8
    log_in(server.user, server.password, initial_folder=None)
    box.folder.set(server.folder)
