"""Newcomers: what somebody types who knows nothing yet is understood, or asked back in words."""

from datetime import date, timedelta

import pytest

from tests.office import Office


def form(office: Office) -> str:
    """What the open form holds."""
    assert office.anna.view is not None
    return office.box.text_of(office.anna.view)


@pytest.mark.parametrize("typed", ["20.11.", "20 nov"])
def test_a_day_back_that_has_just_passed_is_asked_back(office: Office, typed: str) -> None:
    told = office.types(f"/po away until {typed}")
    assert "Fri 20 Nov 2026 is in the past. Do you mean Sat 20 Nov 2027?" in told.text
    assert "You are not away." in office.says("/po away")
    office.anna.clicks("Sat 20 Nov 2027", told)
    office.box.wait_for(lambda: "until Sat 20 Nov 2027" in told.text)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("20.11.2027", "Sat 20 Nov 2027"),
        ("20.11.27", "Sat 20 Nov 2027"),
        ("20 june", "Sun 20 Jun 2027"),
        ("52 weeks", "Tue 23 Nov 2027"),
    ],
)
def test_a_day_back_far_ahead_that_is_meant_is_taken(
    office: Office, typed: str, until: str
) -> None:
    assert f"until {until}" in office.says(f"/po away until {typed}")


def test_weekdays_of_an_absence_are_those_that_come_one_behind_the_other(office: Office) -> None:
    office.passes(days=-1)
    told = office.says("/po away ab montag bis mittwoch")
    assert "from Mon 30 Nov 2026 until Wed 2 Dec 2026" in told
    assert "from Wed 25 Nov 2026 until Thu 26 Nov 2026" in office.says("/po away from wed to thu")


def test_the_next_digest_is_the_one_after_the_days_away(office: Office) -> None:
    office.ticks()
    office.says("/po away until mon")
    assert "next: Monday, November 30th, 8:30 AM" in office.says("/po settings")
    assert "• Mon 30 Nov, 07:00" in office.says("/po settings digest 07:00")


def test_an_absence_that_is_over_is_not_shown(office: Office) -> None:
    office.says("/po away until thu")
    assert "Away: from Tue 24 Nov 2026 until Thu 26 Nov 2026" in office.says("/po settings")
    office.passes(days=2)
    assert "Away: no" in office.says("/po settings")
    assert "You are not away." in office.says("/po away")


def test_a_preview_of_what_is_switched_off_says_so(office: Office) -> None:
    assert "switched off" not in office.says("/po jobs preview report")
    office.says("/po settings job report off")
    assert "It is switched off: nobody is told any of it." in office.says("/po jobs preview report")
    office.says("/po settings digest off")
    assert "It is switched off" in office.says("/po jobs preview digest")


def test_a_kind_is_typed_by_the_name_on_the_screen_too(office: Office) -> None:
    shown = office.says("/po settings")
    assert "Typed: settings mute reminders (To do), requests (To accept)" in shown
    assert "Muted: reminders (To do)." in office.says("/po settings mute to do")
    assert "Muted: forecasts (Still on track?)." in office.says("/po settings mute Still on track?")
    assert "reviews (Risks to review)" in office.says("/po settings job risks to review off")
    told = office.says("/po settings mute all")
    assert "`reminders` (To do)" in told or "reminders (To do)" in told
    assert "|digest" in told


def test_a_digest_within_the_quiet_hours_comes_and_says_so(office: Office) -> None:
    words = "That lies in your quiet hours, 19:00–07:30: the digest comes all the same."
    assert words in office.says("/po settings digest 6:30")
    assert "digest comes at 06:30 all the same" in office.says("/po settings quiet 20:00-07:00")
    assert "all the same" not in office.says("/po settings digest 9:00")
    assert "all the same" not in office.says("/po settings quiet 20:00-07:00")


def test_snooze_alone_says_what_to_type(office: Office) -> None:
    told = office.types("/po snooze")
    assert "Which one? Type its name, such as A12" in told.text
    assert "Such as: /po snooze A12 1 week" in told.text
    office.anna.clicks("My list", told)
    office.box.wait_for(lambda: "Which one?" not in told.text)


def test_a_colour_mistyped_is_asked_back_and_kept(office: Office) -> None:
    told = office.types("/po status ambr immer noch spät")
    assert "I do not know ambr. Did you mean status amber?" in told.text
    office.anna.clicks("Run it", told)
    office.box.wait_for(lambda: "AMBER" in told.text)
    assert "Did you mean status green" in office.says("/po status gren", where=office.anna.dm)


def test_a_status_whose_text_comes_first_opens_the_form(office: Office) -> None:
    office.types("/po status Ready for the pilot")
    assert "How it stands: Ready for the pilot" in form(office)
    office.types("/po form status report ambr late")
    assert "How it stands: ambr late" in form(office)


def test_a_project_one_may_not_read_is_refused_in_the_same_words_everywhere(
    office: Office,
) -> None:
    refusal = "There is no project GAMMA that you may read."
    for line in ("jobs in GAMMA", "action list in GAMMA", "jobs preview report in GAMMA"):
        assert refusal in office.says(f"/po {line}", where=office.anna.dm)


def test_a_project_nearly_named_is_asked_back(office: Office) -> None:
    for line in ("jobs list in ALPPHA", "action list in ALPPHA", "settings in ALPPHA"):
        assert "Did you mean ALPHA?" in office.says(f"/po {line}", where=office.anna.dm)
    assert "Did you mean" not in office.says("/po jobs list in ALPPHA", office.gus, office.gus.dm)
    answer = office.types("/po action list in ALPPHA", where=office.anna.dm)
    office.anna.clicks("Run it", answer)
    office.box.wait_for(lambda: "Did you mean" not in answer.text)


def test_what_holds_already_is_no_mistake(office: Office) -> None:
    assert office.says("/po away off") == "You are not away."
    assert office.says("/po settings unmute reviews") == "reviews (Risks to review) are not muted."
    office.says("/po settings mute reviews")
    assert "are muted already." in office.says("/po settings mute reviews")


def test_a_form_says_what_it_is_about(office: Office) -> None:
    office.says("/po-action add water the plants by fri")
    office.types("/po-action move A1")
    assert "A1 · water the plants · Alpha" in form(office)
    office.types("/po form status report")
    assert "Alpha" in form(office)


def test_a_reason_that_will_be_needed_is_asked_for_as_such(office: Office) -> None:
    office.says("/po ms add Pilot live by 18 dec")
    office.types("/po form ms forecast M1")
    assert "Reason (for a later date)" in form(office)
    later = date(2026, 12, 18) + timedelta(days=7)
    office.types(f"/po ms forecast M1 {later}")
    assert "(for a later date)" not in form(office)
    assert "Reason" in office.anna.submits()
    office.anna.fills({"Reason": "supplier late"})
    assert office.anna.submits() == {}
