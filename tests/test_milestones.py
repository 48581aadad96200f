"""Milestones: baseline, forecast with its history, slip in working days, what waits for what."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.registers.milestones import (
    MilestoneForecast,
)
from tests.office import Office

PILOT = '/po ms add "Pilot live" 30 june owner @anna'
BERLIN = ZoneInfo("Europe/Berlin")


# --- Adding and the table -------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        '"Pilot live" 30 june owner @anna',
        "Pilot live by 30 june owner @anna",
        "Pilot live owner @anna due 30.6.",
        '@anna "Pilot live" 30 june',
        '"Pilot live" 30 june @anna',
        "„Pilot live“ 30. Juni @anna",
    ],
)
def test_a_milestone_is_understood_however_it_is_typed(office: Office, typed: str) -> None:
    assert "M1 · Pilot live · Anna · Wed 30 Jun 2027" in office.says(f"/po ms add {typed}")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ('"by fri" 30 june', "by fri"),
        ('"Pilot 30 june" is what they say', '"Pilot 30 june" is what they say'),
        ('"Pilot live" 30 june or so', '"Pilot live" 30 june or so'),
        ('"Pilot live 30 june"', "Pilot live 30 june"),
    ],
)
def test_text_in_quotation_marks_is_never_grammar(office: Office, typed: str, title: str) -> None:
    assert office.says(f"/po ms add {typed}").splitlines()[0].startswith(f"M1 · {title}")


def test_a_bare_date_in_the_past_is_refused_with_a_proposal(office: Office) -> None:
    answer = office.says('/po ms add "Pilot live" 30.6.2026')
    assert "Tue 30 Jun 2026 is in the past. Do you mean Wed 30 Jun 2027?" in answer


@pytest.mark.parametrize(
    "line", ["/po ms", "/po milestones", "/po ms plan", "/po milestones table"]
)
def test_the_table_has_baseline_forecast_and_slip(office: Office, line: str) -> None:
    office.says(PILOT)
    office.says("/po ms add Site ready by 1 june")
    office.says("/po ms baseline M1")
    office.says("/po ms forecast M1 15 july supplier late")
    rows = office.says(line).splitlines()
    assert rows[0] == "Milestones of Alpha"
    assert "M2 · Site ready" in rows[2]
    pilot = "M1 · Pilot live | Anna | Wed 30 Jun 2027 | Thu 15 Jul 2027 | +11 working days"
    assert [cell.strip() for cell in rows[3].split("|") if cell.strip()] == pilot.split(" | ")


def test_an_empty_table_says_what_to_type(office: Office) -> None:
    assert 'None. Add one: /po ms add "Pilot live" 30 june' in office.says("/po ms")


def test_a_long_table_has_pages(office: Office) -> None:
    for number in range(27):
        office.says(f"/po ms add Stage {number + 1} by 1 june")
    office.delivered()
    answer = office.types("/po ms")
    assert "page 1 of 2" in answer.text
    office.anna.clicks("Next", answer)
    office.box.wait_for(lambda: "page 2 of 2" in answer.text)
    assert "M27 · Stage 27" in answer.text


def test_the_help_is_found_by_both_words(office: Office) -> None:
    assert "/po ms forecast M4 15 july supplier late" in office.says("/po help ms")
    assert office.says("/po help milestones") == office.says("/po help ms")
    assert "There is no milestone M9 in Alpha." in office.says("/po M9").replace("`", "")


# --- Baselines ------------------------------------------------------------------------------


def test_a_baseline_is_set_for_all_that_have_none(office: Office) -> None:
    office.says(PILOT)
    office.says("/po ms add Site ready by 1 june")
    office.says("/po ms add Some day")
    assert "Baseline set for 2 milestones." in office.says("/po ms baseline set")
    assert "Every open milestone with a forecast has a baseline" in office.says(
        "/po ms baseline set"
    )


def test_a_baseline_is_reset_with_its_trail(office: Office) -> None:
    office.says(PILOT)
    office.says("/po ms baseline set")
    office.says("/po ms forecast M1 15 july supplier late")
    answer = office.says("/po ms baseline M1")
    assert "Baseline Wed 30 Jun 2027 → Thu 15 Jul 2027" in answer
    assert "slip" not in answer
    assert "baseline: Wed 30 Jun 2027 → Thu 15 Jul 2027" in office.says("/po audit M1")
    assert "Undone" in office.says("/po undo")
    assert "slip +11 working days" in office.says("/po ms list")


def test_only_the_lead_sets_a_baseline(office: Office) -> None:
    office.says("/po project people @carla office")
    office.says(PILOT)
    for who in (office.ben, office.carla):
        for words in ("set", "M1"):
            answer = office.says(f"/po ms baseline {words}", who)
            assert "one has to be: lead. Please ask @Anna." in answer


def test_anything_else_behind_baseline_is_explained(office: Office) -> None:
    assert "ms baseline set" in office.says("/po ms baseline frobnicate")


# --- Forecasts ------------------------------------------------------------------------------


def test_a_forecast_says_the_slip_and_keeps_the_reason(office: Office) -> None:
    office.says(PILOT)
    answer = office.says("/po ms forecast M1 15 july supplier late")
    words = "Wed 30 Jun 2027 → Thu 15 Jul 2027, +11 working days, reason: supplier late"
    assert words in answer
    assert "Anna: supplier late" in office.says("/po ms show M1")
    office.delivered()
    card = next(m for m in office.anna.reads(office.alpha) if m.ephemeral_for is None)
    assert "Thu 15 Jul 2027" in office.box.text_of(card)
    remark = office.anna.reads(office.alpha, thread=card)[-1]
    assert office.box.text_of(remark) == f"Anna: {words}"


def test_a_slip_without_a_reason_opens_the_form_with_the_date_in_it(office: Office) -> None:
    office.says(PILOT)
    opened = office.types("/po ms forecast M1 15 july")
    assert office.anna.view is not None
    assert "2027-07-15" in office.box.text_of(office.anna.view)
    reason = office.anna.submits()
    assert "required" in reason["Reason"]
    office.anna.fills({"Reason": "supplier late"})
    assert office.anna.submits() == {}
    office.box.wait_for(lambda: "reason: supplier late" in opened.text)


def test_an_earlier_date_needs_no_reason(office: Office) -> None:
    office.says(PILOT)
    assert "Wed 30 Jun 2027 → Wed 23 Jun 2027, −5 working days" in office.says(
        "/po ms forecast M1 23 june"
    )


def test_a_week_more_counts_from_the_old_date(office: Office) -> None:
    office.says(PILOT)
    answer = office.says("/po ms forecast M1 +1 week rain")
    assert "Wed 30 Jun 2027 → Wed 7 Jul 2027, +5 working days" in answer


def test_the_slip_leaves_out_the_holidays_of_the_country(office: Office) -> None:
    office.says("/po project set country=DE subdivision=BY")
    office.says('/po ms add "Pilot live" 23 dec @anna')
    office.says("/po ms baseline set")
    answer = office.says("/po ms forecast M1 7 jan supplier late")
    # Fri 25 Dec, Fri 1 Jan and Wed 6 Jan are holidays in Bavaria, 26 Dec is a Saturday
    assert "+8 working days" in answer
    assert "slip +8 working days" in answer


def test_the_same_day_again_is_answered_with_same(office: Office) -> None:
    office.says(PILOT)
    answer = office.types("/po ms forecast M1 30 june")
    office.anna.clicks("Run it", answer)
    office.box.wait_for(lambda: "On track for Wed 30 Jun 2027" in answer.text)


def test_a_forecast_is_confirmed_with_its_date(office: Office) -> None:
    office.says(PILOT)
    office.passes(days=7)
    assert "Forecast last confirmed: Tue 24 Nov 2026" in office.says("/po ms show M1")
    assert "On track for Wed 30 Jun 2027" in office.says("/po ms same M1")
    assert "Forecast last confirmed: Tue 1 Dec 2026" in office.says("/po ms show M1")


def test_members_forecast_their_own_and_no_others(office: Office) -> None:
    office.says("/po ms add Site ready by 1 june owner @ben")
    assert "+10 working days" in office.says("/po ms forecast M1 15 june mud", office.ben)
    assert "one has to be: lead" in office.says("/po ms forecast M1 16 june mud", office.carla)
    assert "one has to be: lead" in office.says("/po ms move M1 16 june mud", office.carla)


@pytest.mark.both_databases
def test_however_the_date_changes_the_history_has_it(office: Office) -> None:
    office.says(PILOT)
    office.passes(minutes=20)
    office.says("/po ms forecast M1 15 july supplier late")
    office.says("/po ms move M1 22 july customs")
    office.types("/po form ms edit M1")
    office.anna.fills({"Forecast": date(2027, 7, 29)})
    assert "+5 working days" in office.anna.submits()["Reason of a later date"]
    office.anna.fills({"Reason of a later date": "rain"})
    assert office.anna.submits() == {}
    office.says("/po ms same M1")
    assert _history(office) == [
        (None, "2027-06-30", None),
        ("2027-06-30", "2027-07-15", "supplier late"),
        ("2027-07-15", "2027-07-22", "customs"),
        ("2027-07-22", "2027-07-29", "rain"),
        ("2027-07-29", "2027-07-29", None),
    ]


def test_a_later_date_typed_behind_edit_leads_to_the_form_that_asks_why(office: Office) -> None:
    office.says(PILOT)
    answer = office.types("/po ms edit M1 by 15 july")
    assert "+11 working days" in answer.text
    office.anna.clicks("Say why …", answer)
    assert office.anna.view is not None
    assert "2027-07-15" in office.box.text_of(office.anna.view)


@pytest.mark.both_databases
def test_undo_takes_the_line_of_the_history_away(office: Office) -> None:
    office.says(PILOT)
    office.says("/po ms forecast M1 15 july supplier late")
    office.says("/po undo")
    assert _history(office) == [(None, "2027-06-30", None)]
    office.says("/po ms done M1")
    office.says("/po undo")
    office.says("/po ms same M1")
    office.says("/po undo")
    assert _history(office) == [(None, "2027-06-30", None)]
    assert "Wed 30 Jun 2027" in office.says("/po ms list")


def _history(office: Office) -> list[tuple[str | None, str | None, str | None]]:
    rows = office.stored(lambda s: s.scalars(select(MilestoneForecast).order_by("id")).all())
    return [
        (str(r.was) if r.was else None, str(r.forecast) if r.forecast else None, r.reason)
        for r in rows
    ]


@pytest.mark.parametrize(
    "title",
    [
        "*Pilot* <!channel> <@U123> & `code`",
        "Größe <script>alert(1)</script> ✓ 夜",
        'the 12" pipe, p4 i5 =SUM(1)',
        "x" * 3000,
    ],
)
def test_hostile_titles_stay_text(office: Office, title: str) -> None:
    office.says(f"/po ms add «{title}» 30 june")
    assert title[:100] in office.says("/po ms")
    office.says("/po ms forecast M1 15 july <!here> *late*")
    assert ": <!here> *late*" in office.says("/po ms show M1")
    assert title in office.says("/po ms show M1")


# --- Reached, dropped, opened again ---------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("done M1 on 20 nov", "M1 done, 3 working days late"),
        ("done M1 on 17.11.2026", "M1 done, on time"),
        ("done M1 on 16 nov first time right", "M1 done, 1 working day early"),
        ("done M1", "M1 done, 5 working days late"),
        ("close M1 on 2026-11-20", "M1 done, 3 working days late"),
        ("done M1 yesterday", "M1 done, 4 working days late"),
        ("done M1 20 nov: signed copy", "M1 done, 3 working days late"),
        ("done M1 27 nov was too late", "M1 done, 5 working days late"),
    ],
)
def test_done_says_how_late_it_was(office: Office, typed: str, words: str) -> None:
    office.now = datetime(2026, 11, 10, 9, tzinfo=BERLIN)
    office.says('/po ms add "Pilot live" 17 nov @anna')
    office.says("/po ms baseline set")
    office.now = datetime(2026, 11, 24, 9, tzinfo=BERLIN)
    assert words in office.says(f"/po ms {typed}")


def test_once_reached_its_line_shows_the_day_it_was_reached(office: Office) -> None:
    office.says('/po ms add "Pilot live" 30 nov @anna')
    answer = office.says("/po ms done M1 on 20 nov")
    assert "M1 · Pilot live · Anna · Fri 20 Nov 2026 · done" in answer


@pytest.mark.parametrize(
    "note",
    [
        "2.10 is out",
        "3/4 of it was enough",
        "friday demo is prepared",
        "yesterday's papers were signed",
    ],
)
def test_what_only_looks_like_a_day_is_noted(office: Office, note: str) -> None:
    office.says(PILOT)
    told = office.says(f"/po ms done M1 {note}")
    assert "Tue 24 Nov 2026 · done" in told
    assert f"Note: {note}" in told


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("tomorrow", "Wed 25 Nov 2026 is yet to come"),
        ("30 feb", "No plan knows such a day: 30 feb"),
        ("03/04", "Please write the month as a word."),
    ],
)
def test_a_day_that_cannot_be_the_one_is_no_note(
    office: Office, typed: str, complaint: str
) -> None:
    office.says(PILOT)
    assert complaint in office.says(f"/po ms done M1 {typed}").replace("`", "")


@pytest.mark.parametrize("typed", ["yesterday, in the folder", "in the folder on 23 nov"])
def test_what_is_noted_of_a_milestone_that_is_reached_is_said(office: Office, typed: str) -> None:
    office.says(PILOT)
    told = office.says(f"/po ms done M1 {typed}")
    assert "Mon 23 Nov 2026 · done" in told
    assert "Note: in the folder\n" in told


def test_a_milestone_that_is_closed_has_no_other_forecast(office: Office) -> None:
    office.says(PILOT)
    office.says("/po ms done M1")
    told = office.says("/po ms edit M1 by 29 july reason=oops")
    assert "M1 is closed." in told
    assert "[Run: ms reopen M1]" in told
    assert _history(office) == [(None, "2027-06-30", None)]
    assert "Pilot over" in office.says('/po ms edit M1 title="Pilot over"')
    office.types("/po form ms edit M1")
    office.anna.fills({"Forecast": date(2027, 7, 29), "Reason of a later date": "oops"})
    assert office.anna.submits() == {"Forecast": "M1 is closed."}


def test_who_corrects_a_forecast_reads_from_which_day_to_which(office: Office) -> None:
    office.says(PILOT)
    told = office.says("/po ms edit M1 by 15 july reason=mud")
    assert told.startswith("Wed 30 Jun 2027 → Thu 15 Jul 2027, +11 working days, reason: mud\n")


@pytest.mark.parametrize("line", ["M1", "chart", "plan", "same M1", "free M1 M2"])
def test_a_project_nobody_knows_is_not_taken_for_the_one_here(office: Office, line: str) -> None:
    office.says(PILOT)
    assert "There is no project GAMMA that you may read." in office.says(f"/po ms {line} in GAMMA")


def test_a_sign_behind_the_day_is_no_part_of_the_reason(office: Office) -> None:
    office.says(PILOT)
    assert "reason: mud\n" in office.says("/po ms forecast M1 to 15 july: mud")


def test_a_day_long_past_is_told_with_its_year_and_asked_about(office: Office) -> None:
    office.says('/po ms add "Pilot live" 30 nov @anna')
    office.says("/po ms baseline M1")
    answer = office.says("/po ms baseline M1 2026-01-10")
    assert "Baseline Mon 30 Nov 2026 → Sat 10 Jan 2026" in answer
    question = "more than half a year ago: is the year right?"
    assert question not in office.says("/po ms done M1 on 20.11.")
    office.says("/po undo")
    assert question in office.says("/po ms done M1 on 20.11.2025")


def test_nothing_is_reached_in_the_future(office: Office) -> None:
    office.says(PILOT)
    assert "Fri 27 Nov 2026 is yet to come" in office.says("/po ms done M1 on 27.11.2026")


def test_reopened_it_is_forecast_again(office: Office) -> None:
    office.says(PILOT)
    office.says("/po ms done M1 on 20 nov")
    assert "Reached: Fri 20 Nov 2026" in office.says("/po ms show M1")
    office.says("/po ms reopen M1")
    assert "Reached" not in office.says("/po ms show M1")
