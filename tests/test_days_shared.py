"""Days shared: two meetings of one series on a day are told apart, clicked or typed."""

import pytest
from sqlalchemy import select

from bot.agenda import AgendaItem, Topic
from bot.meetings import Meeting
from slackbox import Answer, Message
from tests.jour_fixe import BERLIN, arranged, clicked, coming
from tests.office import Office


@pytest.fixture
def shared(office: Office) -> Office:
    """The jour fixe, of which the one of 1 December was moved to the day of the next, 14:00."""
    arranged(office)
    office.says("/po-meet move 1 dec to 8 dec 14:00 sure=yes")
    return office


def form(office: Office) -> str:
    assert office.anna.view is not None
    return office.box.text_of(office.anna.view)


def opened(office: Office, label: str, answer: Answer | Message, near: str | None = None) -> str:
    """What the form shows that a button opens."""
    office.anna.clicks(label, answer, near=near)
    office.box.wait_for(lambda: office.anna.view is not None)
    return form(office)


def test_a_button_cancels_the_meeting_it_stands_below(shared: Office) -> None:
    answer = shared.types("/po-meet show")
    assert "10:00" in answer.text
    clicked(shared, "Cancel", answer, "cancelled")
    assert answer.text.startswith("Tue 8 Dec, 10:00 cancelled")
    assert coming(shared, 2) == ["Tue 08 Dec 14:00", "Tue 15 Dec 10:00"]


def test_a_form_moves_the_meeting_it_was_opened_for(shared: Office) -> None:
    opened(shared, "Move …", shared.types("/po-meet show"))
    shared.anna.fills({"To": "9 dec 11:00"})
    shared.anna.submits()
    shared.box.wait_for(lambda: coming(shared, 2) == ["Tue 08 Dec 14:00", "Wed 09 Dec 11:00"])


def proposed_for(office: Office) -> list[str]:
    """The topics proposed for one meeting: their titles, and when it begins."""
    rows = office.stored(
        lambda session: list(
            session.execute(
                select(Topic.title, Meeting.starts_at).join(Meeting, Meeting.id == Topic.meeting_id)
            )
        )
    )
    return [f"{title} {starts.astimezone(BERLIN):%H:%M}" for title, starts in rows]


def arranged_at(office: Office) -> list[str]:
    """The items of kept agendas: their titles, and when their meetings begin."""
    rows = office.stored(
        lambda session: list(
            session.execute(
                select(AgendaItem.title, Meeting.starts_at)
                .join(Meeting, Meeting.id == AgendaItem.meeting_id)
                .order_by(AgendaItem.position)
            )
        )
    )
    return [f"{title} {starts.astimezone(BERLIN):%H:%M}" for title, starts in rows]


@pytest.mark.parametrize("hour", ["10:00", "14:00"])
def test_the_agenda_that_is_arranged_is_the_one_that_was_shown(shared: Office, hour: str) -> None:
    for topic in ("Budget", "Site"):
        shared.says(f"/po-meet topic {topic} day=2026-12-08 at={hour}")
    answer = shared.types(f"/po-meet show 8 dec {hour}")
    clicked(shared, "Agenda", answer, "Budget")
    shared.anna.clicks("Down", answer, near="1 · Budget")
    arranged_so = [f"Site {hour}", f"Budget {hour}"]
    shared.box.wait_for(lambda: arranged_at(shared) == arranged_so and "1 · Site" in answer.text)
    opened(shared, "Edit …", answer, near="1 · Site")
    shared.anna.fills({"Title": "Site B"})
    shared.anna.submits()
    shared.box.wait_for(lambda: arranged_at(shared) == [f"Site B {hour}", f"Budget {hour}"])
    clicked(shared, "Publish", shared.types(f"/po-meet agenda day=2026-12-08 at={hour}"), "channel")
    assert "Site B" in shared.sees()[-1]


@pytest.mark.parametrize(
    ("line", "hour", "said"),
    [
        ("cancel 8 dec because of the fair sure=yes", "14:00", "Tue 8 Dec, 14:00 cancelled"),
        ("cancel 8 dec 14:30 sure=yes", "14:00", "Tue 8 Dec, 14:00 cancelled"),
        ("agenda on 8 dec", "10:00", "10:00"),
        ("publish day=2026-12-08", "10:00", "is in the channel"),
        ("place Room 7 on 8 dec", "10:00", "Tue 8 Dec, 10:00: it takes place here: Room 7"),
        ("yes 8 dec", "14:00", "Tue 8 Dec, 14:00"),
        ("topic Budget day=2026-12-08", "14:00", "Added for Tue 8 Dec"),
    ],
)
def test_a_day_that_fits_two_asks_which(shared: Office, line: str, hour: str, said: str) -> None:
    answer = shared.types(f"/po-meet {line}")
    assert "[Tue 8 Dec, 10:00] [Tue 8 Dec, 14:00]" in answer.text
    assert said in clicked(shared, f"Tue 8 Dec, {hour}", answer, said)


def test_the_hour_says_which_one(shared: Office) -> None:
    assert "10:00–10:45" in shared.says("/po-meet show 8 dec 10:00")
    assert "14:00–14:45" in shared.says("/po-meet show 8 dec 14:00")
    shared.says("/po-meet move 8 dec 14:00")
    shared.box.wait_for(lambda: shared.anna.view is not None)
    assert "2026-12-08 14:00" in form(shared)
    told = shared.says("/po-meet move 8 dec 14:00 to 9 dec 15:00 sure=yes")
    assert told.startswith("Tue 8 Dec, 14:00 → Wed 9 Dec, 15:00")


def test_one_that_comes_back_to_a_day_is_told_apart_again(shared: Office) -> None:
    shared.says("/po-meet publish day=2026-12-08 at=10:00")
    shared.says("/po-meet move 8 dec 14:00 to 9 dec sure=yes")
    assert "You will be there" in shared.says("/po-meet yes 8 dec", shared.ben)
    assert "Undone" in shared.says("/po undo")
    shared.delivered()
    published = next(
        message
        for message in reversed(shared.anna.reads(shared.alpha))
        if "Propose a topic" in shared.box.text_of(message)
    )
    opened(shared, "Propose a topic …", published)
    shared.anna.fills({"Topic": "Budget"})
    shared.anna.submits()
    shared.box.wait_for(lambda: proposed_for(shared) == ["Budget 10:00"])


def test_hours_somebody_cannot_come_at_name_no_other_meeting(office: Office) -> None:
    arranged(office)
    told = office.says("/po-meet no tue 9:00-11:00 at the dentist", office.ben)
    assert "You cannot come" in told


def test_a_cancelled_one_is_not_the_one_meant_but_for_restoring(shared: Office) -> None:
    shared.says("/po-meet cancel 8 dec 10:00 sure=yes")
    assert "14:00–14:45" in shared.says("/po-meet show 8 dec")
    assert "Tue 8 Dec, 10:00 takes place after all" in shared.says("/po-meet restore 8 dec")


def test_what_stands_in_the_channel_names_its_own_meeting(office: Office) -> None:
    arranged(office)
    office.says("/po-meet publish day=2026-12-08")
    office.says("/po-meet move 1 dec to 8 dec 14:00 sure=yes")
    office.delivered()
    published = next(
        message
        for message in reversed(office.anna.reads(office.alpha))
        if "Propose a topic" in office.box.text_of(message)
    )
    opened(office, "Propose a topic …", published)
    office.anna.fills({"Topic": "Budget"})
    office.anna.submits()
    office.box.wait_for(lambda: proposed_for(office) == ["Budget 10:00"])
