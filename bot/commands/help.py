"""Help: the menu, and every verb with an example."""

from collections.abc import Callable, Sequence
from typing import Annotated

from bot import promised
from bot.catalogue import typed
from bot.command import Command, Reply, Verb
from bot.context import Context
from bot.errors import UnclearProjectError, UserError
from bot.fields import Field
from bot.language import N_, _
from bot.messages import Button
from bot.pages import render
from bot.registers import REGISTERS
from bot.rights import project_in

PLURALS = {register.plural: register.noun for register in REGISTERS}
Noun = Annotated[str, Field(N_("Noun"), shown="NOUN")]


def help_commands(known: Callable[[], Sequence[Command]]) -> tuple[Command, Command]:
    """The commands that explain all of *known*."""
    helping = Command("help", N_("Every verb with an example"), default="about", takes_rest=True)
    menu = Command("menu", N_("Where to begin"), default="show")

    @helping.verb(
        "about", N_("explain a noun, or all of them"), "risk", writes=False, has_project=False
    )
    def about(context: Context, noun: Noun = "") -> Reply:
        root = context.settings.root
        wanted, _blank, name = noun.lower().removeprefix(root).lstrip("-").strip().partition(" ")
        if not wanted:
            nouns = [(typed(command, None, root), _(command.summary)) for command in known()]
            buttons = [Button(c.noun, f"help {c.noun}") for c in known()[:6]]
            return Reply(render("help", nouns=nouns), tuple(buttons))
        wanted = PLURALS.get(wanted, wanted)
        command = next((c for c in known() if wanted in (c.noun, f"{c.noun}s")), None)
        if command is None and wanted in promised.WORDS:
            raise promised.not_there_yet(promised.WORDS[wanted])
        if command is None:
            names = ", ".join(f"`{c.noun}`" for c in known())
            raise UserError(_("I can explain {names}.").format(names=names), line="help")
        if name and (verb := command.find(name.strip())):
            groups = [("", _explained(command, verb, root))]
        else:
            groups = _in_groups(command, root)
        return Reply(render("help_noun", command=command, groups=groups))

    @menu.verb("show", N_("the menu"), writes=False, has_project=False)
    def show(context: Context) -> Reply:
        try:
            project = project_in(context.session, context.rights, context.place.channel, None)
        except UnclearProjectError as error:
            keys = ", ".join(error.keys)
            message = render("menu", project=None, roles="", keys=keys, may_make=error.may_make)
            making = [Button(_("New project …"), "form project new")] if error.may_make else []
            reading = (
                Button(_("My list"), "my list"),
                Button(_("My projects"), "project list"),
                Button(_("Help"), "help"),
            )
            return Reply(message, (*making, *reading))
        roles = ", ".join(sorted(_(role.value) for role in context.rights.roles(project)))
        ref = project.key
        return Reply(
            render("menu", project=project, roles=roles, keys="", may_make=True),
            (
                Button(_("Report status …"), f"form status report in {ref}", "primary"),
                Button(_("Add an action …"), f"form action add in {ref}"),
                Button(_("Raise a risk …"), f"form risk add in {ref}"),
                Button(_("Actions"), f"action list in {ref}"),
                Button(_("Risks"), f"risk list in {ref}"),
                Button(_("Project"), f"project show in {ref}"),
                Button(_("My list"), "my list"),
                Button(_("Help"), "help"),
            ),
        )

    return helping, menu


def _in_groups(command: Command, root: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """How each verb is typed and what it does, by the heading it stands under."""
    groups = []
    for heading, verbs in command.groups.items():
        rows = [(typed(command, v, root), _summary(v)) for v in verbs if not v.is_clicked]
        groups.append((_(heading) if heading else "", rows))
    return groups


def _explained(command: Command, verb: Verb, root: str) -> list[tuple[str, str]]:
    """How one verb is typed, with all it takes, and an example."""
    usage = f"/{root} {command.noun} {verb.name}{verb.grammar.usage(is_whole=True)}"
    rows = [(usage, _summary(verb))]
    if verb.example:
        rows.append((typed(command, verb, root), _("for example")))
    return rows


def _summary(verb: Verb) -> str:
    """What a verb does, without the marks that show code nowhere but in mrkdwn."""
    return _(verb.summary).replace("`", "")
