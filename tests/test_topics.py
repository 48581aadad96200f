"""Topics: proposed by anybody, in a line, in a form, or from a message."""

import pytest

from slackbox import Answer, Message, Person
from tests.office import Office
from tests.test_agenda import agenda, below, meets
from tests.thread import Thread


@pytest.mark.both_databases
def test_a_topic_is_added_for_the_next_meeting(office: Office) -> None:
    meets(office)
    office.passes(days=1)
    answer = office.says("/po-meet topic Decide test site 15m @carla", office.ben)
    assert answer.startswith("Added for Tue 1 Dec 2026: Decide test site · 15 min · Carla")
    assert "[Edit] [Agenda] [Undo]" in answer
    assert below(agenda(office), "1 · Decide test site · 15 min · Carla") == [
        "proposed by Ben, Wed 25 Nov"
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Decide test site 15 min @carla", "Decide test site · 15 min · Carla"),
        ("@carla 15m Decide test site", "Decide test site · 10 min · Carla"),
        ("Decide test site @carla 15m", "Decide test site · 15 min · Carla"),
        ("Decide test site minutes=20 presenter=@carla", "Decide test site · 20 min · Carla"),
        ("Order 5m of cable", "Order 5m of cable · Anna"),
        ("«Order cable, 5m»", "Order cable, 5m · Anna"),
        ("Talk to @ben", "Talk to @ben · Anna"),
        ("Decide on friday", "Decide on friday · Anna"),
    ],
)
def test_a_topic_is_what_was_typed_less_its_options(office: Office, typed: str, read: str) -> None:
    meets(office)
    assert read.split(" · ")[0] in office.says(f"/po-meet topic {typed}")


def test_without_a_word_the_form_asks(office: Office) -> None:
    meets(office)
    office.types("/po-meet topic", office.ben)
    office.ben.fills({"Topic": "Decide test site", "Minutes": "25 min", "Presenter": office.carla})
    assert office.ben.submits() == {}
    assert below(agenda(office), "Decide test site · 25 min · Carla")


@pytest.mark.parametrize("line", ["topic 15m", "topic 15m @ben", "topic Talk 15m @gus"])
def test_minutes_that_were_typed_are_in_the_form(office: Office, line: str) -> None:
    meets(office)
    answer = office.types(f"/po-meet {line}")
    if office.anna.view is None:
        office.anna.clicks("Open form", answer)
    assert office.anna.view is not None
    assert "Minutes: 15" in office.box.text_of(office.anna.view)
    office.anna.fills({"Topic": "Choose a colour", "Presenter": office.carla})
    assert office.anna.submits() == {}
    assert below(agenda(office), "1 · Choose a colour · 15 min · Carla")


@pytest.mark.parametrize("label", ["Propose a topic …", "Add topic …"])
def test_a_topic_is_proposed_by_the_button_of_an_agenda(office: Office, label: str) -> None:
    meets(office)
    answer: Answer | Message = office.types("/po-meet agenda on 1 dec")
    if label.startswith("Propose"):
        office.says("/po-meet publish on 1 dec")
        office.delivered()
        answer = office.anna.reads(office.alpha)[-1]
    office.anna.clicks(label, answer)
    view = office.anna.view
    assert view is not None
    assert "2026" not in office.box.text_of(view)
    office.anna.fills({"Topic": "Choose a colour"})
    assert office.anna.submits() == {}
    assert "1 · Choose a colour · 10 min" in office.says("/po-meet agenda on 1 dec")


def test_a_message_becomes_a_topic_with_its_address(office: Office) -> None:
    meets(office)
    message = office.ben.says("Should we really use site B?", office.alpha)
    office.carla.shortcut("Add to agenda", message)
    view = office.carla.view
    assert view is not None
    assert view.title == "Add to the agenda"
    assert "Topic: Should we really use site B?" in office.box.text_of(view)
    assert office.carla.submits() == {}
    (source,) = below(agenda(office), "Should we really use site B?")
    assert source.startswith("proposed by Carla, Tue 24 Nov · from this message")


def test_with_several_meetings_one_is_chosen(office: Office) -> None:
    meets(office)
    meets(office, '"Steering" every thu 14:00-15:00 with @ben')
    answer = office.types("/po-meet topic Decide test site", office.ben)
    assert "Which meeting?" in answer.text
    office.ben.clicks("2 · Steering", answer)
    office.box.wait_for(lambda: "Added for Thu 26 Nov 2026" in answer.text)
    assert "Decide test site" in office.says("/po-meet agenda of Steering")
    assert "Decide test site" not in office.says("/po-meet agenda of 1")


def test_a_topic_may_wait_for_a_later_meeting(office: Office) -> None:
    meets(office)
    assert "Added for Tue 8 Dec 2026" in office.says(
        "/po-meet topic Decide test site day=2026-12-08"
    )
    assert "Decide test site" not in office.says("/po-meet agenda on 1 dec")
    assert "Decide test site" in office.says("/po-meet agenda on 8 dec")


def test_a_topic_is_undone(office: Office) -> None:
    meets(office)
    answer = office.types("/po-meet topic Decide test site", office.ben)
    office.ben.clicks("Undo", answer)
    assert "Decide test site" not in "\n".join(agenda(office))


def test_a_dropped_topic_comes_back_by_undo(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site", office.ben)
    answer = office.types("/po-meet item T1 drop", office.ben)
    assert "Decide test site" not in answer.text
    office.ben.clicks("Undo", answer)
    assert below(agenda(office), "Decide test site")


def read_by(office: Office, who: Person) -> bool:
    return "Salary" in office.says("/po-meet agenda", who)


def test_what_is_confidential_is_read_by_those_invited(office: Office) -> None:
    meets(office, '"Jour fixe" every tue 10:00-10:45 with @ben')
    office.says("/po-meet topic Salary of the new tester 5m confidential=yes", office.ben)
    assert read_by(office, office.anna)
    assert read_by(office, office.ben)
    assert not read_by(office, office.carla)
    assert "Confidential item · 5 min" in office.says("/po-meet agenda", office.carla)


def test_what_is_confidential_is_not_said_in_the_channel(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Salary of the new tester 5m confidential=yes", office.ben)
    office.says("/po-meet publish")
    office.says("/po-meet item T1 park")
    office.says("/po-meet item T1 back")
    told = office.sees()
    assert not any("Salary" in text for text in told)
    assert "1 · Confidential item · 5 min · Ben" in told[-1]
    office.passes(hours=1)
    office.says("/po-meet start")
    told = office.sees()
    assert any("1 · Confidential item (5 min)" in text for text in told)
    assert not any("Salary" in text for text in told)


def test_nobody_presents_who_may_not_read_the_project(office: Office) -> None:
    meets(office)
    assert "may not read" in office.says("/po-meet topic Decide test site @gus")


@pytest.mark.parametrize("title", ["*bold* _it_ `x` <b>", "<!channel> & co", "a\nb", "x" * 3000])
def test_a_title_is_shown_to_the_letter(office: Office, title: str) -> None:
    meets(office)
    answer = office.says(f"/po-meet topic {title}")
    assert answer.startswith("Added for")
    office.says("/po-meet publish")
    assert title.split("\n")[0][:200] in office.sees()[-1]


def test_forms_tell_nobody_what_is_confidential(office: Office) -> None:
    meets(office, '"Jour fixe" every tue 10:00-10:45 with @ben')
    office.says("/po-meet topic Salary of the new tester 5m confidential=yes", office.ben)
    for line in ("item T1", "turn T1 into action", "reorder", "item 1 up", "agenda file"):
        answer = office.says(f"/po-meet {line}", office.carla)
        assert "Salary" not in answer
    office.types("/po-meet turn", office.carla)
    assert office.carla.view is None
    (file,) = office.told_messages(office.carla)[-1].files
    text = (office.box.backend.workspace.files[file].content or b"").decode()
    assert "## 1. Confidential item" in text
    assert "Salary" not in text


def test_what_the_agenda_finds_by_itself_has_no_other_title(office: Office) -> None:
    meets(office)
    office.says("/po-risk add Supplier has no capacity p4 i5 @ben")
    office.types("/po-meet item risks")
    office.anna.fills({"Title": "Fears"})
    told = office.anna.submits()
    assert told == {"Title": "Only a topic has a title of its own, or is confidential."}


@pytest.fixture
def daily(office: Office) -> Office:
    """A daily at 10:00; on Wednesday at noon Ben proposes a topic for Thursday's."""
    office.ticks()
    meets(office, '"Daily" every day 10:00-10:45 with @ben @carla')
    for day, hour in ((24, 12), (25, 9), (25, 12)):
        office.waits_until(day, hour)
    told = office.says("/po-meet topic Decide test site 15m @carla", office.ben)
    assert told.startswith("Added for Thu 26 Nov 2026")
    return office


@pytest.mark.both_databases
def test_the_agenda_of_a_later_meeting_leaves_the_nearer_one_its_topics(daily: Office) -> None:
    daily.waits_until(26, 9)
    assert below(agenda(daily), "1 · Decide test site · 15 min · Carla")
    cards = [text for text in daily.sees() if "of 45 minutes" in text]
    assert ["Decide test site" in text for text in cards[-2:]] == [True, False]
    daily.waits_until(26, 10)
    assert "First: 1 · Decide test site" in daily.says("/po-meet start")


def test_a_topic_of_a_meeting_nobody_held_comes_to_the_next_one(daily: Office) -> None:
    daily.waits_until(26, 9)
    daily.waits_until(26, 10, 44)
    assert "Decide test site" not in daily.says("/po-meet agenda on 27 nov")
    daily.waits_until(26, 10, 45)
    assert "Decide test site" in daily.says("/po-meet agenda on 27 nov")


def test_arranging_next_week_leaves_this_week_its_topics(office: Office) -> None:
    meets(office)
    office.says("/po-meet topic Decide test site")
    office.says("/po-meet topic Choose a colour day=2026-12-01")
    office.says("/po-meet publish")
    assert "There is no item T1 on the agenda" in office.says("/po-meet item T1 up on 1 dec")
    office.says("/po-meet item T2 up on 1 dec")
    assert below(agenda(office), "1 · Decide test site")
    assert "Choose a colour" in office.says("/po-meet agenda on 1 dec")


def test_a_published_agenda_shows_what_the_meeting_before_it_has_left(daily: Office) -> None:
    daily.says("/po-meet topic Choose a colour")
    for hour in (9, 10):
        daily.waits_until(26, hour)
    Thread(daily, "").write("N: we begin")
    assert "Choose a colour" not in friday(daily)
    daily.says("/po-meet close")
    assert "Choose a colour · 10 min · Anna" in friday(daily)
    assert "Decide test site" not in friday(daily)
    daily.says("/po-meet drop")
    assert "Choose a colour" not in friday(daily)


def friday(office: Office) -> str:
    """The agenda of Friday as the channel has it."""
    return next(told for told in office.sees() if told.startswith("Daily, Fri 27 Nov 2026"))
