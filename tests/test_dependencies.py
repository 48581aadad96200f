"""Milestones that wait for others, of the same project or of another."""

from datetime import date

import pytest

from slackbox import Channel
from tests.office import Office

PILOT = '/po ms add "Pilot live" 30 june owner @anna'


@pytest.fixture
def beta(office: Office) -> Channel:
    """Carla's project Beta, where Ben is too and Anna is not."""
    channel = office.box.channel("beta", members=[office.carla, office.ben])
    office.says("/po project new Beta", office.carla, channel)
    return channel


def test_a_milestone_waits_for_another_and_shows_it(office: Office) -> None:
    office.says(PILOT)
    office.says("/po ms add Site ready by 1 june")
    assert "M1 waits for M2" in office.says("/po ms after M1 M2")
    assert "waits for M2 · Site ready" in office.says("/po ms show M1")
    assert "is awaited by M1 · Pilot live" in office.says("/po ms show M2")
    assert "It waits for that one already." in office.says("/po ms after M1 M2")
    assert "M1 waits for M2 no more" in office.says("/po ms free M1 M2")
    assert "It does not wait for that one." in office.says("/po ms free M1 M2")


def test_a_circle_is_refused_by_its_names(office: Office) -> None:
    for title in ("Site ready", "Pilot live", "Roll-out"):
        office.says(f"/po ms add {title}")
    office.says("/po ms after M2 M1")
    office.says("/po ms after M3 M2")
    answer = office.says("/po ms after M1 M3")
    assert "That would go in a circle: M1 → M3 → M2 → M1." in answer
    assert "Nothing waits for itself." in office.says("/po ms after M1 M1")


def test_who_waits_is_told_of_a_slip_once_and_may_answer(office: Office) -> None:
    office.says("/po ms add Site ready by 1 june")
    office.says('/po ms add "Pilot live" 4 june owner @ben')
    office.says("/po ms after M2 M1")
    office.passes(minutes=5)
    before = len(office.told(office.ben))
    answer = office.says("/po ms forecast M1 15 june mud")
    assert "ALPHA-M2 · Pilot live waits for it and is forecast earlier, Fri 4 Jun 2027." in answer
    told = office.told(office.ben)[before:]
    assert len(told) == 1
    assert "ALPHA-M1 · Site ready: Tue 1 Jun 2027 → Tue 15 Jun 2027, +10 working days" in told[0]
    assert "That is after the forecast of this one." in told[0]
    office.ben.clicks("New forecast …", office.told_messages(office.ben)[-1])
    assert office.ben.view is not None
    office.ben.fills(
        {"New forecast": date(2027, 6, 18), "Reason (for a later date)": "site is late"}
    )
    assert office.ben.submits() == {}
    assert "Fri 18 Jun 2027" in office.says("/po ms show M2")


def test_who_waits_in_another_project_learns_nothing_they_may_not_read(
    office: Office, beta: Channel
) -> None:
    office.says("/po project set visibility=restricted", office.carla, beta)
    office.says("/po project people @ben member", office.carla, beta)
    office.says("/po ms add Secret gate by 1 june owner @carla", office.carla, beta)
    office.says("/po ms add Site ready by 15 june owner @anna", office.ben)
    office.says("/po project people @ben lead")
    assert "M1 waits for BETA-M1" in office.says("/po ms after M1 BETA-M1", office.ben)
    office.passes(minutes=5)
    office.says("/po ms forecast M1 22 june customs fraud", office.carla, beta)
    told = office.told(office.anna)[-1]
    assert "A milestone this one waits for moved by +15 working days." in told
    assert "That is after the forecast of this one." in told
    assert "M1 · Site ready" in told
    for secret in ("Secret", "BETA", "Beta", "customs"):
        assert secret not in "\n".join(office.told(office.anna))
    assert "linked to another project" in office.says("/po ms show M1")


def test_one_may_not_wait_for_what_one_may_not_read(office: Office, beta: Channel) -> None:
    office.says("/po ms add Secret gate by 1 june", office.carla, beta)
    office.says(PILOT)
    answer = office.says("/po ms after M1 BETA-M1")
    assert "There is no project BETA that you may read." in answer.replace("`", "")


def test_who_waits_is_told_that_it_is_reached(office: Office) -> None:
    office.says("/po ms add Site ready by 1 june")
    office.says('/po ms add "Pilot live" 4 june owner @ben')
    office.says("/po ms after M2 M1")
    office.passes(minutes=5)
    office.says("/po ms done M1")
    assert "ALPHA-M1 · Site ready: done, " in office.told(office.ben)[-1]


def test_who_waits_is_told_that_what_was_dropped_is_taken_up_again(office: Office) -> None:
    office.says("/po ms add Site ready by 1 june")
    office.says('/po ms add "Pilot live" 4 june owner @ben')
    office.says("/po ms after M2 M1")
    office.passes(minutes=5)
    office.says("/po ms drop M1 no budget")
    office.passes(minutes=5)
    office.says("/po ms reopen M1")
    told = office.told(office.ben)[-1]
    assert "ALPHA-M1 · Site ready: taken up again, forecast Tue 1 Jun 2027" in told


def test_who_waits_is_told_that_a_slip_was_taken_back(office: Office) -> None:
    office.says("/po ms add Site ready by 1 june")
    office.says('/po ms add "Pilot live" 4 june owner @ben')
    office.says("/po ms after M2 M1")
    office.passes(minutes=5)
    office.says("/po ms forecast M1 15 june mud")
    office.passes(minutes=5)
    office.says("/po undo")
    told = "ALPHA-M1 · Site ready: taken back, forecast Tue 1 Jun 2027 again"
    assert told in office.told(office.ben)[-1]


def test_an_owner_who_was_removed_hears_of_no_slip_and_the_lead_does_instead(
    office: Office, beta: Channel
) -> None:
    office.says("/po project people @ben member", office.carla, beta)
    office.says("/po project set visibility=restricted", office.carla, beta)
    office.says("/po ms add Secret gate by 15 june owner @ben", office.carla, beta)
    office.says("/po project people @carla lead")
    office.says("/po ms add Site ready by 1 june owner @anna")
    assert "M1 waits for ALPHA-M1" in office.says("/po ms after M1 ALPHA-M1", office.carla, beta)
    office.says("/po project remove @ben member", office.carla, beta)
    office.says("/po project people @anna lead", office.carla, beta)
    office.passes(minutes=10)
    before = len(office.told(office.ben))
    office.says("/po ms forecast M1 22 june mud")
    assert "M1 · Secret gate" in "\n".join(office.told(office.carla))
    office.passes(minutes=10)
    assert "22 Jun" in office.says("/po ms forecast M1 22 june customs", office.carla, beta)
    assert "customs" in office.told(office.anna)[-1]
    assert office.told(office.ben)[before:] == []
