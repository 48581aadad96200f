"""The answer to a request: what its sender gets, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot import history
from bot.command import Form, Reply
from bot.errors import UserError
from bot.inbound import Request
from bot.language import _
from bot.messages import NOTHING, Button, Message
from bot.mistakes import not_saved


class Outcome(StrEnum):
    """What became of a request."""

    OK = "ok"
    FORM = "form"
    REFUSED = "refused"
    MISTAKE = "mistake"
    NOT_SAVED = "not_saved"


@dataclass(frozen=True)
class Answer:
    """What the sender gets: a message, or a form to open. *error* is what went wrong."""

    message: Message = NOTHING
    form: Form | None = None
    error: UserError | None = None
    is_change: bool = False
    verb: tuple[str, str] = ("", "")
    outcome: Outcome = Outcome.OK


Counted = Callable[[str, str, Outcome], None]
"""Told of every request: its noun, its verb, what became of it."""


def unsaved(request: Request) -> Answer:
    """What was typed comes back; what was filled in stays in its form."""
    error = UserError(_("NOT SAVED: something is wrong here; please send it again in a moment."))
    answer = finished(not_saved(request.line))
    return replace(answer, error=error, verb=request.verb, outcome=Outcome.NOT_SAVED)


def finished(reply: Reply, change: history.Change | None = None) -> Answer:
    buttons = list(reply.buttons)
    if change is not None and change.undoes is None:
        buttons.append(Button(_("Undo"), f"undo {change.id}"))
    return Answer(reply.message.with_buttons(buttons), reply.form, is_change=change is not None)
