"""Commands: a noun has verbs, and a verb is a function that answers with a reply."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from bot.grammar import Grammar, grammar_of
from bot.messages import NOTHING, Button, Message
from bot.rights import Right


@dataclass(frozen=True)
class Form:
    """A form to open: *verb* of *noun*, with *values* filled in, about *subject* where given.

    *about* tells who fills it in what it is about; *needed* are arguments that must be given here.
    """

    noun: str
    verb: str
    values: dict[str, Any]
    project: str | None = None
    subject: str | None = None
    about: str = ""
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reply:
    """An answer, for the sender's eyes only: a message with buttons, or a form to fill in.

    Where something was changed, **Undo** joins the buttons. *replayed* is kept for a replay of
    the request instead of a message that holds a secret.
    """

    message: Message = NOTHING
    buttons: tuple[Button, ...] = ()
    form: Form | None = None
    replayed: Message | None = None


@dataclass(frozen=True)
class Verb:
    """What a command can do; *run* takes the context, then what its grammar reads.

    *writes* verbs are remembered by the key of their request, so that a replay changes nothing.
    *example* is a whole argument line, shown in the help and typed by the tests. *present* says
    what its form starts from, beyond what was typed; where it *sends_changes*, a field left as it
    was drawn is not sent, so that nobody's change meanwhile is put back. *fill* says what the form
    of a verb about a series of meetings starts from, given the series and what was typed. *titled*
    is the title of its form. One that *is_clicked* only is no use to who types: help leaves it out.
    Whoever types one that *is_asked* about is asked first where anybody is told of it.
    *group* is the heading it stands under in the help.
    """

    name: str
    run: Callable[..., Reply]
    grammar: Grammar
    summary: str
    example: str
    writes: bool = True
    has_project: bool = True
    right: Right = Right.READ
    has_form: bool = False
    sends_changes: bool = False
    present: Callable[..., dict[str, Any]] | None = None
    fill: Callable[..., dict[str, Any]] | None = None
    titled: str = ""
    is_clicked: bool = False
    is_asked: bool = False
    group: str = ""


V = TypeVar("V", bound=Callable[..., Reply])


@dataclass
class Command:
    """A noun such as ``risk`` and its verbs.

    *default* is the verb of the bare noun; where it *takes_rest*, also of the noun with words
    behind it that are no verb. *short* nouns have a slash command of their own, ``/po-risk``. What
    is changed of a project by one that is done *in_turn*, one after the other changes.
    """

    noun: str
    summary: str
    default: str
    takes_rest: bool = False
    short: bool = False
    in_turn: bool = False
    verbs: dict[str, Verb] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def verb(
        self,
        name: str,
        summary: str,
        example: str = "",
        *,
        like: Callable[..., Any] | None = None,
        grammar: Grammar | None = None,
        aliases: tuple[str, ...] = (),
        writes: bool = True,
        right: Right | None = None,
        **more: Any,
    ) -> Callable[[V], V]:
        """Make a function a verb. Its signature after the context, or that of *like*, or
        *grammar*, is what is typed; its docstring's place is taken by *summary*; *more* is as
        in `Verb`. What takes the place of another verb stays in its group."""

        def register(function: V) -> V:
            known = grammar or (grammar_of(like) if like else grammar_of(function, skip=1))
            needed = right or (Right.RAISE if writes else Right.READ)
            if name in self.verbs:
                more.setdefault("group", self.verbs[name].group)
            self.verbs[name] = Verb(
                name, function, known, summary, example, writes=writes, right=needed, **more
            )
            self.aliases.update(dict.fromkeys(aliases, name))
            return function

        return register

    def group(self, heading: str) -> "Group":
        """What the help shows under *heading*, to which verbs are added."""
        return Group(self, heading)

    def find(self, word: str) -> Verb | None:
        """The verb called *word*, in any case, by its name or another name for it."""
        lowered = word.lower()
        return self.verbs.get(self.aliases.get(lowered, lowered))

    @property
    def typed_verbs(self) -> list[Verb]:
        """What people type, for the help."""
        return [verb for verb in self.verbs.values() if not verb.is_clicked]

    @property
    def groups(self) -> dict[str, list[Verb]]:
        """All verbs by the heading they stand under, in the order the headings were first used.

        Where there are few of them, they all stand under none.
        """
        found: dict[str, list[Verb]] = {}
        for verb in self.verbs.values():
            found.setdefault(verb.group, []).append(verb)
        return found

    @cached_property
    def words(self) -> list[str]:
        """Everything that may be typed as a verb."""
        return [*self.verbs, *self.aliases]


@dataclass(frozen=True)
class Group:
    """Verbs of *command* that the help shows under one *heading*."""

    command: Command
    heading: str

    def verb(self, name: str, summary: str, example: str = "", **more: Any) -> Callable[[V], V]:
        """Make a function a verb of this group; *more* is as in `Command.verb`."""
        return self.command.verb(name, summary, example, group=self.heading, **more)
