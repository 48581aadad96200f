"""Answers for others: who answers for somebody is named, and whom it was for can say otherwise."""

from sqlalchemy import select

from bot.calendar.books import CalendarCopy, CalendarEvent
from bot.meetings import Invitee
from bot.people import Person
from tests.client_replies import calendar, mail
from tests.mailed import Post, tuesday


def carla_answers(post: Post, who: str, partstat: str, day: int | None = 1) -> None:
    """Carla's calendar answers for somebody else's, and says so."""
    post.office.passes(minutes=1)  # not in one message with the invitation
    carla = "carla@firm.example"
    when = [f"RECURRENCE-ID:{tuesday(day):%Y%m%dT%H%M%SZ}"] if day is not None else []
    text = calendar([
        f"UID:{post.uid}", *when, f"DTSTAMP:{post.office.now:%Y%m%dT%H%M%SZ}", "COMMENT:I resign",
        f'ATTENDEE;SENT-BY="mailto:{carla}";PARTSTAT={partstat}:mailto:{who}@firm.example',
    ])  # fmt: skip
    post.arrives(mail(post.answer("", sender=carla), "text/calendar", text.encode()))


def test_whom_somebody_answers_for_is_told_and_can_say_otherwise(post: Post) -> None:
    office = post.office
    carla_answers(post, "ben", "DECLINED")
    text = office.told(office.ben)[-1]
    assert "Carla answered for you by mail: you cannot come: I resign" in text
    assert "Jour fixe · Tue 1 Dec, 10:00" in text
    assert "Can’t: Ben (answered by Carla): “I resign”" in post.shows()
    assert "Ben (answered by Carla) cannot come: I resign" in office.told(office.anna)[-1]
    assert "Carla" in office.says("/po audit")
    assert "answered by mail for Ben" in office.says("/po audit")
    office.passes(minutes=1)
    office.ben.clicks("I’ll be there", office.told_messages(office.ben)[-1])
    office.box.wait_for(lambda: "There: Ben\n" in post.shows())


def test_who_chairs_is_told_like_everybody(post: Post) -> None:
    office = post.office
    carla_answers(post, "anna", "ACCEPTED")
    assert "Carla answered for you by mail: you will be there" in office.told(office.anna)[-1]
    assert "There: Anna (answered by Carla)" in post.shows()


def test_an_answer_to_all_dates_for_another_can_be_taken_back_for_the_next(post: Post) -> None:
    office = post.office
    carla_answers(post, "ben", "DECLINED", None)
    text = office.told(office.ben)[-1]
    assert "Jour fixe · every Tue, 10:00–10:45" in text
    assert "You can say otherwise for each date; the next is Tue 1 Dec, 10:00." in text
    office.passes(minutes=1)
    office.ben.clicks("Maybe", office.told_messages(office.ben)[-1])
    office.box.wait_for(lambda: "Maybe: Ben\n" in post.shows())
    assert "Can’t: Ben (answered by Carla)" in post.shows(8)


def test_who_has_left_is_not_expected_whatever_their_calendar_says(post: Post) -> None:
    office = post.office
    post.published(0)
    with office.bot.sessions.begin() as session:
        event = session.scalars(select(CalendarEvent)).one()
        seat = session.scalars(select(Invitee).join(Person).where(Person.name == "Ben")).one()
        session.add(
            CalendarCopy(
                event_id=event.id, address="ben@firm.example", invitee_id=seat.id,
                part="REQ-PARTICIPANT", mails=1,
            )
        )  # fmt: skip
    before = office.told(office.anna)
    office.box.change(office.ben, deleted=True)
    office.box.wait_for(lambda: "Ben (away)" in post.shows())
    post.says("ACCEPTED", 1)
    assert "There" not in post.shows()
    assert office.told(office.anna) == before
    assert (post.box.read(), post.box.put_aside()) == (1, [])
