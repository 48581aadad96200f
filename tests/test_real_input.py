"""Real registers, typed line by line as people type them, come back as they were typed.

The folder of real data is named by JOURFIXE_DATA; where it is not there, a few lines of our own
stand in.
"""

import csv
import io
import os
from pathlib import Path

import pytest

from tests.office import Office

FOLDER = Path(os.environ.get("JOURFIXE_DATA") or Path(__file__).parents[2] / "shared" / "data")
OWN = {
    "own-actions": [
        {"title": "ask the supplier's engineer why it's late"},
        {"title": r"copy C:\new\table.csv to \\server\share\plans"},
        {"title": 'the "pilot" plan, and the 12" pipe'},
        {"title": "two  blanks   here"},
        {"title": "ACTION 58.3: format the EIP-1559 so that it is correct."},
        {"title": "=SUM(1+1) is what the cell says"},
        {"title": "-1 day of buffer, +2 testers"},
        {"title": "Größe & Gewicht <prüfen>"},
        {"title": "release-1.19 branch created"},
    ],
    "own-risks": [
        {
            "title": "Silent failures: if a file's malformed, policies might not load.",
            "response": "Start fails; reload errors are logged (see §4.2, e.g. `reload_total`).",
        },
        {"title": "Clock skew (NTP) of +/- 5 s", "response": 'Say so in the "limits" page'},
    ],
}


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


FILES = sorted((FOLDER / "registers").glob("*.csv"))
REAL: dict[str, list[dict[str, str]]] = {file.stem: rows_of(file) for file in FILES} or OWN


@pytest.mark.parametrize("source", REAL)
def test_what_is_typed_comes_back_as_it_was_typed(office: Office, source: str) -> None:
    noun, typed = _type_all(office, source)
    rows = _listed(office, noun, len(typed))
    assert _exported(office, noun) == typed
    for name, (title, _response) in typed.items():
        assert rows[name].startswith(f"{name} · {title}")
    for title, (name, response) in {t: (n, r) for n, (t, r) in typed.items()}.items():
        shown = office.says(f"/po {name}").splitlines()
        assert shown[0] == f"{name} · {title}"
        assert not response or f"Response: {response}" in shown
        assert f" · {title}" in office.says(f"/po-{noun} find {title}")


def _type_all(office: Office, source: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """The noun, and what was typed by the name it got."""
    noun = "risk" if source.endswith("risks") else "action"
    typed = {}
    for number, row in enumerate(REAL[source], 1):
        name, response = f"{noun[0].upper()}{number}", row.get("response") or ""
        line = " ".join((row["title"], *_behind_its_word(response)))
        assert office.says(f"/po-{noun} add {line}").startswith(f"{name} · {row['title']}"), line
        typed[name] = (row["title"], response)
        if number % 50 == 0:
            office.delivered()  # so that the last of the cards is not waited for too long
    return noun, typed


def _behind_its_word(response: str) -> list[str]:
    """Text with an equals sign goes into quotation marks, as the bot asks for."""
    if not response:
        return []
    return [f'response="{response}"' if "=" in response else f"response={response}"]


def _listed(office: Office, noun: str, count: int) -> dict[str, str]:
    """The rows of every page of the list, by name."""
    pages = range(1, -(-count // 10) + 1)
    rows = [r for n in pages for r in office.says(f"/po-{noun} list page={n}").splitlines()[1:]]
    return {row.partition(" · ")[0]: row for row in rows}


def _exported(office: Office, noun: str) -> dict[str, tuple[str, str]]:
    """Title and response by name, from the file that came as a direct message."""
    office.says(f"/po export {noun}s csv")
    (file,) = office.told_messages(office.anna)[-1].files
    content = office.box.backend.workspace.files[file].content or b""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return {r["id"]: (_typed(r["title"]), _typed(r.get("response", ""))) for r in rows}


def _typed(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from computing it."""
    return cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else cell
