"""Issues and decisions: what has gone wrong, and what was settled."""

from tests.office import Office


def test_an_issue_has_a_severity_an_owner_and_a_date(office: Office) -> None:
    answer = office.says("/po issue add Test system is down severity high owner @ben by fri")
    assert "I1 · Test system is down · high · Ben · Fri 27 Nov 2026" in answer
    assert "Anna gave you I1" in office.told(office.ben)[-1]


def test_a_critical_issue_tells_the_lead(office: Office) -> None:
    office.says("/po issue add Test system is down severity critical", office.ben)
    assert "Ben raised I1" in office.told(office.anna)[-1]


def test_the_worst_issue_stands_first(office: Office) -> None:
    office.says("/po issue add Printer jams severity low")
    office.says("/po issue add Test system is down sev=critical")
    _title, first, _second = office.says("/po issue").splitlines()
    assert first.startswith("I2 · Test system is down · critical")


def test_an_issue_is_resolved_late(office: Office) -> None:
    office.says("/po issue add Test system is down by tomorrow")
    office.passes(days=3)
    assert "I1 · Test system is down · medium · Wed 25 Nov 2026 · overdue" in office.says(
        "/po issue overdue"
    )
    assert "I1 closed, 2 working days late" in office.says("/po issue resolve I1 disk replaced")


def test_a_decision_keeps_its_reason(office: Office) -> None:
    answer = office.says("/po decision add We use test site B because cheaper revisit in 3 months")
    assert "D1 · We use test site B · revisit Wed 24 Feb 2027" in answer
    assert "Because: cheaper" in office.says("/po decision show D1")


def test_decisions_are_searched_by_their_reason(office: Office) -> None:
    office.says("/po decision add We use test site B because cheaper")
    assert "D1 · We use test site B" in office.says("/po decision find cheaper")


def test_the_latest_decision_stands_first(office: Office) -> None:
    office.says("/po decision add We use test site B")
    office.says("/po decision add We use test site C")
    _title, first, _second = office.says("/po decision").splitlines()
    assert first.startswith("D2 · We use test site C")


def test_a_decision_is_superseded(office: Office) -> None:
    office.says("/po decision add We use test site B")
    answer = office.says("/po decision supersede D1 see D2")
    assert "D1 closed" in answer
    assert "D1 · We use test site B · superseded" in office.says("/po decision closed")


def test_a_decision_is_never_late(office: Office) -> None:
    office.says("/po decision add We use test site B revisit tomorrow")
    assert "early" not in office.says("/po decision supersede D1")
