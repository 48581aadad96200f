"""Proposed dates: another day somebody asked for, which who gave the action has not answered."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from bot.handing import answers_to_proposing, giver_of, proposal_words
from bot.language import N_, _
from bot.nudge import Kind, Morning, Nudge, near_day, of_entry
from bot.projects import Project
from bot.registers.actions import Action


def find(morning: Morning) -> Iterable[Nudge]:
    """What waits for the word of who gave it; of the leads where they read the project no more."""
    rows = morning.session.scalars(
        select(Action).where(
            Action.project_id.in_(sorted(morning.projects)),
            Action.proposed.is_not(None),
            Action.closed_at.is_(None),
        )
    )
    for action in rows:
        project = morning.projects.get(action.project_id)
        if project is not None:
            yield from _asked(morning, action, project)


def _asked(morning: Morning, action: Action, project: Project) -> Iterator[Nudge]:
    giver = giver_of(morning.session, action)
    is_there = giver.is_active and (
        giver.id not in morning.people or (giver.id, project.id) in morning.readable
    )
    for person in [giver.id] if is_there else morning.leads(project):
        if person in morning.people and morning.wakes(person, project) and action.proposed:
            words = proposal_words(morning.session, action, action.proposed)
            due = action.due
            now = _("due {day}").format(day=near_day(due, morning.today[person])) if due else ""
            buttons = tuple(answers_to_proposing(project, action))
            yield of_entry(action, project, person, (words, now), 2, buttons)


PROPOSED = Kind("proposed", N_("To agree to"), find)
