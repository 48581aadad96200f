"""The documents say what the code does."""

from pathlib import Path

import pytest

from bot.reference import TABLES, filled

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_readmes_tables_are_the_codes() -> None:
    assert filled(README) == README, "run: make readme"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_its_place(name: str) -> None:
    assert f"<!-- {name} -->" in README


def test_what_the_readme_links_to_is_there() -> None:
    names = ("docs/channel.png", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
    assert [name for name in names if name in README and (ROOT / name).is_file()] == [*names]


def test_architecture_names_every_module() -> None:
    said = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("__")}
    unsaid = {name for name in modules if name not in said}
    assert unsaid == set()
