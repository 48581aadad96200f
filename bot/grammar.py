"""The grammar of a verb: its signature says what is typed, and what a form asks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from bot.fields import Field


@dataclass(frozen=True)
class Argument:
    """One parameter of a verb."""

    name: str
    kind: Any
    field: Field
    is_required: bool
    is_option: bool
    default: Any

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand before ``=``."""
        return tuple(dict.fromkeys((self.name.rstrip("_"), *self.field.words)))

    def usage(self) -> str:
        """How it is shown in a usage line, such as ``[by DATE]``."""
        shown = self.field.shown or (
            f"{self.names[0]}=…" if self.is_option else self.names[0].upper()
        )
        return shown if self.is_required else f"[{shown}]"


@dataclass(frozen=True)
class Grammar:
    """What a verb understands."""

    arguments: tuple[Argument, ...]

    @property
    def places(self) -> list[Argument]:
        return [argument for argument in self.arguments if not argument.is_option]

    @property
    def options(self) -> list[Argument]:
        return [argument for argument in self.arguments if argument.is_option]

    @property
    def bare(self) -> list[Argument]:
        """Options whose value needs no word before it where it cannot be text."""
        return [argument for argument in self.options if argument.field.bare]

    @property
    def has_text(self) -> bool:
        """Whether anything of it is a text."""
        return any(argument.kind is str for argument in self.arguments)

    @property
    def takes_text(self) -> bool:
        """Whether what no option takes is a text."""
        return any(argument.kind is str for argument in self.places)

    @property
    def lists_names(self) -> bool:
        """Whether that text is names alone."""
        return any(argument.field.listed for argument in self.places)

    def usage(self, *, is_whole: bool = False) -> str:
        """The arguments as the help shows them; those no form has only where it *is_whole*."""
        shown = [
            a for a in self.arguments if not a.field.typed_only or (is_whole and a.field.shown)
        ]
        return "".join(f" {a.usage()}" for a in shown)


def grammar_of(function: Callable[..., Any], skip: int = 0) -> Grammar:
    """The grammar a signature stands for, less its first *skip* parameters."""
    parameters = list(signature(function, eval_str=True).parameters.values())[skip:]
    return Grammar(tuple(_argument(parameter) for parameter in parameters))


def _argument(parameter: Parameter) -> Argument:
    kind, told = _unwrapped(parameter.annotation)
    return Argument(
        parameter.name,
        kind,
        told or Field(parameter.name.rstrip("_").capitalize()),
        parameter.default is Parameter.empty,
        parameter.kind is Parameter.KEYWORD_ONLY,
        None if parameter.default is Parameter.empty else parameter.default,
    )


def _unwrapped(kind: Any) -> tuple[Any, Field | None]:
    """The plain type behind ``Annotated`` and ``| None``, and the field told with it."""
    told = None
    while get_origin(kind) in (Annotated, Union, UnionType):
        parts = get_args(kind)
        told = next((part for part in parts if isinstance(part, Field)), told)
        kind = next(part for part in parts if part is not type(None))
    return kind, told


def optional(grammar: Grammar) -> Grammar:
    """*grammar* with nothing in it required, for changing what is there."""
    return Grammar(tuple(replace(argument, is_required=False) for argument in grammar.arguments))
