"""Exports: registers and statuses as files that spreadsheet programs open safely."""

import csv
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped] # it comes without types

from bot.export import as_csv, as_xlsx
from slackbox import Person
from tests.office import Office
from tests.thread import Thread

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")']


def sent(office: Office, who: Person | None = None) -> tuple[str, bytes]:
    """Name and content of the file that came to somebody (Anna) last."""
    (file,) = office.told_messages(who or office.anna)[-1].files
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
    head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows(max_row=2))
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
    assert "actions, risks, issues, decisions, milestones, meetings and status" in answer.replace(
        "`", ""
    )


def test_days_and_nothing_are_written_plainly() -> None:
    content = as_csv(["day", "none"], [[date(2026, 11, 24), None]])
    assert rows(content) == [{"day": "2026-11-24", "none": ""}]


# --- Meetings ---------------------------------------------------------------------------------


def meetings(office: Office, who: Person | None = None) -> list[dict[str, str]]:
    """The meetings of Alpha as somebody (Anna) has them sent."""
    office.says("/po export meetings csv", who)
    return rows(sent(office, who)[1])


@pytest.fixture
def held(office: Office) -> Office:
    """A meeting that took place, was minuted and approved; Carla had sent regrets."""
    line = (
        '/po-meet new "Jour fixe" every tue 10:00-10:45 place="Room 4" '
        "with @anna @ben @carla taker @ben"
    )
    office.anna.clicks("Invite", office.types(line))
    office.says("/po-meet no at the dentist", office.carla)
    office.passes(hours=1)
    thread = Thread(office)
    thread.write("#topic Where we test")
    thread.write("D: we use site B", office.ben)
    thread.write("A: @ben book room by fri")
    thread.write("A: a mistake")
    thread.write("#undo")
    office.says("/po-meet close")
    for who in (office.anna, office.ben):
        office.says("/po-meet approve", who)
    return office


@pytest.mark.both_databases
def test_meetings_are_exported_with_what_they_came_to(held: Office) -> None:
    row = meetings(held)[0]
    assert row == {
        "series": "Jour fixe",
        "day": "2026-11-24",
        "start": "2026-11-24T10:00:00+01:00",
        "minutes": "45",
        "place": "Room 4",
        "state": "closed",
        "reason": "",
        "chair": "Anna",
        "minute_taker": "Ben",
        "present": "Anna, Ben",
        "absent": "",
        "regrets": "Carla",
        "minutes_version": "1",
        "minutes_state": "approved",
        "minutes_approved": "2026-11-24",
        "decisions": "1",
        "actions": "1",
    }


def test_meetings_nobody_opened_and_those_called_off_are_in_it(held: Office) -> None:
    held.says("/po-meet cancel 8 dec because of the fair sure=yes")
    held.passes(days=8)
    told = [(row["day"], row["state"], row["reason"], row["actions"]) for row in meetings(held)]
    assert told[:4] == [
        ("2026-11-24", "closed", "", "1"),
        ("2026-12-01", "not held", "", "0"),
        ("2026-12-08", "cancelled", "because of the fair", "0"),
        ("2026-12-15", "planned", "", "0"),
    ]


def test_meetings_to_come_are_in_it_and_starts_undone_and_dates_behind_the_end_are_not(
    office: Office,
) -> None:
    office.says('/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben from 1 dec')
    office.says("/po-meet invite")
    office.says("/po-meet new Talk on 2 dec 9:00-9:30 with @ben")
    assert meetings(office)[0]["series"] == "Jour fixe"
    office.says("/po-meet invite of Talk")
    office.says("/po-meet start Ad hoc")
    assert meetings(office)[0]["series"] == "Ad hoc"
    office.says("/po undo")
    office.says('/po-meet no 15 dec of "Jour fixe"', office.ben)
    office.says('/po-meet no 22 dec of "Jour fixe"', office.ben)
    told = [(row["series"], row["day"][5:], row["state"]) for row in meetings(office)]
    assert told[:3] == [
        ("Jour fixe", "12-01", "planned"),
        ("Talk", "12-02", "planned"),
        ("Jour fixe", "12-08", "planned"),
    ]
    assert len(told) == 11
    assert {row["day"][5:] for row in meetings(office) if row["regrets"]} == {"12-15", "12-22"}
    assert "ends before" in office.says('/po-meet end from 16 dec of "Jour fixe" sure=yes')
    days = [row["day"][5:] for row in meetings(office)]
    assert days == ["12-01", "12-02", "12-08", "12-15"]


def test_who_was_not_there_is_in_it_but_who_was_invited_later(office: Office) -> None:
    line = '/po-meet new "Jour fixe" every tue 10:00-10:45 with @ben @carla lee@acme.example'
    office.anna.clicks("Invite", office.types(line))
    office.passes(hours=1)
    thread = Thread(office)
    thread.write("D: we use site B", office.ben)
    office.says("/po-meet present lee@acme.example")
    office.says("/po-meet close")
    office.passes(hours=1)
    office.says("/po-meet invite @dora")
    row = meetings(office)[0]
    assert (row["present"], row["absent"]) == ("Anna, Ben, lee@acme.example", "Carla")
    assert "was not there" in office.says("/po-meet absent lee@acme.example")
    assert meetings(office)[0]["absent"] == "Carla, lee@acme.example"


def test_a_meeting_of_another_zone_is_told_in_the_projects(office: Office) -> None:
    line = "/po-meet new Call every tue 9:30-10:00 zone America/New_York with @anna"
    office.anna.clicks("Invite", office.types(line))
    office.passes(days=1)
    row = meetings(office)[0]
    assert row["start"] == "2026-11-24T15:30:00+01:00"


def test_a_workbook_of_meetings_has_days_and_numbers(held: Office) -> None:
    held.says("/po export meetings xlsx")
    name, content = sent(held)
    assert name == "alpha-meetings-2026-11-24.xlsx"
    sheet = load_workbook(io.BytesIO(content))["meetings"]
    head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows(max_row=2))
    told = dict(zip(head, row, strict=True))
    assert told["day"] == datetime(2026, 11, 24)  # noqa: DTZ001 - a day of a workbook has no zone
    assert (told["minutes"], told["decisions"]) == (45, 1)


def test_what_is_confidential_counts_for_those_invited_only(office: Office) -> None:
    line = '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben'
    office.anna.clicks("Invite", office.types(line))
    office.says("/po-meet topic Salary of the new tester 5m confidential=yes")
    office.passes(hours=1)
    thread = Thread(office)
    thread.write("A: @ben ask the works council by fri")
    office.says("/po-meet close")
    assert meetings(office)[0]["actions"] == "1"
    assert meetings(office, office.carla)[0]["actions"] == "0"


def test_a_guest_gets_no_table_of_meetings(held: Office) -> None:
    held.says("/po export meetings csv", held.gus)
    assert held.told_messages(held.gus) == []


def test_a_project_without_meetings_has_a_table_of_none(office: Office) -> None:
    assert "alpha-meetings-2026-11-24.csv: 0 lines" in office.says("/po export meetings")
