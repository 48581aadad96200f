"""The one door to a register's entry: by its name, for a person who may read its project."""

import re

from bot.context import Context
from bot.errors import RefusedError, UserError
from bot.language import _
from bot.people import Person
from bot.projects import Project
from bot.register import Entry, Register
from bot.registers import of_kind, with_letter
from bot.rights import Right, project_in


def entry_in(context: Context, match: re.Match[str], register: Register[Entry] | None) -> Entry:
    """The entry a name such as ``A12`` or ``BETA-A12`` stands for.

    With a *register* given, only its entries will do. Raises `UserError` for one that is not
    there for the actor or is of another register, `RefusedError` for another project's.
    """
    key, letter, number = match[1], match[2], int(match[3])
    project = (
        context.project if key is None else project_in(context.session, context.rights, None, key)
    )
    found = with_letter(letter) if letter else register
    if found is None:
        raise UserError(_("I know no register `{letter}`.").format(letter=letter or match[0]))
    entry = found.find(context.session, project, number)
    if entry is None or not context.readable([entry]):
        text = _("There is no {noun} `{name}` in {project}.")
        raise UserError(
            text.format(noun=_(found.word), name=f"{found.letter}{number}", project=project.name),
            field="entry",
            line=f"{found.noun} list in {project.key}",
            label=_("List"),
        )
    if register is not None and found is not register:
        _refuse_wrong_register(context, found, entry, register)
    return entry


def _refuse_wrong_register(
    context: Context, found: Register[Entry], entry: Entry, wanted: Register[Entry]
) -> None:
    text = _("{name} is of the {found} register; here you need one of the {wanted} register.")
    name = found.name_of(entry)
    raise UserError(
        text.format(name=name, found=_(found.word), wanted=_(wanted.word)),
        line=f"{found.noun} show {context.project.key}-{name}",
    )


def register_of(entry: Entry) -> Register[Entry]:
    """The register *entry* belongs to."""
    register = of_kind(entry.__tablename__)
    if register is None:
        raise LookupError(entry.__tablename__)
    return register


def full_name(project: Project, entry: Entry) -> str:
    """An entry's name that works anywhere, such as ``ALPHA-A12``."""
    return f"{project.key}-{register_of(entry).name_of(entry)}"


def require_own(context: Context, entry: Entry) -> None:
    """Raise `RefusedError` unless *entry* is the actor's own or they may change others'."""
    if not entry.is_own(context.actor):
        context.require(Right.EDIT)


def require_editable(context: Context, entry: Entry) -> None:
    """As `require_own`; who raised an entry may also correct it while Undo works."""
    if not is_correcting(context, entry):
        require_own(context, entry)


def is_correcting(context: Context, entry: Entry) -> bool:
    """Whether the actor raised *entry* just now, and corrects what they typed."""
    is_fresh = context.now - entry.opened_at <= context.undo_window
    return is_fresh and entry.opened_by == context.actor.id


def require_owner(context: Context, entry: Entry, owner: Person | None) -> None:
    """Raise `RefusedError` unless *entry* was given to the actor."""
    if owner is None or owner.id != context.actor.id:
        raise RefusedError(_("Only the one it was given to can do that."))
