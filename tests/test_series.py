"""Series of meetings: planned in words, by several clocks and calendars; who may change them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.meeting_dates import dates_from, next_dates
from bot.meetings import Invitee, Meeting, Series
from bot.projects import Project
from tests.jour_fixe import BERLIN, JOUR_FIXE, arranged, clicked, coming
from tests.office import Office
from tests.statements import Statement, statements


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    return arranged(office)


# --- Planning -------------------------------------------------------------------------------


def test_a_series_typed_is_shown_first_with_its_dates_and_people(office: Office) -> None:
    office.says("/po project set zone=Europe/Berlin")
    answer = office.types(
        '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben ext@firm.example'
        " optional @carla informed boss@firm.example place Room 5 taker @ben from 1 dec"
    )
    told = answer.text
    assert told.startswith("1 · Jour fixe\nevery Tue, 10:00–10:45 · Europe/Berlin\nNext:\n")
    assert "Chair: Anna · Minute taker: Ben" in told
    assert "Required: Anna, Ben, ext@firm.example\n" in told
    assert "Optional: Carla\nInformed: boss@firm.example\nPlace: Room 5\n" in told
    assert "A draft: it does not take place yet." in told
    assert "sent from here: ext@firm.example, boss@firm.example." in told
    assert "[Invite] [Edit] [Keep draft] [Discard] [Undo]" in told
    assert coming(office) == [
        "Tue 01 Dec 10:00",
        "Tue 08 Dec 10:00",
        "Tue 15 Dec 10:00",
        "Tue 22 Dec 10:00",
    ]
    assert office.told(office.ben) == []


def test_holidays_between_the_dates_are_left_out_by_name(office: Office) -> None:
    office.says("/po project set zone=Europe/Berlin country=DE subdivision=BE")
    told = office.says("/po-meet new Review every fri 14:00 from 18 dec")
    assert "Fri 25 Dec 2026 is a holiday (Christmas Day): no meeting." in told
    assert "Fri 1 Jan 2027 is a holiday (New Year's Day): no meeting." in told
    assert coming(office) == [
        "Fri 18 Dec 14:00",
        "Fri 08 Jan 14:00",
        "Fri 15 Jan 14:00",
        "Fri 22 Jan 14:00",
    ]


def test_what_is_kept_as_a_draft_stays_one(office: Office) -> None:
    answer = office.types(JOUR_FIXE)
    assert "stays a draft" in clicked(office, "Keep draft", answer, "stays a draft")
    assert "draft" in office.says("/po-meet list")
    assert "Alpha has no meeting ahead." in office.says("/po-meet")


def test_of_several_drafts_all_are_shown(office: Office) -> None:
    office.says(JOUR_FIXE)
    office.says("/po-meet new Talk every wed 9:00")
    answer = office.types("/po-meet agenda")
    assert "Alpha has no meeting ahead. There are drafts only." in answer.text
    assert "2 · Talk" in clicked(office, "Meetings", answer, "2 · Talk")


def test_whoever_is_added_to_a_draft_is_not_told_and_the_answer_says_so(office: Office) -> None:
    office.says(JOUR_FIXE)
    answer = office.types("/po-meet invite @carla")
    assert "A draft still: nobody hears of it until you click Invite." in answer.text
    assert "[Next meeting]" not in answer.text
    assert office.told(office.carla) == []
    clicked(office, "Invite", answer, "Jour fixe takes place: every Tue")
    assert "Anna invites you" in office.told(office.carla)[-1]


def test_inviting_tells_the_channel_and_everybody_in_slack(office: Office) -> None:
    answer = office.types(JOUR_FIXE)
    told = clicked(office, "Invite", answer, "takes place")
    assert "Everybody invited who is in Slack is told." in told
    assert "1 · Jour fixe\nevery Tue, 10:00–10:45" in office.sees()[-1]
    (message,) = office.told(office.ben)
    assert message.startswith("Anna invites you: every Tue, 10:00–10:45\nJour fixe · Tue 1 Dec")
    assert "[I’ll be there] [Can’t] [Maybe]" in message
    assert office.told(office.anna) == []


def test_a_meeting_is_planned_in_a_form(office: Office) -> None:
    office.types("/po-meet new")
    assert office.anna.view is not None
    assert office.anna.view.title == "New meeting"
    office.anna.fills(
        {
            "Title": "Steering",
            "When": "every last fri 9:00-10:00",
            "Required": [office.ben, office.carla],
            "Informed, by mail address": "boss@firm.example, cfo@firm.example",
            "Minute taker": office.carla,
        }
    )
    assert office.anna.submits() == {}
    told = office.says("/po-meet series")
    assert "1 · Steering\nevery last Fri of the month, 09:00–10:00" in told
    assert "Required: Anna, Carla, Ben" in told
    assert "Informed: boss@firm.example, cfo@firm.example" in told


@pytest.mark.parametrize(
    ("label", "value", "complaint"),
    [
        ("When", "whenever it suits", "I cannot read whenever it suits."),
        ("When", "every tue", "At what time?"),
        ("When", "every tue 10:00 or so", "I cannot read every tue 10:00 or so."),
        ("Required, by mail address", "the boss", "I cannot read the boss as mail addresses"),
        ("Required, by mail address", "a@b.example;\u0020x", "as mail addresses"),
    ],
)
def test_a_mistake_stands_beside_its_field(
    office: Office, label: str, value: str, complaint: str
) -> None:
    office.types("/po-meet new")
    fields: dict[str, Any] = {"Title": "Standup", "When": "every tue 10:00"} | {label: value}
    office.anna.fills(fields)
    assert complaint in office.anna.submits()[label].replace("`", "")


@pytest.mark.parametrize("line", ["new", "new Standup", "new Standup every tue"])
def test_what_is_missing_is_asked_for_with_what_was_typed(office: Office, line: str) -> None:
    office.types(f"/po-meet {line}")
    view = office.anna.view
    assert view is not None
    assert all(word in office.box.text_of(view) for word in line.split()[1:2])


@pytest.mark.parametrize(
    "title",
    [
        "*Jour* <!channel> & `fixe`",
        "Supplier's late: what now",
        'the 12" pipe, every tue 9:00, with @ben',
        "Größe <script> ✓ 夜",
        "x" * 200,
    ],
)
def test_hostile_titles_stay_text(office: Office, title: str) -> None:
    told = office.says(f"/po-meet new «{title}» every tue 10:00")
    assert told.startswith(f"1 · {title[:140]}")
    assert "every Tue, 10:00–11:00" in told
    assert title in office.says("/po-meet list")


def test_a_title_needs_no_quotation_marks(office: Office) -> None:
    told = office.says("/po-meet new Weekly report daily talk every 2 weeks on tue 10:00 with @ben")
    assert told.startswith("1 · Weekly report daily talk\nevery 2 weeks on Tue, 10:00–11:00")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("new X every third tue 9:00", "Is that every 3 weeks, or once a month?"),
        ("new X every tue 25:00", "No clock shows 25:00"),
        ("new X today 8:00", "That time is over."),
        ("new X every tue 9:00 zone=Europe/Munich", "I do not know the time zone Europe/Munich"),
        (f"new {'x' * 201} every tue 9:00", "has at most 200 characters"),
        ("show 25 nov", "There is no meeting on Wed 25 Nov 2026. The next: Tue 1 Dec 2026,"),
        ("move tue to tue 10:00", "It is at that time already."),
        ("move tue to 1 may 10:00", "That is too far off"),
        ("cancel 25 nov", "There is no meeting on Wed 25 Nov 2026."),
        ("restore tue", "It is not cancelled."),
        ("change on 1 dec 10:00", "What takes place once is moved"),
        ("end from yesterday", "is in the past"),
        ("resume", "Jour fixe is not paused."),
        ("invite", "Jour fixe takes place already; whom else do you invite?"),
        ("invite @ben", "They are invited already."),
        ("uninvite @carla", "They are not invited."),
        ("uninvite @anna", "name another chair first"),
    ],
)
def test_a_mistake_is_named_with_what_works(jour_fixe: Office, line: str, complaint: str) -> None:
    told = jour_fixe.says(f"/po-meet {line}")
    assert complaint in told
    assert f"You typed: meet {line}" in told


def test_one_meeting_needs_no_series(office: Office) -> None:
    office.says("/po project set zone=Europe/Berlin")
    office.says("/po-meet new Kick-off on 1 dec 10:00-11:30 with @ben")
    office.says("/po-meet invite")
    assert coming(office) == ["Tue 01 Dec 10:00"]
    office.says("/po-meet move to thu 9:00 sure=yes")
    assert coming(office) == ["Thu 03 Dec 09:00"]
    office.now = datetime(2026, 12, 4, 9, tzinfo=BERLIN)
    assert "Alpha has no meeting ahead." in office.says("/po-meet")


def test_undo_takes_the_invitation_back_and_says_so(office: Office) -> None:
    office.says(JOUR_FIXE)
    office.says("/po-meet invite")
    assert "[Maybe]" in office.told(office.ben)[-1]
    office.says("/po undo")
    assert office.told(office.ben)[-1].startswith("Anna took the invitation back.")
    assert "[Maybe]" not in office.told(office.ben)[-1]
    assert "A draft" in office.says("/po-meet series")


def test_two_meetings_of_one_name_would_be_mixed_up(office: Office) -> None:
    office.says("/po-meet new Talk on 1 dec 10:00")
    assert "There is a meeting of that name already." in office.says(
        "/po-meet new talk every tue 9:00"
    )
    office.now = datetime(2026, 12, 2, 9, tzinfo=BERLIN)
    assert office.says("/po-meet new Talk on 8 dec 10:00").startswith("2 · Talk")
    assert "1 · Talk" not in office.says("/po-meet list")


def test_undo_takes_a_series_back(office: Office) -> None:
    office.says(JOUR_FIXE)
    assert "Undone" in office.says("/po undo")
    assert "None yet." in office.says("/po-meet list")


def test_a_draft_is_discarded(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet new Talk every wed 9:00 with @carla")
    clicked(jour_fixe, "Discard", answer, "The draft Talk is discarded.")
    assert "Talk" not in jour_fixe.says("/po-meet list")
    assert jour_fixe.told(jour_fixe.carla) == []
    jour_fixe.says("/po undo")
    assert "Talk" in jour_fixe.says("/po-meet list")
    answer = jour_fixe.types("/po-meet end of Talk sure=yes")
    assert "Talk is a draft: nobody is invited yet." in answer.text
    clicked(jour_fixe, "Discard", answer, "The draft Talk is discarded.")
    assert "Jour fixe is no draft" in jour_fixe.says("/po-meet discard of 1")


def test_a_paused_series_rests_until_it_is_resumed(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet series")
    clicked(jour_fixe, "Pause", answer, "Jour fixe is paused.")
    assert "Alpha has no meeting ahead." in jour_fixe.says("/po-meet")
    answer = jour_fixe.types("/po-meet series")
    assert "Paused: it does not take place until it is resumed." in answer.text
    clicked(jour_fixe, "Resume", answer, "Jour fixe goes on.")
    assert "Jour fixe" in jour_fixe.says("/po-meet")


def test_where_no_meeting_is_ahead_a_paused_series_is_named_and_goes_on_by_a_click(
    jour_fixe: Office,
) -> None:
    jour_fixe.says("/po-meet pause")
    for line in ("agenda", "topic Budget", "yes"):
        told = jour_fixe.types(f"/po-meet {line}")
        assert "Alpha has no meeting ahead. Jour fixe is paused" in told.text
        assert "[Resume]" in told.text
    clicked(jour_fixe, "Resume", told, "Jour fixe goes on.")
    assert "Budget" in jour_fixe.says("/po-meet topic Budget")


@pytest.mark.parametrize("line", ["start", "start Jour fixe"])
def test_who_starts_the_meeting_of_a_paused_series_reads_that_it_is_paused(
    jour_fixe: Office, line: str
) -> None:
    jour_fixe.says("/po-meet pause")
    jour_fixe.waits_until(1, 10, month=12)
    told = jour_fixe.types(f"/po-meet {line}")
    assert told.text.startswith("Jour fixe is paused: meet resume lets it go on.")
    clicked(jour_fixe, "Resume", told, "Jour fixe goes on.")
    assert "Minutes of Jour fixe, Tue 1 Dec" in jour_fixe.says("/po-meet start")


def test_where_no_meeting_is_ahead_all_paused_series_are_named(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet new Talk every wed 9:00 with @ben")
    jour_fixe.says("/po-meet invite of 2")
    jour_fixe.says("/po-meet pause of 1")
    jour_fixe.says("/po-meet pause of 2")
    told = jour_fixe.types("/po-meet agenda")
    assert "Jour fixe, Talk are paused" in told.text
    jour_fixe.anna.clicks("Resume", told)
    jour_fixe.box.wait_for(lambda: "Which meeting?" in told.text)


def test_of_a_paused_series_everybody_hears_and_nobody_answers(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet pause")
    assert "Anna: Jour fixe is paused." in jour_fixe.told(jour_fixe.ben)[-1]
    told = jour_fixe.says("/po-meet yes of 1", jour_fixe.ben)
    assert "Jour fixe is paused: it does not take place until it is resumed." in told
    assert "there]" not in jour_fixe.says("/po-meet show of 1")
    jour_fixe.says("/po-meet move tue to wed 14:00 of 1")
    assert "moved" not in "\n".join(jour_fixe.told(jour_fixe.ben))
    jour_fixe.says("/po-meet resume")
    assert "Anna: Jour fixe goes on." in jour_fixe.told(jour_fixe.ben)[-1]
    assert "You will be there" in jour_fixe.says("/po-meet yes", jour_fixe.ben)


def test_a_draft_asks_nobody(office: Office) -> None:
    office.says("/po-meet new Talk every tue 9:00 with @ben")
    assert "there]" not in office.says("/po-meet show of 1")
    told = office.says("/po-meet yes of 1")
    assert "Talk is a draft: nobody is asked yet." in told


def test_only_a_draft_is_kept_as_one(jour_fixe: Office) -> None:
    assert "Jour fixe is no draft: it takes place." in jour_fixe.says("/po-meet keep")
    jour_fixe.says("/po-meet new Talk every wed 9:00")
    assert "Talk stays a draft" in jour_fixe.says("/po-meet keep")


# --- Several series -------------------------------------------------------------------------


@pytest.fixture
def two(jour_fixe: Office) -> Office:
    """The jour fixe, and a standup on weekdays."""
    jour_fixe.says("/po-meet new Standup every weekday 9:00 15m with @ben from 30 nov")
    jour_fixe.says("/po-meet invite of 2")
    return jour_fixe


def test_of_several_it_is_asked_which(two: Office) -> None:
    answer = two.types("/po-meet cancel sure=yes")
    assert "Which meeting?" in answer.text
    assert "[1 · Jour fixe] [2 · Standup]" in answer.text
    told = clicked(two, "2 · Standup", answer, "cancelled")
    assert told.startswith("Mon 30 Nov, 09:00 cancelled\nStandup")


@pytest.mark.parametrize("of", ["of 2", "of standup", 'of "Standup"', "series=2", "of #2"])
def test_a_series_is_named_by_number_or_title(two: Office, of: str) -> None:
    assert "09:00–09:15" in two.says(f"/po-meet series {of}")
    assert two.says(f"/po-meet cancel 2 dec {of} sure=yes").startswith("Wed 2 Dec, 09:00 cancelled")


def test_a_day_with_one_meeting_needs_no_name(two: Office) -> None:
    assert two.says("/po-meet cancel 3 dec sure=yes").startswith("Thu 3 Dec, 09:00 cancelled")
    assert "Which meeting?" in two.says("/po-meet cancel tue sure=yes")


def test_the_next_of_all_is_shown(two: Office) -> None:
    assert two.says("/po-meet").startswith("Standup")
    listed = two.says("/po-meet list")
    assert "1 · Jour fixe · every Tue, 10:00–10:45 · next Tue 1 Dec, 10:00" in listed
    assert "2 · Standup · every weekday, 09:00–09:15 · next Mon 30 Nov, 09:00" in listed


def for_meetings(asked: list[Statement]) -> int:
    """How many of these ask for series and meetings."""
    told = [" ".join(sql.split()) + " " for sql, _values in asked]
    return sum("FROM meeting " in sql or "FROM series " in sql for sql in told)


def test_the_clock_reads_the_meetings_of_all_series_at_once(office: Office) -> None:
    office.ticks()

    def turn(day: int) -> int:
        office.passes(minutes=6)
        office.ticks()  # what was changed is published
        office.now = datetime(2026, 11, day, 9, tzinfo=BERLIN)
        with statements(office) as asked:
            office.ticks()
        return for_meetings(asked)

    for number in range(2):
        office.says(f"/po-meet new Talk {number} every sun 10:00 from 3 jan")
        office.says(f"/po-meet invite of {number + 1}")
    few = turn(25)
    for number in range(2, 8):
        office.says(f"/po-meet new Talk {number} every sun 10:00 from 3 jan")
        office.says(f"/po-meet invite of {number + 1}")
    assert turn(26) == few > 0


def test_lists_read_the_meetings_of_all_series_at_once(office: Office) -> None:
    def asked_for(line: str) -> int:
        with statements(office, by_anybody=True) as asked:
            office.says(line)
        return for_meetings(asked)

    def plan(numbers: range) -> None:
        for number in numbers:
            office.says(f"/po-meet new Talk {number} every sun 10:00 with @anna from 3 jan")
            office.says(f"/po-meet invite of {number + 1}")
            office.says(f"/po-meet yes of {number + 1}")

    plan(range(2))
    lines = ("/po-meet list", "/po my")
    few = [asked_for(line) for line in lines]
    plan(range(2, 6))
    assert [asked_for(line) for line in lines] == few


def test_what_took_place_once_is_over_by_itself(office: Office) -> None:
    for number, day in enumerate((1, 2, 3), 1):
        office.says(f"/po-meet new Talk {number} on {day} dec 10:00")
        office.says(f"/po-meet invite of {number}")
    office.says("/po-meet move to 20 jan of 3 sure=yes")
    with statements(office, by_anybody=True) as known:
        office.says("/po-meet list")
    office.now = datetime(2026, 12, 30, 9, tzinfo=BERLIN)
    listed = office.says("/po-meet list")
    assert "Talk 3" in listed
    assert "Talk 1" not in listed
    office.now = datetime(2027, 4, 1, 9, tzinfo=BERLIN)
    with statements(office, by_anybody=True) as fewer:
        office.says("/po-meet list")
    assert for_meetings(fewer) < for_meetings(known)
    assert "None yet." in office.says("/po-meet list")
    assert office.says("/po-meet series of 1").startswith("1 · Talk 1")  # it is still known


# --- Clocks and calendars -------------------------------------------------------------------


def test_both_clock_changes_leave_the_local_hour(office: Office) -> None:
    office.now = datetime(2026, 10, 19, 9, tzinfo=BERLIN)
    office.says("/po project set zone=Europe/Berlin")
    office.says("/po-meet new Jour fixe every tue 10:00-10:45")

    def offsets(session: Session) -> dict[str, int]:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        found = next_dates(session, series, project, office.now, 30)
        return {f"{d.day:%d %b}": d.starts_at.astimezone(UTC).hour for d in found}

    hours = office.stored(offsets)
    assert (hours["20 Oct"], hours["27 Oct"]) == (8, 9)
    assert (hours["23 Mar"], hours["30 Mar"]) == (9, 8)
    assert set(hours.values()) == {8, 9}


def test_an_hour_the_clocks_leave_out_is_as_long_after_them(office: Office) -> None:
    office.now = datetime(2027, 3, 27, 9, tzinfo=BERLIN)
    office.says("/po project set zone=Europe/Berlin")
    office.says("/po-meet new Night watch daily 2:30-3:00")
    assert coming(office, 2) == ["Sun 28 Mar 03:30", "Mon 29 Mar 02:30"]


def test_the_night_the_clocks_change_ends_when_clocks_show_it(office: Office) -> None:
    office.says("/po project set zone=Europe/Berlin")
    office.says("/po-meet new Night shift on 28 mar 1:30-3:30")
    office.says("/po-meet invite")
    assert "01:30–04:30 Europe/Berlin" in office.says("/po-meet show 28 mar")


def test_another_zone_is_kept_to(office: Office) -> None:
    office.says("/po project set zone=Europe/Berlin")
    told = office.says("/po-meet new Call every thu 9:00 zone=America/New_York")
    assert "every Thu, 09:00–10:00 · America/New_York" in told
    assert coming(office, 1) == ["Thu 26 Nov 15:00"]


def test_a_year_of_tuesdays_leaves_out_the_holidays_and_nothing_else(jour_fixe: Office) -> None:
    def look(session: Session) -> tuple[list[date], list[str | None]]:
        series = session.scalars(select(Series)).one()
        project = session.get_one(Project, series.project_id)
        last = date(2027, 11, 30)
        there = []
        for found in dates_from(session, series, project, jour_fixe.now):
            if found.day > last:
                break
            there.append(found.day)
        every = [series.first_day + timedelta(weeks=n) for n in range(53)]
        left_out = [project.calendar.holiday_name(d) for d in every if d not in there]
        return there, left_out

    there, left_out = jour_fixe.stored(look)
    assert all(day.weekday() == 1 for day in there)
    assert len(there) == 53 - len(left_out)
    assert all(left_out)


# --- Rights, and people who leave -----------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["new X every tue 9:00", "move tue to wed", "cancel tue", "change every wed 9:00", "end",
     "pause", "edit title=Other", "invite @carla", "uninvite @ben", "chair @carla"],
)  # fmt: skip
def test_a_member_plans_and_changes_nothing(jour_fixe: Office, line: str) -> None:
    told = jour_fixe.says(f"/po-meet {line}", jour_fixe.ben)
    assert "To arrange and run meetings in Alpha one has to be: lead, office." in told
    assert "Please ask @Anna." in told
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


@pytest.mark.parametrize("part", ["chair", "taker"])
def test_chair_and_minute_taker_change_their_own_series(jour_fixe: Office, part: str) -> None:
    jour_fixe.says(f"/po-meet {part} @carla")
    told = jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes", jour_fixe.carla)
    assert told.startswith("Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00")
    assert "lead, office" in jour_fixe.says("/po-meet new X every fri 9:00", jour_fixe.carla)


def test_the_office_arranges_everything(jour_fixe: Office) -> None:
    jour_fixe.says("/po project people @ben office")
    assert jour_fixe.says("/po-meet cancel tue sure=yes", jour_fixe.ben).startswith(
        "Tue 1 Dec, 10:00"
    )


def test_of_another_project_nobody_learns_anything(jour_fixe: Office) -> None:
    beta = jour_fixe.box.channel("beta", members=[jour_fixe.dora])
    jour_fixe.says("/po project new Beta", jour_fixe.dora, beta)
    jour_fixe.says('/po-meet new "Secret" every tue 9:00', jour_fixe.dora, beta)
    assert "Secret" not in jour_fixe.says("/po-meet list")


def test_what_the_chair_chaired_is_the_leads_when_they_leave(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet chair @ben")
    jour_fixe.says("/po-meet taker @ben")
    jour_fixe.says("/po-meet yes tue")
    jour_fixe.box.change(jour_fixe.ben, deleted=True)
    jour_fixe.box.settle()
    told = jour_fixe.told(jour_fixe.anna)[-1]
    assert "Ben left; what was theirs in Alpha is yours now: Jour fixe." in told
    assert "Chair: Anna · Minute taker: nobody" in jour_fixe.says("/po-meet series")

    def chairs(session: Session) -> set[int]:
        return set(session.scalars(select(Meeting.chair_id)))

    assert jour_fixe.stored(chairs) == jour_fixe.stored(
        lambda session: set(session.scalars(select(Series.chair_id)))
    )


@pytest.mark.both_databases
def test_two_who_touch_a_meeting_first_make_one_row(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    jour_fixe.says("/po-meet no tue")
    jour_fixe.says("/po-meet move tue to wed 14:00 sure=yes")
    jour_fixe.says("/po-meet invite @carla")
    rows = jour_fixe.stored(lambda session: session.scalars(select(Meeting)).all())
    seats = jour_fixe.stored(lambda session: session.scalars(select(Invitee)).all())
    assert (len(rows), len(seats)) == (1, 3)
