"""Risk reviews: the leads look again at what is due for it, the owner says what is new."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import select

from bot.entries import full_name
from bot.language import N_, _
from bot.messages import Button
from bot.nudge import Kind, Morning, Nudge, near_day, of_entry
from bot.pages import name
from bot.people import Person, by_id
from bot.projects import Project
from bot.registers.risks import Risk


def find(morning: Morning) -> Iterable[Nudge]:
    """The open risks whose review has come, of the projects one leads or which one owns.

    Who may review is reminded until it is done, an owner who may not is asked once a week.
    """
    led = [p.id for p in morning.projects.values() if morning.leads(p)]
    rows = morning.session.scalars(
        select(Risk).where(
            Risk.closed_at.is_(None),
            Risk.due <= max(morning.today.values()),
            Risk.project_id.in_(led) | Risk.owner_id.in_(sorted(morning.people)),
        )
    ).all()
    owners = by_id(morning.session, (risk.owner_id for risk in rows if risk.owner_id))
    for risk in rows:
        project = morning.projects.get(risk.project_id)
        if project is None or risk.due is None:
            continue
        for person in dict.fromkeys([*morning.leads(project), risk.owner_id]):
            if person in morning.people and morning.wakes(person, project):
                yield from _asked(morning, risk, project, person, owners.get(risk.owner_id or 0))


def _asked(
    morning: Morning, risk: Risk, project: Project, person: int, owner: Person | None
) -> Iterator[Nudge]:
    today, ref, review = morning.today[person], full_name(project, risk), risk.due or date.max
    may_review = morning.may_edit(person, project)
    is_new = _weeks(review, today) > _weeks(review, morning.since(person, project, risk))
    if review <= today and (may_review or is_new):
        due = _("review due today")
        if review < today:
            due = _("review due since {day}").format(day=near_day(review, today))
        buttons = _reviewing(ref) if may_review else _telling(ref)
        whose = name(owner) if owner is not None and owner.id != person else ""
        facts = (*risk.gist(), whose, due)
        yield of_entry(risk, project, person, facts, 5, buttons, weight=-risk.score)


def _weeks(review: date, today: date) -> int:
    """The weeks begun since *review* was due, so many times it was asked what is new."""
    return (today - review).days // 7 + 1 if review <= today else 0


def _reviewing(ref: str) -> tuple[Button, ...]:
    return (
        Button(_("Same"), f"risk same {ref}"),
        Button(_("Rescore …"), f"form risk score {ref}"),
        Button(_("Close"), f"risk close {ref}"),
        Button(_("Occurred"), f"risk occurred {ref}"),
    )


def _telling(ref: str) -> tuple[Button, ...]:
    return (Button(_("What is new? …"), f"form risk note {ref}"),)


REVIEWS = Kind("reviews", N_("Risks to review"), find)
