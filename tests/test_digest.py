"""The personal digest: one message a working day, with all that waits for somebody, or none."""

import pytest
from sqlalchemy import select, update

from bot.delivery.occurrences import Occurrence, Outcome
from bot.people import Person as Known
from bot.projects import Project
from slackbox import Message, Person
from tests.office import Office

LATE = "/po-action add @ben order test devices by 24 nov"


def digests(office: Office, who: Person) -> list[Message]:
    """The digests *who* got so far; what follows in their threads is not counted."""
    found = office.told_messages(who)
    return [m for m in found if office.box.text_of(m).startswith("Your day") and not m.thread_ts]


def came(office: Office, who: Person, day: int, hour: int = 8, minute: int = 30) -> bool:
    """Whether *who* got one digest by then; a second one is a mistake."""
    before = len(digests(office, who))
    office.waits_until(day, hour, minute)
    new = len(digests(office, who)) - before
    assert new in (0, 1)
    return new == 1


def outcomes(office: Office, who: Person) -> list[tuple[str, Outcome]]:
    """What the ledger says of the digests of *who*, day by day."""
    rows = office.stored(
        lambda session: session.execute(
            select(Occurrence.period, Occurrence.outcome)
            .where(Occurrence.job == "digest", Occurrence.subject_id == number(office, who))
            .order_by(Occurrence.period)
        ).all()
    )
    return [(period, outcome) for period, outcome in rows]


def number(office: Office, who: Person) -> int:
    found = office.stored(lambda s: s.scalar(select(Known.id).where(Known.slack_id == who.id)))
    assert isinstance(found, int)
    return found


@pytest.fixture
def begun(office: Office) -> Office:
    """Tuesday, 24 November, 9 o'clock: the clock runs; Ben has something that is due today."""
    office.says("/po project people @ben member")
    office.says(LATE)
    office.says("/po-action accept A1", office.ben)
    office.ticks()
    return office


@pytest.mark.both_databases
def test_one_message_a_working_day_whatever_the_clock_does(begun: Office) -> None:
    assert not came(begun, begun.ben, 25, 8, 29)
    assert came(begun, begun.ben, 25)
    for hour in (8, 12, 20):
        assert not came(begun, begun.ben, 25, hour, 45)
    assert came(begun, begun.ben, 26)
    assert came(begun, begun.ben, 27)
    assert not came(begun, begun.ben, 28)
    assert not came(begun, begun.ben, 29)
    assert came(begun, begun.ben, 30)
    assert begun.box.text_of(digests(begun, begun.ben)[-1]).startswith(
        "Your day, Mon 30 Nov\nAlpha · 1 thing today\nTo do\norder test devices\n"
        "A1 · 4 working days late (Tue 24 Nov)\n"
        "[Done] [Move …] [⋯ Show · Snooze 1 day · Snooze 1 week]"
    )
    assert not digests(begun, begun.anna)


def test_the_hour_is_everybodys_own(begun: Office) -> None:
    begun.says("/po settings digest 10:15", begun.ben)
    assert not came(begun, begun.ben, 25)
    assert came(begun, begun.ben, 25, 10, 15)
    begun.says("/po settings digest 11:00", begun.ben)
    assert not came(begun, begun.ben, 25, 11, 0)
    assert came(begun, begun.ben, 26, 11, 0)


def test_the_morning_is_where_one_is(begun: Office) -> None:
    begun.box.change(begun.ben, tz="America/New_York")
    begun.box.settle()
    begun.ticks()
    assert not came(begun, begun.ben, 25)
    assert came(begun, begun.ben, 25, 14, 30)
    begun.box.change(begun.ben, tz="Europe/Berlin")  # back on the same day
    begun.box.settle()
    begun.ticks()
    assert not came(begun, begun.ben, 25, 18, 0)
    assert came(begun, begun.ben, 26)


@pytest.mark.both_databases
def test_who_is_away_hears_nothing_and_it_is_recorded_so(begun: Office) -> None:
    begun.says("/po away until fri", begun.ben)
    assert not came(begun, begun.ben, 25)
    assert not came(begun, begun.ben, 26)
    assert came(begun, begun.ben, 27)
    assert [outcome for _day, outcome in outcomes(begun, begun.ben)] == [
        Outcome.SKIPPED, Outcome.SKIPPED, Outcome.SENT
    ]  # fmt: skip


def test_a_muted_kind_a_muted_digest_and_a_kind_switched_off_are_silent(begun: Office) -> None:
    begun.says("/po settings mute reminders", begun.ben)
    assert not came(begun, begun.ben, 25)
    begun.says("/po settings unmute reminders", begun.ben)
    begun.says("/po settings job reminders off")
    assert not came(begun, begun.ben, 26)
    begun.says("/po settings job reminders on")
    begun.says("/po settings digest off", begun.ben)
    assert not came(begun, begun.ben, 27)
    begun.says("/po settings digest on", begun.ben)
    begun.ticks()
    assert came(begun, begun.ben, 30)


def test_two_projects_one_of_them_on_holiday(begun: Office) -> None:
    beta = begun.box.channel("beta", members=[begun.anna, begun.ben])
    begun.says("/po project new Beta", where=beta)
    begun.says("/po project set country=US in BETA", where=beta)  # Thursday is Thanksgiving
    begun.says("/po-action add @ben call the customer by 24 nov", where=beta)
    begun.says("/po-action accept BETA-A1", begun.ben)
    begun.waits_until(25, 8, 30)
    told = begun.told(begun.ben)[-1]
    assert "2 things today\nTo do\norder test devices\nALPHA-A1 ·" in told
    assert "call the customer\nBETA-A1 ·" in told
    begun.waits_until(26, 8, 30)
    told = begun.told(begun.ben)[-1]
    assert "Alpha · 1 thing today" in told
    assert "customer" not in told
    begun.says("/po-action done ALPHA-A1", begun.ben)
    assert came(begun, begun.ben, 27)


def test_a_holiday_of_all_ones_projects_is_a_quiet_day(begun: Office) -> None:
    begun.says("/po project set country=US")
    assert came(begun, begun.ben, 25)
    assert not came(begun, begun.ben, 26)
    assert came(begun, begun.ben, 27)


@pytest.mark.both_databases
def test_what_is_snoozed_rests_for_a_day_or_a_week(begun: Office) -> None:
    begun.waits_until(25, 8, 30)
    (message,) = digests(begun, begun.ben)
    begun.ben.clicks("Snooze 1 day", message)
    begun.box.wait_for(lambda: "not reminded before Fri 27" in begun.told(begun.ben)[-1])
    begun.ben.clicks("Remind me again", message)
    begun.box.wait_for(lambda: "[Done]" in begun.told(begun.ben)[-1])
    begun.ben.clicks("Snooze 1 week", message)
    begun.box.wait_for(lambda: "not reminded before" in begun.told(begun.ben)[-1])
    for day in (26, 27, 30):
        assert not came(begun, begun.ben, day)
    begun.waits_until(2, 8, 30, month=12)
    begun.ben.clicks("Snooze 1 day", digests(begun, begun.ben)[-1])
    begun.box.wait_for(lambda: "not reminded before Fri 4" in begun.told(begun.ben)[-1])
    begun.waits_until(3, 8, 30, month=12)
    assert len(digests(begun, begun.ben)) == 2
    begun.waits_until(4, 8, 30, month=12)
    assert len(digests(begun, begun.ben)) == 3


def test_a_status_is_snoozed_by_its_button_too(begun: Office) -> None:
    begun.waits_until(2, 8, 30, month=12)
    (message,) = digests(begun, begun.anna)
    begun.anna.clicks("Snooze 1 day", message)
    begun.box.wait_for(lambda: "not reminded before" in begun.told(begun.anna)[-1])
    begun.waits_until(3, 8, 30, month=12)
    assert len(digests(begun, begun.anna)) == 1
    begun.waits_until(4, 8, 30, month=12)
    (_first, message) = digests(begun, begun.anna)
    assert "late since Thu 3 Dec" in begun.box.text_of(message)
    begun.anna.clicks("Snooze 1 week", message)
    begun.box.wait_for(lambda: "not reminded before" in begun.told(begun.anna)[-1])
    begun.waits_until(9, 8, 30, month=12)
    assert len(digests(begun, begun.anna)) == 2


def test_who_may_no_longer_read_the_project_hears_nothing_of_it(begun: Office) -> None:
    begun.says("/po-action add @carla paint the wall by 24 nov")
    begun.ticks()
    assert came(begun, begun.carla, 25)
    begun.carla.leaves(begun.alpha)
    assert not came(begun, begun.carla, 26)
    begun.carla.joins(begun.alpha)
    assert came(begun, begun.carla, 27)
    begun.says("/po project set visibility=restricted")
    assert not came(begun, begun.carla, 30)
    assert "order test devices" in begun.told(begun.ben)[-1]


def test_what_is_said_later_is_not_shown_to_who_may_not_read_it_any_more(begun: Office) -> None:
    begun.says("/po-action add @carla paint the wall by 24 nov")
    begun.ticks()
    assert came(begun, begun.carla, 25)
    begun.carla.leaves(begun.alpha)
    begun.says("/po-action note A2 it must be secret green")
    assert "secret" not in "".join(begun.told(begun.carla))


def test_a_guest_is_told_with_a_role_only(begun: Office) -> None:
    begun.says("/po project people @gus member")
    begun.says("/po-action add @gus water the plants by 24 nov")
    begun.ticks()
    assert came(begun, begun.gus, 25)
    begun.says("/po project remove @gus member")
    assert not came(begun, begun.gus, 26)


def test_who_is_deactivated_is_told_nothing_and_the_lead_has_their_things(begun: Office) -> None:
    begun.box.change(begun.ben, deleted=True)
    begun.box.wait_for(lambda: any("Ben left" in text for text in begun.told(begun.anna)))
    assert not came(begun, begun.ben, 25)
    (message,) = digests(begun, begun.anna)
    assert "order test devices" in begun.box.text_of(message)


def test_an_undone_entry_and_a_closed_project_are_not_reminded_of(begun: Office) -> None:
    begun.says("/po-action add @anna by mistake by 24 nov")
    begun.says("/po undo")
    assert not came(begun, begun.anna, 25)
    with begun.bot.sessions.begin() as session:
        session.execute(update(Project).values(closed_at=begun.now))
    assert not came(begun, begun.ben, 26)


# --- Downtime -----------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_after_some_hours_without_the_bot_one_digest_comes_late(begun: Office) -> None:
    assert came(begun, begun.ben, 25, 13, 0)
    assert not came(begun, begun.ben, 25, 13, 1)
    assert came(begun, begun.ben, 26)


def test_late_in_the_evening_nobody_is_told_any_more(begun: Office) -> None:
    assert not came(begun, begun.ben, 25, 22, 0)
    assert came(begun, begun.ben, 26)
    assert outcomes(begun, begun.ben)[0] == ("2026-11-25", Outcome.MERGED)


@pytest.mark.both_databases
def test_what_a_day_without_the_bot_did_not_tell_comes_with_the_next_digest(
    begun: Office,
) -> None:
    assert not came(begun, begun.ben, 26, 7, 0)
    assert came(begun, begun.ben, 26)
    assert outcomes(begun, begun.ben) == [
        ("2026-11-25", Outcome.MERGED), ("2026-11-26", Outcome.SENT)
    ]  # fmt: skip


def test_after_two_weeks_without_the_bot_there_is_one_digest(begun: Office) -> None:
    begun.waits_until(9, 9, 0, month=12)
    assert len(digests(begun, begun.ben)) == 1
    told = [outcome for _day, outcome in outcomes(begun, begun.ben)]
    assert told == [Outcome.MERGED] * 10 + [Outcome.SENT]


# --- Long ones ----------------------------------------------------------------------------------

HOSTILE = "*bold* <!channel> <@U1> _x_ `y` :smile: &lt; https://evil.example ~z~"


def test_sixty_things_are_one_message_and_its_thread_and_nothing_is_cut(begun: Office) -> None:
    for title in range(60):
        begun.says(f"/po-action add @anna thing {title:02} of sixty by {1 + title % 20} nov 2027")
    begun.now = begun.now.replace(year=2027, month=11, day=21)
    begun.ticks()
    begun.now = begun.now.replace(day=22, hour=8, minute=30)
    begun.ticks()
    (head,) = digests(begun, begun.anna)
    parts = [begun.box.text_of(m) for m in begun.anna.reads(begun.anna.dm, head)]
    lines = "\n".join(parts).splitlines()
    for title in range(60):
        assert lines.count(f"thing {title:02} of sixty") == 1
    assert "60 things today" in parts[0] or "61 things today" in parts[0]
    assert "things today · goes on in the thread\n" in parts[0]
    names = [line.partition(" ·")[0] for line in lines if "working days late" in line]
    assert names[:3] == ["A2", "A22", "A42"]  # those due on the first day of the month
    for part in parts[:-1]:
        assert part.splitlines()[-1].startswith("[")  # no heading without what it is above
    assert parts[-1].splitlines()[-1] == "[My list] [Settings]"
    assert 2 <= len(parts) <= 4


def test_what_is_due_on_one_day_stands_in_the_order_it_was_written_down_in(office: Office) -> None:
    for title in range(11):
        office.says(f"/po-action add @anna thing {title} by tomorrow")
    office.ticks()
    office.waits_until(25, 8, 30)
    (message,) = digests(office, office.anna)
    lines = office.box.text_of(message).splitlines()
    names = [line.partition(" ·")[0] for line in lines if "due today" in line]
    assert names == [f"A{number}" for number in range(1, 12)]
    assert "goes on" not in lines[1]


def test_what_people_typed_stands_to_the_letter_and_pings_nobody(begun: Office) -> None:
    begun.says(f"/po-action add @anna {HOSTILE} by 24 nov")
    begun.ticks()
    begun.waits_until(25, 8, 30)
    (message,) = digests(begun, begun.anna)
    assert "<!channel>" not in message.text
    assert "&lt;!channel&gt;" in message.text
    (shown,) = [
        element["text"]
        for block in message.blocks
        if block["type"] == "rich_text"
        for element in block["elements"][0]["elements"]
        if element.get("style", {}).get("bold")
    ]
    assert "*bold*" in shown
    assert ":smile:" in shown


def test_a_proposed_date_waits_in_the_digest_of_who_gave_it(office: Office) -> None:
    office.ticks()
    office.says("/po-action add @ben send contract draft by 18 dec")
    office.says("/po-action propose A1 11 jan", office.ben)
    office.waits_until(25, 8, 30)
    digest = office.told_messages(office.anna)[-1]
    assert "To agree to" in office.box.text_of(digest)
    assert "Ben proposes Mon 11 Jan 2027 · due Fri 18 Dec" in office.box.text_of(digest)
    office.anna.clicks("Agree", digest)
    office.box.wait_for(lambda: "✓ send contract draft" in office.told(office.anna)[-1])


def test_the_head_of_a_digest_counts_what_is_for_today(office: Office) -> None:
    office.says("/po-action add @ben order pumps by tomorrow")
    office.says("/po-action add @ben order pipes by fri")
    for name in ("A1", "A2"):
        office.says(f"/po-action accept {name}", office.ben)
    office.ticks()
    office.waits_until(25, 8, 30)
    assert "Alpha · 1 thing today · 1 soon" in office.told(office.ben)[-1]
