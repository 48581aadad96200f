"""Settings, away and snooze: when whom the clock tells what, and what others see of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.occurrences import Occurrence
from bot.people import Person
from bot.plans import moment_of
from bot.preferences import Preference
from tests.office import Office


def outcomes(office: Office, job: str) -> dict[str, str]:
    """What became of each turn of *job*, by period; of the digest, Anna's."""

    def look(session: Session) -> dict[str, str]:
        found = select(Occurrence).where(Occurrence.job == job).order_by(Occurrence.planned_at)
        if job == "digest":
            anna = select(Person.id).where(Person.slack_id == office.anna.id).scalar_subquery()
            found = found.where(Occurrence.subject_id == anna)
        rows = session.scalars(found).all()
        return {row.period: row.outcome.value for row in rows}

    told: dict[str, str] = office.stored(look)
    return told


def test_bare_settings_show_mine_and_the_projects(office: Office) -> None:
    told = office.says("/po settings")
    assert told.startswith("Yours\nPersonal digest: Mon–Fri 08:30 · next: ")
    assert "Quiet hours: 19:00–07:30" in told
    assert "Weekly report · Fri 15:00 · next: Fri 27 Nov" in told
    assert "To accept · in the personal digests (requests)" in told
    office.says("/po settings job reviews off")
    assert "Risks to review · left out of the personal digests (reviews)" in office.says(
        "/po settings"
    )


def test_in_a_direct_message_the_project_can_be_named(office: Office) -> None:
    beta = office.box.channel("beta", members=[office.anna])
    office.says("/po project new Beta", where=beta)
    assert "report" not in office.says("/po settings", where=office.anna.dm)
    assert "Beta\nEscalation" in office.says("/po settings in BETA", where=office.anna.dm)


@pytest.mark.parametrize("typed", ["16:00", "16.00", "4 pm", "4pm", "16 Uhr", "16", "at 16:00"])
def test_an_hour_is_typed_as_people_write_it(office: Office, typed: str) -> None:
    assert "Your personal digest · Mon–Fri 16:00" in office.says(f"/po settings digest {typed}")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("settings digest 25:00", "No clock shows 25:00"),
        ("settings digest 9:75", "No clock shows 9:75"),
        ("settings digest 13 pm", "No clock shows 13 pm"),
        ("settings digest soon", "I do not understand soon here."),
        ("settings mute reveiws", "Did you mean reviews?"),
        ("settings job reprot off", "Did you mean report?"),
        ("settings job reviews 9:00", "settings job reviews off or on"),
        ("settings job digest off", "Everybody has digest at an hour of their own"),
        ("settings job escalation thu 9:00", "escalation comes every working day"),
        ("settings job report 30 feb", "You typed: settings job report 30 feb"),
        ("settings in GAMMA", "There is no project GAMMA that you may read."),
        ("project set zone=Europe/Munich", "I do not know the time zone Europe/Munich"),
        ("away until 30 feb", "No plan knows such a day: 30 feb"),
        ("away from 18 dec until 7 dec", "that is no time at all"),
        ("away until yesterday", "is in the past"),
        ("away from fri", "Until when?"),
        ("snooze A1", "Until when? Such as snooze ALPHA-A1 1 week."),
        ("snooze A1 until today", "That day has come already."),
        ("snooze A1 30 feb", "No plan knows such a day"),
        ("snooze A1 off", "is not snoozed"),
    ],
)
def test_a_mistake_is_named_with_the_form_that_works(
    office: Office, line: str, complaint: str
) -> None:
    office.says("/po-action add water the plants")
    told = office.says(f"/po {line}")
    assert complaint in told
    assert f"You typed: {line}" in told


def test_the_receipt_shows_the_next_three_runs(office: Office) -> None:
    office.ticks()
    answer = office.types("/po settings job report thu 4 pm")
    assert answer.text.splitlines()[1:4] == [
        "• Thu 26 Nov, 16:00",
        "• Thu 3 Dec, 16:00",
        "• Thu 10 Dec, 16:00",
    ]
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "Undone" in answer.text)
    assert "Weekly report · Fri 15:00" in office.says("/po settings")


def test_a_run_moved_by_a_holiday_says_so(office: Office) -> None:
    office.says("/po project set country=DE")
    office.now += timedelta(days=21)
    told = office.says("/po settings job report 16:00")
    assert "• Thu 24 Dec, 16:00, because Fri 25 Dec is a holiday (Christmas Day)" in told


def test_a_day_moved_to_one_that_has_passed_is_done_at_once(office: Office) -> None:
    office.ticks()
    told = office.says("/po settings job report mon 08:00")
    assert "• at once\n• Mon 30 Nov, 08:00" in told
    assert "It comes at once" in told
    office.ticks()
    assert outcomes(office, "report") == {"2026-W48": "sent"}
    office.says("/po settings job report usual")
    office.waits_until(27, 15)
    office.waits_until(30, 9)
    assert outcomes(office, "report") == {"2026-W48": "sent"}


def test_what_came_already_comes_next_time_whatever_the_new_hour(office: Office) -> None:
    office.ticks()
    office.waits_until(27, 15)
    assert "• Fri 4 Dec, 17:00" in office.says("/po settings job report 17:00").splitlines()[1]
    office.waits_until(27, 17)
    assert outcomes(office, "report") == {"2026-W48": "sent"}


@pytest.mark.both_databases
def test_what_waits_for_the_office_to_open_is_not_lost_when_its_hour_is_edited(
    office: Office,
) -> None:
    office.ticks()
    office.waits_until(27, 22)
    assert outcomes(office, "report") == {}
    told = office.says("/po settings job report 16:00")
    assert "• Mon 30 Nov, 07:00, when the office opens\n• Fri 4 Dec, 16:00" in told
    office.waits_until(28, 12)
    office.waits_until(30, 7)
    assert outcomes(office, "report") == {"2026-W48": "sent"}


def test_a_job_switched_off_does_not_come_and_on_again_it_does(office: Office) -> None:
    office.ticks()
    office.says("/po settings job report off")
    office.waits_until(27, 15)
    assert outcomes(office, "report") == {}
    answer = office.types("/po settings job report on")
    assert "• Fri 4 Dec, 15:00" in answer.text
    office.ticks()
    office.waits_until(4, 15, month=12)
    assert list(outcomes(office, "report")) == ["2026-W49"]


def test_only_a_lead_changes_what_the_clock_does(office: Office) -> None:
    office.says("/po project people @ben office")
    refused = office.says("/po settings job report off", office.ben)
    assert "one has to be: lead. Please ask @Anna." in refused
    shown = office.says("/po settings", office.ben)
    assert "@Anna can change it." in shown
    assert "[⋯ Change …" not in shown


def test_a_job_is_changed_in_a_form(office: Office) -> None:
    office.ticks()
    office.anna.clicks("Change …", office.types("/po settings"), near="report")
    office.anna.fills({"Day": "wed", "At": "10:15"})
    assert office.anna.submits() == {}
    assert "Wed 10:15 · next: Wed 25 Nov, 10:15" in office.says("/po settings")


def test_my_digest_hour_is_changed_in_a_form_that_shows_it(office: Office) -> None:
    office.anna.clicks("Digest hour …", office.types("/po settings"))
    assert office.anna.view is not None
    office.anna.fills({"At": "09:45"})
    assert office.anna.submits() == {}
    assert "Mon–Fri 09:45" in office.says("/po settings")


def test_a_digest_whose_hour_is_edited_on_its_day_comes_once(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.ticks()
    office.waits_until(26, 7)
    assert "• at once" in office.says("/po settings digest 06:30")
    office.ticks()
    office.says("/po settings digest 11:00")
    office.waits_until(26, 11)
    office.waits_until(27, 11)
    told = [text for text in office.told(office.anna) if "Your day" in text]
    assert len(told) == 2
    assert list(outcomes(office, "digest").values())[-2:] == ["sent", "sent"]


def test_no_digest_comes_to_who_wants_none(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.ticks()
    assert "no personal digest any more" in office.says("/po settings digest off")
    office.waits_until(26, 9)
    assert not [text for text in office.told(office.anna) if "Your day" in text]
    office.says("/po settings digest usual")
    office.ticks()
    office.waits_until(27, 9)
    assert [text for text in office.told(office.anna) if "Your day" in text]


@pytest.mark.both_databases
def test_a_kind_is_muted_by_who_reads_it_and_by_a_project(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.ticks()
    office.says("/po settings mute reminders")
    office.waits_until(26, 9)
    office.says("/po settings unmute reminders")
    office.says("/po settings job reminders off")
    office.waits_until(27, 9)
    assert not [text for text in office.told(office.anna) if "plants" in text]
    office.says("/po settings job reminders on")
    office.waits_until(30, 9)
    assert [text for text in office.told(office.anna) if "plants" in text]


def test_quiet_hours_are_set_and_taken_away(office: Office) -> None:
    assert "Quiet from 20:00 to 07:00" in office.says("/po settings quiet 20-7")
    assert "Quiet hours: 20:00–07:00" in office.says("/po settings")
    assert "no quiet hours now" in office.says("/po settings quiet off")
    assert "Quiet hours: none" in office.says("/po settings")
    assert "19:00 to 07:30" in office.says("/po settings quiet usual")


@pytest.mark.both_databases
def test_whoever_is_away_gets_no_digest_until_they_are_back(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.ticks()
    answer = office.types("/po away until mon")
    assert "You are away from Tue 24 Nov 2026 until Mon 30 Nov 2026." in answer.text
    office.waits_until(26, 9)
    office.waits_until(27, 9)
    assert list(outcomes(office, "digest").values()) == ["merged", "skipped", "skipped"]
    office.waits_until(30, 9)
    (told,) = [text for text in office.told(office.anna) if "Your day" in text]
    assert "water the plants" in told


def test_who_gives_something_to_somebody_away_reads_it(office: Office) -> None:
    office.says("/po away until 2 dec", office.ben)
    hint = "Ben is away until Wed 2 Dec."
    assert hint in office.says("/po-action add @ben water the plants by fri")
    office.says("/po-action add feed the cat by fri")
    assert hint in office.says("/po-action give A2 @ben")
    office.says("/po away off", office.ben)
    assert hint not in office.says("/po-action add @ben sweep the floor by fri")


def test_being_away_can_be_said_ahead_shown_and_undone(office: Office) -> None:
    answer = office.types("/po away from 7 dec until 18 dec")
    assert "from Mon 7 Dec 2026 until Fri 18 Dec 2026" in office.says("/po away")
    assert "Away: from Mon 7 Dec 2026 until Fri 18 Dec 2026" in office.says("/po settings")
    office.anna.clicks("Undo", answer)
    office.box.wait_for(lambda: "Undone" in answer.text)
    assert "You are not away." in office.says("/po away")


def test_away_is_said_in_a_form(office: Office) -> None:
    office.anna.clicks("Away …", office.types("/po away"))
    office.anna.fills({"Back on": "2026-12-02"})
    assert office.anna.submits() == {}
    assert "until Wed 2 Dec 2026" in office.says("/po away")


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("1 day", "Thu 26 Nov 2026"),  # as the button: the next digest comes without it
        ("einen Tag", "Thu 26 Nov 2026"),
        ("tomorrow", "Wed 25 Nov 2026"),
        ("1 week", "Tue 1 Dec 2026"),
        ("a week", "Tue 1 Dec 2026"),
        ("for 3 days", "Mon 30 Nov 2026"),
        ("until fri", "Fri 27 Nov 2026"),
        ("fri", "Fri 27 Nov 2026"),
    ],
)
def test_a_thing_is_snoozed_for_a_span_or_until_a_day(
    office: Office, typed: str, until: str
) -> None:
    office.says("/po-action add @ben water the plants by fri")
    assert f"not reminded before {until}" in office.says(f"/po snooze A1 {typed}")


@pytest.mark.both_databases
def test_what_is_snoozed_rests_for_me_alone(office: Office) -> None:
    office.says("/po-action add @anna water the plants by tomorrow")
    office.ticks()
    office.waits_until(26, 9)
    digest = office.told_messages(office.anna)[-1]
    office.anna.clicks("Snooze 1 day", digest)
    rests = "water the plants · ALPHA-A1: you are not reminded before Mon 30 Nov 2026."
    assert rests in office.told(office.anna)[-1]
    office.says("/po undo")
    assert "[Done]" in office.told(office.anna)[-1]
    office.says("/po snooze A1 1 week")
    office.waits_until(27, 9)
    office.waits_until(30, 9)
    assert len([text for text in office.told(office.anna) if "Your day" in text]) == 1
    assert "water the plants · Anna" in office.says("/po-action")
    office.says("/po snooze A1 off")
    office.waits_until(1, 9, month=12)
    assert len([text for text in office.told(office.anna) if "Your day" in text]) == 2


def test_snoozing_is_undone_and_is_nobody_elses_matter(office: Office) -> None:
    office.says("/po-action add @ben water the plants by fri")
    answer = office.types("/po snooze A1 1 week", office.ben)
    assert "snooze" not in office.says("/po audit")
    office.ben.clicks("Undo", answer)
    office.box.wait_for(lambda: "Undone" in answer.text)
    assert "is not snoozed" in office.says("/po snooze A1 off", office.ben)


def test_only_what_one_may_read_is_snoozed_and_only_while_it_is_open(office: Office) -> None:
    office.says("/po-action add water the plants")
    assert "may read" in office.says("/po snooze ALPHA-A1 1 day", office.gus)
    office.says("/po-action done A1")
    assert "A1 is closed: nothing reminds of it." in office.says("/po snooze A1 1 day")


def test_the_reminder_of_a_status_is_snoozed_too(office: Office) -> None:
    told = office.says("/po snooze status in ALPHA 1 day")
    assert "status in ALPHA: you are not reminded before Thu 26 Nov 2026." in told
    assert "reminded again" in office.says("/po snooze status off in ALPHA")
    told = office.says("/po snooze status in ALPHA 1 day", office.ben)
    assert "Only who leads Alpha is reminded of its status." in told


def test_home_has_my_settings(office: Office) -> None:
    office.anna.opens_home()
    view = office.box.wait_for(lambda: office.anna.home)
    assert "Settings\nPersonal digest: Mon–Fri 08:30" in office.box.text_of(view)
    office.anna.clicks("Mute …")
    office.anna.fills({"Kind": "Risks to review"})
    assert office.anna.submits() == {}
    office.box.wait_for(lambda: "Muted: Risks to review" in office.box.text_of(office.anna.home))


CHANGES = [
    ("Europe/Berlin", (2027, 3, 28), (2027, 10, 31)),
    ("America/New_York", (2027, 3, 14), (2027, 11, 7)),
    ("Australia/Lord_Howe", (2027, 4, 4), (2027, 10, 3)),
]


@pytest.mark.parametrize(("zone", "spring", "autumn"), CHANGES, ids=[row[0] for row in CHANGES])
def test_over_both_clock_changes_each_period_has_one_turn_at_its_local_hour(
    office: Office, zone: str, spring: tuple[int, int, int], autumn: tuple[int, int, int]
) -> None:
    nina = office.box.user("nina", tz=zone)
    nina.joins(office.alpha)
    office.says("/po my", nina)
    office.says(f"/po project set zone={zone}")
    office.says("/po settings job report sun 02:30")
    for change in sorted((spring, autumn)):
        sunday = datetime(*change, tzinfo=ZoneInfo(zone))
        office.now = moment_of(sunday.date() - timedelta(days=2), time(1), zone)
        while office.now < moment_of(sunday.date() + timedelta(days=1), time(12), zone):
            office.ticks()
            office.passes(minutes=30)
        turns = office.stored(partial(turns_near, nina.id, sunday, zone))
        assert turns["digest"] == [(number, "08:30") for number in (-2, 1)]
        ((day, local),) = turns["report"]
        assert day == 0
        assert "02:30" <= local <= "03:30"


def turns_near(user: str, day: datetime, zone: str, session: Session) -> dict[str, list[Any]]:
    """The turns of jobs in the days around *day*, as local days from it and local times.

    Each was taken at once: the bot was there.
    """
    nina = session.scalar(select(Person.id).where(Person.slack_id == user))
    around = (day - timedelta(days=2), day + timedelta(days=2))
    rows = session.scalars(
        select(Occurrence)
        .where(Occurrence.planned_at.between(*around), Occurrence.ran_at.between(*around))
        .order_by(Occurrence.planned_at)
    )
    found: dict[str, list[Any]] = {"digest": [], "report": []}
    for row in rows:
        if row.job == "report" or (row.job == "digest" and row.subject_id == nina):
            assert timedelta(0) <= row.ran_at - row.planned_at < timedelta(minutes=30)
            local = row.planned_at.astimezone(ZoneInfo(zone))
            told = ((local.date() - day.date()).days, f"{local:%H:%M}")
            found[row.job].append(told)
    return found


@pytest.mark.parametrize("database_kind", ["postgres"])  # SQLite has people wait for each other
def test_what_is_clicked_at_once_is_all_set(office: Office) -> None:
    kinds = ("reviews", "status", "forecasts", "milestones")
    with ThreadPoolExecutor(len(kinds)) as people:
        answers = list(people.map(lambda kind: office.says(f"/po settings mute {kind}"), kinds))
    assert not any("NOT SAVED" in answer for answer in answers)
    muted = office.stored(lambda session: session.scalars(select(Preference.muted)).one())
    assert sorted(muted) == sorted(kinds)


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_thing_snoozed_twice_at_once_is_snoozed(office: Office) -> None:
    office.says("/po-action add water the plants by tomorrow")
    with ThreadPoolExecutor(3) as people:
        answers = list(people.map(office.says, ["/po snooze A1 1 week"] * 3))
    assert all("you are not reminded before" in answer for answer in answers)


def test_what_is_switched_off_and_given_an_hour_comes_again(office: Office) -> None:
    office.says("/po settings job report off")
    told = office.says("/po settings job report sat 22:00")
    assert told.startswith("Weekly report")
    assert "Sat 28 Nov, 22:00" in told
