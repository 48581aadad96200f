"""The audit trail says what was done to a thing, in words people know."""

import pytest

from tests.office import Office

CONTRACT = "/po-action add @ben send contract draft by next fri"


def test_a_note_is_in_the_trail_of_what_it_is_about(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action add order test devices")
    office.says("/po-action note A1 spoke to the supplier", office.ben)
    noted, _added = office.says("/po audit A1").splitlines()[1:]
    assert noted.endswith("Ben · action note A1 spoke to the supplier")
    assert "note A1" not in office.says("/po audit A2")


def test_a_change_with_its_reason_is_one_line(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action move A1 +2 weeks waiting for legal")
    moved, _added = office.says("/po audit A1").splitlines()[1:]
    assert moved.endswith("due: Fri 4 Dec 2026 → Fri 18 Dec 2026")


def test_a_note_taken_back_stays_in_the_trail(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action note A1 spoke to the supplier")
    office.says("/po undo")
    assert "action note A1 spoke to the supplier · undone" in office.says("/po audit A1")


def test_what_only_the_database_knows_is_not_shown(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-action decline A1 not my field", office.ben)
    office.says("/po-action give A1 @carla")
    given, declined, _added = office.says("/po audit A1").splitlines()[1:]
    assert declined.endswith("refusal: not my field; owner: Ben, no longer")
    assert given.endswith("refusal: not my field, no longer; owner: Carla")
    assert "given by" not in office.says("/po audit A1")


@pytest.mark.both_databases
def test_what_an_entry_was_linked_with_is_in_the_trail_of_both(office: Office) -> None:
    office.says('/po ms add "Pilot live" 30 june')
    office.says('/po ms add "Site ready" 1 june')
    office.says("/po ms after M1 M2")
    office.says("/po ms free M1 M2")
    freed, waits, _added = office.says("/po audit M1").splitlines()[1:]
    assert waits.endswith("ms after M1 M2 · waits for M2 · Site ready")
    assert freed.endswith("ms free M1 M2 · waits for M2 · Site ready, no longer")
    freed, waits, _added = office.says("/po audit M2").splitlines()[1:]
    assert waits.endswith("ms after M1 M2 · is awaited by M1 · Pilot live")
    assert freed.endswith("is awaited by M1 · Pilot live, no longer")
    office.says("/po decision add We lease")
    office.says(CONTRACT)
    office.says("/po decision link D1 A1")
    linked, _added = office.says("/po audit D1").splitlines()[1:]
    assert linked.endswith("decision link D1 A1 · carried out by A1 · send contract draft")


def test_the_trail_tells_nothing_of_what_waits_in_a_project_one_may_not_read(
    office: Office,
) -> None:
    beta = office.box.channel("beta", members=[office.carla])
    office.says("/po project new Beta", office.carla, beta)
    office.says("/po ms add Secret gate by 15 june", office.carla, beta)
    office.says("/po ms add Site ready by 1 june")
    office.says("/po ms after BETA-M1 ALPHA-M1", office.carla, beta)
    waits, _added = office.says("/po audit M1").splitlines()[1:]
    assert waits.endswith("Carla · something confidential · linked to another project")


def test_the_trail_of_a_project_names_what_was_made(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-risk add Customs may be slow")
    raised, added = office.says("/po audit").splitlines()[1:3]
    assert raised.endswith("Anna · risk add Customs may be slow · R1")
    assert added.endswith("by next fri · A1")
