"""Risk reviews: the leads look again at what is due for it, the owner says what is new."""

from collections.abc import Iterable

from sqlalchemy import select

from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, of_entry
from bot.pages import day
from bot.registers.risks import RISKS, Risk


def find(morning: Morning) -> Iterable[Nudge]:
    """The open risks whose review has come, of the projects one leads or which one owns."""
    led = [p.id for p in morning.projects.values() if morning.leads(p)]
    rows = morning.session.scalars(
        select(Risk).where(
            Risk.closed_at.is_(None),
            Risk.due <= max(morning.today.values()),
            Risk.project_id.in_(led) | Risk.owner_id.in_(sorted(morning.people)),
        )
    )
    for risk in rows:
        project, review = morning.projects.get(risk.project_id), risk.due
        if project is None or review is None:
            continue
        leads = morning.leads(project)
        for person in dict.fromkeys([*leads, risk.owner_id]):
            if person not in morning.people or review > morning.today[person]:
                continue
            if morning.wakes(person, project):
                ref = f"{project.key}-{RISKS.name_of(risk)}"
                words = (*risk.gist(), _("review {day}").format(day=day(review)))
                buttons = _reviewing(ref) if person in leads else _telling(ref)
                yield of_entry(risk, project, person, words, 5, buttons)


def _reviewing(ref: str) -> tuple[Button, ...]:
    return (
        Button(_("Same"), f"risk same {ref}", "primary"),
        Button(_("Rescore …"), f"form risk score {ref}"),
        Button(_("Close"), f"risk close {ref}"),
        Button(_("Occurred"), f"risk occurred {ref}"),
    )


def _telling(ref: str) -> tuple[Button, ...]:
    return (Button(_("What is new? …"), f"form risk note {ref}", "primary"),)


REVIEWS = Kind("reviews", N_("Risks to review"), find)
