"""Titles: which of several things somebody means who types the title of one, or its beginning."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

SHORTEST = 3
"""So many letters of a title's beginning are enough."""


def titled(known: Iterable[T], words: str, title: Callable[[T], str]) -> list[T]:
    """Those of *known* whose *title* is *words* in any case; else those whose title begins so."""
    typed = " ".join(words.casefold().split())
    titles = [(one, " ".join(title(one).casefold().split())) for one in known]
    exact = [one for one, told in titles if told == typed]
    return exact or [one for one, told in titles if begins(told, typed)]


def begins(title: str, words: str) -> bool:
    """Whether *words* are enough of the beginning of *title* to mean it."""
    return len(words) >= SHORTEST and title.casefold().startswith(words.casefold())
