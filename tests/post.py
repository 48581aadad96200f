"""A post office: a real SMTP server on loopback that keeps what it is handed, and can misbehave."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Event, Lock, Thread
from time import monotonic
from typing import AnyStr

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

CUT, HANG = "cut", "hang"
CONNECT, MAIL, RCPT, DATA, END = "connect", "mail", "rcpt", "data", "end"
USER, PASSWORD = "office@firm.example", "pa ss"


@dataclass(frozen=True)
class Mail:
    """One mail as it was handed over, in the connection of that *number*."""

    to: str
    sender: str
    data: bytes
    is_utf8: bool
    number: int
    is_encrypted: bool
    user: str

    @property
    def parsed(self) -> EmailMessage:
        """It, as a mail program reads it."""
        return message_from_bytes(self.data, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.parsed["Message-ID"])


@dataclass
class Fault:
    """At a *step* the server says something else, or cuts the line, or falls silent.

    For mails *to* one address only, or for any; *times* over, or for ever; once so many mails
    came before.
    """

    step: str
    does: str
    to: str | None = None
    times: int | None = None
    after: int = 0


@dataclass
class Post:
    """Where mails arrive. What it accepted is in *mails*, in order."""

    certificate: tuple[Path, Path] | None = None
    wants_login: bool = False
    is_tls: bool = False
    takes_utf8: bool = True
    is_silent_on_tls: bool = False
    mails: list[Mail] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, float]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    lines: list[asyncio.BaseTransport] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def url(self, user: str = "", more: str = "") -> str:
        """What `SMTP_URL` is to be."""
        login = f"{user.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}@" if user else ""
        return f"smtp{'s' if self.is_tls else ''}://{login}localhost:{self.port}{more}"

    def fails(
        self, step: str, does: str, to: str | None = None, times: int | None = None, after: int = 0
    ) -> None:
        """Misbehave from now on, until it `mends`."""
        with self._lock:
            self.faults.append(Fault(step, does, to, times, after))

    def mends(self) -> None:
        """Behave again."""
        with self._lock:
            self.faults.clear()

    def fault_at(self, step: str, to: str | None) -> str | None:
        """What goes wrong at a step, if anything; *to* is whom the mail is for, where known."""
        with self._lock:
            self.seen.append((f"{step} {to or ''}".strip(), monotonic()))
            for fault in self.faults:
                is_meant = fault.step == step and fault.to in (None, to)
                if is_meant and fault.times != 0 and len(self.mails) >= fault.after:
                    if fault.times is not None:
                        fault.times -= 1
                    return fault.does
        return None

    def to(self, address: str) -> list[Mail]:
        """What arrived for one address."""
        return [mail for mail in list(self.mails) if mail.to == address]

    def tries(self, address: str) -> int:
        """How often a mail for *address* was begun."""
        return [step for step, _at in list(self.seen)].count(f"{RCPT} {address}")

    @property
    def is_idle(self) -> bool:
        """Whether nobody is connected."""
        return all(line.is_closing() for line in list(self.lines))

    @property
    def has_starttls(self) -> bool:
        return self.certificate is not None and not self.is_tls and not self.is_silent_on_tls

    # --- The server -------------------------------------------------------------------------

    def open(self) -> None:
        """Listen, on the same port as before."""
        self._loop = asyncio.new_event_loop()
        ready = Event()
        self._thread = Thread(target=self._serve, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()

    def close(self) -> None:
        """End every connection; new ones are refused."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self, ready: Event) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        loop.set_exception_handler(lambda _loop, _context: None)  # lines are cut on purpose
        server = loop.run_until_complete(
            loop.create_server(
                lambda: _Clerk(self, loop),
                "127.0.0.1",
                self.port,
                ssl=self._tls() if self.is_tls else None,
            )
        )
        self.port = server.sockets[0].getsockname()[1]
        loop.call_soon(ready.set)
        loop.run_forever()
        server.close()
        for line in self.lines:
            line.close()
        self.lines.clear()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(asyncio.sleep(0.01))  # until the lines are closed
        loop.close()

    def _tls(self) -> SSLContext | None:
        if self.certificate is None:
            return None
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate)
        return context

    def starttls(self) -> SSLContext | None:
        """What STARTTLS is done with; None where it is not offered."""
        return self._tls() if self.has_starttls else None


class _Clerk(SMTP):
    """One connection."""

    def __init__(self, post: Post, loop: asyncio.AbstractEventLoop) -> None:
        self._post = post
        self._number = 0
        super().__init__(
            self,
            hostname="mail.firm.example",
            enable_SMTPUTF8=post.takes_utf8,
            tls_context=post.starttls(),
            require_starttls=post.has_starttls and post.wants_login,
            auth_require_tls=post.has_starttls,
            authenticator=_authenticated,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._post.lines.append(transport)
        super().connection_made(transport)

    async def push(self, status: AnyStr) -> None:
        if not self._number and self.session is not None:
            self._post.connections += 1
            self._number = self._post.connections
            if await self._goes_wrong(CONNECT, None):
                return
        await super().push(status)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 # what the server calls
        if await self._goes_wrong(MAIL, None):
            return
        if self._post.wants_login and not (self.session and self.session.authenticated):
            await super().push("530 5.7.0 log in first")
        else:
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 # what the server calls
        to = (arg or "").partition("<")[2].partition(">")[0]
        if not await self._goes_wrong(RCPT, to):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 # what the server calls
        if not await self._goes_wrong(DATA, self._to):
            await super().smtp_DATA(arg)

    async def handle_DATA(  # noqa: N802 # what the server calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        fault = self._post.fault_at(END, self._to)
        if fault not in (None, CUT, HANG):
            return str(fault)
        data = envelope.content
        assert isinstance(data, bytes)
        self._post.mails.append(
            Mail(
                self._to or "",
                str(envelope.mail_from),
                data,
                bool(envelope.smtp_utf8),
                self._number,
                bool(session.ssl) or self._post.is_tls,
                str(vars(session).get("auth_data") or ""),
            )
        )
        if fault is not None:
            await self._fail(fault)
        return "250 2.0.0 kept"

    @property
    def _to(self) -> str | None:
        to = self.envelope.rcpt_tos if self.envelope is not None else []
        return to[-1] if to else None

    async def _goes_wrong(self, step: str, to: str | None) -> bool:
        fault = self._post.fault_at(step, to)
        if fault is not None:
            await self._fail(fault)
        return fault is not None

    async def _fail(self, fault: str) -> None:
        if fault == HANG:
            await asyncio.sleep(3600)
        assert isinstance(self.transport, asyncio.Transport)
        if fault == CUT:
            self.transport.abort()
            raise ConnectionResetError
        await super().push(fault)
        if fault.startswith("421"):
            self.transport.close()
            raise ConnectionResetError


def _authenticated(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    login = getattr(data, "login", b""), getattr(data, "password", b"")
    is_right = login == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False, auth_data=login[0].decode())


@contextmanager
def open_post(**how: object) -> Iterator[Post]:
    """A post office that is open."""
    post = Post(**how)  # type: ignore[arg-type] # as Post takes them
    post.open()
    try:
        yield post
    finally:
        post.close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody trusts who was not told to, and its key."""
    certificate, key = folder / "mail.pem", folder / "mail.key"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-nodes", "-newkey", "ec",
            "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", str(key), "-out", str(certificate),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key
