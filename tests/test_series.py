"""Series of meetings: planned in words, moved, cancelled, changed, ended; who may, who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.meeting_dates import days_from, next_dates
from bot.meetings import Invitee, Meeting, Series
from bot.projects import Project
from slackbox import Answer
from tests.office import Office

BERLIN = ZoneInfo("Europe/Berlin")
JOUR_FIXE = '/po-meet new "Jour fixe" every tue 10:00-10:45 with @anna @ben from 1 dec'


@pytest.fixture
def jour_fixe(office: Office) -> Office:
    """Anna's weekly jour fixe from 1 December, Ben invited, in Berlin."""
    office.says("/po project set zone=Europe/Berlin country=DE subdivision=BE")
    office.says(JOUR_FIXE)
    office.says("/po-meet invite")
    return office


def clicked(office: Office, label: str, answer: Answer, said: str) -> str:
    """What stands in place of *answer* after Anna clicks *label*."""
    office.anna.clicks(label, answer)
    office.box.wait_for(lambda: said in answer.text)
    return answer.text


def coming(office: Office, count: int = 4) -> list[str]:
    """The next dates of the first series, in Berlin's time."""

    def look(session: Session) -> list[str]:
        series = session.scalars(select(Series).order_by(Series.id)).first()
        assert series is not None
        project = session.get_one(Project, series.project_id)
        found = next_dates(session, series, project, office.now, count)
        return [f"{d.starts_at.astimezone(BERLIN):%a %d %b %H:%M}" for d in found]

    told: list[str] = office.stored(look)
    return told


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
    assert "not in Slack: ext@firm.example, boss@firm.example." in told
    assert "[Invite] [Edit] [Keep draft] [Undo]" in told
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
    office.says("/po-meet move to thu 9:00")
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


def test_what_has_begun_today_stays_as_it_is(jour_fixe: Office) -> None:
    jour_fixe.now = datetime(2026, 12, 1, 10, 5, tzinfo=BERLIN)
    told = jour_fixe.says("/po-meet change every tue 11:00-12:00")
    assert "from Tue 8 Dec 2026" in told
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 08 Dec 11:00"]


def test_undo_takes_a_series_back(office: Office) -> None:
    office.says(JOUR_FIXE)
    assert "Undone" in office.says("/po undo")
    assert "None yet." in office.says("/po-meet list")


# --- One meeting of many --------------------------------------------------------------------


def test_the_bare_command_is_the_next_meeting(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet")
    assert told.startswith("Jour fixe\n")
    assert "10:00–10:45 Europe/Berlin" in told
    assert "No answer yet: Anna, Ben" in told
    assert "[I’ll be there] [Can’t] [Maybe] [Move …] [Cancel] [Agenda] [Series]" in told
    assert "[Move …]" not in jour_fixe.says("/po-meet", jour_fixe.ben)


def test_shortly_before_it_its_chair_starts_it_by_a_button(jour_fixe: Office) -> None:
    assert "[Start]" not in jour_fixe.says("/po-meet")
    jour_fixe.now = datetime(2026, 12, 1, 9, 50, tzinfo=BERLIN)
    answer = jour_fixe.types("/po-meet")
    assert "[Start]" not in jour_fixe.says("/po-meet", jour_fixe.ben)
    assert "write into the thread" in clicked(jour_fixe, "Start", answer, "write into the thread")


def test_one_is_moved_to_a_day_of_its_own_week(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    told = jour_fixe.says("/po-meet move tue to wed 14:00 because of the fair")
    assert told.startswith("Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00\nJour fixe\n")
    assert "[Show] [Undo]" in told
    assert coming(jour_fixe, 2) == ["Wed 02 Dec 14:00", "Tue 08 Dec 10:00"]
    shown = jour_fixe.says("/po-meet show 2 dec")
    assert "instead of Tue 1 Dec 2026" in shown
    assert "No answer yet: Anna, Ben" in shown  # another time: everybody is asked anew
    last = jour_fixe.told(jour_fixe.ben)[-1]
    assert "moved: Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00, reason: because of the fair" in last


def test_a_move_without_its_target_is_asked_for(jour_fixe: Office) -> None:
    jour_fixe.types("/po-meet move tue")
    assert jour_fixe.anna.view is not None
    jour_fixe.anna.fills({"To": "wed 14:00", "Reason": "the fair"})
    assert jour_fixe.anna.submits() == {}
    assert coming(jour_fixe, 1) == ["Wed 02 Dec 14:00"]


def test_undo_moves_it_back_and_says_so(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes tue", jour_fixe.ben)
    jour_fixe.says("/po-meet move tue to wed 14:00")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert "There: Ben" in jour_fixe.says("/po-meet")
    assert "Anna took that back: Tue 1 Dec, 10:00" in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Wed 2 Dec" not in jour_fixe.told(jour_fixe.ben)[-1]


def test_what_was_moved_first_of_all_is_undone_too(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move tue to 11:00-12:00")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 11:00"]
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_one_is_cancelled_by_a_button_that_asks(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet")
    jour_fixe.anna.clicks("Cancel", answer)
    jour_fixe.box.wait_for(lambda: "Tue 1 Dec, 10:00 cancelled" in answer.text)
    assert coming(jour_fixe, 1) == ["Tue 08 Dec 10:00"]
    assert "Cancelled" in jour_fixe.says("/po-meet show 1 dec")
    assert "cancelled: Tue 1 Dec, 10:00" in jour_fixe.told(jour_fixe.ben)[-1]
    assert "Anna: Jour fixe, cancelled: Tue 1 Dec, 10:00" in "\n".join(
        jour_fixe.box.text_of(m)
        for parent in jour_fixe.anna.reads(jour_fixe.alpha)
        for m in jour_fixe.anna.reads(jour_fixe.alpha, thread=parent)
    )


def test_a_cancelled_one_takes_place_after_all(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet cancel tue")
    assert "takes place after all" in jour_fixe.says("/po-meet restore 1 dec")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]
    assert "takes place after all" in jour_fixe.told(jour_fixe.ben)[-1]


def test_a_meeting_moved_to_a_holiday_says_so(jour_fixe: Office) -> None:
    assert "Fri 25 Dec 2026 is a holiday" in jour_fixe.says("/po-meet move 22 dec to fri 9:00")


# --- This and all that follow ---------------------------------------------------------------


def test_a_new_rhythm_holds_from_its_day_on(jour_fixe: Office) -> None:
    told = jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    assert told.startswith("every Tue, 10:00–10:45 → every Wed, 11:00–11:45, from Wed 16 Dec 2026")
    assert coming(jour_fixe) == [
        "Tue 01 Dec 10:00",
        "Tue 08 Dec 10:00",
        "Wed 16 Dec 11:00",
        "Wed 23 Dec 11:00",
    ]
    assert "from Wed 16 Dec 2026" in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po undo")
    assert coming(jour_fixe)[2:] == ["Tue 15 Dec 10:00", "Tue 22 Dec 10:00"]


def test_calendars_know_what_comes_after_a_change_by_another_name(jour_fixe: Office) -> None:
    def uids(session: Session) -> list[str]:
        series = session.scalars(select(Series)).one()
        return [*(rule.uid for rule in series.earlier), series.uid]

    (first,) = jour_fixe.stored(uids)
    jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    jour_fixe.says("/po-meet change every thu from 1 feb")
    names = jour_fixe.stored(uids)
    assert len(set(names)) == 3
    assert names[0] == first
    assert coming(jour_fixe, 10)[-2:] == ["Wed 27 Jan 11:00", "Thu 04 Feb 11:00"]
    jour_fixe.says("/po-meet change every mon 9:00 from 14 dec")  # before the others began
    assert jour_fixe.stored(uids)[0] == first
    assert len(jour_fixe.stored(uids)) == 2
    assert coming(jour_fixe, 3)[1:] == ["Tue 08 Dec 10:00", "Mon 14 Dec 09:00"]


def test_what_was_moved_is_gone_with_the_day_it_was_of(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet move 15 dec to thu 9:00")
    jour_fixe.says("/po-meet change every wed 11:00 from 14 dec")
    assert "Thu 17 Dec 09:00" not in coming(jour_fixe)
    assert coming(jour_fixe)[2] == "Wed 16 Dec 11:00"


def test_the_hours_alone_change_for_what_is_known_already(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet yes 8 dec", jour_fixe.ben)
    jour_fixe.says("/po-meet change every tue 11:00-12:00 from 2 dec")
    assert coming(jour_fixe, 2) == ["Tue 01 Dec 10:00", "Tue 08 Dec 11:00"]


def test_an_end_leaves_out_what_comes_after(jour_fixe: Office) -> None:
    assert "Jour fixe ends before Tue 15 Dec 2026." in jour_fixe.says("/po-meet end from 15 dec")
    assert coming(jour_fixe) == ["Tue 01 Dec 10:00", "Tue 08 Dec 10:00"]
    assert "The last day is Mon 14 Dec 2026." in jour_fixe.says("/po-meet series")
    jour_fixe.says("/po-meet end")
    assert "Alpha has no meeting ahead." in jour_fixe.says("/po-meet")
    jour_fixe.says("/po undo")
    assert coming(jour_fixe, 1) == ["Tue 01 Dec 10:00"]


def test_a_paused_series_rests_until_it_is_resumed(jour_fixe: Office) -> None:
    answer = jour_fixe.types("/po-meet series")
    clicked(jour_fixe, "Pause", answer, "Jour fixe is paused.")
    assert "Alpha has no meeting ahead." in jour_fixe.says("/po-meet")
    answer = jour_fixe.types("/po-meet series")
    assert "Paused: until it is resumed nothing is prepared." in answer.text
    clicked(jour_fixe, "Resume", answer, "Jour fixe goes on.")
    assert "Jour fixe" in jour_fixe.says("/po-meet")


def test_the_form_changes_only_what_was_touched(jour_fixe: Office) -> None:
    jour_fixe.says("/po-meet invite boss@firm.example informed")
    jour_fixe.types("/po-meet edit")
    assert jour_fixe.anna.view is None  # typed without a word there is nothing to correct
    answer = jour_fixe.types("/po-meet series")
    jour_fixe.anna.clicks("Edit …", answer)
    jour_fixe.anna.fills({"Title": "Weekly", "Required": [jour_fixe.anna, jour_fixe.carla]})
    assert jour_fixe.anna.submits() == {}
    told = jour_fixe.says("/po-meet series")
    assert "1 · Weekly\nevery Tue, 10:00–10:45" in told
    assert "Required: Anna, Carla" in told
    assert "Informed: boss@firm.example" in told


def test_people_come_and_go(jour_fixe: Office) -> None:
    assert "Carla invited to Jour fixe, optional." in jour_fixe.says(
        "/po-meet invite @carla optional"
    )
    assert "Anna invites you" in jour_fixe.told(jour_fixe.carla)[-1]
    assert "not in Slack: ext@firm.example." in jour_fixe.says("/po-meet invite ext@firm.example")
    assert "Ben, ext@firm.example no longer invited" in jour_fixe.says(
        "/po-meet uninvite @ben, ext@firm.example"
    )
    assert "you are not expected any more" in jour_fixe.told(jour_fixe.ben)[-1]
    jour_fixe.says("/po-meet invite @ben")
    told = jour_fixe.says("/po-meet series")
    assert "Required: Anna, Ben\nOptional: Carla" in told


def test_an_address_of_somebody_in_slack_is_that_person(jour_fixe: Office) -> None:
    jour_fixe.says("/po-action add @carla x by fri")
    assert "Carla invited" in jour_fixe.says("/po-meet invite Carla@firm.example")
    assert "They are invited already." in jour_fixe.says("/po-meet invite ben@firm.example")


# --- Several series -------------------------------------------------------------------------


@pytest.fixture
def two(jour_fixe: Office) -> Office:
    """The jour fixe, and a standup on weekdays."""
    jour_fixe.says("/po-meet new Standup every weekday 9:00 15m with @ben from 30 nov")
    jour_fixe.says("/po-meet invite of 2")
    return jour_fixe


def test_of_several_it_is_asked_which(two: Office) -> None:
    answer = two.types("/po-meet cancel")
    assert "Which one?" in answer.text
    assert "[1 · Jour fixe] [2 · Standup]" in answer.text
    told = clicked(two, "2 · Standup", answer, "cancelled")
    assert told.startswith("Mon 30 Nov, 09:00 cancelled\nStandup")


@pytest.mark.parametrize("of", ["of 2", "of standup", 'of "Standup"', "series=2", "of #2"])
def test_a_series_is_named_by_number_or_title(two: Office, of: str) -> None:
    assert "09:00–09:15" in two.says(f"/po-meet series {of}")
    assert two.says(f"/po-meet cancel 2 dec {of}").startswith("Wed 2 Dec, 09:00 cancelled")


def test_a_day_with_one_meeting_needs_no_name(two: Office) -> None:
    assert two.says("/po-meet cancel 3 dec").startswith("Thu 3 Dec, 09:00 cancelled")
    assert "Which one?" in two.says("/po-meet cancel tue")


def test_the_next_of_all_is_shown(two: Office) -> None:
    assert two.says("/po-meet").startswith("Standup")
    listed = two.says("/po-meet list")
    assert "1 · Jour fixe · every Tue, 10:00–10:45 · next Tue 1 Dec, 10:00" in listed
    assert "2 · Standup · every weekday, 09:00–09:15 · next Mon 30 Nov, 09:00" in listed


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
        for day in days_from(series, project, series.first_day):
            if day > last:
                break
            there.append(day)
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
    told = jour_fixe.says("/po-meet move tue to wed 14:00", jour_fixe.carla)
    assert told.startswith("Tue 1 Dec, 10:00 → Wed 2 Dec, 14:00")
    assert "lead, office" in jour_fixe.says("/po-meet new X every fri 9:00", jour_fixe.carla)


def test_the_office_arranges_everything(jour_fixe: Office) -> None:
    jour_fixe.says("/po project people @ben office")
    assert jour_fixe.says("/po-meet cancel tue", jour_fixe.ben).startswith("Tue 1 Dec, 10:00")


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
    jour_fixe.says("/po-meet move tue to wed 14:00")
    jour_fixe.says("/po-meet invite @carla")
    rows = jour_fixe.stored(lambda session: session.scalars(select(Meeting)).all())
    seats = jour_fixe.stored(lambda session: session.scalars(select(Invitee)).all())
    assert (len(rows), len(seats)) == (1, 3)
