"""Exports: registers and statuses as files that spreadsheet programs open safely."""

import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped] # it comes without types

from bot.export import as_csv, as_xlsx
from tests.office import Office

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")']


def sent(office: Office) -> tuple[str, bytes]:
    """Name and content of the file that came to Anna last."""
    (file,) = office.told_messages(office.anna)[-1].files
    known = office.box.backend.workspace.files[file]
    return known.title, known.content or b""


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_actions_come_as_a_file_by_direct_message(office: Office) -> None:
    office.says("/po-action add @ben send contract draft by next fri")
    answer = office.says("/po export actions csv")
    assert answer == "alpha-actions-2026-11-24.csv: 1 line. It comes as a direct message."
    name, content = sent(office)
    assert name == "alpha-actions-2026-11-24.csv"
    (row,) = rows(content)
    assert row["id"] == "A1"
    assert row["owner"] == "Ben"
    assert row["due"] == "2026-12-04"


def test_the_channel_sees_nothing_of_an_export(office: Office) -> None:
    office.says("/po export actions csv")
    assert office.sees() == []


def test_a_workbook_holds_days_as_days_and_text_as_text(office: Office) -> None:
    office.says("/po-risk add =1+1 is what they say p4 i5 review 8 dec")
    office.says("/po export risks xlsx")
    name, content = sent(office)
    assert name == "alpha-risks-2026-11-24.xlsx"
    sheet = load_workbook(io.BytesIO(content))["risks"]
    head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows())
    told = dict(zip(head, row, strict=True))
    assert told["title"] == "=1+1 is what they say"
    assert sheet["B2"].data_type == "s"
    assert told["due"] == datetime(2026, 12, 8)  # noqa: DTZ001 - a day of a workbook has no zone
    assert told["score"] == 20


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str) -> None:
    (row,) = rows(as_csv(["title"], [[text]]))
    assert row["title"] == f"'{text}"
    sheet = load_workbook(io.BytesIO(as_xlsx("x", ["title"], [[text]]))).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("text", ["two\nlines", 'quo"tes, commas', "Größe 夜 🌙", " blanks  stay "])
def test_texts_come_back_to_the_letter(text: str) -> None:
    assert rows(as_csv(["title"], [[text]])) == [{"title": text}]
    sheet = load_workbook(io.BytesIO(as_xlsx("x", ["title"], [[text]]))).active
    assert sheet is not None
    assert sheet["A2"].value == text


def test_closed_entries_are_in_it_and_withdrawn_ones_are_not(office: Office) -> None:
    office.says("/po-action add send contract draft")
    office.says("/po-action done A1")
    office.says("/po-action add a mistake")
    office.says("/po undo")
    office.says("/po export actions")
    (row,) = rows(sent(office)[1])
    assert (row["id"], row["outcome"], row["closed"]) == ("A1", "done", "2026-11-24")


def test_the_history_of_the_status_is_exported(office: Office) -> None:
    office.says("/po-status green All well")
    office.says("/po-status amber cost=red Supplier late")
    office.says("/po export status csv")
    first, second = rows(sent(office)[1])
    assert (first["overall"], second["overall"]) == ("green", "amber")
    assert (second["cost"], second["text"]) == ("red", "Supplier late")


@pytest.mark.parametrize("words", ["actions csv", "csv actions", "action as=csv", "", "csv"])
def test_an_export_is_asked_for_in_many_ways(office: Office, words: str) -> None:
    assert "alpha-actions-2026-11-24.csv" in office.says(f"/po export {words}")


def test_what_cannot_be_exported_is_named(office: Office) -> None:
    answer = office.says("/po export lunch")
    assert "actions, risks, issues, decisions, milestones and status" in answer.replace("`", "")


def test_days_and_nothing_are_written_plainly() -> None:
    content = as_csv(["day", "none"], [[date(2026, 11, 24), None]])
    assert rows(content) == [{"day": "2026-11-24", "none": ""}]
