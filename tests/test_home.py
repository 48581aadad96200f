"""App Home and my list: what waits for one person, over all their projects."""

from slackbox.model import View
from tests.office import Office


def home_of(office: Office) -> str:
    """What Anna reads at home."""
    office.anna.opens_home()
    view = office.box.wait_for(lambda: office.anna.home)
    return office.box.text_of(view)


def shows(office: Office, words: str) -> bool:
    """Wait until Anna's home says something."""
    return bool(office.box.wait_for(lambda: words in _text(office, office.anna.home)))


def _text(office: Office, view: View | None) -> str:
    return office.box.text_of(view) if view is not None else ""


def test_home_shows_my_list_and_my_projects_with_their_colours(office: Office) -> None:
    office.says("/po-status amber Supplier late")
    office.says("/po-action add @anna send contract draft by next fri")
    home = home_of(office)
    assert "My list\nALPHA · A1 · send contract draft · Fri 4 Dec 2026" in home
    assert "My projects\nALPHA · Alpha\n🟡 AMBER" in home


def test_an_empty_home_says_so(office: Office) -> None:
    assert "Nothing is waiting for you." in home_of(office)


def test_an_action_is_closed_at_home_and_leaves_the_list(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    home_of(office)
    office.anna.clicks("Done", near="A1")
    assert shows(office, "Nothing is waiting for you.")
    assert "A1 closed, 8 working days early" in _text(office, office.anna.view)


def test_a_click_at_home_can_be_undone(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by next fri")
    home_of(office)
    office.anna.clicks("Done", near="A1")
    view = office.box.wait_for(lambda: office.anna.view)
    office.anna.clicks("Undo", view)
    office.box.wait_for(lambda: "Undone: action done" in _text(office, office.anna.view))
    assert "A1 · send contract draft" in office.says("/po my")


def test_the_status_is_reported_from_home(office: Office) -> None:
    home_of(office)
    office.anna.clicks("Report status …", near="Alpha")
    office.anna.fills({"Overall": "red", "How it stands": "Pilot stopped"})
    assert office.anna.submits() == {}
    assert "Pilot stopped" in office.sees()[-1]
    assert shows(office, "🔴 RED")


def test_a_project_is_made_from_home(office: Office) -> None:
    home_of(office)
    office.anna.clicks("New project …")
    office.anna.fills({"Name": "Beta"})
    assert office.anna.submits() == {}
    assert shows(office, "BETA · Beta")


def test_a_long_list_at_home_leads_to_all_of_it(office: Office) -> None:
    for number in range(16):
        office.says(f"/po-action add @anna plant {number + 1}")
    home = home_of(office)
    assert home.count(" · plant ") == 15
    office.anna.clicks("All 16")
    office.box.wait_for(lambda: "Your list (16)" in _text(office, office.anna.view))


def test_my_list_is_mine_alone_and_sorted_by_date(office: Office) -> None:
    office.says("/po-action add @anna later by 11 dec")
    office.says("/po issue add owner=@anna sooner by fri")
    office.says("/po-action add @ben somebody else's")
    lines = office.says("/po my", where=office.anna.dm).splitlines()
    assert lines[0] == "Your list (2)"
    assert lines[1].startswith("ALPHA · I1 · sooner")
    assert lines[2].startswith("ALPHA · A1 · later")


def test_my_list_says_what_is_overdue(office: Office) -> None:
    office.says("/po-action add @anna send contract draft by tomorrow")
    office.passes(days=2)
    assert "Wed 25 Nov 2026 · overdue" in office.says("/po my")
    assert "Wed 25 Nov 2026 · overdue" in home_of(office)


def test_a_guest_finds_nothing_at_home(office: Office) -> None:
    office.gus.opens_home()
    view = office.box.wait_for(lambda: office.gus.home)
    assert "ALPHA" not in office.box.text_of(view)


def test_ten_actions_given_within_two_minutes_are_one_message(office: Office) -> None:
    for number in range(10):
        office.says(f"/po-action add @anna plant {number + 1} by fri", office.ben)
        office.passes(seconds=10)
    (told,) = office.told(office.anna)
    assert all(f"Ben gave you A{number + 1}" in told for number in range(10))


def test_what_comes_later_is_a_message_of_its_own(office: Office) -> None:
    office.says("/po-action add @anna water the plants", office.ben)
    office.passes(minutes=3)
    office.says("/po-action add @anna feed the cat", office.ben)
    assert len(office.told(office.anna)) == 2


def test_each_of_the_gathered_is_answered_by_itself(office: Office) -> None:
    office.says("/po-risk add owner=@anna Customs are slow", office.ben)
    office.says("/po-action add @anna feed the cat", office.ben)
    office.anna.clicks("Accept", office.told_messages(office.anna)[0])
    assert "Ben gave you R1" in office.told(office.anna)[0]
    assert "You accepted A1 · feed the cat" in office.told(office.anna)[0]
