"""One mailbox an app reads its answers from: an IMAP server on loopback."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import UTC, datetime

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

USER, PASSWORD = "office", "office"


class _Settings(Config):
    """How the server runs: on loopback, without TLS, and without asking for a name of its own."""

    def __init__(self) -> None:
        super().__init__(
            Namespace(proxy_protocol=None),
            host=None,
            port=0,
            tls_enabled=False,
            reject_dnsbl=False,
            demo_data=False,
            demo_user=USER,
            demo_password=PASSWORD,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )

    @property
    def greeting(self) -> bytes:
        return b"The mailbox of a workspace in a box"


class Mailbox:
    """The mailbox of one *address*; what is sent to it is there to be read."""

    def __init__(self, address: str) -> None:
        self.address = address.lower()
        self._settings = _Settings()
        self._folders = MailboxSet()
        self._settings.set_cache[USER] = (self._folders, FilterSet())
        self._server: asyncio.Server | None = None
        self._port = 0
        self.url = ""

    async def open(self, host: str) -> None:
        """Let it be read at a free port; after `close`, at the same one again."""
        self._settings.apply_context()
        login = Login(self._settings)
        await login.demo_user_identity.set(UserMetadata(self._settings, USER, password=PASSWORD))
        serve = ProxyProtocolReader(self._settings.proxy_protocol).get_callback(
            IMAPServer(login, self._settings)
        )
        self._server = await asyncio.start_server(serve, host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        where = f"[{host}]" if ":" in host else host
        self.url = f"imap://{USER}:{PASSWORD}@{where}:{self._port}/INBOX?starttls=no"

    async def close(self) -> None:
        """Let nobody read it any more; who still does is cut off with the loop."""
        if self._server is not None:
            self._server.close()

    async def put(self, content: bytes, at: float) -> None:
        """Put a mail into its inbox."""
        inbox = await self._folders.get_mailbox("INBOX")
        await inbox.append(AppendMessage(content, datetime.fromtimestamp(at, UTC)), recent=True)
