"""Actions, as people type them and read them back."""

from tests.office import Office


def test_an_action_is_understood_and_told(office: Office) -> None:
    answer = office.says("/po-action add @ben send contract draft by next fri")
    assert "A1 · send contract draft · Ben · Fri 4 Dec 2026" in answer
    (told,) = office.told(office.ben)
    assert "Anna gave you A1" in told
    assert "[Accept] [Propose date] [Decline]" in told
