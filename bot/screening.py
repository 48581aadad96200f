"""Screening: what of a direct message its reader may read at the moment it is sent."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audience import readers, roles_in
from bot.delivery.notices import Notice, composed, parts_of
from bot.delivery.outbox import Delivery
from bot.people import Person
from bot.projects import Project
from bot.rights import Right, Rights


def screened(session: Session, delivery: Delivery, now: datetime) -> dict[str, Any] | None:
    """What *delivery* says without what its reader may not read; None where nothing is left.

    Raises `MissingFactsError`.
    """
    notices = parts_of(session, delivery)
    hidden = _hidden(session, delivery.channel, notices, now)
    if not hidden:
        return delivery.content
    kept = [notice for notice in notices if hidden.isdisjoint(_projects(notice))]
    if not any(notice.about for notice in kept):
        return None
    empty = _emptied(notices, kept)
    return composed([notice for notice in kept if notice not in empty])


def _hidden(session: Session, user: str, notices: Sequence[Notice], now: datetime) -> set[int]:
    """The projects *notices* tell of that the Slack *user* may not read."""
    told = {number for notice in notices for number in _projects(notice)}
    if not told:
        return set()
    people = session.scalars(select(Person).where(Person.slack_id == user)).all()
    projects = session.scalars(select(Project).where(Project.id.in_(sorted(told)))).all()
    known = readers(session, people, projects, roles_in(session, told))
    return {
        project.id
        for project in projects
        if not people
        or not all(
            (person.id, project.id) in known
            # Who is not known to be in its channel may be there by now.
            or Rights(session, person, now).may(Right.READ, project)
            for person in people
        )
    }


def _projects(notice: Notice) -> set[int]:
    return {number for number in (notice.project_id, notice.other_project_id) if number}


def _emptied(notices: Sequence[Notice], kept: Collection[Notice]) -> list[Notice]:
    """The headings of which nothing is left that stood below them."""
    below: dict[Notice, list[Notice]] = {}
    heading = None
    for notice in notices:
        if notice.is_heading:
            heading = notice
        elif heading is not None and notice.about:
            below.setdefault(heading, []).append(notice)
    return [head for head, things in below.items() if not any(thing in kept for thing in things)]
