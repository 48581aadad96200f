"""The command of a register: the verbs every register has, and how each is typed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.changing import add, close, edit, give, move, note, reopen
from bot.command import Command, Group, Reply
from bot.grammar import Grammar, grammar_of, optional
from bot.language import N_
from bot.listing import by, closed, find, list_, mine, overdue, show
from bot.register import AnyRegister


def register_command(register: AnyRegister) -> Command:
    """The command that keeps *register*."""
    command = Command(register.noun, register.summary, register.default, short=register.is_short)
    _writing(command.group(N_("Enter and change")), register)
    _reading(command.group(N_("Look up")), register)
    group = command.group(N_("Close and reopen"))
    for number, (verb, outcome) in enumerate(register.outcomes.items()):
        aliases = ("close",) if number == 0 and verb != "close" else ()
        summary = N_("close it, done") if number == 0 else N_("close it otherwise")
        closing = partial(close, register, outcome)
        grammar = grammar_of(close, skip=3)
        group.verb(verb, summary, "{name}", grammar=grammar, aliases=aliases)(closing)
    _verb(group, register, "reopen", reopen, N_("open it again"), "{name}")
    return command


def _writing(group: Group, register: AnyRegister) -> None:
    drafted = grammar_of(register.draft)
    edited = Grammar((*grammar_of(edit, skip=2).arguments[:1], *optional(drafted).arguments))
    has: Callable[..., Any] = partial(_verb, group, register)
    has(
        "add",
        partial(add, drafted),
        N_("add one"),
        register.example,
        grammar=drafted,
        has_form=True,
    )
    has(
        "edit",
        edit,
        N_("change its words, owner or date"),
        f"{{name}} {_due_word(drafted)} fri",
        grammar=edited,
        has_form=True,
        sends_changes=True,
    )
    has(
        "move", move, N_("give it another date"), "{name} +2 weeks waiting for legal", has_form=True
    )
    has(
        "give",
        give,
        N_("give it to somebody else"),
        "{name} @ben",
        has_form=True,
        aliases=("assign",),
    )
    has("note", note, N_("put a remark on it"), "{name} spoke to the supplier", has_form=True)


def _due_word(drafted: Grammar) -> str:
    """The word a register's date is typed behind, such as ``by`` or ``review``."""
    return next(argument.field.words[0] for argument in drafted.options if argument.name == "due")


def _reading(group: Group, register: AnyRegister) -> None:
    has: Callable[..., Any] = partial(_verb, group, register, writes=False)
    has("list", list_, N_("what is open"))
    has("mine", mine, N_("what is open and yours"), aliases=("my",))
    has("overdue", overdue, N_("what is late"), aliases=("late",))
    has("by", by, N_("what is open, by person"), "person")
    has(
        "find",
        find,
        N_("search, closed ones too"),
        "contract",
        has_form=True,
        aliases=("search",),
    )
    has("closed", closed, N_("what is closed"))
    has("show", show, N_("everything known of one"), "{name}")


def _verb(
    group: Group,
    register: AnyRegister,
    name: str,
    function: Callable[..., Reply],
    summary: str,
    example: str = "",
    grammar: Grammar | None = None,
    **more: Any,
) -> None:
    """Make *function*, which takes the register first, a verb of its command."""
    known = grammar or grammar_of(function, skip=2)
    group.verb(name, summary, example, grammar=known, **more)(partial(function, register))
