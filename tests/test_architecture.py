"""The architecture is a test: layers, homes of libraries, and what every module keeps to."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.db import Base
from bot.history import Audited
from bot.registers import REGISTERS
from bot.status import StatusUpdate

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "bot").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "handler", "service", "misc"}
LONGEST = 320  # most are far shorter; this is where a module has to be two


def test_every_import_contract_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_in_one_sentence_what_it_is(module: Path) -> None:
    text = module.read_text()
    docstring = ast.get_docstring(ast.parse(text)) or ""
    first = docstring.partition("\n")[0]
    assert first.endswith((".", ":")), first
    assert module.stem not in VAGUE
    assert len(text.splitlines()) <= LONGEST


def test_nothing_is_left_to_do_in_the_code() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    for module in MODULES:
        assert not any(mark in module.read_text() for mark in marks), module


def calls_at_import(module: Path) -> Iterator[str]:
    """The names of functions a module calls while it is imported."""
    for statement in ast.parse(module.read_text()).body:
        if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    yield ast.unparse(node.func)


def test_nothing_is_opened_or_asked_at_import() -> None:
    forbidden = ("open", "create_engine", "WebClient", "App", "Thread", "read_settings", "connect")
    for module in MODULES:
        found = [name for name in calls_at_import(module) if name.split(".")[-1] in forbidden]
        assert not found, module


def test_the_clock_is_read_in_one_place() -> None:
    readers = [
        module.relative_to(ROOT)
        for module in MODULES
        if ".now(UTC)" in module.read_text() or "datetime.now(" in module.read_text()
    ]
    assert readers == [Path("bot/clock.py")]


def test_everything_a_person_can_change_leaves_a_trace() -> None:
    mappers = [m for m in Base.registry.mappers if issubclass(m.class_, Audited)]
    audited = {str(mapper.local_table) for mapper in mappers}
    registers = {register.entry.__tablename__ for register in REGISTERS}
    others = {"project", "project_role", "workspace_role", "note", StatusUpdate.__tablename__}
    assert registers | others <= audited


def test_every_verb_has_a_summary_and_an_example_of_its_own_kind() -> None:
    for command in COMMANDS:
        assert command.default in command.verbs
        for verb in command.verbs.values():
            assert verb.summary
            assert (
                not any(argument.is_required for argument in verb.grammar.arguments) or verb.example
            )
