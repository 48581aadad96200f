"""The status of a project: reported in a line or a form, with its trend, confirmed, chased."""

from datetime import date, datetime

import pytest

from tests.office import Office


def test_a_colour_and_a_sentence_are_a_card_in_the_channel(office: Office) -> None:
    office.says("/po-status green All well")
    office.says("/po-status amber Supplier late by a week, pilot still in June")
    _first, card = office.sees()
    assert "overall AMBER (was GREEN, falling) ↘" in card
    assert "Supplier late by a week, pilot still in June" in card


def test_whoever_reports_reads_when_the_next_update_is_due(office: Office) -> None:
    answer = office.says("/po-status amber Supplier late by a week")
    assert "Alpha · overall AMBER" in answer
    assert "Next update due Thursday, December 3rd" in answer
    assert "[Edit] [Undo]" in answer


def test_the_due_moment_has_a_fallback_in_the_zone_of_the_project(office: Office) -> None:
    answer = office.types("/po-status amber Supplier late").message
    assert answer is not None
    assert "Next update due Thu 3 Dec, 12:00" in answer.text


def test_only_the_named_dimensions_change(office: Office) -> None:
    office.says("/po-status green scope=green All well")
    office.says("/po-status cost=red schedule=amber Budget line IT +18 %")
    card = office.sees()[-1]
    assert "overall GREEN" in card
    assert "schedule: 🟡 AMBER\ncost: 🔴 RED\nscope: 🟢 GREEN" in card
    assert "Budget line IT +18 %" in card


def test_a_worse_dimension_asks_whether_overall_follows(office: Office) -> None:
    office.says("/po-status green All well")
    answer = office.types("/po-status cost=red Budget line IT +18 %")
    assert "Worse than that: cost RED. Shall overall follow?" in answer.text
    office.anna.clicks("Overall RED too", answer)
    card = office.sees()[-1]
    assert "overall RED (was GREEN, falling)" in card
    assert "Budget line IT +18 %" in card


def test_an_overall_better_than_its_dimensions_is_asked_about(office: Office) -> None:
    office.says("/po-status red cost=red schedule=amber Late and expensive")
    answer = office.types("/po-status green")
    assert "Worse than that: cost RED, schedule AMBER. Shall overall follow?" in answer.text
    assert "[Overall RED too]" in answer.text
    assert "Worse than that" not in office.says("/po-status same")
    assert "Worse than that: cost RED." in office.says("/po-status amber")
    assert "Worse than that" not in office.says("/po-status red")


def test_dimensions_alone_set_the_first_overall_to_the_worst_of_them(office: Office) -> None:
    assert "overall RED" in office.says("/po-status cost=red schedule=amber")


def test_same_confirms_the_last_one(office: Office) -> None:
    office.says("/po-status amber cost=red Supplier late")
    assert "overall AMBER (confirmed)" in office.says("/po-status same")
    card = office.sees()[-1]
    assert "(confirmed, steady)" in card
    assert "cost: 🔴 RED" in card


def test_nothing_can_be_confirmed_before_the_first_status(office: Office) -> None:
    answer = office.types("/po-status same")
    assert "There is no status yet." in answer.text
    office.anna.clicks("Open form", answer)
    assert office.anna.view is not None


def test_the_history_shows_the_last_nine_with_arrows(office: Office) -> None:
    for number in range(11):
        office.says(f"/po-status {['green', 'amber'][number % 2]} week {number}")
    lines = office.says("/po-status history").splitlines()
    assert lines[0] == "Status of Alpha"
    assert lines[1] == "↗ 🟢 GREEN · Tue 24 Nov 2026 · Anna · week 10"
    assert lines[2] == "↘ 🟡 AMBER · Tue 24 Nov 2026 · Anna · week 9"
    assert len(lines) == 1 + 9


def test_a_bare_status_opens_the_form_with_the_last_values(office: Office) -> None:
    office.says("/po-status amber cost=red Supplier late")
    office.types("/po-status")
    assert office.anna.view is not None
    form = office.box.text_of(office.anna.view)
    assert "Overall: amber\nHow it stands: Supplier late\nSchedule:\nCost: red" in form


def test_words_without_a_colour_are_in_the_form_already(office: Office) -> None:
    office.types("/po-status Supplier late, pilot in June")
    assert office.anna.view is not None
    assert "How it stands: Supplier late, pilot in June" in office.box.text_of(office.anna.view)


def test_the_form_reports_as_the_line_does(office: Office) -> None:
    office.types("/po-status")
    office.anna.fills({"Overall": "red", "Scope": "amber", "Help needed": "a second tester"})
    assert office.anna.submits() == {}
    card = office.sees()[-1]
    assert "overall RED" in card
    assert "scope: 🟡 AMBER" in card
    assert "Help needed: a second tester" in card


def test_the_form_asks_for_a_colour_beside_the_field(office: Office) -> None:
    office.types("/po-status")
    office.anna.fills({"How it stands": "fine"})
    assert office.anna.submits() == {
        "Overall": "Which colour? Such as `status amber` and a few words."
    }


@pytest.mark.parametrize("word", ["red", "RED", "r", "rot"])
def test_colours_are_understood_in_short_and_in_german(office: Office, word: str) -> None:
    assert "overall RED" in office.says(f"/po-status {word} Pilot stopped")


def test_a_status_taken_back_leaves_the_one_before(office: Office) -> None:
    office.says("/po-status green All well")
    answer = office.types("/po-status red Oh no")
    office.anna.clicks("Undo", answer)
    assert "Anna took this status back." in office.sees()[-1]
    assert "overall GREEN" in office.says("/po-status show")


def test_late_status_is_listed_and_chased(office: Office) -> None:
    office.says("/po project people @dora office")
    office.passes(days=14)
    answer = office.types("/po-status missing", office.dora, office.dora.dm)
    assert "Alpha · Anna · 3 working days late (Thu 3 Dec 2026)" in answer.text
    office.dora.clicks("Chase now", answer)
    (told,) = office.told(office.anna)
    assert "Status of Alpha\nlate since Thu 3 Dec 2026, Dora asks for it\n[Report …]" in told
    assert "Same as last time" not in told


def test_a_lead_is_chased_once_and_no_more_when_the_status_has_come(office: Office) -> None:
    office.says("/po project people @dora office")
    office.says("/po project people @carla office")
    office.says("/po-status green All well")
    office.passes(days=15)
    assert office.says("/po-status chase", office.dora) == "Chased: Anna."
    assert office.says("/po-status chase", office.carla) == "Chased already: Anna."
    (told,) = office.told(office.anna)
    assert told.count("Status of Alpha") == 1
    office.says("/po-status amber Supplier late")
    (told,) = office.told(office.anna)
    assert "✓ Status of Alpha · 🟡 AMBER" in told
    assert "[Same as last time]" not in told
    office.passes(days=21)
    assert office.says("/po-status chase", office.dora) == "Chased: Anna."


@pytest.mark.parametrize(
    ("country", "day", "words"),
    [
        ("", 24, "due today, 12:00"),
        ("", 28, "2 working days late (Thu 24 Dec 2026)"),
        ("DE", 24, "1 working day late (Wed 23 Dec 2026)"),
        ("DE", 27, "1 working day late (Wed 23 Dec 2026)"),
        ("DE", 28, "2 working days late (Wed 23 Dec 2026)"),
        ("CZ", 28, "2 working days late (Tue 22 Dec 2026)"),
    ],
)
def test_lateness_is_counted_in_the_working_days_of_the_project(
    office: Office, country: str, day: int, words: str
) -> None:
    office.says(f"/po project set country={country}" if country else "/po-status green All well")
    office.now = office.now.replace(month=12, day=14)
    office.says("/po-status green All well")
    office.now = office.now.replace(day=day, hour=13)
    assert f"Alpha · Anna · {words}" in office.says("/po-status missing")


@pytest.mark.parametrize(
    ("country", "given", "due"),
    [
        ("", "2026-11-24", "Thu 3 Dec, 12:00"),
        ("DE", "2026-12-15", "Wed 23 Dec, 12:00"),  # Christmas Day is a Friday
        ("CZ", "2026-12-15", "Tue 22 Dec, 12:00"),  # Christmas Eve is a holiday, too
        ("DE", "2027-04-27", "Wed 5 May, 12:00"),  # Ascension Day is a Thursday
        ("CN", "2027-02-02", "Thu 11 Feb, 12:00"),  # the first three days are holidays
        ("SA", "2027-03-02", "Thu 18 Mar, 12:00"),  # but for Monday all are
    ],
)
def test_a_status_is_due_on_the_last_working_day_but_one(
    office: Office, country: str, given: str, due: str
) -> None:
    if country:
        office.says(f"/po project set country={country}")
    office.now = datetime.combine(date.fromisoformat(given), office.now.timetz())
    answer = office.types("/po-status green All well").message
    assert answer is not None
    assert f"Next update due {due}" in answer.text


def test_a_chased_lead_confirms_with_one_click(office: Office) -> None:
    office.says("/po-status green All well")
    office.says("/po project people @dora office")
    office.passes(days=16)
    office.says("/po-status chase", office.dora, office.dora.dm)
    office.anna.clicks("Same as last time", office.told_messages(office.anna)[-1])
    assert "(confirmed, steady)" in office.sees()[-1]


def test_no_status_is_late_in_its_first_week(office: Office) -> None:
    assert office.says("/po-status missing") == "Every status is up to date."


def test_the_office_reports_on_behalf_of_the_lead_and_says_so(office: Office) -> None:
    office.says("/po project people @ben office")
    office.says("/po-status amber Supplier late", office.ben)
    assert "Ben on behalf of Anna" in office.sees()[-1]


def test_a_member_does_not_report_the_status(office: Office) -> None:
    answer = office.says("/po-status red bad", office.ben)
    assert "one has to be: lead, office. Please ask @Anna." in answer
    assert office.sees() == []


def test_a_report_corrected_at_once_is_one_card(office: Office) -> None:
    answer = office.types("/po-status amber Suplier late")
    office.anna.clicks("Edit", answer)
    office.box.wait_for(lambda: office.anna.view)
    office.anna.fills({"How it stands": "Supplier late"})
    assert office.anna.submits() == {}
    (card,) = office.sees()
    assert "Supplier late" in card


def test_what_somebody_else_reported_is_not_corrected(office: Office) -> None:
    office.says("/po project people @ben office")
    office.says("/po-status amber Supplier late")
    assert "report anew" in office.says("/po-status edit green", office.ben)


def test_who_is_late_is_named(office: Office) -> None:
    office.says("/po-status green all well")
    office.passes(days=14)
    assert "Alpha · Anna · " in office.says("/po-status missing")
