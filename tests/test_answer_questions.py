"""What answers by mail ask the chair: a substitute, another time, a stranger, a reason."""

from datetime import UTC, datetime

import pytest

from tests.client_replies import calendar, counter, delegated, mail
from tests.mailed import Post


def test_who_sends_another_is_a_question(post: Post) -> None:
    office = post.office
    post.arrives(delegated(post.answer("DELEGATED", 1, comment="She knows"), "dora@firm.example"))
    text = post.told()
    assert "Ben cannot come and would send dora@firm.example: She knows" in text
    assert "No answer yet: Anna, Ben" in post.shows()
    assert "Dora" not in post.shows()
    office.anna.clicks("Invite dora@firm.example", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "Dora" in post.shows())


def test_another_time_is_a_question_with_a_form(post: Post) -> None:
    office = post.office
    wish = datetime(2026, 12, 2, 13, tzinfo=UTC)
    post.arrives(counter(post.answer("", 1, comment="A train"), wish, 30))
    text = post.told()
    assert "Ben proposes another time: Wed 2 Dec, 14:00–14:30: A train" in text
    assert "10:00–10:45" in post.shows()
    office.anna.clicks("Move …", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: office.anna.view is not None)
    office.anna.fills({"Reason": "Ben’s train"})
    assert office.anna.submits() == {}
    assert "14:00–14:30" in office.says("/po-meet show 2 dec")


def test_who_declines_and_proposes_another_time_does_not_come(post: Post) -> None:
    post.says("ACCEPTED", 1)
    post.office.passes(minutes=1)
    wish = datetime(2026, 12, 2, 13, tzinfo=UTC)
    proposed = counter(post.answer("DECLINED", 1), wish)
    post.arrives(proposed.replace(b"PARTSTAT=TENTATIVE", b"PARTSTAT=DECLINED"))
    told = "\n".join(post.office.told(post.office.anna))
    assert "Ben proposes another time: Wed 2 Dec, 14:00–15:00" in told
    assert "Ben cannot come" in told
    assert "Can’t: Ben" in post.shows(1)


def test_a_stranger_is_a_question_asked_once(post: Post) -> None:
    office = post.office
    before = len(office.told(office.anna))
    for number in range(3):
        post.says("ACCEPTED", 1, who="eva@else.example", number=f"eva-{number}")
    post.says("DECLINED", 8, who="udo@else.example")
    (text,) = office.told(office.anna)[before:]
    assert "eva@else.example" in text
    assert "would come, but is not invited" in text
    assert "eva@else.example" not in post.shows()
    office.anna.clicks("Invite eva@else.example", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "eva@else.example" in post.shows())


def test_a_maybe_with_a_reason_is_a_question_that_can_be_left(post: Post) -> None:
    office = post.office
    post.says("TENTATIVE", 1, comment="Only after eleven")
    text = post.told()
    assert "Ben may not be able to come: Only after eleven" in text
    assert "[Move …]" in text
    office.anna.clicks("Leave it", office.told_messages(office.anna)[-1])
    office.box.wait_for(lambda: "It is left as it is." in post.told())
    assert "[Move …]" not in post.told()
    assert "10:00–10:45" in post.shows()


def test_only_who_was_asked_leaves_it(post: Post) -> None:
    post.says("TENTATIVE", 1, comment="Only after eleven")
    line = "/po-meet leave rsvp:1:2026-12-01:2"
    assert "You were not asked that." in post.office.says(line, post.office.carla)
    assert "[Move …]" in post.told()


@pytest.mark.parametrize(("sender", "counts"), [("carla", True), ("gus", False), ("eve", False)])
def test_somebody_of_the_office_may_answer_for_another(
    post: Post, sender: str, counts: bool
) -> None:
    address = f"{sender}@firm.example"
    line = f'ATTENDEE;SENT-BY="mailto:{address}";PARTSTAT=DECLINED:mailto:ben@firm.example'
    answer = post.answer("DECLINED", sender=address)
    text = calendar([f"UID:{post.uid}", "RECURRENCE-ID:20261201T090000Z", line])
    post.arrives(mail(answer, "text/calendar; method=REPLY", text.encode()))
    assert ("Can’t: Ben" in post.shows()) is counts
    assert (post.box.put_aside() == []) is counts


def test_nobody_is_asked_who_may_not_read_the_project(post: Post) -> None:
    office = post.office
    assert "Ben chairs" in office.says("/po-meet chair @ben")
    office.says("/po project people @carla lead")
    office.says("/po project set visibility=restricted")
    post.says("ACCEPTED", 1, who="eva@else.example")
    assert "eva@else.example" not in "".join(office.told(office.ben))
    assert "eva@else.example" in "".join(office.told(office.carla))
