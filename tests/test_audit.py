"""The audit trail says what was done to a thing, in words people know."""

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


def test_the_trail_of_a_project_names_what_was_made(office: Office) -> None:
    office.says(CONTRACT)
    office.says("/po-risk add Customs may be slow")
    raised, added = office.says("/po audit").splitlines()[1:3]
    assert raised.endswith("Anna · risk add Customs may be slow · R1")
    assert added.endswith("by next fri · A1")
