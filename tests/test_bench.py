"""The bench runs to its end, and says of every figure whether it meets its goal."""

import re

from benchmarks.__main__ import measure
from benchmarks.measures import Scale

SMALLEST = Scale(
    rounds=1,
    commands=2,
    acks=2,
    burst=1,
    bursts=1,
    starts=1,
    first_thousand=4,
    ten_thousand=8,
    few=20,
    many=400,
    reports=1,
    meanwhile=10,
    attendees=20,
    milestones=2000,
)
ROW = re.compile(r"\S.*? {2,}\S.*? {2,}\S.*? {2,}(ok|miss)")


def test_every_figure_is_a_row_of_name_measured_goal_and_verdict() -> None:
    figures = list(measure(SMALLEST))
    assert len({figure.goal.name for figure in figures}) == 14
    for figure in figures:
        assert ROW.fullmatch(figure.row()), figure.row()
        assert "failed" not in figure.measured
