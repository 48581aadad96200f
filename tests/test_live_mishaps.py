"""Mishaps around a meeting: left open, begun by mistake or twice, or where not all may read it."""

import pytest

from tests.office import Office
from tests.thread import Thread, items, states


@pytest.fixture
def two(office: Office) -> tuple[Thread, Thread]:
    """The threads of two meetings of one series: nobody has closed the one of yesterday."""
    office.says('/po-meet new "Jour fixe" every day 10:00-10:45 with @ben')
    office.says("/po-meet invite")
    first = Thread(office, "")
    office.passes(days=1)
    return first, Thread(office, "")


# --- Two meetings open at once ----------------------------------------------------------------


def test_of_two_open_meetings_the_one_that_is_clicked_is_closed(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    asked = office.types("/po-meet close")
    assert "Which one?" in asked.text
    assert "[Jour fixe, Tue 24 Nov 2026, 09:00] [Jour fixe, Wed 25 Nov 2026, 09:00]" in asked.text
    office.anna.clicks("Jour fixe, Tue 24 Nov 2026, 09:00", asked)
    assert "Meeting closed\nJour fixe, Tue 24 Nov 2026" in asked.text
    assert states(office) == ["closed", "open"]
    assert "Meeting closed\nJour fixe, Wed 25 Nov 2026" in office.says("/po-meet close")


def test_the_buttons_of_a_card_are_about_its_meeting(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    first, second = two
    first.write("#topic Old matters")
    second.write("#topic New matters")
    office.bot.attendant.look_again()
    office.delivered()
    office.anna.clicks("Park", first.head)
    assert items(office)[-1] == ("New matters", "now")
    assert any("That was the last item" in text for text in first.bot_says())
    assert not any("That was the last item" in text for text in second.bot_says())
    office.anna.clicks("Close", first.head)
    assert states(office) == ["closed", "open"]


def test_what_is_typed_in_a_thread_is_about_its_meeting(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    two[0].write("@Jourfixe meet close")
    office.box.wait_for(lambda: states(office) == ["closed", "open"])


def test_a_meeting_of_another_project_is_not_to_be_closed_by_its_number(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    beta = office.box.channel("beta", members=[office.anna, office.ben])
    office.says("/po project new Beta", office.ben, beta)
    told = office.says("/po-meet close meeting=1 in BETA", office.ben, beta)
    assert "There is no such meeting here." in told
    assert "one has to be" in office.says("/po-meet close meeting=1 in ALPHA", office.carla)
    assert states(office) == ["open", "open"]


def test_the_button_of_a_meeting_that_is_over_says_so(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    office.says("/po-meet close meeting=1")
    assert "That meeting is closed already." in office.says("/po-meet next meeting=1")


def test_of_two_meetings_of_a_day_the_minutes_that_are_clicked_are_shown(
    office: Office, two: tuple[Thread, Thread]
) -> None:
    two[0].write("N: old")
    two[1].write("N: new")
    for number in (1, 2):
        office.says(f"/po-meet close meeting={number}")
    office.passes(hours=2)
    office.says("/po-meet start Jour fixe")
    office.says("/po-meet close")
    asked = office.types("/po-meet minutes wed")
    office.anna.clicks("Jour fixe, Wed 25 Nov 2026, 09:00", asked)
    assert "new (Anna)" in asked.text
