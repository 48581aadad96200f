"""A portfolio to measure with: many projects with a history, a week of changes and all that is due.

Each has 20 actions, 10 risks, 10 milestones and 5 statuses, of which the last week brought some.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Table, insert

from bot.db import open_engine
from bot.history import Change, ChangeItem
from bot.jobs.report import REPORT
from bot.migrate import upgrade
from bot.people import Person
from bot.projects import Project
from bot.registers.actions import Action
from bot.registers.milestones import Milestone, MilestoneForecast
from bot.registers.risks import Risk, RiskScore
from bot.schedules import PROJECTS, Schedule
from bot.snapshots import Snapshot
from bot.status import StatusUpdate
from bot.values import Rag, Trend

NOW = datetime(2026, 11, 27, 14, 0, 5, tzinfo=UTC)
"""A Friday, five seconds after three in Berlin."""

TODAY = NOW.date()
DUE_AT = NOW.replace(second=0)
LAST_WEEK = NOW - timedelta(days=3)
LONG_AGO = NOW - timedelta(days=90)
PEOPLE = 200
AT_ONCE = 500
ACTIONS, RISKS, MILESTONES, STATUSES = 20, 10, 10, 5

Rows = dict[Any, list[dict[str, Any]]]


def fill(engine: Engine, count: int, channel: str) -> None:
    """Write *count* projects that live in *channel* into an empty database."""
    with engine.begin() as connection:
        connection.execute(insert(Person), list(_people()))
    for first in range(1, count + 1, AT_ONCE):
        rows: Rows = {}
        for number in range(first, min(first + AT_ONCE, count + 1)):
            _project(rows, number, channel)
        with engine.begin() as connection:
            for model, values in rows.items():
                table: Table = model.__table__
                connection.execute(insert(table), values)


def _people() -> Iterator[dict[str, Any]]:
    for number in range(1, PEOPLE + 1):
        yield {
            "id": number, "team": "T1", "slack_id": f"U{number}", "handle": f"user{number}",
            "name": f"Person {number}", "timezone": "Europe/Berlin", "locale": "en",
            "is_guest": False, "is_active": True, "is_bot": False, "refreshed_at": NOW,
        }  # fmt: skip


def _project(rows: Rows, number: int, channel: str) -> None:
    _add(rows, Project, {
        "id": number, "key": f"P{number}", "name": f"Project {number}", "channel": channel,
        "visibility": "internal", "timezone": "Europe/Berlin", "country": "DE", "made_at": LONG_AGO,
    })  # fmt: skip
    for place in range(ACTIONS):
        _action(rows, number, place)
    for place in range(RISKS):
        _risk(rows, number, place)
    for place in range(MILESTONES):
        _milestone(rows, number, place)
    for place in range(STATUSES):
        _status(rows, number, place)
    _add(rows, Snapshot, {
        "project_id": number, "period": "2026-W47", "at": NOW - timedelta(days=5),
        "overall": Rag.GREEN, "actions_open": 9, "actions_overdue": 2, "issues_open": 0,
        "issues_overdue": 0, "risks_open": 7, "risks_high": 2, "exposure": 60,
        "milestones_open": 6, "milestones_late": 1, "slip": 11,
    })  # fmt: skip
    _add(rows, Schedule, {
        "job": REPORT.name, "subject": PROJECTS, "subject_id": number, "next_at": DUE_AT,
    })  # fmt: skip


def _add(rows: Rows, model: Any, values: dict[str, Any]) -> None:
    rows.setdefault(model, []).append(values)


def _entry(project: int, place: int, most: int, title: str, due: date) -> dict[str, Any]:
    return {
        "id": (project - 1) * most + place + 1, "project_id": project, "number": place + 1,
        "title": f"{title} no. {place + 1} of project {project}, as agreed in the meeting",
        "owner_id": (project + place) % PEOPLE + 1, "opened_by": project % PEOPLE + 1,
        "opened_at": LONG_AGO, "closed_at": None, "outcome": None, "due": due, "moves": 0,
    }  # fmt: skip


def _action(rows: Rows, project: int, place: int) -> None:
    """Ten done long ago, two this week, one added, one moved; two late, two due next week."""
    due = TODAY + timedelta(days=(place - 14) * 3)
    values = _entry(project, place, ACTIONS, "Send the contract draft", due)
    is_new = place == 19
    values["opened_at"] = LAST_WEEK if is_new else LONG_AGO
    if place < 12:
        values |= {"closed_at": LAST_WEEK if place > 9 else LONG_AGO, "outcome": "done"}
    _add(rows, Action, values)
    _born(rows, project, Action, values)
    if place in (10, 11):
        closed = {"closed_at": LAST_WEEK.isoformat(), "outcome": "done"}
        _changed(rows, project, (Action, values["id"], dict.fromkeys(closed), closed))
    if place == 18:
        old = (due - timedelta(days=7)).isoformat()
        _changed(rows, project, (Action, values["id"], {"due": old}, {"due": due.isoformat()}))


def _risk(rows: Rows, project: int, place: int) -> None:
    """Three closed long ago; one scored anew this week."""
    values = _entry(project, place, RISKS, "The supplier has no capacity", TODAY)
    values |= {"probability": place % 5 + 1, "impact": (place + project) % 5 + 1}
    if place < 3:
        values |= {"closed_at": LONG_AGO, "outcome": "closed"}
    _add(rows, Risk, values)
    _born(rows, project, Risk, values)
    if place == 9:
        score = {
            "risk_id": values["id"], "at": LAST_WEEK, "author_id": 1, "probability": 5,
            "impact": values["impact"], "reason": "second supplier signed",
        }  # fmt: skip
        score["id"] = project
        _add(rows, RiskScore, score)
        _changed(
            rows, project,
            (RiskScore, project, None, score | {"at": LAST_WEEK.isoformat()}),
            (Risk, values["id"], {"probability": 3}, {"probability": 5}),
        )  # fmt: skip


def _milestone(rows: Rows, project: int, place: int) -> None:
    """Four reached long ago; one slipped this week, one is late, one is due next week."""
    due = TODAY + timedelta(days=(place - 4) * 7 - 3)
    values = _entry(project, place, MILESTONES, "Pilot live", due)
    values |= {"baseline": due - timedelta(days=14), "actual": None}
    if place < 4:
        values |= {"closed_at": LONG_AGO, "outcome": "done", "actual": due}
    _add(rows, Milestone, values)
    _born(rows, project, Milestone, values)
    if place == 9:
        old = due - timedelta(days=14)
        forecast = {
            "id": project, "milestone_id": values["id"], "at": LAST_WEEK, "author_id": 1,
            "was": old, "forecast": due, "reason": "supplier late",
        }  # fmt: skip
        _add(rows, MilestoneForecast, forecast)
        told = {n: str(v) if isinstance(v, date) else v for n, v in forecast.items()}
        _changed(
            rows, project,
            (MilestoneForecast, project, None, told),
            (Milestone, values["id"], {"due": str(old)}, {"due": str(due)}),
        )  # fmt: skip


def _status(rows: Rows, project: int, place: int) -> None:
    """One a week, the last of them yesterday."""
    at = NOW - timedelta(days=1 + 7 * (STATUSES - 1 - place))
    values: dict[str, Any] = {
        "id": (project - 1) * STATUSES + place + 1, "project_id": project, "author_id": 1,
        "at": at, "overall": Rag.AMBER, "trend": Trend.FALLING, "was": Rag.GREEN,
        "text": "The supplier is late by a week, the pilot still comes in June.",
        "is_confirmation": False,
    }  # fmt: skip
    _add(rows, StatusUpdate, values)
    if place == STATUSES - 1:
        told = values | {"at": at.isoformat()}
        _changed(rows, project, (StatusUpdate, values["id"], None, told))


def _born(rows: Rows, project: int, model: Any, values: dict[str, Any]) -> None:
    told = {n: v.isoformat() if isinstance(v, date) else v for n, v in values.items()}
    _changed(rows, project, (model, values["id"], None, told), at=values["opened_at"])


def _changed(
    rows: Rows,
    project: int,
    *items: tuple[Any, int, dict[str, Any] | None, dict[str, Any] | None],
    at: datetime = LAST_WEEK,
) -> None:
    """One change in the audit trail."""
    number = _number(rows, project)
    _add(rows, Change, {"id": number, "at": at, "actor_id": 1, "project_id": project, "line": "…"})
    for model, key, before, after in items:
        _add(rows, ChangeItem, {
            "change_id": number, "kind": model.__tablename__, "object_id": key,
            "before": before, "after": after,
        })  # fmt: skip


def _number(rows: Rows, project: int) -> int:
    """The next number of a change: a hundred are kept for each project."""
    taken: Sequence[dict[str, Any]] = rows.get(Change, ())
    last = taken[-1]["id"] if taken and taken[-1]["project_id"] == project else project * 100
    return int(last) + 1


if __name__ == "__main__":  # in a process of its own: it takes much memory
    for name, number in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        address = f"sqlite:///{name}"
        upgrade(address)
        fill(open_engine(address), int(number), "C1")
    print("filled", flush=True)
