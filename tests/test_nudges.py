"""Nudges: each kind of reminder comes when it should, in the digest of whom it concerns."""

import pytest

from slackbox import Person
from tests.office import Office


def digest(office: Office, who: Person) -> str:
    """The last digest *who* got; empty where there was none."""
    found = [text for text in office.told(who) if text.startswith("Your day")]
    return found[-1] if found else ""


@pytest.fixture
def begun(office: Office) -> Office:
    """Tuesday, 24 November: the clock runs, Ben and Carla are known, it is 9 o'clock."""
    office.says("/po project people @ben member")
    office.says("/po project people @carla member")
    office.ticks()
    return office


def has(office: Office, who: Person, text: str, day: int, month: int = 11) -> bool:
    """Whether that morning's digest of *who* says *text*."""
    before = len(office.told(who))
    office.waits_until(day, 8, 30, month=month)
    return any(text in told for told in office.told(who)[before:])


@pytest.mark.both_databases
def test_an_action_is_reminded_of_two_working_days_before_on_the_day_and_late(
    begun: Office,
) -> None:
    begun.says("/po-action add @anna send contract draft by mon 30 nov")
    assert not has(begun, begun.anna, "contract", 25)
    assert has(begun, begun.anna, "A1 · due Mon 30 Nov", 26)
    assert has(begun, begun.anna, "A1 · due Mon 30 Nov", 27)
    assert has(begun, begun.anna, "A1 · due today", 30)
    assert has(begun, begun.anna, "A1 · 1 working day late (Mon 30 Nov)", 1, 12)
    begun.says("/po-action move A1 18 dec")
    assert not has(begun, begun.anna, "contract", 2, 12)


def test_the_holidays_of_the_project_are_no_working_days(begun: Office) -> None:
    begun.says("/po project set country=DE")
    begun.says("/po-action add @anna send contract draft by mon 28 dec")
    assert not has(begun, begun.anna, "contract", 22, 12)
    assert has(begun, begun.anna, "contract", 23, 12)  # Friday is Christmas, Thursday is worked
    assert not has(begun, begun.anna, "contract", 25, 12)
    assert has(begun, begun.anna, "due today", 28, 12)


def test_what_is_blocked_done_or_moved_rests(begun: Office) -> None:
    for title in ("one", "two", "three", "four"):
        begun.says(f"/po-action add @anna {title} by thu")
    begun.says("/po-action block A1 waiting for legal")
    begun.says("/po-action done A2")
    begun.says("/po-action move A3 +3 weeks")
    begun.waits_until(25, 8, 30)
    told = digest(begun, begun.anna)
    assert "four" in told
    assert "Alpha · 1 soon" in told
    begun.says("/po-action unblock A1")
    assert has(begun, begun.anna, "one", 26)


def test_an_issue_is_reminded_of_like_an_action(begun: Office) -> None:
    begun.says("/po issue add Test system is down severity high owner @anna by thu")
    begun.waits_until(25, 8, 30)
    told = digest(begun, begun.anna)
    assert "Test system is down\nI1 · due Thu 26 Nov · high\n[Resolve] [Move …]" in told


def test_what_was_given_before_today_waits_for_an_answer(begun: Office) -> None:
    begun.says("/po-action add @ben write the press release by 15 dec")
    begun.waits_until(25, 8, 30)
    told = digest(begun, begun.ben)
    assert "To accept\nwrite the press release\nA1 · given by Anna · due Tue 15 Dec" in told
    assert "[Accept] [Propose date …] [Decline …]" in told
    begun.now = begun.now.replace(hour=8, minute=0, day=26)
    begun.says("/po-action add @ben call the supplier by 15 dec")
    begun.says("/po-action accept A1", begun.ben)
    assert not has(begun, begun.ben, "A", 26)
    assert has(begun, begun.ben, "call the supplier", 27)
    begun.says("/po-action decline A2 not my field", begun.ben)
    assert not has(begun, begun.ben, "call", 30)


def test_what_was_given_on_this_very_morning_is_not_asked_about_at_once(begun: Office) -> None:
    begun.says("/po-action add write the press release by 15 dec")
    begun.waits_until(25, 8, 0)
    begun.says("/po-action give A1 @ben")
    assert not has(begun, begun.ben, "press release", 25)
    assert has(begun, begun.ben, "press release\nA1 · given by Anna", 26)


def test_what_is_due_and_not_accepted_is_there_once_with_its_answers(begun: Office) -> None:
    begun.says("/po-action add @ben write the press release by thu")
    begun.waits_until(25, 8, 30)
    told = digest(begun, begun.ben)
    assert "A1 · due Thu 26 Nov · not accepted yet\n[Accept] [Propose date …]" in told
    assert told.count("write the press release") == 1


def test_a_milestone_is_near_ten_and_three_days_before_on_the_day_and_weekly(
    begun: Office,
) -> None:
    begun.says("/po ms add Pilot live by 14 dec owner @ben")
    begun.says("/po settings job forecasts off")
    days = [*range(25, 28), 30]
    told = [day for day in days if has(begun, begun.ben, "Pilot live", day)]
    december = [1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22, 23, 24, 28]
    told += [day for day in december if has(begun, begun.ben, "Pilot live", day, 12)]
    assert told == [4, 11, 14, 21, 28]
    assert "10 working days late (Mon 14 Dec)" in digest(begun, begun.ben)


def test_a_milestone_whose_step_fell_on_a_weekend_or_away_day_comes_after(begun: Office) -> None:
    begun.says("/po settings job forecasts off")
    begun.says("/po ms add Pilot live by 8 dec owner @ben")  # ten days before is a Saturday
    assert has(begun, begun.ben, "in 8 days, Tue 8 Dec", 30)
    begun.says("/po away until wed 9 dec from fri 4 dec", begun.ben)
    assert not has(begun, begun.ben, "Pilot live", 7, 12)
    assert has(begun, begun.ben, "1 working day late (Tue 8 Dec)", 9, 12)


def test_a_milestone_whose_step_fell_on_a_holiday_comes_after(begun: Office) -> None:
    begun.says("/po project set country=DE")
    begun.says("/po settings job forecasts off")
    begun.says("/po ms add Pilot live by 4 jan owner @ben")  # ten days before is Christmas
    assert not has(begun, begun.ben, "Pilot live", 24, 12)
    assert not has(begun, begun.ben, "Pilot live", 25, 12)
    assert has(begun, begun.ben, "in 7 days, Mon 4 Jan 2027", 28, 12)
    assert not has(begun, begun.ben, "Pilot live", 29, 12)


def snoozes(office: Office, who: Person, near: str, button: str = "Snooze 1 day") -> None:
    """*who* puts off what their last digest reminds of."""
    (*_others, message) = [m for m in office.told_messages(who) if near in office.box.text_of(m)]
    who.clicks(button, message, near=near)
    office.box.wait_for(lambda: "you are not reminded before" in office.box.text_of(message))


@pytest.mark.both_databases
def test_a_milestone_that_was_snoozed_comes_back_when_that_is_over_and_only_then(
    begun: Office,
) -> None:
    begun.says("/po settings job forecasts off")
    begun.says("/po ms add Pilot by 4 dec owner @ben")
    assert has(begun, begun.ben, "M1 · in 3 days, Fri 4 Dec", 1, 12)
    snoozes(begun, begun.ben, "Pilot")
    assert not has(begun, begun.ben, "Pilot", 2, 12)
    assert has(begun, begun.ben, "M1 · in 1 day, Fri 4 Dec", 3, 12)
    assert has(begun, begun.ben, "M1 · due today", 4, 12)
    snoozes(begun, begun.ben, "Pilot")
    assert not has(begun, begun.ben, "Pilot", 7, 12)
    assert has(begun, begun.ben, "M1 · 2 working days late", 8, 12)
    assert not has(begun, begun.ben, "Pilot", 9, 12)
    assert has(begun, begun.ben, "M1 · 5 working days late", 11, 12)


def test_a_step_that_came_while_it_was_snoozed_is_told_when_it_is_over(begun: Office) -> None:
    begun.says("/po settings job forecasts off")
    begun.says("/po ms add Pilot by 10 dec owner @ben")
    begun.says("/po snooze M1 until 2 dec in ALPHA", begun.ben)
    for day, month in ((27, 11), (30, 11), (1, 12)):
        assert not has(begun, begun.ben, "Pilot", day, month)
    begun.says("/po away until 4 dec", begun.ben)
    assert not has(begun, begun.ben, "Pilot", 2, 12)
    assert not has(begun, begun.ben, "Pilot", 3, 12)
    assert has(begun, begun.ben, "M1 · in 6 days, Thu 10 Dec", 4, 12)


def test_what_is_no_longer_snoozed_comes_with_the_next_digest(begun: Office) -> None:
    begun.says("/po settings job forecasts off")
    begun.says("/po ms add Pilot by 10 dec owner @ben")
    begun.says("/po snooze M1 until 2 dec in ALPHA", begun.ben)
    assert not has(begun, begun.ben, "Pilot", 30)
    begun.waits_until(1, 8, 0, month=12)
    begun.says("/po snooze M1 off in ALPHA", begun.ben)
    assert has(begun, begun.ben, "M1 · in 9 days", 1, 12)
    assert not has(begun, begun.ben, "Pilot", 2, 12)


def test_a_forecast_that_was_snoozed_is_asked_for_when_that_is_over(begun: Office) -> None:
    begun.says("/po ms add Pilot by 29 jan owner @ben")
    assert has(begun, begun.ben, "Still on track?\nPilot", 30)
    snoozes(begun, begun.ben, "Pilot")
    assert not has(begun, begun.ben, "Pilot", 1, 12)
    assert has(begun, begun.ben, "Still on track?\nPilot", 2, 12)
    assert not has(begun, begun.ben, "Pilot", 3, 12)


def test_what_is_new_with_a_risk_is_asked_when_its_snooze_is_over(begun: Office) -> None:
    begun.says("/po-risk add Vendor is late p5 i5 owner @ben")
    assert has(begun, begun.ben, "Vendor", 1, 12)
    snoozes(begun, begun.ben, "Vendor")
    assert not has(begun, begun.ben, "Vendor", 2, 12)
    assert has(begun, begun.ben, "review due since Tue 1 Dec\n[What is new? …]", 3, 12)
    assert not has(begun, begun.ben, "Vendor", 4, 12)


def test_a_milestone_nobody_owns_is_the_leads(begun: Office) -> None:
    begun.says("/po ms add Pilot live by fri 4 dec")
    begun.waits_until(26, 8, 30)
    assert has(begun, begun.anna, "in 7 days, Fri 4 Dec", 27) is False
    assert has(begun, begun.anna, "Pilot live", 30)
    assert not digest(begun, begun.ben)


def test_what_nobody_owns_and_is_due_is_the_leads(begun: Office) -> None:
    begun.says("/po issue add Test system is down severity high by thu")
    begun.says("/po-action add order test devices by thu")
    begun.waits_until(25, 8, 30)
    told = digest(begun, begun.anna)
    assert "order test devices\nA1 · due Thu 26 Nov · no owner\n[Give …] [Move …] [Done]" in told
    assert "I1 · due Thu 26 Nov · high · no owner\n[Give …] [Move …] [Resolve]" in told
    assert not digest(begun, begun.ben)
    begun.says("/po issue give I1 @ben")
    begun.says("/po-action done A1")
    assert not has(begun, begun.anna, "Thu 26 Nov", 26)
    assert "Test system is down\nI1 · due today" in digest(begun, begun.ben)


@pytest.mark.both_databases
@pytest.mark.parametrize("gone", ["left the channel", "not named any more"])
def test_what_belongs_to_who_may_not_read_the_project_any_more_is_the_leads(
    begun: Office, gone: str
) -> None:
    begun.says("/po settings digest 10:00", begun.ben)
    begun.says("/po ms add Pilot by 8 dec owner @ben")
    begun.says("/po issue add Test system is down severity high owner @ben by 8 dec")
    begun.says("/po-action add @ben order test devices by 8 dec")
    if gone == "left the channel":
        begun.says("/po project remove @ben member")
        begun.ben.leaves(begun.alpha)
        begun.box.settle()
    else:
        begun.says("/po project set visibility=restricted")
        begun.says("/po project remove @ben member")
    assert has(begun, begun.anna, "Milestones\nPilot\nM1 · in 8 days", 30)
    assert has(begun, begun.anna, "order test devices", 4, 12)
    told, his = digest(begun, begun.anna), "Ben, who may not read Alpha"
    assert f"A1 · due Tue 8 Dec · {his}\n[Give …] [Move …] [Done]" in told
    assert f"I1 · due Tue 8 Dec · high · {his}" in told
    assert has(begun, begun.anna, f"Pilot\nM1 · in 1 day, Tue 8 Dec · {his}", 7, 12)
    begun.waits_until(8, 10, 0, month=12)
    assert not digest(begun, begun.ben)


@pytest.mark.both_databases
def test_on_mondays_owners_say_whether_their_milestones_hold(begun: Office) -> None:
    begun.says("/po ms add Site ready by 20 dec owner @ben")
    begun.says("/po ms add Pilot live by 15 jan owner @ben")
    assert not has(begun, begun.ben, "Pilot live", 27)
    begun.waits_until(30, 8, 30)
    (message,) = [m for m in begun.told_messages(begun.ben) if "Still on" in begun.box.text_of(m)]
    told = begun.box.text_of(message)
    assert "Pilot live\nM2 · in 46 days, Fri 15 Jan 2027\n[On track] [+1 week] [+2 weeks]" in told
    begun.ben.clicks("On track", message, near="Pilot live")
    begun.box.wait_for(lambda: "✓ Pilot live · on track for" in begun.told(begun.ben)[-1])
    assert not has(begun, begun.ben, "on track?", 1, 12)
    assert has(begun, begun.ben, "Site ready", 7, 12)


def test_what_is_put_off_beyond_the_horizon_of_the_round_is_asked_about_on(
    begun: Office,
) -> None:
    begun.says("/po ms add Pilot live by 15 feb owner @ben")
    begun.says("/po ms add Handover by 15 apr owner @ben")
    begun.says("/po ms forecast M1 2027-04-01 supplier late")
    begun.says("/po ms forecast M2 2027-05-01 supplier late")
    for day, month in ((30, 11), (7, 12)):
        assert has(begun, begun.ben, "Pilot live", day, month)
        assert "Handover" not in digest(begun, begun.ben)
        begun.says("/po ms same M1", begun.ben)


def test_a_later_forecast_asks_for_its_reason(begun: Office) -> None:
    begun.says("/po ms add Pilot live by 15 jan owner @ben")
    begun.says("/po ms baseline set")
    begun.waits_until(30, 8, 30)
    message = begun.told_messages(begun.ben)[-1]
    begun.ben.clicks("+1 week", message)
    begun.ben.fills({"Reason": "supplier late"})
    assert begun.ben.submits() == {}
    begun.box.wait_for(
        lambda: "Fri 15 Jan → Fri 22 Jan" in begun.told(begun.ben)[-1].replace(" 2027", "")
    )
    assert "[+1 week]" not in begun.told(begun.ben)[-1]


def test_a_forecast_in_the_past_is_put_off_from_today_on(begun: Office) -> None:
    begun.says("/po ms add Pilot live by 26 nov owner @ben")
    begun.says("/po ms baseline set")
    for day in (25, 26):
        begun.waits_until(day, 8, 30)
    begun.waits_until(7, 8, 30, month=12)
    message = begun.told_messages(begun.ben)[-1]
    assert "M1 · 7 working days late (Thu 26 Nov)\n[Done] [+1 week]" in begun.box.text_of(message)
    begun.ben.clicks("+1 week", message)
    begun.ben.fills({"Reason": "supplier late"})
    assert begun.ben.submits() == {}
    begun.box.wait_for(lambda: "Mon 14 Dec" in begun.told(begun.ben)[-1])


def test_where_monday_is_a_holiday_the_round_is_on_tuesday(begun: Office) -> None:
    begun.says("/po project set country=DE")
    begun.says("/po ms add Pilot live by 30 june owner @ben")
    begun.says("/po ms edit M1 by 2026-12-31")
    begun.now = begun.now.replace(year=2027, month=3, day=23)
    begun.says("/po ms forecast M1 2027-06-01 supplier late")
    begun.now = begun.now.replace(month=3, day=29, hour=8, minute=30)  # Easter Monday
    begun.ticks()
    assert not digest(begun, begun.ben)
    begun.now = begun.now.replace(day=30)
    begun.ticks()
    assert "Still on track?" in digest(begun, begun.ben)


def test_the_round_missed_by_who_was_away_on_monday_comes_when_they_are_back(
    begun: Office,
) -> None:
    begun.says("/po ms add Pilot live by 15 jan owner @ben")
    begun.waits_until(25, 8, 30)
    begun.says("/po away until wed 2 dec from 27 nov", begun.ben)
    for day in (26, 27, 30):
        begun.waits_until(day, 8, 30)
    assert not has(begun, begun.ben, "Pilot live", 1, 12)
    assert has(begun, begun.ben, "Pilot live", 2, 12)
    assert not has(begun, begun.ben, "Pilot live", 3, 12)


@pytest.mark.both_databases
def test_the_status_is_asked_for_on_wednesday_and_chased_on_thursday_and_friday(
    begun: Office,
) -> None:
    for day in (25, 26, 27, 30):
        assert not has(begun, begun.anna, "Status of Alpha", day)
    assert not has(begun, begun.anna, "Status of Alpha", 1, 12)
    assert has(begun, begun.anna, "Status of Alpha\ndue Thu 3 Dec, 12:00\n[Report …]", 2, 12)
    assert has(begun, begun.anna, "Status of Alpha\ndue today, 12:00", 3, 12)
    assert has(begun, begun.anna, "Status of Alpha\nlate since Thu 3 Dec", 4, 12)
    assert not digest(begun, begun.ben)


def test_a_status_reported_or_confirmed_is_not_asked_for(begun: Office) -> None:
    begun.says("/po-status green all is well")
    begun.now = begun.now.replace(month=12, day=1)
    begun.says("/po-status same")
    assert not has(begun, begun.anna, "Status of Alpha", 2, 12)
    assert has(begun, begun.anna, "[Report …] [Same as last time]", 9, 12)
    message = begun.told_messages(begun.anna)[-1]
    begun.anna.clicks("Same as last time", message)
    begun.box.wait_for(lambda: "✓ Status of Alpha · 🟢 GREEN" in begun.told(begun.anna)[-1])
    assert not has(begun, begun.anna, "Status of Alpha", 10, 12)


def test_a_risk_is_reviewed_weekly_fortnightly_or_every_four_weeks(begun: Office) -> None:
    begun.says("/po-risk add High p4 i5")
    begun.says("/po-risk add Medium p2 i4")
    begun.says("/po-risk add Low p1 i2")
    begun.waits_until(30, 8, 30)
    assert not digest(begun, begun.anna)
    assert has(begun, begun.anna, "High\nR1 · 20 of 25, critical · review due today", 1, 12)
    assert has(begun, begun.anna, "R1 · 20 of 25, critical · review due since Tue 1 Dec", 2, 12)
    message = begun.told_messages(begun.anna)[-1]
    begun.anna.clicks("Same", message, near="High")
    begun.box.wait_for(lambda: "✓ High · reviewed, unchanged" in begun.told(begun.anna)[-1])
    assert not has(begun, begun.anna, "High", 3, 12)
    assert has(begun, begun.anna, "Medium", 8, 12)
    assert "Low" not in digest(begun, begun.anna)
    assert has(begun, begun.anna, "Low", 22, 12)


def test_an_owner_who_may_not_review_is_asked_once_a_week_what_is_new(begun: Office) -> None:
    begun.says("/po-risk add Supplier has no capacity p4 i5 owner @ben")
    assert has(begun, begun.ben, "review due today\n[What is new? …]", 1, 12)
    message = begun.told_messages(begun.ben)[-1]
    begun.ben.clicks("What is new? …", message)
    begun.ben.fills({"Note": "second supplier found"})
    assert begun.ben.submits() == {}
    begun.box.wait_for(lambda: "second supplier found" in begun.told(begun.ben)[-1])
    lead = begun.told(begun.anna)[-1]
    assert "R1 · 20 of 25, critical · Ben · review due today" in lead
    assert "Ben: noted: second supplier found" in lead
    assert "[Same] [Rescore …] [Close] [Occurred]" in lead
    assert not has(begun, begun.ben, "Supplier", 2, 12)
    assert "review due since Tue 1 Dec" in digest(begun, begun.anna)
    assert not has(begun, begun.ben, "Supplier", 7, 12)
    assert has(begun, begun.ben, "review due since Tue 1 Dec\n[What is new? …]", 8, 12)
    assert not has(begun, begun.ben, "Supplier", 9, 12)
