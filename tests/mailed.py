"""An office whose mailbox is read: what people's calendars answer comes in by real IMAP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.calendar.books import CalendarEdition, CalendarEvent
from bot.mailbox import Mailbox
from bot.meetings import Series
from slackbox import Person
from tests.client_replies import Answer, outlook
from tests.imap import ImapServer, Postbox, open_imap
from tests.office import Office, open_office

SERIES = (
    '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben @carla'
    " optional @gus boss@firm.example from 1 dec"
)


def tuesday(day: int, month: int = 12) -> datetime:
    """Ten o'clock in Berlin on a winter's day of 2026."""
    return datetime(2026, month, day, 9, tzinfo=UTC)


@dataclass
class Post:
    """What is mailed to the office, from Ben where nothing else is said."""

    office: Office
    box: Postbox
    uid: str
    _count: int = 0

    def answer(self, partstat: str, day: int | None = None, **more: Any) -> Answer:
        """What Ben clicks; about all dates where no *day* of December is said."""
        self._count += 1
        moment = tuesday(day) if day is not None else None
        given = {"stamp": self.office.now, "number": f"answer-{self._count}"}
        return Answer(self.uid, "ben@firm.example", partstat, moment).but(**(given | more))

    def says(
        self,
        partstat: str,
        day: int | None = None,
        *,
        by: Callable[[Answer], bytes] = outlook,
        **more: Any,
    ) -> Answer:
        """Ben's calendar answers, and the bot reads it."""
        answer = self.answer(partstat, day, **more)
        self.arrives(by(answer))
        return answer

    def arrives(self, *mails: bytes) -> None:
        """Mails come in, and are read."""
        self.box.put(*mails)
        self.looks()

    def looks(self) -> None:
        """The bot looks into the mailbox."""
        self.mailbox.look()
        self.office.delivered()

    @property
    def mailbox(self) -> Mailbox:
        assert self.office.bot.mailbox is not None
        return self.office.bot.mailbox

    def told(self, who: Person | None = None) -> str:
        """What somebody (Anna) was told last."""
        return self.office.told(who or self.office.anna)[-1]

    def shows(self, day: int = 1) -> str:
        """The meeting of a day of December, as Anna sees it."""
        return self.office.says(f"/po-meet show {day} dec")

    def published(self, sequence: int) -> None:
        """Calendars are told of how the series is now, under that SEQUENCE."""
        with self.office.bot.sessions.begin() as session:
            series = session.scalars(select(Series).where(Series.uid == self.uid)).one()
            row = session.scalar(select(CalendarEvent).where(CalendarEvent.uid == self.uid))
            if row is None:
                row = CalendarEvent(series_id=series.id, uid=self.uid, horizon=series.first_day)
                session.add(row)
            row.sequence, row.changed_at = sequence, self.office.now
            session.flush()
            session.merge(
                CalendarEdition(event_id=row.id, sequence=sequence, changed_at=self.office.now)
            )


@contextmanager
def open_mailed(database_url: str, box: Postbox, **settings: Any) -> Iterator[Post]:
    """Anna's weekly jour fixe from 1 December; its answers by mail come into *box*."""
    given: dict[str, Any] = {
        "IMAP_URL": box.url,
        "JOURFIXE_MAIL_POLL_SECONDS": 3600,
        "JOURFIXE_MAIL_UNREAD_FOLDER": box.aside,
        "JOURFIXE_GATHER_SECONDS": 0,
    }
    with open_office(database_url, **(given | settings)) as office:
        office.says("/po project set zone=Europe/Berlin")
        office.says(SERIES)
        office.says("/po-meet invite")
        office.delivered()
        uid = office.stored(lambda session: session.scalars(select(Series.uid)).one())
        yield Post(office, box, uid)


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    """One IMAP server for all tests of a module, each of which has a mailbox of its own."""
    with open_imap() as server:
        yield server


@pytest.fixture
def post(database_url: str, imap: ImapServer) -> Iterator[Post]:
    """Anna's jour fixe, whose answers by mail come in."""
    with open_mailed(database_url, imap.postbox()) as post:
        yield post
