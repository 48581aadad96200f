"""Outlook: what comes next in projects, what is late there, and what threatens most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.register import Entry
from bot.registers import REGISTERS
from bot.registers.risks import Risk

TOP = 3


@dataclass(frozen=True)
class Span:
    """The days looked at: from *today* up to and with *until*."""

    today: date
    until: date


@dataclass
class Outlook:
    """Open entries of one project: *coming* in the span looked at, *overdue*, the top *risks*."""

    coming: list[Entry] = field(default_factory=list)
    overdue: list[Entry] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)


def ahead(session: Session, spans: Mapping[int, Span]) -> dict[int, Outlook]:
    """What comes in each project within its span, by primary key, the earliest first.

    Nothing confidential: nobody knows who reads it.
    """
    if not spans:
        return {}
    found = {project: Outlook() for project in spans}
    last = max(span.until for span in spans.values())
    for register in REGISTERS:
        if register.has_deadline:
            entry = register.entry
            is_near = (entry.project_id.in_(list(spans)), entry.due <= last, entry.is_public())
            rows = session.scalars(select(entry).where(entry.closed_at.is_(None), *is_near))
            for row in rows:
                _place(found[row.project_id], row, spans[row.project_id])
    for outlook in found.values():
        outlook.coming.sort(key=_by_day)
        outlook.overdue.sort(key=_by_day)
    for risk in _top_risks(session, spans):
        found[risk.project_id].risks.append(risk)
    return found


def _place(outlook: Outlook, entry: Entry, span: Span) -> None:
    if entry.is_overdue(span.today):
        outlook.overdue.append(entry)
    elif entry.due is not None and entry.due <= span.until:
        outlook.coming.append(entry)


def _by_day(entry: Entry) -> tuple[date, str, int]:
    return (entry.due or date.max, entry.__tablename__, entry.number)


def _top_risks(session: Session, spans: Mapping[int, Span]) -> list[Risk]:
    score = Risk.probability * Risk.impact
    order = (score.desc(), Risk.due, Risk.number)
    place = func.row_number().over(partition_by=Risk.project_id, order_by=order)
    ranked = (
        select(Risk.id, place.label("place"))
        .where(Risk.project_id.in_(list(spans)), Risk.closed_at.is_(None), Risk.is_public())
        .subquery()
    )
    rows = session.scalars(
        select(Risk)
        .join(ranked, ranked.c.id == Risk.id)
        .where(ranked.c.place <= TOP)
        .order_by(Risk.project_id, ranked.c.place)
    )
    return list(rows)
