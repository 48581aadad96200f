"""SMTP: a connection to the server mails leave by, and the steps of handing one over."""

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from ssl import SSLContext, SSLSocket
from time import monotonic

from bot.mail_settings import ADDRESS, MailServer, Security

OK, GO_ON, REFUSALS = 2, 3, (4, 5)  # how codes begin
LONGEST = 300  # characters of what a server says
_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)


class UnsafeError(Exception):
    """The server does not offer the encryption that is wanted."""


class AnswerError(Exception):
    """The server said no to a step: *code* and text, as it sent them."""

    def __init__(self, code: int, text: bytes | str) -> None:
        super().__init__(f"{code} {_readable(text)}".strip())
        self.code = code


@dataclass(frozen=True)
class Envelope:
    """Whom a mail is from and for, as told to the server; *needs_utf8* where ASCII will not do."""

    sender: str
    to: str
    needs_utf8: bool

    @classmethod
    def of(cls, sender: str, to: str, mime: bytes) -> "Envelope":
        """What is told of a mail. Raises ValueError where *to* is no address."""
        if not ADDRESS.fullmatch(to) or not to.isprintable():
            raise ValueError("that is no mail address")
        local, _at, host = to.rpartition("@")
        host = host if host.isascii() else host.encode("idna").decode()
        head = mime.partition(b"\r\n\r\n")[0]
        return cls(sender, f"{local}@{host}", not (local.isascii() and head.isascii()))


class Connection:
    """One connection, logged in; every step ends within the time that is left for the mail."""

    def __init__(self, server: MailServer, tls: SSLContext, name: str, seconds: float) -> None:
        """Connect, as *name*. Raises what smtplib does, OSError and `UnsafeError`."""
        self._ends_at = monotonic() + seconds
        if server.security is Security.TLS:
            self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=seconds, context=tls
            )
        else:
            self._smtp = smtplib.SMTP(server.host, server.port, name, timeout=seconds)
        try:
            self._encrypt(server, tls)
            if server.user:
                self._hurry()
                self._smtp.login(server.user, server.password)
        except BaseException:
            self.close()
            raise

    @property
    def is_encrypted(self) -> bool:
        """Whether nobody on the way reads along."""
        return isinstance(self._smtp.sock, SSLSocket)

    def allow(self, seconds: float) -> None:
        """Give the next mail *seconds*."""
        self._ends_at = monotonic() + seconds

    def begin(self, envelope: Envelope, *, is_ascii: bool) -> None:
        """Say whom the mail is from. Raises `AnswerError`."""
        self._hurry()
        options = ["SMTPUTF8"] if envelope.needs_utf8 else []
        if not is_ascii and self._smtp.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        _check(self._smtp.mail(envelope.sender, options))

    def takes_utf8(self) -> bool:
        """Whether addresses outside of ASCII can be told to it."""
        return self._smtp.has_extn("smtputf8")

    def address(self, envelope: Envelope) -> None:
        """Say whom the mail is for. Raises `AnswerError`."""
        self._hurry()
        _check(self._smtp.rcpt(envelope.to))

    def announce(self) -> None:
        """Say that the mail comes now. Raises `AnswerError`."""
        self._hurry()
        _check(self._smtp.docmd("DATA"), GO_ON)

    def hand_over(self, mime: bytes) -> None:
        """Send the mail itself. Raises `AnswerError`; whatever else it raises, it may be sent."""
        self._hurry()
        self._smtp.send(_LINE_START_DOT.sub(b"..", mime) + _end(mime))
        _check(self._smtp.getreply())

    def reset(self) -> None:
        """Forget the mail that was begun."""
        self._hurry()
        _check(self._smtp.rset())

    def quit(self) -> None:
        """Say good-bye, without waiting for an answer."""
        with suppress(OSError, smtplib.SMTPException):  # it may be gone already
            self._smtp.putcmd("QUIT")
        self.close()

    def close(self) -> None:
        self._smtp.close()

    def _encrypt(self, server: MailServer, tls: SSLContext) -> None:
        self._hurry()
        self._smtp.ehlo_or_helo_if_needed()
        if server.security not in (Security.REQUIRED, Security.OFFERED):
            return
        if self._smtp.has_extn("starttls"):
            self._smtp.starttls(context=tls)
            self._hurry()
            self._smtp.ehlo_or_helo_if_needed()
        elif server.security is Security.REQUIRED:
            raise UnsafeError("the mail server offers no STARTTLS")

    def _hurry(self) -> None:
        """Let the next step take what is left of the time. Raises `TimeoutError`."""
        left = self._ends_at - monotonic()
        if left <= 0:
            raise TimeoutError("the mail server takes too long")
        if self._smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self._smtp.sock.settimeout(left)


def _end(mime: bytes) -> bytes:
    return b".\r\n" if mime.endswith(b"\r\n") else b"\r\n.\r\n"


def _check(answer: tuple[int, bytes], wanted: int = OK) -> None:
    code, text = answer
    if code // 100 in REFUSALS:
        raise AnswerError(code, text)
    if code // 100 != wanted:  # whatever that is, it does not speak SMTP
        raise smtplib.SMTPServerDisconnected(f"an answer that is none: {code} {_readable(text)}")


def _readable(text: bytes | str) -> str:
    """What a server said, on one line, without anything that is no sign to read."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return "".join(c if c.isprintable() else " " for c in " ".join(said.split()))[:LONGEST]
