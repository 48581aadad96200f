"""Proposals: the office proposes a plan change, the lead confirms or declines."""

import pytest

from slackbox import Answer
from tests.office import Office

PILOT = '/po ms add "Pilot live" 30 june owner @anna'
PROPOSED = "Wed 30 Jun 2027 → Thu 15 Jul 2027, +11 working days, reason: supplier late"


@pytest.fixture
def pilot(office: Office) -> Office:
    """Anna's milestone M1; Carla is the project's office, Ben a member."""
    office.says("/po project people @carla office")
    office.says(PILOT)
    office.passes(minutes=5)
    return office


def refused(office: Office) -> Answer:
    return office.types("/po ms forecast M1 15 july supplier late", office.carla)


def test_the_office_proposes_and_the_lead_confirms_with_one_click(pilot: Office) -> None:
    answer = pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    assert f"P1 proposed: {PROPOSED}" in answer
    assert "Anna will confirm or decline it." in answer
    (asked,) = pilot.told_messages(pilot.anna)
    assert "Carla proposes another forecast" in pilot.box.text_of(asked)
    pilot.anna.clicks("Confirm", asked)
    pilot.box.wait_for(lambda: "15 Jul" in pilot.says("/po ms list"))
    shown = pilot.says("/po ms show M1")
    assert "Wed 30 Jun 2027 → Thu 15 Jul 2027 · Anna, proposed by Carla: supplier late" in shown
    assert "Anna confirmed P1" in pilot.told(pilot.carla)[-1]
    assert "Anna confirmed P1" in pilot.told(pilot.anna)[0]


def test_a_proposal_is_declined_with_a_reason(pilot: Office) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    assert "P1 declined" in pilot.says("/po proposals decline P1 we keep the date")
    assert "Anna declined P1: we keep the date" in pilot.told(pilot.carla)[-1]
    assert "30 Jun" in pilot.says("/po ms list")
    assert "P1 is declined already." in pilot.says("/po proposals accept P1")


def test_who_may_not_forecast_is_offered_to_propose(pilot: Office) -> None:
    answer = refused(pilot)
    assert "one has to be: lead. Please ask @Anna." in answer.text
    pilot.carla.clicks("Propose …", answer)
    assert pilot.carla.view is not None
    form = pilot.box.text_of(pilot.carla.view)
    assert "2027-07-15" in form
    assert "supplier late" in form
    assert pilot.carla.submits() == {}
    pilot.box.wait_for(lambda: "P1 proposed" in answer.text)


@pytest.mark.parametrize("typed", ["give M1 @carla", "edit M1 owner @carla"])
def test_who_may_not_forecast_does_not_take_the_milestone_either(pilot: Office, typed: str) -> None:
    answer = pilot.says(f"/po ms {typed}", pilot.carla)
    assert "close or take somebody else's milestone in Alpha one has to be: lead." in answer
    assert "Anna" in pilot.says("/po ms show M1")
    pilot.says("/po ms add Site ready by 1 june", pilot.carla)
    assert "Given to Carla" in pilot.says("/po ms give M2 @carla", pilot.carla)


def test_whose_milestone_is_taken_is_told(office: Office) -> None:
    office.says("/po ms add Site ready by 1 june owner @ben")
    office.says('/po ms add "Pilot live" 30 june owner @ben')
    office.passes(minutes=5)
    office.says("/po ms give M1 @anna")
    assert "Anna took M1 from you" in office.told(office.ben)[-1]
    office.passes(minutes=5)
    office.types("/po form ms edit M2")
    office.anna.fills({"Owner": None})
    assert office.anna.submits() == {}
    assert "Anna: M2 is nobody's now" in office.told(office.ben)[-1]


def test_what_is_proposed_is_listed_with_its_answers(pilot: Office) -> None:
    assert "Nothing waits for a decision." in pilot.says("/po proposals")
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    assert f"P1 · M1 Pilot live · {PROPOSED} · Carla" in pilot.says("/po proposals")
    answer = pilot.types("/po proposals")
    pilot.anna.clicks("Confirm", answer, near="P1")
    pilot.box.wait_for(lambda: "P1: Wed 30 Jun 2027 → Thu 15 Jul 2027" in answer.text)


def test_only_the_lead_confirms(pilot: Office) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    for who in (pilot.carla, pilot.ben):
        assert "one has to be: lead" in pilot.says("/po proposals accept P1", who)
        assert "one has to be: lead" in pilot.says("/po proposals decline P1", who)


def test_a_member_proposes_too_but_not_for_what_is_ones_own(pilot: Office) -> None:
    assert "P1 proposed" in pilot.says("/po ms propose M1 15 july rain", pilot.ben)
    answer = pilot.says("/po ms propose M1 15 july supplier late")
    assert "You may set it yourself: ms forecast." in answer.replace("`", "")


def test_a_new_proposal_of_the_same_person_takes_the_place_of_the_old(pilot: Office) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    pilot.passes(minutes=5)
    answer = pilot.says("/po ms propose M1 22 july customs too", pilot.carla)
    assert "+16 working days, replaces P1, reason: customs too" in answer
    assert "replaces P1" in pilot.says("/po proposals")
    assert "P1 ·" not in pilot.says("/po proposals")
    assert "P1 is withdrawn already." in pilot.says("/po proposals accept P1")
    assert "Carla withdrew P1" in pilot.told(pilot.anna)[0]


def test_who_proposed_it_withdraws_it(pilot: Office) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    assert "Only who proposed it" in pilot.says("/po proposals withdraw P1", pilot.ben)
    assert "P1 withdrawn" in pilot.says("/po proposals withdraw P1", pilot.carla)
    assert "Carla withdrew P1" in pilot.told(pilot.anna)[0]


def test_a_confirmation_is_undone(pilot: Office) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    pilot.says("/po proposals accept P1")
    assert "Undone" in pilot.says("/po undo")
    assert "30 Jun 2027" in pilot.says("/po ms list")
    assert "P1 · M1" in pilot.says("/po proposals")
    assert "[Confirm]" in pilot.told(pilot.anna)[0]
    assert "15 Jul" not in pilot.says("/po ms show M1")


def test_a_later_date_is_proposed_with_a_reason(pilot: Office) -> None:
    pilot.types("/po ms propose M1 15 july", pilot.carla)
    assert pilot.carla.view is not None
    assert "2027-07-15" in pilot.box.text_of(pilot.carla.view)
    assert "required" in pilot.carla.submits()["Reason"]


def test_the_lead_is_told_that_the_forecast_had_changed_meanwhile(pilot: Office) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    pilot.says("/po ms forecast M1 5 july customs")
    answer = pilot.says("/po proposals accept P1")
    assert "The forecast had changed since this was proposed." in answer
    assert "Mon 5 Jul 2027 → Thu 15 Jul 2027" in answer


def test_who_was_removed_from_a_restricted_project_hears_no_answer(pilot: Office) -> None:
    pilot.says("/po project people @ben lead")
    pilot.says("/po project set visibility=restricted")
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    assert any("Carla proposes another forecast" in text for text in pilot.told(pilot.ben))
    pilot.says("/po project remove @carla office")
    pilot.says("/po project remove @ben lead")
    pilot.passes(minutes=10)
    assert "P1 declined" in pilot.says("/po proposals decline P1 the customer knows")
    assert "the customer knows" in "\n".join(pilot.told(pilot.anna))
    for removed in (pilot.ben, pilot.carla):
        assert "the customer knows" not in "\n".join(pilot.told(removed))


@pytest.mark.parametrize(("line", "end"), [("done M1", "done"), ("drop M1", "dropped")])
def test_what_is_proposed_for_a_milestone_ends_with_it(pilot: Office, line: str, end: str) -> None:
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    assert "[Confirm]" in pilot.told(pilot.anna)[0]
    pilot.passes(minutes=5)
    assert end in pilot.says(f"/po ms {line}")
    assert "Nothing waits for a decision." in pilot.says("/po proposals")
    assert "P1 was withdrawn: M1 is closed" in pilot.told(pilot.carla)[-1]
    assert "P1 was withdrawn: M1 is closed" in pilot.told(pilot.anna)[0]
    assert "[Confirm]" not in pilot.told(pilot.anna)[0]
    pilot.says("/po undo")
    pilot.delivered()
    assert "[Confirm]" in pilot.told(pilot.anna)[0]
    assert "P1" in pilot.says("/po proposals")


@pytest.mark.parametrize("verb", ["done", "drop", "reopen"])
def test_lead_and_owner_close_and_reopen_a_milestone_and_the_office_does_not(
    pilot: Office, verb: str
) -> None:
    pilot.says('/po ms add "Site ready" 1 june owner @ben')
    if verb == "reopen":
        assert "M1 done" in pilot.says("/po ms done M1")
        assert "M2 done" in pilot.says("/po ms done M2", pilot.ben)
    answer = pilot.types(f"/po ms {verb} M1", pilot.carla)
    assert "one has to be: lead. Please ask @Anna." in answer.text
    pilot.carla.clicks("Note …", answer)
    assert pilot.carla.view is not None
    assert "one has to be: lead" not in pilot.says(f"/po ms {verb} M2", pilot.ben)
    assert "one has to be: lead" not in pilot.says(f"/po ms {verb} M1")


@pytest.mark.both_databases
def test_what_is_proposed_stands_in_the_leads_digest_until_it_is_answered(pilot: Office) -> None:
    pilot.ticks()
    pilot.says("/po ms propose M1 15 july supplier late", pilot.carla)
    pilot.waits_until(25, 8, 30)
    (message,) = (m for m in pilot.told_messages(pilot.anna) if "Your day" in m.text)
    told = pilot.box.text_of(message)
    assert f"To agree to\nPilot live\nALPHA-M1 · P1 · Carla proposes {PROPOSED}\n" in told
    assert "[Confirm] [Decline …]" in told
    pilot.anna.clicks("Snooze 1 day", message)
    pilot.box.wait_for(lambda: "not reminded before Fri 27 Nov" in pilot.box.text_of(message))
    pilot.says("/po undo")
    pilot.delivered()
    assert "[Confirm] [Decline …]" in pilot.box.text_of(message)
    assert "before Fri 27 Nov" in pilot.says("/po snooze proposal 1 1 day")
    pilot.waits_until(26, 8, 30)
    pilot.waits_until(27, 8, 30)
    (_first, message) = (m for m in pilot.told_messages(pilot.anna) if "Your day" in m.text)
    pilot.anna.clicks("Confirm", message)
    pilot.box.wait_for(lambda: "✓ Pilot live · confirmed" in pilot.box.text_of(message))
    pilot.says("/po undo")
    pilot.delivered()
    assert "[Confirm] [Decline …]" in pilot.box.text_of(message)
    pilot.says("/po proposals decline P1 we keep the date")
    pilot.delivered()
    assert "✓ Pilot live · declined: we keep the date" in pilot.box.text_of(message)
    before = len(pilot.told(pilot.anna))
    pilot.waits_until(30, 8, 30)
    assert not any("To agree to" in text for text in pilot.told(pilot.anna)[before:])
