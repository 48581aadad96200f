"""Screening: what waited to be sent is looked at again by who may read it when it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot import clock
from bot.delivery import gates
from bot.delivery.outbox import HIDDEN, RESTRICTED, Delivery, Medium, State, promise
from bot.messages import said
from bot.projects import Project
from slackbox import Channel
from tests.office import Office


@contextmanager
def slack_is_out(office: Office) -> Iterator[None]:
    """Nothing is tried meanwhile, as after a 429; what waits is sent at the end."""
    office.delivered()
    sessions, everything, now = office.bot.sessions, gates.all_of(Medium.SLACK), clock.now()
    with sessions.begin() as session:
        gates.close(session, everything, now + timedelta(hours=1), "ratelimited", now)
    yield
    with sessions.begin() as session:
        session.execute(delete(gates.Gate).where(gates.Gate.name == everything))
    office.delivered()


def became(office: Office, key: str) -> list[tuple[State, str | None]]:
    """What became of the deliveries whose key begins so."""
    rows = select(Delivery.state, Delivery.error).where(Delivery.key.startswith(key))
    found: list[tuple[State, str | None]] = office.stored(
        lambda s: [(state, error) for state, error in s.execute(rows)]
    )
    return found


@pytest.fixture
def secret(office: Office) -> Channel:
    """The restricted project Beta, with Ben's late action; he has another one in Alpha."""
    beta = office.box.channel("beta", members=[office.anna])
    office.says("/po project new Beta", where=beta)
    office.says("/po project people @ben member", where=beta)
    office.says("/po project set visibility=restricted", where=beta)
    office.says("/po-action add @ben secret paint by 24 nov", where=beta)
    office.says("/po-action accept BETA-A1", office.ben)
    office.ticks()
    return beta


@pytest.mark.both_databases
def test_a_digest_comes_without_what_may_not_be_read_any_more(
    office: Office, secret: Channel
) -> None:
    office.says("/po-action add @ben order tiles by 24 nov")
    office.says("/po-action add @ben hidden door", where=secret)
    office.says("/po-action accept ALPHA-A1", office.ben)
    with slack_is_out(office):
        office.waits_until(25, 8, 35)
        office.says("/po project remove @ben member", where=secret)
    (digest,) = [text for text in office.told(office.ben) if "Your day" in text]
    assert "order tiles" in digest
    assert "To accept" not in digest
    assert "secret paint" not in digest
    assert "BETA" not in digest


@pytest.mark.both_databases
def test_a_digest_of_which_nothing_may_be_read_is_cancelled_and_says_so(
    office: Office, secret: Channel
) -> None:
    with slack_is_out(office):
        office.waits_until(25, 8, 35)
        office.says("/po project remove @ben member", where=secret)
    assert not [text for text in office.told(office.ben) if "Your day" in text]
    assert (State.CANCELLED, HIDDEN) in became(office, "digest:")
    told = office.says("/po jobs mine", office.ben)
    assert "not sent: who it was for may read it no more" in told


def test_a_notice_is_not_sent_to_who_was_removed_meanwhile(office: Office, secret: Channel) -> None:
    office.says("/po-action add order tiles")
    with slack_is_out(office):
        office.says("/po-action add @ben hidden door", where=secret)
        office.says("/po project remove @ben member", where=secret)
        office.says("/po-action give ALPHA-A1 @ben")
    told = "\n".join(office.told(office.ben))
    assert "hidden door" not in told
    assert "order tiles" in told


def test_what_is_told_of_two_projects_is_for_who_may_read_both(
    office: Office, secret: Channel
) -> None:
    office.says("/po ms add Secret gate by 1 june", where=secret)
    office.says('/po ms add "Site ready" 4 june owner @ben')
    office.says("/po ms after M1 BETA-M1")
    office.passes(minutes=5)
    with slack_is_out(office):
        office.says("/po ms forecast M1 15 june customs", where=secret)
        office.says("/po project remove @ben member", where=secret)
    assert "Secret gate" not in "\n".join(office.told(office.ben))


def test_who_is_in_the_channel_by_now_is_told(office: Office) -> None:
    with slack_is_out(office):
        office.says("/po-action add @ben order tiles")
        office.ben.leaves(office.alpha)
        office.anna.invites(office.alpha, office.ben)
    assert "order tiles" in "\n".join(office.told(office.ben))


@pytest.mark.both_databases
def test_what_stands_is_not_added_to_for_who_was_removed(office: Office, secret: Channel) -> None:
    office.says("/po-action add @ben paint the gate", where=secret)
    assert "paint the gate" in office.told(office.ben)[-1]
    with slack_is_out(office):
        office.says("/po-action add @ben hidden door", where=secret)  # joins the last message
        office.says("/po project remove @ben member", where=secret)
    assert "hidden door" not in "\n".join(office.told(office.ben))
    assert (State.SENT, None) in became(office, "notice:")


@pytest.mark.both_databases
def test_what_waits_to_be_posted_goes_where_its_project_has_moved(office: Office) -> None:
    office.says("/po project people @ben lead")
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    with slack_is_out(office):
        office.says("/po-action add @ben secret merger papers by fri")
        office.says("/po project set visibility=restricted")
        office.says("/po project bind ALPHA", where=beta)
    assert any("merger" in seen for seen in office.sees(office.ben, beta))
    assert not any("merger" in seen for seen in office.sees(office.carla))


def test_a_channel_a_restricted_project_has_left_is_shown_nothing_of_it(office: Office) -> None:
    office.says("/po project set visibility=restricted")
    beta = office.box.channel("beta", members=[office.anna])
    office.says("/po project bind ALPHA", where=beta)
    with office.bot.sessions.begin() as session:
        project = session.scalars(select(Project)).one()
        promise(session, "late", office.alpha.id, said("merger"), office.now, project=project)
    office.delivered()
    assert became(office, "late") == [(State.HELD, RESTRICTED)]
    assert not any("merger" in seen for seen in office.sees(office.carla))


def test_a_channel_a_public_project_has_left_is_answered_in_its_threads(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.anna])
    office.says("/po project bind ALPHA", where=beta)
    with office.bot.sessions.begin() as session:
        project = session.scalars(select(Project)).one()
        promise(session, "late", office.alpha.id, said("ticked"), office.now, project=project)
    assert any("ticked" in seen for seen in office.sees(office.carla))
