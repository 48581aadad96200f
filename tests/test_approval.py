"""Approval of minutes: agreed to, objected to, consented to by silence, reopened, verified."""

from datetime import date

import pytest
from sqlalchemy import select, update

from bot.approvals import consents_on
from bot.minutes import Approval, Minutes, MinutesState, digest_of
from bot.people import Person
from bot.preferences import Wishes
from bot.workdays import WorkCalendar
from tests.office import NOW, Office
from tests.thread import Thread


@pytest.fixture
def thread(office: Office) -> Thread:
    """The thread of a closed meeting of Anna, who chaired it, Ben and Carla."""
    thread = Thread(office)
    thread.write("N: we meet in Room 5")
    thread.write("D: we use site B", office.ben)
    thread.write("A: @carla ask legal by 4 dec", office.carla)
    office.says("/po-meet close")
    office.ticks()
    return thread


def versions(office: Office) -> list[tuple[int, str]]:
    rows = office.stored(lambda s: s.scalars(select(Minutes).order_by(Minutes.version)).all())
    return [(row.version, row.state.value) for row in rows]


def text(office: Office) -> str:
    newest = select(Minutes).order_by(Minutes.id.desc()).limit(1)
    found: str = office.stored(lambda session: session.scalars(newest).one().text)
    return found


def card(thread: Thread) -> str:
    """How the approval stands, below the newest draft."""
    return thread.bot_says()[-1]


def everybody_approves(office: Office) -> None:
    for who in (office.anna, office.ben, office.carla):
        office.says("/po-meet approve", who)


@pytest.mark.both_databases
def test_minutes_are_approved_when_everybody_has(office: Office, thread: Thread) -> None:
    assert "version 1: 1 of 3 agree" in office.says("/po-meet approve", office.ben)
    assert "Approved by: Ben" in card(thread)
    assert "Waiting for: Anna, Carla (silence is consent at the end of Fri 27 Nov 2026)" in card(
        thread
    )
    office.says("/po-meet approve", office.carla)
    assert "so does everybody else" in office.says("/po-meet approve")
    assert versions(office) == [(1, "approved")]
    assert "Minutes approved Tue 24 Nov 2026, version 1" in card(thread)
    assert f"SHA-256 {digest_of(text(office))}" in card(thread)
    channel = office.sees()[-1]
    assert "Minutes approved Tue 24 Nov 2026" in channel
    assert "SHA-256" not in channel


def test_they_approve_by_a_click_in_the_thread(office: Office, thread: Thread) -> None:
    office.delivered()
    draft = [m for m in office.anna.reads(office.alpha, thread=thread.head) if m.bot_id][-1]
    office.ben.clicks("Approve", draft)
    office.box.wait_for(lambda: "Approved by: Ben" in office.box.text_of(draft))


def test_one_approves_once(office: Office, thread: Thread) -> None:
    office.says("/po-meet approve", office.ben)
    assert "No minutes wait for your approval." in office.says("/po-meet approve", office.ben)
    again = office.says("/po-meet approve minutes=1", office.ben)
    assert "You have approved these minutes already." in again


def test_only_who_was_there_approves(office: Office, thread: Thread) -> None:
    office.says("/po project people @dora member")
    answer = office.says("/po-meet approve minutes=1 in ALPHA", office.dora)
    assert "Only who was there approves: @Anna, @Ben, @Carla." in answer
    assert "approve" not in office.says("/po-meet approve minutes=1", office.gus).lower() or (
        versions(office) == [(1, "draft")]
    )


def test_an_approval_is_undone(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    assert "Undone" in office.says("/po undo", office.carla)
    assert versions(office) == [(1, "draft")]
    assert "2 of 3 agree" in card(thread)
    assert "Draft minutes" in office.sees()[-1]


# --- Objections -------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_an_objection_is_followed_and_makes_version_2(office: Office, thread: Thread) -> None:
    office.says("/po-meet approve", office.carla)
    answer = office.says('/po-meet object it was Room 7 quote="Room 5"', office.ben)
    assert "You object to: we meet in Room 5 (Anna)" in answer
    assert "Anna will correct the minutes, or say why not." in answer
    assert "Ben objects to “we meet in Room 5 (Anna)”: it was Room 7" in card(thread)
    asked = office.told_messages(office.anna)[-1]
    office.anna.clicks("Correct for Ben …", asked)
    assert office.anna.view is not None
    assert "we meet in Room 5 (Anna)" in office.box.text_of(office.anna.view)
    office.anna.fills({"It shall read": "we meet in Room 7 (Anna)"})
    assert office.anna.submits() == {}
    assert versions(office) == [(1, "superseded"), (2, "draft")]
    assert "- we meet in Room 7 (Anna)\n" in text(office)
    assert "Room 5" not in text(office)
    assert "Draft minutes, version 2: 0 of 3 agree" in card(thread)
    assert "Ben objected; “we meet in Room 5 (Anna)” now reads “we meet in Room 7 (Anna)”" in card(
        thread
    )
    assert "Anna corrected the minutes: version 2" in office.told(office.anna)[-1]
    everybody_approves(office)
    assert versions(office) == [(1, "superseded"), (2, "approved")]


def test_the_form_to_object_asks_for_the_line(office: Office, thread: Thread) -> None:
    office.delivered()
    draft = [m for m in office.anna.reads(office.alpha, thread=thread.head) if m.bot_id][-1]
    office.ben.clicks("Object …", draft)
    office.ben.fills({"What is wrong": "it was Room 7", "The line you object to": "no such"})
    assert office.ben.submits() == {
        "The line you object to": "No line of the minutes says “no such”."
    }
    office.ben.fills({"The line you object to": "ROOM 5"})
    assert office.ben.submits() == {}
    assert "Ben objects to “we meet in Room 5 (Anna)”: it was Room 7" in card(thread)


def test_the_label_of_a_corrected_line_stays(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was site C quote=site", office.ben)
    office.says("/po-meet correct Decision D1 · we use site C")
    assert "- **Decision** D1 · we use site C\n" in text(office)


def test_a_corrected_title_is_that_of_the_record_too(office: Office, thread: Thread) -> None:
    office.says("/po-meet object tax, not legal quote=legal", office.ben)
    office.says("/po-meet correct Action A1 · ask tax & *customs* · Carla · Fri 4 Dec 2026")
    assert "A1 · ask tax & *customs*" in office.says("/po-action show A1")
    assert "**Action** A1 · ask tax \\& \\*customs\\* · Carla · Fri 4 Dec 2026" in text(office)
    assert any("• A1 · ask tax & *customs*" in said for said in office.sees())


def test_a_record_that_is_more_than_renamed_is_offered_for_editing(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet object it was january quote=legal", office.ben)
    answer = office.says("/po-meet correct Action A1 · ask legal · Carla · Fri 8 Jan 2027")
    assert "The record itself keeps what it says." in answer
    assert "[Edit A1 …]" in answer


def test_an_objection_to_all_of_it_adds_a_correction(office: Office, thread: Thread) -> None:
    office.says("/po-meet object nobody spoke of money", office.ben)
    office.says("/po-meet correct Money was not spoken of")
    assert text(office).endswith("\n## Corrections\n- Money was not spoken of\n")


def test_an_objection_is_overruled_with_a_reason(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    assert "The line stays as it is" in office.says("/po-meet overrule the calendar says 5")
    told = office.told(office.ben)[-1]
    assert "Anna did not follow your objection: the calendar says 5" in told
    shown = card(thread)
    assert "Ben's objection (“it was Room 7”) was not followed: the calendar says 5" in shown
    assert "Waiting for: Anna, Ben, Carla" in shown
    everybody_approves(office)
    assert versions(office) == [(1, "approved")]


def test_only_who_ran_the_meeting_resolves_an_objection(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    assert "one has to be" in office.says("/po-meet correct Room 7", office.carla)
    assert "one has to be" in office.says("/po-meet overrule no", office.ben)
    assert versions(office) == [(1, "draft")]


def test_an_objection_of_another_waits_in_version_2_too(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    office.says("/po-meet object it was site C quote=site", office.carla)
    asked = "/po-meet correct we meet in Room 7"
    assert "Which one?" in office.says(asked)
    office.says(f"{asked} objection=1")
    assert versions(office) == [(1, "superseded"), (2, "draft")]
    assert "Carla objects to “Decision D1 · we use site B”: it was site C" in card(thread)
    assert "Ben objects" not in card(thread)


def test_the_other_objection_is_answered_by_the_buttons_that_asked_for_it(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    office.says("/po-meet object it was site C quote=site", office.carla)
    (asked,) = office.told_messages(office.anna)
    office.passes(minutes=5)
    office.says("/po-meet correct we meet in Room 7 objection=1")
    office.anna.clicks("Overrule Carla …", asked)
    office.anna.fills({"Why it stays as it is": "the recording says B"})
    assert office.anna.submits() == {}
    assert "(“it was site C”) was not followed: the recording says B" in card(thread)
    told = office.told(office.anna)[0]
    assert "Anna corrected the minutes: version 2" in told
    assert "Anna did not follow the objection" in told
    assert "No such objection" in office.says("/po-meet overrule no objection=2")


def test_one_who_objects_may_still_agree(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    assert "You object already" in office.says("/po-meet object and more", office.ben)
    office.says("/po-meet approve", office.ben)
    assert "Approved by: Ben" in card(thread)
    assert "Ben took the objection back" in office.told(office.anna)[-1]
    assert "No such objection" in office.says("/po-meet overrule no")


def test_an_objection_to_an_old_version_is_pointed_to_the_new_one(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    office.says("/po-meet correct we meet in Room 7")
    answer = office.says("/po-meet object late minutes=1", office.carla)
    assert "There is a newer version of these minutes: version 2." in answer
    assert "newer version" in office.says("/po-meet approve minutes=1", office.carla)


def test_after_approval_nobody_objects_but_they_may_be_reopened(
    office: Office, thread: Thread
) -> None:
    everybody_approves(office)
    assert "`meet reopen`" in office.says("/po-meet object late minutes=1", office.ben).replace(
        "meet reopen", "`meet reopen`"
    )
    assert "one has to be" in office.says("/po-meet reopen it was Room 7", office.carla)
    assert "Version 2 waits for approval" in office.says("/po-meet reopen it was Room 7")
    assert versions(office) == [(1, "superseded"), (2, "draft")]
    assert "Reopened by Anna: it was Room 7" in card(thread)
    assert "Draft minutes" in office.sees()[-1]


def test_after_a_reopening_is_undone_the_approved_minutes_stand_in_the_channel(
    office: Office, thread: Thread
) -> None:
    everybody_approves(office)
    office.says("/po-meet reopen it was Room 7")
    assert "Undone" in office.says("/po undo")
    assert versions(office) == [(1, "approved"), (2, "withdrawn")]
    digest = office.sees()[-1]
    assert "Minutes approved Tue 24 Nov 2026" in digest
    assert "version 1" in digest
    assert "taken back" not in digest
    assert any("Version 2 was taken back" in said for said in thread.bot_says())
    assert any("Minutes approved Tue 24 Nov 2026, version 1" in s for s in thread.bot_says())


@pytest.mark.parametrize("words", ["*bold* <!channel> `x`", "🔒 hidden", "a ** b ** c", "# no"])
def test_corrections_are_text_whatever_they_say(office: Office, thread: Thread, words: str) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    office.says(f"/po-meet correct {words}")
    assert f"• {words}" in office.says("/po-meet minutes")


def test_a_chair_who_was_removed_hears_of_no_objection(office: Office, thread: Thread) -> None:
    office.says("/po project people @ben lead")
    office.says("/po project people @carla member")
    office.says("/po project set visibility=restricted")
    office.says("/po project remove @anna lead", office.ben)
    office.passes(minutes=10)
    office.says("/po-meet object the customer knows quote=room", office.carla)
    assert "the customer knows" in "\n".join(office.told(office.ben))
    assert "the customer knows" not in "\n".join(office.told(office.anna))


def test_an_objection_after_weeks_still_shows_on_the_card(office: Office, thread: Thread) -> None:
    assert "no consent" in office.says('/po-meet silence 0 of "Jour fixe"')
    office.waits_until(9, 9, month=12)
    office.waits_until(10, 9, month=12)
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    assert "Room 7" in card(thread)


# --- Silence ----------------------------------------------------------------------------------


def test_silence_for_three_working_days_is_consent(office: Office, thread: Thread) -> None:
    office.says("/po-meet approve", office.ben)
    office.waits_until(26, 17)
    assert versions(office) == [(1, "draft")]
    office.waits_until(27, 17)
    assert versions(office) == [(1, "approved")]
    shown = card(thread)
    assert "Approved by: Ben" in shown
    assert "By silence: Anna, Carla" in shown
    assert any("Minutes approved Fri 27 Nov 2026" in said for said in office.sees())


def test_an_objection_is_no_silence(office: Office, thread: Thread) -> None:
    office.says("/po-meet object it was Room 7 quote=room", office.ben)
    office.waits_until(27, 17)
    assert versions(office) == [(1, "draft")]
    assert "By silence: Anna, Carla" in card(thread)
    office.says("/po-meet overrule the calendar says 5")
    office.waits_until(30, 17)
    assert versions(office) == [(1, "draft")]
    office.waits_until(2, 17, month=12)
    assert versions(office) == [(1, "approved")]


def test_days_away_are_no_silence(office: Office, thread: Thread) -> None:
    office.says("/po away until 1 dec", office.carla)
    office.waits_until(27, 17)
    assert "Waiting for: Carla (silence is consent at the end of Thu 3 Dec 2026)" in card(thread)
    office.waits_until(2, 17, month=12)
    assert versions(office) == [(1, "draft")]
    office.waits_until(3, 17, month=12)
    assert versions(office) == [(1, "approved")]


def test_holidays_are_no_silence() -> None:
    germany = WorkCalendar("DE")
    before_christmas = date(2026, 12, 23)
    assert consents_on(germany, before_christmas, 3, Wishes()) == date(2026, 12, 29)
    assert consents_on(WorkCalendar(), before_christmas, 3, Wishes()) == date(2026, 12, 28)


def test_the_window_is_a_setting_and_may_be_none(office: Office, thread: Thread) -> None:
    answer = office.says("/po-meet silence 0 of 1")
    assert "silence is no consent to its minutes" in answer
    office.waits_until(4, 17, month=12)
    assert versions(office) == [(1, "draft")]
    assert "for 1 working day agrees" in office.says("/po-meet silence 1 of 1")
    office.waits_until(7, 17, month=12)
    assert versions(office) == [(1, "approved")]
    assert "one has to be" in office.says("/po-meet silence 2 of 1", office.ben)


def test_who_may_not_read_the_minutes_is_not_asked_about_them(
    office: Office, thread: Thread
) -> None:
    office.says("/po project set visibility=restricted")
    assert "so does everybody else" in office.says("/po-meet approve")
    assert versions(office) == [(1, "approved")]


def test_where_nobody_who_was_there_may_read_the_minutes_the_lead_is_asked(office: Office) -> None:
    office.says("/po-meet start Talk", office.ben)
    office.delivered()
    office.says("/po project set visibility=restricted")
    assert "Asked to approve: Anna." in office.says("/po-meet close")


def test_while_the_bot_is_not_in_the_channel_everybody_stays_asked(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet approve")
    office.anna.removes(office.alpha)
    office.box.settle()
    office.waits_until(25, 17)
    assert versions(office) == [(1, "draft")]


def test_who_left_the_company_is_waited_for_no_more(office: Office, thread: Thread) -> None:
    office.says("/po-meet approve", office.ben)
    office.says("/po-meet approve")
    office.box.change(office.carla, deleted=True)
    office.box.wait_for(lambda: not _is_active(office, "Carla"))
    office.waits_until(25, 17)
    assert versions(office) == [(1, "approved")]


def _is_active(office: Office, name: str) -> bool:
    found: bool = office.stored(
        lambda s: s.scalar(select(Person.is_active).where(Person.name == name))
    )
    return found


def test_the_reminder_comes_a_working_day_later_in_the_digest(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet approve")
    office.waits_until(24, 18)
    office.waits_until(25, 8, 30)
    (told,) = [m for m in office.told_messages(office.ben) if "Your day" in office.box.text_of(m)]
    assert "Minutes to approve" in office.box.text_of(told)
    assert "Minutes of Jour fixe, Tue 24 Nov 2026, version 1" in office.box.text_of(told)
    assert "silence is consent on Fri 27 Nov 2026" in office.box.text_of(told)
    assert not any("Minutes to approve" in said for said in office.told(office.anna))
    office.ben.clicks("Approve", told)
    office.box.wait_for(lambda: "✓ Jour fixe, Tue 24 Nov 2026" in office.box.text_of(told))


def test_an_objection_is_in_the_chairs_digest_until_it_is_answered(
    office: Office, thread: Thread
) -> None:
    office.ticks()
    office.waits_until(25, 8, 30)
    office.says('/po-meet object it was site C quote="we use site B"', office.ben)
    office.box.wait_for(lambda: "you object: it waits for an answer" in office.told(office.ben)[-1])
    assert "✓" not in office.told(office.ben)[-1]
    everybody_else(office)
    office.waits_until(26, 8, 30)
    (morning,) = [m for m in office.told_messages(office.anna) if "Minutes to approve"
                  in office.box.text_of(m)][1:]  # fmt: skip
    said = office.box.text_of(morning)
    assert "Ben objects: “Decision D1 · we use site B” · it was site C" in said
    assert "[Correct for Ben …] [Overrule Ben …] [Show]" in said
    assert "[Approve]" not in said
    office.anna.clicks("Overrule Ben …", morning)
    office.anna.fills({"Why it stays as it is": "the recording says so"})
    office.anna.submits()
    office.box.wait_for(lambda: "✓ Jour fixe, Tue 24 Nov 2026" in office.box.text_of(morning))
    office.box.wait_for(lambda: "2 of 3 agree\n[Approve]" in "\n".join(office.told(office.ben)))
    office.waits_until(27, 8, 30)
    assert "objects" not in office.told(office.anna)[-1]


def test_a_chair_who_has_not_agreed_yet_is_asked_for_that_when_the_objection_is_answered(
    office: Office, thread: Thread
) -> None:
    office.says("/po-meet object it was site C", office.ben)
    office.waits_until(25, 8, 30)
    asked = "Ben objects: it was site C"
    morning = next(m for m in office.told_messages(office.anna) if asked in office.box.text_of(m)
                   and "Your day" in office.box.text_of(m))  # fmt: skip
    assert "[Approve] [Object …] [Correct for Ben …]" in office.box.text_of(morning)
    office.says("/po-meet overrule the recording says so")
    office.box.wait_for(lambda: asked not in office.box.text_of(morning))
    assert "0 of 3 agree\n[Approve] [Object …]" in office.box.text_of(morning)


def everybody_else(office: Office) -> None:
    for who in (office.anna, office.carla):
        office.says("/po-meet approve", who)


def test_the_reminder_is_snoozed(office: Office, thread: Thread) -> None:
    office.waits_until(25, 8, 30)
    told = office.told_messages(office.ben)[-1]
    office.ben.clicks("Snooze 1 week", told)
    office.box.wait_for(lambda: "you are not reminded before" in office.box.text_of(told))
    office.waits_until(26, 8, 30)
    assert not any("Minutes to approve" in said for said in office.told(office.ben)[1:])


def test_minutes_to_approve_stand_at_home(office: Office, thread: Thread) -> None:
    office.ben.opens_home()
    office.box.wait_for(lambda: "ALPHA · Jour fixe, Tue 24 Nov 2026" in _home_of_ben(office))
    office.ben.clicks("Approve", near="Jour fixe, Tue 24 Nov 2026")
    office.box.wait_for(lambda: "ALPHA · Jour fixe" not in _home_of_ben(office))
    assert "Approved by: Ben" in card(thread)


def _home_of_ben(office: Office) -> str:
    return office.box.text_of(office.ben.home) if office.ben.home else ""


# --- The hash ---------------------------------------------------------------------------------


def test_the_approved_text_is_verified(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    answer = office.says("/po minutes verify")
    assert "Version 1: approved Tue 24 Nov 2026" in answer
    assert "✓ the stored text is the one this hash was made of" in answer
    digest = digest_of(text(office))
    assert f"SHA-256 {digest}" in answer
    assert "Version 1" in office.says(f"/po-meet verify {digest[:12]}")
    assert "No version of any minutes" in office.says(f"/po-meet verify {'0' * 64}")


def test_a_text_that_was_pasted_is_verified(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    assert "Version 1" in office.says(f"/po minutes verify {text(office)}")
    changed = text(office).replace("site B", "site C")
    assert "No version of any minutes" in office.says(f"/po minutes verify {changed}")


def test_a_text_that_was_tampered_with_is_found(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    forged = text(office).replace("site B", "site C")
    with office.bot.sessions.begin() as session:
        session.execute(update(Minutes).values(text=forged))
    assert "✗ THE STORED TEXT WAS CHANGED" in office.says("/po minutes verify")


def test_every_version_is_kept_and_verified(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    office.says("/po-meet reopen it was Room 7")
    answer = office.says("/po-meet verify tue")
    assert "Version 2: waits for approval" in answer
    assert "Version 1: approved Tue 24 Nov 2026, then replaced by a newer version" in answer


def test_nothing_of_an_approval_is_lost(office: Office, thread: Thread) -> None:
    everybody_approves(office)
    rows = office.stored(lambda s: s.scalars(select(Approval).order_by(Approval.id)).all())
    assert [(row.is_approved, row.by_silence, row.at) for row in rows] == [(True, False, NOW)] * 3
    assert MinutesState.APPROVED in office.stored(lambda s: s.scalars(select(Minutes.state)).all())
