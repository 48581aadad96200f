"""The registers of the project office. To add one, write its module, name it here, migrate."""

from typing import Any

from bot.register import Register
from bot.registers.actions import ACTIONS
from bot.registers.decisions import DECISIONS
from bot.registers.issues import ISSUES
from bot.registers.milestones import MILESTONES
from bot.registers.risks import RISKS

REGISTERS: tuple[Register[Any], ...] = (ACTIONS, RISKS, ISSUES, DECISIONS, MILESTONES)


def with_letter(letter: str) -> Register[Any] | None:
    """The register whose entries are named with *letter*."""
    return next((r for r in REGISTERS if r.letter == letter.upper()), None)


def of_kind(kind: str) -> Register[Any] | None:
    """The register kept in the table *kind*."""
    return next((r for r in REGISTERS if r.entry.__tablename__ == kind), None)
