"""Calendars follow people: who is to be mailed where is as Slack tells it, without an edit."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calendar.books import CalendarRound
from bot.people import Person
from tests.jour_fixe import arranged
from tests.office import Office, open_office
from tests.test_calendars import EXT, mailed, shown

BEN, NEW = "ben@firm.example", "ben.new@firm.example"


@pytest.fixture
def mailing(database_url: str) -> Iterator[Office]:
    """Anna's jour fixe every Tuesday, with Ben and somebody outside, whose calendars know it."""
    with open_office(database_url, is_mailing=True) as office:
        arranged(office)
        office.says(f"/po-meet invite {EXT}")
        assert sorted(mailed(office)) == ["anna@firm.example", BEN, EXT]
        yield office


def known(office: Office, is_told: Callable[[Person], bool], name: str = "Ben") -> None:
    """Wait until what Slack said of somebody is stored."""

    def look(session: Session) -> bool:
        person = session.scalar(select(Person).where(Person.name == name))
        return person is not None and is_told(person)

    assert office.box.wait_for(lambda: office.stored(look))


def test_who_gets_another_address_is_told_there_within_minutes(mailing: Office) -> None:
    mailing.box.change(mailing.ben, email=NEW)
    known(mailing, lambda ben: ben.email == NEW)
    told = mailed(mailing)
    assert sorted(told) == sorted([NEW, BEN])
    assert told[NEW].startswith("Invitation: Jour fixe")
    assert told[BEN] == "No longer invited: Jour fixe"
    assert shown(mailing, NEW)[0] == "Tue 01 Dec 10:00 45 Jour fixe"
    assert shown(mailing, BEN) == []


def test_who_shows_an_address_at_last_is_invited_within_minutes(mailing: Office) -> None:
    mailing.box.change(mailing.carla, email="")
    known(mailing, lambda carla: carla.email is None, "Carla")
    mailing.says("/po-meet invite @carla")
    assert mailed(mailing) == {}
    mailing.box.change(mailing.carla, email="carla@firm.example")
    known(mailing, lambda carla: carla.email is not None, "Carla")
    assert list(mailed(mailing)) == ["carla@firm.example"]


def gets_the_address_of_somebody_outside(mailing: Office) -> None:
    """Carla has in Slack the address that was invited before."""
    mailing.box.change(mailing.carla, email=EXT)
    known(mailing, lambda carla: carla.email == EXT, "Carla")


def test_who_was_invited_by_their_address_alone_answers_in_slack(mailing: Office) -> None:
    gets_the_address_of_somebody_outside(mailing)
    assert "You will be there" in mailing.says("/po-meet yes 1 dec", mailing.carla)
    assert f"There: {EXT}\nNo answer yet: Anna, Ben\n" in mailing.says("/po-meet show 1 dec")
    mailing.carla.opens_home()
    mailing.box.wait_for(lambda: mailing.carla.home is not None)
    assert "Jour fixe · Alpha · you will be there" in mailing.box.text_of(mailing.carla.home)


def test_who_was_invited_by_their_address_is_invited_once(mailing: Office) -> None:
    gets_the_address_of_somebody_outside(mailing)
    mailing.says("/po-meet yes 1 dec", mailing.carla)
    assert "Carla invited to Jour fixe" in mailing.says("/po-meet invite @carla")
    assert "There: Carla\nNo answer yet: Anna, Ben\n" in mailing.says("/po-meet show 1 dec")
    assert mailed(mailing) == {}
    mailing.says("/po undo")
    assert f"There: {EXT}\nNo answer yet: Anna, Ben\n" in mailing.says("/po-meet show 1 dec")


def test_who_was_invited_by_their_address_is_uninvited_by_name(mailing: Office) -> None:
    gets_the_address_of_somebody_outside(mailing)
    assert "no longer invited" in mailing.says("/po-meet uninvite @carla")
    assert mailed(mailing) == {EXT: "No longer invited: Jour fixe"}
    assert shown(mailing, EXT) == []
    assert "You are not invited" in mailing.says("/po-meet yes 1 dec", mailing.carla)


def test_who_left_is_mailed_nothing_any_more(mailing: Office) -> None:
    mailing.box.change(mailing.ben, deleted=True)
    known(mailing, lambda ben: not ben.is_active)
    assert mailed(mailing) == {}
    mailing.says("/po-meet edit place Room 5")
    assert sorted(mailed(mailing)) == ["anna@firm.example", EXT]
    mailing.says("/po-meet uninvite @ben")
    assert mailed(mailing) == {}


def test_who_comes_back_is_told_what_changed_meanwhile(mailing: Office) -> None:
    mailing.box.change(mailing.ben, deleted=True)
    known(mailing, lambda ben: not ben.is_active)
    mailing.says("/po-meet edit place Room 5")
    mailed(mailing)
    mailing.box.change(mailing.ben, deleted=False)
    known(mailing, lambda ben: ben.is_active)
    assert list(mailed(mailing)) == [BEN]
    assert shown(mailing, BEN)[0] == "Tue 01 Dec 10:00 45 Jour fixe Room 5"


def test_a_plain_address_that_becomes_somebodys_is_looked_at(mailing: Office) -> None:
    mailing.box.change(mailing.carla, email=EXT)
    known(mailing, lambda carla: carla.email == EXT, "Carla")
    assert mailing.stored(lambda session: session.scalars(select(CalendarRound)).all())
    assert mailed(mailing) == {}


def test_what_else_slack_tells_of_people_begins_nothing(mailing: Office) -> None:
    mailing.box.change(mailing.ben, tz="Asia/Tokyo")
    known(mailing, lambda ben: ben.timezone == "Asia/Tokyo")
    assert not mailing.stored(lambda session: session.scalars(select(CalendarRound)).all())


def test_a_chair_who_is_called_otherwise_is_no_news(mailing: Office) -> None:
    mailing.box.change(mailing.anna, real_name="Anna Miller")
    known(mailing, lambda anna: anna.name != "Anna", "Anna Miller")
    mailing.says("/po-meet invite @carla")
    assert list(mailed(mailing)) == ["carla@firm.example"]
    assert "chaired by Anna." in mailing.box.mails[-1].content.decode()
    mailing.says("/po-meet edit chair @ben")
    assert len(mailed(mailing)) == 4
    mailing.says("/po-meet edit chair @anna")
    assert len(mailed(mailing)) == 4
    assert "chaired by Anna Miller." in mailing.box.mails[-1].content.decode()
