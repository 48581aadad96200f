"""A CalDAV server that is not of our making (Radicale), and somebody who keeps a calendar there."""

import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from xml.etree import ElementTree

CALENDAR = "/ben/firm/"
_BEN = f"Basic {b64encode(b'ben:any').decode()}"
_EXPAND = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><C:calendar-data><C:expand start="{since}" end="{until}"/></C:calendar-data></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range start="{since}" end="{until}"/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


class CalDav:
    """Ben's calendar on a server at *port*."""

    def __init__(self, port: int) -> None:
        self._port = port

    def make(self) -> None:
        """Open the calendar."""
        assert self._ask("MKCALENDAR", CALENDAR)[0] == 201

    def put(self, name: str, data: bytes) -> None:
        """Store an event, as a program does that took it from a mail: without METHOD (RFC 4791)."""
        kept = b"".join(
            line for line in data.splitlines(keepends=True) if not line.startswith(b"METHOD:")
        )
        status, said = self._ask("PUT", f"{CALENDAR}{name}.ics", kept, "text/calendar")
        assert status in (201, 204), said

    def get(self, name: str) -> bytes:
        """What is stored of an event."""
        status, said = self._ask("GET", f"{CALENDAR}{name}.ics")
        assert status == 200, said
        return said

    def expanded(self, since: datetime, until: datetime) -> list[bytes]:
        """The calendar between two moments, every meeting in it by itself."""
        query = _EXPAND.format(since=f"{since:%Y%m%dT%H%M%SZ}", until=f"{until:%Y%m%dT%H%M%SZ}")
        status, said = self._ask("REPORT", CALENDAR, query.encode(), "application/xml", depth="1")
        assert status == 207, said
        tree = ElementTree.fromstring(said)  # noqa: S314 - as above
        found = tree.iter("{urn:ietf:params:xml:ns:caldav}calendar-data")
        return [(one.text or "").encode() for one in found]

    def _ask(
        self, method: str, path: str, body: bytes = b"", kind: str = "text/plain", depth: str = "0"
    ) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            heads = {"Content-Type": kind, "Depth": depth, "Authorization": _BEN}
            connection.request(method, path, body, heads)
            answer: HTTPResponse = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def caldav_server(folder: Path) -> Iterator[CalDav]:
    """Radicale with its calendars in *folder*, on a port of its own, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "config"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = owner_only\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n"
        "[logging]\nlevel = warning\n"
    )
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "radicale", "--config", str(config)], stderr=log, stdout=log
        )
    try:
        _wait(port, server, folder / "log")
        yield CalDav(port)
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _turn in range(300):
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(log.read_text())
