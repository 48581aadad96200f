"""Mistakes: what went wrong, why, the form that works, and the text, so that nobody types twice."""

from dataclasses import replace

from bot.catalogue import typed as typed_line
from bot.command import Command, Reply, Verb
from bot.errors import SureError, UnclearError, UnclearProjectError, UserError
from bot.language import _
from bot.messages import NOTHING, TEXT_LIMIT, Button, Message, explained, said, shortened
from bot.naming import SURE
from bot.pages import render
from bot.typed import decode, escape

SHOWN = 1500
CHOICES = 20


def explain(error: UserError, raw: str, usage: str | None, has_form: bool, line: str = "") -> Reply:
    """The reply to a mistake in *raw*, what was typed as Slack escapes it; empty where nothing was.

    *line* is what buttons carry of it.
    """
    typed = shortened(decode(raw).text.removeprefix("form "), SHOWN)
    if isinstance(error, SureError):
        return Reply(said(str(error)), (Button(_("Yes, do it"), f"{line} {SURE}", "primary"),))
    message = explained(str(error)) + render("mistake", usage=usage, typed=typed)
    buttons = (*_choices(error, line), *_ways_out(error, line, has_form))
    return Reply(message, tuple(replace(button, is_typed=bool(raw)) for button in buttons))


def _choices(error: UserError, line: str) -> list[Button]:
    if isinstance(error, UnclearError):
        if error.is_exact and escape(error.instead) not in line:
            return []
        before, _wrong, after = _around(line, error.instead)
        choices = error.choices[:CHOICES]
        return [Button(label, f"{before}{words}{after}") for label, words in choices]
    if not isinstance(error, UnclearProjectError):
        return []
    return [Button(key, f"{line} in {key}") for key in error.keys[:CHOICES]]


def _around(line: str, instead: str) -> tuple[str, str, str]:
    """What stands before and behind the words somebody chooses *instead*; else all of *line*."""
    found = line.rpartition(escape(instead)) if instead else ("", "", "")
    return found if found[1] else (f"{line} ", "", "")


def _ways_out(error: UserError, line: str, has_form: bool) -> list[Button]:
    if isinstance(error, UnclearProjectError):
        can_start = error.may_make and error.is_free
        return [Button(_("New project …"), "form project new")] if can_start else []
    if isinstance(error, UnclearError) and error.field is None:
        return []
    if error.line is not None:
        return [Button(_label(error), error.line, "primary")]
    is_open_to_forms = has_form and error.field != "entry"  # a form is about one that is there
    return [Button(_("Open form"), f"form {line}")] if is_open_to_forms else []


def _label(error: UserError) -> str:
    """What a button promises that the words of *error* do not."""
    if error.label is not None:
        return error.label
    words = decode(error.line or "").text.split()
    if words[:1] == ["form"]:
        return _("Open form")
    is_named = f"`{' '.join(words[:2])}" in str(error) or f"`{words[0]}`" in str(error)
    return _("Run it") if is_named else _("Run: {line}").format(line=" ".join(words))


def usage_of(command: Command, verb: Verb, root: str) -> str:
    """How a verb is typed, with an example."""
    form = f"/{root} {command.noun} {verb.name}{verb.grammar.usage(is_whole=True)}"
    if not verb.example:
        return form
    return f"{form}\n{_('Such as: {line}').format(line=typed_line(command, verb, root))}"


def not_saved(line: str) -> Reply:
    """What is answered when nothing could be stored: the text comes back, whole."""
    return Reply(_whole(_("NOT SAVED: {text}").format(text=decode(line).text)))


def _whole(text: str) -> Message:
    """All of a long text, in as many blocks as it takes."""
    message = NOTHING
    for start in range(0, len(text), TEXT_LIMIT):
        message += said(text[start : start + TEXT_LIMIT])
    return message


def unknown_person(line: str) -> Reply:
    """What is answered when Slack does not say who is asking or who is meant."""
    text = _("I could not look up in Slack who is meant, so nothing was saved: {text}")
    return Reply(said(text.format(text=decode(line).text)))


def form_closed(line: str) -> Message:
    """What is answered when Slack would not open the form."""
    text = _("Slack did not open the form. Please type it again, with the words behind: {line}")
    return said(text.format(line=decode(line).text))
