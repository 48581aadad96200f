"""Dispatch: from a typed line to the verb it means, its project, its arguments, its reply."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from bot import history
from bot.arguments import IncompleteError, parse
from bot.command import Command, Form, Reply, Verb
from bot.context import Context
from bot.entries import entry_in
from bot.errors import UserError
from bot.form_reading import from_form
from bot.form_subjects import entries, needed, present, series_of, subjects
from bot.hosting import leading_series, series_called, series_meant
from bot.language import _
from bot.meetings import take_turns
from bot.messages import NOTHING, Button, noted, said, shortened
from bot.naming import (
    only_home,
    project_called,
    project_named,
    project_of_entry,
    project_unknown,
    sure_said,
)
from bot.people import called
from bot.promised import LETTERS, not_there_yet
from bot.reading import ENTRY, Reading
from bot.register import AnyRegister, Entry
from bot.registers import REGISTERS, with_letter
from bot.rights import project_in
from bot.several import one_by_one
from bot.typed import Line
from bot.unknown_words import check_colour, unknown_noun, unknown_verb

LINE_LIMIT = 12_000
ABOUT = 200
"""So much of an entry's title a form shows."""

FORM = "form"
HELP = "help"


@dataclass(frozen=True)
class Meant:
    """What a line means: a verb of a noun, with its arguments still as text."""

    command: Command
    verb: Verb
    rest: Line
    wants_form: bool = False
    is_sure: bool = False


class Dispatcher:
    """Knows every command, and finds the one a line means."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = {command.noun: command for command in commands}
        for register in REGISTERS:
            self._commands[register.plural] = self._commands[register.noun]

    def find(self, noun: str, verb: str) -> tuple[Command, Verb]:
        """The verb a form or a button names. Raises KeyError for one that is none."""
        command = self._commands[noun]
        return command, command.verbs[verb]

    def means(self, line: Line) -> Meant:
        """The verb *line* asks for. Raises `UserError` when it asks for none."""
        if len(line.text) > LINE_LIMIT:
            text = _("That is {count} characters; I read at most {limit} at once.")
            raise UserError(text.format(count=f"{len(line.text):,}", limit=f"{LINE_LIMIT:,}"))
        word, rest = line.first_word()
        if word.lower() == FORM:
            return replace(self._means(rest), wants_form=True)
        line, is_sure = sure_said(line)
        meant = self._means(line)
        check_colour(meant.command.noun, meant.verb, meant.rest)
        return replace(meant, is_sure=is_sure)

    def _means(self, line: Line) -> Meant:
        word, rest = line.first_word()
        command = self._commands.get(word.lower())
        if command is None:
            if (alone := self._entry_alone(word, line)) is not None:
                return alone
            raise unknown_noun(self._commands, line)
        name, behind = rest.first_word()
        verb = command.find(name)
        if verb is not None:
            return Meant(command, verb, behind)
        helping = self._commands.get(name.lower()) if name.lower() == HELP else None
        if helping is not None and helping is not command:  # "meet help new" for "help meet new"
            about = Line(f"{command.noun} {behind.text}".strip())
            return Meant(helping, helping.verbs[helping.default], about)
        default = self._default(command, name)
        if default is None:
            raise unknown_verb(command, name, behind)
        return Meant(command, default, rest)

    def _default(self, command: Command, word: str) -> Verb | None:
        """What the bare noun means, or a noun with something else than a verb behind it."""
        if word and ENTRY.fullmatch(word) and "show" in command.verbs:
            return command.verbs["show"]
        default = command.verbs[command.default]
        is_near = len(word) > 3 and get_close_matches(word.lower(), command.words, 1, 0.8)
        is_option = word.lower() == "in" or word.lower().startswith("page=")
        if not word or is_option or (command.takes_rest and not is_near):
            return default
        return None

    def _entry_alone(self, word: str, line: Line) -> Meant | None:
        """``A12`` alone shows it."""
        match = ENTRY.fullmatch(word)
        letter = match[2].upper() if match and match[2] else ""
        if letter in LETTERS:
            raise not_there_yet(LETTERS[letter])
        register = with_letter(letter) if letter else None
        if register is None:
            return None
        command = self._commands[register.noun]
        return Meant(command, command.verbs["show"], line)

    def run(self, meant: Meant, context: Context) -> Reply:
        """Do what was meant. Raises `UserError`, with the verb it comes from."""
        try:
            return self._run(meant, context)
        except UserError as error:
            error.verb = (meant.command.noun, meant.verb.name)
            raise

    def _run(self, meant: Meant, context: Context) -> Reply:
        verb, rest = meant.verb, meant.rest
        if verb.has_project:
            rest, key = self._keyed(meant, context)
            changes = verb.writes and not meant.wants_form
            context = self._about(context, meant.command, verb, key, changes=changes)
        reading = self.reading(meant.command, context)
        if meant.wants_form:
            values = parse(verb.grammar, rest, reading, lenient=True)
            return Reply(form=self._form(meant, values, context))
        if len(lines := one_by_one(verb, rest)) > 1:
            return self._one_by_one(meant, lines, reading, context)
        try:
            reply = verb.run(context, **parse(verb.grammar, rest, reading))
            return _with_hint(reply, project_unknown(rest)) if verb.writes else reply
        except IncompleteError as error:
            if error.field in subjects(verb):
                raise _which_one(meant.command, error.field) from None
            if not verb.has_form:
                raise
            values = parse(verb.grammar, rest, reading, lenient=True)
            return Reply(form=self._form(meant, values, context))

    def _keyed(self, meant: Meant, context: Context) -> tuple[Line, str | None]:
        """What was typed without the project it names, and that project's key."""
        rest, key = project_named(meant.rest, lambda word: self._is_readable(context, word))
        named = project_of_entry(rest) if entries(meant.verb) else None
        if key and named and key != named:
            text = _("That is of {named}, not of {key}.")
            raise UserError(text.format(named=named, key=key))
        if key is None:
            _check_project(meant, rest, context)
        key = named or key
        if key is None and entries(meant.verb):
            key = only_home(context, rest, self._own(meant.command))
        return rest, key

    def _own(self, command: Command) -> AnyRegister | None:
        """The register *command* keeps."""
        return next((r for r in REGISTERS if r.noun == command.noun), None)

    def _one_by_one(
        self, meant: Meant, lines: Sequence[Line], reading: Reading, context: Context
    ) -> Reply:
        """Do the same to several entries, or to none of them."""
        message = NOTHING
        for line in lines:
            try:
                values = parse(meant.verb.grammar, line, reading)
                message += meant.verb.run(context, **values).message
            except UserError as error:
                error.args = (_("{why} So none of them was changed.").format(why=error),)
                raise
        noun, key = meant.command.noun, context.project.key
        return Reply(message, (Button(_("List"), f"{noun} list in {key}"),))

    def submit(self, form: Form, fields: dict[str, str | None], context: Context) -> Reply:
        """Do what a filled-in *form* asks for."""
        command, verb = self.find(form.noun, form.verb)
        try:
            if verb.has_project:
                context = self._about(context, command, verb, form.project, changes=True)
            subject = self._subject(form, verb, context) if form.subject else {}
            read = from_form(verb.grammar, fields, self.reading(command, context), subject)
            if verb.sends_changes and not read:
                return Reply(said(_("Nothing was changed.")))
            return verb.run(context, **subject, **read)
        except UserError as error:
            error.verb = (form.noun, form.verb)
            raise

    def _about(
        self, context: Context, command: Command, verb: Verb, key: str | None, *, changes: bool
    ) -> Context:
        """The same call, about its project, where the right to it is there."""
        project = project_in(context.session, context.rights, context.place.channel, key)
        history.about(context.session, project.id)
        context = context.about(project)
        context.require(verb.right)
        if command.in_turn and changes:
            take_turns(context.session, project.id)
        return context

    def _subject(self, form: Form, verb: Verb, context: Context) -> dict[str, Any]:
        if form.subject and "#" in form.subject:
            series = series_called(context, int(form.subject.partition("#")[2]))
            return {series_of(verb)[0]: series}
        match = ENTRY.fullmatch(form.subject or "")
        name = next(iter(entries(verb)))
        if match is None:
            raise UserError(_("I do not know `{name}`.").format(name=form.subject))
        return {name: entry_in(context, match, None)}

    def _form(self, meant: Meant, values: dict[str, Any], context: Context) -> Form:
        subject, missing = None, frozenset[str]()
        about = [context.chosen.name] if context.chosen else []
        for name in series_of(meant.verb):
            series = series_meant(context, values.pop(name, None))
            subject = f"{context.project.key}-#{series.number}"
            about = [shortened(series.title, ABOUT), *about]
            if meant.verb.present is not None:
                values = meant.verb.present(context, series) | values
            if meant.verb.fill is not None:
                values = meant.verb.fill(context, series, values)
        for name in entries(meant.verb):
            entry = values.pop(name, None)
            if entry is None:
                raise _which_one(meant.command, name)
            register = next(r for r in REGISTERS if isinstance(entry, r.entry))
            subject = f"{context.project.key}-{register.name_of(entry)}"
            about = [f"{register.name_of(entry)} · {shortened(entry.title, ABOUT)}", *about]
            missing = needed(meant.verb, entry, values)
            values = present(meant.verb, entry, context) | values
        if meant.verb.present is not None and not series_of(meant.verb):
            values = meant.verb.present(context) | values
        project = context.chosen.key if context.chosen else None
        noun, verb = meant.command.noun, meant.verb.name
        return Form(noun, verb, values, project, subject, " · ".join(about), missing)

    def reading(self, command: Command, context: Context) -> Reading:
        """What words are read with, in *context*."""
        own = self._own(command)

        def find_entry(match: re.Match[str], argument: Any) -> Entry | None:
            register = None if argument.field.any_register else own
            if not match[2] and register is None:
                return None
            entry = entry_in(context, match, register)
            is_here = context.chosen is None or entry.project_id == context.project.id
            if not is_here and not argument.field.any_project:  # rights were asked for this one
                raise UserError(_("That is another project's: type its name first."))
            return entry

        return Reading(
            today=context.today,
            calendar=context.calendar,
            order=context.order,
            actor=context.actor,
            find_person=context.find_user,
            find_called=lambda handle: called(context.session, context.actor.team, handle),
            find_entry=find_entry,
            find_series=lambda name: leading_series(context, name),
        )

    def _is_readable(self, context: Context, key: str) -> bool:
        try:
            project_in(context.session, context.rights, None, key)
        except UserError:
            return False
        return True


def _with_hint(reply: Reply, key: str | None) -> Reply:
    """Say that a word that looks like a project's key was taken as text."""
    if key is None or reply.form is not None:
        return reply
    text = _("“in {key}” was kept as text: I know no project of that name that you may read.")
    return replace(reply, message=reply.message + noted(text.format(key=key)))


def _check_project(meant: Meant, rest: Line, context: Context) -> None:
    """Raise `RefusedError` where a project was typed there is none of for the actor, not a text."""
    key = project_unknown(rest)
    if key is None:
        return
    before = rest.part(0, rest.text.rindex("in "))
    is_alone = not before.text and not meant.verb.writes
    if is_alone or not meant.verb.grammar.has_text:
        line = f"{meant.command.noun} {meant.verb.name} {before.encoded()}".strip()
        project_called(context, key, line)


def _which_one(command: Command, field: str | None) -> UserError:
    """What is answered where nothing says which entry is meant."""
    register = next((r for r in REGISTERS if r.noun == command.noun), None)
    text = _("Which one? Type its name, such as `{name}`; `my list` shows what is yours.")
    name = f"{register.letter if register else 'A'}12"
    return UserError(text.format(name=name), field=field, line="my list", label=_("My list"))
