"""Series from before there were calendars come into feeds by themselves, and mail nobody."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarCopy, CalendarEdition, CalendarEvent, CalendarRound
from bot.calendar.planning import unpublished
from bot.calendar.watching import begin_silently
from bot.meetings import Series
from tests.jour_fixe import arranged
from tests.office import Office, open_office
from tests.test_calendars import mailed
from tests.test_feeds import PUBLIC, fetched, published, subscribed, titles


@pytest.fixture
def upgraded(database_url: str) -> Iterator[Office]:
    """Anna's jour fixe, from before its office kept calendars."""
    with open_office(database_url, is_mailing=True, PUBLIC_URL=PUBLIC) as office:
        arranged(office)
        mailed(office)
        forget(office)
        yield office


def forget(office: Office) -> None:
    """Empty the tables that were not there before."""
    with office.bot.sessions.begin() as session:
        for table in (CalendarCopy, CalendarEdition, CalendarRound, CalendarEvent):
            session.execute(delete(table))


def titles_of(office: Office, most: int = 25) -> list[str]:
    """The series of which nothing was ever published."""

    def look(session: Session) -> list[str]:
        keys = unpublished(session, most)
        query = select(Series.title).where(Series.id.in_(keys)).order_by(Series.id)
        return list(session.scalars(query))

    found: list[str] = office.stored(look)
    return found


def test_what_is_from_before_is_published_and_mailed_to_nobody(upgraded: Office) -> None:
    path = subscribed(upgraded, "feed")
    with upgraded.bot.sessions.begin() as session:
        begin_silently(session, unpublished(session), upgraded.now)
    assert mailed(upgraded) == {}
    assert titles(fetched(upgraded, path)[1]) == ["Jour fixe"]
    assert titles_of(upgraded) == []
    upgraded.says("/po-meet edit place Room 5")
    assert sorted(mailed(upgraded)) == ["anna@firm.example", "ben@firm.example"]


def test_what_waits_to_be_told_aloud_is_not_silenced(upgraded: Office) -> None:
    upgraded.says("/po-meet edit place Room 5")
    assert titles_of(upgraded) == []
    with upgraded.bot.sessions.begin() as session:
        begin_silently(session, set(session.scalars(select(Series.id))), upgraded.now)
    assert sorted(mailed(upgraded)) == ["anna@firm.example", "ben@firm.example"]


def test_drafts_what_ended_and_what_was_cancelled_are_not_waited_for(upgraded: Office) -> None:
    upgraded.says('/po-meet new "Draft" every wed 10:00-10:45 with @anna from 2 dec')
    upgraded.says('/po-meet new "Once" on 4 dec 10:00-11:00 with @ben')
    upgraded.says("/po-meet invite of Once")
    upgraded.says("/po-meet cancel 4 dec of Once sure=yes")
    upgraded.says('/po-meet new "Paused" every thu 10:00-10:45 with @ben from 3 dec')
    upgraded.says("/po-meet invite of Paused")
    upgraded.says("/po-meet pause of Paused")
    published(upgraded)
    forget(upgraded)
    assert titles_of(upgraded) == ["Jour fixe"]
    upgraded.says("/po-meet resume of Paused")
    published(upgraded)
    forget(upgraded)
    assert titles_of(upgraded) == ["Jour fixe", "Paused"]
    assert titles_of(upgraded, most=1) == ["Jour fixe"]
    upgraded.says("/po-meet end of Paused sure=yes")
    published(upgraded)
    forget(upgraded)
    assert titles_of(upgraded) == ["Jour fixe"]
