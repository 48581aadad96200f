"""A relay in front of PostgreSQL, so that a test can take the database away and bring it back."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

PIECE = 65536


class Relay:
    """Listens on loopback and passes everything on to the server's socket, unless it is cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._name = parts.path.lstrip("/")
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    @property
    def url(self) -> str:
        """The database, by way of this relay."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{self._name}"

    def cut(self) -> None:
        """End every connection, and let no new one through."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                with suppress(OSError):  # the other end may have ended it in this moment
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let connections through again."""
        with self._lock:
            self._is_cut = False

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    near.close()
                    continue
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._server)
                self._open |= {near, far}
            for ends in ((near, far), (far, near)):
                Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while piece := source.recv(PIECE):
                target.sendall(piece)
            target.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
        finally:
            with self._lock:
                self._open.discard(source)
            source.close()
