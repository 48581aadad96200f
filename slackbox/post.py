"""The post office of the workspace: an SMTP server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

from slackbox import answers
from slackbox.calendars import Held, read
from slackbox.changes import Change, Changes
from slackbox.mail import Mail
from slackbox.mailbox import Mailbox
from slackbox.refusals import ImpossibleError

MAX_MAIL = 32 * 1024 * 1024


class _Connection(SMTP):
    """One client's connection, known to the post office as long as it lasts."""

    def __init__(self, post: Post) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(
            post, data_size_limit=MAX_MAIL, enable_SMTPUTF8=True, hostname="box", loop=loop
        )
        self._connections = post.connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._connections.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self.transport)
        super().connection_lost(error)


class Post:
    """Every mail that went out, oldest first, and what it did to the calendar of its reader."""

    def __init__(self, changes: Changes, now: Callable[[], float]) -> None:
        self.mails: list[Mail] = []
        self.connections: set[asyncio.BaseTransport | None] = set()
        self._changes, self._now = changes, now
        self._calendars: dict[tuple[str, str], Held] = {}
        self.mailbox: Mailbox | None = None
        self._host = ""
        self._server: asyncio.Server | None = None
        self._port = 0
        self.url = ""

    async def open(self, host: str) -> None:
        """Take mails at a free port; after `close`, at the same one again."""
        self._host = host
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        self.url = f"smtp://{f'[{host}]' if ':' in host else host}:{self._port}"
        if self.mailbox is not None:
            await self.mailbox.open(host)

    async def open_mailbox(self, address: str) -> str:
        """Keep a mailbox for *address*, which its owner reads by IMAP; where."""
        if self.mailbox is not None:
            await self.mailbox.close()
        self.mailbox = Mailbox(address)
        await self.mailbox.open(self._host)
        return self.mailbox.url

    async def close(self) -> None:
        """Take no more, and cut who is still connected."""
        if self._server is None:
            return
        self._server.close()
        if self.mailbox is not None:
            await self.mailbox.close()
        for transport in list(self.connections):
            if transport is not None:
                transport.close()
        await self._server.wait_closed()

    async def handle_DATA(  # noqa: N802  aiosmtpd calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail; what aiosmtpd calls when one is complete."""
        content = envelope.content
        if not isinstance(content, bytes):  # what it would be with `decode_data`
            return "554 5.6.0 This mail has no content"
        mail = self.keep(envelope.mail_from or "", tuple(envelope.rcpt_tos), content)
        if self.mailbox is not None and self.mailbox.address in map(str.lower, mail.recipients):
            await self.mailbox.put(content, mail.received_at)
        return "250 2.0.0 Kept"

    def keep(self, sender: str, recipients: tuple[str, ...], content: bytes) -> Mail:
        """Keep a mail, and write its meeting into the calendar of its first reader."""
        mail = Mail(f"m{len(self.mails) + 1}", sender, recipients, content, self._now())
        told = mail.told = read(mail.calendar)
        if told is not None:
            key = (recipients[0].lower(), told.uid)
            mail.held = self._calendars.get(key)
            self._calendars[key] = (mail.held or Held()).after(told)
        self.mails.append(mail)
        self._changes.publish(Change("mail"))
        return mail

    def awaits(self, mail: Mail) -> bool:
        """Whether somebody may answer *mail*: its organizer's mailbox is here."""
        if self.mailbox is None or mail.told is None or answers.invitee(mail) is None:
            return False
        organizer = mail.told.any.organizer
        return organizer is not None and organizer.address.lower() == self.mailbox.address

    async def answer(self, mail: Mail, answer: str) -> None:
        """Answer an invitation as its reader; raises ImpossibleError where nobody reads it."""
        if self.mailbox is None or not self.awaits(mail):
            raise ImpossibleError("Nobody here reads answers to this mail.")
        at = self._now()
        reply = answers.answered(mail, answer, at)
        await self.mailbox.put(reply.as_bytes(), at)
        mail.answer = answer
        self._changes.ring()

    def clear(self) -> None:
        """Forget every mail, and what stands in calendars by them."""
        self.mails.clear()
        self._calendars.clear()

    def unread(self, reader: str) -> int:
        """How many mails somebody has not opened on the page."""
        return sum(reader not in mail.readers for mail in self.mails)

    def mail(self, mail_id: str) -> Mail:
        """The mail of that id; raises ImpossibleError where there is none."""
        number = mail_id.removeprefix("m")
        if not number.isdecimal() or not 0 < int(number) <= len(self.mails):
            raise ImpossibleError("There is no such mail.")
        return self.mails[int(number) - 1]
