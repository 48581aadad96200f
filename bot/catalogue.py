"""The catalogue: one list of what can be typed, for the help, the README and the manifest."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.command import Command, Verb
from bot.language import _

SAMPLE = {
    "action": "A12",
    "risk": "R7",
    "issue": "I3",
    "decision": "D5",
    "ms": "M4",
    "audit": "A12",
}
SHORTCUTS = (
    ("add-action", "Add as action", "action add"),
    ("log-decision", "Log decision", "decision add"),
    ("log-risk", "Log risk", "risk add"),
    ("add-topic", "Add to agenda", "meet topic"),
)
"""Message shortcuts: callback id, name, and the noun and verb whose form opens."""


@dataclass(frozen=True)
class Usage:
    """One thing that can be typed: its *stem* is typed as it stands, *usage* shows the rest."""

    stem: str
    usage: str
    example: str
    summary: str

    def starting(self, long: str, short: str) -> "Usage":
        """The same with the short slash command, ``/po-risk`` for ``/po risk``."""
        return Usage(
            self.stem.replace(long, short, 1),
            self.usage.replace(long, short, 1),
            self.example.replace(long, short, 1),
            self.summary,
        )


def typed(command: Command, verb: Verb | None, root: str) -> str:
    """A whole line that works, such as ``/po risk score R7 p3 i5``."""
    if verb is None:
        return f"/{root} {command.noun}"
    return f"/{root} {command.noun} {_verb_and(verb, command)}".rstrip()


def example(command: Command, verb: Verb) -> str:
    """The example of *verb*, with the name of an entry in it."""
    return verb.example.replace("{name}", SAMPLE.get(command.noun, "A12"))


def _verb_and(verb: Verb, command: Command) -> str:
    words = example(command, verb)
    name = "" if command.takes_rest and verb.name == command.default and words else verb.name
    return f"{name} {words}".strip()


def grouped_usages(command: Command, root: str) -> list[tuple[str, list[Usage]]]:
    """Every verb of *command*, with its usage and an example, by the heading it stands under."""
    return [
        (_(heading) if heading else "", [_usage(command, verb, root) for verb in verbs])
        for heading, verbs in command.groups.items()
    ]


def _usage(command: Command, verb: Verb, root: str) -> Usage:
    stem = f"/{root} {command.noun} {verb.name}"
    usage = f"{stem}{verb.grammar.usage()}"
    return Usage(stem, usage, typed(command, verb, root), _(verb.summary))


def usages(command: Command, root: str) -> list[Usage]:
    """Every verb of *command*, with its usage and an example."""
    return [usage for _heading, listed in grouped_usages(command, root) for usage in listed]


def completions(commands: Sequence[Command], root: str) -> dict[str, list[Usage]]:
    """What can be typed behind each slash command, the short ones too."""
    known = {f"/{root}": [usage for command in commands for usage in usages(command, root)]}
    for command in commands:
        if command.short:
            long, short = f"/{root} {command.noun}", f"/{root}-{command.noun}"
            known[short] = [usage.starting(long, short) for usage in usages(command, root)]
    return known


def slash_commands(commands: Sequence[Command], root: str) -> list[tuple[str, str, str]]:
    """The slash commands: name, description and usage hint. Short ones are ``/po-<noun>``."""
    listed = [(f"/{root}", _("The project office: type a noun and a verb, or nothing for a menu"),
               "status | action | risk | issue | decision | project | my | help")]  # fmt: skip
    for command in commands:
        if command.short:
            verbs = " | ".join(list(command.verbs)[:8])
            listed.append((f"/{root}-{command.noun}", _(command.summary), verbs))
    return listed
