"""Rules for JSON, combined from small ones, that report problems in Slack's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]
"""Takes a value and its JSON pointer, gives its problems."""


def problem(text: str, pointer: str) -> str:
    """One line of `response_metadata.messages`."""
    return f"[ERROR] {text} [json-pointer:{pointer or '/'}]"


def anything(value: Any, pointer: str) -> Iterator[str]:
    """No rule at all, for fields whose inside is not checked."""
    yield from ()


def flag(value: Any, pointer: str) -> Iterator[str]:
    """A boolean."""
    if not isinstance(value, bool):
        yield problem("must be a valid boolean", pointer)


def string(longest: int, shortest: int = 1, pattern: str | None = None) -> Rule:
    """A string of a certain length, perhaps of a certain form."""
    form = re.compile(pattern) if pattern else None

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must be a string", pointer)
        elif len(value) > longest:
            yield problem(f"must be less than {longest + 1} characters", pointer)
        elif len(value) < shortest:
            yield problem(f"must be more than {shortest - 1} characters", pointer)
        elif form is not None and not form.fullmatch(value):
            yield problem(f"must match {pattern}", pointer)

    return check


def number(lowest: float, highest: float) -> Rule:
    """An integer or decimal within bounds."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield problem("must be a number", pointer)
        elif not lowest <= value <= highest:
            yield problem(f"must be between {lowest:g} and {highest:g}", pointer)

    return check


def choice(*allowed: str) -> Rule:
    """One of a few words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield problem(f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def listed(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list of so many things of one kind."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must be an array", pointer)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"must have at least {least} items", pointer)
        for at, item in enumerate(value):
            yield from rule(item, f"{pointer}/{at}")

    return check


def fields(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with exactly these fields; `type` is always allowed."""
    known: dict[str, Rule] = {"type": anything, **required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                yield problem(f"missing required field: {name}", pointer)
        for name, inner in value.items():
            rule = known.get(name)
            if rule is None:
                yield problem(f"invalid additional property: {name}", pointer)
            elif inner is not None:
                yield from rule(inner, f"{pointer}/{name}")

    return check


def by_type(rules: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule holds."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must be an object", pointer)
            return
        rule = rules.get(str(value.get("type")))
        if rule is None:
            yield problem(f"unsupported type: {value.get('type')}", f"{pointer}/type")
        else:
            yield from rule(value, pointer)

    return check


def one_of_fields(*names: str, least: int = 1, most: int = 1) -> Rule:
    """An object that has `least` to `most` of these fields."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        present = sum(1 for name in names if value.get(name) is not None)
        if present < least:
            yield problem(f"missing required field: {' or '.join(names)}", pointer)
        if present > most:
            yield problem(f"only one of {', '.join(names)} is allowed", pointer)

    return check


def both(*rules: Rule) -> Rule:
    """All of these rules; the later ones only while the earlier ones are content."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        for rule in rules:
            found = list(rule(value, pointer))
            if found:
                yield from found
                return

    return check
