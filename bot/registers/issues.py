"""The issue register: what has gone wrong and what is done about it."""

from typing import Annotated, Any

from sqlalchemy.orm import Mapped

from bot.fields import Due, Field, Owner, Response, Title
from bot.language import N_, _
from bot.register import Entry, Register
from bot.values import Severity

ORDER = list(reversed(Severity))


class Issue(Entry):
    """Something that hurts now."""

    __tablename__ = "issue"

    severity: Mapped[Severity]
    response: Mapped[str | None]

    @property
    def is_alarming(self) -> bool:
        return self.severity is Severity.CRITICAL

    def gist(self) -> list[str]:
        return [_(self.severity.value)]

    def details(self) -> dict[str, Any]:
        return {_("Response"): self.response} if self.response else {}

    def weight(self) -> tuple[Any, ...]:
        return (ORDER.index(self.severity), *super().weight())


SeverityField = Annotated[
    Severity, Field(N_("Severity"), ("severity", "sev"), "severity low|medium|high|critical")
]


def draft(
    title: Title,
    *,
    severity: SeverityField = Severity.MEDIUM,
    owner: Owner = None,
    response: Response = None,
    due: Due = None,
) -> Issue:
    return Issue(
        title=title,
        severity=severity,
        owner_id=owner.id if owner else None,
        response=response,
        due=due,
    )


ISSUES = Register(
    noun=N_("issue"),
    plural=N_("issues"),
    summary=N_("What has gone wrong"),
    letter="I",
    entry=Issue,
    draft=draft,
    outcomes={"resolve": N_("resolved"), "drop": N_("dropped")},
    example="Test system is down severity high owner @ben by fri",
    due_label=N_("Due"),
    columns=("severity", "response"),
    searched=("title", "response"),
)
