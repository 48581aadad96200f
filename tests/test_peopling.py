"""Peopling: who a series is for, who chairs it, and what they hear of that."""

import pytest

from tests.jour_fixe import arranged
from tests.office import Office


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


def test_the_form_changes_only_what_was_touched(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet invite boss@firm.example informed")
    jour_fixe.types("/po-meet edit")
    assert jour_fixe.anna.view is None  # typed without a word there is nothing to correct
    answer = jour_fixe.types("/po-meet series")
    jour_fixe.anna.clicks("Edit …", answer)
    jour_fixe.anna.fills({"Title": "Weekly", "Required": [jour_fixe.anna, jour_fixe.carla]})
    assert jour_fixe.anna.submits() == {}
    told = jour_fixe.says("/po-meet series")
    assert "1 · Weekly\nevery Tue, 10:00–10:45" in told
    assert "Required: Anna, Carla" in told
    assert "Informed: boss@firm.example" in told


def test_people_come_and_go(jour_fixe: Office) -> None:
    assert "Carla invited to Jour fixe, optional." in jour_fixe.says(
        "/po-meet invite @carla optional"
    )
    assert "Anna invites you" in jour_fixe.told(jour_fixe.carla)[-1]
    assert "not in Slack: ext@firm.example." in jour_fixe.says("/po-meet invite ext@firm.example")
    assert "Ben, ext@firm.example no longer invited" in jour_fixe.says(
        "/po-meet uninvite @ben, ext@firm.example"
    )
    assert "you are not expected any more" in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po-meet invite @ben")
    told = jour_fixe.says("/po-meet series")
    assert "Required: Anna, Ben\nOptional: Carla" in told


def test_an_address_of_somebody_in_slack_is_that_person(jour_fixe: Office) -> None:
    jour_fixe.says("/po-action add @carla x by fri")
    assert "Carla invited" in jour_fixe.says("/po-meet invite Carla@firm.example")
    assert "They are invited already." in jour_fixe.says("/po-meet invite ben@firm.example")
