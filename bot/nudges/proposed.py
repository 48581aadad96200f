"""Proposed dates: another day somebody asked for, of an action or of the plan, not answered yet."""

from collections.abc import Iterable, Iterator
from itertools import chain

from sqlalchemy import select

from bot.entries import full_name
from bot.handing import answers_to_proposing, giver_of, proposal_words
from bot.language import N_, _
from bot.nudge import Kind, Morning, Nudge, Subject, near_day, of_entry
from bot.pages import name
from bot.people import Person
from bot.plan_changes import decision_buttons, reminded_as, words_of
from bot.projects import Project
from bot.proposals import Proposal, Verdict
from bot.registers.actions import Action
from bot.registers.milestones import Milestone


def find(morning: Morning) -> Iterable[Nudge]:
    """What waits for the word of who gave an action, and of the leads for what was planned."""
    return chain(_for_actions(morning), _for_the_plan(morning))


def _for_the_plan(morning: Morning) -> Iterator[Nudge]:
    """The forecasts proposed for milestones, as long as no lead has answered."""
    led = [project.id for project in morning.projects.values() if morning.leads(project)]
    rows = morning.session.execute(
        select(Proposal, Milestone, Person)
        .join(Milestone, Milestone.id == Proposal.milestone_id)
        .join(Person, Person.id == Proposal.proposed_by)
        .where(Proposal.verdict == Verdict.OPEN, Proposal.project_id.in_(led))
    )
    for proposal, milestone, proposer in rows:
        project = morning.projects[proposal.project_id]
        for person in morning.leads(project):
            if morning.wakes(person, project):
                what = words_of(morning.session, project, proposal, morning.today[person])
                words = _("{who} proposes {what}").format(who=name(proposer), what=what)
                yield Nudge(
                    person,
                    project,
                    Subject(Proposal.__tablename__, proposal.id, reminded_as(proposal, project)),
                    "",
                    milestone.title,
                    (full_name(project, milestone), proposal.name, words),
                    (2, 1, proposal.proposed_at.isoformat()),
                    proposal.verdict.value,
                    decision_buttons(project, proposal),
                )


def _for_actions(morning: Morning) -> Iterator[Nudge]:
    """Of the leads where who gave it reads the project no more."""
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
