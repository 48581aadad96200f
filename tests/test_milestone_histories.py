"""Real plans typed again: the same forecasts, the same slip."""

import csv
import os
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.registers.milestones import (
    Milestone,
    forecasts_of,
    slip_of,
)
from bot.workdays import WorkCalendar
from tests.office import Office

FOLDER = Path(os.environ.get("JOURFIXE_DATA") or Path(__file__).parents[2] / "shared" / "data")
BERLIN = ZoneInfo("Europe/Berlin")
OWN = {
    "own": [
        ("1.0 beta", date(2026, 1, 12), date(2026, 3, 30), None),
        ("1.0 beta", date(2026, 2, 20), date(2026, 4, 20), None),
        ("1.0 beta", date(2026, 4, 13), date(2026, 5, 4), None),
        ("1.0 beta", date(2026, 5, 6), date(2026, 5, 5), date(2026, 5, 5)),
    ]
}
Report = tuple[str, date, date, date | None]
"""A milestone, when it was reported, its forecast then, and when it was reached."""


def reports_in(file: Path) -> list[Report]:
    with file.open(newline="", encoding="utf-8") as lines:
        return [
            (
                row["milestone"],
                date.fromisoformat(row["reported_on"]),
                date.fromisoformat(row["forecast_date"]),
                date.fromisoformat(row["actual_date"]) if row["actual_date"] else None,
            )
            for row in csv.DictReader(lines)
        ]


REAL = {f.stem: reports_in(f) for f in sorted((FOLDER / "milestones").glob("*.csv"))} or OWN


@pytest.mark.parametrize("source", REAL)
def test_a_real_history_typed_again_is_the_same_history(office: Office, source: str) -> None:
    reports = [r for r in REAL[source] if r[3] is not None or r[2] >= r[1]]
    calendar = WorkCalendar()
    for number, plan in _typed_again(office, reports).values():
        days, milestone = _kept(office, number)
        assert days == plan.forecasts
        milestone.baseline = plan.forecasts[0] if plan.forecasts else None
        last = plan.actual or (plan.forecasts[-1] if plan.forecasts else None)
        expected = calendar.between(plan.forecasts[0], last) if plan.forecasts and last else None
        assert slip_of(milestone, calendar) == expected


def _kept(office: Office, number: int) -> tuple[list[date | None], Milestone]:
    """The forecasts the bot has of a milestone, and the milestone."""
    with office.bot.sessions() as session:
        milestone = session.scalars(select(Milestone).filter_by(number=number)).one()
        days = [row.forecast for row in forecasts_of(session, milestone)]
        session.expunge_all()
        return days, milestone


class Plan:
    """What one milestone of a real plan ought to hold."""

    def __init__(self) -> None:
        self.forecasts: list[date] = []
        self.actual: date | None = None


def _typed_again(office: Office, reports: list[Report]) -> dict[str, tuple[int, Plan]]:
    known: dict[str, tuple[int, Plan]] = {}
    for title, reported, forecast, actual in sorted(reports, key=lambda report: report[1]):
        office.now = datetime.combine(reported, time(9), BERLIN)
        if title not in known:
            is_ahead = forecast >= reported
            known[title] = (len(known) + 1, Plan())
            day = f" by {forecast}" if is_ahead else ""
            assert f"M{len(known)} · {title}" in office.says(f"/po ms add «{title}»{day}")
            known[title][1].forecasts += [forecast] if is_ahead else []
        _report(office, f"M{known[title][0]}", known[title][1], reported, forecast, actual)
    return known


def _report(
    office: Office, name: str, plan: Plan, reported: date, forecast: date, actual: date | None
) -> None:
    if plan.actual is not None:
        return  # the plan names a day again that it said was the day
    if forecast >= reported and forecast not in plan.forecasts[-1:]:
        assert " → " in office.says(f"/po ms forecast {name} {forecast} as published")
        plan.forecasts.append(forecast)
    if actual is not None and actual <= reported:
        assert f"{name} done" in office.says(f"/po ms done {name} on {actual}")
        plan.actual = actual
