"""Forms: whatever was typed is already in them, and what is wrong is said beside the field."""

from datetime import date

import pytest

from tests.office import Office

LONG = "it's a long story. " * 130  # 2,470 characters


def form(office: Office) -> str:
    """What the open form holds."""
    assert office.anna.view is not None
    return office.box.text_of(office.anna.view)


def test_open_form_on_a_mistake_is_filled_in_with_what_was_typed(office: Office) -> None:
    answer = office.types("/po-risk add Supplier's late p4 i5 owner @ben review yesterday")
    office.anna.clicks("Open form", answer)
    assert "Event: Supplier's late" in form(office)
    assert "Probability: 4 · high" in form(office)
    assert "Impact: 5 · very high" in form(office)
    assert "Owner: @Ben" in form(office)


def test_a_day_in_the_past_is_refused_beside_its_field(office: Office) -> None:
    office.types("/po-action add")
    office.anna.fills({"Title": "water the plants", "Due": date(2026, 11, 20)})
    errors = office.anna.submits()
    assert errors == {"Due": "Fri 20 Nov 2026 is in the past. Do you mean Wed 25 Nov 2026?"}
    office.anna.fills({"Due": date(2026, 11, 25)})
    assert office.anna.submits() == {}
    assert "A1 · water the plants · Wed 25 Nov 2026" in office.says("/po-action")


def test_a_form_submitted_twice_stores_one_entry(office: Office) -> None:
    opened = office.types("/po-action add")
    office.anna.fills({"Title": "water the plants"})
    office.anna.submits()
    office.box.wait_for(lambda: opened.text)
    assert "(1)" in office.says("/po-action list")


def test_an_overdue_entry_keeps_its_date_when_edited(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.passes(days=7)
    office.types("/po-action edit A1")
    office.anna.fills({"Title": "water the flowers"})
    assert office.anna.submits() == {}
    assert "water the flowers · Anna · Wed 25 Nov 2026 · overdue" in office.says("/po-action")


def test_an_emptied_field_is_empty(office: Office) -> None:
    office.says("/po-action add @ben water the plants by fri")
    office.types("/po-action edit A1")
    office.anna.fills({"Owner": None, "Due": None})
    assert office.anna.submits() == {}
    assert "Kept. Who, and until when?" in office.says("/po-action edit A1 water the plants")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("/po-action add", "Add action"),
        ("/po-action move A1", "Move A1"),
        ("/po-action give A1", "Give A1"),
        ("/po-action note A1", "Note A1"),
        ("/po-action edit A1", "Edit A1"),
        ("/po-action block A1", "Block A1"),
        ("/po-status", "Report status"),
        ("/po project new", "New project"),
        ("/po form action add water the plants", "Add action"),
    ],
)
def test_what_lacks_something_opens_a_form(office: Office, line: str, title: str) -> None:
    office.says("/po-action add @anna water the plants")
    office.types(line)
    assert office.anna.view is not None
    assert office.anna.view.title == title


def test_a_long_text_is_whole_in_the_form(office: Office) -> None:
    answer = office.types(f"/po-risk add {LONG}review yesterday")
    office.anna.clicks("Open form", answer)
    assert f"Event: {LONG.strip()}" in form(office)


def test_the_project_is_chosen_with_the_typed_text_kept(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna])
    answer = office.types('/po-action add it\'s  to the "letter" by fri', where=lunch)
    assert "There is no project here. Which one?" in answer.text
    office.anna.clicks("ALPHA", answer)
    office.box.wait_for(lambda: 'A1 · it\'s  to the "letter" · Fri 27 Nov 2026' in answer.text)


def test_more_than_a_button_carries_is_kept_all_the_same(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna])
    answer = office.types(f"/po-action add {LONG}by fri", where=lunch)
    office.anna.clicks("ALPHA", answer)
    office.box.wait_for(lambda: answer.text.startswith("A1"))
    assert f"A1 · {LONG.strip()}\n" in office.says("/po A1", where=office.anna.dm)


def test_a_chosen_project_with_something_missing_opens_its_form(office: Office) -> None:
    lunch = office.box.channel("lunch", members=[office.anna])
    office.anna.clicks("ALPHA", office.types("/po-action add by fri", where=lunch))
    assert "Due: 2026-11-27" in form(office)
    office.anna.fills({"Title": "water the plants"})
    assert office.anna.submits() == {}
    assert "A1 · water the plants" in office.says("/po-action")


def test_a_form_closed_changes_nothing(office: Office) -> None:
    office.types("/po-action add")
    office.anna.closes()
    assert "(1)" not in office.says("/po-action list")


def test_a_typed_form_opens_with_the_owner_in_it(office: Office) -> None:
    office.says("/po-action add @ben paint")
    office.says("/po-action edit A1")
    assert "Owner: @Ben" in office.box.text_of(office.anna.view).replace(
        "Owner: Ben", "Owner: @Ben"
    )
