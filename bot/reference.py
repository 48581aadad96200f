"""The reference in the README: tables of commands, settings, scopes and metrics, from the code."""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.catalogue import Usage, grouped_usages, slash_commands
from bot.commands import COMMANDS
from bot.config import Settings
from bot.metrics import METRICS
from bot.scopes import SCOPES
from bot.timings import Timings

ROOT = "po"


def commands_table() -> str:
    """Every noun with its verbs, in their groups: how each is typed, and what it does."""
    parts = []
    for command in COMMANDS:
        shorts = (name for name, _text, _hint in slash_commands([command], ROOT)[1:])
        names = " or ".join(f"`{name}`" for name in (f"/{ROOT} {command.noun}", *shorts))
        parts.append(f"**{names}** · {command.summary}")
        for heading, listed in grouped_usages(command, ROOT):
            parts += filter(None, (f"*{heading}*" if heading else "", _usages_table(listed)))
    return "\n\n".join(parts)


def _usages_table(listed: Sequence[Usage]) -> str:
    return _table(("typed", "does"), [(f"`{usage.example}`", usage.summary) for usage in listed])


def settings_table() -> str:
    """Every setting with its default."""
    fields = sorted(Settings.model_fields.items(), key=lambda item: item[0] in Timings.model_fields)
    rows = [
        (f"`{field.alias}`", f"`{field.default}`" if field.default else "", field.description or "")
        for _name, field in fields
    ]
    return _table(("setting", "default", "meaning"), rows)


def scopes_table() -> str:
    """Every scope the app asks for."""
    rows = [(f"`{s.name}`", s.why, s.without) for s in SCOPES]
    return _table(("scope", "why", "without it"), rows)


def metrics_table() -> str:
    """Every metric an operator can watch."""
    rows = [
        (f"`{m.name}`", m.kind, ", ".join(f"`{label}`" for label in m.labels), m.meaning)
        for m in METRICS
    ]
    return _table(("metric", "kind", "labels", "meaning"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "commands": commands_table,
    "settings": settings_table,
    "scopes": scopes_table,
    "metrics": metrics_table,
}


def filled(text: str) -> str:
    """*text* with every table between its marks, ``<!-- commands -->``, as the code has it."""
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        made = f"\n{table()}\n\n".replace("\\", r"\\")
        text = marks.sub(rf"\g<1>{made}\g<2>", text)
    return text


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _column in head)]
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(filled(readme.read_text("utf-8")), "utf-8")
