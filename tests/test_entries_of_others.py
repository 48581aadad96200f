"""What belongs to another project, or to somebody else, stays theirs."""

import pytest

from slackbox import Channel
from tests.office import Office


@pytest.fixture
def beta(office: Office) -> Channel:
    """Ben's project Beta; Anna is a plain member there, and A1 is Ben's."""
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    office.says("/po project new Beta", office.ben, beta)
    office.says("/po-action add @ben theirs", office.ben, beta)
    office.says("/po-action add ours")
    return beta


@pytest.mark.parametrize("line", ["edit BETA-A1 by 30 nov", "done BETA-A1", "drop BETA-A1"])
def test_the_rights_of_one_project_do_not_open_another(
    office: Office, beta: Channel, line: str
) -> None:
    assert "That is of BETA, not of ALPHA" in office.says(f"/po-action {line} in ALPHA")
    assert "A1 · theirs · Ben" in office.says("/po-action list in BETA", office.ben)


def test_an_entry_named_behind_its_options_is_of_this_project(
    office: Office, beta: Channel
) -> None:
    answer = office.says("/po-action edit by 30 nov BETA-A1")
    assert "another project's" in answer


def test_the_trail_of_another_project_is_not_read_through_ones_own(
    office: Office, beta: Channel
) -> None:
    assert "not of ALPHA" in office.says("/po audit BETA-A1 in ALPHA")


def test_nothing_is_given_to_somebody_who_may_not_read_it(office: Office) -> None:
    answer = office.says("/po-action add @gus the guests' secret")
    assert "Gus may not read Alpha" in answer
    assert office.told(office.gus) == []


def test_a_restricted_project_shows_no_card_to_a_channel_that_may_not_read_it(
    office: Office,
) -> None:
    office.says("/po project set visibility=restricted")
    office.says("/po-risk add Takeover talks fail p5 i5")
    assert office.sees(office.carla) == []


def test_an_owner_edits_the_words_of_a_risk_but_not_its_score(office: Office) -> None:
    office.says("/po-risk add Supplier is late p5 i5", office.ben)
    office.passes(hours=1)
    assert "one has to be" in office.says("/po-risk edit R1 p1 i1", office.ben)
    assert "R1 · Supplier is gone" in office.says("/po-risk edit R1 Supplier is gone", office.ben)
    office.says("/po-risk edit R1 p3 i3")
    assert "Scores so far: 25, 9" in office.says("/po-risk show R1")


def test_undo_asks_for_the_right_of_now(office: Office) -> None:
    office.says("/po project people @ben office")
    office.says("/po-action add @carla paint")
    office.says("/po-action move A1 by 7 dec", office.ben)
    office.says("/po project remove @ben office")
    assert "one has to be" in office.says("/po undo", office.ben)


def test_a_form_does_not_put_back_what_somebody_changed_meanwhile(office: Office) -> None:
    office.says("/po-action add @ben paint by fri")
    office.says("/po-action edit A1")
    office.says("/po-action move A1 7 dec", office.ben)
    office.anna.fills({"Title": "paint the fence"})
    assert office.anna.submits() == {}
    assert "A1 · paint the fence · Ben · Mon 7 Dec 2026" in office.says("/po-action")


def test_who_gave_it_agrees_to_another_date(office: Office) -> None:
    office.says("/po-action add @ben paint by fri", office.carla)
    office.says("/po-action propose A1 7 dec", office.ben)
    asked = office.told_messages(office.carla)[-1]
    office.carla.clicks("Agree", asked)
    office.box.wait_for(lambda: "Mon 7 Dec" in office.says("/po-action"))


def test_unblocking_cuts_the_link(office: Office) -> None:
    office.says("/po-risk add Supplier is late")
    office.says("/po-action add paint")
    office.says("/po-action block A1 by R1")
    assert "blocked by R1" in office.says("/po-action show A1")
    office.says("/po-action unblock A1")
    assert "blocked" not in office.says("/po-action show A1")


def test_a_text_longer_than_a_form_shows_is_refused(office: Office) -> None:
    answer = office.says(f'/po-risk add Flood response="{"x" * 3001}"')
    assert "Response: that is 3,001 characters" in answer


def test_two_projects_of_one_name_are_refused_where_both_are_read(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.anna])
    office.says("/po project new Beta", where=beta)
    assert "of that name already" in office.says("/po project set name=Alpha", where=beta)
