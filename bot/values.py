"""The small vocabulary every layer shares."""

from enum import IntEnum, StrEnum
from typing import NewType

UserId = NewType("UserId", str)
"""A Slack user, such as ``U012AB3CD``."""

Word = NewType("Word", str)
"""One word, as opposed to a text."""

Length = NewType("Length", int)
"""How many minutes something takes."""

ChannelId = NewType("ChannelId", str)
"""A Slack conversation, such as ``C012AB3CD``."""


class Role(StrEnum):
    """What a person is to a project or to the workspace."""

    MEMBER = "member"
    LEAD = "lead"
    OFFICE = "office"
    SPONSOR = "sponsor"
    PROGRAM = "program"
    STAKEHOLDER = "stakeholder"
    PORTFOLIO = "portfolio"
    COE = "coe"
    OPERATOR = "operator"


PROJECT_ROLES = (
    Role.LEAD,
    Role.OFFICE,
    Role.SPONSOR,
    Role.PROGRAM,
    Role.MEMBER,
    Role.STAKEHOLDER,
)
WORKSPACE_ROLES = (Role.PORTFOLIO, Role.COE, Role.OPERATOR)


class Visibility(StrEnum):
    """Who may read a project: the workspace, its channel, or only the people named in it."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


class Rag(StrEnum):
    """RAG status: how a project stands against its plan."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for green to 2 for red."""
        return list(Rag).index(self)


class Trend(StrEnum):
    """Where a status or a score is heading."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


class Level(IntEnum):
    """A rung of the five-step scale for the probability and impact of a risk."""

    VERY_LOW = 1
    LOW = 2
    MEDIUM = 3
    HIGH = 4
    VERY_HIGH = 5


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return list(Weekday).index(self)


class Switch(StrEnum):
    """Whether something happens at all, or as it does where nobody has said anything."""

    ON = "on"
    OFF = "off"
    USUAL = "usual"


class Secrecy(StrEnum):
    """Whether something is for those invited only."""

    YES = "yes"
    NO = "no"


class Severity(StrEnum):
    """How much an issue hurts."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
