"""The commands of the office, in the order the help shows them."""

from collections.abc import Callable

from bot.command import Command
from bot.commands import (
    actions,
    agendas,
    approvals,
    attending,
    calendars,
    decisions,
    dependencies,
    feeds,
    inviting,
    leftovers,
    live,
    milestones,
    minutes,
    moving,
    risks,
    rsvp,
    topics,
)
from bot.commands.audit import AUDIT
from bot.commands.away import AWAY
from bot.commands.export import EXPORT
from bot.commands.help import help_commands
from bot.commands.jobs import JOBS
from bot.commands.meetings import MEET
from bot.commands.mine import MY
from bot.commands.projects import PROJECT
from bot.commands.proposals import PROPOSALS
from bot.commands.registers import register_command
from bot.commands.roles import ROLE
from bot.commands.settings import SETTINGS
from bot.commands.snooze import SNOOZE
from bot.commands.status import STATUS
from bot.commands.trail import UNDO
from bot.registers import REGISTERS

EXTENSIONS: dict[str, tuple[Callable[[Command], None], ...]] = {
    "action": (actions.extend,),
    "decision": (decisions.extend,),
    "ms": (milestones.extend, dependencies.extend),
    "risk": (risks.extend,),
}


MEETING: tuple[Callable[[Command], None], ...] = (
    agendas.extend,
    topics.extend,
    inviting.extend,
    moving.extend,
    rsvp.extend,
    live.extend,
    attending.extend,
    minutes.extend,
    approvals.extend,
    leftovers.extend,
    decisions.log,
    calendars.extend,
    feeds.extend,
)
"""What the parts of a meeting's life add to its command, each in a module of its own."""


def _meetings() -> Command:
    for extend in MEETING:
        extend(MEET)
    return MEET


def _registers() -> tuple[Command, ...]:
    commands = tuple(register_command(register) for register in REGISTERS)
    for command in commands:
        for extend in EXTENSIONS.get(command.noun, ()):
            extend(command)
    return commands


def _all() -> tuple[Command, ...]:
    return COMMANDS


COMMANDS: tuple[Command, ...] = (
    STATUS,
    *_registers(),
    _meetings(),
    minutes.MINUTES,
    PROPOSALS,
    PROJECT,
    MY,
    AWAY,
    SNOOZE,
    SETTINGS,
    JOBS,
    UNDO,
    AUDIT,
    EXPORT,
    ROLE,
    *help_commands(_all),
)
