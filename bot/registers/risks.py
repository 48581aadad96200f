"""The risk register: what may go wrong, how likely it is and how much it would hurt."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db import Base
from bot.fields import Field, Owner, Response
from bot.history import Audited
from bot.language import N_, _
from bot.people import Person
from bot.projects import Project
from bot.register import Entry, Register
from bot.values import Level
from bot.workdays import WorkCalendar

HIGH = 15
"""From this score on a risk is told to the lead and reviewed every week."""

BANDS = ((20, N_("critical")), (HIGH, N_("high")), (8, N_("medium")), (1, N_("low")))
CADENCE = ((HIGH, timedelta(weeks=1)), (8, timedelta(weeks=2)), (1, timedelta(days=28)))


class Risk(Entry):
    """Something that may happen: cause, event, effect; probability times impact."""

    __tablename__ = "risk"

    cause: Mapped[str | None]
    effect: Mapped[str | None]
    category: Mapped[str | None]
    probability: Mapped[int]
    impact: Mapped[int]
    response: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    escalated_because: Mapped[str | None]

    @property
    def score(self) -> int:
        """Probability times impact, 1 to 25 (the 5 × 5 matrix of ISO 31010)."""
        return self.probability * self.impact

    @property
    def band(self) -> str:
        return band(self.score)

    guarded: ClassVar[frozenset[str]] = frozenset({"probability", "impact"})

    def edited(
        self, session: Session, project: Project, author: Person, now: datetime, names: set[str]
    ) -> None:
        if not names & self.guarded:
            return
        keep_score(session, self, author, now)
        if self.due is None or "due" not in names:  # a day that was named with the score stands
            self.due = next_review(self, project.local_date(now), project.calendar)

    @property
    def is_alarming(self) -> bool:
        return self.score >= HIGH

    def opened(self, session: Session, project: Project, author: Person, now: datetime) -> None:
        keep_score(session, self, author, now)
        if self.due is None:
            self.due = next_review(self, project.local_date(now), project.calendar)

    def gist(self) -> list[str]:
        text = _("{score} of 25, {band}")
        told = [text.format(score=self.score, band=_(self.band))]
        return [*told, _("escalated")] if self.escalated_at else told

    def details(self) -> dict[str, Any]:
        told = {
            _("Cause"): self.cause,
            _("Effect"): self.effect,
            _("Category"): self.category,
            _("Response"): self.response,
            _("Escalated"): self.escalated_because,
        }
        return {label: text for label, text in told.items() if text}

    def known(self, session: Session) -> dict[str, Any]:
        scores = ", ".join(map(str, scores_of(session, self)))
        factors = f"{self.probability} × {self.impact}"
        more = {_("Probability × impact"): factors, _("Scores so far"): scores}
        return more | super().known(session)

    def weight(self) -> tuple[Any, ...]:
        return (-self.score, self.due or date.max, self.number)


class RiskScore(Audited, Base):
    """A score a risk was given, kept for its history."""

    __tablename__ = "risk_score"

    id: Mapped[int] = mapped_column(primary_key=True)
    risk_id: Mapped[int] = mapped_column(ForeignKey("risk.id"), index=True)
    at: Mapped[datetime]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    probability: Mapped[int]
    impact: Mapped[int]
    reason: Mapped[str | None]


Probability = Annotated[
    Level, Field(N_("Probability"), ("p", "prob"), "p1…p5", N_("1 very low to 5 very high"))
]
Impact = Annotated[
    Level, Field(N_("Impact"), ("i", "imp"), "i1…i5", N_("1 very low to 5 very high"))
]
Review = Annotated[date | None, Field(N_("Next review"), ("review", "due"), "review DATE")]


def draft(
    title: Annotated[str, Field(N_("Event"), shown="WHAT MAY HAPPEN", long=True)],
    *,
    cause: Annotated[str | None, Field(N_("Cause"))] = None,
    effect: Annotated[str | None, Field(N_("Effect"))] = None,
    category: Annotated[str | None, Field(N_("Category"))] = None,
    probability: Probability = Level.MEDIUM,
    impact: Impact = Level.MEDIUM,
    owner: Owner = None,
    response: Response = None,
    due: Review = None,
) -> Risk:
    return Risk(
        title=title,
        cause=cause,
        effect=effect,
        category=category,
        probability=int(probability),
        impact=int(impact),
        owner_id=owner.id if owner else None,
        response=response,
        due=due,
    )


RISKS = Register(
    noun=N_("risk"),
    plural=N_("risks"),
    summary=N_("What may go wrong"),
    letter="R",
    entry=Risk,
    draft=draft,
    outcomes={"close": N_("closed"), "retire": N_("retired")},
    example="Supplier has no capacity p4 i5 owner @ben review in 2 weeks",
    due_label=N_("Review"),
    default="add",
    is_short=True,
    columns=("probability", "impact", "score", "cause", "effect", "category", "response"),
    searched=("title", "cause", "effect", "category", "response"),
)


def band(score: int) -> str:
    """How a score is called: critical from 20, high from 15, medium from 8, else low."""
    return next(name for least, name in BANDS if score >= least)


def next_review(risk: Risk, today: date, calendar: WorkCalendar) -> date:
    """When a risk is looked at again: weekly from 15, fortnightly from 8, else every 4 weeks.

    Where that is no working day, on the next one.
    """
    day = today + next(pause for least, pause in CADENCE if risk.score >= least)
    return day if calendar.is_working(day) else calendar.next_working(day)


def keep_score(
    session: Session, risk: Risk, author: Person, at: datetime, reason: str | None = None
) -> None:
    """Put the present score on record and take the risk as reviewed."""
    risk.reviewed_at = at
    session.add(
        RiskScore(
            risk_id=risk.id,
            at=at,
            author_id=author.id,
            probability=risk.probability,
            impact=risk.impact,
            reason=reason,
        )
    )


def scores_of(session: Session, risk: Risk) -> list[int]:
    """Every score *risk* was given, the oldest first."""
    rows = session.scalars(
        select(RiskScore).where(RiskScore.risk_id == risk.id).order_by(RiskScore.id)
    )
    return [row.probability * row.impact for row in rows]
