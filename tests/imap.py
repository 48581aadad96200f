"""A mailbox: a real IMAP server on loopback, in which tests put mails and look after them."""

from __future__ import annotations

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from itertools import count
from pathlib import Path
from ssl import create_default_context
from threading import Thread
from typing import Self

USER, PASSWORD = "office@firm.example", "pa ss"
PATIENCE_S = 30
_numbers = count(1)


@dataclass(frozen=True)
class Postbox:
    """One folder on the server, and the one for what the bot does not understand."""

    port: int
    folder: str
    aside: str
    certificate: Path | None = None

    @property
    def url(self) -> str:
        """What `IMAP_URL` says."""
        login = f"{USER.replace('@', '%40')}:{PASSWORD.replace(' ', '%20')}"
        secret = "require" if self.certificate else "no"
        return f"imap://{login}@localhost:{self.port}/{self.folder}?starttls={secret}"

    def put(self, *mails: bytes) -> None:
        """Let *mails* arrive."""
        with self.opened() as server:
            for mail in mails:
                told = server.append(self.folder, "", imaplib.Time2Internaldate(time.time()), mail)
                assert told[0] == "OK", told

    def unseen(self) -> int:
        """How many mails nobody has read."""
        return len(self._found(self.folder, "UNSEEN UNDELETED"))

    def read(self) -> int:
        """How many mails were read and left where they are."""
        return len(self._found(self.folder, "SEEN"))

    def put_aside(self) -> list[str]:
        """The Message-IDs of what was left to people."""
        heads = (message_from_bytes(mail) for mail in self._found(self.aside, "ALL"))
        return [str(head["Message-ID"]) for head in heads]

    def _found(self, folder: str, which: str) -> list[bytes]:
        with self.opened() as server:
            if server.select(f'"{folder}"', readonly=True)[0] != "OK":
                return []
            numbers = server.search(None, which)[1][0].split()
            told = [server.fetch(number.decode(), "(BODY.PEEK[])")[1] for number in numbers]
            return [bytes(parts[0][1]) for parts in told if isinstance(parts[0], tuple)]

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        """A connection, logged in."""
        with _connected(self.port) as server:
            if self.certificate is not None:
                server.starttls(create_default_context(cafile=self.certificate))
            server.login(USER, PASSWORD)
            yield server


@contextmanager
def _connected(port: int) -> Iterator[imaplib.IMAP4]:
    server = imaplib.IMAP4("localhost", port, timeout=PATIENCE_S)
    try:
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


class ImapServer:
    """pymap, an IMAP server that keeps its mails in memory, as a process of its own."""

    def __init__(
        self, port: int | None = None, certificate: tuple[Path, Path] | None = None
    ) -> None:
        self.port = port or _free_port()
        self._certificate = certificate[0] if certificate else None
        secret = ["--no-tls"]
        if certificate is not None:
            secret = ["--cert", str(certificate[0]), "--key", str(certificate[1])]
        self._process = subprocess.Popen(
            [
                sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1",
                "--port", str(self.port), *secret, "--no-service", "admin", "--no-service",
                "managesieve", "dict", "--demo-user", USER, "--demo-password", PASSWORD,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with suppress(OSError), _connected(self.port):
                return
            assert self._process.poll() is None, "the IMAP server ended"
            time.sleep(0.05)
        raise AssertionError("the IMAP server does not answer")

    def postbox(self, folder: str = "") -> Postbox:
        """A folder of its own for one test; named, that one."""
        number = next(_numbers)
        name = folder or f"Test-{number}"
        if not folder:
            with Postbox(self.port, name, "", self._certificate).opened() as server:
                assert server.create(name)[0] == "OK"
        return Postbox(self.port, name, f"Aside-{number}/Unread", self._certificate)

    def stop(self) -> None:
        """The server is gone, and all it held."""
        self._process.kill()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def open_imap(certificate: tuple[Path, Path] | None = None) -> Iterator[ImapServer]:
    """An IMAP server on loopback; with a *certificate*, one that offers STARTTLS."""
    server = ImapServer(certificate=certificate)
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Tripwire:
    """A line to the server that breaks once when the client says *words*, and holds after that."""

    server_port: int
    words: bytes
    has_cut: bool = False

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.server_port))
            for ends in ((near, far), (far, near)):
                Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with source, target, suppress(OSError):
            while piece := source.recv(65536):
                if self.words in piece and not self.has_cut:
                    self.has_cut = True
                    target.shutdown(socket.SHUT_RDWR)
                    source.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(piece)
