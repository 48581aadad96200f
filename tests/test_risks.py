"""Risks: raised, scored with their history, reviewed one by one, become issues."""

from tests.office import Office

SUPPLIER = "/po-risk add Supplier has no capacity p4 i5 owner @ben review in 2 weeks"


def test_a_risk_is_understood_whatever_the_order_of_its_options(office: Office) -> None:
    answer = office.says(SUPPLIER)
    assert "R1 · Supplier has no capacity · 20 of 25, critical · Ben · review Tue 8 Dec" in answer
    other = office.says("/po-risk add review in 2 weeks i5 p4 owner @ben Supplier has no capacity")
    assert "R2 · Supplier has no capacity · 20 of 25, critical · Ben · review Tue 8 Dec" in other


def test_a_high_risk_tells_the_lead(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p3 i4", office.ben)
    assert office.told(office.anna) == []
    office.says("/po-risk add Supplier is bankrupt p3 i5", office.ben)
    (told,) = office.told(office.anna)
    assert "Ben raised R2\nR2 · Supplier is bankrupt · 15 of 25, high" in told


def test_a_bare_risk_opens_the_form(office: Office) -> None:
    office.types("/po-risk")
    office.anna.fills(
        {
            "Event": "Supplier has no capacity",
            "Cause": "one machine only",
            "Probability": "4 · high",
            "Impact": "5 · very high",
            "Owner": office.ben,
            "Response": "ask a second one",
            "Next review": "2026-12-08",
        }
    )
    assert office.anna.submits() == {}
    shown = office.says("/po-risk show R1")
    assert "20 of 25, critical · Ben · review Tue 8 Dec 2026" in shown
    assert "Cause: one machine only" in shown
    assert "Response: ask a second one" in shown


def test_a_new_score_stands_beside_the_old_ones(office: Office) -> None:
    office.says(SUPPLIER)
    office.says("/po-risk same R1")
    answer = office.says("/po-risk score R1 p3 i5 second supplier signed")
    assert "20 → 15, falling. History 20, 20, 15" in answer


def test_the_channel_reads_why_a_score_changed(office: Office) -> None:
    office.says(SUPPLIER)
    office.delivered()
    card = office.anna.reads(office.alpha)[-1]
    office.says("/po-risk score R1 p3 second supplier signed")
    office.delivered()
    remark = office.anna.reads(office.alpha, thread=card)[-1]
    assert office.box.text_of(remark) == "Anna: 20 → 15, falling · second supplier signed"


def test_a_score_that_gets_high_tells_the_lead(office: Office) -> None:
    office.says("/po project people @carla office")
    office.says("/po-risk add Supplier has no capacity p2 i5")
    office.says("/po-risk score R1 p4", office.carla)
    assert "10 → 20, rising" in office.told(office.anna)[-1]


def test_scoring_without_numbers_opens_the_form_with_the_present_ones(office: Office) -> None:
    office.says(SUPPLIER)
    office.types("/po-risk score R1 second supplier signed")
    assert office.anna.view is not None
    form = office.box.text_of(office.anna.view)
    assert "Probability: 4 · high" in form
    assert "Reason: second supplier signed" in form


def test_a_member_scores_nothing(office: Office) -> None:
    office.says(SUPPLIER)
    answer = office.says("/po-risk score R1 p1 i1", office.ben)
    assert "To score or review risks in Alpha one has to be: lead, office." in answer
    assert "Please ask @Anna. What is new can be told by everybody: risk note R7" in answer


def test_the_review_goes_through_the_risks_one_by_one(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p4 i5 review tomorrow")
    office.says("/po-risk add Customs are slow p2 i3 review tomorrow")
    office.passes(days=1)
    answer = office.types("/po-risk review")
    assert "2 due for review. The first:\nR1 · Supplier has no capacity" in answer.text
    assert "[Same] [Rescore] [Close] [Occurred] [Next]" in answer.text
    office.anna.clicks("Same", answer)
    office.box.wait_for(lambda: "Next one" in answer.text)
    office.anna.clicks("Next one", answer)
    office.box.wait_for(lambda: "1 due for review. The first:\nR2" in answer.text)


def test_a_risk_skipped_in_the_review_makes_room_for_the_next(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p4 i5 review tomorrow")
    office.says("/po-risk add Customs are slow p2 i3 review tomorrow")
    office.passes(days=1)
    answer = office.types("/po-risk review")
    office.anna.clicks("Next", answer)
    office.box.wait_for(lambda: "R2 · Customs are slow" in answer.text)


def test_rescoring_in_the_review_opens_the_form(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p4 i5 review tomorrow")
    office.passes(days=1)
    office.anna.clicks("Rescore", office.types("/po-risk review"))
    office.anna.fills({"Probability": "2 · low", "Reason": "second supplier signed"})
    assert office.anna.submits() == {}
    assert "R1 · Supplier has no capacity · 10 of 25, medium" in office.says("/po-risk list")


def test_nothing_due_is_said_so(office: Office) -> None:
    office.says(SUPPLIER)
    assert office.says("/po-risk review") == "No risk is due for review."


def test_a_risk_that_occurred_becomes_an_issue_linked_both_ways(office: Office) -> None:
    office.says(SUPPLIER + " response=ask a second one")
    answer = office.says("/po-risk occurred R1")
    assert "R1 became issue I1\nI1 · Supplier has no capacity · critical · Ben" in answer
    assert "became I1 · Supplier has no capacity" in office.says("/po-risk show R1")
    issue = office.says("/po issue show I1")
    assert "Response: ask a second one" in issue
    assert "came from R1 · Supplier has no capacity" in issue


def test_a_risk_occurs_once(office: Office) -> None:
    office.says(SUPPLIER)
    office.says("/po-risk occurred R1")
    assert "That risk is closed." in office.says("/po-risk occurred R1")


def test_the_worst_risk_stands_first(office: Office) -> None:
    office.says("/po-risk add Customs are slow p2 i3")
    office.says(SUPPLIER)
    _title, first, second = office.says("/po-risk list").splitlines()
    assert first.startswith("R2 · Supplier has no capacity · 20 of 25, critical")
    assert second.startswith("R1 · Customs are slow · 6 of 25, low")


def test_without_numbers_a_risk_is_taken_as_medium(office: Office) -> None:
    assert "9 of 25, medium" in office.says("/po-risk add Customs are slow")


def test_search_finds_the_response_too(office: Office) -> None:
    office.says("/po-risk add Customs are slow response=a broker in Rotterdam")
    assert "R1 · Customs are slow" in office.says("/po-risk find rotterdam")


def test_a_number_off_the_scale_is_refused(office: Office) -> None:
    assert "p9 is off the scale" in office.says("/po-risk add Strike p9 i5").replace("`", "")


def test_what_was_not_said_is_named(office: Office) -> None:
    answer = office.says("/po-risk add Strike p4")
    assert "Not said, so taken: impact 3." in answer


def test_show_tells_how_a_score_came_about(office: Office) -> None:
    office.says("/po-risk add Strike p4 i5")
    office.says("/po-risk score R1 p3 i5 calmer")
    shown = office.says("/po-risk show R1")
    assert "Probability × impact: 3 × 5" in shown
    assert "Scores so far: 20, 15" in shown


def test_the_heat_map_comes_as_a_picture_with_its_numbers(office: Office) -> None:
    assert "There is no open risk." in office.says("/po-risk heat")
    office.says(SUPPLIER)
    assert office.says("/po-risk heat") == "Risks · Alpha. It comes as a direct message."
    (file,) = office.told_messages(office.anna)[-1].files
    picture = office.box.backend.workspace.files[file]
    assert (picture.content or b"").startswith(b"\x89PNG")
    wanted = "R1 Supplier has no capacity: probability 4 × impact 5 = 20, critical"
    assert wanted in picture.alt


def test_an_escalated_risk_is_shown_to_the_program(office: Office) -> None:
    office.says("/po project people @dora program")
    office.says(SUPPLIER)
    answer = office.says("/po-risk escalate R1 we cannot buy capacity ourselves")
    assert "Escalated to the program: we cannot buy capacity ourselves" in answer
    assert "Told: Dora." in answer
    assert "Anna escalates: we cannot buy capacity ourselves" in office.told(office.dora)[-1]
    listed = office.says("/po-risk escalated", office.dora, office.dora.dm)
    assert "ALPHA · R1 · Supplier has no capacity · 20 of 25, critical · escalated" in listed
    assert "Escalated: we cannot buy capacity ourselves" in office.says("/po-risk show R1")
    office.says("/po undo")
    assert "No risk of your projects is escalated." in office.says("/po-risk escalated")


def test_an_escalation_asks_for_its_sentence(office: Office) -> None:
    office.says(SUPPLIER)
    office.types("/po-risk escalate R1")
    assert office.anna.view is not None
    assert "In one sentence, why" in office.box.text_of(office.anna.view)
    assert "one has to be: lead, office" in office.says("/po-risk escalate R1 now", office.carla)


def test_a_review_that_is_edited_with_the_score_stands(office: Office) -> None:
    office.says("/po-risk add Supplier has no capacity p2 i2")
    told = office.says("/po-risk edit R1 p5 i5 review in 3 weeks")
    assert "R1 · Supplier has no capacity · 25 of 25, critical · review Tue 15 Dec" in told
    assert "review Tue 22 Dec" in office.says("/po-risk edit R1 p1 i1")


def test_who_may_not_score_a_risk_of_their_own_reads_why(office: Office) -> None:
    office.says("/po-risk add Supplier is late p4 i3 @ben")
    told = office.says("/po-risk score R1 p1 i1", office.ben)
    assert "To score or review risks in Alpha one has to be: lead, office." in told
