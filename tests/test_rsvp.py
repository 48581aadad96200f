"""RSVP: who is invited answers by a button or a word; who is away shows; a quorum at risk too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.invitations import quorum_of, seats_of
from bot.meeting_cards import post_card
from bot.meeting_dates import next_dates
from bot.meetings import Rsvp, Series
from bot.projects import Project
from tests.office import Office

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    """Anna's weekly jour fixe from 1 December; Ben and Carla are required, Gus is optional."""
    office.says("/po project set zone=Europe/Berlin")
    office.says(
        '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben @carla'
        " optional @gus informed boss@firm.example from 1 dec"
    )
    office.says("/po-meet invite")
    office.told(office.ben)
    return office


def posts_card(office: Office) -> None:
    """Let the channel have the card of the next meeting, as the clock does when it comes near."""
    with office.bot.sessions.begin() as session:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        (found,) = next_dates(session, series, project, office.now, 1)
        assert post_card(session, project, found, office.now) is not None
    office.delivered()


def card(office: Office) -> str:
    """The card of the meeting, as the channel sees it."""
    return next(text for text in office.sees() if "Propose a topic" in text)


@pytest.mark.parametrize(
    ("label", "receipt", "shown"),
    [
        ("I’ll be there", "You will be there", "There: Ben"),
        ("Can’t", "You cannot come", "Can’t: Ben"),
        ("Maybe", "You may come", "Maybe: Ben"),
    ],
)
def test_an_invitation_is_answered_by_a_button(
    jour_fixe: Office, label: str, receipt: str, shown: str
) -> None:
    jour_fixe.ben.clicks(label, jour_fixe.told_messages(jour_fixe.ben)[-1])
    jour_fixe.box.wait_for(lambda: shown in jour_fixe.says("/po-meet"))
    answers = [jour_fixe.box.text_of(m) for m in jour_fixe.ben.reads(jour_fixe.ben.dm)]
    assert any(text.startswith(f"{receipt}\nJour fixe · Tue 1 Dec, 10:00") for text in answers)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("yes", "There: Ben"),
        ("yes tue", "There: Ben"),
        ("ja di", "There: Ben"),
        ("no tue at the dentist", "Can’t: Ben: “at the dentist”"),
        ("no 1 dec", "Can’t: Ben"),
        ("maybe of jour fixe", "Maybe: Ben"),
    ],
)
def test_it_is_answered_by_a_word(jour_fixe: Office, typed: str, shown: str) -> None:
    told = jour_fixe.says(f"/po-meet {typed}", jour_fixe.ben)
    assert "Jour fixe · Tue 1 Dec, 10:00" in told
    assert shown in jour_fixe.says("/po-meet")


def test_the_last_answer_counts_and_undo_takes_it_back(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes", jour_fixe.ben)
    jour_fixe.says("/po-meet no", jour_fixe.ben)
    assert "Can’t: Ben" in jour_fixe.says("/po-meet")
    jour_fixe.says("/po undo", jour_fixe.ben)
    assert "There: Ben" in jour_fixe.says("/po-meet")
    jour_fixe.says("/po undo", jour_fixe.ben)
    assert "No answer yet: Anna, Ben, Carla, Gus (optional)" in jour_fixe.says("/po-meet")


def test_a_reason_is_for_the_chair(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet no tue at the dentist", jour_fixe.ben)
    assert "Ben cannot come: at the dentist" in jour_fixe.told(jour_fixe.anna)[-1]
    assert "dentist" not in jour_fixe.says("/po-meet", jour_fixe.carla)
    assert "dentist" in jour_fixe.says("/po-meet")


def test_the_card_in_the_channel_follows_every_answer(jour_fixe: Office) -> None:
    posts_card(jour_fixe)
    assert "No answer yet: Anna, Ben, Carla, Gus (optional)" in card(jour_fixe)
    posted = next(
        m
        for m in jour_fixe.ben.reads(jour_fixe.alpha)
        if "Propose a topic" in jour_fixe.box.text_of(m)
    )
    jour_fixe.ben.clicks("I’ll be there", posted)
    jour_fixe.box.wait_for(lambda: "There: Ben" in card(jour_fixe))
    jour_fixe.says("/po-meet no", jour_fixe.carla)
    assert "There: Ben\nCan’t: Carla\nNo answer yet: Anna, Gus (optional)" in card(jour_fixe)
    count = len(jour_fixe.sees())
    posts_card(jour_fixe)  # again: the same card
    assert len(jour_fixe.sees()) == count


def test_the_card_shows_a_move_and_a_cancellation(jour_fixe: Office) -> None:
    posts_card(jour_fixe)
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    assert "14:00–14:45 Europe/Berlin" in card(jour_fixe)
    jour_fixe.says("/po-meet cancel 2 dec sure=yes")
    shown = next(t for t in jour_fixe.sees() if t.startswith("Jour fixe\nCancelled"))
    assert "[I’ll be there]" not in shown


def test_who_is_away_is_shown_as_away(jour_fixe: Office) -> None:
    jour_fixe.says("/po away until 4 dec", jour_fixe.ben)
    assert "Can’t: Ben (away)" in jour_fixe.says("/po-meet")
    jour_fixe.says("/po-meet yes", jour_fixe.ben)  # what one says oneself counts more
    assert "There: Ben" in jour_fixe.says("/po-meet")


def test_a_quorum_at_risk_is_said(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet no", jour_fixe.ben)
    assert "Quorum" not in jour_fixe.says("/po-meet")
    jour_fixe.says("/po away until 4 dec", jour_fixe.carla)
    assert "Quorum at risk: 2 of 3 required cannot come." in jour_fixe.says("/po-meet")


def test_without_its_chair_a_meeting_is_at_risk(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet no")
    told = jour_fixe.says("/po-meet")
    assert "Quorum at risk: 1 of 3 required cannot come." in told
    assert "The chair cannot come." in told

    def at_risk(session: Session) -> bool:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        (found,) = next_dates(session, series, project, jour_fixe.now, 1)
        return quorum_of(found, seats_of(session, found, project)).is_at_risk

    assert jour_fixe.stored(at_risk)


def test_a_guest_answers_though_they_read_nothing(jour_fixe: Office) -> None:
    jour_fixe.gus.clicks("Maybe", jour_fixe.told_messages(jour_fixe.gus)[-1])
    jour_fixe.box.wait_for(lambda: "Maybe: Gus (optional)" in jour_fixe.says("/po-meet"))
    assert "no project here that you may read" in jour_fixe.says("/po-meet", jour_fixe.gus)


def test_an_answer_undone_is_told_the_chair_in_its_place(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet maybe", jour_fixe.ben)
    jour_fixe.says("/po-meet no at the dentist", jour_fixe.ben)
    jour_fixe.says("/po undo", jour_fixe.ben)
    last = jour_fixe.told(jour_fixe.anna)[-1]
    assert "Ben may not be able to come" in last
    assert "dentist" not in last
    jour_fixe.says("/po undo", jour_fixe.ben)
    assert "Ben took the answer back" in jour_fixe.told(jour_fixe.anna)[-1]


def test_a_guest_undoes_an_answer(jour_fixe: Office) -> None:
    posts_card(jour_fixe)
    answer = jour_fixe.types("/po-meet rsvp yes 1:2026-12-01", jour_fixe.gus)
    assert answer.text.endswith("[Undo]")
    assert "There: Gus (optional)" in card(jour_fixe)
    jour_fixe.gus.clicks("Undo", answer)
    jour_fixe.box.wait_for(lambda: "Undone" in answer.text)
    assert "No answer yet: Anna, Ben, Carla, Gus (optional)" in card(jour_fixe)


def test_who_is_not_invited_cannot_answer(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet uninvite @ben")
    assert "You are invited to no meeting here." in jour_fixe.says("/po-meet yes", jour_fixe.ben)
    told = jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    assert "You are not invited to Jour fixe; please ask Anna." in told
    jour_fixe.ben.clicks("Maybe", jour_fixe.told_messages(jour_fixe.ben)[-1])
    jour_fixe.box.wait_for(
        lambda: any(
            "You are invited to no such meeting." in jour_fixe.box.text_of(m)
            for m in jour_fixe.ben.reads(jour_fixe.ben.dm)
        )
    )
    assert not jour_fixe.stored(lambda session: session.scalars(select(Rsvp)).all())


@pytest.mark.parametrize("call", ["99:2026-12-01", "x:2026-12-01", "1:1", "1", "1:2026-12-02"])
def test_a_button_nobody_was_sent_answers_nothing(jour_fixe: Office, call: str) -> None:
    told = jour_fixe.says(f"/po-meet rsvp yes {call}", jour_fixe.ben)
    assert "no such meeting" in told or "is over, or will not be" in told
    assert not jour_fixe.stored(lambda session: session.scalars(select(Rsvp)).all())


@pytest.mark.parametrize(
    ("change", "when", "day"),
    [
        ("change every tue 15:00 from 26 nov", "Tue 1 Dec, 15:00–15:45", "1 dec"),
        ("move 1 dec to wed 14:00 sure=yes", "Wed 2 Dec, 14:00–14:45", "2 dec"),
        ("move 1 dec to 10:00-12:00 sure=yes", "Tue 1 Dec, 10:00–12:00", "1 dec"),
    ],
)
def test_a_button_that_says_another_time_is_no_answer_to_how_it_is(
    jour_fixe: Office, change: str, when: str, day: str
) -> None:
    shown = jour_fixe.types("/po-meet show 1 dec", jour_fixe.ben)
    jour_fixe.says(f"/po-meet {change}")
    jour_fixe.ben.clicks("I’ll be there", shown)
    told = f"It is at another time than it says there: {when}."
    jour_fixe.box.wait_for(lambda: told in shown.text)
    assert "No answer yet: Anna, Ben" in jour_fixe.says(f"/po-meet show {day}")
    jour_fixe.ben.clicks(f"The same for {when.partition('–')[0]}", shown)
    jour_fixe.box.wait_for(lambda: "You will be there" in shown.text)
    assert "There: Ben" in jour_fixe.says(f"/po-meet show {day}")


def test_what_is_over_or_cancelled_takes_no_answer(jour_fixe: Office) -> None:
    message = jour_fixe.told_messages(jour_fixe.ben)[-1]
    jour_fixe.says("/po-meet cancel tue sure=yes")
    told = jour_fixe.says("/po-meet rsvp yes 1:2026-12-01", jour_fixe.ben)
    assert "Tue 1 Dec, 10:00 is cancelled. The next is Tue 8 Dec, 10:00." in told
    assert "[The same for Tue 8 Dec, 10:00]" in told
    jour_fixe.says("/po undo")
    jour_fixe.now = datetime(2026, 12, 1, 11, tzinfo=BERLIN)
    jour_fixe.ben.clicks("Maybe", message)
    assert not jour_fixe.stored(lambda session: session.scalars(select(Rsvp)).all())


def test_home_shows_the_next_meetings_with_their_buttons(jour_fixe: Office) -> None:
    jour_fixe.ben.opens_home()
    jour_fixe.box.wait_for(lambda: jour_fixe.ben.home is not None)
    home = jour_fixe.box.text_of(jour_fixe.ben.home)
    assert "Next meetings\nTue 1 Dec, 10:00 · Jour fixe · Alpha" in home
    jour_fixe.ben.clicks("I’ll be there", jour_fixe.ben.home, near="Tue 1 Dec")
    jour_fixe.box.wait_for(
        lambda: "Alpha · you will be there" in jour_fixe.box.text_of(jour_fixe.ben.home)
    )
    jour_fixe.dora.opens_home()
    jour_fixe.box.wait_for(lambda: jour_fixe.dora.home is not None)
    assert "No meeting lies ahead." in jour_fixe.box.text_of(jour_fixe.dora.home)


@pytest.mark.both_databases
def test_an_answer_to_one_date_is_not_one_to_the_next(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet no 8 dec", jour_fixe.ben)
    jour_fixe.says("/po-meet yes 1 dec", jour_fixe.ben)
    assert "There: Ben" in jour_fixe.says("/po-meet show 1 dec")
    assert "Can’t: Ben" in jour_fixe.says("/po-meet show 8 dec")
