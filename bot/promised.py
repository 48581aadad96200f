"""Promised: what is not there yet, by the words people will type for it."""

from dataclasses import dataclass

from bot.errors import UserError
from bot.language import N_, _


@dataclass(frozen=True)
class Promise:
    """Something to come: the *words* it is typed with, and the *letter* of its entries' names."""

    words: tuple[str, ...]
    what: str
    letter: str = ""


PROMISES = (
    Promise(("change", "changes"), N_("Change requests"), "C"),
    Promise(("gate", "gates"), N_("Gates"), "G"),
    Promise(("lesson", "lessons"), N_("Lessons learned"), "L"),
    Promise(("desk",), N_("The office's desk")),
    Promise(("warn", "warning", "warnings"), N_("Early warnings")),
    Promise(("report", "reports"), N_("Reports sent by hand")),
    Promise(("digest", "digests"), N_("Digests sent by hand")),
    Promise(("project close",), N_("Closing a project")),
)
WORDS = {word: promise for promise in PROMISES for word in promise.words}
LETTERS = {promise.letter: promise for promise in PROMISES if promise.letter}


def not_there_yet(promise: Promise) -> UserError:
    """What is answered to who asks for it already."""
    text = _("{what}: that is still to come. `help` shows what is there.")
    return UserError(text.format(what=_(promise.what)), line="help", label=_("Help"))
