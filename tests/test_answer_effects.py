"""What an answer by mail changes: the card, the agenda, the quorum, the minutes."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.meeting_cards import post_card
from bot.meeting_dates import next_dates
from bot.meetings import Series
from bot.minutes import Minutes
from bot.projects import Project
from tests.client_replies import google
from tests.mailed import Post


def posts_card(post: Post) -> None:
    with post.office.bot.sessions.begin() as session:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        (found,) = next_dates(session, series, project, post.office.now, 1)
        assert post_card(session, project, found, post.office.now) is not None
    post.office.delivered()


def card(post: Post) -> str:
    return next(text for text in post.office.sees() if "Propose a topic" in text)


@pytest.mark.both_databases
def test_the_card_in_the_channel_shows_it(post: Post) -> None:
    posts_card(post)
    post.says("ACCEPTED", 1)
    assert "There: Ben" in card(post)
    post.says("DECLINED", by=lambda a: google(a.but(who="boss@firm.example")))
    assert "Can’t: boss@firm.example (optional)" in card(post)
    assert "boss@firm.example can never come" in post.told()


def test_an_answer_to_all_is_undone_on_every_card(post: Post) -> None:
    posts_card(post)
    post.says("DECLINED")
    assert "Can’t: Ben" in card(post)
    post.office.says("/po undo", post.office.ben)
    assert "No answer yet: Anna, Ben" in card(post)
    assert "No answer yet: Anna, Ben" in post.shows(8)


def test_a_presenter_who_declines_leaves_a_gap_the_chair_can_fill(post: Post) -> None:
    office = post.office
    office.says("/po-meet topic Budget 10m @ben day=2026-12-01")
    post.says("DECLINED", 1, comment="Ill")
    text = post.told()
    assert "Ben cannot come: Ill" in text
    assert "Ben presents 1 (Budget) and cannot come." in text
    assert "[Delegate …]" in text
    assert "Ben presents 1 (Budget) and cannot come." in office.says("/po-meet agenda on 1 dec")
    office.anna.clicks("Park", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "Parked" in office.says("/po-meet agenda on 1 dec"))


def test_quorum_and_regrets_follow(post: Post) -> None:
    post.says("DECLINED", comment="Abroad")
    assert "Quorum" not in post.shows(1)
    post.says("DECLINED", 1, who="carla@firm.example")
    assert "Quorum at risk: 2 of 3 required cannot come." in post.shows(1)


def test_regrets_are_in_the_minutes(post: Post) -> None:
    office = post.office
    post.says("DECLINED", comment="Abroad")
    post.says("ACCEPTED", 1, who="boss@firm.example")
    office.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    office.says("/po-meet start")
    office.says("/po-meet close")
    text = office.stored(lambda session: session.scalars(select(Minutes.text)).one())
    assert "- Regrets: Ben\n" in text
    assert "- Accepted by mail: boss@firm.example\n" in text
