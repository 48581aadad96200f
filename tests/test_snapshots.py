"""Snapshots: each week's figures, as they were when the week ended."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.projects import Project
from bot.snapshots import Snapshot, trend
from bot.values import Rag
from tests.office import Office

FIGURES = (
    "period", "overall", "actions_open", "actions_overdue", "issues_open", "risks_open",
    "risks_high", "exposure", "milestones_open", "milestones_late", "slip",
)  # fmt: skip


@pytest.fixture(autouse=True)
def begun(request: pytest.FixtureRequest) -> None:
    """The clock has met the project before anything is due."""
    request.getfixturevalue("office").ticks()


def kept(office: Office) -> list[dict[str, Any]]:
    """The figures on record, week by week."""
    rows = office.stored(lambda s: s.scalars(select(Snapshot).order_by(Snapshot.at)).all())
    return [{name: getattr(row, name) for name in FIGURES} for row in rows]


@pytest.mark.both_databases
def test_on_sunday_night_the_figures_are_kept(office: Office) -> None:
    office.says("/po-status amber Supplier late")
    office.says("/po-action add @anna send contract draft by thu")
    office.says("/po-action add @ben order devices by 15 dec")
    office.says("/po issue add Test system is down severity high")
    office.says("/po-risk add Supplier has no capacity p4 i5")
    office.says("/po-risk add Customs delay p2 i3")
    office.says('/po ms add "Kick-off" 27 nov')
    office.says("/po ms baseline set")
    office.waits_until(27, 9)
    office.says("/po ms forecast M1 2 dec room is taken")
    office.waits_until(29, 20)
    assert kept(office) == [
        dict(
            period="2026-W48", overall=Rag.AMBER, actions_open=2, actions_overdue=1,
            issues_open=1, risks_open=2, risks_high=1, exposure=26, milestones_open=1,
            milestones_late=0, slip=3,
        )
    ]  # fmt: skip


def test_after_downtime_each_week_has_the_figures_it_had(office: Office) -> None:
    office.says("/po-status green All well")
    office.says("/po-action add @anna send contract draft by 1 dec")
    office.now = office.now.replace(month=12, day=2)
    office.says("/po-action add @ben order devices by 15 dec")
    office.says("/po-status red Nothing works")
    office.now = office.now.replace(month=12, day=10)
    office.says("/po-action done A1")
    office.waits_until(14, 9, month=12)
    found = [(row["period"], row["overall"], row["actions_open"]) for row in kept(office)]
    assert found == [
        ("2026-W48", Rag.GREEN, 1),
        ("2026-W49", Rag.RED, 2),
        ("2026-W50", Rag.RED, 1),
    ]
    assert [row["actions_overdue"] for row in kept(office)] == [0, 1, 0]


def test_what_was_added_by_mistake_never_counted(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by thu")
    office.says("/po undo")
    office.waits_until(29, 20)
    assert [row["actions_open"] for row in kept(office)] == [0]


@pytest.mark.both_databases
def test_a_trend_is_the_last_weeks_in_their_order(office: Office) -> None:
    for day, month in ((29, 11), (6, 12), (13, 12)):
        office.waits_until(day, 20, month=month)
    found = office.stored(lambda s: trend(s, s.scalars(select(Project.id)).all(), 2))
    (weeks,) = found.values()
    assert [row.period for row in weeks] == ["2026-W49", "2026-W50"]
